"""Somebody leans on the keyboard: every key, clicks and pastes at random, two in a read. The screen stays."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual import events

from aiwatch.app import ACTIONS, AiwatchApp
from aiwatch.screens.keys.dialogs import DIALOGS, bindings_in
from aiwatch.screens.keys.keyboard import keys_of
from tests.pty_driver import PseudoTerminal
from tests.screens.bursts import click_at, events_of, handled
from tests.screens.dashboard.test_editing import MINE, editing, settled
from tests.screens.stage import Stage, on_stage

SIZE = (80, 24)
LONG_SECONDS = 600
EDITING = ("edit.", "alert.set", "board.columns", "app.palette")
"""The beginnings of the ids of all that writes a list, or leads to what does."""
TEXTS = ("a", "7", "NVDA", "zz 1.5", "ö", "英")
ESCAPE, HELP, QUIT = "\x1b[27u", "\x1bOP", "\x1b[21~"
"""Keys as a terminal sends them, Escape so that it is not taken for the beginning of another."""
ON_A_TERMINAL = (*"jkaACOLH?:mNR/sS123[]wvc\rz ", ESCAPE, "\x1b[200~NVDA\nTSLA\x1b[201~")
PASTES = ("NVDA\nTSLA\n", "x", "\n\n", "change% > 3\r\nand symbol", "Q" * 300)


def keys_of_all(*without: str) -> list[str]:
    """Every key of the project but those of the actions whose ids begin with ``without``."""
    dialogs = [binding for name in DIALOGS for binding in bindings_in(name)]
    taken = (
        {key for name, action in ACTIONS.items() if name.startswith(without) for key in action.keys}
        if without
        else set()
    )
    keys = {key for action in ACTIONS.values() for key in action.keys}
    keys |= {key for binding in dialogs for key in keys_of(binding.key)}
    return sorted({*keys, "enter", "escape", "tab", "f12"} - taken - ({"ctrl+p"} if without else set()))


def mashed(seed: int, keys: list[str]) -> Iterator[list[events.Event]]:
    """What is handed over in one read after the other, for ever."""
    chance = random.Random(seed)
    while True:
        write: list[events.Event] = []
        for _ in range(2):
            what = chance.random()
            if what < 0.8:
                write.append(events.Key(chance.choice(keys), None))
            elif what < 0.9:
                write += click_at(chance.randrange(SIZE[0]), chance.randrange(SIZE[1]))
            elif what < 0.95:
                write += events_of(chance.choice(TEXTS))
            else:
                write += events_of(f"paste:{chance.choice(PASTES)}")
        yield write


async def mash(stage: Stage, seed: int, keys: list[str], *, writes: int = 0, seconds: float = 0.0) -> None:
    """Hand over ``writes``, or for so many ``seconds``, and see that the screen stays."""
    end = time.monotonic() + seconds
    for number, write in enumerate(mashed(seed, keys), 1):
        for event in write:
            stage.app.post_message(event)
        if number % 5 == 0:
            await handled(stage)
            stage.lines()
            assert stage.app._exception is None, f"seed {seed}, write {number}"
            assert not stage.app.faults, f"seed {seed}, write {number}"
            assert not stage.app._exit, f"seed {seed}, write {number}"
        if number >= writes and time.monotonic() >= end:
            break
    await handled(stage)
    await settled(stage)


@pytest.fixture(autouse=True)
def _nobody_quits(monkeypatch: pytest.MonkeyPatch) -> None:
    async def stay(_app: AiwatchApp) -> None:
        """Leave neither the screen nor a picture of it."""

    monkeypatch.setattr(AiwatchApp, "action_quit", stay)
    monkeypatch.setattr(AiwatchApp, "deliver_screenshot", lambda *_, **__: None)


async def test_the_screen_stays_whatever_is_pressed(tmp_path: Path) -> None:
    async with editing(tmp_path) as stage:
        await mash(stage, 20251127, keys_of_all(), writes=60)


async def test_nothing_is_written_that_no_key_asked_for(tmp_path: Path) -> None:
    async with editing(tmp_path) as stage:
        await mash(stage, 7, keys_of_all(*EDITING), writes=40)
        assert (tmp_path / "own/mine.toml").read_text(encoding="utf-8") == MINE
        assert [path.name for path in (tmp_path / "own").iterdir()] == ["mine.toml"]


async def test_the_screen_stays_without_any_list() -> None:
    async with on_stage(SIZE, watchlists=()) as stage:
        await mash(stage, 11, keys_of_all(), writes=30)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(4))
async def test_the_screen_stays_for_minutes(tmp_path: Path, seed: int) -> None:
    async with editing(tmp_path) as stage:
        await mash(stage, seed, keys_of_all(), seconds=LONG_SECONDS / 4)


@pytest.mark.parametrize("writes", [15, pytest.param(60, marks=pytest.mark.long)])
def test_the_program_stays_on_a_terminal(home: Path, writes: int) -> None:
    chance = random.Random(3)
    with PseudoTerminal(home, ["demo"]) as driver:
        driver.wait_for("DEMO")
        for _ in range(writes):
            driver.send("".join(chance.choice(ON_A_TERMINAL) for _ in range(2)).encode())
        start = len(driver.raw)
        driver.send((ESCAPE * 4 + HELP).encode())
        driver.wait_for("keys and signs", after=start)
        driver.send((ESCAPE + QUIT).encode())
        assert driver.status() == 0
        assert "Traceback" not in driver.text
