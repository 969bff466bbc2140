"""The directory: which stocks are found for what is typed, and in which order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiwatch.config.paths import bundled
from aiwatch.ledger.loader import load_commitments
from aiwatch.market.symbol import parse_symbol
from aiwatch.session.directory import directory_of, joined, offers
from aiwatch.watchlist import Stock
from aiwatch.watchlist.directory import Directory, Entry
from aiwatch.watchlist.pinyin import learn_here
from aiwatch.watchlist.reader import read_watchlists


@pytest.fixture(name="directory", scope="module")
def _directory() -> Directory:
    directory = directory_of(
        read_watchlists(bundled("watchlists")).lists, load_commitments(bundled("seeds")).entities.values()
    )
    learn_here(directory.names_zh)
    return directory


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("002837.SZ", "002837.SZ"),
        ("sz002837", "002837.SZ"),
        ("002837", "002837.SZ"),
        ("00283", "002837.SZ"),
        ("2837", "002837.SZ"),
        ("hk700", "0700.HK"),
        ("700", "0700.HK"),
        ("brk b", "BRK-B"),
        ("brk", "BRK-B"),
        ("nv", "NVDA"),
        ("envi", "002837.SZ"),
        ("INVIC", "002837.SZ"),
        ("英维", "002837.SZ"),
        ("ywk", "002837.SZ"),
        ("YW", "002837.SZ"),
        ("yingwei", "002837.SZ"),
        ("ying wei ke", "002837.SZ"),
        ("ｙｗｋ", "002837.SZ"),
        ("zgyh", "601988.SS"),
        ("dyby", "603757.SS"),
        ("feilong", "002536.SZ"),
        ("bank of china", "601988.SS"),
        ("china bank", "601988.SS"),
        ("berkshire", "BRK-B"),
        ("马斯克", ""),
        ("zzzz", ""),
        ("", ""),
        ("   ", ""),
    ],
)
def test_the_best_is_first(directory: Directory, text: str, first: str) -> None:
    result = directory.find(text)
    assert (result[0].symbol.text if result else "") == first


def test_the_ledgers_other_listings_are_known_too(directory: Directory) -> None:
    assert [entry.symbol.text for entry in directory.find("alibaba")][:2] == ["9988.HK", "BABA"]
    baba = directory.get(parse_symbol("BABA"))
    assert baba is not None
    assert baba.name_zh


def test_every_entry_is_found_first_by_its_symbol_and_among_others_by_its_names(directory: Directory) -> None:
    for entry in directory:
        assert directory.find(entry.symbol.text)[0] == entry
        for name in filter(None, (entry.name, entry.name_zh, *entry.others)):
            assert entry in directory.find(name, 100)


RANKED = Directory(
    [
        Entry(parse_symbol("300001.SZ"), "In the role", "", "makes tubas"),
        Entry(parse_symbol("300002.SZ"), "Tuba Industries", "某某"),
        Entry(parse_symbol("300003.SZ"), "By syllables", "巴山"),
        Entry(parse_symbol("300004.SZ"), "By initials", "步安"),
        Entry(parse_symbol("300005.SZ"), "Great Bay Works", "大"),
        Entry(parse_symbol("300006.SZ"), "Bay Power", "电"),
        Entry(parse_symbol("BABA"), "Something", ""),
        Entry(parse_symbol("BA"), "Exactly", ""),
        Entry(parse_symbol("NVDA"), "Not at all", "无"),
    ]
)
"""One entry of each rank for ``ba``, the least first."""


def test_the_order_of_what_fits() -> None:
    learn_here(RANKED.names_zh)
    assert [entry.name for entry in RANKED.find("ba")] == [
        "Exactly",
        "Something",
        "Bay Power",
        "Great Bay Works",
        "By initials",
        "By syllables",
        "In the role",
        "Tuba Industries",
    ]


def test_no_more_than_asked_for_are_found() -> None:
    assert [entry.name for entry in RANKED.find("ba", 2)] == ["Exactly", "Something"]
    assert RANKED.find("ba", 0) == []


def test_an_earlier_entry_keeps_its_names_and_takes_what_it_lacks() -> None:
    symbol = parse_symbol("002837.SZ")
    mine = Entry.of_stock(Stock(symbol, "Mine", printed_as="Invic"))
    directory = Directory([mine, Entry(symbol, "Envicool", "英维克", "cooling", ("Invic", "Mine"))])
    assert len(directory) == 1
    assert directory.get(symbol) == Entry(symbol, "Mine", "英维克", "cooling", ("Invic", "Envicool"))
    assert directory.get(parse_symbol("NVDA")) is None


@given(st.text(max_size=30))
def test_any_text_may_be_looked_for(text: str) -> None:
    assert len(RANKED.find(text)) <= len(RANKED)


def test_a_tag_finds_its_stocks() -> None:
    directory = Directory([Entry.of_stock(Stock(parse_symbol("NVDA"), "NVIDIA", tags=("gpu-maker",)))])
    assert [entry.name for entry in directory.find("GPU-m")] == ["NVIDIA"]
    assert directory.find("cpu") == []


def test_what_is_but_a_guess_comes_last() -> None:
    directory = Directory([Entry(parse_symbol("600900.SS"), "China Yangtze Power", "长江电力", others=("CYPC",))])
    assert [entry.symbol.text for entry in offers("cypc", directory)] == ["600900.SS", "CYPC"]
    assert [entry.symbol.text for entry in offers("600900", directory)] == ["600900.SS"]
    known, found = directory.get(parse_symbol("600900.SS")), Entry(parse_symbol("CYPC.L"), "Found")
    assert known is not None
    together = joined([Entry(parse_symbol("CYPC"), ""), known], [found])
    assert [entry.symbol.text for entry in together] == ["600900.SS", "CYPC.L", "CYPC"]
