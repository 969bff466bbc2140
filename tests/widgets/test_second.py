from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from textual.widget import Widget

from aiwatch.widgets.second import every_second


class _Timers(Widget):
    """Notes what it is asked to do, and when."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[float, Callable[[], object]]] = []

    def set_timer(self, delay: float, callback: Callable[[], object]) -> None:  # type: ignore[override]
        self.asked.append((delay, callback))

    set_interval = set_timer  # type: ignore[assignment]


async def test_widgets_that_begin_at_different_moments_are_called_at_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    loop = asyncio.get_running_loop()
    calls: list[float] = []
    for now in (41.25, 41.875):
        widget = _Timers()
        with monkeypatch.context() as patched:
            patched.setattr(loop, "time", lambda now=now: now)
            every_second(widget, lambda now=now: calls.append(now))  # type: ignore[misc]
        (delay, begin), *_ = widget.asked
        assert now + delay == 42.0
        begin()
        assert calls[-1] == now
        assert widget.asked[1][0] == 1.0
        widget.asked[1][1]()
    assert calls == [41.25, 41.25, 41.875, 41.875]
