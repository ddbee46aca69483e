"""What tries to run, to reorder the page or to leave its block: in questions, articles and their names, and drafts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import expect

from index.build import BuildOptions, build_index
from index.embed import NoEmbedder
from index.types import EVERYTHING
from rag.answer import Quoted
from rag.api.application import create_api
from rag.archive import open_archive
from rag.desk import open_desk
from rag.settings import Settings
from rag.types import Answer, Citation
from tests.ui.page.served import Quiet, Visit, opened, serving, watched
from ui.page.app import mount_page

pytestmark = [pytest.mark.browser, pytest.mark.adversarial]

RUN = "window.ran=1"
ATTACKS = [
    f"<script>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f"<svg onload={RUN}><script>{RUN}</script></svg>",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    "<style>*{display:none!important}</style>",
    f"<form action=javascript:{RUN}><button>ارسال</button></form>",
    f"[اضغط](javascript:{RUN})",
    f'<a href="data:text/html,<script>{RUN}</script>">خبر</a>',
    "![صورة](https://tracker.example/pixel.png)",
    "<link rel=stylesheet href=https://tracker.example/a.css>",
    f'" onmouseover="{RUN}" x="',
    f"' autofocus onfocus={RUN} '",
    "</h2></div></article><h1>Khabar is closed</h1>",
    "</textarea></script></template></title>",
    "{{constructor.constructor('window.ran=1')()}} ${window.ran=1} {#if x}",
    "&lt;script&gt;window.ran=1&lt;/script&gt;",
    "\u202eأخبار مقلوبة\u202d\u2066\u2067\u2068",
    "\u0301" * 10_000,
    "ا" * 5_000,
    "<base href=https://tracker.example/><meta http-equiv=refresh content='0;url=https://tracker.example/'>",
]
# Of these a name of a file can be made: it has no slash, and is not too long for a disk.
NAMES = [attack for attack in ATTACKS if "/" not in attack and len(attack.encode()) < 200]
# None of these may come into being in the page.
FOREIGN = "script, img, iframe, style, form[action], link, base, meta, object, [onerror], [onload], [onmouseover], [onfocus]"


# What reaches over the edge of the window and is not cut off by what it stands in.
TOO_WIDE = """
(() => {
  if (document.documentElement.scrollWidth === innerWidth) return [];
  const shown = [...document.querySelectorAll("#khabar *")].filter((one) => one.checkVisibility());
  const wide = shown.filter((one) => one.scrollWidth > innerWidth);
  const inner = wide.filter((one) => !wide.some((other) => other !== one && one.contains(other)));
  return inner.map((one) => one.outerHTML.slice(0, 99));
})()
"""


class Writing:
    """Writes the attacks as a model's draft would; everything else is answered by the real answerer."""

    def __init__(self, real):
        self.real = real

    def __getattr__(self, name):
        return getattr(self.real, name)

    def quote(self, question, history=(), within=EVERYTHING):
        return Quoted(next(self.stream(question, history, within)), lasting=False)

    def stream(self, question, history=(), within=EVERYTHING):
        if not question.startswith("draft"):
            yield from self.real.stream(question, history, within)
            return
        attack = ATTACKS[int(question.split()[1])]
        item = Citation("a", f"a/{attack}.txt", attack, attack, None, "ar", f"javascript:{RUN}", attack, 0, 5, 1, attack)
        yield Answer(question, "ar", f"{attack} [1]", "written", False, (item,), notices=(attack,), models=self.models)


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> Iterator[str]:
    data, articles = tmp_path_factory.mktemp("data"), tmp_path_factory.mktemp("articles")
    for number, attack in enumerate(ATTACKS):
        head = f"---\ntitle: قمة {number} {attack}\noutlet: جريدة {attack}\nurl: javascript:{RUN}\n---\n"
        (articles / f"{number}.txt").write_text(f"{head}عقدت القمة {number} هناك. {attack}\n", encoding="utf-8")
    for attack in NAMES:
        text = "---\ntitle: اسم الملف\n---\nعقدت قمة أخرى هناك يوم الثلاثاء."
        (articles / f"{attack}.txt").write_text(text, encoding="utf-8")
    settings = Settings(data=data, llm="none", embedder="none", reader="none", top_k=20, quotes=10)
    build_index(data, [Path(articles)], NoEmbedder(), BuildOptions(), Quiet())
    archive = open_archive(settings)
    desk = open_desk(replace(archive, answerer=Writing(archive.answerer)), settings)
    with serving(mount_page(create_api(desk), desk)) as found:
        yield found
    desk.close()
    archive.catalog.close()


