"""Jobs: every change of the archive, as it is asked for, made, taken back and told of."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from index.stores import is_served_only
from rag.api.access import AtDesk, Reader, Writer
from rag.api.door import door
from rag.api.leaving import unless_gone
from rag.api.paging import Paged, Paging
from rag.api.problems import WAIT, Refused, problems, without_places
from rag.desk import Desk
from rag.intake.jobs import Job, JobKind, JobState, Result, Stage
from rag.server.caller import Caller, require
from rag.server.moment import moment_in

router = door("jobs")

# Seconds between two looks at a job that somebody waits for, and the longest that one can wait.
_LOOK_SECONDS = 0.1
LONGEST_WAIT = 60
Wait = Annotated[
    int,
    Query(ge=0, le=LONGEST_WAIT, description="Seconds to wait for the end of the job before the response comes."),
]


class JobProgress(BaseModel):
    """How far the run is that is at a job."""

    stage: Stage = Field(description="waiting, elsewhere (another process indexes), read, entities, copies, analyse, failed.")
    done: int
    of: int = Field(description="Steps of the stage; 0 where it is not known.")


class JobProblem(BaseModel):
    """What was met in reading."""

    path: str
    reason: str
    kind: str
    skipped: bool = Field(description="Whether something was left out for it.")


class JobTold(BaseModel):
    """A job: what was asked for, what it is at, and what became of it."""

    id: str = Field(examples=["4f1c09ab77e0d3c2"])
    kind: JobKind = Field(
        description="add: a file. put: an article by its id. delete: an upload. withdraw: an article of a file that stays. "
        "restore: what was withdrawn. index: the known folders."
    )
    name: str = Field(description="The file or the article's title.")
    article_id: str | None = Field(description="The article to take out or put back.")
    state: JobState
    created: str = Field(examples=["2026-11-27T14:00:00Z"])
    started: str | None
    ended: str | None
    progress: JobProgress | None = Field(description="While it runs.")
    result: Result | None = Field(description="What became of it; null before its end, and where it was cancelled or failed.")
    articles: int = Field(description="Articles that came of the file, or all after indexing.")
    problems: list[JobProblem]
    fault: str | None = Field(description="What made it fail as a whole.")


class Jobs(Paged):
    """Jobs, the last first."""

    jobs: list[JobTold]


class JobQuery(Paging):
    """Which jobs are wanted."""

    state: list[JobState] = Field(default_factory=list, max_length=10, description="Give several to match any.")
    kind: list[JobKind] = Field(default_factory=list, max_length=10, description="Give several to match any.")
    everybody: bool = Field(False, description="true: those of others, too; this needs the scope admin.")


class JobBody(BaseModel):
    """What is to be done."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"kind": "index"}]})

    kind: Literal["index"] = Field(description="index: read the folders that the archive was made of again.")


@router.get("/jobs", response_model=Jobs, responses=problems())
async def jobs(wanted: Annotated[JobQuery, Query()], caller: Reader, desk: AtDesk) -> Response:
    """Return the caller's jobs, the last first."""
    if wanted.everybody:
        require(caller, "admin")
    owner = None if wanted.everybody else caller.name
    found, total = await desk.answering.run(
        lambda: desk.work.listed(owner, wanted.state, wanted.kind, wanted.limit, wanted.offset), caller.name
    )
    told = [job_json(job) for job in found]
    return JSONResponse({"total": total, "limit": wanted.limit, "offset": wanted.offset, "jobs": told})


def accepted(model: type[BaseModel]) -> dict[int | str, dict[str, Any]]:
    """Return what the description says of a change beside 202: that nothing was to be changed, or that it is done."""
    return {
        200: {"model": model, "description": "Nothing was to be changed, or the job has ended."},
        201: {"model": model, "description": "The job has ended, and something is new."},
        202: {"model": model, "description": "The job is taken up: it is done also if the server ends meanwhile."},
    }


@router.post("/jobs", response_model=JobTold, status_code=202, responses=accepted(JobTold) | problems(409, 507))
async def start(request: Request, body: JobBody, caller: Writer, desk: AtDesk, wait: Wait = 0) -> Response:
    """Start indexing the folders that are known: what is new, changed or gone in them."""
    if is_served_only(desk.archive.catalog):
        raise Refused(409, "indexed-elsewhere", "another machine indexes this archive", "index it there")
    job = await desk.answering.run(lambda: desk.work.index(caller.name), caller.name)
    job = await ended(request, desk, job, wait)
    return JSONResponse(job_json(job), 202 if job.is_pending else 200, {"Location": f"/api/v1/jobs/{job.job_id}"})


