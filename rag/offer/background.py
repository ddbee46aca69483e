"""Finds the examples of an archive in the background, anew for each state of it, and gives what is known of them."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from index.processors import step_back
from index.types import KhabarError, Language
from rag.archive import Archive
from rag.entities.extraction import GlossaryNames
from rag.offer import tuning
from rag.offer.examples import example_questions, in_order
from rag.offer.kept import FILE_NAME, VERSION, Examples, read_examples, write_examples
from rag.offer.types import OfferedQuestion
from rag.text.glossary import Glossary

_LOGGER = logging.getLogger(__name__)


class ExampleQuestions:
    """The examples of an open archive: those kept from an earlier start at once, those of another state when they are found.

    `is_busy` tells whether users wait for an answer: then nothing is asked.
    """

    def __init__(
        self, archive: Archive, reader: GlossaryNames, glossary: Glossary, is_busy: Callable[[], bool] = lambda: False
    ) -> None:
        """Read what is kept beside the archive."""
        self._archive = archive
        self._reader = reader
        self._glossary = glossary
        self._is_busy = is_busy
        self._file = archive.catalog.file.parent / FILE_NAME
        self._examples = read_examples(self._file)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="examples", daemon=True)

    def start(self) -> None:
        """Begin to look for the examples of the archive as it is, and as it becomes."""
        self._thread.start()

    def stop(self) -> None:
        """Let it end after the question at work, and wait for that."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def offered(self, language: Language) -> Sequence[OfferedQuestion]:
        """Return the questions for a user of a language, those in it first; none whose article has gone."""
        catalog = self._archive.catalog
        kept = [each for each in self._examples.questions if catalog.location_of(each.article_id)]
        return in_order(kept, language)

    def _run(self) -> None:
        step_back()
        wait = 0.0
        while not self._stopping.wait(wait):
            wait = tuning.LOOK_SECONDS
            with suppress(KhabarError):  # an archive that is being repaired is looked at again
                try:
                    self._renew()
                except KhabarError:
                    raise
                except Exception:  # a server must outlive a bug in a background task
                    _LOGGER.exception("the example questions could not be found")
                    return

    def _renew(self) -> None:
        """Find the examples of the archive's state, where that is settled and has none yet."""
        state = self._state()
        if state == self._examples.state or not self._is_settled():
            return
        found = example_questions(self._archive, self._reader, self._glossary, lambda: self._go_on(state))
        if not self._stopping.is_set() and self._state() == state:
            self._examples = Examples(state, tuple(found))
            write_examples(self._file, self._examples)

    def _is_settled(self) -> bool:
        """Tell whether all that can be embedded is, so that no answer changes by it."""
        return not self._archive.embedder.languages or self._archive.embedded().complete

    def _go_on(self, state: str) -> bool:
        """Wait while users do; return False where the server stops or the archive has changed."""
        until = time.monotonic() + tuning.LONGEST_WAIT_SECONDS
        while self._is_busy() and time.monotonic() < until:
            if self._stopping.wait(tuning.BUSY_SECONDS):
                return False
        return not self._stopping.is_set() and self._state() == state

    def _state(self) -> str:
        """Return what tells this state of archive, models and words from others."""
        seen = self._archive.lexical.state
        made_with = [VERSION, seen.revision, seen.mark, sorted(self._archive.answerer.models.items()), self._reader.made_with]
        return json.dumps(made_with)
