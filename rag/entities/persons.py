"""Arabic and Persian persons that no glossary has: told by first names, titles and verbs of speaking."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.text import fold
from index.types import Language
from rag.entities.name_lists import name_list
from rag.entities.name_words import BEFORE, BEGINS, HALVES, JOINTS, NameWords
from rag.entities.parts import Found, Part

_SHORTEST = 3
_HALVES_TOO = HALVES | {f"و{half}" for half in HALVES}
_RELIGION = frozenset(map(fold, ("الدين", "الإسلام")))
_NO_SURNAMES = frozenset(fold("الاسلام الله الدین الإسلام را که در و با به از").split())
_PERSIAN_TAILS = frozenset(
    fold("زاده پور نژاد فر نیا یان منش دوست خواه پناه لو راد وند تبار سرشت آبادی").split()
)


class Persons:
    """Finds persons in Arabic and Persian."""

    def __init__(self, words: NameWords) -> None:
        """Keep what is known of words."""
        self._words = words

    def find(self, parts: Sequence[Part], language: Language, known: frozenset[int]) -> Iterator[Found]:
        """Yield the persons among the parts of a text; `known` are the parts that the glossary has as names."""
        at = 0
        while at < len(parts):
            last = self._person(parts, at, language, known) if self._may_begin(parts, at, language) else None
            if last:
                yield Found(at, last, "person")
            at = last or at + 1

    def _may_begin(self, parts: Sequence[Part], at: int, language: Language) -> bool:
        """Tell whether a part is worth a closer look: a first name, or what stands behind a title; one in ten is."""
        return BEGINS in self._words.signs_of(parts[at].text, language) or (
            at > 0 and BEFORE in self._words.signs_of(parts[at - 1].text, language)
        )

    def _person(self, parts: Sequence[Part], at: int, language: Language, known: frozenset[int]) -> int | None:
        """Return where the name of a person that begins at a part ends; None where none does."""
        if parts[at].is_joined:
            return None
        titled = self._is_titled(parts, at, language)
        end = self._first_name(parts, at, language, soft=titled)
        if end is None:
            return self._unknown_person(parts, at, language, known) if titled else None
        given, joined = 1, False
        while end < len(parts) and parts[end].follows:
            text = parts[end].text
            if text in JOINTS and end + 1 < len(parts) and parts[end + 1].follows:
                father = self._first_name(parts, end + 1, language, soft=True) or end + 2
                if parts[end + 1].text == "عبد" and father == end + 2:
                    father = min(end + 3, len(parts))
                end, joined = father, True
                continue
            more = self._first_name(parts, end, language, soft=False)
            if more is None or given > 2 or (more < len(parts) and parts[more].is_joined):
                break
            end, given = more, given + 1
        surname = self._surname(parts, end, language, known)
        if surname is None:
            return end if given > 1 or joined else None
        # احمدی منش and حسن‌زاده are surnames by themselves, of whom nobody knows.
        return None if given == 1 and language == "fa" and parts[end].text in _PERSIAN_TAILS else surname

    def _first_name(self, parts: Sequence[Part], at: int, language: Language, *, soft: bool) -> int | None:
        if parts[at].case == "p" and language == "ar":
            return None
        text, following = parts[at].text, parts[at + 1] if at + 1 < len(parts) and parts[at + 1].follows else None
        if language == "ar" and following and text in _HALVES_TOO:
            after = following.text
            if after in _RELIGION or (text.endswith("عبد") and after.startswith("ال") and len(after) > _SHORTEST):
                return at + 2
        if language == "fa" and following and following.is_joined and text + following.text in self._words.given["fa"]:
            return at + 2
        joined = language == "ar" and text[0] in "وبل" and len(text) > 4 and text[1:] in self._words.given["ar"]
        if joined or text in self._words.given[language]:
            return at + 1
        if text in self._words.soft[language] and following:
            firm = soft or (language == "ar" and following.text in self._words.given[language])
            return at + 1 if firm else None
        return None

    def _surname(self, parts: Sequence[Part], at: int, language: Language, known: frozenset[int]) -> int | None:
        if at >= len(parts) or not parts[at].follows or parts[at].text in _NO_SURNAMES:
            return None
        if language == "fa" and parts[at].text in _PERSIAN_TAILS:
            return at + 1
        whole = parts[at].text
        if at + 1 < len(parts) and parts[at + 1].is_joined:
            whole += parts[at + 1].text
        elif at in known:
            return None
        if not self._words.is_namelike(replace(parts[at], text=whole), language):
            return None
        end = at + 1
        if language == "fa":
            while end < len(parts) and (parts[end].is_joined or (parts[end].follows and parts[end].text in _PERSIAN_TAILS)):
                end += 1
        elif parts[at].text == "ال" and end < len(parts) and parts[end].follows:
            end += 1
        elif not parts[at].text.startswith("ال") and end < len(parts) and parts[end].follows:
            after = parts[end].text
            # A second surname, with an article that no verb and no attribute would have behind a bare noun.
            if after.startswith("ال") and parts[at].text in self._words.soft["ar"]:
                end += 1
        return end

    def _is_titled(self, parts: Sequence[Part], at: int, language: Language) -> bool:
        """Tell whether a title stands before a part, or a title with what it is of, or a verb of speaking."""
        if at == 0 or not parts[at].follows:
            return False
        before = parts[at - 1].text
        titles = name_list("title", language)
        if before in titles or (language == "ar" and before[1:] in titles and before[0] in "ولب"):
            return True
        if language == "ar":
            return before in name_list("verb", "ar") or before[1:] in name_list("verb", "ar")
        whole = parts[at - 2].text + before if at > 1 and parts[at - 1].follows else ""
        return whole in titles

    def _unknown_person(self, parts: Sequence[Part], at: int, language: Language, known: frozenset[int]) -> int | None:
        """Return where two unknown words behind a title end that has no other use: الدكتور, دکتر, آقای."""
        if parts[at - 1].text not in name_list("generic", language) or self._words.is_common(parts[at].text, language):
            return None
        if not self._words.is_namelike(parts[at], language) or parts[at].text.startswith("ال"):
            return None
        return self._surname(parts, at + 1, language, known)
