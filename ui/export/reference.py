"""Citations -> references for other programs: CSL-JSON, BibTeX and RIS, one an article cited."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from index.types import ArticleRef, Language
from rag.source_line import in_one_line
from rag.types import Answer

# What TeX reads as a command of its own.
_TEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_TEX_LANGUAGES: dict[Language, str] = {"ar": "arabic", "fa": "persian", "en": "english"}


def references_of(answers: Iterable[Answer]) -> list[ArticleRef]:
    """Return the articles that answers cite, each once, in the order in which they are first cited."""
    found: dict[str, ArticleRef] = {}
    for item in (item for answer in answers for item in answer.citations):
        for source in (item, *item.also):
            found.setdefault(source.article_id, _in_lines(source))
    return list(found.values())


def _in_lines(source: ArticleRef) -> ArticleRef:
    """Return the reference of a source, its names each in one line: a line break would end a field of RIS."""
    outlet = in_one_line(source.outlet or "") or None
    one = ArticleRef(*source.reference)
    return replace(one, title=in_one_line(source.title), outlet=outlet)


def csl_json(references: Sequence[ArticleRef]) -> str:
    """Return references as CSL-JSON, which Zotero and pandoc read."""
    return json.dumps([_csl(one) for one in references], ensure_ascii=False, indent=2) + "\n"


def _csl(one: ArticleRef) -> dict[str, Any]:
    day = one.published
    known = {
        "id": one.article_id, "type": "article-newspaper", "title": one.title, "container-title": one.outlet,
        "issued": {"date-parts": [[day.year, day.month, day.day]]} if day else None, "language": one.language, "URL": one.url,
    }  # fmt: skip
    return {name: value for name, value in known.items() if value}


def bibtex(references: Sequence[ArticleRef]) -> str:
    """Return references as BibTeX, in UTF-8, which biber and later versions of BibTeX read."""
    return "\n".join(_bibtex(one) for one in references)


def _bibtex(one: ArticleRef) -> str:
    day = one.published
    fields = {
        "title": f"{{{_tex(one.title)}}}", "journal": _tex(one.outlet or ""), "date": one.day or "",
        "year": f"{day.year}" if day else "", "langid": _TEX_LANGUAGES[one.language], "url": _tex_url(one.url or ""),
    }  # fmt: skip
    lines = (f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@article{{{one.article_id},\n{''.join(lines)}}}\n"


def _tex(text: str) -> str:
    return "".join(_TEX.get(letter, letter) for letter in text)


def _tex_url(url: str) -> str:
    """Return an address as `url = {…}` takes it: as it is, but for the braces, which would not balance."""
    return url.replace("{", "%7B").replace("}", "%7D")


def ris(references: Sequence[ArticleRef]) -> str:
    """Return references as RIS, which EndNote, Zotero and Mendeley read; its lines end as it prescribes."""
    return "".join(f"{line}\r\n" for one in references for line in _ris(one))


def _ris(one: ArticleRef) -> list[str]:
    day = one.published
    fields = (
        ("TY", "NEWS"), ("ID", one.article_id), ("TI", one.title), ("T2", one.outlet), ("PY", str(day.year) if day else None),
        ("DA", day.strftime("%Y/%m/%d") if day else None), ("LA", one.language), ("UR", one.url),
    )  # fmt: skip
    return [*(f"{tag}  - {value}" for tag, value in fields if value), "ER  - "]
