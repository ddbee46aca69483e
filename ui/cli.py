"""The khabar command: index, ask, serve, eval, models."""

from __future__ import annotations

import json
import sys
import tempfile
import traceback
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from index.types import KhabarError
from rag.open import build_options, chosen_embedder, chosen_generator, open_archive
from rag.settings import Settings, read_settings

Command = TypeVar("Command", bound=Callable[..., Any])


class _Group(click.Group):
    """Turns every failure into one line on stderr: exit status 1 for an expected one, 70 for a defect of Khabar."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except KhabarError as error:
            click.echo(f"khabar: {error}", err=True)
            sys.exit(1)
        except BrokenPipeError:
            sys.stderr.close()
            sys.exit(0)
        except (click.exceptions.Exit, click.ClickException, click.Abort):
            raise
        except Exception as error:
            click.echo(f"khabar: {_first_line(error)}; this is a defect, please report it with {_details()}", err=True)
            sys.exit(70)


def _first_line(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else 'no message'}"


def _details() -> str:
    """Write the traceback where a maintainer finds it and a reader need not see it; return the file's name."""
    with tempfile.NamedTemporaryFile("w", prefix="khabar-", suffix=".log", delete=False, encoding="utf-8") as file:
        traceback.print_exc(file=file)
    return file.name


def _settings_options(command: Command) -> Command:
    """Give a command one flag for each setting, named and described as in Settings."""
    for name, field in reversed(Settings.model_fields.items()):
        flag = f"--{name.replace('_', '-')}"
        shown = "" if field.default is None else f"  [{field.default}]"
        command = click.option(flag, name, metavar="VALUE", help=f"{field.description}{shown}")(command)
    return command


def _split(values: dict[str, Any]) -> Settings:
    return read_settings(**{name: values[name] for name in Settings.model_fields})


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.version_option(package_name="khabar")
def main() -> None:
    """Khabar answers questions about a folder of Arabic, Persian and English news articles, every sentence cited.

    Each flag below a command is also a KHABAR_* environment variable: --top-k is KHABAR_TOP_K.
    """


@main.command("index")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--rebuild", is_flag=True, help="derive the BM25 index and the vectors anew from the catalog")
@click.option("--forget", is_flag=True, help="drop what came from PATHS instead; they need not exist any more")
@_settings_options
def index_command(paths: Sequence[Path], rebuild: bool, forget: bool, **values: Any) -> None:
    """Bring the index up to date with the articles under PATHS (.txt, .md, .html, .jsonl)."""
    from index.build import build_index

    settings = _split(values)
    with _Bars() as progress:
        report = build_index(
            settings.data, paths, chosen_embedder(settings), build_options(settings), progress, rebuild, forget
        )
    for problem in report.problems:
        click.echo(f"{'skipped' if problem.skipped else 'note'}: {problem}", err=True)
    if report.nothing_to_do:
        click.echo(f"Nothing has changed: {report.unchanged} files as before.")
    else:
        counts = ("added", "changed", "unchanged", "removed")
        click.echo("Files: " + ", ".join(f"{getattr(report, name)} {name}" for name in counts) + ".")
    if report.skipped:
        click.echo(f"{report.skipped} could not be read (named above).")
    click.echo(f"The index in {settings.data} holds {report.articles} articles in {report.chunks} chunks.")


@main.command()
@click.argument("question")
@click.option("--json", "as_json", is_flag=True, help="print the answer as JSON")
@click.option("--history", multiple=True, metavar="QUESTION", help="an earlier question of the conversation (repeatable)")
@_settings_options
def ask(question: str, as_json: bool, history: Sequence[str], **values: Any) -> None:
    """Answer QUESTION from the articles."""
    from ui.terminal import answer_text

    answer = open_archive(_split(values)).answerer.answer(question, history)
    click.echo(json.dumps(answer.to_json(), ensure_ascii=False, indent=2) if as_json else answer_text(answer))


@main.command()
@_settings_options
def serve(**values: Any) -> None:
    """Serve the chat page and the API."""
    from ui.serve import run_server

    run_server(_split(values))


@main.command("eval")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="write summary and rows to this file")
@click.option("--save-baseline", type=click.Path(path_type=Path), help="write the summary alone to this file")
@click.option("--baseline", type=click.Path(path_type=Path), help="exit 1 where a share is below this earlier file's")
@_settings_options
def eval_command(
    files: Sequence[Path], json_file: Path | None, save_baseline: Path | None, baseline: Path | None, **values: Any
) -> None:
    """Ask the fixed questions in FILES and print how many are answered rightly."""
    from rag.evaluate import ask_all, by_group, fallen, read_questions
    from ui.terminal import evaluation_table

    questions = read_questions(files)
    archive = open_archive(_split(values))
    with _Bars() as progress:
        progress.stage("ask", len(questions))
        rows = ask_all(questions, archive.answerer, archive.catalog, lambda _: progress.advance(1))
    groups = by_group(rows)
    Console(width=120 if not sys.stdout.isatty() else None).print(evaluation_table(groups))
    for row in rows:
        if not row.correct:
            click.echo(f"wrong: {row.id} ({row.language}, {row.kind}){' abstained' if row.abstained else ''}")
    summary = {name: asdict(shares) for name, shares in groups.items()}
    if json_file:
        _write(json_file, {"summary": summary, "rows": [row.to_json() for row in rows]})
    if save_baseline:
        _write(save_baseline, {"summary": summary})
    lines = fallen(groups, baseline) if baseline else []
    for line in lines:
        click.echo(f"fallen: {line}", err=True)
    if lines:
        sys.exit(1)


@main.command()
@click.option("--check", is_flag=True, help="load each model and let it work once")
@_settings_options
def models(check: bool, **values: Any) -> None:
    """List the models in use and how to choose others."""
    settings = _split(values)
    embedder, generator = chosen_embedder(settings), chosen_generator(settings)
    for role, model, choice in (
        ("embedder", embedder, "--embedder FOLDER (sentence-transformers), minilm or none"),
        ("language model", generator, "--llm FILE.gguf, smollm2 or none"),
    ):
        languages = ", ".join(sorted(model.languages)) or "none"
        click.echo(f"{role}: {model.name}, languages: {languages}; choose another with {choice}")
    if check:
        embedder.embed_query("news")
        for _ in generator.stream([{"role": "user", "content": "Say yes."}], max_tokens=2):
            pass
        click.echo("Both work.")


def _write(file: Path, content: dict[str, Any]) -> None:
    try:
        file.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise KhabarError(f"'{file}' cannot be written ({error.strerror})", "name another file with --json") from error


class _Bars:
    """Progress bars on stderr, one a stage."""

    def __init__(self) -> None:
        columns = (TextColumn("{task.description:>8}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._progress = Progress(*columns, console=Console(stderr=True))
        self._task: TaskID | None = None

    def __enter__(self) -> _Bars:
        return self

    def __exit__(self, *_: object) -> None:
        if self._task is not None:  # else stop() would print an empty line before the error
            self._progress.stop()

    def stage(self, name: str, total: int) -> None:
        """Begin a bar of `total` steps."""
        self._progress.start()
        self._task = self._progress.add_task(name, total=total)

    def advance(self, steps: int) -> None:
        """Move the bar on."""
        if self._task is not None:
            self._progress.advance(self._task, steps)
