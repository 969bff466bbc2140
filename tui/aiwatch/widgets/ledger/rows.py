"""Rows of commitments: by kind or in one order, narrowed to what matches, in as many columns as fit."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from textual.content import Content

from aiwatch.formatting.text import clip
from aiwatch.ledger.amounts import convert_record, money, printed_amount, rate_period, sign_before
from aiwatch.ledger.links import age_in_days, kept, marked, source_name
from aiwatch.ledger.records import Commitment, Ledger, Mark, Record
from aiwatch.ledger.totals import period_of
from aiwatch.ledger.trust import trust_in
from aiwatch.ledger.views import commitment_words as commitment_words
from aiwatch.ledger.views import is_projection, payer_forms, recipient_forms, search_words
from aiwatch.widgets.ledger.context import AGED, FLAG, LedgerContext, converted_forms
from aiwatch.widgets.table import Cell, Column, TableRows, cell
from aiwatch.widgets.table import ListRow as ListRow

SORTS = ("", "amount", "date", "payer", "status")
"""The orders of commitments; the first is by kind."""

BEING_READ = "The rest of the ledger is being read."
"""Said by a view whose records come after the first paint."""

_YEAR = re.compile(r"(?:19|20)\d\d(?:Q[1-4])?")
_RANKS = ("Sums", "A year", "Forecasts and figures of speech", "No sum")
"""What is ranked apart in the order of amounts."""


class Shown(Struct, frozen=True):
    """What a view shows: titles of its columns, rows, and a word on the whole."""

    rows: Sequence[ListRow]
    summary: str
    head: Content | None = None


class ViewQuery(Struct, frozen=True):
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


def parties(record: Commitment) -> str:
    """``OpenAI → Oracle``, as printed; where nobody is said to pay, the payee behind the programme whose name it does
    not say itself: ``Anthropic IPO: Anthropic``."""
    if record.payer:
        return " → ".join(part for part in (record.payer, record.recipient) if part)
    programme = "" if record.recipient.startswith(record.programme) else record.programme
    return ": ".join(part for part in (programme, record.recipient) if part) or record.programme


def amount_forms(record: Commitment) -> tuple[str, ...]:
    """The sum as printed with its qualifier, in the end in the one currency it is counted in; a yearly rate stays one
    in every form."""
    if record.amount is None:
        return (record.qualifier, "not stated") if record.qualifier else ("not stated",)
    before, after = sign_before(record), "/y" if rate_period(record) else ""
    short = [f"{before}{money(record.amount, record.currency, digits)}{after}" for digits in (None, 3)]
    return (f"{'' if record.qualifier else before}{printed_amount(record)}", *short)


def status_forms(ledger: Ledger, record: Commitment) -> tuple[str, ...]:
    """The status; with who says so where no other source says the same of the same programme."""
    names = {*record.recipients, record.programme_entity} - {""}
    if not any(ledger.entities[id].type == "programme" for id in names):
        return (record.status,)
    of_programmes = kept(ledger, "programme records", _of_programmes)
    further = [
        programme for id in names for programme in of_programmes.get(id, ()) if programme.source != record.source
    ]
    alone = bool(further) and all(programme.status != record.status for programme in further)
    who = dict.fromkeys((source_name(ledger, record.source), record.source)) if alone else ()
    return (*(f"{record.status}, per {name}" for name in who), record.status)


def _of_programmes(ledger: Ledger) -> dict[str, list[Commitment]]:
    """The commitments by the entities that are their programme or their recipient."""
    records: dict[str, list[Commitment]] = {}
    for record in ledger.commitments.values():
        for id in {*record.recipients, record.programme_entity} - {""}:
            records.setdefault(id, []).append(record)
    return records


def flag_cell(context: LedgerContext, record: Record) -> Cell:
    """The number of conflicts with their mark, and the mark of age."""
    return cell(_flags(context, record) + AGED * context.is_stale(record), style="$warning")


def trust_cell(context: LedgerContext, record: Record) -> Cell:
    """The steps of trust, the number of conflicts, the mark of age, each below those of the other rows:
    ``●●○ ⚑2◷``."""
    dots, flags = trust_in(context.ledger, record).dots, _flags(context, record)
    marks = f"{flags:2}{AGED if context.is_stale(record) else ' '}"
    return cell(f"{dots} {marks}", f"{dots}{marks}", style="$warning" if flags else "$quiet")


def _flags(context: LedgerContext, record: Record) -> str:
    flags = context.flags(record)
    return f"{FLAG}{flags}" if flags else ""


def source_cell(context: LedgerContext, record: Record) -> Cell:
    """The record's source with its marks."""
    return cell(*context.source_words(record), style="$quiet")


