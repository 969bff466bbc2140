"""The guards that every test runs under do guard."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
import textual
from blockbuster import BlockingError
from textual.app import App
from textual.color import Color
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.geometry import Region
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

import aiwatch
from aiwatch.config.paths import find_places
from tests.headless import draw_changes, draw_contents, drawn_once, strips_in, undrawn


def _as_if_in(package: ModuleType, source: str) -> Callable[..., Any]:
    """The function ``call`` of ``source``, as though it were written in a file of ``package``."""
    names: dict[str, Any] = {"time": time, "Path": Path, "ZoneInfo": ZoneInfo}
    exec(compile(source, f"{package.__path__[0]}{os.sep}some_module.py", "exec"), names)
    call: Callable[..., Any] = names["call"]
    return call


@pytest.mark.parametrize("source", ["time.sleep(0)", "Path(__file__).read_text()", "Path('/').stat()"])
async def test_a_blocking_call_of_aiwatch_on_the_loop_raises(source: str) -> None:
    call = _as_if_in(aiwatch, f"__file__ = {__file__!r}\ndef call():\n    {source}")
    with pytest.raises(BlockingError):
        call()
    await asyncio.to_thread(call)


def test_the_same_call_without_a_loop_is_no_matter() -> None:
    _as_if_in(aiwatch, "def call():\n    time.sleep(0)")()


async def test_what_textual_does_below_us_is_allowed_and_what_we_do_below_textual_is_not() -> None:
    sleep = "def call():\n    time.sleep(0)"
    through = "def call(inner):\n    inner()"
    _as_if_in(aiwatch, through)(_as_if_in(textual, sleep))
    with pytest.raises(BlockingError):
        _as_if_in(textual, through)(_as_if_in(aiwatch, sleep))


async def test_a_time_zone_may_be_read_on_the_loop() -> None:
    zone = _as_if_in(aiwatch, "def call():\n    return ZoneInfo.no_cache('Asia/Tokyo')")()
    assert zone.key == "Asia/Tokyo"


async def test_a_module_may_be_imported_on_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    assert _as_if_in(aiwatch, "def call():\n    import colorsys\n    return colorsys")()


def test_home_is_private_and_empty(home: Path) -> None:
    places = find_places(os.environ)
    for place in (places.settings, places.watchlists, places.ledger, places.state, places.cache, places.log):
        assert place.is_relative_to(home)
    assert Path.home() == home
    assert list(home.iterdir()) == []


def test_a_style_sheet_is_read_once_for_all_apps_of_the_same_colours() -> None:
    def rules_with(colour: str) -> list[RuleSet]:
        sheet = Stylesheet(variables={"edge": colour})
        sheet.add_source("Label { background: $edge; }", read_from=("here", "Label"))
        return sheet.rules

    red, again, blue = rules_with("red"), rules_with("red"), rules_with("blue")
    assert red[0] is again[0]
    assert red[0].styles.background == Color.parse("red")
    assert blue[0].styles.background == Color.parse("blue")


class Figure(Widget):
    """A number, and which of them were drawn."""

    number: reactive[int] = reactive(0)

    def __init__(self) -> None:
        super().__init__()
        self.drawn: list[int] = []

    def render(self) -> str:
        self.drawn.append(self.number)
        return str(100 // (9 - self.number))


async def test_a_screen_draws_once_what_changes_within_a_block_and_shows_what_cannot_be_drawn() -> None:
    app, figure = App[None](), Figure()
    async with app.run_test() as pilot:
        await app.mount(figure)
        await pilot.pause()
        figure.drawn.clear()
        with drawn_once(app):
            for figure.number in (4, 5):
                await pilot.pause()
            assert figure.drawn == []
        assert figure.drawn == [5]
        with undrawn():
            figure.number = 9
            await pilot.pause()
            for draw in (draw_contents, draw_changes):
                with pytest.raises(ZeroDivisionError):
                    draw(app)
            figure.number = 5
            await pilot.pause()


class Lines(Widget):
    """Lines, and which of them were drawn."""

    def __init__(self) -> None:
        super().__init__()
        self.drawn: list[int] = []

    def render_line(self, y: int) -> Strip:
        self.drawn.append(y)
        return Strip.blank(self.size.width)


class WholeLines(Lines):
    """Draws several lines at a time."""

    def render_lines(self, crop: Region) -> list[Strip]:
        return [self.render_line(line) for line in crop.line_range]


async def test_at_the_end_of_a_stage_what_is_a_widget_s_own_is_drawn_and_what_was_drawn_is_not() -> None:
    app, lines, whole = App[None](), Lines(), WholeLines()
    for widget in (lines, whole):
        widget.styles.height, widget.styles.border = 5, ("solid", "red")
    async with app.run_test() as pilot:
        with undrawn():
            await app.mount(lines, whole)
            await pilot.pause()
            strips_in(app.screen, Region(0, 0, 80, 2))
            assert (lines.drawn, whole.drawn) == ([0, 1, 2], []), "what is not looked at"
            lines._styles_cache.set_dirty(Region(0, 2, 80, 1))
            draw_contents(app)
            assert lines.drawn == [0, 1, 2, 1]
            assert whole.drawn == [0, 1, 2, 3, 4]
            lines._border_title = cast("Any", "no title that can be drawn")
            lines._styles_cache.clear()
            with pytest.raises(AttributeError):
                draw_contents(app)
            lines._border_title = None
            lines.drawn.clear()
            draw_contents(app)
            assert lines.drawn == [0, 1, 2]
