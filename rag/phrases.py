"""What Khabar says in three languages (rag/data/phrases.toml), and lists, numbers, days and filters as each writes them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

import jdatetime
from babel import Locale
from babel.dates import format_date

from index.types import EVERYTHING, LANGUAGES, Filter, Language
from rag.text.word_list import text_of

QUOTATION_MARKS: dict[Language, tuple[str, str]] = {"ar": ("«", "»"), "fa": ("«", "»"), "en": ("“", "”")}
COMMA: dict[Language, str] = {"ar": "،", "fa": "،", "en": ","}

Texts = Mapping[Language, str]

# Outlets of a filter that are named; the others are counted.
_NAMED_OUTLETS = 3


def say(key: str, language: Language, **gaps: str) -> str:
    """Return what Khabar says in a language, its gaps filled. Raises KeyError for an unknown text or an unfilled gap."""
    return fill(phrase(key, language), **gaps)


def phrase(key: str, language: Language) -> str:
    """Return a text of phrases.toml as it is written there, with its gaps; one of a family is named with a dot: tongue.fr."""
    return phrases()[key][language]


@cache
def phrases() -> Mapping[str, Texts]:
    """Return all texts by their names; those of a family in a table of tables have the names of both, with a dot between."""
    return dict(_named_texts(tomllib.loads(text_of("phrases.toml"))))


def _named_texts(table: Mapping[str, Any]) -> Iterator[tuple[str, Texts]]:
    for name, content in table.items():
        if any(isinstance(value, dict) for value in content.values()):
            yield from ((f"{name}.{member}", texts) for member, texts in content.items())
        else:
            yield name, content


def fill(template: str, **gaps: str) -> str:
    """Return a template with its gaps filled; what a gap is filled with is not read for further ones."""
    parts: list[str] = []
    while "{" in template:
        before, rest = template.split("{", 1)
        name, template = rest.split("}", 1)
        parts += [before, gaps[name]]
    return "".join([*parts, template])


def in_quotation_marks(text: str, language: Language) -> str:
    """Return a text in the quotation marks of a language."""
    opening, closing = QUOTATION_MARKS[language]
    return f"{opening}{text}{closing}"


def listed(names: Sequence[str], language: Language) -> str:
    """Return names as a list in words: A, B and C; A وB وC; A، B و C."""
    *first, last = names
    if not first:
        return last
    if language == "ar":
        return " و".join(names)
    return f"{f'{COMMA[language]} '.join(first)} {'and' if language == 'en' else 'و'} {last}"


def not_told(
    language: Language, within: Filter = EVERYTHING, missing: Sequence[str] = (), names: Sequence[str] = ()
) -> str:
    """Return the text of an abstention, with the words of the question that even the nearest articles do not hold.

    Under a filter it names the filter, because the user may have forgotten it. `names` are those of the question of which the
    articles tell something else.
    """
    chosen = filter_in_words(within, language)
    separator = f"{COMMA[language]} "
    told = say("not_told_within", language, chosen=separator.join(chosen)) if chosen else say("not_told", language)
    if missing:
        words = separator.join(in_quotation_marks(word, language) for word in missing)
        told = f"{told} {say('not_mentioned', language, words=words)}."
    if names:
        known = listed([in_quotation_marks(name, language) for name in names], language)
        told = f"{told}\n\n{say('told_of', language, names=known)}"
    return told


def searched_by_meaning(percent: int, language: Language) -> str:
    """Return the notice of how little of the archive can be searched by meaning yet."""
    return say("by_meaning_so_far", language, share=in_percent(percent, language))


def written_count(number: int, language: Language) -> str:
    """Return a whole number in the digits of a language, its thousands apart: 1,507, ۱٬۵۰۷."""
    return in_digits(f"{number:,}", language).replace(",", "٬" if language == "fa" else ",")


def counted(noun: str, number: int, language: Language) -> str:
    """Return a number with what it counts, in the form that the number asks for: 3 articles, مقالان, ۳ مقاله.

    The forms of a noun are the family `count_NOUN` of phrases.toml, named as CLDR names them. A language has those that it
    needs, the others read as its `other`; one that holds its number in itself (مقالان) has no gap for it.
    """
    return say(f"count_{noun}.{_form(noun, number, language)}", language, number=written_count(number, language))


def _form(noun: str, number: int, language: Language) -> str:
    form = Locale.parse(language).plural_form(number)
    return form if language in phrases().get(f"count_{noun}.{form}", {}) else "other"


def in_percent(percent: int, language: Language) -> str:
    """Return a share in the digits and with the sign of a language: 45%, ۴۵٪."""
    return say("percent", language, number=in_digits(str(percent), language))


def filter_in_words(within: Filter, language: Language) -> list[str]:
    """Return what a filter lets through, piece by piece: outlets, languages, days; nothing of what it leaves open."""
    outlets = sorted(within.outlets)
    # Naming one more takes no more room than counting it.
    named = outlets if len(outlets) <= _NAMED_OUTLETS + 1 else outlets[:_NAMED_OUTLETS]
    pieces = [*named]
    if len(outlets) > len(named):
        pieces.append(counted("more_outlet", len(outlets) - len(named), language))
    if len(within.languages) < len(LANGUAGES):
        pieces += [say(f"in_language.{other}", language) for other in LANGUAGES if other in within.languages]
    if within.since or within.until:
        pieces.append(_days_in_words(within.since, within.until, language))
    return pieces


def _days_in_words(since: date | None, until: date | None, language: Language) -> str:
    if since == until:
        return say("on_day", language, day=written_date(since, language))
    if since is None:
        return say("until_day", language, day=written_date(until, language))
    if until is None:
        return say("since_day", language, day=written_date(since, language))
    return say("between_days", language, since=written_date(since, language), until=written_date(until, language))


def written_date(day: date | None, language: Language) -> str:
    """Return a date in words: in Persian with the Jalali date first, as its readers reckon."""
    if day is None:
        return say("undated", language)
    gregorian = format_date(day, "d MMMM y", locale=language)
    if language != "fa":
        return gregorian
    try:
        jalali = jdatetime.date.fromgregorian(date=day, locale="fa_IR").strftime("%-d %B %Y")
    except ValueError:  # the calendar library ends at 9377, while some archives date what is undated 9999-12-31
        return in_digits(gregorian, language)
    return f"{in_digits(jalali, language)} ({in_digits(gregorian, language)})"


def in_digits(text: str, language: Language) -> str:
    """Return a text with the digits that the readers of a language expect."""
    return text.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")) if language == "fa" else text
