"""Watches the folder of the user's watchlists."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from watchfiles import Change, awatch

from aiwatch.files.fingerprint import Stamp

STEP = 150
"""Milliseconds of silence after a change before it is reported: an editor's save is several changes. The watching
thread wakes as often, and takes the interpreter each time."""
LONGEST = 450
"""Milliseconds after which a change is reported though others follow."""
LOOK_SECONDS = 2.0
"""How often the files' times are looked at beside, for what a file system does not tell of itself."""


async def changes(folder: Path, stamp: Callable[[], Stamp]) -> AsyncIterator[None]:
    """Yields after every change of a TOML file in ``folder``, which need not exist yet; ends only when cancelled.

    ``stamp`` is called in a thread; a value that differs from the last one counts as a change too.
    """
    news = asyncio.Event()
    tasks = [asyncio.create_task(_listen(folder, news)), asyncio.create_task(_look(stamp, news))]
    try:
        while True:
            await news.wait()
            news.clear()
            yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _listen(folder: Path, news: asyncio.Event) -> None:
    """Set ``news`` at what the file system tells; where it cannot tell anything, `_look` is all there is."""
    missed = False
    while True:
        there = await asyncio.to_thread(folder.is_dir)
        if there and missed:
            news.set()
        missed = not there
        try:
            if there:
                async for _ in awatch(folder, watch_filter=is_list, step=STEP, debounce=LONGEST, recursive=False):
                    news.set()
        except (OSError, RuntimeError):  # the folder went away, or the system watches no more files
            missed = True
        await asyncio.sleep(LOOK_SECONDS / 4)


async def _look(stamp: Callable[[], Stamp], news: asyncio.Event) -> None:
    last = await asyncio.to_thread(stamp)
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        now = await asyncio.to_thread(stamp)
        if now != last:
            last = now
            news.set()


def is_list(change: Change, path: str) -> bool:
    """Whether ``path`` is a watchlist file: no swap file, backup, or temporary file of an editor."""
    name = Path(path).name
    return name.endswith(".toml") and not name.startswith(".")
