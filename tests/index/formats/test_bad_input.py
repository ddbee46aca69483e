"""Files that would do harm: each has its line in the report with a remedy, and what else lies beside it goes in."""

from __future__ import annotations

import errno
import json
import os
import unicodedata
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

import index.formats.archive
from benchmarks.made_files import made, mail, numbered, table, zipped
from benchmarks.way_in import story
from index.build import BuildOptions
from index.formats.kinds import read_file
from index.formats.options import ReadOptions
from index.formats.sent import day_sent
from index.formats.worker import Done, Task, outcomes, state_of
from index.load import RawDocument
from index.types import Article, Problem
from tests.index.made import ARABIC, ENGLISH, PERSIAN, TinyEmbedder, build, rows, write_articles

pytestmark = pytest.mark.adversarial

TEXTS = {"ar.txt": ARABIC, "fa.txt": PERSIAN, "en.txt": ENGLISH}
SENTENCE = {
    "ar": "قال الوزير إن السدّ آمن تماما.",
    "fa": "وزیر گفت سد کاملاً ایمن است و تعمیر می‌شود.",
    "en": "The minister said the dam is entirely safe.",
}
BOMB = '<!DOCTYPE {root} [<!ENTITY a0 "haha">' + "".join(
    f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, 12)
) + "]>"  # fmt: skip


def read(content: bytes | str, name: str, **options: int) -> list[RawDocument | Problem]:
    file = BytesIO(content.encode() if isinstance(content, str) else content)
    found = read_file(file, name, ReadOptions(**{"max_bytes": 20_000_000, **options}))  # type: ignore[arg-type]
    return [item for item in found if isinstance(item, RawDocument | Problem)]


def task(file: Path) -> Task:
    options = BuildOptions()
    return Task(str(file), str(file), file.name, state_of(file.stat()), options.read_options, 120, 25, 0, 0)


def with_part(content: bytes, name: str, part: str) -> bytes:
    """Return a packed document with one of its parts replaced."""
    packed = zipfile.ZipFile(BytesIO(content))
    return zipped({old: part.encode() if old == name else packed.read(old) for old in packed.namelist()})


# Nesting and bombs


@pytest.mark.timeout(120)
@pytest.mark.parametrize("language", SENTENCE)
@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("a.html", "<div>", "</div>"),
        ("a.html", "<table><tr><td>", ""),
        ("a.html", "<b><i>", "</i></b>"),
        ("a.json", "[", "]"),
        ("a.jsonl", '{"a":', "}"),
        ("a.md", ">", ""),
    ],
)
def test_nested_a_hundred_thousand_deep(language, name, before, after):
    times = 100_000 // before.count("<") if "<" in before else 100_000
    found = read(before * times + json.dumps(SENTENCE[language], ensure_ascii=False) + after * times, name)
    for item in found:
        assert isinstance(item, Problem) and ";" in item.reason or SENTENCE[language] in item.text or not item.text.strip()
    assert len(found) == 1


@pytest.mark.parametrize("language", SENTENCE)
def test_lists_in_lists_of_markdown_keep_their_words(language):
    levels = [f"{'  ' * level}- {SENTENCE[language]} {level}" for level in range(20)]
    (document,) = read("\n".join(levels), "a.md")
    assert isinstance(document, RawDocument)
    assert document.text.split("\n\n") == [level.strip(" -") for level in levels]


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("name", "part", "body"),
    [
        ("a.docx", "word/document.xml", "<w:document xmlns:w='urn:w'><w:body><w:p>&a11;</w:p></w:body></w:document>"),
        ("a.odt", "content.xml", "<o:document xmlns:o='urn:o' xmlns:text='urn:t'><text:p>&a11;</text:p></o:document>"),
        ("a.xlsx", "xl/worksheets/sheet1.xml", "<worksheet><sheetData><row><c><v>&a11;</v></c></row></sheetData></worksheet>"),
        ("a.epub", "O/a.xhtml", "<html><body><p>&a11;</p></body></html>"),
        ("a.rss", "", "<rss><channel><item><description>&a11;</description></item></channel></rss>"),
        ("a.xml", "", "<svg xmlns='http://www.w3.org/2000/svg'><text>&a11;</text></svg>"),
    ],
)
def test_entities_of_entities_stay_small(name, part, body):
    bomb = BOMB.format(root="r") + body
    content = with_part(made(name[1:], story(0)), part, bomb) if part else bomb.encode()
    found = read(content, name)
    assert found and all(isinstance(item, Problem) and ";" in item.reason for item in found), found


