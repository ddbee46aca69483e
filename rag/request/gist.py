"""The key sentences of an article: its first, and those that say most of what the whole speaks of, in the article's order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from index.chunk import Span, split_sentences
from index.text import squash, words
from index.types import Article
from rag.ask.term import Term
from rag.quote.topic import word_forms
from rag.text.instruction import is_instruction
from rag.text.match import content_stems

# Shorter ones are headings, places of origin and lines of authors.
_SHORTEST = 4
_SHORT_CONTENT = 12
_FEW, _SOME, _MANY = 8, 15, 5
_TITLE, _TOPIC, _FIRST = 1.5, 2.0, 3.0
_ENDS = tuple(".!?؟…»”\")")


def key_sentences(article: Article, topic: Sequence[Term] = (), most: int | None = None) -> list[Span]:
    """Return three to five sentences of an article (or `most`), fewer where it has fewer; never orders to a model."""
    spans = _whole_sentences(article)
    if most is None:
        most = 3 if len(spans) <= _FEW else 4 if len(spans) <= _SOME else _MANY
    contents = [content_stems(article.text[span.start : span.end]) for span in spans]
    frequent = Counter(stem for content in contents for stem in content)
    title = content_stems(article.title)

    def weight(place: int) -> float:
        content = contents[place]
        text = article.text[spans[place].start : spans[place].end]
        told = sum(frequent[stem] for stem in content) / max(len(content), _SHORT_CONTENT)
        met = sum(word_forms(text, article.language).meets(term) for term in topic) / (len(topic) or 1)
        first = _FIRST if place == 0 and not topic else 0.0
        return told + _TITLE * len(content & title) / (len(title) or 1) + _TOPIC * met + first

    best = sorted(range(len(spans)), key=lambda place: (-weight(place), place))[:most]
    return [spans[place] for place in sorted(best)]


def _whole_sentences(article: Article) -> list[Span]:
    """Return the sentences that tell something: no heading, no repeated title, no order to a model."""
    title = squash(article.title)
    found: list[Span] = []
    for span in split_sentences(article.text, article.language):
        text = article.text[span.start : span.end]
        if len(words(text)) < _SHORTEST or not text.endswith(_ENDS) or squash(text) == title or is_instruction(text):
            continue
        found.append(span)
    return found
