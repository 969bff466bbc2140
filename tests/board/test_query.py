"""What a person asks of a board: refused when it is wrong, and kept when it is right."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from aiwatch.board.cells import FilterContext
from aiwatch.board.query import Query, problem_of
from aiwatch.errors import FilterError
from tests.board.fixtures import NOW, QUOTES, STOCKS

CONTEXT = FilterContext(QUOTES, lambda symbol: (), NOW)


def asked(text: str = "", order: tuple[tuple[str, bool], ...] = ()) -> Query:
    """A query of a filter and an order."""
    query = Query()
    query.filter_text = text
    query.order = order
    return query


def test_the_file_s_order_is_no_order_and_may_be_turned_round() -> None:
    query = asked()
    assert (query.order, query.sort_key, query.sort_reverse) == ((), "", False)
    query.order = (("", True),)
    assert (query.order, query.sort_key, query.sort_reverse) == ((("", True),), "", True)
    query.order = (("", False), ("last", True))
    assert query.order != (("", False), ("last", True))
    assert not query.order


def test_an_order_of_more_columns_than_may_be_is_cut() -> None:
    order = (("last", True), ("name", False), ("volume", True), ("pe", False))
    assert asked(order=order).order == order[:3]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda query: setattr(query, "order", (("colour", True),)), ValueError),
        (lambda query: setattr(query, "columns", ("name", "colour")), ValueError),
        (lambda query: setattr(query, "filter_text", "colour > 3"), FilterError),
    ],
)
def test_what_is_wrong_is_refused_by_name_and_changes_nothing(
    change: Callable[[Query], None], error: type[Exception]
) -> None:
    query = asked("pumps", (("last", True),))
    query.columns = ("name", "last")
    with pytest.raises(error, match=r"'colour'.*(change_percent|is no column)"):
        change(query)
    assert (query.order, query.columns, query.filter_text) == ((("last", True),), ("name", "last"), "pumps")


@pytest.mark.parametrize(
    ("text", "order", "depends"),
    [
        ("", (), False),
        ("", (("", True),), False),
        ("", (("name", False),), True),
        ("chips", (), False),
        ("last > 3", (), True),
    ],
)
def test_quotes_matter_only_to_what_looks_at_them(
    text: str, order: tuple[tuple[str, bool], ...], depends: bool
) -> None:
    assert asked(text, order).depends_on_quotes is depends


def test_without_a_filter_everything_passes() -> None:
    query = asked("  ")
    assert query.passes(CONTEXT) is None
    assert not query.has_filter
    assert query.finds([], CONTEXT)


def test_a_filter_finds_what_matches() -> None:
    query = asked("volume > 50")
    passes = query.passes(CONTEXT)
    assert passes is not None
    assert [stock.symbol.code for stock in filter(passes, STOCKS)] == ["0700"]
    assert query.finds(STOCKS, CONTEXT)
    assert not query.finds(STOCKS[:2], CONTEXT)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", ""),
        ("chips", ""),
        ("zzz", ""),
        ("volu", "no stock is called 'volu'; a column is compared, as in volume > 3"),
        ("last >", "character 7: a value is missing after >"),
    ],
)
def test_what_is_wrong_with_a_filter_is_said_before_it_is_set(text: str, problem: str) -> None:
    assert problem_of(text, STOCKS, CONTEXT) == problem
