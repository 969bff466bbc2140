"""Panel 4's rows for a record: every field of it, its conflicts, how far it is trusted, and where it leads.

A commitment's whole text is here too: the first one is shown with the first paint, before the other kinds are loaded.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from decimal import Decimal

from textual.content import Content

from aiwatch.formatting.text import signed, tone
from aiwatch.ledger.amounts import convert_record, money, plain, printed_amount, printed_value, significant
from aiwatch.ledger.exposure import LedgerRecord, spending_of, touches
from aiwatch.ledger.exposure import parties as parties_of
from aiwatch.ledger.links import (
    age_in_days,
    cites,
    conflicts_of,
    current_id,
    history,
    implied_rates_of,
    is_page,
    place_checked,
    place_words,
    related,
    source_name,
    status,
)
from aiwatch.ledger.records import Commitment, Conflict, Ledger, Mark, Record, Signal, Verification
from aiwatch.ledger.totals import counted_as, period_of
from aiwatch.ledger.trust import trust_in
from aiwatch.ledger.views import PAGE, Target, short_name
from aiwatch.market.state import MarketState
from aiwatch.market.symbol import parse_symbol
from aiwatch.widgets.ledger.context import FLAG, YOURS, LedgerContext, converted_forms, rate_text
from aiwatch.widgets.ledger.rows import age_words, amount_forms, parties
from aiwatch.widgets.linked_rows import Row, heading_row, label_row

_DIGITS = 4


def fact_rows(pairs: Iterable[tuple[str, str]]) -> list[Row]:
    """A row a field, those without a value left out."""
    return [label_row(label, value) for label, value in pairs if value]


def commitment_facts(context: LedgerContext, record: Commitment) -> list[Row]:
    """A commitment's own fields."""
    own = f"{YOURS} yours · " if record.mark is Mark.YOURS else ""
    rows = [Row(Content.assemble((own, "$heading"), (parties(record), "bold")))]
    rows += fact_rows(
        (
            ("known as", _common_names(context.ledger, record)),
            ("as printed", printed_amount(record)),
            (
                "counted as",
                money(record.amount, record.currency) if record.amount is not None and len(record.stated) > 1 else "",
            ),
            (f"in {context.currency}", _converted(context, record) if context.currency else ""),
            ("yearly rate", yearly_rate(record)),
            ("valuation", ", ".join(money(amount, currency) for currency, amount in record.valuation)),
            ("period", "" if record.annual and period_of(record) == "a year" else period_of(record)),
            ("with", _named(context.ledger, record.partners)),
            ("suppliers", _named(context.ledger, record.suppliers)),
            ("programme", record.programme),
            ("announced", record.announced),
            ("status", status(context.ledger, record)),
            ("binding", record.binding),
            ("capacity", record.capacity),
            ("growth", growth(record)),
            ("value chain", ", ".join(record.chain)),
        )
    )
    rows += [
        label_row("goes to", words, target=Target("source", spending.source))
        for spending in spending_of(context.ledger, record)
        for words in (f"{', '.join(spending.chain)} (article {spending.source}, line {spending.line})",)
    ]
    is_current = record.id in context.ledger.commitments
    total = Target("total", f"kind:{record.kind}") if is_current else None
    return [*rows, label_row("totals", counted_as(context.ledger, record), target=total)]


def _named(ledger: Ledger, ids: tuple[str, ...]) -> str:
    return ", ".join(short_name(ledger, id) for id in ids)


def trust_rows(context: LedgerContext, record: Record) -> list[Row]:
    """The steps of trust in words, what verified the record, and the stages that it came to."""
    trust = trust_in(context.ledger, record)
    rows = [label_row("trust", f"{trust.dots} {'; '.join(trust.reasons)}")]
    rows += verified_rows(context.ledger, record.verified)
    if isinstance(record, Commitment):
        for step in record.status_history:
            words = f"{step.date} {step.status}{f', {step.says}' if step.says else ''} ({step.source})"
            label = "history" if step is record.status_history[0] else ""
            rows.append(label_row(label, words, target=Target("source", step.source)))
    return rows


