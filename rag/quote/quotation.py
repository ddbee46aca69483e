"""Quote mode: an answer made of verbatim sentences, each with its marker, outlet and date."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations

from index.clean import opens_with
from index.types import Language
from rag.ask.question import Question
from rag.phrases import COMMA, in_quotes, listed, say, written_date
from rag.quote.arrangement import Arrangement, Role, Section, arrange
from rag.quote.claim import Claim
from rag.quote.repetition import Quote
from rag.text.origin import Origin, origin_of, same_origin
from rag.types import Answer, Citation, Disagreement, Evidence, Source, citation

_HEADINGS: Mapping[Role, str] = {"said": "quotes_follow", "differ": "sources_differ", "more": "more_said", "earlier": "earlier"}
_HEADINGS_OF_A_DAY: Mapping[Role, str] = {"said": "as_of", "differ": "as_of_differ"}


@dataclass(frozen=True, slots=True)
class _Numbered:
    """A section with its citations."""

    section: Section
    citations: tuple[Citation, ...]


def quote_answer(question: Question, evidence: Sequence[Evidence], most: int, today: date | None = None) -> Answer:
    """Return the answer made of the best of the evidence (best first, at least one piece), in at most `most` quotes.

    `today` is the day from which on a publication date is a mistake; without it, the day on which the question is asked.
    """
    language = question.language
    arranged = arrange(question, evidence, most, today or date.today())
    numbered = list(_numbered(arranged, language))
    citations = tuple(item for part in numbered for item in part.citations)
    quotes = [quote for part in numbered for quote in part.section.quotes]
    blocks = [block for part in numbered for block in _blocks(part, arranged.as_of, language)]
    text = "\n\n".join([*blocks, *_origin_notes(quotes, citations, language)])
    return Answer(
        question.text, language, text, "quotes", False, citations,
        as_of=arranged.as_of, disagreements=_disagreements(arranged, quotes, citations),
        overtaken=tuple(item.number for part in numbered if part.section.role == "earlier" for item in part.citations),
    )  # fmt: skip


def _numbered(arranged: Arrangement, language: Language) -> Iterator[_Numbered]:
    number = 0
    for section in arranged.sections:
        numbers = range(number + 1, number + 1 + len(section.quotes))
        number += len(section.quotes)
        yield _Numbered(section, tuple(_citation(n, quote, language) for n, quote in zip(numbers, section.quotes, strict=True)))


def _citation(number: int, quote: Quote, language: Language) -> Citation:
    """Return a quote as a citation, with the other articles that say the same and the agency that it is taken from."""
    origin = origin_of(quote.evidence)
    return replace(
        citation(number, quote.evidence),
        also=tuple(map(_source, quote.also)),
        agency=origin.name(language) if origin else None,
    )


def _source(evidence: Evidence) -> Source:
    article = evidence.passage.article
    return Source(
        article.article_id, article.path, article.title, article.outlet, article.published, article.language, article.url,
        evidence.quote, evidence.start, evidence.end,
    )  # fmt: skip


def _blocks(part: _Numbered, as_of: date | None, language: Language) -> list[str]:
    role = part.section.role
    if as_of and role in _HEADINGS_OF_A_DAY:
        heading = say(_HEADINGS_OF_A_DAY[role], language, day=written_date(as_of, language))
    else:
        heading = say(_HEADINGS[role], language)
    return [heading, *(quoted(item, language) for item in part.citations)]


def quoted(item: Citation, language: Language) -> str:
    """Return one quote as a reader sees it: in quotation marks, with its marker and where it stands."""
    return f"{in_quotes(item.quote, item.language)} [{item.number}] — {attribution(item, language)}"


def attribution(item: Citation, language: Language) -> str:
    """Return who says so and when, in the reader's language; an article of no known outlet goes by its title.

    Articles that repeat the quote are named with it. A title that was only taken from the quote's own beginning says nothing
    new: then the path stands for the article.
    """
    names = dict.fromkeys([_where(item), *(_where(other) for other in item.also)])
    where = listed(list(names), language)
    return f"{say('quoted_from', language, where=where)}{COMMA[language]} {written_date(item.published, language)}"


def _where(item: Citation | Source) -> str:
    return item.outlet or (item.path if opens_with(item.quote, item.title) else in_quotes(item.title, item.language))


def _disagreements(
    arranged: Arrangement, quotes: Sequence[Quote], citations: Sequence[Citation]
) -> tuple[Disagreement, ...]:
    """Return what the quotes shown side by side differ in; nothing where a newer one has overtaken the other."""
    differing = next((section for section in arranged.sections if section.role == "differ"), None)
    if arranged.comparison is None or differing is None:
        return ()
    values: dict[tuple[str, int], Claim] = {
        (claim.evidence.passage.article.article_id, claim.evidence.start): claim for claim in arranged.comparison.current
    }
    shown = [
        (item.number, values[quote.evidence.passage.article.article_id, quote.evidence.start].text)
        for quote, item in zip(quotes, citations, strict=True)
        if quote in differing.quotes
    ]
    return (Disagreement(arranged.comparison.kind, tuple(number for number, _ in shown), tuple(text for _, text in shown)),)


def _origin_notes(quotes: Sequence[Quote], citations: Sequence[Citation], language: Language) -> Iterator[str]:
    """Yield a line for each source that several quotes of different articles, or two outlets of one quote, go back to."""
    grouped = _by_origin(quotes)
    for origin, members in grouped:
        key = "both_cite" if len(members) == 2 else "all_cite"
        markers = listed([f"[{citations[at].number}]" for at in sorted(members)], language)
        yield say(key, language, markers=markers, agency=origin.name(language))
    told = {at for _, members in grouped for at in members}
    for at, quote in enumerate(quotes):
        within = next((found for found in (same_origin(quote.evidence, other) for other in quote.also) if found), None)
        if within and at not in told:
            yield say("both_outlets_cite", language, number=str(citations[at].number), agency=within.name(language))


def _by_origin(quotes: Sequence[Quote]) -> list[tuple[Origin, set[int]]]:
    """Return each source that quotes of different articles share, with their places."""
    grouped: list[tuple[Origin, set[int]]] = []
    for one, other in combinations(range(len(quotes)), 2):
        found = _shared(quotes[one], quotes[other])
        if found is None:
            continue
        group = next((members for origin, members in grouped if origin.is_same(found)), None)
        if group is None:
            grouped.append((found, {one, other}))
        else:
            group.update((one, other))
    return grouped


def _shared(one: Quote, other: Quote) -> Origin | None:
    if one.evidence.passage.article.article_id == other.evidence.passage.article.article_id:
        return None
    return same_origin(one.evidence, other.evidence)


