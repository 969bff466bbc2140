"""Who keeps cookies, and how many."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from aiwatch.config.settings import SourceSettings
from aiwatch.sources.ecb import Ecb
from aiwatch.sources.http import HttpSource
from aiwatch.sources.network.cookies import LONGEST_COOKIE, MOST_CHARACTERS, MOST_COOKIES
from aiwatch.sources.sina.source import Sina
from aiwatch.sources.tencent.source import Tencent
from aiwatch.sources.yahoo.quote import YahooQuote
from aiwatch.sources.yahoo.spark import Yahoo
from tests.sources.loopback import clock

SETTINGS = SourceSettings("https://data.yahoo.com", interval=5, interval_closed=60)


async def cookies_sent(kind: type[HttpSource], set_cookies: Callable[[int], list[str]]) -> list[str]:
    """The cookies that ``kind`` sends with each of three requests, when the answers set ``set_cookies``."""
    sent: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        sent.append(request.headers.get("Cookie", ""))
        return httpx.Response(200, headers=[("Set-Cookie", text) for text in set_cookies(len(sent))])

    async with kind(SETTINGS, clock, transport=httpx.MockTransport(handler)) as source:
        for _ in range(3):
            await source.get("/")
    return sent


@pytest.mark.parametrize("kind", [Tencent, Sina, Yahoo, Ecb])
async def test_only_the_session_keeps_cookies(kind: type[HttpSource]) -> None:
    assert await cookies_sent(kind, lambda turn: ["track=1; Max-Age=9999999; Path=/"]) == ["", "", ""]


async def test_the_session_keeps_a_few_short_ones() -> None:
    assert await cookies_sent(YahooQuote, lambda turn: [f"A1={turn}"]) == ["", "A1=1", "A1=2"]
    many = await cookies_sent(YahooQuote, lambda turn: [f"c{turn}_{number}=x" for number in range(100)])
    assert len(many[-1].split("; ")) == MOST_COOKIES
    long = await cookies_sent(YahooQuote, lambda turn: ["a=" + "x" * LONGEST_COOKIE, f"b={turn}"])
    assert long[-1] == "b=2"
    full = await cookies_sent(YahooQuote, lambda turn: [f"c{number}=" + "x" * 4000 for number in range(9)])
    assert 0 < len(full[-1]) < MOST_CHARACTERS + 100
