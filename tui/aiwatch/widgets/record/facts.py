"""Panel 4's rows for a record: every field of it, its conflicts, how far it is trusted, and where it leads."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from decimal import Decimal

from textual.content import Content

from aiwatch.formatting.addresses import without_passwords
from aiwatch.formatting.text import signed
from aiwatch.formatting.tone import tone
from aiwatch.ledger.amounts import convert_record, money, plain, printed_amount, significant
from aiwatch.ledger.exposure import LedgerRecord, spending_of, touches
from aiwatch.ledger.links import age_in_days, conflicts_of, history, implied_rates_of, related, status
from aiwatch.ledger.records import Commitment, Conflict, Ledger, Mark, Record, Signal, Verification
from aiwatch.ledger.totals import period_of, standing
from aiwatch.ledger.trust import trust_in
from aiwatch.market.state import Desk
from aiwatch.market.symbol import parse_symbol
from aiwatch.widgets.ledger.context import FLAG, YOURS, Reading, converted_forms, rate_text, short_name
from aiwatch.widgets.ledger.rows import age_words, amount_forms, parties
from aiwatch.widgets.linked_rows import Row, Target, heading_row, label_row

_DIGITS = 4


def told(pairs: Iterable[tuple[str, str]]) -> list[Row]:
    """A row a field, those without a value left out."""
    return [label_row(label, value) for label, value in pairs if value]


def commitment_facts(reading: Reading, one: Commitment) -> list[Row]:
    """A commitment's own fields."""
    own = f"{YOURS} yours · " if one.mark is Mark.YOURS else ""
    rows = [Row(Content.assemble((own, "$heading"), (parties(one), "bold")))]
    rows += told(
        (
            ("known as", _common_names(reading.ledger, one)),
            ("as printed", printed_amount(one)),
            ("counted as", money(one.amount, one.currency) if one.amount is not None and len(one.stated) > 1 else ""),
            (f"in {reading.currency}", _converted(reading, one) if reading.currency else ""),
            ("yearly rate", yearly_rate(one)),
            ("valuation", ", ".join(money(amount, currency) for currency, amount in one.valuation)),
            ("period", "" if one.annual and period_of(one) == "a year" else period_of(one)),
            ("with", _named(reading.ledger, one.partners)),
            ("suppliers", _named(reading.ledger, one.suppliers)),
            ("programme", one.programme),
            ("announced", one.announced),
            ("status", status(reading.ledger, one)),
            ("binding", one.binding),
            ("capacity", one.capacity),
            ("growth", growth(one)),
            ("value chain", ", ".join(one.chain)),
            ("goes to", _spending(reading.ledger, one)),
            ("totals", standing(reading.ledger, one)),
        )
    )
    return rows


def _named(ledger: Ledger, ids: tuple[str, ...]) -> str:
    return ", ".join(short_name(ledger, id) for id in ids)


def _spending(ledger: Ledger, one: Commitment) -> str:
    """Where the source says that such spending goes."""
    return "; ".join(
        f"{', '.join(spending.chain)} (article {spending.source}, line {spending.line})"
        for spending in spending_of(ledger, one)
    )


def trust_rows(reading: Reading, one: Record) -> list[Row]:
    """The steps of trust in words, what verified the record, and the stages that it came to."""
    trust = trust_in(reading.ledger, one)
    rows = [label_row("trust", f"{trust.dots} {'; '.join(trust.reasons)}")]
    rows += verified_rows(one.verified)
    if isinstance(one, Commitment):
        steps = [
            f"{step.date} {step.status}{f', {step.says}' if step.says else ''} ({step.source})"
            for step in one.status_history
        ]
        rows += [label_row("history" if not place else "", step) for place, step in enumerate(steps)]
    return rows


def verified_rows(checks: tuple[Verification, ...]) -> list[Row]:
    """What other sources say, each with its date and address."""
    rows = []
    for place, check in enumerate(checks):
        kind = f" ({check.kind})" if check.kind else ""
        rows.append(label_row("verified" if not place else "", f"{check.date}: {check.says}{kind}"))
        rows.append(label_row("", Content.styled(without_passwords(check.url), "$quiet")))
    return rows


