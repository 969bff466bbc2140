"""The commitments that touch a stock: those that name it, then those that reach it through the value chain."""

from __future__ import annotations

from textual.content import Content

from aiwatch.ledger.amounts import printed_amount
from aiwatch.ledger.records import Commitment, Ledger
from aiwatch.ledger.touches import mentions
from aiwatch.market.symbol import Symbol

_HEADINGS = {True: "Commitments that name it", False: "Commitments that reach it through the value chain"}


def mention_rows(ledger: Ledger, symbol: Symbol) -> list[Content]:
    """A heading and a row a commitment, for each of the two ways that has any."""
    rows: list[Content] = []
    found = [
        (mention, mention.record) for mention in mentions(ledger, symbol.text) if isinstance(mention.record, Commitment)
    ]
    for direct, heading in _HEADINGS.items():
        some = [(mention, record) for mention, record in found if mention.direct is direct]
        if some:
            rows.append(Content.styled(heading, "bold $heading"))
        for mention, record in some:
            rows.append(
                Content.assemble(
                    (f"{record.id} ", "$text-muted"),
                    f"{record.payer} → {record.recipient}  ",
                    (printed_amount(record), "bold"),
                    (f"  {record.status}, {mention.reason}", "$text-muted"),
                )
            )
    return rows
