"""Lines that come again are read as if they had not been seen before."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiwatch.market.symbol import Symbol
from aiwatch.sources import Answer
from aiwatch.sources.tencent import source as lines
from aiwatch.sources.tencent.codes import symbol_of
from aiwatch.sources.tencent.line_cache import LineCache
from aiwatch.sources.tencent.source import Batch, lines_of
from tests.sources.tencent.wire import NO_TRADE, line

NOW = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
CODES = ("sz002837", "sh600487", "hk00700", "usNVDA", "bj920819")
TIMES = {"hk": "2026/03/02 10:15:{:02}", "us": "2026-03-02 11:30:{:02}"}
CHINA_TIME = "202603021030{:02}"
CHANGES: st.SearchStrategy[dict[int, str]] = st.one_of(
    st.just({}),
    st.sampled_from(
        [
            {3: "50.26", 31: "0.26"},
            {6: "12001"},
            {10: "18"},
            {29: "20260302103007"},
            {29: "99999999999999"},
            {82: "USD"},
        ]
    ),
    st.sampled_from([{30: "soon"}, {30: "20260302103060"}, {30: "20270302103000"}, {3: "x"}, {40: "S"}]),
    st.sampled_from([NO_TRADE, NO_TRADE | {30: "20260302092000"}]),
)


def asked() -> list[Symbol]:
    return [symbol for code in CODES if (symbol := symbol_of(code))]


def read(body: bytes, listed: LineCache) -> Answer:
    batch = Batch(asked(), NOW, listed)
    batch.take(lines_of(body, "host.test"))
    return batch.answer("host")


def body_of(changes: list[tuple[str, dict[int, str], int]]) -> bytes:
    """Lines of codes with their changes, at a second of a minute."""
    rows = ((code, {30: TIMES.get(code[:2], CHINA_TIME).format(second)} | more) for code, more, second in changes)
    return b"".join(line(code, row) for code, row in rows)


LINES = st.lists(st.tuples(st.sampled_from(CODES), CHANGES, st.integers(0, 59)), min_size=1, max_size=4)


@given(st.lists(LINES, min_size=2, max_size=4))
def test_what_is_known_changes_nothing(answers: list[list[tuple[str, dict[int, str], int]]]) -> None:
    listed = LineCache()
    for changes in answers:
        body = body_of(changes)
        assert read(body, listed) == lines.parse(body, asked(), NOW, "host")


def test_a_line_with_another_time_alone_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = LineCache()
    read(body_of([(code, {}, 1) for code in CODES]), listed)
    with monkeypatch.context() as patched:
        patched.delattr(lines, "quote_of")
        loaded = read(body_of([(code, {}, 7) for code in CODES]), listed)
    assert [quote.as_of.second for quote in loaded.quotes] == [7] * len(CODES)
