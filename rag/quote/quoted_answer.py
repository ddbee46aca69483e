"""The answer made of quotes: verbatim sentences, each with its marker, outlet and date, under headings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations, islice

from index.clean import opens_with
from index.types import Language
from rag.ask.question import Question
from rag.phrases import COMMA, in_quotation_marks, listed, say, written_date
from rag.quote.arrangement import Role, Section, arrange, day_of_answer
from rag.quote.comparison import Comparison, compare
from rag.quote.repetition import Quote
from rag.quote.selection import choose_quotes
from rag.text.origin import Origin, origin_of, same_origin
from rag.types import Answer, Citation, Disagreement, Evidence, Source, citation, source

_HEADINGS: Mapping[Role, str] = {"said": "quotes_follow", "differ": "sources_differ", "more": "more_said", "earlier": "earlier"}
_HEADINGS_OF_A_DAY: Mapping[Role, str] = {"said": "as_of", "differ": "as_of_differ"}


def quoted_answer(question: Question, evidence: Sequence[Evidence], most: int, today: date | None = None) -> Answer:
    """Return the answer made of the best of the evidence (best first, at least one piece), in at most `most` quotes.

    A publication date more than a day after `today` (by default the day of asking) is taken for a mistake.
    """
    today, language = today or date.today(), question.language
    chosen = choose_quotes(question, evidence, most)
    comparison = compare(question, evidence, today) if most > 1 else None
    sections = arrange(question, evidence, chosen, comparison, most, today)
    as_of = day_of_answer(question, sections, today)
    quotes = [quote for section in sections for quote in section.quotes]
    citations = tuple(_citation(number, quote, language) for number, quote in enumerate(quotes, 1))
    cited = _by_section(sections, citations)
    blocks = [block for role, items in cited.items() for block in _blocks(role, items, as_of, language)]
    text = "\n\n".join([*blocks, *_origin_notes(quotes, citations, language)])
    return Answer(
        question.text, language, text, "quotes", False, citations,
        as_of=as_of, disagreements=_disagreements(comparison, cited.get("differ", ())),
        overtaken=tuple(item.number for item in cited.get("earlier", ())),
    )  # fmt: skip


def _citation(number: int, quote: Quote, language: Language) -> Citation:
    """Return a quote as a citation, with the other articles that say the same and the agency that it is taken from."""
    origin = origin_of(quote.evidence)
    agency = origin.name(language) if origin else None
    return replace(citation(number, quote.evidence), also=tuple(map(source, quote.also)), agency=agency)


def _by_section(sections: Sequence[Section], citations: Sequence[Citation]) -> dict[Role, tuple[Citation, ...]]:
    """Return the citations of each section, which has each role once."""
    rest = iter(citations)
    return {section.role: tuple(islice(rest, len(section.quotes))) for section in sections}


def _blocks(role: Role, items: Sequence[Citation], as_of: date | None, language: Language) -> list[str]:
    """Return the heading of a section and its quotes as they are shown."""
    if as_of and role in _HEADINGS_OF_A_DAY:
        heading = say(_HEADINGS_OF_A_DAY[role], language, day=written_date(as_of, language))
    else:
        heading = say(_HEADINGS[role], language)
    return [heading, *(quoted(item, language) for item in items)]


def quoted(item: Citation, language: Language) -> str:
    """Return one quote as a user sees it: in quotation marks, with its marker and where it stands."""
    return f"{in_quotation_marks(item.quote, item.language)} [{item.number}] — {attribution(item, language)}"


def attribution(item: Citation, language: Language) -> str:
    """Return who says so and when, in the user's language; an article of no known outlet goes by its title.

    Articles that repeat the quote are named with it. A title that was only taken from the quote's own beginning says nothing
    new: then the path stands for the article.
    """
    names = dict.fromkeys([_where(item), *(_where(other) for other in item.also)])
    where = listed(list(names), language)
    return f"{say('quoted_from', language, where=where)}{COMMA[language]} {written_date(item.published, language)}"


def _where(item: Source) -> str:
    title = in_quotation_marks(item.title, item.language)
    return item.outlet or (item.path if opens_with(item.quote, item.title) else title)


def _disagreements(comparison: Comparison | None, differing: Sequence[Citation]) -> tuple[Disagreement, ...]:
    """Return what the quotes shown side by side differ in; nothing where a newer one has overtaken the other."""
    if comparison is None or not differing:
        return ()
    values = tuple(claim.text for claim in comparison.current[: len(differing)])
    return (Disagreement(comparison.kind, tuple(item.number for item in differing), values),)


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


