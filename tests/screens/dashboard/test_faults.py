"""The whole app on real sockets against hosts that misbehave: alive, honest, and well again afterwards.

The faults of a kind come one after another over the same screen, each with a price that changes meanwhile: what is
shown stays the old one until the hosts are well, and then becomes the new one.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from aiwatch.feed import backoff
from aiwatch.market.source_health import Condition
from aiwatch.market.symbol import parse_symbol
from aiwatch.simulator.faults import SPOILING, Fault, FaultKind
from tests.screens.live import HOSTS, RALLY, SHORT, Live, everywhere, live
from tests.screens.stage import MORNING, followed

ENVICOOL = "002837.SZ"


@asynccontextmanager
async def fallen(app: Live, fault: Fault, news: float) -> AsyncIterator[float]:
    """Let every host have ``fault`` while Envicool trades at ``news``, and be well again after the block, which is
    given the price of before; whatever fails in it names the fault."""
    try:
        await app.fail(fault)
        await app.stage.settle()  # what was asked before the fault has come
        shown = app.quote(ENVICOOL)
        assert shown is not None
        app.exchange.market.trade(ENVICOOL, news)
        app.clock.advance(3)
        yield shown.last
        await app.stage.settle()
        await app.check_alive()
        still = app.quote(ENVICOOL)
        assert still == shown, "nothing was made up, and nothing was lost"
        assert f"{shown.last:.2f}" in app.stage.row(ENVICOOL)
        await app.heal()
        # The others may answer first; what Tencent says comes in its place, and must not come after the next fault.
        await app.stage.until(
            lambda: (priced := app.quote(ENVICOOL)) is not None and (priced.last, priced.source) == (news, "tencent")
        )
        await app.all_priced()
        await app.true_prices()
        app.check_prices()
    except BaseException as error:
        error.add_note(f"with {fault}")
        raise


async def test_prices_come_over_real_sockets() -> None:
    async with live() as app:
        await app.all_priced()
        app.check_prices()
        assert "Tencent ✓  Sina ✓  Yahoo ✓" in app.status
        assert "4 stocks   " in app.stage.text("SummaryLine")
        app.exchange.market.trade(ENVICOOL, 65.5)
        app.clock.advance(3)
        await app.stage.until(lambda: (priced := app.quote(ENVICOOL)) is not None and priced.last == 65.5)
        await app.stage.settle()
        assert "65.50" in app.stage.row(ENVICOOL)
        app.check_prices()


DOWN = (
    (Fault(FaultKind.STATUS, status=500), "HTTP 500"),
    (Fault(FaultKind.STATUS, status=403), "HTTP 403: Forbidden"),
    (Fault(FaultKind.HTML), ""),
    (Fault(FaultKind.GARBAGE), ""),
    (Fault(FaultKind.EMPTY), "an empty answer"),
    (Fault(FaultKind.CUT), "the answer was cut short"),
    (Fault(FaultKind.RESET), "the answer was cut short"),
    (Fault(FaultKind.REFUSE), "no connection to 127.0.0.1:"),
)
SLOW = (
    (Fault(FaultKind.HANG), f"time-out after {SHORT} s"),
    (Fault(FaultKind.SLOW, seconds=3), f"time-out after {SHORT} s"),
)


@pytest.mark.parametrize(("faults", "patience"), [(DOWN, 10.0), (SLOW, SHORT)], ids=["down", "slow"])
async def test_hosts_that_are_down(faults: Collection[tuple[Fault, str]], patience: float) -> None:
    async with live(patience=patience) as app:
        await app.all_priced()
        for number, (fault, words) in enumerate(faults):
            async with fallen(app, fault, 60 + number / 100):
                await app.stage.until(
                    lambda: app.are(Condition.FAILING) and all(words in app.health(name).why for name in HOSTS)  # noqa: B023
                )
                await app.stage.settle()
                assert "Tencent down ✗  Sina down ✗  Yahoo down ✗" in app.status
                assert all(app.health(name).why for name in HOSTS)
                assert app.complaint("tencent") in app.notices
                assert app.notices.count("next try in") + app.notices.count("trying again") == 1
            assert app.stage.dashboard.notice.region.area == 0


async def test_hosts_that_are_down_from_the_start() -> None:
    async with live(*everywhere(Fault(FaultKind.REFUSE))) as app:
        await app.stage.until(lambda: app.are(Condition.FAILING))
        await app.stage.settle()
        await app.check_alive()
        app.check_prices()
        assert not app.stage.dashboard.session.market.quotes
        assert "`aiwatch demo`" in app.notices
        await app.heal()
        await app.all_priced()
        app.check_prices()


async def test_lines_that_cannot_be_are_refused_and_counted() -> None:
    async with live() as app:
        await app.all_priced()
        for number, kind in enumerate(sorted(SPOILING - {FaultKind.UNKNOWN})):
            before = {name: app.health(name).dropped for name in HOSTS}
            # For Sina no price is no line at all, and the JSON of Yahoo cannot hold what is no number.
            counting = [name for name in HOSTS if (name, kind) != ("sina", FaultKind.ZERO_PRICE)]
            enough = {name: count + 1 for name, count in before.items()}
            enough["tencent"] = before["tencent"] + len(RALLY)
            async with fallen(app, Fault(kind, symbol="*"), 61 + number / 100):
                await app.stage.until(
                    lambda: all(
                        app.health(name).dropped >= enough[name] or app.are(Condition.FAILING, name)  # noqa: B023
                        for name in counting  # noqa: B023
                    )
                )
                tencent = app.health("tencent")
                await app.stage.settle()
                assert tencent.dropped >= enough["tencent"]
                assert " refused" in app.status
                assert not app.stage.dashboard.session.market.unknown, "refused is not unknown"
            assert "refused" in app.status, "what was refused stays told"


@pytest.mark.parametrize("kind", [FaultKind.HALF_LINE, FaultKind.HALF_CHARACTER])
async def test_an_answer_that_ends_too_early_loses_its_last_line_alone(kind: FaultKind) -> None:
    hosts = ("tencent", "sina")
    chinese = [symbol for symbol in followed() if symbol.is_china]
    async with live(*everywhere(Fault(kind), hosts), hosts=hosts) as app:
        await app.stage.until(lambda: all(app.health(name).dropped for name in hosts))
        await app.stage.until(
            lambda: len([item for item in chinese if app.quote(item.text) is not None]) >= len(chinese) - 1
        )
        await app.stage.settle()
        await app.check_alive()
        app.check_prices()
        assert "cut short" in app.health("tencent").last_refusal
        assert " refused" in app.status
        await app.heal()
        await app.stage.until(lambda: all(app.quote(item.text) is not None for item in chinese))
        app.check_prices()


async def test_a_body_that_drips_in_time_is_read() -> None:
    async with live(*everywhere(Fault(FaultKind.SLOW, seconds=0.1))) as app:
        await app.check_alive()
        await app.all_priced()
        app.check_prices()


@pytest.mark.parametrize("wish", [None, "90"])
async def test_a_host_that_asks_for_silence_is_left_alone(wish: str | None) -> None:
    silence = Fault(FaultKind.STATUS, status=429, retry_after=wish)
    async with live(("tencent", silence), hosts=("tencent", "yahoo")) as app:
        await app.stage.until(lambda: app.are(Condition.FAILING, "tencent"))
        expected = set(followed())
        await app.stage.until(lambda: expected <= app.stage.dashboard.session.market.quotes.keys())
        await app.stage.settle()
        await app.check_alive()
        app.check_prices()
        assert {quote.source for quote in app.stage.dashboard.session.market.quotes.values()} == {"yahoo"}
        waits = app.health("tencent").next_try
        assert waits is not None
        assert waits - MORNING >= timedelta(seconds=float(wish or 20))
        assert "Tencent down ✗  Yahoo ✓" in app.status
        assert "Tencent: HTTP 429: Edge: Too Many Requests; next try in" in app.notices
        asked, answered = app.exchange.requests("tencent").value, app.exchange.answers("yahoo").value
        await app.stage.press("r")
        await app.exchange.answers("yahoo").wait_for(answered + 4)
        assert app.exchange.requests("tencent").value == asked == 1


async def test_every_host_asks_for_silence_and_speaks_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backoff, "RATE_LIMIT_RESTS", (0.5,))
    async with live() as app:
        await app.all_priced()
        async with fallen(app, Fault(FaultKind.STATUS, status=429), 62.0):
            await app.stage.until(lambda: app.are(Condition.FAILING))
            await app.stage.settle()
            assert app.notices.count("HTTP 429") == 1


async def test_one_line_that_cannot_be_hides_no_other() -> None:
    spellings = {"tencent": "sz002837", "sina": "sz002837", "yahoo": ENVICOOL}
    faults = [(host, Fault(FaultKind.NEGATIVE_PRICE, symbol=spelling)) for host, spelling in spellings.items()]
    async with live(*faults) as app:
        expected = {symbol for symbol in followed() if symbol.text != ENVICOOL}
        await app.stage.until(lambda: expected <= app.stage.dashboard.session.market.quotes.keys())
        await app.stage.until(lambda: all(app.health(name).dropped for name in HOSTS))
        await app.stage.settle()
        app.check_prices()
        assert app.stage.row(ENVICOOL).rstrip().endswith("…")
        assert "refused" in app.status
        await app.heal()
        await app.all_priced()


async def test_a_symbol_nobody_knows_is_told_and_hides_no_other() -> None:
    spellings = {"tencent": "sz002837", "sina": "sz002837", "yahoo": ENVICOOL}
    faults = [(host, Fault(FaultKind.UNKNOWN, symbol=spelling)) for host, spelling in spellings.items()]
    async with live(*faults) as app:
        await app.stage.until(lambda: parse_symbol(ENVICOOL) in app.stage.dashboard.session.market.unknown)
        expected = {symbol for symbol in followed() if symbol.text != ENVICOOL}
        await app.stage.until(lambda: expected <= app.stage.dashboard.session.market.quotes.keys())
        await app.stage.settle()
        await app.check_alive()
        app.check_prices()
        assert app.stage.row(ENVICOOL).rstrip().endswith("?")
        assert "Tencent ✓  Sina ✓  Yahoo ✓" in app.status
        await app.heal()
        await app.all_priced()
        assert "?" not in app.stage.row(ENVICOOL)


async def test_one_host_down_is_no_gap_while_another_speaks() -> None:
    async with live(("tencent", Fault(FaultKind.REFUSE)), hosts=("tencent", "yahoo")) as app:
        expected = set(followed())
        await app.stage.until(lambda: app.are(Condition.FAILING, "tencent"))
        await app.stage.press("r")
        await app.stage.until(lambda: expected <= app.stage.dashboard.session.market.quotes.keys())
        await app.stage.settle()
        app.check_prices()
        assert "Tencent down ✗  Yahoo ✓" in app.status
        await app.heal()
        await app.stage.until(lambda: app.are(Condition.OK, "tencent"))


async def test_what_was_asked_of_the_hosts_is_polite() -> None:
    async with live() as app:
        await app.all_priced()
        for host in HOSTS:
            tally = app.exchange.tally(host)
            assert tally.most_at_once == 1
            assert all("aiwatch/" in agent for agent in tally.agents)
        assert max(len(asked) for asked in app.exchange.tally("yahoo").asked) <= 20
