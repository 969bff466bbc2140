"""A running dashboard without its screen: it begins with what earlier runs knew, and makes the rest when it is used."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

from aiwatch.archive import LastState
from aiwatch.config.settings import SourceSettings
from aiwatch.feed.feed import Feed
from aiwatch.market.calendar.session import always_open
from aiwatch.market.state import PriceStatus
from aiwatch.market.symbol import parse_symbol
from aiwatch.session.dependencies import ArchiveDependencies, Dependencies, FeedDependencies
from aiwatch.session.layout import Panel
from aiwatch.session.navigation import Place
from aiwatch.session.session import Session
from aiwatch.sources import Source
from aiwatch.watchlist import AlertRules
from aiwatch.watchlist.alerts.rules import Alert
from tests.session.given import NOW, files, priced, stock, watchlist

SYMBOL = parse_symbol("002837.SZ")
LIST = watchlist("one", stock("002837.SZ", alerts=AlertRules(above=60)))


def session(*, mark: str = "", remembered: LastState | None = None, saved: list[Alert] | None = None) -> Session:
    """A session on one list whose stock has one rule."""

    async def no_sources(stack: AsyncExitStack) -> AsyncIterator[tuple[Source, SourceSettings]]:
        for source in list[tuple[Source, SourceSettings]]():
            yield source

    feed = FeedDependencies(lambda: NOW, always_open, Feed(no_sources, lambda: NOW, always_open), mark)
    keep = (saved if saved is not None else []).extend
    archive = ArchiveDependencies(remembered or LastState(), keep_alerts=keep)
    return Session(Dependencies(feed, files([LIST]), archive))


def test_it_begins_with_the_prices_that_earlier_runs_kept() -> None:
    held = session(remembered=LastState((priced("002837.SZ", 61.0, 58.0),), {SYMBOL: (60.0, 61.0)}))
    assert held.market.status(SYMBOL) is PriceStatus.MEMORY
    assert list(held.market.prices(SYMBOL)) == [60.0, 61.0]
    assert held.lists.lists == (LIST,)


def test_its_alerts_are_kept_and_say_what_the_prices_are() -> None:
    saved: list[Alert] = []
    held = session(mark="REPLAY", saved=saved)
    held.market.apply([priced("002837.SZ", 61.0, 58.0)])
    (alert,) = held.alerts.follow(held.lists.stocks).fired
    assert saved == [alert]
    assert alert.caveat == "REPLAY: recorded prices"
    assert held.alerts is held.alerts


def test_prices_of_the_market_have_no_mark() -> None:
    assert session().dependencies.feed.provenance == ""
    assert session(mark="OTHER").dependencies.feed.provenance == "OTHER: not live"


def test_the_trail_leads_back_place_by_place() -> None:
    trail = session().trail
    places = [Place(panel, "one", SYMBOL, "all", "", "") for panel in (Panel.STOCK, Panel.RECORD, Panel.RECORD)]
    for place in places:
        trail.leave(place)
    assert [trail.back(), trail.back(), trail.back()] == [places[1], places[0], None]
