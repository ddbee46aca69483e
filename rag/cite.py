"""Markers: found in a draft, checked against the passages, turned into citations."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from index.chunk import split_sentences
from index.language import detect_language
from index.text import ZWNJ, fold, grams, stems, words
from rag.common_words import is_function_word, is_light_word
from rag.glossary import load_glossary
from rag.kinds import is_number
from rag.types import Citation, Evidence, Passage, citation

_MARKER = re.compile(r"[\[［【]\s*(\d{1,3}(?:\s*[,،;]\s*\d{1,3})*)\s*[\]］】]")
# A sentence ends behind a full stop or at a line break; markers that follow belong to it. No boundary is seen before the first
# letter of the next sentence has come, so that it never moves while a draft is still being written.
_BOUNDARY = re.compile(
    r"(?:(?<!\b\w)(?<!\b[MD]r)(?<!\bMrs)(?<!\bMs)[.!?؟۔…][»”\"')]*|(?<=\S)(?=\s*\n))"
    r"(?:\s*[\[［【][\d\s,،;]*[\]］】]\.?)*\s+(?=[^\s\[［【])"
)
# Folded. Persian negates in the verb: نمی‌شود, نیست, نکرد.
_NEGATION = re.compile(
    r"(?:no|not|never|none|nor|nobody|nothing|without|neither|cannot|\w+n't|[وف]?(?:لا|لم|لن|ليس\w*|غير|دون|بدون|بلا)|"
    r"نه|نمي\w*|نيست\w*|نبود\w*|نشد\w*|نكرد\w*|نداد\w*|ندار\w*|نخواه\w*|نتوان\w*|هيج|بي|بدون)"
)
# Folded. Words that make another sentence of the same words; the clitics before them do not count.
_TURNING = re.compile(
    r"[وفبل]?(before|after|until|unless|if|less|more|fewer|least|most|over|under|above|below|deny|denies|denied|reject\w*|"
    r"قبل|بعد|حتي|اذا|لو|اقل|اكثر|فوق|تحت|نفي|نفت|ينفي|تنفي|رفض\w*|كذب|بيش|بس|اكر|كمتر|بيشتر|تكذيب|رد)"
)
# What part of a sentence's words may be common words that its source has not.
_LIGHTLY_REWORDED = 0.25


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A sentence of a draft without its markers, and the evidence that supports it."""

    text: str
    evidence: tuple[Evidence, ...]


def complete_sentences(pieces: Iterable[str]) -> Iterator[str]:
    """Yield a draft sentence by sentence as it is written, each with the markers behind it.

    A sentence is complete when the next one has begun with a letter, so that no marker is cut off.
    """
    draft = ""
    for piece in pieces:
        draft += piece
        *whole, draft = _sentences(draft)
        yield from whole
    if draft.strip():
        yield draft.strip()


def _sentences(draft: str) -> list[str]:
    """Split a draft at its boundaries; the last part may still grow and keeps its spaces."""
    parts: list[str] = []
    start = 0
    for match in _BOUNDARY.finditer(draft):
        if draft[start : match.end()].strip():
            parts.append(draft[start : match.end()].strip())
        start = match.end()
    return [*parts, draft[start:]]


def check_sentence(sentence: str, passages: Sequence[Passage]) -> CheckedSentence | None:
    """Return a draft's sentence with its evidence, or None unless its markers name passages and those support it."""
    numbers = [int(number) for group in _MARKER.findall(sentence) for number in re.findall(r"\d+", fold(group))]
    text = " ".join(_MARKER.sub(" ", sentence).split())
    text = re.sub(r"\s+([.,!?؟،])", r"\1", text).strip()
    if not numbers or not words(text) or any(not 1 <= number <= len(passages) for number in numbers):
        return None
    cited = [passages[number - 1] for number in dict.fromkeys(numbers)]
    supporting = [evidence for evidence in (supporting_sentence(text, passage) for passage in cited) if evidence]
    return CheckedSentence(text, tuple(supporting)) if supporting else None


