"""What the shape of an answer is held against: the fields that a parser relies on, each with what it looks like. Pure.

A parser refuses what it cannot read and says so of one figure; this names every field that has gone, moved, changed its
type or its name, so that the person who mends the parser knows what the host did.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from functools import wraps
from typing import Any

from msgspec import Struct

from aiwatch.market.symbol import Symbol
from aiwatch.sources import parsing
from aiwatch.sources.answer_guard import decode_json
from aiwatch.sources.parsing import plain

Departures = Callable[[bytes, Sequence[Symbol]], Mapping[str, tuple[str, ...]]]
"""Takes a body and the symbols asked for; what has changed, by the symbol's text, and by "" of the whole answer. A
symbol with nothing changed has an empty tuple, one that is not in the answer is not in it."""


def number(text: str) -> float | None:
    """The figure that ``text`` spells, of whatever size the parsers take; ``None`` for none."""
    return parsing.number(text, parsing.ABSURD_AMOUNT)


class Look(Struct, frozen=True):
    """What a value looks like: ``words`` for it, and a test. ``is_telling``: little else in an answer looks so, so a
    value that does elsewhere is the one that has moved."""

    words: str
    fits: Callable[[Any], bool]
    is_telling: bool = False


def pattern(words: str, expression: str, *, is_telling: bool = True) -> Look:
    """The look of a text that ``expression`` matches whole."""
    compiled = re.compile(expression, re.ASCII)
    return Look(words, lambda value: isinstance(value, str) and bool(compiled.fullmatch(value)), is_telling)


def _is_figure(value: Any) -> bool:
    return isinstance(value, str) and (not value.strip() or number(value) is not None)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


TEXT = Look("a text", lambda value: isinstance(value, str) and bool(value) and number(value) is None)
FIGURE = Look("a figure", _is_figure)
"""Of a line: written as a number, or left empty."""
PRICE = Look("a figure", lambda value: isinstance(value, str) and number(value) is not None)
"""Of a line: written as a number, always there."""
NUMBER = Look("a number", _is_number)
WORD = Look("a text", lambda value: isinstance(value, str) and bool(value))
OBJECT = Look("an object", lambda value: isinstance(value, dict))
CURRENCY = pattern("a currency of three letters", "[A-Za-z]{3}")


class Field(Struct, frozen=True):
    """A field that is relied on: its ``name`` in words, its ``place`` (number in a line, key in an object), its look.
    One that is ``optional`` may be missing."""

    name: str
    place: int | str
    look: Look
    optional: bool = False


class Relation(Struct, frozen=True):
    """What holds between figures of an answer, so that two that have changed places are seen."""

    words: str
    holds: Callable[[Sequence[str]], bool]


def line_departures(fields: Sequence[str], expected: Sequence[Field], relations: Sequence[Relation]) -> tuple[str, ...]:
    """What of the fields of a line is not as ``expected``, whose places are numbers counted from 0."""
    changed = []
    taken = {field.place for field in expected}
    for field in expected:
        assert isinstance(field.place, int)
        if field.place >= len(fields):
            changed.append(f"{field.name}: no field {field.place}, the line has {len(fields)}")
        elif not field.look.fits(fields[field.place]):
            shown = plain(fields[field.place], 30)
            words = f"{field.name}, field {field.place}: {field.look.words} was there, now {shown!r}"
            changed.append(words + _moved_to(field, fields, taken))
    if not changed:
        changed = [f"{relation.words} no longer" for relation in relations if not relation.holds(fields)]
    return tuple(changed)


def _moved_to(field: Field, fields: Sequence[str], taken: set[int | str]) -> str:
    if not field.look.is_telling:
        return ""
    places = [place for place, text in enumerate(fields) if place not in taken and field.look.fits(text)]
    near = min(places, key=lambda place: abs(place - int(field.place)), default=None)
    return "" if near is None else f"; field {near} looks like it"


def object_departures(entry: Mapping[str, Any], expected: Sequence[Field]) -> tuple[str, ...]:
    """What of the keys of an object is not as ``expected``: gone, perhaps renamed, or of another type."""
    changed = []
    places = {field.place for field in expected}
    new = [key for key in entry if key not in places]
    for field in expected:
        key = str(field.place)
        if entry.get(key) is None:
            near = get_close_matches(key, [name for name in new if field.look.fits(entry[name])], 1, 0.6)
            if near or not field.optional:
                changed.append(f"{key!r} is missing" + (f"; {near[0]!r} may be its new name" if near else ""))
        elif not field.look.fits(entry[key]):
            changed.append(f"{key!r}: {field.look.words} was there, now {type_words(entry[key])}")
    return tuple(changed)


def type_words(value: Any) -> str:
    """What kind of JSON value ``value`` is, in words."""
    kinds = {
        bool: "a truth value",
        int: "a number",
        float: "a number",
        str: "a text",
        list: "a list",
        dict: "an object",
    }
    return kinds.get(type(value), "null")


class Departed(ValueError):
    """What has changed about the frame of an answer, in words."""


def framed(compare: Departures) -> Departures:
    """``compare``, where what is `Departed` becomes what has changed of the whole answer."""

    @wraps(compare)
    def compared(body: bytes, symbols: Sequence[Symbol]) -> Mapping[str, tuple[str, ...]]:
        try:
            return compare(body, symbols)
        except Departed as departed:
            return {"": (str(departed),)}

    return compared


def json_of(body: bytes | str) -> Any:
    """The value of a JSON ``body``. Raises `Departed`."""
    try:
        return decode_json(body if isinstance(body, bytes) else body.encode())
    except (ValueError, RecursionError):
        text = body[:200].decode("utf-8", "replace") if isinstance(body, bytes) else body[:200]
        raise Departed(f"JSON was there, now {plain(text, 30)!r}") from None


def inside(answer: Any, *keys: str | int) -> Any:
    """What stands in ``answer`` under ``keys``, one within the other: names in objects, numbers in lists. Raises
    `Departed` naming the first that is not there."""
    path, value = "", answer
    for key in keys:
        here = repr(path or "the answer")
        if isinstance(key, int):
            if not isinstance(value, list):
                raise Departed(f"{here}: a list was there, now {type_words(value)}")
            if key >= len(value):
                raise Departed(f"{here}: a list was there, now a shorter one")
            value, path = value[key], f"{path}[{key}]"
            continue
        if not isinstance(value, dict):
            raise Departed(f"{here}: an object was there, now {type_words(value)}")
        path = f"{path}.{key}" if path else key
        if key not in value:
            near = get_close_matches(key, list(value), 1, 0.6)
            raise Departed(f"{path!r} is missing" + (f"; {near[0]!r} may be its new name" if near else ""))
        value = value[key]
    return value


def rows_of(value: Any, *keys: str | int) -> list[Any]:
    """The list that stands in ``value`` under ``keys``. Raises `Departed` where it is none, or empty."""
    rows = inside(value, *keys)
    if not isinstance(rows, list) or not rows:
        words = "an empty one" if rows == [] else type_words(rows)
        raise Departed(f"{'.'.join(map(str, keys)) or 'the answer'!r}: a list was there, now {words}")
    return rows


def entry_departures(entry: Any, expected: Sequence[Field]) -> tuple[str, ...]:
    """As `object_departures`, of what may be no object."""
    return object_departures(entry, expected) if isinstance(entry, dict) else (f"an entry that is {type_words(entry)}",)


def figure(fields: Sequence[str], place: int) -> float | None:
    """The figure at ``place`` of a line, where there is one."""
    return number(fields[place]) if place < len(fields) else None


def in_order(words: str, *places: int) -> Relation:
    """The figures at ``places`` do not fall from one to the next; zeros and gaps do not count."""

    def holds(fields: Sequence[str]) -> bool:
        figures = [value for place in places if (value := figure(fields, place))]
        return figures == sorted(figures)

    return Relation(words, holds)


def is_difference(words: str, change: int, last: int, previous: int) -> Relation:
    """The figure ``change`` is what ``last`` is beyond ``previous``, give or take rounding."""

    def holds(fields: Sequence[str]) -> bool:
        stated, newest, before = (figure(fields, place) for place in (change, last, previous))
        if stated is None or not newest or not before:
            return True
        return abs(newest - before - stated) <= max(0.011, abs(newest) * 1e-4)

    return Relation(words, holds)
