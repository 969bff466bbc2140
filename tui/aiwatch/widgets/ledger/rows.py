"""Rows of commitments: by kind or in one order, narrowed to what matches, in as many columns as fit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace
from textual.content import Content

from aiwatch.formatting.text import clip
from aiwatch.ledger.amounts import convert, money, printed_amount
from aiwatch.ledger.links import age_in_days
from aiwatch.ledger.records import Commitment, Ledger, Record
from aiwatch.widgets.ledger.context import FLAG, Reading, converted_forms, rate_period
from aiwatch.widgets.table import Cell, Column, cell, head, line, widths_of

SORTS = ("", "amount", "date", "payer", "status")
"""The orders of commitments; the first is by kind."""

BEING_READ = "The rest of the ledger is being read."
"""Said by a view whose records come after the first paint."""

_QUALIFIERS = {"over": ">", "about": "~"}
_YEAR = re.compile(r"(?:19|20)\d\d(?:Q[1-4])?")


class ListRow(Struct, frozen=True):
    """A row of a view: ``key`` names what it shows, empty for a heading."""

    key: str
    content: Content


class Shown(Struct, frozen=True):
    """What a view shows: titles of its columns, rows, and a word on the whole."""

    rows: tuple[ListRow, ...]
    summary: str
    head: Content | None = None


class Asked(Struct, frozen=True):
    """What is asked of a view: ``sort`` is one of `SORTS`, ``text`` words that must all be found, ``mapped`` the
    money map in place of the table of deals."""

    sort: str = ""
    reverse: bool = False
    text: str = ""
    mapped: bool = False


def heading(text: str, width: int) -> ListRow:
    """A row that the cursor passes over."""
    return ListRow("", Content(clip(text, width)))


def matches(text: str, *haystack: str) -> bool:
    """Whether every word of ``text`` is somewhere in ``haystack``, in any case."""
    whole = " ".join(haystack).casefold()
    return all(word in whole for word in text.casefold().split())


def commitment_words(ledger: Ledger, record: Commitment) -> str:
    """Everything by which a commitment can be found: printed and common names, kind, status, sum, source."""
    entities = (*record.payers, *record.recipients, *record.suppliers)
    names = [f"{ledger.entities[id].name} {ledger.entities[id].name_zh}" for id in entities]
    said = (record.id, record.kind, record.payer, record.recipient, record.programme, record.status, record.capacity)
    return " ".join((*said, record.source, record.mark, printed_amount(record), record.region, *names))


def period_of(commitment: Commitment) -> str:
    """The commitment's period in few words: ``2026``, ``2025–2028``, ``4 years``, ``a year``."""
    start, end = commitment.period_start, commitment.period_end
    if start and end and start != end:
        return f"{start}–{end}"
    if start or end:
        return f"to {end}" if end and not start else start
    if commitment.period_years:
        years = f"{commitment.period_years.normalize():f}"
        return f"{years} year{'' if years == '1' else 's'}"
    return "a year" if commitment.annual else ""


def parties(record: Commitment) -> str:
    """``OpenAI → Oracle``, as printed."""
    return f"{record.payer or record.programme} → {record.recipient}" if record.recipient else record.payer


def amount_forms(record: Commitment) -> tuple[str, ...]:
    """The sum as printed, in the end in the one currency it is counted in; a yearly rate stays one in every form."""
    if record.amount is None:
        return (record.qualifier, "not stated") if record.qualifier else ("not stated",)
    before, after = _QUALIFIERS.get(record.qualifier, ""), "/y" if rate_period(record) else ""
    short = [f"{before}{money(record.amount, record.currency, digits)}{after}" for digits in (None, 3)]
    return (printed_amount(record), *short)


def status_forms(ledger: Ledger, record: Commitment) -> tuple[str, ...]:
    """The status; with who says so where no other source says the same of the same programme."""
    names = {*record.recipients, record.programme_entity} - {""}
    if not any(ledger.entities[id].type == "programme" for id in names):
        return (record.status,)
    others = [
        other
        for other in ledger.commitments.values()
        if other.source != record.source and names & {*other.recipients, other.programme_entity} - {""}
    ]
    alone = bool(others) and all(other.status != record.status for other in others)
    return (f"{record.status}, per {record.source}", record.status) if alone else (record.status,)


def flag_cell(reading: Reading, record: Record) -> Cell:
    """The number of contradictions, with their mark."""
    flags = reading.flags(record)
    return cell(f"{FLAG}{flags}" if flags else "", style="$limit")


def source_cell(reading: Reading, record: Record) -> Cell:
    """The record's source with its marks."""
    return cell(*reading.source_words(record), style="$quiet")


def dimmed(cells: Sequence[Cell]) -> list[Cell]:
    """The row of a record that should be verified again."""
    return [one if one.style == "$limit" else replace(one, style="$stale") for one in cells]


def age_words(days: int | None) -> str:
    """An age in days: ``464 days``, ``no date``."""
    return "no date" if days is None else f"{days} day{'' if days == 1 else 's'}"