@pytest.fixture
def visit(browser, address) -> Iterator[Visit]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="ar")
    page = context.new_page()
    complaints = watched(page, address)
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    opened(page, address)
    yield Visit(page, complaints)
    assert page.evaluate("window.ran") is None and page.url.startswith(address)
    assert page.locator(f"#khabar :is({FOREIGN})").count() == 0
    assert page.evaluate(TOO_WIDE) == []
    expect(page.locator("#masthead h1")).to_be_visible()
    context.close()
    assert not complaints


def test_in_a_question(visit):
    for attack in ATTACKS:
        text = attack if len(attack) < 2000 else attack[:2000]
        visit.send(text)
    expect(visit.page.locator(".turn[aria-busy=false]")).to_have_count(len(ATTACKS))
    visit.page.reload()
    expect(visit.page.locator(".turn")).to_have_count(len(ATTACKS))


def test_in_titles_outlets_and_texts_of_articles(visit):
    for number in range(len(ATTACKS)):
        visit.send(f"أين عقدت القمة {number}؟")
    expect(visit.page.locator(".turn[aria-busy=false]")).to_have_count(len(ATTACKS))
    visit.page.evaluate("document.querySelectorAll('#view details').forEach((one) => (one.open = true))")


def test_in_names_of_files(visit):
    visit.ask("متى عقدت القمة الأخرى؟")
    expect(visit.page.locator(".turn")).to_contain_text("الثلاثاء")


def test_in_what_a_model_writes(visit):
    for number in range(len(ATTACKS)):
        visit.send(f"draft {number}")
    expect(visit.page.locator(".turn[aria-busy=false]")).to_have_count(len(ATTACKS))
    assert visit.page.locator("#view a[href^='javascript:'], #view a[href^='data:']").count() == 0


def test_in_the_name_of_a_conversation(visit):
    visit.ask("متى عقدت القمة الأخرى؟")
    long = [attack for attack in ATTACKS if len(attack) > 1000]
    for attack in (" ".join(attack for attack in ATTACKS if attack not in long), *long):
        place = visit.page.url.rsplit("/", 1)[1]
        visit.page.evaluate(
            "([place, title]) => fetch(`page/conversations/${place}`, { method: 'PATCH', body: JSON.stringify({ title }),"
            " headers: { 'X-Khabar': 'page', 'Content-Type': 'application/json' } })",
            [place, attack[:1000]],
        )
        visit.page.reload()
        expect(visit.page.locator("#conversations li")).to_have_count(1)


def test_marks_that_pile_up_stay_in_their_block(visit, browser, address):
    """What is seen above a question is the same, whatever marks the question piles up."""
    seen = []
    for question in ("سؤال", "سؤا" + "\u0301" * 1900 + "ل"):
        visit.page.locator("#new").click()
        visit.ask(question)
        block = visit.page.locator(".question").first
        visit.page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
        top = block.bounding_box()["y"]
        area = visit.page.evaluate("document.querySelector('#masthead').getBoundingClientRect().bottom")
        seen.append(visit.page.screenshot(clip={"x": 0, "y": area, "width": 390, "height": top - area - 1}))
    assert seen[0] == seen[1]
