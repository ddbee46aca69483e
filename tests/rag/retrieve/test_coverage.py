"""How much of an archive can be searched by meaning: counted rarely, and never wrong for long."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

import pytest

from index.embedding import Embedded
from rag.retrieve import coverage
from rag.retrieve.coverage import Coverage
from tests.letters import LetterEmbedder


@dataclass
class Counted:
    """A catalog that is asked only for its revision."""

    revision: int = 1


def keep_vectors(monkeypatch, in_use):
    """Let the store have the vectors of the embedder in use, or not."""
    monkeypatch.setattr(coverage, "stores_of", lambda _: SimpleNamespace(vectors_in_use=lambda *_: in_use))


@pytest.fixture
def counts(monkeypatch):
    """The counts that are still to come; each is counted once."""
    waiting = []
    monkeypatch.setattr(coverage, "searchable_share", lambda *_: waiting.pop(0))
    keep_vectors(monkeypatch, True)
    return waiting


@pytest.fixture
def clock(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(coverage.time, "monotonic", lambda: now[0])
    return now


def test_what_is_missing_is_counted_again_after_some_seconds(counts, clock):
    asked = Coverage(Counted(), LetterEmbedder())
    counts += [Embedded(3, 9), Embedded(7, 9)]
    assert [asked.now() for _ in range(3)] == [Embedded(3, 9)] * 3
    clock[0] += 6
    assert asked.now() == Embedded(7, 9) and counts == []


def test_all_is_counted_again_only_after_a_change(counts, clock):
    catalog = Counted()
    asked = Coverage(catalog, LetterEmbedder())
    counts += [Embedded(9, 9), Embedded(9, 12)]
    for _ in range(3):
        clock[0] += 60
        assert asked.now() == Embedded(9, 9)
    catalog.revision = 2
    assert asked.now() == Embedded(9, 12) and counts == []


def test_all_is_counted_again_where_the_vectors_have_gone(counts, clock, monkeypatch):
    asked = Coverage(Counted(), LetterEmbedder())
    counts += [Embedded(9, 9), Embedded(0, 9)]
    assert asked.now() == Embedded(9, 9) == asked.now()
    keep_vectors(monkeypatch, False)
    clock[0] += 6
    assert asked.now() == Embedded(0, 9) and counts == []


@pytest.mark.parametrize(
    ("chunks", "of", "percent"), [(0, 0, 100), (0, 9, 0), (1, 1000, 0), (999, 1000, 99), (1000, 1000, 100), (12, 10, 100)]
)
def test_a_hundred_percent_means_all(chunks, of, percent):
    assert Embedded(chunks, of).percent == percent
    assert Embedded(chunks, of).complete is (percent == 100)
