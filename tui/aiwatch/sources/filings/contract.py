"""What the answers of the hosts of filings and headlines look like, as the modules beside this one read them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from aiwatch.market.symbol import Symbol
from aiwatch.sources.contract import (
    NUMBER,
    TEXT,
    WORD,
    Departed,
    Field,
    Look,
    entry_departures,
    framed,
    inside,
    json_of,
    object_departures,
    pattern,
    rows_of,
    type_words,
)
from aiwatch.sources.filings.hkex import code_of
from aiwatch.sources.filings.sina_news import mark_of
from aiwatch.sources.parsing import plain

Changed = Mapping[str, tuple[str, ...]]
_ANY_TEXT = Look("a text", lambda value: isinstance(value, str))
_MAYBE_TEXT = Look("a text or nothing", lambda value: value is None or isinstance(value, str))
_LIST = Look("a list", lambda value: isinstance(value, list))
_SEC_COMPANY = (Field("ticker", "ticker", WORD), Field("number", "cik_str", NUMBER))
_SEC_ROW = (
    Field("accession number", "accessionNumber", pattern("an accession number", r"\d{10}-\d\d-\d{6}")),
    Field("day", "filingDate", pattern("a date", r"\d{4}-\d\d-\d\d")),
    Field("form", "form", WORD),
    Field("document", "primaryDocument", _ANY_TEXT),
    Field("description", "primaryDocDescription", _ANY_TEXT),
    Field("items", "items", _ANY_TEXT, optional=True),
)
_CNINFO_COMPANY = (Field("code", "code", WORD), Field("number of the company", "orgId", WORD))
_CNINFO_ROW = (
    Field("code", "secCode", WORD),
    Field("title", "announcementTitle", TEXT),
    Field("time", "announcementTime", NUMBER),
    Field("name", "secName", _MAYBE_TEXT, optional=True),
    Field("document", "adjunctUrl", _MAYBE_TEXT, optional=True),
)
_HKEX_STOCK = (Field("number", "stockId", NUMBER), Field("code", "code", WORD))
_HKEX_ROW = (
    Field("code", "STOCK_CODE", WORD),
    Field("title", "TITLE", WORD),
    Field("time", "DATE_TIME", pattern("a time as DD/MM/YYYY HH:MM", r"\d\d/\d\d/\d{4} \d\d:\d\d")),
    Field("name", "STOCK_NAME", _ANY_TEXT, optional=True),
    Field("kind", "LONG_TEXT", _ANY_TEXT, optional=True),
    Field("document", "FILE_LINK", _ANY_TEXT, optional=True),
)
_ARTICLE = (
    Field("title", "title", WORD),
    Field("publisher", "publisher", WORD),
    Field("link", "link", _ANY_TEXT),
    Field("time", "providerPublishTime", NUMBER),
    Field("symbols", "relatedTickers", _LIST),
)
_SHORT_NEWS = (
    Field("text", "rich_text", WORD),
    Field("time", "create_time", pattern("a time as YYYY-MM-DD HH:MM:SS", r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")),
    Field("marks", "ext", WORD),
)
_MARK = (Field("market", "market", WORD), Field("symbol", "symbol", WORD))
_CALL = re.compile(rb"\s*callback\((.*)\);?\s*", re.DOTALL)


@framed
def sec_companies(body: bytes, symbols: Sequence[Symbol]) -> Changed:
    """The SEC's list of companies: an object of objects."""
    companies = json_of(body)
    if not isinstance(companies, dict) or not companies:
        raise Departed(f"'the answer': an object was there, now {type_words(companies)}")
    return _each(list(companies.values()), "ticker", [symbol.text for symbol in symbols], symbols, _SEC_COMPANY)


