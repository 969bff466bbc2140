"""The one screen: board, commitments, the selected stock and the selected record, under one status line."""

from __future__ import annotations

from typing import ClassVar

from textual import events, getters, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget

from aiwatch.feed.feed import Batch
from aiwatch.formatting.tone import in_front
from aiwatch.market.quote import Quote
from aiwatch.market.symbol import Symbol
from aiwatch.screens.dashboard.alert_actions import AlertScreen
from aiwatch.screens.dashboard.copy_screen import CopyScreen
from aiwatch.screens.dashboard.editor_screen import MARK_WORDS
from aiwatch.screens.dashboard.layout import LayoutScreen
from aiwatch.screens.dashboard.list_actions import EditScreen
from aiwatch.screens.dashboard.look_screen import LookScreen
from aiwatch.screens.dashboard.panels import PANELS, Panel
from aiwatch.screens.keys.bindings import DASHBOARD_KEYS, footer_order
from aiwatch.screens.keys.keymap import Keyboard
from aiwatch.session.dependencies import Dependencies
from aiwatch.watchlist import Stock
from aiwatch.widgets.beat import every_second, every_tick
from aiwatch.widgets.board.board import Board
from aiwatch.widgets.board.panel import BoardPanel
from aiwatch.widgets.key_line import KeyLine
from aiwatch.widgets.ledger.panel import LedgerPanel
from aiwatch.widgets.notice_line import NoticeLine
from aiwatch.widgets.record.detail import RecordDetail
from aiwatch.widgets.status_line import StatusLine, complaints
from aiwatch.widgets.stock.detail import StockDetail
from aiwatch.widgets.stock.fields import title
from aiwatch.widgets.stock.mentions import mention_rows
from aiwatch.widgets.tab_line import TabLine

