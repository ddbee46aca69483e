"""The archive's endpoints under page/archive/: what its view shows, files that come in, what is taken out and put back."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from fastapi import Depends, FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from index.formats.kinds import suffix_of
from index.types import Language
from index.withdrawn import withdrawn
from rag.desk import Desk
from rag.intake.uploads import Receiving, Upload, UploadRefused, Uploads
from rag.intake.work import Outcome, State, Work
from rag.phrases import counted, phrase, say, written_count
from ui.page.archive.asked import asked_in
from ui.page.archive.refusal import told_problem, told_refusal
from ui.page.archive.removal import removal_html
from ui.page.archive.shown import Shown
from ui.page.visitor import language_of, require_page

_FROM_PAGE = [Depends(require_page)]
# Notes on a file that are told at once.
_MOST_NOTES = 5
# What a page has to say of a refused file, by the reason.
_STATUSES = {"too large": 413, "disk": 507, "unwritable": 507, "closed": 403, "being deleted": 409}


def add_archive(application: FastAPI, desk: Desk) -> None:
    """Add the endpoints."""
    uploads, work = desk.uploads, desk.work
    shown = Shown(desk.archive, desk.settings, uploads)
    _add_views(application, desk, shown)
    _add_work(application, work)
    _add_uploads(application, uploads, work)
    _add_removals(application, desk, uploads, work)


def _add_views(application: FastAPI, desk: Desk, shown: Shown) -> None:
    @application.get("/page/archive/view", include_in_schema=False, response_class=HTMLResponse)
    def view(request: Request) -> str:
        return shown.view(asked_in(request.query_params), language_of(request))

    @application.get("/page/archive/head", include_in_schema=False, response_class=HTMLResponse)
    def head(request: Request) -> str:
        return shown.head(language_of(request))

    @application.get("/page/archive/list", include_in_schema=False, response_class=HTMLResponse)
    def body(request: Request) -> str:
        return shown.body(asked_in(request.query_params), language_of(request))

    @application.get("/page/archive/invitation", include_in_schema=False, response_class=HTMLResponse)
    def invitation(request: Request) -> str:
        return shown.invitation(language_of(request))


def _add_work(application: FastAPI, work: Work) -> None:
    @application.get("/page/archive/work", include_in_schema=False)
    def at_work(request: Request, after: int = 0) -> dict[str, Any]:
        language = language_of(request)
        # First how far it is: what ends between the two looks is told at the next one, as it is still at work.
        now, number = work.state, work.number
        outcomes = work.outcomes(after) if after >= 0 else []
        return {
            **asdict(now),
            "run": work.run,
            "told": _told_state(now, language),
            "outcomes": [_told_outcome(each, language) for each in outcomes],
            "last": outcomes[-1].number if outcomes else number if after < 0 else after,
        }


def _told_state(state: State, language: Language) -> str:
    if state.stage == "idle":
        return ""
    stage = phrase(f"page_archive_stage.{state.stage}", language)
    if state.of < 2:
        return stage
    done, of = (written_count(number, language) for number in (state.done, state.of))
    return say("page_archive.stage_of", language, stage=stage, done=done, of=of)


def _told_outcome(outcome: Outcome, language: Language) -> dict[str, Any]:
    """Return what became of a file in a reader's words: what a message says, or a reason with its remedy."""
    told = {
        "number": outcome.number,
        "name": outcome.name,
        "result": outcome.result,
        "articles": outcome.articles,
        "article_id": outcome.article_id,
    }
    if outcome.result == "added":
        text = say("page_archive.added", language, articles=counted("article", outcome.articles, language))
    elif outcome.result == "refused":
        text = phrase("page_archive.refused", language)
    else:
        text = say(f"page_archive_done.{outcome.result}", language, name=outcome.name)
    notes = [told_problem(problem, language) for problem in outcome.problems[:_MOST_NOTES]]
    if outcome.result == "refused" and not notes:
        notes = [(phrase("page_archive.refused", language), say("page_archive_remedy.other", language))]
    return {**told, "text": text, "notes": [{"reason": reason, "remedy": remedy} for reason, remedy in notes]}


class Announced(BaseModel):
    """A file that is about to be sent: its name, with the folders it is in, and its bytes."""

    name: str = Field(max_length=4000)
    size: int = Field(ge=0)


