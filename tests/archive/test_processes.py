"""Several processes at one file, and one that dies while it writes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import aiwatch
from tests.archive.kept import NOW, looked_into, make_quote, recalled, rows, settled, started

ROOT = Path(__file__).resolve().parents[2]


def busy(path: Path, symbol: str, count: int) -> subprocess.Popen[str]:
    """Start a process that writes ``count`` quotes of ``symbol``, for ever with 0."""
    command = [sys.executable, "-m", "tests.archive.busy_writer", str(path), symbol, str(count)]
    folders = os.pathsep.join((str(ROOT), str(Path(aiwatch.__file__).parents[1])))
    return subprocess.Popen(
        command, cwd=ROOT, env=os.environ | {"PYTHONPATH": folders}, stdout=subprocess.PIPE, text=True
    )


def test_two_processes_write_at_once(tmp_path: Path) -> None:
    path = tmp_path / "archive.sqlite"
    writers = [busy(path, symbol, 200) for symbol in ("002837.SZ", "NVDA")]
    for writer in writers:
        output, _ = writer.communicate(timeout=60)
        assert (writer.returncode, output.split()[-1]) == (0, "199")
    assert rows(path, "SELECT symbol, count(*), max(price) FROM ticks GROUP BY symbol") == [
        ("002837.SZ", 67, 249),
        ("NVDA", 67, 249),
    ]
    assert rows(path, "PRAGMA integrity_check") == [("ok",)]


async def test_a_process_killed_while_writing_leaves_a_sound_file(tmp_path: Path) -> None:
    path = tmp_path / "archive.sqlite"
    writer = busy(path, "002837.SZ", 0)
    assert writer.stdout is not None
    with writer.stdout as output:
        for line in output:
            if line == "50\n":
                writer.kill()
                break
        last = [line for line in output if line.endswith("\n")]
    writer.wait(10)
    written = int(last[-1]) if last else 50
    (quote,) = await recalled(path)
    assert quote.last >= 50 + written
    async with started(path) as archive:
        archive.keep((make_quote("NVDA"),))
        await settled(archive)
        assert archive.trouble is None
    with looked_into(path) as file:
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert {entry.symbol.text for entry in await recalled(path)} == {"002837.SZ", "NVDA"}
    assert (await recalled(path))[-1].as_of >= NOW
