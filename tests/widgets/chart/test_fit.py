"""A whole chart at every size: it fits what is free by the fit rules, and never fails whatever its bars are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from aiwatch.market.bars import Bar, Interval, Range
from aiwatch.market.symbol import parse_symbol
from aiwatch.widgets.chart.content import build
from aiwatch.widgets.chart.data import ChartData, View
from aiwatch.widgets.chart.drawing.canvas import Canvas
from aiwatch.widgets.chart.drawing.captions import Captions, Key, draw_foot
from aiwatch.widgets.chart.drawing.draw import LEAST_HEIGHT, Drawing, Rows, draw, rows_of, takes_candles
from aiwatch.widgets.chart.drawing.scale import scale_of
from aiwatch.widgets.chart.prepared import Prepared
from tests.widgets.chart.fixtures import NOW, compared, daily, minute_data, series, weekdays

KEYS = (Key(", .", "range"), Key("|", "line"), Key("\\", "raw"), Key("=", "compare"), Key("+ -", "zoom"))
SIZES = [(30, 6), (40, 5), (60, 8), (60, 9), (78, 10), (80, 24), (94, 20), (160, 45), (200, 60)]
BODIES = set("█▀▄")
BRAILLE = {chr(code) for code in range(0x2801, 0x2900)}


def charted(data: ChartData, width: int, height: int, span: Range = Range.HALF_YEAR, **view: object) -> Drawing:
    candles = bool(view.pop("candles", True)) and takes_candles(height)
    picture = build(Prepared(data), View(span, candles=candles, **view), width).picture  # type: ignore[arg-type]
    captions = Captions(
        range=span, drawn_as="candles", source=("Tencent · adjusted · as of 15 Aug", "Tencent"), keys=KEYS
    )
    return draw(picture, captions, width, height)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("data", "span"), [(daily(250), Range.HALF_YEAR), (compared(130), Range.HALF_YEAR), (minute_data(100), Range.DAY)]
)
def test_every_row_has_the_width_and_the_last_names_the_keys(
    size: tuple[int, int], data: ChartData, span: Range
) -> None:
    drawing = charted(data, *size, span)
    rows = drawing.canvas.plain()
    assert len(rows) == size[1]
    assert all(sum(map(len, row)) <= size[0] for row in drawing.canvas.glyphs)
    assert ", ." in rows[-1]
    assert "+ -" in rows[-1]


@pytest.mark.parametrize("size", [(80, 0), (80, 4), (10, 24), (0, 0)])
def test_nothing_is_drawn_where_there_is_no_room(size: tuple[int, int]) -> None:
    assert "".join(charted(daily(60), *size).canvas.plain()) == ""


@pytest.mark.parametrize("height", range(LEAST_HEIGHT, 9))
def test_a_low_chart_is_a_line_with_its_first_and_last_label(height: int) -> None:
    drawing = charted(daily(250), 78, height)
    glyphs = set("".join(drawing.canvas.plain()))
    assert glyphs & BRAILLE
    assert not glyphs & BODIES
    times = drawing.canvas.plain()[height - 2]
    assert times.startswith("17 Feb")
    assert times.endswith("15 Aug")


@pytest.mark.parametrize("height", [9, 12, 24, 60])
def test_from_nine_rows_on_there_are_candles_and_volume(height: int) -> None:
    canvas = charted(daily(250), 78, height).canvas
    assert any(part in ("rise", "fall") for row in canvas.parts for part in row)
    volume = [row for row in canvas.parts if {"rise-quiet", "fall-quiet"} & set(row)]
    assert len(volume) >= 2
    assert canvas.plain()[height - 2].endswith(" weeks")


@pytest.mark.parametrize(
    ("width", "source", "keys"),
    [
        (104, "Tencent · adjusted · as of 28 Nov 08:10", ", . range  | line  = compare  + - zoom  i whole screen"),
        (92, "Tencent · adjusted · 28 Nov 08:10", ", . range  | line  = compare  + - zoom  i whole screen"),
        (80, "Tencent · adjusted · 28 Nov 08:10", ", . range  | line  = vs  + - zoom  i full"),
        (68, "Tencent · adjusted · 28 Nov 08:10", ", . range  | line  = vs  + - i"),
        (40, "Tencent · adjusted", ", . range  | = + - i"),
        (24, "Tencent", ", . | = + - i"),
    ],
)
def test_all_keys_of_the_foot_have_short_words_before_some_have_none(width: int, source: str, keys: str) -> None:
    shown = (Key(", .", "range"), Key("|", "line"), Key("=", "compare", "vs"), Key("+ -", "zoom"))
    basis = "Tencent · adjusted"
    sources = (f"{basis} · as of 28 Nov 08:10", f"{basis} · 28 Nov 08:10", basis, basis, "Tencent")
    canvas = Canvas(width, 1)
    captions = Captions(range=Range.YEAR, source=sources, keys=(*shown, Key("i", "whole screen", "full")))
    draw_foot(canvas, 0, captions, with_notes=False)
    foot = canvas.plain()[0]
    assert (foot[: len(source)], foot[len(source) :].strip()) == (source, keys)


@given(st.integers(LEAST_HEIGHT, 80), st.booleans(), st.booleans(), st.booleans(), st.booleans())
def test_the_parts_share_the_rows_without_overlap(
    height: int, volume: bool, marks: bool, notes: bool, legend: bool
) -> None:
    rows = rows_of(height, volume=volume, marks=marks, notes=notes, legend=legend)
    single = [rows.head, rows.legend, rows.marks, rows.times, rows.notes, rows.foot]
    taken = [row for row in single if row >= 0]
    taken += range(rows.plot, rows.plot + rows.plot_rows)
    taken += range(rows.volume, rows.volume + rows.volume_rows) if rows.volume_rows else []
    assert sorted(taken) == list(range(height))
    assert rows.plot_rows >= 2


@pytest.mark.parametrize(
    ("height", "rows"),
    [
        (5, Rows(-1, -1, 0, 3, -1, 0, -1, 3, -1, 4)),
        (9, Rows(0, -1, 1, 3, 4, 2, 6, 7, -1, 8)),
        (24, Rows(0, -1, 1, 16, 17, 3, 20, 21, 22, 23)),
    ],
)
def test_how_rows_are_shared(height: int, rows: Rows) -> None:
    assert rows_of(height, volume=True, marks=True, notes=True, legend=False) == rows


@pytest.mark.parametrize("width", [30, 60, 78, 94, 150, 200])
@pytest.mark.parametrize("span", [Range.MONTH, Range.HALF_YEAR, Range.YEAR, Range.FIVE_YEARS, Range.MAX])
def test_a_candle_has_two_cells_or_more(width: int, span: Range) -> None:
    where = charted(daily(1400), width, 24, span).where
    assert where is not None
    columns = [where.column(index) for index in range(where.count)]
    assert all(second - first >= 2 for first, second in pairwise(columns))


PRICE = st.one_of(
    st.floats(min_value=-1e12, max_value=1e12), st.floats(min_value=1e-12, max_value=1e-6), st.just(0.0), st.just(7.0)
)


@st.composite
def any_bars(draw_value: st.DrawFn) -> list[Bar]:
    """Any number of days, each with prices in their order and perhaps a volume."""
    days = weekdays(draw_value(st.integers(0, 60)))
    made = []
    for day in days:
        low, first, second, high = sorted(draw_value(st.tuples(PRICE, PRICE, PRICE, PRICE)))
        volume = draw_value(st.one_of(st.none(), st.integers(0, 10**15)))
        made.append(Bar(day, first, high, low, second, volume))
    return made


@settings(max_examples=60, deadline=None)
@given(any_bars(), st.integers(0, 210), st.integers(0, 64), st.booleans(), st.integers(-1, 60))
def test_any_series_is_drawn_within_its_size(
    made: list[Bar], width: int, height: int, candles: bool, cursor: int
) -> None:
    data = ChartData(series=series(made), today=NOW.date())
    picture = build(Prepared(data), View(Range.MAX, candles=candles, adjusted=False), width).picture
    at = cursor if 0 <= cursor < len(picture.columns) else None
    drawing = draw(replace(picture, cursor=at), Captions(range=Range.MAX, keys=KEYS, notes=("kept",)), width, height)
    assert [len(row) for row in drawing.canvas.glyphs] == [width] * height


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(min_value=0.01, max_value=1e6), min_size=2, max_size=50), st.integers(9, 50))
def test_candles_are_drawn_at_their_prices_and_nowhere_else(closes: list[float], height: int) -> None:
    days = weekdays(len(closes))
    bars = [Bar(day, close, close, close, close) for day, close in zip(days, closes, strict=True)]
    data = ChartData(series=series(bars, symbol=parse_symbol("NVDA")))
    parts = charted(data, 150, height, Range.MAX, adjusted=False).canvas.parts
    plot = rows_of(height, volume=False, marks=False, notes=False, legend=False)
    scale = scale_of(closes, plot.plot_rows)
    assert scale is not None
    rows = {row for row, held in enumerate(parts) if {"rise", "fall"} & set(held[:139]) and row > 0}
    assert rows == {plot.plot + scale.at(close) for close in closes}


def test_the_lunch_break_is_cut_out_and_marked() -> None:
    drawing = charted(minute_data(240), 78, 20, Range.DAY, candles=False)
    assert drawing.where is not None
    column = drawing.where.edge(120)
    assert "┊" in {row[column] for row in drawing.canvas.glyphs}
    assert drawing.canvas.plain()[-2].split() == ["09:30", "10:00", "11:00", "13:00", "14:00"]


def test_a_new_day_is_marked_in_a_chart_of_several() -> None:
    start = datetime(2025, 8, 14, 1, 30, tzinfo=UTC)
    moments = [start + timedelta(days=day, minutes=5 * step) for day in (0, 1) for step in range(20)]
    data = ChartData(series=series([Bar(when, 1.0, 1.0, 1.0, 1.0) for when in moments], interval=Interval.FIVE_MINUTES))
    drawing = charted(data, 60, 12, Range.FIVE_DAYS, candles=False)
    assert drawing.where is not None
    assert drawing.canvas.glyphs[1][drawing.where.edge(20)] == "┊"
    assert drawing.canvas.plain()[-2].split() == ["Thu", "14", "Fri", "15"]
