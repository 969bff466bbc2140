"""Panel 4's text for whatever a row of the ledger stands for: a record, a conflict, a total, a circle, an entity."""

from __future__ import annotations

from decimal import Decimal

from textual.content import Content

from aiwatch.formatting.text import signed, tone
from aiwatch.ledger.amounts import money, plain
from aiwatch.ledger.circles import Circle, Incoming, Leg, incoming, legs
from aiwatch.ledger.exposure import LedgerRecord
from aiwatch.ledger.links import current_id
from aiwatch.ledger.records import Claim, Commitment, Conflict, Entity, Ledger, LeftOut, Mark, Signal, SourceArticle
from aiwatch.ledger.totals import Omitted, Total
from aiwatch.ledger.views import Target, target_of
from aiwatch.market.state import MarketState
from aiwatch.market.symbol import parse_symbol
from aiwatch.widgets.ledger.claims import day, holds_now, is_undated, live_caps, printed_percent, since_then
from aiwatch.widgets.ledger.context import YOURS, LedgerContext
from aiwatch.widgets.ledger.money_map import find_circle, gets_words, moved_words, narrowest_words, share_words
from aiwatch.widgets.ledger.more_views import signal_value
from aiwatch.widgets.ledger.rows import amount_forms
from aiwatch.widgets.ledger.totals_view import converted_total, find_total, sum_words
from aiwatch.widgets.linked_rows import Row, heading_row, label_row
from aiwatch.widgets.record.facts import (
    MOST_RECORDS,
    commitment_text,
    commitment_title,
    company_rows,
    conflict_rows_of,
    entity_row,
    fact_rows,
    further_sources,
    history_rows,
    more_row,
    note_rows,
    party_rows,
    record_row,
    record_rows,
    side_rows,
    source_rows,
    superseded_by,
    trust_rows,
)
from aiwatch.widgets.record.reference import (
    Yearly,
    entity_text,
    find_left_out,
    find_yearly,
    left_out_text,
    source_text,
    yearly_text,
)

Paying = tuple[str, tuple[Leg, ...]]
Reference = Entity | SourceArticle | LeftOut
Found = Commitment | Signal | Claim | Conflict | Total | Circle | Incoming | Reference | Yearly | Paying
"""What a key may stand for; `Paying` is an entity's id with its legs."""


def find(ledger: Ledger, key: str) -> Found | None:
    """What the row called ``key`` stands for, superseded records included; ``None`` when it is no longer there."""
    for records in (ledger.commitments, ledger.signals, ledger.claims, ledger.conflicts, ledger.superseded):
        if key in records:
            return records[key]
    target = target_of(key)
    if target.kind == "event":
        return ledger.commitments.get(target.id.rpartition(":")[2])
    if target.kind in ("year", "rate"):
        return find_yearly(ledger, target)
    if target.kind == "left":
        return find_left_out(ledger, target.id)
    if target.kind == "delivered":
        record, _, company = target.id.partition(":")
        return ledger.entities.get(company) if company else ledger.commitments.get(record)
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


def title_of(ledger: Ledger, key: str, record: Found) -> str:
    """The heading of panel 4."""
    if isinstance(record, Commitment):
        return commitment_title(ledger, record)
    if isinstance(record, Signal):
        past = ", superseded" if key in ledger.superseded else ""
        return f"{key} {record.kind if record.kind == 'risk' else f'{record.group} signal'}{past}"
    if isinstance(record, Claim):
        return f"{key} claim"
    if isinstance(record, Conflict):
        return f"{key} conflict"
    if isinstance(record, Entity):
        return f"{record.id} {record.type}"
    if isinstance(record, SourceArticle):
        return f"Source {record.id}"
    if isinstance(record, LeftOut):
        return "Left out of the ledger"
    if isinstance(record, Yearly):
        return "Money a year"
    if isinstance(record, Total):
        return f"Total by {key.split(':')[1]}"
    if isinstance(record, Circle):
        return "Circle of money"
    return "Money received" if isinstance(record, Incoming) else "Money paid"


