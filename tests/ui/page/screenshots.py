"""Pictures of the page to look at: every state of it in three languages, at desk and phone width, light and dark.

python -m tests.ui.page.screenshots FOLDER [--only STATE …] [--languages ar fa en] [--widths 1280 390] [--schemes light dark]
"""

from __future__ import annotations

import argparse
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from index.build import BuildOptions, build_index
from index.embedding import embed_archive
from rag.api.application import create_api
from rag.archive import Archive, chosen_embedder, chosen_names, open_archive
from rag.desk import open_desk
from rag.server.entrance import behind_entrance
from rag.server.keys import KeyFile
from rag.settings import Settings
from tests.ui.page.conftest import FLAGS, chromium
from tests.ui.page.served import Quiet, StagedAnswerer, opened, serving
from ui.commands.serve import begin_archive
from ui.login.login import login_of
from ui.login.users import new_line
from ui.page.app import mount_page
from ui.page.guard import PagePeople
from ui.page.login import add_login_page

SEEDS = Path(__file__).parents[3] / "seeds"
LOCALES = {"ar": "ar", "fa": "fa-IR", "en": "en-US"}
SHORT = {
    "ar": "كم استغرق السطو على متحف اللوفر؟",
    "fa": "نشست آلاسکا چند ساعت طول کشید؟",
    "en": "What mark did Trump give his Alaska summit with Putin?",
}
FOREIGN = {
    "ar": "چه کسی درباره عبور هواپیمای پوتین هشدار داد؟",
    "fa": "ترامپ به نشست آلاسکا چه نمره‌ای داد؟",
    "en": "What did Peskov say about the date of the Budapest summit?",
}
DIFFERING = {
    "ar": "كم ساعة قضى ويتكوف مع بوتين في موسكو؟",
    "fa": "ویتکاف چند ساعت با پوتین دیدار کرد؟",
    "en": "How many hours did Witkoff spend with Putin?",
}
UNTOLD = {"ar": "كيف سيكون الطقس في القاهرة غدا؟", "fa": "فردا هوای تهران چطور است؟", "en": "Will it rain in London tomorrow?"}
NEAR = {"ar": "كم عمر ستيف ويتكوف؟", "fa": "استیو ویتکاف چند فرزند دارد؟", "en": "Where was Steve Witkoff born?"}
UPLOADED = {
    "خبر.txt": "---\nعنوان: ok\n---\nعقد مجلس المدينة جلسته الأولى يوم الثلاثاء.".encode(),
    "empty.txt": b"",
    "برنامه.txt": b"\x7fELF" + bytes(range(256)) * 40,
    "film.mp4": b"\x00" * 4000,
}

State = Callable[[Page, str], None]


def ask(page: Page, question: str) -> None:
    turns = page.locator(".turn").count()
    page.fill("#box", question)
    page.press("#box", "Enter")
    page.locator(".turn[aria-busy=false]").nth(turns).wait_for()
    page.wait_for_timeout(700)


def asks(questions: dict[str, str]) -> State:
    return lambda page, language: ask(page, questions[language])


def first_visit(page: Page, language: str) -> None:
    """The questions offered are found out behind the page: it is opened again until they are there."""
    while not page.locator(".example").count():
        page.reload()
        page.wait_for_timeout(1500)


def long_conversation(page: Page, language: str) -> None:
    for questions in (SHORT, DIFFERING, NEAR, FOREIGN):
        ask(page, questions[language])


def article_reader(page: Page, language: str) -> None:
    ask(page, SHORT[language])
    page.locator("#view [data-article]").first.click()
    page.locator("#reader:not([hidden])").wait_for()
    page.wait_for_timeout(800)


def archive(page: Page, language: str) -> None:
    page.goto(page.url.split("/c/")[0].rstrip("/") + "/archive")
    page.locator("#view[data-shown=archive]").wait_for()
    page.wait_for_timeout(800)


def upload(page: Page, language: str) -> None:
    archive(page, language)
    files = [{"name": name, "mimeType": "application/octet-stream", "buffer": content} for name, content in UPLOADED.items()]
    with page.expect_file_chooser() as chosen:
        page.locator('#view [data-add="files"]').first.click()
    chosen.value.set_files(files)
    page.locator("#incoming .refused").nth(1).wait_for()
    page.wait_for_timeout(2500)


def check(page: Page, language: str) -> None:
    page.goto(page.url.split("/c/")[0].rstrip("/") + "/check")
    page.locator("#view[data-shown=check]").wait_for()
    page.wait_for_timeout(800)


def error(page: Page, language: str) -> None:
    ask(page, SHORT[language])
    ask(page, "Break")


def side(page: Page, language: str) -> None:
    for questions in (SHORT, DIFFERING):
        ask(page, questions[language])
        page.locator("#new").click()
        page.wait_for_timeout(400)
    if page.locator("#side-button").is_visible():
        page.locator("#side-button").click()
        page.wait_for_timeout(500)


