"""The reader of .pdf: the text layer in the order in which it is read; pages without one go through Tesseract, if installed."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from index.formats.bidi import is_rtl, read_order, shaped_to_letters
from index.formats.ocr import can_recognise, recognise
from index.formats.options import Reader, ReadOptions, whole
from index.load import RawDocument, known_metadata
from index.text import ZWNJ
from index.types import Problem

_PAGES = 5_000
# A gap of this share of the letters' height is a blank that the file does not write.
_GAP = 0.12
_RUNNING = 80
_ARABIC = re.compile("[\u0621-\u06d3\ufb50-\ufdff\ufe70-\ufefc]")
_NUMBER = re.compile(r"\d+")
_UNTITLED = re.compile(r"(?i)^(?:untitled|microsoft word\b.*|.*\.(?:docx?|indd|qxd|pdf|html?)|\W*)$")


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines that stand together, and the rectangle that they fill: left, bottom, right, top."""

    lines: tuple[tuple[tuple[float, float, float, float], tuple[str, ...]], ...]
    box: tuple[float, float, float, float]


def reader(_: str) -> Reader:
    """Return the reader of .pdf."""
    return read_pdf


def read_pdf(file: BinaryIO, path: str, options: ReadOptions) -> Iterator[RawDocument | Problem]:
    """Yield the one document of a PDF; a Problem where it is locked, damaged or scanned."""
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfminer.pdfexceptions import PDFException
    from pdfminer.psparser import PSException

    whole(file, path, options)  # refuses one that is empty or too large
    file.seek(0)
    try:
        yield from _read(file, path)
    except PDFPasswordIncorrect:
        yield Problem(path, "it is locked by a password; save it without one", kind="locked")
    except (PDFException, PSException, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        reason = f"damaged ({type(error).__name__}: {str(error)[:80]}); open it in a viewer and print it to a new PDF"
        yield Problem(path, reason, kind="broken")


def _read(file: BinaryIO, path: str) -> Iterator[RawDocument | Problem]:
    from pdfminer.pdfdocument import PDFDocument, PDFTextExtractionNotAllowed
    from pdfminer.pdfpage import PDFPage
    from pdfminer.pdfparser import PDFParser

    document = PDFDocument(PDFParser(file))
    if not document.is_extractable:
        raise PDFTextExtractionNotAllowed("its maker does not allow to take text out of it")
    pages: list[list[str]] = []
    scanned: list[int] = []
    recognised: list[int] = []
    for number, page in enumerate(PDFPage.create_pages(document), 1):
        if number > _PAGES:
            yield Problem(path, f"only its first {_PAGES} pages were read; split it", skipped=False, kind="too large")
            break
        lines, images = _page_lines(page)
        if not lines and images:
            lines = _recognised(images)
            (recognised if lines else scanned).append(number)
        pages.append(lines)
    yield from _told(path, len(pages), scanned, recognised)
    text = shaped_to_letters("\n".join(line for lines in _without_running_lines(pages) for line in lines))
    if text.strip():
        yield RawDocument(path, text, _metadata(document))
    elif not scanned:
        yield Problem(path, "it holds no text; save the article's text as .txt", kind="no text")


def _told(path: str, pages: int, scanned: Sequence[int], recognised: Sequence[int]) -> Iterator[Problem]:
    if scanned:
        shown = ", ".join(map(str, scanned[:10])) + (" …" if len(scanned) > 10 else "")
        which = "its pages are pictures" if len(scanned) == pages else f"pages {shown} are pictures"
        remedy = "nothing was recognised on them; scan them anew" if can_recognise() else "install tesseract (ara, fas, eng)"
        yield Problem(path, f"{which} without text; {remedy}", skipped=len(scanned) == pages, kind="scanned")
    if recognised:
        reason = f"{len(recognised)} scanned pages were read by Tesseract, which errs; compare them with the pages"
        yield Problem(path, reason, skipped=False, kind="scanned")


def _metadata(document: Any) -> dict[str, str]:
    info = document.info[0] if document.info else {}
    title = _pdf_string(info.get("Title"))
    return known_metadata({} if _UNTITLED.match(title) else {"title": title})


def _pdf_string(value: Any) -> str:
    if not isinstance(value, bytes):
        return ""
    encoding = "utf-16" if value.startswith((b"\xfe\xff", b"\xff\xfe")) else "utf-8"
    return shaped_to_letters(value.decode(encoding, "replace")).strip()


def _page_lines(page: Any) -> tuple[list[str], list[Any]]:
    """Return the paragraphs of a page in reading order, and its pictures."""
    from pdfminer.converter import PDFPageAggregator
    from pdfminer.layout import LAParams, LTTextBox
    from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager

    resources = PDFResourceManager(caching=False)
    device = PDFPageAggregator(resources, laparams=LAParams(boxes_flow=None))
    PDFPageInterpreter(resources, device).process_page(page)
    layout = device.get_result()
    blocks = [block for item in layout if isinstance(item, LTTextBox) and (block := _block(item))]
    rtl = is_rtl("".join(glyph for block in blocks for _, glyphs in block.lines for glyph in glyphs))
    lines = [line for block in _in_order(blocks, rtl) for line in _paragraphs(block, rtl)]
    return lines, list(_images(layout)) if not lines else []


def _images(item: Any) -> Iterator[Any]:
    from pdfminer.layout import LTFigure, LTImage

    for child in item:
        if isinstance(child, LTImage):
            yield child
        elif isinstance(child, LTFigure):
            yield from _images(child)


def _block(box: Any) -> _Block | None:
    lines = [(line.bbox, glyphs) for line in box if (glyphs := _glyphs(line)) and "".join(glyphs).strip()]
    return _Block(tuple(lines), box.bbox) if lines else None


def _glyphs(line: Any) -> tuple[str, ...]:
    """Return what a line shows from left to right; marks stay behind the letters that they stand over, gaps are blanks."""
    from pdfminer.layout import LTChar

    shown = [(char, char.get_text()) for char in line if isinstance(char, LTChar)]
    letters = [(char, text) for char, text in shown if not _is_mark(text)]
    letters.sort(key=lambda pair: (pair[0].x0, pair[1] != " "))
    marks: dict[int, str] = {}
    for char, text in shown:
        if _is_mark(text) and letters:
            centre = (char.x0 + char.x1) / 2
            nearest = min(range(len(letters)), key=lambda number: _distance(letters[number][0], centre))
            marks[nearest] = marks.get(nearest, "") + text
    writes_blanks = any(text == " " for _, text in letters)
    glyphs: list[str] = []
    for number, (char, text) in enumerate(letters):
        before = letters[number - 1] if number else None
        if before and " " not in (before[1], text) and char.x0 - before[0].x1 > _GAP * max(char.height, 1):
            between = writes_blanks and _ARABIC.search(before[1]) and _ARABIC.search(text)
            glyphs.append(ZWNJ if between and char.x0 - before[0].x1 < 2 * _GAP * char.height else " ")
        after = letters[number + 1][0] if number + 1 < len(letters) else None
        # A blank that takes no room of its own stands for a ZWNJ in what browsers print.
        thin = text == " " and after is not None and after.x0 < (char.x0 + char.x1) / 2
        glyphs.append(ZWNJ if thin else text + marks.get(number, ""))
    return tuple(glyphs)


def _is_mark(text: str) -> bool:
    return bool(text) and all(unicodedata.category(character) == "Mn" for character in text)


def _distance(char: Any, centre: float) -> float:
    return float(max(char.x0 - centre, centre - char.x1, 0))


def _in_order(blocks: Sequence[_Block], rtl: bool) -> list[_Block]:
    """Return blocks as they are read: columns side by side from the first one on, else from the top down."""
    if len(blocks) < 2:
        return list(blocks)
    columns = _parted(blocks, 0)
    if len(columns) > 1:
        return [block for column in (reversed(columns) if rtl else columns) for block in _in_order(column, rtl)]
    rows = _parted(blocks, 1)
    if len(rows) > 1:
        return _in_order(rows[-1], rtl) + _in_order([block for row in rows[:-1] for block in row], rtl)
    return sorted(blocks, key=lambda block: (-block.box[3], -block.box[2] if rtl else block.box[0]))


def _parted(blocks: Sequence[_Block], axis: int) -> list[list[_Block]]:
    """Part blocks where a gap runs through between them, along the axis 0 (left to right) or 1 (bottom to top)."""
    parts: list[list[_Block]] = []
    end = float("-inf")
    for block in sorted(blocks, key=lambda block: block.box[axis]):
        if block.box[axis] >= end:
            parts.append([])
        parts[-1].append(block)
        end = max(end, block.box[axis + 2])
    return parts


def _paragraphs(block: _Block, rtl: bool) -> list[str]:
    """Return a block's paragraphs; a line on which the next one's first word would have had room ends one."""
    left, _, right, _ = block.box
    paragraphs: list[str] = []
    room = right - left
    for box, glyphs in block.lines:
        text = " ".join(read_order(glyphs, rtl=rtl).split(" ")).strip()
        if paragraphs and room <= (box[2] - box[0]) * (len(text.split(" ")[0]) + 1) / max(len(text), 1):
            hyphen = re.search(r"[a-z]-$", paragraphs[-1]) and re.match("[a-z]", text)
            paragraphs[-1] = paragraphs[-1][:-1] + text if hyphen else f"{paragraphs[-1]} {text}"
        else:
            paragraphs.append(text)
        room = box[0] - left if rtl else right - box[2]
    return paragraphs


def _recognised(images: Sequence[Any]) -> list[str]:
    return [line for image in images for line in recognise(image)] if can_recognise() else []


def _without_running_lines(pages: Sequence[list[str]]) -> list[list[str]]:
    """Drop the short line that stands first or last on most pages, page numbers aside: it runs along over or under them."""
    ends = [{_unnumbered(line) for line in (lines[0], lines[-1]) if len(line) <= _RUNNING} for lines in pages if lines]
    counted = Counter(line for both in ends for line in both)
    running = {line for line, times in counted.items() if len(ends) > 2 and times * 2 > len(ends)}
    return [
        [line for number, line in enumerate(lines) if number not in (0, len(lines) - 1) or _unnumbered(line) not in running]
        for lines in pages
    ]


def _unnumbered(line: str) -> str:
    return _NUMBER.sub("", line).strip()
