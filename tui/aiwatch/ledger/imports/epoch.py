"""Epoch AI's frontier data centres (CC BY 4.0): ``data_centers.csv`` and ``data_center_timelines.csv``.

Field map: ``Name``, ``Owner`` and ``Users`` with confidence tags (``Microsoft #confident, OpenAI #likely``),
``Project``, ``Country``, ``Address``, ``Current power (MW)``, ``Current H100 equivalents``, ``Current total capital
cost (2025 USD billions)``, ``Selected Sources``; of the timelines ``Data center``, ``Date``, ``Construction status``,
``Buildings operational``, ``Power (MW)``.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable

from msgspec import Struct

from aiwatch.ledger.imports.draft import Draft, Names, clean, date, slug, stage
from aiwatch.ledger.imports.quantities import BILLIONS, PIECES, POWER, Quantities, Quantity
from aiwatch.ledger.imports.table import Line, read_table
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


class Row(Struct, frozen=True):
    """A row at ``line`` by the names of its columns, whichever of their spellings the table has; ``heads`` are those
    spellings."""

    line: int
    cells: dict[str, str]
    heads: dict[str, str]

    def text(self, name: str) -> str:
        """What stands under ``name``, on one line; empty when there is no such column."""
        return clean(self.cells.get(name, ""))

    def first(self, *names: str) -> tuple[str, str]:
        """The spelling of the first of the columns ``names`` that has something, and what it has."""
        return next(((self.heads[name], self.text(name)) for name in names if self.text(name)), ("", ""))


def read_epoch(centres: str, timelines: str, retrieved: datetime.date, entities: Iterable[Entity]) -> Draft:
    """A commitment for each data centre, with its stages from ``timelines`` (may be empty), read on ``retrieved``."""
    draft = Draft()
    columns = ("Name", "Owner", "Users", "Project", "Country", "Address", *_POWER, *_COST, *_FURTHER)
    rows, spelt = _rows(centres, columns, _NEEDED, draft.problems)
    missing = [name for name in _NEEDED if name not in spelt]
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
    of_times: list[str] = []
    histories = _histories(timelines, of_times)
    for row in rows:
        name = row.text("Name")
        if not name:
            draft.problems.append(f"{row.line}: no name, left out")
            continue
        figures = Quantities(f"{row.line}: ")
        _add(draft, names, row, histories.get(name, []), retrieved, figures)
        draft.problems += figures.problems
    listed = {row.text("Name") for row in rows}
    of_times += [f"1: no data center {name!r}, its stages are left out" for name in histories if name not in listed]
    draft.problems += [f"1: timelines, line {problem}" for problem in of_times]
    return draft


def _rows(
    text: str, columns: Iterable[str], needed: Iterable[str], problems: list[str]
) -> tuple[list[Row], dict[str, str]]:
    """The rows of a table, and how it spells those of ``columns`` that it has; none where it has none of ``needed``."""
    table = read_table(text, lambda cells: bool(_spellings(cells, needed)))
    if table is None:
        return [], {}
    problems += table.problems
    spelt = _spellings(table.head, columns)
    return [_row(line, spelt) for line in table.rows], spelt


def _row(line: Line, spelt: dict[str, str]) -> Row:
    return Row(line.line, {name: line.cells.get(head, "") for name, head in spelt.items()}, spelt)


def _spellings(heads: Iterable[str], columns: Iterable[str]) -> dict[str, str]:
    """How ``heads`` spell those of ``columns`` that are among them."""
    spelt = {_plain_head(head): head for head in heads if head}
    return {
        name: spelt[head]
        for name in columns
        for head in map(_plain_head, (*reversed(_SPELLINGS.get(name, ())), name))
        if head in spelt
    }


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
    name = row.text("Name")
    owners, users = tagged(row.text("Owner")), tagged(row.text("Users"))
    figures.read("mw", *row.first(*_POWER), POWER)
    figures.read("h100e", *row.first("Current H100 equivalents"), PIECES)
    cost = figures.read("", *row.first(*_COST), BILLIONS)
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
            "programme": clean(_TAG.sub("", row.text("Project"))),
            "region": row.text("Country"),
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


def _range_words(cost: Quantity | None) -> list[str]:
    return [f"cost in billions of dollars: {cost.printed}"] if cost is not None and cost.printed else []


def tagged(text: str) -> list[tuple[str, str]]:
    """The names in ``Microsoft #likely, OpenAI #confident``, each with its tag or nothing."""
    parts = [part for part in re.split(r"[,;]", text or "") if clean(part)]
    pairs = [(clean(_TAG.sub("", part)), (_TAG.findall(part) or [""])[0]) for part in parts]
    return [(name, tag) for name, tag in pairs if name]


def _note(row: Row, owners: list[tuple[str, str]], users: list[tuple[str, str]], figures: list[str]) -> str:
    parts = [f"owner {name}: {tag}" for name, tag in owners if tag]
    parts += [f"user {name}: {tag}" if tag else f"user {name}" for name, tag in users]
    parts += [row.text("Address")]
    sources = row.text("Selected Sources")
    parts += [f"sources: {sources}" if sources else "", *figures]
    return "; ".join(part for part in parts if part)


def _histories(timelines: str, problems: list[str]) -> dict[str, list[dict[str, str]]]:
    """The stages of each site, earliest first: a step where the stage changes."""
    columns = ("Data center", "Date", "Construction status", "Buildings operational", *_POWER_THEN)
    read, spelt = _rows(timelines, columns, ("Data center",), problems)
    if clean(timelines) and not {"Data center", "Date"} <= spelt.keys():
        problems.append("1: no column 'Data center', 'Date': is this Epoch's data_center_timelines.csv?")
    rows: dict[str, list[tuple[str, Row]]] = {}
    for row in read:
        site, day = row.text("Data center"), date(row.text("Date"))
        if site and day:
            rows.setdefault(site, []).append((day, row))
        else:
            problems.append(f"{row.line}: no data center or no date, left out")
    unknown: set[str] = set()
    histories = {site: _steps(sorted(dated, key=lambda pair: pair[0]), unknown) for site, dated in rows.items()}
    problems += [f"1: no stage is known for {words!r}, its rows are left out" for words in sorted(unknown)]
    return histories


def _steps(dated: list[tuple[str, Row]], unknown: set[str]) -> list[dict[str, str]]:
    steps: list[dict[str, str]] = []
    for day, row in dated:
        status, figures = row.text("Construction status"), Quantities()
        reached = "operating" if figures.read("", *row.first("Buildings operational"), PIECES) else stage(status)
        if not reached and status:
            unknown.add(status[:60])
        if reached and (not steps or steps[-1]["status"] != reached):
            figures.read("mw", *row.first(*_POWER_THEN), POWER)
            says = ", ".join(part for part in (status, figures.words({"mw": "MW"}), *figures.left_out) if part)
            steps.append({"status": reached, "date": day, "source": "epoch", **({"says": says} if says else {})})
    return steps
