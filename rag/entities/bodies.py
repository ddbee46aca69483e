"""Arabic and Persian bodies and places that begin with what they are: وزارة الداخلية, شهر جیکوب‌آباد."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from index.text import fold
from index.types import Language
from rag.entities.name_lists import name_list
from rag.entities.name_words import BODY, PLACE, NameWords
from rag.entities.parts import Found, Part

_LONGEST_BODY = 6
_TOWN_TAILS = frozenset(map(fold, ("آباد", "شهر", "دشت", "کلا", "محله")))
_SPORTS = frozenset(map(fold, ("فوتبال", "والیبال", "بسکتبال", "هندبال", "فوتسال", "کشتی")))
_ATTRIBUTES = frozenset(map(fold, ("الإرهابي", "الإرهابية", "التابع", "التابعة", "المذكورة")))


class Bodies:
    """Finds bodies and places in Arabic and Persian."""

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
        while end < len(parts) and end - at < _LONGEST_BODY and parts[end].follows and goes_on(parts, at, end, known):
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
