"""English names that no glossary has: recognised by their capitals, by first names, titles and the last word of a body."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.entities import tuning
from rag.entities.name_words import NameWords, name_list
from rag.entities.parts import Found, Part

# What stands between the words of a name; of a person's some of it only.
_PERSONAL_LINKS = frozenset({"de", "la", "al", "bin", "von", "van", "der", "del", "di", "da", "el", "ben"})
_LINKS = _PERSONAL_LINKS | {"of", "the", "for", "and"}
_BREAKS = ".!?:“\"‘\n"


class EnglishNames:
    """Finds persons, bodies and places in English."""

    def __init__(self, words: NameWords) -> None:
        """Keep what is known of words."""
        self._words = words

    def find(self, parts: Sequence[Part], known: frozenset[int]) -> Iterator[Found]:
        """Yield the names among the parts of a text; `known` are the parts that the glossary has as names."""
        at = 0
        while at < len(parts):
            last = self._run(parts, at)
            if last == at:
                at += 1
                continue
            first = at
            while first < last and (self._begins(parts, first) and self._words.is_ordinary(parts[first].text, "en")):
                first += 1
            if first < last:
                found = self._of_run(parts, first, last, known)
                if found:
                    yield found
                yield from self._acronyms(parts, first, last)
            at = last

    @staticmethod
    def _begins(parts: Sequence[Part], at: int) -> bool:
        return at == 0 or any(mark in parts[at].gap for mark in _BREAKS)

    @staticmethod
    def _run(parts: Sequence[Part], at: int) -> int:
        """Return where a run of words in capitals ends that begins at a part."""
        if not parts[at].case:
            return at
        end = at + 1
        while end < len(parts):
            part = parts[end]
            if part.gap == ". " and len(parts[end - 1].text) == 1 and part.case or part.case and part.follows:
                end += 1
            elif part.text in _LINKS and part.follows and end + 1 < len(parts) and _goes_on(parts[end + 1]):
                end += 2
            else:
                break
        return end

    def _acronyms(self, parts: Sequence[Part], first: int, last: int) -> Iterator[Found]:
        """Yield the words of a run that are capitals only and stand for a body; in a text that shouts, there are none."""
        for at in range(first, last):
            text = parts[at].text
            if parts[at].case == "A" and 3 <= len(text) <= 5 and text.isalpha() and text not in name_list("acronym", "en"):
                yield Found(at, at + 1, "organisation")

    def _of_run(self, parts: Sequence[Part], first: int, last: int, known: frozenset[int]) -> Found | None:
        """Return the name that a run of words in capitals holds: a body's or place's by its last word, else a person's."""
        titles = name_list("title", "en")
        start = first
        while start < last and (parts[start].text in titles or parts[start].text in _LINKS):
            start += 1
        titled = start > first or (first > 0 and parts[first].follows and parts[first - 1].text in titles)
        return (
            self._body_or_place(parts, start, last)
            or self._with_first_name(parts, start, last, known, titled)
            or self._unknown_person(parts, start, last, known, titled)
        )

    def _body_or_place(self, parts: Sequence[Part], start: int, last: int) -> Found | None:
        for at in range(start + 1, last):
            text = parts[at].text
            if text in name_list("organisation", "en"):
                return Found(self._after_link(parts, start, at), self._with_complement(parts, at, last), "organisation")
            if text in name_list("place", "en") and all(part.text != "and" for part in parts[start:at]):
                return Found(start, at + 1, "place")
        return None

    def _with_first_name(
        self, parts: Sequence[Part], start: int, last: int, known: frozenset[int], titled: bool
    ) -> Found | None:
        for at in range(start, last - 1):
            text = parts[at].text
            if at in known and text not in name_list("given", "en"):
                continue  # Israel is a first name, too
            soft = text in self._words.soft["en"] and (titled or at > start)
            if text in self._words.given["en"] or soft or (titled and at == start and len(text) > 1):
                end = at + 1
                while end < last and end - at < tuning.LONGEST_PERSON and self._is_of_person(parts[end]):
                    end += 1
                if end > at + 1:
                    return Found(at, end, "person")
        return None

    @staticmethod
    def _is_of_person(part: Part) -> bool:
        return bool(part.case or part.text in _PERSONAL_LINKS) and part.text not in name_list("title", "en")

    def _unknown_person(
        self, parts: Sequence[Part], start: int, last: int, known: frozenset[int], titled: bool
    ) -> Found | None:
        """Return a run of two or three words that are no words of English, inside a sentence or beside a title or verb."""
        if last - start not in (2, 3) or not known.isdisjoint(range(start, last)):
            return None
        spoke = last < len(parts) and parts[last].follows and parts[last].text in name_list("verb", "en")
        if self._begins(parts, start) and not (spoke or titled):
            return None
        stop = name_list("stop", "en")
        unknown = all(
            part.case == "a" and part.text not in stop and not self._words.is_common(part.text, "en")
            for part in parts[start:last]
        )
        return Found(start, last, "person") if unknown else None

    @staticmethod
    def _after_link(parts: Sequence[Part], start: int, head: int) -> int:
        """Return where the name of a body begins: behind an "and" that joins it to another."""
        joined = [at for at in range(start, head) if parts[at].text == "and"]
        return joined[-1] + 1 if joined and head - joined[-1] > 1 else start

    @staticmethod
    def _with_complement(parts: Sequence[Part], head: int, last: int) -> int:
        """Return where the name of a body ends: behind "of X" where that follows its head."""
        end = head + 1
        if end < last and parts[end].text in ("of", "for"):
            end = last
        return end


def _goes_on(part: Part) -> bool:
    """Tell whether a run of words in capitals goes on with a part."""
    return bool(part.case) and part.follows
