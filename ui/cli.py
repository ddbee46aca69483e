"""The khabar command: index, watch, backup, restore, and what an archive holds; ask, serve, eval, models."""

from __future__ import annotations

import gc
import json
import shlex
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import click

from index.catalog import FILE_NAME, Catalog
from index.copies.store import CopyStore
from index.embed import Embedder
from index.entities.types import KINDS, EntityKind
from index.listing import MISSING, SORTS, listing
from index.models import RECOMMENDED, TITLES, damage_of, installed, recommended, size_of, variable
from index.types import KhabarError
from rag.archive import chosen_embedder, chosen_generator, chosen_reader, chosen_reranker, chosen_stores, open_archive
from rag.filter import Choice, read_choice
from rag.generate.generator import Generator
from rag.retrieve.reranker import Reranker
from rag.settings import Settings, models_folder, read_settings
from rag.weigh.reader import EMBEDDED, Reader
from ui.terminal import answer_text, embedded_text, megabytes, status_text, tell

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
@click.option("--later", is_flag=True, help="end once words can be asked, and leave the embedding to khabar serve")
@click.option("--json", "as_json", is_flag=True, help="print the report as JSON, every file that was left out in it")
@click.option("--strict", is_flag=True, help="end with status 3 where something could not be read (else with 0)")
@_settings_options
def index_command(
    paths: Sequence[Path], rebuild: bool, forget: bool, later: bool, as_json: bool, strict: bool, **values: Any
) -> None:
    """Bring the index up to date with the articles under PATHS: texts, pages, PDF, Office, mail, tables, feeds, archives.

    It can be asked by words first; meaning follows, the newest articles first, and can be interrupted at any time. What
    could not be read is named, with what can be done about it.
    """
    from ui.indexing import run_index

    sys.exit(run_index(_split(values), paths, rebuild=rebuild, forget=forget, later=later, as_json=as_json, strict=strict))


@main.command("watch")
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path))
@_settings_options
def watch_command(folders: Sequence[Path], **values: Any) -> None:
    """Index FOLDERS, and again whenever something in them changes, until Ctrl+C."""
    from ui.watching import run_watch

    run_watch(_split(values), folders)


@main.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@_settings_options
def backup_command(file: Path, **values: Any) -> None:
    """Write the archive into one FILE: its articles and vectors, as they are at one moment, also while it is served."""
    from index.backup import back_up

    made = back_up(_split(values).data, file)
    click.echo(f"{file} holds {made.articles} articles in {made.chunks} chunks ({megabytes(made.bytes)}).")


@main.command("restore")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--replace", is_flag=True, help="put it in the place of an archive that holds articles")
@click.option("--later", is_flag=True, help="end once words can be asked, and leave the vectors to khabar serve")
@_settings_options
def restore_command(file: Path, replace: bool, later: bool, **values: Any) -> None:
    """Put the archive of a backup FILE in place; a server that is running goes on with it."""
    from ui.indexing import run_restore

    run_restore(_split(values), file, replace=replace, later=later)


@main.command("status")
@click.option("--json", "as_json", is_flag=True, help="print the status as JSON")
@_settings_options
def status_command(as_json: bool, **values: Any) -> None:
    """Tell what the index holds, how far it is embedded, and where it lies."""
    from index.status import status_of

    settings = _split(values)
    status = status_of(Catalog(settings.data / FILE_NAME), chosen_embedder(settings))
    click.echo(json.dumps(status.to_json(), ensure_ascii=False, indent=2) if as_json else status_text(status))


@main.command("list")
@click.option("--sort", type=click.Choice(list(SORTS)), default="published", help="by what  [published, the newest first]")
@click.option("--outlet", "outlets", multiple=True, metavar="NAME", help="only articles of this outlet (repeatable)")
@click.option("--language", "languages", multiple=True, metavar="ar|fa|en", help="only in this language (repeatable)")
@click.option("--since", metavar="DATE", help="of this day or later, in any calendar: 2025-10-21, 1404/07/29, 21 أكتوبر 2025")
@click.option("--until", metavar="DATE", help="of this day or earlier")
@click.option("--without", multiple=True, type=click.Choice(list(MISSING)), help="only articles that lack this (repeatable)")
@click.option("--problems", is_flag=True, help="only what something was met with in reading, files not read among it")
@click.option("--once", is_flag=True, help="of copies of one text, only the first")
@click.option("--json", "as_json", is_flag=True, help="print the list as JSON")
@_settings_options
def list_command(
    sort: str,
    outlets: tuple[str, ...],
    languages: tuple[str, ...],
    since: str | None,
    until: str | None,
    without: tuple[str, ...],
    problems: bool,
    once: bool,
    as_json: bool,
    **values: Any,
) -> None:
    """List the articles with what is known of them: day, language, outlet, title, author, section, tags, agency, copies."""
    from ui.list_view import list_text

    catalog = Catalog(_split(values).data / FILE_NAME)
    within = read_choice(Choice(outlets, languages, since, until), catalog)
    found = listing(catalog, within, sort=sort, without=without, problems=problems, once=once)
    click.echo(json.dumps([item.to_json() for item in found], ensure_ascii=False, indent=2) if as_json else list_text(found))


