"""The view of claims: "since then" is held against end closes that price history adjusted, when it is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from aiwatch.commands.analysis.claims import as_text, kept_checks
from aiwatch.history.analysis.claims import check_kept, is_checkable
from aiwatch.history.board_history import BoardHistory
from aiwatch.history.keeper import HistoryKeeper
from aiwatch.history.store import HistoryStore
from aiwatch.ledger.records import Claim
from aiwatch.ledger.reports.checked_claims import CheckedClaim
from aiwatch.market.calendar.holidays import shipped_day
from tests.ledger.bundled import bundled_ledger
from tests.market.bars.fixtures import daily, dividend
from tests.screens.stage import Stage, on_stage, priced
from tests.session.test_claim_closes import FakeCloses


@pytest.fixture(autouse=True)
def _whole_ledger() -> None:
    """Read before a loop runs."""
    bundled_ledger()


def _row(stage: Stage, name: str) -> str:
    panel = stage.dashboard.panels.ledger
    rows = (panel.list.row_at(at).content.plain for at in range(panel.list.option_count))
    return next((row for row in rows if name in row), "")


async def test_since_then_is_adjusted_where_history_is_kept_and_asked_for_where_it_is_not() -> None:
    history = FakeCloses({"R01": 23.57}, lacking=["002837.SZ"])
    async with on_stage(list_history=history, whole_ledger=True) as stage:
        await stage.take(priced("603757.SS", 47.14, 47.0), priced("002837.SZ", 63.0, 62.0))
        assert history.asked == [], "nobody looked at them yet"
        stage.dashboard.panels.ledger.view = "claims"
        await stage.until(lambda: "+100.00 %" in _row(stage, "大元泵业"))
        await stage.until(lambda: "+110.00 %" in _row(stage, "英维克"))
        stage.dashboard.panels.ledger.go_to("R02")
        await stage.until(lambda: "adjusted since" in stage.text("#record"))


class KeptCloses(FakeCloses):
    """Claims held against the closes that the file of ``keeper`` has, as a run does it."""

    def __init__(self, keeper: HistoryKeeper) -> None:
        super().__init__({})
        self._keeper = keeper

    async def checked_claims(self, claims: Sequence[Claim]) -> dict[str, tuple[CheckedClaim, ...]]:
        return await BoardHistory(self._keeper, self, _now, shipped_day).checked_claims(claims)  # type: ignore[arg-type]


def _now() -> datetime:
    return datetime(2025, 9, 1, tzinfo=UTC)


@pytest.fixture(name="path")
def _path(tmp_path: Path) -> Path:
    """A file with the closes of two shares, the dividends of one of which are known."""
    path = tmp_path / "history.sqlite3"
    with closing(HistoryStore.open(path)) as store:
        closes = [136.15, 140, 150, 160, 170, 248.5]
        store.write(daily(closes, [dividend(date(2025, 8, 12), 0.6)], first=date(2025, 8, 8), symbol="300870.SZ"))
        store.write(daily([32.99, 40.0, 63.82, 63.82], first=date(2025, 8, 13), symbol="002837.SZ"))
    return path


@pytest.fixture(name="printed")
def _printed(path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], CheckedClaim]:
    """What the command prints of them, by the claim and the basis."""
    monkeypatch.setenv("COLUMNS", "400")
    claims = [claim for claim in bundled_ledger().claims.values() if is_checkable(claim)]
    return {(check.id, check.basis): check for check in kept_checks(claims, path)}


async def test_the_screen_and_the_command_say_the_same_of_the_same_closes(
    path: Path, printed: dict[tuple[str, str], CheckedClaim]
) -> None:
    assert {key: check.verdict for key, check in printed.items() if key[0] != "R04"} == {
        ("R01", "unadjusted"): "no closes are kept of it, and none came",
        ("R02", "unadjusted"): "fits 2",
        ("R02", "adjusted"): "its dividends and splits are not known",
        ("R03", "unadjusted"): "fits one pair",
        ("R03", "adjusted"): "fits none of 15",
    }
    async with (
        HistoryKeeper(path, _now) as keeper,
        on_stage((200, 60), list_history=KeptCloses(keeper), whole_ledger=True) as stage,
    ):
        stage.dashboard.panels.ledger.view = "claims"
        for name in ("R01", "R02", "R03"):
            stage.dashboard.panels.ledger.go_to(name)
            checks = [check for check in printed.values() if check.id == name]
            symbol = checks[0].symbol
            await stage.until(lambda: f"unadjusted {symbol}: " in " ".join(stage.text("#record").split()))  # noqa: B023
            seen = " ".join(stage.text("#record").split())
            for check in checks:
                assert f"{check.basis} {check.symbol}: {check.verdict}" in seen
                assert all(line.strip() in seen for line in as_text(check).splitlines()[1:])
        await stage.press("2", "w")
        await stage.until(lambda: "+82.52 %, fits one pair" in _row(stage, "欧陆通"))


async def test_simulated_closes_are_named_as_such_and_stay_out_of_the_table(path: Path) -> None:
    async with (
        HistoryKeeper(path, _now) as keeper,
        on_stage((200, 60), list_history=KeptCloses(keeper), whole_ledger=True, mark="DEMO") as stage,
    ):
        stage.dashboard.panels.ledger.view = "claims"
        stage.dashboard.panels.ledger.go_to("R03")
        await stage.until(lambda: "DEMO: simulated, 300870.SZ: fits one pair" in stage.text("#record"))
        assert "fits" not in _row(stage, "欧陆通")


def test_a_file_that_cannot_be_read_has_no_closes(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite3"
    claims = [claim for claim in bundled_ledger().claims.values() if is_checkable(claim)]
    for content in (None, b"no database at all", b"SQLite format 3\x00" + bytes(2000)):
        if content is not None:
            path.write_bytes(content)
        checks = kept_checks(claims, path)
        assert [check.id for check in checks] == ["R01", "R02", "R03", "R04"]
        assert {check.verdict for check in checks} == {"no closes are kept of it, and none came"}
        assert checks == [check for claim in claims for check in check_kept(claim, None, ())]
