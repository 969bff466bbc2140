"""A ledger of thousands of records on the screen: its rows are made in a thread, and come as if they had been there."""

from __future__ import annotations

import threading
from functools import cache, partial

import pytest
from msgspec.structs import replace

from aiwatch.ledger.records import Ledger
from aiwatch.ledger.views import LARGE, is_large
from aiwatch.widgets.ledger import panel as panel_module
from aiwatch.widgets.ledger.rows import Shown, ViewQuery
from aiwatch.widgets.table import LateRows, TableRows
from tests.screens.stage import MORNING, Stage, lists, on_stage
from tests.sources.test_loop import LONGEST_TURN, Turns, _turns
from tests.widgets.ledger.fixtures import context, shown, whole

turns = _turns


@cache
def large() -> Ledger:
    """The bundled ledger with a thousand records more, of every kind that may come in numbers."""
    ledger = whole()
    deal, site, signal = ledger.commitments["C041"], ledger.commitments["C029"], ledger.signals["S057"]
    more = {f"d{at}": replace(deal, id=f"d{at}", recipient=f"Site {at}", part_of="") for at in range(LARGE)}
    more |= {f"s{at}": replace(site, id=f"s{at}", part_of="", same_money_as=()) for at in range(LARGE)}
    signals = {f"g{at}": replace(signal, id=f"g{at}") for at in range(LARGE)}
    entities = {f"e{at}": replace(ledger.entities["E016"], id=f"e{at}", name=f"Firm {at}") for at in range(LARGE)}
    return replace(
        ledger,
        commitments={**ledger.commitments, **more},
        signals={**ledger.signals, **signals},
        entities={**ledger.entities, **entities},
    )


@pytest.fixture(autouse=True)
def _ledger_is_read() -> None:
    large(), lists()


@pytest.fixture(name="made_in")
def _made_in(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the threads in which rows of large ledgers are made."""
    threads: list[str] = []
    real = panel_module.show

    def noted(*arguments: object) -> Shown:
        threads.append(threading.current_thread().name)
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(panel_module, "show", noted)
    return threads


def rows(stage: Stage) -> list[str]:
    return stage.dashboard.panels.ledger.list._keys


def has_rows(stage: Stage, expected: list[str]) -> bool:
    return rows(stage) == expected


async def test_every_view_of_a_large_ledger_is_made_in_a_thread(made_in: list[str]) -> None:
    async with on_stage((160, 45)) as stage:
        panel = stage.dashboard.panels.ledger
        stage.dashboard.session.ledger.ledger = large()
        stage.dashboard.actions.ledger.show()
        await stage.press("2")
        made_in.clear()
        read = replace(context(ledger=large()), today=MORNING.date())
        for key, _ in panel_module.VIEWS:
            panel.view = key
            expected = [row.key for row in shown(key, 76, read=read).rows]
            await stage.until(partial(has_rows, stage, expected))
        assert made_in
        assert threading.main_thread().name not in made_in


async def test_no_view_of_a_large_ledger_holds_the_loop(turns: Turns) -> None:
    async with on_stage((160, 45)) as stage:
        panel = stage.dashboard.panels.ledger
        stage.dashboard.session.ledger.ledger = large()
        stage.dashboard.actions.ledger.show()
        await stage.press("2")

        async def visit(view: str, *keys: str) -> None:
            panel.view = "all" if view != "all" else "deals"
            await stage.pilot.pause()
            panel.view = view
            await stage.pilot.pause()
            await stage.press(*keys)

        for view, _ in panel_module.VIEWS:
            assert await turns.of(partial(visit, view, "G")) < LONGEST_TURN, view
        for keys in (("s", "s"), ("c", "c", "c", "c"), ("slash", "7", "escape"), ("enter", "2")):
            assert await turns.of(partial(visit, "all", *keys)) < LONGEST_TURN, keys


async def test_the_last_thing_asked_for_is_what_is_shown_and_the_cursor_goes_where_it_was_sent() -> None:
    async with on_stage((160, 45)) as stage:
        panel = stage.dashboard.panels.ledger
        stage.dashboard.session.ledger.ledger = large()
        stage.dashboard.actions.ledger.show()
        await stage.press("2")
        for text in ("s", "si", "site 77", "purchase site 777"):
            panel.asked = ViewQuery(text=text)
        await stage.rest()
        assert [key for key in rows(stage) if key] == ["d777"]
        panel.go_to("d500")
        await stage.rest()
        assert (panel.asked.text, panel.key) == ("", "d500")
        panel.go_to("g999")
        await stage.rest()
        assert (panel.view, panel.key) == ("signals", "g999")


@pytest.mark.parametrize("view", ["all", "deals", "capacity", "signals", "who", "totals", "timeline"])
def test_the_rows_of_every_long_view_are_made_when_they_are_seen(view: str) -> None:
    assert is_large(large())
    assert not is_large(whole())
    assert isinstance(shown(view, read=context(ledger=large())).rows, LateRows | TableRows)
