"""The ticks of a second at which what moves is shown anew, the same for all widgets of a screen.

What several widgets change at one moment is one paint; each at a moment of its own would be a paint of its own. A
screen on which nothing moves is left alone between two full seconds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextvars import copy_context
from functools import partial
from math import floor
from time import monotonic
from typing import Any, Protocol, cast
from weakref import ReferenceType, WeakKeyDictionary, ref

from textual._context import active_message_pump
from textual.geometry import Region
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget

TICKS_A_SECOND = 10
"""What the eye can follow and a terminal can draw."""


class Beats:
    """Calls what the widgets of a screen asked for: at the full seconds of ``clock`` (in seconds), and at ticks.

    Its owner calls `beat` when `next_at` says so; one that comes late, or not at all, loses no second.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._second = self._now()[0]
        self.is_new_second = False
        """Whether the last beat was the first of its second."""
        self._each_second: list[tuple[Widget, Callable[[], object]]] = []
        self._each_tick: list[tuple[Widget, Callable[[int], object], Callable[[], bool]]] = []

    def each_second(self, widget: Widget, callback: Callable[[], object]) -> None:
        """Call ``callback`` at every full second for as long as ``widget`` is there."""
        self._each_second.append((widget, callback))

    def each_tick(self, widget: Widget, callback: Callable[[int], object], waits: Callable[[], bool]) -> None:
        """Call ``callback`` at each tick there is for as long as ``widget`` is there, with its number in the second: 0
        for the first, whenever that came. ``waits`` says whether the next tick, or only the next second, is waited
        for."""
        self._each_tick.append((widget, callback, waits))

    def beat(self) -> None:
        """It is time for a tick."""
        second, tick = self._now()
        self.is_new_second = second != self._second
        if self.is_new_second:
            self._second, tick = second, 0
            self._each_second = [(widget, callback) for widget, callback in self._each_second if widget.is_running]
            for _, callback in self._each_second:
                callback()
        elif tick == 0:
            tick = 1
        self._each_tick = [each for each in self._each_tick if each[0].is_running]
        for _, tell, _ in self._each_tick:
            tell(tick)

    @property
    def next_at(self) -> float:
        """When the next tick is due, by the clock: within a tenth of a second where a widget waits for one, else at the
        next full second."""
        steps = TICKS_A_SECOND if any(waits() for _, _, waits in self._each_tick) else 1
        return (floor(self._clock() * steps + _EARLY) + 1) / steps

    def _now(self) -> tuple[int, int]:
        """The second, and the tick in it that is nearest."""
        return divmod(round(self._clock() * TICKS_A_SECOND), TICKS_A_SECOND)


_EARLY = 0.02
"""How much of a step before its end still counts as the end: a timer may go off a moment early."""


class _Timer:
    """Has the beats of a screen come when they are due, for as long as the screen is there.

    A timer of Textual's comes at each of its intervals, wanted or not: ten times a second to find nothing to do. This
    one ends with the first beat after its screen has.
    """

    def __init__(self, screen: Screen[object], beats: Beats) -> None:
        self.beats = beats
        self._screen = screen
        self._loop = asyncio.get_running_loop()
        self._context = copy_context()
        """In which the screen is at work, whichever of its widgets asked first."""
        self._context.run(active_message_pump.set, screen)
        self.moved: set[Widget] | None = None
        """What the beat under way has moved; ``None`` between two beats."""
        self._set(beats.next_at)

    def hurry(self) -> None:
        """Something waits for the next tick."""
        at = self.beats.next_at
        if at < self._handle.when():
            self._handle.cancel()
            self._set(at)

    def _set(self, at: float) -> None:
        self._handle = self._loop.call_at(at, self._beat, context=self._context)

    def _beat(self) -> None:
        screen = self._screen
        if not screen.is_running or screen.app._exit:
            return
        self.moved = set()
        try:
            self.beats.beat()
            self._paint(screen, self.moved)
        except Exception as error:
            screen.app._handle_exception(error)
        self.moved = None
        self._set(self.beats.next_at)

    def _paint(self, screen: Screen[object], moved: set[Widget]) -> None:
        """Paint what ``moved``; with a new second there is more to come, and one paint for all of it."""
        if not moved:
            return
        screen._dirty_widgets |= moved
        if self.beats.is_new_second:
            screen.check_idle()
        else:
            screen._on_timer_update()


_TIMERS: WeakKeyDictionary[Screen[object], ReferenceType[_Timer]] = WeakKeyDictionary()
"""Beats lead to their screen: held from here, neither would ever be freed. The event loop holds them."""


def every_second(widget: Widget, callback: Callable[[], object]) -> None:
    """Call ``callback`` at every full second of the event loop's clock while ``widget`` is there."""
    _timer_of(widget.screen).beats.each_second(widget, callback)


def every_tick(widget: Widget, callback: Callable[[int], object], waits: Callable[[], bool] = lambda: False) -> None:
    """Call ``callback`` at the ticks of the second while ``widget`` is there, with the number of the tick: ten times a
    second while ``waits`` says so of this widget or of another, which `hurry` begins, and at each full second."""
    _timer_of(widget.screen).beats.each_tick(widget, callback, waits)


