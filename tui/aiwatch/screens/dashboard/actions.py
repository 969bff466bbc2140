"""Those who act on the dashboard, together: nothing of them is needed before the first paint."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from aiwatch.screens.dashboard.alert_actions import AlertActions
from aiwatch.screens.dashboard.copy_actions import CopyActions
from aiwatch.screens.dashboard.feed_actions import FeedActions
from aiwatch.screens.dashboard.jumps import Jumps
from aiwatch.screens.dashboard.list_actions import ListActions
from aiwatch.screens.dashboard.look_actions import LookActions
from aiwatch.screens.dashboard.panel_layout import DashboardParts, PanelLayout
from aiwatch.widgets.board import panel as asked
from aiwatch.widgets.board.lists_view import ListsView
from aiwatch.widgets.stock.panel import ChartRequest

if TYPE_CHECKING:
    from aiwatch.screens.dashboard.chart_actions import ChartActions


Request = asked.ListRequest | ChartRequest | PanelLayout.FindRequested | ListsView.FilterOpened
"""What a panel may ask for."""


class DashboardActions:
    """Each does one kind of thing with the ``parts``; none knows the screen's class."""

    def __init__(self, parts: DashboardParts) -> None:
        self._parts = parts
        self.lists = ListActions(parts)
        self.alerts = AlertActions(parts, self.lists)
        self.look = LookActions(parts, self.lists)
        self.copy = CopyActions(parts)
        self.feed = FeedActions(parts)
        self.jumps = Jumps(parts, self.lists)

    @cached_property
    def chart(self) -> ChartActions:
        """Who shows charts, with all that they are drawn by: not before the first is asked for."""
        from aiwatch.screens.dashboard.chart_actions import ChartActions

        return ChartActions(self._parts)

    def start(self, request: Request) -> None:
        """Do what a panel asks for. An opened filter finds Chinese names by how they are typed in Latin letters."""
        match request:
            case ListsView.FilterOpened():
                names = self.look.learn_names()
                self._parts.screen.run_worker(names, group="pinyin", exclusive=True, exit_on_error=False)
            case PanelLayout.FindRequested():
                self.jumps.ask()
            case ChartRequest():
                self.chart.start(request)
            case asked.AlertRequested(key=key, symbols=symbols):
                self.alerts.ask(key, symbols)
            case asked.ColumnsRequested(key=key):
                self.look.choose_columns(key)
            case asked.OrderRequested():
                self.look.choose_order()
            case _:
                self.lists.start(request)
