"""The format of a ledger file: its tables, their keys, and the words some keys may hold.

seeds/README.md explains each of them to a reader.
"""

from __future__ import annotations

KEYS: dict[str, tuple[str, ...]] = {
    "source": ("id", "title", "origin", "dated", "date_sense", "date_basis", "confidence", "confidence_note"),
    "commitment": (
        "id", "source", "line", "also_lines", "kind", "from", "from_entities", "to", "to_entities", "suppliers",
        "programme", "programme_entity", "region", "amount", "currency", "qualifier", "stated", "first_stated",
        "valuation", "period_start", "period_end", "period_years", "annual", "announced", "status", "growth_percent",
        "capacity", "figures", "chain", "same_money_as", "maybe_same_money_as", "part_of", "maybe_part_of",
        "counts_in_totals", "supersedes", "note",
    ),
    "signal": (
        "id", "source", "line", "kind", "group", "sectors", "subject", "metric", "value", "unit", "direction",
        "as_of", "entities", "chain", "commitments", "supersedes", "note",
    ),
    "claim": (
        "id", "source", "line", "name", "name_zh", "entities", "symbols", "percent", "operator", "window", "repeats",
        "base_date", "end_date", "sessions", "base_close", "end_close", "checked_percent", "basis", "verdict", "note",
    ),
    "entity": (
        "id", "name", "printed", "name_zh", "type", "listed", "symbols", "parent_symbols", "exchanges", "currencies",
        "role", "chain", "region", "members", "watchlist", "mentions", "note",
    ),
    "conflict": ("id", "topic", "title", "sides", "show_as", "outside", "records", "entities", "marks_records"),
    "fx": ("id", "source", "line", "also_lines", "commitment", "base", "quote", "rate", "numerator", "denominator"),
    "left_out": ("source", "line", "printed", "currency", "amount", "reason"),
}  # fmt: skip
"""The tables of a ledger file and the keys of each."""

SIGNAL_KINDS = ("metric", "milestone", "thesis", "sentiment", "policy", "risk")
ENTITY_TYPES = ("company", "organisation", "programme", "brand", "state")