@framed
def sec_submissions(body: bytes, symbols: Sequence[Symbol]) -> Changed:
    """What a company has filed: columns of one length. The newest row is compared."""
    answer = json_of(body)
    inside(answer, "cik")
    inside(answer, "name")
    recent = inside(answer, "filings", "recent")
    if not isinstance(recent, dict):
        raise Departed(f"'filings.recent': an object was there, now {type_words(recent)}")
    row = {key: column[0] for key, column in recent.items() if isinstance(column, list) and column}
    changed = list(object_departures(row, _SEC_ROW))
    lengths = {len(column) for key, column in recent.items() if isinstance(column, list) and key in _SEC_KEYS}
    if not changed and len(lengths) > 1:
        changed = ["the columns have different lengths"]
    return {symbol.text: tuple(changed) for symbol in symbols}


_SEC_KEYS = frozenset(str(field.place) for field in _SEC_ROW)


@framed
def cninfo_companies(body: bytes, symbols: Sequence[Symbol]) -> Changed:
    """cninfo's list of companies."""
    stocks = rows_of(json_of(body), "stockList")
    return _each(stocks, "code", [symbol.code for symbol in symbols], symbols, _CNINFO_COMPANY)


@framed
def cninfo_announcements(body: bytes, symbols: Sequence[Symbol]) -> Changed:
    """The announcements of a stock. The newest is compared."""
    row = rows_of(json_of(body), "announcements")[0]
    return {symbol.text: entry_departures(row, _CNINFO_ROW) for symbol in symbols}


@framed
def hkex_stocks(body: bytes, symbols: Sequence[Symbol]) -> Changed:
    """HKEX's stocks with a code, within a call."""
    call = _CALL.fullmatch(body)
    if call is None:
        raise Departed(f"a call of callback() was there, now {plain(body[:200].decode('utf-8', 'replace'), 30)!r}")
    stocks = rows_of(json_of(call[1]), "stockInfo")
    return _each(stocks, "code", [code_of(symbol) for symbol in symbols], symbols, _HKEX_STOCK)


@framed
def hkex_titles(body: bytes, symbols: Sequence[Symbol]) -> Changed:
    """The titles of a stock: JSON in a text of JSON. The newest is compared."""
    text = inside(json_of(body), "result")
    if not isinstance(text, str):
        raise Departed(f"'result': a text was there, now {type_words(text)}")
    row = rows_of(json_of(text))[0]
    return {symbol.text: entry_departures(row, _HKEX_ROW) for symbol in symbols}


@framed
def yahoo_news(body: bytes, symbols: Sequence[Symbol]) -> Changed:
    """The articles of a search. The first is compared."""
    article = rows_of(json_of(body), "news")[0]
    return {symbol.text: entry_departures(article, _ARTICLE) for symbol in symbols}


@framed
def sina_news(body: bytes, symbols: Sequence[Symbol]) -> Changed:
    """A page of the feed: its newest row, and the first mark of a stock on the page."""
    rows = rows_of(json_of(body), "result", "data", "feed", "list")
    changed = entry_departures(rows[0], _SHORT_NEWS)
    if not changed:
        marks = [mark for row in rows for mark in _marks_of(row)]
        changed = entry_departures(marks[0], _MARK) if marks else ()
    return {symbol.text: changed for symbol in symbols if mark_of(symbol) is not None}


def _marks_of(row: Any) -> list[Any]:
    """The marks of a row of Sina's. Raises `Departed` where they have another form."""
    stocks = inside(json_of(inside(row, "ext")), "stocks")
    if not isinstance(stocks, list):
        raise Departed(f"'ext.stocks': a list was there, now {type_words(stocks)}")
    return stocks


def _each(
    entries: Sequence[Any], key: str, keys: Sequence[str], symbols: Sequence[Symbol], expected: Sequence[Field]
) -> Changed:
    """What has changed of the entry of each symbol, which has its name of ``keys`` under ``key``. Where no entry has
    such a key, the first one says what became of it."""
    named = {entry[key]: entry for entry in entries if isinstance(entry, dict) and isinstance(entry.get(key), str)}
    if not named:
        return {"": entry_departures(entries[0], expected)}
    pairs = zip(symbols, keys, strict=True)
    return {symbol.text: object_departures(named[name], expected) for symbol, name in pairs if name in named}
