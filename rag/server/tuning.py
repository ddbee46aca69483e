"""Limits of what comes in over the wire, set by hand."""

from __future__ import annotations

# Bytes of a request's line and headers together, and how many headers: browsers send 1 or 2 kB, cookies included.
HEAD_BYTES = 32_768
MOST_HEADERS = 100
# Seconds in which the head of a request comes in, from the first byte, or from the opening of a connection.
HEAD_SECONDS = 10.0
# Seconds that an open connection waits for its next request.
IDLE_SECONDS = 15
# Bytes a second that a body comes in with, at least, in each of the windows of so many seconds; and seconds for all of it,
# which lets 100 MB come over a line of one megabit.
BODY_RATE = 1_000
BODY_WINDOW_SECONDS = 10.0
BODY_SECONDS = 1_800.0
# Seconds in which somebody who reads an answer takes the next piece of it.
READER_SECONDS = 60.0
# Requests that wait on one connection behind the one at work.
MOST_PIPELINED = 8
# Bytes of a body that are thrown away where its request was answered before they came: that is cheaper than a new connection.
MOST_THROWN_AWAY = 262_144
# Seconds and bytes in which what is still sent is thrown away, so that the answer before it is read and not lost with the
# connection: most clients send a body whole before they read.
LINGER_SECONDS = 2.0
LINGER_BYTES = 100_000_000
# Connections that are open at once, as far as descriptors allow: the archive needs some as well.
MOST_CONNECTIONS = 1_000
SHARE_OF_DESCRIPTORS = 0.6
# The share of them that one address may have; of this machine, where a proxy may be, all.
SHARE_OF_ONE = 0.25
