"""How often a caller may ask, and what is told of it."""

from __future__ import annotations

from rag.server.rates import Rates
from tests.clock import Clock


def test_a_caller_has_his_minute_at_once_and_then_waits():
    clock = Clock()
    rates = Rates(60, clock)
    left = [rates.spend("key:a") for _ in range(61)]
    assert [spent.wait for spent in left] == [0] * 60 + [1]
    assert left[0].headers == {"RateLimit-Policy": '"minute";q=60;w=60', "RateLimit": '"minute";r=59;t=1'}
    assert left[60].headers["Retry-After"] == "1" and left[60].headers["RateLimit"] == '"minute";r=0;t=60'
    assert rates.spend("key:b").left == 59, "nobody else waits"
    clock.time += 1
    assert rates.spend("key:a").wait == 0 and rates.spend("key:a").wait == 1
    clock.time += 3600
    assert rates.spend("key:a").left == 59, "no more than a minute's is saved up"


def test_waiting_as_long_as_told_is_long_enough():
    clock = Clock()
    for a_minute in (1, 7, 59, 601):
        rates = Rates(a_minute, clock)
        while not (spent := rates.spend("a")).wait:
            pass
        assert rates.spend("a").wait, "an attempt that is refused does not count, and is refused again"
        clock.time += spent.wait
        assert not rates.spend("a").wait


def test_a_clock_that_goes_back_gives_nothing_and_takes_nothing():
    clock = Clock()
    rates = Rates(60, clock)
    rates.spend("a")
    clock.time -= 50
    assert rates.spend("a").left == 58


def test_a_refusal_says_what_to_do():
    rates = Rates(1, Clock())
    rates.spend("a")
    refusal = rates.spend("a").refusal()
    assert refusal.status == 429 and "60 seconds" in refusal.remedy and refusal.headers["Retry-After"] == "60"


def test_many_callers_take_no_more_room_than_some_and_none_counts_nobody():
    rates = Rates(60, Clock())
    for number in range(20_500):
        rates.spend(str(number))
    assert len(rates._left) == 20_000 and rates.spend("20499").left == 58
    assert Rates(0).spend("a") is None
