"""What a person does with the sources: ask them now, let them be, look how they are doing."""

from __future__ import annotations

from aiwatch.screens.base import redraw
from aiwatch.screens.dashboard import DashboardParts


class FeedActions:
    """Asks and stops the feed."""

    def __init__(self, parts: DashboardParts) -> None:
        self._parts = parts
        self._feed = parts.session.dependencies.feed.feed

    def refresh(self) -> None:
        """Ask every source now; asked again, also those whose hosts asked for silence. The screen is drawn anew too, as
        a person expects who sees something written over it."""
        refreshed, screen = self._feed.refresh(), self._parts.screen
        redraw(screen.app)
        titles = ", ".join(refreshed.silent)
        if not titles:
            screen.notify("Asking the sources", timeout=2)
        elif refreshed.insisted:
            screen.notify(f"Asking {titles} although silence was asked for", timeout=4)
        else:
            keys = self._parts.keyboard.shown("feed.refresh").replace(" ", " or ")
            screen.notify(f"{titles} asked for silence; press {keys} again to ask all the same", timeout=8)

    def pause(self) -> bool:
        """Stop asking the sources, or go on; whether they are left alone now."""
        paused = not self._feed.paused
        self._feed.pause(paused)
        self._parts.panels.board.board.paused = paused
        return paused

    def show_health(self) -> None:
        """Show how every source is doing."""
        from aiwatch.screens.dialogs.sources import HealthScreen

        parts = self._parts
        parts.screen.app.push_screen(HealthScreen(self._feed, parts.session.market, parts.keyboard))
