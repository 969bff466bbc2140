"""Rows of filings: what a date needs, what gives way in a narrow panel, and what is said above them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from aiwatch.market.filings.filing import Filing, MarkedFiling
from aiwatch.widgets.filings.list import HEADLINE, FilingList, kind_of, times_of
from aiwatch.widgets.filings.words import words_above

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
AT = datetime(2026, 11, 26, 8, 32, tzinfo=UTC)


def _filing(day: date = date(2026, 11, 26), at: datetime | None = None, **more: object) -> Filing:
    return Filing("0700.HK", "A contract", "TENCENT", day, at, "Notices", **more)  # type: ignore[arg-type]


def test_a_moment_is_said_in_the_readers_time_and_a_date_as_its_host_has_it() -> None:
    local = AT.astimezone()
    assert times_of(_filing(at=AT), NOW) == (f"{local.day:2} {local:%b} {local:%H:%M}", f"{local.day:2} {local:%b}")
    assert times_of(_filing(), NOW) == ("26 Nov",)
    assert times_of(_filing(date(2024, 3, 5)), NOW) == (" 5 Mar 2024",)


def test_a_headline_is_called_one() -> None:
    assert kind_of(_filing()) == "Notices"
    assert kind_of(_filing(is_headline=True)) == HEADLINE


def test_the_text_of_a_list_has_every_field_in_full() -> None:
    filings = FilingList(of_list=True)
    link = "https://www1.hkexnews.hk/x.pdf"
    filings._rows = (MarkedFiling(_filing(link=link), ("C001", "C002")),)
    assert filings.plain == f"2026-11-26  0700.HK  Notices  A contract  TENCENT  C001 C002  {link}"


@pytest.mark.parametrize(
    ("count", "problems", "asking", "mark", "words"),
    [
        (0, (), True, "", ["Asking for the filings of Tencent …"]),
        (3, (), True, "DEMO", ["DEMO: simulated filings", "Asking for the filings of Tencent …"]),
        (0, (), False, "", ["None: the hosts list no filing of Tencent"]),
        (0, ("host: HTTP 503",), False, "", ["host: HTTP 503"]),
        (3, ("host: HTTP 503",), False, "", ["host: HTTP 503"]),
        (3, (), False, "", []),
    ],
)
def test_what_is_said_above(count: int, problems: tuple[str, ...], asking: bool, mark: str, words: list[str]) -> None:
    said = words_above("Tencent", count, problems, is_asking=asking, mark=mark)
    assert [row.plain for row in said] == words
