"""Names that no glossary has: told by first names, titles, speaking verbs and the words for kinds of bodies and places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.entities.types import EntityKind
from index.text import fold
from index.types import Language
from rag.entities.known import KnownNames, is_frequent
from rag.entities.name_lists import name_list
from rag.entities.parts import Part

_LONGEST_BODY = 6
_SHORTEST = 3
# Between a first name and a father's.
_JOINTS = frozenset(fold("بن ابن بنت بو ابو أبو آل ولد").split())
# First halves of first names of two words: عبد الوهاب, نور الدين, سيف الإسلام.
_HALVES = frozenset(
    fold("عبد نور سيف صلاح شمس عز علاء بهاء ضياء جمال كمال خير محيي محي حسام زين بدر تقي فخر جلال عماد شرف").split()
)
_HALVES_TOO = _HALVES | {f"و{half}" for half in _HALVES}
# Persian titles of two words end so.
_TITLE_ENDS = frozenset(fold("الاسلام الله والمسلمین جمهور جمهوری").split())
_BEGINS, _BEFORE, _BODY, _PLACE = "bfop"
_MOST_WORDS = 200_000
_RELIGION = frozenset(fold("الدين الدّين الإسلام").split())
_NO_SURNAMES = frozenset(fold("الاسلام الله الدین الإسلام را که در و با به از").split())
_PERSIAN_TAILS = frozenset(fold("زاده پور نژاد فر نیا یان منش دوست خواه پناه لو راد وند تبار سرشت آبادی").split())
_TOWN_TAILS = frozenset(fold("آباد شهر دشت کلا محله").split())
_SPORTS = frozenset(fold("فوتبال والیبال بسکتبال هندبال فوتسال کشتی").split())
# What stands between the words of an English name.
_LINKS = frozenset({"of", "the", "for", "and", "de", "la", "al", "bin", "von", "van", "der", "del", "di", "da", "el", "ben"})
_PERSONAL_LINKS = frozenset({"de", "la", "al", "bin", "von", "van", "der", "del", "di", "da", "el", "ben"})


@dataclass(frozen=True, slots=True)
class Found:
    """The parts `first` to `last` (not included) are a name of this kind, by their pattern."""

    first: int
    last: int
    kind: EntityKind


class Patterns:
    """Finds names by their surroundings; it knows from the glossary which words are ordinary ones and which are first names."""

    def __init__(self, known: KnownNames) -> None:
        """Take the first names and the ordinary words of the glossary to those of the lists."""
        self._known = known
        self._given = {
            language: (name_list("given", language) | known.given(language))
            - name_list("soft", language)
            - name_list("title", language)
            - name_list("stop", language)
            - _JOINTS
            for language in ("ar", "fa", "en")
        }
        self._signs: dict[tuple[Language, str], str] = {}
        self._halves = {name[:end] for name in self._given["fa"] for end in range(2, len(name) - 1)}
        self._soft = {language: name_list("soft", language) for language in ("ar", "fa", "en")}

    def find(self, parts: Sequence[Part], language: Language, known: frozenset[int]) -> Iterator[Found]:
        """Yield the names among the parts of a text; `known` are the parts that the glossary has as names."""
        if language == "en":
            yield from self._english(parts, known)
        else:
            headed = list(self._headed(parts, language, known))
            yield from headed
            taken = {at for item in headed for at in range(item.first, item.last)}
            yield from (item for item in self._persons(parts, language, known) if item.first not in taken)

    # Arabic and Persian

    def _persons(self, parts: Sequence[Part], language: Language, known: frozenset[int]) -> Iterator[Found]:
        at = 0
        while at < len(parts):
            last = self._person(parts, at, language, known) if self._may_begin(parts, at, language) else None
            if last:
                yield Found(at, last, "person")
            at = last or at + 1

    def _may_begin(self, parts: Sequence[Part], at: int, language: Language) -> bool:
        """Tell whether a part is worth a closer look: a first name, or what stands behind a title; one in ten is."""
        return _BEGINS in self._signs_of(parts[at].text, language) or (
            at > 0 and _BEFORE in self._signs_of(parts[at - 1].text, language)
        )

    def _signs_of(self, text: str, language: Language) -> str:
        """Return what a word may be the sign of: of a name that begins with it, or behind it, or of what kind a name is."""
        key = (language, text)
        if key not in self._signs:
            if len(self._signs) > _MOST_WORDS:
                self._signs.clear()
            self._signs[key] = "".join(self._signs_in(text, language))
        return self._signs[key]

    def _signs_in(self, text: str, language: Language) -> Iterator[str]:
        forms = {text, text[1:]} if language == "ar" and text[0] in "وفبل" else {text}
        if any(form in self._given[language] or form in self._soft[language] or form in _HALVES for form in forms):
            yield _BEGINS
        if language == "fa":  # the first half of a first name that is written in two
            yield _BEGINS if text in self._halves else ""
        titles = name_list("title", language) | (name_list("verb", "ar") if language == "ar" else _TITLE_ENDS)
        if not forms.isdisjoint(titles):
            yield _BEFORE
        for sign, name in ((_BODY, "organisation"), (_PLACE, "place")):
            heads = name_list("organisation" if name == "organisation" else "place", language)
            if not forms.isdisjoint(heads):
                yield sign

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
            if text in _JOINTS and end + 1 < len(parts) and parts[end + 1].follows:
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
        if language == "fa" and following and following.is_joined and text + following.text in self._given["fa"]:
            return at + 2
        joined = language == "ar" and text[0] in "وبل" and len(text) > 4 and text[1:] in self._given["ar"]
        if joined or text in self._given[language]:
            return at + 1
        if text in self._soft[language] and following:
            firm = soft or (language == "ar" and following.text in self._given[language])
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
        if not self._is_namelike(replace(parts[at], text=whole), language):
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
            if after.startswith("ال") and parts[at].text in self._soft["ar"]:
                end += 1
        return end

    def _is_namelike(self, part: Part, language: Language) -> bool:
        text = part.text
        if len(text) < _SHORTEST - 1 or text[0].isdigit() or text.isascii():
            return False
        if text in name_list("verb", language) or text in name_list("title", language) or text in name_list("stop", language):
            return False
        if language == "ar" and text.startswith("ال"):
            return text not in name_list("title", language) and not self._is_common(text, "ar") and not (
                self._known.is_ordinary(text[2:], "ar")
            )
        return not self._is_common(text, language)

    def _is_common(self, text: str, language: Language) -> bool:
        return self._known.is_ordinary(text, language) or is_frequent(text, language)

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
        if parts[at - 1].text not in name_list("generic", language) or self._is_common(parts[at].text, language):
            return None
        if not self._is_namelike(parts[at], language) or parts[at].text.startswith("ال"):
            return None
        return self._surname(parts, at + 1, language, known)

    def _headed(self, parts: Sequence[Part], language: Language, known: frozenset[int]) -> Iterator[Found]:
        """Yield bodies and places that begin with what they are: وزارة الداخلية, شهر جیکوب‌آباد."""
        for at, part in enumerate(parts):
            signs = self._signs_of(part.text, language)
            if not signs or part.is_joined or (at + 1 < len(parts) and parts[at + 1].is_joined):
                continue
            if _BODY in signs:
                last = self._body(parts, at, language, known)
                last = self._without_usual(parts, at, last, language)
                if last > at + 1 and parts[last - 1].text not in _SPORTS:
                    yield Found(at, last, "organisation")
            elif _PLACE in signs:
                last = self._place(parts, at, language, known)
                if last > at + 1:
                    bare = name_list("bare", language)
                    is_bare = part.text in bare or (language == "ar" and part.text[1:] in bare)
                    yield Found(at + 1 if is_bare else at, last, "place")

    def _body(self, parts: Sequence[Part], at: int, language: Language, known: frozenset[int]) -> int:
        end = at + 1
        if language == "fa" and end < len(parts) and parts[end].text in _SPORTS:
            at, end = at + 1, end + 1
        while end < len(parts) and end - at < _LONGEST_BODY and parts[end].follows:
            text = parts[end].text
            if language == "ar":
                if end in known and text.startswith("لل"):  # told to somebody, no more of the name
                    break
                belongs = text.startswith(("ال", "وال", "لل"))
                if not belongs and not (end == at + 1 and self._is_proper(parts, end, language, known)):
                    break
                if text in name_list("stop", "ar") or (end > at + 1 and _BODY in self._signs_of(text.removeprefix("ل"), "ar")):
                    break
                if end == at + 1 and end in known and text.endswith(("ي", "يه")) and not text.startswith("ال"):
                    break
            elif not (parts[end].is_joined or (end == at + 1 and self._is_proper(parts, end, language, known))):
                break
            end += 1
        return end

    @staticmethod
    def _without_usual(parts: Sequence[Part], at: int, last: int, language: Language) -> int:
        """Return where a body's name ends without what any other has, too: nowhere behind its kind where nothing is left."""
        usual = name_list("usual", language)
        if all(part.text in usual for part in parts[at + 1 : last]):
            return at + 1
        while last > at + 1 and parts[last - 1].text in ("الارهابي", "الارهابيه", "التابع", "التابعه", "المذكوره"):
            last -= 1
        return last

    def _place(self, parts: Sequence[Part], at: int, language: Language, known: frozenset[int]) -> int:
        end = at + 1
        if end < len(parts) and parts[end].is_near and self._is_proper(parts, end, language, known):
            end += 1
            while language == "fa" and end < len(parts) and (parts[end].is_joined or parts[end].text in _TOWN_TAILS):
                end += 1
        return end

    def _is_proper(self, parts: Sequence[Part], at: int, language: Language, known: frozenset[int]) -> bool:
        """Tell whether a part is a name by itself: one that the glossary has, or a word that is no ordinary one."""
        text = parts[at].text
        if at in known:
            return language == "ar" or not text.endswith("ي")
        return self._is_namelike(parts[at], language) and not (language == "ar" and text[0] == "و" and len(text) > 4)

    # English

    def _english(self, parts: Sequence[Part], known: frozenset[int]) -> Iterator[Found]:
        at = 0
        while at < len(parts):
            last = self._run(parts, at)
            if last == at:
                at += 1
                continue
            first = at
            while first < last and (self._begins(parts, first) and self._known.is_ordinary(parts[first].text, "en")):
                first += 1
            if first < last:
                yield from self._of_run(parts, first, last, known)
                yield from self._acronyms(parts, first, last)
            at = last

    @staticmethod
    def _begins(parts: Sequence[Part], at: int) -> bool:
        return at == 0 or "\n" in parts[at].gap or any(mark in parts[at].gap for mark in ".!?:“\"‘")

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

    def _of_run(self, parts: Sequence[Part], first: int, last: int, known: frozenset[int]) -> Iterator[Found]:
        titles = name_list("title", "en")
        given = self._given["en"]
        start = first
        while start < last and (parts[start].text in titles or parts[start].text in _LINKS):
            start += 1
        titled = start > first or (first > 0 and parts[first].follows and parts[first - 1].text in titles)
        for at in range(start, last):
            text = parts[at].text
            if text in name_list("organisation", "en") and at > start:
                head = self._after_link(parts, start, at)
                yield Found(head, self._with_complement(parts, at, last), "organisation")
                return
            if text in name_list("place", "en") and at > start and "and" not in [part.text for part in parts[start:at]]:
                yield Found(start, at + 1, "place")
                return
        for at in range(start, last - 1):
            text = parts[at].text
            soft = text in self._soft["en"] and (titled or at > first)
            if at in known and text not in name_list("given", "en"):
                continue
            if text in given or soft or (titled and at == start and len(text) > 1):
                end = at + 1
                while end < last and end - at < 4 and (parts[end].case or parts[end].text in _PERSONAL_LINKS):
                    if parts[end].text in titles:
                        break
                    end += 1
                if end > at + 1:
                    yield Found(at, end, "person")
                    return
        spoke = last < len(parts) and parts[last].follows and parts[last].text in name_list("verb", "en")
        if last - start not in (2, 3) or not known.isdisjoint(range(start, last)):
            return
        inside = not self._begins(parts, start) or spoke or titled
        unknown = all(part.case == "a" and not self._is_common(part.text, "en") for part in parts[start:last])
        if inside and unknown and not any(part.text in name_list("stop", "en") for part in parts[start:last]):
            yield Found(start, last, "person")

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