def _common_names(ledger: Ledger, one: Commitment) -> str:
    """The parties' common names, where they are not what is printed."""

    def common(printed: str, ids: tuple[str, ...]) -> str:
        names = [ledger.entities[id] for id in ids if ledger.entities[id].type not in ("state", "programme")]
        if all(entity.name in printed for entity in names):
            return ""
        return " + ".join(f"{entity.name_zh} {entity.name}".strip() for entity in names)

    payer, recipient = common(one.payer, one.payers), common(one.recipient, one.recipients)
    if not payer and not recipient:
        return ""
    return " → ".join(part for part in (payer or one.payer, recipient or one.recipient) if part)


def _converted(reading: Reading, one: Commitment) -> str:
    if one.amount is None:
        return "no sum is stated"
    found = convert_record(one, reading.currency, reading.rates)
    if found is None:
        return "no rate is known"
    how = f" at {rate_text(reading.ledger, found.rate)}" if found.rate else ", as printed"
    return f"{converted_forms(reading, one)[0]}{how}"


def yearly_rate(one: Commitment) -> str:
    """The sum a year: as printed, or the sum over its years, which is said to be worked out."""
    if one.amount is None:
        return ""
    if one.annual:
        return f"{money(one.amount, one.currency)} a year, as printed" if not one.period_start else ""
    if one.period_years is None or one.period_years <= 1:
        return ""
    a_year = money(one.amount / one.period_years, one.currency, _DIGITS)
    return f"{a_year} a year, if even over {plain(one.period_years)} years"


def growth(one: Commitment) -> str:
    """The growth on the year, and the sum of the year before that it implies."""
    if one.growth_percent is None:
        return ""
    said = f"{'+' if one.growth_percent > 0 else ''}{plain(one.growth_percent)} % on the year"
    if one.amount is None or one.growth_percent <= -100:
        return said
    base = one.amount / (1 + one.growth_percent / Decimal(100))
    return f"{said}: implies {money(significant(base, 3), one.currency)} before"


def source_rows(reading: Reading, one: Record, also: tuple[int, ...] = ()) -> list[Row]:
    """Where it is printed, when that is from, how old it is, and how far it is to be trusted."""
    ledger = reading.ledger
    article = ledger.sources[one.source]
    numbers = [str(line) for line in (one.line, *also) if line]
    lines = f"; line{'s' if len(numbers) > 1 else ''} {_listed(numbers)}" if numbers else ""
    sense = "" if article.date_sense == "on" else f"{article.date_sense} "
    dated = f", {sense}{day_words(article.dated)}" if article.dated else ", undated"
    author = f", by {article.author}" if article.author else ""
    name = f"{article.short} ({article.id})" if article.short else article.id
    rows = [label_row("source", f"article {name}{lines}{dated}{author} · {article.title}")]
    days = age_in_days(ledger, one, reading.today)
    if reading.is_stale(one) and days is not None:
        rows.append(label_row("", f"newest source {age_words(days)} old: verify again", "$warning"))
    if article.confidence == "low":
        rows.append(label_row("", f"lower confidence: {article.confidence_note}", "$warning"))
    if article.attribution:
        rows.append(label_row("", article.attribution, "$quiet"))
    return rows


def further_sources(reading: Reading, one: Record) -> list[Row]:
    """The other sources that say a record, each leading to it."""
    ledger = reading.ledger
    rows = [heading_row("Also said by")] if one.also_sources else []
    for id in one.also_sources:
        further = ledger.sources[id]
        when = f", {day_words(further.dated)}" if further.dated else ""
        content = Content.assemble((f"  {further.short or id}{when} ", "$quiet"), further.title)
        rows.append(Row(content, target=Target(f"source:{id}")))
    return rows


def day_words(date: datetime.date) -> str:
    """``15 Aug 2025``."""
    return f"{date.day} {date:%b %Y}"


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def related_rows(reading: Reading, one: Commitment) -> list[Row]:
    """The records that hang together with a commitment, and how."""
    found = related(reading.ledger, one)
    rows = [heading_row("Related")] if found else []
    return rows + [record_row(reading, other.record, other.how) for other in found]