def text_of(context: LedgerContext, market: MarketState, record: Found) -> list[Row]:
    """Everything about ``record``, with what is live in it as the market knows it now."""
    if isinstance(record, Commitment):
        return commitment_text(context, market, record)
    if isinstance(record, Signal):
        return _signal(context, market, record)
    if isinstance(record, Claim):
        return _claim(context, market, record)
    if isinstance(record, Conflict):
        return _conflict(context, record)
    if isinstance(record, Entity):
        return entity_text(context, market, record)
    if isinstance(record, SourceArticle):
        return source_text(context, record)
    if isinstance(record, LeftOut):
        return left_out_text(context, record)
    if isinstance(record, Yearly):
        return yearly_text(context, record)
    if isinstance(record, Total):
        return _total(context, record)
    if isinstance(record, Circle):
        return _circle(context, record)
    return _incoming(context, record) if isinstance(record, Incoming) else _paying(context, record)


def _signal(context: LedgerContext, market: MarketState, signal: Signal) -> list[Row]:
    ledger = context.ledger
    own = f"{YOURS} yours · " if signal.mark is Mark.YOURS else ""
    rows = [Row(Content.assemble((own, "$heading"), (f"{signal.subject}: {signal.metric}", "bold")))]
    rows += fact_rows(
        (
            ("value", signal_value(signal)[0]),
            (f"in {context.currency}", _signal_money(context, signal)),
            ("direction", signal.direction),
            ("as of", signal.as_of or "not stated"),
            ("group", f"{'risks · ' if signal.kind == 'risk' else ''}{signal.group}"),
            ("sectors", ", ".join(signal.sectors)),
            ("kind", signal.kind),
            ("value chain", ", ".join(signal.chain)),
        )
    )
    rows += [
        *trust_rows(context, signal),
        *source_rows(context, signal, signal.also_lines),
        *company_rows(context, market, signal),
        *conflict_rows_of(context, signal),
    ]
    commitments = [ledger.commitments[id] for id in signal.commitments if id in ledger.commitments]
    rows += (
        [heading_row("Belongs to"), *(record_row(context, commitment) for commitment in commitments)]
        if commitments
        else []
    )
    rows += [*party_rows(ledger, signal), *further_sources(context, signal)]
    return [*rows, *history_rows(context, signal), *superseded_by(ledger, signal), *note_rows(signal.note)]


def _signal_money(context: LedgerContext, signal: Signal) -> str:
    if signal.money is None or not context.currency:
        return ""
    converted = context.converted(*signal.money)
    return money(converted.amount, converted.currency, 4) if converted else "no rate is known"


