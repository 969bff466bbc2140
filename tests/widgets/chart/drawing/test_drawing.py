"""Small drawings, cell by cell: candles on half cells, volume, lines, levels, axes and the heat table."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiwatch.widgets.chart.drawing.axis import PriceAxis, Tag, end_marks, time_marks
from aiwatch.widgets.chart.drawing.candles import (
    Candle,
    body_width,
    draw_candle,
    draw_limit_days,
    draw_volume,
)
from aiwatch.widgets.chart.drawing.canvas import Canvas
from aiwatch.widgets.chart.drawing.heat import ground_of, heat_table
from aiwatch.widgets.chart.drawing.lines import draw_area, draw_level, draw_line
from aiwatch.widgets.chart.drawing.scale import WIDEST_PITCH, Scale, place, scale_of

FOUR = Scale(0.0, 8.0, 4)
"""Eight half rows of one unit each; a price in the middle of the top half row is 7.5."""


def drawn(candle: Candle, *, width: int = 1, hollow: bool = False) -> list[str]:
    canvas = Canvas(width, 4)
    draw_candle(canvas, width // 2, 0, FOUR, candle, width, hollow=hollow)
    return canvas.plain()


@pytest.mark.parametrize(
    ("candle", "rows"),
    [
        (Candle(0.5, 7.5, 0.5, 7.5), ["█", "█", "█", "█"]),
        (Candle(2.5, 5.5, 2.5, 5.5), ["", "█", "█", ""]),
        (Candle(1.5, 6.5, 1.5, 6.5), ["▄", "█", "█", "▀"]),
        (Candle(3.5, 7.5, 0.5, 4.5), ["│", "╽", "╿", "│"]),
        (Candle(3.5, 6.5, 1.5, 4.5), ["╷", "╽", "╿", "╵"]),
        (Candle(4.5, 4.5, 4.5, 4.5), ["", "▄", "", ""]),
        (Candle(4.5, 5.5, 3.5, 4.5), ["", "╽", "╵", ""]),
        (Candle(5.5, 5.5, 0.5, 5.5), ["", "╿", "│", "│"]),
    ],
)
def test_a_candle_falls_on_half_cells(candle: Candle, rows: list[str]) -> None:
    assert drawn(candle) == rows
    falling = candle._replace(open=candle.close, close=candle.open)
    assert drawn(falling) == rows


@pytest.mark.parametrize(
    ("candle", "width", "hollow", "rows"),
    [
        (Candle(2.5, 7.5, 0.5, 5.5), 3, False, [" │", "███", "███", " │"]),
        (Candle(1.5, 7.5, 0.5, 6.5), 3, False, [" │", "███", "███", " │"]),
        (Candle(4.5, 7.5, 0.5, 4.5), 3, False, [" │", "━┿━", " │", " │"]),
        (Candle(2.5, 7.5, 0.5, 5.5), 3, True, [" │", "┌┴┐", "└┬┘", " │"]),
        (Candle(0.5, 7.5, 0.5, 7.5), 5, True, ["┌───┐", "│   │", "│   │", "└───┘"]),
        (Candle(5.5, 7.5, 0.5, 2.5), 3, True, [" │", "███", "███", " │"]),
        (Candle(2.5, 7.5, 0.5, 5.5), 1, True, ["│", "║", "║", "│"]),
        (Candle(5.5, 7.5, 0.5, 2.5), 1, True, ["│", "█", "█", "│"]),
        (Candle(4.5, 7.5, 0.5, 4.6), 1, True, ["│", "┼", "│", "│"]),
    ],
)
def test_wide_and_hollow_candles(candle: Candle, width: int, hollow: bool, rows: list[str]) -> None:
    assert drawn(candle, width=width, hollow=hollow) == rows


PRICES = st.floats(min_value=-1e9, max_value=1e9)


@given(st.lists(PRICES, min_size=4, max_size=4), st.sampled_from([1, 3, 5]), st.booleans(), st.integers(1, 40))
def test_a_candle_is_drawn_from_its_low_to_its_high(prices: list[float], width: int, hollow: bool, rows: int) -> None:
    low, first, second, high = sorted(prices)
    scale = scale_of([low - 1, high + 1], rows)
    assert scale is not None
    canvas = Canvas(width, rows)
    draw_candle(canvas, width // 2, 0, scale, Candle(first, high, low, second), width, hollow=hollow)
    held = [row for row, text in enumerate(canvas.plain()) if text]
    assert held == list(range(scale.at(high), scale.at(low) + 1))


@pytest.mark.parametrize(("pitch", "width"), [(2, 1), (3.9, 1), (4, 3), (7.9, 3), (8, 5), (12, 5)])
def test_a_body_leaves_a_gap(pitch: float, width: int) -> None:
    assert body_width(pitch) == width < pitch


def test_limit_days_have_a_sign_outside_their_candle() -> None:
    canvas, scale = Canvas(4, 4), FOUR
    candles = [Candle(3.5, 5.5, 2.5, 5.5), Candle(5.5, 5.5, 2.5, 2.5)]
    draw_limit_days(canvas, 0, scale, place(2, 4), candles, [1, -1])
    assert canvas.plain() == [" ▲", "", "", "   ▼"]


def test_volume_grows_from_the_ground_by_eighths() -> None:
    canvas = Canvas(8, 2)
    draw_volume(canvas, 0, 2, place(4, 8), [16.0, 9.0, None, 0.1], ["rise-quiet"] * 4)
    assert canvas.plain() == [" █ ▁", " █ █   ▁"]


def test_volume_of_several_bars_in_a_column_is_their_average() -> None:
    canvas = Canvas(2, 1)
    draw_volume(canvas, 0, 1, place(4, 2), [8.0, 8.0, 2.0, 6.0], ["volume"] * 4)
    assert canvas.plain() == ["█▄"]


def test_a_line_crosses_what_is_missing_and_keeps_the_dots_under_it() -> None:
    canvas = Canvas(4, 2)
    where = place(4, 4)
    scale = Scale(0.0, 1.0, 2)
    draw_line(canvas, 0, scale, where, [0.0, None, None, 0.0], "average")
    draw_line(canvas, 0, scale, where, [1.0, 1.0, 0.0, 0.0], "line")
    assert canvas.plain() == ["⠈⠉⡆", "⢀⣀⣱⣀"]
    assert canvas.parts[1] == ["average", "average", "line", "line"]


def test_the_area_lies_between_line_and_level() -> None:
    canvas = Canvas(6, 4)
    where = place(3, 6)
    draw_area(canvas, 0, FOUR, where, [7.5, 4.0, 0.5], 4.0)
    assert [row[where.column(0)] for row in canvas.grounds] == ["rise-ground"] * 3 + [""]
    assert [row[where.column(2)] for row in canvas.grounds] == ["", "", "fall-ground", "fall-ground"]


@pytest.mark.parametrize(
    ("taken", "row"),
    [
        ("", "prev. ┄┄┄┄┄┄┄┄┄┄"),
        ("█", "█┄┄┄┄┄┄┄┄┄ prev."),
        ("█              █", "█┄┄┄┄┄┄┄┄┄┄┄┄┄┄█"),
    ],
)
def test_a_level_has_its_words_where_there_is_room(taken: str, row: str) -> None:
    canvas = Canvas(16, 1)
    canvas.text(0, 0, taken)
    draw_level(canvas, 0, 16, "muted", "prev.")
    assert canvas.plain()[0].replace("\u00a0", " ") == row


def test_nothing_is_drawn_outside() -> None:
    canvas = Canvas(3, 1)
    canvas.put(3, 0, "x")
    canvas.put(-1, 0, "x")
    canvas.under(0, 1, "x")
    canvas.tint(9, 9, "x")
    assert canvas.text(1, 0, "英维克") == 7
    assert canvas.plain() == [" 英"]


def test_text_from_outside_commands_no_terminal() -> None:
    canvas = Canvas(12, 1)
    canvas.text(0, 0, "a\x1b[31mb\nc")
    assert "\x1b" not in canvas.plain()[0]
    assert "\n" not in canvas.plain()[0]


# Axes

FLOATS = st.floats(min_value=-1e15, max_value=1e15)


@given(st.lists(FLOATS, min_size=1, max_size=30), st.integers(1, 60), st.integers(1, 20))
def test_ticks_lie_within_the_scale_and_are_not_too_many(values: list[float], rows: int, most: int) -> None:
    scale = scale_of(values, rows)
    assert scale is not None
    ticks = scale.ticks(most)
    assert len(ticks) <= most
    span = scale.high - scale.low
    assert all(scale.low - span * 1e-6 <= tick <= scale.high + span * 1e-6 for tick in ticks)
    assert all(0 <= scale.at(value, 2) < rows * 2 for value in values)


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [(23.2, 49.1, [25, 30, 35, 40, 45]), (42.86, 47.15, [43, 44, 45, 46, 47]), (0.0, 1.0, [0, 0.25, 0.5, 0.75, 1.0])],
)
def test_ticks_are_round(low: float, high: float, ticks: list[float]) -> None:
    assert Scale(low, high, 20).ticks(5) == pytest.approx(ticks)


def test_prices_that_never_moved_are_in_the_middle() -> None:
    scale = scale_of([7.0, 7.0], 5)
    assert scale is not None
    assert scale.at(7.0) == 2


def test_the_axis_has_ticks_and_the_tag_on_top() -> None:
    canvas, axis = Canvas(9, 5), PriceAxis(2)
    scale = Scale(40.0, 50.0, 5)
    assert scale.ticks(2) == [40.0, 50.0]
    axis.draw(canvas, 0, 0, scale, [Tag(44.0, "muted", " "), Tag(44.4, "tag-rise")])
    assert canvas.plain() == ["    50.00", "", " ◂  44.40", "    44.00", "    40.00"]
    assert canvas.parts[2][1] == "tag-rise"


@pytest.mark.parametrize(
    ("value", "percent", "text"),
    [(46.7, False, "46.70"), (24510.25, False, "24510.25"), (123456789.5, False, "123 M"), (12.345, True, "+12.35 %")],
)
def test_no_figure_of_the_axis_is_cut(value: float, percent: bool, text: str) -> None:
    assert PriceAxis(2, percent=percent).text(value) == text


def _days(count: int) -> list[datetime]:
    days = (datetime(2024, 10, 1) + timedelta(days=number) for number in range(count * 2 + 4))  # noqa: DTZ001
    return [day for day in days if day.weekday() < 5][:count]


@pytest.mark.parametrize(
    ("count", "width", "texts"),
    [
        (22, 66, ["1 Oct", "7 Oct", "14 Oct", "21 Oct", "28 Oct"]),
        (22, 30, ["1 Oct", "14 Oct"]),
        (130, 60, ["Oct", "Nov", "Dec", "2025", "Feb", "Mar"]),
        (130, 24, ["Nov", "2025", "Mar"]),
        (1300, 80, ["2025", "2026", "2027", "2028", "2029"]),
    ],
)
def test_days_are_named_by_week_month_or_year(count: int, width: int, texts: list[str]) -> None:
    days = _days(count)
    marks = time_marks(days, place(count, width), intraday=False)
    assert [mark.text for mark in marks][: len(texts)] == texts


@given(st.integers(1, 3000), st.integers(1, 220))
def test_labels_keep_apart_and_within(count: int, width: int) -> None:
    where = place(count, width)
    free = 0
    for mark in time_marks(_days(count), where, intraday=False):
        start = where.column(mark.at)
        assert start >= free
        assert start + len(mark.text) <= width
        free = start + len(mark.text) + 1


def test_the_ends_are_named_where_there_is_no_axis() -> None:
    assert end_marks(_days(22), intraday=False) == ("1 Oct", "30 Oct")
    assert end_marks(_days(400), intraday=False) == ("Oct 2024", "Apr 2026")
    morning = datetime(2025, 8, 15, 9, 30)  # noqa: DTZ001
    assert end_marks([morning, morning + timedelta(hours=5)], intraday=True) == ("09:30", "14:30")


@given(st.integers(1, 400), st.integers(1, 220))
def test_bars_stand_by_their_index_the_newest_at_the_right(count: int, width: int) -> None:
    where = place(count, width)
    columns = [where.column(index) for index in range(count)]
    assert columns == sorted(columns)
    assert columns[0] >= 0
    assert width - 1 - WIDEST_PITCH <= columns[-1] <= width - 1
    if where.pitch >= 1:
        assert [where.index(column) for column in columns] == list(range(count))
    assert [where.dot(index) // 2 for index in range(count)] == columns


# The heat table


def test_a_heat_table_names_its_rows_and_numbers_its_columns() -> None:
    canvas = heat_table(["NVDA", "英维克", "ORCL"], [[1, 0.62, None], [0.62, 1, -0.85], [None, -0.85, 1]], 40, 4)
    assert canvas.plain() == [
        "               1       2       3",
        "1 NVDA     +1.00   +0.62       –",
        "2 英维克   +0.62   +1.00   -0.85",
        "3 ORCL         –   -0.85   +1.00",
    ]
    assert canvas.grounds[1][18] == "heat-3"
    assert canvas.grounds[2][26] == "cold-4"
    assert canvas.grounds[1][12] == ""


@given(st.integers(0, 14), st.integers(0, 120), st.integers(0, 30))
def test_a_heat_table_fits(count: int, width: int, height: int) -> None:
    canvas = heat_table([f"Company {number}" for number in range(count)], [[0.5] * count] * count, width, height)
    assert len(canvas.plain()) == height
    assert all(len(row) <= width for row in canvas.plain())


@pytest.mark.parametrize(
    ("value", "ground"), [(None, ""), (0.1, ""), (0.2, "heat-1"), (1.0, "heat-4"), (-0.5, "cold-2")]
)
def test_the_ground_tells_the_strength(value: float | None, ground: str) -> None:
    assert ground_of(value) == ground
