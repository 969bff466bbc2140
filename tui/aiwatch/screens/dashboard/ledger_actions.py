"""What the ledger's companies report to have spent: asked for when somebody looks at it, and shown as it comes."""

from __future__ import annotations

from aiwatch.screens.dashboard.panel_layout import DashboardParts

VIEW = "delivered"
"""The view of the ledger that shows it."""


class LedgerActions:
    """Asks while the view is looked at. A host that fails is named in the view."""

    def __init__(self, parts: DashboardParts) -> None:
        self._screen = parts.screen
        self._session = parts.session
        self._panels = parts.panels

    def look(self, view: str) -> None:
        """Ask for what ``view`` shows, in a worker; nothing when it shows something else."""
        if view == VIEW and self._session.dependencies.feed.spending is not None:
            self._screen.run_worker(self._load(), group="delivered", exclusive=True, exit_on_error=False)

    async def _load(self) -> None:
        feed, ledger = self._session.dependencies.feed, self._session.ledger
        if feed.spending is None:
            return
        spending = await feed.spending()
        async for _ in ledger.ask_spending(spending, feed.mark):
            if self._panels.ledger.view == VIEW:
                self._panels.ledger.redraw()
