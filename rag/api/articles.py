"""The articles of the archive: listed, read, sent, replaced, taken out and put back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from index.copies.store import CopyStore
from index.language import detect_language
from index.listing import MISSING, SORTS, Listed, listing
from index.shelf import Choice, Shelf
from index.shelf import Sort as ShelfSort
from index.text import words
from index.types import Article, Filter, Language
from index.withdrawn import withdrawn
from rag.api.access import AtDesk, Reader, Writer
from rag.api.door import door
from rag.api.filters import Day, FilterQuery, within_of
from rag.api.jobs import JobTold, Wait, accepted, ended, job_json, undone
from rag.api.paging import Paged, Paging
from rag.api.problems import Refused, problems, without_places
from rag.api.reference import Reference
from rag.desk import Desk
from rag.intake.jobs import Job
from rag.intake.sent import OWN_ID, SentArticle, Taken, may_be_own, own_id_of
from rag.request.mentions import Mentions
from rag.request.naming import things_in

router = door("articles")

Sort = Literal["published", "outlet", "title", "language", "author", "section", "path"]
Lacking = Literal["date", "outlet", "author", "section", "tags", "link", "origin"]
# What can be sorted by without reading every article, as the shelf calls it.
_ON_SHELF: Mapping[Sort, ShelfSort] = {
    "published": "date", "outlet": "outlet", "title": "title", "language": "language", "path": "path",
}  # fmt: skip
assert set(Sort.__args__) == set(SORTS) and set(Lacking.__args__) == set(MISSING)  # type: ignore[attr-defined]
# Characters of one article: the setting max-mb is the tighter bound of its bytes.
LONGEST_TEXT = 5_000_000
OwnId = Annotated[str, StringConstraints(pattern=OWN_ID)]


class ListedArticle(Reference):
    """An article without its text; what is not known is null."""

    id: str | None = Field(description="The id that its sender gave it.")
    published: str | None = Field(description="A day, or the month or year where no day is known.", examples=["2025-10-21"])
    precision: Literal["day", "month", "year"] | None
    stated: str | None = Field(description="The date as its file writes it.")
    dated_by: str | None = Field(description="What stated the date.")
    author: str | None
    section: str | None
    tags: list[str]
    origin: str | None = Field(description="The agency that the text was taken from.")
    copies: list[str] = Field(description="The paths of articles with the same text, word for word or nearly.")
    problems: list[dict[str, Any]] = Field(description="What was met in reading it.")


class Articles(Paged):
    """Articles in order."""

    articles: list[ListedArticle]


class ArticleQuery(FilterQuery, Paging):
    """Which articles are wanted, and in which order."""

    find: str | None = Field(
        None, min_length=1, max_length=500, pattern=r"\S", description="What they mention: names or words, in any spelling."
    )
    without: list[Lacking] = Field(default_factory=list, max_length=10, description="What they lack.")
    sort: Sort = Field("published", description="What they are sorted by; those without it come last.")
    order: Literal["asc", "desc"] | None = Field(None, description="The newest first by published; else ascending.")

    @property
    def is_descending(self) -> bool:
        """Whether what comes last by its letters or its day is first in the list."""
        return (self.order or ("desc" if self.sort == "published" else "asc")) == "desc"


class WholeArticle(Reference):
    """An article as it can be quoted: every `start` and `end` of a citation counts the characters of its `text`."""

    id: str | None = Field(description="The id that its sender gave it.")
    text: str


class ArticleBody(BaseModel):
    """An article to add or to replace."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "title": "بدء أعمال الجسر الجديد",
                    "text": "بدأت يوم الثلاثاء أعمال بناء الجسر الجديد في المدينة، وتستمر ثمانية عشر شهرا.",
                    "outlet": "جريدة الرواق",
                    "published": "2025-10-21",
                    "language": "ar",
                }
            ]
        },
    )

    title: str = Field(strict=True, min_length=1, max_length=1000, pattern=r"\S")
    text: str = Field(strict=True, min_length=1, max_length=LONGEST_TEXT, pattern=r"\S")
    outlet: str | None = Field(None, strict=True, min_length=1, max_length=500)
    published: Day | None = Field(None, description="The day of publication.", examples=["2025-10-21"])
    language: Language | None = Field(None, description="Told by its words where it is left out.")
    url: str | None = Field(None, strict=True, max_length=2000, pattern=r"^https?://\S+$", examples=["https://example.org/a"])

    @field_validator("text")
    @classmethod
    def _has_words(cls, text: str) -> str:
        # No pattern of the schema: there, \w knows no Arabic letters.
        if not words(text):
            raise ValueError("there is no word in it")
        return text


class NewArticle(ArticleBody):
    """An article to add, with an id of the sender's own."""

    id: OwnId | None = Field(None, description="Your own id; without one the content makes it.")


class TakenArticle(BaseModel):
    """What became of an article that was sent."""

    id: str = Field(description="The id to read, replace and delete it by.")
    article_id: str | None = Field(description="The id in citations, once it is in the archive.")
    known: bool = Field(description="Whether the same was sent before: then nothing is changed.")
    job: JobTold | None = Field(description="The job that takes it in; null where it is in the archive already.")


