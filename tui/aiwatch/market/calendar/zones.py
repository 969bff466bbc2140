"""Time zones by name, also by names that came from outside."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from aiwatch.market.quote import Quote


@lru_cache(maxsize=512)
def zone_of(name: str) -> tzinfo:
    """The zone called ``name`` (IANA), read from disk once; UTC for what is no name of one."""
    try:
        return ZoneInfo(name)
    except (ValueError, LookupError, OSError):
        return UTC


def read_zones(names: Iterable[str]) -> None:
    """Read the zones called ``names`` from disk; to be called in a thread, before the event loop needs them."""
    for name in names:
        zone_of(name)


def local_zone(quote: Quote) -> tuple[tzinfo, str]:
    """The time zone in which ``quote`` is told, and where that is: the exchange's, or what the source named."""
    exchange = quote.symbol.exchange
    if quote.zone and zone_of(quote.zone) is not UTC:
        return zone_of(quote.zone), quote.zone.rpartition("/")[2].replace("_", " ")
    return zone_of(exchange.zone), exchange.city
