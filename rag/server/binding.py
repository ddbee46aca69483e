"""Where a server listens: beyond this machine only with a login or a key."""

from __future__ import annotations

import socket

from rag.server.addresses import is_address, is_loopback


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
