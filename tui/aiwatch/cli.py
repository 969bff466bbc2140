"""The ``aiwatch`` command: opens the screen at once, or reads what else was typed, and says how it ended.

Nothing is imported above `main` but what every interpreter has loaded: an interrupt meanwhile would end in a traceback.
"""

from __future__ import annotations

import gc
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

    from aiwatch.simulator import ExchangeOptions

AT_ONCE: tuple[list[str], ...] = ([], ["demo"])
"""The command lines without an option: the screen that they open does not wait for click to be imported."""
COMPLETION = "_AIWATCH_COMPLETE"
"""The variable by which a shell asks click for completions in place of a run."""
FAILED = 1
"""The exit status of a run that ended with an error."""
INTERRUPTED = 130
"""The exit status of a run that Ctrl+C ended: 128 and the number of the signal, as shells count."""


def main() -> None:
    """Run the command line and end with its status; an error is printed in words, with what to do next.

    The garbage collector is off until the screen has been painted: what is made until then stays, and looking through
    it again and again is a tenth of the time to the first paint.
    """
    gc.disable()
    try:
        _catch_interrupts()
        _defer_imports()
        status = _status(sys.argv[1:])
    except KeyboardInterrupt:  # one that came before it was caught, or that a command lets through
        status = _aborted()
    finally:
        gc.enable()
    sys.exit(status)


def _defer_imports() -> None:
    from aiwatch.runtime.deferred import defer_imports

    defer_imports()


def _catch_interrupts() -> None:
    """Let Ctrl+C end aiwatch in a word from now on.

    Python's own interrupt is an exception that may come up anywhere, in the midst of an import or where nobody can
    catch it; so it is none here. What wants to end otherwise sets a handler of its own meanwhile.
    """
    # what `signal` is made of, without the enumerations that take time to make
    import _signal  # type: ignore[import-not-found]

    if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
        _signal.signal(_signal.SIGINT, _interrupt)


def _interrupt(number: int, frame: FrameType | None) -> None:
    os._exit(_aborted())


def _aborted() -> int:
    try:  # noqa: SIM105 - contextlib takes time to import, in which another interrupt may come
        os.write(2, b"Aborted!\n")
    except OSError:
        pass
    return INTERRUPTED


def _status(arguments: Sequence[str]) -> int:
    """Run and give the exit status. Everything that can go wrong ends here, in words on standard error."""
    from aiwatch.runtime.output import opened_doors

    with opened_doors():
        return _guarded(arguments)


def _guarded(arguments: Sequence[str]) -> int:
    from aiwatch.errors import AiwatchError
    from aiwatch.runtime.output import OutputLost

    try:
        status = _run(arguments)
        sys.stdout.flush()
    except OutputLost as lost:
        return FAILED if lost.is_closed else _say(f"{lost.title}: {lost}")
    except AiwatchError as error:
        _say(f"{error.title}: {error}", error.hint)
        return error.status
    except Exception as error:
        return _say(*_failure_words(error))
    return status


def _say(*lines: str) -> int:
    sys.stderr.writelines(f"{line}\n" for line in lines if line)
    sys.stderr.flush()
    return FAILED


def _failure_words(error: Exception) -> tuple[str, str]:
    from aiwatch.runtime.crash_log import log_failure

    path = log_failure(error)
    reason = " ".join(str(error).split())[:200]
    words = f"aiwatch stopped by a fault of its own: {type(error).__name__}{': ' * bool(reason)}{reason}"
    return words, f"The traceback is in {path}" if path else "The log cannot be written: see `aiwatch paths`."


def _run(arguments: Sequence[str]) -> int:
    if arguments not in AT_ONCE or COMPLETION in os.environ:
        return _run_command()
    from aiwatch.config.paths import find_places
    from aiwatch.files.parse_cache import ParsedPatterns

    with ParsedPatterns(find_places(os.environ).patterns) as patterns:
        from aiwatch.config.settings import Flags
        from aiwatch.runtime.deferred import import_zones

        import_zones()
        from aiwatch.runtime import screen

        screen.open_screen(Flags(), _usual_exchange() if arguments else None, patterns=patterns)
    return 0


def _run_command() -> int:
    """Let click read the command line. The exit status."""
    import click

    from aiwatch.commands.group import commands

    try:
        commands.main(prog_name="aiwatch")
    except SystemExit as end:  # click ends so whatever comes of it
        return end.code if isinstance(end.code, int) else FAILED if end.code else 0
    except click.Abort:
        return _aborted()
    return 0


def _usual_exchange() -> ExchangeOptions:
    from aiwatch.simulator import ExchangeOptions

    return ExchangeOptions()
