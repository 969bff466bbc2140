"""The panels side by side: which is in front, which has the whole screen, and how wide the columns are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingsMap, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.css.query import NoMatches
from textual.dom import DOMNode, NoScreen
from textual.geometry import NULL_SIZE
from textual.message import Message
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget

from aiwatch.market.state import MarketState
from aiwatch.screens.base import bindings_within
from aiwatch.screens.keys import PANEL_KEYS
from aiwatch.session.layout import BY_CONTENT, LEAST_SHARE, MOST_SHARE, USUAL_SHARE, Needs, Panel
from aiwatch.widgets.beat import every_second
from aiwatch.widgets.board.lists_view import ListsView
from aiwatch.widgets.board.panel import BoardPanel
from aiwatch.widgets.board.summary import SummaryLine
from aiwatch.widgets.ledger.panel import LedgerColumn, LedgerPanel
from aiwatch.widgets.linked_rows import hint
from aiwatch.widgets.looks import put_classes
from aiwatch.widgets.record.panel import RecordPanel
from aiwatch.widgets.stock.detail import BRIEF_ROWS
from aiwatch.widgets.stock.panel import CHART, ChartRequest, ChartWish, StockPanel
from aiwatch.widgets.tab_line import TabLine

if TYPE_CHECKING:
    from aiwatch.widgets.board.glance import GlancePanel
    from aiwatch.widgets.board.overview import Overview
    from aiwatch.widgets.chart.chart import Chart

AROUND = 2
"""Rows of the lines above and below the panels that are always there."""
_TABS = 1
"""The row of the tabs of a narrow screen."""
LEAST_BELOW = 7
"""Rows of the stock's panel at least where it stands under a board that needs the rest: its frame, and five rows."""
_STOCK_PART, _RECORD_PART = Fraction(1, 2), Fraction(2, 5)
"""What part of its column the stock, and the record, may have where they need more than there is."""
_OF_LEFT = (Panel.BOARD, Panel.STOCK)

TITLES = {Panel.BOARD: "Board", Panel.COMMITMENTS: "Commitments", Panel.STOCK: "Stock", Panel.RECORD: "Record"}
"""What the panels are called on their tabs."""


def with_panel_keys(
    panels: PanelLayout, chain: Sequence[tuple[DOMNode, BindingsMap]]
) -> list[tuple[DOMNode, BindingsMap]]:
    """``chain``, the nodes whose keys count, the innermost first; without a focus, from the panel in front outwards,
    where it has not been taken down yet. An empty stock panel names keys of the board: there they count too."""
    is_empty = panels.front is Panel.STOCK and panels.stock.stock is None
    lent = [(panels.board, panels.board.filling_keys())] if is_empty else []
    with suppress(NoMatches, NoScreen):
        screen = panels.screen
        inner = bindings_within(screen, panels.in_front.front) if screen.focused is None else chain[:-2]
        return [*inner, *lent, *chain[-2:]]
    return list(chain)


