"""Rows of figures: their order, their cursor, and what goes where there is no room."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult

from aiwatch.market.symbol import parse_symbol
from aiwatch.themes import THEMES
from aiwatch.widgets.comparison.figures import FigureList, FigureRow

ROWS = [
    FigureRow("basket", "average of 2", 4.0),
    FigureRow("A", "Envicool", 12.345, parse_symbol("002837.SZ"), 8.0, -3.21, 40.0, 1.25, (1.0, None), (1, None)),
    FigureRow("B", "A company of a very long name", -5.0, parse_symbol("NVDA"), returns=(-2.0, 3.0), ranks=(2, 1)),
]


class Alone(App[None]):
    """The list alone."""

    def __init__(self) -> None:
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name

    def compose(self) -> ComposeResult:
        yield FigureList((5, 20))


def lines(app: App[None]) -> list[str]:
    return [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]


@pytest.mark.parametrize("width", [100, 60, 34])
async def test_figures_are_never_cut_and_names_give_way(width: int) -> None:
    async with Alone().run_test(size=(width, 8)) as pilot:
        figures = pilot.app.query_one(FigureList)
        figures.show(ROWS)
        await pilot.pause()
        shown = lines(pilot.app)
        assert "+12.3" in shown[2]
        assert "A company" in shown[3]
        assert all(len(line) <= width for line in shown)
        if width == 100:
            assert shown[2].split()[1:] == ["+12.35", "+8.00", "-3.2", "40.0", "1.25", "+1.0", "#1", "–"]


async def test_the_cursor_stays_on_its_stock_when_the_rows_are_others() -> None:
    async with Alone().run_test(size=(80, 8)) as pilot:
        figures = pilot.app.query_one(FigureList)
        figures.show(ROWS)
        figures.focus()
        await pilot.press("G")
        assert figures.current == "B"
        figures.show([ROWS[0], ROWS[2], ROWS[1]])
        assert figures.current == "B"
        figures.show(ROWS[:2])
        assert figures.current == "basket"
        figures.show(())
        assert figures.current == ""
