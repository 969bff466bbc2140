"""Demo and replay work on scratch copies: nothing of a run stays, whatever ends it, and what is wrong is still said."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from aiwatch.commands.group import commands
from aiwatch.commands.replay import opened_at, recorded_symbols
from aiwatch.config.paths import find_places
from aiwatch.config.settings import Flags
from aiwatch.errors import FileError
from aiwatch.files.atomic import LOCK_FILE
from aiwatch.market.symbol import parse_symbol
from aiwatch.runtime.load import load_all
from aiwatch.runtime.scratch import PREFIX, scratch_folder
from aiwatch.sources.recording import Captured
from tests.bench.terminal import Terminal
from tests.feed.fakes import NOW

MINE = 'name = "Mine"\ndescription = "x"\norder = 0\n\n[[stock]]\nsymbol = "GZMT"\nname = "Made up"\n'


@pytest.fixture(name="temporary")
def _temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files of its own."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr("tempfile.tempdir", None)
    return folder


@pytest.fixture(name="own")
def _own(home: Path) -> Path:
    """The folder of a person's own lists."""
    own = find_places(os.environ).watchlists
    own.mkdir(parents=True)
    return own


def everything(folder: Path) -> dict[str, bytes]:
    """Every file below ``folder`` with its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_where_no_links_are_allowed_a_file_that_cannot_be_copied_is_named(
    own: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, target: Path) -> None:
        raise OSError(22, "A required privilege is not held by the client")

    (own / "folder.toml").mkdir()
    monkeypatch.setattr(Path, "symlink_to", refuse)
    with scratch_folder() as folder, pytest.raises(FileError, match=r"folder\.toml.*cannot be copied.*privilege"):
        load_all(Flags(), scratch=folder)


def test_lists_and_ledger_are_copies_and_what_is_wrong_with_one_is_said(
    own: Path, temporary: Path, tmp_path: Path
) -> None:
    (own / "mine.toml").write_text(MINE)
    (own / "broken.toml").write_text("name = ")
    (own / "folder.toml").mkdir()
    (own / "gone.toml").symlink_to(tmp_path / "nowhere")
    (own / "notes.txt").write_text("not a list")
    places = find_places(os.environ)
    places.ledger.mkdir(parents=True)
    (places.ledger / "commitments.toml").write_text("")
    live = load_all(Flags())
    with scratch_folder() as folder:
        read = load_all(Flags(), scratch=folder)
        assert (folder.stat().st_mode & 0o777) == 0o700
        assert {path.name for path in read.places.watchlists.iterdir()} >= {"mine.toml", "broken.toml", "gone.toml"}
        assert not (read.places.watchlists / "notes.txt").exists()
        assert (read.places.ledger / "commitments.toml").exists()
        mine = read.watchlists.find("mine")
        assert mine is not None
        assert mine.path.parent == read.places.watchlists != own
        assert [watchlist.key for watchlist in read.watchlists.lists] == [
            watchlist.key for watchlist in live.watchlists.lists
        ]
        problems = [[(problem.path.name, problem.line, problem.what) for problem in lists.problems] for lists in
                    (read.watchlists, live.watchlists)]  # fmt: skip
        assert problems[0] == problems[1]
        mine.path.write_text("")
    assert list(temporary.iterdir()) == []
    assert (own / "mine.toml").read_text() == MINE


def test_lists_of_a_folder_that_was_named_are_copied_too(temporary: Path, tmp_path: Path, home: Path) -> None:
    (tmp_path / "named").mkdir()
    (tmp_path / "named/mine.toml").write_text(MINE)
    with scratch_folder() as folder:
        read = load_all(Flags(watchlists=str(tmp_path / "named")), scratch=folder)
        assert read.watchlists.find("mine") is not None
        assert read.settings.watchlists is None
    with scratch_folder() as folder:
        assert load_all(Flags(watchlists=str(tmp_path / "nowhere")), scratch=folder).watchlists.lists


def test_what_a_killed_run_left_goes_after_the_next_and_a_living_runs_stays(temporary: Path, tmp_path: Path) -> None:
    dead, no_lock, foreign = (temporary / f"{PREFIX}{name}" for name in ("dead", "no-lock", "link"))
    (dead / "watchlists").mkdir(parents=True)
    (dead / "watchlists/mine.toml").write_text(MINE)
    (dead / LOCK_FILE).touch()
    no_lock.mkdir()
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / LOCK_FILE).touch()
    foreign.symlink_to(tmp_path / "precious")
    with scratch_folder() as first:
        assert dead.exists(), "nothing is looked for before the first paint"
        with scratch_folder():
            pass
        assert not dead.exists()
        assert first.is_dir(), "somebody is at work there"
        assert (tmp_path / "precious").is_dir()
    assert set(temporary.iterdir()) == {no_lock, foreign}


def test_where_no_folder_can_be_made_that_is_said(monkeypatch: pytest.MonkeyPatch, temporary: Path) -> None:
    def full(**_: object) -> str:
        raise OSError(28, "No space left on device", str(temporary))

    monkeypatch.setattr("tempfile.mkdtemp", full)
    with pytest.raises(FileError, match="No space left on device; TMPDIR names another place"), scratch_folder():
        pytest.fail("there is none")


@pytest.mark.parametrize("end", ["q", signal.SIGKILL])
def test_a_demo_leaves_the_lists_as_they_were(own: Path, home: Path, temporary: Path, end: object) -> None:
    (own / "mine.toml").write_text(MINE)
    before = everything(own.parent)
    words = [sys.executable, "-m", "aiwatch", "--list", "mine", "demo"]
    with Terminal(words, dict(os.environ)) as terminal:
        terminal.read_until(lambda: "Made up" in terminal.text, 20)
        terminal.press(b"d")
        assert terminal.read_until(lambda: "not kept" in terminal.text, 10)
        if isinstance(end, str):
            terminal.press(end.encode())
            terminal.read_until(lambda: terminal.process.poll() is not None, 10)
        else:
            terminal.process.kill()
            terminal.process.wait(10)
    assert everything(own.parent) == before
    with scratch_folder():
        pass
    assert list(temporary.iterdir()) == []


FAULTS = [
    ("foo", "the host must be one of tencent, sina, yahoo, ecb, stream"),
    ("tencnt:hang", "did you mean 'tencent'?"),
    ("Yahoo:hang", "did you mean 'yahoo'?"),
    ("yahoo:hnag", "did you mean 'hang'?"),
    ("yahoo:zero_price", "did you mean 'zero-price'?"),
    ("yahoo", "neither a status nor one of"),
    ("yahoo:hang:2", "a probability is from 0 to 1"),
    ("yahoo:flood", "only the stream can have 'flood'"),
]


@pytest.mark.parametrize(("fault", "why"), FAULTS)
def test_a_fault_that_does_not_exist_is_refused_before_anything_starts(fault: str, why: str) -> None:
    result = CliRunner().invoke(commands, ["demo", "--fault", "tencent:429", "--fault", fault])
    assert result.exit_code == 2
    assert why in " ".join(result.stderr.split())


# What a replay opens


def answer(*texts: str) -> Captured:
    return Captured(NOW, "tencent", texts, b"")


CHIPS = ("NVDA", "AMD", "AVGO", "MRVL", "COHR", "300308.SZ", "688256.SS", "TSM", "MU")


@pytest.mark.parametrize(
    ("recorded", "start", "opened"),
    [
        (("603757.SS", "002837.SZ", "300870.SZ", "002536.SZ"), None, "liquid-cooling-rally"),
        (CHIPS, None, "chips"),
        (("NVDA",), "power", "chips"),
        (("002595.SZ",), "power", "power"),
        (("GZMT", "9999.HK", "not a symbol"), None, "recording"),
        (("GZMT",), "power", "recording"),
        ((), None, "named-in-the-articles"),
        (("not a symbol",), None, "named-in-the-articles"),
    ],
)
def test_a_replay_opens_a_list_that_is_in_the_recording(
    recorded: tuple[str, ...], start: str | None, opened: str, temporary: Path, home: Path
) -> None:
    with scratch_folder() as folder:
        read = load_all(Flags(start_list=start), scratch=folder)
        read = opened_at(recorded_symbols([answer(*recorded)]), read)
        assert read.settings.start_list == opened
        shown = read.watchlists.find(opened)
        assert shown is not None
        if opened == "recording":
            assert [str(stock.symbol) for stock in shown.stocks] == [text for text in recorded if " " not in text]
        elif recorded and " " not in recorded[0]:
            assert {stock.symbol for stock in shown.stocks} & set(map(parse_symbol, recorded))


def test_a_list_of_ones_own_may_be_called_recording(own: Path, temporary: Path) -> None:
    (own / "recording.toml").write_text(MINE)
    with scratch_folder() as folder:
        read = opened_at([parse_symbol("9999.HK")], load_all(Flags(), scratch=folder))
        assert read.settings.start_list != "recording"
        assert read.watchlists.find("recording") is not None
        shown = read.watchlists.find(read.settings.start_list)
        assert shown is not None
        assert [str(stock.symbol) for stock in shown.stocks] == ["9999.HK"]
    assert (own / "recording.toml").read_text() == MINE
