"""Frames as yfinance hands them on, sound and odd: what is believed, what is refused, and that nothing breaks."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from decimal import Decimal
from random import Random
from typing import Any

import pandas as pd  # type: ignore[import-untyped]
import pytest

from aiwatch.errors import Garbled
from aiwatch.history.worker.messages import BarsAnswer, DailyRow
from aiwatch.history.worker.yahoo_frames import bars_of
from aiwatch.market.bars import Bar as MarketBar
from aiwatch.market.bars import Event, EventKind, fault_of
from aiwatch.market.symbol import parse_symbol
from aiwatch.sources.bars import CLOSE_ALONE, NO_FIGURES, TWICE, UNTRADED

NAN, INF = math.nan, math.inf
NOW = datetime(2025, 8, 18, 20, 30, tzinfo=UTC)
DAYS = [date(2025, 8, day) for day in (11, 12, 13, 14, 15, 18)]
ROW = [100.0, 102.0, 99.0, 101.0, 1000, 0.0, 0.0]
COLUMNS = ["Open", "High", "Low", "Close", "Volume", "Dividends", "Stock Splits"]


def _frame(changes: dict[int, dict[str, Any]] | None = None, days: list[Any] | None = None) -> Any:
    """Six sound days with ``changes`` by their number; with ``days`` instead of those."""
    rows = [dict(zip(COLUMNS, ROW, strict=True)) for _ in days or DAYS]
    for at, values in (changes or {}).items():
        rows[at] |= values
    zoned = pd.DatetimeIndex([pd.Timestamp(day) for day in days or DAYS], name="Date")
    return pd.DataFrame(rows, index=zoned.tz_localize("America/New_York"), dtype=None)


def _read(frame: Any, name: str = "NVDA", **meta: Any) -> BarsAnswer:
    return bars_of(frame, {"currency": "USD", "symbol": name} | meta, parse_symbol(name), None, NOW)


def test_sound_rows_are_what_was_paid() -> None:
    answer = _read(_frame({3: {"Stock Splits": 2.0}, 4: {"Dividends": 0.25}}))
    assert answer.currency == "USD"
    assert [row.close for row in answer.rows] == [202.0, 202.0, 202.0, 101.0, 101.0, 101.0]
    assert [row.volume for row in answer.rows] == [500, 500, 500, 1000, 1000, 1000]
    assert answer.events == [
        Event(DAYS[3], EventKind.SPLIT, 2.0, "yahoo"),
        Event(DAYS[4], EventKind.DIVIDEND, 0.25, "yahoo"),
    ]
    assert answer.refused == []


@pytest.mark.parametrize(
    ("at", "values", "reason"),
    [
        (2, {"Open": NAN, "High": NAN, "Low": NAN, "Close": NAN, "Volume": 0}, NO_FIGURES),
        (2, {"Open": None, "High": None, "Low": None, "Close": None, "Volume": None}, NO_FIGURES),
        (2, {"Open": NAN, "High": NAN, "Low": NAN}, CLOSE_ALONE),
        (2, {"Open": NAN}, "no numbers where prices belong"),
        (2, {"Close": INF}, "no numbers where prices belong"),
        (2, {"Close": "101"}, "no numbers where prices belong"),
        (2, {"Close": Decimal(101)}, "no numbers where prices belong"),
        (2, {"Close": True}, "no numbers where prices belong"),
        (2, {"Close": 0.0, "Low": 0.0}, "a price that is none"),
        (2, {"Low": -1.0}, "a price that is none"),
        (2, {"High": 98.0}, "low above high"),
        (2, {"High": 100.5}, "open or close outside low and high"),
        (2, {"Volume": -5}, "a negative volume"),
        (5, {"Open": 101.0, "High": 101.0, "Low": 101.0, "Volume": 0}, UNTRADED),
    ],
    ids=str,
)
def test_a_row_that_cannot_be_is_refused_alone(at: int, values: dict[str, Any], reason: str) -> None:
    answer = _read(_frame({at: values}))
    assert [row.day for row in answer.rows] == [day for day in DAYS if day != DAYS[at]]
    assert [(row.when, row.reason) for row in answer.refused] == [(DAYS[at].isoformat(), reason)]


@pytest.mark.parametrize("volume", [NAN, None, INF, "many"], ids=str)
def test_a_volume_that_is_none_leaves_the_price(volume: Any) -> None:
    answer = _read(_frame({2: {"Volume": volume}}))
    assert answer.rows[2] == DailyRow(DAYS[2], 100.0, 102.0, 99.0, 101.0, None)
    assert answer.refused == []


@pytest.mark.parametrize("symbol", ["^GSPC", "CNY=X"])
def test_a_volume_of_nought_is_none_where_there_are_no_shares(symbol: str) -> None:
    assert _read(_frame({at: {"Volume": 0} for at in range(6)}), symbol).rows[0].volume is None


@pytest.mark.parametrize(
    ("days", "refused"),
    [
        ([*DAYS[:3], DAYS[1], *DAYS[4:]], ["not after the bar before it"]),
        ([*DAYS[:5], DAYS[4]], [TWICE]),
        ([*DAYS[:5], date(2025, 8, 25)], ["a date in the future"]),
        ([*DAYS[:2], pd.NaT, *DAYS[3:]], ["no time"]),
    ],
    ids=["not in order", "the last one twice", "next week", "no time"],
)
def test_a_day_that_cannot_be_is_refused_alone(days: list[Any], refused: list[str]) -> None:
    answer = _read(_frame(days=days))
    assert len(answer.rows) == 5
    assert [row.reason for row in answer.refused] == refused


def test_the_ends_may_be_a_hair_off_as_single_precision_is() -> None:
    answer = _read(_frame({2: {"High": 101.99999, "Close": 102.0}, 3: {"Low": 99.00001, "Open": 99.0}}))
    assert answer.refused == []
    assert (answer.rows[2].high, answer.rows[3].low) == (102.0, 99.0)


@pytest.mark.parametrize(
    ("symbol", "code", "currency", "scale"),
    [
        ("ARM.L", "GBp", "GBP", 0.01),
        ("ARM.L", "GBP", "GBP", 1.0),
        ("NVDA", None, "USD", 1.0),
        ("NVDA", "?", "USD", 1.0),
    ],
)
def test_prices_are_in_whole_units_as_the_quotes_are(
    symbol: str, code: str | None, currency: str, scale: float
) -> None:
    answer = _read(_frame({4: {"Dividends": 5.0}}), symbol, currency=code)
    assert answer.currency == currency
    assert list(answer.rows[0][1:5]) == pytest.approx([100.0 * scale, 102.0 * scale, 99.0 * scale, 101.0 * scale])
    assert answer.events[0].value == pytest.approx(5.0 * scale)


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("Dividends", -0.5, "a dividend that cannot be read"),
        ("Dividends", INF, "a dividend that cannot be read"),
        ("Dividends", "0.5", "a dividend that cannot be read"),
        ("Stock Splits", -2.0, "a split that cannot be read"),
        ("Stock Splits", 1e9, "a split that cannot be read"),
    ],
)
def test_an_event_that_cannot_be_is_refused_and_said(column: str, value: Any, words: str) -> None:
    answer = _read(_frame({2: {column: value}}))
    assert answer.events == []
    assert [row.reason for row in answer.refused] == [words]
    assert len(answer.rows) == 6


@pytest.mark.parametrize(
    ("frame", "meta", "words"),
    [
        (_frame(), {"symbol": "AAPL"}, "a history that is not of NVDA"),
        (_frame().drop(columns="Dividends"), {}, "a history without Dividends"),
        (_frame().drop(columns=["Open", "Close"]), {}, "a history without Open, Close"),
        (_frame().iloc[:0], {}, "an empty list of bars of NVDA"),
        (_frame({at: {"Low": -1.0} for at in range(5)}), {}, "that cannot be believed: a price that is none"),
        (_frame().reset_index(drop=True), {}, "that cannot be believed: no time"),
    ],
    ids=["another symbol", "no dividends", "no prices", "empty", "mostly nonsense", "no days"],
)
def test_a_frame_that_is_no_history_is_refused_whole(frame: Any, meta: dict[str, Any], words: str) -> None:
    with pytest.raises(Garbled, match=words):
        _read(frame, **meta)


def test_a_frame_without_a_zone_has_the_same_days() -> None:
    assert _read(_frame().tz_localize(None)).rows == _read(_frame()).rows


ODD: tuple[Any, ...] = (
    *(NAN, INF, -INF, 0, 0.0, -1.0, 1e300, 10**30, Decimal(3)),
    *(None, "x", "", b"1", True, [], {}, pd.NA, pd.NaT),
)


def test_whatever_comes_only_bars_that_can_be_are_believed() -> None:
    random = Random(7)
    for _ in range(200):
        changes = {
            random.randrange(6): {random.choice(COLUMNS): random.choice(ODD) for _ in range(random.randrange(1, 4))}
            for _ in range(random.randrange(1, 4))
        }
        try:
            answer = _read(_frame(changes), currency=random.choice(ODD))
        except Garbled:
            continue
        days = [row.day for row in answer.rows]
        assert days == sorted(set(days)), changes
        assert all(not fault_of(MarketBar(row.day, *row[1:5], row.volume)) for row in answer.rows), changes
        assert all(math.isfinite(event.value) and event.value > 0 for event in answer.events), changes
        assert len(answer.rows) + len(answer.refused) >= 6, changes
