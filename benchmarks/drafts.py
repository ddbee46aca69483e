"""The drafts of benchmarks/data/drafts: what each line holds, and the archive of the articles that they were written from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from benchmarks.retrieval import QuerySet, index_corpora
from index.catalog import Catalog
from index.types import Article, KhabarError, Language
from rag.settings import Settings

FOLDER = Path(__file__).parent / "data" / "drafts"
SEEDS = Path(__file__).parents[1] / "seeds"

Label = Literal["true", "false", "neutral"]
Kind = Literal[
    "number", "name", "place", "office", "date", "tense", "negation", "attribution", "certainty", "opinion made fact",
    "joined halves", "unit", "scope", "added detail", "from own knowledge", "wrong source cited", "no marker",
]  # fmt: skip
KINDS: tuple[str, ...] = get_args(Kind)


class Sentence(BaseModel):
    """A sentence as a model wrote it, markers and line ends in it, and its label.

    A marker's number is the place of an article in the draft's list, from 1. `shared`: its marker is that of the sentence
    behind it. A false one has its `kind`; `because` says what its source has in its place.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str = Field(min_length=1)
    label: Label
    kind: Kind | None = None
    because: str = ""
    shared: bool = False

    @model_validator(mode="after")
    def _has_its_kind(self) -> Sentence:
        if (self.label == "false") != (self.kind is not None):
            raise ValueError("a false sentence, and no other, has a kind")
        return self


class WrittenDraft(BaseModel):
    """A question, the articles that a model was given, and the draft that it wrote.

    An article is a path below seeds/, or the name of a public set with the article's id in it: `multihop#mh-…`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    language: Language
    question: str
    articles: tuple[str, ...] = Field(min_length=1)
    draft: tuple[Sentence, ...] = Field(min_length=1)

    @property
    def sets(self) -> frozenset[str]:
        """The public sets that its articles are of."""
        return frozenset(name for name, id in map(_parted, self.articles) if id)


def read_drafts(folder: Path = FOLDER) -> list[WrittenDraft]:
    """Return the drafts of a folder's .jsonl files. Raises KhabarError for a line that is none, or a folder without any."""
    found: list[WrittenDraft] = []
    for file in sorted(folder.glob("*.jsonl")):
        for place, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            try:
                found.append(WrittenDraft.model_validate_json(line))
            except ValidationError as error:
                problem = f"'{file.name}' line {place} is no draft: {error.errors()[0]['msg']}"
                raise KhabarError(problem, "benchmarks/data/README.md describes the form") from error
    if not found:
        raise KhabarError(f"'{folder}' holds no drafts", "name a folder with .jsonl files of drafts")
    return found


def within_reach(drafts: Iterable[WrittenDraft], sets: Sequence[Path]) -> list[WrittenDraft]:
    """Return the drafts whose articles are all at hand: in seeds/ or in one of these folders of public sets."""
    names = {folder.resolve().name for folder in sets}
    return [draft for draft in drafts if draft.sets <= names]


def index_articles(drafts: Sequence[WrittenDraft], sets: Sequence[Path], settings: Settings, made: Path) -> None:
    """Index seeds/, and of the public sets the articles that the drafts name, into the settings' data folder.

    Those of a set are copied to a file below `made`. Raises KhabarError for an article that its set lacks.
    """
    corpora = [SEEDS]
    for folder in sets:
        name = folder.resolve().name
        wanted = {id for draft in drafts for set_name, id in map(_parted, draft.articles) if set_name == name and id}
        if wanted:
            corpora.append(_copied(folder / "corpus.jsonl", wanted, made / name))
    index_corpora([QuerySet(corpus.name, corpus, ()) for corpus in corpora], settings)


def _copied(corpus: Path, wanted: set[str], folder: Path) -> Path:
    """Write the wanted rows of a corpus into a file of its own, and return it."""
    folder.mkdir(parents=True)
    target, kept = folder / "corpus.jsonl", set()
    with corpus.open(encoding="utf-8") as lines, target.open("w", encoding="utf-8") as file:
        for line in lines:
            id = json.loads(line)["_id"]
            if id in wanted:
                kept.add(id)
                file.write(line)
    if missing := sorted(wanted - kept):
        raise KhabarError(f"'{corpus}' lacks {', '.join(missing)}", "take the set that benchmarks/data/README.md names")
    return target


def articles_by_name(drafts: Iterable[WrittenDraft], catalog: Catalog) -> Mapping[str, Article]:
    """Return the articles that the drafts name, each in one passage. Raises KhabarError for one that is not so."""
    by_path = {article.path: article for article in catalog.articles()}
    found: dict[str, Article] = {}
    for name in {name for draft in drafts for name in draft.articles}:
        set_name, id = _parted(name)
        ending = f"corpus.jsonl#{id}" if id else set_name
        article = next((article for path, article in by_path.items() if path.endswith(ending)), None)
        if article is None or len(catalog.chunk_ids_of(article.article_id)) != 1:
            raise KhabarError(f"'{name}' is not in this archive in one piece", "index the articles with longer chunks")
        found[name] = article
    return found


def _parted(name: str) -> tuple[str, str]:
    """Return the set and the id of `multihop#mh-…`; of a path below seeds/ the path, and no id."""
    set_name, _, id = name.partition("#")
    return (name, "") if "/" in set_name else (set_name, id)
