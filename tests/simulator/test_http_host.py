"""Counters that tests wait for."""

from __future__ import annotations

import asyncio

import pytest

from aiwatch.simulator.http_host import Count, RequestCounter


async def test_a_count_wakes_whoever_waits_for_the_number_reached() -> None:
    count = Count()
    first, third = asyncio.create_task(count.wait_for(1)), asyncio.create_task(count.wait_for(3))
    await asyncio.sleep(0)
    count.add()
    assert await first == 1
    assert not third.done()
    count.add(2)
    assert await third == 3
    assert await count.wait_for(2) == 3


async def test_more_counts_from_now_on() -> None:
    count = Count()
    count.add(5)
    waiting = asyncio.create_task(count.more(2))
    await asyncio.sleep(0)
    count.add(2)
    assert await waiting == 7


async def test_a_wait_in_vain_says_how_far_it_came() -> None:
    count = Count()
    count.add(2)
    with pytest.raises(TimeoutError, match=r"waited for 3, came to 2 in 0\.01 s"):
        await count.wait_for(3, timeout=0.01)
    count.add()
    assert count.value == 3


def test_a_tally_knows_how_many_requests_were_under_way_together() -> None:
    tally = RequestCounter()
    tally.arrive("/q=a", ("a",), "aiwatch")
    tally.arrive("/q=b,c", ("b", "c"), "aiwatch")
    tally.answer(200, 10)
    tally.leave()
    tally.arrive("/q=d", ("d",), "")
    assert (tally.requests.value, tally.answers.value, tally.symbols) == (3, 1, 4)
    assert (tally.at_once, tally.most_at_once, tally.sent, tally.statuses[200]) == (2, 2, 10, 1)
    assert list(tally.asked) == [("a",), ("b", "c"), ("d",)]
    assert list(tally.agents) == ["aiwatch", "aiwatch", ""]
