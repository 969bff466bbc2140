from __future__ import annotations

import asyncio
import gc
import math
from typing import Any
from weakref import ref

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.screen import Screen
from textual.widget import Widget

from aiwatch.widgets.beat import TICKS_A_SECOND, Beats, Followers, _timer_of, every_second, every_tick, hurry, repaint


class _Widget(Widget):
    """A widget that is there until it is said not to be."""

    def __init__(self) -> None:
        super().__init__()
        self.there = True

    @property
    def is_running(self) -> bool:
        return self.there


class _Heard:
    """Beats of a clock that is set, and what was called."""

    def __init__(self) -> None:
        self.now = 41.26
        self.beats = Beats(lambda: self.now)
        self.widget = _Widget()
        self.calls: list[int | str] = []
        self.waits = True
        self.beats.each_tick(self.widget, self.calls.append, lambda: self.waits)
        self.beats.each_second(self.widget, lambda: self.calls.append("second"))

    def at(self, now: float) -> list[int | str]:
        """What is called at ``now``."""
        self.now = now
        self.calls.clear()
        self.beats.beat()
        return list(self.calls)


@pytest.mark.parametrize(
    ("waits", "now", "due"),
    [
        (True, 41.26, 41.3),
        (True, 41.3, 41.4),
        (True, 41.2999, 41.4),
        (True, 41.95, 42.0),
        (False, 41.26, 42.0),
        (False, 42.0, 43.0),
        (False, 41.9999, 43.0),
    ],
)
def test_only_what_waits_has_a_tick_before_the_next_second(waits: bool, now: float, due: float) -> None:
    heard = _Heard()
    heard.waits, heard.now = waits, now
    assert heard.beats.next_at == pytest.approx(due)


def test_ticks_are_numbered_and_the_first_of_a_second_comes_after_its_own() -> None:
    heard = _Heard()
    assert heard.at(41.81) == [8]
    assert heard.at(41.88) == [9]
    assert heard.at(41.96) == ["second", 0]
    assert heard.at(42.04) == [1]


def test_a_second_whose_tick_was_missed_is_made_up_for() -> None:
    heard = _Heard()
    assert heard.at(42.73) == ["second", 0]
    assert heard.at(42.81) == [8]
    assert heard.at(45.3) == ["second", 0]


def test_a_widget_that_is_gone_is_not_called() -> None:
    heard = _Heard()
    heard.widget.there = False
    assert heard.at(42.0) == []
    heard.widget.there = True
    assert heard.at(43.0) == []


def _due(widget: Widget) -> list[asyncio.TimerHandle]:
    """The beats before the event loop."""
    loop: Any = asyncio.get_running_loop()
    beat = type(_timer_of(widget.screen))._beat
    return [each for each in loop._scheduled if not each._cancelled and getattr(each._callback, "__func__", 0) is beat]


class _Stage(App[None]):
    def compose(self) -> ComposeResult:
        yield Widget(id="one")
        yield Widget(id="other")


async def test_all_widgets_of_a_screen_go_by_one_timer() -> None:
    app = _Stage()
    async with app.run_test() as pilot:
        ticks: list[tuple[str, int]] = []
        for widget in app.query("#one, #other"):
            name = str(widget.id)
            every_tick(widget, lambda number, name=name: ticks.append((name, number)), lambda: True)  # type: ignore[misc]
            every_second(widget, lambda: None)
        while len(ticks) < 4:
            await pilot.pause(0)
        assert len(_due(app.screen)) == 1
    (first, number), (second, same) = ticks[:2]
    assert (first, second) == ("one", "other")
    assert number == same


async def test_who_hurries_waits_a_tenth_of_a_second_and_nobody_else_is_woken() -> None:
    app = _Stage()
    async with app.run_test():
        widget, waits, came = app.query_one("#one"), False, asyncio.Event()
        loop = asyncio.get_running_loop()
        every_tick(widget, lambda _: came.set(), lambda: waits)
        (due,) = _due(widget)
        assert due.when() == pytest.approx(math.floor(loop.time()) + 1, abs=0.01)
        hurry(widget)
        assert _due(widget) == [due]
        waits = True
        hurry(widget)
        (due,) = _due(widget)
        assert due.when() - loop.time() <= 1 / TICKS_A_SECOND
        await asyncio.wait_for(came.wait(), 5)


async def test_what_goes_wrong_in_a_tick_ends_the_screen_with_its_reason() -> None:
    app = _Stage()

    async def run() -> None:
        async with app.run_test() as pilot:
            every_tick(app.query_one("#one"), lambda _: 1 // 0, lambda: True)
            while app.is_running:
                await pilot.pause(0)

    with pytest.raises(ZeroDivisionError):
        await run()


async def test_a_screen_that_is_closed_is_freed() -> None:
    app: App[None] = App()
    async with app.run_test() as pilot:
        screen: Screen[None] = Screen()
        await app.push_screen(screen)
        beaten = 0

        def count() -> None:
            nonlocal beaten
            beaten += 1

        every_tick(screen, lambda number: count(), lambda: True)
        while not beaten:
            await pilot.pause(0)
        closed = ref(screen)
        app.pop_screen()
        del screen
        for _ in range(100):  # it is unmounted, and Textual lets go of its last message, some turns later
            await pilot.pause()
            gc.collect()
            if closed() is None:
                break
        assert closed() is None


def _cells(regions: set[Region]) -> set[tuple[int, int]]:
    return {(x, y) for region in regions for x in region.column_range for y in region.line_range}


_PLACES = st.builds(Region, st.integers(0, 6), st.integers(0, 6), st.integers(1, 6), st.integers(1, 6))


@given(st.sets(_PLACES, max_size=2), st.lists(st.sets(_PLACES, max_size=4), max_size=3))
def test_what_changes_in_a_follower_waits_and_all_else_does_not(
    followers: set[Region], paints: list[set[Region]]
) -> None:
    waiting = Followers()
    waiting._regions = {_Widget(): region for region in followers}
    held = _cells(followers)
    for changed in paints:
        assert _cells(waiting.due(changed)) == _cells(changed) - held
    assert _cells(waiting.released()) == held & {cell for changed in paints for cell in _cells(changed)}
    assert waiting.released() == set()
    for changed in paints:
        assert waiting.due(changed) == changed


async def test_what_a_beat_moves_is_painted_with_it_and_all_of_a_new_second_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with App[None]().run_test() as pilot:
        screen, widget = pilot.app.screen, Widget()
        await screen.mount(widget)
        timer = _timer_of(screen)
        painted: list[str] = []
        monkeypatch.setattr(screen, "_on_timer_update", lambda: painted.append("at once"))
        monkeypatch.setattr(screen, "check_idle", lambda: painted.append("soon"))
        every_tick(widget, lambda _: repaint(widget, Region(0, 0, 1, 1)))
        for is_new_second, when in ((False, ["at once"]), (True, ["soon"])):
            second = timer.beats._now()[0]
            timer.beats._second = second - is_new_second
            monkeypatch.setattr(timer.beats, "_now", lambda second=second: (second, 3))
            painted.clear()
            timer._beat()
            timer._handle.cancel()
            assert painted == when
            assert widget in screen._dirty_widgets
            assert widget._repaint_regions
            screen._dirty_widgets.clear()
        repaint(widget, Region(0, 0, 1, 1))
        assert widget._repaint_required, "between two beats, as ever"