def _claim(context: LedgerContext, market: MarketState, claim: Claim) -> list[Row]:
    common = [context.ledger.entities[id].name for id in claim.entities]
    rows = [Row(Content.styled(f"{claim.name_zh} {claim.name}".strip(), "bold"))]
    if common and claim.name not in common:
        rows.append(label_row("known as", " + ".join(common)))
    printed = f"{printed_percent(claim)}, window: {claim.window}"
    rows.append(label_row("printed", f"{printed}, undated" if is_undated(claim) else printed))
    if claim.checked_percent is not None and claim.base_date and claim.end_date:
        closes = f"{claim.base_close} → {claim.end_close}" if claim.base_close and claim.end_close else ""
        window = f"close {day(claim.base_date)} → {day(claim.end_date)} {claim.end_date.year}"
        move = f"{'+' if claim.checked_percent > 0 else ''}{plain(claim.checked_percent)} %"
        rows.append(label_row("checked", Content.assemble((move, "bold"), f"  {window}, {claim.sessions} sessions")))
        pairs = (
            f"{claim.fitting_pairs} pair{'' if claim.fitting_pairs == 1 else 's'} of closes within 60 sessions"
            if claim.fitting_pairs
            else ""
        )
        retrieved = f", read {claim.close_retrieved}" if claim.close_retrieved else ""
        whose = f"{claim.close_source}{retrieved}" if claim.close_source else "source not stated"
        rows += fact_rows((("closes", f"{closes} {claim.basis}"), ("closes by", whose), ("fits", pairs)))
    rows.append(label_row("verdict", claim.verdict if not claim.repeats else f"repeats {claim.repeats}"))
    rows += [*_kept_checks(context, claim), *_caps(context, claim)]
    change = since_then(claim, context.quotes, context.adjusted_closes)
    if change is not None:
        symbol = parse_symbol(claim.symbols[0])
        moved = Content.styled(f"{signed(change)} %", tone(change, symbol, context.convention))
        rows.append(
            label_row("since then", moved + f"  from {claim.end_close} to the last price, {_basis(context, claim)}")
        )
    elif claim.end_close is not None:
        rows.append(label_row("since then", "no price has come yet", "$stale"))
    rows += [
        *trust_rows(context, claim),
        *source_rows(context, claim, claim.also_lines),
        *company_rows(context, market, claim),
    ]
    if claim.repeats in context.ledger.claims:
        rows.append(record_row(context, context.ledger.claims[claim.repeats], "repeats"))
    rows += [*conflict_rows_of(context, claim), *party_rows(context.ledger, claim), *further_sources(context, claim)]
    return [*rows, *note_rows(claim.note)]


def _kept_checks(context: LedgerContext, claim: Claim) -> list[Row]:
    """The claim against the closes that are kept, on both bases, in the words of ``aiwatch claims --check``."""
    rows: list[Row] = []
    mark = f"{context.mark}: simulated, " if context.mark else ""
    for check in context.checks(claim.id):
        rows.append(label_row(check.basis, Content.assemble(f"{mark}{check.symbol}: ", (check.verdict, "bold"))))
        rows += [label_row("", line) for line in check.lines]
    return [heading_row("Against the closes kept here"), *rows] if rows else []


def _basis(context: LedgerContext, claim: Claim) -> str:
    return "adjusted since" if claim.id in context.adjusted_closes else "both unadjusted"


def _caps(context: LedgerContext, claim: Claim) -> list[Row]:
    """What the companies of a claim about market values are worth now, and whether it holds."""
    caps = live_caps(claim, context.quotes)
    rows = [
        label_row("now" if not place else "", f"{symbol} {money(Decimal(round(cap)), currency, 4)}")
        for place, (symbol, cap, currency) in enumerate(caps)
    ]
    holds = holds_now(claim, caps)
    if holds is not None:
        rows.append(label_row("", "holds by these market values" if holds else "does not hold by these market values"))
    return rows


def _conflict(context: LedgerContext, conflict: Conflict) -> list[Row]:
    ledger = context.ledger
    rows = [
        Row(Content.styled(conflict.title, "bold")),
        label_row("about", conflict.topic),
        label_row("kind", conflict.kind_word),
        *side_rows(context.ledger, conflict),
    ]
    by_id: dict[str, LedgerRecord] = {**ledger.commitments, **ledger.signals, **ledger.claims}
    ids = dict.fromkeys(current_id(ledger, id) for id in conflict.records)
    records = [by_id[id] for id in ids if id in by_id]
    rows += [heading_row("Records"), *(record_row(context, record) for record in records)] if records else []
    rates = [ledger.fx[id] for id in conflict.records if id in ledger.fx]
    rows += [
        label_row(
            rate.id,
            f"1 {rate.base} = {rate.rate} {rate.quote}, {rate.commitment}",
            target=Target("record", current_id(ledger, rate.commitment)),
        )
        for rate in rates
    ]
    listed = [(ledger.entities[id], symbol) for id in conflict.entities for symbol in ledger.entities[id].symbols[:1]]
    rows += [heading_row("Companies")] if listed else []
    rows += [
        Row(Content.assemble(f"  {symbol:<10} ", (entity.name, "$quiet")), target=Target("stock", symbol))
        for entity, symbol in listed
    ]
    rows += [heading_row("Who is who")] if conflict.entities else []
    return rows + [entity_row(ledger, id) for id in conflict.entities]


