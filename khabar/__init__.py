"""Khabar in three lines of Python: an archive in a folder of this machine, or one at a server.

docs/client.md has the three lines, and the rest.
"""

from index.types import Article, Entry, KhabarError
from khabar.client import Khabar
from khabar.errors import BadRequest, Busy, Conflict, Denied, NotFound, NotReached, ServerFailed
from khabar.types import Entity, Event, FoundPassage, Status, Taken
from rag.types import Answer, Citation, ShortAnswer

__all__ = [
    "Answer", "Article", "BadRequest", "Busy", "Citation", "Conflict", "Denied", "Entity", "Entry", "Event", "FoundPassage",
    "Khabar", "KhabarError", "NotFound", "NotReached", "ServerFailed", "ShortAnswer", "Status", "Taken",
]  # fmt: skip
