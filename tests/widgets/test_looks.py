"""A line of text in one strip is what Textual would draw of it."""

from __future__ import annotations

from itertools import product

import pytest
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.content import Content
from textual.visual import Visual
from textual.widget import Widget

from aiwatch.widgets.looks import line_strip

LINES = (
    Content(""),
    Content("plain"),
    Content.assemble(("bold ", "bold $accent"), "and ", ("faint", "$text-muted on $panel"), (" 12", "reverse")),
    Content.assemble("英维克 ", ("Envicool 科华数据", "bold")),
    Content.styled("styled all over", "italic").stylize("underline", 3, 9),
)


class Line(Widget):
    """Has a style and no links."""

    DEFAULT_CSS = "Line { text-wrap: nowrap; color: $foreground; background: $surface; }"


class OneLine(App[None]):
    """Shows nothing but the widget."""

    def compose(self) -> ComposeResult:
        yield Line()


def cells(segments: list[Segment]) -> list[tuple[str, Style | None]]:
    """Each character with what it looks like; what it is selected by is no look."""
    return [
        (character, None if segment.style is None else segment.style.clear_meta_and_links())
        for segment in segments
        for character in segment.text
    ]


async def test_it_looks_as_textual_draws_it() -> None:
    app = OneLine()
    async with app.run_test():
        widget = app.query_one(Line)
        for line, y in product(LINES, (None, 4)):
            width = line.cell_length + 5
            strip = line_strip(widget, line, width, widget.visual_style, y)
            (expected,) = Visual.to_strips(widget, line, width, 1, widget.visual_style, pad=True)
            assert cells([*strip]) == cells([*expected])
            assert strip.cell_length == width


@pytest.mark.parametrize("width", [1, 4, 7, 11])
async def test_a_longer_one_is_cut_at_the_width(width: int) -> None:
    app = OneLine()
    async with app.run_test():
        widget = app.query_one(Line)
        for line in LINES:
            strip = line_strip(widget, line, width, widget.visual_style)
            assert strip.cell_length == width == cell_len(strip.text)
            assert line.plain.startswith(strip.text.rstrip())


async def test_the_mouse_selects_it_by_character_and_line() -> None:
    app = OneLine()
    async with app.run_test():
        widget = app.query_one(Line)
        strip = line_strip(widget, LINES[3], 30, widget.visual_style, 7)
        offsets = [segment.style.meta["offset"] for segment in strip if segment.style is not None]
        assert offsets == [(0, 7), (4, 7), (17, 7)]
        unselected = line_strip(widget, LINES[3], 30, widget.visual_style)
        assert all("offset" not in segment.style.meta for segment in unselected if segment.style is not None)
