"""Epoch AI's frontier data centres (CC BY 4.0): ``data_centers.csv`` and ``data_center_timelines.csv``.

Field map: ``Name``, ``Owner`` and ``Users`` with confidence tags (``Microsoft #confident, OpenAI #likely``),
``Project``, ``Country``, ``Address``, ``Current power (MW)``, ``Current H100 equivalents``, ``Current total capital
cost (2025 USD billions)``, ``Selected Sources``; of the timelines ``Data center``, ``Date``, ``Construction status``,
``Buildings operational``, ``Power (MW)``. A figure may be written as ``~400,000``, ``>500`` or ``1–2``.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Iterable, Mapping

from aiwatch.ledger.imports.draft import Draft, Names, clean, date, slug, stage
from aiwatch.ledger.imports.quantities import BILLIONS, PIECES, POWER, Quantities, Quantity
from aiwatch.ledger.records import Entity

ATTRIBUTION = "Epoch AI, Frontier Data Centers, CC BY 4.0"
ADDRESS = "https://epoch.ai/data/data-centers"

_NEEDED = ("Name", "Owner")
_POWER = ("Current power (MW)", "Current IT power (MW)", "Power (MW)", "MW")
_COST = ("Current total capital cost (2025 USD billions)", "Current capital cost (2025 USD billions)")
_SPELLINGS = {
    "Name": ("Data center", "Data centre", "Site"),
    "Owner": ("Owners",),
    "Users": ("User",),
    "Country": ("Place", "Location"),
    "Current H100 equivalents": ("H100 equivalents", "H100e"),
    _COST[0]: ("Cost (USD billions)", "Capital cost (USD billions)", "Total capital cost (USD billions)"),
    "Selected Sources": ("Sources",),
    "Data center": ("Data centre", "Site", "Name"),
    "Construction status": ("Status",),
}
"""Further spellings of the columns, which are read in any case; a cost is read only where its head says the unit."""
_FURTHER = ("Current H100 equivalents", "Selected Sources")
_POWER_THEN = ("Power (MW)", "IT power (MW)", "MW")
_TAG = re.compile(r"\s*#([A-Za-z0-9_-]+)")

Row = Mapping[str, str]


def read_epoch(centres: str, timelines: str, retrieved: datetime.date, entities: Iterable[Entity]) -> Draft:
    """A commitment for each data centre, with its stages from ``timelines`` (may be empty), read on ``retrieved``."""
    draft = Draft()
    rows = _rows(centres, ("Name", "Owner", "Users", "Project", "Country", "Address", *_POWER, *_COST, *_FURTHER))
    missing = [name for name in _NEEDED if not rows or name not in rows[0]]
    if missing:
        draft.problems.append(f"1: no column {', '.join(map(repr, missing))}: is this Epoch's data_centers.csv?")
        return draft
    draft.add(
        "source",
        {
            "id": "epoch",
            "title": "Frontier Data Centers",
            "short": "Epoch",
            "author": "Epoch AI",
            "kind": "own inference",
            "origin": ADDRESS,
            "dated": retrieved,
            "date_sense": "about",
            "date_basis": "The day on which the table was read; it is renewed about weekly.",
            "retrieved": retrieved,
            "attribution": ATTRIBUTION,
        },
    )
    names = Names(draft, "epoch").learn(entities)
    histories = _histories(timelines)
    for place, row in enumerate(rows, 2):
        if not clean(row.get("Name")):
            draft.problems.append(f"{place}: no name, left out")
            continue
        figures = Quantities(f"{place}: ")
        _add(draft, names, row, histories.get(clean(row["Name"]), []), retrieved, figures)
        draft.problems += figures.problems
    return draft


def _rows(text: str, columns: Iterable[str]) -> list[dict[str, str]]:
    """The rows of a table by the names of its ``columns``, whichever of their spellings it has."""
    table = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))
    heads = {_plain_head(head): head for head in (table[0] if table else ()) if head}
    spelt = {
        name: heads[head]
        for name in columns
        for head in map(_plain_head, (*reversed(_SPELLINGS.get(name, ())), name))
        if head in heads
    }
    return [{name: row.get(head) or "" for name, head in spelt.items()} for row in table]


def _plain_head(head: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", head.casefold()))


def _add(
    draft: Draft,
    names: Names,
    row: Row,
    history: list[dict[str, str]],
    retrieved: datetime.date,
    figures: Quantities,
) -> None:
    name = clean(row["Name"])
    owners, users = tagged(row.get("Owner", "")), tagged(row.get("Users", ""))
    figures.read("mw", *_first(row, _POWER), POWER)
    figures.read("h100e", "Current H100 equivalents", row.get("Current H100 equivalents", ""), PIECES)
    cost = figures.read("", *_first(row, _COST), BILLIONS)
    past = [step for step in history if step["date"] <= retrieved.isoformat()]
    draft.add(
        "commitment",
        {
            "id": draft.free_id(f"epoch-{slug(name)}"),
            "source": "epoch",
            "kind": "campus/facility",
            "from": "; ".join(owner for owner, _ in owners) or "owner not stated",
            "from_entities": list(dict.fromkeys(names.id_of(owner) for owner, _ in owners)),
            "to": name,
            "partners": list(dict.fromkeys(names.id_of(user) for user, _ in users if user not in dict(owners))),
            "programme": clean(_TAG.sub("", row.get("Project") or "")),
            "region": clean(row.get("Country")),
            "amount": cost.value.scaleb(9) if cost is not None else None,
            "currency": "USD" if cost is not None else "",
            "qualifier": (cost.qualifier or "estimated") if cost is not None else "not stated",
            "status": past[-1]["status"] if past else "tracked",
            "status_history": history,
            "capacity": figures.words({"mw": "MW", "h100e": "H100 equivalents"}),
            "figures": figures.values,
            "figure_qualifiers": figures.qualifiers,
            "note": _note(row, owners, users, [*_range_words(cost), *figures.left_out]),
        },
    )


def tagged(text: str) -> list[tuple[str, str]]:
    """The names in ``Microsoft #likely, OpenAI #confident``, each with its tag or nothing."""
    parts = [part for part in re.split(r"[,;]", text or "") if clean(part)]
    pairs = [(clean(_TAG.sub("", part)), (_TAG.findall(part) or [""])[0]) for part in parts]
    return [(name, tag) for name, tag in pairs if name]


