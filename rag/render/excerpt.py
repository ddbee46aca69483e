"""An excerpt of an article to be rendered in another language, and the pieces that have been."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from index.text import fold
from index.types import Language
from rag.text.amount import Token, tokens_of
from rag.text.certain_number import Number, certain_numbers
from rag.text.glossary import Glossary


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A text in one language to be said in another: its tokens, the last an empty one at its end, and its certain numbers."""

    text: str
    language: Language
    into: Language
    glossary: Glossary
    tokens: Sequence[Token]
    numbers: Mapping[int, Number]

    def of(self, tokens: Sequence[Token]) -> Excerpt:
        """Return the excerpt with other tokens: some of its own, or one of them without a letter that is another word."""
        return replace(self, tokens=tokens, numbers=certain_numbers(tokens[:-1]))

    def gap(self, at: int) -> str:
        """Return what stands before a token; nothing behind the last."""
        return self.tokens[at].gap.strip() if at < len(self.tokens) else ""

    def word(self, at: int) -> str:
        """Return a folded word; nothing behind the last."""
        return self.tokens[at].text if at < len(self.tokens) else ""


def excerpt(text: str, language: Language, into: Language, glossary: Glossary) -> Excerpt:
    """Return a text as an excerpt to be said in another language."""
    tokens = tokens_of(text)
    end = tokens[-1].end if tokens else 0
    tokens.append(Token("", len(text), len(text), fold(text[end:])))
    return Excerpt(text, language, into, glossary, tokens, certain_numbers(tokens[:-1]))


@dataclass(frozen=True, slots=True)
class Rendered:
    """A piece of an excerpt in the other language: the token behind it, what kind of thing it says, how many signs it took.

    The kind is a noun's (time, length, money …), `percent`, a kind of place, `person`, `office`, `body`, or nothing.
    """

    written: str
    last: int
    kind: str
    signs: int = 0