def filtering(page: Page, language: str) -> None:
    page.locator("#filter-button").click()
    page.wait_for_timeout(300)


# What the usual server shows.
STATES: dict[str, State] = {
    "first-visit": first_visit,
    "short-answer": asks(SHORT),
    "foreign-quote": asks(FOREIGN),
    "sources-differ": asks(DIFFERING),
    "abstention": asks(UNTOLD),
    "near-miss": asks(NEAR),
    "long-conversation": long_conversation,
    "article-reader": article_reader,
    "conversations": side,
    "filter": filtering,
    "archive": archive,
    "upload": upload,
    "check": check,
    "error": error,
}
# What needs a server of its own.
OTHERS = ("empty-archive", "reconnecting", "login")


def shoot(browser: Browser, folder: Path, name: str, address: str, state: State, wanted: argparse.Namespace) -> None:
    """Write the pictures of one state, each of a visitor who comes for the first time."""
    for language in wanted.languages:
        for width in wanted.widths:
            for scheme in wanted.schemes:
                context = browser.new_context(
                    locale=LOCALES[language], viewport={"width": width, "height": 844 if width < 600 else 900},
                    color_scheme=scheme, reduced_motion="reduce",
                )  # fmt: skip
                page = context.new_page()
                page.set_default_timeout(60_000)
                if name == "login":
                    page.goto(address)
                else:
                    opened(page, address)
                state(page, language)
                page.screenshot(path=folder / f"{name}-{language}-{width}-{scheme}.png")
                context.close()


@contextmanager
def served(data: Path, port: int = 0, **settings: Any) -> Iterator[str]:
    """The page over an archive, with the embedded models and no writer."""
    chosen = Settings(data=data, llm="none", **settings)
    found: Archive = open_archive(chosen)
    desk = open_desk(replace(found, answerer=StagedAnswerer(found.answerer)), chosen)  # type: ignore[arg-type]
    desk.offers.start()
    application, login = create_api(desk), login_of(chosen)
    if login:
        add_login_page(application, login)
    mount_page(application, desk)
    entered = behind_entrance(application, chosen, KeyFile(chosen.data), PagePeople(login))
    with serving(entered, port) as address:  # type: ignore[arg-type]
        yield address
    desk.close()


def shoot_others(browser: Browser, folder: Path, data: Path, wanted: argparse.Namespace) -> None:
    """Write the pictures of an empty archive, of a server that went away, and of the login page."""
    nothing: State = lambda page, language: page.wait_for_timeout(800)  # noqa: E731
    with tempfile.TemporaryDirectory() as empty, ExitStack() as stack:
        if "empty-archive" in wanted.only:
            begin_archive(Settings(data=Path(empty)))
            address = stack.enter_context(served(Path(empty)))
            shoot(browser, folder, "empty-archive", address, nothing, wanted)
        if "login" in wanted.only:
            users = Path(empty) / "users"
            users.touch(0o600)
            users.write_text(new_line("maryam", "a long password"), encoding="utf-8")
            address = stack.enter_context(served(data, login=users))
            shoot(browser, folder, "login", address, nothing, wanted)
    if "reconnecting" in wanted.only:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]

        def cut_off(page: Page, language: str) -> None:
            ask(page, SHORT[language])
            page.route("**/page/conversations/**", lambda route: route.abort())
            page.fill("#box", DIFFERING[language])
            page.press("#box", "Enter")
            page.locator(".toast").wait_for()

        with served(data, port) as address:
            shoot(browser, folder, "reconnecting", address, cut_off, wanted)


def main(arguments: Sequence[str]) -> None:
    """Index the sample archive, then write the pictures."""
    parser = argparse.ArgumentParser(prog="python -m tests.ui.page.screenshots")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="+", choices=[*STATES, *OTHERS], default=[*STATES, *OTHERS])
    parser.add_argument("--languages", nargs="+", choices=list(LOCALES), default=list(LOCALES))
    parser.add_argument("--widths", nargs="+", type=int, default=[1280, 390])
    parser.add_argument("--schemes", nargs="+", choices=["light", "dark"], default=["light", "dark"])
    wanted = parser.parse_args(arguments)
    wanted.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        data = Path(folder)
        settings = Settings(data=data, llm="none")
        embedder = chosen_embedder(settings)
        build_index(data, [SEEDS], embedder, BuildOptions(), Quiet(), names=chosen_names(settings))
        embed_archive(data, embedder, Quiet())
        browser = playwright.chromium.launch(executable_path=chromium(playwright), args=FLAGS)
        with served(data) as address:
            for name, state in STATES.items():
                if name in wanted.only:
                    shoot(browser, wanted.folder, name, address, state, wanted)
        shoot_others(browser, wanted.folder, data, wanted)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
