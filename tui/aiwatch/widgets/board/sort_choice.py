"""The order of a board's rows while it is chosen: up to three columns, each rising or falling. Pure."""

from __future__ import annotations

from aiwatch.board.columns import BY_KEY
from aiwatch.board.rows import Order
from aiwatch.widgets.board.order import MOST_KEYS


def added(order: Order, key: str) -> Order:
    """``order`` with the column ``key`` at its end, in place of the last where it is full; turned round if it is in it
    already. Nothing changes where ``key`` is no column."""
    if key not in BY_KEY:
        return order
    if key in places(order):
        return turned(order, key)
    return (*_named(order)[: MOST_KEYS - 1], (key, BY_KEY[key].falls))


def placed(order: Order, key: str, place: int) -> Order:
    """``order`` with the column ``key`` at ``place``, counted from 1; those from there on count less than before.
    Nothing changes where ``key`` is no column."""
    if key not in BY_KEY:
        return order
    falls = dict(order).get(key, BY_KEY[key].falls)
    others = [one for one in _named(order) if one[0] != key]
    others.insert(place - 1, (key, falls))
    return tuple(others[:MOST_KEYS])


def turned(order: Order, key: str) -> Order:
    """``order`` with the column ``key`` the other way round."""
    return tuple((one, not falls if one == key else falls) for one, falls in order)


def without(order: Order, key: str) -> Order:
    """``order`` without the column ``key``; without its last one if that is not in it."""
    return tuple(one for one in order if one[0] != key) if key in places(order) else order[:-1]


def places(order: Order) -> dict[str, int]:
    """The place of each column of ``order``, counted from 1."""
    return {key: place for place, (key, _) in enumerate(order, 1) if key}


def _named(order: Order) -> Order:
    """``order`` without the file's own, which is no column's."""
    return tuple(one for one in order if one[0])
