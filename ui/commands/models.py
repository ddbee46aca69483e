"""`khabar models`: which models are in use, which are here, the download of one, and what a language model can do."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Any

import click

from index.embed import Embedder
from index.memory import memory_here
from index.models import (
    RECOMMENDED,
    TITLES,
    Recommended,
    damage_of,
    installed,
    language_model_for,
    recommended,
    size_of,
    variable,
)
from index.types import KhabarError
from rag.archive import chosen_embedder, chosen_generator, chosen_judge, chosen_reader, chosen_reranker, tokens_of_a_draft
from rag.download import download, unchecked
from rag.draft.judge import Judge
from rag.generate.first_words import write_first_words
from rag.generate.generator import Generator
from rag.retrieve.reranker import Reranker
from rag.settings import Settings, models_folder, read_settings
from rag.text.glossary import load_glossary
from rag.trial.trial import Budget, try_model
from rag.weigh.reader import EMBEDDED, Reader
from ui.commands.options import config_option, echo_json, settings_in, settings_options, some_settings_options
from ui.terminal.archive import megabytes, tell
from ui.terminal.bars import download_bars
from ui.terminal.language_models import language_model_lines
from ui.terminal.trial import trial_lines

_GIGABYTE = 1_000_000_000


@click.group("models", invoke_without_command=True)
@click.option("--check", is_flag=True, help="load each model and try it once")
@settings_options
@click.pass_context
def models(context: click.Context, /, check: bool, **values: Any) -> None:
    """List the models in use, those that are here, and those that `khabar models download NAME` fetches."""
    if context.invoked_subcommand is not None:
        context.obj = (values["config"], values["models"])
        return
    settings = settings_in(values)
    embedder, reader = chosen_embedder(settings, tell), chosen_reader(settings, tell)
    reranker, generator, judge = chosen_reranker(settings), chosen_generator(settings), chosen_judge(settings, tell)
    in_use: tuple[tuple[str, Embedder | Reader | Reranker | Generator | Judge, str], ...] = (
        ("embedder", embedder, "--embedder NAME or FOLDER (sentence-transformers), multilingual-e5-small or none"),
        ("reader", reader, f"--reader {EMBEDDED} or none"),
        ("reranker", reranker, "--reranker NAME or FOLDER (cross-encoder) or none"),
        ("language model", generator, "--llm FILE.gguf, NAME, a server's http://…/v1, smollm2 or none"),
        ("judge of what it writes", judge, "--judge e5-judge or none"),
    )
    for title, model, choice in in_use:
        click.echo(f"{title}: {_described(model)}; choose another with {choice}")
    for line in _models_here(models_folder(settings)):
        click.echo(line)
    if check:
        embedder.embed_query("news")
        reader.load()
        reranker.scores("news", ["news"])
        write_first_words(generator)
        judge.odds("news", "news")
        click.echo("All of them work.")


@models.command("download")
@click.argument("name")
@click.option("--memory", type=click.IntRange(1), metavar="GB", help="with llm: the one for so much memory  [this machine's]")
@click.option("--models", metavar="FOLDER", help=Settings.model_fields["models"].description)
@click.pass_context
def download_command(context: click.Context, /, name: str, memory: int | None, models: str | None) -> None:
    """Fetch the recommended model NAME from the Hugging Face Hub; an interrupted download resumes where it stopped.

    `llm` is the language model for this machine's memory, and is named before anything is fetched.
    """
    model = _language_model(memory) if name == "llm" else recommended(name)
    if memory and name != "llm":
        raise KhabarError(f"--memory {memory} chooses among language models, and '{name}' is a name", "leave one of them out")
    config, of_the_group = context.obj
    flag = models or of_the_group
    folder = models_folder(read_settings(config, models=flag))
    with download_bars() as progress:
        place = download(model, folder, progress)
    click.echo(f"{model.name} is in {place}.")
    if files := unchecked(place):
        click.echo(f"The hub gives no hash for {', '.join(files)}: only the size was checked.")
    use = f"export {variable(model.role)}={shlex.quote(str(place)) if flag else model.name}"
    click.echo(f"To use it: {use}{' && khabar index' if model.role == 'embedder' else ''}")
    if model.role == "llm":
        click.echo("What it can do: khabar models check")


def _language_model(memory: int | None) -> Recommended:
    """Return the language model for so much memory, this machine's where none is given, and tell all that there are."""
    gigabytes = memory or _gigabytes_here()
    model = language_model_for(gigabytes)
    for line in language_model_lines(model):
        tell(line)
    asked = f"for {memory} GB" if memory else f"for this machine's {gigabytes:.1f} GB; --memory chooses another"
    tell(f"{model.name}: {asked}")
    if memory is None and sys.stdin.isatty():
        click.confirm(f"Fetch {model.megabytes / 1000:.1f} GB?", default=True, abort=True, err=True)
    return model


