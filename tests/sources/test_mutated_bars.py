"""Whatever comes in place of an answer about price history, only bars that can be are believed."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from random import Random
from typing import Any

import pytest

from aiwatch.errors import Garbled, SourceError
from aiwatch.market.bars import Bar, BarsQuery, Interval, Series, fault_of
from aiwatch.market.symbol import parse_symbol
from aiwatch.sources.sina import bars as sina
from aiwatch.sources.tencent import bars as tencent
from aiwatch.sources.tencent.history import TencentBars
from aiwatch.sources.yahoo import bars as yahoo
from tests.sources.loopback import host, response, settings
from tests.sources.test_bars import FLAT, OPENS, rows

NOW = datetime(2026, 9, 28, 8, 30, tzinfo=UTC)
MAOTAI, STAR, TENCENT, APPLE = map(parse_symbol, ("600519.SS", "688256.SS", "0700.HK", "AAPL"))
DAY = Interval.DAY


def _readers() -> list[tuple[str, Callable[[bytes], Series], Any]]:
    result = {
        "meta": {"currency": "USD", "symbol": "AAPL", "exchangeTimezoneName": "America/New_York", "priceHint": 2},
        "timestamp": OPENS,
        "indicators": {"quote": [FLAT]},
        "events": {"splits": {"1": {"date": OPENS[2], "numerator": 4, "denominator": 1}}},
    }
    lines = [
        {"day": row[0], "open": row[1], "close": row[2], "high": row[3], "low": row[4], "volume": "5"}
        for row in rows(*[10.0] * 6)
    ]
    day = {"date": "20260928", "data": [f"09{at} 10.0 {at} {at * 10}" for at in range(30, 40)]}
    china, china_minutes = BarsQuery(MAOTAI, DAY), BarsQuery(MAOTAI, Interval.MINUTE)
    return [
        (
            "klines",
            lambda body: tencent.parse_klines(body, china, 2000, NOW, "host"),
            {"code": 0, "data": {"sh600519": {"day": rows(*[10.0] * 6), "qt": {"sh600519": ["1"] * 40}}}},
        ),
        (
            "minutes",
            lambda body: tencent.parse_minutes(body, china_minutes, NOW, "host"),
            {"code": 0, "data": {"sh600519": {"data": day, "qt": {"sh600519": ["1"] * 40}}}},
        ),
        ("sina", lambda body: sina.parse_bars(body, china, 1023, NOW, "host"), lines),
        (
            "chart",
            lambda body: yahoo.parse_chart(body, BarsQuery(APPLE, DAY), date(2026, 9, 1), NOW, "host"),
            {"chart": {"result": [result], "error": None}},
        ),
    ]


STRANGE: list[Any] = [
    None,
    True,
    -1,
    0,
    1e300,
    "",
    "nan",
    "-1",
    "9" * 400,
    [],
    {},
    "0x1F",
    "1_0",
    "١",
    2**70,
    "\x1b[2J",
]


def mutated(value: Any, random: Random) -> Any:
    """``value`` with one part of it, anywhere, made something else."""
    if isinstance(value, dict) and value and random.random() < 0.9:
        key = random.choice(list(value))
        return {k: mutated(v, random) if k == key else v for k, v in value.items()}
    if isinstance(value, list) and value and random.random() < 0.9:
        at = random.randrange(len(value))
        made = [mutated(v, random) if i == at else v for i, v in enumerate(value)]
        return made if random.random() < 0.9 else made + made[-1:]
    return random.choice(STRANGE)


@pytest.mark.parametrize(("name", "read", "value"), _readers(), ids=[name for name, _, _ in _readers()])
def test_whatever_comes_only_bars_that_can_be_are_believed(
    name: str, read: Callable[[bytes], Series], value: Any
) -> None:
    random, taken = Random(name), 0
    assert read(json.dumps(value).encode()).bars
    for _ in range(1500):
        sent = value
        for _ in range(random.randint(1, 3)):
            sent = mutated(sent, random)
        body = json.dumps(sent).encode()
        if random.random() < 0.15:
            cut = random.randrange(len(body) or 1)
            body = body[:cut] + bytes(random.randrange(256) for _ in range(3)) * random.randrange(2)
        with suppress(SourceError):
            series = read(body)
            taken += 1
            last: Bar | None = None
            for bar in series.bars:
                assert fault_of(bar, last) == ""
                last = bar
            assert all(text.isprintable() for refused in series.refused for text in refused)
    assert taken > 100


@pytest.mark.parametrize("kind", [TencentBars, sina.SinaBars, yahoo.YahooBars])
async def test_an_endless_history_is_not_read(kind: type[TencentBars], monkeypatch: pytest.MonkeyPatch) -> None:
    assert kind.body_limit == 4 * 2**20, "sixty years fit"
    monkeypatch.setattr(kind, "body_limit", 2000)

    async def answer(reader: Any, writer: Any) -> None:
        writer.write(response(b"[" * 100_000))
        await writer.drain()

    async with host(answer) as url, kind(settings(url), lambda: NOW) as source:
        with pytest.raises(Garbled, match="an answer of more than"):
            await source.bars(BarsQuery(MAOTAI, DAY))
