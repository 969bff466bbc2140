"""A terminal behind a slow line: that it takes nothing is known, and the newest of its pictures is written."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from rich.segment import Segment
from textual._compositor import LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from aiwatch.screens.terminal_driver import WAITS, _Picture
from tests.screens.stage import Stage, on_stage


class Line:
    """A file, or a driver, that takes what is written when it may."""

    is_headless = is_inline = False
    is_behind = False

    def __init__(self) -> None:
        self.takes = threading.Event()
        self.asked = threading.Event()
        self.text = ""

    def write(self, text: str) -> None:
        self.asked.set()
        self.takes.wait(10)
        self.text += text

    def flush(self) -> None:
        """Nothing is held."""

    def fileno(self) -> int:
        return -1

    def isatty(self) -> bool:
        return True


def test_a_write_that_does_not_come_back_is_seen() -> None:
    line: Any = Line()
    picture = _Picture(line)
    assert picture.waits_for == 0
    writer = threading.Thread(target=picture.write, args=("words",))
    writer.start()
    line.asked.wait(10)
    while picture.waits_for <= WAITS:
        threading.Event().wait(0.001)
    line.takes.set()
    writer.join()
    assert picture.waits_for == 0
    assert line.text == "words"


def picture_of(letter: str) -> LayoutUpdate:
    return LayoutUpdate([[Strip([Segment(letter * 20)])] for _ in range(3)], Region(0, 0, 20, 3))


@asynccontextmanager
async def drawn_on_a_line() -> AsyncIterator[tuple[Stage, Any]]:
    """The screen on a stage, and the line that it draws on, which takes what is written."""
    line: Any = Line()
    line.takes.set()
    async with on_stage((80, 24)) as stage:
        usual, stage.app._driver = stage.app._driver, line
        try:
            yield stage, line
        finally:
            stage.app._driver = usual


async def test_of_the_pictures_that_a_line_does_not_take_the_newest_is_written() -> None:
    async with drawn_on_a_line() as (stage, line):
        app = stage.app
        app._display(app.screen, picture_of("a"))
        assert "a" * 20 in line.text
        line.is_behind = True
        for letter in "bcd":
            app._display(app.screen, picture_of(letter))
        assert not {*"bcd"} & {*line.text}
        line.is_behind = False
        await stage.until(lambda: "d" * 20 in line.text)
        assert not {*"bc"} & {*line.text}


async def test_asking_again_draws_over_what_somebody_else_wrote(monkeypatch: pytest.MonkeyPatch) -> None:
    async with drawn_on_a_line() as (stage, line):
        app = stage.app
        for text in ("a" * 20, ""):
            line.text = ""
            app._display(app.screen, picture_of("a"))
            assert line.text.count("a" * 20) == 3 * bool(text), "what is there is not written again"
        drawn: list[bool] = []
        monkeypatch.setattr(app, "draw_whole", lambda: drawn.append(True))
        stage.dashboard.action_refresh_now()
        app._display(app.screen, picture_of("a"))
        assert line.text.count("a" * 20) == 3
        assert drawn == [True]
