"""Article -> chunks on sentence borders, with character offsets into the article's text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import sentencex

from index.text import words
from index.types import Article, Language

# A border that the splitter draws inside 3.5 or after the initial of "د. أحمد" is none.
_INSIDE_NUMBER = re.compile(r"\d[.,٫٬]\s*\Z")
_AFTER_INITIAL = re.compile(r"(?:\A|[\s(«\"])[^\W\d_]\.\s*\Z")
# Characters; a longer sentence is a page without full stops, and is cut.
_LONGEST_SENTENCE = 1_200
# How far a border is looked at from behind; more would make a long line of "1. 2. 3. ..." take for ever.
_BORDER_REACH = 40


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of an article's text: `text[start:end]`."""

    start: int
    end: int


def split_sentences(text: str, language: Language) -> list[Span]:
    """Return the sentences of a text without the white space around them; a line break always ends a sentence."""
    found: list[Span] = []
    offset = 0
    for line in text.split("\n"):
        found.extend(_trimmed(text, offset + start, offset + end) for start, end in _line_borders(line, language))
        offset += len(line) + 1
    return [piece for span in found if span.end > span.start for piece in _pieces(text, span)]


def chunk_spans(article: Article, size: int, overlap: int) -> list[Span]:
    """Return the spans of an article's chunks: whole sentences, about `size` words each, `overlap` words shared.

    A chunk ends with the sentence that fills it; the next one begins with as many of its last sentences as fit into
    `overlap` words.
    """
    spans = split_sentences(article.text, article.language)
    sentences = [(span, len(words(article.text[span.start : span.end]))) for span in spans]
    chunks: list[Span] = []
    current: list[tuple[Span, int]] = []
    for sentence in sentences:
        filled = sum(count for _, count in current)
        if current and filled + sentence[1] / 2 > size:
            chunks.append(Span(current[0][0].start, current[-1][0].end))
            current = list(_last_sentences(current, overlap))
        current.append(sentence)
    if current:
        chunks.append(Span(current[0][0].start, current[-1][0].end))
    return chunks


def _last_sentences(sentences: list[tuple[Span, int]], overlap: int) -> Iterator[tuple[Span, int]]:
    kept = 0
    first = len(sentences)
    while first > 1 and kept + sentences[first - 1][1] <= overlap:
        first -= 1
        kept += sentences[first][1]
    yield from sentences[first:]


def _line_borders(line: str, language: Language) -> list[tuple[int, int]]:
    borders: list[tuple[int, int]] = []
    start = 0
    # The splitter panics at a lone surrogate, and at white space of another kind between an initial and its full stop.
    last = len(line.rstrip())
    tame = re.sub(r"\s", " ", line.encode("utf-8", "replace").decode())
    for sentence in sentencex.get_sentence_boundaries(language, tame):
        end = int(sentence["end_index"])
        before = line[max(start, end - _BORDER_REACH) : end]
        unfinished = (_INSIDE_NUMBER.search(before) and line[end : end + 1].isdecimal()) or _AFTER_INITIAL.search(before)
        if unfinished and end < last:
            continue
        borders.append((start, end))
        start = end
    if start < len(line):
        borders.append((start, len(line)))
    return borders


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _pieces(text: str, span: Span) -> Iterator[Span]:
    """Yield an overlong sentence (a page without full stops) in pieces that end at a comma or a space."""
    start = span.start
    while span.end - start > _LONGEST_SENTENCE:
        window = text[start : start + _LONGEST_SENTENCE]
        cut = max(window.rfind("، "), window.rfind(", "), window.rfind("؛ ")) + 1
        if cut < _LONGEST_SENTENCE // 2:
            cut = window.rfind(" ")
        if cut <= 0:
            cut = _LONGEST_SENTENCE
        yield _trimmed(text, start, start + cut)
        start += cut
    rest = _trimmed(text, start, span.end)
    if rest.end > rest.start:
        yield rest
