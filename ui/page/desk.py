"""What the parts of the page work with: the archive, the settings, the conversations and what answers them."""

from __future__ import annotations

from dataclasses import dataclass

from rag.archive import Archive, chosen_names
from rag.conversation.asking import Asker
from rag.conversation.store import FILE_NAME, ConversationStore
from rag.conversation.types import Turn
from rag.filter import read_filter
from rag.offer.offers import Offers
from rag.settings import Settings
from rag.text.glossary import load_glossary


@dataclass(frozen=True, slots=True)
class Desk:
    """An open archive with its settings, the file of conversations, the threads that answer them, and what is offered."""

    archive: Archive
    settings: Settings
    store: ConversationStore
    asker: Asker
    offers: Offers

    def turn(self, visitor: str, conversation_id: str, turn_id: str) -> Turn:
        """Return a turn as it is now, also one that no disk took. Raises NoConversation."""
        return self.asker.find(visitor, conversation_id, turn_id) or self.store.turn(visitor, conversation_id, turn_id)

    def let_go(self) -> None:
        """End what pages wait for: the server stops."""
        self.asker.close()
        self.offers.let_go()

    def close(self) -> None:
        """Stop answering and close the conversations; the archive stays open."""
        self.offers.stop()
        self.asker.close()
        self.store.close()


def open_desk(archive: Archive, settings: Settings) -> Desk:
    """Return the desk of an archive; its conversations lie beside the catalog. Raises KhabarError."""
    store = ConversationStore(archive.catalog.file.parent / FILE_NAME)
    asker = Asker(archive.answerer, store, lambda choice: read_filter(choice, archive.catalog))
    offers = Offers(archive, chosen_names(settings), load_glossary(settings.glossary), lambda: not asker.is_idle)
    return Desk(archive, settings, store, asker, offers)
