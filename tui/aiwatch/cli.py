"""The ``aiwatch`` command: opens the screen at once, or reads what else was typed, and tells errors."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from aiwatch.errors import AiwatchError

if TYPE_CHECKING:
    from aiwatch.exchange.options import ExchangeOptions

AT_ONCE: tuple[list[str], ...] = ([], ["demo"])
"""The command lines without an option: the screen that they open does not wait for click to be imported."""
COMPLETION = "_AIWATCH_COMPLETE"
"""The variable by which a shell asks click for completions in place of a run."""


def main() -> None:
    """Run the command line; an error of aiwatch is printed with what to do next, and ends with status 1.

    The garbage collector is off until the screen has been painted: what is made until then stays, and looking through
    it again and again is a tenth of the time to the first paint.
    """
    gc.disable()
    try:
        _run(sys.argv[1:])
    except AiwatchError as error:
        told = (f"{error.title}: {error}", error.hint)
        sys.stderr.writelines(f"{line}\n" for line in told if line)
        sys.exit(1)
    finally:
        gc.enable()


def _run(arguments: Sequence[str]) -> None:
    if arguments not in AT_ONCE or COMPLETION in os.environ:
        from aiwatch.commands.group import commands

        commands(prog_name="aiwatch")
        return
    from aiwatch.commands import screen
    from aiwatch.settings import Flags

    try:
        screen.open_screen(Flags(), _usual_exchange() if arguments else None)
    except KeyboardInterrupt:
        sys.exit("Aborted!")  # as click ends then


def _usual_exchange() -> ExchangeOptions:
    from aiwatch.exchange.options import ExchangeOptions

    return ExchangeOptions()