def verified_rows(ledger: Ledger, checks: tuple[Verification, ...]) -> list[Row]:
    """What other sources say, each with its date and address."""
    rows = []
    before = ""
    for check in sorted(checks, key=lambda check: check.disputes):
        kind = f" ({check.kind})" if check.kind else ""
        label = "disputed" if check.disputes else "verified"
        rows.append(label_row(label if label != before else "", f"{check.date}: {check.says}{kind}"))
        before = label
        rows.append(label_row("", place_checked(ledger, check), "$quiet", _target_of_check(ledger, check)))
    return rows


def _target_of_check(ledger: Ledger, check: Verification) -> Target | None:
    """Where a verification stands: its source, else its page."""
    return Target("source", check.source) if check.source else page_target(check.url)


def page_target(address: str) -> Target | None:
    """The page at ``address``; ``None`` for what a browser is not to open."""
    return Target(PAGE, address) if is_page(address) else None


def _common_names(ledger: Ledger, record: Commitment) -> str:
    """The parties' common names, where they are not what is printed."""

    def common(printed: str, ids: tuple[str, ...]) -> str:
        names = [ledger.entities[id] for id in ids if ledger.entities[id].type not in ("state", "programme")]
        if all(entity.name in printed for entity in names):
            return ""
        return " + ".join(f"{entity.name_zh} {entity.name}".strip() for entity in names)

    payer, recipient = common(record.payer, record.payers), common(record.recipient, record.recipients)
    if not payer and not recipient:
        return ""
    return " → ".join(part for part in (payer or record.payer, recipient or record.recipient) if part)


def _converted(context: LedgerContext, record: Commitment) -> str:
    if record.amount is None:
        return "no sum is stated"
    converted = convert_record(record, context.currency, context.rates)
    if converted is None:
        return "no rate is known"
    how = f" at {rate_text(context.ledger, converted.rate)}" if converted.rate else ", as printed"
    return f"{converted_forms(context, record)[0]}{how}"


def yearly_rate(record: Commitment) -> str:
    """The sum a year: as printed, or the sum over its years, which is said to be worked out."""
    if record.amount is None:
        return ""
    if record.annual:
        return f"{money(record.amount, record.currency)} a year, as printed" if not record.period_start else ""
    if record.period_years is None or record.period_years <= 1:
        return ""
    a_year = money(record.amount / record.period_years, record.currency, _DIGITS)
    return f"{a_year} a year, if even over {plain(record.period_years)} years"


def growth(record: Commitment) -> str:
    """The growth on the year, and the sum of the year before that it implies."""
    if record.growth_percent is None:
        return ""
    percent = f"{'+' if record.growth_percent > 0 else ''}{plain(record.growth_percent)} % on the year"
    if record.amount is None or record.growth_percent <= -100:
        return percent
    base = record.amount / (1 + record.growth_percent / Decimal(100))
    return f"{percent}: implies {money(significant(base, 3), record.currency)} before"


def source_rows(context: LedgerContext, record: Record, also: tuple[int, ...] = ()) -> list[Row]:
    """Where it is printed, when that is from, how old it is, and how far it is to be trusted."""
    ledger = context.ledger
    article = ledger.sources[record.source]
    numbers = [str(line) for line in (record.line, *also) if line]
    lines = f"; line{'s' if len(numbers) > 1 else ''} {_listed(numbers)}" if numbers else ""
    sense = "" if article.date_sense == "on" else f"{article.date_sense} "
    dated = f", {sense}{day_words(article.dated)}" if article.dated else ", undated"
    author = f", by {article.author}" if article.author else ""
    name = f"{article.short} ({article.id})" if article.short else article.id
    words = f"article {name}{lines}{dated}{author} · {article.title}"
    rows = [label_row("source", words, target=Target("source", article.id))]
    days = age_in_days(ledger, record, context.today)
    if context.is_stale(record) and days is not None:
        rows.append(label_row("", f"newest source {age_words(days)} old: verify again", "$warning"))
    if article.confidence == "low":
        rows.append(label_row("", f"lower confidence: {article.confidence_note}", "$warning"))
    if article.attribution:
        rows.append(label_row("", article.attribution, "$quiet"))
    return rows


