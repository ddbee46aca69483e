"""The types of the names in an article, and the protocol of what reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, get_args

from index.types import Article

EntityKind = Literal["person", "place", "organisation"]
KINDS: tuple[EntityKind, ...] = get_args(EntityKind)


@dataclass(frozen=True, slots=True)
class Mention:
    """A name as one article writes it: `key` is the same for all spellings of one thing, `start` is where it stands first.

    `sounds` are the consonants by which a name that no glossary has is met in another script; () where it has too few.
    """

    kind: EntityKind
    key: str
    name: str
    start: int
    count: int
    sounds: tuple[str, ...] = ()


class NameReader(Protocol):
    """Reads the names of an article. Articles are read again where `made_with` is another than before."""

    @property
    def made_with(self) -> str:
        """What tells this reader and its lists from others."""

    def mentions(self, article: Article) -> Sequence[Mention]:
        """Return the names in an article's title and text, each spelling once, in the order in which they first stand there."""
