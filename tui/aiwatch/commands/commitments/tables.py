"""The views of the ledger as plain tables that fit the terminal."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from aiwatch.commands.tables import blocks, table, wrapped
from aiwatch.ledger import views
from aiwatch.ledger.amounts import (
    NOT_STATED,
    SIGNS_OF_QUALIFIERS,
    Rate,
    convert_record,
    digits_of,
    money,
    printed_amount,
    printed_value,
    rate_period,
    sign_before,
)
from aiwatch.ledger.amounts import (
    plain as plain_number,
)
from aiwatch.ledger.circles import are_all_circles, company_money, incomings
from aiwatch.ledger.circles import circles as circles_of
from aiwatch.ledger.links import age_in_days, conflicts_of, place_checked, to_verify
from aiwatch.ledger.records import Claim, Commitment, Ledger, Record, Signal
from aiwatch.ledger.reports.timeline import events
from aiwatch.ledger.reports.years import by_year, yearly_rates
from aiwatch.ledger.totals import WAYS, Total, totals_by
from aiwatch.ledger.trust import trust_in

_ROUNDED = 4
_LEAST = 10  # the cells of a text below which another column goes
_NAME = 20  # the cells of a party's name from which a shorter one is looked for
_WIDE = 100  # the terminal width from which all printed currencies and the days of claims are shown
_FIRM = (
    "Id", "Amount", "Amount as printed", "Capacity", "At", "Printed", "Checked", "Trust", "Date", "Gets", "Pays",
    "In USD", "In CNY", "In EUR", "Year", "Sum", "A year",
)  # fmt: skip
_NO_GRAND_TOTAL = "No grand total: the same money may show up as equity, then in a contract, then as a purchase."


def today() -> datetime.date:
    """The UTC day."""
    return datetime.datetime.now(datetime.UTC).date()


def plain(read: Ledger, view: str, currency: str | None, rates: Sequence[Rate], width: int) -> str:
    """``view`` as a table, or as blocks where a row has many lines."""
    makers: dict[str, Callable[[], str]] = {
        "conflicts": lambda: _conflicts(read, width),
        "totals": lambda: _totals(read, currency, rates, width),
        "circles": lambda: _circles(read, width),
        "signals": lambda: _signals(read, views.signals(read), width),
        "claims": lambda: _claims(tuple(read.claims.values()), width),
        "capacity": lambda: _capacity(read, width),
        "who": lambda: _who(read, width),
        "sources": lambda: _sources(read, width),
        "years": lambda: _years(read, width),
        "timeline": lambda: _timeline(read, width),
        "verify": lambda: _verify(read, width),
    }
    if view in makers:
        return makers[view]()
    chosen: dict[str, Callable[[Ledger], Sequence[Commitment]]] = {
        "pledges": views.pledges,
        "deals": views.deals,
        "projections": views.projections,
    }
    return _commitments_by_kind(read, chosen.get(view, views.everything)(read), currency, rates, width)


def _commitments_by_kind(
    read: Ledger, records: Sequence[Commitment], currency: str | None, rates: Sequence[Rate], width: int
) -> str:
    amount = "Amount as printed" if width >= _WIDE else "Amount"
    head = ["Id", "From", "To", amount, "Status", "Trust", "At", "Conflicts"]
    if currency is not None:
        head.insert(4, f"In {currency}")
    rows: list[list[str]] = []
    for record in records:
        row = _commitment_cells(read, record, printed_amount(record) if width >= _WIDE else _short_amount(record))
        if currency is not None:
            row.insert(4, _converted_cell(record, currency, rates, width))
        rows.append(row)
    head, rows = _fitting(head, rows, width)
    lines = table(head, rows, width, _FIRM).splitlines()
    kinds = ["projection" if views.is_projection(record) else record.kind for record in records]
    out = lines[:1]
    for at, line in enumerate(lines[1:]):
        if at == 0 or kinds[at - 1] != kinds[at]:
            out += ["", kinds[at]]
        out.append(line)
    return "\n".join(out) + "\n" + _rates_line(currency, rates, width)


def _fitting(head: list[str], rows: list[list[str]], width: int) -> tuple[list[str], list[list[str]]]:
    """The table without the columns that go first where the figures would be cut otherwise."""
    for name in ("Conflicts", "Trust", "Status"):
        longest = (
            {title: max(len(title), *(len(row[at]) for row in rows)) for at, title in enumerate(head)} if rows else {}
        )
        least = sum(size if title in _FIRM else min(size, _LEAST) for title, size in longest.items())
        if least + 2 * (len(head) - 1) <= width:
            break
        at = head.index(name)
        head, rows = [*head[:at], *head[at + 1 :]], [[*row[:at], *row[at + 1 :]] for row in rows]
    return head, rows


def _short_amount(record: Commitment) -> str:
    """The sum in the currency that is printed first, its qualifier in few cells."""
    if record.amount is None:
        return record.qualifier or NOT_STATED
    return f"{sign_before(record)}{money(dict(record.stated)[record.first_stated], record.first_stated)}" + (
        rate_period(record)
    )


def _parties(read: Ledger, record: Commitment) -> list[str]:
    """Who pays and who is paid, as printed where that is short, else by their common names."""
    forms = views.payer_forms(read, record), views.recipient_forms(read, record)
    return [next((form for form in names if len(form) <= _NAME), names[-1]) for names in forms]


def _commitment_cells(read: Ledger, record: Commitment, amount: str) -> list[str]:
    dots = trust_in(read, record).dots
    return [
        record.id,
        *_parties(read, record),
        amount,
        record.status,
        dots,
        _where(read, record),
        _numbers(read, record),
    ]


def _capacity(read: Ledger, width: int) -> str:
    rows = [
        [
            record.id,
            *_parties(read, record),
            record.capacity,
            record.status,
            _where(read, record),
            _numbers(read, record),
        ]
        for record in views.capacity(read)
    ]
    head = ("Id", "From", "To", "Capacity", "Status", "At", "Conflicts")
    return (
        table(head, rows, width, _FIRM, longest={"Capacity": max(20, width // 2 - 10)})
        + "\n"
        + _signals(read, views.capacity_signals(read), width)
    )


def _verify(read: Ledger, width: int) -> str:
    day = today()
    rows = [
        [record.id, *_parties(read, record), f"{age_in_days(read, record, day) or 'no date'}", _where(read, record)]
        for record in to_verify(read, day)
    ]
    return table(("Id", "From", "To", "Age in days", "At"), rows, width, (*_FIRM, "Age in days"))


def _where(read: Ledger, record: Record) -> str:
    """Source and line, and the source's confidence when that is low."""
    low = read.sources[record.source].confidence == "low"
    return record.source + (f":{record.line}" if record.line else "") + (" low" if low else "")


