"""The JSON Schema of ledger files, by which editors complete and check them; what keys mean is in seeds/README.md."""

from __future__ import annotations

import json
import re
from typing import Any

from aiwatch.ledger.records import (
    BINDINGS,
    CHAIN,
    CONFLICT_KINDS,
    FIGURES,
    GROUPS,
    KINDS,
    SOURCE_KINDS,
    STAGES,
)
from aiwatch.ledger.schema import (
    CONFIDENCES,
    DATE_SENSES,
    ENTITY_TYPES,
    KEYS,
    LISTINGS,
    NEEDED,
    OBSOLETE,
    OPERATORS,
    SIGNAL_KINDS,
)

FILE_NAME = "ledger.schema.json"
"""What the schema is called where it lies beside ledger files."""

SCHEMA_LINE = f"#:schema ./{FILE_NAME}"
"""The comment in a file's first line by which editors find the schema beside it."""

Form = dict[str, Any]

_TEXT: Form = {"type": "string"}
_ID: Form = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9_.-]*$"}
_TEXTS: Form = {"type": "array", "items": {"type": "string", "pattern": "\\S"}}
_LINE: Form = {"type": "integer", "minimum": 1}
_NUMBER: Form = {"type": ["integer", "string"], "pattern": "^[+-]?[0-9_]*\\.?[0-9]+$"}
_FLAG: Form = {"type": "boolean"}
_DAY: Form = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_DATE: Form = {"type": "string", "pattern": "^[0-9]{4}(-[0-9]{2}){0,2}$"}
_CURRENCY: Form = {"type": "string", "pattern": "^([A-Z]{3})?$"}
_SUMS: Form = {"type": "object", "patternProperties": {"^[A-Z]{3}$": _NUMBER}, "additionalProperties": False}


def _choice(words: tuple[str, ...]) -> Form:
    return {"enum": list(words)}


def _list_of(form: Form, least: int = 0) -> Form:
    return {"type": "array", "items": form, **({"minItems": least} if least else {})}


def _table(needed: dict[str, Form], optional: dict[str, Form]) -> Form:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(needed),
        "properties": {**needed, **optional},
    }


_ADDRESS: Form = {"type": "string", "pattern": "^https?://[^\\s/]+\\S*$"}
_VERIFIED = _list_of(
    {
        **_table(
            {"date": _DATE, "says": _TEXT},
            {"url": _ADDRESS, "source": _ID, "kind": _choice(SOURCE_KINDS), "disputes": _FLAG},
        ),
        "oneOf": [{"required": ["url"]}, {"required": ["source"]}],
    }
)
_HISTORY = _list_of(_table({"status": _choice(STAGES), "date": _DATE, "source": _ID}, {"says": _TEXT}))
_SIDES = _list_of(_table({"says": _TEXT, "at": _TEXT}, {}), least=2)
_OF_FIGURES: Form = {"type": "object", "propertyNames": {"enum": list(FIGURES)}}

_COMMON: dict[str, Form] = {
    "id": _ID, "source": _ID, "line": _LINE, "also_lines": _list_of(_LINE), "also_sources": _list_of(_ID),
    "verified": _VERIFIED, "amount": _NUMBER, "currency": _CURRENCY, "chain": _list_of(_choice(CHAIN)),
    "dated": _DAY, "retrieved": _DAY, "base_date": _DAY, "end_date": _DAY, "close_retrieved": _DAY,
    "figures": {**_OF_FIGURES, "additionalProperties": _NUMBER},
    "figure_qualifiers": {**_OF_FIGURES, "additionalProperties": _TEXT},
    "stated": _SUMS, "valuation": _SUMS, "status_history": _HISTORY, "sides": _SIDES,
    "annual": _FLAG, "counts_in_totals": _FLAG, "zero_sum": _FLAG, "marks_records": _FLAG,
    "sessions": {"type": "integer"}, "fitting_pairs": {"type": "integer"}, "cik": {"type": "integer", "minimum": 1},
    "value": {"type": ["integer", "string"]},
}  # fmt: skip
"""The forms of keys that have the same one wherever they stand; texts are not named."""

_NUMBERS = (
    "period_years", "growth_percent", "percent", "base_close", "end_close", "checked_percent", "rate", "numerator",
    "denominator",
)  # fmt: skip
_LISTS = (
    "from_entities", "to_entities", "partners", "suppliers", "same_money_as", "maybe_same_money_as", "sectors",
    "entities", "gains", "loses", "commitments", "symbols", "parent_symbols", "printed", "exchanges", "currencies",
    "members", "mentions", "records",
)  # fmt: skip

_OF_TABLE: dict[tuple[str, str], Form] = {
    ("source", "kind"): _choice(SOURCE_KINDS),
    ("source", "date_sense"): _choice(DATE_SENSES),
    ("source", "confidence"): _choice(CONFIDENCES),
    ("commitment", "kind"): _choice(KINDS),
    ("commitment", "binding"): _choice(BINDINGS),
    ("signal", "kind"): _choice(SIGNAL_KINDS),
    ("signal", "group"): _choice(GROUPS),
    ("claim", "operator"): _choice(OPERATORS),
    ("entity", "type"): _choice(ENTITY_TYPES),
    ("entity", "listed"): _choice(LISTINGS),
    ("conflict", "kind"): _choice(CONFLICT_KINDS),
    ("spending", "kinds"): _list_of(_choice(KINDS), least=1),
    ("left_out", "printed"): _TEXT,
}
"""The forms of keys that have another one in one table."""


def form_of(table: str, key: str) -> Form:
    """What ``key`` may hold in ``[[table]]``."""
    if (table, key) in _OF_TABLE:
        return _OF_TABLE[table, key]
    if key in _NUMBERS:
        return _NUMBER
    return _TEXTS if key in _LISTS else _COMMON.get(key, _TEXT)


def ledger_schema(reference: str) -> Form:
    """The schema, draft 2020-12; what keys mean is taken from ``reference``, the text of seeds/README.md. It holds what
    a schema can say: that an id is nobody's it cannot."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "aiwatch ledger",
        "description": "Commitments and what is said of them. Reference: seeds/README.md.",
        "type": "object",
        "additionalProperties": False,
        "properties": {name: _list_of(_whole_table(name, reference)) for name in KEYS},
    }


def _whole_table(name: str, reference: str) -> Form:
    meanings = _meanings(name, reference)
    described = {
        key: {**form_of(name, key), **({"description": meanings[key]} if meanings.get(key) else {})}
        for key in KEYS[name]
    }
    old = {key: {"deprecated": True} for key in OBSOLETE.get(name, ())}
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(NEEDED[name]),
        "properties": {**described, **old},
    }


def _meanings(name: str, reference: str) -> dict[str, str]:
    """The third column of the reference's table of ``[[name]]``, by key."""
    section = reference.partition(f"## `[[{name}]]`")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| [^|]* \| (.*?) \|$", section, re.MULTILINE)
    return {key: meaning.replace("`", "").strip() for key, meaning in rows}


def schema_text(reference: str) -> str:
    """The schema as the text of a file."""
    return json.dumps(ledger_schema(reference), indent=2, ensure_ascii=False) + "\n"
