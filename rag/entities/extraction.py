"""The names of one article: those of the glossary, and those that only patterns tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache, cached_property
from hashlib import blake2b

from index.cleaning.headline import opens_with, under_title
from index.entities.types import EntityKind, Mention
from index.text import skeletons
from index.types import Article, Language
from rag.entities import tuning
from rag.entities.known import Known, KnownNames, first_name, known_names
from rag.entities.name_words import lists_version, name_list
from rag.entities.parts import Found, Part, parts_of
from rag.entities.patterns import Patterns
from rag.text.glossary import Entry, Glossary
from rag.text.match import without_article

# Goes up with every change of how names are read.
VERSION = "2"


class GlossaryNames:
    """Reads the names of articles by a glossary and by patterns; a NameReader."""

    def __init__(self, glossary: Glossary) -> None:
        """Keep the glossary; its names are taken out of it when the first article is read."""
        self._glossary = glossary

    @cached_property
    def _known(self) -> KnownNames:
        return known_names(self._glossary)

    @cached_property
    def _patterns(self) -> Patterns:
        return Patterns(self._known)

    @cached_property
    def made_with(self) -> str:
        """The version of the rules, of the lists and of the glossary's lines."""
        lines = "\n".join(entry.line for entry in self._glossary.entries())
        return f"names-{VERSION}-{lists_version()}-{blake2b(lines.encode(), digest_size=8).hexdigest()}"

    def mentions(self, article: Article) -> list[Mention]:
        """Return the names in an article's title and text, each spelling once, in the order in which they first stand there."""
        has_title = opens_with(article.text, article.title)
        whole = article.text if has_title else under_title(article.title, article.text)
        shift = len(whole) - len(article.text)
        parts = parts_of(whole)
        found: dict[tuple[EntityKind, str, str], Mention] = {}
        for first, last, kind, key, joined in self._named(parts, article):
            name = " ".join(whole[parts[first].start + joined : parts[last - 1].end].split())
            start = max(parts[first].start - shift, 0)
            known = found.get((kind, key, name))
            sounds = () if key.startswith("=") else name_sounds(name)
            found[kind, key, name] = Mention(
                kind, key, name, known.start if known else start, known.count + 1 if known else 1, sounds
            )
        return sorted(found.values(), key=lambda mention: (mention.start, mention.name))

    def _named(self, parts: list[Part], article: Article) -> Iterator[tuple[int, int, EntityKind, str, int]]:
        """Yield (first part, last part, kind, key, letters that are joined to its first word) of each name."""
        language = article.language
        known = self._known.find(parts, language)
        covered = frozenset(at for item in known for at in range(item.first, item.last) if not item.may_be_a_surname)
        quiet = _quiet(parts, article.title) if language == "en" else parts
        patterns = list(self._patterns.find(quiet, language, covered))
        starts = {item.first for item in known if item.kind == "organisation" and item.last - item.first > 1}
        patterns = [item for item in patterns if item.kind != "organisation" or item.first not in starts]
        kept = [item for item in known if not _is_anothers(item, patterns, language)]
        for item in kept:
            text = parts[item.first].text
            joined = len(text) - len(item.form) if len(text) > len(item.form) and text.endswith(item.form) else 0
            yield item.first, item.last, item.kind, entity_key(item.entry), joined
        taken = {(item.first, item.last) for item in kept}
        for pattern in patterns:
            if (pattern.first, pattern.last) not in taken and not _is_within(pattern, kept):
                named = parts[pattern.first : pattern.last]
                bare = _without_joined(named[0].text, language)
                yield pattern.first, pattern.last, pattern.kind, _key_of(named, language), len(named[0].text) - len(bare)


def entity_key(entry: Entry) -> str:
    """Return the key of a term of the glossary, the same for all its spellings."""
    return f"={first_name(entry)}"


def key_of_name(name: str, language: Language) -> str:
    """Return the key of a name that no glossary has, as one reads it in an article of a language."""
    return _key_of(parts_of(name), language)


def name_sounds(name: str) -> tuple[str, ...]:
    """Return the consonants of a name of two words or more, as they are compared over scripts; () where there are too few."""
    parts = [part.text for part in parts_of(name)]
    if len(parts) < 2:
        return ()
    joined = "".join(without_article(part) for part in parts)
    return tuple(sound for sound in skeletons(joined) if len(sound) >= tuning.FEWEST_CONSONANTS)


def _key_of(parts: Sequence[Part], language: Language) -> str:
    """Return the folded words of a name without articles, the first without what is joined to it."""
    texts = [_without_joined(part.text, language) if at == 0 else part.text for at, part in enumerate(parts)]
    return " ".join(without_article(text) for text in texts)


def _without_joined(text: str, language: Language) -> str:
    """Return the first part of a name without the letter that Arabic joins to it."""
    if language != "ar" or text[0] not in "وفبل" or len(text) < 4 or text in _first_words():
        return text
    return text[1:] if text[1:] in _first_words() else text


@cache
def _first_words() -> frozenset[str]:
    return name_list("organisation", "ar") | name_list("place", "ar") | name_list("given", "ar")


def _is_anothers(item: Known, patterns: Sequence[Found], language: Language) -> bool:
    """Tell whether a surname, or a name inside a longer one, is a part of another's: Eric Trump, جامعة الملك سعود."""
    for pattern in patterns:
        if pattern.first <= item.first and item.last <= pattern.last and pattern.last - pattern.first > item.last - item.first:
            if pattern.kind == "person":
                return True
            if item.kind == "person":
                return True
            if item.kind == pattern.kind and language == "en":
                return True
    return False


def _is_within(pattern: Found, kept: Sequence[Known]) -> bool:
    """Tell whether the glossary has the name that a pattern finds, whole or as a part of a longer one."""
    for item in kept:
        if item.first <= pattern.first and pattern.last <= item.last:
            return True
        overlaps = item.first < pattern.last and pattern.first < item.last
        if overlaps and (item.kind == pattern.kind and item.last == pattern.last):
            return True
        if overlaps and not (pattern.first <= item.first and item.last <= pattern.last):
            return True
    return False


def _quiet(parts: list[Part], title: str) -> list[Part]:
    """Return the parts of a text for the patterns: of a headline in which nearly every word has a capital, without them."""
    head = [part for part in parts if part.end <= len(title)]
    long = [part for part in head if len(part.text) > 3]
    if not long or sum(bool(part.case) for part in long) < tuning.CAPITALISED_TITLE * len(long):
        return parts
    return [*(replace(part, case="") for part in head), *parts[len(head) :]]
