"""Text -> the token ids of multilingual-e5-small, each with the place in the text that it came from.

The vocabulary is read from the package's file into a dictionary, in a quarter of the time and memory that the `tokenizers`
library takes to build its trie of 250,002 pieces (docs/decisions.md): a question must not wait for that. A test holds both to
the same ids.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from index.e5.weights import Vocabulary

_META = "▁"
# SentencePiece's score of a character that no piece holds, below that of the least likely piece.
_UNKNOWN_PENALTY = 10.0
_SURROGATES = {code: "\ufffd" for code in range(0xD800, 0xE000)}
_REMEMBERED_WORDS = 100_000


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a text: its id, and the span of the text that it stands for, in characters."""

    id: int
    start: int
    end: int


class UnigramTokenizer:
    """SentencePiece's unigram tokenizer: of all ways to cut a word into pieces, the one of the highest probability.

    Kudo, Subword Regularization (ACL 2018). A piece never crosses a space, so that words are cut one by one and remembered.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Take over a vocabulary."""
        self.special = vocabulary.special
        self._pieces = vocabulary.pieces
        self._scores = vocabulary.scores
        self._longest = vocabulary.longest
        self._replacements = {**vocabulary.replacements, **_SURROGATES}
        self._unknown_score = vocabulary.lowest - _UNKNOWN_PENALTY
        self._cut_word = lru_cache(maxsize=_REMEMBERED_WORDS)(self._cut)

    def ids(self, text: str) -> list[int]:
        """Return the token ids of a text, without special tokens."""
        words = f" {text}".translate(self._replacements).split(" ")
        return [piece for word in filter(None, words) for piece, _ in self._cut_word(_META + word)]

    def tokens(self, text: str) -> list[Token]:
        """Return the tokens of a text, without special tokens, each with its span in `text`."""
        found: list[Token] = []
        for word, places in self._placed_words(text):
            start = 0
            for piece, end in self._cut_word(_META + word):
                # The first character of a cut word is the mark of its beginning, which stands for nothing in the text.
                first, last = max(start - 1, 0), max(end - 1, 0)
                if last > first:
                    found.append(Token(piece, places[first], places[last - 1] + 1))
                else:
                    found.append(Token(piece, places[0], places[0]))
                start = end
        return found

    def _placed_words(self, text: str) -> Iterator[tuple[str, list[int]]]:
        """Yield the words of the text after its replacements, with the offset in `text` of each of their characters."""
        word: list[str] = []
        places: list[int] = []
        for place, character in enumerate(f"{text} "):
            for part in self._replacements.get(ord(character), character):
                if part != " ":
                    word.append(part)
                    places.append(place)
                elif word:
                    yield "".join(word), places
                    word, places = [], []

    def _cut(self, word: str) -> tuple[tuple[int, int], ...]:
        """Return (token id, end) of the pieces of a word, by Viterbi's algorithm."""
        best = [0.0] + [float("-inf")] * len(word)
        came: list[tuple[int, int]] = [(0, 0)] * (len(word) + 1)
        for start in range(len(word)):
            if best[start + 1] < best[start] + self._unknown_score:
                best[start + 1] = best[start] + self._unknown_score
                came[start + 1] = (self.special.unknown, start)
            for end in range(start + 1, min(start + self._longest, len(word)) + 1):
                piece = self._pieces.get(word[start:end])
                if piece is not None and (score := best[start] + self._scores[piece]) > best[end]:
                    best[end], came[end] = score, (piece, start)
        return self._fused(came)

    def _fused(self, came: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
        """Return (token id, end) along the best way; unknown characters in a row are one token."""
        backwards: list[tuple[int, int]] = []
        end = len(came) - 1
        while end > 0:
            piece, start = came[end]
            if not (backwards and piece == self.special.unknown == backwards[-1][0]):
                backwards.append((piece, end))
            end = start
        return tuple(reversed(backwards))
