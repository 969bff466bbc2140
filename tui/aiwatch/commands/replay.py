"""``aiwatch replay``: the screen on a recording, through the same parsers."""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aiwatch.commands.memory import remember
from aiwatch.commands.reading import Read, read_all
from aiwatch.commands.screen import given_by, read_ledger
from aiwatch.commands.terminal import require_terminal, run_in_terminal
from aiwatch.feed.feed import ALL_NAMES
from aiwatch.feed.replay import Readers, ReplayClock, ReplayFeed
from aiwatch.market.session import Calendar
from aiwatch.settings import Flags
from aiwatch.sources.capture import Captured, started
from aiwatch.sources.capture import read as captured

if TYPE_CHECKING:
    from collections.abc import Iterator

REPLAY = "REPLAY"


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--speed", type=click.FloatRange(0.1, 1000), default=1.0, show_default=True, help="Times as fast as then."
)
@click.pass_obj
def replay(flags: Flags | None, file: Path, speed: float) -> None:
    """Open the screen on a recording made with `aiwatch record`: the prices of then, marked REPLAY."""
    require_terminal()
    from aiwatch.screens.keyboard import KEY_RULES

    if status := asyncio.run(_run(read_all(flags or Flags(), KEY_RULES), captured(file), started(file), speed)):
        sys.exit(status)


async def _run(read: Read, answers: Iterator[Captured], began: datetime, speed: float) -> int:
    from aiwatch.app import AiwatchApp

    ledger = await asyncio.to_thread(read_ledger, read)
    clock = ReplayClock(began, speed)
    sessions = Calendar((await asyncio.to_thread(remember, read)).days)
    async with ReplayFeed(answers, _readers, clock, sessions, names=ALL_NAMES) as feed:
        given = given_by(read, ledger, feed, clock=clock, sessions=sessions, mark=REPLAY)
        return await run_in_terminal(AiwatchApp(given))


def _readers() -> Readers:
    from aiwatch.sources.readers import READERS

    return READERS
