"""What stands before every door, put together: hosts, the guard, how much and how often."""

from __future__ import annotations

from starlette.types import ASGIApp

from rag.server.bodies import BodyLimit
from rag.server.guard import Guard, People
from rag.server.hosts import HostCheck, hosts_of
from rag.server.keys import KeyFile
from rag.server.paths import PathCheck
from rag.server.rates import Rates
from rag.settings import Settings


def behind_entrance(application: ASGIApp, settings: Settings, keys: KeyFile, people: People) -> ASGIApp:
    """Return an application behind all that a request passes before it: which name it asks for, who calls, how much he sends.

    Connections have limits of their own before that (rag/server/protocol.py).
    """
    bounded = BodyLimit(application, people, settings.body_mb, settings.upload_mb)
    guarded = Guard(bounded, keys, people, Rates(settings.rate))
    hosts = hosts_of(settings.hosts, settings.cors_origins, settings.host)
    return HostCheck(PathCheck(guarded, people), hosts, people)
