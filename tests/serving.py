"""A server on this machine for as long as a test needs one: in a thread, or in a process of its own."""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

import httpx
import uvicorn

# Seconds for a process to be ready and to stop: it takes a few; a busy machine takes longer.
_PATIENCE = 180.0
# A server dies with the tests, however they end: Linux kills it when the process that started it is gone.
_MORTAL = ("setpriv", "--pdeathsig", "KILL", "--") if shutil.which("setpriv") else ()


@contextmanager
def serving(application: Any, port: int = 0, **options: Any) -> Iterator[str]:
    """Serve in a thread; gives the address, which ends in no slash."""
    with closing(socket.create_server(("127.0.0.1", port))) as listening:
        server = uvicorn.Server(uvicorn.Config(application, log_level="warning", timeout_graceful_shutdown=1, **options))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.02)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(20)


def free_port() -> int:
    """A port at which nothing listens yet."""
    with closing(socket.create_server(("127.0.0.1", 0))) as found:
        return int(found.getsockname()[1])


@contextmanager
def started(
    command: Sequence[object], ready: str, get: Callable[[str], httpx.Response] = httpx.get, **options: Any
) -> Iterator[subprocess.Popen[Any]]:
    """Start a server and wait until its address `ready` answers 200; gives the process, with its stderr in a pipe.

    At the end it is told to stop, if it has not stopped yet, and must do so.
    """
    pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    with subprocess.Popen([*_MORTAL, *map(str, command)], **(pipes | options)) as process:
        try:
            _wait(process, lambda: get(ready))
            yield process
        finally:
            process.terminate()
            try:
                process.communicate(timeout=_PATIENCE)
            finally:
                process.kill()


def _wait(process: subprocess.Popen[Any], ask: Callable[[], httpx.Response]) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        assert process.poll() is None, process.stderr.read() if process.stderr else process.returncode
        try:
            if ask().status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError("the server does not answer")
