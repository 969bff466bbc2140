"""The one allocator of widths: who goes, who is shortened, and who gets the cells to spare."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiwatch.formatting.widths import UNBOUNDED, Growth, Track, cells_of, grow, narrowest

NAME = Track(10, floor=4)
TRACKS = [NAME, Track(6), Track(5, rank=2), Track(5, rank=1), Track(3, rank=2)]


def allocated(tracks: Sequence[Track], width: int, gap: int) -> list[int]:
    """The cells of each column in ``width`` cells, 0 for one that there is no room for."""
    widths = narrowest(tracks, width, gap)
    grow(widths, tracks, width, gap)
    return widths


@pytest.mark.parametrize(
    ("width", "widths"),
    [
        (33, [10, 6, 5, 5, 3]),
        (32, [10, 6, 5, 5, 0]),
        (28, [10, 6, 0, 5, 0]),
        (22, [10, 6, 0, 0, 0]),
        (14, [7, 6, 0, 0, 0]),
        (5, [4, 6, 0, 0, 0]),
    ],
)
def test_the_last_by_rank_go_before_a_text_is_shortened(width: int, widths: list[int]) -> None:
    assert narrowest(TRACKS, width, 1) == widths


def test_a_narrower_column_takes_the_room_that_was_too_small_for_another_only_where_asked() -> None:
    tracks = [Track(10), Track(20, rank=1), Track(5, rank=2)]
    assert narrowest(tracks, 20, 2) == [10, 0, 0]
    assert narrowest(tracks, 20, 2, fill=True) == [10, 0, 5]


def test_columns_below_rank_0_go_when_shortening_does_not_do_the_lowest_first() -> None:
    tracks = [Track(10, floor=4), Track(9, rank=-2), Track(7, rank=-1), Track(6)]
    assert narrowest(tracks, 29, 1) == [4, 9, 7, 6]
    assert narrowest(tracks, 28, 1) == [10, 0, 7, 6], "what was given up for a column that goes is taken back"
    assert narrowest(tracks, 18, 1) == [10, 0, 0, 6]


def test_texts_give_up_a_little_for_a_column_below_rank_0_and_their_floor_only_where_none_is_left() -> None:
    tracks = [Track(8, floor=4, tight=7), Track(12, floor=4, tight=10), Track(6, rank=-1), Track(5, rank=1)]
    assert narrowest(tracks, 34, 1) == [8, 12, 6, 5]
    assert narrowest(tracks, 33, 1) == [8, 12, 6, 0], "nothing is shortened for a column above rank 0"
    assert narrowest(tracks, 27, 1) == [8, 11, 6, 0], "that gives most which has most to give"
    assert narrowest(tracks, 25, 1) == [7, 10, 6, 0]
    assert narrowest(tracks, 24, 1) == [8, 12, 0, 0], "nor does one of less worth come instead"
    assert narrowest(tracks, 15, 1) == [7, 7, 0, 0]
    assert narrowest(tracks, 5, 1) == [4, 4, 0, 0]


def test_a_column_of_no_cells_is_not_there_and_takes_no_gap() -> None:
    assert narrowest([Track(5), Track(0), Track(0, rank=1), Track(5, rank=2)], 12, 2) == [5, 0, 0, 5]


def test_spare_cells_go_by_turn_then_by_rank_and_stop_at_what_is_asked() -> None:
    tracks = [
        Track(4, rank=2, growth=(Growth(1, 8), Growth(3, UNBOUNDED))),
        Track(4, rank=1, growth=(Growth(1, 6),)),
        Track(4, growth=(Growth(2, steps=(9, 6, 30)),)),
    ]
    assert allocated(tracks, 15, 1) == [4, 5, 4]
    assert allocated(tracks, 20, 1) == [8, 6, 4]
    assert allocated(tracks, 22, 1) == [8, 6, 6], "a figure takes a longer form whole or not at all"
    assert allocated(tracks, 30, 1) == [13, 6, 9]
    first = narrowest(tracks, 30, 1)
    grow(first, tracks, 30, 1, last=1)
    assert first == [8, 6, 4]


GROWTH = st.builds(Growth, st.integers(0, 3), st.integers(0, 60), st.lists(st.integers(1, 40), max_size=3).map(tuple))
TRACK = st.builds(
    Track,
    st.integers(0, 20),
    st.integers(-2, 4),
    st.integers(0, 6),
    st.lists(GROWTH, max_size=2).map(tuple),
    st.integers(0, 12),
)


@given(st.lists(TRACK, max_size=8), st.integers(0, 120), st.integers(0, 3))
def test_nothing_ranked_stands_where_it_does_not_fit_and_nothing_shrinks_below_its_floor(
    tracks: list[Track], width: int, gap: int
) -> None:
    widths = allocated(tracks, width, gap)
    for track, cells in zip(tracks, widths, strict=True):
        bounds = [bound for bound in (track.tight, track.floor) if bound]
        assert cells == 0 or cells >= min(track.least, *bounds, track.least)
    if any(cells for track, cells in zip(tracks, widths, strict=True) if track.rank > 0):
        assert cells_of(widths, gap) <= width


@given(st.lists(TRACK, max_size=8), st.integers(40, 120), st.integers(1, 3))
def test_no_column_goes_while_those_that_stay_hold_more_spare_cells_than_it_needs(
    tracks: list[Track], width: int, gap: int
) -> None:
    widths = allocated(tracks, width, gap)
    gone = [at for at, track in enumerate(tracks) if track.least and not widths[at] and track.rank]
    if not gone:
        return
    best = tracks[min(gone, key=lambda at: (tracks[at].rank > 0, abs(tracks[at].rank)))]
    spare = width - cells_of(widths, gap)
    for track, cells in zip(tracks, widths, strict=True):
        bound = track.least if best.rank > 0 else min(track.least, track.tight or track.floor or track.least)
        spare += max(0, cells - bound)
    assert spare < best.least + (gap if any(widths) else 0)
