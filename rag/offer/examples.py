"""The questions offered to a new user: of different articles, outlets, months and kinds, in all languages, all answered."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import islice, zip_longest

from index.types import LANGUAGES, Article, Entry, Language
from rag.archive import Archive
from rag.entities.extraction import GlossaryNames
from rag.offer import tuning
from rag.offer.asked import is_answered
from rag.offer.candidates import candidates_of
from rag.offer.types import Candidate, OfferedQuestion, OfferKind
from rag.text.glossary import Glossary

_Pause = Callable[[], bool]


@dataclass
class _Choice:
    """What was found answered so far, and how many questions were asked for it."""

    found: list[OfferedQuestion] = field(default_factory=list)
    texts: set[str] = field(default_factory=set)
    asked: int = 0

    def has_all(self, language: Language) -> bool:
        """Tell whether no more are wanted in a language."""
        return sum(each.language == language for each in self.found) >= tuning.EXAMPLES_KEPT

    def wants(self, candidate: Candidate) -> bool:
        """Tell whether a question is of a kind, and from an article, of which its language has too few yet."""
        own = [each for each in self.found if each.language == candidate.language]
        article = candidate.article
        if self.has_all(candidate.language) or any(each.article_id == article.article_id for each in own):
            return False
        kinds = Counter(each.kind for each in own)
        foreign = sum(each.article_language != each.language for each in own)
        if article.language != candidate.language and foreign >= tuning.FOREIGN_KEPT:
            return False
        return kinds[candidate.kind] < tuning.OF_ONE_KIND and candidate.question not in self.texts

    def rank(self, candidate: Candidate) -> tuple[int, int]:
        """Return what is asked first: kinds that its language lacks, and those that are rarer."""
        kinds = Counter(each.kind for each in self.found if each.language == candidate.language)
        return kinds[candidate.kind], _RARE.index(candidate.kind)


_RARE: tuple[OfferKind, ...] = ("why", "howmany", "where", "who", "said", "when", "news")


def example_questions(
    archive: Archive, reader: GlossaryNames, glossary: Glossary, go_on: _Pause = lambda: True
) -> Sequence[OfferedQuestion]:
    """Return questions that the archive answers, made of its articles; `go_on` may wait, and ends it by returning False.

    It asks the archive a question for each that it tries, most of which are kept; it stops when there are enough in every
    language, or when so many were asked that there will not be.
    """
    choice = _Choice()
    entries = archive.catalog.entries()
    most = min(tuning.MOST_ASKED, tuning.LEAST_ASKED + len(entries))
    for article in islice(_articles(archive, entries), tuning.MOST_READ):
        if choice.asked >= most or all(map(choice.has_all, LANGUAGES)):
            break
        if not _ask_about(article, choice, archive, reader, glossary, go_on):
            break
    return choice.found


def _ask_about(
    article: Article, choice: _Choice, archive: Archive, reader: GlossaryNames, glossary: Glossary, go_on: _Pause
) -> bool:
    """Ask the questions of an article that are wanted, one kept in each language; return False to end."""
    if not go_on():
        return False
    candidates = sorted(filter(choice.wants, candidates_of(article, reader, glossary)), key=choice.rank)
    tried: Counter[Language] = Counter()
    for candidate in candidates:
        if not choice.wants(candidate) or tried[candidate.language] >= tuning.TRIED_OF_AN_ARTICLE:
            continue
        if not go_on():
            return False
        tried[candidate.language] += 1
        choice.asked += 1
        if is_answered(archive.answerer, candidate):
            choice.found.append(_offered(candidate))
            choice.texts.add(candidate.question)
    return True


def _offered(candidate: Candidate) -> OfferedQuestion:
    article = candidate.article
    return OfferedQuestion(
        candidate.question, candidate.language, candidate.kind, article.article_id, article.language, article.outlet,
        article.published,
    )  # fmt: skip


def _articles(archive: Archive, entries: Sequence[Entry]) -> Iterator[Article]:
    """Yield articles one from each language, outlet and month in turn, so that the first few differ in all three."""
    groups: defaultdict[tuple[str, str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[entry.language, entry.outlet or "", (entry.day or "")[:7]].append(entry)
    ordered = [sorted(group, key=_by_chance) for group in groups.values()]
    by_language = [sorted((group for group in ordered if group[0].language == language), key=lambda each: _by_chance(each[0]))
                   for language in LANGUAGES]  # fmt: skip
    turns = [_in_turn(groups) for groups in by_language]
    for entry in (each for turn in zip_longest(*turns) for each in turn if each):
        if article := archive.article(entry.article_id):
            yield article


def _in_turn(groups: Sequence[Sequence[Entry]]) -> Iterator[Entry]:
    for turn in zip_longest(*groups):
        yield from (entry for entry in turn if entry)


def _by_chance(entry: Entry) -> bytes:
    """Return an order that has nothing to do with names, and is the same at each run."""
    return blake2b(entry.article_id.encode(), digest_size=8).digest()


def in_order(questions: Sequence[OfferedQuestion], language: Language, most: int = tuning.SHOWN) -> list[OfferedQuestion]:
    """Return what a user of a language is offered: those in it first, then some in the others, each other than those before."""
    beside = _varied([each for each in questions if each.language != language], most, ())
    own = _varied([each for each in questions if each.language == language], max(tuning.SHOWN_IN_OWN, most - len(beside)), ())
    others = [each for each in questions if each.language != language]
    return [*own, *_varied(others, most - len(own), own)]


def _varied(offered: Sequence[OfferedQuestion], most: int, shown: Sequence[OfferedQuestion]) -> list[OfferedQuestion]:
    """Return some of the questions, each of the article, kind, language and outlet of which the fewest are shown yet."""
    chosen: list[OfferedQuestion] = []
    rest = list(offered)
    while rest and len(chosen) < most:
        before = [*shown, *chosen]
        best = min(rest, key=lambda each: [sum(sign(each) == sign(other) for other in before) for sign in _SIGNS])
        rest.remove(best)
        chosen.append(best)
    return chosen


# What tells one question from another, what matters most first.
_SIGNS: tuple[Callable[[OfferedQuestion], str | None], ...] = (
    lambda each: each.article_id,
    lambda each: each.language,
    lambda each: each.kind,
    lambda each: each.outlet,
    lambda each: each.published.isoformat()[:7] if each.published else None,
)
