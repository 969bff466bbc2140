"""The format of a ledger file: its tables, their keys, and the words some keys may hold.

seeds/README.md explains each of them to a reader; `json_schema` says it to an editor.
"""

from __future__ import annotations

KEYS: dict[str, tuple[str, ...]] = {
    "source": (
        "id", "title", "short", "author", "kind", "origin", "dated", "date_sense", "date_basis", "retrieved",
        "confidence", "confidence_note", "attribution",
    ),
    "commitment": (
        "id", "source", "line", "also_lines", "also_sources", "kind", "from", "from_entities", "to", "to_entities",
        "partners", "suppliers", "programme", "programme_entity", "region", "amount", "currency", "qualifier",
        "stated", "first_stated", "valuation", "period_start", "period_end", "period_printed", "period_years",
        "annual", "announced", "status", "binding", "status_history", "growth_percent", "capacity", "figures",
        "figure_qualifiers", "chain", "same_money_as", "maybe_same_money_as", "part_of", "maybe_part_of",
        "counts_in_totals", "supersedes", "verified", "note",
    ),
    "signal": (
        "id", "source", "line", "also_lines", "also_sources", "kind", "group", "sectors", "subject", "metric",
        "value", "unit", "qualifier", "direction", "as_of", "entities", "gains", "loses", "zero_sum", "chain",
        "commitments", "supersedes", "verified", "note",
    ),
    "claim": (
        "id", "source", "line", "also_lines", "also_sources", "name", "name_zh", "entities", "symbols", "percent",
        "amount", "currency", "operator", "window", "repeats", "base_date", "end_date", "sessions", "base_close",
        "end_close", "close_source", "close_retrieved", "checked_percent", "fitting_pairs", "basis", "verdict",
        "verified", "note",
    ),
    "entity": (
        "id", "name", "short", "printed", "name_zh", "type", "listed", "symbols", "parent_symbols", "cik", "exchanges",
        "currencies", "role", "chain", "region", "members", "mentions", "note",
    ),
    "conflict": (
        "id", "topic", "kind", "title", "sides", "show_as", "outside", "records", "entities", "marks_records",
        "verified",
    ),
    "fx": ("id", "source", "line", "also_lines", "commitment", "base", "quote", "rate", "numerator", "denominator"),
    "spending": ("id", "source", "line", "also_lines", "kinds", "chain", "note"),
    "left_out": ("source", "line", "printed", "currency", "amount", "reason"),
}  # fmt: skip
"""The tables of a ledger file and the keys of each."""

OBSOLETE: dict[str, tuple[str, ...]] = {"entity": ("watchlist",)}
"""Keys that files of earlier editions have: they are read over."""

NEEDED: dict[str, tuple[str, ...]] = {
    "source": ("id", "title"),
    "commitment": ("id", "source", "kind", "status"),
    "signal": ("id", "source", "kind", "group", "subject", "metric"),
    "claim": ("id", "source", "name", "window", "verdict"),
    "entity": ("id", "name", "type"),
    "conflict": ("id", "topic", "title", "sides", "show_as"),
    "fx": ("id", "source", "commitment", "base", "quote", "rate", "numerator", "denominator"),
    "spending": ("id", "source", "kinds", "chain"),
    "left_out": ("source", "printed", "currency", "amount", "reason"),
}
"""The keys without which a table is refused."""

SIGNAL_KINDS = ("metric", "milestone", "thesis", "sentiment", "policy", "risk")
ENTITY_TYPES = ("company", "organisation", "programme", "brand", "state")
DATE_SENSES = ("on", "after", "about")
CONFIDENCES = ("normal", "low")
LISTINGS = ("yes", "no", "n/a")
OPERATORS = ("", "=", ">", ">=", "<", "<=")
