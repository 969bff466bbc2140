"""``aiwatch ledger``: who pledged what to whom, with every doubt, as a table, JSON, CSV or Markdown."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from aiwatch.commands.tables import as_csv, as_json, as_markdown, blocks, table, wrapped
from aiwatch.config.paths import find_places
from aiwatch.files.bundled import bundled
from aiwatch.ledger import export, views
from aiwatch.ledger.amounts import Rate, convert, implied_rates, money, plain, printed_amount
from aiwatch.ledger.circles import circles as circles_of
from aiwatch.ledger.links import conflicts_of
from aiwatch.ledger.loader import load_ledger
from aiwatch.ledger.records import Claim, Commitment, Ledger, Record, Signal
from aiwatch.ledger.totals import WAYS, Total, totals_by

VIEWS = ("pledges", "deals", "capacity", "signals", "claims", "conflicts", "totals", "circles")
"""The views by name; without one, every commitment is printed with all its fields."""

_CURRENCIES = ("USD", "CNY", "EUR")
_CONVERTED = (None, "pledges", "deals", "totals")
_ROUNDED = 4
_WIDE = 100  # the terminal width from which all printed currencies and the days of claims are shown
_FIRM = (
    "Id",
    "Amount",
    "Amount as printed",
    "Capacity",
    "At",
    "Printed",
    "Checked",
    *(f"In {code}" for code in _CURRENCIES),
)
_NO_GRAND_TOTAL = "No grand total: the same money may show up as equity, then in a contract, then as a purchase."


@click.command()
@click.argument("view", type=click.Choice(VIEWS), required=False)
@click.option("--json", "form", flag_value="json", help="Print JSON; amounts are decimal strings.")
@click.option(
    "--csv", "form", flag_value="csv", help="Print CSV, where a text that looks like a formula has ' in front."
)
@click.option("--markdown", "form", flag_value="markdown", help="Print a Markdown table.")
@click.option(
    "--in",
    "currency",
    type=click.Choice(_CURRENCIES, case_sensitive=False),
    help="Also convert sums, at the rate the articles imply, which is named.",
)
def ledger(view: str | None, form: str | None, currency: str | None) -> None:
    """Print the commitments with all their fields, or one VIEW of the ledger.

    Your own records, in the folder that `aiwatch paths` names, are merged in.
    """
    if currency is not None and view not in _CONVERTED:
        raise click.UsageError(f"--in has no meaning for {view}: only commitments and totals are converted.")
    own: Path = find_places(os.environ).ledger
    read = load_ledger(bundled("seeds"), own)
    rates = implied_rates(read)
    if form is None:
        width = shutil.get_terminal_size().columns
        click.echo(_plain(read, view, currency, rates, width), nl=False)
        return
    write = {"json": as_json, "csv": as_csv, "markdown": as_markdown}[form]
    click.echo(write(exported(read, view, currency, rates)), nl=False)


def exported(read: Ledger, view: str | None, currency: str | None, rates: Sequence[Rate]) -> list[dict[str, Any]]:
    """The rows of ``view`` (``None``: all commitments), with a converted sum when a ``currency`` is asked for."""
    if view == "signals":
        return [export.signal(read, record) for record in views.signals(read)]
    if view == "claims":
        return [export.claim(read, record) for record in read.claims.values()]
    if view == "conflicts":
        return [export.conflict(record) for record in read.conflicts.values()]
    if view == "totals":
        return [_total_row(way, found, currency, rates) for way in WAYS for found in totals_by(read, way)]
    if view == "circles":
        found = [export.circle(circle) for circle in circles_of(read)]
        return found + [export.incoming(read, one) for one in views.incomings(read)]
    return [_commitment_row(read, record, currency, rates) for record in _commitments(read, view)]


def _commitments(read: Ledger, view: str | None) -> Sequence[Commitment]:
    chosen: dict[str | None, Callable[[Ledger], Sequence[Commitment]]] = {
        "pledges": views.pledges,
        "deals": views.deals,
        "capacity": views.capacity,
    }
    return chosen[view](read) if view in chosen else tuple(read.commitments.values())


def _commitment_row(read: Ledger, record: Commitment, currency: str | None, rates: Sequence[Rate]) -> dict[str, Any]:
    row = export.commitment(read, record)
    if currency is not None:
        found = None if record.amount is None else convert(record.amount, record.currency, currency, rates)
        row["in"] = export.converted(found, currency)
    return row


def _total_row(way: str, found: Total, currency: str | None, rates: Sequence[Rate]) -> dict[str, Any]:
    row = export.total(way, found)
    if currency is not None:
        parts = found.converted(currency, rates)
        row["in"] = {
            "currency": currency,
            "amount": f"{sum(part.amount for part in parts):.0f}" if parts else None,
            "rates": [str(part.rate) for part in parts or () if part.rate],
        }
    return row


def _plain(read: Ledger, view: str | None, currency: str | None, rates: Sequence[Rate], width: int) -> str:
    if view is None:
        return blocks(exported(read, view, currency, rates), width)
    if view == "conflicts":
        return _conflicts(read, width)
    if view == "totals":
        return _totals(read, currency, rates, width)
    if view == "circles":
        return _circles(read, width)
    if view == "signals":
        return _signals(read, views.signals(read), width)
    if view == "claims":
        return _claims(tuple(read.claims.values()), width)
    if view == "capacity":
        rows = [_capacity_cells(read, record) for record in views.capacity(read)]
        head = ("Id", "From", "To", "Capacity", "Status", "At", "Doubts")
        return table(head, rows, width, _FIRM) + "\n" + _signals(read, views.capacity_signals(read), width)
    return _commitments_by_kind(read, _commitments(read, view), currency, rates, width)


def _commitments_by_kind(
    read: Ledger, records: Sequence[Commitment], currency: str | None, rates: Sequence[Rate], width: int
) -> str:
    amount = "Amount as printed" if width >= _WIDE else "Amount"
    head = ["Id", "From", "To", amount, "Status", "At", "Doubts"]
    if currency is not None:
        head.insert(4, f"In {currency}")
    rows: list[list[str]] = []
    for record in records:
        row = _commitment_cells(read, record, printed_amount(record, first_only=width < _WIDE))
        if currency is not None:
            row.insert(4, _converted_cell(record, currency, rates))
        rows.append(row)
    lines = table(head, rows, width, _FIRM).splitlines()
    out = lines[:1]
    for at, (record, line) in enumerate(zip(records, lines[1:], strict=True)):
        if at == 0 or records[at - 1].kind != record.kind:
            out += ["", record.kind]
        out.append(line)
    return "\n".join(out) + "\n" + _rates_line(currency, rates, width)


def _commitment_cells(read: Ledger, record: Commitment, amount: str) -> list[str]:
    parties = [record.payer, record.recipient]
    return [record.id, *parties, amount, record.status, _where(read, record), _doubts(read, record)]


def _capacity_cells(read: Ledger, record: Commitment) -> list[str]:
    parties = [record.payer, record.recipient]
    return [record.id, *parties, record.capacity, record.status, _where(read, record), _doubts(read, record)]


def _where(read: Ledger, record: Record) -> str:
    """Source and line, and the source's confidence when that is low."""
    low = read.sources[record.source].confidence == "low"
    return record.source + (f":{record.line}" if record.line else "") + (" low" if low else "")


