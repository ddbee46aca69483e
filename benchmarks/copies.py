"""Copies and stories of one event against labelled pairs: precision and recall of each kind, through a real index.

    python -m benchmarks.copies [--news sets/antcorpus] [--among sets/multihop] [--missed]

The pairs are made of our own texts (benchmarks/data/copies, benchmarks/data/conflicts) by this script, always the same ones:
copies in other bytes, copies with edits, other reports of the same subject, translations, and other reports of the same
subject in another language. With --news, reports of one radio's site that are written to a pattern (weather, rates) are added,
and with --among a set's articles lie between them.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import tempfile
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any

from index.build import BuildOptions, build_index
from index.catalog import FILE_NAME, Catalog
from index.chunk import split_sentences
from index.copies.store import CopyStore
from index.embed import NoEmbedder
from index.progress import Silent
from index.types import LANGUAGES, Language
from rag.entities.extraction import GlossaryNames
from rag.entities.same_story import same_stories
from rag.text.glossary import load_glossary

DATA = Path(__file__).parent / "data"
_SEED = 20261127
_EXACT, _NEAR, _PATTERN = 42, 60, 30
_HARAKAT = "\u064e\u064f\u0650\u0652"


@dataclass(frozen=True, slots=True)
class Report:
    """A report: its text under a headline, and what is known of it; `written` is how its file ends and begins its lines."""

    name: str
    title: str
    text: str
    language: Language
    outlet: str
    day: str
    written: str = "utf-8"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two reports, and whether they are copies, one story in two languages, or neither (`is_one` False)."""

    kind: str
    one: Report
    other: Report
    is_one: bool


