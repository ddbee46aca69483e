"""How many a server answers at once: `khabar serve` over an archive, asked by 1, 8, 32 and 128 clients at a time.

python -m benchmarks.load ARCHIVE [--workers N] [--quick] [--write PAGE]

ARCHIVE is a data folder that khabar index has filled; it is copied, and the copy is served. Everything stays on this machine,
in processes of its own: the server with its --workers, one process of clients (whose share of the processors is told), and a
stand-in for a language server, which writes a sentence in two seconds. No question is asked twice, but in the row that says so:
they are those of the newsroom, and the titles of the archive's articles.

a second    answers a second, of those that came with status 200
p50 … p99   milliseconds from a question sent to its whole answer; "first" is until the quotes, where a model then writes
refused     answers with 429 or 503; anything else but 200 ends the run
own share   of one processor that the clients took for themselves
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import click

from benchmarks.page import put_figures
from index.catalog import FILE_NAME, Catalog
from index.types import KhabarError
from rag.evaluate.fixed_question import read_questions

_NEWSROOM = Path(__file__).parent / "data" / "newsroom.jsonl"
_CLIENTS = (1, 8, 32, 128)
# Seconds of a measurement, and before it, while caches fill and processes start.
_SECONDS, _SECONDS_QUICK, _BEFORE = 7.0, 2.5, 1.0
_REQUESTS, _REQUESTS_QUICK = 20_000, 2_000
_PATIENCE = 180.0
_START = "from ui.cli import main; main()"


@dataclass(slots=True)
class Measured:
    """What came of some clients' questions: seconds to the end and to the first event of each, refusals, the time in all."""

    took: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    refused: int = 0
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.took) / self.seconds if self.seconds else 0.0

    def cells(self) -> str:
        """Return the cells of a table: a second, p50, p95, p99, first at p95, refused."""
        told = " | ".join(f"{1000 * percentile(self.took, share):,.0f}" for share in (0.5, 0.95, 0.99))
        first = f"{1000 * percentile(self.first, 0.95):,.0f}" if self.first else ""
        return f"{self.rate:,.1f} | {told} | {first} | {self.refused}"


def percentile(found: Sequence[float], share: float) -> float:
    """Return the value below which a share of all lie."""
    ordered = sorted(found)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


class Client:
    """A connection that asks one thing after another: HTTP by hand, so that clients take little of what is measured."""

    def __init__(self, port: int) -> None:
        """Connect at the first request."""
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, body: Any = None) -> tuple[int, bytes, float]:
        """Return the status, the body, and the seconds until its first event or the whole. Raises OSError."""
        content = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nContent-Length: {len(content)}\r\n"
        head += "Content-Type: application/json\r\n\r\n"
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port, limit=1 << 24)
        reader, writer = self._streams
        began = time.perf_counter()
        writer.write(head.encode() + content)
        told = (await reader.readuntil(b"\r\n\r\n")).lower()
        status, first = int(told[9:12]), 0.0
        if b"transfer-encoding: chunked" in told:
            parts = []
            while size := int((await reader.readuntil(b"\r\n"))[:-2], 16):
                parts.append((await reader.readexactly(size + 2))[:-2])
                if not first and b"event: quote" in parts[-1]:
                    first = time.perf_counter() - began
            await reader.readuntil(b"\r\n")
            return status, b"".join(parts), first
        length = int(told.split(b"content-length:")[1].split(b"\r\n")[0])
        return status, await reader.readexactly(length), first

    def close(self) -> None:
        """Hang up."""
        if self._streams:
            self._streams[1].close()
            self._streams = None


# Makes method, path and body of the next request.
Asking = Callable[[], tuple[str, str, Any]]


async def measured(port: int, clients: int, seconds: float, *asking: Asking) -> list[Measured]:
    """Let so many clients ask for some seconds, each what is its turn of `asking`; return what came of each kind."""
    found = [Measured(seconds=seconds) for _ in asking]
    begin = time.perf_counter() + min(_BEFORE, seconds / 2)
    end = begin + seconds

    async def one(number: int) -> None:
        client, kind = Client(port), number % len(asking)
        while time.perf_counter() < end:
            began = time.perf_counter()
            status, content, first = await client.ask(*asking[kind]())
            took = time.perf_counter() - began
            if status in (429, 503):
                found[kind].refused += 1
                await asyncio.sleep(0.25)
            elif status != 200:
                raise KhabarError(f"the server answered with {status}: {content[:200]!r}", "see its log")
            elif began >= begin:
                found[kind].took.append(took)
                if first:
                    found[kind].first.append(first)
        client.close()

    await asyncio.gather(*map(one, range(clients)))
    return found


