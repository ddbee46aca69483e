"""Where a server listens: beyond this machine only with a login or a key."""

from __future__ import annotations

import socket

from index.types import KhabarError
from rag.server.addresses import is_address, is_loopback

# Connections that the system holds until they are taken.
_BACKLOG = 128


def safe_host(host: str, is_guarded: bool) -> str:
    """Return the host to listen at: this machine alone, where a server beyond it would be anybody's."""
    if is_guarded or is_this_machine(host):
        return host
    return "::1" if ":" in host else "127.0.0.1"


def beyond_told(host: str, here: str) -> str:
    """Return why a server listens here and not at the host that it was given, and what to do."""
    return (
        f"khabar: {host} lets others reach this server, and there is neither a login nor a key: it listens at {here} only; "
        "make a key for programs (khabar keys create NAME) or a login for people (khabar login NAME --login FILE, then "
        "khabar serve --login FILE), and start it again"
    )


def is_this_machine(host: str) -> bool:
    """Tell whether a host to listen at is reached from this machine alone; a name is, if all its addresses are."""
    if is_address(host):
        return is_loopback(host)
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return False
    return bool(found) and all(is_loopback(str(address[0])) for *_, address in found)


def listening_socket(host: str, port: int) -> socket.socket:
    """Return a socket that listens. Raises KhabarError where the port is taken, or the host none of this machine's."""
    listening = socket.socket(family_of(host), socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(_BACKLOG)
    except OSError as error:
        listening.close()
        raise KhabarError(
            f"cannot listen on {shown_at(host, port)} ({error.strerror or error})",
            "stop what uses it or choose another: --port 7861",
        ) from error
    return listening


def family_of(host: str) -> socket.AddressFamily:
    """Return which family of addresses a host is of; a name is taken for one of IPv4."""
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def shown_at(host: str, port: int) -> str:
    """Return host and port as addresses write them: [::1]:7860."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
