"""The page in Chromium, against a real server over a real index of seeds/: what the tests of its parts share."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from fastapi import FastAPI
from playwright.sync_api import Page, expect

from index.types import EVERYTHING, Filter
from rag.answer import Quoted
from rag.generate.leash import Leash
from rag.types import Answer, Citation
from tests.serving import serving as serve
from tests.ui import staged

ARABIC = "كم ساعة قضى ويتكوف مع بوتين في موسكو؟"
# No sources differ about it: they would stand in columns.
UNDISPUTED = "ما الشركة المصنعة لتوماهوك التي اجتمع زيلينسكي بممثليها؟"
PERSIAN = "نشست آلاسکا چند ساعت طول کشید؟"
ENGLISH = "What mark did Trump give his Alaska summit with Putin?"
UNTOLD = "كيف سيكون الطقس في القاهرة غدا؟"
# A file's name of both directions, with characters that an address writes otherwise.
NAME = "خبر – «قمة» #1 ١٢٪.txt"
# A machine that runs two cores full of other work is no reason to fail.
PATIENCE = 20_000
expect.set_options(timeout=PATIENCE)


@dataclass
class StagedAnswerer:
    """The real answerer, but for some questions: some are answered in two steps with a wait between, one breaks.

    "Growing several fa" brings that answer of staged.py, its short answer in the second step only.
    "staged differing fa" and the like bring the answer of that name from staged.py.
    """

    real: Any
    asked: list[tuple[str, list[str]]] = field(default_factory=list)
    within: list[Filter] = field(default_factory=list)
    go_on: threading.Event = field(default_factory=threading.Event)

    @property
    def models(self) -> dict[str, str]:
        return self.real.models

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    def quote(self, question: str, history: Sequence[str] = (), within: Filter = EVERYTHING) -> Quoted:
        parts = self.stream(question, history, within)
        if question.startswith(("Slowly", "Growing")):
            return Quoted(next(parts), parts, lasting=False)  # type: ignore[arg-type]
        # Whole at once: it need not wait for the one that writes.
        return Quoted(list(parts)[-1], None, lasting=False)

    def write(self, draftable: Any, leash: Leash | None = None) -> Iterator[Answer]:
        yield from draftable

    def stream(self, question: str, history: Sequence[str] = (), within: Filter = EVERYTHING) -> Iterator[Answer]:
        self.asked.append((question, list(history)))
        self.within.append(within)
        if question.startswith("Slowly"):
            item = Citation("a", "a.txt", "T", "O", None, "en", None, "One.", 0, 4, 1, "One. Two.")
            yield Answer(question, "en", "One. [1]", "written", False, (item,), models=self.models)
            assert self.go_on.wait(30)
            yield Answer(question, "en", "One. [1] Two. [1]", "written", False, (item,), models=self.models)
        elif question.startswith("Growing"):
            _, name, language, *_ = question.split()
            whole = getattr(staged, name)(language)
            yield replace(whole, direct=None)
            assert self.go_on.wait(30)
            yield whole
        elif question.startswith("staged"):
            _, name, language, *_ = question.split()
            yield getattr(staged, name)(language)
        elif question.startswith("Break"):
            raise RuntimeError("<b>a bug</b>")
        else:
            yield from self.real.stream(question, history, within)


class NothingOffered:
    """Offers no questions: those that are found out behind the page would be asked beside those of the tests."""

    are_looked_for = False

    def examples(self, language: str) -> tuple[()]:
        return ()

    def followups(self, *_: object) -> tuple[()]:
        return ()

    def start(self) -> None: ...

    def stop(self) -> None: ...


class Quiet:
    """Progress that nobody hears of."""

    def stage(self, name: str, total: int) -> None: ...

    def advance(self, steps: int) -> None: ...


@contextmanager
def serving(application: FastAPI, port: int = 0, **options: Any) -> Iterator[str]:
    """A server in a thread of its own, for as long as it is entered; its address ends in a slash."""
    with serve(application, port, **options) as address:
        yield f"{address}/"


@dataclass
class Visit:
    """An open page, and what its browser had to complain about."""

    page: Page
    complaints: list[str]

    def ask(self, question: str) -> None:
        """Ask, and wait for the whole answer."""
        before = self.page.locator(".turn").count()
        self.send(question)
        expect(self.page.locator(".turn")).to_have_count(before + 1)
        expect(self.page.locator(".turn").last).to_have_attribute("aria-busy", "false")

    def send(self, question: str) -> None:
        """Ask, and wait for nothing."""
        self.page.locator("#box").fill(question)
        self.page.locator("#box").press("Enter")

    def choose(self, *outlets: str, languages: Sequence[str] = (), **days: str) -> None:
        """Open the panel and choose in it; it stays open."""
        if self.page.locator("#filter-button").get_attribute("aria-expanded") == "false":
            self.page.locator("#filter-button").click()
        for outlet in outlets:
            self.page.get_by_label(outlet, exact=False).check()
        for language in languages:
            self.page.locator(f"[name=language][value={language}]").check()
        for name, day in days.items():
            self.page.locator(f"#filter-{name}").fill(day)
            self.page.locator(f"#filter-{name}").blur()

    def style(self, selector: str, name: str) -> str:
        return str(self.page.locator(selector).last.evaluate(f"element => getComputedStyle(element).{name}"))


def watched(page: Page, address: str) -> list[str]:
    """A list that fills with what a page's browser complains of: errors, failed requests, and requests to elsewhere."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: complaints.append(request.url) if is_elsewhere(request.url, address) else None)
    page.on("response", lambda reply: complaints.append(f"{reply.status} {reply.url}") if reply.status >= 400 else None)
    return complaints


def is_elsewhere(url: str, address: str) -> bool:
    return not url.startswith((address, "data:", "blob:"))


def opened(page: Page, address: str) -> None:
    """Open the page at an address, and wait until it can be used."""
    page.goto(address)
    page.locator("html[data-ready]").wait_for()
