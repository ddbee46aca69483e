"""The figures of a server, as Prometheus reads them: requests, answers, the line before them, the index, the processes."""

from __future__ import annotations

import logging
import os
from collections import Counter as Counts
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from index.types import KhabarError
from rag.answering.meter import LineMeter
from rag.archive import Archive
from rag.server.doors import Door
from rag.types import Answer

_LOGGER = logging.getLogger("khabar.answers")
# Upper bounds of the groups by which times are counted, in seconds.
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class Metrics:
    """Counts requests and answers; every label has few values, none of them anything that was asked."""

    def __init__(self, questions: bool = False) -> None:
        """Begin at zero; with `questions` the log may tell what was asked."""
        self._questions = questions
        self._registry = registry = CollectorRegistry()
        self._requests = Counter(
            "khabar_requests", "Requests that have ended.", ["door", "route", "method", "status"], registry=registry
        )
        self._request_seconds = Histogram(
            "khabar_request_seconds", "Seconds of a request, to its last byte.", ["door"], registry=registry, buckets=_SECONDS
        )
        self._answers = Counter("khabar_answers", "Answers made.", ["mode", "language", "abstained"], registry=registry)
        self._abstentions = Counter("khabar_abstentions", "Questions that no article answers.", ["language"], registry=registry)
        self._stage_seconds = Histogram(
            "khabar_answer_seconds",
            "Seconds until passages were found, until there was an answer, and that a model then wrote on.",
            ["stage"], registry=registry, buckets=_SECONDS,
        )  # fmt: skip
        self._remembered = Counter("khabar_remembered_answers", "Answers that were not made again.", registry=registry)
        self._waiting = Gauge("khabar_line_waiting", "Questions that wait for their turn.", ["lane"], registry=registry)
        self._waited = Histogram(
            "khabar_line_wait_seconds", "Seconds waited for a turn.", ["lane"], registry=registry, buckets=_SECONDS
        )
        self._refused = Counter("khabar_line_refused", "Sent away because the line was full.", ["lane"], registry=registry)
        ProcessCollector(registry=registry)
        registry.register(_Children())

    def watch(self, archive: Archive) -> None:
        """Tell the size of an archive, too, counted when the figures are read."""
        self._registry.register(_Index(archive))

    def text(self) -> bytes:
        """Return the figures as Prometheus reads them; it takes a look at the archive."""
        return generate_latest(self._registry)

    def request(self, door: Door, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request that has ended."""
        self._requests.labels(door, route, method, str(status)).inc()
        self._request_seconds.labels(door).observe(seconds)

    def lane(self, name: str) -> LineMeter:
        """Return who counts the line of a lane."""
        return _Line(self._waiting.labels(name), self._waited.labels(name), self._refused.labels(name))

    def answered(self, answer: Answer, *, remembered: bool = False) -> None:
        """Count an answer and its stages, and log it; one that is remembered has none."""
        self._answers.labels(answer.mode, answer.language, str(answer.abstained).lower()).inc()
        if answer.abstained:
            self._abstentions.labels(answer.language).inc()
        if remembered:
            self._remembered.inc()
        else:
            for stage, milliseconds in _stages(answer):
                self._stage_seconds.labels(stage).observe(milliseconds / 1000)
        told = {"language": answer.language, "mode": answer.mode, "abstained": answer.abstained, "remembered": remembered}
        asked = {"question": answer.question} if self._questions else {}
        _LOGGER.info("answer", extra={**told, "confidence": round(answer.confidence, 3), **answer.timings, **asked})


class _Line:
    """Counts those in one line."""

    def __init__(self, waiting: Gauge, waited: Histogram, refused: Counter) -> None:
        self._waiting, self._waited, self._refused = waiting, waited, refused

    def line(self, waiting: int) -> None:
        """Note how many wait for their turn now."""
        self._waiting.set(waiting)

    def waited(self, seconds: float) -> None:
        """Count one whose turn has come."""
        self._waited.observe(seconds)

    def refused(self) -> None:
        """Count one that was sent away."""
        self._refused.inc()


def _stages(answer: Answer) -> Iterator[tuple[str, float]]:
    """Yield the milliseconds until passages were found, until there was an answer, and that a model then wrote on."""
    took = answer.timings
    if "answer_ms" in took:
        yield "retrieve", took.get("retrieve_ms", 0.0)
        yield "answer", took["answer_ms"] - took.get("write_ms", 0.0)
    if "write_ms" in took:
        yield "write", took["write_ms"]


class _Index(Collector):
    """How much an archive holds, and how much of it is embedded."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def collect(self) -> Iterator[Metric]:
        """Yield the sizes; none while the archive cannot be read, and `khabar_index_open` says so."""
        found: dict[str, float] = {}
        with suppress(KhabarError):
            counts, embedded = self._archive.catalog.counts(), self._archive.embedded()
            found = {"articles": counts["articles"], "chunks": counts["chunks"]}
            found["embedded"] = embedded.chunks / embedded.of if embedded.of else 1.0
        yield GaugeMetricFamily("khabar_index_open", "Whether the catalog can be read.", value=float(bool(found)))
        for name, told in (
            ("articles", "Articles in the archive."),
            ("chunks", "Chunks of articles in the archive."),
            ("embedded", "Share of the chunks that can be searched by meaning."),
        ):
            if found:
                yield GaugeMetricFamily(f"khabar_index_{name}", told, value=found[name])


class _Children(Collector):
    """How many processes this one has started, and what they take together."""

    _TOLD = {
        "process_resident_memory_bytes": ("khabar_children_resident_memory_bytes", "Memory of the processes it has started."),
        "process_open_fds": ("khabar_children_open_fds", "Descriptors that the processes it has started hold open."),
    }

    def collect(self) -> Iterator[Metric]:
        """Yield the sums; zeros where the system does not tell."""
        sums: Counts[str] = Counts()
        children = list(_children())
        for child in children:
            figures = ProcessCollector(pid=lambda child=child: child, registry=None)  # type: ignore[misc]
            for metric in figures.collect():
                for sample in metric.samples:
                    sums[sample.name] += sample.value  # type: ignore[assignment]
        yield GaugeMetricFamily("khabar_children", "Processes that this one has started.", value=len(children))
        for name, (called, told) in self._TOLD.items():
            yield GaugeMetricFamily(called, told, value=sums[name])


def _children() -> Iterator[str]:
    """Yield the ids of the processes that this one has started and that live."""
    for thread in Path("/proc", str(os.getpid()), "task").glob("*"):
        with suppress(OSError):
            yield from (thread / "children").read_text().split()