@router.get("/articles", response_model=Articles, responses=problems())
async def articles(wanted: Annotated[ArticleQuery, Query()], caller: Reader, desk: AtDesk) -> Response:
    """Return the articles that pass a filter, a page at a time, in an order that stays."""
    found, total = await desk.answering.run(lambda: _page(desk, wanted), caller.name)
    told = list(map(_listed_json, found))
    return JSONResponse({"total": total, "limit": wanted.limit, "offset": wanted.offset, "articles": told})


@router.get("/articles/{article_id}", response_model=WholeArticle, responses=problems(404))
async def article(article_id: str, caller: Reader, desk: AtDesk) -> Response:
    """Return an article by its id, Khabar's or its sender's; a citation's `start` and `end` count in its `text`."""
    found = await desk.answering.run(lambda: _found(desk, article_id), caller.name)
    if found is None:
        raise no_article(article_id)
    return JSONResponse(found.to_json() | {"id": own_id_of(found.path), "text": found.text})


@router.post("/articles", response_model=TakenArticle, status_code=202, responses=accepted(TakenArticle) | problems(409, 507))
async def add(request: Request, body: NewArticle, caller: Writer, desk: AtDesk, wait: Wait = 0) -> Response:
    """Add an article. Sending the same twice makes one and says so; another one under a known id is refused.

    202 comes with the job that takes it in. With `wait` the response comes after that: 201, or 422 where nothing can be read,
    409 where the job was cancelled meanwhile, and 503 where it failed.
    """
    _require_open(desk)
    sent = _sent(body)
    taken = await desk.answering.run(lambda: desk.sent.put(sent, body.id, caller.name, replace=False), caller.name)
    return await _answered(request, desk, taken, wait)


@router.put(
    "/articles/{article_id}",
    response_model=TakenArticle,
    status_code=202,
    responses=accepted(TakenArticle) | problems(404, 409, 507),
)
async def put(
    request: Request, article_id: str, body: ArticleBody, caller: Writer, desk: AtDesk, wait: Wait = 0
) -> Response:
    """Add or replace the article of an id. Until the new version is in the archive the old one is; the same again is no change.

    Articles of files that were not sent this way cannot be replaced: 409.
    """
    _require_open(desk)
    sent = _sent(body)
    own_id = await desk.answering.run(lambda: _own_id(desk, article_id), caller.name)
    taken = await desk.answering.run(lambda: desk.sent.put(sent, own_id, caller.name, replace=True), caller.name)
    return await _answered(request, desk, taken, wait)


@router.delete(
    "/articles/{article_id}", response_model=JobTold, status_code=202, responses=accepted(JobTold) | problems(404, 409, 507)
)
async def delete(
    request: Request,
    article_id: str,
    caller: Writer,
    desk: AtDesk,
    wait: Wait = 0,
    file: Annotated[bool, Query(description="true: the whole upload that it is one of several articles of.")] = False,
) -> Response:
    """Take an article out: what was sent or uploaded is deleted; of a reader's own file it is withdrawn, and the file stays.

    What was sent and is not read yet is deleted after that.
    """
    _require_open(desk)
    job = await desk.answering.run(lambda: _delete(desk, article_id, caller.name, whole=file), caller.name)
    return _job(await ended(request, desk, job, wait))


@router.post(
    "/articles/{article_id}/restore",
    response_model=JobTold,
    status_code=202,
    responses=accepted(JobTold) | problems(404, 409, 507),
)
async def restore(request: Request, article_id: str, caller: Writer, desk: AtDesk, wait: Wait = 0) -> Response:
    """Put back an article that was withdrawn."""
    _require_open(desk)
    job = await desk.answering.run(lambda: _restore(desk, article_id, caller.name), caller.name)
    return _job(await ended(request, desk, job, wait))


def no_article(article_id: str) -> Refused:
    """Return the error for an article that is not there."""
    told = f"there is no article '{article_id[:80]}'"
    return Refused(404, "no-article", told, "use the article_id of a citation or of the list", article_id)


def _require_open(desk: Desk) -> None:
    """Refuse changes where the archive takes none. Raises Refused."""
    if not desk.uploads.are_taken:
        raise Refused(
            409, "closed", "this archive takes no articles", "allow it (KHABAR_UPLOAD_MB over 0), or index on its own machine"
        )


def _page(desk: Desk, wanted: ArticleQuery) -> tuple[Sequence[Listed], int]:
    """Return the part of the list that is wanted, and how long the whole is; the whole is read only where it has to be."""
    catalog = desk.archive.catalog
    within = within_of(wanted.wanted, catalog)
    by = _ON_SHELF.get(wanted.sort)
    if by is None or wanted.find is not None or wanted.without:
        found = _listed(desk, wanted, within)
        return wanted.part_of(found), len(found)
    shelf, chosen = Shelf(catalog), Choice(within=within)
    page = shelf.page(chosen, by, wanted.is_descending, wanted.offset, wanted.limit)
    copies = CopyStore(catalog)
    return [replace(item, copies=_copies(copies, item)) for item in page], shelf.count(chosen)[0]


