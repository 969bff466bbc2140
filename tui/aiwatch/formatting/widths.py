"""How many cells each column of a table gets: which columns there is room for, and who gets the cells to spare.

One allocator for every table on the screen. All pure, on whole cells of the terminal.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

UNBOUNDED = 1_000_000
"""As many cells as there are."""


class Growth(NamedTuple):
    """What a column takes of the cells to spare when it is its ``turn``, the lowest first: up to ``most`` cells in all,
    or, with ``steps``, the largest of those widths that there is room for (a figure's longer forms)."""

    turn: int
    most: int = 0
    steps: tuple[int, ...] = ()


class Track(NamedTuple):
    """What a column asks for. ``least`` are the cells it cannot do without; a column of 0 is not there.

    ``rank`` says when it goes: 0 never; above 0 first, the highest rank first, and of equals the last; below 0 only
    where shortening texts does not do, the lowest first. ``tight`` are the cells that a text is shortened to before
    that, ``floor`` (which ``tight`` is where it is 0) those where nothing is left to go; 0 for what is never shortened.
    ``growth`` is what it takes beyond ``least``.
    """

    least: int
    rank: int = 0
    floor: int = 0
    growth: tuple[Growth, ...] = ()
    tight: int = 0


def cells_of(widths: Sequence[int], gap: int) -> int:
    """The cells that columns of ``widths`` and the gaps between those that are there take."""
    count = sum(1 for cells in widths if cells)
    return sum(widths) + gap * max(0, count - 1)


def narrowest(tracks: Sequence[Track], width: int, gap: int, *, fill: bool = False) -> list[int]:
    """The columns that fit ``width`` cells, each in its least; 0 for one that goes.

    Those that go are the last by rank. With ``fill``, a narrower column takes the room that was too small for one
    before it.
    """
    widths = _staying(tracks, width, gap)
    used = cells_of(widths, gap)
    all_stay = all(widths[at] for at, track in enumerate(tracks) if track.rank < 0 and track.least)
    ranked = (at for at, track in enumerate(tracks) if track.rank > 0 and track.least)
    for at in sorted(ranked, key=lambda at: tracks[at].rank):
        more = tracks[at].least + (gap if used else 0)
        if used + more <= width and (all_stay or fill):
            widths[at] = tracks[at].least
            used += more
        elif not fill:
            break
    return widths


def _staying(tracks: Sequence[Track], width: int, gap: int) -> list[int]:
    """The columns of rank 0 and as many of those below it as fit, texts shortened where they must be."""
    going = sorted((at for at, track in enumerate(tracks) if track.rank < 0), key=lambda at: tracks[at].rank)
    for many in range(len(going) + 1):
        gone = set(going[:many])
        widths = [0 if at in gone or track.rank > 0 else track.least for at, track in enumerate(tracks)]
        _shorten(widths, [track.tight or track.floor for track in tracks], width, gap)
        if cells_of(widths, gap) <= width:
            return widths
    _shorten(widths, [track.floor for track in tracks], width, gap)
    return widths


def _shorten(widths: list[int], floors: Sequence[int], width: int, gap: int) -> None:
    """Take what is too much for ``width`` from the texts, in place, cell by cell from the one furthest over its floor;
    one without a floor (0) is left alone."""
    for _ in range(cells_of(widths, gap) - width):
        over, at = max(
            ((cells - floor if floor else 0, at) for at, (cells, floor) in enumerate(zip(widths, floors, strict=True))),
            default=(0, 0),
        )
        if over <= 0:
            return
        widths[at] -= 1


def grow(
    widths: list[int], tracks: Sequence[Track], width: int, gap: int, *, first: int = 0, last: int = UNBOUNDED
) -> None:
    """Give the cells to spare away, in place, in the turns ``first`` to ``last``; in a turn by rank, then by place."""
    spare = width - cells_of(widths, gap)
    turns = sorted(
        (growth.turn, track.rank, at, growth)
        for at, track in enumerate(tracks)
        if widths[at]
        for growth in track.growth
        if first <= growth.turn <= last
    )
    for _, _, at, growth in turns:
        if spare <= 0:
            return
        room = widths[at] + spare
        target = max((size for size in growth.steps if size <= room), default=min(growth.most, room))
        taken = max(0, target - widths[at])
        widths[at] += taken
        spare -= taken
