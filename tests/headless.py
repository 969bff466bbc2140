"""What a screen without a terminal may leave out: the joining of its parts to one picture, which nobody gets, the
reading of a style sheet that an app before it has read, and waiting where nothing is left to do."""

from __future__ import annotations

import asyncio
from asyncio import BaseEventLoop, Future
from collections.abc import Iterator
from contextlib import contextmanager
from math import inf
from time import process_time
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from textual._compositor import Compositor
from textual._context import visible_screen_stack
from textual._styles_cache import StylesCache
from textual.css.stylesheet import Stylesheet
from textual.geometry import Region

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.app import App
    from textual.css.model import RuleSet
    from textual.css.types import CSSLocation
    from textual.screen import Screen

whole_update = Compositor.render_update
"""As Textual has it."""

parse_rules = Stylesheet._parse_rules
"""As Textual has it: each app parses its sheets anew."""

_rules: dict[tuple[object, ...], list[RuleSet]] = {}
"""The rules of every sheet read so far, by all that their meaning hangs on: text, place, precedence and variables."""

SOON = 0.02
"""Seconds; a timer that rings later is none of what was begun, and nothing waits for it."""

_QUIET = 3
"""How many turns of the loop with nothing ready make it idle."""

_MOST_CPU = 10.0
"""Seconds of CPU time; an app that works for longer is never idle."""

_MOST_TIMERS = 12
"""After how many timers or looks at the threads an app counts as one that is never idle."""

run_in_executor = BaseEventLoop.run_in_executor
"""As asyncio has it."""

_in_threads: WeakSet[Future[Any]] = WeakSet()
"""What threads are at for a loop, or have done."""

_unseen = 0
"""How many blocks of `drawn_once` are open."""


def draw_parts(
    compositor: Compositor, full: bool = False, screen_stack: list[Screen[Any]] | None = None, simplify: bool = False
) -> RenderableType | None:
    """Let the widgets draw what Textual would have them draw, and when; stands in for ``Compositor.render_update``.

    To cut their lines and to join the pieces is a large part of a paint, and a headless app throws the outcome away.
    Screenshots (``full``), and the lines that a test reads, are joined as ever. Within `drawn_once` what has changed
    waits until its end.
    """
    if full:
        return whole_update(compositor, full, screen_stack, simplify)
    if _unseen:
        return None
    visible_screen_stack.set([] if screen_stack is None else screen_stack)
    dirty = compositor._dirty_regions.copy()
    compositor._dirty_regions.clear()
    if dirty:
        for _ in compositor._get_renders(Region.from_union(dirty).intersection(compositor.size.region)):
            pass
    return None


@contextmanager
def drawn_once(app: App[Any]) -> Iterator[None]:
    """Let the screen of ``app`` draw what changes meanwhile at the end of the block, once, however often it changed."""
    global _unseen
    _unseen += 1
    try:
        yield
    finally:
        _unseen -= 1
    if not _unseen and app.screen_stack:
        draw_parts(app.screen._compositor, screen_stack=app._background_screens)


def shared_rules(
    sheet: Stylesheet,
    css: str,
    read_from: CSSLocation,
    is_default_rules: bool = False,
    tie_breaker: int = 0,
    scope: str = "",
) -> list[RuleSet]:
    """The rules of ``css``, parsed once for all apps; stands in for ``Stylesheet._parse_rules``.

    Textual itself parses a sheet once for each app, and hands the same rules out from then on.
    """
    here = (css, read_from, is_default_rules, tie_breaker, scope)
    if here in sheet._parse_cache:
        return sheet._parse_cache[here]
    everywhere = (*here, frozenset(sheet._variables.items()))
    if everywhere not in _rules:
        _rules[everywhere] = parse_rules(sheet, *here)
    rules = sheet._parse_cache[here] = _rules[everywhere]
    return rules


def forget_drawn() -> None:
    """Free the lines of widgets that have gone: Textual holds those of the last thousand for colours of their edges."""
    StylesCache.get_inner_outer.cache_clear()


def remembered_in_executor(loop: BaseEventLoop, executor: Any, function: Any, *arguments: Any) -> Future[Any]:
    """Stands in for the loop's ``run_in_executor``, so that `wait_for_idle` knows what threads are at."""
    job: Future[Any] = run_in_executor(loop, executor, function, *arguments)
    _in_threads.add(job)
    return job


async def wait_for_idle(min_sleep: float = SOON, max_sleep: float = 1.0) -> None:
    """Wait until the loop has nothing to do, no timer rings soon and no thread works for it; stands in for Textual's
    function of the name, which takes a process that gets no CPU for an idle one, and sleeps for 20 ms in any case.

    Waits ``min_sleep`` seconds at least. ``max_sleep`` is Textual's and not heeded: a busy machine has longer seconds.
    """
    loop: Any = asyncio.get_running_loop()
    latest = process_time() + _MOST_CPU
    if min_sleep:
        await asyncio.sleep(min_sleep)
    quiet = timers = 0
    while quiet < _QUIET and process_time() < latest:
        await asyncio.sleep(0)
        quiet = 0 if loop._ready else quiet + 1
        if quiet < _QUIET or timers == _MOST_TIMERS:
            continue
        wait = min((timer.when() for timer in loop._scheduled if not timer.cancelled()), default=inf) - loop.time()
        if wait < SOON:
            await asyncio.sleep(wait)
        elif jobs := [job for job in _in_threads if job.get_loop() is loop and not job.done()]:
            await asyncio.wait(jobs, timeout=SOON)
        else:
            break
        quiet, timers = 0, timers + 1