class AnnouncedFiles(BaseModel):
    """The files that are about to be sent."""

    files: list[Announced] = Field(max_length=1000)


def _add_uploads(application: FastAPI, uploads: Uploads, work: Work) -> None:
    @application.post("/page/archive/check", include_in_schema=False, dependencies=_FROM_PAGE)
    def check(request: Request, announced: AnnouncedFiles) -> dict[str, Any]:
        language = language_of(request)
        return {"refused": [_refusal_of(each, uploads, language) for each in announced.files]}

    @application.put("/page/archive/upload", include_in_schema=False, dependencies=_FROM_PAGE)
    async def upload(request: Request, name: str) -> JSONResponse:
        given = request.headers.get("content-length", "")
        size = int(given) if given.isascii() and given.isdecimal() else None
        try:
            receiving = await run_in_threadpool(uploads.receive, name, size)
            taken = await _received(request, receiving)
            if taken.known_as is not None:
                await run_in_threadpool(work.require_staying, taken)
        except UploadRefused as error:
            return _refused(error, name, uploads, language_of(request))
        if taken.known_as is None:
            work.add(taken)
        return JSONResponse({"name": taken.name, "known_as": taken.known_as})


def _refusal_of(announced: Announced, uploads: Uploads, language: Language) -> dict[str, str] | None:
    """Return why a file would not be taken, as far as its name and its size tell."""
    try:
        uploads.check(announced.name, announced.size)
    except UploadRefused as error:
        reason, remedy = told_refusal(error, uploads.most_bytes(suffix_of(announced.name)), language)
        return {"reason": reason, "remedy": remedy}
    return None


async def _received(request: Request, receiving: Receiving) -> Upload:
    """Take the file piece by piece; where its sender goes away, nothing is left of it."""
    try:
        async for piece in request.stream():
            await run_in_threadpool(receiving.write, piece)
        return await run_in_threadpool(receiving.finish)
    finally:
        await run_in_threadpool(receiving.give_up)


def _refused(error: UploadRefused, name: str, uploads: Uploads, language: Language) -> JSONResponse:
    reason, remedy = told_refusal(error, uploads.most_bytes(suffix_of(name)), language)
    content = {"error": {"problem": reason, "remedy": remedy}, "kind": error.kind}
    return JSONResponse(content, _STATUSES.get(error.kind, 422))


def _add_removals(application: FastAPI, desk: Desk, uploads: Uploads, work: Work) -> None:
    catalog = desk.archive.catalog

    @application.get("/page/archive/removal/{article_id}", include_in_schema=False, response_class=HTMLResponse)
    def removal(request: Request, article_id: str) -> Any:
        article, location = catalog.article(article_id), catalog.location_of(article_id)
        if article is None or location is None:
            return _gone(article_id, language_of(request))
        path = catalog.path_at(location) or article.path
        return removal_html(article, path, catalog.count_at(location), uploads.holds(location), language_of(request))

    @application.post("/page/archive/remove/{article_id}", include_in_schema=False, dependencies=_FROM_PAGE)
    def remove(request: Request, article_id: str, whole: bool = False) -> JSONResponse:
        article, location = catalog.article(article_id), catalog.location_of(article_id)
        if article is None or location is None:
            return _gone(article_id, language_of(request))
        if whole and uploads.holds(location):
            work.delete(Path(location), article.title)
        else:
            work.withdraw(article_id, article.title)
        return JSONResponse({"name": article.title})

    @application.post("/page/archive/restore/{article_id}", include_in_schema=False, dependencies=_FROM_PAGE)
    def restore(request: Request, article_id: str) -> JSONResponse:
        found = next((each for each in withdrawn(catalog) if each.article_id == article_id), None)
        if found is None:
            return _gone(article_id, language_of(request))
        work.restore(article_id, found.title)
        return JSONResponse({"name": found.title})


def _gone(article_id: str, language: Language) -> JSONResponse:
    """Return that an article is no longer there: another page has removed it meanwhile."""
    told = say("page_archive_done.lost", language, name=article_id[:80])
    problem, _, remedy = told.partition(". ")
    return JSONResponse({"error": {"problem": problem, "remedy": remedy}}, status_code=404)
