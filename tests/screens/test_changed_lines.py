"""What changed in part is drawn as the whole picture has it, and nothing else is."""

from __future__ import annotations

from typing import Any

import pytest
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import Compositor
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from aiwatch.screens.base import ChangedLines, _parts_of
from aiwatch.widgets import beat
from aiwatch.widgets.board.board import Board
from tests.headless import strips_in, whole_update
from tests.screens.dashboard.test_pictures import fill
from tests.screens.stage import Stage, on_stage, priced

PARTS = {
    "the top line": (Region(0, 0, 160, 1),),
    "a cell": (Region(40, 6, 1, 1),),
    "from the top line to the last": (Region(0, 0, 160, 1), Region(3, 8, 90, 1), Region(0, 44, 160, 1)),
    "two panels side by side": (Region(1, 5, 94, 2), Region(98, 5, 60, 3)),
    "a frame and what is in it": (Region(0, 1, 20, 5),),
    "beyond the screen": (Region(100, 40, 90, 9),),
    "everything": (Region(0, 0, 160, 45),),
}


def cells(strip: Strip) -> list[tuple[str, Style | None]]:
    """The characters of ``strip``, each with its style."""
    return [(letter, segment.style) for segment in strip for letter in segment.text]


def drawn(stage: Stage, *regions: Region) -> dict[tuple[int, int], Strip]:
    """The pieces drawn for changes in ``regions``, by line and column."""
    compositor = stage.app.screen._compositor
    assert isinstance(compositor, ChangedLines)
    compositor._dirty_regions = set(regions)
    update = compositor.render_partial_update()
    assert update is not None
    return {
        (y, x): strip
        for y, first, end in update.spans
        for after, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=True)
        if x < end and after > first and strip is not None
    }


async def test_a_part_is_drawn_as_the_whole_picture_has_it() -> None:
    async with on_stage() as stage:
        await stage.take(priced("603757.SS", 51.85, 47.14))
        whole = stage.strips()
        for name, regions in PARTS.items():
            pieces = drawn(stage, *regions)
            for line in {y for region in regions for y in region.line_range if y < len(whole)}:
                widths = sum(strip.cell_length for (y, _), strip in pieces.items() if y == line)
                assert widths >= max(
                    min(region.right, 160) - region.x for region in regions if line in region.line_range
                )
            for (y, x), strip in pieces.items():
                assert cells(strip) == cells(whole[y].crop(x, x + strip.cell_length)), (name, y, x)


async def test_only_the_changed_lines_of_what_is_seen_there_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    async with on_stage() as stage:
        board, notes = stage.dashboard.lists.board, list[tuple[str, int]]()

        def note(kind: type[Widget]) -> None:
            render = kind.render_lines

            def noted(widget: Widget, crop: Region) -> list[Strip]:
                notes.append((type(widget).__name__, crop.height))
                return render(widget, crop)

            monkeypatch.setattr(kind, "render_lines", noted)

        note(Widget)
        note(Board)
        drawn(stage, Region(0, 0, 160, 1), Region(board.region.x, board.region.y + 3, board.region.width, 2))
        assert sorted(notes) == [("Board", 2), ("StatusLine", 1)], "no frame and no panel between or under them"


