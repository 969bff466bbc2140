"""The ledger on the whole app: views, order, filter, currency, jumps and the way back, files that change."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from aiwatch.config.paths import bundled
from aiwatch.errors import FileError, Problem
from aiwatch.files.fingerprint import Stamp
from aiwatch.ledger.loader import LedgerFolders
from aiwatch.ledger.records import Ledger
from aiwatch.themes import MEANINGS
from aiwatch.widgets.ledger.panel import VIEWS
from tests.screens.stage import MORNING, Stage, colour_in, healthy, ledger, lists, on_stage, priced
from tests.widgets.ledger.fixtures import whole

OWN = """
[[source]]
id = "mine"
title = "A report of this week"
dated = 2025-08-14

[[commitment]]
id = "mine-1"
source = "mine"
kind = "corporate capex"
from = "Blue Whale Cloud"
to = "own capex"
amount = 7_000_000_000
currency = "USD"
status = "announced"
"""


@cache
def seeds() -> Path:
    """The bundled folder."""
    return bundled("seeds")


@dataclass
class Files:
    """Ledger files by hand: ``ledger`` or an error is what reading them gives."""

    ledger: Ledger | FileError
    stamps: int = 0
    loads: list[bool] = field(default_factory=list)

    def load(self, *, own: bool = True) -> Ledger:
        self.loads.append(own)
        if own and isinstance(self.ledger, FileError):
            raise self.ledger
        return whole() if isinstance(self.ledger, FileError) else self.ledger

    def stamp(self) -> Stamp:
        return (("own.toml", self.stamps, 1),)


@pytest.fixture(autouse=True)
def _whole_ledger_is_read() -> None:
    whole(), ledger(), lists(), seeds()


def view(stage: Stage) -> str:
    return stage.dashboard.panels.ledger.view


def record_title(stage: Stage) -> str:
    return str(stage.app.screen.query_one("#record-panel").border_title)


async def look(stage: Stage) -> None:
    """Look at the files, as every two seconds."""
    await stage.dashboard.actions.ledger.look_at_files().wait()
    await stage.pilot.pause()


async def begun(stage: Stage) -> None:
    await stage.until(lambda: stage.dashboard.session.ledger.ledger.complete)
    await stage.pilot.pause()


@pytest.mark.parametrize(("keys", "focus"), [("vV", "1"), (["right", "left"], "2"), ("lh", "2")])
async def test_keys_go_through_the_views_and_round(keys: str, focus: str) -> None:
    async with on_stage(ledger_files=Files(whole())) as stage:
        await begun(stage)
        await stage.press(focus)
        met = [view(stage)]
        for _ in VIEWS:
            await stage.press(keys[0])
            met.append(view(stage))
            title = dict(VIEWS)[view(stage)]
            assert f"▸{title}" in stage.text("#commitments-panel")
        assert met == [*(key for key, _ in VIEWS), VIEWS[0][0]]
        await stage.press(keys[1])
        assert view(stage) == VIEWS[-1][0]


async def test_a_click_on_a_tab_shows_its_view() -> None:
    async with on_stage() as stage:
        line = stage.text("#commitments-panel").splitlines()[1]
        await stage.pilot.click("#commitments-panel TabLine", offset=(line.index("Deals") - 1, 0))
        assert view(stage) == "deals"


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])
async def test_every_view_and_its_first_record_can_be_seen(size: tuple[int, int]) -> None:
    values = {
        "all": "Sovereign pledge", "pledges": "Corporate capex", "deals": "Compute contract", "capacity": "EF",
        "signals": "Power", "claims": "+98.48 %", "conflicts": "K01", "totals": "By kind", "verify": "to verify again",
        "projections": "nobody has committed", "years": "yearly rates", "timeline": "events", "who": "named",
        "sources": "low confidence", "delivered": "6 pledges",
    }  # fmt: skip
    async with on_stage(size, ledger_files=Files(whole())) as stage:
        await begun(stage)
        await stage.press("2")
        for key, _ in VIEWS:
            assert view(stage) == key
            assert values[key] in stage.text("#commitments-panel")
            assert stage.widths() == {size[0]}
            await stage.press("v")


async def test_sorting_goes_to_the_panel_in_front() -> None:
    async with on_stage(ledger_files=Files(whole())) as stage:
        await begun(stage)
        await stage.press("2", "v", "s")
        assert stage.dashboard.panels.ledger.asked.sort == "amount"
        assert "Amount↓" in stage.text("#commitments-panel")
        assert stage.dashboard.lists.board.sort_key == ""
        first = stage.dashboard.panels.ledger.list.row_at(1).key
        assert first == "C032", "under the heading of sums"
        await stage.press("S", "g")
        assert "Amount↑" in stage.text("#commitments-panel")
        assert stage.dashboard.panels.ledger.list.key == "C013"
        await stage.press("1", "s")
        assert stage.dashboard.lists.board.sort_key == "change_percent"
        assert stage.dashboard.panels.ledger.asked.sort == "amount"


async def test_the_filter_finds_a_kind_and_escape_leaves_it() -> None:
    async with on_stage() as stage:
        await stage.press("2", "slash", *"chip purchase")
        rows = stage.text("#commitments")
        assert "Oracle" in rows
        assert "NVIDIA" in rows
        assert "Sovereign" not in rows
        assert "1 commitment " in stage.text("#ledger-summary")
        await stage.press("enter")
        assert stage.app.focused is stage.dashboard.panels.ledger.list
        await stage.press("escape")
        assert "49 commitments" in stage.text("#ledger-summary")
        assert stage.dashboard.panels.ledger.list.key == "C041", "the cursor stays on its record"
        assert stage.dashboard.panels.front == 2
        await stage.press("escape")
        assert stage.dashboard.panels.front == 1


async def test_a_filter_that_finds_nothing_says_so() -> None:
    async with on_stage() as stage:
        await stage.press("2", "slash", *"xyzzy")
        assert "Nothing matches" in stage.text("#commitments")


async def test_the_currency_goes_round_and_names_its_rate() -> None:
    async with on_stage((200, 60), ledger_files=Files(whole())) as stage:
        await begun(stage)
        assert "In USD" not in stage.text("#commitments-panel")
        await stage.press("c")
        assert "In USD" in stage.text("#commitments-panel")
        assert "implied by 000 line 19" in stage.text("#ledger-summary")
        rate = priced("CNY=X", 7.25, 7.2, source="yahoo", decimals=4)
        await stage.take(rate, health=healthy())
        stage.dashboard.panels.ledger.move_on()
        await stage.pilot.pause()
        assert "1 USD = 7.25 CNY, Yahoo, 2025-08-15" in stage.text("#ledger-summary")
        await stage.press("c")
        assert "In CNY" in stage.text("#commitments-panel")
        await stage.press("c", "c")
        assert "In " not in stage.text("#commitments-panel").replace("In totals", "")


async def test_the_rates_are_followed_and_kept_off_the_board() -> None:
    async with on_stage() as stage:
        followed = {str(symbol) for symbol in stage.dashboard.session.dependencies.feed.feed._symbols}
        assert {"CNY=X", "EURUSD=X", "002837.SZ"} <= followed
        shown = {
            str(stock.symbol)
            for watchlist in stage.dashboard.session.dependencies.files.watchlists
            for stock in watchlist.stocks
        }
        assert "CNY=X" not in shown


async def test_the_money_map_and_its_circle() -> None:
    async with on_stage((200, 60), ledger_files=Files(whole())) as stage:
        await begun(stage)
        await stage.press("2", "m")
        panel = stage.text("#commitments-panel")
        assert "Who pays (down) whom (across)" in panel
        assert "NVIDIA → OpenAI → Oracle → NVIDIA" in panel
        assert "$100 bn + unknown → $300 bn → $40 bn" in panel
        await stage.press("m")
        assert "Compute contract" in stage.text("#commitments-panel")


async def test_claims_move_with_the_price() -> None:
    async with on_stage(ledger_files=Files(whole())) as stage:
        await begun(stage)
        await stage.press("2", "v", "v", "v", "v", "v")
        assert view(stage) == "claims"
        await stage.take(priced("603757.SS", 51.854, 50.0), health=healthy())
        stage.dashboard.panels.ledger.move_on()
        await stage.pilot.pause()
        assert "+10.00 %" in stage.text("#commitments")
        assert "since then  +10.00 %" in stage.text("#record")


async def test_from_a_record_to_a_stock_and_back() -> None:
    async with on_stage(ledger_files=Files(whole())) as stage:
        await begun(stage)
        await stage.press("2", "v", "v", "j")
        assert record_title(stage).startswith("4 C033")
        await stage.press("enter")
        assert stage.dashboard.panels.front == 4
        chosen = stage.dashboard.panels.record.detail.chosen
        assert chosen is not None
        assert (chosen.kind, chosen.id) == ("stock", "ORCL")
        await stage.press("enter")
        assert stage.dashboard.panels.front == 1
        assert stage.current == "ORCL"
        assert "Oracle" in stage.text("#stock-panel")
        await stage.press("b")
        assert stage.dashboard.panels.front == 4
        assert stage.current == "603757.SS"
        assert record_title(stage).startswith("4 C033")
        assert view(stage) == "deals"


async def test_from_a_stock_to_a_signal_and_on_to_its_contradiction_and_back() -> None:
    async with on_stage(ledger_files=Files(whole())) as stage:
        await begun(stage)
        await stage.press("j", "3")
        while (chosen := stage.dashboard.panels.stock.figures.chosen) is not None and chosen.key != "S023":
            await stage.press("l")
        await stage.press("enter")
        assert stage.dashboard.panels.front == 4
        assert view(stage) == "signals"
        assert stage.dashboard.panels.ledger.list.key == "S023"
        assert "adoption gained in six months" in stage.text("#record")
        while (chosen := stage.dashboard.panels.record.detail.chosen) is not None and chosen.key != "K25":
            await stage.press("l")
        await stage.press("enter")
        assert view(stage) == "conflicts"
        assert record_title(stage) == "4 K25 conflict"
        await stage.press("b")
        assert record_title(stage) == "4 S023 cooling signal"
        await stage.press("b")
        assert stage.dashboard.panels.front == 3
        await stage.press("b")
        assert stage.dashboard.panels.front == 3, "there is no way further back"


async def test_a_click_follows_a_link() -> None:
    async with on_stage((200, 60), ledger_files=Files(whole())) as stage:
        await begun(stage)
        lines = stage.text("#stock").splitlines()
        at = next(place for place, line in enumerate(lines) if " C021 " in line)
        await stage.pilot.click("#stock", offset=(6, at))
        assert record_title(stage) == "4 C021 campus/facility"


async def test_a_record_of_ones_own_shows_up_without_a_restart(tmp_path: Path) -> None:
    own = tmp_path / "ledger"
    own.mkdir()
    files = LedgerFolders(seeds(), own)
    async with on_stage((200, 60), ledger_files=files) as stage:
        await begun(stage)
        await stage.press("2", "j", "j")
        before = stage.dashboard.panels.ledger.list.key
        path = own / "week.toml"
        path.write_text(OWN, encoding="utf-8")
        await look(stage)
        assert "Blue Whale" in stage.text("#commitments")
        assert "✎ine" in stage.text("#commitments") or "✎mine" in stage.text("#commitments")
        assert stage.dashboard.panels.ledger.list.key == before, "the cursor stays"
        assert "50 commitments" in stage.text("#ledger-summary")
        path.write_text(OWN.replace("7_000_000_000", '"seven"'), encoding="utf-8")
        await look(stage)
        assert "week.toml:13: 'amount' must be a number, not 'seven'" in stage.text("NoticeLine")
        assert "Blue Whale" in stage.text("#commitments"), "the old ledger stays"
        path.write_text(OWN.replace("Blue Whale", "Grey Whale"), encoding="utf-8")
        await look(stage)
        assert "Grey Whale" in stage.text("#commitments")
        assert "week.toml" not in stage.text()
        path.unlink()
        await look(stage)
        assert "Whale" not in stage.text("#commitments")


async def test_a_bad_file_at_the_start_leaves_the_bundled_ledger() -> None:
    problem = FileError([Problem(Path("own.toml"), 3, "unknown key"), Problem(Path("own.toml"), 9, "no source")])
    files = Files(problem)
    async with on_stage(ledger_files=files) as stage:
        await begun(stage)
        await stage.until(lambda: "own.toml:3: unknown key (and 1 more" in stage.text("NoticeLine"))
        assert len(stage.dashboard.session.ledger.ledger.signals) == 85
        assert files.loads == [True, False]


async def test_files_that_did_not_change_are_not_read_again() -> None:
    files = Files(whole())
    async with on_stage(ledger_files=files) as stage:
        await begun(stage)
        await look(stage)
        assert files.loads == [True]
        files.stamps += 1
        await look(stage)
        assert files.loads == [True, True]


async def test_without_the_whole_ledger_a_view_says_that_it_is_being_read() -> None:
    async with on_stage() as stage:
        await stage.press("v", "v", "v", "v")
        assert "is being read" in stage.text("#ledger-summary")


def test_the_fixtures_are_of_their_day() -> None:
    assert MORNING.date() == date(2025, 8, 15)
    assert whole().fx["X01"].rate == Decimal("7.0")


async def test_a_claim_changes_its_colour_with_the_convention() -> None:
    async with on_stage(ledger_files=Files(whole())) as stage:
        await begun(stage)
        stage.dashboard.panels.ledger.view = "claims"
        await stage.take(priced("603757.SS", 51.854, 50.0), health=healthy())
        met = []
        for _ in range(3):
            stage.dashboard.panels.ledger.move_on()
            await stage.settle()
            met.append((colour_in(stage, "#commitments", "+10.00"), colour_in(stage, "#record", "+10.00")))
            await stage.press("u")
        up, down = MEANINGS["up"], MEANINGS["down"]
        assert met == [(down, down), (down, down), (up, up)]
