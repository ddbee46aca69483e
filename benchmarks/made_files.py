"""Makes a file of each format out of a title, a day and paragraphs, for the benchmark of the way in and for tests."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import tarfile
import unicodedata
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from html import escape


@dataclass(frozen=True, slots=True)
class Story:
    """What a made file says."""

    title: str
    outlet: str
    day: str
    paragraphs: tuple[str, ...]
    language: str

    @property
    def row(self) -> dict[str, str]:
        """The story as a row of a table."""
        about = {"title": self.title, "outlet": self.outlet, "published": self.day, "language": self.language}
        return {**about, "text": "\n".join(self.paragraphs)}

    @property
    def page(self) -> str:
        """The story as a page."""
        body = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in self.paragraphs)
        return (
            f'<!DOCTYPE html><html lang="{self.language}"><head><meta charset="utf-8"><title>{escape(self.title)}</title>'
            f'<meta property="article:published_time" content="{self.day}"></head>'
            f"<body><article><h1>{escape(self.title)}</h1>{body}</article></body></html>"
        )


def zipped(parts: Mapping[str, bytes | str]) -> bytes:
    """Return a .zip of these parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return target.getvalue()


def tarred(parts: Mapping[str, bytes], links: Mapping[str, str] | None = None) -> bytes:
    """Return a .tar.gz of these parts, and of symbolic links."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz") as packed:
        for name, content in parts.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            packed.addfile(member, io.BytesIO(content))
        for name, target_name in (links or {}).items():
            member = tarfile.TarInfo(name)
            member.type, member.linkname = tarfile.SYMTYPE, target_name
            packed.addfile(member)
    return target.getvalue()


def seen(line: str) -> list[str]:
    """Return a line's glyphs from left to right: Arabic backwards, numbers and Latin words as they are, marks with letters."""
    if not re.search("[\u0600-\u06ff]", line):
        return list(line)
    kept = [part[::-1] if re.match(r"[A-Za-z\d]", part) else part for part in re.split(r"([A-Za-z\d]+(?:[.,:/٫]\d+)*)", line)]
    letters: list[str] = []
    for character in "".join(kept).translate(str.maketrans("()«»", ")(»«")):
        if unicodedata.category(character) == "Mn" and letters:
            letters[-1] += character
        else:
            letters.append(character)
    return letters[::-1]


def pdf(pages: Sequence[Sequence[str]], *, picture: bool = False, title: str = "") -> bytes:
    """Return a PDF of pages of lines, whose glyphs stand where a reader sees them; `picture` adds a scan to each page."""
    glyphs = sorted({glyph for page in pages for line in page for glyph in seen(line)})
    codes = {glyph: number for number, glyph in enumerate(glyphs, 1)}
    assert len(codes) < 250
    mapped = "\n".join(f"<{code:02x}> <{glyph.encode('utf-16-be').hex()}>" for glyph, code in codes.items())
    unicode_map = (
        f"begincmap 1 begincodespacerange <00> <ff> endcodespacerange {len(codes)} beginbfchar\n{mapped}\nendbfchar endcmap"
    )
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    font = (
        f"<< /Type /Font /Subtype /Type1 /BaseFont /Made /FirstChar 0 /LastChar 255 /Widths [{'600 ' * 256}] /ToUnicode 4 0 R "
        "/FontDescriptor << /Type /FontDescriptor /FontName /Made /Flags 4 /Ascent 800 /Descent -200 "
        "/FontBBox [0 0 600 800] >> >>"
    )
    objects += [font, _stream(unicode_map.encode("latin-1"), "")]
    image = _stream(b"\xff\xd8\xff\xe0made\xff\xd9", "/Subtype /Image /Width 8 /Height 8 /BitsPerComponent 8 "
                    "/ColorSpace /DeviceGray "
                    "/Filter /DCTDecode")  # fmt: skip
    objects.append(image)
    kids = []
    for page in pages:
        drawn = "q 500 0 0 700 0 0 cm /I Do Q " if picture else ""
        for number, line in enumerate(page):
            shown = "".join(f"{codes[glyph]:02x}" for glyph in seen(line))
            left = 560 - 6 * len(seen(line)) if re.search("[\u0600-\u06ff]", line) else 40
            drawn += f"BT /F 10 Tf {left} {760 - 14 * number} Td <{shown}> Tj ET "
        objects.append(_stream(drawn.encode("ascii"), ""))
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents {len(objects)} 0 R "
            "/Resources << /Font << /F 3 0 R >> /XObject << /I 5 0 R >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    named = f"\ufeff{title}".encode("utf-16-be").hex()
    objects.append(f"<< /Title <{named}> >>" if title else "<< >>")
    return numbered(objects)