@main.command("show")
@click.argument("article")
@click.option("--removed", is_flag=True, help="also tell what was taken away as noise of the page, each with its reason")
@_settings_options
def show_command(article: str, removed: bool, **values: Any) -> None:
    """Show an ARTICLE, named by its id or path, as it can be quoted."""
    from index.taken_away import find_article, taken_away
    from rag.archive import build_options
    from ui.article_view import article_text, removed_text
    from ui.copies_view import copies_lines

    settings = _split(values)
    with closing(Catalog(settings.data / FILE_NAME)) as catalog:
        found = find_article(catalog, article)
        group = CopyStore(catalog).by_article().get(found.article_id)
        click.echo(article_text(found, copies_lines(group, found.article_id)))
        if removed:
            click.echo(removed_text(taken_away(catalog, found, build_options(settings).read_options)))


@main.command("entities")
@click.argument("name", required=False)
@click.option("--kind", type=click.Choice(KINDS), help="only persons, places or organisations")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="names, or articles of one, at most")
@click.option("--json", "as_json", is_flag=True, help="print all of them as JSON")
@_settings_options
def entities_command(name: str | None, kind: EntityKind | None, limit: int, as_json: bool, **values: Any) -> None:
    """List the people, places and organisations of the articles, or tell what there is of NAME in any of its spellings."""
    from ui.entities_view import print_entities, print_entity

    settings = _split(values)
    with closing(Catalog(settings.data / FILE_NAME)) as catalog:
        if name is None:
            print_entities(catalog, settings, kind, limit, as_json)
        else:
            print_entity(catalog, settings, name, kind, limit, as_json)


@main.command("duplicates")
@click.option("--json", "as_json", is_flag=True, help="print them as JSON")
@_settings_options
def duplicates_command(as_json: bool, **values: Any) -> None:
    """Show which articles are copies of each other, and which stories are told in several languages; none is ever dropped."""
    from rag.entities.same_story import same_stories
    from ui.copies_view import duplicates_text

    with closing(Catalog(_split(values).data / FILE_NAME)) as catalog:
        groups, stories = CopyStore(catalog).groups(), same_stories(catalog)
    if as_json:
        whole = {"copies": [group.to_json() for group in groups], "stories": [story.to_json() for story in stories]}
        click.echo(json.dumps(whole, ensure_ascii=False, indent=2))
    else:
        click.echo(duplicates_text(groups, stories))


@main.group("watchlist")
def watchlist_command() -> None:
    """Keep questions and names of which each run of khabar index says what is new."""


@watchlist_command.command("add")
@click.argument("text")
@_settings_options
def watchlist_add(text: str, **values: Any) -> None:
    """Watch TEXT, a question or a name."""
    from rag.text.glossary import load_glossary
    from rag.watchlist import Watchlist

    settings = _split(values)
    with closing(_own_catalog(settings.data)) as catalog:
        lexical = chosen_stores(settings, catalog).open_lexical(catalog)
        watched, known = Watchlist(catalog, load_glossary(settings.glossary)).add(text, lexical)
    click.echo(f"Watched as number {watched.watch_id}; {known} article{'' if known == 1 else 's'} so far.")


@watchlist_command.command("list")
@click.option("--json", "as_json", is_flag=True, help="print it as JSON")
@_settings_options
def watchlist_list(as_json: bool, **values: Any) -> None:
    """List what is watched."""
    from index.watching.store import WatchStore
    from ui.watch_view import watchlist_text

    with closing(Catalog(_split(values).data / FILE_NAME)) as catalog:
        found = WatchStore(catalog).all()
    rows = [{"id": each.watch_id, "watched": each.text, "added": each.added.isoformat()} for each in found]
    click.echo(json.dumps(rows, ensure_ascii=False, indent=2) if as_json else watchlist_text(found))


@watchlist_command.command("remove")
@click.argument("name")
@_settings_options
def watchlist_remove(name: str, **values: Any) -> None:
    """Watch NAME, a number of the list or the words of a search, no longer."""
    from index.watching.store import WatchStore

    with closing(_own_catalog(_split(values).data)) as catalog:
        watched = WatchStore(catalog).remove(name)
    click.echo(f"No longer watched: {watched.text}")


def _own_catalog(data: Path) -> Catalog:
    """Return the catalog to write a reader's own tables in. Raises KhabarError where there is none, and makes none."""
    Catalog(data / FILE_NAME).close()
    return Catalog(data / FILE_NAME, writable=True)


