"""The session a one-shot command tells: by the archive's calendar, which is filled within a bound."""

from __future__ import annotations

import asyncio
import json
import os
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aiwatch.archive.calendars import CALENDARS
from aiwatch.archive.store import Store
from aiwatch.commands import quotes
from aiwatch.commands.group import commands
from aiwatch.commands.upkeep.doctor import holidays
from aiwatch.config.paths import find_places
from aiwatch.market.calendar.holidays import shipped_until
from aiwatch.market.calendar.session import Day
from aiwatch.market.symbol import US
from aiwatch.runtime import trading_days
from aiwatch.runtime.trading_days import last_days
from tests.market.days import GOLDEN_WEEK, local

HOLIDAY = local("SSE", "2026-10-02T10:00")
NOBODY = "http://127.0.0.1:9"


class Asked:
    """Calendars that tell ``days`` as soon as ``gate`` is open, and count how often they are asked."""

    def __init__(self, *days: Day) -> None:
        self.days = days
        self.times = 0
        self.hangs = False

    async def __call__(self, first: date, last: date) -> tuple[Day, ...]:
        """Tell the days."""
        self.times += 1
        if self.hangs:
            await asyncio.Event().wait()
        return self.days


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Calendars that know Golden Week, on its second day, without any host."""
    everywhere = (Day(code, date(2027, 2, 1)) for codes in CALENDARS.values() for code in codes)
    calendars = Asked(*GOLDEN_WEEK, *everywhere)
    monkeypatch.setattr(trading_days, "ask_calendars", calendars)
    monkeypatch.setattr(quotes, "utc_now", lambda: HOLIDAY)
    monkeypatch.setattr(trading_days, "is_shipped", lambda today: False)
    monkeypatch.setattr(quotes, "shipped_day", lambda exchange, local: None)
    for name in ("TENCENT", "SINA", "YAHOO", "ECB"):
        monkeypatch.setenv(f"AIWATCH_{name}_URL", NOBODY)
    return calendars


def ask(*symbols: str) -> tuple[list[str], Result]:
    """The sessions told of ``symbols``, and all that was printed."""
    result = CliRunner().invoke(commands, ["quotes", "--json", *symbols])
    return [row["session"] for row in json.loads(result.stdout)], result


def test_a_holiday_is_told_and_worked_out_once(asked: Asked) -> None:
    for _ in range(2):
        sessions, result = ask("603757.SS", "CNY=X")
        assert sessions == ["holiday", "open"]
        assert "holidays" not in result.stderr
    assert asked.times == 1, "the second time the archive knew"


def test_calendars_that_take_too_long_are_not_waited_for(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trading_days, "LONGEST_WAIT", 0.05)
    asked.hangs = True
    for _ in range(2):
        sessions, result = ask("603757.SS", "NVDA", "CNY=X")
        assert sessions == ["open", "closed", "open"]
        assert "SSE, US: no holiday calendar yet, normal hours assumed" in result.stderr
    assert asked.times == 1, "nor asked again that day"
    monkeypatch.setattr(quotes, "utc_now", lambda: HOLIDAY + timedelta(days=3))
    asked.hangs = False
    assert ask("603757.SS")[0] == ["holiday"]


@pytest.mark.parametrize(
    ("moment", "sessions"),
    [
        (local("US", "2026-11-26T17:00"), ["holiday", "closed", "closed", "open"]),  # Thanksgiving
        (local("US", "2026-11-27T14:00"), ["after hours", "closed", "closed", "open"]),  # closed at one
        (local("HKEX", "2026-12-25T11:00"), ["closed", "holiday", "open", "open"]),
        (local("SSE", "2026-10-01T10:00"), ["closed", "holiday", "holiday", "open"]),
    ],
)
def test_a_first_run_knows_holidays_without_a_child_process(
    monkeypatch: pytest.MonkeyPatch, moment: datetime, sessions: list[str]
) -> None:
    calendars = Asked()
    monkeypatch.setattr(trading_days, "ask_calendars", calendars)
    monkeypatch.setattr(quotes, "utc_now", lambda: moment)
    for name in ("TENCENT", "SINA", "YAHOO", "ECB"):
        monkeypatch.setenv(f"AIWATCH_{name}_URL", NOBODY)
    words, result = ask("NVDA", "0700.HK", "603757.SS", "CNY=X")
    assert words == sessions
    assert "holidays" not in result.stderr
    assert calendars.times == 0


def test_an_archive_that_cannot_be_used_costs_no_price(asked: Asked) -> None:
    path = find_places(os.environ).archive
    path.mkdir(parents=True)  # a folder is no file
    assert ask("603757.SS")[0] == ["holiday"], "the calendars still tell this run"
    assert last_days(path) == last_days(path.parent / "nothing"), "what aiwatch comes with"


def test_the_doctor_says_how_far_holidays_are_known(tmp_path: Path) -> None:
    path = tmp_path / "archive.sqlite"
    shipped = last_days(path)
    assert shipped["US"] == str(shipped_until(US))
    words = holidays(shipped)
    assert words.startswith("Holidays are known to 20")
    assert f"to {shipped['SSE']} (SSE, SZSE, BSE); to " in words
    store = Store.open(path)
    store.write_days([*GOLDEN_WEEK, Day("SZSE", date(2099, 10, 8)), Day("US", date(2099, 12, 24))])
    store.close()
    words = holidays(last_days(path))
    assert f"to {shipped['SSE']} (SSE, BSE)" in words
    assert "to 2099-10-08 (SZSE); to 2099-12-24 (US); after that, sessions go" in words
