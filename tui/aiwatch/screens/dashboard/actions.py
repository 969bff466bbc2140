"""Those who act on the dashboard, together: nothing of them is needed before the first paint."""

from __future__ import annotations

import asyncio
from functools import cached_property, partial
from importlib import import_module
from typing import TYPE_CHECKING

from aiwatch.screens.dashboard import DashboardParts
from aiwatch.screens.dashboard.alert_actions import AlertActions
from aiwatch.screens.dashboard.copy_actions import CopyActions
from aiwatch.screens.dashboard.feed_actions import FeedActions
from aiwatch.screens.dashboard.history_actions import FIRST_SECONDS, HistoryActions
from aiwatch.screens.dashboard.jumps import Jumps
from aiwatch.screens.dashboard.ledger_actions import LedgerActions
from aiwatch.screens.dashboard.list_actions import ListActions
from aiwatch.screens.dashboard.look_actions import LookActions
from aiwatch.screens.dashboard.panel_layout import PanelLayout
from aiwatch.widgets.beat import every_second
from aiwatch.widgets.board import panel as asked
from aiwatch.widgets.board.glance import GlancePanel
from aiwatch.widgets.board.lists_view import ListsView
from aiwatch.widgets.ledger.panel import LedgerRequest
from aiwatch.widgets.stock.panel import ChartRequest, FilingsRequest

if TYPE_CHECKING:
    from aiwatch.screens.dashboard.chart.actions import ChartActions
    from aiwatch.screens.dashboard.filings.actions import FilingActions

PanelRequest = (
    asked.ListRequest
    | ChartRequest
    | FilingsRequest
    | LedgerRequest
    | PanelLayout.FindRequested
    | ListsView.FilterOpened
)
"""What a panel can ask for."""


class DashboardActions:
    """Each does one kind of thing with the ``parts``; none knows the screen's class."""

    def __init__(self, parts: DashboardParts) -> None:
        self._parts = parts
        self.lists = ListActions(parts)
        self.alerts = AlertActions(parts, self.lists)
        self.look = LookActions(parts, self.lists)
        self.copy = CopyActions(parts)
        self.feed = FeedActions(parts)
        self.jumps = Jumps(parts, self.lists, self.copy)
        self.ledger = LedgerActions(parts)
        self.history = HistoryActions(parts)

    def begin(self) -> None:
        """The first paint is over: watch alerts, and follow what the board shows of history."""
        screen = self._parts.screen
        self.alerts.follow()
        self.ledger.begin()
        self.ledger.look(self._parts.panels.ledger.view)
        self._parts.panels.stock.begin()
        self._parts.panels.put_glance(GlancePanel(self._parts.panels.board.lists))
        every_second(screen, self.history.look)
        screen.set_timer(FIRST_SECONDS, self.history.begin)

    @cached_property
    def chart(self) -> ChartActions:
        """Who shows charts, with all that they are drawn by."""
        from aiwatch.screens.dashboard.chart.actions import ChartActions

        return ChartActions(self._parts)

    @cached_property
    def filings(self) -> FilingActions:
        """Who shows what companies have filed."""
        from aiwatch.screens.dashboard.filings.actions import FilingActions

        return FilingActions(self._parts, self.copy, self.jumps)

    def start(self, request: PanelRequest) -> None:
        """Do what a panel asks for."""
        match request:
            case ListsView.FilterOpened():
                self.look.learn_names()
            case PanelLayout.FindRequested():
                self.jumps.ask()
            case ChartRequest():
                self._start_later("chart", request)
            case FilingsRequest() | asked.FilingsRequested():
                self._start_later("filings", request)
            case LedgerRequest():
                self.ledger.start(request)
            case asked.CompareRequested(key=key):
                self.history.compare(key)
            case asked.AlertRequested(key=key, symbols=symbols):
                self.alerts.ask(key, symbols)
            case asked.ColumnsRequested(key=key):
                self.look.choose_columns(key)
            case asked.OrderRequested():
                self.look.choose_order()
            case _:
                self.lists.start(request)

    def _start_later(self, name: str, request: PanelRequest) -> None:
        """Do what is wanted of the chart or of filings, by ``name``; what the first needs is imported beside the event
        loop."""
        if name in vars(self):
            getattr(self, name).start(request)
        else:
            self._parts.begin(partial(self._start_first, name, request), "first")

    async def _start_first(self, name: str, request: PanelRequest) -> None:
        await asyncio.to_thread(import_module, f"aiwatch.screens.dashboard.{name}.actions")
        getattr(self, name).start(request)