def _range_words(cost: Quantity | None) -> list[str]:
    return [f"cost in billions of dollars: {cost.printed}"] if cost is not None and cost.printed else []


def _note(row: Row, owners: list[tuple[str, str]], users: list[tuple[str, str]], figures: list[str]) -> str:
    parts = [f"owner {name}: {tag}" for name, tag in owners if tag]
    parts += [f"user {name}: {tag}" if tag else f"user {name}" for name, tag in users]
    parts += [clean(row.get("Address"))]
    sources = clean(row.get("Selected Sources"))
    parts += [f"sources: {sources}" if sources else "", *figures]
    return "; ".join(part for part in parts if part)


def _histories(timelines: str) -> dict[str, list[dict[str, str]]]:
    """The stages of each site, earliest first: a step where the stage changes."""
    rows: dict[str, list[tuple[str, Row]]] = {}
    for row in _rows(timelines, ("Data center", "Date", "Construction status", "Buildings operational", *_POWER_THEN)):
        site, day = clean(row.get("Data center")), date(row.get("Date"))
        if site and day:
            rows.setdefault(site, []).append((day, row))
    return {site: _steps(sorted(dated, key=lambda pair: pair[0])) for site, dated in rows.items()}


def _steps(dated: list[tuple[str, Row]]) -> list[dict[str, str]]:
    steps: list[dict[str, str]] = []
    for day, row in dated:
        status = clean(row.get("Construction status"))
        figures = Quantities()
        reached = "operating" if figures.read("", "", row.get("Buildings operational", ""), PIECES) else stage(status)
        if reached and (not steps or steps[-1]["status"] != reached):
            figures.read("mw", *_first(row, _POWER_THEN), POWER)
            says = ", ".join(part for part in (status, figures.words({"mw": "MW"}), *figures.left_out) if part)
            steps.append({"status": reached, "date": day, "source": "epoch", **({"says": says} if says else {})})
    return steps


def _first(row: Row, names: tuple[str, ...]) -> tuple[str, str]:
    """The first of the columns ``names`` that has something, and what it has."""
    return next(((name, row[name]) for name in names if row.get(name)), ("", ""))
