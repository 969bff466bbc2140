"""Compute Atlas (CC BY): one JSON of facilities with status, confidence, megawatts, history and sources.

Names are read as the table spells them or with underscores: ``plannedMw`` or ``planned_mw``.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from aiwatch.ledger.imports.draft import Draft, Names, clean, date, slug, stage
from aiwatch.ledger.imports.quantities import DOLLARS, POWER, Quantities, Quantity, Units
from aiwatch.ledger.records import Entity

ATTRIBUTION = "Compute Atlas, CC BY 4.0"
ADDRESS = "https://www.compute-atlas.com"

_LISTS = ("facilities", "projects", "data", "items", "records")
_FIGURES: tuple[tuple[tuple[str, ...], Units], ...] = (
    (("plannedMw", "capacityMw"), POWER),
    (("operationalMw",), POWER),
    (("investmentUsd", "costUsd", "capexUsd"), DOLLARS),
)
"""The keys of megawatts that are planned and that run, and of the cost, with their units."""
_ADDRESS = re.compile(r"https?://[^\s/]+\S*")
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
        if isinstance(facility, dict) and _text(facility, "name"):
            figures = Quantities(f"1: facility {place + 1}: ")
            _add(draft, names, facility, sources, figures)
            draft.problems += figures.problems
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


def _text(values: Mapping[str, Any], *names: str) -> str:
    """What stands under the first of ``names``, on one line; a list or an object there is no text."""
    value = get(values, *names)
    return "" if isinstance(value, dict | list | bool) else clean(value)


def _objects(values: Mapping[str, Any], name: str, figures: Quantities) -> Iterator[Mapping[str, Any]]:
    """The objects in the list under ``name``; anything else is a problem."""
    items = get(values, name) or []
    for item in items if isinstance(items, list) else [items]:
        if isinstance(item, dict):
            yield item
        else:
            figures.problems.append(f"{figures.place}{name}: {clean(item)[:40]!r} is no object, left out")


def _first_list(data: Any) -> Any:
    return next((data[name] for name in _LISTS if name in data), None) if isinstance(data, dict) else None


def _add(draft: Draft, names: Names, facility: Mapping[str, Any], sources: dict[str, str], figures: Quantities) -> None:
    name = _text(facility, "name")
    owner = _text(facility, "owner", "operator", "developer")
    partners = _names(get(facility, "tenants", "users", "customers"))
    planned, running, cost = (_figure(figures, facility, *row) for row in _FIGURES)
    power = planned or running
    words = ((planned, "MW planned"), (running, "MW operating"))
    place = [_text(facility, part) for part in ("address", "city", "state")]
    confidence = _text(facility, "confidence")
    notes = [", ".join(filter(None, place)), f"confidence: {confidence}" if confidence else "", *figures.left_out]
    if cost is not None and cost.printed:
        notes.append(f"cost in dollars: {cost.printed}")
    draft.add(
        "commitment",
        {
            "id": draft.free_id(f"atlas-{slug(_text(facility, 'id', 'slug') or name)}"),
            "source": "compute-atlas",
            "also_sources": _sources(draft, facility, sources, figures),
            "kind": "campus/facility",
            "from": owner or "owner not stated",
            "from_entities": [names.id_of(owner)] if owner else [],
            "to": name,
            "partners": list(dict.fromkeys(names.id_of(name) for name in partners if name and name != owner)),
            "region": _text(facility, "country"),
            "amount": cost.value if cost is not None else None,
            "currency": "USD" if cost is not None else "",
            "qualifier": cost.qualifier if cost is not None else "not stated",
            "status": _text(facility, "status").replace("_", " ") or "listed",
            "status_history": _history(facility, figures),
            "capacity": "; ".join(quantity.words(unit) for quantity, unit in words if quantity is not None),
            "figures": {"mw": power.value} if power is not None else {},
            "figure_qualifiers": {"mw": power.qualifier} if power is not None and power.qualifier else {},
            "note": "; ".join(filter(None, notes)),
        },
    )


def _names(users: Any) -> list[str]:
    """The names of a list of texts or of objects with a name, or of one text."""
    listed = users if isinstance(users, list) else [users]
    return [_text(user if isinstance(user, dict) else {"name": user}, "name") for user in listed]


def _figure(figures: Quantities, facility: Mapping[str, Any], keys: tuple[str, ...], units: Units) -> Quantity | None:
    value = get(facility, *keys)
    text = value if isinstance(value, str) else json.dumps(value)
    return None if value is None else figures.read("", keys[0], text, units)


def _history(facility: Mapping[str, Any], figures: Quantities) -> list[dict[str, str]]:
    steps = []
    for step in _objects(facility, "statusHistory", figures):
        words, day = _text(step, "status"), date(get(step, "date", "asOf"))
        reached = stage(words)
        if reached and day:
            steps.append({"status": reached, "date": day, "source": "compute-atlas", "says": words.replace("_", " ")})
        else:
            lack = "date" if reached else "known stage"
            figures.problems.append(f"{figures.place}statusHistory: no {lack} in {clean(step)[:60]}, left out")
    return sorted(steps, key=lambda step: step["date"])


def _sources(draft: Draft, facility: Mapping[str, Any], sources: dict[str, str], figures: Quantities) -> list[str]:
    """The ids of the facility's own sources, each address once in the whole draft."""
    ids = []
    for source in _objects(facility, "sources", figures):
        address = _text(source, "url").replace(" ", "%20")
        if not _ADDRESS.fullmatch(address):
            figures.problems.append(f"{figures.place}sources: no url in {clean(source)[:60]}, left out")
            continue
        if address not in sources:
            publisher = _text(source, "publisher", "title", "name") or address.split("/")[2]
            sources[address] = draft.free_id(f"atlas-{slug(publisher)}")
            published, retrieved = (date(get(source, name)) for name in ("published", "retrieved"))
            draft.add(
                "source",
                {
                    "id": sources[address],
                    "title": _text(source, "title") or publisher,
                    "short": publisher[:10],
                    "kind": _kind(_text(source, "kind", "type")),
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
