"""What changed between two editions of the ledger: added, changed, slipped, cancelled, verified, removed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

CHANGES = ("added", "removed", "slipped", "cancelled", "verified", "changed")
"""The kinds of change, in the order in which they are shown."""

Rows = Mapping[str, Mapping[str, Any]]
"""The exported commitments of an edition, by id."""


class Change(Struct, frozen=True):
    """A change of the record ``id``; ``fields`` are the changed ones with the old and the new value."""

    kind: str
    id: str
    about: str
    fields: tuple[tuple[str, Any, Any], ...] = ()


def edition(rows: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Exported rows by id. Raises `ValueError` where a field that is compared is not of its shape."""
    by_id: dict[str, Mapping[str, Any]] = {}
    for row in rows:
        for name, shape in (("period", Mapping), ("status_history", list), ("verified", list)):
            if row.get(name) and not isinstance(row[name], shape):
                raise ValueError(f"{name} of {row['id']!r}")
        if any(not isinstance(step, Mapping) for step in row.get("status_history") or ()):
            raise ValueError(f"status_history of {row['id']!r}")
        by_id[str(row["id"])] = row
    return by_id


def changes(old: Rows, new: Rows) -> tuple[Change, ...]:
    """What changed from ``old`` to ``new``, by kind and in the order of the ledgers."""
    met = [*_added_and_removed(old, new)]
    for id in new:
        if id in old:
            met += _changed(id, old[id], new[id])
    return tuple(sorted(met, key=lambda change: CHANGES.index(change.kind)))


def _added_and_removed(old: Rows, new: Rows) -> Iterator[Change]:
    for id, row in new.items():
        if id not in old:
            yield Change("added", id, _about(row))
    for id, row in old.items():
        if id not in new:
            yield Change("removed", id, _about(row))


def _changed(id: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    fields = {name: (old.get(name), new.get(name)) for name in new if name in old and old[name] != new[name]}
    about = _about(new)
    later = {name: pair for name, pair in fields.items() if name == "period" and _end(pair[1]) > _end(pair[0]) > ""}
    stage = _last_stage(new)
    if later or (stage == "paused" and _last_stage(old) != "paused"):
        slipped = later or {"status_history": fields.get("status_history", (None, None))}
        yield Change("slipped", id, about, _moved_fields(slipped))
    if stage == "cancelled" and _last_stage(old) != "cancelled":
        yield Change(
            "cancelled", id, about, _moved_fields({"status": fields.get("status", (old.get("status"), stage))})
        )
    if len(new.get("verified") or ()) > len(old.get("verified") or ()):
        yield Change("verified", id, about, _moved_fields({"verified": fields["verified"]}))
    rest = {name: pair for name, pair in fields.items() if name not in (*later, "verified", "status_history")}
    if rest:
        yield Change("changed", id, about, _moved_fields(rest))


def _moved_fields(fields: Mapping[str, tuple[Any, Any]]) -> tuple[tuple[str, Any, Any], ...]:
    return tuple((name, before, after) for name, (before, after) in fields.items())


def _about(row: Mapping[str, Any]) -> str:
    return " → ".join(str(row[name]) for name in ("from", "to") if row.get(name)) or str(row.get("programme") or "")


def _end(period: Any) -> str:
    return str((period or {}).get("end") or "")


def _last_stage(row: Mapping[str, Any]) -> str:
    history = row.get("status_history") or ()
    return str(history[-1].get("status") or "") if history else ""
