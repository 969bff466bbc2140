"""Opens the memory of how the screen was left around a live one; a demo or a replay always begins the same."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from msgspec import Struct

from aiwatch.runtime.load import Read
from aiwatch.session.layout import ASIDE, LayoutKeeper, ScreenLayout, read_layout


class KeptLayout(Struct, frozen=True):
    """How the screen was left, what is told of its changes, and sentences about what is wrong with the file now."""

    layout: ScreenLayout = ScreenLayout()
    keep: Callable[[ScreenLayout], None] = lambda layout: None
    troubles: Callable[[], tuple[str, ...]] = lambda: ()


def recall_layout(read: Read) -> tuple[ScreenLayout, str] | None:
    """What `read_layout` says; ``None`` where nothing is to be remembered. Call it before the event loop runs.

    A file that cannot be used is put aside, so that what is kept from now on does not overwrite it.
    """
    if not read.settings.remember_layout:
        return None
    layout, problem = read_layout(read.places.layout)
    return layout, _put_aside(read.places.layout, problem) if problem else ""


def _put_aside(path: Path, problem: str) -> str:
    """Rename ``path``; ``problem`` and where it is now."""
    aside = path.with_name(f"{path.name}{ASIDE}")
    try:
        path.replace(aside)
    except OSError:  # such as a folder of which nothing can be changed: nothing will be kept there either
        return problem
    return f"{problem}, and the file is now {aside.name}"


@asynccontextmanager
async def opened_layout(read: Read, recalled: tuple[ScreenLayout, str] | None) -> AsyncIterator[KeptLayout]:
    """The layout of a run that began with ``recalled``; leaving it writes what came last."""
    if recalled is None:
        yield KeptLayout()
        return
    layout, problem = recalled
    async with LayoutKeeper(read.places.layout) as keeper:
        yield KeptLayout(layout, keeper.keep, lambda: tuple(filter(None, (problem, keeper.trouble))))
