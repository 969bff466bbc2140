"""Panel 4's text for whatever a row of the ledger stands for: a record, a conflict, a total, a circle, an entity."""

from __future__ import annotations

from decimal import Decimal

from textual.content import Content

from aiwatch.formatting.text import signed
from aiwatch.formatting.tone import tone
from aiwatch.ledger.amounts import money, plain
from aiwatch.ledger.circles import Circle, Incoming, Leg, incoming, legs
from aiwatch.ledger.exposure import LedgerRecord
from aiwatch.ledger.links import current_id
from aiwatch.ledger.records import Claim, Commitment, Conflict, Entity, Ledger, Mark, Signal, SourceArticle
from aiwatch.ledger.totals import Omitted, Total
from aiwatch.ledger.views import target_of
from aiwatch.market.state import Desk
from aiwatch.market.symbol import parse_symbol
from aiwatch.widgets.ledger.claims import day, holds_now, is_undated, live_caps, printed_percent, since_then
from aiwatch.widgets.ledger.context import YOURS, Reading
from aiwatch.widgets.ledger.money_map import find_circle, gets_words, moved_words, narrowest_words, share_words
from aiwatch.widgets.ledger.more_views import converted_total, find_total, signal_value, sum_words
from aiwatch.widgets.linked_rows import Row, Target, heading_row, label_row
from aiwatch.widgets.record.commitment import commitment_text, commitment_title, superseded_by
from aiwatch.widgets.record.facts import (
    company_rows,
    conflict_rows_of,
    further_sources,
    history_rows,
    note_rows,
    record_row,
    side_rows,
    source_rows,
    told,
    trust_rows,
)
from aiwatch.widgets.record.reference import entity_text, source_text

Paying = tuple[str, tuple[Leg, ...]]
Found = Commitment | Signal | Claim | Conflict | Total | Circle | Incoming | Entity | SourceArticle | Paying
"""What a key may stand for; `Paying` is an entity's id with its legs."""


def find(ledger: Ledger, key: str) -> Found | None:
    """What the row called ``key`` stands for, superseded records included; ``None`` when it is no longer there."""
    for records in (ledger.commitments, ledger.signals, ledger.claims, ledger.conflicts, ledger.superseded):
        if key in records:
            return records[key]
    target = target_of(key)
    if target.kind in ("event", "year", "rate"):
        return ledger.commitments.get(target.id.rpartition(":")[2])
    if target.kind == "entity":
        return ledger.entities.get(target.id)
    if target.kind == "source":
        return ledger.sources.get(target.id)
    if target.kind == "total":
        return find_total(ledger, key)
    if target.kind == "circle":
        return find_circle(ledger, key)
    if target.kind == "gets" and target.id in ledger.entities:
        return incoming(ledger, target.id)
    if target.kind == "pays":
        payer, _, recipient = target.id.partition(":")
        paid = tuple(leg for pair, leg in legs(ledger).items() if pair[0] == payer and recipient in ("", pair[1]))
        return (payer, paid) if paid else None
    return None


def title_of(ledger: Ledger, key: str, found: Found) -> str:
    """The heading of panel 4."""
    if isinstance(found, Commitment):
        return commitment_title(ledger, found)
    if isinstance(found, Signal):
        past = ", superseded" if key in ledger.superseded else ""
        return f"{key} {found.kind if found.kind == 'risk' else f'{found.group} signal'}{past}"
    if isinstance(found, Claim):
        return f"{key} claim"
    if isinstance(found, Conflict):
        return f"{key} conflict"
    if isinstance(found, Entity):
        return f"{found.id} {found.type}"
    if isinstance(found, SourceArticle):
        return f"Source {found.id}"
    if isinstance(found, Total):
        return f"Total by {key.split(':')[1]}"
    if isinstance(found, Circle):
        return "Circle of money"
    return "Money received" if isinstance(found, Incoming) else "Money paid"


def text_of(reading: Reading, desk: Desk, found: Found) -> list[Row]:
    """Everything about ``found``, with what is live in it as the desk knows it now."""
    if isinstance(found, Commitment):
        return commitment_text(reading, desk, found)
    if isinstance(found, Signal):
        return _signal(reading, desk, found)
    if isinstance(found, Claim):
        return _claim(reading, desk, found)
    if isinstance(found, Conflict):
        return _conflict(reading, found)
    if isinstance(found, Entity):
        return entity_text(reading, desk, found)
    if isinstance(found, SourceArticle):
        return source_text(reading, found)
    if isinstance(found, Total):
        return _total(reading, found)
    if isinstance(found, Circle):
        return _circle(reading, found)
    return _incoming(reading, found) if isinstance(found, Incoming) else _paying(reading, found)


