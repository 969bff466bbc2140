"""What is done with the chart of the selected stock: shown, given the whole screen, loaded, compared."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from textual.worker import Worker

from aiwatch.formatting.text import index_title
from aiwatch.market.bars import Range
from aiwatch.screens.dashboard import DashboardParts
from aiwatch.screens.dashboard.chart.list_loading import ListChartLoader
from aiwatch.screens.dashboard.chart.loading import ChartLoader
from aiwatch.screens.dashboard.chart.waits import NO_HISTORY
from aiwatch.screens.dialogs.compare import CompareDialog, Comparison, With
from aiwatch.screens.keys.keyboard import shown_key
from aiwatch.watchlist import Watchlist
from aiwatch.widgets.beat import every_second
from aiwatch.widgets.board.panel import CompareRequested
from aiwatch.widgets.chart.chart import Chart
from aiwatch.widgets.chart.drawing.captions import Key
from aiwatch.widgets.stock.panel import CHART, ChartRequest, ChartWish

_USUAL = Range.HALF_YEAR


class ChartActions:
    """Makes the one chart when it is first wanted, and has it supplied while it is to be seen."""

    def __init__(self, parts: DashboardParts) -> None:
        self._parts = parts
        self._screen = parts.screen
        self._session = parts.session
        self._panels = parts.panels
        self._panel = parts.panels.stock
        self._chart = self._made()
        self._loader = ChartLoader(self._session, self._chart, self._list_in_front, self._is_seen)
        self._lists = ListChartLoader(self._session, self._chart, self._is_seen, parts.keyboard.hint)
        self._supplied: object = None
        """Which stock, over which range, compared with what, the worker supplies."""
        self._worker: Worker[None] | None = None
        every_second(self._panel, self._move)

    def start(self, request: ChartRequest) -> None:
        """Do what is wanted of the chart."""
        match request.wish:
            case ChartWish.WHOLE:
                self._panels.toggle_chart()
                self._name_keys()
            case ChartWish.COMPARISON:
                self._ask_comparison()
            case _:
                self.supply()

    def supply(self) -> None:
        """Have the chart supplied with the bars of the stock that is selected now, or of the list."""
        stock, watchlist = self._panel.stock, self._panel.watchlist
        if (stock is None and watchlist is None) or not self._is_seen():
            return
        self._name_keys()
        subject = (watchlist or stock, self._chart.range, self._loader.comparison)
        if subject == self._supplied and self._worker is not None and not self._worker.is_finished:
            return
        self._supplied = subject
        if watchlist is not None:
            self._loader.leave()
            work: Callable[[], Coroutine[Any, Any, None]] = partial(self._lists.supply, watchlist)
        else:
            assert stock is not None
            work = partial(self._loader.supply, stock)
        self._worker = self._parts.begin(work, "history", exclusive=True)

    def _made(self) -> Chart:
        look = self._panel.look
        span = next((span for span in Range if span == look.range), _USUAL)
        chart = Chart(span=span, candles=look.candles, adjusted=look.adjusted, id="chart")
        chart.colours = self._panel.figures.convention
        self._panel.put_chart(chart)
        return chart

    def _is_seen(self) -> bool:
        """Whether the chart is to be seen, in its view of a panel that has a place on the screen."""
        return self._panel.shown == CHART and bool(self._panel.region)

    def _move(self) -> None:
        if self._is_seen() and self._panel.watchlist is None:
            self._loader.move()

    def _name_keys(self) -> None:
        """Name in the chart's last row the key that gives it the screen, or takes it back."""
        keys = self._parts.keyboard.keys["row.chart"]
        words = ("back",) if self._panel.is_whole else ("whole screen", "full")
        self._chart.further_keys = (Key(shown_key(keys[0]), *words),) if keys else ()
        self._chart.rebuild()

    # Comparison

    def _list_in_front(self) -> Watchlist | None:
        return self._session.lists.get(self._panels.board.lists.chosen)

    def _ask_comparison(self) -> None:
        """Ask with what to compare; what is chosen holds for the stocks that are looked at next, too. A list has a
        screen of its own for that."""
        if self._panel.watchlist is not None:
            self._panels.board.post_message(CompareRequested(self._panel.watchlist.key))
            return
        stock, watchlist = self._panel.stock, self._list_in_front()
        if stock is None or self._session.dependencies.feed.history is None:
            self._screen.notify(NO_HISTORY if stock is not None else self._panels.board.why_nothing, timeout=4)
            return
        stocks = {each.symbol: each for each in (watchlist.stocks if watchlist else ())}
        stocks |= {each.symbol: each for each in self._session.lists.stocks if each.symbol not in stocks}
        stocks.pop(stock.symbol, None)
        benchmark = watchlist.benchmark if watchlist is not None else None
        now = self._loader.comparison
        self._screen.app.push_screen(
            CompareDialog(
                stock,
                tuple(stocks.values()),
                benchmark=index_title(benchmark.text) if benchmark is not None else "",
                list_name=watchlist.name if watchlist is not None else "",
                is_compared=now is not None,
            ),
            self._compare,
        )

    def _compare(self, chosen: Comparison | None) -> None:
        """Compare with what was ``chosen``; nothing changes where the dialog was left."""
        if chosen is None:
            return
        self._loader.comparison = None if chosen.kind is With.NOTHING else chosen
        if self._is_seen():
            self.supply()
        elif self._panel.region:
            self._panel.action_view(CHART)
        else:
            self._panels.toggle_chart()
            self._name_keys()
