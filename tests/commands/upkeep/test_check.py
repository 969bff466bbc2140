"""``aiwatch check``: what it says, and its exit status."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aiwatch.board.columns import BY_KEY
from aiwatch.commands.upkeep.check import check, kind_of
from aiwatch.config.paths import bundled, find_places
from aiwatch.config.settings import Flags
from aiwatch.files.toml_document import Document
from aiwatch.runtime.load import load_all
from aiwatch.watchlist.folders import ListFolders

LIST = 'name = "Mine"\ndescription = "x"\n'
BAD_LIST = LIST + "[[stock]]\nsymbol = '2837.SZ'\nname = 'x'\n"


def _check(*arguments: object, flags: Flags | None = None, **environment: str) -> Result:
    return CliRunner(env=environment).invoke(check, [str(argument) for argument in arguments], obj=flags)


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.usefixtures("home")
def test_what_ships_has_no_problem() -> None:
    result = _check()
    assert result.exit_code == 0, result.output
    assert result.output.startswith("settings (all defaults), 7 watchlists with 47 stocks, ledger with ")
    assert result.output.endswith(": no problem found\n")
    assert result.output.count("\n") == 1


def test_the_users_own_files_are_checked_too(home: Path) -> None:
    config = home / ".config/aiwatch"
    _write(config / "config.toml", "theme = 'nord'\n\nstart_list = 'absent'\n")
    _write(config / "watchlists/mine.toml", BAD_LIST)
    _write(config / "ledger/own.toml", "[[commitmnt]]\nid = 'X1'\n")
    result = _check()
    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert len(lines) == 3
    assert lines[0].startswith(f"{config}/watchlists/mine.toml:4: symbol '2837.SZ'")
    assert lines[1] == f"{config}/config.toml:3: 'start_list': there is no watchlist 'absent'"
    assert lines[2].startswith(f"{config}/ledger/own.toml:1: unknown key 'commitmnt', did you mean 'commitment'")


def test_keys_that_are_none_and_keys_in_each_others_way_are_told(home: Path) -> None:
    path = _write(home / ".config/aiwatch/config.toml", '[keys]\n"view.names" = "s"\n"board.sort" = "f6"\n')
    assert _check().exit_code == 0
    _write(path, '[keys]\n"view.names" = "s"\n')
    lost = f"{path}:2: s now is the key of 'view.names'; 'board.sort' has no key left\n"
    for result in (_check(), _check(path)):
        assert (result.output, result.exit_code) == (lost, 1)
    _write(path, '[keys]\n"view.nams" = "s"\n')
    assert _check().output == f"{path}:2: unknown action 'view.nams', did you mean 'view.names'?\n"


def test_bad_settings_do_not_hide_bad_lists(home: Path) -> None:
    settings = _write(home / "mine.toml", "colour = 1\n")
    lists = _write(home / "lists/bad.toml", BAD_LIST).parent
    result = _check(AIWATCH_CONFIG=str(settings), XDG_CONFIG_HOME=str(home / "none"))
    assert result.output == f"{settings}:1: unknown key 'colour', did you mean 'colours'?\n"
    settings.write_text(f"watchlists = '{lists}'\n", encoding="utf-8")
    result = _check(AIWATCH_CONFIG=str(settings))
    assert result.output.startswith(f"{lists}/bad.toml:4: ")
    assert result.exit_code == 1


@pytest.mark.usefixtures("home")
def test_a_wrong_variable_is_told_by_its_name() -> None:
    result = _check(AIWATCH_YAHOO_URL="nowhere")
    assert result.exit_code == 1
    assert result.output == "AIWATCH_YAHOO_URL: must be an address like https://host, not 'nowhere'\n"
    result = _check(AIWATCH_CONFIG="~no-such-user-here/x")
    assert result.exit_code == 1
    assert "Error: AIWATCH_CONFIG: " in result.output


def test_what_was_typed_before_the_command_counts(home: Path) -> None:
    lists = _write(home / "lists/bad.toml", BAD_LIST).parent
    result = _check(flags=Flags(watchlists=str(lists), start_list="absent"))
    assert result.exit_code == 1
    first, second = result.output.splitlines()
    assert first.startswith(f"{lists}/bad.toml:4: ")
    assert second == "--list: there is no watchlist 'absent'"


def test_each_file_is_checked_as_what_it_is(home: Path) -> None:
    good = _write(home / "good.toml", LIST)
    settings = _write(home / "config.toml", "[sources.yahoo]\ninterval = 20\n")
    result = _check(good, settings)
    assert result.exit_code == 0, result.output
    assert result.output == f"{good} (watchlist), {settings} (settings): no problem found\n"


def test_problems_of_several_files_are_all_told(home: Path) -> None:
    bad = _write(home / "bad.toml", BAD_LIST)
    broken = _write(home / "broken.toml", "\na = = 1\n")
    settings = _write(home / "config.toml", "[sources.yahoo]\ninterval = 2\n")
    absent = home / "absent.toml"
    result = _check(bad, broken, settings, absent)
    assert result.exit_code == 1
    assert [line.split(": ")[0] for line in result.output.splitlines()] == [
        f"{bad}:4",
        f"{broken}:2",
        f"{settings}:2",
        f"{absent}:1",
    ]


def test_a_ledger_file_is_checked_against_the_ledger_that_ships(home: Path) -> None:
    entry = "[[entity]]\nid = 'E900'\nname = 'New Company'\ntype = 'company'\nnam = 'x'\n"
    draft = _write(home / "draft.toml", entry)
    result = _check(draft)
    assert result.exit_code == 1
    assert f"{draft}:5: unknown key 'nam', did you mean 'name'?" in result.output.splitlines()
    assert {line.split(":")[0] for line in result.output.splitlines()} == {str(draft)}


def test_a_ledger_file_of_the_users_folder_is_checked_with_those_beside_it(home: Path) -> None:
    folder = home / ".config/aiwatch/ledger"
    _write(folder / "a.toml", "[[fx]]\nbogus = 1\n")
    second = _write(folder / "b.toml", "[[fx]]\nbogus = 1\n")
    result = _check(second)
    assert result.exit_code == 1
    assert {line.split(":")[0] for line in result.output.splitlines()} == {str(second)}


@pytest.mark.usefixtures("home")
def test_the_files_that_ship_can_be_checked_one_by_one() -> None:
    files = [path for name in ("watchlists", "seeds") for path in sorted(bundled(name).glob("*.toml"))]
    result = _check(*files)
    assert result.exit_code == 0, result.output
    assert result.output.count(" (watchlist)") == 7
    assert result.output.count(" (ledger)") == len(files) - 7


def test_control_characters_in_a_file_name_stay_off_the_terminal(home: Path) -> None:
    result = _check(_write(home / "a\x1b[31m.toml", BAD_LIST))
    assert "a?[31m.toml:4: " in result.output
    assert "\x1b" not in result.output


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "watchlist"),
        ("name = 'x'", "watchlist"),
        ("[[stock]]", "watchlist"),
        ("[[commitment]]", "ledger"),
        ("[[entity]]\n[[source]]", "ledger"),
        ("colours = 'auto'", "settings"),
        ("[sources.tencent]", "settings"),
    ],
)
def test_the_kind_of_a_file_is_told_by_its_keys(home: Path, text: str, kind: str) -> None:
    places = find_places({"AIWATCH_CONFIG": str(home / "mine.toml")})
    assert kind_of(Document(Path("some.toml"), text), places) == kind
    assert kind_of(Document(home / "mine.toml", text), places) == "settings"


def test_a_column_that_the_board_does_not_have_is_told(home: Path) -> None:
    path = _write(home / ".config/aiwatch/watchlists/mine.toml", LIST + "columns = ['name', 'turnovr']\n")
    for result in (_check(), _check(path)):
        assert (result.output, result.exit_code) == (
            f"{path}:3: unknown column 'turnovr', did you mean 'turnover'?\n",
            1,
        )
    [problem] = load_all(Flags()).watchlists.problems
    assert str(problem) == f"{path}:3: unknown column 'turnovr', did you mean 'turnover'?"
    again = ListFolders(bundled("watchlists"), path.parent, columns=BY_KEY).read()
    assert again.problems == (problem,)
