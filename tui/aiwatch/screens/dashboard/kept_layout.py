"""How the dashboard looked when it was left: the next start begins with it."""

from __future__ import annotations

from aiwatch.screens.dashboard import DashboardParts
from aiwatch.session.layout import ScreenLayout, layout_at_start
from aiwatch.watchlist import ALL_LISTS, ALL_STOCKS, LOOKED_UP
from aiwatch.widgets.ledger.panel import VIEWS
from aiwatch.widgets.stock.panel import ChartLook


class KeptLayout:
    """Restores the layout of the run before, and hands on every change of it."""

    def __init__(self, parts: DashboardParts) -> None:
        self._screen = parts.screen
        self._panels = parts.panels
        self._dependencies = parts.session.dependencies

    def restore(self) -> None:
        """Look as the screen was left, as far as that is still there, and hand on every change from now on."""
        panels, lists = self._panels, self._panels.board.lists
        tabs = (*lists.keys, ALL_STOCKS, ALL_LISTS)
        start = layout_at_start(
            self._dependencies.archive.layout, self._dependencies.files.settings, tabs, tuple(dict(VIEWS))
        )
        panels.convention, lists.language = start.colours, start.names
        lists.open(start.list)
        panels.ledger.view = start.view
        panels.stock.view = start.stock_view
        panels.stock.look = ChartLook(start.chart_range, start.chart_candles, start.chart_adjusted)
        panels.left_share, panels.full = start.left_share, start.full
        panels.left_height, panels.right_height = start.left_height, start.right_height
        panels.welcomed = start.welcomed
        panels.go_to(start.panel)
        for node, names in (
            (panels, ("front", "full", "left_share", "left_height", "right_height", "convention", "welcomed")),
            (lists, ("chosen", "language")),
            (panels.ledger, ("view",)),
            (panels.stock, ("view", "look")),
            (self._screen.app, ("theme",)),
        ):
            for name in names:
                self._screen.watch(node, name, self.hand_on, init=False)

    def hand_on(self) -> None:
        """Hand on how the screen looks now."""
        self._dependencies.archive.keep_layout(self.now())

    def now(self) -> ScreenLayout:
        """How the screen looks now."""
        panels, lists = self._panels, self._panels.board.lists
        look = panels.stock.look
        return ScreenLayout(
            panel=panels.front_to_keep,
            full=panels.full,
            left_share=panels.left_share,
            list=lists.chosen if lists.chosen != LOOKED_UP else self._dependencies.archive.layout.list,
            view=panels.ledger.view,
            names=lists.language,
            colours=panels.convention,
            theme=self._screen.app.theme,
            stock_view=panels.stock.view,
            chart_range=look.range,
            chart_candles=look.candles,
            chart_adjusted=look.adjusted,
            left_height=panels.left_height,
            right_height=panels.right_height,
            welcomed=panels.welcomed,
        )
