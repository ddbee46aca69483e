"""The retrieval figures of docs/retrieval.md: every set alone, all in one index, what each part adds, and a picture.

python -m benchmarks.retrieval_report BEIR_DIR ... --across DIR ... --write docs/retrieval.md

The figures replace what stands between the file's two comments, the picture the PNG beside it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from benchmarks.page import put_figures
from benchmarks.retrieval import Row, index_corpora, measure, read_query_set
from index.types import KhabarError
from rag.retrieve.retriever import PARTS
from rag.settings import Settings, read_settings

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ABLATION = {
    "everything": PARTS,
    "without dense": PARTS - {"dense"},
    "without glossary": PARTS - {"glossary"},
    "without stems": PARTS - {"stems"},
    "grams alone": frozenset({"grams"}),
    "dense alone": frozenset({"dense"}),
}
_ABLATION_LIMIT = 40


def _alone(
    folders: Sequence[Path], settings: Settings, limit: int | None, vectors: Path | None
) -> tuple[list[Row], dict[str, list[Row]]]:
    """Return the figures of each folder in an index of its own, whole and by part."""
    rows: list[Row] = []
    by_part: dict[str, list[Row]] = {name: [] for name in _ABLATION}
    for folder in folders:
        with tempfile.TemporaryDirectory() as data:
            own = settings.model_copy(update={"data": Path(data)})
            found = [read_query_set(folder, limit)]
            speed = index_corpora(found, own, vectors).articles_per_second
            rows += measure(found, own, PARTS, speed)
            few = [read_query_set(folder, _ABLATION_LIMIT)]
            for name, parts in _ABLATION.items():
                by_part[name] += measure(few, own, parts, speed)
    return rows, by_part


def _across(
    folders: Sequence[Path], across: Sequence[Path], settings: Settings, vectors: Path | None
) -> tuple[list[Row], dict[str, list[Row]]]:
    """Return the figures of the sets that ask in another language, each in an index of its articles alone, and by part."""
    rows: list[Row] = []
    by_part: dict[str, list[Row]] = {name: [] for name in _ABLATION}
    for folder in folders:
        about = [other for other in across if _is_about(other, folder)]
        if about:
            with tempfile.TemporaryDirectory() as data:
                own = settings.model_copy(update={"data": Path(data)})
                index_corpora([read_query_set(folder, None)], own, vectors)
                rows += measure([read_query_set(other, None) for other in about], own, PARTS, 0.0)
                few = [read_query_set(other, _ABLATION_LIMIT) for other in about]
                for name, parts in _ABLATION.items():
                    by_part[name] += measure(few, own, parts, 0.0)
    return rows, by_part


def _is_about(other: Path, folder: Path) -> bool:
    return other.name.startswith(f"{folder.resolve().name}-")


def _mixed(folders: Sequence[Path], settings: Settings, limit: int | None, vectors: Path | None) -> list[Row]:
    """Return the figures of every set in one index of all articles."""
    sets = [read_query_set(folder, limit) for folder in folders]
    with tempfile.TemporaryDirectory() as data:
        own = settings.model_copy(update={"data": Path(data)})
        return list(measure(sets, own, PARTS, index_corpora(sets, own, vectors).articles_per_second))


def _full_table(rows: Sequence[Row]) -> Iterator[str]:
    yield "| set | queries in | queries | Hit@1 | Hit@5 | Hit@10 | nDCG@10 | MRR@10 | articles/s | p50 ms | p95 ms |"
    yield "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for row in rows:
        shares = (row.hit_at_1, row.hit_at_5, row.hit_at_10, row.ndcg_at_10, row.mrr_at_10)
        shown = " | ".join(f"{share:.3f}" for share in shares)
        times = f"{row.articles_per_second:.0f} | {row.p50_ms:.1f} | {row.p95_ms:.1f}"
        yield f"| {row.set} | {row.query_language} | {row.queries} | {shown} | {times} |"


def _part_table(by_part: dict[str, list[Row]], figure: str) -> Iterator[str]:
    sets = [f"{row.set} ({row.query_language})" for row in by_part["everything"]]
    yield f"| {figure} | {' | '.join(sets)} |"
    yield f"| --- |{' ---: |' * len(sets)}"
    for name, rows in by_part.items():
        yield f"| {name} | {' | '.join(f'{getattr(row, figure):.3f}' for row in rows)} |"


def _paired_table(alone: Sequence[Row], mixed: Sequence[Row]) -> Iterator[str]:
    known = {(row.set, row.query_language): row for row in alone}
    yield "| set | queries in | Hit@1 alone | Hit@1 mixed | Hit@10 alone | Hit@10 mixed | p95 ms mixed |"
    yield "| --- | --- | ---: | ---: | ---: | ---: | ---: |"
    for row in mixed:
        own = known[row.set, row.query_language]
        shares = (own.hit_at_1, row.hit_at_1, own.hit_at_10, row.hit_at_10)
        yield f"| {row.set} | {row.query_language} | {' | '.join(f'{share:.3f}' for share in shares)} | {row.p95_ms:.1f} |"


def _draw(by_part: dict[str, list[Row]], across: dict[str, list[Row]], file: Path) -> None:
    """Draw what each part adds: Hit@1 within a language and Hit@10 across languages, a bar a set."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, (left, right) = pyplot.subplots(1, 2, figsize=(13, 4.6), width_ratios=(1, 1))
    _bars(left, by_part, "hit_at_1", ("grams alone", "without dense", "dense alone", "everything"), "Hit@1, own language")
    names = ("without dense", "without glossary", "dense alone", "everything")
    _bars(right, across, "hit_at_10", names, "Hit@10, asked in another language")
    figure.tight_layout()
    figure.savefig(file, dpi=110)
    pyplot.close(figure)


