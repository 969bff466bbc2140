"""What of the ledger touches a stock: commitments that name it, those of its sector, signals, claims."""

from __future__ import annotations

from textual.content import Content

from aiwatch.ledger.amounts import printed_amount
from aiwatch.ledger.exposure import Mention, mentions
from aiwatch.ledger.records import Claim, Commitment, Ledger, Signal
from aiwatch.market.symbol import Symbol
from aiwatch.widgets.linked_rows import Row, Target, heading_row

HEADINGS = (
    "Commitments that name it",
    "Commitments touching its sector (not naming it)",
    "Spending that its source says goes to its sector",
    "Signals",
    "Claims about its price",
)


def mention_rows(ledger: Ledger, symbol: Symbol) -> list[Row]:
    """A heading and a row a record, for each group that has any; the rows lead to the records."""
    groups: dict[str, list[Mention]] = {title: [] for title in HEADINGS}
    for mention in mentions(ledger, symbol.text):
        if isinstance(mention.record, Commitment):
            groups[HEADINGS[0 if mention.direct else 2 if mention.by_source else 1]].append(mention)
        else:
            groups[HEADINGS[4 if isinstance(mention.record, Claim) else 3]].append(mention)
    rows: list[Row] = []
    for title, group in groups.items():
        if group:
            rows.append(heading_row(f"{title}  {len(group)}"))
        rows.extend(_row(mention) for mention in group)
    return rows


def _loses(record: object) -> bool:
    return isinstance(record, Signal) and bool(record.loses)


def _row(mention: Mention) -> Row:
    record = mention.record
    if isinstance(record, Commitment):
        words = f"{record.payer or record.programme} → {record.recipient or record.programme}"
        figure, after = printed_amount(record), record.status
    elif isinstance(record, Claim):  # claims are read after the first paint
        from aiwatch.widgets.ledger.claims import checked_percent, printed_percent

        words = f"{printed_percent(record)} in {record.window}" if record.percent is not None else record.window
        figure, after = checked_percent(record), f"repeats {record.repeats}" if record.repeats else record.verdict
    else:
        words, figure = f"{record.subject}: {record.metric}", f"{record.value} {record.unit}".strip()
        after = " ".join(part for part in (record.direction, record.as_of) if part)
    sign = {"+": "good for it", "-": "a rival's gain" if not _loses(record) else "bad for it"}.get(mention.sign, "")
    reason = "; ".join(part for part in (after, mention.reason, sign) if part)
    content = Content.assemble(
        (f"  {record.id} ", "$quiet"), f"{words}  ", (f"{figure}  " if figure else "", "bold"), (reason, "$quiet")
    )
    return Row(content, target=Target(record.id))
