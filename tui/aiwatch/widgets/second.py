"""The moment of every second at which what moves with time is shown anew, the same for all widgets."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from textual.widget import Widget


def every_second(widget: Widget, callback: Callable[[], object]) -> None:
    """Call ``callback`` at the next full second of the event loop's clock and at every one after it.

    What several widgets change at one moment is one paint; each at a moment of its own would be a paint of its own.
    """

    def begin() -> None:
        widget.set_interval(1.0, callback)
        callback()

    widget.set_timer(1.0 - asyncio.get_running_loop().time() % 1.0, begin)
