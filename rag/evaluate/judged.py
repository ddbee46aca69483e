"""Judgements of readers -> lines of fixed questions: what was right is asked again, what was wrong waits to be completed."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from index.text import squash
from rag.conversation.feedback import VERDICTS, Judgement, filter_json
from rag.evaluate.fixed_question import FixedQuestion
from rag.types import Answer, Citation, ShortAnswer

KIND = "judged"
# Characters of an answer that a line quotes for whoever completes it.
_SHOWN = 400
# What ends a line for Python and none in JSON.
_LINE_ENDS = re.compile("[\x85\u2028\u2029]")
_WORDS = {"right": "right", "wrong": "wrong", "wrong_source": "a wrong source"}


def lines_of_judgements(judgements: Sequence[Judgement]) -> list[dict[str, Any]]:
    """Return a line for each question that was judged: of several judgements of one question, one."""
    same: dict[str, list[Judgement]] = {}
    for judgement in judgements:
        asked = json.dumps([judgement.question, judgement.history, filter_json(judgement.within)])
        same.setdefault(asked, []).append(judgement)
    return [_line(sorted(group, key=lambda each: -each.judged)) for group in same.values()]


def written_line(line: dict[str, Any]) -> str:
    """Return a line as it is written into a file: nothing in it ends it."""
    return _LINE_ENDS.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(line, ensure_ascii=False))


def questions_of(judgements: Sequence[Judgement]) -> list[FixedQuestion]:
    """Return the fixed questions that judgements make and that can be asked."""
    found = (FixedQuestion.model_validate_json(written_line(line)) for line in lines_of_judgements(judgements))
    return [question for question in found if not question.unfinished]


def _line(same: Sequence[Judgement]) -> dict[str, Any]:
    """Return the line of the judgements of one question, the latest first."""
    latest = same[0]
    verdicts = Counter(each.verdict for each in same)
    expected = _expected(latest.answer) if set(verdicts) == {"right"} else {}
    notes = list(dict.fromkeys(each.note for each in same if each.note))
    rest = expected or {"unfinished": True, **_to_complete(latest)}
    comment = [_counted(verdicts), *notes, *([] if expected else [_what_is_missing(latest.answer, verdicts)])]
    asked = {
        "id": f"{KIND}-{latest.turn_id}", "language": latest.answer.language, "kind": KIND, "question": latest.question,
        "history": list(latest.history), "filter": filter_json(latest.within),
    }  # fmt: skip
    made = {
        "day": datetime.fromtimestamp(latest.judged, UTC).date().isoformat(), "khabar": latest.khabar,
        "models": latest.answer.models, "revision": latest.revision, "sources": list(latest.source_languages),
        "page": latest.page_language,
    }  # fmt: skip
    return {name: value for name, value in asked.items() if value} | rest | {"comment": "; ".join(comment), "made": made}


def _expected(answer: Answer) -> dict[str, Any]:
    """Return what a right answer is known by: {} where its form cannot be checked."""
    if answer.abstained:
        return {"abstain": True}
    short = list(_each(answer.direct))
    numbers = {one.citation for one in short} or {item.number for item in answer.citations}
    cited = [item for item in answer.citations if item.number in numbers]
    if not cited:
        return {}
    phrases = [one.text for one in short] or [_phrase(item) for item in cited]
    directly = [text for one in short[:1] for text in (one.text, one.rendered or "")]
    differing = {"differ": True, "values": _told(answer.disagreements[0].values)} if answer.disagreements else {}
    wanted = {"articles": _paths(cited), "any": _told(phrases), "direct": _told(directly)} | differing
    return {name: value for name, value in wanted.items() if value} | {"abstain": False}


def _to_complete(judgement: Judgement) -> dict[str, Any]:
    """Return what was shown, for whoever says what should have been."""
    answer = judgement.answer
    shown = {
        "never": _told([one.text for one in _each(answer.direct)]) if judgement.verdict == "wrong" else [],
        "cited": _paths(answer.citations), "answered": answer.answer[:_SHOWN],
    }  # fmt: skip
    return {name: value for name, value in shown.items() if value}


def _counted(verdicts: Counter[Any]) -> str:
    told = (f"{_WORDS[each]} ({verdicts[each]})" for each in VERDICTS if verdicts[each])
    return f"readers said: {', '.join(told)}"


def _what_is_missing(answer: Answer, verdicts: Counter[Any]) -> str:
    """Return what a maintainer is to do with a line that cannot be asked yet."""
    if len(verdicts) > 1:
        todo = "find out who is right"
    elif "right" in verdicts:
        todo = "right, but it cites nothing that could be checked"
    elif answer.abstained:
        todo = "Khabar abstained: name the article that answers, and its words"
    elif "wrong_source" in verdicts:
        todo = "name the articles that should be cited"
    else:
        todo = "say what a right answer holds"
    return f'{todo}; complete "articles" and "any" (or "abstain": true), then take "unfinished" out'


def _each(direct: ShortAnswer | None) -> Iterator[ShortAnswer]:
    if direct:
        yield direct
        for other in direct.others:
            yield from _each(other)


def _phrase(item: Citation) -> str:
    start, end = item.phrase or (item.start, item.start)
    return item.quote[start - item.start : end - item.start]


def _paths(citations: Sequence[Citation]) -> list[str]:
    return list(dict.fromkeys(source.path for item in citations for source in (item, *item.also)))


def _told(texts: Sequence[str]) -> list[str]:
    """Return the texts that say something, each once: one without a letter or digit is in every answer."""
    return [text for text in dict.fromkeys(texts) if squash(text)]
