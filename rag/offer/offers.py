"""What the page offers of an archive: examples found in the background, follow-ups looked for when an answer is shown."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import suppress

from index.processors import step_back
from index.types import EVERYTHING, Filter, KhabarError, Language
from rag.archive import Archive
from rag.entities.extraction import GlossaryNames
from rag.offer import tuning
from rag.offer.examples import example_questions, in_order
from rag.offer.followups import followups
from rag.offer.kept import FILE_NAME, VERSION, Examples, read_examples, write_examples
from rag.offer.types import OfferedQuestion
from rag.text.glossary import Glossary
from rag.types import Answer

_LOGGER = logging.getLogger(__name__)


class Offers:
    """The questions that an open archive offers: nothing until it is started, and nothing asked while users wait.

    Examples kept from an earlier start are there at once; those of another state of the archive when they are found.
    """

    def __init__(
        self, archive: Archive, reader: GlossaryNames, glossary: Glossary, is_busy: Callable[[], bool] = lambda: False
    ) -> None:
        """Read what is kept beside the archive; `is_busy` tells whether users wait for an answer."""
        self._archive = archive
        self._reader = reader
        self._glossary = glossary
        self._is_busy = is_busy
        self._file = archive.catalog.file.parent / FILE_NAME
        self._examples = read_examples(self._file)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="examples", daemon=True)
        self._follower: ThreadPoolExecutor | None = None
        self._followups: OrderedDict[str, Future[tuple[str, ...]]] = OrderedDict()
        self._lock = threading.Lock()

    def start(self) -> None:
        """Begin to look for the examples of the archive as it is, and as it becomes."""
        self._follower = ThreadPoolExecutor(1, thread_name_prefix="followups", initializer=step_back)
        self._thread.start()

    def let_go(self) -> None:
        """Look for nothing more: who waits for follow-ups hears that there are none after the question at work."""
        self._stopping.set()

    def stop(self) -> None:
        """Let it end after the question at work, and wait for that."""
        self.let_go()
        if self._follower:
            self._follower.shutdown(cancel_futures=True)
        if self._thread.is_alive():
            self._thread.join()

    @property
    def are_looked_for(self) -> bool:
        """Whether there will be other examples soon."""
        return self._thread.is_alive() and not self._is_up_to_date()

    def examples(self, language: Language) -> Sequence[OfferedQuestion]:
        """Return the questions for a user of a language, those in it first; none whose article has gone."""
        catalog = self._archive.catalog
        kept = [each for each in self._examples.questions if catalog.location_of(each.article_id)]
        return in_order(kept, language)

    def followups(
        self, turn_id: str, answer: Answer, earlier: Sequence[str] = (), within: Filter = EVERYTHING
    ) -> tuple[str, ...]:
        """Return the follow-ups of a conversation's answer, looked for once; it takes seconds. None where there are none."""
        with self._lock:
            if self._follower is None or self._stopping.is_set():
                return ()
            found = self._followups.get(turn_id)
            if found is None:
                if sum(not each.done() for each in self._followups.values()) >= tuning.FOLLOWUPS_WAITING:
                    return ()  # so many users at once get their answers sooner
                found = self._followups[turn_id] = self._follower.submit(self._follow, answer, tuple(earlier), within)
                while len(self._followups) > tuning.FOLLOWUPS_REMEMBERED:
                    self._followups.popitem(last=False)
        with suppress(CancelledError, KhabarError):
            return found.result()
        return ()

    def _follow(self, answer: Answer, earlier: Sequence[str], within: Filter) -> tuple[str, ...]:
        try:
            return followups(answer, self._archive, self._reader, self._glossary, earlier, within, self._may_ask)
        except KhabarError:
            raise
        except Exception:  # nobody's answer may come to harm by what is offered below it
            _LOGGER.exception("the follow-ups of an answer could not be found")
            return ()

    def _is_up_to_date(self) -> bool:
        with suppress(KhabarError):
            return self._state() == self._examples.state
        return True

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

        def may_go_on() -> bool:
            return self._may_ask() and self._state() == state

        found = example_questions(self._archive, self._reader, self._glossary, may_go_on)
        if not self._stopping.is_set() and self._state() == state:
            self._examples = Examples(state, tuple(found))
            write_examples(self._file, self._examples)

    def _is_settled(self) -> bool:
        """Tell whether all that can be embedded is, so that no answer changes by it."""
        return not self._archive.embedder.languages or self._archive.embedded().complete

    def _may_ask(self) -> bool:
        """Wait while users do, and return whether to go on then: not where the server stops."""
        until = time.monotonic() + tuning.LONGEST_WAIT_SECONDS
        while self._is_busy() and time.monotonic() < until:
            if self._stopping.wait(tuning.BUSY_SECONDS):
                return False
        return not self._stopping.is_set()

    def _state(self) -> str:
        """Return what tells this state of archive, models and words from others."""
        seen = self._archive.lexical.state
        made_with = [VERSION, seen.revision, seen.mark, sorted(self._archive.answerer.models.items()), self._reader.made_with]
        return json.dumps(made_with)
