"""What answers, in plain words -> HTML: behind a button in the foot, with what can be done about what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from html import escape

from index.models import recommended
from index.types import LANGUAGES, Language
from rag.archive import Archive
from rag.phrases import listed, phrase
from ui.page.markup import apart, each, filled, in_each_language, spoken

_NONE = "none"
_NAMED = ("embedder", "reader", "generator")


@dataclass(frozen=True, slots=True)
class Answering:
    """What takes part in an answer: the names of the models, and the languages in which one writes."""

    models: Mapping[str, str]
    writes: Set[Language] = frozenset()


def answering_of(archive: Archive) -> Answering:
    """Return what answers from an archive."""
    return Answering(archive.answerer.models, archive.answerer.generator.languages)


def models_html(answering: Answering) -> str:
    """Return the button and what it opens."""
    return (
        f'<button type="button" id="about-button" popovertarget="about"><span aria-hidden="true">i</span>'
        f'<span class="unseen">{in_each_language("about.name")}</span></button>'
        f'<div id="about" popover><h2>{in_each_language("about.name")}</h2><ul>{"".join(_lines(answering))}</ul>'
        f"{_names_html(answering)}</div>"
    )


def _lines(answering: Answering) -> list[str]:
    """Return what an answer is made of, a line each; under what is missing stands the command that brings it."""
    reads, means = (answering.models.get(name, _NONE) != _NONE for name in ("reader", "embedder"))
    unwritten = [language for language in LANGUAGES if language not in answering.writes]
    lines = [
        _line("about.quotes"),
        _line("about.short") if reads else _line("about.no_short", "khabar serve --reader e5-reader"),
        _line("about.meaning") if means else _line("about.no_meaning", "khabar serve --embedder multilingual-e5-small"),
    ]
    if answering.writes:
        lines.append(_line("about.writes", languages=[language for language in LANGUAGES if language in answering.writes]))
    if unwritten:
        model = recommended("llm").name
        commands = (f"khabar models download {model}", f"khabar serve --llm {model}")
        lines.append(_line("about.writes_not", *commands, languages=unwritten))
    return lines


def _line(key: str, *commands: str, languages: Sequence[Language] = ()) -> str:
    told = spoken(each(lambda own: filled(key, own, languages=escape(_in_languages(languages, own)))))
    remedy = ""
    if commands:
        shown = "".join(f"<code>{escape(command)}</code>" for command in commands)
        remedy = f'<p class="remedy">{in_each_language("about.remedy")}</p><p class="commands" dir="ltr">{shown}</p>'
    return f'<li class="{"lacks" if commands else "has"}"><p>{told}</p>{remedy}</li>'


def _in_languages(languages: Sequence[Language], own: Language) -> str:
    return "" if not languages else listed([phrase(f"in_language.{language}", own) for language in languages], own)


def _names_html(answering: Answering) -> str:
    """Return the names of the models, for whoever compares two machines."""
    named = {name: answering.models[name] for name in _NAMED if answering.models.get(name, _NONE) != _NONE}
    rows = "".join(f"<li>{in_each_language(f'model.{name}', value=apart(value))}</li>" for name, value in named.items())
    return f'<ul class="names">{rows}</ul>' if rows else ""
