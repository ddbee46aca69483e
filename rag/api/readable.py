"""An answer -> the text that programs show, its short answer first and its sources last, and where its markers stand in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from index.types import ArticleRef, Filter, Language
from rag.api.problems import without_places
from rag.phrases import COMMA, counted, filter_in_words, in_quotation_marks, phrase, say
from rag.source_line import in_one_line, link_of, named, shown
from rag.text.marker import MARKER
from rag.types import Answer, Citation, ShortAnswer, Source

# Separates two values; commas and dashes occur inside values.
_BETWEEN = "·"
# How many of the articles that an answer lists are named.
_LISTED = 10
# Most clients read a text as Markdown, where these would load an image, lead elsewhere, or begin a tag.
_ACTIVE = re.compile(r"!(?=\[)|(?<=\])(?=[(:])|<(?=[A-Za-z/!?])")


@dataclass(frozen=True, slots=True)
class Marker:
    """A marker such as [1] in a text, `text[start:end]` in code points, and the source that it stands for."""

    start: int
    end: int
    url: str
    title: str


@dataclass(frozen=True, slots=True)
class Told:
    """An answer as text, and its markers in the order in which they stand there."""

    text: str
    markers: tuple[Marker, ...]


# Where an article can be read.
Address = Callable[[ArticleRef], str]


@dataclass(frozen=True, slots=True)
class OnServer:
    """Where articles can be read: on the web, or else on the page of this server, whose address ends in a slash."""

    server: str

    def __call__(self, item: ArticleRef) -> str:
        """Return the address of an article; of what it says, where it stands in it."""
        if link := link_of(item):
            return link
        place = f"?start={item.start}&end={item.end}#quoted" if isinstance(item, Source) else ""
        return f"{self.server}article/{item.article_id}{place}"


class _Text:
    """A text as it grows, which notes where its markers come to stand."""

    def __init__(self, answer: Answer, address_of: Address) -> None:
        self._cited = {item.number: item for item in answer.citations}
        self._address_of = address_of
        self._pieces = [""]
        self._length = 0
        self.markers: list[Marker] = []

    def add(self, text: str) -> None:
        if self._pieces[-1].endswith("]") and text.startswith(("(", ":")):
            text = f"\\{text}"
        self._pieces.append(text)
        self._length += len(text)

    def mark(self, number: int) -> None:
        """Add a marker; one that stands for no citation is text like any other."""
        start = self._length
        self.add(f"[{number}]")
        if item := self._cited.get(number):
            title = in_one_line(item.title or item.outlet or item.path)
            self.markers.append(Marker(start, self._length, self._address_of(item), title))

    def told(self) -> Told:
        return Told("".join(self._pieces), tuple(self.markers))


def told(answer: Answer, address_of: Address) -> Told:
    """Return the text of an answer: the short answer, the answer itself, what belongs to it, and its sources."""
    text = _Text(answer, address_of)
    blocks: list[Callable[[_Text], None]] = []
    if answer.direct and not answer.abstained:
        blocks.append(lambda text: _add_short_answer(text, answer))
    blocks.append(lambda text: _add_body(text, answer))
    notices = list(map(without_places, answer.notices))
    for lines in (*_about_request(answer, address_of), _related(answer, address_of), _sources(answer, address_of), notices):
        if lines:
            blocks.append(lambda text, lines=lines: text.add("\n".join(map(_passive, lines))))  # type: ignore[misc]
    for place, block in enumerate(blocks):
        if place:
            text.add("\n\n")
        block(text)
    return text.told()


def _add_short_answer(text: _Text, answer: Answer) -> None:
    """Add the values of the short answer in a line, each with its marker, and the article's own words if they are others."""
    assert answer.direct
    for place, value in enumerate(_each(answer.direct)):
        own, rendered = (in_one_line(words or "") for words in (value.text, value.rendered))
        also = f" {in_quotation_marks(own, value.language)}" if rendered and rendered != own else ""
        text.add(_passive(f"{f' {_BETWEEN} ' if place else ''}{rendered or own}{also} "))
        text.mark(value.citation)


def _each(value: ShortAnswer) -> Iterator[ShortAnswer]:
    yield value
    for other in value.others:
        yield from _each(other)


def _add_body(text: _Text, answer: Answer) -> None:
    """Add the answer itself. What a quote holds in brackets is no marker."""
    quotes = sorted((in_quotation_marks(item.quote, item.language) for item in answer.citations), key=len, reverse=True)
    rest = 0
    for match in re.finditer("|".join([*map(re.escape, quotes), MARKER.pattern]), answer.answer):
        text.add(_passive(answer.answer[rest : match.start()]))
        if match[1]:
            text.mark(int(match[1]))
        else:
            text.add(_passive(match[0]))
        rest = match.end()
    text.add(_passive(answer.answer[rest:]))


def _about_request(answer: Answer, address_of: Address) -> Iterator[Sequence[str]]:
    """Yield the days that were read from a request, and the articles that it lists."""
    language = answer.language
    if answer.within:
        days = Filter(since=answer.within.since, until=answer.within.until)
        yield [say("days_read", language, days=COMMA[language].join(filter_in_words(days, language)))]
    if answer.listing:
        listed = answer.listing.articles[:_LISTED]
        more = answer.listing.count - len(listed)
        rest = [counted("more_article", more, language)] if more > 0 else []
        yield [*(_row(item, language, address_of) for item in listed), *rest]


def _related(answer: Answer, address_of: Address) -> Sequence[str]:
    """Return the articles near the subject of what is not answered."""
    rows = [_row(item, answer.language, address_of) for item in answer.related]
    return [say("related", answer.language), *rows] if rows else []


def _row(item: ArticleRef, language: Language, address_of: Address) -> str:
    return f"- {named(item, language)}\n  {address_of(item)}"


def _sources(answer: Answer, address_of: Address) -> Sequence[str]:
    """Return the list of sources: an article a line under the numbers of what is cited of it, its address on the next."""
    by_article: dict[str, list[Citation]] = {}
    for item in answer.citations:
        by_article.setdefault(item.article_id, []).append(item)
    lines = [line for items in by_article.values() for line in _source(items, answer.language, address_of)]
    return [phrase("sources", answer.language), *lines] if lines else []


def _source(items: Sequence[Citation], language: Language, address_of: Address) -> Iterator[str]:
    numbers = " ".join(f"[{item.number}]" for item in items)
    yield f"{numbers} {named(items[0], language)}\n{address_of(items[0])}"
    others: Mapping[str, Source] = {other.article_id: other for item in items for other in item.also}
    yield from (f"+ {named(other, language)}\n{address_of(other)}" for other in others.values())


def _passive(text: str) -> str:
    r"""Return a text in which Markdown finds no image, link or tag: a `\` stands before the `!` of `![`, and so on."""
    return _ACTIVE.sub(lambda match: f"\\{match[0]}", shown(text))
