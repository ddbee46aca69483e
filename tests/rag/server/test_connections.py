"""How many connections are open at once, and who makes room."""

from __future__ import annotations

from dataclasses import dataclass, field

from rag.server.connections import Connections, most_connections


@dataclass(eq=False)
class Staged:
    address: str
    left: list[str] = field(default_factory=list)

    def leave(self):
        self.left.append("left")


def test_who_has_waited_longest_makes_room():
    connections = Connections(3)
    first, second, third, fourth = (Staged("127.0.0.1") for _ in range(4))
    assert all(map(connections.enter, (first, second, third)))
    connections.works(first)
    assert connections.enter(fourth) and second.left and not first.left and not third.left
    connections.left(second)
    connections.works(third)
    connections.works(fourth)
    assert not connections.enter(Staged("127.0.0.1")), "all are at work"
    connections.waits(third)
    assert connections.enter(Staged("127.0.0.1")) and third.left


def test_one_address_has_a_share_and_this_machine_all():
    connections = Connections(8)
    assert all(connections.enter(Staged("127.0.0.1")) for _ in range(4))
    mine = [Staged(f"2001:db8::{number}") for number in range(3)]
    assert all(map(connections.enter, mine)) and mine[0].left and not mine[1].left, "addresses of one network are one"
    connections.left(mine[0])
    for each in mine[1:]:
        connections.works(each)
    assert not connections.enter(Staged("2001:db8::9")) and connections.enter(Staged("192.0.2.1"))


def test_what_has_left_is_forgotten():
    connections = Connections(2)
    for number in range(100):
        each = Staged(f"192.0.2.{number}")
        assert connections.enter(each)
        connections.left(each)
        assert not each.left
    assert not connections._open and not connections._waiting


def test_descriptors_bound_them():
    assert 16 <= most_connections() <= 1000
