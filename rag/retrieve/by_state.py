"""What is made of an index and kept for as long as the index is as it was: one thing for each open index."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary, proxy

from index.generation import Generation
from index.stores import LexicalStore

Kept = TypeVar("Kept")


class ByState(Generic[Kept]):
    """Makes what is kept for the state of an index at the first use of that state, and drops what was kept for another."""

    def __init__(self, make: Callable[[LexicalStore], Kept]) -> None:
        """Keep how it is made; what is made holds the index by a proxy, or the index would be kept for ever."""
        self._make = make
        self._known: WeakKeyDictionary[LexicalStore, tuple[Generation, Kept]] = WeakKeyDictionary()

    def of(self, lexical: LexicalStore) -> Kept:
        """Return what is kept for an index as it is now."""
        state = lexical.state
        known = self._known.get(lexical)
        if known is None or known[0] != state:
            known = self._known[lexical] = state, self._make(proxy(lexical))
        return known[1]