def age_words(days: int | None) -> str:
    """An age in days: ``464 days``, ``no date``."""
    return "no date" if days is None else f"{days} day{'' if days == 1 else 's'}"


_COLUMNS = (
    Column(("Payer",), least=8, most=34),
    Column(("Payee",), least=12, most=44),
    Column(("Amount",), right=True),
    Column(("In USD",), right=True),
    Column(("When",), rank=3, least=9, most=26),
    Column(("Status",), rank=2, least=10, most=26),
    Column(("Trust",), rank=-1),
    Column(("Src",), rank=4),
)
_PAYER_MOST = (150, 34), (100, 20), (0, 16)
"""The most cells of a payer, from how many cells of the row on."""
_AGE = Column(("Age",), right=True)
_KIND = Column(("Kind",), rank=5, least=8, most=20)
_TITLES = {"amount": "Amount", "date": "When", "payer": "Payer", "status": "Status"}


def commitment_table(
    context: LedgerContext, records: Iterable[Commitment], query: ViewQuery, width: int, *, aged: bool = False
) -> Shown:
    """The ``records`` that match, by kind or in the order asked for; ``aged`` keeps their order and says their age."""
    matching = list(records)
    if query.text.strip():
        words = search_words(context.ledger)
        for word in query.text.casefold().split():
            matching = [record for record in matching if word in words[record.id]]
    matching = in_order(context, matching, query)
    grouped = not query.sort and not aged
    columns = [*_COLUMNS, *(() if grouped else (_KIND,)), *((_AGE,) if aged else ())]
    columns[0] = replace(columns[0], most=next(most for least, most in _PAYER_MOST if width >= least))
    columns[3] = replace(columns[3], titles=(f"In {context.currency}",))
    title = _TITLES.get(query.sort, "")
    arrow = "↑" if falls(query) is False else "↓"
    headings = _headings(context.ledger, query, aged=aged)
    items: list[Commitment | ListRow] = [*matching]
    if headings:
        groups = [headings[record.id] for record in matching]
        many = Counter(groups)
        begins = [at for at, group in enumerate(groups) if at == 0 or groups[at - 1] != group]
        for at in reversed(begins):
            items.insert(at, heading(f"{groups[at]}  {many[groups[at]]}", width))
    rows = TableRows(
        items,
        lambda record: _cells(context, record, grouped=grouped, aged=aged),
        columns,
        width - 1,
        lambda record: record.id,
        title + arrow if title else "",
    )
    return Shown(rows, _summary(context, matching, query), rows.head)


def _heading_of(record: Commitment, query: ViewQuery, *, aged: bool) -> str:
    """What a record stands under: its kind, in the order of amounts what is ranked apart, else nothing."""
    if query.sort == "amount":
        return _RANKS[_rank(record)]
    if query.sort or aged:
        return ""
    kind = "projection" if is_projection(record) else record.kind
    return f"{kind[:1].upper()}{kind[1:]}"


def _headings(ledger: Ledger, query: ViewQuery, *, aged: bool) -> dict[str, str]:
    """What every commitment stands under, by id, worked out once a ledger; empty where there are no headings."""
    if aged or query.sort not in ("", "amount"):
        return {}
    headings: dict[str, str] = kept(
        ledger,
        f"headings {query.sort}",
        lambda ledger: {
            id: _heading_of(record, ViewQuery(query.sort), aged=False) for id, record in ledger.commitments.items()
        },
    )
    return headings


def first_headings(records: Sequence[Commitment]) -> list[list[Commitment]]:
    """The records under each heading of the first view."""
    groups = groupby(records, key=lambda record: _heading_of(record, ViewQuery(), aged=False))
    return [list(group) for _, group in groups]


def _rank(record: Commitment) -> int:
    if is_projection(record):
        return 2
    if record.amount is None:
        return 3
    return 1 if rate_period(record) else 0