def _copies(copies: CopyStore, item: Listed) -> tuple[str, ...]:
    group = copies.of_article(item.entry.article_id) if item.entry else None
    return tuple(each.path for each in group.others(item.entry.article_id)) if item.entry and group else ()


def _listed(desk: Desk, wanted: ArticleQuery, within: Filter) -> Sequence[Listed]:
    catalog = desk.archive.catalog
    found = listing(catalog, within, sort=wanted.sort, without=wanted.without)
    if wanted.find is not None:
        terms = things_in(wanted.find, detect_language(wanted.find), desk.glossary)
        mentions = Mentions(catalog, desk.archive.lexical, desk.glossary)
        ids = {each.article_id for each in mentions.find(wanted.find, terms, within).articles} if terms else set()
        found = [item for item in found if item.entry and item.entry.article_id in ids]
    if wanted.is_descending != (wanted.sort == "published"):
        known = [item for item in found if item.entry and SORTS[wanted.sort](item.entry)]
        found = [*reversed(known), *reversed(found[len(known) :])]
    return found


def _listed_json(item: Listed) -> dict[str, Any]:
    content = item.to_json() | {"id": own_id_of(item.path)}
    content["problems"] = [each | {"reason": without_places(each["reason"])} for each in content["problems"]]
    return content


def _found(desk: Desk, article_id: str) -> Article | None:
    """Return the article of an id, Khabar's or its sender's."""
    return desk.archive.article(article_id) or desk.archive.article(_id_of_own(desk, article_id) or "")


def _id_of_own(desk: Desk, own_id: str) -> str | None:
    """Return the article_id of what was sent under an id, None where it is not in the archive."""
    if not may_be_own(own_id):
        return None
    return next(iter(desk.archive.catalog.ids_at(str(desk.sent.file_of(own_id)))), None)


def _own_id(desk: Desk, article_id: str) -> str:
    """Return the id of its sender's by which an article is replaced. Raises Refused for one that cannot be."""
    found = desk.archive.catalog.article(article_id)
    if found is not None:
        own = own_id_of(found.path)
        if own is None:
            told = f"the article '{article_id}' is of a file that was not sent this way"
            raise Refused(409, "not-replaceable", told, "change the file, or delete the article and send it anew", article_id)
        return own
    if not may_be_own(article_id):
        raise no_article(article_id)
    return article_id


def _sent(body: ArticleBody) -> SentArticle:
    return SentArticle(body.title, body.text, body.outlet, body.published, body.language, body.url)


def _delete(desk: Desk, article_id: str, owner: str, *, whole: bool) -> Job:
    catalog = desk.archive.catalog
    # Looked for first: what is read meanwhile is in the catalog afterwards.
    file = desk.sent.file_of(article_id) if may_be_own(article_id) else None
    coming = desk.work.pending(file=file) if file else None
    if coming and coming.kind == "delete":
        return coming
    found = catalog.article(article_id) or catalog.article(_id_of_own(desk, article_id) or "")
    location = catalog.location_of(found.article_id) if found else None
    if file and coming and found is None:
        return desk.work.delete(file, coming.name, owner)
    if found is None or location is None:
        raise no_article(article_id)
    asked = desk.work.pending(article_id=found.article_id)
    if asked and asked.kind in ("delete", "withdraw"):
        return asked
    if desk.uploads.holds(location) and (whole or catalog.count_at(location) == 1):
        return desk.work.delete(Path(location), found.title, owner, found.article_id)
    return desk.work.withdraw(found.article_id, found.title, owner)


def _restore(desk: Desk, article_id: str, owner: str) -> Job:
    found = next((each for each in withdrawn(desk.archive.catalog) if each.article_id == article_id), None)
    if found is None:
        told = f"no article '{article_id[:80]}' was withdrawn"
        raise Refused(404, "not-withdrawn", told, "only what was withdrawn can be put back", article_id)
    return desk.work.pending(article_id=article_id) or desk.work.restore(article_id, found.title, owner)


async def _answered(request: Request, desk: Desk, taken: Taken, wait: int) -> Response:
    """Return what became of an article that was sent: 200 where it was known, 202 while its job lasts, 201 after it."""
    job = await ended(request, desk, taken.job, wait) if taken.job else None
    if job and (error := undone(job)):
        raise error
    # Not in the line of questions: what is taken up is told so, however many wait there.
    article_id = await run_in_threadpool(_id_of_own, desk, taken.own_id)
    content = {
        "id": taken.own_id, "article_id": article_id, "known": taken.is_known, "job": job_json(job) if job else None,
    }  # fmt: skip
    status = 202 if job and job.is_pending else 200 if taken.is_known else 201
    return JSONResponse(content, status, {"Location": f"/api/v1/articles/{taken.own_id}"})


def _job(job: Job) -> Response:
    return JSONResponse(job_json(job), 202 if job.is_pending else 200, {"Location": f"/api/v1/jobs/{job.job_id}"})