def supporting_sentence(text: str, passage: Passage) -> Evidence | None:
    """Return the sentence of a passage that says what `text` says, or None.

    That one sentence must hold every content word of `text` but the lightest, its names and numbers in the same order, and the
    same words that turn a sentence round (not, if, before, denied). So a draft may leave out and reorder, and little more: a
    rewording that is true is given up for the quote, because here it cannot be told from one that is false.
    """
    best: Evidence | None = None
    offset = passage.chunk.start
    for span in split_sentences(passage.chunk.text, passage.chunk.language):
        sentence = passage.chunk.text[span.start : span.end]
        share = _share(text, sentence)
        if share > (best.score if best else 0.0):
            best = Evidence(passage, offset + span.start, offset + span.end, share)
    return best


def _share(text: str, sentence: str) -> float:
    """Return the share of the words of `text` that a sentence holds; 0 where it does not support it."""
    wanted = [word for word in words(text) if not is_function_word(word)]
    held = {gram for word in words(sentence) for stem in stems(word) for gram in grams(stem)}
    missing = [word for word in wanted if not any(held.issuperset(grams(stem)) for stem in stems(word))]
    supported = (
        wanted
        and all(is_light_word(word) and not is_number(word) for word in missing)
        and len(missing) <= _LIGHTLY_REWORDED * len(wanted)
        and _numbers(text) <= _numbers(sentence)
        and _turning_words(text) == _turning_words(sentence)
        and _stand_in_order(_anchors(text), words(sentence))
    )
    return 1.0 - len(missing) / len(wanted) if supported else 0.0


def _numbers(text: str) -> set[str]:
    return set(re.findall(r"\d+(?:[.,]\d+)*", fold(text)))


def _turning_words(text: str) -> Counter[str]:
    """Count the words that turn a sentence into another: all negations as one, each of the others by itself."""
    found: Counter[str] = Counter()
    for word in re.findall(r"[\w']+", fold(text.replace("’", "'")).replace(ZWNJ, " ")):
        if _NEGATION.fullmatch(word):
            found["not"] += 1
        elif turning := _TURNING.fullmatch(word):
            found[turning[1]] += 1
    return found


def _anchors(text: str) -> list[str]:
    """Return the names and numbers of a text in their order: what must not change places."""
    found = words(text)
    named = {
        position
        for match in load_glossary().find(found, detect_language(text))
        if match.entries[0].is_name
        for position in range(match.start, match.end)
    }
    capitals = {fold(word) for word in re.findall(r"\b[A-Z]\w+", text)}
    return [
        word
        for position, word in enumerate(found)
        if is_number(word) or position in named or (word in capitals and not is_function_word(word))
    ]


def _stand_in_order(anchors: Sequence[str], sentence: Sequence[str]) -> bool:
    rest = iter(sentence)
    return all(any(not set(stems(word)).isdisjoint(stems(anchor)) for word in rest) for anchor in anchors)


class CitationList:
    """Numbers the evidence of an answer from 1 in the order of first use; a sentence cited twice keeps its number."""

    def __init__(self) -> None:
        """Start without citations."""
        self._numbers: dict[tuple[str, int, int], int] = {}
        self._citations: list[Citation] = []

    def marker(self, evidence: Sequence[Evidence]) -> str:
        """Return the markers of some evidence, such as `[1][3]`."""
        return "".join(f"[{number}]" for number in dict.fromkeys(map(self._number, evidence)))

    def _number(self, evidence: Evidence) -> int:
        key = (evidence.passage.article.article_id, evidence.start, evidence.end)
        if key not in self._numbers:
            self._numbers[key] = len(self._citations) + 1
            self._citations.append(citation(self._numbers[key], evidence))
        return self._numbers[key]

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The citations so far, in the order of their numbers."""
        return tuple(self._citations)
