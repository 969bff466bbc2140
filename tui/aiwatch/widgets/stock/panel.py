"""The panel of the selected stock: its chart, its figures, the ledger's records that touch it, or what it filed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from msgspec import Struct
from msgspec.structs import replace
from textual import getters
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.style import Style
from textual.widget import Widget

from aiwatch.formatting.text import clip
from aiwatch.formatting.widths import UNBOUNDED
from aiwatch.market.quote import Quote
from aiwatch.market.state import MarketState
from aiwatch.market.symbol import Symbol
from aiwatch.watchlist import Stock, Watchlist
from aiwatch.widgets.linked_rows import Row
from aiwatch.widgets.stock.detail import StockDetail
from aiwatch.widgets.stock.fields import title

if TYPE_CHECKING:
    from aiwatch.market.filings.filing import MarkedFiling
    from aiwatch.widgets.chart.chart import Chart
    from aiwatch.widgets.filings.list import FilingList

CHART, FIGURES, LEDGER, FILINGS = "chart", "figures", "ledger", "filings"
VIEWS = ((CHART, "Chart"), (FIGURES, "Figures"), (LEDGER, "Ledger"), (FILINGS, "Filings"))
"""The views of a stock and their names, in the order of the keys."""
_LEAST_NAME = 12
"""Cells of the stock's name on the frame at least; where there are fewer, the views are not named."""
_AROUND_TITLE = 8
"""Cells of the frame's title that corners and the panel's number take."""


class ChartWish(StrEnum):
    """What may be wanted of the chart."""

    WHOLE = "whole"
    """That it has the whole screen, or gives it back."""
    SHOWN = "shown"
    """That it shows the stock, now that it is to be seen."""
    BARS = "bars"
    """Bars of another range."""
    COMPARISON = "comparison"
    """That it is compared with something."""


_FRAME = 2
"""Rows of the panel's frame."""
_USUAL_LINES = 12
"""Lines of a text that has not been laid out yet."""


class ChartRequest(Message):
    """Something is wanted of the chart."""

    def __init__(self, wish: ChartWish) -> None:
        super().__init__()
        self.wish = wish


class FilingsRequest(Message):
    """The filings of the stock shown are wanted, now that they are to be seen; or where the one ``opened`` leads."""

    def __init__(self, opened: MarkedFiling | None = None) -> None:
        super().__init__()
        self.opened = opened


class ChartLook(Struct, frozen=True):
    """How charts are looked at: the range by its key (``6mo``), empty for the usual one; candles or a line; adjusted
    prices or those paid."""

    range: str = ""
    candles: bool = True
    adjusted: bool = True


_FAR_KEYS: list[BindingType] = [
    Binding(
        f"shift+{way}",
        f"crosshair({bars})",
        f"Ten bars {direction}",
        id=f"chart.far-{way}",
        show=False,
        tooltip=f"Move the crosshair of the chart ten bars {direction}",
    )
    for way, bars, direction in (("left", -10, "back"), ("right", 10, "on"))
]
"""Steps of the crosshair that no other panel has."""


