"""An order book that is read when somebody looks at it is as good as one that was read at once."""

from __future__ import annotations

from collections.abc import Sequence

from aiwatch.market.quote import Level
from aiwatch.sources.tencent.book import Side, sides_of

TEXT = "9.05~1~9.04~2~9.03~3~9.02~4~9.01~5~9.06~6~9.07~7~9.08~8~9.09~9~9.10~10"
BIDS = ((9.05, 100), (9.04, 200), (9.03, 300), (9.02, 400), (9.01, 500))
ASKS = ((9.06, 600), (9.07, 700), (9.08, 800), (9.09, 900), (9.10, 1000))


def test_a_side_is_like_the_tuple_of_its_steps() -> None:
    bids: Sequence[Level] = Side(TEXT, 100, 0)
    asks: Sequence[Level] = Side(TEXT, 100, 1)
    assert bids == BIDS
    assert asks == ASKS
    assert (tuple(bids), list(asks)) == (BIDS, [*ASKS])
    assert (bids[0], bids[-1], asks[:2]) == (BIDS[0], BIDS[-1], ASKS[:2])
    assert (len(bids), hash(bids), repr(bids)) == (5, hash(BIDS), repr(BIDS))
    assert bids == BIDS
    assert bids != asks


def test_sides_are_the_same_where_their_steps_are() -> None:
    assert Side(TEXT, 100, 0) == Side(TEXT.replace("9.05~", "9.050~"), 100, 0)
    assert Side(TEXT, 100, 0) != Side(TEXT, 1, 0)
    assert Side(TEXT, 100, 0) != "steps"


def test_a_book_out_of_order_has_no_sides() -> None:
    crossed = TEXT.replace("9.06~", "9.04~")
    assert sides_of(crossed, 100) == ((), ())
    assert not Side(crossed, 100, 0)
    assert not Side(crossed, 100, 1)