def _signals(read: Ledger, records: Sequence[Signal], width: int) -> str:
    head = ("Id", "Group", "Subject", "Metric", "Value", "Trend", "As of", "At", "Conflicts")
    return table(head, [_signal_cells(read, record) for record in records], width, _FIRM)


def _signal_cells(read: Ledger, record: Signal) -> list[str]:
    group = views.RISKS if record.kind == "risk" else record.group
    sign = SIGNS_OF_QUALIFIERS.get(record.qualifier, f"{record.qualifier} ") if record.qualifier else ""
    value = f"{sign}{printed_value(record)}"
    parts = [record.subject, record.metric, value, record.direction, record.as_of]
    return [record.id, group, *parts, _where(read, record), _numbers(read, record)]


def _claims(records: Sequence[Claim], width: int) -> str:
    head = ("Id", "Name", "Printed", "Window", "Checked", "Verdict", "At", "From", "To", "Closes by")
    shown = len(head) if width >= _WIDE else len(head) - 3
    return table(head[:shown], [_claim_cells(record)[:shown] for record in records], width, _FIRM)


def _claim_cells(record: Claim) -> list[str]:
    operator = "" if record.operator == "=" else f"{record.operator} "
    printed = "" if record.percent is None else f"{operator}{plain_number(record.percent)} %"
    if record.amount is not None:
        printed = f"{operator}{money(record.amount, record.currency)}"
    checked = "" if record.checked_percent is None else f"{record.checked_percent:f} %"
    days = [day.isoformat() if day else "" for day in (record.base_date, record.end_date)]
    verdict = f"repeats {record.repeats}" if record.repeats else record.verdict
    name = f"{record.name} {record.name_zh}".strip()
    place = f"{record.source}:{record.line}"
    return [record.id, name, printed.strip(), record.window, checked, verdict, place, *days, record.close_source]