def further_sources(context: LedgerContext, record: Record) -> list[Row]:
    """The other sources that say or verify a record, each leading to it."""
    ledger = context.ledger
    further_ids = cites(record)[1:]
    rows = [heading_row("Also said by")] if further_ids else []
    for id in further_ids:
        further = ledger.sources[id]
        when = f", {day_words(further.dated)}" if further.dated else ""
        content = Content.assemble((f"  {further.short or id}{when} ", "$quiet"), further.title)
        rows.append(Row(content, target=Target("source", id)))
    return rows


def day_words(date: datetime.date) -> str:
    """``15 Aug 2025``."""
    return f"{date.day} {date:%b %Y}"


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def party_rows(ledger: Ledger, record: LedgerRecord) -> list[Row]:
    """A row to everybody whom a record names, with the part that each plays."""
    named = parties_of(ledger, record)
    rows = [heading_row("Who is who")] if named else []
    return rows + [entity_row(ledger, id, part) for id, part in named.items()]


def entity_row(ledger: Ledger, id: str, part: str = "") -> Row:
    """A row that leads to an entity."""
    entity = ledger.entities[id]
    name = f"{entity.name_zh} {entity.name}".strip()
    content = Content.assemble((f"  {id} ", "$quiet"), name, (f"  {part}" if part else "", "$quiet"))
    return Row(content, target=Target("entity", id))


def place_row(ledger: Ledger, label: str, place: str) -> Row:
    """A row that leads to the source of ``place``, such as ``000:2,8``."""
    id = place.partition(":")[0]
    return label_row(label, place, target=Target("source", id) if id in ledger.sources else None)


def related_rows(context: LedgerContext, record: Commitment) -> list[Row]:
    """The records that hang together with a commitment, and how."""
    links = related(context.ledger, record)
    rows = [heading_row("Related")] if links else []
    return rows + [record_row(context, link.record, link.how) for link in links]


def record_row(context: LedgerContext, linked: LedgerRecord, how: str = "") -> Row:
    """A row that leads to another record."""
    if isinstance(linked, Commitment):
        words, amount = parties(linked), amount_forms(linked)[1 if len(amount_forms(linked)) > 1 else 0]
    elif isinstance(linked, Signal):
        words, amount = f"{linked.subject}: {linked.metric}", printed_value(linked)
    else:
        words, amount = f"{linked.name_zh} {linked.name}".strip(), linked.window
    before = f"{how} · " if how else ""
    content = Content.assemble(
        (f"  {linked.id} ", "$quiet"), (f"{amount}  " if amount else "", "bold"), (before, "$quiet"), words
    )
    return Row(content, target=Target("record", linked.id))


MOST_RECORDS = 100
"""The records of one kind that are listed below each other: more are counted, and found in panel 2."""


def record_rows(context: LedgerContext, records: Sequence[LedgerRecord]) -> list[Row]:
    """A row for each of the first ``records``, and how many there are beyond them."""
    rows = [record_row(context, record) for record in records[:MOST_RECORDS]]
    return [*rows, *more_row(len(records))]


def more_row(many: int) -> list[Row]:
    """Says how many of ``many`` records are not listed; nothing where all are."""
    return [label_row("", f"and {many - MOST_RECORDS:,} more", "$quiet")] if many > MOST_RECORDS else []


def history_rows(context: LedgerContext, record: Commitment | Signal) -> list[Row]:
    """What the record takes the place of."""
    return [
        Row(
            Content.assemble((f"  was {older.id}: ", "$quiet"), _older_words(context.ledger, older)),
            target=Target("record", older.id),
        )
        for older in history(context.ledger, record)
    ]


def _older_words(ledger: Ledger, older: Commitment | Signal) -> str:
    name = source_name(ledger, older.source)
    if isinstance(older, Commitment):
        return f"{printed_amount(older)}, {older.status}, per {name}"
    return f"{printed_value(older)}, per {name}"


def conflict_rows_of(context: LedgerContext, record: Record) -> list[Row]:
    """Every conflict about a record, with its sides; the mark stands on those that mark their records."""
    rows: list[Row] = []
    for conflict in conflicts_of(context.ledger, record):
        mark, style = (f"{FLAG} ", "bold $warning") if conflict.marks_records else ("", "bold")
        title = Content.styled(f"{mark}{conflict.id} {conflict.heading}", style)
        rows += [Row(title, target=Target("record", conflict.id)), *side_rows(context.ledger, conflict)]
    return rows


