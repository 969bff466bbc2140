"""Draws a picture and its captions in the room there is, by the fit rules: pure, from values to a canvas.

Under `LEAST_HEIGHT` rows nothing is drawn. Up to `LINE_ONLY` rows a chart is a line with its first and last label;
above it candles may be drawn, and volume takes two rows and more. The last row has the source and the keys.
"""

from __future__ import annotations

from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from aiwatch.formatting.text import flush, short
from aiwatch.widgets.chart.drawing import captions as words
from aiwatch.widgets.chart.drawing.axis import (
    PriceAxis,
    Tag,
    breaks,
    draw_marks,
    draw_times,
    end_marks,
    most_ticks,
    time_marks,
)
from aiwatch.widgets.chart.drawing.candles import Candle, draw_candles, draw_limit_days, draw_volume
from aiwatch.widgets.chart.drawing.canvas import Canvas
from aiwatch.widgets.chart.drawing.captions import Captions, change_part, percent
from aiwatch.widgets.chart.drawing.lines import DASHES, draw_area, draw_breaks, draw_level, draw_line
from aiwatch.widgets.chart.drawing.picture import SIGN_PARTS, Picture
from aiwatch.widgets.chart.drawing.scale import Placement, Scale, place, scale_of

LEAST_HEIGHT, LEAST_WIDTH = 5, 16
"""Below these nothing is drawn."""
LINE_ONLY = 8
"""Up to so many rows no candles are drawn, and no volume."""
_MOST_VOLUME, _VOLUME_SHARE = 8, 6
_NOTES_FROM = 10
"""Rows from which notes have one of their own."""
_NEAR_LIMIT = 0.5
"""The share of the way to a limit that a price must have gone for the scale to hold the limit too."""


class Rows(NamedTuple):
    """The rows of a chart: first row and number of each part, or -1 for one that is left out."""

    head: int
    legend: int
    plot: int
    plot_rows: int
    volume: int
    volume_rows: int
    marks: int
    times: int
    notes: int
    foot: int


class Drawing(Struct, frozen=True):
    """What was drawn: the canvas, and where the bars stand (``None`` if there are none)."""

    canvas: Canvas
    where: Placement | None


def takes_candles(height: int) -> bool:
    """Whether a chart of ``height`` rows may have candles."""
    return height > LINE_ONLY


