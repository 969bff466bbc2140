"""Opens the memory of how the screen was left around a live one; a demo or a replay always begins the same."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from msgspec import Struct

from aiwatch.commands.reading import Read
from aiwatch.layout import LayoutKeeper, ScreenLayout, read_layout


class KeptLayout(Struct, frozen=True):
    """How the screen was left, what is told of its changes, and sentences about what is wrong with the file now."""

    layout: ScreenLayout = ScreenLayout()
    keep: Callable[[ScreenLayout], None] = lambda layout: None
    troubles: Callable[[], tuple[str, ...]] = lambda: ()


def recall_layout(read: Read) -> tuple[ScreenLayout, str] | None:
    """What `read_layout` says; ``None`` where nothing is to be remembered. Call it before the event loop runs."""
    return read_layout(read.places.layout) if read.settings.remember_layout else None


@asynccontextmanager
async def opened_layout(read: Read, recalled: tuple[ScreenLayout, str] | None) -> AsyncIterator[KeptLayout]:
    """The layout of a run that began with ``recalled``; leaving it writes what came last."""
    if recalled is None:
        yield KeptLayout()
        return
    layout, problem = recalled
    async with LayoutKeeper(read.places.layout) as keeper:
        yield KeptLayout(layout, keeper.keep, lambda: tuple(filter(None, (problem, keeper.trouble))))
