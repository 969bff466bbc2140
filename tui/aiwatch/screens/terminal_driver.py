"""Textual's driver for terminals, with what it leaves open: a terminal that is gone, stopping, and coming back."""

from __future__ import annotations

import os
import signal
from codecs import getincrementaldecoder
from contextlib import suppress
from select import select
from threading import Event
from time import monotonic
from typing import Any, TextIO, cast

from textual._parser import ParseError
from textual._time import get_time
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

WAITS = 0.05
"""Seconds after which a write that has not come back waits for the line."""
_AT_ONCE = 4096
"""Bytes that are read in one piece."""
_GONE = 0.1
"""Seconds until a terminal is looked at again that has no more to say."""


class TerminalDriver(LinuxDriver):
    """Asks the terminal that is drawn on for its size; stops and goes on from the event loop, never in the middle of
    a write; and never waits for a terminal that takes nothing more."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.exit_event: _End = _End()
        self._picture = _Picture(cast("TextIO", self._file))
        self._file = cast(Any, self._picture)
        self._is_away = False
        """Whether the terminal was given back for a stop, and is to be taken again."""
        self._keeps_keys = False
        """Whether what was typed stays in the terminal, for the reader that comes next."""
        signal.signal(signal.SIGTSTP, lambda *_: self._soon(self.stop))
        signal.signal(signal.SIGCONT, lambda *_: self._soon(self.go_on))

    def _soon(self, act: Any) -> None:
        with suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(act)

    @property
    def is_drawing(self) -> bool:
        """Whether the terminal is ours now."""
        return self._writer_thread is not None and self._writer_thread.is_alive()

    @property
    def is_behind(self) -> bool:
        """Whether the line to the terminal takes no more for the moment."""
        return self.is_drawing and self._picture.waits_for > WAITS

    def write(self, data: str) -> None:
        """Write ``data``, unless somebody else has the terminal: nobody would ever take it from the queue."""
        if self.is_drawing:
            super().write(data)

    def stop(self) -> None:
        """Give the terminal back and stop this process, as Ctrl+Z does everywhere."""
        if self._auto_restart and self.is_drawing:
            self.suspend_application_mode()
            self._is_away = True
        os.kill(os.getpid(), signal.SIGSTOP)

    def go_on(self) -> None:
        """Take the terminal again after a stop of whatever kind, and have everything drawn anew. An editor that has it
        keeps it; and once the screen has been left, a reader begun now would never end."""
        if not (self.is_drawing or self._is_away):
            return
        if self.is_drawing:
            self._keeps_keys = True
            self.suspend_application_mode()
            self._keeps_keys = False
        self._is_away = False
        self._must_signal_resume = True
        self.resume_application_mode()

    def run_input_thread(self) -> None:
        """Read what is typed until nobody is to read any more. Textual looks ten times a second whether that is so, or
        a lone Esc has waited long enough; here both wake the thread."""
        parser, decode, end = XTermParser(self._debug), getincrementaldecoder("utf-8")().decode, self.exit_event
        while not end.is_set():
            due = parser._timeout_time
            ready, _, _ = select([self.fileno, end], [], [], None if due is None else max(0.0, due - get_time()))
            if self.fileno in ready:
                data = os.read(self.fileno, _AT_ONCE)
                words = decode(data)  # none yet where half of a character has come
                for event in parser.feed(words) if words else ():
                    self.process_message(event)
                if not data:
                    end.wait(_GONE)
            for event in parser.tick():
                self.process_message(event)
        with suppress(EOFError, ParseError):  # what has come in half
            list(parser.feed(""))

    def close(self) -> None:
        """Let go of all there is: the terminal is not drawn on any more, for now or for good."""
        super().close()
        self.exit_event.close()

    def disable_input(self) -> None:
        """Read no further. Textual throws away what was typed and not read yet, which is right before another program
        gets the terminal, but not when this one goes on."""
        if not self._keeps_keys:
            super().disable_input()
        elif self._key_thread is not None:
            signal.signal(signal.SIGWINCH, signal.SIG_DFL)
            self.exit_event.set()
            self._key_thread.join()
            self.exit_event.clear()

    def start_application_mode(self) -> None:
        """Begin to draw, at first or again."""
        forget = getattr(self._app, "forget_terminal", None)
        if forget is not None:
            forget()
        self.exit_event.open()
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def _get_terminal_size(self) -> tuple[int, int]:
        for descriptor in (self._picture.fileno(), self.fileno):
            with suppress(OSError, ValueError):
                columns, lines = os.get_terminal_size(descriptor)
                if columns and lines:
                    return columns, lines
        return super()._get_terminal_size()


class _End(Event):
    """Is set while nobody is to read, and wakes a reader that waits for it beside its terminal."""

    def __init__(self) -> None:
        super().__init__()
        self._ends: tuple[int, ...] = ()

    def open(self) -> None:
        """Be there for a reader."""
        self._ends = self._ends or os.pipe()
        for end in self._ends:
            os.set_blocking(end, False)

    def fileno(self) -> int:
        """What can be read while it is set."""
        return self._ends[0]

    def set(self) -> None:
        """Wake the reader for good."""
        is_new = not self.is_set()
        super().set()  # first: who is woken looks at it
        if is_new and self._ends:
            os.write(self._ends[1], b"\n")

    def clear(self) -> None:
        """Let the next reader begin."""
        if self.is_set() and self._ends:
            os.read(self._ends[0], 1)
        super().clear()

    def close(self) -> None:
        """Wake nobody any more."""
        for end in self._ends:
            os.close(end)
        self._ends = ()


class _Picture:
    """Where the picture is written. A terminal that is gone takes everything, so that the screen can be left."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._began: float | None = None
        """When the write began that is under way, in another thread."""
        self.fileno = file.fileno
        self.isatty = file.isatty

    @property
    def waits_for(self) -> float:
        """For how many seconds the write has lasted that is under way; 0 for none."""
        began = self._began
        return 0.0 if began is None else monotonic() - began

    def write(self, text: str) -> None:
        self._began = monotonic()
        with suppress(OSError, ValueError):
            self._file.write(text)
        self._began = None

    def flush(self) -> None:
        self._began = monotonic()
        with suppress(OSError, ValueError):
            self._file.flush()
        self._began = None