class StockPanel(Vertical):
    """One view of a stock at a time: `front` is what shows it. The chart, and the list of filings, are given to it
    when they are first wanted."""

    BINDINGS: ClassVar[list[BindingType]] = [*_FAR_KEYS]

    view: reactive[str] = reactive("", init=False)
    """The key of the view that a person chose; empty, or one that there is none of, for the first."""
    is_whole: reactive[bool] = reactive(False, init=False)
    """Whether the chart is shown in place of every view, over the whole screen."""
    look: reactive[ChartLook] = reactive(ChartLook(), init=False)
    """How the chart is looked at."""

    figures = getters.query_one("#stock", StockDetail)

    class ViewChanged(Message):
        """Another view is shown."""

    def __init__(
        self,
        market: MarketState,
        currency: str,
        *,
        has_chart: bool = False,
        has_filings: bool = False,
        id: str | None = None,
        classes: str = "",
    ) -> None:
        """``currency`` is what a position is also said in; empty for its own currency alone. ``has_chart``: there is
        price history, so that the chart is one of the views; ``has_filings`` the same of filings."""
        super().__init__(id=id, classes=classes)
        self._market = market
        self._currency = currency
        self._chart: Chart | None = None
        self._filings: FilingList | None = None
        self._has_begun = False
        self._without = {key for key, has_it in ((CHART, has_chart), (FILINGS, has_filings)) if not has_it}
        """The views that there are not."""
        self.stock: Stock | None = None
        """The stock shown; ``None`` while a list is."""
        self._shown_quote: Quote | None = None
        self.watchlist: Watchlist | None = None
        """The list shown in place of a stock, by its chart alone."""
        self._heading: tuple[object, Content] | None = None
        """The heading that was last made, and of what: it is asked for each second."""

    def compose(self) -> ComposeResult:
        yield StockDetail(self._market, currency=self._currency, id="stock")

    @property
    def views(self) -> tuple[tuple[str, str], ...]:
        """The views that there are, with their names: of a list the chart alone, of nothing none."""
        if self.watchlist is not None:
            return VIEWS[:1]
        if self.stock is None:
            return ()
        return tuple(view for view in VIEWS if view[0] not in self._without)

    @property
    def shown(self) -> str:
        """The key of the view that is shown; where nothing is selected, the figures say so."""
        keys = dict(self.views)
        if self.is_whole and keys:
            return CHART
        return self.view if self.view in keys else next(iter(keys), FIGURES)

    @property
    def chart(self) -> Chart | None:
        """The chart, while its view is shown."""
        return self._chart if self.shown == CHART else None

    @property
    def filings(self) -> FilingList | None:
        """The list of filings, while its view is shown."""
        return self._filings if self.shown == FILINGS else None

    @property
    def rows_needed(self) -> int:
        """The rows of a panel that shows all of the text; a chart has no such number."""
        lines = self.filings.option_count if self.filings is not None else self.figures.line_count
        return UNBOUNDED if self.shown == CHART else _FRAME + (lines or _USUAL_LINES)

    @property
    def front(self) -> Widget:
        """What takes the keys: the view shown."""
        return self.chart or self.filings or self.figures

    @property
    def symbol(self) -> Symbol | None:
        """The symbol of the stock shown."""
        return self.stock.symbol if self.stock is not None else None

    @property
    def title_text(self) -> str:
        """What the stock is called, or the list."""
        return self._title_in(UNBOUNDED)

    def _title_in(self, room: int) -> str:
        if self.watchlist is not None:
            return self.watchlist.name
        return title(self.stock, room) if self.stock is not None else "Stock"

    def heading(self, width: int) -> Content:
        """What stands on the frame of a panel of ``width`` cells: the stock, and the views with the one shown."""
        shown = width, self.stock, self.watchlist, self.shown, self.views
        if self._heading is None or self._heading[0] != shown:
            self._heading = shown, self._heading_of(width)
        return self._heading[1]

    def _heading_of(self, width: int) -> Content:
        tabs = [
            Content.styled(f"▸{words}", "bold $heading")
            if key == self.shown
            else Content.styled(f" {words}", Style.from_meta({"@click": f"view('{key}')"}))
            for key, words in self.views
        ]
        row = Content(" ").join(tabs)
        room = width - _AROUND_TITLE - row.cell_length - 3
        if room < _LEAST_NAME or not tabs:
            room = max(1, width - _AROUND_TITLE)
            return Content(clip(self._title_in(room), room).rstrip())
        return Content.assemble(clip(self._title_in(room), room).rstrip(), " ─ ", row)

    # What it is given

    def show(self, stock: Stock, touches: Sequence[Row]) -> None:
        """Show ``stock`` with rows about the records of the ledger that touch it."""
        before, self.stock, self.watchlist = self.symbol, stock, None
        self.figures.show(stock, touches)
        if before is None:
            self._part()
        elif before != stock.symbol:
            self.ask_for_view()

    def show_nothing(self, why: str) -> None:
        """Say ``why`` neither a stock nor a list is shown."""
        was_shown, self.stock, self.watchlist = self.views, None, None
        self.figures.show_nothing(why)
        if was_shown:
            self._part()

    def show_list(self, watchlist: Watchlist) -> None:
        """Show ``watchlist`` by its chart, where there is price history."""
        if watchlist is not self.watchlist and CHART not in self._without:
            self.stock, self.watchlist = None, watchlist
            self._part()

    def put_chart(self, chart: Chart) -> None:
        """Take the chart, which is shown from now on wherever its view is."""
        self._chart = chart
        self._put(chart)

    def put_filings(self, filings: FilingList) -> None:
        """Take the list of filings, which is shown from now on wherever its view is."""
        self._filings = filings
        self._put(filings)

    def _put(self, widget: Widget) -> None:
        widget.display = False
        self.mount(widget)
        self.call_after_refresh(self._part)

    def begin(self) -> None:
        """Ask from now on for what the panel shows of itself: the first prices come before it."""
        self._has_begun = True
        self.ask_for_view()

    def ask_for_view(self) -> None:
        """Ask for the chart or the filings of the stock, where they are to be seen."""
        if not self._has_begun:
            return
        if self.shown == CHART and self.region:
            self.post_message(ChartRequest(ChartWish.SHOWN))
        elif self.shown == FILINGS and self.region:
            self.post_message(FilingsRequest())

    def on_show(self) -> None:
        """The panel can be seen again: so shall the chart or the filings of the stock."""
        self.ask_for_view()

    def show_rules(self, rule_rows: Callable[[Stock, int], Sequence[Content]]) -> None:
        """Take what ``rule_rows`` gives, for a stock and a width in cells, as the rows about its alerts."""
        self.figures.rule_rows = rule_rows
        self.redraw()

    def redraw(self) -> None:
        """Show the stock as it is now."""
        self.figures.redraw()

    def show_move(self) -> bool:
        """Show what the stock did since this was asked last; whether it did anything."""
        quote = self._market.quotes.get(self.symbol) if self.symbol is not None else None
        moved = quote is not self._shown_quote
        if moved:
            self._shown_quote = quote
            self.redraw()
        return moved

    def colour(self, convention: str) -> None:
        """Colour gains and losses by ``convention``."""
        self.figures.convention = convention
        if self._chart is not None:
            self._chart.colours = convention

    # Views

    def step(self, by: int) -> None:
        """Show the view that many further on, round and round."""
        keys = [key for key, _ in self.views]
        at = keys.index(self.shown) if self.shown in keys else 0
        if keys:
            self.action_view(keys[(at + by) % len(keys)])

    def action_view(self, key: str) -> None:
        """Show the view called ``key``."""
        self.is_whole = False
        self.view = key

    def watch_view(self) -> None:
        """Show another view."""
        self._part()

    def watch_is_whole(self) -> None:
        """Show the chart, or the view again that was chosen."""
        self._part()

    def _part(self) -> None:
        """Show the view, and move the focus there if it was here; then hide the others, so that no hidden widget has
        it."""
        had_focus, front = self.has_focus_within, self.front
        self.figures.show_ledger_alone(self.shown == LEDGER)
        front.display = True
        if had_focus:
            self.screen.set_focus(front, scroll_visible=False)
        for widget in (self.figures, self._chart, self._filings):
            if widget is not None and widget is not front:
                widget.display = False
        if front is not self.figures:
            self.border_subtitle = ""
        self.ask_for_view()
        self.post_message(self.ViewChanged())

    def step_back(self) -> bool:
        """Leave the crosshair, or the whole screen, before the panel itself is."""
        chart = self.chart
        if chart is not None and chart.leave_crosshair():
            return True
        if self.is_whole:
            self.post_message(ChartRequest(ChartWish.WHOLE))
        return self.is_whole

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys of the crosshair count where there is a chart."""
        return action != "crosshair" or self.chart is not None

    def action_crosshair(self, bars: int) -> None:
        """Move the crosshair of the chart by ``bars``."""
        if self.chart is not None:
            self.chart.action_crosshair(bars)

    # What the chart says

    def on_chart_range_changed(self, event: Chart.RangeChanged) -> None:
        """Remember the range, and ask for what the chart has not: minutes are of now, days may not reach so far."""
        event.stop()
        self.look = replace(self.look, range=str(event.range))
        if not event.is_covered or event.interval != "day":
            self.post_message(ChartRequest(ChartWish.BARS))

    def on_chart_look_changed(self, event: Chart.LookChanged) -> None:
        """Remember the look."""
        event.stop()
        self.look = replace(self.look, candles=event.candles, adjusted=event.adjusted)

    def on_chart_compare_requested(self, event: Chart.CompareRequested) -> None:
        """Ask for what the stock is compared with."""
        event.stop()
        self.post_message(ChartRequest(ChartWish.COMPARISON))

    # What the filings say

    def on_filing_list_turned(self, event: FilingList.Turned) -> None:
        """Show the next view, or the one before."""
        event.stop()
        self.step(event.by)

    def on_filing_list_opened(self, event: FilingList.Opened) -> None:
        """Ask to go where a filing leads."""
        event.stop()
        self.post_message(FilingsRequest(event.marked))

    @property
    def plain(self) -> str:
        """The text of the view; of a list, which has a chart alone, none."""
        if self.watchlist is not None:
            return ""
        return self.filings.plain if self.filings is not None else self.figures.plain