async def test_nothing_is_drawn_where_nothing_changed() -> None:
    async with on_stage() as stage:
        compositor = stage.app.screen._compositor
        compositor._dirty_regions = set()
        assert compositor.render_partial_update() is None


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_each_step_can_be_painted(size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    """What other tests leave out: a paint whenever anything has changed, from the start on, as on a quick terminal."""
    paints = []

    def paint(compositor: Compositor, full: bool = False, **options: Any) -> object:
        paints.append(update := whole_update(compositor, full, **options))
        return update

    monkeypatch.setattr(Compositor, "render_update", paint)
    monkeypatch.setattr("textual.screen.UPDATE_PERIOD", 0.0001)
    async with on_stage(size) as stage:
        assert len(paints) > 5, "before the app has come to rest for the first time"
        await fill(stage)
        for key in ("j", "2", "v", "enter", "3", "v", "4", "1", "[", "f", "escape"):
            before = len(paints)
            await stage.press(key)
            assert len(paints) > before, key


async def test_a_part_of_a_screen_is_as_the_whole_has_it() -> None:
    async with on_stage((120, 36)) as stage:
        screen = stage.app.screen
        whole = screen._compositor.render_strips()
        for widget in (screen, *screen.query("*")):
            region = widget.region
            part = [strip.crop(region.x, region.right) for strip in whole[region.y : region.bottom]]
            seen = strips_in(screen, region)
            assert [list(strip.simplify()) for strip in seen] == [list(strip.simplify()) for strip in part], widget


def paint(stage: Stage) -> list[Region]:
    """Paint what is due now; the parts of lines that were drawn."""
    update = stage.app.screen._compositor.render_partial_update()
    return [] if update is None else [Region.from_corners(first, y, end, y + 1) for y, first, end in update.spans]


def reach(drawn: list[Region], region: Region) -> bool:
    """Whether any of what was ``drawn`` lies in ``region``."""
    return any(part.overlaps(region) for part in drawn)


@pytest.mark.parametrize(("rows", "follower"), [("board", "stock"), ("ledger", "record")])
async def test_what_follows_a_cursor_is_painted_whole_once_it_rests(
    rows: str, follower: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on_stage() as stage:
        panels = stage.dashboard.panels
        rows_panel, panel = getattr(panels, rows), getattr(panels, follower)
        rows_panel.front.focus()
        await stage.press("down")
        await stage.until(lambda: not lines(stage).followers.is_waiting)
        paint(stage)
        monkeypatch.setattr(beat, "RESTED", 600.0)
        for _ in range(2):
            await stage.press("down")
            drawn = paint(stage)
            assert reach(drawn, rows_panel.region)
            assert not reach(drawn, panel.region)
        monkeypatch.setattr(beat, "RESTED", 0.001)
        await stage.press("up")
        await stage.until(lambda: not lines(stage).followers.is_waiting)
        drawn = paint(stage)
        assert reach(drawn, panel.region.crop_size(Size(panel.region.width, 1)))
        assert reach(drawn, panel.content_region)


async def test_a_layout_that_moves_a_panel_paints_what_waits_for_a_cursor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beat, "RESTED", 600.0)
    async with on_stage() as stage:
        panel = stage.dashboard.panels.stock
        await stage.press("down")
        assert not reach(paint(stage), panel.region)
        panel.refresh(layout=True)
        await stage.pilot.pause()
        assert not reach(paint(stage), panel.region), "its place is the same"
        stage.dashboard.panels.board.styles.height = 7
        await stage.pilot.pause()
        assert reach(paint(stage), panel.region)
        assert not lines(stage).followers.is_waiting


def lines(stage: Stage) -> ChangedLines:
    compositor = stage.dashboard._compositor
    assert isinstance(compositor, ChangedLines)
    return compositor


def test_a_part_of_a_strip_is_a_strip_like_any_other() -> None:
    strip = Strip([Segment("中文 and ", Style(bold=True)), Segment("more", None)])
    for ends in ([2, 4, 7, 13], [4, 13], [1, 13]):
        parts, usual = _parts_of(strip, ends), strip.divide(ends)
        assert parts == list(usual)
        assert [part.cell_length for part in parts] == [part.cell_length for part in usual]
        for part, same in zip(parts, usual, strict=True):
            for _ in range(2):
                assert part.crop(0, 2) == same.crop(0, 2)
                assert part.apply_style(Style(italic=True)) == same.apply_style(Style(italic=True))
                assert part.extend_cell_length(20) == same.extend_cell_length(20)
                assert part.render(Console()) == same.render(Console())
    with pytest.raises(AttributeError, match="colour"):
        _ = _parts_of(strip, [2, 13])[0].colour  # type: ignore[attr-defined]
