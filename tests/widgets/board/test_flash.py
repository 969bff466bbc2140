"""Only digits that changed light up, briefly and not too often."""

from __future__ import annotations

from aiwatch.market.symbol import parse_symbol
from aiwatch.widgets.board.flash import APART, LASTS, Flashes, changed_cells, lit

NVDA = parse_symbol("NVDA")
BEFORE, AFTER = (" 63.82", "+ 9.99"), (" 63.85", "+10.04")


def test_only_changed_digits_count() -> None:
    assert changed_cells(" 63.82", " 63.85") == {5}
    assert changed_cells("  9.99", " 10.01") == {1, 2, 4, 5}
    assert changed_cells("+ 0.10", "- 0.10") == frozenset()
    assert changed_cells("9.99", " 10.01") == {1, 2, 4, 5}
    assert changed_cells("1234.5", "99.5") == {0, 1}


def test_lit_cells_are_cut_out_of_their_fragments() -> None:
    assert lit(((" 63.82", "rise"), (" ▲", "limit")), frozenset({4, 5}), "x") == (
        (" 63.", "rise"),
        ("82", "x"),
        (" ▲", "limit"),
    )


def test_a_flash_begins_and_ends() -> None:
    flashes = Flashes()
    flashes.note(NVDA, BEFORE, AFTER, rose=True, tick=1)
    flash = flashes.get(NVDA)
    assert flash is not None
    assert flash.last == {5}
    assert flash.rose
    assert flashes.expire(LASTS) == []
    assert flashes.expire(1 + LASTS) == [NVDA]
    assert flashes.get(NVDA) is None
    assert flashes.expire(99) == []


def test_the_same_text_does_not_flash() -> None:
    flashes = Flashes()
    flashes.note(NVDA, BEFORE, BEFORE, rose=True, tick=1)
    assert flashes.get(NVDA) is None


def test_a_row_flashes_at_most_once_in_half_a_second() -> None:
    flashes = Flashes()
    flashes.note(NVDA, BEFORE, AFTER, rose=True, tick=1)
    flashes.note(NVDA, AFTER, BEFORE, rose=False, tick=APART)
    first = flashes.get(NVDA)
    assert first is not None
    assert first.began == 1
    flashes.note(NVDA, AFTER, BEFORE, rose=False, tick=1 + APART)
    second = flashes.get(NVDA)
    assert second is not None
    assert second.began == 1 + APART
    assert flashes.expire(1 + LASTS) == []
    assert flashes.expire(1 + APART + LASTS) == [NVDA]
