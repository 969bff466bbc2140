"""One key hides everything behind what looks like a build, and brings it back as it was."""

from __future__ import annotations

import re

import pytest
from textual.widgets._toast import Toast

from aiwatch.config.settings import AlertSettings
from aiwatch.screens.stealth import STEPS, StealthScreen, build_line
from tests.screens.dashboard.test_pictures import day
from tests.screens.stage import Stage, healthy, lists, make_app, on_stage, priced

SMALL = (60, 20)
TELLING = re.compile(r"[▲▼▬●○◐⚑✓✗│╭╯%$€¥£]|\d\.\d\d|[一-鿿]|DEMO|aiwatch|SSE|HKEX|Nasdaq", re.IGNORECASE)


def check(stage: Stage) -> None:
    """Nothing of a market is to be seen, and no row is wider than the screen."""
    text = stage.text()
    assert not TELLING.search(text), TELLING.search(text)
    names = {word for watchlist in lists() for stock in watchlist.stocks for word in (stock.symbol.text, stock.name)}
    assert not [name for name in names if re.search(rf"\b{re.escape(name)}\b", text)]
    assert stage.widths() == {stage.app.size.width}
    assert len(stage.lines()) == stage.app.size.height


def test_a_build_goes_round_and_shows_nothing_of_a_market() -> None:
    said = [build_line(step) for step in range(2 * STEPS)]
    assert said[STEPS - 1].endswith("LD   bin/server")
    assert said[STEPS].startswith("[  1/412]")
    assert not [line for line in said if TELLING.search(line)]
    assert max(map(len, said)) < SMALL[0]


@pytest.mark.parametrize("size", [SMALL, (160, 45), (8, 3)])
async def test_one_key_hides_everything_and_brings_it_back(size: tuple[int, int]) -> None:
    async with on_stage(size, mark="DEMO") as stage:
        for batch in day():
            await stage.take(*batch, health=healthy())
        await stage.press("]", "j", "j", "s")
        await stage.rest()
        before, current = stage.text(), stage.current
        await stage.press("x")
        assert isinstance(stage.app.screen, StealthScreen)
        check(stage)
        await stage.press("j", "q", "1", "escape", "enter", "slash", "question_mark", "ctrl+p", "colon")
        assert isinstance(stage.app.screen, StealthScreen)
        check(stage)
        await stage.press("x")
        await stage.rest()
        assert stage.text() == before
        assert stage.current == current


async def test_quotes_go_on_beneath_and_the_scroll_stays() -> None:
    async with on_stage((90, 20), start_list="builders") as stage:
        board = stage.dashboard.lists.board
        last = board.shown[-1].symbol.text
        await stage.take(priced(last, 7.5, 7.5))
        await stage.press("G")
        await stage.rest()
        view = board.scroll_offset.y
        assert view > 0
        await stage.press("x")
        await stage.take(priced(last, 7.77, 7.5))
        check(stage)
        await stage.press("x")
        await stage.rest()
        assert board.scroll_offset.y == view
        assert "7.77" in stage.row(last)


async def test_toasts_are_held_back() -> None:
    async with on_stage() as stage:
        stage.app.notify("Envicool is at its limit", title="Alert")
        await stage.pilot.pause()
        await stage.press("x")
        check(stage)
        stage.dashboard.notify("NVIDIA is above 200", title="Alert")
        await stage.pilot.pause()
        check(stage)
        assert [notification.message for notification in stage.app._notifications] == ["Envicool is at its limit"]
        await stage.press("x")
        await stage.until(
            lambda: "NVIDIA is above 200" in [notification.message for notification in stage.app._notifications]
        )


async def test_a_toast_that_is_still_there_is_not_shown() -> None:
    app = make_app()
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        stage = Stage(pilot)
        app.notify("Envicool is at its limit", title="Alert", timeout=60)
        await stage.until(lambda: "Envicool is at its limit" in stage.text())
        await stage.press("x")
        await stage.until(lambda: bool(app.screen.query(Toast)))
        await stage.rest()
        check(stage)
        await stage.press("x")
        await stage.until(lambda: "Envicool is at its limit" in stage.text())


async def test_the_terminal_is_told_another_title_and_of_no_alert(monkeypatch: pytest.MonkeyPatch) -> None:
    async with on_stage(alerts=AlertSettings(notify="osc9")) as stage:
        written: list[str] = []
        monkeypatch.setattr(stage.app._driver, "write", written.append)
        stage.dashboard.actions.alerts.notify_terminal(["NVIDIA is above 200"])
        assert "NVIDIA" in "".join(written)
        written.clear()
        await stage.press("x")
        stage.dashboard.actions.alerts.notify_terminal(["NVIDIA is above 200"])
        assert "\x1b[22;2t\x1b]2;make\x1b\\" in written
        assert "NVIDIA" not in "".join(written)
        assert "\x1b[23;2t" not in written
        await stage.press("x")
        assert "\x1b[23;2t" in written


@pytest.mark.parametrize("opening", ["question_mark", "H", "C", "O"])
async def test_it_hides_what_lies_over_the_screen_too(opening: str) -> None:
    async with on_stage() as stage:
        await stage.press(opening)
        over = stage.app.screen
        assert over is not stage.dashboard
        await stage.press("x")
        check(stage)
        await stage.press("x")
        assert stage.app.screen is over


async def test_a_smaller_screen_is_hidden_whole_and_the_build_goes_on() -> None:
    async with on_stage((160, 45)) as stage:
        await stage.press("x")
        await stage.resize(*SMALL)
        check(stage)
        screen = stage.app.screen
        assert isinstance(screen, StealthScreen)
        before = stage.lines()
        screen.build_on()
        await stage.until(lambda: stage.lines() != before)
        assert stage.lines()[:-2] == before[1:-1]
        await stage.press("ctrl+x")
        assert stage.app.screen is stage.dashboard
