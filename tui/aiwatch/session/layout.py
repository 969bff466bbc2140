"""How the screen was left, kept in a small file of the state folder, so that the next start looks the same."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from contextlib import suppress
from enum import IntEnum
from pathlib import Path
from types import TracebackType
from typing import Annotated

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from aiwatch.config.settings import COLOURS, NAMES, Settings
from aiwatch.files.bounded import read_bytes, reason_of

USUAL_SHARE = 60
"""Percent of the width that the board's column has when nobody changed it."""
LEAST_SHARE, MOST_SHARE = 30, 80

ASIDE = ".bad"
"""How the name ends of a file that could not be used and was put aside, in place of an earlier one."""
_MOST_BYTES = 64 * 1024
WRITE_SECONDS = 1.0
"""How long changes are gathered before they are written."""


class Panel(IntEnum):
    """The panels of the screen, by the number on their frames."""

    BOARD = 1
    COMMITMENTS = 2
    STOCK = 3
    RECORD = 4


Height = Annotated[int, Meta(ge=0, le=100)]


class ScreenLayout(Struct, frozen=True):
    """What is remembered; an empty text is what nobody chose.

    ``panel`` is the one in front, ``full`` whether it has the whole screen, ``left_share`` the percent of the width of
    the board's column, ``list`` the key of the watchlist, ``view`` that of the ledger's view. ``left_height`` and
    ``right_height`` are the percent of their columns' rows that the board and the ledger have, 0 by what they show.
    ``welcomed`` is whether a person has put the line of the first start away.
    """

    panel: Panel = Panel.BOARD
    full: bool = False
    left_share: Annotated[int, Meta(ge=LEAST_SHARE, le=MOST_SHARE)] = USUAL_SHARE
    list: str = ""
    view: str = ""
    names: str = ""
    colours: str = ""
    theme: str = ""
    left_height: Height = 0
    right_height: Height = 0
    welcomed: bool = True


def layout_at_start(
    kept: ScreenLayout, settings: Settings, lists: Collection[str], views: Sequence[str]
) -> ScreenLayout:
    """How the screen begins: as it was left, where ``lists`` and ``views`` (their keys) still have that. What a person
    wrote into the settings or typed goes before what is kept."""

    def chosen(setting: str, remembered: str, known: Collection[str]) -> str:
        usual = str(getattr(settings, setting))
        return remembered if remembered in known and setting not in settings.given else usual

    return replace(
        kept,
        list=chosen("start_list", kept.list, lists),
        view=kept.view if kept.view in views else views[0],
        names=chosen("names", kept.names, NAMES),
        colours=chosen("colours", kept.colours, COLOURS),
    )


def read_layout(path: Path) -> tuple[ScreenLayout, str]:
    """The layout kept at ``path``, and in a sentence what is wrong with that file, empty when nothing is.

    A file that is not there is no problem, but a first start; one that cannot be used is as if it were not there.
    """
    try:
        return msgspec.json.decode(read_bytes(path, _MOST_BYTES), type=ScreenLayout), ""
    except FileNotFoundError:
        return ScreenLayout(welcomed=False), ""
    except OSError as error:
        why = f"cannot be read: {error.strerror or error}"
    except Exception as error:  # whatever the bytes are, the screen opens
        why = f"not a layout: {reason_of(error)}"
    return ScreenLayout(), f"{path}: {why}; the screen looks as usual"


def write_layout(path: Path, layout: ScreenLayout) -> None:
    """Write ``layout`` to ``path``, whole or not at all. Raises `OSError`."""
    from aiwatch.files.atomic import replace  # not needed before the first paint

    path.parent.mkdir(parents=True, exist_ok=True)
    replace(path, msgspec.json.format(msgspec.json.encode(layout)) + b"\n")


class LayoutKeeper:
    """Writes the newest layout it is given, in a thread, at most once in ``wait`` seconds, and when it is left."""

    def __init__(self, path: Path, wait: float = WRITE_SECONDS) -> None:
        self.trouble = ""
        """Why the layout cannot be kept, in a sentence; empty while it can."""
        self._path = path
        self._wait = wait
        self._newest: ScreenLayout | None = None
        self._changed = asyncio.Event()
        self._left = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def keep(self, layout: ScreenLayout) -> None:
        """Remember ``layout`` in place of the one before."""
        self._newest = layout
        self._changed.set()

    async def __aenter__(self) -> LayoutKeeper:
        self._task = asyncio.create_task(self._run(), name="layout")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._left.set()
        self._changed.set()
        if self._task is not None:
            await self._task

    async def _run(self) -> None:
        while True:
            await self._changed.wait()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._wait):
                    await self._left.wait()
            self._changed.clear()
            await self._write()
            if self._left.is_set():
                return

    async def _write(self) -> None:
        layout, self._newest = self._newest, None
        if layout is None:
            return
        try:
            await asyncio.to_thread(write_layout, self._path, layout)
        except OSError as error:
            self.trouble = f"{self._path}: the layout cannot be kept: {error.strerror or error}"
        else:
            self.trouble = ""
