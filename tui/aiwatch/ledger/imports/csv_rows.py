"""Commitments from a CSV whose header row is named as the keys of a commitment.

Lists are parted by semicolons, tables are written ``USD 5; CNY 35``. ``source_title``, ``source_address`` and
``source_date`` make a source of the id in ``source``. So `aiwatch ledger --csv` can be read back.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from typing import Any

from aiwatch.files.toml_document import unknown_key
from aiwatch.formatting.spreadsheets import unguarded
from aiwatch.ledger.imports.draft import Draft, clean, date, number
from aiwatch.ledger.imports.quantities import Unreadable, read_quantity
from aiwatch.ledger.imports.table import read_table
from aiwatch.ledger.schema import KEYS

_LISTS = (
    "from_entities", "to_entities", "partners", "suppliers", "chain", "same_money_as", "maybe_same_money_as",
    "also_sources",
)  # fmt: skip
_TABLES = ("stated", "valuation", "figures", "figure_qualifiers")
_NUMBERS = ("amount", "period_years", "growth_percent")
_FLAGS = ("annual", "counts_in_totals")
_SOURCE = ("source_title", "source_address", "source_date")
_WORKED_OUT = (
    "provenance", "period", "in_totals", "conflicts", "tickers", "trust", "trust_because", "source_confidence",
    "verified", "status_history", "in",
)  # fmt: skip
"""Columns of our own CSV that say what follows from the others, or hold more than a cell can."""
_PAIR = re.compile(r"([A-Za-z0-9_]+)\s*[ =]\s*(\S.*)")
_BETWEEN = re.compile(r"\s*(?:;|,(?!\d{3}(?!\d)))\s*")
"""What parts the pairs of a cell; a comma between thousands does not."""
_YES, _NO = ("yes", "true", "1"), ("no", "false", "0")


def read_csv(text: str, known_sources: Collection[str]) -> Draft:
    """A commitment a row. ``known_sources`` are the ids of sources that need not be made."""
    draft = Draft()
    table = read_table(text, lambda cells: {"id", "source"} <= set(cells))
    allowed = [*(key for key in KEYS["commitment"] if key not in _WORKED_OUT), *_SOURCE]
    if table is None:
        draft.problems.append("1: the header row must name at least 'id', 'source', 'kind' and 'status'")
        return draft
    twice = [name for at, name in enumerate(table.head) if name in allowed and name in table.head[:at]]
    if twice:
        draft.problems.append(f"1: two columns are called {', '.join(map(repr, dict.fromkeys(twice)))}")
        return draft
    for name in table.head:
        if name not in allowed and name not in _WORKED_OUT:
            draft.problems.append(f"1: {unknown_key(name, allowed)}")
    draft.problems += table.problems
    made: set[str] = set(known_sources)
    for row in table.rows:
        cells = {name: clean(unguarded(value)) for name, value in row.cells.items() if name in allowed}
        if not cells.get("id"):
            draft.problems.append(f"{row.line}: no id, left out")
            continue
        if cells.get("source") and cells["source"] not in made:
            made.add(cells["source"])
            _add_source(draft, cells, row.line)
        draft.add("commitment", _values(draft, cells, row.line))
    return draft


def _add_source(draft: Draft, cells: Mapping[str, str], line: int) -> None:
    day = date(cells.get("source_date"))
    dated = datetime.date.fromisoformat(day) if len(day) == 10 else None
    if cells.get("source_date") and dated is None:
        draft.problems.append(f"{line}: 'source_date' must be a day such as 2026-11-27, not {cells['source_date']!r}")
    title = cells.get("source_title") or cells["source"]
    draft.add("source", {"id": cells["source"], "title": title, "origin": cells.get("source_address"), "dated": dated})


def _values(draft: Draft, cells: Mapping[str, str], line: int) -> dict[str, Any]:
    values: dict[str, Any] = {}

    def refuse(name: str, rule: str, text: str) -> None:
        draft.problems.append(f"{line}: {name!r} must be {rule}, not {text!r}")

    for name, text in cells.items():
        if not text or name in _SOURCE:
            continue
        if name in _LISTS:
            values[name] = [part.strip() for part in text.split(";") if part.strip()]
        elif name in ("also_lines", "line"):
            lines = [int(part) for part in re.findall(r"\d{1,9}", text)]
            values[name] = lines if name == "also_lines" else (lines[0] if lines else None)
            if not lines or not re.fullmatch(r"[\d\s,;]+", text):
                refuse(name, "a line's number", text)
        elif name in _TABLES:
            values[name] = _pairs(name, text, refuse)
        elif name in _NUMBERS:
            values[name] = _number(name, text, values, cells, refuse)
        elif name in _FLAGS:
            values[name] = text.casefold() in _YES
            if text.casefold() not in (*_YES, *_NO):
                refuse(name, "yes or no", text)
                del values[name]
        else:
            values.setdefault(name, text)
    return values


Refuse = Callable[[str, str, str], None]
"""Notes that what stands under a name is not what it must be: the name, what it must be, what is there."""


def _pairs(name: str, text: str, refuse: Refuse) -> dict[str, Any]:
    """The table that ``text`` writes as ``USD 5; CNY 35``."""
    pairs: dict[str, Any] = {}
    for part in filter(None, _BETWEEN.split(text)):
        pair = _PAIR.fullmatch(part)
        if pair is None:
            refuse(name, "written as KEY 5; KEY 35", part)
        elif name == "figure_qualifiers":
            pairs[pair[1]] = pair[2].strip()
        else:
            value = _number(name, pair[2], pairs, {}, refuse)
            pairs |= {pair[1]: value} if value is not None else {}
    return pairs


def _number(name: str, text: str, values: dict[str, Any], cells: Mapping[str, str], refuse: Refuse) -> Decimal | None:
    """The number that ``text`` is; what qualifies a sum becomes the record's qualifier where it has none."""
    value = number(text)
    if value is not None:
        return value
    try:
        read = read_quantity(text, {"": 1})
    except Unreadable:
        read = None
    if read is None or read.printed:
        refuse(name, "a number above zero", text)
        return None
    if read.qualifier and name == "amount" and not cells.get("qualifier"):
        values["qualifier"] = read.qualifier
    elif read.qualifier and read.qualifier != cells.get("qualifier"):
        refuse(name, "a number alone", text)
    return read.value
