"""Settings and an open archive -> what answers many of it."""

from __future__ import annotations

from collections.abc import Sequence

from index.processors import processors
from rag.answering import tuning
from rag.answering.crew import crew_of
from rag.answering.memory import Memory, state_of
from rag.answering.meter import Meter
from rag.answering.parcel import Parcels
from rag.answering.pool import Pool
from rag.answering.seat import OwnSeat, Seat
from rag.archive import Archive
from rag.generate.server import is_address
from rag.settings import Settings
from rag.text.glossary import load_glossary
from rag.weigh.reader import NONE


def open_answering(archive: Archive, settings: Settings, meter: Meter | None = None) -> Pool:
    """Return what answers many of an archive, in threads of this process or in processes of their own (`workers`).

    `meter` hears how questions go.
    """
    # A reader takes a hundred times as long as a search: it has a lane of its own.
    lanes = 1 if settings.reader == NONE else 2
    seats = _seats(archive, settings, lanes)
    reading = seats[1] if lanes > 1 else ()
    writers = tuning.WRITTEN_AT_A_SERVER if is_address(settings.llm) else 1
    return Pool(archive.answerer, Memory(lambda: state_of(archive)), seats[0], reading, writers, meter)


def _seats(archive: Archive, settings: Settings, lanes: int) -> Sequence[Sequence[Seat]]:
    if settings.workers:
        return crew_of(settings, Parcels(load_glossary(settings.glossary)), lanes)
    return [[OwnSeat(archive.answerer)] * processors()] * lanes
