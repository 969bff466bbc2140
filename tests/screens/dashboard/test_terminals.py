"""What terminals send: every key that aiwatch has comes through xterm, tmux, screen, the Linux console and rxvt."""

from __future__ import annotations

import pytest
from textual._xterm_parser import XTermParser
from textual.events import Key

from aiwatch.app import keyboard_of
from aiwatch.config.settings import PRESETS, KeySettings
from aiwatch.screens.keys.keyboard import SENT_AS, UNBOUND, normal, wrong_key
from tests.screens.stage import on_stage

SENT = {
    "up": ("\x1b[A", "\x1bOA"),
    "down": ("\x1b[B", "\x1bOB"),
    "right": ("\x1b[C", "\x1bOC"),
    "left": ("\x1b[D", "\x1bOD"),
    "home": ("\x1b[H", "\x1bOH", "\x1b[1~", "\x1b[7~"),
    "end": ("\x1b[F", "\x1bOF", "\x1b[4~", "\x1b[8~"),
    "pageup": ("\x1b[5~",),
    "pagedown": ("\x1b[6~",),
    "f1": ("\x1bOP", "\x1b[11~", "\x1b[[A"),
    "f3": ("\x1bOR", "\x1b[13~", "\x1b[[C"),
    "f5": ("\x1b[15~", "\x1b[[E"),
    "f10": ("\x1b[21~",),
    "tab": ("\t",),
    "shift+tab": ("\x1b[Z",),
    "shift+left": ("\x1b[1;2D",),
    "shift+right": ("\x1b[1;2C",),
    "enter": ("\r",),
    "ctrl+left": ("\x1b[1;5D", "\x1bOd"),
    "ctrl+right": ("\x1b[1;5C", "\x1bOc"),
}
"""The sequences of named keys: of a cursor in normal and in application mode, of tmux and screen, of the Linux console,
of rxvt."""


def received(sequence: str) -> list[str]:
    """The keys that ``sequence`` is to the program."""
    parser = XTermParser()
    return [event.key for event in (*parser.feed(sequence), *parser.feed("")) if isinstance(event, Key)]


@pytest.mark.parametrize(("key", "sequence"), [(key, item) for key, many in SENT.items() for item in many])
def test_a_named_key_is_known_however_it_is_sent(key: str, sequence: str) -> None:
    assert received(sequence) == [key]


@pytest.mark.parametrize("preset", PRESETS)
def test_every_key_of_the_presets_can_be_sent(preset: str) -> None:
    for name, keys in keyboard_of(KeySettings(preset)).keys.items():
        for key in keys:
            assert wrong_key(key) == ""
            assert key == normal(key)
            assert key != UNBOUND
            if key in SENT or key == "escape":
                continue
            letter = key.removeprefix("ctrl+")
            sent = chr(ord(letter) - 96) if key != letter else CHARACTERS.get(key, key)
            assert received(sent) == [key], f"{key} of {name}"


CHARACTERS = {normal(character): character for character in "[]/?:<>+-=,.;|\\{}"} | {"space": " "}


def test_what_is_called_a_key_that_cannot_be_sent_is_sent_as_that_other() -> None:
    for key, second in SENT_AS.items():
        if key.startswith("ctrl+") and len(key) == 6 and key[-1].isalpha():
            assert received(chr(ord(key[-1]) - 96)) == [second]


async def test_the_bottom_row_and_the_help_fit_the_smallest_window() -> None:
    async with on_stage((60, 20)) as stage:
        for panel in "1234":
            await stage.press(panel)
            assert stage.lines()[-1].rstrip().endswith("? help  q quit")
        await stage.press("question_mark")
        assert stage.widths() == {60}
        lines = stage.text("#help").splitlines()
        assert all(len(line.rstrip()) <= 60 for line in lines)
        assert "Esc q closes" in lines[-1]
