"""The whole app when time is not what it was: a gap of hours, a clock that is set, prices that grow old meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aiwatch.feed import backoff as clock_watch
from aiwatch.market.calendar.session import session_at
from aiwatch.market.source_health import Condition
from aiwatch.simulator.faults import Fault, FaultKind
from tests.screens.live import HOSTS, SHORT, TITLES, Live, live

ENVICOOL = "002837.SZ"
HOUR = 3600.0
CHINA = ("tencent", "sina")


@pytest.fixture(autouse=True)
def _look_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock_watch, "LOOK_SECONDS", 0.02)


async def shown_anew(app: Live) -> None:
    """Wait until Envicool's price is of the present moment, and check all of them."""
    await app.stage.until(lambda: (priced := app.quote(ENVICOOL)) is not None and priced.as_of == app.clock.now)
    await app.stage.settle()
    app.check_prices()


async def test_prices_of_hosts_that_went_down_stay_and_grow_old() -> None:
    async with live(hosts=("tencent", "yahoo")) as app:
        await app.all_priced()
        await app.fail(Fault(FaultKind.STATUS, status=500))
        await app.stage.until(lambda: app.are(Condition.FAILING))
        app.clock.advance(420)
        await app.stage.settle()
        await app.check_alive()
        app.check_prices()
        assert "!7m" in app.stage.row(ENVICOOL)
        assert "HTTP 500" in app.notices
        assert "aiwatch demo" not in app.notices
        await app.heal()
        await shown_anew(app)
        assert "!" not in app.stage.row(ENVICOOL)


async def test_a_computer_that_slept_over_the_weekend() -> None:
    """Asleep with a request under way on Friday morning, awake on Saturday, and again on Monday morning."""
    async with live(hosts=CHINA, patience=SHORT, sessions=session_at) as app:
        await app.stage.until(lambda: app.quote(ENVICOOL) is not None)
        asked = app.exchange.requests("tencent").value
        await app.fail(Fault(FaultKind.HANG))
        await app.exchange.requests("tencent").wait_for(asked + 1)
        app.clock.advance(24 * HOUR)
        await app.stage.until(lambda: app.are(Condition.FAILING, "tencent"))
        await app.stage.settle()
        await app.check_alive()
        assert f"time-out after {SHORT} s; " in app.notices, "the time-out counts no sleep, and comes all the same"
        await app.stage.until(lambda: "SSE/SZSE ○ 10:00 closed" in app.status)
        assert "○" in app.stage.row(ENVICOOL)
        await app.heal()
        await shown_anew(app)
        assert "○" in app.stage.row(ENVICOOL)
        app.exchange.market.trade(ENVICOOL, 65.5)
        app.clock.advance(48 * HOUR)
        await shown_anew(app)
        await app.check_alive()
        await app.stage.until(lambda: "SSE/SZSE ● 10:00 open" in app.status)
        assert "65.50" in app.stage.row(ENVICOOL)
        assert not any(sign in app.stage.row(ENVICOOL) for sign in ("!", "○"))


@pytest.mark.parametrize("seconds", [HOUR, -HOUR])
async def test_a_clock_that_is_set(seconds: float) -> None:
    """By itself, with the hosts' clocks: what was believed an hour ahead keeps nothing out.

    An answer that was under way when the clock was set back may be refused.
    """
    async with live() as app:
        await app.all_priced()
        app.clock.advance(seconds)
        await shown_anew(app)
        await app.check_alive()
        assert app.are(Condition.OK, *HOSTS)
        await app.stage.until(lambda: all(f"{TITLES[name]} ✓" in app.status for name in HOSTS))


async def test_a_clock_that_is_set_back_while_the_hosts_go_on() -> None:
    """Then all that comes is of the future, and nothing of it is believed until the clock is right again."""
    async with live(hosts=CHINA) as app:
        await app.stage.until(lambda: app.quote(ENVICOOL) is not None)
        right = app.clock.now
        await app.fail(Fault(FaultKind.FUTURE, symbol="*"))
        app.clock.advance(-HOUR)
        await app.stage.until(lambda: all(app.health(name).dropped for name in CHINA))
        await app.stage.settle()
        await app.check_alive()
        assert " refused" in app.status
        assert "a time in the future" in app.health("tencent").last_refusal
        assert "!" in app.stage.row(ENVICOOL), "a price ahead of the clock is not called fresh"
        app.clock.advance((right - app.clock.now + timedelta(seconds=3)).total_seconds())
        await app.heal()
        await shown_anew(app)
        assert "!" not in app.stage.row(ENVICOOL)


async def test_a_rest_that_spans_a_gap_is_told_by_the_clock_of_now() -> None:
    silence = Fault(FaultKind.STATUS, status=429)
    async with live(("tencent", silence), hosts=CHINA) as app:
        await app.stage.until(lambda: app.are(Condition.FAILING, "tencent"))
        app.clock.advance(9 * HOUR)
        await app.stage.until(lambda: (app.health("tencent").next_try or app.clock.now) > app.clock.now)
        await app.stage.settle()
        await app.check_alive()
        assert "next try in 20 s" in app.notices or "next try in 1" in app.notices
        assert app.exchange.requests("tencent").value == 1, "silence is silence, however the clock is set"
        app.clock.advance(-18 * HOUR)
        await app.stage.until(lambda: "next try in 20 s" in app.notices or "next try in 1" in app.notices)
        assert app.exchange.requests("tencent").value == 1
