"""What the doors of a server work with: the archive, what answers from it, the conversations, and what comes into it."""

from __future__ import annotations

import os
from dataclasses import dataclass

from index.progress import Tell, silent
from index.stores import is_served_only
from rag.answering.meter import Meter, Unmetered
from rag.answering.opened import open_answering
from rag.answering.pool import Pool
from rag.archive import Archive, chosen_names
from rag.conversation.asking import Asker
from rag.conversation.store import FILE_NAME, ConversationStore
from rag.conversation.types import Turn
from rag.entities.lookup import Entities
from rag.filter import read_filter
from rag.intake.sent import SentArticles
from rag.intake.uploads import Uploads
from rag.intake.work import Work
from rag.offer.offers import Offers
from rag.settings import Settings
from rag.text.glossary import Glossary, load_glossary


@dataclass(frozen=True, slots=True)
class Desk:
    """An open archive with its settings, and what works on it.

    `answering` answers programs and `asker` the conversations of `store`; `offers` are questions to ask; `uploads` is where
    files come in, `sent` takes articles in one at a time, and `work` changes the archive. `glossary` is the one that questions
    are read with, and `entities` knows the names in the articles by it.
    """

    archive: Archive
    settings: Settings
    answering: Pool
    store: ConversationStore
    asker: Asker
    offers: Offers
    uploads: Uploads
    work: Work
    sent: SentArticles
    glossary: Glossary
    entities: Entities

    def turn(self, visitor: str, conversation_id: str, turn_id: str) -> Turn:
        """Return a turn as it is now, also one that no disk took. Raises NoConversation."""
        return self.asker.find(visitor, conversation_id, turn_id) or self.store.turn(visitor, conversation_id, turn_id)

    def resume(self) -> None:
        """Do what was asked for and not done before the last process ended, where this machine changes the archive."""
        catalog = self.archive.catalog
        if os.access(catalog.file.parent, os.W_OK) and not is_served_only(catalog):
            self.work.resume()

    def let_go(self) -> None:
        """End what pages wait for: the server stops."""
        self.asker.close()
        self.answering.let_go()
        self.offers.let_go()

    def close(self) -> None:
        """Stop answering and changing, and close the conversations; the archive stays open."""
        self.offers.stop()
        self.asker.close()
        self.answering.close()
        self.work.close()
        self.store.close()


def open_desk(archive: Archive, settings: Settings, tell: Tell = silent, meter: Meter | None = None) -> Desk:
    """Return the desk of an archive; its conversations lie beside the catalog. Raises KhabarError.

    `tell` hears what a maintainer has to know of a change that failed, `meter` how questions go.
    """
    meter = meter or Unmetered()
    store = ConversationStore(archive.catalog.file.parent / FILE_NAME)
    answering = open_answering(archive, settings, meter)
    asker = Asker(answering.of_page(), store, lambda choice: read_filter(choice, archive.catalog), answered=meter.answered)

    def is_busy() -> bool:
        return not (asker.is_idle and answering.is_idle)

    glossary = load_glossary(settings.glossary)
    offers = Offers(archive, chosen_names(settings), glossary, is_busy)
    uploads = Uploads(settings, archive.catalog)
    work = Work(settings, archive.catalog, uploads, tell)
    sent = SentArticles(uploads, work, archive.catalog)
    entities = Entities(archive.catalog, glossary)
    return Desk(archive, settings, answering, store, asker, offers, uploads, work, sent, glossary, entities)
