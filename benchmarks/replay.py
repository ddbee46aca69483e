"""A scripted generator that writes a stored draft into whatever prompt it is given, and what became of each sentence.

A draft's markers name articles by their place in its list; the prompt shows a tag behind each sentence of a passage. So that a
draft can be replayed whatever the order of the passages, an article's tag is looked up by the sentences in front of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from benchmarks.drafts import Sentence, WrittenDraft
from index.text import squash
from index.types import LANGUAGES, Article, Language
from rag.answer import Answerer
from rag.generate.generator import Form, Messages
from rag.types import Answer

Fate = Literal["shown", "replaced", "dropped", "unread", "not given", "not asked"]

# What a model's marker looks like; \d is a digit of any script.
_MARKER = re.compile(r"([\[【［])\s*(\d+(?:\s*,\s*\d+)*)\s*([\]】］])")
# A sentence of the prompt with the tag behind it.
_TAGGED = re.compile(r"([^\n\[\]]+)\[([a-z]?\d+)\]")
_WORD = re.compile(r"\S*\s+")
_CITED = re.compile(r"(?:\[\d+\])+")
# A tag that no passage has.
_NO_PASSAGE = "99"
# Letters that a sentence must share with its article to be told as its own.
_ENOUGH = 12
# Characters of a token, of which a prompt may take only so many.
_CHARACTERS = 3


class Replay:
    """A Generator that writes one draft after another; `given` are the numbers of its articles that the prompt held."""

    name = "drafts"
    languages: frozenset[Language] = frozenset(LANGUAGES)
    form: Form = "passages"

    def __init__(self, articles: Mapping[str, Article]) -> None:
        """Begin without a draft; `articles` are those that the drafts name."""
        self._letters = {name: squash(article.text) for name, article in articles.items()}
        self._draft: WrittenDraft | None = None
        self.given: frozenset[int] = frozenset()
        self.asked = False
        self._begun, self._ended = 0, False

    def take(self, draft: WrittenDraft) -> None:
        """Write this draft when asked next."""
        self._draft, self.given, self.asked = draft, frozenset(), False
        self._begun, self._ended = 0, False

    def was_read(self, place: int) -> bool:
        """Tell whether a sentence was taken in whole: the one that its reader let go at was not."""
        return self._ended or place < self._begun - 1

    def count_tokens(self, text: str) -> int:
        """Return a rough count."""
        return len(text) // _CHARACTERS + 1

    def stream(self, messages: Messages, max_tokens: int) -> Iterator[str]:
        """Yield the draft word by word, with the tags of this prompt in its markers."""
        assert self._draft is not None, "take a draft first"
        self.asked = True
        tags = self._tags(messages[-1]["content"], self._draft.articles)
        self.given = frozenset(tags)
        for place, sentence in enumerate(self._draft.draft):
            self._begun = place + 1
            if not self.given.issuperset(sources(self._draft, place)):
                continue  # no model cites a passage that it was not given; a draft is not to be given up for it
            text = _MARKER.sub(lambda marker: _translated(marker, tags), sentence.text)
            yield from _WORD.findall(text if text.endswith("\n") else f"{text} ")
        self._ended = True

    def _tags(self, prompt: str, articles: Sequence[str]) -> dict[int, str]:
        """Return the tag of each article, by its number in the draft, that some sentence of the prompt is from."""
        found: dict[int, str] = {}
        for tagged in _TAGGED.finditer(prompt):
            letters = squash(tagged[1])
            for number, name in enumerate(articles, start=1):
                if len(letters) >= _ENOUGH and letters in self._letters[name]:
                    found.setdefault(number, tagged[2])
        return found


def _translated(marker: re.Match[str], tags: Mapping[int, str]) -> str:
    named = [tags.get(int(number), _NO_PASSAGE) for number in re.findall(r"\d+", marker[2])]
    return f"{marker[1]}{', '.join(dict.fromkeys(named))}{marker[3]}"


def sources(draft: WrittenDraft, place: int) -> tuple[int, ...]:
    """Return the articles that a draft's sentence cites, by number; of two that share a marker both cite its articles.

    A marker that names no article of the draft is the model's own mistake, and left out.
    """
    sentence = draft.draft[place]
    if sentence.shared:
        return sources(draft, place + 1)
    numbers = (int(number) for marker in _MARKER.finditer(sentence.text) for number in re.findall(r"\d+", marker[2]))
    return tuple(number for number in numbers if number <= len(draft.articles))


@dataclass(frozen=True, slots=True)
class Replayed:
    """A sentence of a draft, and what became of it.

    not asked  the product asked for no draft: it refused, or quotes said more
    not given  the prompt did not hold the passage that the sentence cites
    unread     the draft was given up before it
    """

    draft: str
    language: Language
    sentence: Sentence
    fate: Fate


def replay(draft: WrittenDraft, generator: Replay, answerer: Answerer, articles: Mapping[str, Article]) -> list[Replayed]:
    """Ask a draft's question, have the generator write the draft, and return what became of each of its sentences."""
    generator.take(draft)
    answer = answerer.answer(draft.question)
    fates = _fates(draft, generator, answer, articles)
    return [Replayed(draft.id, draft.language, sentence, fate) for sentence, fate in zip(draft.draft, fates, strict=True)]


def _fates(draft: WrittenDraft, generator: Replay, answer: Answer, articles: Mapping[str, Article]) -> Iterator[Fate]:
    own, quoted = _parts(answer)
    for place, sentence in enumerate(draft.draft):
        numbers = sources(draft, place)
        names = [articles[draft.articles[number - 1]].article_id for number in numbers]
        quote = next((article_id for article_id in names if article_id in quoted), None)
        if is_shown(sentence, own):
            yield "shown"
        elif not generator.asked:
            yield "not asked"
        elif not generator.given.issuperset(numbers):
            yield "not given"
        elif not generator.was_read(place):
            yield "unread"
        elif quote is not None and sentence.label != "neutral":
            quoted.remove(quote)
            yield "replaced"
        else:
            yield "dropped"


def is_shown(sentence: Sentence, own: Sequence[str]) -> bool:
    """Tell whether a sentence, or a part of it that ends like one, is among the letters of what an answer says."""
    letters = squash(_MARKER.sub(" ", sentence.text))
    return any(letters in part or (len(part) >= _ENOUGH and part in letters) for part in own)


def _parts(answer: Answer) -> tuple[list[str], list[str]]:
    """Return the letters of each part of a written answer that is the model's own, and the articles of the quotes in it."""
    if answer.mode != "written":
        return [], []
    quotes = {squash(citation.quote): citation.article_id for citation in answer.citations}
    parts = [letters for part in _CITED.split(answer.answer) if (letters := squash(part))]
    return [part for part in parts if part not in quotes], [quotes[part] for part in parts if part in quotes]
