"""How many connections may wait, and which of them go."""

from __future__ import annotations

import pytest

pytest.importorskip("uvicorn")

from cmswp_xl.server.connections import Waiting


class Connection:
    def __init__(self, address, waiting):
        self.address, self.closed, self._waiting = address, False, waiting

    def abort(self):
        self.closed = True
        self._waiting.remove(self)


def waited(most, most_of_all, addresses):
    """Let connections wait one after the other; gives which of them stay."""
    waiting = Waiting(most, most_of_all)
    found = [Connection(address, waiting) for address in addresses]
    for connection in found:
        before = found[: found.index(connection)]
        waiting.add(connection, 1 + sum(not other.closed for other in before))
    return [not connection.closed for connection in found]


def test_client_with_too_many__loses_its_oldest_and_others_lose_none():
    assert waited(2, 99, "abaaab") == [False, True, False, True, True, True]


def test_too_many_of_all__takes_the_oldest_of_the_client_with_most():
    assert waited(99, 3, "abbbcb") == [True, False, False, False, True, True]


def test_connection_that_is_heard_of__stays_longest():
    waiting = Waiting(2, 99)
    first, second, third = (Connection("a", waiting) for _ in range(3))
    for connection in (first, second, first, third):
        waiting.add(connection, 3)

    assert [first.closed, second.closed, third.closed] == [False, True, False]


def test_connection_that_is_answered__is_not_closed():
    waiting = Waiting(1, 99)
    first, second = (Connection("a", waiting) for _ in range(2))
    waiting.add(first, 1)
    waiting.remove(first)
    waiting.remove(first)
    waiting.add(second, 2)

    assert not first.closed
    assert not second.closed