@main.command()
@click.argument("question")
@click.option("--json", "as_json", is_flag=True, help="print the answer as JSON")
@click.option("--history", multiple=True, metavar="QUESTION", help="an earlier question of the conversation (repeatable)")
@click.option("--outlet", "outlets", multiple=True, metavar="NAME", help="answer from articles of this outlet (repeatable)")
@click.option("--language", "languages", multiple=True, metavar="ar|fa|en", help="in this language (repeatable)")
@click.option("--since", metavar="DATE", help="of this day or later, in any calendar: 2025-10-21, 1404/07/29, 21 أكتوبر 2025")
@click.option("--until", metavar="DATE", help="of this day or earlier")
@_settings_options
def ask(
    question: str,
    as_json: bool,
    history: Sequence[str],
    outlets: tuple[str, ...],
    languages: tuple[str, ...],
    since: str | None,
    until: str | None,
    **values: Any,
) -> None:
    """Answer QUESTION from the articles."""
    with _uncollected():
        archive = open_archive(_split(values), tell=tell, ahead=True)
        within = read_choice(Choice(outlets, languages, since, until), archive.catalog)
        answer = archive.answerer.answer(question, history, within)
    share = archive.embedded()
    if not share.complete:
        tell(f"So far {embedded_text(share)} can be found by meaning, the others by words; khabar index goes on with them.")
    click.echo(json.dumps(answer.to_json(), ensure_ascii=False, indent=2) if as_json else answer_text(answer))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Let no garbage be looked for: what is read for one question is all needed, and looking takes a tenth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


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
    from rich.console import Console

    from rag.evaluate.run import ask_all, by_group, fallen, read_questions
    from ui.bars import Bars
    from ui.evaluation_view import evaluation_table

    questions = read_questions(files)
    archive = open_archive(_split(values))
    with Bars() as progress:
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


@main.group("models", invoke_without_command=True)
@click.option("--check", is_flag=True, help="load each model and let it work once")
@_settings_options
@click.pass_context
def models_command(context: click.Context, /, check: bool, **values: Any) -> None:
    """List the models in use, those that are here, and those that `khabar models download NAME` fetches."""
    if context.invoked_subcommand is not None:
        context.obj = values["models"]
        return
    settings = _split(values)
    embedder, reader = chosen_embedder(settings, tell), chosen_reader(settings, tell)
    reranker, generator = chosen_reranker(settings), chosen_generator(settings)
    in_use: tuple[tuple[str, Embedder | Reader | Reranker | Generator, str], ...] = (
        ("embedder", embedder, "--embedder NAME or FOLDER (sentence-transformers), multilingual-e5-small or none"),
        ("reader", reader, f"--reader {EMBEDDED} or none"),
        ("reranker", reranker, "--reranker NAME or FOLDER (cross-encoder) or none"),
        ("language model", generator, "--llm FILE.gguf, NAME, a server's http://…/v1, smollm2 or none"),
    )
    for title, model, choice in in_use:
        click.echo(f"{title}: {_described(model)}; choose another with {choice}")
    for line in _models_here(models_folder(settings)):
        click.echo(line)
    if check:
        embedder.embed_query("news")
        reader.load()
        reranker.scores("news", ["news"])
        for _ in generator.stream([{"role": "user", "content": "Say yes."}], max_tokens=2):
            pass
        click.echo("All of them work.")


@models_command.command("download")
@click.argument("name")
@click.option("--models", metavar="FOLDER", help=Settings.model_fields["models"].description)
@click.pass_context
def download_command(context: click.Context, /, name: str, models: str | None) -> None:
    """Fetch the recommended model NAME from the Hugging Face Hub; broken off, it goes on where it stopped."""
    from rag.download import download
    from ui.bars import download_bars

    model = recommended(name)
    flag = models or context.obj
    folder = models_folder(read_settings(models=flag))
    with download_bars() as progress:
        place = download(model, folder, progress)
    click.echo(f"{model.name} is in {place}.")
    use = f"export {variable(model.role)}={shlex.quote(str(place)) if flag else model.name}"
    click.echo(f"To use it: {use}{' && khabar index' if model.role == 'embedder' else ''}")


def _described(model: Embedder | Reader | Reranker | Generator) -> str:
    """Return what there is to say of a model: its name, languages, size, place and prompts."""
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
        trained = f"for {', '.join(sorted(model.languages))}, about {model.megabytes} MB, {model.licence}"
        lines.append(f"  {model.name}: {TITLES[model.role]} {trained}: {state}")
    lines += [f"  {name}: {megabytes(size_of(path))}" for name, path in here.items()]
    first = dict.fromkeys(model.role for model in RECOMMENDED)
    return [*lines, f"Fetch one with: khabar models download NAME ({' or '.join(first)} for the first of its kind)"]


def _write(file: Path, content: dict[str, Any]) -> None:
    try:
        file.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise KhabarError(f"'{file}' cannot be written ({error.strerror})", "name another file with --json") from error