class Questions:
    """Questions that were not asked before, in an order that is the same in each run."""

    def __init__(self, archive: Path) -> None:
        """Read the newsroom's questions, and the titles of the archive's articles."""
        with closing(Catalog(archive / FILE_NAME)) as catalog:
            rows = catalog.connection.execute("SELECT title FROM articles ORDER BY article_id")
            titles = [row[0] for row in rows if 20 < len(row[0]) < 200]
        asked = [question.question for question in read_questions([_NEWSROOM])]
        random.Random(1).shuffle(titles)
        self._all = [text for pair in zip(asked * (len(titles) // len(asked) + 1), titles, strict=False) for text in pair]
        self._english = [question.question for question in read_questions([_NEWSROOM]) if question.language == "en"]
        self._number = count()

    def next(self) -> str:
        """Return the next question: one that has been asked before has spaces behind it, by which it is another to a memory."""
        number = next(self._number)
        return self._all[number % len(self._all)] + " " * (number // len(self._all))

    def english(self) -> str:
        """Return the next question that the stand-in's model may write an answer to."""
        number = next(self._number)
        return self._english[number % len(self._english)] + " " * (number // len(self._english))


@contextmanager
def process(*command: str, ready: str, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server for as long as it is entered, and wait until it answers at a path."""
    environment = os.environ | {"KHABAR_RATE": "0"}
    running = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        asyncio.run(_until_ready(running, port, ready))
        yield running
    finally:
        running.send_signal(signal.SIGTERM)
        try:
            running.wait(20)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


async def _until_ready(running: subprocess.Popen[bytes], port: int, path: str) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and running.poll() is None:
        client = Client(port)
        try:
            status, *_ = await client.ask("GET", path)
            if status == 200:
                return
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            client.close()
        await asyncio.sleep(0.3)
    raise KhabarError("a server did not begin to answer", "see what it has told")


def free_port() -> int:
    """Return a port that is free now."""
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def khabar(archive: Path, port: int, workers: int, *options: str) -> Any:
    """Return a server of Khabar over an archive, to be entered."""
    command = (
        sys.executable, "-c", _START, "serve", "--data", str(archive), "--port", str(port), "--workers", str(workers),
        "--embedder", "none", *options,
    )  # fmt: skip
    return process(*command, ready="/readyz", port=port)


def memory_of(pid: int) -> float:
    """Return the MB that a process and its children hold for themselves."""
    found = 0
    for one in (pid, *children(pid)):
        with open(f"/proc/{one}/smaps_rollup", encoding="ascii") as lines:
            found += sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))
    return found / 1024


def children(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    return [int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()]


class Bench:
    """Measures, and keeps the rows of the tables."""

    def __init__(self, archive: Path, workers: int, quick: bool) -> None:
        """Take a folder of the archive that may be changed, and how much to do."""
        self._archive, self._workers = archive, workers
        self._seconds = _SECONDS_QUICK if quick else _SECONDS
        self._requests = _REQUESTS_QUICK if quick else _REQUESTS
        self._questions = Questions(archive)
        self.rows: list[str] = []
        self.notes: list[str] = []

    def all(self) -> None:
        """Measure everything."""
        self._bare()
        with ExitStack() as stack:
            port = free_port()
            server = stack.enter_context(khabar(self._archive, port, self._workers, "--reader", "none", "--llm", "none"))
            for clients in _CLIENTS:
                self._row("search by words", clients, port, self._search)
            for clients in _CLIENTS:
                self._row("quotes", clients, port, self._ask)
            self._row("quotes, one question", 32, port, lambda: ("POST", "/api/v1/ask", {"question": "من هو ترامب؟"}))
            self._adding(port)
            self._page(port)
            self._memory(port, server.pid)
        with ExitStack() as stack:
            port = free_port()
            stack.enter_context(khabar(self._archive, port, self._workers, "--llm", "none"))
            for clients in _CLIENTS:
                self._row("answers that the reader reads", clients, port, self._ask)
            self._row(("searches beside 31 who want a reader", "answers beside them"), 32, port, self._search, self._ask)
        with ExitStack() as stack:
            port, model = free_port(), free_port()
            script = (sys.executable, "-m", "benchmarks.slow_model", str(model))
            stack.enter_context(process(*script, ready="/v1/models", port=model))
            address = f"http://127.0.0.1:{model}/v1"
            options = ("--reader", "none", "--llm", address, "--llm-model", "slow", "--llm-languages", "en")
            stack.enter_context(khabar(self._archive, port, self._workers, *options))
            for clients in (8, 32):
                self._row(("written answers", "quotes beside them"), clients, port, self._write, self._ask)

    def _search(self) -> tuple[str, str, Any]:
        return "POST", "/api/v1/search", {"question": self._questions.next(), "meaning": False, "why": False}

    def _ask(self) -> tuple[str, str, Any]:
        return "POST", "/api/v1/ask", {"question": self._questions.next(), "write": False}

    def _write(self) -> tuple[str, str, Any]:
        return "POST", "/api/v1/ask", {"question": self._questions.english(), "stream": True}

    def _row(self, names: str | tuple[str, ...], clients: int, port: int, *asking: Asking) -> list[Measured]:
        names = (names,) if isinstance(names, str) else names
        began, own = time.perf_counter(), _own_seconds()
        found = asyncio.run(measured(port, clients, self._seconds, *asking))
        share = (_own_seconds() - own) / (time.perf_counter() - began)
        for name, one in zip(names, found, strict=True):
            self.rows.append(f"| {name} | {clients // len(names)} | {one.cells()} | {share:.0%} |")
            print(self.rows[-1], flush=True)
        return found

    def _bare(self) -> None:
        port = free_port()
        with process(sys.executable, "-m", "benchmarks.slow_model", str(port), ready="/constant", port=port):
            for clients in (1, 32):
                self._row("the bare framework: a constant", clients, port, lambda: ("POST", "/constant", {"question": "؟"}))

    def _adding(self, port: int) -> None:
        """Ask with 32 clients, and add an article meanwhile."""
        before = self._row("quotes, before an article is added", 32, port, self._ask)[0]

        async def both() -> Measured:
            asking = asyncio.create_task(measured(port, 32, 2 * self._seconds, self._ask))
            await asyncio.sleep(_BEFORE)
            client = Client(port)
            text = "أعلنت بلدية الرواق أن الجسر الجديد يفتتح في ٢٢ يوما. " * 20
            status, content, _ = await client.ask("POST", "/api/v1/articles", {"title": "الجسر الجديد", "text": text})
            if status != 202:
                raise KhabarError(f"an article was not taken ({status}): {content[:200]!r}", "see the server's log")
            client.close()
            return (await asking)[0]

        during = asyncio.run(both())
        self.rows.append(f"| quotes, while one is added | 32 | {during.cells()} | |")
        print(self.rows[-1], flush=True)
        times = percentile(during.took, 0.95) / percentile(before.took, 0.95)
        self.notes.append(f"While an article was added the p95 of 32 clients was {times:.2f} times what it was before.")

    def _page(self, port: int) -> None:
        """Open the page, as its requests go, by itself and beside 128 clients."""

        async def opened() -> float:
            client, began = Client(port), time.perf_counter()
            _, page, _ = await client.ask("GET", "/")
            paths = {part.split('"')[0] for part in page.decode().replace("'", '"').split('"') if part.startswith("/static/")}
            for path in sorted(paths)[:20] or ["/healthz"]:
                await client.ask("GET", path)
            client.close()
            return time.perf_counter() - began

        async def beside() -> list[float]:
            asking = asyncio.create_task(measured(port, 128, self._seconds + 2, self._ask))
            await asyncio.sleep(_BEFORE)
            found: list[float] = []
            while not asking.done() and len(found) < 20:
                found.append(await opened())
                await asyncio.sleep(0.1)
            await asking
            return found

        async def alone() -> list[float]:
            return [await opened() for _ in range(5)]

        idle, busy = asyncio.run(alone()), asyncio.run(beside())
        self.notes.append(
            f"The page's own requests took {1000 * percentile(idle, 0.5):,.0f} ms by themselves and "
            f"{1000 * percentile(busy, 0.5):,.0f} ms (p95 {1000 * percentile(busy, 0.95):,.0f}) beside 128 clients."
        )

    def _memory(self, port: int, pid: int) -> None:
        held = [memory_of(pid)]

        async def quarter() -> None:
            left = iter(range(self._requests // 4))

            async def one() -> None:
                client = Client(port)
                for _ in left:
                    await client.ask(*self._search())
                client.close()

            await asyncio.gather(*(one() for _ in range(16)))

        for _ in range(4):
            asyncio.run(quarter())
            held.append(memory_of(pid))
        told = ", ".join(f"{megabytes:,.0f}" for megabytes in held)
        self.notes.append(f"Memory of its processes before and after each quarter of {self._requests:,} searches: {told} MB.")


def _own_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


@click.command()
@click.argument("archive", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--workers", default=2, help="Processes that answer beside the one that serves.")
@click.option("--quick", is_flag=True, help="Two minutes instead of eight.")
@click.option("--write", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Page that takes the tables.")
def main(archive: Path, workers: int, quick: bool, write: Path | None) -> None:
    """Measure a server under load."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "archive"
        shutil.copytree(archive, copy)
        bench = Bench(copy, workers, quick)
        head = (
            "| what is asked | clients | a second | p50 ms | p95 ms | p99 ms | first, p95 ms | refused | own share |\n"
            "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
        )
        print(head, flush=True)
        bench.all()
    notes = "\n".join(bench.notes)
    print(f"\n{notes}")
    if write:
        put_figures(write, "\n".join([head, *bench.rows, "", notes]), "load")


if __name__ == "__main__":
    main()
