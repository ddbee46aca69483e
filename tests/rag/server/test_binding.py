"""Where a server listens."""

from __future__ import annotations

import os
import socket
from contextlib import closing

import pytest

from index.types import KhabarError
from rag.server.binding import listening_socket, shown_at

HOSTS = [
    "127.0.0.1",
    pytest.param("::1", marks=pytest.mark.skipif(not os.path.exists("/proc/net/if_inet6"), reason="no IPv6 here")),
]


@pytest.mark.parametrize(("host", "shown"), [("127.0.0.1", "127.0.0.1:7860"), ("::1", "[::1]:7860"), ("desk", "desk:7860")])
def test_a_place_is_shown_as_addresses_write_it(host, shown):
    assert shown_at(host, 7860) == shown


@pytest.mark.parametrize("host", HOSTS)
def test_a_port_that_is_taken_is_told_as_an_address(host):
    with closing(listening_socket(host, 0)) as first:
        port = first.getsockname()[1]
        with closing(socket.create_connection((host, port))):
            pass
        with pytest.raises(KhabarError) as told:
            listening_socket(host, port)
    assert shown_at(host, port) in told.value.problem and "--port" in told.value.remedy


def test_an_address_of_another_machine_is_told():
    with pytest.raises(KhabarError, match="192.0.2.1:0"):
        listening_socket("192.0.2.1", 0)
