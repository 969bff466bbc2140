"""The table of correlations as a widget."""

from __future__ import annotations

from textual.app import App, ComposeResult

from aiwatch.themes import MEANINGS
from aiwatch.widgets.chart.heat_table import HeatTable


class HeatApp(App[None]):
    """The table alone."""

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Colours with a meaning."""
        return MEANINGS

    def compose(self) -> ComposeResult:
        """The table."""
        yield HeatTable(id="heat")


async def test_it_shows_what_it_is_given_and_fits_a_new_size() -> None:
    app = HeatApp()
    async with app.run_test(size=(40, 6)) as pilot:
        table = app.query_one(HeatTable)
        table.show(["NVDA", "ORCL"], [[1.0, 0.62], [0.62, 1.0]])
        await pilot.pause()
        assert table.render_line(1).text.split() == ["1", "NVDA", "+1.00", "+0.62"]
        assert "  +0.62 " in [segment.text for segment in table.render_line(1)]
        await pilot.resize_terminal(16, 3)
        await pilot.pause()
        assert "of 2 across" in table.render_line(2).text
