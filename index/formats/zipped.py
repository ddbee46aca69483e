"""Documents that are zip files inside (.docx, .odt, .epub, .xlsx): their parts, bounded, and their XML without surprises."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any, BinaryIO

from index.formats.failing import Refused, is_full_disk
from index.formats.options import ReadOptions, whole
from index.types import Problem

# All parts of such a file may take this many times the bytes of one article: pictures are parts, too.
_PARTS = 20


def opened(file: BinaryIO, path: str, options: ReadOptions) -> zipfile.ZipFile:
    """Return the open zip file of one article. Raises Refused where it is empty or too large, and as `checked` does."""
    return checked(BytesIO(whole(file, path, options)), path, options)


def checked(file: BinaryIO, path: str, options: ReadOptions) -> zipfile.ZipFile:
    """Return the open zip file. Raises Refused where it is damaged, locked, or unpacks to too much."""
    try:
        packed = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
        raise Refused(damaged(path, error)) from error
    if sum(member.file_size for member in packed.infolist()) > _PARTS * options.max_bytes:
        raise Refused(bomb(path, _PARTS * options.max_bytes, "KHABAR_MAX_MB"))
    if any(member.flag_bits & 1 for member in packed.infolist()):
        raise Refused(Problem(path, "it is locked by a password; save it without one", kind="locked"))
    return packed


def part(packed: zipfile.ZipFile, name: str, path: str, options: ReadOptions) -> bytes:
    """Return one part of a zip file. Raises Refused where it is missing, damaged or too large."""
    try:
        with packed.open(name) as member:
            content = member.read(options.max_bytes + 1)
    except KeyError as error:
        raise Refused(Problem(path, f"damaged: it has no part '{name}'; save it anew", kind="broken")) from error
    except Exception as error:  # zlib, lzma and struct each have errors of their own
        raise Refused(damaged(path, error)) from error
    if len(content) > options.max_bytes:
        raise Refused(bomb(path, options.max_bytes, "KHABAR_MAX_MB"))
    return content


def damaged(path: str, error: Exception) -> Problem:
    """Return the Problem of a packed file that cannot be unpacked. An error that tells of a full disk is raised again."""
    if is_full_disk(error):
        raise error
    return Problem(path, f"damaged ({str(error)[:80] or type(error).__name__}); save or pack it anew", kind="broken")


def bomb(path: str, limit: int, setting: str) -> Problem:
    """Return the Problem of a packed file that holds more than is allowed."""
    reason = f"it unpacks to more than {limit / 1_000_000:g} MB; unpack it yourself, or raise {setting}"
    return Problem(path, reason, kind="too large")


def parsed(content: bytes, path: str) -> Any:
    """Return the root element of XML: no entity is expanded, nothing is fetched. Raises Refused where it is no XML."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Refused(damaged(path, error)) from error
    if root is None:
        raise Refused(Problem(path, "damaged: it holds no XML; save it anew", kind="broken"))
    return root


def local(element: Any) -> str:
    """Return an element's name without its namespace; of a comment or the like an empty one."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