def side_rows(ledger: Ledger, conflict: Conflict) -> list[Row]:
    """The sides of a conflict, how it is shown, and what others say of it."""
    rows = []
    for side in conflict.sides:
        source = side.at.partition(":")[0]
        target = Target("source", source) if source in ledger.sources else None
        place = f"  [{place_words(ledger, side.at)}]"
        rows.append(Row(Content.assemble("  ", side.says, (place, "$quiet")), 2, target))
    rows.append(Row(Content.assemble("  ", (f"shown as: {conflict.show_as}", "$quiet")), 2))
    if conflict.outside:
        rows.append(Row(Content.assemble("  ", (f"outside the articles: {conflict.outside}", "$quiet")), 2))
    for check in conflict.verified:
        words = f"{check.date} {check.says}: {place_checked(ledger, check)}"
        rows.append(Row(Content.assemble("  ", (words, "$quiet")), 2, _target_of_check(ledger, check)))
    return rows


def implied_rows(context: LedgerContext, record: Commitment) -> list[Row]:
    """The exchange rates hidden in the sums as printed."""
    return fact_rows(
        ("implied FX", f"1 {rate.base} = {rate.rate} {rate.quote} ({rate.id})")
        for rate in implied_rates_of(context.ledger, record)
    )


def company_rows(context: LedgerContext, market: MarketState, record: LedgerRecord) -> list[Row]:
    """The listed companies that a record touches, with what they do now."""
    companies = touches(context.ledger, record)
    if not companies:
        return [Row(Content.styled("No listed company named", "$quiet"))]
    rows = [heading_row("Listed companies it touches")]
    for touch, (change, moved) in zip(companies, companies_now(context, market, record), strict=True):
        name = context.ledger.entities[touch.entity].name if touch.entity else ""
        style = tone(change, parse_symbol(touch.symbol), context.convention) if change is not None else "$stale"
        content = Content.assemble(
            f"  {touch.symbol:<10}", (f"{moved:>9}  ", style), name, (f"  {touch.reason}", "$quiet")
        )
        rows.append(Row(content, target=Target("stock", touch.symbol)))
    return rows


def companies_now(context: LedgerContext, market: MarketState, record: LedgerRecord) -> list[tuple[float | None, str]]:
    """What each company that a record touches does now, in percent and in words: all of a commitment's text that moves
    by itself."""
    now = []
    for touch in touches(context.ledger, record):
        symbol = parse_symbol(touch.symbol)
        quote = market.quotes.get(symbol)
        change = quote.change_percent if quote else None
        now.append((change, f"{signed(change)} %" if change is not None else str(market.status(symbol))))
    return now


def note_rows(note: str) -> list[Row]:
    """The remark on a record."""
    return [Row(Content.styled(note, "italic"))] if note else []


def commitment_title(ledger: Ledger, record: Commitment) -> str:
    """The heading of panel 4 for a commitment."""
    return f"{record.id} {record.kind}{', superseded' if record.id in ledger.superseded else ''}"


Around = tuple[list[Row], list[Row]]
"""What stands above a commitment's companies, and what below."""


def around_companies(context: LedgerContext, record: Commitment) -> Around:
    """Everything about ``record`` but its companies."""
    above = [
        *commitment_facts(context, record),
        *trust_rows(context, record),
        *source_rows(context, record, record.also_lines),
    ]
    below = conflict_rows_of(context, record)
    below += [*related_rows(context, record), *party_rows(context.ledger, record)]
    below += further_sources(context, record)
    below += [*history_rows(context, record), *superseded_by(context.ledger, record)]
    below += implied_rows(context, record)
    return above, [*below, *note_rows(record.note)]


def commitment_text(
    context: LedgerContext, market: MarketState, record: Commitment, around: Around | None = None
) -> list[Row]:
    """Everything about ``record``, with the prices of its companies now; ``around`` them stands what is known."""
    above, below = around or around_companies(context, record)
    return [*above, *company_rows(context, market, record), *below]


def superseded_by(ledger: Ledger, record: Commitment | Signal) -> list[Row]:
    """A row to what took the place of ``record``; none when nothing did."""
    now = current_id(ledger, record.id)
    if now == record.id:
        return []
    return [Row(Content.assemble(("  superseded by ", "$quiet"), now), target=Target("record", now))]
