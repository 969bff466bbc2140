"""No text from outside commands the terminal through the screen."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest
from textual.content import Content

from aiwatch.files.bounded import in_one_line, printable
from aiwatch.screens.base import clean_content
from tests.pty_driver import PseudoTerminal

EVIL = "\x1b]0;PWN\x07\x1b]52;c;UFdO\x07\x1b[2J\x9b2J\x7f"


def test_all_that_commands_a_terminal_is_replaced() -> None:
    for _ in range(2):  # each app does it
        clean_content()
    unprintable = (*range(0x20), *range(0x7F, 0xA0), *range(0x2028, 0x202F), *range(0x2066, 0x206A))
    controls = "".join(map(chr, {*unprintable, *range(0xD800, 0xE000)} - {ord("\t"), ord("\n")}))
    for text in (printable(controls), in_one_line(controls + "\n\t"), Content(controls).plain):
        assert all(character.isprintable() for character in text)
        text.encode()
    for joined in (Content("a") + controls, Content("a").append(controls), Content("a").append_text(controls)):
        assert all(character.isprintable() for character in joined.plain)
    for joined in (controls + Content("a"), Content("").join([controls]), Content.assemble(controls, (controls, "b"))):
        assert all(character.isprintable() for character in joined.plain)
    assert printable("科技 👨\u200d👩 e\u0301\n\t") == "科技 👨\u200d👩 e\u0301\n\t"


@pytest.mark.parametrize("name", [f"a{EVIL}b.toml", "line\nbreak.toml", "z[red]\r.toml"])
def test_names_of_files_are_shown_and_not_obeyed(tmp_path: Path, name: str) -> None:
    lists = tmp_path / "config" / "aiwatch" / "watchlists"
    lists.mkdir(parents=True)
    (lists / name).write_text("name = 5\n", encoding="utf-8")
    (lists / os.fsdecode(b"\xe4\xff.toml")).write_text("name = 5\n", encoding="utf-8")
    with PseudoTerminal(tmp_path) as screen:
        screen.wait_for("quit")
        screen.send(b"q")
        assert screen.status() == 0
        assert screen.strange_bytes == set()
        assert b"\x1b]52" not in screen.raw


def test_a_recording_is_shown_and_not_obeyed(tmp_path: Path) -> None:
    moment = "2026-03-02T02:30:0{}.000+00:00"
    refused = {"at": moment.format(1), "asked": ["002837.SZ"], "error": "Refused", "message": EVIL, "host": "h"}
    lines = [
        {"format": "aiwatch-recording", "version": 1, "started": moment.format(0)},
        *(refused | {"source": source} for source in ("tencent", "sina", "yahoo", "ecb")),
    ]
    path = tmp_path / "r.gz"
    path.write_bytes(gzip.compress("".join(f"{json.dumps(line)}\n" for line in lines).encode()))
    with PseudoTerminal(tmp_path, ["replay", str(path)]) as screen:
        screen.wait_for("PWN")
        screen.send(b"q")
        assert screen.status() == 0
        assert screen.strange_bytes == set()
        assert b"\x1b]52" not in screen.raw


def test_names_in_a_list_are_no_markup(tmp_path: Path) -> None:
    lists = tmp_path / "config" / "aiwatch" / "watchlists"
    lists.mkdir(parents=True)
    text = (
        'name = "[/red] [@click=app.quit]x"\ndescription = "[/]"\n\n[[stock]]\nsymbol = "NVDA"\nname = "[/b] [bold"\n'
    )
    (lists / "mine.toml").write_text(text, encoding="utf-8")
    with PseudoTerminal(tmp_path, ["--list", "mine"]) as screen:
        screen.wait_for("[/b] [bold")
        screen.send(b"q")
        assert screen.status() == 0
