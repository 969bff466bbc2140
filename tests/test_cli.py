"""The command line as a whole: its help, its version, its commands, and how errors are told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import aiwatch
from aiwatch import __version__, cli
from aiwatch.cli import AT_ONCE, COMPLETION, main
from aiwatch.commands.group import COMMANDS, commands
from aiwatch.config.settings import COLOURS, NAMES, Flags
from aiwatch.simulator import ExchangeOptions


@pytest.fixture(autouse=True)
def _interrupts_of_the_tests() -> Iterator[None]:
    """`main` catches interrupts in a way that would end the tests."""
    before = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, before)


def test_help_lists_every_command_and_option() -> None:
    for flag in ("--help", "-h"):
        result = CliRunner().invoke(commands, [flag])
        assert result.exit_code == 0
        assert "Without a command, the screen opens." in " ".join(result.output.split())
        for name, summary in COMMANDS.items():
            assert f"  {name} " in result.output
            assert summary.split(":")[0].split(",")[0][:40] in " ".join(result.output.split())
        for option in ("--watchlists", "--list", "--colours", "--names", "--theme", "--version"):
            assert option in result.output
        assert "|".join(COLOURS) in result.output
        assert "|".join(NAMES) in result.output


def test_the_version() -> None:
    result = CliRunner().invoke(commands, ["--version"])
    assert (result.exit_code, result.output) == (0, f"aiwatch, version {__version__}\n")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_there_and_has_a_help(name: str) -> None:
    command = commands.get_command(click.Context(commands), name)
    assert isinstance(command, click.Command)
    assert command.name == name
    result = CliRunner().invoke(commands, [name, "--help"], prog_name="aiwatch")
    assert result.exit_code == 0
    assert result.output.startswith(f"Usage: aiwatch {name} ")
    assert command.help
    assert all(option.help for option in command.params if isinstance(option, click.Option))


def test_an_unknown_command_is_refused() -> None:
    for word, near in (("qoutes", ", did you mean 'quotes'?"), ("quots", ", did you mean 'quotes'?"), ("zzz", ".")):
        result = CliRunner().invoke(commands, [word])
        assert result.exit_code == 2
        assert f"No such command '{word}'{near}" in result.output


@pytest.mark.parametrize(
    ("word", "near"),
    [("qoutes", "quotes"), ("quots", "quotes"), ("QUOTE", "quotes"), ("ledgr", "ledger"), ("docter", "doctor")],
)
def test_an_unknown_command_names_the_nearest(word: str, near: str) -> None:
    output = CliRunner().invoke(commands, [word]).output
    assert f"No such command {word!r}, did you mean {near!r}?" in output
    assert "did you mean" not in CliRunner().invoke(commands, ["xyzzy"]).output


def test_an_unknown_choice_is_refused() -> None:
    result = CliRunner().invoke(commands, ["--colours", "blue", "paths"])
    assert result.exit_code == 2
    assert "'blue' is not one of 'auto', 'red-up', 'green-up'" in result.output


def test_without_a_command_the_screen_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Flags] = []
    monkeypatch.setattr("aiwatch.runtime.screen.open_screen", opened.append)
    arguments = ["--list", "chips", "--names", "chinese", "--colours", "red-up", "--theme", "nord"]
    result = CliRunner().invoke(commands, arguments)
    assert result.exit_code == 0
    assert opened == [Flags(start_list="chips", names="chinese", colours="red-up", theme="nord")]


def test_an_error_is_told_with_its_title_and_ends_with_1(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = home / "config.toml"
    settings.write_text("colour = 'auto'\n", encoding="utf-8")
    monkeypatch.setenv("AIWATCH_CONFIG", str(settings))
    monkeypatch.setattr(sys, "argv", ["aiwatch", "quotes", "NVDA"])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 1
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith(f"File problem: {settings}:1: unknown key 'colour', did you mean 'colours'?\n")


def test_the_hint_of_an_error_follows_it(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from aiwatch.errors import SettingError

    def fail(flags: Flags, demo: None, patterns: object) -> None:
        raise SettingError("--theme: no theme", hint="Leave it out.")

    monkeypatch.setattr("aiwatch.runtime.screen.open_screen", fail)
    monkeypatch.setattr(sys, "argv", ["aiwatch"])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 1
    assert capsys.readouterr().err == "Setting: --theme: no theme\nLeave it out.\n"


def test_a_wrong_address_is_told_by_its_variable(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AIWATCH_TENCENT_URL", "nowhere")
    monkeypatch.setattr(sys, "argv", ["aiwatch", "quotes"])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 1
    assert capsys.readouterr().err.startswith("Setting: AIWATCH_TENCENT_URL: must be an address like https://host")


def test_without_a_terminal_the_screen_does_not_open() -> None:
    completed = subprocess.run(
        [sys.executable, "-m", "aiwatch"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60
    )
    assert completed.returncode == 1
    assert completed.stdout == ""
    assert completed.stderr.startswith("No terminal: ")
    assert "aiwatch quotes" in completed.stderr


@pytest.mark.parametrize("arguments", AT_ONCE, ids=" ".join)
def test_the_screen_opens_at_once_as_it_does_by_the_commands(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[tuple[Flags, ExchangeOptions | None]] = []

    def note(flags: Flags, demo: ExchangeOptions | None = None, patterns: object = None) -> None:
        opened.append((flags, demo))

    monkeypatch.setattr("aiwatch.runtime.screen.open_screen", note)
    monkeypatch.setattr("aiwatch.commands.demo.open_screen", note)
    monkeypatch.setattr(sys, "argv", ["aiwatch", *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 0
    assert CliRunner().invoke(commands, arguments).exit_code == 0
    assert opened[0] == opened[1]
    assert (opened[0][1] is not None) == bool(arguments)


def test_an_interrupted_start_is_told_in_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(flags: Flags, demo: None, patterns: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("aiwatch.runtime.screen.open_screen", interrupt)
    monkeypatch.setattr(sys, "argv", ["aiwatch"])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 130


def test_an_interrupt_is_no_exception_once_it_is_caught() -> None:
    """One that comes in the midst of an import, or where nobody can catch it, would be lost or printed."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    cli._catch_interrupts()
    assert signal.getsignal(signal.SIGINT) is cli._interrupt
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # as in the background of a shell
    cli._catch_interrupts()
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def test_nothing_that_takes_time_is_imported_before_interrupts_are_caught() -> None:
    """One that comes sooner ends in the interpreter's own words."""
    code = (
        "import sys; before = set(sys.modules); import aiwatch.cli as cli; cli._catch_interrupts(); "
        "print(*sorted(set(sys.modules) - before))"
    )
    root = str(Path(aiwatch.__file__).parent.parent)
    completed = subprocess.run(
        [sys.executable, "-S", "-c", code], env={**os.environ, "PYTHONPATH": root}, capture_output=True, text=True,
        check=True, timeout=60,
    )  # fmt: skip
    allowed = "aiwatch aiwatch.cli __future__ gc os os.path stat _stat posixpath genericpath _collections_abc"
    assert set(completed.stdout.split()) <= set(allowed.split())


def test_a_shell_that_asks_for_completions_gets_them() -> None:
    environment = {**os.environ, COMPLETION: "bash_complete", "COMP_WORDS": "aiwatch pa", "COMP_CWORD": "1"}
    completed = subprocess.run(
        [sys.executable, "-m", "aiwatch"], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    assert completed.stdout == "plain,paths\n"


def test_python_m_is_the_same_command() -> None:
    completed = subprocess.run(
        [sys.executable, "-m", "aiwatch", "--version"], capture_output=True, text=True, check=True, timeout=60
    )
    assert completed.stdout == f"aiwatch, version {__version__}\n"
