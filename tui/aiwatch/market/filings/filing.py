"""A filing: what a company has laid before a regulator or an exchange, by title, publisher, day and link alone. A
headline is shown beside it, and is one in the same fields."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import Annotated

from msgspec import Meta, Struct

Moment = Annotated[datetime, Meta(tz=True)]
"""A moment with its zone; what is kept without one is not read."""


class Filing(Struct, frozen=True):
    """A filing of ``symbol`` as its host lists it.

    ``publisher`` is the company as the host writes it, ``day`` the host's own date, ``at`` the moment, aware UTC, where
    the host gives one (``None``: a date alone). ``form`` is the host's word for its kind, empty where there is none;
    ``link`` begins with ``https://`` and the host's own domain, or is empty where the host has no document. With
    ``is_headline`` it is none of the company's own: ``publisher`` wrote it, ``day`` is that of ``at`` in Greenwich, and
    ``link`` may lead to any host.
    """

    symbol: str
    title: str
    publisher: str
    day: date
    at: Moment | None = None
    form: str = ""
    link: str = ""
    is_headline: bool = False

    @property
    def moment(self) -> datetime:
        """By when it stands among others: its moment, else the begin of its day in Greenwich."""
        return self.at or datetime.combine(self.day, time(), UTC)


class MarkedFiling(Struct, frozen=True):
    """A filing with the ids of the commitments of the ledger that it is to be read beside, the nearest first."""

    filing: Filing
    records: tuple[str, ...] = ()


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
    as_of: Moment | None = None
    problem: str = ""


def newest_first(filings: Iterable[Filing]) -> tuple[Filing, ...]:
    """``filings`` by their moments, the newest first; those with a date alone stand at the begin of it."""
    return tuple(sorted(filings, key=lambda filing: filing.moment, reverse=True))
