"""Everything the screen is given from outside: the clock, the files read, the feed. Tests give their own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from aiwatch.archive import NOTHING_REMEMBERED, Remembered
from aiwatch.config.settings import Settings
from aiwatch.errors import Problem
from aiwatch.feed.feed import Feed
from aiwatch.ledger.loader import LedgerFiles
from aiwatch.ledger.records import Ledger
from aiwatch.market.calendar.session import SessionAt
from aiwatch.market.state import Clock
from aiwatch.session.layout import ScreenLayout
from aiwatch.watchlist import Watchlist
from aiwatch.watchlist.folders import ListFolders

if TYPE_CHECKING:
    from aiwatch.watchlist.alerts.rules import Alert
    from aiwatch.watchlist.directory import Entry

StockSearch = Callable[[str], Awaitable[Sequence["Entry"]]]
"""Finds stocks by a text that a person typed. Raises `SourceError` when nobody can be asked."""
LearnNames = Callable[[Sequence[str]], Awaitable[bool]]
"""Learns how Chinese names are typed in Latin letters; whether all are known then."""


class Dependencies(Struct, frozen=True):
    """``mark`` is a word for the top line and the frame when prices are not the market's (``DEMO``), else empty;
    ``problems`` are sentences about files that could not be used, ``list_problems`` what is wrong with watchlists;
    ``painted`` is called once, after the first paint; ``ledger_files`` is where the whole ledger is read from after it
    (``None``: ``ledger`` is all there is), ``list_files`` where watchlists are read from again when they change;
    ``remembered`` is what earlier runs knew, ``layout`` how the last one was left and ``keep_layout`` what is told of
    every change of that; ``browse`` shows an address in a browser and says whether it could, in a thread; ``troubles``
    gives sentences about what cannot be kept now; ``keep_alerts`` takes alerts that fired, or were re-armed, for the
    runs to come; ``environment`` has the variables by which a terminal is known; ``search`` asks a source for stocks of
    a name; ``learn_names`` learns how Chinese names are typed in Latin letters (``None``: the filter does not find them
    by that)."""

    clock: Clock
    sessions: SessionAt
    settings: Settings
    watchlists: tuple[Watchlist, ...]
    ledger: Ledger
    feed: Feed
    mark: str = ""
    problems: tuple[str, ...] = ()
    painted: Callable[[], None] = lambda: None
    ledger_files: LedgerFiles | None = None
    list_problems: tuple[Problem, ...] = ()
    list_files: ListFolders | None = None
    remembered: Remembered = NOTHING_REMEMBERED
    troubles: Callable[[], tuple[str, ...]] = lambda: ()
    keep_alerts: Callable[[tuple[Alert, ...]], None] = lambda alerts: None
    environment: Mapping[str, str] = {}
    search: StockSearch | None = None
    learn_names: LearnNames | None = None
    layout: ScreenLayout = ScreenLayout()
    keep_layout: Callable[[ScreenLayout], None] = lambda layout: None
    browse: Callable[[str], bool] = lambda url: False
