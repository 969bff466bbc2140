"""Panel 4's text for an entity and for a source."""

from __future__ import annotations

from textual.content import Content

from aiwatch.formatting.addresses import without_passwords
from aiwatch.ledger.circles import company_money, legs
from aiwatch.ledger.links import cites, conflicts_about, kept
from aiwatch.ledger.records import Commitment, Entity, Ledger, Mark, SourceArticle
from aiwatch.ledger.views import Target
from aiwatch.market.state import MarketState
from aiwatch.market.symbol import parse_symbol
from aiwatch.widgets.ledger.context import YOURS, LedgerContext
from aiwatch.widgets.ledger.reference_views import NO_ADDRESS, date_words, money_words
from aiwatch.widgets.linked_rows import Row, heading_row
from aiwatch.widgets.record.facts import fact_rows, note_rows, record_rows


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
            ("owner", ", ".join(entity.parent_symbols)),
            ("members", ", ".join(ledger.entities[id].name for id in entity.members)),
            ("gets", money_words(own.received)[0] or "nothing from a single named party"),
            ("pays", money_words(own.paid)[0] or "nothing alone"),
            ("named in", "; ".join(entity.mentions)),
        )
    )
    rows += [_stock_row(market, symbol) for symbol in entity.symbols]
    for title, total in (("Gets", own.received), ("Pays", own.paid)):
        records = [*total.included, *(omitted.record for omitted in (*total.left_out, *total.unknown, *total.beside))]
        rows += [heading_row(title)] if records else []
        rows += record_rows(context, records)
    supplied = {pair[0]: leg for pair, leg in legs(ledger).items() if pair[1] == entity.id and leg.is_supply}
    rows += fact_rows(("supplies", f"{ledger.entities[id].name}: sum not stated") for id in supplied)
    for conflict in conflicts_about(ledger, entity):
        words = Content.assemble((f"  {conflict.id} ", "$quiet"), f"{conflict.title} · {conflict.kind}")
        rows.append(Row(words, target=Target("record", conflict.id)))
    return [*rows, *note_rows(entity.note)]


def _stock_row(market: MarketState, symbol: str) -> Row:
    state = str(market.status(parse_symbol(symbol)))
    return Row(Content.assemble(f"  {symbol:<10} ", (state, "$quiet")), target=Target("stock", symbol))


def source_text(context: LedgerContext, source: SourceArticle) -> list[Row]:
    """Everything about a source, and the commitments that it makes."""
    rows = [Row(Content.styled(source.title, "bold"))]
    rows += fact_rows(
        (
            ("author", source.author),
            ("kind", source.kind or "not said"),
            ("address", without_passwords(source.origin) or NO_ADDRESS),
            ("date", date_words(source)),
            ("known by", source.date_basis),
            ("retrieved", str(source.retrieved or "")),
            ("confidence", source.confidence),
            ("because", source.confidence_note),
            ("licence", source.attribution),
        )
    )
    records = kept(context.ledger, "commitments by source", _by_source).get(source.id, ())
    rows += [heading_row(f"Commitments: {len(records)}")] if records else []
    rows += record_rows(context, records)
    omitted = [printed for printed in context.ledger.left_out if printed.source == source.id]
    rows += [heading_row("Left out")] if omitted else []
    return rows + fact_rows((f"line {printed.line}", f"{printed.printed}: {printed.reason}") for printed in omitted)


def _by_source(ledger: Ledger) -> dict[str, list[Commitment]]:
    """The commitments by the ids of the sources that they cite."""
    cited: dict[str, list[Commitment]] = {}
    for record in ledger.commitments.values():
        for id in cites(record):
            cited.setdefault(id, []).append(record)
    return cited
