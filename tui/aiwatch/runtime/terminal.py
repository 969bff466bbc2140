"""The terminal the screen is drawn on: that there is one, that it is still there, and that it is left as it was."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from aiwatch.errors import AiwatchError
from aiwatch.runtime.output import is_in_browser

if TYPE_CHECKING:
    from textual.app import App

LOOK_SECONDS = 2.0
"""How often the terminal is looked for."""
LEAVE_SECONDS = 8.0
"""How long leaving may take once a signal asked for it; then aiwatch ends by force."""
POOR_TERMINALS = ("", "dumb", "unknown")
"""Values of ``TERM`` that promise no more than lines of text."""
END_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGBREAK", "SIGUSR1", "SIGUSR2", "SIGALRM", "SIGVTALRM",
               "SIGPROF", "SIGXCPU", "SIGPOLL", "SIGPWR", "SIGSTKFLT", "SIGABRT", "SIGTRAP", "SIGSYS")  # fmt: skip
"""The signals that end a program which does not catch them."""
_RESET = "\x1b[?2004l\x1b[?7h\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l"


class NoTerminal(AiwatchError):
    """The screen was asked for where nothing can be drawn."""

    title = "No terminal"


def require_terminal() -> None:
    """Raise `NoTerminal` unless there is a terminal to read keys from and to draw on, or a browser."""
    if is_in_browser(os.environ):
        return
    elsewhere = "`aiwatch quotes` and `aiwatch ledger` print into files and pipes."
    if not (_is_there(sys.__stdin__) and _is_there(sys.__stderr__)):
        raise NoTerminal("the screen needs one to draw on and to read keys from", hint=elsewhere)
    if not _is_there(sys.__stdout__):
        raise NoTerminal("standard output is no terminal, and the screen is nothing to keep in a file", hint=elsewhere)
    require_placing(os.environ, sys.platform)


def require_placing(environment: Mapping[str, str], platform: str) -> None:
    """Raise `NoTerminal` where ``TERM`` says that the terminal cannot place characters."""
    term = environment.get("TERM", "")
    if platform != "win32" and term in POOR_TERMINALS:
        says = f"TERM is {term!r}" if term else "TERM is not set"
        raise NoTerminal(
            f"{says}: a terminal that prints lines cannot show the screen",
            hint="Set TERM to what the terminal is, as in TERM=xterm-256color; `aiwatch quotes` prints lines.",
        )


async def run_in_terminal(app: App[None]) -> int:
    """Run ``app`` until it is left, a signal asks for it, or its terminal is gone: a screen nobody can see must not go
    on asking. The exit status. Raises what the app died of, once the terminal is as it was.
    """
    if not is_in_browser(os.environ):
        for variable in ("COLUMNS", "LINES"):  # the terminal itself is asked
            os.environ.pop(variable, None)
    if sys.__stderr__ is not None:
        sys.__stderr__.reconfigure(errors="replace")
    looking = asyncio.create_task(_leave_with_terminal(app), name="terminal")
    try:
        with _leaving_at_signals(app), _quiet_threads():
            await app.run_async()
    finally:
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)
    if faults := getattr(app, "faults", ()):
        await asyncio.to_thread(_log_all, faults)
    failure = app._exception
    if failure is not None:
        raise failure
    return app.return_code or 0


def _log_all(faults: Sequence[BaseException]) -> None:
    from aiwatch.runtime.crash_log import log_failure

    for fault in faults:
        log_failure(fault)


@contextmanager
def _leaving_at_signals(app: App[None]) -> Iterator[None]:
    """Leave ``app`` as its own key does when a signal asks aiwatch to end; the handlers stay till the process ends."""
    loop = asyncio.get_running_loop()
    saved = _terminal_state()

    def leave(number: int, frame: object) -> None:
        timer = threading.Timer(LEAVE_SECONDS, _end_by_force, (number, saved))
        timer.daemon = True
        timer.start()
        with suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(lambda: app.exit(return_code=128 + number))

    for name in END_SIGNALS:
        number = getattr(signal, name, None)
        if number is not None and (name == "SIGINT" or signal.getsignal(number) is signal.SIG_DFL):
            signal.signal(number, leave)
    yield


def _terminal_state() -> list[Any] | None:
    try:
        import termios
    except ImportError:  # Windows restores what a program changed
        return None
    try:
        return termios.tcgetattr(sys.__stdin__.fileno())  # type: ignore[union-attr]
    except (OSError, ValueError, AttributeError, termios.error):
        return None


def _end_by_force(number: int, saved: list[Any] | None) -> None:
    """Leave a screen that does not leave by itself, with the terminal as it was."""
    with suppress(Exception):
        os.write(2, _RESET.encode())
        if saved is not None:
            import termios

            termios.tcsetattr(0, termios.TCSANOW, saved)
    os._exit(128 + number)


@contextmanager
def _quiet_threads() -> Iterator[None]:
    """What a thread dies of goes to the log: printed, it would be drawn over the screen."""

    def log(failed: threading.ExceptHookArgs) -> None:
        from aiwatch.runtime.crash_log import log_failure

        if failed.exc_value is not None:
            log_failure(failed.exc_value)

    def log_ignored(failed: Any) -> None:
        from aiwatch.runtime.crash_log import log_failure

        if failed.exc_value is not None:
            log_failure(failed.exc_value)

    before = threading.excepthook, sys.unraisablehook
    threading.excepthook, sys.unraisablehook = log, log_ignored
    try:
        yield
    finally:
        threading.excepthook, sys.unraisablehook = before


async def _leave_with_terminal(app: App[None]) -> None:
    """Leave ``app`` when its terminal is gone; a browser's driver sees that by itself."""
    while is_in_browser(os.environ) or _is_there(sys.__stdin__):  # noqa: ASYNC110 - nothing tells of its end
        await asyncio.sleep(LOOK_SECONDS)
    app.exit()


def _is_there(stream: object) -> bool:
    try:
        return os.isatty(stream.fileno())  # type: ignore[attr-defined]
    except (AttributeError, OSError, ValueError):
        return False
