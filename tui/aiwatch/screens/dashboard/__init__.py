"""The screen that stands behind all others: its panels and its actions."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    from textual.screen import Screen
    from textual.worker import Worker

    from aiwatch.screens.dashboard.panel_layout import PanelLayout
    from aiwatch.screens.keys.keyboard import Keyboard
    from aiwatch.session.lists import ListChange
    from aiwatch.session.session import Session


class DashboardParts(Struct, frozen=True):
    """What the dashboard is made of, for those who act on it: its screen, which runs their workers and dialogs, the
    session below it, the keys in force, and the panels. ``show_lists`` shows what became of the lists,
    ``update_notices`` says what is wrong now."""

    screen: Screen[None]
    session: Session
    keyboard: Keyboard
    panels: PanelLayout
    show_lists: Callable[[ListChange], None]
    update_notices: Callable[[], None]

    def begin(
        self, work: Callable[[], Coroutine[Any, Any, object]], group: str, *, exclusive: bool = False
    ) -> Worker[Any]:
        """Begin ``work`` in a worker of the screen; ``exclusive`` gives up what the ``group`` does until now.

        The coroutine is made in the worker: one that is given up before it begins would leave it never awaited.
        """
        return self.screen.run_worker(work, group=group, exclusive=exclusive, exit_on_error=False)
