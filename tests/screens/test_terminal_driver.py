"""The terminal is taken again after a stop without losing what was typed, and never once the screen has been left."""

from __future__ import annotations

import asyncio
import os
import pty
import signal
import termios
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from textual import events
from textual.message import Message

pytest.importorskip("termios")

from aiwatch.screens.terminal_driver import TerminalDriver

HANDLED = ("SIGTSTP", "SIGCONT", "SIGWINCH", "SIGTTOU", "SIGTTIN")
SECONDS = 20.0


class App:
    """What a driver wants of an app: somebody who takes messages."""

    def __init__(self) -> None:
        self.keys: asyncio.Queue[str] = asyncio.Queue()

    async def _post_message(self, message: Message) -> bool:
        if isinstance(message, events.Key):
            self.keys.put_nowait(message.key)
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The outer end of a terminal whose inner end is what the process has."""
    outer, inner = pty.openpty()
    tty.setraw(inner)
    handlers = {name: signal.getsignal(getattr(signal, name)) for name in HANDLED}
    with os.fdopen(inner, "r", closefd=False) as reads, os.fdopen(os.dup(inner), "w") as writes:
        monkeypatch.setattr("sys.__stdin__", reads)
        monkeypatch.setattr("sys.__stderr__", writes)
        yield outer
    os.close(inner)
    os.close(outer)
    for name, handler in handlers.items():
        signal.signal(getattr(signal, name), handler)


@contextmanager
def drawing(app: App) -> Iterator[TerminalDriver]:
    """A driver that has the terminal, until it is left for good."""
    driver = TerminalDriver(app)
    driver.start_application_mode()
    yield driver
    driver.stop_application_mode()
    driver.close()


async def key_of(app: App) -> str:
    """The next key that came in."""
    async with asyncio.timeout(SECONDS):
        return await app.keys.get()


class Ended:
    """A reader that has ended; who waits for its end sees what is typed then."""

    def __init__(self, typed: Callable[[], object]) -> None:
        self.join = typed


async def type_when_nobody_reads(driver: TerminalDriver, terminal: int, keys: bytes) -> None:
    """Let ``keys`` be typed at the moment when the reader of ``driver`` has ended."""
    reader = driver._key_thread
    assert reader is not None
    driver.exit_event.set()
    await asyncio.to_thread(reader.join)
    driver.exit_event.clear()
    driver._key_thread = Ended(lambda: os.writev(terminal, [keys]))  # type: ignore[assignment]


async def test_what_is_typed_while_the_terminal_is_taken_again_is_read(terminal: int) -> None:
    app = App()
    with drawing(app) as driver:
        await type_when_nobody_reads(driver, terminal, b"q")
        driver.go_on()
        assert await key_of(app) == "q"


async def test_what_is_typed_before_the_terminal_is_given_away_is_not_for_the_next_one(terminal: int) -> None:
    app = App()
    with drawing(app) as driver:
        await type_when_nobody_reads(driver, terminal, b"q")
        driver.suspend_application_mode()
        driver.resume_application_mode()
        os.write(terminal, b"x")
        assert await key_of(app) == "x"


async def test_a_stop_is_followed_by_taking_the_terminal_again(terminal: int, monkeypatch: pytest.MonkeyPatch) -> None:
    app, stopped = App(), []
    monkeypatch.setattr(os, "kill", lambda process, number: stopped.append((process, number)))
    with drawing(app) as driver:
        driver.stop()
        assert stopped == [(os.getpid(), signal.SIGSTOP)]
        assert not driver.is_drawing
        driver.go_on()
        assert driver.is_drawing
        os.write(terminal, b"x")
        assert await key_of(app) == "x"


async def test_a_screen_that_has_been_left_does_not_take_the_terminal_again(terminal: int) -> None:
    with drawing(App()) as driver:
        pass
    before = termios.tcgetattr(driver.fileno)
    driver.go_on()
    assert not driver.is_drawing
    assert driver._key_thread is None or not driver._key_thread.is_alive(), "the process could never end"
    assert termios.tcgetattr(driver.fileno) == before
