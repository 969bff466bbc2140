"""The dashboard's half for what is taken out of it: rows to the clipboard, pages to a browser."""

from __future__ import annotations

import asyncio

from textual import work
from textual.content import Content

from aiwatch.screens.dashboard.mark_screen import MarkScreen
from aiwatch.watchlist import Stock
from aiwatch.widgets.board.panel import ALL_LISTS
from aiwatch.widgets.linked_rows import LinkedRows


class CopyScreen(MarkScreen):
    """A screen whose rows can be copied and looked up."""

    _selected: Stock | None

    # The clipboard

    def action_copy(self) -> None:
        """Copy the row of the board or the ledger, or the text of a stock or a record."""
        text, words = self._taken()
        if not text:
            self.notify("Nothing is selected", timeout=2)
            return
        self.app.copy_to_clipboard(text)
        self.notify(f"Copied {words}", timeout=3, markup=False)

    def _taken(self) -> tuple[str, str]:
        """What is copied from the panel in front, and words for it."""
        if self.front == 1:
            return self._of_board()
        if self.front == 2:
            return self._of_ledger()
        name = "stock" if self.front == 3 else "record"
        title = Content.from_markup(self.query_one(f"#{name}-panel").border_title or "").plain[2:]
        mark = f"{self._given.feed.mark}\n" if self._given.feed.mark else ""
        text = self.query_one(f"#{name}", LinkedRows).plain
        return (f"{title}\n{mark}{text}", f"the text of {title}") if title else ("", "")

    def _of_board(self) -> tuple[str, str]:
        from aiwatch.widgets.clipboard import row_line, stock_line

        if self.board_panel.chosen == ALL_LISTS:
            mark = f"  {self._given.feed.mark}" if self._given.feed.mark else ""
            return row_line(self.board_panel.overview.row_text + mark), "the row of the list"
        stocks = [stock for stock in map(self.stock_of, self.targets()) if stock is not None]
        desk, mark = self.desk, self._given.feed.mark
        lines = [stock_line(one, desk.quotes.get(one.symbol), desk.standing(one.symbol), mark) for one in stocks]
        words = f"{len(stocks)} rows" if len(stocks) > 1 else "".join(f"the row of {one.symbol}" for one in stocks)
        return "\n".join(lines), words

    def _of_ledger(self) -> tuple[str, str]:
        from aiwatch.widgets.clipboard import commitment_line, row_line

        key = self.commitments.key
        if key in self.ledger.commitments:
            return commitment_line(self.ledger.commitments[key]), f"the row of {key}"
        return row_line(self.commitments.row_text), "the row"

    # Pages

    def action_open_page(self) -> None:
        """Show the page of the stock at its source, or the article that a record is from, in a browser."""
        url = self._page_of_stock() if self.front in (1, 3) else self._page_of_record()
        if url:
            self.show_page(url)
        else:
            self.notify("There is no page of this", timeout=2)

    def _page_of_stock(self) -> str:
        if self._selected is None or (self.front == 1 and self.board_panel.chosen == ALL_LISTS):
            return ""
        from aiwatch.feed.router import page_of

        symbol = self._selected.symbol
        quote = self.desk.quotes.get(symbol)
        return page_of(symbol, quote.source if quote is not None else "")

    def _page_of_record(self) -> str:
        key = self.commitments.key if self.front == 2 else self.record.key
        article = self.ledger.sources.get(self._article_of(key))
        origin = article.origin if article is not None else ""
        return origin if origin.startswith(("https://", "http://")) and origin.isprintable() else ""

    def _article_of(self, key: str) -> str:
        if key in self.ledger.commitments:
            return self.ledger.commitments[key].source
        from aiwatch.widgets.record.text import find  # the other kinds come after the first paint

        return str(getattr(find(self.ledger, key), "source", ""))

    @work(group="browser", exclusive=True, exit_on_error=False)
    async def show_page(self, url: str) -> None:
        """Show ``url`` in a browser; where there is none, copy it and say so."""
        if self.app.is_web:
            self.app.open_url(url)
        elif await asyncio.to_thread(self._given.environment.browse, url):
            self.notify(url, title="Opened in the browser", timeout=3, markup=False)
        else:
            self.app.copy_to_clipboard(url)
            self.notify(url, title="No browser here: the address is copied", timeout=12, markup=False)
