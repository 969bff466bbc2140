"""Watches the files of the user's watchlists: looks at their times and sizes, since notifications of a file system miss
network folders, the targets of links, and files moved into place."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

from aiwatch.files.fingerprint import Stamp

LOOK_SECONDS = 0.5
"""How often the files are looked at. A look at ten takes a quarter of a millisecond of a thread."""
QUIET_SECONDS = 0.15
"""How long nothing must follow a change before it is reported: an editor's save is several changes."""
MOST_CHANGES = 3
"""After so many changes they are reported though others follow."""


async def changes(stamp: Callable[[], Stamp]) -> AsyncIterator[None]:
    """Yields at once, for what changed before, and after every change of what ``stamp`` tells; ends only when
    cancelled. ``stamp`` is called in a thread."""
    last = await asyncio.to_thread(stamp)
    yield
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        now = await asyncio.to_thread(stamp)
        if now == last:
            continue
        for _ in range(MOST_CHANGES):
            last = now
            await asyncio.sleep(QUIET_SECONDS)
            now = await asyncio.to_thread(stamp)
            if now == last:
                break
        yield
