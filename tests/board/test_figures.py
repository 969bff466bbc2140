from __future__ import annotations

from aiwatch.board.rows import Figures
from aiwatch.market.quote import Quote
from tests.board.fixtures import quote


def test_a_figure_is_worked_out_once_a_quote() -> None:
    worked_out: list[float] = []

    def last(one: Quote) -> float:
        worked_out.append(one.last)
        return one.last

    figures = Figures({"last": last, "open": lambda one: one.open})
    first, second = quote("NVDA", 178.88, 180.64), quote("NVDA", 179.0, 180.64)
    figures.look_at([first.symbol, quote("AMD", 1.0, 1.0).symbol], ["last", "day"], {first.symbol: first})
    read = figures.reader("last")
    assert read is not None
    assert (read(first.symbol, first), read(first.symbol, first)) == (178.88, 178.88)
    assert read(first.symbol, second) == 179.0
    assert worked_out == [178.88, 179.0]
    figures.look_at([], ["open"], {})
    read = figures.reader("last")
    assert read is not None
    assert read(first.symbol, second) == 179.0
    assert worked_out == [178.88, 179.0, 179.0]


def test_what_is_not_of_the_quote_alone_has_no_reader() -> None:
    assert Figures({"last": lambda one: one.last}).reader("day") is None