def record_row(reading: Reading, other: LedgerRecord, how: str = "") -> Row:
    """A row that leads to another record."""
    if isinstance(other, Commitment):
        words, amount = parties(other), amount_forms(other)[1 if len(amount_forms(other)) > 1 else 0]
    elif isinstance(other, Signal):
        words, amount = f"{other.subject}: {other.metric}", f"{other.value} {other.unit}".strip()
    else:
        words, amount = f"{other.name_zh} {other.name}".strip(), other.window
    before = f"{how} · " if how else ""
    content = Content.assemble(
        (f"  {other.id} ", "$quiet"), (f"{amount}  " if amount else "", "bold"), (before, "$quiet"), words
    )
    return Row(content, target=Target(other.id))


def history_rows(reading: Reading, one: Commitment | Signal) -> list[Row]:
    """What the record takes the place of."""
    return [
        Row(Content.assemble((f"  was {older.id}: ", "$quiet"), _older_words(older)), target=Target(older.id))
        for older in history(reading.ledger, one)
    ]


def _older_words(older: Commitment | Signal) -> str:
    if isinstance(older, Commitment):
        return f"{printed_amount(older)}, {older.status}, per {older.source}"
    return f"{older.value} {older.unit}, per {older.source}".strip()


def conflict_rows_of(reading: Reading, one: Record) -> list[Row]:
    """Every conflict about a record, with its sides; the mark stands on those that mark their records."""
    rows: list[Row] = []
    for conflict in conflicts_of(reading.ledger, one):
        mark, style = (f"{FLAG} ", "bold $warning") if conflict.marks_records else ("", "bold")
        title = Content.styled(f"{mark}{conflict.id} {conflict.title} · {conflict.kind}", style)
        rows += [Row(title, target=Target(conflict.id)), *side_rows(conflict)]
    return rows


def side_rows(conflict: Conflict) -> list[Row]:
    """The sides of a conflict, how it is shown, and what others say of it."""
    rows = [Row(Content.assemble("  ", side.says, (f"  [{side.at}]", "$quiet")), 2) for side in conflict.sides]
    rows.append(Row(Content.assemble("  ", (f"shown as: {conflict.show_as}", "$quiet")), 2))
    if conflict.outside:
        rows.append(Row(Content.assemble("  ", (f"outside the articles: {conflict.outside}", "$quiet")), 2))
    for check in conflict.verified:
        words = f"{check.date} {check.says}: {without_passwords(check.url)}"
        rows.append(Row(Content.assemble("  ", (words, "$quiet")), 2))
    return rows


def implied_rows(reading: Reading, one: Commitment) -> list[Row]:
    """The exchange rates hidden in the sums as printed."""
    return told(
        ("implied FX", f"1 {rate.base} = {rate.rate} {rate.quote} ({rate.id})")
        for rate in implied_rates_of(reading.ledger, one)
    )


def company_rows(reading: Reading, desk: Desk, one: LedgerRecord) -> list[Row]:
    """The listed companies that a record touches, with what they do now."""
    companies = touches(reading.ledger, one)
    if not companies:
        return [Row(Content.styled("No listed company named", "$quiet"))]
    rows = [heading_row("Listed companies it touches")]
    for touch in companies:
        symbol = parse_symbol(touch.symbol)
        quote = desk.quotes.get(symbol)
        change = quote.change_percent if quote else None
        name = reading.ledger.entities[touch.entity].name if touch.entity else ""
        moved = f"{signed(change)} %" if change is not None else str(desk.standing(symbol))
        style = tone(change, symbol, reading.convention) if change is not None else "$stale"
        content = Content.assemble(
            f"  {touch.symbol:<10}", (f"{moved:>9}  ", style), name, (f"  {touch.reason}", "$quiet")
        )
        rows.append(Row(content, target=Target(touch.symbol, is_stock=True)))
    return rows


def note_rows(note: str) -> list[Row]:
    """The remark on a record."""
    return [Row(Content.styled(note, "italic"))] if note else []
