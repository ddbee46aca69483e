"""Names that no glossary has, by the words around them: the parts of a text go in, bodies, places and persons come out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.text import fold
from index.types import LANGUAGES, Language
from rag.entities import tuning
from rag.entities.english import EnglishNames
from rag.entities.known import KnownNames
from rag.entities.name_words import BEFORE, BEGINS, BODY, HALVES, JOINTS, PLACE, NameWords, name_list
from rag.entities.parts import Found, Part

_TOWN_TAILS = frozenset(map(fold, ("آباد", "شهر", "دشت", "کلا", "محله")))
_SPORTS = frozenset(map(fold, ("فوتبال", "والیبال", "بسکتبال", "هندبال", "فوتسال", "کشتی")))
_ATTRIBUTES = frozenset(map(fold, ("الإرهابي", "الإرهابية", "التابع", "التابعة", "المذكورة")))
_HALVES_TOO = HALVES | {f"و{half}" for half in HALVES}
_RELIGION = frozenset(map(fold, ("الدين", "الإسلام")))
_NO_SURNAMES = frozenset(fold("الاسلام الله الدین الإسلام را که در و با به از").split())
_PERSIAN_TAILS = frozenset(
    fold("زاده پور نژاد فر نیا یان منش دوست خواه پناه لو راد وند تبار سرشت آبادی").split()
)


class Patterns:
    """Finds names by their surroundings."""

    def __init__(self, known: KnownNames) -> None:
        """Take from the glossary which words are ordinary ones and which are first names."""
        given = {language: known.given(language) for language in LANGUAGES}
        words = NameWords(given, known.is_ordinary)
        self._english, self._bodies, self._persons = EnglishNames(words), _Bodies(words), _Persons(words)

    def find(self, parts: Sequence[Part], language: Language, known: frozenset[int]) -> Iterator[Found]:
        """Yield the names among the parts of a text; `known` are the parts that the glossary has as names."""
        if language == "en":
            yield from self._english.find(parts, known)
            return
        bodies = list(self._bodies.find(parts, language, known))
        yield from bodies
        taken = {at for item in bodies for at in range(item.first, item.last)}
        yield from (item for item in self._persons.find(parts, language, known) if item.first not in taken)


class _Bodies:
    """Finds Arabic and Persian bodies and places that begin with what they are: وزارة الداخلية, شهر جیکوب‌آباد."""

    def __init__(self, words: NameWords) -> None:
        """Keep what is known of words."""
        self._words = words

    def find(self, parts: Sequence[Part], language: Language, known: frozenset[int]) -> Iterator[Found]:
        """Yield the bodies and places among the parts of a text; `known` are the parts that the glossary has as names."""
        for at, part in enumerate(parts):
            signs = self._words.signs_of(part.text, language)
            if not signs or part.is_joined or (at + 1 < len(parts) and parts[at + 1].is_joined):
                continue
            if BODY in signs:
                last = self._body(parts, at, language, known)
                last = self._without_usual(parts, at, last, language)
                if last > at + 1 and parts[last - 1].text not in _SPORTS:
                    yield Found(at, last, "organisation")
            elif PLACE in signs:
                last = self._place(parts, at, language, known)
                if last > at + 1:
                    bare = name_list("bare", language)
                    is_bare = part.text in bare or (language == "ar" and part.text[1:] in bare)
                    yield Found(at + 1 if is_bare else at, last, "place")

    def _body(self, parts: Sequence[Part], at: int, language: Language, known: frozenset[int]) -> int:
        """Return where the name of a body ends that begins at a part with its kind."""
        if language == "fa" and at + 1 < len(parts) and parts[at + 1].text in _SPORTS:
            at += 1  # باشگاه فوتبال پرسپولیس
        goes_on = self._arabic_goes_on if language == "ar" else self._persian_goes_on
        end = at + 1
        while end < len(parts) and end - at < tuning.LONGEST_BODY and parts[end].follows and goes_on(parts, at, end, known):
            end += 1
        return end

    def _arabic_goes_on(self, parts: Sequence[Part], at: int, end: int, known: frozenset[int]) -> bool:
        """Tell whether a part belongs to a body's name: the first behind its kind, then all that have an article."""
        text, first = parts[end].text, end == at + 1
        if text in name_list("stop", "ar") or (end in known and text.startswith("لل")):  # told to somebody
            return False
        if not text.startswith(("ال", "وال", "لل")):
            # An adjective names no body: جامعة إيطالية.
            is_adjective = end in known and text.endswith(("ي", "يه"))
            return first and not is_adjective and self._words.is_proper(parts, end, "ar", known)
        return first or BODY not in self._words.signs_of(text.removeprefix("ل"), "ar")

    def _persian_goes_on(self, parts: Sequence[Part], at: int, end: int, known: frozenset[int]) -> bool:
        """Tell whether a part belongs to a body's name: the first word behind its kind, where that is a name."""
        return parts[end].is_joined or (end == at + 1 and self._words.is_proper(parts, end, "fa", known))

    @staticmethod
    def _without_usual(parts: Sequence[Part], at: int, last: int, language: Language) -> int:
        """Return where a body's name ends without what any other has, too: nowhere behind its kind where nothing is left."""
        usual = name_list("usual", language)
        if all(part.text in usual for part in parts[at + 1 : last]):
            return at + 1
        while last > at + 1 and parts[last - 1].text in _ATTRIBUTES:
            last -= 1
        return last

    def _place(self, parts: Sequence[Part], at: int, language: Language, known: frozenset[int]) -> int:
        end = at + 1
        if end < len(parts) and parts[end].is_near and self._words.is_proper(parts, end, language, known):
            end += 1
            while language == "fa" and end < len(parts) and (parts[end].is_joined or parts[end].text in _TOWN_TAILS):
                end += 1
        return end


class _Persons:
    """Finds Arabic and Persian persons by first names, titles and verbs of speaking."""

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
            if after in _RELIGION or (text.endswith("عبد") and after.startswith("ال") and len(after) > tuning.SHORT_NAME):
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