def _numbers(read: Ledger, record: Record) -> str:
    return " ".join(conflict.id for conflict in conflicts_of(read, record) if conflict.marks_records)


def _converted_cell(record: Commitment, currency: str, rates: Sequence[Rate], width: int) -> str:
    if record.amount is None:
        return ""
    result = convert_record(record, currency, rates)
    if result is None:
        return "no rate"
    before, after = sign_before(record), rate_period(record)
    if result.rate is None:
        mark = (" (printed)" if width >= _WIDE else "*") if result.printed else ""
        return f"{before}{money(result.amount, currency)}{after}{mark}"
    return f"{before}{money(result.amount, currency, digits_of(record.amount))}{after}"


def _rates_line(currency: str | None, rates: Sequence[Rate], width: int) -> str:
    if currency is None:
        return ""
    used = "; ".join(str(rate) for rate in rates if currency in (rate.base, rate.quote))
    return "\n" + "".join(
        f"{line}\n"
        for line in wrapped(f"Converted at {used}, where not printed{' (*)' if width < _WIDE else ''}.", width)
    )


def _conflicts(read: Ledger, width: int) -> str:
    rows: list[dict[str, Any]] = []
    for conflict in read.conflicts.values():
        sides = {f"side_{place}": f"{side.says} [{side.at}]" for place, side in enumerate(conflict.sides, 1)}
        checks = "; ".join(f"{check.date} {check.says} ({place_checked(read, check)})" for check in conflict.verified)
        shown = {"shown_as": conflict.show_as, "outside": conflict.outside, "others": checks}
        about = {"id": conflict.id, "about": f"{conflict.topic}: {conflict.title}", "kind": conflict.kind_word}
        rows.append({**about, **sides, **shown, "records": list(conflict.records)})
    return blocks(rows, width)


def _totals(read: Ledger, currency: str | None, rates: Sequence[Rate], width: int) -> str:
    rows: list[dict[str, Any]] = []
    for way in WAYS:
        for sums in totals_by(read, way):
            row = {f"by_{way}": sums.label, "total": _sum_words(sums)}
            parts = None if currency is None else sums.converted(currency, rates)
            if currency is not None and sums.sums:
                whole = None if parts is None else sum((part.amount for part in parts), Decimal(0))
                row[f"in_{currency}"] = "no rate" if whole is None else money(whole, currency, _ROUNDED)
            for line in sums.explanation():
                name, _, text = line.partition(": ")
                row[name] = f"{row[name]}; {text}" if name in row else text
            rows.append(row)
    return (
        blocks(rows, width)
        + "".join(f"{line}\n" for line in wrapped(_NO_GRAND_TOTAL, width))
        + _rates_line(currency, rates, width)
    )


def _sum_words(total: Total) -> str:
    """The sums, what is unknown beside them, or what stands by itself where nothing can be added."""
    parts = [money(amount, currency) for currency, amount in total.sums]
    if parts:
        return " + ".join([*parts, *(["unknown"] if total.unknown else [])])
    alone = [omitted.record for omitted in total.left_out if omitted.record.amount is not None]
    words = dict.fromkeys(money(record.amount or Decimal(0), record.currency) for record in alone)
    return f"not added: {', '.join(words)}" if words else "unknown"


