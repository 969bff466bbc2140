"""What is asked of a class once is what Textual learns when it asks each time."""

from __future__ import annotations

import functools
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from textual import events, on
from textual._callback import count_parameters
from textual.app import App, ComposeResult
from textual.dom import NoScreen
from textual.message import Message
from textual.message_pump import MessagePump
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Button, Input, Label

from tests.class_memo import count_anew, find_handlers, get_anew, known_count, seek_screen
from tests.screens.stage import ledger, lists, on_stage


class Asked(Message):
    """Somebody asks."""


class Base(Widget):
    """Has a handler of each kind, and notes which of them are called."""

    width_of_all: reactive[int] = reactive(1)
    doubled: reactive[int] = reactive(0)

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[str] = []

    def compute_doubled(self) -> int:
        """Twice the width."""
        return 2 * self.width_of_all

    def on_asked(self) -> None:
        """Named after the message."""
        self.calls.append("named")

    @on(Asked)
    def decorated(self) -> None:
        """Decorated."""
        self.calls.append("decorated")


class Derived(Base):
    """May keep a message from its base."""

    is_enough = False

    def on_asked(self, message: Asked | None = None) -> None:
        """Before the base."""
        self.calls.append("derived")
        if self.is_enough and message is not None:
            message.prevent_default()


class Asking(App[None]):
    """Has a handler that hangs on who sent the message."""

    def __init__(self) -> None:
        super().__init__()
        self.pressed: list[str] = []

    def compose(self) -> ComposeResult:
        """Two of a kind, and one that asks."""
        yield Button("Yes", id="yes")
        yield Button("No", id="no")
        yield Derived()

    @on(Button.Pressed, "#yes")
    def say_yes(self) -> None:
        """Only for one of them."""
        self.pressed.append("yes")


MESSAGES: tuple[Message, ...] = (
    *(events.Mount(), events.Idle(), events.Compose(), events.Focus(), events.Blur(), events.Unmount(), Asked()),
    *(events.Key("j", "j"), events.ScreenResume(), events.Hide(), events.Show(), events.Ready(), events.Load()),
)


@pytest.fixture(name="_files_are_read")
def _read_files() -> None:
    lists(), ledger()


@pytest.mark.usefixtures("_files_are_read")
async def test_the_methods_that_get_a_message_are_those_that_textual_finds() -> None:
    async with on_stage() as stage:
        pumps: list[MessagePump] = [stage.app, *stage.app.screen_stack, *stage.dashboard.query("*"), Derived()]
        count = 0
        for pump in pumps:
            for message in MESSAGES:
                name = "on_idle" if isinstance(message, events.Idle) else message.handler_name
                for _ in range(2):
                    assert list(pump._get_dispatch_methods(name, message)) == list(find_handlers(pump, name, message))
                count += len(list(find_handlers(pump, name, message)))
        assert count > len(pumps)


async def test_a_message_goes_on_until_it_is_kept_and_to_whom_it_is_meant_for(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Asking()
    async with app.run_test() as pilot:
        widget = app.query_one(Derived)

        async def calls_of_one_message() -> list[str]:
            widget.calls.clear()
            widget.post_message(Asked())
            await pilot.pause()
            return list(widget.calls)

        assert await calls_of_one_message() == ["derived", "decorated", "named"]
        widget.is_enough = True
        assert await calls_of_one_message() == ["derived"]
        monkeypatch.setattr(Derived, "on_asked", lambda self: self.calls.append("another"))
        assert await calls_of_one_message() == ["another", "decorated", "named"]
        monkeypatch.undo()
        assert await calls_of_one_message() == ["derived"]
        for button in app.query(Button):
            button.press()
            await pilot.pause()
        assert app.pressed == ["yes"]


def _wrapped(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def inner(*arguments: Any) -> Any:
        return function(*arguments)

    return inner


@pytest.mark.parametrize(
    "function",
    [
        lambda: None,
        lambda _first, _second=2, *_rest, **_more: None,
        _wrapped(lambda _first, _second: None),
        _wrapped(lambda: None),
        Derived.on_asked,
        Derived,
    ],
)
def test_as_many_arguments_are_counted_as_the_signature_has(function: Callable[..., Any]) -> None:
    for _ in range(2):
        assert known_count(function) == count_anew(function)
    assert count_parameters(partial(function)) == count_anew(function)
    bound = Derived().on_asked
    assert count_parameters(bound) == count_parameters(partial(bound)) == known_count(bound) == 1


async def test_values_are_computed_and_missing_ones_are_said_as_by_textual() -> None:
    widget = Base()
    with pytest.raises(NoScreen):
        _ = widget.screen
    assert Base.width_of_all is Base.__dict__["width_of_all"]
    for width in (3, 4):
        widget.set_reactive(Base.width_of_all, width)
        assert (widget.width_of_all, widget.doubled) == (width, 2 * width)
    app = Asking()
    async with app.run_test():
        for node in (app.query_one(Derived), app.query_one("#yes"), app.screen):
            assert node.screen is seek_screen(node) is app.screen
        for node in (app.query_one("#yes", Button), Label("x"), Input("y")):
            assert node.disabled is get_anew(type(node).disabled, node, type(node)) is False
