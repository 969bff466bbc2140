"""The timeline's months, with the basket's level and change beside those that have prices."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from aiwatch.ledger.reports.basket import Basket
from aiwatch.widgets.ledger.rows import ViewQuery
from tests.widgets.ledger.fixtures import WIDTHS, context, lines, shown

BASKET = Basket((("2025-08", 110.0), ("2025-09", 99.0), ("2025-10", 132.0)), 3, 13)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_month_has_the_level_and_the_change_of_the_basket(width: int) -> None:
    view = shown("timeline", width, read=context(basket=BASKET))
    months = {line[:7]: line for line in lines(view) if line[4:5] == "-" and line[:1] == "2"}
    assert "basket  110.0   +10.0 %" in months["2025-08"]
    assert "basket   99.0   -10.0 %" in months["2025-09"]
    assert "basket  132.0   +33.3 %" in months["2025-10"]
    assert "basket" not in months["2025-07"], "no prices, no level"
    bars = [months[month].count("▬") for month in ("2025-09", "2025-08", "2025-10")]
    assert bars == sorted(bars)
    assert width < 58 or bars[0] < bars[2]
    assert max(cell_len(line) for line in lines(view)) <= width
    assert view.head is not None
    assert view.head.plain.startswith(" Basket 2025-08 ")
    assert cell_len(view.head.plain) <= width


def test_without_prices_it_is_said_and_before_anybody_looked_nothing() -> None:
    view = shown("timeline", read=context(basket=Basket(total=13)))
    assert (view.head, "no prices kept" in view.summary) == (None, True)
    assert "basket" not in shown("timeline").summary


def test_the_newest_first_keeps_each_month_with_its_basket() -> None:
    view = shown("timeline", 110, ViewQuery(reverse=True), context(basket=BASKET))
    assert next(line for line in lines(view) if line.startswith("2025-10")).count("+33.3 %") == 1
