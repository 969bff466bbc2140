"""Panel 4's text for an entity, for a source and what was left out of it, and for several records of one year."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from textual.content import Content

from aiwatch.formatting.addresses import without_passwords
from aiwatch.ledger.amounts import money
from aiwatch.ledger.circles import company_money, legs
from aiwatch.ledger.exposure import LedgerRecord, naming
from aiwatch.ledger.links import cites, conflicts_about, kept
from aiwatch.ledger.records import Commitment, Entity, Ledger, LeftOut, Mark, SourceArticle
from aiwatch.ledger.reports.years import by_year, yearly_rates
from aiwatch.ledger.views import Target
from aiwatch.market.state import MarketState
from aiwatch.market.symbol import parse_symbol
from aiwatch.widgets.ledger.context import YOURS, LedgerContext
from aiwatch.widgets.ledger.reference_views import NO_ADDRESS, date_words, money_words
from aiwatch.widgets.linked_rows import Row, heading_row, label_row
from aiwatch.widgets.record.facts import (
    MOST_RECORDS,
    entity_row,
    fact_rows,
    more_row,
    note_rows,
    page_target,
    place_row,
    record_row,
    record_rows,
)


class Yearly(Struct, frozen=True):
    """Several records of one year, or of one yearly rate, under the ``label`` of their row."""

    label: str
    records: tuple[Commitment, ...]


def entity_text(context: LedgerContext, market: MarketState, entity: Entity) -> list[Row]:
    """Everything about an entity: its names, listings, what it gets and pays, where it is named, its conflicts."""
    ledger = context.ledger
    own = company_money(ledger, entity.id)
    mark = f"{YOURS} yours · " if entity.mark is Mark.YOURS else ""
    rows = [Row(Content.assemble((mark, "$heading"), (f"{entity.name_zh} {entity.name}".strip(), "bold")))]
    rows += fact_rows(
        (
            ("printed as", ", ".join(entity.printed)),
            ("type", entity.type),
            ("does", entity.role),
            ("value chain", ", ".join(entity.chain)),
            ("home", entity.region),
            ("listed", entity.listed if not entity.symbols else ", ".join(entity.exchanges) or entity.listed),
            ("gets", money_words(own.received)[0] or "nothing from a single named party"),
            ("pays", money_words(own.paid)[0] or "nothing alone"),
        )
    )
    rows += [place_row(ledger, "named in" if not at else "", place) for at, place in enumerate(entity.mentions)]
    rows += [_stock_row(market, symbol) for symbol in entity.symbols]
    rows += [_stock_row(market, symbol, "owner, ") for symbol in entity.parent_symbols]
    rows += [heading_row("Members")] if entity.members else []
    rows += [entity_row(ledger, id) for id in entity.members]
    listed: set[str] = set()
    for title, total in (("Gets", own.received), ("Pays", own.paid)):
        records = [*total.included, *(omitted.record for omitted in (*total.left_out, *total.unknown, *total.beside))]
        rows += [heading_row(title)] if records else []
        rows += record_rows(context, records)
        listed.update(record.id for record in records)
    supplied = {pair[0]: leg for pair, leg in legs(ledger).items() if pair[1] == entity.id and leg.is_supply}
    rows += [
        label_row("supplies", f"{ledger.entities[id].name}: sum not stated", target=Target("pays", f"{id}:{entity.id}"))
        for id in supplied
    ]
    rows += _further_rows(context, [pair for pair in naming(ledger, entity.id) if pair[0].id not in listed])
    return [*rows, *_conflict_rows(ledger, entity), *note_rows(entity.note)]


def _conflict_rows(ledger: Ledger, entity: Entity) -> list[Row]:
    """A row to each conflict that names ``entity``."""
    conflicts = conflicts_about(ledger, entity)
    rows = [heading_row("Conflicts")] if conflicts else []
    for conflict in conflicts:
        words = Content.assemble((f"  {conflict.id} ", "$quiet"), conflict.heading)
        rows.append(Row(words, target=Target("record", conflict.id)))
    return rows


def _further_rows(context: LedgerContext, named: Sequence[tuple[LedgerRecord, str]]) -> list[Row]:
    """The records in which an entity plays another part than to pay or to be paid."""
    rows = [heading_row("Also named in")] if named else []
    rows += [record_row(context, record, "" if part == "named" else part) for record, part in named[:MOST_RECORDS]]
    return [*rows, *more_row(len(named))]


def _stock_row(market: MarketState, symbol: str, part: str = "") -> Row:
    state = str(market.status(parse_symbol(symbol)))
    return Row(Content.assemble(f"  {symbol:<10} ", (f"{part}{state}", "$quiet")), target=Target("stock", symbol))


def source_text(context: LedgerContext, source: SourceArticle) -> list[Row]:
    """Everything about a source, and the records that cite it."""
    rows = [Row(Content.styled(source.title, "bold"))]
    rows += fact_rows(
        (
            ("author", source.author),
            ("kind", source.kind or "not said"),
            ("date", date_words(source)),
            ("known by", source.date_basis),
            ("retrieved", str(source.retrieved or "")),
            ("confidence", source.confidence),
            ("because", source.confidence_note),
            ("licence", source.attribution),
        )
    )
    address = without_passwords(source.origin) or NO_ADDRESS
    rows.append(label_row("address", address, target=page_target(source.origin)))
    cited: dict[str, dict[str, list[LedgerRecord]]] = kept(context.ledger, "records by source", _by_source)
    for title, records in cited.get(source.id, {}).items():
        rows.append(heading_row(f"{title}: {len(records)}"))
        rows += record_rows(context, records)
    omitted = [(at, printed) for at, printed in enumerate(context.ledger.left_out) if printed.source == source.id]
    rows += [heading_row("Left out")] if omitted else []
    return rows + [
        label_row(f"line {printed.line}", f"{printed.printed}: {printed.reason}", target=Target("left", str(at)))
        for at, printed in omitted
    ]


def _by_source(ledger: Ledger) -> dict[str, dict[str, list[LedgerRecord]]]:
    """The records by the ids of the sources that they cite, then by what they are."""
    cited: dict[str, dict[str, list[LedgerRecord]]] = {}
    for title, records in (
        ("Commitments", ledger.commitments),
        ("Signals", ledger.signals),
        ("Claims", ledger.claims),
    ):
        for record in records.values():
            for id in cites(record):
                cited.setdefault(id, {}).setdefault(title, []).append(record)
    return cited


def find_left_out(ledger: Ledger, id: str) -> LeftOut | None:
    """The sum in place ``id`` of those that were left out."""
    return ledger.left_out[int(id)] if id.isdecimal() and int(id) < len(ledger.left_out) else None


def left_out_text(context: LedgerContext, omitted: LeftOut) -> list[Row]:
    """Everything about a sum that was left out, and where it is printed."""
    place = f"{omitted.source}:{omitted.line}" if omitted.line else omitted.source
    return [
        Row(Content.styled(omitted.printed, "bold")),
        *fact_rows((("sum", money(omitted.amount, omitted.currency)), ("because", omitted.reason))),
        place_row(context.ledger, "printed in", place),
    ]


def find_yearly(ledger: Ledger, target: Target) -> Commitment | Yearly | None:
    """What a row of money a year stands for, which is called by its first record; that alone where it has no other."""
    if target.kind == "year":
        several = ((f"{spent.year} · {spent.who}", spent.records) for spent in by_year(ledger))
    else:
        several = ((row.label, tuple(rate.record for rate in row.rates)) for row in yearly_rates(ledger))
    for label, records in several:
        if records[0].id == target.id:
            return Yearly(label, records) if len(records) > 1 else records[0]
    return None


def yearly_text(context: LedgerContext, yearly: Yearly) -> list[Row]:
    """The records of a row of money a year."""
    return [Row(Content.styled(yearly.label, "bold")), *record_rows(context, yearly.records)]
