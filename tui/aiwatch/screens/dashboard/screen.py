"""The one screen: board, commitments, the selected stock and the selected record, under one status line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, ClassVar

from textual import events, getters, on, work
from textual.app import ComposeResult
from textual.binding import BindingsMap, BindingType
from textual.dom import DOMNode
from textual.geometry import Size
from textual.widget import Widget

from aiwatch.feed.feed import Batch
from aiwatch.formatting.text import home_convention, in_front
from aiwatch.market.source_health import SourceHealth
from aiwatch.market.state import MarketState
from aiwatch.market.symbol import Symbol
from aiwatch.screens.base import BaseScreen, ChangedLines, reported
from aiwatch.screens.dashboard import DashboardParts
from aiwatch.screens.dashboard.kept_layout import KeptLayout
from aiwatch.screens.dashboard.panel_layout import AROUND, PanelLayout, with_panel_keys
from aiwatch.screens.keys import SCREEN_KEYS
from aiwatch.screens.keys.keyboard import Keyboard, footer_order
from aiwatch.session.layout import Panel
from aiwatch.session.lists import ListChange
from aiwatch.session.session import Session
from aiwatch.watchlist import ALL_LISTS
from aiwatch.widgets.beat import every_second, every_tick, follow_cursor
from aiwatch.widgets.board import panel as asked
from aiwatch.widgets.board.board import Board
from aiwatch.widgets.board.lists_view import ListsView
from aiwatch.widgets.key_line import KeyLine
from aiwatch.widgets.ledger.context import LedgerContext, ledger_context
from aiwatch.widgets.ledger.list import LedgerList
from aiwatch.widgets.ledger.panel import LedgerPanel, LedgerRequest
from aiwatch.widgets.linked_rows import LinkedRows
from aiwatch.widgets.record.panel import RecordPanel
from aiwatch.widgets.status_line import NoticeLine, StatusLine, source_errors, welcome_words
from aiwatch.widgets.stock.fields import mention_rows
from aiwatch.widgets.stock.panel import ChartRequest, FilingsRequest, StockPanel

if TYPE_CHECKING:
    from aiwatch.screens.dashboard.actions import DashboardActions, PanelRequest

LOCALES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""The variables that say where a person is at home, the strongest first."""
PATIENCE = 1.0
"""Seconds after the first paint at which everything but the feed begins, when no price has come by then."""
_NO_PRICE = ". No price yet: `aiwatch demo` shows simulated ones without a network."


