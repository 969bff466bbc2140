"""Lines from a common start: their names and changes, and words in their place."""

from __future__ import annotations

from datetime import date, timedelta

from textual.app import App, ComposeResult

from aiwatch.market.bars import Range
from aiwatch.widgets.comparison.lines import ComparedLine, ComparisonLines
from tests.widgets.comparison.test_figures import Alone, lines

DAYS = [date(2025, 8, 4) + timedelta(days=at) for at in range(30)]
LINES = [
    ComparedLine("average", tuple(100.0 + at for at in range(30))),
    ComparedLine("Envicool", (None, *(100.0 - at for at in range(29)))),
]


class Drawn(Alone):
    """The lines alone."""

    def compose(self) -> ComposeResult:
        yield ComparisonLines()


def text(app: App[None]) -> str:
    return "\n".join(lines(app))


async def test_lines_are_named_with_what_they_did_since_the_start() -> None:
    async with Drawn().run_test(size=(80, 16)) as pilot:
        drawn = pilot.app.query_one(ComparisonLines)
        drawn.show(DAYS, LINES, Range.HALF_YEAR, ("one note",))
        await pilot.pause()
        shown = text(pilot.app)
        assert "1 average +29.00 %" in shown
        assert "2 Envicool -28.00 %" in shown
        assert "▸6M" in shown
        assert "1D" not in shown, "minutes are not compared"
        assert "one note" in shown


async def test_without_lines_it_says_why() -> None:
    async with Drawn().run_test(size=(80, 16)) as pilot:
        pilot.app.query_one(ComparisonLines).say("Nothing to compare", "no host answers", span=Range.MAX, is_error=True)
        await pilot.pause()
        assert "Nothing to compare" in text(pilot.app)
        assert "no host answers" in text(pilot.app)