@router.get("/jobs/{job_id}", response_model=JobTold, responses=problems(404))
async def job(request: Request, job_id: str, caller: Reader, desk: AtDesk, wait: Wait = 0) -> Response:
    """Return a job as it is now, or as it is after a wait for its end."""
    found = await desk.answering.run(lambda: job_of(desk, job_id, caller), caller.name)
    return JSONResponse(job_json(await ended(request, desk, found, wait)))


@router.post("/jobs/{job_id}/cancel", response_model=JobTold, responses=problems(404, 409))
async def cancel(job_id: str, caller: Writer, desk: AtDesk) -> Response:
    """Take back a job that waits, or a run that still reads; what has ended stays as it is."""
    found = await desk.answering.run(lambda: job_of(desk, job_id, caller), caller.name)
    cancelled = await desk.answering.run(lambda: desk.work.cancel(found.job_id), caller.name)
    return JSONResponse(job_json(cancelled or found))


def job_of(desk: Desk, job_id: str, caller: Caller) -> Job:
    """Return a job of the caller, or of anybody for who has the scope admin. Raises Refused where there is none."""
    found = desk.work.job(job_id)
    if found is None or (found.owner != caller.name and "admin" not in caller.scopes):
        told = f"there is no job '{job_id[:80]}' of yours"
        raise Refused(404, "no-job", told, "list them: GET /api/v1/jobs", job_id)
    return found


async def ended(request: Request, desk: Desk, job: Job, seconds: int) -> Job:
    """Return a job after its end, or as it is after so many seconds."""
    return (await all_ended(request, desk, [job], seconds))[0]


async def all_ended(request: Request, desk: Desk, jobs: Sequence[Job], seconds: int) -> list[Job]:
    """Return jobs after the end of all, or as they are after so many seconds."""
    if not seconds or not any(job.is_pending for job in jobs):
        return list(jobs)
    return await unless_gone(request, _all_ended(desk, jobs, asyncio.get_running_loop().time() + seconds))


async def _all_ended(desk: Desk, jobs: Sequence[Job], until: float) -> list[Job]:
    return [await _ended(desk, job, until) for job in jobs]


async def _ended(desk: Desk, job: Job, until: float) -> Job:
    while job.is_pending:
        # A writer may hold the file of jobs for a moment; the event loop does not wait for it.
        seen: Job | None = await run_in_threadpool(desk.work.job, job.job_id)
        job = seen or job
        if not job.is_pending or asyncio.get_running_loop().time() >= until:
            break
        await asyncio.sleep(_LOOK_SECONDS)
    return job


def job_json(job: Job) -> dict[str, Any]:
    """Return a job as it goes out: no place on this machine is named."""
    progress = None if job.stage is None else {"stage": job.stage, "done": job.done, "of": job.of}
    told = [
        {"path": each.path, "reason": without_places(each.reason), "kind": each.kind, "skipped": each.skipped}
        for each in job.problems
    ]
    return {
        "id": job.job_id, "kind": job.kind, "name": job.name, "article_id": job.article_id, "state": job.state,
        "created": _moment(job.created), "started": _moment(job.started), "ended": _moment(job.ended), "progress": progress,
        "result": job.result, "articles": job.articles, "problems": told,
        "fault": None if job.fault is None else without_places(job.fault),
    }  # fmt: skip


def undone(job: Job) -> Refused | None:
    """Return the error for a job that has ended without what it was to bring; None for any other."""
    if job.result == "refused":
        return _refused(job)
    if job.state == "cancelled":
        told = f"the job '{job.job_id}' was cancelled before '{job.name[:80]}' was read"
        return Refused(409, "cancelled", told, "send it again where it is wanted", job.job_id)
    if job.state == "failed":
        told = f"'{job.name[:80]}': {without_places(job.fault or 'it was gone before it was read')}"
        return Refused(503, "job-failed", told, "send it again", job.job_id, {"Retry-After": str(WAIT)})
    return None


def _refused(job: Job) -> Refused:
    reason, _, remedy = (job.problems[0].reason if job.problems else "there is no article in it; ").partition("; ")
    told = f"'{job.name[:80]}': {without_places(reason)}"
    return Refused(422, "no-article-in-it", told, without_places(remedy) or "send the article's text", job.name)


def _moment(seconds: float | None) -> str | None:
    return None if seconds is None else moment_in(seconds)