def _stream(content: bytes, about: str) -> str:
    kind = "/Type /XObject " if about else ""
    return f"<< /Length {len(content)} {kind}{about} >>\nstream\n{content.decode('latin-1')}\nendstream"


def numbered(objects: Sequence[str]) -> bytes:
    """Return a PDF of objects, of which the first is its catalog and the last what is told about it."""
    written = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(written))
        written += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"trailer << /Size {len(objects) + 1} /Root 1 0 R /Info {len(objects)} 0 R >>\nstartxref\n{len(written)}\n%%EOF"
    return written + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{end}".encode("latin-1")


def _pdf(story: Story) -> bytes:
    return pdf([[story.title, "", *(line for paragraph in story.paragraphs for line in _wrapped(paragraph))]])


def _wrapped(paragraph: str) -> list[str]:
    lines = [""]
    for word in paragraph.split(" "):
        if len(lines[-1]) + len(word) > 70:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _docx(story: Story) -> bytes:
    from docx import Document

    document = Document()
    document.core_properties.title = story.title
    for paragraph in story.paragraphs:
        document.add_paragraph(paragraph)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _odt(story: Story) -> bytes:
    names = 'xmlns:office="urn:o" xmlns:text="urn:t" xmlns:dc="urn:d"'
    body = "".join(f"<text:p>{escape(paragraph)}</text:p>" for paragraph in story.paragraphs)
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<office:document {names}><office:body>{body}</office:body></office:document>",
            "meta.xml": f"<office:meta {names}><dc:title>{escape(story.title)}</dc:title></office:meta>",
        }
    )


def _rtf(story: Story) -> bytes:
    def coded(text: str) -> str:
        return "".join(c if ord(c) < 128 else f"\\u{ord(c) if ord(c) < 32768 else ord(c) - 65536}?" for c in text)

    body = "\\par\n".join(coded(paragraph) for paragraph in story.paragraphs)
    return f"{{\\rtf1\\ansi\\ansicpg1256 {{\\info{{\\title {coded(story.title)}}}}}\n{body}}}".encode("ascii")


def _epub(story: Story) -> bytes:
    package = (
        '<package xmlns="urn:opf" xmlns:dc="urn:dc"><metadata>'
        f"<dc:publisher>{escape(story.outlet)}</dc:publisher><dc:date>{story.day}</dc:date></metadata>"
        '<manifest><item id="a" href="a.xhtml"/></manifest><spine><itemref idref="a"/></spine></package>'
    )
    return zipped(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container><rootfiles><rootfile full-path="O/book.opf"/></rootfiles></container>',
            "O/book.opf": package,
            "O/a.xhtml": re.sub("<!DOCTYPE html>|<meta[^>]*>", "", story.page),
        }
    )


def mail(story: Story, *, charset: str = "utf-8", page: bool = False) -> bytes:
    """Return a mail that holds the story, as text or as a page."""
    message = EmailMessage()
    message["Subject"], message["From"] = story.title, f'"{story.outlet}" <desk@nawras.example>'
    message["Date"] = f"Tue, {story.day[8:]} Oct {story.day[:4]} 10:00:00 +0300"
    if page:
        message.set_content(story.page.replace("utf-8", charset), subtype="html", charset=charset, cte="base64")
    else:
        message.set_content("\n\n".join(story.paragraphs), charset=charset, cte="base64")
    return message.as_bytes()