@pytest.mark.timeout(60)
def test_pages_of_a_pdf_that_lead_to_themselves_or_double_without_end():
    looped = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 999999 >>", "<< >>"]
    doubled = [looped[0]] + [f"<< /Type /Pages /Kids [{n} 0 R {n} 0 R] /Count 2 >>" for n in range(3, 60)] + ["<< >>"]
    form = "<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 5 0 R >> >> /Length 11 >>"
    page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << /XObject << /F 5 0 R >> >> >>"
    drawn = [
        looped[0], "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page, "<< /Length 5 >>\nstream\n/F Do\nendstream",
        f"{form}\nstream\n/F Do /F Do\nendstream", "<< >>",
    ]  # fmt: skip
    for objects in (looped, doubled, drawn):
        (told,) = read(numbered(objects), "a.pdf")
        assert isinstance(told, Problem) and ";" in told.reason


# A part that fails, and a disk that is full


@pytest.mark.parametrize("kind", [RuntimeError, OverflowError, RecursionError, MemoryError, KeyError, OSError])
def test_of_a_box_a_feed_a_book_and_an_archive_only_the_part_that_fails_is_lost(kind, monkeypatch):
    def failing(original):
        def run(*given, **more):
            if "TRAP" in str(given[0]):
                raise kind("unforeseen")
            return original(*given, **more)

        return run

    for module, name in (("mail", "_plain"), ("feed", "known_metadata"), ("plain", "read_documents")):
        place = __import__(f"index.formats.{module}", fromlist=[name])
        monkeypatch.setattr(place, name, failing(getattr(place, name)))
    texts = [*SENTENCE.values(), "TRAP", *SENTENCE.values()]
    head = "From a Tue Oct 21\nSubject: x\nContent-Type: text/plain; charset=utf-8\n\n"
    box = "".join(f"{head}{text}\n\n" for text in texts)
    items = "".join(f"<item><title>{text}</title><description>{text}</description></item>" for text in texts)
    files = zipped({f"{number}.txt": text for number, text in enumerate(texts)})
    for content, name in ((box, "a.mbox"), (f"<rss><channel>{items}</channel></rss>", "a.rss"), (files, "a.zip")):
        found = read(content, name)
        assert [isinstance(item, RawDocument) for item in found] == [True] * 3 + [False] + [True] * 3, (name, found)
        told = found[3]
        assert isinstance(told, Problem) and told.skipped and ";" in told.reason and told.path != name


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_disk_without_room_is_not_called_a_damaged_archive_and_the_next_run_reads_it(error, tmp_path, monkeypatch):
    file = tmp_path / "a.zip"
    file.write_bytes(zipped(TEXTS))
    copied, calls = index.formats.archive._copied, []

    def full(content, copy, most):
        calls.append(0)
        if len(calls) == 2:
            raise OSError(error, os.strerror(error))
        return copied(content, copy, most)

    with monkeypatch.context() as patch:
        patch.setattr(index.formats.archive, "_copied", full)
        found = list(outcomes(task(file)))
    told = [item for item in found if isinstance(item, Problem)]
    assert [item.kind for item in told] == ["disk"] and "free some" in told[0].reason and found[-1] == Done(whole=False)
    assert sum(isinstance(item, tuple) for item in found) == 1
    assert list(outcomes(task(file)))[-1] == Done()


