"""Settings and an open archive -> what answers many of it."""

from __future__ import annotations

from index.processors import processors
from rag.answering import tuning
from rag.answering.memory import Memory, state_of
from rag.answering.meter import Meter
from rag.answering.pool import Pool
from rag.answering.seat import OwnSeat
from rag.archive import Archive
from rag.generate.server import is_address
from rag.settings import Settings
from rag.weigh.reader import NONE


def open_answering(archive: Archive, settings: Settings, meter: Meter | None = None) -> Pool:
    """Return what answers many of an archive, in threads of this process; `meter` hears how questions go."""
    seats = [OwnSeat(archive.answerer) for _ in range(processors())]
    writers = tuning.WRITTEN_AT_A_SERVER if is_address(settings.llm) else 1
    # A reader takes a hundred times as long as a search: it has a lane of its own.
    reading = seats if settings.reader != NONE else ()
    return Pool(archive.answerer, Memory(lambda: state_of(archive)), seats, reading, writers, meter)
