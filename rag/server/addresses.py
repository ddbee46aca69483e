"""Where a request comes from: this machine itself, or another end, by the network that one machine may have all of."""

from __future__ import annotations

import ipaddress
from functools import lru_cache

from starlette.requests import Request

# What a proxy adds: the request came to this machine from elsewhere, whether or not the address of that end was believed.
_PASSED_ON = ("x-forwarded-for", "forwarded", "x-real-ip", "via")


def address_of(request: Request) -> str:
    """Return where a request comes from: the address that a proxy on this machine tells, or else the other end itself."""
    return request.client.host if request.client else ""


def is_local(request: Request) -> bool:
    """Tell whether a request was made on this machine itself, and not passed on by a proxy there."""
    return is_loopback(address_of(request)) and not any(name in request.headers for name in _PASSED_ON)


@lru_cache(maxsize=1024)
def is_loopback(address: str) -> bool:
    """Tell whether an address is this machine's own, ::ffff:127.0.0.1 too."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return (mapped or parsed).is_loopback


def is_address(text: str) -> bool:
    """Tell whether a text is an address, and no name."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=1024)
def network_of(address: str) -> str:
    """Return what is counted as one end: an IPv4 address, or the /64 of an IPv6 address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(parsed, ipaddress.IPv4Address):
        return address
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((int(parsed) >> 64 << 64, 64)))
