"""How the screen was left, kept in a small file of the state folder, so that the next start looks the same; and how
the rows of a column are parted between its panels."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from contextlib import suppress
from enum import IntEnum
from fractions import Fraction
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


LEAST_ROWS = 6
"""Rows of a panel at least, its frame among them."""
SLACK = 3
"""Rows that a panel may have beyond what it shows before they go to the other one: so few are not worth a move."""
LEAST_HEIGHT, MOST_HEIGHT, HEIGHT_STEP = 20, 80, 5
"""Percent of a column's rows that a person may give its upper panel."""
BY_CONTENT = 0
"""Stands for no such percentage: the rows follow what the panels show."""


class Needs(Struct, frozen=True):
    """Of a column of ``rows``: the rows that its two panels would fill, and what part of it the lower one may have when
    neither fits."""

    rows: int
    upper: int
    lower: int
    lower_most: Fraction

    def upper_rows(self, height: int = BY_CONTENT) -> int:
        """The rows of the upper panel; the lower one has the rest. ``height`` is the percentage a person gave it.

        Where both fit, the upper one has what it needs. Else one that needs less than its part leaves the rest to the
        other, so that none is blank while the other scrolls.
        """
        if height:
            return self._possible(round(self.rows * height / 100))
        lower_part = int(self.rows * self.lower_most)
        upper_part = self.rows - lower_part
        if self.upper + self.lower <= self.rows:
            return self._possible(self.upper)
        if self.lower <= lower_part - SLACK:
            return self._possible(self.rows - self.lower)
        if self.lower <= lower_part or self.upper > upper_part:
            return self._possible(upper_part)
        return self._possible(self.upper)

    def _possible(self, rows: int) -> int:
        least = min(LEAST_ROWS, self.rows // 2)
        return min(max(least, rows), self.rows - least)

    def step(self, height: int, by: int) -> int:
        """The percentage ``by`` one step of `HEIGHT_STEP` (1 or -1) from ``height``, which may be none yet; none again
        where it comes back to what the content asks for."""
        own = HEIGHT_STEP * round(100 * self.upper_rows() / max(1, self.rows) / HEIGHT_STEP)
        stepped = min(max(LEAST_HEIGHT, (height or own) + by * HEIGHT_STEP), MOST_HEIGHT)
        return BY_CONTENT if stepped == own else stepped


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
    the board's column, ``list`` the key of the watchlist, ``view`` that of the ledger's view, ``stock_view`` that of
    the stock's. ``chart_range`` is how far back charts go, ``chart_candles`` and ``chart_adjusted`` how they are drawn.
    ``left_height`` and ``right_height`` are the percent of their columns' rows that the board and the ledger have, 0 by
    what they show. ``welcomed`` is whether a person has put the line of the first start away.
    """

    panel: Panel = Panel.BOARD
    full: bool = False
    left_share: Annotated[int, Meta(ge=LEAST_SHARE, le=MOST_SHARE)] = USUAL_SHARE
    list: str = ""
    view: str = ""
    names: str = ""
    colours: str = ""
    theme: str = ""
    stock_view: str = ""
    chart_range: str = ""
    chart_candles: bool = True
    chart_adjusted: bool = True
    left_height: Height = 0
    right_height: Height = 0
    welcomed: bool = True


def layout_at_start(
    last: ScreenLayout, settings: Settings, lists: Collection[str], views: Sequence[str]
) -> ScreenLayout:
    """How the screen begins: as it was left, where ``lists`` and ``views`` (their keys) still have that. What a person
    wrote into the settings or typed goes before what is kept."""

    def chosen(setting: str, remembered: str, names: Collection[str]) -> str:
        usual = str(getattr(settings, setting))
        return remembered if remembered in names and setting not in settings.given else usual

    return replace(
        last,
        list=chosen("start_list", last.list, lists),
        view=last.view if last.view in views else views[0],
        names=chosen("names", last.names, NAMES),
        colours=chosen("colours", last.colours, COLOURS),
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