_COLUMNS = (
    Column(("From → to",), least=22),
    Column(("Amount",), right=True),
    Column(("In USD",), right=True),
    Column(("When",), rank=3, least=12, most=26),
    Column(("Status",), rank=2, least=9, most=26),
    Column((FLAG,), rank=0),
    Column(("Src",), rank=1, right=True),
)
_AGE = Column(("Age",), right=True)
_KIND = Column(("Kind",), rank=4, least=8, most=20)


def commitment_table(
    reading: Reading, records: Iterable[Commitment], asked: Asked, width: int, *, aged: bool = False
) -> Shown:
    """The ``records`` that match, by kind or in the order asked for; ``aged`` keeps their order and says their age."""
    found = list(records)
    if asked.text.strip():
        found = [record for record in found if matches(asked.text, commitment_words(reading.ledger, record))]
    found = in_order(reading, found, asked)
    grouped = not asked.sort and not aged
    columns = [*_COLUMNS, *(() if grouped else (_KIND,)), *((_AGE,) if aged else ())]
    columns[2] = replace(columns[2], titles=(f"In {reading.currency}",))
    table = [_cells(reading, record, grouped=grouped, aged=aged) for record in found]
    widths = widths_of(columns, table, width - 1)
    lines = [Content(" ") + line(columns, widths, cells) for cells in table]
    title = {"amount": "Amount", "date": "When", "payer": "From → to", "status": "Status"}.get(asked.sort, "")
    arrow = "↑" if falls(asked) is False else "↓"
    head_line = Content(" ") + head(columns, widths, sorted_by=title + arrow if title else "")
    rows: list[ListRow] = []
    for at, (record, content) in enumerate(zip(found, lines, strict=True)):
        if grouped and (at == 0 or found[at - 1].kind != record.kind):
            many = sum(other.kind == record.kind for other in found)
            rows.append(heading(f"{record.kind[:1].upper()}{record.kind[1:]}  {many}", width))
        rows.append(ListRow(record.id, content))
    return Shown(tuple(rows), _summary(reading, found, asked), head_line)


def falls(asked: Asked) -> bool | None:
    """Whether the order asked for begins with the largest or newest; ``None`` without an order."""
    return (asked.sort in ("amount", "date")) != asked.reverse if asked.sort else None


def in_order(reading: Reading, records: Sequence[Commitment], asked: Asked) -> list[Commitment]:
    """The records in the order asked for; those without what it goes by come last, whichever way round."""
    if not asked.sort:
        return list(reversed(records)) if asked.reverse else list(records)
    keys: dict[str, Callable[[Commitment], Decimal | str | None]] = {
        "amount": lambda record: _in_usd(reading, record),
        "date": date_key,
        "payer": lambda record: parties(record).casefold(),
        "status": lambda record: record.status.casefold(),
    }
    key = keys[asked.sort]
    known = [(value, record) for record in records if (value := key(record)) is not None]
    known.sort(key=lambda pair: pair[0], reverse=bool(falls(asked)))
    return [record for _, record in known] + [record for record in records if key(record) is None]


def date_key(record: Commitment) -> str | None:
    """What a commitment is dated by: the first year in its announcement, else the begin or the end of its period."""
    for text in (record.announced, record.period_start, record.period_end):
        if found := _YEAR.search(text):
            return found.group()
    return None


def _in_usd(reading: Reading, record: Commitment) -> Decimal | None:
    """The sum in dollars, to order by alone."""
    if record.amount is None:
        return None
    dollars = dict(record.stated).get("USD")
    if dollars is not None:
        return dollars
    found = convert(record.amount, record.currency, "USD", reading.rates)
    return found.amount if found else None


def _cells(reading: Reading, record: Commitment, *, grouped: bool, aged: bool) -> list[Cell]:
    when = [part for part in (period_of(record), record.announced) if part]
    cells = [
        cell(parties(record)),
        cell(*amount_forms(record), style="bold" if record.amount is not None else "$quiet"),
        cell(*(converted_forms(reading, record) if reading.currency else ())),
        cell(", ".join(when), *when, style="$quiet") if when else cell(),
        cell(*status_forms(reading.ledger, record)),
        flag_cell(reading, record),
        source_cell(reading, record),
    ]
    if not grouped:
        cells.append(cell(record.kind, style="$quiet"))
    if aged:
        days = age_in_days(reading.ledger, record, reading.today)
        cells.append(cell(age_words(days), f"{days}d" if days is not None else "no date"))
    return dimmed(cells) if reading.is_stale(record) and not aged else cells


def _summary(reading: Reading, found: Sequence[Commitment], asked: Asked) -> str:
    flagged = sum(bool(reading.flags(record)) for record in found)
    yours = sum(record.mark == "yours" for record in found)
    parts = [
        f"{len(found)} commitment{'' if len(found) == 1 else 's'}",
        f"{flagged} {FLAG}" if flagged else "",
        f"{yours} yours" if yours else "",
        f"by {asked.sort}{' in USD' if asked.sort == 'amount' else ''}" if asked.sort else "",
    ]
    return " · ".join(part for part in parts if part)
