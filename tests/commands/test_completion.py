"""What a shell completes: commands, lists and symbols, by the scripts of three shells, and without a heavy import."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from aiwatch.cli import COMPLETION
from aiwatch.commands.completion import SHELLS
from aiwatch.commands.group import commands
from tests.commands.in_process import run_here


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_gets_a_script_that_it_can_read(shell: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(commands, ["completion", shell])
    assert result.exit_code == 0
    assert f"{COMPLETION}={shell}_complete" in result.output
    if shutil.which(shell):
        script = tmp_path / "script"
        script.write_text(result.output, encoding="utf-8")
        subprocess.run([shell, "-n", str(script)], check=True, timeout=20)


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("aiwatch quo", ["quotes"]),
        ("aiwatch quotes NVD", ["NVDA"]),
        ("aiwatch quotes nvd", ["NVDA"]),
        ("aiwatch quotes -w ch", ["chips"]),
        ("aiwatch export hyper", ["hyperscalers"]),
        ("aiwatch web --list ch", ["chips"]),
        ("aiwatch --list ch", ["chips"]),
        ("aiwatch completion z", ["zsh"]),
        ("aiwatch --theme nor", ["nord"]),
        ("aiwatch compare chip", ["chips"]),
        ("aiwatch history NVD", ["NVDA"]),
        ("aiwatch study --benchmark NVD", ["NVDA"]),
        ("aiwatch record f.gz -w chi", ["chips"]),
        ("aiwatch ledger cir", ["circles"]),
    ],
)
def test_what_is_offered(words: str, offered: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(len(words.split()) - 1))
    result = CliRunner().invoke(
        commands, [], prog_name="aiwatch", complete_var=COMPLETION, env={COMPLETION: "bash_complete"}
    )
    assert [line.partition(",")[2] for line in result.output.splitlines()] == offered


def test_a_list_whose_key_no_line_can_hold_is_not_offered(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = home / ".config" / "aiwatch" / "watchlists"
    folder.mkdir(parents=True)
    for key in ("zz", "zz\nplain,PWN", "zz\x1b]0;PWN\x07", "zz\u202e", "zz\x9b2J"):
        (folder / f"{key}.toml").write_text('symbols = ["NVDA"]\n', encoding="utf-8")
    monkeypatch.setenv("COMP_WORDS", "aiwatch export zz")
    monkeypatch.setenv("COMP_CWORD", "2")
    assert run_here(environment={COMPLETION: "bash_complete"}).stdout == b"plain,zz\n"


_ASK = {
    "bash": "source SCRIPT; COMP_WORDS=(aiwatch quotes NVD); COMP_CWORD=2; COMPREPLY=(); "
    '_aiwatch_completion aiwatch; printf "%s\\n" "${COMPREPLY[@]}"',
    "zsh": "compdef() { :; }; compadd() { print -l -- ${(P)${@[-1]}}; }; _describe() { print -l -- ${(P)${@[-2]}}; }; "
    "source SCRIPT; words=(aiwatch quotes NVD); CURRENT=3; _aiwatch_completion",
    "fish": "source SCRIPT; complete --do-complete 'aiwatch quotes NVD'",
}
"""What a shell does when somebody presses Tab after ``aiwatch quotes NVD``."""


@pytest.mark.parametrize("shell", SHELLS)
def test_a_real_shell_completes_a_symbol(shell: str, tmp_path: Path) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not installed")
    script, tools = tmp_path / "script", tmp_path / "tools"
    script.write_text(CliRunner().invoke(commands, ["completion", shell], prog_name="aiwatch").output, "utf-8")
    tools.mkdir()
    (tools / "aiwatch").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m aiwatch "$@"\n', "utf-8")
    (tools / "aiwatch").chmod(0o755)
    environment = {**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}
    asked = subprocess.run(
        [program, "-c", _ASK[shell].replace("SCRIPT", str(script))],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert [line for line in asked.stdout.splitlines() if line.startswith("NVDA")], asked


def test_settings_that_cannot_be_used_offer_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = home / "wrong.toml"
    settings.write_text("no = 'such key'", encoding="utf-8")
    monkeypatch.setenv("AIWATCH_CONFIG", str(settings))
    monkeypatch.setenv("COMP_WORDS", "aiwatch quotes NVD")
    monkeypatch.setenv("COMP_CWORD", "2")
    result = CliRunner().invoke(
        commands, [], prog_name="aiwatch", complete_var=COMPLETION, env={COMPLETION: "bash_complete"}
    )
    assert result.output.strip() == ""


def test_completing_symbols_imports_nothing_heavy() -> None:
    source = (
        "import atexit, sys; sys.argv = ['aiwatch']; from aiwatch.cli import main\n"
        "atexit.register(lambda: print(*sys.modules, file=sys.stderr)); main()"
    )
    environment = {**os.environ, COMPLETION: "bash_complete", "COMP_WORDS": "aiwatch quotes NVD", "COMP_CWORD": "2"}
    done = subprocess.run(
        [sys.executable, "-c", source], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "plain,NVDA\n"
    assert set(done.stderr.split()) & {"aiohttp", "httpx", "numpy", "pandas", "textual", "yfinance"} == set()
