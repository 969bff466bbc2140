"""What is taken out of the dashboard: rows to the clipboard, pages to a browser."""

from __future__ import annotations

import asyncio
from functools import partial

from textual.content import Content

from aiwatch.feed.router import page_of
from aiwatch.ledger.links import pages_of
from aiwatch.market.filings.filing import MarkedFiling
from aiwatch.screens.dashboard import DashboardParts
from aiwatch.session.layout import Panel
from aiwatch.watchlist import ALL_LISTS
from aiwatch.widgets.clipboard import commitment_line, row_line, stock_line
from aiwatch.widgets.record.panel import RecordPanel
from aiwatch.widgets.stock.panel import StockPanel


class CopyActions:
    """Copies and looks up what the panel in front shows."""

    def __init__(self, parts: DashboardParts) -> None:
        self._parts = parts
        self._screen = parts.screen
        self._session = parts.session
        self._panels = parts.panels

    # The clipboard

    def copy(self) -> None:
        """Copy the row of the board or the ledger, or the text of a stock or a record."""
        text, words = self._taken()
        if not text:
            self._screen.notify("Nothing is selected", timeout=2)
            return
        self._screen.app.copy_to_clipboard(text)
        self._screen.notify(f"Copied {words}", timeout=3, markup=False)

    def _taken(self) -> tuple[str, str]:
        """What is copied from the panel in front, and words for it."""
        match self._panels.front:
            case Panel.BOARD:
                return self._of_board()
            case Panel.COMMITMENTS:
                return self._of_ledger()
            case Panel.STOCK:
                return self._text_of(self._panels.stock, self._panels.stock.title_text)
            case Panel.RECORD:
                record = self._panels.record
                return self._text_of(record, Content.from_markup(record.border_title or "").plain[2:])

    @property
    def _mark(self) -> str:
        return self._session.dependencies.feed.mark

    def _text_of(self, panel: StockPanel | RecordPanel, title: str) -> tuple[str, str]:
        mark = f"{self._mark}\n" if self._mark else ""
        return (f"{title}\n{mark}{panel.plain}", f"the text of {title}") if title else ("", "")

    def _of_board(self) -> tuple[str, str]:
        board, lists, market = self._panels.board, self._session.lists, self._session.market
        if board.lists.chosen == ALL_LISTS:
            mark = f"  {self._mark}" if self._mark else ""
            return row_line(board.lists.overview.row_text + mark), "the row of the list"
        stocks = [stock for symbol in board.targets() if (stock := lists.stock_of(symbol, board.lists.chosen))]
        lines = [
            stock_line(stock, market.quotes.get(stock.symbol), market.status(stock.symbol), self._mark)
            for stock in stocks
        ]
        words = f"{len(stocks)} rows" if len(stocks) > 1 else "".join(f"the row of {stock.symbol}" for stock in stocks)
        return "\n".join(lines), words

    def _of_ledger(self) -> tuple[str, str]:
        commitments, key = self._session.ledger.ledger.commitments, self._panels.ledger.key
        if key in commitments:
            return commitment_line(commitments[key]), f"the row of {key}"
        return row_line(self._panels.ledger.list.row_text), "the row"

    # Pages

    def open_page(self) -> None:
        """Show the page of the stock at its source, or one of those that say a record, in a browser."""
        filings = self._panels.stock.filings
        if self._panels.front is Panel.STOCK and filings is not None:
            self.show_filing(filings.chosen)
            return
        of_stock = self._panels.front in (Panel.BOARD, Panel.STOCK)
        pages = {url: "" for url in (self._page_of_stock(),) if url} if of_stock else self._pages_of_record()
        if len(pages) > 1:
            self._parts.begin(partial(self._choose_page, pages), "ask", exclusive=True)
        elif pages:
            self.show_page(next(iter(pages)))
        else:
            self._screen.notify("There is no page of this", timeout=2)

    def show_filing(self, marked: MarkedFiling | None) -> None:
        """Show the page of a filing or a headline in a browser; say so where there is none."""
        if marked is not None and marked.filing.link:
            self.show_page(marked.filing.link)
        else:
            self._screen.notify("There is no page of this filing" if marked else "No filing is selected", timeout=3)

    def show_page(self, url: str) -> None:
        """Show ``url`` in a browser."""
        self._parts.begin(partial(self._show_page, url), "browser", exclusive=True)

    async def _choose_page(self, pages: dict[str, str]) -> None:
        """Show the page that is chosen of several."""
        from aiwatch.screens.dialogs.pages import PagePicker

        url = await self._screen.app.push_screen_wait(PagePicker(pages))
        if url:
            self.show_page(url)

    def _page_of_stock(self) -> str:
        symbol = self._panels.stock.symbol
        shows_lists = self._panels.front is Panel.BOARD and self._panels.board.lists.chosen == ALL_LISTS
        if symbol is None or shows_lists:
            return ""
        quote = self._session.market.quotes.get(symbol)
        return page_of(symbol, quote.source if quote is not None else "")

    def _pages_of_record(self) -> dict[str, str]:
        from aiwatch.widgets.record.text import find  # the other kinds come after the first paint

        ledger = self._session.ledger.ledger
        key = self._panels.ledger.key if self._panels.front is Panel.COMMITMENTS else self._panels.record.key
        return pages_of(ledger, find(ledger, key))

    async def _show_page(self, url: str) -> None:
        """Show ``url`` in a browser; where there is none, copy it and say so."""
        app = self._screen.app
        if app.is_web:
            app.open_url(url)
        elif await asyncio.to_thread(self._session.dependencies.environment.browse, url):
            self._screen.notify(url, title="Opened in the browser", timeout=3, markup=False)
        else:
            app.copy_to_clipboard(url)
            self._screen.notify(url, title="No browser here: the address is copied", timeout=12, markup=False)
