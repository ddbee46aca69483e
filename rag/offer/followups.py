"""Questions under an answer: other facts of what it cites, and of whom it speaks, each known to be answered."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from index.entities.store import EntityStore
from index.entities.types import EntityKind
from index.text import spaced
from index.types import EVERYTHING, Article, Filter, Language
from rag.archive import Archive
from rag.ask.kind import kind_of
from rag.entities.extraction import GlossaryNames
from rag.offer import tuning
from rag.offer.asked import is_answered
from rag.offer.candidates import candidates_of, remarks_of
from rag.offer.frames import is_adjective, name_in
from rag.offer.sentence import Name, Sentence
from rag.offer.types import Candidate
from rag.phrases import say
from rag.text.glossary import Glossary
from rag.text.match import content_stems
from rag.types import Answer


def followups(
    answer: Answer,
    archive: Archive,
    reader: GlossaryNames,
    glossary: Glossary,
    earlier: Sequence[str] = (),
    within: Filter = EVERYTHING,
    go_on: Callable[[], bool] = lambda: True,
) -> tuple[str, ...]:
    """Return two or three questions that stand alone and are answered, in the language of an answer; none where none is found.

    `earlier` are the questions of the conversation, none of which is offered again, and `within` is the filter of the answer;
    `go_on` ends the search by returning False.
    """
    if not answer.citations:
        return ()
    # Asked as it will be asked; but a model that completes follow-ups takes too long for a question that nobody has asked.
    history = () if archive.answerer.completes_by_model else (*earlier, answer.question)
    until = time.monotonic() + tuning.FOLLOWUP_SECONDS
    asked = [_Asked(text) for text in (*earlier, answer.question)]
    found: list[str] = []
    tried = 0
    for candidate in _candidates(answer, archive, reader, glossary):
        if len(found) >= tuning.FOLLOWUPS or tried >= tuning.FOLLOWUPS_TRIED or time.monotonic() > until or not go_on():
            break
        new = _Asked(candidate.question)
        if any(map(new.is_like, asked)):
            continue
        tried += 1
        if is_answered(archive.answerer, candidate, history, within):
            found.append(candidate.question)
            asked.append(new)
    return tuple(found) if len(found) >= tuning.FEWEST_FOLLOWUPS else ()


class _Asked:
    """A question that was asked, as others are compared with it."""

    def __init__(self, text: str) -> None:
        self._kind = kind_of(text)
        self._stems = content_stems(text)

    def is_like(self, other: _Asked) -> bool:
        """Tell whether two questions ask nearly the same: for the same kind of thing, most words of one in the other."""
        shared = len(self._stems & other._stems)
        return self._kind == other._kind and shared > tuning.SAME_QUESTION * min(len(self._stems), len(other._stems))


def _candidates(answer: Answer, archive: Archive, reader: GlossaryNames, glossary: Glossary) -> Iterator[Candidate]:
    """Yield what may be asked next: of the cited articles, of others on whom they name, and what else there is on those."""
    cited = list(dict.fromkeys(item.article_id for item in answer.citations))
    articles = [article for article_id in cited[: tuning.CITED_READ] if (article := archive.article(article_id))]
    own = [_made_of(article, answer, reader, glossary) for article in articles]
    yield from (candidate for made in own for candidate in made)
    for article in articles:
        said = remarks_of(article, reader, glossary, answer.language)
        yield from (candidate for candidate in said if not _is_shown(candidate, answer))
    yield from _about_the_same(answer, archive, reader, glossary)
    yield from _more_about(answer, archive, reader, glossary)


def _made_of(article: Article, answer: Answer, reader: GlossaryNames, glossary: Glossary) -> list[Candidate]:
    """Return the questions made of an article in an answer's language that its quotes leave open, kinds in turn."""
    language: Language = answer.language
    candidates = [each for each in candidates_of(article, reader, glossary) if each.language == language]
    fresh = [each for each in candidates if not _is_shown(each, answer)]
    seen: dict[str, int] = {}
    ranked: list[tuple[int, Candidate]] = []
    for candidate in fresh:
        seen[candidate.kind] = seen.get(candidate.kind, 0) + 1
        ranked.append((seen[candidate.kind], candidate))
    return [candidate for _, candidate in sorted(ranked, key=lambda each: each[0])]


def _is_shown(candidate: Candidate, answer: Answer) -> bool:
    """Tell whether what would answer already stands in a quote."""
    return any(
        item.article_id == candidate.article.article_id and item.start < candidate.end and candidate.start < item.end
        for item in answer.citations
    )


def _more_about(answer: Answer, archive: Archive, reader: GlossaryNames, glossary: Glossary) -> Iterator[Candidate]:
    """Yield the questions what else is told of whom the quotes name, where another article names them."""
    cited = {item.article_id for item in answer.citations}
    for name, sentence in _named(answer, archive, reader):
        topic = name_in(name, answer.language, glossary, sentence)
        if topic and _naming(name.kind, name.key, archive) - cited:
            question = say("offer_more_about", answer.language, topic=topic)
            yield Candidate(question, answer.language, "news", sentence.article, 0, len(sentence.article.text))


def _naming(kind: EntityKind, key: str, archive: Archive) -> set[str]:
    """Return the ids of the articles that name something."""
    store = EntityStore(archive.catalog)
    return {found for entity in store.of_keys([(kind, key)])[:1] for found in store.article_ids(entity)}


def _about_the_same(answer: Answer, archive: Archive, reader: GlossaryNames, glossary: Glossary) -> Iterator[Candidate]:
    """Yield the questions that name whom the quotes name, made of other articles, the newest first."""
    cited = {item.article_id for item in answer.citations}
    for name, sentence in islice(_named(answer, archive, reader), tuning.NAMES_FOLLOWED):
        written = name_in(name, answer.language, glossary, sentence)
        others = _naming(name.kind, name.key, archive) - cited if written else ()
        newest = sorted(archive.catalog.entries_of(sorted(others)).values(), key=lambda each: each.day or "", reverse=True)
        found = (archive.article(each.article_id) for each in newest[: tuning.RELATED_READ])
        for article in filter(None, found):
            for candidate in _made_of(article, answer, reader, glossary):
                if written and spaced(written.split()[-1]) in spaced(candidate.question):
                    yield candidate


def _named(answer: Answer, archive: Archive, reader: GlossaryNames) -> Iterator[tuple[Name, Sentence]]:
    """Yield the names in the quotes of an answer, each once, people and bodies before places."""
    found: dict[str, tuple[Name, Sentence]] = {}
    for item in answer.citations:
        if article := archive.article(item.article_id):
            sentence = Sentence(article, item.start, article.text[item.start : item.end], reader)
            for name in (each for each in sentence.names if not is_adjective(each, article.language)):
                found.setdefault(name.key, (name, sentence))
    yield from sorted(found.values(), key=lambda each: each[0].kind == "place")
