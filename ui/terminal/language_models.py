"""The recommended language models, as lines: what each weighs and wants, and why it is the one."""

from __future__ import annotations

from collections.abc import Iterator

from index.models import Recommended, language_models


def language_model_lines(chosen: Recommended) -> Iterator[str]:
    """Yield what is known of each recommended language model, the chosen one marked."""
    for fit, model in language_models():
        mark = "*" if model is chosen else " "
        words = "tokens a word unknown"
        if fit.tokens_per_word:
            arabic, persian = fit.tokens_per_word
            words = f"{arabic} tokens an Arabic word, {persian} a Persian one"
        yield f"{mark} {fit.memory} GB of memory: {model.name}, {model.megabytes / 1000:.1f} GB, {model.licence}, {words}"
        yield f"    published: {fit.results}"
        yield f"    why: {fit.why}"
