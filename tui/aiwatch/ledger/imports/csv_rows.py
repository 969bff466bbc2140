"""Commitments from a CSV whose header row is named as the keys of a commitment.

Lists are parted by semicolons, tables are written ``USD 5; CNY 35``. ``source_title``, ``source_address`` and
``source_date`` make a source of the id in ``source``. So `aiwatch ledger --csv` can be read back.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from aiwatch.files.toml_document import unknown_key
from aiwatch.ledger.imports.draft import Draft, clean, date, number
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


def read_csv(text: str, known_sources: Collection[str]) -> Draft:
    """A commitment a row. ``known_sources`` are the ids of sources that need not be made."""
    draft = Draft()
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    header = list(reader.fieldnames or ())
    allowed = [*(key for key in KEYS["commitment"] if key not in _WORKED_OUT), *_SOURCE]
    if "id" not in header or "source" not in header:
        draft.problems.append("1: the header row must name at least 'id', 'source', 'kind' and 'status'")
        return draft
    for name in header:
        if name not in allowed and name not in _WORKED_OUT:
            draft.problems.append(f"1: {unknown_key(name, allowed)}")
    made: set[str] = set(known_sources)
    for row in reader:
        cells = {name: _cell(value) for name, value in row.items() if name in allowed}
        if not any(cells.values()):
            continue
        if cells.get("source") and cells["source"] not in made:
            made.add(cells["source"])
            _add_source(draft, cells)
        draft.add("commitment", _values(draft, cells, reader.line_num))
    return draft


def _cell(value: Any) -> str:
    """A cell without the sign that keeps spreadsheets from working out a formula."""
    text = clean(value)
    return text[1:] if text.startswith("'") and text[1:2] in "=+-@'" else text


def _add_source(draft: Draft, cells: Mapping[str, str]) -> None:
    day = date(cells.get("source_date"))
    dated = datetime.date.fromisoformat(day) if len(day) == 10 else None
    title = cells.get("source_title") or cells["source"]
    draft.add("source", {"id": cells["source"], "title": title, "origin": cells.get("source_address"), "dated": dated})


def _values(draft: Draft, cells: Mapping[str, str], line: int) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, text in cells.items():
        if not text or name in _SOURCE:
            continue
        if name in _LISTS:
            values[name] = [part.strip() for part in text.split(";") if part.strip()]
        elif name == "also_lines" or name == "line":
            lines = [int(part) for part in re.findall(r"\d+", text)]
            values[name] = lines if name == "also_lines" else (lines[0] if lines else None)
        elif name in _TABLES:
            pairs = _pairs(draft, name, text, line)
            if name == "figure_qualifiers":
                values[name] = pairs
            else:
                numbers = {key: _number(draft, name, item, line) for key, item in pairs.items()}
                values[name] = {key: value for key, value in numbers.items() if value is not None}
        elif name in _NUMBERS:
            values[name] = _number(draft, name, text, line)
        elif name in _FLAGS:
            values[name] = text.casefold() in ("yes", "true", "1")
        else:
            values[name] = text
    return values


def _pairs(draft: Draft, name: str, text: str, line: int) -> dict[str, str]:
    """The pairs in a cell, ``USD 5; CNY 35``; what is none is said."""
    pairs = {}
    for part in filter(None, _BETWEEN.split(text)):
        match = _PAIR.fullmatch(part)
        if match is None:
            draft.problems.append(f"{line}: {name!r} must be written as 'USD 5; CNY 35', not {part!r}")
        else:
            pairs[match[1]] = match[2].strip()
    return pairs


def _number(draft: Draft, name: str, text: str, line: int) -> Decimal | None:
    """The number in a cell; what is none is said."""
    value = number(text)
    if value is None:
        draft.problems.append(f"{line}: {name!r} must be a number above zero, not {text!r}")
    return value
