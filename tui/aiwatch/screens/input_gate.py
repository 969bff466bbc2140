"""Lets keys, pastes and clicks in one after the other, each once the one before has done what it does.

It is imported with the first of them.
"""

from __future__ import annotations

import asyncio
from collections import deque
from functools import partial
from time import monotonic
from typing import Any

from textual import events
from textual.app import App, ScreenStackError
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import Worker

from aiwatch.screens.base import BaseScreen

ACTING = frozenset({"ask", "edit", "alert", "compare", "first"})
"""The groups of workers that open a screen or write a list: while one of them is at it, and no dialog waits for an
answer, the next key waits too."""
GIVING_AWAY = "editor"
"""The group of the worker that gives the terminal to another program: what was typed meanwhile was for that one."""
PATIENCE = 10.0
"""Seconds after which events are dropped that nothing takes: they must not act later on something else."""
_LEAST_PASSES, _MOST_PASSES = 2, 20
_LOOK = 0.01


class Passed(Message):
    """Goes the way of an event, from a widget up to the app: all that was on this way before it has been handled."""

    def __init__(self) -> None:
        super().__init__()
        self.arrived = asyncio.Event()


class InputGate:
    """Stands before the events of ``app``; asked on its loop alone."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._held: deque[events.Event] = deque()
        self._admitted: events.Event | None = None
        self._worker: Worker[None] | None = None

    @property
    def is_at_rest(self) -> bool:
        """Whether all that came has been handled."""
        return not self._held and (self._worker is None or self._worker.is_finished)

    def admits(self, event: events.Event) -> bool:
        """Whether ``event`` is to be handled now; if not, it comes again when it is its turn. Once the app ends,
        nothing is any more: what an event is for may have been taken down."""
        if self._app._exit:
            return False
        if event is self._admitted:
            self._admitted = None
            return self._screen() is not None  # the app may have closed since
        is_busy = not self.is_at_rest
        admitted = not is_busy and not self._acts() and self._is_taken(event)
        if not admitted:
            self._held.append(event)
        if not is_busy:
            self._worker = self._app.run_worker(partial(self._let_in, event), group="input", exit_on_error=False)
        return admitted

    async def _let_in(self, first: events.Event) -> None:
        """Let the events that are held in, each once the one before it has done what it does."""
        await self._settle(first)
        while self._held:
            event = self._held[0]
            given_up = monotonic() + PATIENCE
            while not self._is_taken(event):
                if monotonic() > given_up:
                    self._held.clear()
                    return
                await asyncio.sleep(_LOOK)
            self._admitted = self._held.popleft()
            self._app.post_message(event)
            await self._settle(event)

    async def _settle(self, event: events.Event) -> None:
        """Wait until ``event``, and all that it set going, has been handled."""
        given_up = monotonic() + PATIENCE
        passes = 0
        while passes < _LEAST_PASSES or (passes < _MOST_PASSES and not self._is_quiet()):
            await self._pass_through(event)
            passes += 1
            if await self._terminal_was_given_away():
                given_up, passes = monotonic() + PATIENCE, 0
            elif self._acts():
                passes = 0
                await asyncio.sleep(_LOOK)
            if monotonic() > given_up:
                self._held.clear()
                return

    async def _pass_through(self, event: events.Event) -> None:
        """Send a message the way that ``event`` went, and wait until it has come to the app."""
        target = self._target(event)
        passed = Passed()
        if target is None or not target.post_message(passed):
            await asyncio.sleep(0)
            return
        while not passed.arrived.is_set() and target.is_attached:
            try:
                await asyncio.wait_for(passed.arrived.wait(), 5 * _LOOK)
            except TimeoutError:
                continue

    def _target(self, event: events.Event) -> Widget | None:
        """The widget to which ``event`` would go now."""
        screen = self._screen()
        if screen is None:
            return None
        if isinstance(event, events.MouseEvent) and screen.is_attached:
            for widget, _ in screen.get_widgets_at(int(event.x), int(event.y)):
                return widget
        return screen.focused or screen

    async def _terminal_was_given_away(self) -> bool:
        """Wait until the terminal comes back from another program, and drop what was typed until then."""
        workers = self._working(frozenset({GIVING_AWAY}))
        while not all(worker.is_finished for worker in workers):  # noqa: ASYNC110 - it may end by being cancelled
            await asyncio.sleep(_LOOK)
        if workers:
            self._held.clear()
        return bool(workers)

    def _acts(self) -> bool:
        """Whether something is under way that opens a dialog or changes what keys are about."""
        screen = self._screen()
        over = screen is not None and len(self._app.screen_stack) > 1
        return not over and bool(self._working(ACTING))

    def _working(self, groups: frozenset[str]) -> list[Worker[Any]]:
        return [worker for worker in self._app.workers if worker.group in groups and not worker.is_finished]

    def _is_taken(self, event: events.Event) -> bool:
        """Whether the screen in front takes ``event``."""
        screen = self._screen()
        return screen is not None and (not isinstance(screen, BaseScreen) or screen.takes(event))

    def _is_quiet(self) -> bool:
        """Whether nobody on the screen in front, nor the app, has a message left to handle."""
        screen = self._screen()
        nodes = [] if screen is None else [self._app, *screen.walk_children(with_self=True)]
        return not any(node.message_queue_size for node in nodes)

    def _screen(self) -> Screen[Any] | None:
        try:
            return self._app.screen
        except ScreenStackError:  # at the very beginning, and at the end
            return None
