"""Every reader of bytes from outside, fed the same monsters: a value, or aiwatch's error that names file or host."""

from __future__ import annotations

import gzip
import json
import os
import random
import socket
import sqlite3
import time
import zlib
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import click
import pytest

from aiwatch.archive import NO_LAST_STATE
from aiwatch.archive.recall import recall
from aiwatch.archive.rows import ALERT_COLUMNS
from aiwatch.config.paths import bundled
from aiwatch.errors import AiwatchError
from aiwatch.files.bounded import read_bytes
from aiwatch.files.parse_cache import ParsedTexts
from aiwatch.files.toml_document import parse_toml
from aiwatch.session.layout import ScreenLayout, read_layout
from aiwatch.sources.recording import LONGEST_LINE, read
from tests.monsters import ASKED, FILES, HEAD, MIB, MONSTERS, NOW, READ, grown

SECONDS = 2.0
"""What no reader of a mebibyte comes near, so that it is the quadratic ones that fail."""
SIZES = [
    pytest.param(MIB // 32, id="short"),
    pytest.param(MIB, id="whole", marks=pytest.mark.long),
]
"""Bytes of the monsters that grow."""


REFUSALS = (AiwatchError, click.ClickException)
"""What a person is told in a line."""


def _check(error: Exception, path: Path, name: str) -> None:
    """An error names the host or the file, and is short enough to be read."""
    assert getattr(error, "host", "") == "host.test" or path.stem in str(error), (name, error)
    assert len(str(error)) < 10_000, name


READ_ALREADY = frozenset({"ledger", "import of tickrs", "import of a .yaml"})
"""Readers whose long texts are parsed by another's: the watchlists' TOML, ticker's YAML."""
SLOWEST = "import of ticker"
"""YAML is read at a few kilobytes a second: a quarter of what the others get in the ordinary run."""


@pytest.mark.parametrize("reader", READ)
@pytest.mark.parametrize("size", SIZES)
def test_a_monster_is_a_value_or_an_error_that_names_where_it_came_from(reader: str, size: int, tmp_path: Path) -> None:
    if reader == SLOWEST and size < MIB:
        size //= 4
    for name, body in (MONSTERS | grown(size)).items():
        if reader in READ_ALREADY and len(body) > MIB // 256:
            continue
        path = tmp_path / "monster.toml"
        began = time.thread_time()
        try:
            READ[reader](body, path)
        except REFUSALS as error:
            _check(error, path, name)
        except Exception as error:
            pytest.fail(f"{reader} fed {name}: {type(error).__name__}: {error}")
        assert time.thread_time() - began < SECONDS, name


@pytest.mark.parametrize("reader", FILES)
@pytest.mark.parametrize("kind", ["named pipe", "folder", "device", "socket", "huge"])
def test_what_is_no_file_is_never_waited_for(reader: str, kind: str, tmp_path: Path) -> None:
    path = tmp_path / "odd.toml"
    with closing(socket.socket(socket.AF_UNIX)) as door:
        if kind == "named pipe":
            os.mkfifo(path)
        elif kind == "folder":
            path.mkdir()
        elif kind == "device":
            path.symlink_to("/dev/zero")
        elif kind == "socket":
            door.bind(str(path))
        else:
            with path.open("wb") as file:
                file.truncate(2**33)
        try:
            FILES[reader](path)
        except REFUSALS as error:
            _check(error, path, kind)


def test_a_file_that_is_none_is_named_by_its_kind(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="it is a named pipe, not a file"):
        read_bytes(tmp_path / "pipe")
    with pytest.raises(OSError, match="it is a device, not a file"):
        read_bytes(Path("/dev/zero"))
    (tmp_path / "large").write_bytes(bytes(11))
    with pytest.raises(OSError, match="it is larger than 10 bytes"):
        read_bytes(tmp_path / "large", 10)
    assert read_bytes(tmp_path / "large", 11) == bytes(11)


def test_no_flipped_bit_changes_what_a_text_says(tmp_path: Path) -> None:
    path = tmp_path / "parsed"
    texts = [file.read_text("utf-8") for file in sorted(bundled("watchlists").glob("*.toml"))[:2]]
    stored = ParsedTexts(path)
    meant = {text: stored(text) for text in texts}
    stored.keep()
    whole, rng = path.read_bytes(), random.Random(5)
    for _ in range(300):
        flipped = bytearray(whole)
        flipped[rng.randrange(len(flipped))] ^= 1 << rng.randrange(8)
        path.write_bytes(flipped)
        again = ParsedTexts(path)
        assert all(again(text) == meant[text] == parse_toml(text) for text in texts)


LINE = {"at": "2026-03-02T02:30:00+00:00", "source": "tencent", "asked": ["002837.SZ"], "body": ""}


@pytest.mark.parametrize(
    "line",
    [
        LINE | {"at": "9999-12-31T23:59:59-01:00"},
        LINE | {"at": "0001-01-01T00:00:00+01:00"},
        LINE | {"at": "2026-03-02T02:30:00"},
        LINE | {"at": 5},
        LINE | {"body": "?"},
        LINE | {"body": None},
        LINE | {"asked": ["x"] * 5000},
        LINE | {"asked": "x"},
    ],
)
def test_a_line_that_cannot_be_is_named(line: dict[str, object], tmp_path: Path) -> None:
    path = tmp_path / "recording"
    path.write_bytes(gzip.compress(HEAD + json.dumps(line).encode()))
    with pytest.raises(AiwatchError, match="recording:2: no recording of aiwatch"):
        list(read(path))


def test_a_line_without_an_end_is_refused_at_its_bound(tmp_path: Path) -> None:
    path = tmp_path / "recording"
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = b"".join(packer.compress(bytes(MIB)) for _ in range(64)) + packer.flush()
    path.write_bytes(gzip.compress(HEAD) + packed)
    with pytest.raises(AiwatchError, match=f"a line of more than {LONGEST_LINE // MIB} MiB"):
        list(read(path))


TOLD = {
    "source": "tencent", "last": 50.25, "currency": "CNY", "decimals": 2, "delay_minutes": 0, "trading": "traded",
    "received_at": 1772418600000000,
}  # fmt: skip
SPOILED = [
    (b"\xff=X", 1772418600000000, TOLD),
    ("002837.SZ", 253402300799999999, TOLD),
    ("002837.SZ", -62135596800000000, TOLD),
    ("002837.SZ", "soon", TOLD),
    ("002837.SZ", 1772418600000000, TOLD | {"decimals": 99999}),
    ("002837.SZ", 1772418600000000, TOLD | {"decimals": -1}),
    ("002837.SZ", 1772418600000000, TOLD | {"delay_minutes": 10**12}),
    ("002837.SZ", 1772418600000000, TOLD | {"last": 10**400}),
    ("002837.SZ", 1772418600000000, TOLD | {"received_at": 253402300799999999}),
    ("002837.SZ", 1772418600000000, []),
]


@pytest.mark.parametrize("row", SPOILED)
def test_a_spoiled_row_of_the_archive_is_left_out_alone(row: tuple[object, int, object], tmp_path: Path) -> None:
    from aiwatch.archive.store import Store

    path = tmp_path / "archive.sqlite"
    with closing(Store.open(path)) as store:
        for symbol, as_of, label in (row, ("NVDA", 1772418600000000, TOLD)):
            store.connection.execute("INSERT INTO quotes VALUES (?, ?, ?)", (symbol, as_of, json.dumps(label)))
    assert [quote.symbol.text for quote in recall(path, ASKED, NOW).quotes] == ["NVDA"]


ALERT = (1772418600000000, "NVDA", "above", 100.0, 101.0, 2, 1772418600000000, "", 0)
ALERT_SPOILED: dict[str, dict[int, object]] = {
    "bytes for a symbol": {1: b"\xff"},
    "bytes for a rule": {2: b"above"},
    "no such rule": {2: "sideways"},
    "no such symbol": {1: "\x1b]0;x\x07"},
    "the year 9999": {0: 253402300799999999},
    "a price of the year 1": {6: -62135596800000000},
    "no number": {3: "much"},
    "endless": {4: 9e999},
    "99999 decimals": {5: 99999},
    "decimals below nought": {5: -1},
    "bytes for a caveat": {7: b"\xff"},
    "a number for a caveat": {7: 5},
}


@pytest.mark.parametrize("name", ALERT_SPOILED)
def test_a_spoiled_alert_of_the_archive_is_left_out_alone(name: str, tmp_path: Path) -> None:
    from aiwatch.archive.store import Store

    path = tmp_path / "archive.sqlite"
    spoiled = tuple(ALERT_SPOILED[name].get(at, value) for at, value in enumerate(ALERT))
    with closing(Store.open(path)) as store:
        for row in (spoiled, (ALERT[0] + 1, "0700.HK", *ALERT[2:])):
            store.connection.execute(f"INSERT INTO alerts ({ALERT_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    alerts = recall(path, ASKED, NOW).alerts
    assert "0700.HK" in [alert.symbol.text for alert in alerts]
    assert all(alert.caveat.isprintable() and alert.fired_at <= NOW for alert in alerts)
    if 7 not in ALERT_SPOILED[name]:  # a caveat of another type is kept as its text
        assert len(alerts) == 1


SCHEMAS = {
    "a view": ("DROP TABLE quotes", "CREATE VIEW quotes AS SELECT 1 AS symbol, 2 AS as_of, 3 AS told"),
    "other columns": ("DROP TABLE quotes", "CREATE TABLE quotes (a, b)"),
    "a trigger": ("CREATE TRIGGER t AFTER INSERT ON quotes BEGIN DELETE FROM closes; END",),
}


@pytest.mark.parametrize("name", SCHEMAS)
def test_another_schema_is_not_trusted(name: str, tmp_path: Path) -> None:
    from aiwatch.archive.faults import Fault, fault_of
    from aiwatch.archive.store import Store

    path = tmp_path / "archive.sqlite"
    with closing(Store.open(path)) as store:
        for statement in SCHEMAS[name]:
            store.connection.execute(statement)
    assert recall(path, ASKED, NOW) is NO_LAST_STATE
    with pytest.raises(sqlite3.DatabaseError, match="malformed") as caught:
        Store.open(path)
    assert fault_of(caught.value) is Fault.CORRUPT, "so that it is put aside"


def test_a_missing_table_is_made_again_and_a_row_dated_ahead_is_replaced(tmp_path: Path) -> None:
    from aiwatch.archive.store import Store
    from tests.archive.kept import NOW as LATER
    from tests.archive.kept import make_quote, rows, write

    path = tmp_path / "archive.sqlite"
    write(path, make_quote())
    with closing(Store.open(path)) as store:
        store.connection.execute("DROP TABLE closes")
        store.connection.execute("UPDATE quotes SET as_of = 253402300799999999")
    assert not recall(path, ASKED, LATER).quotes
    write(path, make_quote(last=60.0))
    assert [quote.last for quote in recall(path, ASKED, LATER).quotes] == [60.0]
    assert rows(path, "SELECT count(*) FROM closes") == [(0,)]


def test_a_quote_of_a_time_to_come_is_not_recalled(tmp_path: Path) -> None:
    """A clock was wrong when it was kept."""
    from tests.archive.kept import NOW as LATER
    from tests.archive.kept import make_quote, write

    path = tmp_path / "archive.sqlite"
    write(path, make_quote(at=LATER + timedelta(hours=1)), make_quote("NVDA"))
    assert [quote.symbol.text for quote in recall(path, ASKED, LATER).quotes] == ["NVDA"]


def test_the_layout_is_as_usual_after_a_bad_byte(tmp_path: Path) -> None:
    path = tmp_path / "layout.json"
    path.write_bytes(b'{"list": "\xe4n-named"}')
    layout, why = read_layout(path)
    assert layout == ScreenLayout()
    assert why.startswith(f"{path}: not a layout: ")
