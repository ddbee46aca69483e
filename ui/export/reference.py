"""Citations -> references for other programs: CSL-JSON, BibTeX and RIS, one for each article cited."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from index.types import Language
from rag.types import Answer, Citation, Source

# What TeX reads as a command of its own.
_TEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_TEX_LANGUAGES: dict[Language, str] = {"ar": "arabic", "fa": "persian", "en": "english"}
# XML takes none of these, and none of them is seen.
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Reference:
    """An article as a work that can be cited; `key` is its id in the archive, the same wherever it is cited."""

    key: str
    title: str
    outlet: str | None
    published: date | None
    language: Language
    url: str | None


def references_of(answers: Iterable[Answer]) -> list[Reference]:
    """Return the articles that answers cite, each once, in the order in which they are first cited."""
    found: dict[str, Reference] = {}
    for item in (item for answer in answers for item in answer.citations):
        sources: tuple[Citation | Source, ...] = (item, *item.also)
        for source in sources:
            found.setdefault(source.article_id, _reference(source))
    return list(found.values())


def _reference(source: Citation | Source) -> Reference:
    title, outlet = _line(source.title), _line(source.outlet or "")
    return Reference(source.article_id, title, outlet or None, source.published, source.language, source.url)


def _line(text: str) -> str:
    """Return a text on one line: a line break would end a field of RIS."""
    return " ".join(shown(text).split())


def shown(text: str) -> str:
    """Return a text without the characters that no document takes and nobody sees."""
    return _UNSEEN.sub("", text)


def csl_json(references: Sequence[Reference]) -> str:
    """Return references as CSL-JSON, which Zotero and pandoc read."""
    return json.dumps([_csl(one) for one in references], ensure_ascii=False, indent=2) + "\n"


def _csl(one: Reference) -> dict[str, Any]:
    day = one.published
    known = {
        "id": one.key, "type": "article-newspaper", "title": one.title, "container-title": one.outlet,
        "issued": {"date-parts": [[day.year, day.month, day.day]]} if day else None, "language": one.language, "URL": one.url,
    }  # fmt: skip
    return {name: value for name, value in known.items() if value}


def bibtex(references: Sequence[Reference]) -> str:
    """Return references as BibTeX, in UTF-8, which biber and later versions of BibTeX read."""
    return "\n".join(_bibtex(one) for one in references)


def _bibtex(one: Reference) -> str:
    day = one.published
    fields = {
        "title": f"{{{_tex(one.title)}}}", "journal": _tex(one.outlet or ""), "date": day.isoformat() if day else "",
        "year": f"{day.year}" if day else "", "langid": _TEX_LANGUAGES[one.language], "url": _tex_url(one.url or ""),
    }  # fmt: skip
    lines = (f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@article{{{one.key},\n{''.join(lines)}}}\n"


def _tex(text: str) -> str:
    return "".join(_TEX.get(letter, letter) for letter in text)


def _tex_url(url: str) -> str:
    """Return an address as `url = {…}` takes it: as it is, but for the braces, which would not balance."""
    return url.replace("{", "%7B").replace("}", "%7D")


def ris(references: Sequence[Reference]) -> str:
    """Return references as RIS, which EndNote, Zotero and Mendeley read; its lines end as it prescribes."""
    return "".join(f"{line}\r\n" for one in references for line in _ris(one))


def _ris(one: Reference) -> list[str]:
    day = one.published
    fields = (
        ("TY", "NEWS"), ("ID", one.key), ("TI", one.title), ("T2", one.outlet), ("PY", str(day.year) if day else None),
        ("DA", day.strftime("%Y/%m/%d") if day else None), ("LA", one.language), ("UR", one.url),
    )  # fmt: skip
    return [*(f"{tag}  - {value}" for tag, value in fields if value), "ER  - "]
