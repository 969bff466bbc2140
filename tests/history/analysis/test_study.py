"""Event studies: an abnormal return that was put in comes out, and what cannot be estimated is said."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from aiwatch.history.analysis.study import study_stored
from tests.history.analysis.closes import keep, leveraged, wave
from tests.market.bars.fixtures import MONDAY, weekdays

DAYS = weekdays(MONDAY, 260)
ZERO = 200


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "history.sqlite3"
    market = wave(260)
    keep(path, "000300.SS", market)
    extra = [0.0] * 260
    extra[ZERO], extra[ZERO + 1] = 0.05, 0.02
    keep(path, "002837.SZ", leveraged(market, 1.2, extra))
    return path


def test_what_the_market_does_not_explain_is_abnormal(path: Path) -> None:
    study = study_stored(path, ["002837.SZ"], [DAYS[ZERO]], "000300.SS")
    (event,) = study.events
    assert event.day == DAYS[ZERO]
    assert event.estimated == 120
    assert event.beta == pytest.approx(1.2, abs=0.01)
    assert event.alpha == pytest.approx(0, abs=0.01)
    assert event.abnormal == pytest.approx([0, 7, 7, 7, 7], abs=0.05)
    assert [summary.count for summary in study.summaries] == [1] * 5
    assert all(summary.t is None for summary in study.summaries)
    assert "1 events: fewer than 10 make no test, so no t is given" in study.notes


def test_day_zero_is_the_first_session_on_or_after_the_date(path: Path) -> None:
    saturday = next(day for day in DAYS if day.weekday() == 4 and day > DAYS[150])
    study = study_stored(path, ["002837.SZ"], [date.fromordinal(saturday.toordinal() + 1)], "000300.SS")
    assert study.events[0].day == date.fromordinal(saturday.toordinal() + 3)


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (date(2035, 1, 1), "no session on or after it is kept"),
        (DAYS[40], "sessions before it to estimate from"),
    ],
)
def test_an_event_that_cannot_be_studied_says_why(path: Path, asked: date, why: str) -> None:
    study = study_stored(path, ["002837.SZ"], [asked], "000300.SS")
    assert why in study.events[0].why
    assert study.summaries[0].count == 0


def test_ten_events_have_a_t_and_near_dates_are_said_to_overlap(path: Path) -> None:
    study = study_stored(path, ["002837.SZ"], DAYS[160:172], "000300.SS")
    assert study.summaries[0].count == 12
    assert study.summaries[1].t is not None
    assert any("overlap" in note for note in study.notes)


def test_without_the_benchmark_there_is_no_study(path: Path) -> None:
    study = study_stored(path, ["002837.SZ"], [DAYS[ZERO]], "^HSI")
    assert study.events == []
    assert study.notes == ["^HSI: no bars are kept"]
