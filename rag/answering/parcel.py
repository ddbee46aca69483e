"""What passes between the processes of a server, as bytes; the glossary, which each of them has, is only named."""

from __future__ import annotations

import io
import pickle
from functools import cached_property
from typing import Any

from index.types import KhabarError
from rag.text.glossary import Entry, Glossary

_GLOSSARY = "glossary"


class Parcels:
    """Packs and unpacks for one process, by its glossary: what is unpacked is read with that."""

    def __init__(self, glossary: Glossary) -> None:
        """Keep the glossary."""
        self._glossary = glossary

    @cached_property
    def _entries(self) -> dict[tuple[str, tuple[str, ...]], Entry]:
        return {(entry.kind, entry.columns): entry for entry in self._glossary.entries()}

    def packed(self, value: Any) -> bytes:
        """Return a value as bytes."""
        target = io.BytesIO()
        _Packer(target).dump(value)
        return target.getvalue()

    def unpacked(self, parcel: bytes) -> Any:
        """Return the value; only for bytes that another process of this server has packed."""
        return _Unpacker(io.BytesIO(parcel), self._found).load()

    def _found(self, name: Any) -> Any:
        if name == _GLOSSARY:
            return self._glossary
        kind, columns, line = name
        return self._entries.setdefault((kind, columns), Entry(kind, columns, line))


class _Packer(pickle.Pickler):
    def __init__(self, target: io.BytesIO) -> None:
        super().__init__(target, protocol=pickle.HIGHEST_PROTOCOL)

    def persistent_id(self, value: Any) -> Any:
        if isinstance(value, Glossary):
            return _GLOSSARY
        # One thing is one entry, in the other process too.
        return (value.kind, value.columns, value.line) if isinstance(value, Entry) else None

    def reducer_override(self, value: Any) -> Any:
        # An exception is made anew from its message, which ours do not take.
        return (_error, (type(value), value.args, value.__dict__)) if isinstance(value, KhabarError) else NotImplemented


def _error(kind: type[KhabarError], told: tuple[Any, ...], content: dict[str, Any]) -> KhabarError:
    error = kind.__new__(kind)
    error.args = told
    error.__dict__.update(content)
    return error


class _Unpacker(pickle.Unpickler):
    def __init__(self, source: io.BytesIO, found: Any) -> None:
        super().__init__(source)
        self._found = found

    def persistent_load(self, name: Any) -> Any:
        return self._found(name)
