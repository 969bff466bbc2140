"""The ticks of a second at which what moves is shown anew, the same for all widgets of a screen.

What several widgets change at one moment is one paint; each at a moment of its own would be a paint of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from weakref import ReferenceType, WeakKeyDictionary, ref

from textual.screen import Screen
from textual.widget import Widget

TICKS_A_SECOND = 10
"""What the eye can follow and a terminal can draw."""


class Beats:
    """Calls what the widgets of a screen asked for: at every tick of ``clock`` (in seconds), and at every full second.

    Its owner calls `beat` at the ticks; one that comes late, or not at all, loses no second.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._second = self._now()[0]
        self._each_second: list[tuple[Widget, Callable[[], object]]] = []
        self._each_tick: list[tuple[Widget, Callable[[int], object]]] = []

    def each_second(self, widget: Widget, callback: Callable[[], object]) -> None:
        """Call ``callback`` at every full second for as long as ``widget`` is there."""
        self._each_second.append((widget, callback))

    def each_tick(self, widget: Widget, callback: Callable[[int], object]) -> None:
        """Call ``callback`` at every tick for as long as ``widget`` is there, with its number in the second: 0 for the
        first, whenever that came."""
        self._each_tick.append((widget, callback))

    def beat(self) -> None:
        """It is time for a tick."""
        second, tick = self._now()
        if second != self._second:
            self._second, tick = second, 0
            self._each_second = [(widget, callback) for widget, callback in self._each_second if widget.is_running]
            for _, callback in self._each_second:
                callback()
        elif tick == 0:
            tick = 1
        self._each_tick = [(widget, callback) for widget, callback in self._each_tick if widget.is_running]
        for _, tell in self._each_tick:
            tell(tick)

    def _now(self) -> tuple[int, int]:
        """The second, and the tick in it that is nearest."""
        return divmod(round(self._clock() * TICKS_A_SECOND), TICKS_A_SECOND)


_BEATS: WeakKeyDictionary[Screen[object], ReferenceType[Beats]] = WeakKeyDictionary()
"""Beats lead to their screen, and a screen's timers to its beats: held from here, neither would ever be freed."""


def every_second(widget: Widget, callback: Callable[[], object]) -> None:
    """Call ``callback`` at every full second of the event loop's clock while ``widget`` is there."""
    _beats_of(widget.screen).each_second(widget, callback)


def every_tick(widget: Widget, callback: Callable[[int], object]) -> None:
    """Call ``callback`` ten times a second while ``widget`` is there, with the number of the tick in its second."""
    _beats_of(widget.screen).each_tick(widget, callback)


def _beats_of(screen: Screen[object]) -> Beats:
    """The beats of ``screen``; the first to ask sets them going."""
    present = _BEATS.get(screen)
    beats = present() if present else None
    if beats is None:
        clock = asyncio.get_running_loop().time
        beats = Beats(clock)
        _BEATS[screen] = ref(beats)
        pause = 1 / TICKS_A_SECOND

        def begin() -> None:
            screen.set_interval(pause, beats.beat, name="beats")
            beats.beat()

        screen.set_timer(pause - clock() % pause, begin)
    return beats