class PanelLayout(Vertical):
    """Two columns of two panels; a narrow screen shows the front panel alone, under tabs."""

    BINDINGS: ClassVar[list[BindingType]] = PANEL_KEYS

    front: reactive[Panel] = reactive(Panel.BOARD, init=False)
    """The panel that was last gone to."""
    full: reactive[bool] = reactive(False, init=False)
    """Whether the panel in front has the whole screen."""
    convention: reactive[str] = reactive("auto", init=False)
    """The colours of gains and losses that a person chose: one of `tone.CONVENTIONS`."""
    left_share: reactive[int] = reactive(USUAL_SHARE, init=False)
    """Percent of the width that the board's column has."""
    left_height: reactive[int] = reactive(BY_CONTENT, init=False)
    """Percent of its column's rows that the board has, `BY_CONTENT` where nobody gave it any."""
    right_height: reactive[int] = reactive(BY_CONTENT, init=False)
    """The same of the ledger."""
    rows: reactive[int] = reactive(0, init=False)
    """The rows that the panels have. Nothing of the layout itself is seen: Textual does not say how large it is."""
    welcomed: reactive[bool] = reactive(True, init=False)
    """Whether the line of the first start was put away."""

    class FrontChanged(Message):
        """Another ``panel`` is in front."""

        def __init__(self, panel: Panel) -> None:
            super().__init__()
            self.panel = panel

    class ConventionChanged(Message):
        """Gains and losses are to have other colours: those of ``convention``."""

        def __init__(self, convention: str) -> None:
            super().__init__()
            self.convention = convention

    class FindRequested(Message):
        """A stock is to be found, wherever it is."""

    def __init__(self, board: BoardPanel, ledger: LedgerPanel, stock: StockPanel, record: RecordPanel) -> None:
        super().__init__()
        self.board = board
        self.ledger = ledger
        self.stock = stock
        self.record = record
        self._tabs = TabLine(id="narrow-tabs")
        self._left, self._right = (
            Vertical(id="left", classes="column -front"),
            LedgerColumn(id="right", classes="column -ledger"),
        )
        self._glance: GlancePanel | None = None
        self._rows_of_glance = 0
        self._laid_for = (NULL_SIZE, 0)
        """The size of the screen, and the width of the stock's panel, for which the rows were parted last."""
        self._came_from = Panel.BOARD
        """Which panel was in front before the chart had the whole screen."""
        self._titles: dict[Panel, Content] = {}
        self._panels: dict[Panel, BoardPanel | LedgerPanel | StockPanel | RecordPanel]
        self._panels = {Panel.BOARD: board, Panel.COMMITMENTS: ledger, Panel.STOCK: stock, Panel.RECORD: record}

    def compose(self) -> ComposeResult:
        yield self._tabs
        with Horizontal(id="panels"):
            with self._left:
                yield self.board
                yield self.stock
            with self._right:
                yield self.ledger
                yield self.record

    def put_glance(self, panel: GlancePanel) -> None:
        """Take the panel of all lists at a glance, which is shown from now on where there is room."""
        self._left.mount(panel)
        self._glance = panel

    def on_mount(self) -> None:
        """Name the tabs of a narrow screen."""
        self._tabs.tabs = tuple((panel.name, f"{panel.value} {title}") for panel, title in TITLES.items())
        self._tabs.chosen = self.front.name
        self.rows = self.app.size.height - AROUND
        for name in ("rows", "full", "left_height", "right_height"):
            self.watch(self, name, self.share_rows, init=False)
        self.watch(self.ledger, "view", self.share_rows, init=False)
        self.screen.screen_layout_refresh_signal.subscribe(self, self._follow_layout)
        every_second(self, self.share_rows)

    @property
    def in_front(self) -> BoardPanel | LedgerPanel | StockPanel | RecordPanel:
        """The panel that was last gone to."""
        return self._panels[self.front]

    @property
    def _rows(self) -> tuple[Panel, ListsView | LedgerPanel]:
        """The panel whose rows a key is about: those of the ledger for it and its record, else those of the board."""
        of_ledger = self.front in (Panel.COMMITMENTS, Panel.RECORD)
        return (Panel.COMMITMENTS, self.ledger) if of_ledger else (Panel.BOARD, self.board.lists)

    def go_to(self, panel: Panel) -> None:
        """Bring ``panel`` to the front and give it the focus."""
        self.front = panel
        self.in_front.front.focus()

    def set_title(self, panel: Panel, words: str | Content) -> None:
        """Put ``words`` on the frame of ``panel``, behind its number; only new ones, since all of it is redrawn."""
        title, before = Content.assemble(f"{panel.value} ", words), self._titles.get(panel)
        if before is None or not before.is_same(title):
            self._titles[panel] = title
            self._panels[panel].border_title = title

    @property
    def front_to_keep(self) -> Panel:
        """The panel in front, whatever the chart over the whole screen hides."""
        return self._came_from if self.stock.is_whole else self.front

    def toggle_chart(self) -> None:
        """Give the chart the whole screen, until another panel is gone to, or go back to where it was asked for."""
        if self.stock.is_whole:
            self.stock.is_whole = False
            self.go_to(self._came_from)
        else:
            self._came_from = self.front
            self.stock.is_whole = True
            self.go_to(Panel.STOCK)

    def watch_front(self, front: Panel) -> None:
        """Bring a panel to the front where only one has room."""
        holders, frames = (self.in_front, self.in_front.parent), (*self._panels.values(), self._left, self._right)
        self._put_classes("-front", {frame: frame in holders for frame in frames})
        self._tabs.chosen = front.name
        self.stock.is_whole = self.stock.is_whole and front is Panel.STOCK
        self.share_rows()
        self.post_message(self.FrontChanged(front))

    def watch_convention(self, convention: str) -> None:
        """Let everything be drawn in the colours chosen."""
        self.post_message(self.ConventionChanged(convention))

    def colour(self, convention: str) -> None:
        """Draw gains and losses in the colours of ``convention``, which are in force now."""
        self.board.lists.convention = convention
        self.stock.colour(convention)
        self.record.colour(convention)
        self.ledger.redraw()

    def show_brief(self, market: MarketState) -> None:
        """Show the stock as ``market`` has it now in brief, under a board that is alone."""
        self.board.lists.brief.show(self.stock.stock, market, self.board.lists.convention)

    @on(StockPanel.ViewChanged)
    def show_view(self) -> None:
        """Give another view of the stock its rows, and its keys."""
        self.share_rows()
        self.refresh_bindings()

    def _follow_layout(self, screen: Screen[object]) -> None:
        """Part the rows once more after a layout in other widths: how many a text needs is known by then."""
        if (laid_for := (screen.size, self.stock.size.width)) != self._laid_for:
            self._laid_for = laid_for
            self.share_rows()

    @on(ListsView.Changed)
    @on(SummaryLine.RowsChanged)
    def share_rows(self) -> None:
        """Part the rows of each column between its panels by what they show, or as a person wants it, and name the
        stock's views as far as they fit. On a narrow screen the stock stands under the board where rows are left; its
        figures then stand for it in brief."""
        self._put_classes("-full", {self: self.full or self.stock.is_whole})
        is_under = self._has_stock_below()
        self._put_classes("-under", {self: is_under})
        self._put_classes("-in-full", {self: is_under and self.stock.shown != CHART})
        if self._glance is not None:
            has_room = self.screen.has_class("-wide") and not self.has_class("-full")
            rows, upper, lower = self.rows, self.board.rows_needed, self.stock.rows_needed
            self._rows_of_glance = self._glance.fit(rows, upper, lower, has_room=has_room)
        for panel, needs, height in (
            (self.board, self._needs_of_left, self.left_height),
            (self.ledger, self._needs_of_right, self.right_height),
        ):
            panel.styles.height = None if self._is_one_panel() else needs.upper_rows(height)
        if is_under:
            self.board.styles.height = self.board.rows_needed + self._rows_in_brief
        self.set_title(Panel.STOCK, self.stock.heading(self.stock.size.width or self.app.size.width // 2))

    def _put_classes(self, name: str, wanted: Mapping[Widget, bool]) -> None:
        """Give or take the class ``name``, and style what screen.tcss means by it."""
        frames = (self._tabs, self._left, self._right, *self._panels.values(), self.board.lists.brief)
        put_classes(name, wanted, frames if self._glance is None else (*frames, self._glance))

    def _has_stock_below(self) -> bool:
        """Whether a narrow screen has rows for the stock's panel under all of the board."""
        is_board = self.front is Panel.BOARD and not self.has_class("-full") and self.screen.has_class("-narrow")
        return is_board and self.rows - _TABS - self.board.rows_needed - self._rows_in_brief >= LEAST_BELOW

    @property
    def _rows_in_brief(self) -> int:
        return BRIEF_ROWS if self.stock.shown == CHART and self.stock.stock is not None else 0

    def watch_left_share(self, share: int) -> None:
        """Part the width between the columns; at the usual share they also keep the least that they read well in."""
        is_usual, left, right = share == USUAL_SHARE, self._left.styles, self._right.styles
        left.width, right.width = (None, None) if is_usual else (f"{share}fr", f"{100 - share}fr")
        right.min_width = None if is_usual else 0

    @property
    def _needs_of_left(self) -> Needs:
        return Needs(self.rows - self._rows_of_glance, self.board.rows_needed, self.stock.rows_needed, _STOCK_PART)

    @property
    def _needs_of_right(self) -> Needs:
        return Needs(self.rows, self.ledger.rows_needed, self.record.rows_needed, _RECORD_PART)

    def _is_one_panel(self) -> bool:
        """Whether one panel has all the room there is."""
        return self.has_class("-full") or self.screen.has_class("-narrow")

    def on_descendant_focus(self) -> None:
        """Know which panel is in front, however the focus came there."""
        for panel, widget in self._panels.items():
            if widget.has_focus_within:
                self.front = panel

    @on(TabLine.Picked, "#narrow-tabs")
    def pick_panel(self, event: TabLine.Picked) -> None:
        """Go to the panel whose tab was clicked."""
        self.go_to(Panel[event.key])

    @on(LedgerColumn.MapToggled)
    def show_ledger(self) -> None:
        """Go to the ledger, which shows another view."""
        self.go_to(Panel.COMMITMENTS)

    def on_overview_opened(self, event: Overview.Opened) -> None:
        """Show the list that was clicked at a glance."""
        self.board.lists.chosen = event.key
        self.go_to(Panel.BOARD)

    def action_panel(self, name: str) -> None:
        """Go to the panel called ``name``."""
        self.go_to(Panel[name.upper()])

    def action_step_panel(self, by: int) -> None:
        """Go to the panel that many further on, round and round."""
        self.go_to(Panel((self.front - 1 + by) % len(Panel) + 1))

    def action_full(self) -> None:
        """Give the panel in front the whole screen, or take it back; the chart gives it back."""
        if self.stock.is_whole:
            self.stock.is_whole = False
        elif not self._is_alone():
            self.full = not self.full

    def action_width(self, by: int) -> None:
        """Make the board's column wider or, with a negative number, narrower, by percent of the screen."""
        if not self._is_alone() and not self.full:
            self.left_share = min(max(LEAST_SHARE, self.left_share + by), MOST_SHARE)

    def action_height(self, by: int) -> None:
        """Make the upper panel of the column in front taller or, with a negative number, shorter by a step."""
        if self._is_alone() or self.full:
            return
        if self.front in _OF_LEFT:
            self.left_height = self._needs_of_left.step(self.left_height, by)
        else:
            self.right_height = self._needs_of_right.step(self.right_height, by)

    def _is_alone(self) -> bool:
        """Whether the screen has room for one panel only, and says so."""
        if alone := self.screen.has_class("-narrow"):
            self.notify("There is room for one panel only", timeout=2)
        return alone

    def action_back(self) -> None:
        """Leave a filter or marks, also a filter that leaves the stock or the record with nothing to show; else put the
        line of the first start away; else go back to the board."""
        from textual.widgets import Input  # dear, and no first paint has one

        is_typing = isinstance(self.screen.focused, Input)
        nothing = {Panel.STOCK: self.stock.stock is None, Panel.RECORD: not self.record.detail.key}.get(self.front)
        if not self.in_front.step_back() and not (nothing and self._rows[1].clear_filter()):
            if self.welcomed or is_typing:
                self.go_to(Panel.BOARD)
            self.welcomed |= not is_typing

    def action_chart(self) -> None:
        """Show the chart of the selected stock over the whole screen, or go back from it."""
        self.post_message(ChartRequest(ChartWish.WHOLE))

    def is_idle(self, name: str) -> bool:
        """Whether the action called ``name`` has nothing to act on now: the chart's where none is in sight."""
        return name.startswith("chart.") and not (self.stock.chart and self.stock.region)

    def action_chart_view(self, name: str) -> None:
        """See the chart in another way, from whichever panel; where none is in sight, compare, or say what shows it."""
        if self.stock.chart is not None and self.stock.region:
            self.stock.chart.action_chart_view(name)
        elif name == "compare":
            self.post_message(ChartRequest(ChartWish.COMPARISON))
        else:
            self.notify(f"No chart in sight: {hint(self, ('row.chart', 'shows it'))}".rstrip(": "), timeout=3)

    def on_chart_walked(self, event: Chart.Walked) -> None:
        """Go to a stock further down the list, or to another list, with the chart in front."""
        self.board.lists.walk(event.by)

    def action_find(self) -> None:
        """Find a stock anywhere, and go to it."""
        self.post_message(self.FindRequested())

    def action_step_list(self, by: int) -> None:
        """Show the list that many tabs further on, all lists after the last."""
        self.board.lists.step(by)

    def action_step_view(self, by: int) -> None:
        """Show the view that many further on: of the stock where that is in front, else of the ledger."""
        (self.stock if self.front is Panel.STOCK else self.ledger).step(by)

    def action_filter(self) -> None:
        """Open the filter of the rows."""
        self.front, rows = self._rows
        rows.show_filter()

    def action_sort(self) -> None:
        """Sort the rows by the next column, or by the next thing."""
        self._rows[1].sort_by_next()

    def action_reverse(self) -> None:
        """Turn the order of the rows round."""
        self._rows[1].reverse()