class DashboardScreen(BaseScreen[None]):
    """Shows what its session knows, takes what the feed hands over, and lets its parts do what keys and panels ask."""

    BINDINGS: ClassVar[list[BindingType]] = SCREEN_KEYS
    AUTO_FOCUS = ""  # the panel that was left last has it, which only the mounted screen knows
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-medium"), (150, "-wide")]  # noqa: RUF012

    status = getters.query_one(StatusLine)
    notice = getters.query_one(NoticeLine)

    def __init__(self, session: Session, keyboard: Keyboard, *, width: int = 0) -> None:
        """``width`` is that of the terminal in cells: what is laid out for it at once need not be laid out again."""
        super().__init__()
        self._compositor = ChangedLines()
        dependencies = session.dependencies
        self.set_class(bool(dependencies.feed.mark), "-marked", update=False)
        self.add_class(next(name for least, name in self.HORIZONTAL_BREAKPOINTS[::-1] if width >= least), update=False)
        self.session = session
        self.keyboard = keyboard
        self.colours_in_force = "auto"
        """Which colours gains and losses have now, everywhere on the screen: one of `tone.CONVENTIONS`."""
        self._home = home_convention(_locale(session))
        self._is_composed = False
        self._has_begun = False
        self._is_watching = False
        market, currency = session.market, dependencies.files.settings.currency
        one_scale = dependencies.files.settings.day_scale == "list"
        self.lists = ListsView(market, session.lists.lists, currency=currency, one_scale=one_scale)
        """The lists as they are shown."""
        charts, filings = dependencies.feed.history is not None, dependencies.feed.filings is not None
        context = partial(_ledger_context, session, lambda: self.colours_in_force)
        ledger = LedgerPanel(context, keyboard.hint, id="commitments-panel", classes="panel")
        self.panels = PanelLayout(
            asked.BoardPanel(self.lists, keyboard.hint, id="board-panel", classes="panel -front"),
            ledger,
            StockPanel(market, currency, has_chart=charts, has_filings=filings, id="stock-panel", classes="panel"),
            RecordPanel(market, context, ledger.why_nothing, id="record-panel", classes="panel"),
        )
        self.parts = DashboardParts(self, session, keyboard, self.panels, self.show_lists, self.update_notices)
        self.kept_layout = KeptLayout(self.parts)

    def compose(self) -> ComposeResult:
        session = self.session
        yield StatusLine(session.market, session.lists.market_symbols, mark=session.dependencies.feed.mark)
        yield NoticeLine()
        yield self.panels
        yield KeyLine(footer_order(self.keyboard.actions, Panel.BOARD), self.panels.is_idle)

    @cached_property
    def actions(self) -> DashboardActions:
        """Those who do what keys and panels ask for."""
        from aiwatch.screens.dashboard.actions import DashboardActions

        return DashboardActions(self.parts)

    @property
    def _binding_chain(self) -> list[tuple[DOMNode, BindingsMap]]:
        """The nodes whose keys count, the innermost first: `with_panel_keys`."""
        chain = super()._binding_chain
        return with_panel_keys(self.panels, chain) if self._is_composed else chain

    def fit(self, size: Size) -> None:
        """Part the rows between the panels before the layout that is to show them."""
        super().fit(size)
        if self._is_composed:
            self.panels.rows = size.height - AROUND - self.notice.rows_at(size.width)

    @on(events.ScreenResume)
    def keep_first_styles(self, event: events.ScreenResume) -> None:
        """Style and fit the screen anew when it comes back. When it begins, its widgets were styled as they came, and
        the feed begins behind the first picture, which this event draws: a second layout follows."""
        event.refresh_styles = bool(self.outer_size)
        self.fit(self.app.size)
        if not self._has_begun:
            self.call_next(self._begin)

    def on_mount(self) -> None:
        """Show what was read, then let the feed begin: nothing is asked before the first paint."""
        self._is_composed = True
        feed = self.session.dependencies.feed.feed
        self.panels.set_title(Panel.COMMITMENTS, "Commitments")
        self.status.health = feed.health
        self.kept_layout.restore()
        self.select(self.lists.board.current or next((stock.symbol for stock in self.session.lists.stocks), None))
        self.colour()
        self.panels.set_title(Panel.RECORD, self.panels.record.show(self.panels.ledger.list.key))
        feed.follow(self.session.lists.followed())
        self.fit(self.app.size)
        self.update_notices()
        self.watch(self.panels, "welcomed", self.update_notices, init=False)
        every_second(self, self.update_notices)
        every_tick(self, lambda _: show_move(self.panels, self.session.market))

    def _begin(self) -> None:
        """Let the feed alone begin: the first paint is over, and prices are what is waited for."""
        self._has_begun = True
        self.session.dependencies.feed.feed.start()
        self.session.dependencies.environment.painted()
        self.receive_batches()
        self.set_timer(PATIENCE, self._begin_rest)

    def _begin_rest(self) -> None:
        """Read files and watch alerts, once the first prices are shown or nobody has any."""
        if self._is_watching:
            return
        self._is_watching = True
        self.session.dependencies.environment.settled()
        self.follow_files()
        self.actions.begin()

    def _update_focus_styles(self, focused: Widget | None = None, blurred: Widget | None = None) -> None:
        """Style the frames that the focus leaves and comes to: what is in them looks the same with it and without."""
        nodes = [node for widget in (focused, blurred) if widget is not None for node in widget.ancestors]
        self.app.stylesheet.update_nodes({node for node in nodes if node._has_focus_within}, animate=True)

    # What comes in

    @work(group="feed", exclusive=True, exit_on_error=False)
    async def receive_batches(self) -> None:
        """Take what the feed hands over, a batch a tick."""
        async for batch in self.session.dependencies.feed.feed.batches():
            with reported(self.app):  # one batch: the next is taken all the same
                self.take(batch)

    def take(self, batch: Batch) -> None:
        """Show what is new."""
        market = self.session.market
        changed = market.apply(batch.quotes)
        market.mark_unknown(batch.unknown)
        self.lists.mark(changed)
        self.lists.board.invalidate(market.disagree(batch.disagreements))
        if self._is_watching:
            self.actions.alerts.look(changed)
        elif changed:
            self.call_after_refresh(self._begin_rest)
        if batch.health != self.status.health:
            self.status.health = batch.health
            self.update_notices()

    @work(group="lists", exclusive=True, exit_on_error=False)
    async def follow_files(self) -> None:
        """Show the lists anew whenever their files change."""
        async for change in self.session.lists.changes():
            self.show_lists(change)

    def show_lists(self, change: ListChange) -> None:
        """Show what became of the lists, everywhere and in this order."""
        lists = self.session.lists
        self.actions.lists.report_deleted(change.deleted)
        if change.lists:
            self.panels.board.show(lists.lists)
            self.panels.share_rows()
            self.colour()
            self.show_selected()
            self.actions.alerts.follow()
            self.session.look_at(self.lists.chosen)
        if change.followed:
            self.session.dependencies.feed.feed.follow(lists.followed())
        self.update_notices()

    # What is shown

    def update_notices(self) -> None:
        """Say what is wrong with sources and files now."""
        welcome = "" if self.panels.welcomed else welcome_words(self.keyboard.hint, self._home is not None)
        if self.notice.say(_troubles(self.session, self.keyboard, self.status.health), welcome):
            self.fit(self.app.size)

    @on(PanelLayout.ConventionChanged)
    def colour(self) -> None:
        """Wear the colours chosen, or those of the list in front: one convention for the whole screen."""
        shown = in_front(self.lists.symbols, self.panels.convention, self._home)
        if shown == self.colours_in_force:
            return
        self.colours_in_force = shown
        self.panels.colour(shown)
        self.panels.show_brief(self.session.market)
        self.status.convention = shown

    def select(self, symbol: Symbol | None) -> None:
        """Show the stock called ``symbol`` in its panel, as its list has it now; without one, why there is none."""
        stock, panel = self.session.lists.stock_of(symbol, self.lists.chosen), self.panels.stock
        if stock is None:
            panel.show_nothing(self.panels.board.why_nothing)
        elif stock != panel.stock:
            panel.show(stock, mention_rows(self.session.ledger.ledger, stock.symbol))
        else:
            return
        self.panels.share_rows()
        self.panels.show_brief(self.session.market)

    # What the panels say

    @on(PanelLayout.FrontChanged)
    def order_keys(self, event: PanelLayout.FrontChanged) -> None:
        """Let the bottom row begin with what matters in the panel in front."""
        self.query_one(KeyLine).order = footer_order(self.keyboard.actions, event.panel)
        self.refresh_bindings()

    @on(ListsView.Changed)
    def name_board(self, event: ListsView.Changed) -> None:
        """Put the list's name, and what the prices are, on the frame, and show the stock its cursor is on."""
        provenance = self.session.dependencies.feed.provenance
        self.panels.set_title(Panel.BOARD, f"{event.name}{f' · {provenance}' if provenance else ''}")
        self.colour()
        self.show_selected()
        self.session.look_at(self.lists.chosen)

    def show_selected(self) -> None:
        """Show in the stock's panel what the cursor is on: a stock, or a list where all lists are shown."""
        is_of_lists = self.lists.chosen == ALL_LISTS
        watchlist = self.session.lists.get(self.lists.overview.current if is_of_lists else "")
        if watchlist is not None:
            self.panels.stock.show_list(watchlist)
            self.panels.share_rows()
            self.panels.show_brief(self.session.market)
        elif not is_of_lists or self.lists.overview.option_count:  # all lists have their rows a moment later
            self.select(self.lists.current)

    on_overview_reached = show_selected
    """The cursor came to another list, where all lists are shown."""

    @on(Board.Highlighted)
    @on(Board.Chosen)
    def show_stock(self, event: Board.Highlighted | Board.Chosen) -> None:
        """Show the stock that the board's cursor came to; go to it in full where it was chosen."""
        follow_cursor(self.panels.stock)
        self.select(event.symbol)
        if isinstance(event, Board.Chosen):
            self.panels.go_to(Panel.STOCK)

    @on(LedgerList.Reached)
    @on(LedgerList.Opened)
    def show_record(self, event: LedgerList.Reached | LedgerList.Opened) -> None:
        """Show the record that the ledger's cursor came to; go to it in full where it was opened."""
        follow_cursor(self.panels.record)
        self.panels.set_title(Panel.RECORD, self.panels.record.show(event.key))
        self.panels.share_rows()
        if isinstance(event, LedgerList.Opened):
            self.panels.go_to(Panel.RECORD)

    @on(LinkedRows.Followed)
    def jump(self, event: LinkedRows.Followed) -> None:
        """Go where a row of a stock or a record leads."""
        self.actions.jumps.follow(event.target)

    @on(asked.ListRequest)
    @on(ChartRequest)
    @on(FilingsRequest)
    @on(PanelLayout.FindRequested)
    @on(LedgerRequest)
    @on(ListsView.FilterOpened)
    def act(self, request: PanelRequest) -> None:
        """Do what a panel asks for, once the first paint is over."""
        if self._has_begun:
            self.actions.start(request)

    # Keys

    def action_currency(self) -> None:
        """Show the ledger's sums as printed, or also in dollars, yuan or euros."""
        self.actions.look.step_currency()

    def action_jump_back(self) -> None:
        """Go back to where the last jump began."""
        self.actions.jumps.back()

    def action_copy(self) -> None:
        """Copy the row of the board or the ledger, or the text of a stock or a record."""
        self.actions.copy.copy()

    def action_open_page(self) -> None:
        """Show the page of the stock at its source, or a page that says a record, in a browser."""
        self.actions.copy.open_page()

    def action_alert_log(self) -> None:
        """Show the alerts that fired."""
        self.actions.alerts.show_log()

    def action_names(self) -> None:
        """English or Chinese names."""
        self.lists.language = "english" if self.lists.language == "chinese" else "chinese"

    def action_colours(self) -> None:
        """The next colours for gains and losses."""
        self.actions.look.step_convention()

    def action_refresh_now(self) -> None:
        """Ask every source now; pressed again, also those whose hosts asked for silence."""
        self.actions.feed.refresh()

    def action_pause(self) -> None:
        """Stop asking the sources, or go on."""
        self.status.paused = self.actions.feed.pause()

    def action_health(self) -> None:
        """Show how every source is doing."""
        self.actions.feed.show_health()

    def action_help(self) -> None:
        """Show every key."""
        self.actions.look.show_help(self.keyboard)


