"""An answer to what cannot be read: what was understood of it, and what Khabar would need."""

from __future__ import annotations

from dataclasses import replace

from index.language import detect_language
from index.text import ZWNJ, words
from index.types import Language
from rag.phrases import in_quotes, say
from rag.request.mentions import mentions
from rag.request.request import Request
from rag.request.sources import Asked, Sources
from rag.request.wordings import UNTOLD
from rag.types import Answer

# The language in which readers of a tongue are told; of the others, the one whose script it is in.
_TOLD_IN: dict[str, Language] = {"fa-latin": "fa", "ar-latin": "ar", "fr": "en", "es": "en", "de": "en", "tr": "en"}


def ask_back(request: Request, asked: Asked, sources: Sources) -> Answer:
    """Return the answer to a word alone, a number, an assent: what is meant? One that articles mention is told with them."""
    asked = replace(asked, language=UNTOLD.get(" ".join(words(request.topic)).replace(ZWNJ, " "), asked.language))
    word = in_quotes(request.topic, asked.language)
    if not request.bare:
        return _told(asked, say("what_is_meant", asked.language, word=word))
    found = mentions(request, asked, asked.within, sources)
    alone = say("one_word", asked.language, word=word)
    if found is None:
        return _told(asked, alone)
    return replace(_told(asked, f"{alone}\n\n{found.answer}"), listing=found.listing)


def ask_which_article(asked: Asked) -> Answer:
    """Return the answer to a summary of nothing that is known."""
    return _told(asked, say("which_article", asked.language))


def not_served(request: Request, asked: Asked) -> Answer:
    """Return the answer to a question in another language, or in other letters."""
    language = _TOLD_IN.get(request.tongue) or detect_language(asked.text)
    told = say("not_served", language, tongue=say(f"tongue.{request.tongue}", language))
    return Answer(asked.text, language, told, "quotes", True, request="unserved")


def _told(asked: Asked, text: str) -> Answer:
    return Answer(asked.text, asked.language, text, "quotes", True, request="unclear")
