"""Views of thousands of records make the rows in sight alone, and look up what the whole ledger is worked out once."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from aiwatch.config.paths import bundled
from aiwatch.ledger.loader import LARGE, LedgerFolders
from aiwatch.ledger.reports.timeline import events
from aiwatch.ledger.totals import WAYS, totals_by
from aiwatch.widgets.ledger.context import LedgerContext
from aiwatch.widgets.ledger.panel import show
from aiwatch.widgets.ledger.rows import ViewQuery
from aiwatch.widgets.table import LateRows, TableRows
from tests.bench.large_ledger import write

RECORDS = LARGE + 100


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> LedgerContext:
    folder: Path = tmp_path_factory.mktemp("ledger")
    write(folder, RECORDS)
    return LedgerContext(LedgerFolders(bundled("seeds"), folder).load(), datetime.date(2026, 11, 27))


@pytest.mark.parametrize("view", ["all", "pledges", "deals", "totals", "timeline", "verify"])
def test_rows_are_made_when_they_are_seen(context: LedgerContext, view: str) -> None:
    rows = show(view, context, ViewQuery(), 80).rows
    assert isinstance(rows, LateRows | TableRows)
    keys, heights = rows.keys, rows.heights
    assert len(rows) == len(keys) == len(heights)
    for at in (0, 1, len(keys) // 2, len(keys) - 1):
        assert rows[at].key == keys[at]
    assert [row.key for row in rows[:3]] == keys[:3]
    assert "" in keys or view == "verify"


def test_what_follows_from_all_records_is_worked_out_once_and_beforehand(context: LedgerContext) -> None:
    ledger = context.ledger
    beside = dict(vars(ledger))
    for way in WAYS:
        assert totals_by(ledger, way) is beside[f"totals by {way}"]
        assert totals_by(ledger, way, ledger.commitments.values()) == totals_by(ledger, way)
    assert events(ledger) is beside["events"]


def test_a_filter_narrows_the_timeline_by_record_and_stage(context: LedgerContext) -> None:
    rows = show("timeline", context, ViewQuery(text="oracle verified"), 80).rows
    shown = [row for row in rows if row.key]
    assert shown
    assert all(" verified " in row.content.plain for row in shown)