def hurry(widget: Widget) -> None:
    """Have the next tick of the screen of ``widget`` come within a tenth of a second."""
    _timer_of(widget.screen).hurry()


def repaint(widget: Widget, *regions: Region) -> None:
    """Have ``regions`` of ``widget``, which moved, painted: with the beat under way, if there is one. Textual takes
    three messages and a timer for that."""
    timer = _timer_of(widget.screen)
    if timer.moved is None:
        widget.refresh(*regions)
    else:
        widget._set_dirty(*regions)
        timer.moved.add(widget)


def _timer_of(screen: Screen[object]) -> _Timer:
    """The timer of ``screen``; the first to ask sets it going."""
    present = _TIMERS.get(screen)
    timer = present() if present else None
    if timer is None:
        timer = _Timer(screen, Beats(asyncio.get_running_loop().time))
        _TIMERS[screen] = ref(timer)
    return timer


SHINES_EVERY = 0.5
"""Seconds at least between two paints of what shines through a dialog: each tints the whole screen below it."""
_SOON = 0.01


class Shine:
    """What has changed on a screen below others, painted through the one above where something is seen."""

    def __init__(self) -> None:
        self._last = 0.0
        self.next: Timer | None = None
        """What paints it next."""

    def through(self, screen: Screen[Any]) -> None:
        """Have the screen above ``screen`` paint what changed, at once or when it is time."""
        has_changed = bool(screen._compositor._dirty_regions) and screen.app.screen.styles.background.a < 1
        screen._compositor._dirty_regions.clear()
        screen._dirty_widgets.clear()
        if has_changed and self.next is None:
            pause = max(_SOON, self._last + SHINES_EVERY - monotonic())
            self.next = screen.set_timer(pause, partial(self._paint, ref(screen)))

    def _paint(self, below: ReferenceType[Screen[Any]]) -> None:
        self.next, self._last = None, monotonic()
        screen = below()
        if screen is not None and screen is not screen.app.screen:
            screen.app.screen.refresh()


_SHINES: WeakKeyDictionary[Screen[Any], Shine] = WeakKeyDictionary()


def shine_through(screen: Screen[Any]) -> None:
    """Have what changed on ``screen``, which is below another, painted through that one."""
    _SHINES.setdefault(screen, Shine()).through(screen)


RESTED = 0.06
"""Seconds without another step after which a cursor rests: a key that is held comes again within them."""


class Followers:
    """Widgets that follow a cursor: what changes in them is painted once it rests, all of each at once. What it passes
    by is not drawn, and a slow line has the cursor first.

    Until then the terminal shows them whole as they were: a frame's title and what is in it never part.
    """

    def __init__(self) -> None:
        self._regions: dict[Widget, Region] = {}
        """The followers whose cursor has just moved, with their places."""
        self._late: set[Region] = set()
        self._timer: asyncio.TimerHandle | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether a cursor has just moved."""
        return bool(self._regions)

    def follow(self, widget: Widget) -> None:
        """Paint ``widget`` once its cursor rests, which has just moved."""
        self._regions[widget] = widget.region
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(RESTED, self._rest, ref(widget.screen))

    def due(self, changed: set[Region]) -> set[Region]:
        """What of the regions that ``changed`` is painted now."""
        if not self._regions:
            return changed
        now = changed
        for follower in self._regions.values():
            self._late.update(overlap for region in now if (overlap := region.intersection(follower)))
            now = {part for region in now for part in _beside(region, follower)}
        return now

    def moved(self) -> set[Region]:
        """After a layout: what has not been painted, where a follower has another place by now."""
        is_moved = any(widget.region != region for widget, region in self._regions.items())
        return self.released() if is_moved else set()

    def released(self) -> set[Region]:
        """What has not been painted: it is now, wherever cursors go."""
        late, self._late = self._late, set()
        self._regions.clear()
        return late

    def _rest(self, of: ReferenceType[Screen[Any]]) -> None:
        screen, late = of(), self.released()
        if screen is not None and screen.is_running and late:
            screen._compositor._dirty_regions |= late
            screen._dirty_widgets.add(screen)
            screen.check_idle()


class _Painter(Protocol):
    """What draws a screen whose panels follow cursors."""

    followers: Followers


def follow_cursor(widget: Widget) -> None:
    """Paint ``widget`` once the cursor rests that it follows and that has just moved."""
    cast(_Painter, widget.screen._compositor).followers.follow(widget)


def _beside(region: Region, hole: Region) -> Iterator[Region]:
    """The parts of ``region`` that are not in ``hole``."""
    inner = region.intersection(hole)
    if not inner:
        yield region
        return
    yield from (
        part
        for part in (
            Region.from_corners(region.x, region.y, region.right, inner.y),
            Region.from_corners(region.x, inner.y, inner.x, inner.bottom),
            Region.from_corners(inner.right, inner.y, region.right, inner.bottom),
            Region.from_corners(region.x, inner.bottom, region.right, region.bottom),
        )
        if part
    )