def _total(context: LedgerContext, total: Total) -> list[Row]:
    rows = [Row(Content.styled(total.label, "bold"))]
    rows.append(label_row("sum", sum_words(total)[0], "bold"))
    if context.currency and total.sums:
        rows.append(label_row(f"in {context.currency}", f"{converted_total(context, total)} · {context.rate_words()}"))
    rows += [label_row("caution" if not place else "", text, "$warning") for place, text in enumerate(total.cautions)]
    if total.included:
        rows.append(heading_row(f"Counted: {len(total.included)}"))
        rows += record_rows(context, total.included)
    rows += _omitted(context, f"Left out: {len(total.left_out)}", total.left_out)
    rows += _omitted(context, f"Sum unknown: {len(total.unknown)}", total.unknown)
    return rows + _omitted(context, f"Together with others: {len(total.beside)}", total.beside)


def _omitted(context: LedgerContext, title: str, omitted: tuple[Omitted, ...]) -> list[Row]:
    rows = [heading_row(title)] if omitted else []
    for part in omitted[:MOST_RECORDS]:
        rows.append(record_row(context, part.record))
        if part.reason not in amount_forms(part.record):  # that its sum is not stated has been said
            rows.append(Row(Content.assemble("    ", (part.reason, "$quiet")), 4))
    return [*rows, *more_row(len(omitted))]


def _leg(context: LedgerContext, leg: Leg) -> list[Row]:
    title = Content.assemble((f"{leg.total.label}  ", "$heading"), (leg.amount(), "bold"))
    rows = [Row(title, target=Target("pays", f"{leg.payer}:{leg.recipient}"))]
    rows += record_rows(context, leg.total.included)
    beside = (*leg.total.left_out, *leg.total.unknown)
    for part in beside[:MOST_RECORDS]:
        rows.append(record_row(context, part.record, "" if part.reason in amount_forms(part.record) else part.reason))
    return [*rows, *more_row(len(beside))]


def _circle(context: LedgerContext, circle: Circle) -> list[Row]:
    rows = [
        Row(Content.styled(circle.title, "bold")),
        label_row("all legs", f"{moved_words(circle)}: one money moving on, not money added"),
        label_row("smallest leg", f" {narrowest_words(circle)}: at most this went all the way round"),
    ]
    for leg in circle.legs:
        rows += _leg(context, leg)
    return rows


def _incoming(context: LedgerContext, incoming: Incoming) -> list[Row]:
    direct, via_others = share_words(incoming)
    shares = [
        label_row("directly", f"{direct} of the known sums comes from companies it pays itself"),
        label_row("via others", f"{via_others} comes from companies that its money reaches through others"),
    ]
    rows = [
        entity_row(context.ledger, incoming.entity),
        label_row("gets", gets_words(incoming), "bold"),
        *(shares if incoming.pays else [label_row("pays", "nobody in the ledger")]),
        heading_row(f"Counted: {len(incoming.everything.included)}"),
    ]
    rows += record_rows(context, incoming.everything.included)
    rows += _omitted(context, f"Left out: {len(incoming.everything.left_out)}", incoming.everything.left_out)
    unknown = (*incoming.everything.unknown, *incoming.supplies)
    rows += _omitted(context, f"Sum unknown: {len(unknown)}", unknown)
    return rows + _omitted(
        context, f"Together with others: {len(incoming.everything.beside)}", incoming.everything.beside
    )


def _paying(context: LedgerContext, paying: Paying) -> list[Row]:
    payer, paid = paying
    rows = [entity_row(context.ledger, payer, "pays")]
    for leg in paid:
        rows += _leg(context, leg)
    return rows
