"""For all tests: nothing may be fetched from another machine."""

from __future__ import annotations

import gc
import ipaddress
import os
import socket
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import settings

# Forty drawings of each property in every run; pytest --hypothesis-profile thorough draws many more. No deadline: on a machine
# full of other work a drawing takes as long as it takes.
settings.register_profile("quick", max_examples=40, deadline=None)
settings.register_profile("thorough", max_examples=1_000, deadline=None)
settings.load_profile("quick")


# Modules are compiled once, not again by each process that a test starts, also where Python is told to keep nothing.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the tests that load LanceDB after all others, some of which fork."""
    items.sort(key=lambda item: item.get_closest_marker("lance") is not None)


# A library is hundreds of modules: so many more than at the last time are worth another.
_MANY_MODULES = 100
_spared = 0


def _spare_what_stays() -> None:
    """Spare the garbage collector what stays to the end: it is called for each closed store of vectors."""
    global _spared
    gc.collect()
    gc.freeze()
    _spared = len(sys.modules)


def pytest_collection_finish() -> None:
    """Spare the garbage collector what the tests have imported."""
    _spare_what_stays()


def pytest_runtest_logfinish() -> None:
    """Spare it, too, the libraries that a test was the first to need: PyTorch alone is a quarter of a second each time."""
    if len(sys.modules) > _spared + _MANY_MODULES:
        _spare_what_stays()


def pytest_unconfigure() -> None:
    """Close what llama-cpp-python opens for itself when it is imported and never closes; Python would complain at its end."""
    if opened := sys.modules.get("llama_cpp._utils"):
        opened.outnull_file.close()
        opened.errnull_file.close()


def _is_here(address: Any, family: int) -> bool:
    if family not in (socket.AF_INET, socket.AF_INET6):
        return True
    host = str(address[0]).split("%")[0]
    try:
        return host in ("localhost", "") or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a test fail that looks up or connects to anything but this machine."""

    def guarded(name: str) -> Callable[..., Any]:
        original = getattr(socket.socket, name)

        def connect(self: socket.socket, address: Any, *rest: Any) -> Any:
            if not _is_here(address, self.family):
                pytest.fail(f"a connection to {address!r} was tried; nothing may be fetched unasked", pytrace=True)
            return original(self, address, *rest)

        return connect

    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, guarded(name))
    look_up = socket.getaddrinfo

    def getaddrinfo(host: Any, *rest: Any, **more: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name not in (None, "", "0.0.0.0", "::") and not _is_here((name,), socket.AF_INET):
            pytest.fail(f"the address of {name!r} was looked up; nothing may be fetched unasked", pytrace=True)
        return look_up(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
