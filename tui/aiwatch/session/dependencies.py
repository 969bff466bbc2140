"""Everything a running dashboard is given from outside, in four groups. Tests give their own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from aiwatch.archive import NO_LAST_STATE, LastState
from aiwatch.config.settings import Settings
from aiwatch.errors import Problem
from aiwatch.feed.feed import Feed
from aiwatch.ledger.loader import LedgerFiles
from aiwatch.ledger.records import Ledger
from aiwatch.market.calendar.session import SessionAt
from aiwatch.market.state import Clock
from aiwatch.session.layout import ScreenLayout
from aiwatch.watchlist import Stock, Watchlist
from aiwatch.watchlist.folders import ListFolders

if TYPE_CHECKING:
    from aiwatch.history.filings.service import FilingReports
    from aiwatch.history.opened import HistoryParts
    from aiwatch.history.service import HistoryService
    from aiwatch.history.spending.service import SpendingReports
    from aiwatch.watchlist.alerts.rules import Alert
    from aiwatch.watchlist.directory import Entry

StockSearch = Callable[[str], Awaitable[Sequence["Entry"]]]
"""Finds stocks by a text that a person typed. Raises `SourceError` when nobody can be asked."""
OpenHistory = Callable[[], Awaitable["HistoryService"]]
"""Gives price history, opened by the first who asks."""
OpenSpending = Callable[[], Awaitable["SpendingReports"]]
"""Gives what companies report to have spent, opened by the first who asks."""


OpenFilings = Callable[[], Awaitable["FilingReports"]]
"""Gives what companies file, and headlines, opened by the first who asks."""


class ListHistory(Protocol):
    """Price history of whole lists."""

    async def parts(self) -> HistoryParts:
        """What there is of it, opened by the first who asks."""
        ...

    async def was_used(self) -> bool:
        """Whether any of it was looked at lately, so that the lists are to be kept new."""
        ...


LearnNames = Callable[[Sequence[str]], Awaitable[bool]]
"""Learns how Chinese names are typed in Latin letters; whether all are known then."""

_PROVENANCE = {"DEMO": "simulated prices", "REPLAY": "recorded prices"}
"""What prices are that are not the market's, by the word that marks them."""


class FeedDependencies(Struct, frozen=True):
    """Where prices come from: the ``feed``, the ``clock`` and the trading ``sessions`` they are read by.

    ``mark`` is a word for the top line and the frame when prices are not the market's (``DEMO``), else empty.
    ``search`` asks a source for stocks by name (``None``: no source is asked). ``history`` gives the bars of charts
    (``None``: there are none), ``spending`` what companies report (``None``: nobody is asked), ``list_history`` what
    the board's columns and comparisons are made of, ``filings`` what companies file (``None``: nobody is asked).
    """

    clock: Clock
    sessions: SessionAt
    feed: Feed
    mark: str = ""
    search: StockSearch | None = None
    history: OpenHistory | None = None
    spending: OpenSpending | None = None
    list_history: ListHistory | None = None
    filings: OpenFilings | None = None

    @property
    def provenance(self) -> str:
        """The mark with what the prices are: ``DEMO: simulated prices``; empty for prices of the market."""
        return f"{self.mark}: {_PROVENANCE.get(self.mark, 'not live')}" if self.mark else ""


class FileDependencies(Struct, frozen=True):
    """What was read from files, and where it is read again.

    ``problems`` are sentences about files that could not be used, ``list_problems`` what is wrong with watchlists.
    ``looked_up`` are stocks to show in a list that no file has.
    ``list_files`` is where watchlists are read again when they change (``None``: they stand in no file);
    ``ledger_files`` where the whole ledger is read after the first paint (``None``: ``ledger`` is all there is), and
    ``ledger_folders`` the bundled folder and the one into which the reader's own records are written (``None``: none).
    """

    settings: Settings
    watchlists: tuple[Watchlist, ...]
    ledger: Ledger
    problems: tuple[str, ...] = ()
    list_problems: tuple[Problem, ...] = ()
    looked_up: tuple[Stock, ...] = ()
    list_files: ListFolders | None = None
    ledger_files: LedgerFiles | None = None
    ledger_folders: tuple[Path, Path] | None = None


class ArchiveDependencies(Struct, frozen=True):
    """What is kept from run to run: ``remembered`` is what earlier runs knew, ``layout`` how the last one was left.

    ``keep_alerts`` takes alerts that fired or were re-armed, ``keep_layout`` every change of the layout; ``troubles``
    gives sentences about what cannot be kept now.
    """

    remembered: LastState = NO_LAST_STATE
    keep_alerts: Callable[[tuple[Alert, ...]], None] = lambda alerts: None
    layout: ScreenLayout = ScreenLayout()
    keep_layout: Callable[[ScreenLayout], None] = lambda layout: None
    troubles: Callable[[], tuple[str, ...]] = lambda: ()


class EnvironmentDependencies(Struct, frozen=True):
    """The computer around the program: ``variables`` are those by which a terminal and a language are known.

    ``browse`` shows an address in a browser and says whether it could; it blocks. ``learn_names`` learns how Chinese
    names are typed in Latin letters (``None``: the filter does not find them by that). ``painted`` is called once,
    after the first paint, and ``settled`` once the first prices have come, or are not to be waited for any longer.
    """

    variables: Mapping[str, str] = {}
    browse: Callable[[str], bool] = lambda url: False
    learn_names: LearnNames | None = None
    painted: Callable[[], None] = lambda: None
    settled: Callable[[], None] = lambda: None


class Dependencies(Struct, frozen=True):
    """The four groups."""

    feed: FeedDependencies
    files: FileDependencies
    archive: ArchiveDependencies = ArchiveDependencies()
    environment: EnvironmentDependencies = EnvironmentDependencies()
