"""People, places and organisations against labelled articles: precision and recall by language, and what an article takes.

    python -m benchmarks.entities sets/antcorpus sets/farsnews sets/multihop [--half develop] [--missed]

The labels (benchmarks/data/entities.jsonl) hold the ids of articles and the names in them, no text. A name that was found is
right where its kind is and one of its spellings is one of the label's; a label is found where such a name was. Names that a
label calls unclear count neither way.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.entities.types import KINDS, EntityKind, Mention
from index.text import squash
from index.types import LANGUAGES, Article
from rag.entities.extraction import GlossaryNames
from rag.text.glossary import load_glossary

LABELS = Path(__file__).parent / "data" / "entities.jsonl"
GOALS = {"precision": 0.95, "recall": 0.80}
_JOINED = re.compile("^[وفبكل]?ال(?=.{2})|^لل(?=.{2})")
_ONE_LETTER = re.compile("^[وفبكل](?=.{3})")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one article: names found rightly and wrongly, labels that were met and missed."""

    language: str
    article_id: str
    right: int
    met: int
    wrong: tuple[str, ...]
    missed: tuple[str, ...]


def main() -> None:
    """Read the articles of the labels, and print precision and recall by language and what is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", type=Path, nargs="+", help="folders of the three sets in the layout of BEIR")
    parser.add_argument("--half", choices=("develop", "held", "later"), help="only one half of the labels")
    parser.add_argument("--missed", action="store_true", help="also print what was found wrongly and what was not found")
    parser.add_argument("--time", type=int, default=300, metavar="N", help="articles of each set to measure the time by")
    chosen = parser.parse_args()
    reader = GlossaryNames(load_glossary())
    labels = [label for label in read_labels(LABELS) if chosen.half in (None, label["half"])]
    outcomes = list(judged(labels, chosen.sets, reader))
    print(table(outcomes))
    if chosen.missed:
        for outcome in outcomes:
            for sign, names in (("wrong", outcome.wrong), ("missed", outcome.missed)):
                for name in names:
                    print(f"{sign}\t{outcome.language}\t{outcome.article_id}\t{name}")
    for folder in chosen.sets:
        print(f"{folder.name}: {cost(folder, reader, chosen.time):.2f} ms an article")


def read_labels(file: Path) -> list[dict[str, Any]]:
    """Return the labels: of each article its id, set, language, half, and by kind its names, each as its spellings."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def judged(labels: Sequence[dict[str, Any]], folders: Sequence[Path], reader: GlossaryNames) -> Iterator[Outcome]:
    """Yield what became of each labelled article. Raises KeyError where a folder lacks one."""
    by_set = {folder.name: {article.article_id: article for article in articles_of(folder)} for folder in folders}
    for label in labels:
        yield judge(label, reader.mentions(by_set[label["set"]][label["id"]]))


def judge(label: dict[str, Any], mentions: Sequence[Mention]) -> Outcome:
    """Compare the names found in an article with those of its label, spellings of one thing as one."""
    right, met, wrong, missed = 0, 0, [], []
    unclear = {form for name in label["unclear"] for form in _forms(name)}
    for kind in KINDS:
        found = _by_key(mentions, kind)
        wanted = [{form for name in names for form in _forms(name)} for names in label[kind]]
        for key, names in found.items():
            forms = {form for name in names for form in _forms(name)}
            if any(forms & each for each in wanted):
                right += 1
            elif not forms & unclear:
                wrong.append(f"{kind}: {' | '.join(names)} ({key})")
        for names, each in zip(label[kind], wanted, strict=True):
            if not any(each & {form for name in spelt for form in _forms(name)} for spelt in found.values()):
                missed.append(f"{kind}: {names[0]}")
            else:
                met += 1
    return Outcome(label["language"], label["id"], right, met, tuple(wrong), tuple(missed))


def _by_key(mentions: Sequence[Mention], kind: EntityKind) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for mention in mentions:
        if mention.kind == kind:
            found.setdefault(mention.key, []).append(mention.name)
    return found


def _forms(name: str) -> set[str]:
    """Return a name's letters, with and without the article and the letters that Arabic writes as one with it."""
    whole = squash(name)
    return {whole, _JOINED.sub("", whole), _ONE_LETTER.sub("", whole)}


def table(outcomes: Sequence[Outcome]) -> str:
    """Return the rows of a table: precision and recall of each language, and of all."""
    rows = ["| language | articles | found rightly | wrongly | missed | precision | recall |", "| --- |" + " ---: |" * 6]
    for language in (*LANGUAGES, None):
        own = [outcome for outcome in outcomes if language in (None, outcome.language)]
        counts = Counter(right=sum(o.right for o in own), wrong=sum(len(o.wrong) for o in own))
        missed = sum(len(o.missed) for o in own)
        precision = counts["right"] / max(counts["right"] + counts["wrong"], 1)
        met = sum(outcome.met for outcome in own)
        recall = met / max(met + missed, 1)
        rows.append(
            f"| {language or 'all'} | {len(own)} | {counts['right']} | {counts['wrong']} | {missed} "
            f"| {precision:.3f} | {recall:.3f} |"
        )
    goals = ", ".join(f"{name} {goal:.2f}" for name, goal in GOALS.items())
    return "\n".join([*rows, f"Goals: {goals}."])


def cost(folder: Path, reader: GlossaryNames, most: int) -> float:
    """Return the milliseconds of processor time that reading the names of an article takes, of the first `most` of a set."""
    articles = list(articles_of(folder))[:most]
    started = time.process_time()
    for article in articles:
        reader.mentions(article)
    return 1000 * (time.process_time() - started) / max(len(articles), 1)


def articles_of(folder: Path) -> Iterator[Article]:
    """Yield the articles of a set in the layout of BEIR."""
    languages = {"antcorpus": "ar", "farsnews": "fa"}
    for line in (folder / "corpus.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        language: Any = languages.get(folder.name) or row.get("metadata", {}).get("lang", "en")
        title = row.get("title", "")
        text = f"{title}\n{row['text']}" if title else row["text"]
        yield Article(row["_id"], row["_id"], title, None, None, language, None, text)


if __name__ == "__main__":
    main()
