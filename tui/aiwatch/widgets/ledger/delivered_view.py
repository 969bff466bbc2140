"""Delivered against promised: each pledge of capital spending with a bar, below it its payers, quarter by quarter."""

from __future__ import annotations

from decimal import Decimal

from rich.cells import cell_len
from textual.content import Content

from aiwatch.formatting.text import BLOCKS, clip
from aiwatch.ledger.delivered.quarters import Delivery, Part, Quarter, Reports, bar, deliveries
from aiwatch.ledger.delivered.words import (
    BASIS,
    company_words,
    percent_words,
    progress_words,
    spent_words,
    sum_words,
    year_rows,
)
from aiwatch.ledger.views import short_name
from aiwatch.widgets.ledger.context import LedgerContext
from aiwatch.widgets.ledger.rows import BEING_READ, ListRow, Shown, ViewQuery, commitment_words, matches, parties

_LONGEST_BAR = 60
_WIDE = 130
"""The cells from which a quarter has a bar of several."""
_QUARTER_BAR = 10
_FIGURE = 9
"""The cells of a quarter's sum; what is longer takes its room."""


def delivered_view(context: LedgerContext, query: ViewQuery, width: int) -> Shown:
    """Every pledge of capital spending that matches, beside what its payers have reported since."""
    if not context.ledger.complete:
        return Shown((), BEING_READ)
    ledger, reports = context.ledger, context.reports or Reports()
    results = [
        result
        for result in deliveries(ledger, reports)
        if matches(query.text, commitment_words(ledger, result.record), result.period)
    ]
    rows: list[ListRow] = []
    for result in results:
        rows.append(ListRow(f"delivered:{result.record.id}", _pledge_lines(result, width)))
        for part in result.parts:
            lines = _company_lines(context, part, reports, width)
            rows.append(ListRow(f"delivered:{result.record.id}:{part.entity}", lines))
    many = f"{len(results)} pledge{'' if len(results) == 1 else 's'}"
    return Shown(tuple(rows), " · ".join(filter(None, (_asking(reports), many, _basis(reports)))))


def _asking(reports: Reports) -> str:
    return f"asking for {reports.asking}, {reports.done + 1} of {reports.total} …" if reports.asking else ""


def _basis(reports: Reports) -> str:
    return f"{reports.mark}: made-up figures, by quarter" if reports.mark else BASIS


def _pledge_lines(result: Delivery, width: int) -> Content:
    record = result.record
    title = f" {record.id} {result.period} · {parties(record)} · {record.status}"
    words = f"{percent_words(result)}  {progress_words(result)}"
    is_known = any(part.quarters for part in result.parts)  # a bar of nothing would say that nothing was spent
    cells = max(0, min(_LONGEST_BAR, width - cell_len(words) - 5)) if is_known else 0
    second = Content.assemble("   ", (bar(result, cells), "$accent"), "  " if cells else "", (words, "bold"))
    return Content("\n").join([Content.styled(clip(title, width).rstrip(), "bold"), _cut(second, width)])


def _company_lines(context: LedgerContext, part: Part, reports: Reports, width: int) -> Content:
    spent = spent_words(part)
    name = f"   {short_name(context.ledger, part.entity)}  "
    about = company_words(context.ledger, part, reports)
    first = Content.assemble(name, (f"{spent}  " if spent else "", "bold"), (about, "$quiet"))
    most = max((quarter.amount for quarter in part.quarters), default=Decimal(0))
    lines = [first]
    for year, quarters in year_rows(part):
        line = Content.styled(f"     {year:<6}", "$quiet")
        for label, quarter in quarters:
            line += _quarter_piece(label, quarter, most, width)
        lines.append(line)
    return Content("\n").join([_cut(line, width) for line in lines])


def _quarter_piece(label: str, quarter: Quarter | None, most: Decimal, width: int) -> Content:
    """``Q1 ▅ $17.2 bn``, with a longer bar where there is room; a dash for a quarter that is not reported."""
    cells = _QUARTER_BAR if width >= _WIDE else 1
    if quarter is None:
        return Content.assemble((f" {label} ", "$quiet"), f"{'–':<{cells}} {'':<{_FIGURE}}")
    share = quarter.amount / most if most > 0 else Decimal(0)
    drawn = BLOCKS[round(share * (len(BLOCKS) - 1))] if cells == 1 else "█" * max(1, round(share * cells))
    figure = sum_words(quarter.amount, quarter.currency)
    return Content.assemble((f" {label} ", "$quiet"), (f"{drawn:<{cells}}", "$accent"), f" {figure:<{_FIGURE}}")


def _cut(content: Content, width: int) -> Content:
    return content.truncate(width, ellipsis=True)
