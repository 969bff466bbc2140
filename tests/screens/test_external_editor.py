"""A list in a text editor of one's own: which it is, where it opens, and what becomes of the screen meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.drivers.headless_driver import HeadlessDriver

from aiwatch.screens.external_editor import EditorError, command_for, editor_words
from tests.screens.bursts import handled
from tests.screens.dashboard.test_editing import editing, press, settled
from tests.screens.stage import shown


@pytest.mark.parametrize(("words", "command"), [
    ("vim", "vim +7 list.toml"),
    ("nano -w", "nano -w +7 list.toml"),
    ("emacsclient -nw", "emacsclient -nw +7 list.toml"),
    ("hx", "hx list.toml:7"),
    ("code --wait", "code --wait -g list.toml:7"),
    ("gedit", "gedit list.toml"),
    ("/usr/bin/nvim", "/usr/bin/nvim +7 list.toml"),
])  # fmt: skip
def test_each_editor_is_told_the_line_in_its_own_way(words: str, command: str) -> None:
    assert command_for(words.split(), Path("list.toml"), 7) == command.split()


def test_the_editor_is_the_one_the_environment_names(monkeypatch: pytest.MonkeyPatch) -> None:
    assert editor_words({"VISUAL": "code --wait", "EDITOR": "vi"}) == ["code", "--wait"]
    assert editor_words({"VISUAL": " ", "EDITOR": "'my editor' -x"}) == ["my editor", "-x"]
    with pytest.raises(EditorError, match='EDITOR is "\'vi": No closing quotation'):
        editor_words({"EDITOR": "'vi"})
    monkeypatch.setenv("PATH", "")
    with pytest.raises(EditorError, match="no editor is named"):
        editor_words({})


def fake_editor(folder: Path, script: str = "") -> Path:
    """An editor called ``vim`` that notes what it was given, and does ``script`` to the file ``$2``."""
    program = folder / "vim"
    program.write_text(f'#!/bin/sh\necho "$@" > "{folder}/given"\n{script}\n')
    program.chmod(0o755)
    return program


async def test_e_opens_the_file_at_the_stocks_line_and_the_screen_follows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(HeadlessDriver, "can_suspend", True)
    program = fake_editor(tmp_path, """printf '[[stock]]\\nsymbol = "INTC"\\nname = "Intel"\\n' >> "$2\"""")
    async with editing(tmp_path, variables={"EDITOR": str(program)}) as stage:
        await press(stage, "j", "e")
        await stage.until(lambda: len(shown(stage)) == 5)
        assert (tmp_path / "given").read_text() == f"+11 {tmp_path}/own/mine.toml\n"
        assert stage.current == "002028.SZ"


@pytest.mark.parametrize("changed", [True, False])
async def test_e_copies_a_bundled_list_only_if_it_is_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: list[str], changed: bool
) -> None:
    monkeypatch.setattr(HeadlessDriver, "can_suspend", True)
    program = fake_editor(tmp_path, """printf '# mine\\n' >> "$2\"""" if changed else "")
    async with editing(tmp_path, variables={"VISUAL": str(program)}, start_list="shipped") as stage:
        await press(stage, "e")
        options = tmp_path / "given"
        await stage.until(lambda: options.exists() and options.read_text().endswith("\n"))
        await stage.until(lambda: bool(said) or not changed)
        await settled(stage, "editor")
        assert options.read_text() == f"+5 {tmp_path}/own/shipped.toml\n"
        assert (tmp_path / "own/shipped.toml").exists() is changed
        assert [words.split("\n")[0] for words in said] == (["Copied shipped.toml · z undoes"] if changed else [])


@pytest.mark.parametrize(("named", "words"), [
    ("no-such-editor", "No-such-editor cannot be run: No such file or directory. Set VISUAL or EDITOR to another."),
    ("false", "False ended with status 1"),
])  # fmt: skip
async def test_an_editor_that_fails_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str, words: str, said: list[str]
) -> None:
    monkeypatch.setattr(HeadlessDriver, "can_suspend", True)
    async with editing(tmp_path, variables={"EDITOR": named}) as stage:
        await press(stage, "e")
        await stage.until(lambda: bool(said))
        assert said == [words]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (PermissionError(13, "Permission denied"), "Permission denied"),
        (IsADirectoryError(21, "Is a directory"), "Is a directory"),
        (ValueError("embedded null byte"), "embedded null byte"),
        (RuntimeError("cannot watch\x1b[2J children"), "cannot watch [2J children"),
        (NotImplementedError(), "NotImplementedError"),
    ],
)
async def test_whatever_is_raised_while_the_terminal_is_given_away_is_said_and_the_screen_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: list[str], error: Exception, reason: str
) -> None:
    async def fail(*command: str) -> None:
        raise error

    monkeypatch.setattr(HeadlessDriver, "can_suspend", True)
    monkeypatch.setattr("asyncio.create_subprocess_exec", fail)
    async with editing(tmp_path, variables={"EDITOR": "vi"}) as stage:
        await press(stage, "e")
        await stage.until(lambda: bool(said))
        assert said == [f"Vi cannot be run: {reason}. Set VISUAL or EDITOR to another."]
        await handled(stage)  # what is typed until then was for the editor
        await press(stage, "j")
        assert stage.current == "002028.SZ"


async def test_where_the_terminal_cannot_be_given_away_that_is_said(tmp_path: Path, said: list[str]) -> None:
    async with editing(tmp_path, variables={"EDITOR": "vi"}) as stage:
        await press(stage, "e")
        await stage.until(lambda: bool(said))
        assert said[0].startswith("The terminal cannot be given to an editor here. Open ")
