"""What stands around a plot in words: ranges, what is drawn, the bar under the crosshair, the source, the keys.

Each is offered in several forms, the fullest first, and the fullest that fits is taken: a number is never cut.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from msgspec import Struct
from rich.cells import cell_len

from aiwatch.formatting.text import clip, price, short, signed
from aiwatch.market.bars import Range
from aiwatch.widgets.chart.drawing.canvas import Canvas, Piece, width_of
from aiwatch.widgets.chart.drawing.picture import Column, Picture

RANGES: Mapping[Range, str] = MappingProxyType(
    {
        Range.DAY: "1D",
        Range.FIVE_DAYS: "5D",
        Range.MONTH: "1M",
        Range.HALF_YEAR: "6M",
        Range.YEAR_TO_DATE: "YTD",
        Range.YEAR: "1Y",
        Range.FIVE_YEARS: "5Y",
        Range.MAX: "max",
    }
)
"""The ranges of a chart as they are written, shortest first."""
_GAP = 3
_CHOSEN = "▸"
_LEAST_NAME = 8
"""Cells of a name in the legend, or it is left out."""
_WITH_AGE = 2
"""Forms of the source that say how old it is."""
_WITH_BASIS = 4
"""Those that say what its prices are."""
_MINUS = 0.005
"""A change in percent that is written as 0.00."""

Pieces = tuple[Piece, ...]


class Key(Struct, frozen=True):
    """What a key does, in a word and, where there is one, in a ``shorter`` one, and the key as it is shown."""

    keys: str
    words: str
    shorter: str = ""


class Captions(Struct, frozen=True, kw_only=True):
    """The words around a plot. ``state`` stands in its middle where there is nothing to draw: a heading and sentences.

    ``notes`` say what is to be known of what is drawn: how old, what is missing. ``source`` is in its forms. ``ranges``
    are those that can be chosen.
    """

    range: Range
    drawn_as: str = ""
    source: tuple[str, ...] = ("",)
    notes: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    is_error: bool = False
    keys: tuple[Key, ...] = ()
    ranges: tuple[Range, ...] = tuple(RANGES)


def change_part(change: float | None) -> str:
    """``rise``, ``fall`` or ``flat``."""
    if change is None or abs(change) < _MINUS:
        return "flat"
    return "rise" if change > 0 else "fall"


def percent(now: float, before: float | None) -> float | None:
    """The change from ``before`` to ``now`` in percent; ``None`` where it cannot be worked out."""
    return None if not before or before < 0 else (now / before - 1) * 100


def draw_head(canvas: Canvas, row: int, captions: Captions, picture: Picture | None) -> None:
    """Write the first row: last price and change over the range, the ranges, how it is drawn; the bar under the
    crosshair at the right, alone where there is no room for both."""
    left = _left(captions, picture)
    readouts: tuple[Pieces, ...] = ()
    if picture is not None and picture.cursor is not None:
        readouts, lefts = _readout(picture, picture.cursor), (*left, ())
    elif picture is not None and not captions.state and not picture.lines:
        readouts, lefts = _readout(picture, picture.last_place)[1:3], left[:1]
    for readout in readouts:
        for words in lefts:
            if width_of(words) + width_of(readout) + (_GAP if words else 0) <= canvas.width:
                canvas.write(0, row, words)
                canvas.write(canvas.width - width_of(readout), row, readout)
                return
    canvas.write(0, row, next((form for form in left if width_of(form) <= canvas.width), left[-1]))


def draw_foot(canvas: Canvas, row: int, captions: Captions, *, with_notes: bool) -> None:
    """Write the last row: the source at the left, the keys at the right; ``with_notes``: these have no row of their
    own, and take the source's place where there is no room for both."""
    sources: list[str] = list(captions.source)
    if with_notes and captions.notes:
        notes = " · ".join(captions.notes)
        sources = [*(f"{source} · {notes}" for source in sources), notes, captions.notes[0]]
    keys = _key_forms(captions.keys)
    for many, offered in ((_WITH_AGE, keys[:-1]), (_WITH_BASIS, keys[:-1]), (None, keys[:-1]), (None, keys)):
        source, key = _best_pair(sources[:many], offered, canvas.width)
        if key:
            break
    if not source:
        source = clip(sources[-1], max(0, canvas.width - width_of(key) - 2))
    canvas.text(0, row, source, "stale" if with_notes and captions.notes else "muted")
    canvas.write(canvas.width - width_of(key), row, key)


def _best_pair(sources: Sequence[str], keys: Sequence[Pieces], width: int) -> tuple[str, Pieces]:
    """The fullest keys that fit ``width`` cells beside any source, with the fullest of those; empty where none fit."""
    for key in keys:
        for source in sources:
            if width_of(key) + cell_len(source) + (2 if key and source else 0) <= width:
                return source, key
    return "", ()


def draw_notes(canvas: Canvas, row: int, captions: Captions) -> None:
    """Write the notes, as many as fit, into a row of their own."""
    text = " · ".join(captions.notes)
    canvas.text(0, row, clip(text, canvas.width).rstrip(), "stale")


