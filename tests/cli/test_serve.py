"""`khabar serve`, before it serves."""

import socket

import pytest

from tests.cli.command import khabar, refused


def test_a_port_in_use(data):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused(khabar("serve", "--data", data, "--port", port), f"127.0.0.1:{port}", "--port")


@pytest.mark.parametrize("host", ["203.0.113.7", "2001:db8::1"])
def test_an_address_of_another_machine(data, host):
    refused(khabar("serve", "--data", data, "--host", host), host)
