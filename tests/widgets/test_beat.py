from __future__ import annotations

import gc
from weakref import ref

from textual.app import App, ComposeResult
from textual.screen import Screen
from textual.widget import Widget

from aiwatch.widgets.beat import Beats, every_second, every_tick


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
        self.beats.each_tick(self.widget, self.calls.append)
        self.beats.each_second(self.widget, lambda: self.calls.append("second"))

    def at(self, now: float) -> list[int | str]:
        """What is called at ``now``."""
        self.now = now
        self.calls.clear()
        self.beats.beat()
        return list(self.calls)


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


async def test_all_widgets_of_a_screen_go_by_one_timer() -> None:
    class Stage(App[None]):
        def compose(self) -> ComposeResult:
            yield Widget(id="one")
            yield Widget(id="other")

    app = Stage()
    async with app.run_test() as pilot:
        ticks: list[tuple[str, int]] = []
        for name in ("one", "other"):
            every_tick(app.query_one(f"#{name}"), lambda number, name=name: ticks.append((name, number)))  # type: ignore[misc]
            every_second(app.query_one(f"#{name}"), lambda: None)
        timers = [timer for timer in app.screen._timers if timer.name == "beats"]
        while len(ticks) < 4:
            await pilot.pause(0)
        timers = [timer for timer in app.screen._timers if timer.name == "beats"]
        assert len(timers) == 1
    (first, number), (second, same) = ticks[:2]
    assert (first, second) == ("one", "other")
    assert number == same


async def test_a_screen_that_is_closed_is_freed() -> None:
    app: App[None] = App()
    async with app.run_test() as pilot:
        screen: Screen[None] = Screen()
        await app.push_screen(screen)
        beaten = 0

        def count() -> None:
            nonlocal beaten
            beaten += 1

        every_tick(screen, lambda number: count())
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
