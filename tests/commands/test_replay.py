"""A recording is a stranger's file: whatever is in it, the screen opens and says what is wrong with it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from aiwatch.commands.replay import began_at, recorded_symbols
from aiwatch.errors import FileError
from aiwatch.feed.replay import ReplayClock, ReplayFeed
from aiwatch.market.calendar.session import always_open
from aiwatch.market.data_sources import usual_names
from aiwatch.market.source_health import Condition
from aiwatch.market.state import utc_now
from aiwatch.sources.recording import read, require_packed
from aiwatch.sources.registry import readers
from tests.feed.fakes import NOW, until
from tests.pty_driver import PseudoTerminal

HEAD = {"format": "aiwatch-recording", "version": 1, "started": "2026-03-02T02:30:00+00:00"}
REFUSED = {"at": "2026-03-02T02:30:01+00:00", "source": "tencent", "asked": ["NVDA"], "error": "Refused"}


def packed(*lines: object) -> bytes:
    """A recording of these lines; one that is bytes stands as it is."""
    written = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    return gzip.compress(b"".join(line + b"\n" for line in written))


HOSTILE = {
    "begun in 9999": packed(HEAD | {"started": "9999-12-31T23:59:59+00:00"}),
    "begun in year 1": packed(HEAD | {"started": "0001-01-01T00:00:00+00:00"}),
    "begun at no time": packed(HEAD | {"started": "soon"}),
    "begun without a zone": packed(HEAD | {"started": "2026-03-02T02:30:00"}),
    "broken stream": bytes.fromhex("1f8b0800000000000003") + b"\xff" * 60,
    "damaged check": gzip.compress(b"")[:10],
    "nothing packed": gzip.compress(b""),
    "zeros packed": gzip.compress(bytes(2**20)),
    "another format": packed({"format": "elsewhere"}),
    "a version to come": packed(HEAD | {"version": 99}),
    "no UTF-8": packed(b'{"format": "\xff"}'),
    "nested head": packed(b"[" * 20_000),
    "nested line": packed(HEAD, b'{"at":' + b"[" * 20_000),
    "line of 9999": packed(HEAD, REFUSED | {"at": "9999-12-31T23:59:59+00:00"}),
    "line of wrong types": packed(HEAD, {"at": 1, "source": [], "asked": "NVDA"}),
    "null line": packed(HEAD, b"null"),
}


@pytest.fixture(name="hostile")
def _hostile(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A hostile recording."""
    path = tmp_path / "hostile.gz"
    path.write_bytes(HOSTILE[request.param])
    return path


@pytest.mark.parametrize("hostile", HOSTILE, indirect=True)
def test_of_a_hostile_recording_a_time_and_symbols_are_known(hostile: Path) -> None:
    require_packed(hostile)
    assert recorded_symbols(read(hostile)) == ()
    assert 2000 <= began_at(hostile).year < 2100


@pytest.mark.parametrize("hostile", HOSTILE, indirect=True)
async def test_every_source_is_stopped_and_says_why_by_the_name_of_the_file(hostile: Path) -> None:
    clock = ReplayClock(NOW, 1000.0)
    async with ReplayFeed(read(hostile), readers, clock, always_open, names=usual_names()) as feed:
        feed.start()
        batch = await until(feed, lambda batch: batch.health[0].condition is Condition.STOPPED)
        reasons = {health.why for health in batch.health}
        assert len(reasons) == 1
        assert reasons.pop().startswith("hostile.gz:")


def test_what_stands_before_a_broken_line_says_what_the_recording_is_of(tmp_path: Path) -> None:
    path = tmp_path / "hostile.gz"
    path.write_bytes(packed(HEAD, REFUSED, b"null"))
    assert [symbol.text for symbol in recorded_symbols(read(path))] == ["NVDA"]


@pytest.mark.parametrize(
    "hostile", ["begun in 9999", pytest.param("nested line", marks=pytest.mark.long)], indirect=True
)
def test_the_screen_opens_on_it_and_can_be_left(hostile: Path, tmp_path: Path) -> None:
    with PseudoTerminal(tmp_path, ["replay", str(hostile)], size=(160, 45)) as screen:
        screen.wait_for("hostile.gz:")
        screen.wait_for("no recording of aiwatch")
        screen.send(b"q")
        assert screen.status() == 0


@pytest.mark.parametrize(
    "lay",
    [
        lambda path: path.write_text("symbol,name\nNVDA,NVIDIA\n"),
        lambda path: path.write_bytes(b""),
        lambda path: path.mkdir(),
    ],
)
def test_what_is_not_packed_was_named_by_mistake_and_is_refused(lay: Callable[[Path], object], tmp_path: Path) -> None:
    path = tmp_path / "mistaken.csv"
    lay(path)
    with pytest.raises(FileError, match=r"mistaken\.csv:1: no recording of aiwatch") as refusal:
        require_packed(path)
    assert "aiwatch record" in refusal.value.hint


@pytest.mark.parametrize("hostile", ["begun in 9999"], indirect=True)
def test_where_the_head_cannot_be_read_the_clock_begins_now(hostile: Path) -> None:
    before = utc_now()
    assert before <= began_at(hostile) <= utc_now()
