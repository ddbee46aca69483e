"""Files that come in: one or several as a form, or one as the body itself; each is read as if it lay in an indexed folder."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from index.types import KhabarError
from rag.api.access import AtDesk, Writer
from rag.api.door import door
from rag.api.jobs import JobTold, Wait, accepted, all_ended, job_json, undone
from rag.api.multipart import Began, Ended, Part, Piece, files_in, is_multipart
from rag.api.problems import Refused, code_of, problems, without_places
from rag.desk import Desk
from rag.intake.jobs import Job
from rag.intake.uploads import Receiving, Upload, UploadRefused

router = door("files")

# Files of one form.
_MOST_FILES = 100


class TakenFile(BaseModel):
    """What became of one file."""

    name: str = Field(description="The name that it has now: another file's is not taken.")
    known: bool = Field(description="Whether a file of the same content is in the archive already, or on its way into it.")
    known_as: str | None = Field(description="The path of that file, where it is in the archive.")
    job: JobTold | None = Field(description="The job that reads it; null where it is known, and where it was not taken up.")
    error: str | None = Field(description="Why it is not in the archive: of several files one does not keep back the others.")
    code: str | None = Field(description="The same in a short word.")


class TakenFiles(BaseModel):
    """What became of the files that were sent."""

    files: list[TakenFile]


@dataclass(frozen=True, slots=True)
class _Taken:
    """What became of one file that came in."""

    name: str
    known_as: str | None = None
    is_known: bool = False
    job: Job | None = None
    refused: UploadRefused | Refused | None = None


_FILE = {"type": "string", "format": "binary"}
_BODY = {
    "requestBody": {
        "required": True,
        "description": "A form with one or more files; or, with `name`, the file itself as the body, of any content type.",
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {"file": {"type": "array", "items": _FILE, "minItems": 1, "maxItems": _MOST_FILES}},
                    "required": ["file"],
                }
            },
            "application/octet-stream": {"schema": _FILE},
        },
    }
}


@router.post(
    "/files",
    response_model=TakenFiles,
    status_code=202,
    responses=accepted(TakenFiles) | problems(409, 415, 507),
    openapi_extra=_BODY,
)
async def add_files(
    request: Request,
    caller: Writer,
    desk: AtDesk,
    name: Annotated[
        str | None, Query(min_length=1, max_length=1000, description="The name of a file that is the body itself.")
    ] = None,
    wait: Wait = 0,
) -> Response:
    """Add files of any kind that is read: text, web pages, PDF, Word, mail, tables, archives of these.

    Sending the same content twice makes one file and says so. A single file that is refused is an error of its own.
    """
    if not desk.uploads.are_taken:
        raise Refused(409, "closed", "this archive takes no files", "put them into a folder that is indexed")
    content_type = request.headers.get("content-type", "")
    if is_multipart(content_type):
        parts = files_in(content_type, request.stream())
    elif name is not None:
        parts = _alone(name, request.stream())
    else:
        told = "the body is no form, and no name is given"
        raise Refused(415, "wrong-content-type", told, "send multipart/form-data, or give the file's name: ?name=news.pdf")
    taken = await _take(parts, desk, caller.name)
    if all(each.refused for each in taken) and taken[0].refused:
        raise taken[0].refused
    after = iter(await all_ended(request, desk, [each.job for each in taken if each.job], wait))
    taken = [_after(each, next(after)) if each.job else each for each in taken]
    if len(taken) == 1 and taken[0].refused:
        raise taken[0].refused
    pending = any(each.job and each.job.is_pending for each in taken)
    fresh = any(not each.is_known and not each.refused for each in taken)
    return JSONResponse({"files": list(map(_told, taken))}, 202 if pending else 201 if fresh else 200)


def _after(taken: _Taken, job: Job) -> _Taken:
    """Return what became of a file, with its job as it is now."""
    return replace(taken, job=job, refused=undone(job))


async def _alone(name: str, body: AsyncIterator[bytes]) -> AsyncIterator[Part]:
    yield Began(name)
    async for piece in body:
        if piece:
            yield Piece(piece)
    yield Ended()


async def _take(parts: AsyncIterator[Part], desk: Desk, owner: str) -> list[_Taken]:
    """Take files in as they come; what is left half at the end goes. Raises Refused where there is none."""
    taken: list[_Taken] = []
    receiving: Receiving | None = None
    name = ""
    try:
        async for part in parts:
            match part:
                case Began():
                    if len(taken) == _MOST_FILES:
                        raise Refused(422, "too-many-files", f"more than {_MOST_FILES} files", "send the rest by itself")
                    name, receiving = part.name, None
                    try:
                        receiving = await run_in_threadpool(desk.uploads.receive, name, None)
                    except UploadRefused as error:
                        taken.append(_Taken(name, refused=error))
                case Piece() if receiving:
                    try:
                        await run_in_threadpool(receiving.write, part.content)
                    except UploadRefused as error:
                        taken.append(_Taken(name, refused=error))
                        receiving = None
                case Ended() if receiving:
                    whole, receiving = receiving, None
                    taken.append(await run_in_threadpool(_finished, desk, whole, name, owner))
                case _:
                    pass  # of a file that is not taken
    finally:
        if receiving:
            await run_in_threadpool(receiving.give_up)
    if not taken:
        raise Refused(422, "no-file", "there is no file in the form", "send at least one, with its name")
    return taken


def _finished(desk: Desk, receiving: Receiving, name: str, owner: str) -> _Taken:
    try:
        upload = receiving.finish()
        if upload.known_as is None:
            return _added(desk, upload, owner)
        desk.work.require_staying(upload)
    except UploadRefused as error:
        return _Taken(name, refused=error)
    return _Taken(upload.name, upload.known_as, is_known=True)


def _added(desk: Desk, upload: Upload, owner: str) -> _Taken:
    """Take a file up; what has the content of one that is on its way is that one."""
    try:
        job, is_known = desk.work.add_once(upload, owner)
    except KhabarError as error:
        desk.uploads.delete(upload.file)
        problem = f"'{upload.name}' cannot be noted ({error.problem})"
        return _Taken(upload.name, refused=UploadRefused("disk", problem, "make room, and add it again"))
    return _Taken(upload.name, is_known=is_known, job=job)


def _told(taken: _Taken) -> dict[str, Any]:
    refused, job = taken.refused, taken.job
    return {
        "name": taken.name, "known": taken.is_known, "known_as": taken.known_as, "job": job_json(job) if job else None,
        "error": without_places(str(refused)) if refused else None, "code": code_of(refused) if refused else None,
    }  # fmt: skip
