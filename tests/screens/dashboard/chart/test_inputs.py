"""What a chart is given: the live price, the hours of a day, what is said beside the bars."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from aiwatch.history.results import Bars
from aiwatch.history.store import Conflict
from aiwatch.ledger.records import Ledger
from aiwatch.market.bars import Interval, RefusedBar, Series
from aiwatch.screens.dashboard.chart.inputs import ChartInputs, chart_data, conflict_words, hours_of, notices_of
from aiwatch.watchlist import Stock
from aiwatch.widgets.chart.data import Compared
from tests.ledger.bundled import bundled_ledger
from tests.market.bars.fixtures import daily, minutes
from tests.market.quotes import make_quote

OPENED = datetime(2025, 8, 15, 1, 30, tzinfo=UTC)
DAYS = daily([57, 58.02, 59], first=date(2025, 8, 13))


def _inputs(series: Series, **more: object) -> ChartInputs:
    bars = Bars(series.symbol, series.interval, series)
    return replace(ChartInputs(Stock(series.symbol, "Envicool"), bars), **more)


def test_the_day_has_its_sessions_without_the_lunch_break() -> None:
    hours = hours_of(minutes([OPENED], [60.0]))
    clock = [(start - OPENED, end - OPENED) for start, end in hours]
    assert clock == [
        (timedelta(0), timedelta(hours=2)),
        (timedelta(hours=3, minutes=30), timedelta(hours=5, minutes=30)),
    ]


@pytest.mark.parametrize(
    ("symbol", "opened", "hours"),
    [
        ("NVDA", datetime(2026, 11, 27, 14, 30, tzinfo=UTC), [(0, 210)]),
        ("NVDA", datetime(2026, 11, 30, 14, 30, tzinfo=UTC), [(0, 390)]),
        ("0700.HK", datetime(2026, 12, 24, 1, 30, tzinfo=UTC), [(0, 160)]),
        ("0700.HK", datetime(2026, 12, 23, 1, 30, tzinfo=UTC), [(0, 150), (210, 400)]),
    ],
    ids=["New York after Thanksgiving", "New York", "Hong Kong before Christmas", "Hong Kong"],
)
def test_a_half_day_has_the_hours_of_one(symbol: str, opened: datetime, hours: list[tuple[int, int]]) -> None:
    result = hours_of(minutes([opened], [60.0], symbol=symbol))
    assert [tuple((end - opened) // timedelta(minutes=1) for end in each) for each in result] == hours


def test_trading_at_the_closing_price_does_not_lengthen_the_day() -> None:
    after = [OPENED + timedelta(hours=5, minutes=minute) for minute in (29, 36, 59)]
    hours = hours_of(minutes([OPENED, *after], [60.0] * 4, symbol="688256.SS"))
    assert hours[-1][1] == OPENED + timedelta(hours=5, minutes=30)


@pytest.mark.parametrize(
    "series",
    [
        DAYS,
        minutes([], []),
        minutes([OPENED + timedelta(hours=9)], [60.0]),
        minutes([OPENED], [60.0], symbol="D05.SI"),
    ],
    ids=["days", "no bar", "a bar after the close", "no hours are known"],
)
def test_no_hours_are_claimed_that_no_rule_gives_or_a_bar_proves_wrong(series: Series) -> None:
    assert hours_of(series) == ()


@pytest.mark.parametrize(
    ("as_of", "previous", "has_limits"),
    [(OPENED + timedelta(minutes=5), 58.02, True), (OPENED + timedelta(days=3), None, False)],
    ids=["a quote of the day", "a quote of a later day"],
)
def test_the_previous_close_and_limits_are_those_of_the_day_that_is_drawn(
    as_of: datetime, previous: float | None, has_limits: bool
) -> None:
    quote = make_quote(as_of=as_of)
    data = chart_data(_inputs(minutes([OPENED], [60.0])), {quote.symbol: quote}, Ledger())
    assert data.previous_close == previous
    assert (data.limits is not None) is has_limits


@pytest.mark.parametrize(("up", "limits"), [(63.82, (63.82, 52.22)), (59.0, None)])
def test_limits_that_a_price_proves_wrong_are_not_drawn(up: float, limits: tuple[float, float] | None) -> None:
    quote = make_quote(limit_up=up, limit_down=52.22)
    assert chart_data(_inputs(DAYS), {quote.symbol: quote}, Ledger()).limits == limits


def test_a_simulated_day_goes_on_after_the_close_a_real_one_is_final() -> None:
    quote = make_quote(open=58.5, high=64.0, low=58.0, last=61.5, as_of=OPENED + timedelta(hours=12))
    for provenance, close in (("", 59), ("DEMO: simulated prices", 61.5)):
        data = chart_data(_inputs(DAYS), {quote.symbol: quote}, Ledger(), provenance)
        assert [bar.close for bar in data.series.bars] == [57, 58.02, close], provenance


def test_what_is_compared_moves_with_its_own_price_but_no_basket() -> None:
    quote = make_quote("603757.SS", open=40.0, high=42.0, low=39.0, last=41.5)
    index = daily([40.0, 40.5], first=date(2025, 8, 13), symbol="603757.SS")
    options = _inputs(DAYS, compared=(Compared("live", index, is_live=True), Compared("basket", index)))
    live, basket = chart_data(options, {quote.symbol: quote}, Ledger()).compared
    assert live.series.bars[-1].close == 41.5
    assert basket.series is index
    assert options.symbols == (DAYS.symbol, quote.symbol)


def test_the_days_of_the_ledger_are_events_with_their_record() -> None:
    series = daily([40.0] * 12, first=date(2025, 7, 28), symbol="603757.SS")
    events = chart_data(_inputs(series), {}, bundled_ledger()).events
    assert (date(2025, 7, 30), True) in [(event.day, event.words.startswith("R01 ")) for event in events]


@pytest.mark.parametrize(
    ("bars", "is_waiting", "is_kept"),
    [
        (Bars(DAYS.symbol, Interval.DAY, DAYS, is_kept=True, notices=("Kept, as of 15 Aug",)), False, False),
        (Bars(DAYS.symbol, Interval.DAY, DAYS, is_kept=True), True, True),
        (Bars(DAYS.symbol, Interval.DAY, DAYS, notices=("Tencent: down", "Kept, as of 15 Aug")), False, True),
        (Bars(DAYS.symbol, Interval.DAY, DAYS), False, False),
    ],
    ids=["new enough", "hosts are asked", "no host answered", "a host answered"],
)
def test_bars_are_called_kept_where_nothing_newer_could_be_had(bars: Bars, is_waiting: bool, is_kept: bool) -> None:
    options = ChartInputs(Stock(DAYS.symbol, "Envicool"), bars, is_waiting=is_waiting)
    assert chart_data(options, {}, Ledger()).is_kept is is_kept


def test_what_the_chart_says_itself_is_not_said_twice() -> None:
    gap = replace(DAYS, missing=(date(2025, 8, 14),), refused=(RefusedBar("2025-08-12", "low above high"),))
    stored, rejected = "Kept, as of 15 Aug 2025 (Tencent)", "1 row was refused: 2025-08-12: low above high"
    notices = ("Sina: these are Sina's", stored, "1 session is missing: 14 Aug", rejected)
    bars = Bars(gap.symbol, Interval.DAY, gap, notices=notices)
    assert notices_of(bars) == ("Sina: these are Sina's",)


def test_both_closes_are_shown_where_two_sources_differ() -> None:
    conflicts = [Conflict(date(2025, 8, day), "sina", 58.0 + day, "tencent", 58.1 + day) for day in (15, 14, 13, 12)]
    assert conflict_words(conflicts, DAYS) == (
        "closes differ on 15 Aug: Sina 73.00, Tencent 73.10",
        "closes differ on 14 Aug: Sina 72.00, Tencent 72.10",
        "and on 1 more day",
    )
    assert conflict_words([], DAYS) == ()
