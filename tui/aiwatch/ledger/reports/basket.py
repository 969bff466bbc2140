"""The companies that pay or are paid, as one basket of the same weight each: its level at the end of each month."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from aiwatch.ledger.records import Ledger

if TYPE_CHECKING:
    from aiwatch.market.bars import Series


class Basket(Struct, frozen=True):
    """``months`` are the levels at the last close of each month (``2025-08``), the oldest first, with 100 before the
    first return. ``companies`` of ``total`` that have a listing have prices; ``mark`` is a word for made-up ones."""

    months: tuple[tuple[str, float], ...] = ()
    companies: int = 0
    total: int = 0
    mark: str = ""


def party_symbols(ledger: Ledger) -> tuple[str, ...]:
    """The main listings of the companies that pay or are paid by name, each once, in the ledger's order."""
    records = ledger.commitments.values()
    parties = dict.fromkeys(id for record in records for id in (*record.payers, *record.recipients))
    listed = (ledger.entities[id] for id in parties)
    return tuple(dict.fromkeys(entity.symbols[0] for entity in listed if entity.symbols))


def basket_of(several: Sequence[Series], total: int, mark: str = "") -> Basket:
    """The basket of ``several`` daily series, as `aiwatch.market.bars.equal_weight` chains it."""
    from aiwatch.market.bars import equal_weight  # loaded with the first prices

    basket = equal_weight(several)
    if basket is None:
        return Basket(total=total, mark=mark)
    levels = {f"{day:%Y-%m}": bar.close for day, bar in zip(basket.days, basket.bars, strict=True)}
    return Basket(tuple(levels.items()), sum(len(series.bars) > 1 for series in several), total, mark)
