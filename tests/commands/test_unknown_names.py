"""A theme, list, folder, preset or fault that does not exist: refused with the nearest, on the command line and in the
settings, and hindering nothing that does not need it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aiwatch.commands import demo as demo_command
from aiwatch.commands.analysis.fetching import symbols_of
from aiwatch.commands.group import commands
from aiwatch.config.settings import Flags
from aiwatch.runtime.load import load_all
from tests.commands.in_process import run_here


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(commands, arguments)


def _words(result: Result) -> str:
    return result.output + str(result.exception or "")


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    opened: list[object] = []

    def open_screen(flags: Flags, demo: object = None) -> None:
        opened.append(load_all(flags))

    monkeypatch.setattr("aiwatch.runtime.screen.open_screen", open_screen)
    monkeypatch.setattr(demo_command, "open_screen", open_screen)
    return opened


@pytest.mark.parametrize("command", [(), ("demo",), ("export", "chips"), ("check",), ("ledger",), ("paths",)])
@pytest.mark.parametrize(("theme", "near"), [("norf", "'nord'"), ("Nord", "'nord'"), ("zzz", "aiwatch-dark, ")])
def test_a_theme_on_the_command_line(command: tuple[str, ...], theme: str, near: str, opened: list[object]) -> None:
    result = _run("--theme", theme, *command)
    assert result.exit_code == 2
    assert f"there is no theme {theme!r}" in result.output
    assert near in result.output
    assert not opened


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("command", [(), ("demo",), ("export", "chips"), ("check",)])
@pytest.mark.parametrize(
    ("name", "words"), [("chps", "no watchlist 'chps', did you mean 'chips'?"), ("q", "no watchlist 'q'")]
)
def test_a_list_on_the_command_line(command: tuple[str, ...], name: str, words: str, opened: list[object]) -> None:
    result = _run("--list", name, *command)
    assert result.exit_code == 1
    assert f"--list: there is {words}" in _words(result)
    assert not opened


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("coolin", "Setting: --list: there is no watchlist 'coolin', did you mean 'cooling'?\n"),
        ("WRONG", "Setting: --list: there is no watchlist 'WRONG'\nThere are named-in-the-articles, power, "),
    ],
)
def test_a_wrong_list_ends_with_status_2_and_says_no_more(name: str, words: str) -> None:
    for arguments in (["--list", name], ["--list", name, "demo"], ["demo", "--list", name], ["web", "--list", name]):
        ended = run_here(*arguments)
        assert (ended.status, ended.stdout) == (2, b""), arguments
        assert ended.stderr.decode().startswith(words), ended.stderr
        assert ended.stderr.count(b"\n") == words.count("\n") + (name == "WRONG")


def test_a_wrong_symbol_is_refused_under_the_name_that_was_typed() -> None:
    result = _run("NVDA", "H30184")
    assert result.exit_code == 2
    assert "Usage: commands" in result.output or "Usage: aiwatch" in result.output
    assert "symbols" not in result.output
    assert "no source prices\nwrite the code of a fund" in result.output


@pytest.mark.usefixtures("home")
def test_a_right_list_without_a_terminal_is_told_of_the_terminal() -> None:
    ended = run_here("--list", "chips")
    assert (ended.status, ended.stdout) == (1, b"")
    assert ended.stderr.startswith(b"No terminal: ")


@pytest.mark.usefixtures("home")
def test_a_list_by_its_name_or_all_of_them(opened: list[object]) -> None:
    assert load_all(Flags(start_list="CHIPS")).settings.start_list == "chips"
    assert _run("--list", "*").exit_code == 0
    assert opened


@pytest.mark.parametrize("command", [(), ("demo",), ("export", "chips"), ("check",)])
def test_a_folder_on_the_command_line(
    command: tuple[str, ...], home: Path, opened: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "lists").mkdir()
    (home / "file").touch()
    for missing, near in (("list", ", did you mean 'lists'?"), ("file", ""), ("a/b/c", "")):
        result = _run("--watchlists", str(home / missing), *command)
        assert result.exit_code == 1
        assert f"--watchlists: there is no folder '{home / missing}'{near}" in _words(result)
        monkeypatch.setenv("AIWATCH_WATCHLISTS", str(home / missing))
        assert f"AIWATCH_WATCHLISTS: there is no folder '{home / missing}'{near}" in _words(_run(*command))
        monkeypatch.delenv("AIWATCH_WATCHLISTS")
    assert not opened
    assert _run("--watchlists", str(home / "lists"), *command).exit_code == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("theme = 'norf'", ":1: 'theme' is 'norf', did you mean 'nord'?"),
        ("\ntheme = 'zzz'", ":2: 'theme' is 'zzz', but must be one of 'aiwatch-dark'"),
        ("start_list = 'chps'", ":1: 'start_list': there is no watchlist 'chps', did you mean 'chips'?"),
        ("\nwatchlists = 'nowhere'", ":2: 'watchlists': there is no folder '"),
        (
            "[keys]\npreset = 'vmi'",
            ":2: 'preset' is 'vmi', but must be one of 'both', 'plain', 'vim', did you mean 'vim'?",
        ),
        ("colours = 'red_up'", ":1: 'colours' is 'red_up', but must be one of "),
        ("currency = 'CNN'", ":1: 'currency' is 'CNN', which is no currency of ISO 4217, did you mean 'CNY'?"),
    ],
)
def test_a_name_in_the_settings_is_found_by_check(home: Path, text: str, words: str) -> None:
    path = home / ".config/aiwatch/config.toml"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    result = _run("check")
    assert result.exit_code == 1
    assert f"{path}{words}" in result.output


def test_a_variable_of_ours_that_is_none_is_found_by_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIWATCH_THEME", "nord")
    monkeypatch.setenv("AIWATCH_YAHO_URL", "http://127.0.0.1:9")
    result = _run("check")
    assert result.exit_code == 1
    assert "AIWATCH_THEME=…: there is no such variable" in result.output
    assert "AIWATCH_YAHO_URL=…: there is no such variable; did you mean 'AIWATCH_YAHOO_URL'?" in result.output


def test_what_hinders_nothing_is_a_problem_of_the_screen(home: Path) -> None:
    path = home / ".config/aiwatch/config.toml"
    path.parent.mkdir(parents=True)
    path.write_text("start_list = 'chps'\nwatchlists = 'nowhere'\n", encoding="utf-8")
    read = load_all(Flags())
    assert [problem.line for problem in read.problems] == [2, 1]
    assert read.watchlists.lists


def test_a_list_that_is_left_out_is_not_one_that_does_not_exist(home: Path) -> None:
    path = home / ".config/aiwatch/watchlists/mine.toml"
    path.parent.mkdir(parents=True)
    path.write_text("nme = 'x'\n", encoding="utf-8")
    assert {problem.path for problem in load_all(Flags(start_list="mine")).watchlists.problems} == {path}


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("foo", "the host must be one of tencent"),
        ("tencnt:429", "did you mean 'tencent'?"),
        ("tencent:garbge", "did you mean 'garbage'?"),
        ("tencent:429:2", "a probability is from 0 to 1"),
        ("yahoo:silence", "only the stream can have 'silence'"),
    ],
)
def test_a_fault_of_the_demo(fault: str, words: str, opened: list[object]) -> None:
    result = _run("demo", "--fault", "tencent:429", "--fault", fault)
    assert result.exit_code == 2
    assert words in " ".join(result.output.split())
    assert not opened


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("ledger", "totls"), "No such command 'totls', did you mean 'totals'?"),
        (("ledger", "q"), "No such command 'q'."),
        (("archive", "chek"), "No such command 'chek', did you mean 'check'?"),
        (("history", "NVDA", "--source", "tencnt"), "there is no source of bars 'tencnt', did you mean 'tencent'?"),
        (("claims", "--check", "--source", "q"), "there is no source of bars 'q'; there are tencent, sina, yahoo, "),
    ],
)
def test_a_command_of_a_group_or_a_source(words: tuple[str, ...], said: str) -> None:
    result = _run(*words)
    assert result.exit_code == 2
    assert said in " ".join(result.output.split())


@pytest.mark.usefixtures("home")
def test_what_is_nearly_a_list_is_said_to_be_taken_for_a_symbol(capsys: pytest.CaptureFixture[str]) -> None:
    lists = load_all(Flags()).watchlists
    words = "no watchlist is called 'chps', did you mean 'chips'? It is taken for a symbol.\n"
    for typed, said in (("chps", words), ("CHPS", ""), ("chips", ""), ("nvda", "")):
        assert symbols_of([typed], lists)
        assert capsys.readouterr().err == said, typed


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    "command",
    [
        ("quotes", "-w"),
        ("export",),
        ("record", "x.gz", "-w"),
        ("history",),
        ("history", "--fetch"),
        ("compare", "NVDA"),
        ("correlate",),
        ("study", "--on", "2025-07-22"),
        ("filings",),
    ],
    ids=" ".join,
)
def test_a_list_of_a_command(command: tuple[str, ...]) -> None:
    result = _run(*command, "hyperscalrs")
    assert result.exit_code == 2
    assert "did you mean 'hyperscalers'?" in result.output


@pytest.mark.parametrize(
    ("words", "near"),
    [
        (("quots",), "did you mean 'quotes'?"),
        (("ledger", "claimz"), "did you mean 'claims'?"),
        (("ledger", "imprt"), "did you mean 'import'?"),
        (("archive", "prun"), "did you mean 'prune'?"),
        (("filings", "NVDA", "--day", "3"), "Did you mean '--days'?"),
        (("--lst", "chips"), "Did you mean '--list'?"),
        (("ledger", "claims", "--jsn"), "Did you mean"),
        (("history", "NVDA", "--source", "yaho"), "'yahoo'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_command_or_an_option(words: tuple[str, ...], near: str) -> None:
    result = _run(*words)
    assert result.exit_code == 2
    assert near in " ".join(result.output.split())
