"""The whole app with a stream that misbehaves, while prices move: alive, honest, and streaming again afterwards."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime

import pytest

from aiwatch.feed import poller
from aiwatch.market.source_health import Condition
from aiwatch.market.state import utc_now
from aiwatch.simulator.faults import Fault, FaultKind
from aiwatch.sources.yahoo.spark import Yahoo
from aiwatch.sources.yahoo_stream import client
from aiwatch.sources.yahoo_stream.connection import Pace
from tests.screens.live import QUICK, SHORT, Live, live
from tests.sources.yahoo_stream.wire import REFUSED

CUT = Fault(FaultKind.ABNORMAL_CLOSE, times=1)
DOWN = (
    (Fault(FaultKind.CLEAN_CLOSE), "closed by the host"),
    (Fault(FaultKind.ABNORMAL_CLOSE), "the connection was cut"),
    (Fault(FaultKind.SILENCE), "silent for 1 s"),
    (Fault(FaultKind.STATUS, status=500), "HTTP 500"),
    (Fault(FaultKind.STATUS, status=429), "HTTP 429"),
    (Fault(FaultKind.HANG), f"time-out after {SHORT} s"),
    (Fault(FaultKind.REFUSE), "no connection to 127.0.0.1:"),
)
"""What ends a connection, or keeps it from being made, and what is said of it."""
AT_THE_DOOR = (FaultKind.STATUS, FaultKind.HANG, FaultKind.REFUSE)
"""What is met by the next connection."""


@pytest.fixture(autouse=True)
def _no_gap_between_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(poller, "LONGEST_GAP", 0.0)


@asynccontextmanager
async def streaming(pace: Pace = QUICK) -> AsyncIterator[Live]:
    """The app with Yahoo, asked once and answered in full, and the stream, on which prices move all the time."""
    async with live(hosts=("yahoo", "stream"), interval=3600, rate=120, pace=pace) as app:
        await app.all_priced()
        asked = app.health("yahoo").following
        await app.stage.until(lambda: app.feed.traffic["yahoo"].requests * Yahoo.batch_limit >= asked)
        await moving(app)
        yield app


def told_at(app: Live) -> datetime:
    """The time of the newest price on the screen."""
    return max(quote.as_of for quote in app.stage.dashboard.session.market.quotes.values())


async def moving(app: Live) -> None:
    """Wait until a price of later than now is shown, and the stream is well."""
    now = utc_now()
    await app.stage.until(lambda: told_at(app) > now and app.are(Condition.OK, "stream"))
    await app.stage.until(lambda: re.search(r"Stream ✓", app.status) is not None)


async def test_connections_that_end_are_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "RATE_LIMIT_REST", 0.5)
    async with streaming(replace(QUICK, silence=1.0, first_pause=2.0, longest_pause=2.0)) as app:
        for fault, words in DOWN:
            try:
                await app.exchange.fail("stream", fault)
                if fault.kind in AT_THE_DOOR:
                    await app.exchange.fail("stream", CUT)
                    await app.stage.until(lambda: app.are(Condition.FAILING, "stream"))
                    await app.stage.press("r")
                await app.stage.until(
                    lambda: app.are(Condition.FAILING, "stream") and words in app.health("stream").why  # noqa: B023
                )
                await app.check_alive()
                await app.stage.until(lambda: "Stream down ✗" in app.status)
                assert re.search(r"Yahoo ✓", app.status)
                await app.heal()
                await moving(app)
            except BaseException as error:
                error.add_note(f"with {fault}")
                raise


async def test_messages_that_cannot_be_are_refused_and_the_stream_goes_on() -> None:
    async with streaming() as app:
        for kind, words in REFUSED:
            try:
                dropped, requests = app.health("stream").dropped, app.feed.traffic["stream"].requests
                await app.exchange.fail("stream", Fault(kind))
                await app.stage.until(lambda: app.health("stream").dropped > dropped)  # noqa: B023
                await app.stage.settle()
                shown = told_at(app)
                await app.check_alive()
                await app.stage.until(lambda: app.health("stream").dropped > dropped + 20)  # noqa: B023
                assert told_at(app) == shown, "none of it was believed"
                assert words in app.health("stream").last_refusal
                assert " refused" in app.status
                await app.exchange.heal("stream")  # without a key: Yahoo, asked again, would tell a price too
                await moving(app)
                assert app.feed.traffic["stream"].requests == requests, "the connection is the same"
            except BaseException as error:
                error.add_note(f"with {kind}")
                raise


async def test_a_flood_keeps_no_key_waiting() -> None:
    async with streaming() as app:
        sent = app.exchange.answers("stream").value
        await app.exchange.fail("stream", Fault(FaultKind.FLOOD, times=3))
        await app.exchange.answers("stream").wait_for(sent + 100)
        for _ in range(3):
            await app.check_alive()
        await app.exchange.answers("stream").wait_for(sent + 6_000)
        await app.check_alive()
        await moving(app)
        assert app.health("stream").dropped == 0
