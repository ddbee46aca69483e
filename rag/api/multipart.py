"""A multipart body, piece by piece: the parts that are files, each as it comes, and nothing is held but the piece at hand."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header

from rag.api.problems import Refused

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

# It warns of each body that is none, which its sender is told.
logging.getLogger("python_multipart").setLevel(logging.ERROR)
# Bytes of the header of one part.
_LONGEST_HEADER = 8_000


@dataclass(frozen=True, slots=True)
class Began:
    """A file begins, by the name that its sender gives it."""

    name: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the file that has begun."""

    content: bytes


@dataclass(frozen=True, slots=True)
class Ended:
    """The file is whole."""


Part = Began | Piece | Ended


def is_multipart(content_type: str) -> bool:
    """Tell whether a body is multipart/form-data."""
    return content_type.partition(";")[0].strip().lower() == "multipart/form-data"


async def files_in(content_type: str, body: AsyncIterator[bytes]) -> AsyncIterator[Part]:
    """Yield the files of a body as they come; fields without a file's name are passed over.

    Raises Refused where the body is not what it says it is.
    """
    boundary = parse_options_header(content_type)[1].get(b"boundary", b"")
    if not boundary or len(boundary) > 200:
        raise _broken("its boundary is not named")
    reader = _Reader()
    try:
        parser = MultipartParser(boundary, reader.callbacks())
        async for piece in body:
            parser.write(piece)
            for part in reader.taken():
                yield part
        parser.finalize()
    except MultipartParseError as error:
        raise _broken("its parts cannot be told apart") from error
    if not reader.is_whole:
        raise _broken("it ends before its last part does")


class _Reader:
    """Hears what the parser finds, and keeps it until it is taken."""

    def __init__(self) -> None:
        self._parts: list[Part] = []
        self._field = b""
        self._value = b""
        self._disposition = b""
        self._open = False
        self.is_whole = False

    def callbacks(self) -> MultipartCallbacks:
        """Return what the parser calls."""
        return {
            "on_part_begin": self._begin, "on_header_field": self._name, "on_header_value": self._text,
            "on_header_end": self._header, "on_headers_finished": self._headers, "on_part_data": self._data,
            "on_part_end": self._end, "on_end": self._whole,
        }  # fmt: skip

    def taken(self) -> list[Part]:
        """Return what was found since it was asked last."""
        found, self._parts = self._parts, []
        return found

    def _begin(self) -> None:
        self._field = self._value = self._disposition = b""

    def _name(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]
        self._check()

    def _text(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]
        self._check()

    def _check(self) -> None:
        if len(self._field) + len(self._value) > _LONGEST_HEADER:
            raise _broken("the header of a part is too long")

    def _header(self) -> None:
        if self._field.lower() == b"content-disposition":
            self._disposition = self._value
        self._field = self._value = b""

    def _headers(self) -> None:
        options = parse_options_header(self._disposition)[1] if self._disposition else {}
        name = options.get(b"filename")
        self._open = bool(name)
        if name:
            self._parts.append(Began(name.decode("utf-8", "replace")))

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._open:
            self._parts.append(Piece(data[start:end]))

    def _end(self) -> None:
        if self._open:
            self._parts.append(Ended())
        self._open = False

    def _whole(self) -> None:
        self.is_whole = True


def _broken(why: str) -> Refused:
    return Refused(400, "not-multipart", f"the body cannot be read: {why}", "send multipart/form-data with a file in it")
