"""How the bars of a chart come: what is said meanwhile, what fails, what they are compared with, the live price."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from msgspec.structs import replace

from aiwatch.market.bars import Range
from aiwatch.market.symbol import parse_symbol
from aiwatch.screens.dashboard.chart import loading
from aiwatch.session.layout import ScreenLayout
from tests.screens.dashboard.chart.charting import History, chart_of, charting, drawn
from tests.screens.stage import MORNING, priced
from tests.widgets.chart.fixtures import NOW


async def test_what_is_kept_is_there_before_a_host_answers() -> None:
    history = History()
    history.gate.clear()
    async with charting(history) as stage:
        await drawn(stage)
        await stage.until(lambda: "kept, as of" in stage.text("#chart"))
        history.gate.set()
        await stage.until(lambda: "kept" not in stage.text("#chart"))


@pytest.mark.parametrize("wait", [40, 4000])
async def test_without_bars_it_says_why_and_when_it_is_tried_again_and_tries(
    monkeypatch: pytest.MonkeyPatch, wait: int
) -> None:
    history = History(stored="nothing", asked="Tencent: no connection", wait=wait)
    slept: list[float] = []
    again = asyncio.Event()

    async def pause(seconds: float) -> None:
        slept.append(seconds)
        await again.wait()

    monkeypatch.setattr(loading, "sleep", pause)
    async with charting(history) as stage:
        await stage.until(lambda: "Tencent: no connection" in stage.text("#stock-panel"))
        when = (MORNING + timedelta(seconds=wait)).astimezone()
        form = "%H:%M:%S" if wait == 40 else "%H:%M"
        assert f"next try at {when:{form}}" in stage.text("#chart")
        assert slept == [wait]
        history.problems["asked"] = ""
        again.set()
        monkeypatch.undo()
        await stage.until(lambda: "Tencent ·" in stage.text("#chart"))


async def test_an_unexpected_failure_is_said_and_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    again = asyncio.Event()

    async def pause(seconds: float) -> None:
        await again.wait()

    monkeypatch.setattr(loading, "sleep", pause)
    history = History(stored="nothing")
    history.breaks = 1
    async with charting(history) as stage:
        await stage.until(lambda: "RuntimeError: out of order" in stage.text("#stock-panel"))
        assert "next try at" in stage.text("#chart")
        monkeypatch.undo()
        again.set()
        await drawn(stage)


async def test_kept_bars_stay_with_the_failure_beside_them() -> None:
    history = History()
    history.notices = ("Yahoo: no answer in time", "Kept, as of 14 Aug 2025 (tencent)")
    async with charting(history, (160, 45)) as stage:
        await stage.until(lambda: "Yahoo: no answer in time" in stage.text("#chart"))
        text = stage.text("#chart")
        assert "kept, as of 15 Aug" in text
        assert "next try at" in text
        assert "Kept, as of 14" not in text


async def test_a_host_that_hangs_is_named_as_such_and_keys_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "SLOW", 0.05)
    history = History(stored="nothing")
    history.gate.clear()
    async with charting(history) as stage:
        await stage.until(lambda: "each host is given 15 s" in stage.text("#chart"))
        await stage.press("j")
        assert stage.current == "002837.SZ"
        history.gate.set()
        await drawn(stage)


async def test_the_live_price_moves_the_last_bar_and_is_not_kept() -> None:
    history = History()
    async with charting(history, (160, 45)) as stage:
        await drawn(stage)
        for last in (41.5, 42.25):
            quote = priced("603757.SS", last, 40.0, open=40.5, high=43.0, low=40.0, volume=10_000)
            await stage.take(replace(quote, as_of=NOW))
            stage.dashboard.actions.chart._move()
            await stage.settle()
            assert f"{last:.2f}" in stage.text("#chart").splitlines()[0]
        drawn_before = chart_of(stage).drawn
        stage.dashboard.actions.chart._move()
        await stage.settle()
        assert chart_of(stage).drawn == drawn_before, "a price that stays draws nothing"


async def test_walking_quickly_asks_hosts_for_where_it_ends() -> None:
    history = History()
    async with charting(history, (160, 45)) as stage:
        await drawn(stage)
        history.asked.clear()
        await stage.press("j", "j", "j")
        await stage.until(lambda: bool(history.asked) and history.asked[-1][0] == "002536.SZ")
        assert [symbol for symbol, _ in history.asked if symbol == "300870.SZ"] == []
        assert "Loading" not in stage.text("#chart")


async def test_a_chart_that_is_not_to_be_seen_asks_nothing() -> None:
    history = History()
    async with charting(history, layout=ScreenLayout(stock_view="figures")) as stage:
        await stage.press("j", "k")
        assert history.asked == []
    async with charting(history, (80, 24)) as stage:
        await drawn(stage)
        history.asked.clear()
        await stage.press("2")
        stage.dashboard.select(parse_symbol("002837.SZ"))
        await stage.settle()
        assert history.asked == []
        await stage.press("3")
        await stage.until(lambda: any(asked[0] == "002837.SZ" for asked in history.asked))


@pytest.mark.parametrize(
    ("keys", "span"), [((), Range.YEAR), (("full_stop", "full_stop", "full_stop"), Range.FIVE_YEARS)]
)
async def test_a_longer_range_is_asked_for(keys: tuple[str, ...], span: Range) -> None:
    history = History()
    async with charting(history) as stage:
        await drawn(stage)
        await stage.press(*keys)
        await stage.until(lambda: history.asked[-1][1] is span)


async def test_the_chart_is_compared_with_what_is_chosen_and_no_longer() -> None:
    history = History()
    async with charting(history, (160, 45)) as stage:
        await drawn(stage)
        await stage.press("equals_sign", "enter")
        await stage.until(lambda: "2 CSI 300" in stage.text("#chart") and history.asked[-1][0] == "000300.SS")
        await stage.press("j")
        await stage.until(lambda: "1 Envicool" in stage.text("#chart") and "2 CSI 300" in stage.text("#chart"))
        await stage.press("equals_sign", *"MSFT", "enter")
        await stage.until(lambda: "2 Microsoft" in stage.text("#chart"))
        await stage.press("equals_sign", *"average", "enter")
        await stage.until(lambda: "average of all 4" in stage.text("#chart"))
        await stage.press("equals_sign", "enter")
        await stage.until(lambda: "2 " not in stage.text("#chart").splitlines()[1])
        await stage.press("equals_sign", "escape")
        assert "candles" in stage.text("#chart")


async def test_what_cannot_be_compared_is_said() -> None:
    history = History()
    history.unknown = {"000300.SS": "Tencent: no connection"}
    async with charting(history, (160, 45)) as stage:
        await drawn(stage)
        await stage.press("equals_sign", "enter")
        await stage.until(lambda: "not compared with CSI 300: Tencent: no connection" in stage.text("#chart"))


async def test_a_stock_selected_meanwhile_has_its_own_bars() -> None:
    history = History()
    async with charting(history, (160, 45)) as stage:
        await drawn(stage)
        another = next(
            stock.symbol for stock in stage.dashboard.lists.board.shown if stock.symbol.text != stage.current
        )
        stage.dashboard.select(another)
        await stage.until(lambda: history.asked[-1][0] == str(another))
