"""The terminal the screen is drawn on: that there is one, and that it is still there."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING

from aiwatch.errors import AiwatchError

if TYPE_CHECKING:
    from textual.app import App

LOOK_SECONDS = 2.0
"""How often the terminal is looked for."""


class NoTerminal(AiwatchError):
    """The screen was asked for where nothing can be drawn."""

    title = "No terminal"


def require_terminal() -> None:
    """Raise `NoTerminal` unless there is a terminal to read keys from and to draw on."""
    if not (_is_there(sys.__stdin__) and _is_there(sys.__stderr__)):
        raise NoTerminal(
            "the screen needs a terminal for its keys and its picture",
            hint="`aiwatch quotes` and `aiwatch ledger` print into files and pipes.",
        )


async def run_in_terminal(app: App[None]) -> None:
    """Run ``app`` until it is left, or until its terminal is gone: a screen nobody can see must not go on asking."""
    looking = asyncio.create_task(_leave_with_terminal(app), name="terminal")
    try:
        await app.run_async()
    finally:
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)


async def _leave_with_terminal(app: App[None]) -> None:
    while _is_there(sys.__stdin__):  # noqa: ASYNC110 - nothing tells of a terminal that goes away
        await asyncio.sleep(LOOK_SECONDS)
    app.exit()


def _is_there(stream: object) -> bool:
    try:
        return os.isatty(stream.fileno())  # type: ignore[attr-defined]
    except (AttributeError, OSError, ValueError):
        return False
