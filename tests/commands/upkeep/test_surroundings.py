"""What aiwatch keeps and cannot use: the doctor names each file and the next step, and changes none of them."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from msgspec import msgpack
from msgspec.structs import replace

from aiwatch.archive.store import Store
from aiwatch.commands.upkeep.surroundings import problems_around, state_problems, variable_problems
from aiwatch.config.paths import Places
from aiwatch.config.settings import Flags
from aiwatch.files.parse_cache import ParsedPatterns, ParsedTexts
from aiwatch.runtime.archive import recall_layout
from aiwatch.runtime.load import load_all
from aiwatch.session.layout import Panel, ScreenLayout, write_layout


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """Places of somebody whose every kept file is sound."""
    folders = {name: tmp_path / name for name in ("watchlists", "ledger", "state", "cache")}
    made = Places(settings=tmp_path / "config.toml", log=tmp_path / "log" / "aiwatch.log", **folders)
    write_layout(made.layout, ScreenLayout(panel=Panel.COMMITMENTS))
    texts = ParsedTexts(made.parsed)
    texts("a = 1")
    texts.keep()
    with ParsedPatterns(made.patterns) as patterns:
        re.purge()
        re.compile("a pattern")
    patterns.keep()
    Store.open(made.archive).close()
    made.log.parent.mkdir()
    made.log.write_text("entry\n", encoding="utf-8")
    return made


def _bytes(data: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(data)


def _in_place_of(make: Callable[[Path], object]) -> Callable[[Path], object]:
    def replaced(path: Path) -> None:
        path.unlink()
        make(path)

    return replaced


def _a_view(path: Path) -> None:
    with closing(Store.open(path)) as store:
        store.connection.execute("CREATE VIEW v AS SELECT 1")


def _a_later_version(path: Path) -> None:
    with closing(Store.open(path)) as store:
        store.connection.execute("PRAGMA user_version = 99")


def _a_flipped_bit(path: Path) -> None:
    (text, data, checksum), *_ = msgpack.decode(path.read_bytes())
    path.write_bytes(msgpack.encode([(text, data, bytes([checksum[0] ^ 1]) + checksum[1:])]))


def _a_flipped_pattern(path: Path) -> None:
    build, programs, checksum = msgpack.decode(path.read_bytes())
    path.write_bytes(msgpack.encode([build, programs[:-1] + bytes([programs[-1] ^ 1]), checksum]))


def _a_bad_page(path: Path) -> None:
    whole = bytearray(path.read_bytes())
    whole[4096:4196] = b"\xff" * 100
    path.write_bytes(whole)


DAMAGE: dict[str, tuple[str, str, Callable[[Path], object], str]] = {
    "layout: no UTF-8": ("layout", "layout", _bytes(b'{"list": "\xe4"}'), "not a layout: "),
    "layout: nested": ("layout", "layout", _bytes(b"[" * 20_000), "not a layout: "),
    "layout: pipe": ("layout", "layout", _in_place_of(os.mkfifo), "it is a named pipe"),
    "layout: folder": ("layout", "layout", _in_place_of(Path.mkdir), "cannot be read"),
    "texts: cut": ("parsed", "parsed texts", _bytes(b"\x91\x93"), "cannot be used"),
    "texts: bit": ("parsed", "parsed texts", _a_flipped_bit, "is damaged"),
    "texts: device": ("parsed", "parsed texts", _in_place_of(lambda path: path.symlink_to("/dev/zero")), "device"),
    "patterns: cut": ("patterns", "parsed patterns", _bytes(b"\x93"), "cannot be used"),
    "patterns: bit": ("patterns", "parsed patterns", _a_flipped_pattern, "is damaged"),
    "archive: no file of SQLite": ("archive", "archive", _bytes(b"x" * 5000), "cannot be used"),
    "archive: bad page": ("archive", "archive", _a_bad_page, "cannot be used"),
    "archive: view": ("archive", "archive", _a_view, "'v' is a view"),
    "archive: later": ("archive", "archive", _a_later_version, "version 99"),
    "archive: pipe": ("archive", "archive", _in_place_of(os.mkfifo), "it is a named pipe"),
    "log: folder": ("log", "log", _in_place_of(Path.mkdir), "is no regular file"),
    "log: link": ("log", "log", _in_place_of(lambda path: path.symlink_to("/dev/null")), "is no regular file"),
}


def test_of_sound_files_and_of_none_nothing_is_said(places: Places, tmp_path: Path) -> None:
    assert state_problems(places) == []
    nothing = replace(places, state=tmp_path / "a", cache=tmp_path / "b", log=tmp_path / "c" / "d")
    assert state_problems(nothing) == []


@pytest.mark.parametrize("case", DAMAGE)
def test_each_file_that_cannot_be_used_is_named(case: str, places: Places) -> None:
    which, name, spoil, what = DAMAGE[case]
    path = getattr(places, which)
    spoil(path)
    before = path.lstat()
    (problem,) = state_problems(places)
    assert (problem.name, problem.value) == (name, str(path))
    assert what in problem.what
    assert problem.step
    after = path.lstat()
    assert (after.st_ino, after.st_mtime_ns, after.st_size) == (before.st_ino, before.st_mtime_ns, before.st_size)


@pytest.mark.skipif(os.name == "nt", reason="permissions are those of POSIX")
def test_a_log_that_may_not_be_written_is_named(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.geteuid() == 0:  # who may do everything looks at the file as its owner would
        monkeypatch.setattr(os, "access", lambda path, mode: bool(Path(path).stat().st_mode >> 6 & mode))
    places.log.chmod(0o400)
    (problem,) = state_problems(places)
    assert (problem.name, problem.what) == ("log", "cannot be written to")


def test_what_was_put_aside_is_named(places: Places) -> None:
    for name in ("layout.json.bad", "archive.sqlite.corrupt-20261123-061019"):
        (places.state / name).write_bytes(b"")
    assert [Path(problem.value).name for problem in state_problems(places)] == [
        "layout.json.bad",
        "archive.sqlite.corrupt-20261123-061019",
    ]


@pytest.mark.parametrize("case", [case for case in DAMAGE if case.startswith("layout")])
def test_the_screen_puts_a_layout_aside_and_says_where(case: str, places: Places) -> None:
    DAMAGE[case][2](places.layout)
    before = places.layout.lstat()
    recalled = recall_layout(replace(load_all(Flags()), places=places))
    assert recalled is not None
    layout, problem = recalled
    assert layout == ScreenLayout()
    assert problem.startswith(f"{places.layout}: ")
    assert problem.endswith("; the screen looks as usual, and the file is now layout.json.bad")
    assert not places.layout.exists()
    assert places.layout.with_name("layout.json.bad").lstat().st_ino == before.st_ino
    write_layout(places.layout, ScreenLayout(panel=Panel.STOCK))
    assert places.layout.is_file()


def test_a_variable_that_is_none_of_ours_is_named_with_the_nearest() -> None:
    environment = {"AIWATCH_CONFIG": "x", "AIWATCH_SINA_URL": "x", "AIWATCH_YAHO_URL": "secret", "AIWATCH_\x1b1": ""}
    assert [str(problem) for problem in variable_problems(environment)] == [
        "AIWATCH_1=…: there is no such variable; unset it",
        "AIWATCH_YAHO_URL=…: there is no such variable; did you mean 'AIWATCH_YAHOO_URL'?",
    ]


def test_all_that_is_around_is_looked_at(places: Places) -> None:
    environment = {"AIWATCH_YAHO_URL": "x", "TERM": "dumb", "HTTPS_PROXY": "socks4://h:1", "SSL_CERT_FILE": "/nowhere"}
    names = [problem.name for problem in problems_around(environment, replace(places, watchlists=places.log))]
    assert {"AIWATCH_YAHO_URL", "TERM", "HTTPS_PROXY", "SSL_CERT_FILE", "watchlists"} <= set(names)
