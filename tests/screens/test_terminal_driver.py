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
from select import select
from typing import Any

import pytest
from textual import events
from textual.message import Message

pytest.importorskip("termios")

from aiwatch.screens import terminal_driver
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


async def test_a_lone_esc_is_a_key_although_nothing_follows_it(terminal: int) -> None:
    app = App()
    with drawing(app):
        for keys, name in ((b"\x1b", "escape"), (b"\x1b[A", "up"), ("英".encode()[:2], ""), ("英".encode()[2:], "英")):
            os.write(terminal, keys)
            if name:
                assert await key_of(app) == name
            await asyncio.sleep(0.05)  # half a character comes by itself


async def test_the_reader_sleeps_until_something_is_typed(terminal: int, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = []

    def noted(*arguments: Any) -> tuple[list[Any], list[Any], list[Any]]:
        looks.append(arguments)
        return select(*arguments)

    monkeypatch.setattr(terminal_driver, "select", noted)
    app = App()
    with drawing(app):
        os.write(terminal, b"x")
        assert await key_of(app) == "x"
        await asyncio.sleep(0.25)
        before = len(looks)
        await asyncio.sleep(0.5)
        assert len(looks) == before
    assert len(looks) <= before + 1


async def test_a_terminal_that_is_at_its_end_is_looked_at_now_and_then(
    terminal: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks, read = [], os.read

    with drawing(App()) as driver:

        def at_its_end(descriptor: int, many: int) -> bytes:
            if descriptor != driver.fileno:
                return read(descriptor, many)
            looks.append(descriptor)
            return b""

        monkeypatch.setattr(os, "read", at_its_end)
        os.write(terminal, b"x")
        await asyncio.sleep(0.35)
        assert 1 <= len(looks) <= 5
        assert driver._key_thread is not None
