"""The chart as a widget: keys, mouse, messages, what a screen may give it, and that it draws only after a change."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from msgspec.structs import replace
from rich.color import ColorSystem
from textual.events import Leave, MouseScrollUp
from textual.pilot import Pilot

from aiwatch.market.bars import Interval, Range
from aiwatch.market.symbol import parse_symbol
from aiwatch.themes import THEMES
from aiwatch.widgets.chart.chart import Chart
from aiwatch.widgets.chart.data import ChartData, View
from aiwatch.widgets.chart.drawing.captions import Key
from aiwatch.widgets.chart.drawing.heat import STEPS
from aiwatch.widgets.chart.look import LOOKS
from tests.widgets.chart.fixtures import ChartApp, compared, daily, minute_data, series, walk

SIZE = (90, 24)


def text_of(chart: Chart) -> list[str]:
    """The rows as they are on the screen."""
    return [chart.render_line(y).text.rstrip() for y in range(chart.size.height)]


def span_of(app: ChartApp) -> Range:
    return app.chart.range


async def shown(pilot: Pilot[None]) -> list[str]:
    await pilot.pause()
    app = pilot.app
    assert isinstance(app, ChartApp)
    return text_of(app.chart)


async def test_keys_choose_the_range_and_the_screen_is_asked() -> None:
    app = ChartApp(daily(250))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("full_stop")
        assert span_of(app) == Range.YEAR_TO_DATE
        assert "▸YTD" in (await shown(pilot))[0]
        await pilot.press("comma", "comma", "comma")
        assert span_of(app) == Range.FIVE_DAYS
        assert "Loading 5D…" in "".join(await shown(pilot))
        app.chart.show(minute_data())
        assert "Loading" not in "".join(await shown(pilot))
        await pilot.press("comma", "comma", "comma")
        assert span_of(app) == Range.DAY
        await pilot.pause()
    asked = [(each.range, each.interval, each.is_covered) for each in app.heard if isinstance(each, Chart.RangeChanged)]
    assert asked == [
        (Range.YEAR_TO_DATE, Interval.DAY, True),
        (Range.HALF_YEAR, Interval.DAY, True),
        (Range.MONTH, Interval.DAY, True),
        (Range.FIVE_DAYS, Interval.FIVE_MINUTES, False),
        (Range.DAY, Interval.MINUTE, True),
    ]


async def test_keys_change_the_look_and_ask_for_a_comparison() -> None:
    app = ChartApp(daily(250))
    async with app.run_test(size=SIZE) as pilot:
        assert "candles of weeks" in (await shown(pilot))[0]
        await pilot.press("vertical_line")
        assert "   line" in (await shown(pilot))[0]
        assert "Tencent · adjusted" in (await shown(pilot))[-1]
        await pilot.press("backslash")
        assert "Tencent · unadjusted" in (await shown(pilot))[-1]
        await pilot.press("equals_sign")
        await pilot.pause()
    looks = [(each.candles, each.adjusted) for each in app.heard if isinstance(each, Chart.LookChanged)]
    assert looks == [(False, True), (False, False)]
    assert isinstance(app.heard[-1], Chart.CompareRequested)
    assert app.heard[-1].control is app.chart


async def test_arrows_move_the_crosshair_until_it_is_left() -> None:
    app = ChartApp(daily(60), span=Range.MONTH)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("left")
        assert app.chart.cursor_at == datetime(2025, 8, 15)  # noqa: DTZ001
        await pilot.press("left", "left", "right")
        head = (await shown(pilot))[0]
        assert "Thu 14 Aug 2025  O " in head
        for part in ("  H ", "  L ", "  C ", " %  vol "):
            assert part in head
        await pilot.press("home")
        assert app.chart.cursor_at == datetime(2025, 7, 15)  # noqa: DTZ001
        await pilot.press("left", "shift+right", "end", "right")
        assert app.chart.cursor_at == datetime(2025, 8, 15)  # noqa: DTZ001
        assert app.chart.leave_crosshair()
        assert app.chart.cursor_at is None
        assert not app.chart.leave_crosshair()


async def test_the_crosshair_has_the_words_of_dated_events() -> None:
    app = ChartApp(daily(60), span=Range.MONTH)
    async with app.run_test(size=(160, 24)) as pilot:
        await pilot.press("home", *["right"] * 4)
        assert "◆ C021 Alphabet → 3 data centres" in (await shown(pilot))[0]


async def test_zoom_shows_fewer_bars_and_the_crosshair_moves_the_part() -> None:
    app = ChartApp(daily(250), span=Range.YEAR)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("plus", "plus", "plus")
        assert app.chart.view.window == (219, 250)
        await pilot.press("end", "home", "left")
        assert app.chart.view.window == (218, 249)
        await pilot.press("minus", "minus", "minus", "minus")
        assert app.chart.view.window is None
        await pilot.press("plus", "comma")
        assert app.chart.view.window is None


async def test_the_mouse_moves_the_crosshair_zooms_and_chooses_a_range() -> None:
    app = ChartApp(daily(60), span=Range.MONTH)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.hover("#chart", offset=(3, 8))
        first = app.chart.cursor_at
        await pilot.hover("#chart", offset=(60, 8))
        assert first is not None
        assert app.chart.cursor_at is not None
        assert app.chart.cursor_at > first
        at = app.chart.cursor_at
        await pilot._post_mouse_events([MouseScrollUp], "#chart", offset=(60, 8), button=0)
        assert app.chart.view.window is not None
        assert app.chart.cursor_at == at
        line = (await shown(pilot))[0]
        app.chart.leave_crosshair()
        line = (await shown(pilot))[0]
        await pilot.click("#chart", offset=(line.index("1Y"), 0))
        assert span_of(app) == Range.YEAR


async def test_the_crosshair_goes_with_the_pointer_that_brought_it_and_with_no_key() -> None:
    app = ChartApp(daily(60), span=Range.MONTH)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.hover("#chart", offset=(20, 8))
        assert app.chart.cursor_at is not None
        app.chart.post_message(Leave(app.chart))
        await pilot.pause()
        assert app.chart.cursor_at is None
        await pilot.press("left")
        app.chart.post_message(Leave(app.chart))
        await pilot.pause()
        assert app.chart.cursor_at is not None


async def test_ten_bars_at_a_time_end_at_the_first() -> None:
    app = ChartApp(daily(60), span=Range.MONTH)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("end", *["shift+left"] * 5)
        assert app.chart.cursor_at == datetime(2025, 7, 15)  # noqa: DTZ001


async def test_bars_that_are_there_stay_while_others_are_on_their_way() -> None:
    app = ChartApp(daily(250))
    async with app.run_test(size=SIZE) as pilot:
        app.chart.show_error("query1.finance.yahoo.com", "too many requests (429)", "asked again at 14:05")
        rows = await shown(pilot)
        assert rows[-2] == "query1.finance.yahoo.com: too many requests (429) · asked again at 14:05"
        assert "◂" in "".join(rows)
        app.chart.show(daily(250))
        assert "429" not in "".join(await shown(pilot))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("show_loading", "6M of 603757.SS from Tencent"), ("Loading 6M of 603757.SS from Tencent…",)),
        (
            ("show_nothing", "Tencent has no bars of 688795.SS", "Choose a shorter range"),
            ("No history to show", "Tencent has no bars of 688795.SS", "Choose a shorter range"),
        ),
        (
            ("show_error", "qt.gtimg.cn", "timed out after 15 s", "asked again in 40 s"),
            ("qt.gtimg.cn: timed out after 15 s", "asked again in 40 s"),
        ),
    ],
)
async def test_without_bars_there_are_words(words: tuple[str, ...], expected: tuple[str, ...]) -> None:
    app = ChartApp(None, act=lambda chart: getattr(chart, words[0])(*words[1:]))
    async with app.run_test(size=SIZE) as pilot:
        rows = [row.strip() for row in await shown(pilot)]
        start = rows.index(expected[0])
        assert tuple(rows[start : start + len(expected)]) == expected
        assert "▸6M" in rows[0]
        await pilot.press("left", "plus", "backslash", "home")


@pytest.mark.parametrize(
    ("data", "span", "words"),
    [
        (ChartData(series=series([]), source="Tencent"), Range.YEAR, "Tencent sent no bars"),
        (daily(30, today=date(2027, 1, 1)), Range.MONTH, "No session in 1M: choose a longer range"),
        (
            daily(30, compared=(replace(compared(30).compared[0], series=series(walk(5, last=date(2020, 1, 10)))),)),
            Range.MAX,
            "They have no session in common in this range",
        ),
    ],
)
async def test_why_there_is_no_picture(data: ChartData, span: Range, words: str) -> None:
    app = ChartApp(data, span=span)
    async with app.run_test(size=SIZE) as pilot:
        assert words in "".join(await shown(pilot))


async def test_another_stock_takes_crosshair_and_zoom_away_a_newer_bar_does_not() -> None:
    app = ChartApp(daily(60), span=Range.MAX)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("plus", "left")
        app.chart.show(daily(60))
        assert app.chart.view.window is not None
        assert app.chart.cursor_at is not None
        data = daily(60)
        app.chart.show(replace(data, series=replace(data.series, symbol=parse_symbol("002837.SZ"))))
        assert app.chart.view == View(Range.MAX)
        assert app.chart.cursor_at is None
        await pilot.pause()


async def test_it_is_drawn_once_a_change() -> None:
    app = ChartApp(daily(60), span=Range.MONTH)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        drawn = app.chart.drawn
        app.chart.refresh()
        await pilot.pause()
        assert app.chart.drawn == drawn
        held = app.chart._state.data
        assert held is not None
        app.chart.show(replace(held))
        await pilot.pause()
        assert app.chart.drawn == drawn, "the same data"
        await pilot.press("left")
        await pilot.pause()
        assert app.chart.drawn == drawn + 1


async def test_the_last_row_has_the_keys_as_they_are_now() -> None:
    app = ChartApp(daily(60))
    async with app.run_test(size=(110, 24)) as pilot:
        app.chart.further_keys = (Key("i", "whole screen"),)
        app.set_keymap({"chart.style": "c"})
        app.chart.rebuild()
        row = (await shown(pilot))[-1]
        assert "  c line  " in row
        assert row.endswith("  i whole screen")
        await pilot.press("c")
        assert not app.chart.view.candles


@pytest.mark.parametrize("colours", ["auto", "red-up", "green-up", "colour-blind"])
async def test_gains_have_the_colour_of_the_convention(colours: str) -> None:
    app = ChartApp(daily(60), span=Range.MONTH, scheme=colours)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        is_red = colours in ("auto", "red-up")
        variables = app.theme_variables
        drawing = app.chart._drawing
        assert drawing is not None
        y = next(y for y, row in enumerate(drawing.canvas.parts[1:], 1) if "rise" in row)
        x = drawing.canvas.parts[y].index("rise")
        style = app.chart.render_line(y).crop(x, x + 1)._segments[0].style
        assert style is not None
        assert style.color is not None
        assert style.color.name.casefold() == variables["down" if is_red else "up"].casefold()


async def test_without_colours_a_rise_is_hollow_and_a_fall_filled() -> None:
    app = ChartApp(daily(60), span=Range.MONTH, scheme="monochrome")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        drawing = app.chart._drawing
        assert drawing is not None
        held = {
            part: {
                glyph
                for glyphs, parts in zip(drawing.canvas.glyphs, drawing.canvas.parts, strict=True)
                for glyph, own in zip(glyphs, parts, strict=True)
                if own == part
            }
            for part in ("rise", "fall")
        }
        assert "║" in held["rise"]
        assert "█" in held["fall"]
        assert not held["rise"] & set("█▀▄┃")


async def test_every_part_can_be_drawn_in_every_theme() -> None:
    app = ChartApp(compared(60))
    async with app.run_test(size=SIZE) as pilot:
        for theme in (*(theme.name for theme in THEMES), "nord", "ansi-dark"):
            app.theme = theme
            await pilot.pause()
            for part in LOOKS:
                for ground in ("", "rise-ground", f"heat-{STEPS}"):
                    assert app.chart._looks(part, ground).bgcolor is not None


@pytest.mark.parametrize("theme", [theme.name for theme in THEMES])
@pytest.mark.parametrize("scheme", ["red-up", "green-up", "colour-blind"])
async def test_sixteen_colours_tell_a_rise_from_a_fall_and_both_from_the_ground(theme: str, scheme: str) -> None:
    app = ChartApp(daily(60), scheme=scheme)
    async with app.run_test(size=SIZE) as pilot:
        app.theme = theme
        await pilot.pause()
        colours = {}
        for part in ("rise", "fall", "line", "muted", "limit", "event"):
            style = app.chart._looks(part, "")
            assert style.color is not None
            assert style.bgcolor is not None
            ground = style.bgcolor.downgrade(ColorSystem.STANDARD)
            colours[part] = style.color.downgrade(ColorSystem.STANDARD)
            assert colours[part] != ground, part
        assert colours["rise"] != colours["fall"]
