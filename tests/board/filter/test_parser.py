"""The filter box's language: what it finds, what it says of what it cannot read, and that it never fails otherwise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from aiwatch.board.cells import FilterContext
from aiwatch.board.columns import BY_KEY
from aiwatch.board.filter.fields import column_of, fields, number_of, unfinished
from aiwatch.board.filter.parser import DEEPEST, parse_filter
from aiwatch.board.filter.tokens import LONGEST
from aiwatch.errors import FilterError
from aiwatch.market.quote import Quote, Trading
from aiwatch.market.symbol import Symbol
from aiwatch.watchlist.pinyin import learn_here
from tests.board.fixtures import NOW, quote, stock

STOCKS = [
    replace(
        stock("002837.SZ", "Envicool", "英维克", role="liquid cooling", printed_as="Invic"),
        tags=("cooling", "Core"),
        note="look at the order book",
    ),
    replace(stock("603757.SS", "Dayuan Pumps", "大元泵业", role="pumps"), tags=("cooling",)),
    stock("NVDA", "NVIDIA", "英伟达", role="chips"),
    stock("0700.HK", "Tencent", "腾讯控股", role="cloud or chat"),
    stock("600487.SS", "Hengtong", "亨通光电"),
    stock("SIE.DE", "Siemens", role="power"),
]
QUOTES: dict[Symbol, Quote] = {
    said.symbol: said
    for said in (
        quote(
            "002837.SZ",
            63.82,
            58.02,
            seconds=1,
            volume=48_100_000,
            turnover=3.02e9,
            volume_ratio=2.13,
            open=58.0,
            turnover_rate=6.41,
            high=63.82,
            low=57.61,
        ),
        quote(
            "603757.SS",
            48.6,
            47.14,
            seconds=90,
            volume=31_000_000,
            turnover=1.41e9,
            volume_ratio=1.8,
            high=49.0,
            low=47.0,
        ),
        quote("NVDA", 178.88, 180.64, seconds=700, volume=129_554_000, turnover=23.6e9, open=181.0),
        quote("0700.HK", 623.5, 618.0, seconds=5, turnover=7.1e9),
        quote("600487.SS", 17.12, 17.12, seconds=7, trading=Trading.SUSPENDED),
    )
}
CONTEXT = FilterContext(QUOTES, lambda symbol: (1.0, 1.5) if symbol.text == "NVDA" else (), NOW)
CODES = ["002837", "603757", "NVDA", "0700", "600487", "SIE"]


@pytest.fixture(autouse=True, scope="module")
def _pinyin_is_learnt() -> None:
    learn_here([stock.name_zh for stock in STOCKS])


def found(text: str) -> list[str]:
    """The codes of the stocks that pass ``text``."""
    return [stock.symbol.code for stock in filter(parse_filter(text).bind(CONTEXT), STOCKS)]


def wrong(text: str) -> tuple[int, str]:
    """What is said of ``text``, and where."""
    with pytest.raises(FilterError) as caught:
        parse_filter(text)
    assert str(caught.value) == f"character {caught.value.position}: {caught.value.what}"
    return caught.value.position, caught.value.what


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("", CODES),
        ("  ", CODES),
        ("ENVI", ["002837"]),
        ("英维", ["002837"]),
        ("cooling 002837", ["002837"]),
        ("invic", ["002837"]),
        ("core", ["002837"]),
        ("ywk", ["002837"]),
        ("yingwei", ["002837", "NVDA"]),
        ("dayuanb", ["603757"]),
        ("cooling NVDA", []),
        (".sz", ["002837"]),
        ("[", []),
        ("cooling", ["002837", "603757"]),
        ("pump or chips", ["603757", "NVDA"]),
        ('"cloud or"', ["0700"]),
        ("“liquid cooling”", ["002837"]),
        ("not cooling", ["NVDA", "0700", "600487", "SIE"]),
        ("cooling not pump", ["002837"]),
        ("not (cooling or chips)", ["0700", "600487", "SIE"]),
        ("not not chips", ["NVDA"]),
        ("chips and NVDA", ["NVDA"]),
        ("or_", []),
        ("usdcny=x", []),
    ],
)
def test_plain_words(typed: str, codes: list[str]) -> None:
    assert found(typed) == codes
    assert not parse_filter(typed).live


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("change% > 3 and turnover > 1e8", ["002837", "603757"]),
        ("change% > 3 turnover > 1e8", ["002837", "603757"]),
        ("chg % > 3", ["002837", "603757"]),
        ("change_percent>=10", ["002837"]),
        ("cooling chg%>5", ["002837"]),
        ("vol.r >= 2", ["002837"]),
        ("Volume Ratio >= 2", ["002837"]),
        ("turnover > 3亿", ["002837", "603757", "NVDA", "0700"]),
        ("turnover > 30亿", ["002837", "NVDA", "0700"]),
        ("turnover > 1.5bn", ["002837", "NVDA", "0700"]),
        ("turnover > 1.5 bn", ["002837", "NVDA", "0700"]),
        ("turnover < 2,000m", ["603757"]),
        ("volume > 31000k", ["002837", "NVDA"]),
        ("volume >= 3100万", ["002837", "603757", "NVDA"]),
        ("change% > 3%", ["002837", "603757"]),
        ("change% > 3 %", ["002837", "603757"]),
        ("change% < -.5", ["NVDA"]),
        ("change% < −0.5", ["NVDA"]),
        ("涨幅 > 3", ["002837", "603757"]),
        ("成交额 > 30亿", ["002837", "NVDA", "0700"]),
        ("换手 > 5", ["002837"]),
        ("量比 ≥ 2", ["002837"]),
        ("涨幅＞３", ["002837", "603757"]),
        ("（涨幅 > 3） and not 泵", ["002837"]),
        ("last > open", ["002837"]),
        ("last < open", ["NVDA"]),
        ("last = 623.5", ["0700"]),
        ("last != 623.5", ["002837", "603757", "NVDA", "600487"]),
        ("to limit = 0", ["002837"]),
        ("t/o % > 6", ["002837"]),
        ("range > 90", ["002837"]),
        ("day > 40%", ["NVDA"]),
        ("age < 1m", ["002837", "0700", "600487"]),
        ("age > 10 min", ["NVDA"]),
        ("change% > 9 or (change% < 0 and turnover > 20bn)", ["002837", "NVDA"]),
    ],
)
def test_figures(typed: str, codes: list[str]) -> None:
    assert found(typed) == codes
    assert parse_filter(typed).live


def test_a_missing_figure_passes_neither_a_test_nor_its_opposite() -> None:
    assert found("change% > 3") == ["002837", "603757"]
    assert found("not change% > 3") == ["NVDA", "0700"]
    assert found("not (change% > 3 or turnover < 1bn)") == ["NVDA", "0700"]
    assert found("not (change% > 3 and chips)") == ["002837", "603757", "NVDA", "0700", "600487", "SIE"]


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("not role ~ pump", ["002837", "NVDA", "0700", "600487", "SIE"]),
        ("role !~ pump", ["002837", "NVDA", "0700", "600487", "SIE"]),
        ("!role~pump", ["002837", "NVDA", "0700", "600487", "SIE"]),
        ("tag = COOLING", ["002837", "603757"]),
        ("tag = cool", []),
        ("tags ~ cool", ["002837", "603757"]),
        ("tag != cooling", ["NVDA", "0700", "600487", "SIE"]),
        ('role = "liquid cooling"', ["002837"]),
        ("name ~ 元泵", ["603757"]),
        ("代码 = nvda", ["NVDA"]),
        ("exchange = sse", ["603757", "600487"]),
        ("note ~ book", ["002837"]),
        ("printed as = invic", ["002837"]),
    ],
)
def test_texts(typed: str, codes: list[str]) -> None:
    assert found(typed) == codes


@pytest.mark.parametrize(
    ("typed", "position", "words"),
    [
        ("turnovr > 3", 1, "'turnovr' is no column; did you mean 'turnover'?"),
        ("chips and chnge% > 3", 11, "'chnge%' is no column; did you mean 'change%'?"),
        ("qqqq > 3", 1, "'qqqq' is no column; the column picker lists them"),
        ("change% >", 10, "a value is missing after >"),
        ("change% > or", 11, "'or' is no number"),
        ("change% > x", 11, "'x' is no number"),
        ("change% > 3x", 12, "'x' is no unit: %, k, m"),
        ("age > 3bn", 8, "'bn' is no unit: s, m, min, h, d"),
        ("change% > role", 11, "'role' is a column of texts"),
        ("change% ~ 3", 9, "~ is for texts"),
        ("role > 3", 6, "> is for figures"),
        ("> 3", 1, "a column is missing before >"),
        ("3 < change%", 1, "'3' is no column"),
        ("(change% > 3", 1, "this bracket is never closed"),
        ("change% > 3)", 12, "this bracket was never opened"),
        ("()", 2, "something is missing"),
        ("chips and", 10, "something is missing after 'and'"),
        ("and chips", 1, "something is missing"),
        ("chips or or x", 10, "something is missing after 'or'"),
        ("not", 4, "something is missing after 'not'"),
        ('"chips', 1, "the closing quote is missing"),
        ("last > 1e999", 8, "the number is too large"),
        ("last > 1e300trn", 8, "the number is too large"),
        ("(" * (DEEPEST + 1) + "x", DEEPEST + 1, "too many brackets"),
        ("x" * (LONGEST + 1), LONGEST + 1, "too long"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(typed: str, position: int, words: str) -> None:
    place, said = wrong(typed)
    assert said.startswith(words)
    assert place == position


@pytest.mark.parametrize(
    ("typed", "comparison"),
    [
        ("change%", "change% > 3"),
        ("chips turno", "turnover > 3"),
        ("chg %", "change% > 3"),
        ("chips and vol", "volume > 3"),
        ("涨跌额", "change > 3"),
        ("ro", "role ~ word"),
        ("chnge%", "change% > 3"),
        ("xyz", ""),
        ("", ""),
        ("role ~ pump", ""),
    ],
)
def test_the_column_that_is_being_typed_is_known(typed: str, comparison: str) -> None:
    assert unfinished(typed) == comparison


def test_brackets_may_stand_as_deep_as_is_said() -> None:
    assert found("(" * DEEPEST + "not chips" + ")" * DEEPEST) == [code for code in CODES if code != "NVDA"]
    assert found("not " * (LONGEST // 8) + "chips") == (["NVDA"] if LONGEST // 8 % 2 == 0 else found("not chips"))


def test_every_column_has_names_and_no_name_has_two_columns() -> None:
    assert set(fields()) >= set(BY_KEY)
    for key, field in fields().items():
        assert {column_of(name) for name in (key, *field.names)} == {key}
    for key, column in BY_KEY.items():
        assert column_of(column.title) == key


@pytest.mark.parametrize("name", [field.names[0] for field in fields().values() if field.texts is None])
def test_every_figure_can_be_asked_for(name: str) -> None:
    assert {*found(f"{name} > -1e15"), *found(f"not {name} > 5")} <= set(CODES)


@pytest.mark.parametrize("key", ["role", "tags"])
def test_a_column_of_texts_has_no_figure(key: str) -> None:
    with pytest.raises(ValueError, match=f"'{key}' has texts"):
        number_of(key)


PIECES = st.lists(
    st.sampled_from(
        [
            *("(", ")", " ", ">", "<=", "!=", "~", "!", '"', "and", "or", "not", "change%", "turnover", "role", "tag"),
            *(
                "3",
                "-1.5bn",
                "3亿",
                "1e8",
                "age",
                "5m",
                "涨幅",
                "量比",
                "cooling",
                ",",
                ".",
                "52w high",
                "=",
                "=X",
                "%",
            ),
        ]
    ),
    max_size=40,
).map(" ".join)


@given(st.one_of(st.text(max_size=120), PIECES, PIECES.map(lambda text: text.replace(" ", ""))))
def test_any_text_is_a_filter_or_a_filter_error(typed: str) -> None:
    wrong_at = None
    try:
        passes = parse_filter(typed).bind(CONTEXT)
    except FilterError as error:
        wrong_at = error.position
    if wrong_at is None:
        assert {passes(stock) for stock in STOCKS} <= {True, False}
    else:
        assert 1 <= wrong_at <= len(typed) + 1