def main() -> None:
    """Index the reports, and print how many pairs of each kind were told rightly."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--news", type=Path, help="the folder of antcorpus, for reports written to a pattern")
    parser.add_argument("--among", type=Path, help="a folder in the layout of BEIR whose articles are indexed, too")
    parser.add_argument("--missed", action="store_true", help="also print the pairs that were told wrongly")
    chosen = parser.parse_args()
    pairs = [*made_pairs(), *(pattern_pairs(chosen.news) if chosen.news else [])]
    with tempfile.TemporaryDirectory() as folder:
        told = judged(pairs, Path(folder), chosen.among)
    print(table(pairs, told))
    if chosen.missed:
        for pair, together in zip(pairs, told, strict=True):
            if together != pair.is_one:
                print(f"{pair.kind}: {pair.one.name} and {pair.other.name} {'together' if together else 'apart'}")


def made_pairs() -> list[Pair]:
    """Return the pairs made of our own texts, always the same ones."""
    chance = random.Random(_SEED)
    stories, conflicts = list(_stories()), list(_conflicts())
    texts = [report for _, _, report in stories] + [report for pair in conflicts for report in pair[:2]]
    chance.shuffle(texts)
    exact = [Pair("copy in other bytes", each, _rewritten(each, number), True) for number, each in enumerate(texts[:_EXACT])]
    long = [report for report in texts if len(split_sentences(report.text, report.language)) > 2]
    near = [Pair("copy with edits", each, _edited(each, number, chance), True) for number, each in enumerate(long[:_NEAR])]
    found = [*exact, *near]
    for (name, like, one), (other_name, other_like, other) in combinations(stories, 2):
        if one.language != other.language and name == other_name:
            found.append(Pair("translation", one, other, True))
        elif one.language != other.language and name == (other_like or "") and not like:
            found.append(Pair("same subject, two languages", one, other, False))
        elif one.language == other.language and name == (other_like or ""):
            found.append(Pair("same subject, one language", one, other, False))
    for one, other in conflicts:
        kind = "another report, one language" if one.language == other.language else "another report, two languages"
        found.append(Pair(kind, one, other, one.language != other.language))
    return found


def _stories() -> Iterator[tuple[str, str | None, Report]]:
    """Yield (story, the story it is like, report) in each language."""
    for line in (DATA / "copies" / "stories.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        for language in LANGUAGES:
            title = split_sentences(row[language], language)[0]
            name = f"{row['id']}-{language}"
            head = row[language][title.start : title.end].rstrip(".")
            yield row["id"], row.get("like"), Report(name, head, row[language], language, row["outlet"][language], row["day"])


def _conflicts() -> Iterator[tuple[Report, Report]]:
    """Yield two reports of one event, each pair of texts once, those of two languages at most a day apart."""
    seen: set[tuple[str, str]] = set()
    for part in ("dev", "test"):
        for line in (DATA / "conflicts" / f"{part}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            one, other = (_report(f"{row['id']}-{side}", row[side]) for side in ("one", "other"))
            days = {one.day, other.day}
            if (one.text, other.text) in seen or (one.language != other.language and len(days) > 1):
                continue
            seen.add((one.text, other.text))
            yield one, other


def _report(name: str, row: dict[str, Any]) -> Report:
    return Report(name, row["title"], row["text"], row["language"], row["outlet"], row["published"])


def _rewritten(report: Report, number: int) -> Report:
    """Return the same text in other bytes or other forms of the same letters, under another headline for every second."""
    text = report.text
    name, outlet = f"{report.name}-again{number}", f"{report.outlet} 2"
    written = "utf-8"
    match number % 6:
        case 0:
            written = "bom-crlf"
        case 1:
            text = unicodedata.normalize("NFD", text)
        case 2:
            text = text.replace("ي", "ی").replace("ك", "ک").replace("\u200c", " ").replace("  ", " ")
        case 3:
            if report.language == "ar":
                text = re.sub(r"(?<=[\u0628-\u064a])(?=[\u0628-\u064a]{3})", _HARAKAT[number % 4], text)
            text = text.replace("“", '"').replace("’", "'")
        case 4:
            digits = "٠١٢٣٤٥٦٧٨٩" if report.language != "fa" else "۰۱۲۳۴۵۶۷۸۹"
            if report.language != "en":
                text = "".join(digits[unicodedata.decimal(c)] if c.isdecimal() else c for c in text)
            text = text.replace(" ", "\u00a0", 5)
        case _:
            text = text.replace(". ", ".\n\n")
    title = f"{report.outlet}: {report.title}" if number % 2 else report.title
    return replace(report, name=name, text=text, outlet=outlet, title=title, written=written)


def _edited(report: Report, number: int, chance: random.Random) -> Report:
    """Return the text as another outlet prints it: a sentence less or more, a word another, parts moved."""
    sentences = [report.text[span.start : span.end].strip() for span in split_sentences(report.text, report.language)]
    more = {
        "en": "Our correspondent in the region will report further.", "ar": "وسيوافيكم مراسلنا في المنطقة بمزيد من التفاصيل.",
        "fa": "خبرنگار ما در منطقه گزارش‌های بیشتری خواهد فرستاد.",
    }[report.language]  # fmt: skip
    match number % 5:
        case 0:
            sentences = sentences[:-1] if len(sentences) > 3 else [*sentences, more]
        case 1:
            sentences = [*sentences, more]
        case 2:
            place = chance.randrange(len(sentences))
            found = sentences[place].split()
            del found[chance.randrange(len(found))]
            sentences[place] = " ".join(found)
        case 3:
            sentences = [more, *sentences[1:], sentences[0]]
        case _:
            place = chance.randrange(len(sentences))
            found = sentences[place].split()
            at = chance.randrange(len(found))
            found[at] = {"en": "reportedly", "ar": "تقريبا", "fa": "تقریباً"}[report.language]
            sentences[place] = " ".join(found)
    return replace(report, name=f"{report.name}-edit{number}", text=" ".join(sentences), outlet=f"{report.outlet} 3")


def pattern_pairs(folder: Path) -> list[Pair]:
    """Return pairs of a radio's reports of other days that begin with the same four words: weather, rates, results."""
    rows = [json.loads(line) for line in (folder / "corpus.jsonl").read_text(encoding="utf-8").splitlines()]
    by_start: dict[str, list[Report]] = {}
    for row in sorted(rows, key=lambda row: str(row["_id"])):
        digits = row["_id"].rsplit("-", 1)[-1]
        day = f"{digits[:4]}-{digits[4:6]}-{digits[6:]}" if digits.startswith("20") else ""
        if len(row["text"]) > 200 and re.fullmatch(r"20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])", day):
            start = " ".join(row["text"].split()[:4])
            by_start.setdefault(start, []).append(Report(row["_id"], start, row["text"], "ar", "radio", day))
    found = []
    for reports in by_start.values():
        different = [(one, other) for one, other in combinations(reports, 2) if one.day != other.day]
        found += [Pair("written to a pattern", one, other, False) for one, other in different[:1]]
    return random.Random(_SEED).sample(found, min(_PATTERN, len(found)))