LOCALES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""The variables that say where a person is at home, the strongest first."""
LEDGER_PANELS = (2, 4)
"""The panels in which filter and order are those of the ledger."""
_NO_PRICE = "No price yet: `aiwatch demo` shows simulated ones without a network."


class Dashboard(EditScreen, AlertScreen, LookScreen, CopyScreen, LayoutScreen):
    """Shows what is known, asks the feed for more, and moves between panels."""

    BINDINGS: ClassVar[list[BindingType]] = [*DASHBOARD_KEYS]
    AUTO_FOCUS = ""  # the panel that was left last has it, which only the mounted screen knows
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-medium"), (150, "-wide")]  # noqa: RUF012

    status = getters.query_one(StatusLine)
    notice = getters.query_one(NoticeLine)

    def __init__(self, dependencies: Dependencies, keyboard: Keyboard, *, width: int = 0) -> None:
        """``width`` is that of the terminal in cells: what is laid out for it at once need not be laid out again."""
        super().__init__(dependencies)
        self.set_class(bool(dependencies.feed.mark), "-marked", update=False)
        self.add_class(next(name for least, name in self.HORIZONTAL_BREAKPOINTS[::-1] if width >= least), update=False)
        self.keyboard = keyboard
        self.desk.recall(dependencies.archive.remembered.quotes, dependencies.archive.remembered.prices)
        self._selected: Stock | None = None
        self._quote_told: Quote | None = None

    def compose(self) -> ComposeResult:
        given = self._given
        yield StatusLine(self.desk, mark=given.feed.mark)
        yield NoticeLine()
        yield TabLine(id="narrow-tabs")
        with Horizontal(id="panels"):
            with Vertical(id="left", classes="-front"):
                yield BoardPanel(self.desk, self.lists, id="board-panel", classes="panel -front")
                with Vertical(id="stock-panel", classes="panel"):
                    yield StockDetail(self.desk, id="stock")
            with Vertical(id="right"):
                with LedgerPanel(self.reading, id="commitments-panel", classes="panel") as ledger:
                    ledger.border_title = "2 Commitments"
                with Vertical(id="record-panel", classes="panel"):
                    yield RecordDetail(self.desk, self.reading, id="record")
        yield KeyLine(footer_order(self.front))

    @on(events.ScreenResume)
    def keep_first_styles(self, event: events.ScreenResume) -> None:
        """Style the screen anew when it comes back, but not when it begins: its widgets were styled as they came."""
        event.refresh_styles = bool(self.outer_size)

    def on_mount(self) -> None:
        """Show what was read, then let the feed begin: nothing is asked before the first paint."""
        given = self._given
        tabs = self.query_one("#narrow-tabs", TabLine)
        tabs.tabs, tabs.chosen = tuple((str(panel.number), panel.name) for panel in PANELS), "1"
        self.status.health = given.feed.feed.health
        self.board_panel.currency = self.stock.currency = given.files.settings.currency
        self.stock.rule_rows = self.rule_rows
        self.restore()
        self.colour()
        self._show_stock(self.board_panel.board.current)
        given.feed.feed.follow(self.followed())
        self._say()
        every_second(self, self._say)
        every_tick(self, lambda _: self.show_move())
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self._given.environment.painted()
        self._given.feed.feed.start()
        self.receive_batches()
        self.begin_reading()
        self.follow_files()
        self.begin_alerts()

    @work(group="feed", exclusive=True, exit_on_error=False)
    async def receive_batches(self) -> None:
        """Take what the feed hands over, a batch a tick."""
        async for batch in self._given.feed.feed.batches():
            self.take(batch)

    def take(self, batch: Batch) -> None:
        """Show what is new."""
        changed = self.desk.take(batch.quotes)
        self.desk.lose(batch.unknown)
        self.board_panel.mark(changed)
        self.board_panel.board.mark(self.desk.disagree(batch.disagreements))
        self.look_for_alerts(changed)
        if batch.health != self.status.health:
            self.status.health = batch.health
            self._say()

    def show_move(self) -> None:
        """Show what the selected stock did since it was shown, when the board shows it too."""
        quote = self.desk.quotes.get(self._selected.symbol) if self._selected is not None else None
        if quote is not self._quote_told:
            self._quote_told = quote
            self.stock.redraw()
            self._show_brief()

    def _say(self) -> None:
        """Say what is wrong with sources and files now."""
        failing = complaints(self.status.health, self.desk.clock())
        if failing and not self.desk.quotes and not self._given.feed.mark:
            failing.append(_NO_PRICE)
        keys = map(str, self.keyboard.problems)
        files = [*self._given.files.problems, *keys, *self.list_problems, *self.ledger_problems]
        self.notice.say([*files, *self._given.archive.troubles(), *failing])

    def _show_brief(self) -> None:
        self.board_panel.brief.show(self._selected, self.desk, self.colours_in_force)

    def watch_convention(self, convention: str) -> None:
        """Colour gains and losses anew, everywhere."""
        super().watch_convention(convention)
        self.colour()

    def colour(self) -> None:
        """Wear the colours chosen, or those of the list in front: one convention for the whole screen."""
        home = next(
            (
                self._given.environment.variables[name]
                for name in LOCALES
                if self._given.environment.variables.get(name)
            ),
            "",
        )
        shown = in_front(self.board_panel.symbols, self.convention, home)
        if shown == self.colours_in_force:
            return
        self.colours_in_force = shown
        for widget in (self.board_panel, self.stock, self.record):
            widget.convention = shown
        self.ledger_panel.redraw()
        self._show_brief()

    def panel_widget(self, panel: Panel) -> Widget:
        """The widget of ``panel`` that takes the keys; that of the board depends on the tab."""
        return self.board_panel.front if panel.number == 1 else super().panel_widget(panel)

    # What the widgets say

    @on(BoardPanel.Changed)
    def name_board(self, event: BoardPanel.Changed) -> None:
        """Put the list's name, and what the prices are, on the frame, and show the stock its cursor is on."""
        mark = (
            f" · {self._given.feed.mark}: {MARK_WORDS.get(self._given.feed.mark, 'not live')}"
            if self._given.feed.mark
            else ""
        )
        self.board_panel.border_title = Content(f"1 {event.name}{mark}")
        self.colour()
        self._show_stock(self.board_panel.board.current)

    @on(Board.Highlighted)
    def show_stock(self, event: Board.Highlighted) -> None:
        """Show the stock the board's cursor came to."""
        self._show_stock(event.symbol)

    def _show_stock(self, symbol: Symbol | None) -> None:
        stock = self.stock_of(symbol) if symbol else None
        if stock is None or stock == self._selected:
            return
        self._selected = stock
        self.query_one("#stock-panel").border_title = Content(f"3 {title(stock)}")
        self.show_mentions()
        self._show_brief()

    def show_selected(self) -> None:
        """Show the selected stock anew, as its list has it now."""
        self._show_stock(self.board_panel.board.current)

    def show_mentions(self) -> None:
        """Show the selected stock with the records that touch it."""
        if self._selected is not None:
            self.stock.show(self._selected, mention_rows(self.ledger, self._selected.symbol))

    @on(Board.Chosen)
    def open_stock(self) -> None:
        """Go to the stock in full."""
        self.action_panel(3)

    # Keys

    def action_next_list(self) -> None:
        """Show the next list, all lists after the last."""
        self.board_panel.step(1)

    def action_previous_list(self) -> None:
        """Show the list before."""
        self.board_panel.step(-1)

    def action_filter(self) -> None:
        """Open the filter of the ledger when it is in front, else that of the board."""
        if self.front in LEDGER_PANELS:
            self.front = 2
            self.ledger_panel.show_filter()
        else:
            self.front = 1
            self.board_panel.show_filter()
            self.learn_names()

    def action_back(self) -> None:
        """Clear the marks or the filter of the panel in front, else go back to the board."""
        if self.front == 1 and self.clear_picks():
            return
        if self.front == 1:
            self.board_panel.clear_filter()
        elif self.front == 2 and self.ledger_panel.clear_filter():
            self.action_panel(2)
            return
        self.action_panel(1)

    def action_sort(self) -> None:
        """Sort the ledger by the next thing when it is in front, else the board by the next column."""
        (self.ledger_panel if self.front in LEDGER_PANELS else self.board_panel).sort_by_next()

    def action_reverse(self) -> None:
        """Turn the order round, of the ledger or of the board."""
        (self.ledger_panel if self.front in LEDGER_PANELS else self.board_panel).reverse()

    def action_names(self) -> None:
        """English or Chinese names."""
        self.board_panel.language = "english" if self.board_panel.language == "chinese" else "chinese"

    def action_theme(self) -> None:
        """Choose a theme."""
        self.app.action_change_theme()

    def action_refresh_now(self) -> None:
        """Ask every source now; pressed again, also those whose hosts asked for silence."""
        refreshed = self._given.feed.feed.refresh()
        titles = ", ".join(refreshed.silent)
        if not titles:
            self.notify("Asking the sources", timeout=2)
        elif refreshed.insisted:
            self.notify(f"Asking {titles} although silence was asked for", timeout=4)
        else:
            keys = self.keyboard.shown("feed.refresh").replace(" ", " or ")
            self.notify(f"{titles} asked for silence; press {keys} again to ask all the same", timeout=8)

    def action_pause(self) -> None:
        """Stop asking the sources, or go on."""
        paused = not self._given.feed.feed.paused
        self._given.feed.feed.pause(paused)
        self.status.paused = self.board_panel.board.paused = paused

    def action_health(self) -> None:
        """Show how every source is doing."""
        from aiwatch.screens.dialogs.sources import HealthScreen

        self.app.push_screen(HealthScreen(self._given.feed.feed, self.desk, self.keyboard.shown("dialog.close")))

    def action_help(self) -> None:
        """Show every key."""
        from aiwatch.screens.dialogs.help import HelpScreen

        self.app.push_screen(HelpScreen(self.keyboard))
