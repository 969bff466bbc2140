"""Compute Atlas (CC BY): one JSON of facilities with status, confidence, megawatts, history and sources.

Names are read as the table spells them or with underscores: ``plannedMw`` or ``planned_mw``.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from aiwatch.ledger.imports.draft import Draft, Names, clean, date, slug, stage
from aiwatch.ledger.imports.table import Figure, figure
from aiwatch.ledger.records import Entity

ATTRIBUTION = "Compute Atlas, CC BY 4.0"
ADDRESS = "https://www.compute-atlas.com"

_LISTS = ("facilities", "projects", "data", "items", "records")
_FIGURES = (("plannedMw", "capacityMw"), ("operationalMw",), ("investmentUsd", "costUsd", "capexUsd"))
"""What it is to have, what it has, both in megawatts, and what it costs in dollars, by their names."""
_KINDS = (
    ("filing", ("filing", "permit", "regulator", "government", "court", "docket")),
    ("company", ("company", "press release", "official", "operator", "ir")),
    ("named press", ("news", "press", "media", "article", "trade")),
)


def read_compute_atlas(text: str, retrieved: datetime.date, entities: Iterable[Entity]) -> Draft:
    """A commitment for each facility, its own sources beside the table's, read on ``retrieved``."""
    draft = Draft()
    try:
        data = json.loads(text)
    except ValueError as error:
        draft.problems.append(f"{getattr(error, 'lineno', 1)}: no JSON: {error}")
        return draft
    facilities = data if isinstance(data, list) else _first_list(data)
    if not isinstance(facilities, list):
        draft.problems.append(f"1: no list of facilities ({', '.join(_LISTS)})")
        return draft
    draft.add(
        "source",
        {
            "id": "compute-atlas",
            "title": "Compute Atlas",
            "short": "Atlas",
            "kind": "own inference",
            "origin": ADDRESS,
            "dated": retrieved,
            "date_sense": "about",
            "date_basis": "The day on which the table was read.",
            "retrieved": retrieved,
            "attribution": ATTRIBUTION,
        },
    )
    names = Names(draft, "atlas").learn(entities)
    sources: dict[str, str] = {}
    for place, facility in enumerate(facilities):
        if isinstance(facility, dict) and clean(get(facility, "name")):
            _add(draft, names, facility, sources, f"1: facility {place + 1}")
        else:
            draft.problems.append(f"1: facility {place + 1} has no name, left out")
    return draft


def get(values: Mapping[str, Any], *names: str) -> Any:
    """The first of ``names`` that ``values`` has, in its own spelling or with underscores."""
    for name in names:
        for spelt in (name, re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()):
            if values.get(spelt) not in (None, ""):
                return values[spelt]
    return None


def _first_list(data: Any) -> Any:
    return next((data[name] for name in _LISTS if name in data), None) if isinstance(data, dict) else None


def _add(draft: Draft, names: Names, facility: Mapping[str, Any], sources: dict[str, str], where: str) -> None:
    """``where`` begins a problem with it."""
    name = clean(get(facility, "name"))
    owner = clean(get(facility, "owner", "operator", "developer"))
    users = get(facility, "tenants", "users", "customers") or []
    partners = [clean(user) for user in (users if isinstance(users, list) else [users])]
    planned, running, cost = (_figure(draft, facility, where, *keys) for keys in _FIGURES)
    power = planned or running
    words = ((planned, "MW planned"), (running, "MW operating"))
    place = [clean(get(facility, part)) for part in ("address", "city", "state")]
    confidence = clean(get(facility, "confidence"))
    draft.add(
        "commitment",
        {
            "id": draft.free_id(f"atlas-{slug(clean(get(facility, 'id', 'slug')) or name)}"),
            "source": "compute-atlas",
            "also_sources": _sources(draft, facility, sources, where),
            "kind": "campus/facility",
            "from": owner or "owner not stated",
            "from_entities": [names.id_of(owner)] if owner else [],
            "to": name,
            "partners": [names.id_of(partner) for partner in partners if partner and partner != owner],
            "region": clean(get(facility, "country")),
            "amount": cost.value if cost is not None else None,
            "currency": "USD" if cost is not None else "",
            "qualifier": cost.qualifier if cost is not None else "not stated",
            "status": clean(get(facility, "status")).replace("_", " ") or "listed",
            "status_history": _history(draft, facility, where),
            "capacity": "; ".join(f"{read} {unit}" for read, unit in words if read is not None),
            "figures": {"mw": _whole(power.value)} if power is not None else {},
            "figure_qualifiers": {"mw": power.qualifier} if power is not None and power.qualifier else {},
            "note": "; ".join(
                part for part in (", ".join(filter(None, place)), f"confidence: {confidence}" if confidence else "")
                if part
            ),
        },
    )  # fmt: skip


def _whole(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value


def _figure(draft: Draft, facility: Mapping[str, Any], where: str, *keys: str) -> Figure | None:
    """The figure under the first of ``keys`` that there is; what is none is a problem."""
    try:
        return figure(get(facility, *keys))
    except ValueError as error:
        draft.problems.append(f"{where}: {keys[0]}: {error}, left out")
        return None


def _tables_in(draft: Draft, facility: Mapping[str, Any], where: str, key: str) -> Iterator[Mapping[str, Any]]:
    """The objects in the list under ``key``; anything else is a problem."""
    items = get(facility, key) or []
    for item in items if isinstance(items, list) else [items]:
        if isinstance(item, dict):
            yield item
        else:
            draft.problems.append(f"{where}: {key}: {clean(item)[:40]!r} is no object, left out")


def _history(draft: Draft, facility: Mapping[str, Any], where: str) -> list[dict[str, str]]:
    steps = []
    for step in _tables_in(draft, facility, where, "statusHistory"):
        words, day = clean(get(step, "status")), date(get(step, "date", "asOf"))
        reached = stage(words)
        if reached and day:
            steps.append({"status": reached, "date": day, "source": "compute-atlas", "says": words.replace("_", " ")})
        else:
            lack = "date" if reached else "known stage"
            draft.problems.append(f"{where}: statusHistory: no {lack} in {clean(step)[:60]}, left out")
    return sorted(steps, key=lambda step: step["date"])


def _sources(draft: Draft, facility: Mapping[str, Any], sources: dict[str, str], where: str) -> list[str]:
    """The ids of the facility's own sources, each address once in the whole draft."""
    ids = []
    for source in _tables_in(draft, facility, where, "sources"):
        address = clean(get(source, "url"))
        if not address:
            draft.problems.append(f"{where}: sources: no url in {clean(source)[:60]}, left out")
            continue
        if address not in sources:
            publisher = clean(get(source, "publisher", "title", "name")) or address.split("/")[2:3][0]
            sources[address] = draft.free_id(f"atlas-{slug(publisher)}")
            published, retrieved = (date(get(source, name)) for name in ("published", "retrieved"))
            draft.add(
                "source",
                {
                    "id": sources[address],
                    "title": clean(get(source, "title")) or publisher,
                    "short": publisher[:10],
                    "kind": _kind(clean(get(source, "kind", "type"))),
                    "origin": address,
                    "dated": _day(published),
                    "retrieved": _day(retrieved),
                },
            )
        ids.append(sources[address])
    return list(dict.fromkeys(ids))


def _day(text: str) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if len(text) == 10 else None


def _kind(words: str) -> str:
    folded = words.casefold().replace("_", " ")
    return next((kind for kind, parts in _KINDS if any(part in folded.split() or part == folded for part in parts)), "")
