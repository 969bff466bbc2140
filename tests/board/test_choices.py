"""Columns while they are chosen."""

from __future__ import annotations

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