def _circles(read: Ledger, width: int) -> str:
    rows: list[dict[str, Any]] = []
    for circle in circles_of(read):
        legs = {f"leg_{place}": f"{leg.total.label}: {leg.amount()}" for place, leg in enumerate(circle.legs, 1)}
        moved = " + ".join(money(amount, currency) for currency, amount in circle.sums) or "unknown"
        narrowest = "unknown" if circle.narrowest is None else money(circle.narrowest[1], circle.narrowest[0])
        rows.append(
            {"circle": circle.title, **legs, "all_legs": f"{moved}, not added value", "smallest_leg": narrowest}
        )
    if not are_all_circles(read):
        rows.append({"circles": "these are the shortest; longer ones are too many to list"})
    for received in incomings(read):
        row: dict[str, Any] = {"company": read.entities[received.entity].name, "gets": _sum_words(received.everything)}
        if received.supplies:
            row["gets"] += " + unknown as supplier"
        if not received.pays:
            row["pays"] = "nobody in the ledger"
        names = {"USD": "dollars", "CNY": "yuan", "EUR": "euros"}
        for name, part in (("from_those_it_pays", received.direct), ("returns_through_others", received.round_about)):
            shares = ((currency, received.share(part, currency)) for currency, _ in received.everything.sums)
            row[name] = "; ".join(
                f"{share:.0f} % of the known {names.get(currency, currency)}"
                for currency, share in shares
                if share is not None
            )
        rows.append(row)
    return blocks(rows, width)


def _who(read: Ledger, width: int) -> str:
    rows = []
    for entity in read.entities.values():
        own = company_money(read, entity.id)
        sums = [_sum_words(total) if total.included or total.unknown else "" for total in (own.received, own.paid)]
        symbols = ", ".join(entity.symbols) or {"no": "not listed"}.get(entity.listed, "")
        rows.append([entity.id, f"{entity.name} {entity.name_zh}".strip(), symbols, *sums, "; ".join(entity.mentions)])
    return table(("Id", "Name", "Symbols", "Gets", "Pays", "Named in"), rows, width, _FIRM)


def _sources(read: Ledger, width: int) -> str:
    rows = [
        [source.id, source.kind, str(source.dated or "no date"), source.confidence, source.title, source.origin]
        for source in read.sources.values()
    ]
    omitted = [[f"{left.source}:{left.line}", left.printed, left.reason] for left in read.left_out]
    first = table(("Id", "Kind", "Date", "Confidence", "Title", "Address"), rows, width, _FIRM)
    return f"{first}\nLeft out\n{table(('At', 'Printed', 'Why'), omitted, width, _FIRM)}"


def year_rows(read: Ledger) -> list[dict[str, Any]]:
    """Spending by year and yearly rates as plain values."""
    sums: list[dict[str, Any]] = [
        {
            "year": spent.year,
            "who": spent.who,
            "amount": plain_number(spent.amount),
            "currency": spent.currency,
            "basis": "forecast" if spent.is_forecast else ", ".join(spent.quarters) or "printed for the year",
            "records": [record.id for record in spent.records],
        }
        for spent in by_year(read)
    ]
    return sums + [
        {
            "year": None,
            "who": row.label,
            "amount": plain_number(rate.amount),
            "currency": rate.currency,
            "basis": "a year, printed" if rate.years is None else f"a year, averaged over {rate.years:f} years",
            "records": [rate.record.id],
        }
        for row in yearly_rates(read)
        for rate in row.rates
    ]


def _years(read: Ledger, width: int) -> str:
    rows = [
        [row["year"] or "a year", row["who"], money(Decimal(row["amount"]), row["currency"], _ROUNDED), row["basis"],
         " ".join(row["records"])]
        for row in year_rows(read)
    ]  # fmt: skip
    return table(("Year", "Who", "Sum", "Basis", "Records"), rows, width, _FIRM)


def event_rows(read: Ledger) -> list[dict[str, Any]]:
    """The timeline as plain values, with what is still to come marked."""
    day = today().isoformat()
    return [
        {
            "date": event.date,
            "id": event.record.id,
            "stage": event.stage,
            "from": event.record.payer or None,
            "to": event.record.recipient or None,
            "says": event.says or None,
            "by": event.source,
            "planned": event.is_planned(day),
        }
        for event in events(read)
    ]


def _timeline(read: Ledger, width: int) -> str:
    rows = []
    for event in events(read):
        parties = " → ".join(part for part in _parties(read, event.record) if part)
        rows.append([event.date, event.record.id, event.stage, parties, event.says, event.source])
    return table(("Date", "Id", "Stage", "What", "Says", "By"), rows, width, _FIRM)