def _signals(read: Ledger, records: Sequence[Signal], width: int) -> str:
    head = ("Id", "Group", "Subject", "Metric", "Value", "Trend", "As of", "At", "Doubts")
    return table(head, [_signal_cells(read, record) for record in records], width, _FIRM)


def _signal_cells(read: Ledger, record: Signal) -> list[str]:
    group = views.RISKS if record.kind == "risk" else record.group
    value = f"{record.value} {record.unit}".strip()
    said = [record.subject, record.metric, value, record.direction, record.as_of]
    return [record.id, group, *said, _where(read, record), _doubts(read, record)]


def _claims(records: Sequence[Claim], width: int) -> str:
    head = ("Id", "Name", "Printed", "Window", "Checked", "Verdict", "At", "From", "To")
    shown = len(head) if width >= _WIDE else len(head) - 2
    return table(head[:shown], [_claim_cells(record)[:shown] for record in records], width, _FIRM)


def _claim_cells(record: Claim) -> list[str]:
    operator = "" if record.operator == "=" else f"{record.operator} "
    printed = "" if record.percent is None else f"{operator}{plain(record.percent)} %"
    checked = "" if record.checked_percent is None else f"{record.checked_percent:f} %"
    days = [day.isoformat() if day else "" for day in (record.base_date, record.end_date)]
    verdict = f"repeats {record.repeats}" if record.repeats else record.verdict
    name = f"{record.name} {record.name_zh}".strip()
    return [record.id, name, printed, record.window, checked, verdict, f"{record.source}:{record.line}", *days]


