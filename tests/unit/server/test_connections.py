"""How many connections may wait, and which of them go."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

pytest.importorskip("uvicorn")

from cmswp_xl.server.connections import close_one_too_many


@dataclass
class Connection:
    address: str
    heard: int
    waiting: bool = True

    def abort(self):
        self.waiting = False


def waited(most, most_of_all, addresses):
    """Let connections wait one after the other; gives which of them stay."""
    found = []
    for number, address in enumerate(addresses):
        found.append(Connection(address, number))
        close_one_too_many([each for each in found if each.waiting], most, most_of_all)
    return [connection.waiting for connection in found]


def test_client_with_too_many__loses_its_oldest_and_others_lose_none():
    assert waited(2, 99, "abaaab") == [False, True, False, True, True, True]


def test_too_many_of_all__takes_the_oldest_of_the_client_with_most():
    assert waited(99, 3, "abbbcb") == [True, False, False, False, True, True]


def test_connection_that_is_heard_of__stays_longest():
    first, second, third = (Connection("a", heard) for heard in (2, 1, 3))
    close_one_too_many([first, second, third], 2, 99)

    assert [first.waiting, second.waiting, third.waiting] == [True, False, True]


def test_connection_that_is_answered__is_not_closed():
    first, second = Connection("a", 0, waiting=False), Connection("a", 1)
    close_one_too_many([first, second], 1, 99)

    assert second.waiting
