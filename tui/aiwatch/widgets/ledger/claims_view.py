"""The claims about share prices: printed move and window beside the checked ones, and what came since."""

from __future__ import annotations

from textual.content import Content

from aiwatch.formatting.text import signed
from aiwatch.formatting.tone import tone
from aiwatch.ledger.records import Claim, Ledger
from aiwatch.market.symbol import parse_symbol
from aiwatch.widgets.ledger.claims import printed_percent, since_then, verdict_forms
from aiwatch.widgets.ledger.context import FLAG, Reading
from aiwatch.widgets.ledger.rows import BEING_READ, Asked, ListRow, Shown, dimmed, flag_cell, matches, source_cell
from aiwatch.widgets.table import Cell, Column, cell, head, line, widths_of

_CLAIMS = (
    Column(("Share",), least=12, most=36),
    Column(("Printed",), right=True),
    Column(("Window",), rank=2, least=8, most=14),
    Column(("Checked",), right=True),
    Column(("Since then", "Since"), right=True),
    Column((FLAG,), rank=3),
    Column(("Src",), rank=4, right=True),
)


def claims_view(reading: Reading, asked: Asked, width: int) -> Shown:
    """Every claim that matches: printed beside checked, and the move since then."""
    if not reading.ledger.complete:
        return Shown((), BEING_READ)
    found = [one for one in reading.ledger.claims.values() if matches(asked.text, *claim_words(reading.ledger, one))]
    table = [_claim_cells(reading, one) for one in found]
    widths = widths_of(_CLAIMS, table, width - 1)
    lines = (Content(" ") + line(_CLAIMS, widths, cells) for cells in table)
    rows = [ListRow(one.id, content) for one, content in zip(found, lines, strict=True)]
    summary = f"{len(found)} claims · since then: last price against the end close of the claim, both unadjusted"
    return Shown(tuple(rows), summary, Content(" ") + head(_CLAIMS, widths))


def claim_words(ledger: Ledger, record: Claim) -> tuple[str, ...]:
    """Everything by which a claim can be found."""
    names = [f"{ledger.entities[id].name} {ledger.entities[id].name_zh}" for id in record.entities]
    return record.id, record.name, record.name_zh, record.verdict, record.note, *record.symbols, *names


def _claim_cells(reading: Reading, record: Claim) -> list[Cell]:
    change = since_then(record, reading.quotes)
    symbol = parse_symbol(record.symbols[0]) if record.symbols else None
    cells = [
        cell(f"{record.name_zh} {record.name}".strip()),
        cell(printed_percent(record)),
        cell(record.window, style="$quiet"),
        cell(*verdict_forms(record), style="bold" if record.checked_percent is not None else "$quiet"),
        cell(f"{signed(change)} %", style=tone(change, symbol, reading.convention))
        if change is not None
        else cell("–"),
        flag_cell(reading, record),
        source_cell(reading, record),
    ]
    since = cells[4]
    cells = dimmed(cells) if reading.is_stale(record) else cells
    cells[4] = since  # a live figure is never old
    return cells
