"""Reads the values a ledger table may hold: decimals, days, ids, lists of lines, sums by currency.

Every function notes its problem on the table, with file and line, and gives a harmless value so that reading goes on.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection
from decimal import Decimal, InvalidOperation
from typing import Any

from aiwatch.errors import SymbolError
from aiwatch.files.toml_document import Table
from aiwatch.ledger.records import SOURCE_KINDS, STAGES, Side, StatusStep, Verification
from aiwatch.market.symbol import parse_symbol

_CURRENCY = re.compile(r"[A-Z]{3}")
_DIGITS = 30
"""The most digits of a number, on either side of its point: more could not be written out on a screen."""
_USUAL = 10**_DIGITS
"""Below it, a whole number of zero and more is right as it is."""
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-\d\d)?)?")
_ADDRESS = re.compile(r"https?://[^\s/]+\S*")
_PLACE = re.compile(r"([A-Za-z0-9][A-Za-z0-9_.-]*)(?::\d+(?:,\d+)*)?")


def identity(table: Table) -> str:
    """The table's ``id``: letters, digits, dot, dash and underscore."""
    value = table.text("id")
    if value and not _ID.fullmatch(value):
        table.add_problem("id", f"'id' is {value!r}, but may have only letters, digits, '.', '-' and '_'")
    return value


def decimal(table: Table, key: str, *, signed: bool = False) -> Decimal | None:
    """A whole number, or any number in quotes, exactly as written; ``None`` when absent."""
    value = table.values.get(key)
    return None if value is None else exact(table, key, value, signed=signed)


def exact(table: Table, key: str, value: object, *, signed: bool = False) -> Decimal | None:
    """``value`` as a finite `Decimal`. A float is refused: it would not keep the digits that were printed."""
    if isinstance(value, float):
        table.add_problem(key, f'{key!r} must be a whole number, or a number in quotes: "{value}"')
        return None
    if type(value) is int and 0 <= value < _USUAL:
        return Decimal(value)
    number: Decimal | None = None
    if isinstance(value, int | str) and not isinstance(value, bool):
        try:
            number = Decimal(value)
        except InvalidOperation:
            number = None
    if number is None or not number.is_finite():
        table.add_problem(key, f"{key!r} must be a number, not {value!r}")
        return None
    if len(number.as_tuple().digits) > _DIGITS or not -_DIGITS < number.adjusted() < _DIGITS:
        table.add_problem(key, f"{key!r} is out of range: a number has at most {_DIGITS} digits")
        return None
    if number < 0 and not signed:
        table.add_problem(key, f"{key!r} must not be negative")
    return number


def day(table: Table, key: str) -> datetime.date | None:
    """A date such as ``2025-08-15``, with or without quotes; ``None`` when absent."""
    value = table.values.get(key)
    if isinstance(value, str):
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            pass
    elif value is None or (isinstance(value, datetime.date) and not isinstance(value, datetime.datetime)):
        return value
    table.add_problem(key, f"{key!r} must be a date such as 2025-08-15, not {value!r}")
    return None


def line(table: Table, key: str = "line") -> int:
    """A line of a source text, from 1; 0 when absent."""
    if key not in table.values:
        return 0
    value = table.whole(key)
    if value < 1:
        table.add_problem(key, f"{key!r} must be at least 1")
    return value


def lines(table: Table, key: str) -> tuple[int, ...]:
    """A list of lines of a source text."""
    if key not in table.values:
        return ()
    value = table.values[key]
    if isinstance(value, list) and all(type(item) is int and item > 0 for item in value):
        return tuple(value)
    table.add_problem(key, f"{key!r} must be a list of line numbers")
    return ()


def names(table: Table, key: str, allowed: Collection[str] | None = None) -> tuple[str, ...]:
    """A list of texts, each printable and, when ``allowed`` is given, one of them."""
    if key not in table.values:
        return ()
    values = table.texts(key)
    for value in values:
        if not value.isprintable() or not value.strip():
            table.add_problem(key, f"{key!r} has an empty text or control characters in it")
            return ()
        if allowed is not None and value not in allowed:
            table.add_problem(key, f"{key!r} has {value!r}, but may hold only {', '.join(map(repr, allowed))}")
    return values


def currency(table: Table, key: str) -> str:
    """An ISO 4217 code; empty when absent."""
    value = table.text(key, "")
    if value and not _CURRENCY.fullmatch(value):
        table.add_problem(key, f"{key!r} is {value!r}, but must be a currency's ISO code such as 'USD'")
    return value


def qualifiers(table: Table, key: str, allowed: Collection[str]) -> tuple[tuple[str, str], ...]:
    """A table of words ``{ gpus = "over" }`` that go with the figures of the same names."""
    if key not in table.values:
        return ()
    value = table.values[key]
    if not isinstance(value, dict) or not all(_is_printable(word) for word in value.values()):
        table.add_problem(key, f'{key!r} must be written as {{ {next(iter(allowed), "gpus")} = "over" }}')
        return ()
    for name in value:
        if name not in allowed:
            table.add_problem(key, f"{key!r} has {name!r}, which 'figures' does not have")
    return tuple(value.items())