def _gigabytes_here() -> float:
    here = memory_here()
    if here is None:
        raise KhabarError("this machine does not tell how much memory it has", "choose with --memory 4, 8, 16 or 32")
    return here / _GIGABYTE


@models.command("check")
@click.argument("model", required=False, metavar="[URL|FILE.gguf|NAME]")
@click.option("--json", "as_json", is_flag=True, help="print everything as JSON")
@some_settings_options(
    "llm_adapter", "llm_model", "llm_key", "llm_languages", "llm_timeout", "llm_context", "llm_tokens", "judge", "glossary",
    "models",
)  # fmt: skip
@config_option
@click.pass_context
def check_command(context: click.Context, /, model: str | None, as_json: bool, **values: Any) -> None:
    """Ask a language model one question in each language, and tell what it can do; without a name the one in use.

    It reads made-up passages, through the prompt and the check that every written answer goes through. The exit status is 1
    where it cannot be had, or writes in no language.
    """
    config, of_the_group = context.obj
    given = {**values, "config": values["config"] or config, "models": values["models"] or of_the_group}
    settings = settings_in({**given, "llm": model})
    generator, judge = chosen_generator(settings), chosen_judge(settings, tell)
    told = try_model(generator, load_glossary(settings.glossary), Budget(*tokens_of_a_draft(settings)), judge)
    if as_json:
        echo_json(told.to_json())
    else:
        click.echo("\n".join(trial_lines(told)))
    context.exit(0 if told.writes else 1)


def _described(model: Embedder | Reader | Reranker | Generator | Judge) -> str:
    """Return the description of a model: its name, languages, size, place and prompts."""
    told = f"{model.name}, languages: {', '.join(sorted(model.languages)) or 'none'}"
    place = getattr(model, "folder", None) or getattr(model, "file", None)
    if place is not None:
        told += f", {megabytes(size_of(place))}, in {place}"
    prompts = getattr(model, "prompts", None)
    if prompts is not None and (prompts.query or prompts.passage):
        told += f", prompts {prompts.query!r} and {prompts.passage!r}"
    return told


def _models_here(folder: Path) -> list[str]:
    """Return the lines on the models folder: what lies in it, and what is recommended."""
    here = {path.name: path for path in installed(folder)}
    lines = [f"Downloaded models lie in {folder} (KHABAR_MODELS):"]
    for model in RECOMMENDED:
        place = here.pop(model.name, None)
        state = "not downloaded" if place is None else damage_of(place) or f"downloaded, {megabytes(size_of(place))}"
        room = f"for {model.fit.memory} GB of memory, " if model.fit else ""
        trained = f"for {', '.join(sorted(model.languages))}, {room}about {model.megabytes} MB, {model.licence}"
        lines.append(f"  {model.name}: {TITLES[model.role]} {trained}: {state}")
    lines += [f"  {name}: {megabytes(size_of(path))}" for name, path in here.items()]
    first = dict.fromkeys(model.role for model in RECOMMENDED if not model.fit)
    short = f"{' or '.join(first)}: the first of its kind; llm: the one for this machine"
    return [*lines, f"Fetch one with: khabar models download NAME ({short})"]