def falls(query: ViewQuery) -> bool | None:
    """Whether the order asked for begins with the largest or newest; ``None`` without an order."""
    return (query.sort in ("amount", "date")) != query.reverse if query.sort else None


def in_order(context: LedgerContext, records: Sequence[Commitment], query: ViewQuery) -> list[Commitment]:
    """The records in the order asked for; those without what it goes by come last, whichever way round."""
    if not query.sort:
        return list(reversed(records)) if query.reverse else list(records)
    values = _order_values(context, query.sort)
    ordered = [record for record in records if values[record.id] is not None]
    ordered.sort(key=lambda record: values[record.id], reverse=bool(falls(query)))
    ordered += [record for record in records if values[record.id] is None]
    if query.sort == "amount":
        ranks: dict[str, int] = kept(context.ledger, "ranks", _ranks)
        ordered.sort(key=lambda record: ranks[record.id])
    return ordered


def _order_values(context: LedgerContext, sort: str) -> dict[str, Any]:
    """What every commitment is sorted by, by id; worked out once a ledger, sums once for the same rates."""
    keys: dict[str, Callable[[Commitment], Decimal | str | None]] = {
        "amount": lambda record: _in_usd(context, record),
        "date": date_key,
        "payer": lambda record: parties(record).casefold(),
        "status": lambda record: record.status.casefold(),
    }
    key, rates = keys[sort], context.rates if sort == "amount" else ()
    held = vars(context.ledger).get(f"order {sort}")
    if held is None or held[0] != rates:
        held = rates, {id: key(record) for id, record in context.ledger.commitments.items()}
        vars(context.ledger)[f"order {sort}"] = held
    values: dict[str, Any] = held[1]
    return values


def _ranks(ledger: Ledger) -> dict[str, int]:
    return {id: _rank(record) for id, record in ledger.commitments.items()}


def date_key(record: Commitment) -> str | None:
    """What a commitment is dated by: the first year in its announcement, else the begin or the end of its period."""
    for text in (record.announced, record.period_start, record.period_end):
        if year := _YEAR.search(text):
            return year.group()
    return None


def _in_usd(context: LedgerContext, record: Commitment) -> Decimal | None:
    """The sum in dollars, to order by alone."""
    result = convert_record(record, "USD", context.rates)
    return result.amount if result else None


def _cells(context: LedgerContext, record: Commitment, *, grouped: bool, aged: bool) -> list[Cell]:
    period = "" if rate_period(record) and not record.period_printed else period_of(record)
    when = [part for part in (period, record.announced) if part]
    shorter = (record.announced.partition(" (")[0], date_key(record) or "") if record.announced else ()
    cells = [
        cell(*payer_forms(context.ledger, record)),
        cell(*recipient_forms(context.ledger, record)),
        cell(*amount_forms(record), style="bold" if record.amount is not None else "$quiet"),
        cell(*(converted_forms(context, record) if context.currency else ())),
        cell(", ".join(when), *when, *filter(None, shorter), style="$quiet") if when else cell(),
        cell(*status_forms(context.ledger, record)),
        trust_cell(context, record),
        source_cell(context, record),
    ]
    if not grouped:
        cells.append(cell(record.kind, style="$quiet"))
    if aged:
        days = age_in_days(context.ledger, record, context.today)
        cells.append(cell(age_words(days), f"{days}d" if days is not None else "no date"))
    return cells


def _being_read(files: int) -> str:
    return f"{files} file{'' if files == 1 else 's'} of your own being read …" if files else ""


def _summary(context: LedgerContext, records: Sequence[Commitment], query: ViewQuery) -> str:
    with_conflict = marked(context.ledger)
    shown = {record.id for record in records} if len(records) < len(context.ledger.commitments) else None
    flagged = len([id for id in with_conflict & context.ledger.commitments.keys() if shown is None or id in shown])
    yours = len([record for record in records if record.mark is Mark.YOURS])
    parts = [
        f"{len(records)} commitment{'' if len(records) == 1 else 's'}",
        f"{flagged} {FLAG}" if flagged else "",
        f"{yours} yours" if yours else "",
        _being_read(context.ledger.deferred),
        f"by {query.sort}{' in USD' if query.sort == 'amount' else ''}" if query.sort else "",
    ]
    return " · ".join(part for part in parts if part)