def _signal(reading: Reading, desk: Desk, one: Signal) -> list[Row]:
    ledger = reading.ledger
    own = f"{YOURS} yours · " if one.mark is Mark.YOURS else ""
    rows = [Row(Content.assemble((own, "$heading"), (f"{one.subject}: {one.metric}", "bold")))]
    rows += told(
        (
            ("value", signal_value(one)[0]),
            (f"in {reading.currency}", _signal_money(reading, one)),
            ("direction", one.direction),
            ("as of", one.as_of or "not stated"),
            ("group", f"{'risks · ' if one.kind == 'risk' else ''}{one.group}"),
            ("sectors", ", ".join(one.sectors)),
            ("kind", one.kind),
            ("value chain", ", ".join(one.chain)),
        )
    )
    rows += [
        *trust_rows(reading, one),
        *source_rows(reading, one, one.also_lines),
        *company_rows(reading, desk, one),
        *conflict_rows_of(reading, one),
    ]
    known = [ledger.commitments[id] for id in one.commitments if id in ledger.commitments]
    rows += [heading_row("Belongs to"), *(record_row(reading, other) for other in known)] if known else []
    return [*rows, *history_rows(reading, one), *superseded_by(ledger, one), *note_rows(one.note)]


def _signal_money(reading: Reading, one: Signal) -> str:
    if one.money is None or not reading.currency:
        return ""
    found = reading.converted(*one.money)
    return money(found.amount, found.currency, 4) if found else "no rate is known"


def _claim(reading: Reading, desk: Desk, one: Claim) -> list[Row]:
    name = " ".join(part for part in (one.name_zh, one.name) if part)
    common = [reading.ledger.entities[id].name for id in one.entities]
    rows = [Row(Content.styled(name, "bold"))]
    if common and one.name not in common:
        rows.append(label_row("known as", " + ".join(common)))
    printed = f"{printed_percent(one)}, window: {one.window}"
    rows.append(label_row("printed", f"{printed}, undated" if is_undated(one) else printed))
    if one.checked_percent is not None and one.base_date and one.end_date:
        closes = f"{one.base_close} → {one.end_close}" if one.base_close and one.end_close else ""
        window = f"close {day(one.base_date)} → {day(one.end_date)} {one.end_date.year}"
        move = f"{'+' if one.checked_percent > 0 else ''}{plain(one.checked_percent)} %"
        rows.append(label_row("checked", Content.assemble((move, "bold"), f"  {window}, {one.sessions} sessions")))
        pairs = f"{one.fitting_pairs} within 60 sessions" if one.fitting_pairs else ""
        retrieved = f", read {one.close_retrieved}" if one.close_retrieved else ""
        whose = f"{one.close_source}{retrieved}" if one.close_source else "source not stated"
        rows += told((("closes", f"{closes} {one.basis}"), ("closes by", whose), ("pairs that fit", pairs)))
    rows.append(label_row("verdict", one.verdict if not one.repeats else f"repeats {one.repeats}"))
    rows += _caps(reading, one)
    change = since_then(one, reading.quotes, reading.adjusted_closes)
    if change is not None:
        symbol = parse_symbol(one.symbols[0])
        moved = Content.styled(f"{signed(change)} %", tone(change, symbol, reading.convention))
        rows.append(
            label_row("since then", moved + f"  from {one.end_close} to the last price, {_basis(reading, one)}")
        )
    elif one.end_close is not None:
        rows.append(label_row("since then", "no price has come yet", "$stale"))
    rows += [*trust_rows(reading, one), *source_rows(reading, one, one.also_lines), *company_rows(reading, desk, one)]
    if one.repeats in reading.ledger.claims:
        rows.append(record_row(reading, reading.ledger.claims[one.repeats], "repeats"))
    return [*rows, *conflict_rows_of(reading, one), *further_sources(reading, one), *note_rows(one.note)]


def _basis(reading: Reading, one: Claim) -> str:
    return "adjusted since" if one.id in reading.adjusted_closes else "both unadjusted"


def _caps(reading: Reading, one: Claim) -> list[Row]:
    """What the companies of a claim about market values are worth now, and whether it holds."""
    caps = live_caps(one, reading.quotes)
    rows = [
        label_row("now" if not place else "", f"{symbol} {money(Decimal(round(cap)), currency, 4)}")
        for place, (symbol, cap, currency) in enumerate(caps)
    ]
    holds = holds_now(one, caps)
    if holds is not None:
        rows.append(label_row("", "holds by these market values" if holds else "does not hold by these market values"))
    return rows