def verifications(table: Table, key: str = "verified") -> tuple[Verification, ...]:
    """What further sources say: ``[{ date = 2026-03-07, url = "https://…", says = "…", kind = "filing" }]``; a
    ``source`` of the ledger may stand in the place of ``url``."""
    if key not in table.values:
        return ()
    example = '{ date = 2026-03-07, url = "https://…", says = "…" }'
    checked = []
    for item in _tables(table, key, example, "says", allowed=("url", "source", "disputes")):
        if ("url" in item) == ("source" in item):
            table.add_problem(key, f"{key!r} must have either a 'url' or a 'source' in each table: {example}")
        elif "url" in item and not _ADDRESS.fullmatch(item["url"]):
            table.add_problem(
                key, f"{key!r} has the address {item['url']!r}, but must have one such as https://host/page"
            )
        kind = item.get("kind", "")
        if kind not in SOURCE_KINDS:
            table.add_problem(key, f"{key!r} has the kind {kind!r}, but may hold only {_listed(SOURCE_KINDS[1:])}")
        disputes = item.get("disputes", False)
        if not isinstance(disputes, bool):
            table.add_problem(key, f"{key!r} has disputes = {disputes!r}, but must have true or false")
        address, source = item.get("url", ""), item.get("source", "")
        checked.append(Verification(_date(table, key, item), address, item["says"], kind, source, disputes is True))
    return tuple(checked)


def status_steps(table: Table, key: str = "status_history") -> tuple[StatusStep, ...]:
    """The stages a commitment went through: ``[{ status = "announced", date = "2025-01", source = "000" }]``."""
    if key not in table.values:
        return ()
    steps = []
    for item in _tables(table, key, '{ status = "announced", date = 2025-01-21, source = "000" }', "status", "source"):
        if item["status"] not in STAGES:
            table.add_problem(key, f"{key!r} has the status {item['status']!r}, but may hold only {_listed(STAGES)}")
        steps.append(StatusStep(item["status"], _date(table, key, item), item["source"], item.get("says", "")))
    if steps != sorted(steps, key=lambda step: step.date):
        table.add_problem(key, f"{key!r} must go from the earliest date to the latest")
    return tuple(steps)


def _tables(table: Table, key: str, example: str, *texts: str, allowed: Collection[str] = ()) -> list[dict[str, Any]]:
    """The tables in the list ``key``, each with a ``date`` and the printable ``texts``; none beside
    them but ``allowed`` ones, ``says`` and ``kind``."""
    value = table.values[key]
    whole = []
    for item in value if isinstance(value, list) else [None]:
        if (
            isinstance(item, dict)
            and {"date", *texts} <= item.keys() <= {"date", "says", "kind", *texts, *allowed}
            and all(_is_printable(word) for name, word in item.items() if name not in ("date", "disputes"))
        ):
            whole.append(item)
        else:
            table.add_problem(key, f"{key!r} must be a list of tables written as {example}")
    return whole


def _date(table: Table, key: str, item: dict[str, Any]) -> str:
    """A day, month or year as ISO text: ``2026-03-07``, ``2026-03``, ``2026``."""
    value = item["date"]
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value.isoformat()
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            datetime.date.fromisoformat((value + "-01-01")[:10])
        except ValueError:
            pass
        else:
            return value
    table.add_problem(key, f"{key!r} has the date {value!r}, but must have one such as 2026-03-07, '2026-03' or '2026'")
    return "2000"


def _listed(words: Collection[str]) -> str:
    return ", ".join(map(repr, words))


def figures(table: Table, key: str, allowed: Collection[str] | None = None) -> tuple[tuple[str, Decimal], ...]:
    """A table of numbers ``{ USD = 100 }``: its keys are ``allowed`` ones or, when that is ``None``, currencies."""
    if key not in table.values:
        return ()
    value = table.values[key]
    if not isinstance(value, dict):
        table.add_problem(key, f"{key!r} must be written as {{ {next(iter(allowed)) if allowed else 'USD'} = 100 }}")
        return ()
    parsed = []
    for name, item in value.items():
        if allowed is not None and name not in allowed:
            table.add_problem(key, f"{key!r} has {name!r}, but may hold only {', '.join(map(repr, allowed))}")
        elif allowed is None and not _CURRENCY.fullmatch(name):
            table.add_problem(key, f"{key!r} has {name!r}, but must have currencies' ISO codes such as 'USD'")
        number = exact(table, key, item)
        if number is not None:
            parsed.append((name, number))
    return tuple(parsed)


def symbols(table: Table, key: str) -> tuple[str, ...]:
    """A list of symbols in Yahoo's spelling."""
    values = names(table, key)
    for value in values:
        try:
            parse_symbol(value)
        except SymbolError as error:
            table.add_problem(key, str(error))
    return values


def places(table: Table, key: str, values: Collection[str]) -> list[str]:
    """The sources that ``values`` such as ``000:2,11`` point into."""
    parsed = []
    for value in values:
        match = _PLACE.fullmatch(value)
        if match is None:
            table.add_problem(key, f"{key!r} has {value!r}, but must be a source and lines such as '000:2,11'")
        else:
            parsed.append(match.group(1))
    return parsed


def sides(table: Table) -> tuple[Side, ...]:
    """The two or more sides of a conflict, each with what is said and where."""
    value = table.values.get("sides", [])
    parsed = []
    for item in value if isinstance(value, list) else []:
        whole = isinstance(item, dict) and item.keys() == {"says", "at"}
        if not whole or not all(map(_is_printable, item.values())):
            table.add_problem("sides", 'a side must be written as { says = "…", at = "000:2,11" }')
        else:
            parsed.append(Side(item["says"], item["at"]))
    if not isinstance(value, list) or len(value) < 2:
        table.add_problem("sides", "'sides' must list at least two sides")
    return tuple(parsed)


def _is_printable(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and value.isprintable()
