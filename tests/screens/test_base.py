"""A screen of aiwatch is left once, however often and from wherever it is asked to go; one below it costs little."""

from __future__ import annotations

import pytest
from textual.app import App
from textual.screen import Screen

from aiwatch.screens.base import BaseDialog, BaseScreen
from aiwatch.widgets.beat import _SHINES
from tests.screens.stage import Stage, on_stage, priced


class Covering(BaseScreen[None]):
    """A screen through which nothing is seen."""

    DEFAULT_CSS = "Covering { background: $background; }"


class Plain(BaseDialog[int]):
    """A screen with nothing on it."""


async def test_only_the_first_leaving_of_the_screen_in_front_counts() -> None:
    results: list[int | None] = []
    app: App[None] = App()
    async with app.run_test() as pilot:
        twice, below, above = Plain(), Plain(), Plain()
        await app.push_screen(twice, results.append)
        twice.dismiss(1)
        twice.dismiss(2)
        twice.action_close()
        await pilot.pause()
        assert (results, len(app.screen_stack)) == ([1], 1)
        await app.push_screen(below, results.append)
        await app.push_screen(above, results.append)
        below.dismiss(3)
        await pilot.pause()
        assert app.screen is above, "what another covers stays"
        above.dismiss(4)
        await pilot.pause()
        assert (results, app.screen) == ([1, 4], below)


def _paints(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The screens of which something is painted from now on."""
    painted: list[object] = []
    display = stage.app._display

    def paint(screen: Screen[object], update: object) -> None:
        painted.append(screen)
        display(screen, update)  # type: ignore[arg-type]

    monkeypatch.setattr(stage.app, "_display", paint)
    return painted


async def test_what_changes_below_a_dialog_is_painted_through_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    async with on_stage() as stage:
        await stage.press("?")
        painted = _paints(stage, monkeypatch)
        await stage.take(priced("603757.SS", 51.85, 47.14))
        await stage.until(lambda: bool(painted))
        assert set(painted) == {stage.app.screen}
        dashboard = stage.dashboard
        assert (dashboard._repaint_required, dashboard._dirty_widgets) == (False, set())
        painted.clear()
        for _ in range(5):
            await stage.take(priced("603757.SS", 51.9, 47.14))
        await stage.until(lambda: _SHINES[dashboard].next is None)
        assert len(painted) <= 2, "what changes quickly is painted twice a second"
        await stage.press("escape")
        assert "51.90" in stage.row("603757.SS")


async def test_nothing_is_painted_for_what_changes_below_a_screen_that_covers_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with on_stage() as stage:
        await stage.app.push_screen(Covering())
        await stage.settle()
        painted = _paints(stage, monkeypatch)
        await stage.take(priced("603757.SS", 51.85, 47.14))
        await stage.take(priced("603757.SS", 51.9, 47.14))
        assert not painted
        assert _SHINES[stage.dashboard].next is None
        stage.app.pop_screen()
        await stage.settle()
        assert "51.90" in stage.row("603757.SS")


async def test_a_dialog_is_seen_over_what_it_stands_over_however_it_is_drawn() -> None:
    async with on_stage((160, 45)) as stage:
        await stage.press("C")
        for _ in range(3):
            stage.app.screen.refresh()  # nothing that was drawn counts any more
            assert "2 Commitments" in "\n".join(stage.lines())
