"""What is done with filings: those of the selected stock are kept new while they are seen, those of a list shown."""

from __future__ import annotations

from asyncio import sleep
from functools import partial

from textual.worker import Worker

from aiwatch.ledger.views import Target
from aiwatch.market.filings.filing import MarkedFiling
from aiwatch.market.symbol import Symbol
from aiwatch.screens.dashboard import DashboardParts
from aiwatch.screens.dashboard.copy_actions import CopyActions
from aiwatch.screens.dashboard.jumps import Jumps
from aiwatch.screens.filings.screen import FilingsScreen, ListFilings
from aiwatch.session.filings import FilingsReader, ShownFilings
from aiwatch.watchlist import ALL_STOCKS, Stock
from aiwatch.widgets.board import panel as asked
from aiwatch.widgets.filings.list import FilingList
from aiwatch.widgets.filings.words import words_above
from aiwatch.widgets.stock.panel import FILINGS, FilingsRequest

AGAIN = 600.0
"""Seconds after which it is looked whether a host may be asked again, which none is within an hour."""


class FilingActions:
    """Makes the list of filings in the stock's panel when it is first wanted, and has it supplied while it is seen."""

    def __init__(self, parts: DashboardParts, copy: CopyActions, jumps: Jumps) -> None:
        self._parts = parts
        self._screen = parts.screen
        self._session = parts.session
        self._panel = parts.panels.stock
        self._copy = copy
        self._jumps = jumps
        self._list: FilingList | None = None
        self._shown: Symbol | None = None
        self._worker: Worker[None] | None = None
        ledger = parts.session.ledger
        open_filings = parts.session.dependencies.feed.filings
        self._reader = None if open_filings is None else FilingsReader(open_filings, lambda: ledger.ledger)

    def start(self, request: FilingsRequest | asked.FilingsRequested) -> None:
        """Do what is wanted of filings."""
        if self._reader is None:
            self._screen.notify("Filings are not asked for here", title="Filings", timeout=4)
        elif isinstance(request, FilingsRequest) and request.opened is not None:
            self.follow(request.opened)
        elif isinstance(request, asked.FilingsRequested):
            self._show_list(self._reader, request.key)
        else:
            self._supply(self._reader)

    # The selected stock

    def _supply(self, reader: FilingsReader) -> None:
        """Have the list supplied with the filings of the stock that is selected now."""
        stock = self._panel.stock
        if stock is None or not self._is_seen():
            return
        if self._worker is not None and not self._worker.is_finished and stock.symbol == self._shown:
            return
        filings = self._list or self._made()
        if stock.symbol != self._shown:
            self._show(filings, stock, ShownFilings(is_asking=True))
        self._shown = stock.symbol
        work = partial(self._follow, reader, filings, stock)
        self._worker = self._parts.begin(work, "filings", exclusive=True)

    def _made(self) -> FilingList:
        self._list = FilingList(id="filings")
        self._panel.put_filings(self._list)
        return self._list

    def _is_seen(self) -> bool:
        return self._panel.shown == FILINGS and bool(self._panel.region)

    async def _follow(self, reader: FilingsReader, filings: FilingList, stock: Stock) -> None:
        """Show the filings of ``stock`` for as long as they are to be seen, or until this is cancelled."""
        while self._is_seen():
            await reader.read((stock.symbol,), partial(self._show, filings, stock))
            await sleep(AGAIN)

    def _show(self, filings: FilingList, stock: Stock, shown: ShownFilings) -> None:
        words = words_above(
            stock.name or stock.symbol.text,
            len(shown.rows),
            shown.problems,
            is_asking=shown.is_asking,
            mark=self._session.dependencies.feed.mark,
        )
        filings.show(shown.rows, words, self._session.market.clock())
        self._parts.panels.share_rows()

    # A list

    def _show_list(self, reader: FilingsReader, key: str) -> None:
        """Show the newest filings of the stocks of the list ``key``."""
        lists = self._session.lists
        watchlist = lists.get(key)
        stocks = lists.stocks if key == ALL_STOCKS else watchlist.stocks if watchlist is not None else ()
        symbols = tuple(dict.fromkeys(stock.symbol for stock in stocks))
        if not symbols:
            self._screen.notify("There is no stock in this list", title="Filings", timeout=4)
            return
        name = watchlist.name if watchlist is not None else "All stocks"
        listing = ListFilings(
            name,
            symbols,
            reader,
            self._session.market.clock,
            self._copy.show_filing,
            self.follow,
            self._session.dependencies.feed.mark,
        )
        self._screen.app.push_screen(FilingsScreen(listing))

    def follow(self, marked: MarkedFiling) -> None:
        """Go to the nearest record of a filing, else to its page."""
        if marked.records:
            self._jumps.follow(Target("record", marked.records[0]))
        else:
            self._copy.show_filing(marked)
