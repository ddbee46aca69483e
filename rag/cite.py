"""Markers: found in a draft, checked against the passages, turned into citations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from index.chunk import split_sentences
from index.text import fold, grams, stems, words
from rag.common_words import is_function_word
from rag.types import Citation, Evidence, Passage, citation

_MARKER = re.compile(r"[\[［【]\s*(\d{1,3}(?:\s*[,،;]\s*\d{1,3})*)\s*[\]］】]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"(?<=[\w,;:'’\"“(] )\b[A-Z][a-z]{2,}\w*")
_SUPPORT = 0.75
# Folded. Persian negates in the verb: نمی‌شود, نیست, نکرد.
_NEGATION = re.compile(
    r"(?:no|not|never|none|nor|nobody|nothing|without|neither|cannot|\w+n't|[وف]?(?:لا|لم|لن|ليس\w*|غير|دون|بدون|بلا)|"
    r"نه|نمي\w*|نيست\w*|نبود\w*|نشد\w*|نكرد\w*|نداد\w*|ندار\w*|نخواه\w*|نتوان\w*|هيج|بي|بدون)"
)


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
    """Split a draft behind full stops; markers after a full stop belong to the sentence before it."""
    parts: list[str] = []
    start = 0
    for match in re.finditer(r"[.!?؟۔…][»”\"')]*(?:\s*[\[［【][\d\s,،;]*[\]］】]\.?)*\s+(?=[^\s\[［【])|\n+", draft):
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

    Every number and every name of `text` must stand in the passage, the sentence must hold three quarters of its content
    words, and both must negate as often: a draft that drops a "no" is the worst of all.
    """
    around = f"{passage.article.title} {passage.chunk.text}"
    if not set(_NUMBER.findall(fold(text))) <= set(_NUMBER.findall(fold(around))):
        return None
    if not {fold(name) for name in _NAME.findall(text)} <= set(words(around)):
        return None
    wanted = [word for word in words(text) if not is_function_word(word)]
    best: Evidence | None = None
    offset = passage.chunk.start
    for span in split_sentences(passage.chunk.text, passage.chunk.language):
        sentence = passage.chunk.text[span.start : span.end]
        share = _share(wanted, sentence) if _negations(sentence) == _negations(text) else 0.0
        if share >= _SUPPORT and (best is None or share > best.score):
            best = Evidence(passage, offset + span.start, offset + span.end, share)
    return best


def _negations(text: str) -> int:
    return sum(_NEGATION.fullmatch(word) is not None for word in re.findall(r"[\w']+", fold(text.replace("’", "'"))))


def _share(wanted: Sequence[str], sentence: str) -> float:
    if not wanted:
        return 0.0
    held = {gram for word in words(sentence) for stem in stems(word) for gram in grams(stem)}
    return sum(any(held.issuperset(grams(stem)) for stem in stems(word)) for word in wanted) / len(wanted)


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
