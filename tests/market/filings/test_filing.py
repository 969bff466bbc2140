"""Filings in their order, and where those of a symbol are."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from msgspec import ValidationError, convert

from aiwatch.market.data_sources import CNINFO, HKEX_NEWS, SEC, SINA_NEWS, YAHOO_NEWS
from aiwatch.market.filings.filing import Filing, FilingReport, newest_first
from aiwatch.market.filings.hosts import host_of, news_hosts_of
from aiwatch.market.symbol import parse_symbol

DAY = date(2026, 11, 26)


def _filing(title: str, day: date, at: datetime | None = None) -> Filing:
    return Filing("NVDA", title, "", day, at)


def test_the_newest_filing_is_first_and_a_date_alone_is_after_the_moments_of_its_day() -> None:
    early, late = (datetime(2026, 11, 26, hour, tzinfo=UTC) for hour in (1, 9))
    mixed = [
        _filing("day", DAY),
        _filing("before", date(2026, 11, 25)),
        _filing("early", DAY, early),
        _filing("late", DAY, late),
    ]
    assert [filing.title for filing in newest_first(mixed)] == ["late", "early", "day", "before"]


def test_each_exchange_has_the_host_with_which_its_companies_file() -> None:
    hosts = {
        "NVDA": SEC,
        "BRK-B": SEC,
        "600519.SS": CNINFO,
        "002837.SZ": CNINFO,
        "0700.HK": HKEX_NEWS,
        "9984.T": None,
        "^GSPC": None,
        "000001.SS": None,
        "BTC-USD": None,
        "CNY=X": None,
    }
    assert {text: host_of(parse_symbol(text)) for text in hosts} == hosts


def test_headlines_are_had_of_every_stock_at_one_host_and_of_some_markets_at_another() -> None:
    both = (YAHOO_NEWS, SINA_NEWS)
    for text, hosts in {"NVDA": both, "002837.SZ": both, "0700.HK": both, "9984.T": (YAHOO_NEWS,), "CNY=X": ()}.items():
        assert news_hosts_of(parse_symbol(text)) == hosts, text


@pytest.mark.parametrize("field", ["as_of", "at"])
def test_a_kept_moment_without_a_zone_is_not_read(field: str) -> None:
    filing = {"symbol": "NVDA", "title": "x", "publisher": "y", "day": "2026-11-26", "at": "2026-11-26T08:00:00Z"}
    report = {"symbol": "NVDA", "filings": [filing], "as_of": "2026-11-27T08:00:00Z"}
    assert convert(report, FilingReport).filings[0].moment.tzinfo is not None
    (report if field == "as_of" else filing)[field] = "2026-11-27T08:00:00"
    with pytest.raises(ValidationError, match="timezone"):
        convert(report, FilingReport)