def rows_of(height: int, *, volume: bool, marks: bool, notes: bool, legend: bool) -> Rows:
    """Share ``height`` rows, at least `LEAST_HEIGHT`, among the parts that are wanted."""
    is_tall = height > LINE_ONLY
    foot, top, bottom = height - 1, 0, height - 1
    head = legend_row = volume_row = marks_row = notes_row = -1
    if height > LEAST_HEIGHT:
        head, top = 0, 1
    if legend and height > LEAST_HEIGHT + 1:
        legend_row, top = top, top + 1
    if notes and height >= _NOTES_FROM:
        bottom -= 1
        notes_row = bottom
    bottom -= 1
    times = bottom
    if marks and is_tall:
        bottom -= 1
        marks_row = bottom
    volume_rows = 0
    if volume and is_tall:
        volume_rows = min(_MOST_VOLUME, max(2, (bottom - top) // _VOLUME_SHARE))
        bottom -= volume_rows
        volume_row = bottom
    return Rows(head, legend_row, top, bottom - top, volume_row, volume_rows, marks_row, times, notes_row, foot)


def draw(picture: Picture, captions: Captions, width: int, height: int) -> Drawing:
    """Draw ``picture`` with ``captions`` in ``width`` × ``height`` cells."""
    canvas = Canvas(width, height)
    if height < LEAST_HEIGHT or width < LEAST_WIDTH:
        return Drawing(canvas, None)
    rows = rows_of(
        height,
        volume=picture.has_volume,
        marks=bool(picture.signs),
        notes=bool(captions.notes) and not captions.state,
        legend=bool(picture.lines),
    )
    if rows.head >= 0:
        words.draw_head(canvas, rows.head, captions, picture)
    words.draw_foot(canvas, rows.foot, captions, with_notes=rows.notes < 0 and not captions.state)
    if rows.notes >= 0:
        words.draw_notes(canvas, rows.notes, captions)
    if captions.state or not picture.columns:
        words.draw_state(canvas, rows.plot, rows.times - rows.plot, captions)
        return Drawing(canvas, None)
    if rows.legend >= 0:
        words.draw_legend(canvas, rows.legend, picture)
    return Drawing(canvas, _Plot(canvas, picture, rows).draw())


class _Plot:
    """Draws the plot, its axes and what is under them."""

    def __init__(self, canvas: Canvas, picture: Picture, rows: Rows) -> None:
        self.canvas, self.rows = canvas, rows
        is_tall = takes_candles(canvas.height)
        self.picture = picture if is_tall else replace(picture, candles=False)
        self.scale = self._scale()
        self.axis = PriceAxis(1 if picture.lines else picture.decimals, percent=bool(picture.lines))
        self.tags = self._tags()
        self.width = max(1, canvas.width - self.axis.width(self.scale, self.tags))
        self.where = place(len(picture.columns), self.width)

    def draw(self) -> Placement:
        """Draw everything from the ground up."""
        picture, top, scale, where = self.picture, self.rows.plot, self.scale, self.where
        if picture.lines:
            self._draw_lines()
        elif picture.candles:
            self._draw_candles()
        else:
            self._draw_line()
        self._draw_volume()
        self._draw_under()
        self._draw_levels()
        if picture.cursor is not None and picture.columns:
            draw_breaks(self.canvas, top, scale.rows, [where.column(picture.cursor)], "crosshair")
        draw_breaks(
            self.canvas,
            top,
            scale.rows,
            [where.edge(index) for index in breaks(picture.moments, intraday=picture.intraday)],
        )
        if picture.grid:
            for value in scale.ticks(most_ticks(scale.rows)):
                draw_level(self.canvas, top + scale.at(value), self.width, "grid")
        self.axis.draw(self.canvas, self.width, top, scale, self.tags)
        return where

    def _scale(self) -> Scale:
        picture = self.picture
        if picture.lines:
            values = [value for line in picture.lines for value in line.values if value is not None]
            return scale_of([0.0, *values], self.rows.plot_rows) or Scale(0, 1, self.rows.plot_rows)
        columns = [column for column in picture.columns if column is not None]
        if picture.candles:
            values = [value for column in columns for value in (column.candle.high, column.candle.low)]
        else:
            values = [column.candle.close for column in columns]
            values += [value for value in picture.average if value is not None]
        if picture.previous_close is not None:
            values.append(picture.previous_close)
            values += self._near_limits(values)
        has_limit_days = picture.candles and any(column.limit for column in columns)
        scale = scale_of(values, self.rows.plot_rows, spare=1 if has_limit_days and self.rows.plot_rows > 5 else 0)
        return scale or Scale(0, 1, self.rows.plot_rows)

    def _near_limits(self, values: list[float]) -> list[float]:
        """The limits that the price has come so near to that they belong into the picture."""
        picture, previous = self.picture, self.picture.previous_close
        if picture.limits is None or previous is None:
            return []
        upper, lower = picture.limits
        near = [upper] if max(values) - previous >= _NEAR_LIMIT * (upper - previous) else []
        return [*near, lower] if previous - min(values) >= _NEAR_LIMIT * (previous - lower) else near

    def _tags(self) -> list[Tag]:
        picture, last = self.picture, self.picture.last
        if picture.lines:
            ends = [next((each for each in reversed(line.values) if each is not None), None) for line in picture.lines]
            numbered = reversed([*enumerate(ends, 1)])
            return [Tag(value, f"tag-{number}", str(number)) for number, value in numbered if value is not None]
        levels = [(picture.previous_close, "muted"), *((limit, "limit-line") for limit in picture.limits or ())]
        tags = [Tag(level, part, " ") for level, part in levels if level is not None and self.scale.holds(level)]
        average = next((value for value in reversed(picture.average) if value is not None), None)
        if average is not None:
            tags.append(Tag(average, "average"))
        if last is not None:
            change = percent(last.candle.close, picture.previous_close or last.before)
            tags.append(Tag(last.candle.close, f"tag-{change_part(change)}"))
        if picture.column_at_cursor is not None:
            tags.append(Tag(picture.column_at_cursor.candle.close, "tag-cursor"))
        return tags

    def _draw_lines(self) -> None:
        lines = self.picture.lines
        for number, line in reversed([*enumerate(lines, 1)]):
            dash = DASHES[(number - 1) % len(DASHES)] if self.picture.hollow else DASHES[0]
            draw_line(self.canvas, self.rows.plot, self.scale, self.where, line.values, f"line-{number}", dash)
        draw_level(self.canvas, self.rows.plot + self.scale.at(0.0), self.width, "muted")

    def _draw_candles(self) -> None:
        picture = self.picture
        candles = [column.candle if column is not None else None for column in picture.columns]
        drawn: list[Candle] = [candle for candle in candles if candle is not None]
        limits = [column.limit for column in picture.columns if column is not None]
        draw_candles(self.canvas, self.rows.plot, self.scale, self.where, drawn, hollow=picture.hollow)
        draw_limit_days(self.canvas, self.rows.plot, self.scale, self.where, drawn, limits)

    def _draw_line(self) -> None:
        picture, top = self.picture, self.rows.plot
        closes = picture.closes
        if picture.base is not None and not picture.hollow:
            draw_area(self.canvas, top, self.scale, self.where, closes, picture.base)
        if picture.average:
            draw_line(self.canvas, top, self.scale, self.where, picture.average, "average", (1, 1))
        draw_line(self.canvas, top, self.scale, self.where, closes, "line")

    def _draw_levels(self) -> None:
        picture, top, scale = self.picture, self.rows.plot, self.scale
        if picture.lines:
            return
        for limit, name in zip(picture.limits or (), ("limit up", "limit down"), strict=False):
            if scale.holds(limit):
                draw_level(self.canvas, top + scale.at(limit), self.width, "limit-line", name, solid=True)
        if picture.previous_close is not None and scale.holds(picture.previous_close):
            draw_level(self.canvas, top + scale.at(picture.previous_close), self.width, "muted", "prev. close")

    def _draw_volume(self) -> None:
        rows, columns = self.rows, self.picture.columns
        if not rows.volume_rows:
            return
        volumes = [None if column is None else column.volume for column in columns]
        parts = [
            "volume" if column is None or not self.picture.candles else f"{column.candle.part}-quiet"
            for column in columns
        ]
        draw_volume(self.canvas, rows.volume, rows.volume_rows, self.where, volumes, parts)
        most = short(max(volume for volume in volumes if volume))
        room = self.canvas.width - self.width - 2
        self.canvas.text(self.width + 2, rows.volume, flush(most if len(most) <= room else "", room), "muted")
        self.canvas.text(self.width + 2, rows.volume + 1, flush("vol", room), "muted")

    def _draw_under(self) -> None:
        picture, rows, where = self.picture, self.rows, self.where
        if rows.marks >= 0:
            draw_marks(self.canvas, rows.marks, where, picture.signs, SIGN_PARTS)
        if takes_candles(self.canvas.height):
            draw_times(self.canvas, rows.times, where, time_marks(picture.moments, where, intraday=picture.intraday))
        else:
            self._draw_ends()
        if picture.joined:
            corner = f" {picture.joined}"
            self.canvas.text(self.canvas.width - len(corner), rows.times, corner, "joined")

    def _draw_ends(self) -> None:
        """Name the first and the last day, or time, under a plot too low for an axis."""
        picture, last = self.picture, self.picture.last
        moments = [picture.moments[0], picture.moments[-1] if picture.intraday or last is None else last.last]
        first_text, last_text = end_marks(moments, intraday=picture.intraday)
        self.canvas.text(0, self.rows.times, first_text, "muted")
        if len(first_text) + len(last_text) + 2 <= self.width:
            self.canvas.text(self.width - len(last_text), self.rows.times, last_text, "muted")
