"""Each format gives back what was put into it, in three languages, with its title, day, outlet and link."""

from __future__ import annotations

import email
import email.policy
import io
import json
import zipfile
from datetime import date
from email.message import EmailMessage

import pytest

from benchmarks.made_files import MAKERS, Story, made, mail, pdf, sheet, table, tarred, zipped
from index.clean import clean
from index.formats.kinds import read_file
from index.formats.options import ReadOptions
from index.load import RawDocument
from index.types import Article, Problem

STORIES = {
    "ar": Story(
        "تأجيل قمة بودابست", "وكالة النورس", "2025-10-21",
        (
            "قال البيت الأبيض إن القمّة بين الرئيسين في بودابست أُرجئت إلى موعد لم يحدد بعد، بحسب مسؤول.",
            "وأجرى روبيو اتصالا بنظيره لافروف استمر ٣٥ دقيقة (في 21 أكتوبر)، وارتفع إنتاج Rosneft بنسبة 12.5% منذ آب.",
        ),
        "ar",
    ),
    "fa": Story(
        "دیدار بوداپست لغو می‌شود", "خبرگزاری کبوتر", "2025-10-21",
        (
            "رئیس‌جمهور آمریکا می‌گوید که دیدار با همتای روسی‌اش در بوداپست برگزار نمی‌شود و برنامه‌ای نیست.",
            "به گفتهٔ مقام‌های کاخ سفید این تصمیم پس از گفت‌وگوی ۳۵ دقیقه‌ای وزیران گرفته شد.",
        ),
        "fa",
    ),
    "en": Story(
        "Budapest summit postponed", "Northgate", "2025-10-21",
        (
            "The White House said on Tuesday that the Budapest summit was postponed, and that no date has been set for it.",
            "Rubio spoke with Lavrov for 35 minutes and called it productive, an official of the ministry added later on.",
        ),
        "en",
    ),
}  # fmt: skip
OUTLETS = {".txt", ".md", ".jsonl", ".json", ".epub", ".eml", ".mbox", ".csv", ".tsv", ".xlsx", ".rss", ".atom"}
LINKS = {".rss", ".atom", ".warc", ".warc.gz", ".mhtml"}
UNDATED = {".pdf", ".docx", ".odt", ".rtf"}


def found(content: bytes | str, name: str, **options: object) -> list[RawDocument | Problem]:
    file = io.BytesIO(content.encode() if isinstance(content, str) else content)
    every = read_file(file, name, ReadOptions(**{"max_bytes": 1_000_000, **options}))  # type: ignore[arg-type]
    return [item for item in every if isinstance(item, RawDocument | Problem)]


def articles(content: bytes | str, name: str, **options: object) -> list[Article]:
    read = found(content, name, **options)
    assert all(isinstance(item, RawDocument) for item in read), read
    return [
        item for document in read if isinstance(document, RawDocument) for item in clean(document) if isinstance(item, Article)
    ]


def problem(content: bytes | str, name: str, **options: object) -> Problem:
    (only,) = found(content, name, **options)
    assert isinstance(only, Problem) and ";" in only.reason, only
    return only


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("suffix", MAKERS)
@pytest.mark.parametrize("language", STORIES)
def test_every_format_gives_back_what_was_put_in(suffix, language):
    story = STORIES[language]
    (article,) = articles(made(suffix, story), f"news/a{suffix}")
    for paragraph in story.paragraphs:
        assert flat(paragraph) in flat(article.text), article.text
    assert article.language == language
    if suffix != ".pdf":
        assert article.title == story.title
    assert article.published == (None if suffix in UNDATED else date(2025, 10, 21))
    assert (article.outlet == story.outlet) or suffix not in OUTLETS
    assert (article.url == "https://nawras.example/1") == (suffix in LINKS)


# PDF