def _bars(axes: Axes, by_part: dict[str, list[Row]], figure: str, names: Sequence[str], title: str) -> None:
    width = 0.8 / len(names)
    for number, name in enumerate(names):
        places = [place + number * width for place in range(len(by_part[name]))]
        axes.bar(places, [getattr(row, figure) for row in by_part[name]], width, label=name)
    middles = [place + 0.4 - width / 2 for place in range(len(by_part[names[0]]))]
    axes.set_xticks(middles, [f"{row.set}\n({row.query_language})" for row in by_part[names[0]]], fontsize=8)
    axes.set_ylim(0, 1)
    axes.set_title(title)
    axes.grid(axis="y", alpha=0.3)
    axes.legend(fontsize=8, loc="lower right")


@click.command()
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--across", multiple=True, type=click.Path(path_type=Path, exists=True), help="a set in another language")
@click.option("--write", required=True, type=click.Path(path_type=Path, exists=True), help="the page that the figures go into")
@click.option("--limit", type=click.IntRange(min=1), help="ask so many queries of a set, evenly chosen")
@click.option("--vectors", type=click.Path(path_type=Path, exists=True), help="take vectors from this data folder")
def main(
    folders: Sequence[Path], across: Sequence[Path], write: Path, limit: int | None, vectors: Path | None
) -> None:
    """Measure everything and write it into a page. `across` sets are named after the folder whose articles they ask for."""
    try:
        settings = read_settings(llm="none")
        across = [other for other in across if any(_is_about(other, folder) for folder in folders)]
        alone, by_part = _alone(folders, settings, limit, vectors)
        others, others_by_part = _across(folders, across, settings, vectors)
        mixed = _mixed([*folders, *across], settings, limit, vectors)
    except KhabarError as error:
        raise click.ClickException(str(error)) from error
    sections = [
        ("Each set in an index of its own", _full_table(alone)),
        ("Asked in another language, each set in an index of its own", _full_table(others)),
        ("All in one index", _paired_table([*alone, *others], mixed)),
        (f"What each part adds, within a language ({_ABLATION_LIMIT} queries of each set)", _part_table(by_part, "hit_at_1")),
        (f"What each part adds, across languages ({_ABLATION_LIMIT} of each)", _part_table(others_by_part, "hit_at_10")),
    ]
    text = "\n".join(line for title, lines in sections for line in (f"### {title}\n", *lines, ""))
    put_figures(write, text)
    _draw(by_part, others_by_part, write.with_suffix(".png"))


if __name__ == "__main__":
    main()
