"""The monsters, and all that reads bytes from outside: what `test_monsters` feeds to what."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from aiwatch.archive.calendars import days_of
from aiwatch.archive.recall import recall
from aiwatch.commands.commitments import tools
from aiwatch.commands.import_lists import content_of
from aiwatch.commands.upkeep.report import log_lines
from aiwatch.config.loader import load_settings
from aiwatch.config.paths import bundled
from aiwatch.errors import Garbled
from aiwatch.files.parse_cache import ParsedTexts
from aiwatch.history.spending.cache import ReportCache
from aiwatch.ledger.delivered.companyfacts import FactsError, spending_in
from aiwatch.ledger.delivered.quarters import Report
from aiwatch.ledger.loader import load_ledger
from aiwatch.ledger.records import Ledger
from aiwatch.market.bars import BarsQuery, Interval
from aiwatch.market.filings.filing import FilingReport
from aiwatch.market.symbol import parse_symbol
from aiwatch.session.layout import read_layout
from aiwatch.sources import sec_companies
from aiwatch.sources.filings import cninfo, hkex, sina_news, yahoo_news
from aiwatch.sources.filings import sec as sec_filings
from aiwatch.sources.http import Reply
from aiwatch.sources.http_errors import meaning_of, moment_of
from aiwatch.sources.recording import read, started
from aiwatch.sources.registry import readers
from aiwatch.sources.sina import bars as sina_bars
from aiwatch.sources.tencent import bars as tencent_bars
from aiwatch.sources.tencent import search
from aiwatch.sources.yahoo import bars as yahoo_bars
from aiwatch.sources.yahoo import search as yahoo_search
from aiwatch.sources.yahoo.session import consent_form, crumb_of
from aiwatch.watchlist.directory import Directory
from aiwatch.watchlist.imports import FORMATS, read_import
from aiwatch.watchlist.reader import read_watchlist

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
HEAD = b'{"format": "aiwatch-recording", "version": 1, "started": "2026-03-02T02:30:00+00:00"}\n'
ASKED = [parse_symbol(text) for text in ("002837.SZ", "NVDA", "CNY=X")]
CHINA_DAYS = BarsQuery(ASKED[0], Interval.DAY)
CHINA_MINUTES = BarsQuery(ASKED[0], Interval.MINUTE)
US_DAYS = BarsQuery(ASKED[1], Interval.DAY)
HONG_KONG = parse_symbol("0700.HK")
MIB = 2**20
MONSTERS: dict[str, bytes] = {
    "nothing": b"",
    "no UTF-8": b"\xff\xfe\xfd" * 1000,
    "cut UTF-8": b'{"a": "\xe4',
    "lone surrogate": b'{"a": "\\ud800"}',
    "NUL in text": b'{"a": "\\u0000", "b": "\x00"}',
    "escapes": b"\x1b]0;title\x07\x1b[2J\x9b31m" * 100,
    "huge whole number": b'{"rates": {"CNY": ' + b"9" * 5000 + b"}}",
    "huge exponent": b'{"base": "USD", "date": "2026-11-20", "rates": {"CNY": 1e99999}}',
    "not a number": b'{"base": "USD", "date": "2026-11-20", "rates": {"CNY": NaN}}',
    "year 9999": b'{"base": "USD", "date": "9999-12-31", "rates": {"CNY": 7}}',
    "year 1": b'{"base": "USD", "date": "0001-01-01", "rates": {"CNY": 7}}',
    "wrong types": b'{"quotes": {"a": 1}, "spark": [], "chart": 3, "quoteResponse": {"result": {}}, "rates": []}',
    "null": b"null",
    "page": b"<html><body>503</body></html>" * 1000,
    "unknown extension": b"\x91\x93\xa1a\xd4\x09x\xd4\x09x",
    "hexadecimal": b"order = 0x" + b"f" * 20_000,
    "long key": b'"' + b"a" * 100_000 + b'" = 1',
    "lone carriage returns": b"a = 1\rb = 2\r" * 1000,
}


@cache
def grown(size: int) -> dict[str, bytes]:
    """Monsters of about ``size`` bytes, or of a depth that goes with it."""
    depth = 5_000 if size < MIB else 20_000
    return {
        "deep lists": b"[" * depth,
        "deep objects": b'{"a":' * depth,
        "deep and closed": b"[" * depth + b"]" * depth,
        "deep within": b'{"quotes":' + b"[" * depth + b"]" * depth + b"}",
        "dotted key": b"a." * (size // 2 - 2) + b"a=1",
        "dotted head": b"[" + b"a." * (size // 2 - 2) + b"a]",
        "zeros": bytes(size),
        "many lists": b"[" + b"[]," * (size // 3 - 1) + b"0]",
        "many objects": b'{"spark":{"result":[' + b"{}," * (size // 3 - 20) + b"0]}}",
        "many numbers": b"[" + b"0," * (size // 2 - 1) + b"0]",
        "less than": b"<" * size,
        "scripts": b"<script>" * (size // 8),
        "inputs": b"<input " * (size // 7),
        "comments": b"<!--" * (size // 4),
        "blanks in a line": b'v_sz002837="' + b" " * size + b'"x',
        "blanks of Sina": b'var hq_str_sz002837="' + b" " * size + b'"x',
        "blanks of a hint": b" " * size + b'v_hint="x',
        "many lines": b'v_a="1";\n' * (size // 9),
        "many line ends": b"\n" * size,
        "many fields": b'v_sz002837="51~x~002837' + b"~1" * (size // 2) + b'";\n',
        "many hints": b'v_hint="' + b"sz~1~a~b~GP-A^" * (size // 14) + b'"',
        "gzip": gzip.compress(b"x" * size),
    }


def _of_host(reader: Callable[..., object]) -> Callable[[bytes, Path], object]:
    return lambda body, path: reader(body, list(ASKED), NOW, "host.test")


def _reply(body: bytes) -> Reply:
    return Reply("http://host.test", 200, body)


ANSWERS: dict[str, Callable[[bytes, Path], object]] = {
    **{f"answer of {name}": _of_host(reader) for name, reader in readers().items()},
    "search at Tencent": lambda body, path: search.parse(body, "host.test"),
    "search at Yahoo": lambda body, path: yahoo_search.parse(body, "host.test"),
    "crumb": lambda body, path: crumb_of(body.decode("utf-8", "replace"), "host.test"),
    "consent": lambda body, path: consent_form(_reply(body)),
    "error": lambda body, path: meaning_of(body),
    "date": lambda body, path: moment_of(body.decode("latin-1")),
    "calendars": lambda body, path: days_of(body),
    "daily bars of Tencent": lambda body, path: tencent_bars.parse_klines(body, CHINA_DAYS, 100, NOW, "host.test"),
    "minutes of Tencent": lambda body, path: tencent_bars.parse_minutes(body, CHINA_MINUTES, NOW, "host.test"),
    "bars of Tencent": lambda body, path: tencent_bars.parse_bars(body, CHINA_DAYS, NOW, "host.test"),
    "bars of Sina": lambda body, path: sina_bars.parse_bars(body, CHINA_DAYS, 100, NOW, "host.test"),
    "bars of Yahoo": lambda body, path: yahoo_bars.parse_chart(body, US_DAYS, date(2026, 1, 2), NOW, "host.test"),
    "companies of the SEC": lambda body, path: sec_companies.parse_companies(body, "host.test"),
    "filings of the SEC": lambda body, path: sec_filings.parse_submissions(body, US_DAYS.symbol, 1, NOW, "host.test"),
    "companies of CNINFO": lambda body, path: cninfo.parse_companies(body, "host.test"),
    "filings of CNINFO": lambda body, path: cninfo.parse_announcements(body, CHINA_DAYS.symbol, NOW, "host.test"),
    "company of HKEX": lambda body, path: hkex.parse_stock(body, HONG_KONG, "host.test"),
    "filings of HKEX": lambda body, path: hkex.parse_titles(body, HONG_KONG, NOW, "host.test"),
    "headlines of Yahoo": lambda body, path: yahoo_news.parse_news(body, US_DAYS.symbol, NOW, "host.test"),
    "headlines of Sina": lambda body, path: _sina_headlines(body),
    "company facts": lambda body, path: _facts(body),
}


def _sina_headlines(body: bytes) -> object:
    rows = sina_news.parse_feed(body, "host.test")
    return sina_news.parse_news(rows, CHINA_DAYS.symbol, NOW, "host.test")


def _facts(body: bytes) -> object:
    """As `SecFacts.spending` reads it."""
    try:
        return spending_in(body)
    except FactsError as error:
        raise Garbled("host.test", str(error)) from None


def _written(read_file: Callable[[Path], object]) -> Callable[[bytes, Path], object]:
    def reader(body: bytes, path: Path) -> object:
        path.write_bytes(body)
        return read_file(path)

    return reader


FILES: dict[str, Callable[[Path], object]] = {
    "layout": read_layout,
    "kept texts": lambda path: ParsedTexts(path)("a = 1"),
    "settings": load_settings,
    "watchlist": read_watchlist,
    "ledger": lambda path: load_ledger(bundled("seeds"), path),
    "archive": lambda path: recall(path, ASKED, NOW),
    "recording": lambda path: list(read(path)),
    "start of a recording": started,
    "reports of spending": lambda path: ReportCache(path, Report).read(),
    "filings": lambda path: ReportCache(path, FilingReport).read(),
    "edition of the ledger": tools._edition,
    "log": lambda path: list(log_lines(path)),
}
IMPORTED: dict[str, Callable[[Path], object]] = {
    f"import of {kind}": lambda path, kind=kind: read_import(content_of(path), path, Directory(()), kind=kind)  # type: ignore[misc]
    for kind in FORMATS
}
IMPORTED |= {
    f"ledger import of {form}": lambda path, form=form: _drafted(form, path)  # type: ignore[misc]
    for form in ("epoch", "compute-atlas", "csv")
}
for _end in (".csv", ".json", ".yaml", ".txt"):
    IMPORTED[f"import of a {_end}"] = lambda path, end=_end: _imported_as(path, end)  # type: ignore[misc]


@cache
def _bundled_ledger() -> Ledger:
    return load_ledger(bundled("seeds"))


def _drafted(form: str, path: Path) -> object:
    """What `aiwatch ledger import` makes of ``path``."""
    return tools._read(form, path, None, NOW.date(), _bundled_ledger())


def _imported_as(path: Path, end: str) -> object:
    """What is made of ``path`` when its name ends with ``end`` and nobody says what it is of."""
    return read_import(content_of(path), path.with_suffix(end), Directory(()))


PACKED: dict[str, Callable[[bytes, Path], object]] = {
    "packed recording": lambda body, path: _written(FILES["recording"])(gzip.compress(body, 1), path),
    "line of a recording": lambda body, path: _written(FILES["recording"])(gzip.compress(HEAD + body, 1), path),
}
FILES |= IMPORTED
READ = {**ANSWERS, **{name: _written(reader) for name, reader in FILES.items()}, **PACKED}