def _mbox(story: Story) -> bytes:
    return b"From desk Tue Oct 21 10:00:00 2025\n" + mail(story) + b"\n"


def _mhtml(story: Story) -> bytes:
    message = EmailMessage()
    message["Snapshot-Content-Location"] = "https://nawras.example/1"
    message.set_content(story.page, subtype="html", cte="quoted-printable")
    message.make_mixed()
    return message.as_bytes()


def table(rows: Sequence[Mapping[str, str]], delimiter: str = ",") -> str:
    """Return rows as a .csv."""
    target = io.StringIO()
    writer = csv.DictWriter(target, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return target.getvalue()


def sheet(rows: Sequence[Mapping[str, str]]) -> bytes:
    """Return rows as an .xlsx."""
    from openpyxl import Workbook

    book = Workbook()
    page = book.active
    page.append(list(rows[0]))
    for row in rows:
        page.append(list(row.values()))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _rss(story: Story) -> str:
    text = escape("".join(f"<p>{paragraph}</p>" for paragraph in story.paragraphs))
    return (
        f"<rss version='2.0'><channel><title>{escape(story.outlet)}</title><item><title>{escape(story.title)}</title>"
        f"<link>https://nawras.example/1</link><pubDate>Tue, {story.day[8:]} Oct {story.day[:4]} 08:00:00 GMT</pubDate>"
        f"<description>{text}</description></item></channel></rss>"
    )


def _atom(story: Story) -> str:
    return (
        f"<feed xmlns='http://www.w3.org/2005/Atom'><title>{escape(story.outlet)}</title><entry><title>{escape(story.title)}</title>"
        f"<link href='https://nawras.example/1'/><published>{story.day}T08:00:00Z</published>"
        f"<content type='html'>{escape(story.page)}</content></entry></feed>"
    )


def _warc(story: Story) -> bytes:
    page = story.page.encode()
    answer = b"HTTP/1.0 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page
    about = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://nawras.example/1\r\n"
        "WARC-Record-ID: <urn:uuid:92283950-ef2f-4d72-b224-f54c6ec90bb0>\r\nWARC-Date: 2025-10-21T08:00:00Z\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
    )
    return about.encode() + answer + b"\r\n\r\n"


def _text(story: Story) -> str:
    header = f"---\ntitle: {story.title}\noutlet: {story.outlet}\npublished: {story.day}\nlanguage: {story.language}\n---\n"
    return header + "\n\n".join(story.paragraphs) + "\n"


MAKERS: Mapping[str, Callable[[Story], bytes | str]] = {
    ".txt": _text,
    ".md": _text,
    ".html": lambda story: story.page,
    ".jsonl": lambda story: json.dumps(story.row, ensure_ascii=False),
    ".json": lambda story: json.dumps([story.row], ensure_ascii=False),
    ".pdf": _pdf,
    ".docx": _docx,
    ".odt": _odt,
    ".rtf": _rtf,
    ".epub": _epub,
    ".eml": mail,
    ".mbox": _mbox,
    ".mhtml": _mhtml,
    ".csv": lambda story: table([story.row]),
    ".tsv": lambda story: table([story.row], "\t"),
    ".xlsx": lambda story: sheet([story.row]),
    ".rss": _rss,
    ".atom": _atom,
    ".warc": _warc,
    ".warc.gz": lambda story: gzip.compress(_warc(story)),
    ".zip": lambda story: zipped({"sub/a.txt": _text(story)}),
    ".tar.gz": lambda story: tarred({"sub/a.txt": _text(story).encode()}),
    ".txt.gz": lambda story: gzip.compress(_text(story).encode()),
}


def made(suffix: str, story: Story) -> bytes:
    """Return a file of a format that holds a story."""
    content = MAKERS[suffix](story)
    return content.encode() if isinstance(content, str) else content