def test_pdf_lines_are_joined_and_running_lines_go():
    story = STORIES["ar"]
    pages = [["وكالة النورس", "", *story.paragraphs, "", "", f"صفحة {number}"] for number in (1, 2, 3)]
    (document,) = found(pdf(pages), "a.pdf")
    assert isinstance(document, RawDocument) and "صفحة" not in document.text and document.text.count("لافروف") == 3


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda content: content[: len(content) // 3], "damaged"),
        (lambda content: b"%PDF-1.4\n" + b"\0\xff" * 500, "damaged"),
        (lambda content: content.replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O "
                                         b"<" + b"41" * 32 + b"> /U <" + b"42" * 32 + b"> >> /ID [<41> <41>]"), "password"),
        (lambda content: b"<html><p>404</p></html>", "no .pdf file but a page"),
    ],
)  # fmt: skip
def test_pdf_that_cannot_be_read(change, told):
    assert told in problem(change(made(".pdf", STORIES["fa"])), "news/a.pdf").reason


def test_pdf_without_text_and_a_scan(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "no text" in problem(pdf([[]]), "a.pdf").reason
    told = problem(pdf([[], []], picture=True), "a.pdf")
    assert "pictures" in told.reason and "tesseract" in told.reason and told.kind == "scanned"
    document, note = sorted(
        found(pdf([["خبر طويل هنا"], []], picture=True), "a.pdf"), key=lambda item: isinstance(item, Problem)
    )
    assert isinstance(document, RawDocument) and isinstance(note, Problem) and not note.skipped and "pages 2" in note.reason


def test_a_scan_is_read_by_tesseract_where_it_is_installed(monkeypatch, tmp_path):
    from index.formats import ocr

    program = tmp_path / "tesseract"
    program.write_text(
        '#!/bin/sh\ncase "$1" in --list-langs) printf "List of languages:\\nfas\\neng\\nara\\n";;\n'
        '*) [ "$4" = ara+fas+eng ] && [ -s "$1" ] && echo "رئیس‌جمهور می‌گوید دیدار لغو شد.";;\nesac\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    ocr._languages.cache_clear()
    note, document = found(pdf([[], []], picture=True), "a.pdf")
    ocr._languages.cache_clear()
    assert isinstance(document, RawDocument) and document.text.count("رئیس‌جمهور می‌گوید دیدار لغو شد.") == 2
    assert isinstance(note, Problem) and not note.skipped and "2 scanned pages were read by Tesseract" in note.reason


# Office


def test_docx_keeps_rows_whole_and_what_was_inserted_but_not_what_was_deleted():
    from docx import Document

    document = Document()
    document.add_paragraph("قال الرئيس إن القمة")
    cells = document.add_table(2, 2)
    for number, text in enumerate(["النصر", "فوز 2-1", "الأهلي", "فوز 2-1"]):
        cells.rows[number // 2].cells[number % 2].text = text
    target = io.BytesIO()
    document.save(target)
    names = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    review = (
        f'<w:ins {names} w:id="1" w:author="a"><w:r><w:t> لن تعقد</w:t></w:r></w:ins>'
        f'<w:del {names} w:id="2" w:author="a"><w:r><w:delText> غدا</w:delText></w:r></w:del>'
    )
    with zipfile.ZipFile(target) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    body = parts["word/document.xml"].decode().replace("</w:r></w:p>", f"</w:r>{review}</w:p>", 1)
    (read,) = found(zipped({**parts, "word/document.xml": body}), "a.docx")
    assert isinstance(read, RawDocument)
    assert read.text.split("\n")[:3] == ["قال الرئيس إن القمة لن تعقد", "النصر | فوز 2-1", "الأهلي | فوز 2-1"]


@pytest.mark.parametrize("suffix", [".docx", ".odt", ".epub", ".xlsx", ".zip"])
@pytest.mark.parametrize("content", [b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0 old", b"plain words", zipped({"a.bin": b"x"})])
def test_packed_documents_that_are_none(suffix, content):
    assert problem(content, f"a{suffix}").path == "a" + suffix


def test_entities_are_not_expanded_and_nothing_outside_is_read(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("SECRET")
    dtd = f'<!DOCTYPE r [<!ENTITY a "{"ha" * 100}"><!ENTITY b "{"&a;" * 100}"><!ENTITY c "{"&b;" * 100}">'
    dtd += f'<!ENTITY d "{"&c;" * 100}"><!ENTITY s SYSTEM "{secret.as_uri()}">]>'
    feed = f"{dtd}<rss><channel><item><description>خبر &d; &s; مهم</description></item></channel></rss>"
    for item in found(feed, "a.rss"):
        text = item.text if isinstance(item, RawDocument) else item.reason
        assert "SECRET" not in text and len(text) < 1_000


# Mail


@pytest.mark.parametrize("page", [False, True])
@pytest.mark.parametrize("charset", ["windows-1256", "utf-8", "iso-8859-6"])
def test_mail_in_other_charsets(charset, page):
    story = Story(
        "قمة بودابست: تأجيل", "النورس", "2025-10-21", ("قال البيت الأبيض إن القمة أرجئت إلى موعد لم يحدد بعد.",) * 2, "ar"
    )
    content = mail(story, charset=charset, page=page)
    assert b"=?utf-8?" in content
    (article,) = articles(content, "a.eml")
    assert (article.title, article.outlet, article.published) == ("قمة بودابست: تأجيل", "النورس", date(2025, 10, 21))
    assert "البيت الأبيض" in article.text


def test_a_box_of_mails_and_a_mail_without_text():
    story = STORIES["fa"]
    box = b"".join(b"From a Tue Oct 21\n" + mail(story) + b"\n\n" for _ in range(3))
    assert [article.path for article in articles(box, "a.mbox")] == ["a.mbox#1", "a.mbox#2", "a.mbox#3"]
    assert "attached" in problem(b"Subject: x\nContent-Type: image/png\n\nabc", "a.eml").reason


@pytest.mark.parametrize("language", STORIES)
def test_what_is_attached_to_a_mail_is_read_as_part_of_it(language):
    story, inner = STORIES[language], EmailMessage()
    inner["Subject"], inner["Date"] = "تحویل", "Wed, 22 Oct 2025 10:00:00 +0300"
    inner.set_content(story.paragraphs[0])
    message = email.message_from_bytes(mail(story), policy=email.policy.default)
    for name in ("خبر.pdf", "خبر.pdf", "گزارش.docx"):
        message.add_attachment(made(name[name.index(".") :], story), maintype="application", subtype="x", filename=name)
    message.add_attachment(inner)
    message.add_attachment(b"x", maintype="image", subtype="png", filename="a.png")
    *read, note = found(message.as_bytes(), "n/a.eml")
    assert [item.path for item in read] == [
        "n/a.eml", "n/a.eml/خبر.pdf", "n/a.eml/2-خبر.pdf", "n/a.eml/گزارش.docx", "n/a.eml/mail.eml",
    ]  # fmt: skip
    assert isinstance(note, Problem) and note.kind == "attached" and ".png" in note.reason
    for item in read[1:4]:
        assert isinstance(item, RawDocument) and story.paragraphs[0].split()[0] in item.text
        assert (item.metadata["outlet"], item.metadata["published"]) == (story.outlet, "2025-10-21")
    assert isinstance(read[4], RawDocument) and read[4].metadata["published"] == "2025-10-22"
    told = found(message.as_bytes(), "a.eml", depth=0)
    assert [item.kind for item in told if isinstance(item, Problem) and item.skipped] == ["nested"] * 4
    alone = EmailMessage()
    alone.add_attachment(made(".pdf", story), maintype="application", subtype="pdf", filename="x.pdf")
    assert [article.path for article in articles(alone.as_bytes(), "a.eml")] == ["a.eml/x.pdf"]


# Tables and JSON


def test_columns_are_guessed_in_three_languages_or_told():
    text = "قال إن القمة لن تعقد قبل الشتاء."
    for names in (("Headline", "Body"), ("العنوان", "النص"), ("عنوان", "متن")):
        (article,) = articles(table([{names[0]: "قمة", names[1]: text}], ";"), "a.csv")
        assert (article.title, article.text) == ("قمة", text)
    rows = [{"Überschrift": "قمة", "Inhalt": text}]
    assert "Überschrift, Inhalt" in problem(table(rows), "a.csv").reason
    told = {"text": "Inhalt", "title": "überschrift"}
    for content, name in (
        (table(rows), "a.csv"),
        (sheet(rows), "a.xlsx"),
        (json.dumps(rows), "a.json"),
        (json.dumps(rows[0]), "a.jsonl"),
    ):
        (article,) = articles(content, name, columns=told)
        assert (article.title, article.text) == ("قمة", text)


def test_a_table_in_another_charset():
    content = table([{"العنوان": "قمة", "النص": "قال إن القمة لن تعقد قبل الشتاء المقبل."}] * 5).encode("windows-1256")
    note, first, *_ = found(content, "a.csv")
    assert isinstance(note, Problem) and not note.skipped and "windows-1256" in note.reason
    assert isinstance(first, RawDocument) and first.text.startswith("قال إن القمة")


@pytest.mark.parametrize("value", ["[1, 2", "5", '"خبر"', "[]x"])
def test_json_without_articles(value):
    assert problem(value, "a.json").path == "a.json"


def test_json_under_a_key():
    (article,) = articles('{"total": 1, "articles": [{"id": "x", "body": "او گفت که دیدار لغو شد."}]}', "a.json")
    assert article.path == "a.json#x"


# Names and content


def test_a_wrong_suffix_is_named_and_the_file_read():
    for suffix in (".pdf", ".docx", ".rtf"):
        note, document = found(made(suffix, STORIES["fa"]), "a.txt")
        assert isinstance(note, Problem) and not note.skipped and suffix in note.reason and isinstance(document, RawDocument)


# Archives


def test_members_are_named_by_their_place_and_the_others_told():
    text = "---\ntitle: قمة\n---\nقال إن القمة لن تعقد."
    content = zipped(
        {
            "sub/خبر.txt": text,
            "a\u202e\n.txt": text,
            "film.mp4": b"x",
            ".hidden.txt": text,
            "../../up.txt": text,
            "/abs.txt": text,
        }
    )
    read = found(content, "n/a.zip")
    assert [item.path for item in read] == [
        "n/a.zip/sub/خبر.txt",
        "n/a.zip/a\\x202e\\x0a.txt",
        "n/a.zip/../../up.txt",
        "n/a.zip//abs.txt",
        "n/a.zip",
    ]
    assert isinstance(read[-1], Problem) and "film.mp4" in read[-1].reason


def test_archives_inside_archives_have_an_end():
    content = zipped({"a.txt": "---\ntitle: قمة\n---\nقال إن القمة لن تعقد."})
    for _ in range(3):
        content = zipped({"in.zip": content})
    assert "too deep" in problem(content, "a.zip").reason


def test_a_bomb_and_links_do_no_harm():
    bomb = zipped({"a.txt": b"0" * 3_000_000})
    assert "KHABAR_UNPACKED_MB" in problem(bomb, "a.zip", unpacked_bytes=1_000_000).reason
    assert "KHABAR_MAX_MB" in problem(zipped({"content.xml": b" " * 30_000_000}), "a.odt").reason
    read = found(tarred({}, {"passwords.txt": "/etc/passwd"}), "a.tar.gz")
    assert [item.kind for item in read if isinstance(item, Problem)] == ["link"]
    locked = bytearray(zipped({"a.txt": "خبر"}))
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    assert "locked" in problem(bytes(locked), "a.zip").reason


def test_a_long_line_of_a_jsonl_is_not_held():
    class Endless(io.RawIOBase):
        left = 30_000_000
        largest = 0

        def readable(self):
            return True

        def readinto(self, buffer):
            size = min(len(buffer), self.left)
            type(self).largest = max(self.largest, len(buffer))
            self.left -= size
            buffer[:size] = b"x" * size
            return size

        def seekable(self):
            return False

    from index.load import read_jsonl

    (told,) = read_jsonl(io.BufferedReader(Endless()), "a.jsonl", 1_000_000)
    assert isinstance(told, Problem) and "30.0 MB" in told.reason and Endless.largest < 3_000_000
