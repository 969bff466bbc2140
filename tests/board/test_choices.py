"""Columns and orders while they are chosen."""

from __future__ import annotations

from aiwatch.widgets.board.order import MOST_KEYS, added, placed, places, turned, without
from hypothesis import given
from hypothesis import strategies as st

from aiwatch.board.choices import ColumnChoice
from aiwatch.board.columns import ALWAYS, BY_KEY, USUAL

KEYS = st.sampled_from(list(BY_KEY))


def test_the_choice_begins_with_what_is_shown_and_lists_everything() -> None:
    choice = ColumnChoice(("symbol", "pe", "last"))
    assert choice.keys[:4] == ["symbol", "pe", "last", "age"]
    assert sorted(choice.keys) == sorted(BY_KEY)
    assert choice.chosen == ("symbol", "pe", "last", "age")
    assert ColumnChoice().chosen == ()
    assert ColumnChoice(USUAL).chosen == ()


def test_columns_are_shown_hidden_and_moved() -> None:
    choice = ColumnChoice(("name", "last", "age"))
    steps = []
    for step in (
        lambda: choice.toggle("gain"),
        lambda: choice.move("gain", -100),
        lambda: choice.move("gain", 2),
        lambda: choice.toggle("last"),
        choice.reset,
    ):
        step()
        steps.append(" ".join(choice.chosen))
    assert steps == ["name last age gain", "gain name last age", "name last gain age", "name gain age", ""]


def test_what_must_stay_stays_and_says_why() -> None:
    choice = ColumnChoice(("name", "last", "age"))
    assert "always stays" in choice.toggle(ALWAYS)
    assert "stays" in choice.toggle("name")
    assert choice.chosen == ("name", "last", "age")
    assert choice.toggle("symbol") == ""
    assert choice.toggle("name") == ""
    assert "stays" in choice.toggle("symbol")


@given(st.lists(st.tuples(KEYS, st.integers(-40, 40))))
def test_no_column_is_ever_lost(steps: list[tuple[str, int]]) -> None:
    choice = ColumnChoice()
    for key, by in steps:
        choice.move(key, by) if by % 3 else choice.toggle(key)
        assert sorted(choice.keys) == sorted(BY_KEY)
        assert choice.shows(ALWAYS)
        assert choice.shows("name") or choice.shows("symbol")


def test_an_order_grows_to_three_columns_and_then_its_last_changes() -> None:
    order = added((), "change_percent")
    assert order == (("change_percent", True),)
    order = added(added(order, "name"), "turnover")
    assert [key for key, _ in order] == ["change_percent", "name", "turnover"]
    assert added(order, "volume")[-1] == ("volume", True)
    assert added(order, "name")[1] == ("name", True), "a column that is in it is turned round"
    assert added((("", True),), "name") == (("name", False),), "the file's order gives way"


def test_a_column_takes_the_place_it_is_given() -> None:
    order = (("change_percent", True), ("name", False))
    assert placed(order, "turnover", 1) == (("turnover", True), *order)
    assert placed(order, "name", 1) == (("name", False), ("change_percent", True))
    assert placed(order, "turnover", 3) == (*order, ("turnover", True))
    assert placed((), "turnover", 3) == (("turnover", True),)


def test_a_column_is_turned_and_taken_out() -> None:
    order = (("change_percent", True), ("name", False))
    assert turned(order, "name") == (("change_percent", True), ("name", True))
    assert turned(order, "volume") == order
    assert without(order, "change_percent") == (("name", False),)
    assert without(order, "volume") == (("change_percent", True),)
    assert without((), "volume") == ()
    assert places(order) == {"change_percent": 1, "name": 2}


@given(st.lists(st.tuples(st.sampled_from([added, turned, without]), KEYS)))
def test_an_order_never_names_a_column_twice_nor_more_than_it_may(steps: list[tuple[object, str]]) -> None:
    order = ()
    for step, key in steps:
        order = step(order, key)  # type: ignore[operator]
        assert len(order) == len(dict(order)) <= MOST_KEYS
