"""Every dialog and every screen over the dashboard, walked by Tab and by mouse at each size: all of it is reached."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from aiwatch.config.paths import bundled
from aiwatch.ledger.loader import LedgerFolders
from aiwatch.screens.dashboard.screen import DashboardScreen
from aiwatch.screens.dialogs.alert_log import AlertLog
from aiwatch.watchlist.folders import ListFolders
from aiwatch.watchlist.reader import WatchlistFolder, read_watchlists
from aiwatch.widgets.linked_rows import ScrollText
from tests.ledger.bundled import bundled_ledger
from tests.screens.comparison.fixtures import FakeLists
from tests.screens.dashboard.chart.charting import History
from tests.screens.dashboard.test_editing import MINE, SHIPPED
from tests.screens.filings.given import FakeHosts
from tests.screens.stage import MORNING, Stage, healthy, on_stage, priced

SEEDS = bundled("seeds")
LOOKS = (
    pytest.param((60, 20), "ansi-dark", id="60x20"),
    pytest.param((80, 24), "aiwatch-light", id="80x24", marks=pytest.mark.long),
    pytest.param((160, 45), "aiwatch-dark", id="160x45", marks=pytest.mark.long),
)
"""The sizes, each in a theme of its own. Of a day is the one with the least room and the fewest colours."""
OPENERS: dict[str, tuple[str, ...]] = {
    "add": ("a",),
    "find": ("f",),
    "alert": ("A",),
    "alert log": ("L",),
    "move": ("m",),
    "new": ("N",),
    "rename": ("R",),
    "columns": ("C",),
    "order": ("O",),
    "compare with": ("3", "equals_sign"),
    "sources": ("H",),
    "help": ("question_mark",),
    "palette": ("colon",),
    "themes": ("t",),
    "compare": ("I",),
    "filings": ("F",),
    "delete": ("[", "d"),
    "record": ("2", "a"),
}
"""The keys that open each, from the board."""
ROWS = {"add": 2, "find": 2, "alert": 8, "record": 14, "compare with": 2, "new": 3, "rename": 3, "delete": 2}
"""Those with more than one thing to go to, and at least how many."""


VIEWED_BY_TAB = frozenset({"compare", "alert log"})
"""Where Tab shows the other view, and where nothing is to be gone to while nothing is logged."""


@asynccontextmanager
async def dashboard(folder: Path, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Stage]:
    """The screen with everything that a dialog may be about."""
    shipped, own, ledger = folder / "shipped", folder / "own", folder / "ledger"

    def write() -> tuple[WatchlistFolder, ListFolders, LedgerFolders, FakeHosts]:
        for path, text in ((shipped / "shipped.toml", SHIPPED), (own / "mine.toml", MINE)):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        bundled_ledger()
        loaded = read_watchlists(shipped, own)
        hosts = FakeHosts(folder / "filings", lambda: MORNING)
        return loaded, ListFolders(shipped, own, loaded.lists), LedgerFolders(SEEDS, ledger), hosts

    loaded, list_files, ledger_files, hosts = await asyncio.to_thread(write)
    history = History()

    async def open_history() -> History:
        return history

    async with on_stage(
        size,
        watchlists=loaded.lists,
        list_files=list_files,
        start_list="mine",
        ledger_files=ledger_files,
        ledger_folders=(SEEDS, ledger),
        whole_ledger=True,
        history=open_history,
        list_history=FakeLists(),
        filings=hosts.open,
    ) as stage:
        await stage.take(priced("600406.SS", 11.0, 10.0, at=MORNING), health=healthy())
        yield stage


@asynccontextmanager
async def opened(stage: Stage, name: str) -> AsyncIterator[Screen[Any]]:
    """The screen called ``name`` over the dashboard; it is left by Esc, if it was not before."""
    await stage.press(*OPENERS[name])
    try:
        await stage.until(lambda: not isinstance(stage.app.screen, DashboardScreen))
    except TimeoutError:
        raise AssertionError(f"{name} does not open: {stage.messages}\n{stage.text()}") from None
    await stage.pilot.pause()
    yield stage.app.screen
    if not isinstance(stage.app.screen, DashboardScreen):
        await stage.press("escape")
    assert isinstance(stage.app.screen, DashboardScreen), f"Esc leaves {name}"
    await stage.press("1")
    if stage.dashboard.lists.chosen != "mine":
        await stage.press("]")


def drawn(stage: Stage, widget: Widget) -> list[Strip]:
    """The cells of ``widget`` with their colours."""
    region = widget.region
    strips = stage.strips()[region.y : region.bottom]
    return [strip.crop(region.x, region.right) for strip in strips]


def reachable(screen: Screen[Any]) -> list[Widget]:
    """What takes keys there."""
    return [widget for widget in screen.walk_children(Widget) if widget.focusable and widget.display]


def cut_off(screen: Screen[Any]) -> list[str]:
    """What is not all to be seen and in nothing that scrolls: texts, and titles of frames."""
    hits = []
    for widget in screen.walk_children(Widget):
        if any(not node.display for node in widget.ancestors_with_self if isinstance(node, Widget)):
            continue
        scrolls = any(isinstance(node, VerticalScroll | ScrollText) for node in widget.ancestors)
        if isinstance(widget, Static | Input | Button) and not scrolls:
            seen = screen.find_widget(widget).visible_region
            if seen.size != widget.outer_size or widget.virtual_size.height > widget.size.height:
                hits.append(f"{widget!r} {seen.size} of {widget.outer_size}, {widget.virtual_size}")
        titles = [str(title) for title in (widget.border_title, widget.border_subtitle) if title]
        hits += [title for title in titles if cell_len(title) > widget.outer_size.width - 4]
    return hits


async def walk(stage: Stage, screen: Screen[Any]) -> list[Widget]:
    """Press Tab until it has come round. Each that it comes to is in sight, and looks otherwise once it is left."""
    passed: list[Widget] = []
    while True:
        focused = screen.focused
        assert focused is not None
        if passed and focused is passed[0]:
            return passed
        assert focused not in passed, "Tab goes round in a part of it"
        assert focused.region.height == screen.find_widget(focused).visible_region.height > 0, focused
        passed.append(focused)
        if isinstance(focused, Input):
            focused._restart_blink()  # the cursor blinks, and is to be seen now
        before = drawn(stage, focused)
        await stage.press("tab")
        if screen.focused is not focused and focused in stage.app.screen._compositor.visible_widgets:
            assert drawn(stage, focused) != before, focused


@pytest.mark.parametrize(("size", "theme"), LOOKS)
async def test_tab_goes_round_all_there_is_and_nothing_is_cut_off(
    size: tuple[int, int], theme: str, tmp_path: Path
) -> None:
    async with dashboard(tmp_path, size) as stage:
        stage.app.theme = theme
        for name in OPENERS:
            async with opened(stage, name) as screen:
                assert cut_off(screen) == [], name
                if name in VIEWED_BY_TAB:
                    continue
                there = await walk(stage, screen)
                assert len(there) >= ROWS.get(name, 1), name
                assert set(there) == set(reachable(screen)), name
                await stage.press("shift+tab")
                assert screen.focused is there[-1], name


async def click(stage: Stage, words: str) -> None:
    """Click on the first ``words`` that stand on the terminal; beside every frame for none."""
    if not words:
        assert await stage.pilot.click(offset=(0, 1))
        return
    for y, row in enumerate(stage.lines()):
        if words in row:
            assert await stage.pilot.click(offset=(cell_len(row[: row.index(words)]), y))
            return
    raise AssertionError(f"{words!r} is not to be seen")


def says(words: str) -> Callable[[Stage], bool]:
    """Whether the terminal shows ``words``."""
    return lambda stage: words in stage.text()


def left(stage: Stage) -> bool:
    """Whether nothing is over the dashboard."""
    return isinstance(stage.app.screen, DashboardScreen)


BESIDE = ""
CLICKS: dict[str, tuple[tuple[str, Callable[[Stage], bool]], ...]] = {
    "add": (("0700.HK", lambda stage: stage.current == "0700.HK"),),
    "find": (("002028.SZ", lambda stage: stage.current == "002028.SZ"),),
    "alert": (
        ("a ratio", lambda stage: getattr(stage.app.focused, "id", "") == "volume_ratio"),
        ("[ ] Hits", says("[x] Hits the daily limit")),
        ("Save", lambda stage: left(stage) and any("lerts" in words for words in stage.messages)),
    ),
    "alert log": ((BESIDE, left),),
    "new": (("Save", says("A list needs a name")), ("Cancel", left)),
    "rename": (("Save", left),),
    "columns": (
        ("[x] Last", says("[ ] Last")),
        ("Space shows", says("[x] Last")),
        ("J K", lambda stage: stage.text().index("Chg %") < stage.text().index("[x] Last")),
        ("r the usual", lambda stage: stage.text().index("Chg %") > stage.text().index("[x] Last")),
        ("Enter keeps", left),
    ),
    "order": (
        ("Turnover ", says("1 ↓ Turnover")),
        ("- turns", says("1 ↑ Turnover")),
        ("0 the file", says("The file's order")),
        ("Esc done", left),
    ),
    "compare with": (("Mine  average", left),),
    "sources": ((BESIDE, left),),
    "help": ((BESIDE, left),),
    "palette": (("alert: alert log", lambda stage: isinstance(stage.app.screen, AlertLog)), (BESIDE, left)),
    "themes": ((BESIDE, left),),
    "compare": (
        ("Correlation", says("Correlation of daily returns")),
        ("v correlation", says("average of ")),
        ("\\ raw", says("as paid")),
        ("Esc q closes", left),
    ),
    "filings": (("Esc q closes", left),),
    "move": (("Shipped  1", left),),
    "record": (
        ("Status", lambda stage: not left(stage)),
        ("Save", lambda stage: not left(stage)),
        ("Cancel", left),
    ),
    "delete": (("Cancel", left),),
}
"""What is clicked in each, one after the other, and what comes of it."""


async def test_each_can_be_used_by_the_mouse_alone(tmp_path: Path) -> None:
    assert set(CLICKS) == set(OPENERS)
    async with dashboard(tmp_path) as stage:
        for name, steps in CLICKS.items():
            async with opened(stage, name):
                for words, holds in steps:
                    await click(stage, words)
                    try:
                        await stage.until(partial(holds, stage))
                    except TimeoutError:
                        raise AssertionError(
                            f"{name}: {words!r} did nothing\n{stage.messages}\n{stage.text()}"
                        ) from None
