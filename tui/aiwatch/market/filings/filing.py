"""A filing: what a company has laid before a regulator or an exchange, by title, publisher, day and link alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime

from msgspec import Struct


class Filing(Struct, frozen=True):
    """A filing of ``symbol`` as its host lists it.

    ``publisher`` is the company as the host writes it, ``day`` the host's own date, ``at`` the moment, aware UTC, where
    the host gives one (``None``: a date alone). ``form`` is the host's word for its kind, empty where there is none;
    ``link`` begins with ``https://`` and the host's own domain, or is empty where the host has no document.
    """

    symbol: str
    title: str
    publisher: str
    day: date
    at: datetime | None = None
    form: str = ""
    link: str = ""


class FilingPage(Struct, frozen=True):
    """What an answer lists, newest first, with the reason for every row that is ``refused``."""

    filings: tuple[Filing, ...] = ()
    refused: tuple[str, ...] = ()


class FilingReport(Struct, frozen=True):
    """The filings known of ``symbol``: as ``host`` listed them at ``as_of`` (``None``: never), newest first.
    ``problem`` says why they could not be asked for, or what of them was refused."""

    symbol: str
    host: str = ""
    filings: tuple[Filing, ...] = ()
    as_of: datetime | None = None
    problem: str = ""


def newest_first(filings: Iterable[Filing]) -> tuple[Filing, ...]:
    """``filings`` by day, the newest first; those of a day by their moment, ones without it last."""
    return tuple(sorted(filings, key=_moment, reverse=True))


_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


def _moment(filing: Filing) -> tuple[date, datetime]:
    return filing.day, filing.at or _LONG_AGO