def _conflict(reading: Reading, one: Conflict) -> list[Row]:
    ledger = reading.ledger
    rows = [
        Row(Content.styled(one.title, "bold")),
        label_row("about", one.topic),
        label_row("kind", one.kind),
        *side_rows(one),
    ]
    known: dict[str, LedgerRecord] = {**ledger.commitments, **ledger.signals, **ledger.claims}
    ids = dict.fromkeys(current_id(ledger, id) for id in one.records)
    found = [known[id] for id in ids if id in known]
    rows += [heading_row("Records"), *(record_row(reading, other) for other in found)] if found else []
    rates = [ledger.fx[id] for id in one.records if id in ledger.fx]
    rows += told((rate.id, f"1 {rate.base} = {rate.rate} {rate.quote}, {rate.commitment}") for rate in rates)
    listed = [(ledger.entities[id], symbol) for id in one.entities for symbol in ledger.entities[id].symbols[:1]]
    rows += [heading_row("Companies")] if listed else []
    rows += [
        Row(Content.assemble(f"  {symbol:<10} ", (entity.name, "$quiet")), target=Target(symbol, is_stock=True))
        for entity, symbol in listed
    ]
    return rows


def _total(reading: Reading, one: Total) -> list[Row]:
    rows = [Row(Content.styled(one.label, "bold"))]
    rows.append(label_row("sum", sum_words(one)[0], "bold"))
    if reading.currency and one.sums:
        rows.append(label_row(f"in {reading.currency}", f"{converted_total(reading, one)} · {reading.rate_words()}"))
    rows += [label_row("caution" if not place else "", text, "$warning") for place, text in enumerate(one.cautions)]
    if one.included:
        rows.append(heading_row(f"Counted: {len(one.included)}"))
        rows += [record_row(reading, record) for record in one.included]
    rows += _omitted(reading, f"Left out: {len(one.left_out)}", one.left_out)
    rows += _omitted(reading, f"Sum unknown: {len(one.unknown)}", one.unknown)
    return rows + _omitted(reading, f"Together with others: {len(one.beside)}", one.beside)


def _omitted(reading: Reading, title: str, omitted: tuple[Omitted, ...]) -> list[Row]:
    rows = [heading_row(title)] if omitted else []
    for one in omitted:
        rows.append(record_row(reading, one.record))
        rows.append(Row(Content.assemble("    ", (one.reason, "$quiet")), 4))
    return rows


def _leg(reading: Reading, leg: Leg) -> list[Row]:
    rows = [Row(Content.assemble((f"{leg.total.label}  ", "$heading"), (leg.amount(), "bold")))]
    rows += [record_row(reading, record) for record in leg.total.included]
    for one in (*leg.total.left_out, *leg.total.unknown):
        rows.append(record_row(reading, one.record, one.reason))
    return rows


def _circle(reading: Reading, one: Circle) -> list[Row]:
    rows = [
        Row(Content.styled(one.title, "bold")),
        label_row("all legs", f"{moved_words(one)}: one money moving on, not money added"),
        label_row("smallest leg", f" {narrowest_words(one)}: at most this went all the way round"),
    ]
    for leg in one.legs:
        rows += _leg(reading, leg)
    return rows


def _incoming(reading: Reading, one: Incoming) -> list[Row]:
    direct, via_others = share_words(one)
    shares = [
        label_row("directly", f"{direct} of the known sums comes from companies it pays itself"),
        label_row("via others", f"{via_others} comes from companies that its money reaches through others"),
    ]
    rows = [
        Row(Content.styled(reading.ledger.entities[one.entity].name, "bold")),
        label_row("gets", gets_words(one), "bold"),
        *(shares if one.pays else [label_row("pays", "nobody in the ledger")]),
        heading_row(f"Counted: {len(one.everything.included)}"),
    ]
    rows += [record_row(reading, record) for record in one.everything.included]
    rows += _omitted(reading, f"Left out: {len(one.everything.left_out)}", one.everything.left_out)
    unknown = (*one.everything.unknown, *one.supplies)
    rows += _omitted(reading, f"Sum unknown: {len(unknown)}", unknown)
    return rows + _omitted(reading, f"Together with others: {len(one.everything.beside)}", one.everything.beside)


def _paying(reading: Reading, one: Paying) -> list[Row]:
    payer, paid = one
    rows = [Row(Content.styled(f"{reading.ledger.entities[payer].name} pays", "bold"))]
    for leg in paid:
        rows += _leg(reading, leg)
    return rows
