"""When an app under test has done all that it does by itself.

Textual's pilot asks the clock: after 20 ms in which the process had little of the processor it takes the app to be
idle. On a busy machine that is wrong, and on an idle one it is 40 ms for each key. Here the event loop is asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from time import process_time
from typing import Any

from textual._context import active_app
from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen

LONGEST = 3.0
"""Seconds of CPU time after which an app that never comes to rest (one that is fed all the time) is not waited for any
longer; a busy machine gives none of them."""
LONGEST_JOB = 5.0
"""Seconds for which threads are waited for."""
SOON = 0.002
"""Seconds: a timer that is due within them belongs to what is going on now."""
A_LOOK = 0.001
"""Seconds from one look for the answer of a thread to the next."""

_jobs: set[asyncio.Future[Any]] = set()
"""What threads do for the loop now."""

run_in_thread = asyncio.BaseEventLoop.run_in_executor
"""As asyncio has it."""


def counted_in_thread(loop: asyncio.BaseEventLoop, executor: Any, call: Any, *arguments: Any) -> asyncio.Future[Any]:
    """Begin ``call`` in a thread and count it until its outcome is there; stands in for ``run_in_executor``."""
    job = run_in_thread(loop, executor, call, *arguments)
    _jobs.add(job)
    job.add_done_callback(_jobs.discard)
    return job


async def until_still(*_: float) -> None:
    """Let the loop run until neither a callback, nor a thread, nor the screen has anything left to do; for `LONGEST` at
    most.

    Stands in for Textual's ``wait_for_idle``. Timers further off, processes and sockets are not waited for: a test
    says what it expects of them.
    """
    loop: Any = asyncio.get_running_loop()
    end, end_of_jobs = process_time() + LONGEST, loop.time() + LONGEST_JOB
    soon = loop.time() + SOON
    while process_time() < end:
        await asyncio.sleep(0)
        if loop._ready:
            continue
        await asyncio.sleep(0)  # what sockets, threads and timers had ready comes in with this turn
        if loop._ready:
            continue
        if any(job.get_loop() is loop for job in _jobs) and loop.time() < end_of_jobs:
            await asyncio.sleep(A_LOOK)
        elif (due := _next_timer(loop)) < soon:
            await asyncio.sleep(max(0.0, due - loop.time()))
        elif not _catch_up():
            return


def _next_timer(loop: Any) -> float:
    """The time of ``loop`` at which its next timer is due; infinite where it has none."""
    return min((handle._when for handle in loop._scheduled if not handle._cancelled), default=float("inf"))


def _catch_up() -> bool:
    """Lay out, draw and call back what the screens put off until their next update. Returns whether there was any."""
    app: App[Any] | None = active_app.get(None)
    if app is not None and app._resize_timer is not None:
        app._check_resize()
        return True
    screens = list(_waiting(app)) if app is not None and not app._exit else []
    for screen in screens:
        screen._on_timer_update()
    return bool(screens)


def _waiting(app: App[Any]) -> Iterator[Screen[Any]]:
    """The screens of ``app`` with an update before them. One that shines through asks for its repaint for ever."""
    for screen in app._screen_stack:
        is_top = screen is app._screen_stack[-1]
        moves = screen._layout_required or screen._scroll_required or screen._recompose_required
        changes = bool(screen._dirty_widgets) or (is_top and screen._repaint_required)
        if screen._callbacks or ((moves or changes) and screen.is_current and not app._batch_count):
            yield screen


async def screen_is_still(_: Pilot[Any]) -> bool:
    """Wait as `until_still` does; stands in for ``Pilot._wait_for_screen``, which sends each widget a message."""
    await until_still()
    return True