def show_move(panels: PanelLayout, market: MarketState) -> None:
    """Show what the selected stock did since it was shown, when the board shows it too."""
    if panels.stock.show_move():
        panels.show_brief(market)


def _locale(session: Session) -> str:
    """Where the person is at home, as the environment of ``session`` says it; empty where it does not."""
    variables = session.dependencies.environment.variables
    return next((variables[name] for name in LOCALES if variables.get(name)), "")


def _troubles(session: Session, keyboard: Keyboard, health: Sequence[SourceHealth]) -> list[str]:
    """What is wrong with files, keys and sources now, a sentence each."""
    dependencies, market = session.dependencies, session.market
    failing = source_errors(health, market.clock(), keyboard.hint("feed.health", "details", " · "))
    if failing and not market.quotes and not dependencies.feed.mark:
        failing[-1] += _NO_PRICE
    files = [*dependencies.files.problems, *map(str, keyboard.problems)]
    return [*files, *session.lists.problems, *session.ledger.problems, *dependencies.archive.troubles(), *failing]


def _ledger_context(session: Session, convention: Callable[[], str]) -> LedgerContext:
    """The ledger of ``session`` as its views are to read it now, in the colours of ``convention``."""
    dependencies, ledger = session.dependencies, session.ledger
    stale_days = dependencies.files.settings.stale_after_days
    return ledger_context(
        ledger.ledger,
        session.market,
        ledger.currency,
        stale_days=stale_days,
        convention=convention(),
        mark=dependencies.feed.mark,
        reports=ledger.reports,
        claim_history=ledger.claim_history,
        basket=ledger.basket,
    )