def _doubts(read: Ledger, record: Record) -> str:
    return " ".join(conflict.id for conflict in conflicts_of(read, record) if conflict.marks_records)


def _converted_cell(record: Commitment, currency: str, rates: Sequence[Rate]) -> str:
    if record.amount is None:
        return ""
    found = convert(record.amount, record.currency, currency, rates)
    return "no rate" if found is None else money(found.amount, currency, _ROUNDED)


def _rates_line(currency: str | None, rates: Sequence[Rate], width: int) -> str:
    if currency is None:
        return ""
    used = "; ".join(str(rate) for rate in rates if currency in (rate.base, rate.quote))
    return "\n" + "".join(f"{line}\n" for line in wrapped(f"Converted at {used}.", width))


def _conflicts(read: Ledger, width: int) -> str:
    rows: list[dict[str, Any]] = []
    for conflict in read.conflicts.values():
        sides = {f"side_{place}": f"{side.says} [{side.at}]" for place, side in enumerate(conflict.sides, 1)}
        shown = {"shown_as": conflict.show_as, "outside": conflict.outside, "records": list(conflict.records)}
        rows.append({"id": conflict.id, "about": f"{conflict.topic}: {conflict.title}", **sides, **shown})
    return blocks(rows, width)


def _totals(read: Ledger, currency: str | None, rates: Sequence[Rate], width: int) -> str:
    rows: list[dict[str, Any]] = []
    for way in WAYS:
        for found in totals_by(read, way):
            sums = " + ".join(money(amount, own) for own, amount in found.sums) or "nothing that can be added"
            row = {f"by_{way}": found.label, "total": sums}
            parts = None if currency is None else found.converted(currency, rates)
            if currency is not None and found.sums:
                whole = None if parts is None else sum((part.amount for part in parts), start=parts[0].amount * 0)
                row[f"in_{currency}"] = "no rate" if whole is None else money(whole, currency, _ROUNDED)
            for line in found.explanation():
                name, _, text = line.partition(": ")
                row[name] = f"{row[name]}; {text}" if name in row else text
            rows.append(row)
    return (
        blocks(rows, width)
        + "".join(f"{line}\n" for line in wrapped(_NO_GRAND_TOTAL, width))
        + _rates_line(currency, rates, width)
    )


def _circles(read: Ledger, width: int) -> str:
    rows: list[dict[str, Any]] = []
    for circle in circles_of(read):
        legs = {f"leg_{place}": f"{leg.total.label}: {leg.amount()}" for place, leg in enumerate(circle.legs, 1)}
        moved = " + ".join(money(amount, currency) for currency, amount in circle.sums)
        narrowest = "unknown" if circle.narrowest is None else money(circle.narrowest[1], circle.narrowest[0])
        rows.append({"circle": circle.title, **legs, "moved": f"{moved}, not added value", "narrowest": narrowest})
    for one in views.incomings(read):
        row: dict[str, Any] = {"company": read.entities[one.entity].name}
        known = " + ".join(money(amount, currency) for currency, amount in one.everything.sums)
        row["gets"] = " + ".join(part for part in (known, "unknown" if one.everything.unknown else "") if part)
        for name, part in (("from_those_it_pays", one.direct), ("back_round_about", one.round_about)):
            shares = ((currency, one.share(part, currency)) for currency, _ in one.everything.sums)
            row[name] = "; ".join(
                f"{share:.1f} % of known {currency}" for currency, share in shares if share is not None
            )
        rows.append(row)
    return blocks(rows, width)
