"""Recordings: written as answers come, read back the same, and refused when they are none."""

from __future__ import annotations

import asyncio
import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from aiwatch.config.settings import SourceSettings
from aiwatch.errors import FileError, RateLimited, SourceError
from aiwatch.market.symbol import parse_symbol
from aiwatch.sources.recording import Captured, Recorder, RecordingSource, read
from aiwatch.sources.yahoo.spark import Yahoo

NOW = datetime(2026, 11, 23, 6, 10, 19, tzinfo=UTC)
SETTINGS = SourceSettings("http://127.0.0.1:9", 20, 300)


async def everything(path: Path) -> list[Captured]:
    """The whole recording, read off the loop."""
    return await asyncio.to_thread(lambda: list(read(path)))


async def test_what_is_noted_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "day.aiwatch"
    async with Recorder(path, lambda: NOW) as recorder:
        recorder.note("tencent", ["002837.SZ"], b"v_sz002837=\xff\x00")
        recorder.note("yahoo", ["9984.T"], error=RateLimited("query1", "HTTP 429"))
    first, second = await everything(path)
    assert (first.at, first.source, first.asked, first.body) == (NOW, "tencent", ("002837.SZ",), b"v_sz002837=\xff\x00")
    assert isinstance(second.error, RateLimited)
    assert str(second.error) == "HTTP 429"


async def test_a_file_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "precious"
    path.write_text("precious")
    with pytest.raises(FileError, match="precious"):
        async with Recorder(path, lambda: NOW):
            pass
    assert path.read_text() == "precious"


async def test_a_recording_cut_short_by_a_crash_is_read_up_to_there(tmp_path: Path) -> None:
    path = tmp_path / "day.aiwatch"
    async with Recorder(path, lambda: NOW) as recorder:
        recorder.note("tencent", ["002837.SZ"], b"one")
    whole = path.read_bytes()
    path.write_bytes(whole + gzip.compress(b'{"at": "2026-11-23T06:10:20+00:00", "source"')[:20])
    assert [entry.body for entry in await everything(path)] == [b"one"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"not gzip at all", "no recording of aiwatch"),
        (gzip.compress(b'{"format": "else"}\n'), "another format"),
        (gzip.compress(b'{"format": "aiwatch-recording", "version": 9}\n'), "version is 9"),
        (gzip.compress(b""), "empty"),
        (gzip.compress(b'{"format": "aiwatch-recording", "version": 1}\n[1]\n'), ":1: .*a time"),
        (
            gzip.compress(
                b'{"format": "aiwatch-recording", "version": 1, "started": "' + NOW.isoformat().encode() + b'"}\n[1]\n'
            ),
            ":2:",
        ),
    ],
    ids=["no-gzip", "other-format", "other-version", "empty", "no-time", "odd-line"],
)
def test_what_is_no_recording_is_refused_with_its_line(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(FileError, match=reason):
        list(read(path))


async def test_a_tapped_source_records_bodies_and_failures_and_no_request(tmp_path: Path) -> None:
    meta = {"symbol": "9984.T", "regularMarketPrice": 15_500.0, "regularMarketTime": int(NOW.timestamp())}
    body = json.dumps({"spark": {"result": [{"symbol": "9984.T", "response": [{"meta": meta}]}], "error": None}})
    answers = iter([httpx.Response(200, text=body), httpx.Response(429, text="Too Many Requests")])
    path = tmp_path / "day.aiwatch"
    symbol = parse_symbol("9984.T")
    async with Recorder(path, lambda: NOW) as recorder:
        inner = Yahoo(SETTINGS, lambda: NOW, transport=httpx.MockTransport(lambda request: next(answers)))
        async with RecordingSource(inner, recorder) as source:
            answer = await source.fetch([symbol])
            assert [quote.last for quote in answer.quotes] == [15_500.0]
            assert source.received_bytes == len(body)
            with pytest.raises(SourceError):
                await source.fetch([symbol])
    first, second = await everything(path)
    assert first.body == body.encode()
    assert first.asked == ("9984.T",)
    assert isinstance(second.error, RateLimited)
    assert b"query" not in await asyncio.to_thread(lambda: gzip.decompress(path.read_bytes()))