def judged(pairs: Sequence[Pair], folder: Path, among: Path | None) -> list[bool]:
    """Index all reports and return for each pair whether its two are in one group of copies, or in one story."""
    news = folder / "news"
    news.mkdir()
    reports = {report.name: report for pair in pairs for report in (pair.one, pair.other)}
    for report in reports.values():
        _write(report, news / f"{re.sub('[^A-Za-z0-9-]', '_', report.name)}.txt")
    sources = [news]
    if among:
        (folder / "among.jsonl").write_bytes((among / "corpus.jsonl").read_bytes())
        sources.append(folder / "among.jsonl")
    names = GlossaryNames(load_glossary())
    build_index(folder / "data", sources, NoEmbedder(), BuildOptions(), Silent(), embed=False, names=names)
    catalog = Catalog(folder / "data" / FILE_NAME)
    groups = [[group.first, *(copy.entry for copy in group.copies)] for group in CopyStore(catalog).groups()]
    stories = [list(story.articles) for story in same_stories(catalog)]
    group_of = [
        {_stem(entry.path): number for number, group in enumerate(found) for entry in group} for found in (groups, stories)
    ]
    catalog.close()

    def together(pair: Pair) -> bool:
        known = group_of[pair.one.language != pair.other.language]
        one, other = (known.get(re.sub("[^A-Za-z0-9-]", "_", report.name)) for report in (pair.one, pair.other))
        return one is not None and one == other

    return [together(pair) for pair in pairs]


def _stem(path: str) -> str:
    return Path(path).name.removesuffix(".txt")


def _write(report: Report, file: Path) -> None:
    head = f"---\ntitle: {report.title}\noutlet: {report.outlet}\ndate: {report.day}\nlanguage: {report.language}\n---\n\n"
    whole = f"{head}{report.text}\n"
    if report.written == "bom-crlf":
        file.write_bytes(b"\xef\xbb\xbf" + whole.replace("\n", "\r\n").encode())
    else:
        file.write_text(whole, encoding="utf-8")


def table(pairs: Sequence[Pair], told: Sequence[bool]) -> str:
    """Return the rows of a table: of each kind how many pairs were told rightly; then precision and recall of both tasks."""
    rows = ["| pairs | | number | told rightly |", "| --- | --- | ---: | ---: |"]
    for kind in dict.fromkeys(pair.kind for pair in pairs):
        own = [(pair, one) for pair, one in zip(pairs, told, strict=True) if pair.kind == kind]
        rightly = sum(pair.is_one == one for pair, one in own)
        rows.append(f"| {kind} | {'one' if own[0][0].is_one else 'two'} | {len(own)} | {rightly} |")
    for title, across in (("copies", False), ("one story in two languages", True)):
        all_told = zip(pairs, told, strict=True)
        verdicts = [(pair.is_one, one) for pair, one in all_told if (pair.one.language != pair.other.language) == across]
        right = sum(is_one and one for is_one, one in verdicts)
        precision = right / max(sum(one for _, one in verdicts), 1)
        recall = right / max(sum(is_one for is_one, _ in verdicts), 1)
        rows.append(f"| {title}: precision {precision:.3f}, recall {recall:.3f} | | {len(verdicts)} | |")
    return "\n".join(rows)


if __name__ == "__main__":
    main()