# Dates out of any calendar


@pytest.mark.parametrize(
    ("given", "day"),
    [
        ("Tue, 21 Oct 2025 23:10:00 -0500", "2025-10-21"),
        ("21 Oct 97 10:00 GMT", "1997-10-21"),
        *((f"Tue, 01 Jan {year} 10:00 +0000", None) for year in ("0000", "-5", "10000-01-01", "9" * 20, "۰۰۰۰/۰۱/۰۱", "1e9")),
    ],
)
def test_a_day_of_a_mail_is_read_as_it_is_written_or_not_at_all(given, day):
    assert day_sent(given) == (day or given)
    content = mail(story(0)).replace(b"Tue, 21 Oct 2025 10:00:00 +0300", given.encode())
    (document,) = read(content, "a.eml")
    assert isinstance(document, RawDocument) and document.metadata["published"] == " ".join((day or given).split())
    (item,) = read(made(".rss", story(0)).replace(b"Tue, 21 Oct 2025 08:00:00 GMT", given.encode()), "a.rss")
    assert isinstance(item, RawDocument) and item.metadata["published"] == (day or given)


@pytest.mark.parametrize("language", SENTENCE)
@pytest.mark.parametrize("year", ["0000-01-01", "9999-12-31", "۹۹۹۹/۱۲/۲۹", "٠٠٠٠-٠١-٠١", "10000-01-01", "1e400", "-5"])
def test_a_year_that_no_article_has_gives_no_day_and_is_told(language, year, tmp_path):
    page = f"<title>{year}</title><meta property='article:published_time' content='{year}'><p>{SENTENCE[language]}</p>"
    files = {
        "a.txt": f"---\ntitle: x\npublished: {year}\n---\n{SENTENCE[language]}",
        "a.html": page,
        "a.json": json.dumps({"text": SENTENCE[language], "title": "x", "published": year}),
        "a.csv": table([{"text": SENTENCE[language], "title": "x", "date": year}]),
    }
    for name, content in files.items():
        (tmp_path / name).write_text(content)
        found = list(outcomes(task(tmp_path / name)))
        articles = [item[0] for item in found if isinstance(item, tuple)]
        told = [item for item in found if isinstance(item, Problem)]
        assert [article.published for article in articles if isinstance(article, Article)] == [None], name
        assert [(item.kind, item.skipped) for item in told] in ([("date", False)], []), name
        assert told or (year in {"-5", "1e400"} and name == "a.html"), "a page's meta tag that holds no day at all"


# Names, pipes, files that change


def test_names_that_turn_round_break_lines_or_are_spelt_in_two_ways(tmp_path):
    folder, data = tmp_path / "news", tmp_path / "data"
    composed, apart = (unicodedata.normalize(form, "آمن café.txt") for form in ("NFC", "NFD"))
    names = [composed, apart, "a\u202egpj.txt", "b\u2067\n\r.txt", "خبر – «قمة» #1 ١٢٪.txt"]
    write_articles(folder, dict.fromkeys(names, ARABIC))
    (folder / "empty\u202e\n.txt").write_text("")
    os.mkfifo(folder / "pipe.txt")
    report = build(data, folder, embedder=TinyEmbedder([]))
    assert report.added == len(names)
    assert {problem.path: problem.kind for problem in report.problems} == {
        "news/empty\\x202e\\x0a.txt": "empty",
        "news/pipe.txt": "unreadable",
    }
    assert "pipe" in next(problem.reason for problem in report.problems if problem.path.endswith("pipe.txt"))
    shown = [str(path) for (path,) in rows(data, "articles", "path")]
    assert f"news/{names[-1]}" in shown and not set("\n\r\u202e\u2067") & set("".join(shown))
    assert build(data, folder, embedder=TinyEmbedder([])).unchanged == len(names)
