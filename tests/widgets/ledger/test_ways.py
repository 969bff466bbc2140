"""Every row leads on: from each row of each view to panel 4, from each link there to a row again, and back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from aiwatch.ledger.links import is_page
from aiwatch.ledger.views import PAGE, STOCK, Target, target_of
from aiwatch.market.state import MarketState
from aiwatch.market.symbol import parse_symbol
from aiwatch.session.layout import Panel
from aiwatch.session.navigation import Place
from aiwatch.widgets.ledger.panel import VIEWS, view_of
from aiwatch.widgets.ledger.rows import ViewQuery
from aiwatch.widgets.record.text import find, text_of, title_of
from tests.screens.stage import Stage, on_stage
from tests.widgets.ledger.fixtures import NOON, context, shown, whole
from tests.widgets.ledger.test_list import Files, begun

WAYS = [(key, mapped) for key, _ in VIEWS for mapped in ((False, True) if key == "deals" else (False,))]


def links(key: str) -> Iterator[Target]:
    """Where the rows of panel 4 lead for the row called ``key``."""
    record = find(whole(), key)
    assert record is not None, key
    assert title_of(whole(), key, record), key
    for row in text_of(context(), MarketState(lambda: NOON), record):
        if row.target is not None:
            yield row.target


def keys_of(view: str, *, mapped: bool = False, width: int = 76) -> list[str]:
    """What the rows of ``view`` are called, headings left out."""
    return [row.key for row in shown(view, width, ViewQuery(mapped=mapped)).rows if row.key]


@pytest.mark.parametrize(("view", "mapped"), WAYS)
def test_every_row_of_a_view_has_a_text_that_leads_on(view: str, mapped: bool) -> None:
    for width in (44, 196):
        keys = keys_of(view, mapped=mapped, width=width)
        assert len(set(keys)) == len(keys)
        for key in keys:
            assert list(links(key)), f"{key} leads nowhere"


def test_every_link_leads_to_something_that_leads_on_and_most_to_a_row_of_a_view() -> None:
    rows = {view: set(keys_of(view)) for view, _ in VIEWS}
    rows["deals"] |= set(keys_of("deals", mapped=True)) | set(keys_of("deals", mapped=True, width=44))
    seen = set().union(*rows.values())
    waiting = sorted(seen)
    while waiting:
        for target in links(waiting.pop()):
            if target.kind == STOCK:
                assert parse_symbol(target.id).text == target.id
            elif target.kind == PAGE:
                assert is_page(target.id)
            elif target.key not in seen:
                seen.add(target.key)
                waiting.append(target.key)
    elsewhere = {key for key in seen if key not in rows.get(view_of(whole(), key), ())}
    assert {target_of(key).kind for key in elsewhere} <= {"pays", "delivered", "event"}, "a pair of the map, say"


def here(stage: Stage) -> tuple[Place, bool]:
    """Where the screen is now, and whether the deals are a map."""
    return stage.dashboard.actions.jumps._place(), stage.dashboard.panels.ledger.asked.mapped


async def test_enter_leads_on_from_every_view_and_b_leads_back() -> None:
    async with on_stage(ledger_files=Files(whole())) as stage:
        await begun(stage)
        await stage.press("2")
        ledger, record = stage.dashboard.panels.ledger, stage.dashboard.panels.record
        for view, mapped in WAYS:
            kinds = {target_of(key).kind: key for key in reversed(keys_of(view, mapped=mapped))}
            for key in kinds.values():
                stage.dashboard.panels.go_to(Panel.COMMITMENTS)
                ledger.asked = ViewQuery(mapped=mapped)
                ledger.view = view
                ledger.list.redraw(key)
                await stage.press("enter")
                assert (record.key, stage.dashboard.panels.front) == (key, Panel.RECORD), view
                before = here(stage)
                target = next(link for link in record.detail.targets if link.kind not in (STOCK, PAGE))
                targets = record.detail.targets
                record.detail.action_link(targets.index(target) - targets.index(record.detail.chosen or target))
                assert record.detail.chosen == target
                await stage.press("enter")
                assert record.key == target.key
                assert target.kind == "pays" or ledger.key == target.key
                await stage.press("b")
                assert here(stage) == before


async def test_a_stock_on_no_list_is_looked_up_and_a_page_is_opened() -> None:
    opened: list[str] = []

    def browse(url: str) -> bool:
        opened.append(url)
        return True

    async with on_stage(ledger_files=Files(whole()), browse=browse) as stage:
        await begun(stage)
        stage.dashboard.actions.jumps.follow(Target(STOCK, "SAP"))
        await stage.pilot.pause()
        assert (stage.current, stage.dashboard.panels.front) == ("SAP", Panel.BOARD)
        assert "Looked up" in stage.text("#board-panel")
        stage.dashboard.actions.jumps.follow(Target(PAGE, "https://example.com/news"))
        await stage.until(lambda: bool(opened))
        assert opened == ["https://example.com/news"]
