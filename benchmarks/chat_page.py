"""What the chat page costs its reader, in Chromium over loopback: until it is ready, something is seen, quotes stand.

python -m benchmarks.chat_page QUESTIONS.jsonl [--archive DATA] [--visits 5] [--pages 20]

Without an archive, seeds/ is indexed into a temporary folder. Questions are asked in quote mode, one each of its languages in
turn. The server is `khabar serve` in a process of its own; a proxy is not asked, and every request to elsewhere is counted.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from benchmarks.page import command_line
from rag.evaluate.fixed_question import read_questions

_FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
_PATIENCE = 60_000
# Turns of one long conversation, and how many at its beginning and its end are compared.
_TURNS, _COMPARED = 40, 10
# Notes when Enter was pressed, when something changed on the page, and when the first quote stood there.
_WATCH = """
() => {
  const seen = (window.seen = { enter: 0, change: 0, quote: 0 });
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Enter") Object.assign(seen, { enter: performance.now(), change: 0, quote: 0, turns: document.querySelectorAll(".turn").length });
  }, true);
  const look = () => {
    const turns = [...document.querySelectorAll(".turn")];
    if (seen.enter && turns.length > seen.turns) {
      seen.change ||= performance.now();
      if (turns.at(-1).querySelector("blockquote, .abstention")) seen.quote ||= performance.now();
    }
    requestAnimationFrame(look);
  };
  look();
}
"""  # noqa: E501


@dataclass
class Traffic:
    """What a page has fetched: how many requests, their bytes as they came over the wire, and those to elsewhere."""

    requests: int = 0
    bytes: int = 0
    elsewhere: list[str] = field(default_factory=list)


def main(arguments: Sequence[str]) -> None:
    """Serve, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.chat_page")
    parser.add_argument("questions", nargs="+", type=Path)
    parser.add_argument("--archive", type=Path)
    parser.add_argument("--visits", type=int, default=5)
    parser.add_argument("--pages", type=int, default=20)
    wanted = parser.parse_args(arguments)
    asked = _by_turns([(each.language, each.question) for each in read_questions(wanted.questions) if not each.history])
    print(f"`{command_line(sys.argv)}`, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    with _served(wanted.archive) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=_FLAGS)
        _measure_visits(browser, address, wanted.visits)
        _measure_questions(browser, address, asked)
        _measure_long_conversation(browser, address, asked)
        _measure_pages(browser, address, asked, wanted.pages)
        browser.close()


def _by_turns(asked: list[tuple[str, str]]) -> list[str]:
    """Return the questions with their languages in turn."""
    queues = {language: [question for other, question in asked if other == language] for language in ("ar", "fa", "en")}
    longest = max(map(len, queues.values()))
    return [queue[place] for place in range(longest) for queue in queues.values() if place < len(queue)]


@contextmanager
def _served(archive: Path | None) -> Iterator[str]:
    khabar = [sys.executable, "-c", "from ui.cli import main; main()"]
    with tempfile.TemporaryDirectory() as folder:
        data = archive or Path(folder)
        environment = {**os.environ, "KHABAR_DATA": str(data), "KHABAR_LLM": "none"}
        if archive is None:
            subprocess.run([*khabar, "index", "seeds"], env=environment, check=True, capture_output=True)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        process = subprocess.Popen([*khabar, "serve", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL)
        try:
            _wait_for(f"http://127.0.0.1:{port}/api/status")
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()
            process.wait()


def _wait_for(address: str) -> None:
    end = time.monotonic() + _PATIENCE / 1000
    while True:
        try:
            urllib.request.urlopen(address).close()
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def _opened(context: BrowserContext, address: str, traffic: Traffic | None = None) -> tuple[Page, float]:
    """Return a page that is ready, and the seconds that it took to be."""
    page = context.new_page()
    page.set_default_timeout(_PATIENCE)
    if traffic is not None:
        _watch_traffic(context, page, address, traffic)
    started = time.perf_counter()
    page.goto(address)
    page.wait_for_selector("html[data-ready]")
    return page, time.perf_counter() - started


def _watch_traffic(context: BrowserContext, page: Page, address: str, traffic: Traffic) -> None:
    session = context.new_cdp_session(page)
    session.send("Network.enable")

    def sent(event: dict[str, object]) -> None:
        url = str(event["request"]["url"])  # type: ignore[index]
        if url.startswith("data:"):
            return
        traffic.requests += 1
        if not url.startswith((address, "blob:")):
            traffic.elsewhere.append(url)

    def received(event: dict[str, float]) -> None:
        traffic.bytes += int(event["encodedDataLength"])

    session.on("Network.requestWillBeSent", sent)
    session.on("Network.loadingFinished", received)


def _measure_visits(browser: Browser, address: str, visits: int) -> None:
    for locale in ("ar", "fa-IR", "en-US"):
        times, found = [], Traffic()
        for _ in range(visits):
            context = browser.new_context(locale=locale)
            found = Traffic()
            page, took = _opened(context, address, found)
            page.wait_for_timeout(1000)
            times.append(took)
            context.close()
        print(
            f"first visit, {locale}: ready in {statistics.median(times):.2f} s (slowest {max(times):.2f}), "
            f"{found.requests} requests, {found.bytes / 1000:.0f} KB, {len(found.elsewhere)} to elsewhere"
        )


def _ask(page: Page, question: str) -> tuple[float, float]:
    """Ask, wait for the whole answer, and return the milliseconds from Enter to a first change and to the first quote."""
    before = page.locator(".turn").count()
    page.fill("#box", question)
    page.press("#box", "Enter")
    ended = f"document.querySelectorAll('.turn[aria-busy=false]').length === {before + 1}"
    page.wait_for_function(f"{ended} && window.seen.quote")
    change, quote = page.evaluate("[seen.change - seen.enter, seen.quote - seen.enter]")
    return float(change), float(quote)


def _measure_questions(browser: Browser, address: str, asked: Sequence[str]) -> None:
    context = browser.new_context()
    page, _ = _opened(context, address)
    page.evaluate(_WATCH)
    _ask(page, asked[0])  # the models are loaded with the first question
    times = []
    for question in asked[1:31]:
        page.click("#new")
        page.wait_for_selector(".welcome")
        times.append(_ask(page, question))
    for name, found in zip(("first change", "quotes"), zip(*times, strict=True), strict=True):
        ordered = sorted(found)
        p95 = ordered[int(0.95 * len(ordered))]
        print(f"{name}: {statistics.median(found):.0f} ms after Enter, p95 {p95:.0f} ms ({len(found)} questions)")
    context.close()


def _measure_long_conversation(browser: Browser, address: str, asked: Sequence[str]) -> None:
    """Print how one question, asked forty times, takes at the end of a conversation as against its beginning."""
    context = browser.new_context()
    page, _ = _opened(context, address)
    page.evaluate(_WATCH)
    times = [_ask(page, asked[0])[1] for _ in range(_TURNS)]
    first, last = (statistics.median(part) for part in (times[1 : _COMPARED + 1], times[-_COMPARED:]))
    times_told = f"{last:.0f} and {first:.0f} ms"
    print(f"{_TURNS} turns: the last {_COMPARED} take {last / first:.2f} of the time of the first ({times_told})")
    context.close()


def _measure_pages(browser: Browser, address: str, asked: Sequence[str], pages: int) -> None:
    """Ask on many pages at once, each another question, and print how many got an answer of their own."""
    contexts = [browser.new_context() for _ in range(pages)]
    opened = [_opened(context, address)[0] for context in contexts]
    wanted = [asked[place % len(asked)] for place in range(pages)]
    started = time.perf_counter()
    for page, question in zip(opened, wanted, strict=True):
        page.fill("#box", question)
        page.press("#box", "Enter")
    for page in opened:
        page.wait_for_selector(".turn[data-state=over]")
    took = time.perf_counter() - started
    own = sum(page.inner_text(".question h2") == question for page, question in zip(opened, wanted, strict=True))
    print(f"{pages} pages at once: {own} answered, each its own, in {took:.1f} s")
    for context in contexts:
        context.close()


if __name__ == "__main__":
    main(sys.argv[1:])