def draw_state(canvas: Canvas, top: int, rows: int, captions: Captions) -> None:
    """Write why there is nothing to see into the middle of the plot's rows, over as many of them as it takes."""
    lines: list[tuple[str, str]] = []
    for number, sentence in enumerate(captions.state):
        part = "muted" if number else "error" if captions.is_error else "strong"
        lines += [(line, part) for line in wrapped(sentence, max(1, canvas.width - 2))]
    lines = lines[: max(0, rows)]
    first = top + (rows - len(lines)) // 2
    for number, (line, part) in enumerate(lines):
        canvas.text(max(0, (canvas.width - width_of(((line, ""),))) // 2), first + number, line, part)


def wrapped(text: str, width: int) -> list[str]:
    """``text`` in lines of at most ``width`` cells, broken between words; a longer word is cut with an ellipsis."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else ""
        if longer and width_of(((longer, ""),)) <= width:
            lines[-1] = longer
        else:
            lines.append(clip(word, width).rstrip())
    return lines


def draw_legend(canvas: Canvas, row: int, picture: Picture) -> None:
    """Write which line is which, and what each has changed by, at the crosshair or at the end; how many did not fit."""
    x, count = 0, len(picture.lines)
    for number, line in enumerate(picture.lines, 1):
        upto = line.values if picture.cursor is None else line.values[: picture.cursor + 1]
        value = next((value for value in reversed(upto) if value is not None), None)
        figure = "" if value is None else f" {signed(value)} %"
        name = f"{number} {line.name}"
        rest = 0 if number == count else _GAP + len(f"+{count - number}")
        room = canvas.width - x - len(figure) - rest
        if cell_len(name) > room and room < _LEAST_NAME:
            left = f"+{count - number + 1}"
            more = f"{left} more"
            canvas.text(x, row, more if x + len(more) <= canvas.width else left, "muted")
            return
        name = name if cell_len(name) <= room else clip(name, room)
        x = canvas.write(x, row, ((name, f"line-{number}"), (figure, change_part(value)))) + _GAP


def readout_words(picture: Picture, column: Column, average: float | None = None) -> tuple[Pieces, ...]:
    """Day or time, O H L C, change and volume of a bar, in forms. The change is since the close before it; in the chart
    of a day, since that of the day before."""
    candle, decimals = column.candle, picture.decimals
    before = column.before if picture.previous_close is None else picture.previous_close
    change = percent(candle.close, before)
    figures = [
        (letter, price(value, decimals))
        for letter, value in (("O", candle.open), ("H", candle.high), ("L", candle.low), ("C", candle.close))
    ]
    when: Pieces = ((column.when(intraday=picture.intraday), "cursor"),)
    if picture.lines:
        return (when,)
    moved: Pieces = () if change is None else ((f"  {signed(change)} %", change_part(change)),)
    mean: Pieces = () if average is None else (("  avg ", "muted"), (price(average, decimals), "average"))
    volume: Pieces = () if column.volume is None else (("  vol ", "muted"), (short(column.volume), ""))
    four = tuple(piece for letter, figure in figures for piece in ((f"  {letter} ", "muted"), (figure, "")))
    close: Pieces = (("  ", ""), (figures[-1][1], ""))
    events: Pieces = tuple((f"  {event}", "event") for event in column.events)
    return (
        when + four + moved + mean + volume + events,
        when + four + moved + mean + volume,
        when + four + moved,
        when + close + moved,
        when + close,
        close[1:],
    )


def _readout(picture: Picture, at: int | None) -> tuple[Pieces, ...]:
    column = None if at is None else picture.columns[at]
    if at is None or column is None:
        return ()
    return readout_words(picture, column, picture.average[at] if at < len(picture.average) else None)


def _left(captions: Captions, picture: Picture | None) -> tuple[Pieces, ...]:
    """The left of the first row in forms."""
    figures: Pieces = ()
    last = picture.last if picture is not None else None
    if picture is not None and last is not None:
        change = percent(last.candle.close, picture.base)
        span = "" if picture.previous_close is not None else f" in {RANGES[captions.range]}"
        if picture.has_price:
            figures = ((price(last.candle.close, picture.decimals), "strong"), ("  ", ""))
        if change is not None:
            figures = (*figures, (f"{signed(change)} %", change_part(change)), (span, "muted"), ("   ", ""))
    ranges: list[Piece] = []
    for span in captions.ranges:
        name = RANGES[span]
        ranges.append((" " if ranges else "", ""))
        ranges.append((f"{_CHOSEN}{name}", "chosen") if span is captions.range else (name, "muted"))
    all_ranges = tuple(ranges)
    drawn: Pieces = ((f"   {captions.drawn_as}", ""),) if captions.drawn_as else ()
    chosen: Pieces = ((f"{_CHOSEN}{RANGES[captions.range]}", "chosen"),)
    return (
        figures + all_ranges + drawn,
        figures + all_ranges,
        figures + chosen + drawn,
        all_ranges,
        figures + chosen,
        chosen,
    )


def _key_forms(keys: Sequence[Key]) -> list[Pieces]:
    """The keys with the words of all of them, with shorter ones of all, of the first ones, of none; and nothing at
    all."""
    words = [key.shorter or key.words for key in keys]
    forms = [_with_words(keys, [key.words for key in keys])]
    return [*forms, *(_with_words(keys, words[:worded]) for worded in range(len(keys), -1, -1)), ()]


def _with_words(keys: Sequence[Key], words: Sequence[str]) -> Pieces:
    """The keys, the first ones with ``words``."""
    pieces: list[Piece] = []
    for number, key in enumerate(keys):
        gap = "  " if number <= len(words) and words else " "
        pieces += [(gap if number else "", ""), (key.keys, "key")]
        pieces += [(f" {words[number]}", "muted")] if number < len(words) else []
    return tuple(pieces)
