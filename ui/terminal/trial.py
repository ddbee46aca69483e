"""What a language model can do, as lines."""

from __future__ import annotations

from collections.abc import Iterator

from rag.generate.card import Card
from rag.trial.trial import LanguageTrial, ModelTrial

_NAMES = {"ar": "Arabic", "fa": "Persian", "en": "English"}


def trial_lines(trial: ModelTrial) -> Iterator[str]:
    """Yield the lines of a report: the server, the model, each language, and what to expect of it."""
    yield f"{trial.name}: it answers; {trial.seconds:.1f} seconds for all questions"
    if trial.card:
        yield from _card_lines(trial.card)
    yield f"streams: {_yes_or_no(trial.streams)}; thinks before it writes: {_yes_or_no(trial.thinks)}"
    for item in trial.languages:
        yield from _language_lines(item)
    yield f"Written answers: {', '.join(f'{item.language} {item.verdict}' for item in trial.languages)}."


def _card_lines(card: Card) -> Iterator[str]:
    known = {True: "offered", False: "not in the server's list", None: "no list to look it up in"}[card.known]
    others = f" ({len(card.models)} models there)" if card.models else ""
    context = f"{card.context} tokens" if card.context else "not told"
    yield f"server: {card.program or 'unknown'}; model: {known}{others}; context: {context}"


def _language_lines(item: LanguageTrial) -> Iterator[str]:
    name = _NAMES[item.language]
    if item.verdict == "not asked":
        yield f"{name}: not asked, for the model does not serve it (--llm-languages)"
        return
    if item.failure:
        yield f"{name}: failed: {item.failure}"
        return
    yield f"{name}: {item.shown} shown, {item.replaced} replaced by a quote, {item.dropped} dropped; {', '.join(_pace(item))}"
    if item.example:
        yield f"  {'shown' if item.shown else 'not shown'}: {item.example}"


def _pace(item: LanguageTrial) -> Iterator[str]:
    if item.first_sentence_seconds is not None:
        yield f"first sentence after {item.first_sentence_seconds:.1f} s"
    if item.tokens_per_second is not None:
        yield f"{item.tokens_per_second:.0f} tokens/s"
    about = "" if item.counted else "about "
    yield "tokens a word unknown" if item.tokens_per_word is None else f"{about}{item.tokens_per_word:.1f} tokens a word"


def _yes_or_no(told: bool | None) -> str:
    return {True: "yes", False: "no", None: "unknown"}[told]
