"""The JSON Schema of watchlist files, by which editors complete and check them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from aiwatch.watchlist.format import ALERT, LIST, STOCK, Key, KeyTable

FILE_NAME = "watchlist.schema.json"
"""What the schema is called where it lies beside watchlists."""

SCHEMA_LINE = f"#:schema ./{FILE_NAME}"
"""The comment in a list's first line by which editors find the schema beside it."""


def watchlist_schema(columns: Iterable[str]) -> dict[str, Any]:
    """The schema, draft 2020-12, with the keys of the board's ``columns``.

    It holds what a schema can say: that a symbol stands twice it cannot.
    """
    stock = _table(STOCK, {"alerts": _table(ALERT, {})})
    keys = {"type": "array", "items": {"enum": list(columns)}, "uniqueItems": True}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "aiwatch watchlist",
        "description": "A named list of stocks. Reference: watchlists/README.md.",
        **_table(LIST, {"columns": keys, "stock": {"type": "array", "items": stock}}),
    }


def schema_text(columns: Iterable[str]) -> str:
    """The schema as the text of a file; ``columns`` are the keys of the board's."""
    return json.dumps(watchlist_schema(columns), indent=2, ensure_ascii=False) + "\n"


def _table(table: KeyTable, inner: dict[str, dict[str, Any]]) -> dict[str, Any]:
    required = [key.name for key in table.keys if key.required]
    return {
        "type": "object",
        "additionalProperties": False,
        **({"required": required} if required else {}),
        "properties": {key.name: _described(key, inner.get(key.name)) for key in table.keys},
    }


def _described(key: Key, form: dict[str, Any] | None) -> dict[str, Any]:
    return {"description": key.meaning.replace("`", ""), **(form or key.form)}
