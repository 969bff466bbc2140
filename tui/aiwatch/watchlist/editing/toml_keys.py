"""Sets and removes keys in lines of TOML, touching no other line and losing no comment.

`tomlkit` writes the values. Where a new key goes is decided here: it would put one below the comments that follow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import tomlkit
import tomlkit.items

from aiwatch.files.toml_positions import Place, Statement, comments_of, statements_of
from aiwatch.watchlist.editing.source_text import lines_of
from aiwatch.watchlist.format import ALERT, KeyTable

Value = str | int | float | bool | Sequence[str] | Mapping[str, float | bool]
"""What may stand under a key: a text, a number, a truth, a list of texts, or a table of numbers and truths."""


def set_key(lines: list[str], table: Place, keys: KeyTable, key: str, value: Value | None, newline: str) -> None:
    """Give ``key`` of the table at ``table`` the ``value``, or take the key away with ``None``; in place.

    A key there keeps its line, its quotes where they still serve, and the comment behind it. A new one stands in the
    order of ``keys``. The comments of a key taken away stay.
    """
    mine = [
        statement for statement in statements_of("".join(lines)) if statement.place[: len(table) + 1] == (*table, key)
    ]
    if value is None:
        for statement in reversed(mine):
            _write(lines, statement, "", newline)
    elif isinstance(value, Mapping) and any(
        statement.place != (*table, key) or statement.is_head for statement in mine
    ):
        for inner in sorted(ALERT.names, key=lambda name: not value.get(name)):  # removals last: a key needs its kind
            set_key(lines, (*table, key), ALERT, inner, value.get(inner) or None, newline)
    elif mine:
        [statement] = mine
        _write(lines, statement, _with_value(_text(lines, statement), statement, value), newline)
    else:
        _insert(lines, table, keys, key, value, newline)


def value_of(lines: list[str], table: Place, key: str) -> Value | None:
    """What stands under ``key`` of the table at ``table``; ``None`` when nothing does."""
    value: Any = tomlkit.parse("".join(lines)).unwrap()
    for step in (*table, key):
        if isinstance(value, dict) and step not in value:
            return None
        value = value[step]
    return value  # type: ignore[no-any-return]


def pair(key: str, value: Value) -> str:
    """``key = value`` as TOML writes it."""
    return f"{key} = {_raw(value)}"


def _raw(value: Value, like: str = "") -> str:
    """``value`` as TOML writes it, a text in the quotes of the text ``like`` if they can hold it."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(pair(key, inner) for key, inner in value.items() if inner) + " }"
    if isinstance(value, str):
        if like.startswith("'") and not like.startswith("'''") and "'" not in value and value.isprintable():
            return f"'{value}'"
        return tomlkit.string(value).as_string()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, Sequence):
        return "[" + ", ".join(map(_raw, value)) + "]"
    return tomlkit.item(value).as_string()


def _with_value(text: str, statement: Statement, value: Value) -> str:
    document = tomlkit.parse(text)
    *above, key = statement.place[len(statement.table) :]
    holder: Any = document
    for name in above:
        holder = holder[name]
    old = holder[key]
    holder[key] = tomlkit.value(_raw(value, old.as_string() if isinstance(old, tomlkit.items.String) else ""))
    return tomlkit.dumps(document)


def _text(lines: list[str], statement: Statement) -> str:
    return "".join(lines[statement.first - 1 : statement.last])


def _write(lines: list[str], statement: Statement, text: str, newline: str) -> None:
    """Put ``text`` in the place of a statement, in place; comments that are not in it get a line of their own."""
    lost = Counter(comments_of(_text(lines, statement))) - Counter(comments_of(text))
    spared = [f"{_indent(lines, statement)}{comment}{newline}" for comment in lost.elements()]
    lines[statement.first - 1 : statement.last] = [*spared, *lines_of(text)]


def _indent(lines: list[str], statement: Statement) -> str:
    line = lines[statement.first - 1]
    return line[: len(line) - len(line.lstrip(" \t"))]


def _insert(lines: list[str], table: Place, keys: KeyTable, key: str, value: Value, newline: str) -> None:
    statements = statements_of("".join(lines))
    head = next((statement for statement in statements if statement.is_head and statement.place == table), None)
    written_under = table if head or not table else table[:-1]
    order = {name: at for at, name in enumerate(keys.names)}

    def rank(statement: Statement) -> int:
        return order.get(str(statement.place[len(table)]), len(order))

    kin = [
        statement
        for statement in statements
        if not statement.is_head and statement.table == written_under and statement.place[: len(table)] == table
    ]
    earlier = [statement for statement in kin if rank(statement) < order[key]]
    above = max(earlier, key=rank) if earlier else head
    if not kin and head is None:  # a file that begins with its first stock
        lines.append(f"{pair(key, value)}{newline}")
        return
    at = above.last if above else kin[0].first - 1
    beside = earlier[-1] if earlier else head or kin[0]
    name = ".".join(map(str, (*table[len(written_under) :], key)))
    lines.insert(at, f"{_indent(lines, beside)}{pair(name, value)}{newline}")
