"""The watchlists that ship with aiwatch, and the reference of their format."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aiwatch.config.paths import bundled
from aiwatch.market.calendar.hours import has_hours
from aiwatch.market.exchanges import SUFFIXES
from aiwatch.market.spelling import symbol_of
from aiwatch.market.symbol import EXCHANGES, AmbiguousSymbol, Board, parse_symbol
from aiwatch.watchlist import Watchlist
from aiwatch.watchlist.format import ALERT, LIST, STOCK, KeyTable
from aiwatch.watchlist.reader import read_watchlist, read_watchlists


@pytest.fixture(name="lists", scope="module")
def _lists() -> dict[str, Watchlist]:
    folder = read_watchlists(bundled("watchlists"))
    assert folder.problems == ()
    return {watchlist.key: watchlist for watchlist in folder.lists}


@pytest.mark.parametrize(
    ("key", "symbols"),
    [
        (
            "named-in-the-articles",
            "603308.SS 002595.SZ 000811.SZ 002158.SZ 605060.SS 300990.SZ 603757.SS 002837.SZ 300870.SZ 002536.SZ",
        ),
        ("power", "603308.SS 002595.SZ"),
        ("cooling", "000811.SZ 002158.SZ 605060.SS 300990.SZ"),
        ("liquid-cooling-rally", "603757.SS 002837.SZ 300870.SZ 002536.SZ"),
        ("hyperscalers", "MSFT GOOGL AMZN META ORCL 9988.HK 0700.HK"),
        ("chips", "NVDA AMD AVGO MRVL 2330.TW ASML.AS"),
        (
            "builders",
            "VRT NEE CSCO COHR 300308.SZ CRWV 9984.T BRK-B 2513.HK 601988.SS 002736.SZ SAP.DE CRM NOW",
        ),
    ],
)
def test_each_list_names_its_stocks(lists: dict[str, Watchlist], key: str, symbols: str) -> None:
    assert [stock.symbol.text for stock in lists[key].stocks] == symbols.split()


def test_the_tabs_begin_with_the_articles_own_groups(lists: dict[str, Watchlist]) -> None:
    named, *groups = lists
    assert named == "named-in-the-articles"
    assert groups == ["power", "cooling", "liquid-cooling-rally", "hyperscalers", "chips", "builders"]


def test_the_first_list_has_what_the_three_of_the_articles_have(lists: dict[str, Watchlist]) -> None:
    own = list(lists["named-in-the-articles"].stocks)
    of_groups = [lists[key].stocks for key in ("power", "cooling", "liquid-cooling-rally")]
    assert own == [stock for stocks in of_groups for stock in stocks]


def test_no_stock_is_in_two_groups_and_the_battery_maker_is_on_no_list(lists: dict[str, Watchlist]) -> None:
    groups = [watchlist for key, watchlist in lists.items() if key != "named-in-the-articles"]
    symbols = [stock.symbol.text for watchlist in groups for stock in watchlist.stocks]
    assert len(symbols) == len(set(symbols)) == 37
    assert "CBAT" not in symbols


@pytest.mark.parametrize(
    ("symbol", "name_zh", "printed_as"),
    [
        ("603308.SS", "应流股份", "Yingliu Shares"),
        ("002595.SZ", "豪迈科技", "Homag Technology"),
        ("000811.SZ", "冰轮环境", "Binglun Environment"),
        ("002158.SZ", "汉钟精机", "Hanbell Precise Machinery"),
        ("605060.SS", "联德股份", "Liande Shares"),
        ("300990.SZ", "同飞股份", "Tongfei Shares"),
        ("603757.SS", "大元泵业", ""),
        ("002837.SZ", "英维克", "Invic"),
        ("300870.SZ", "欧陆通", "Oulutong"),
        ("002536.SZ", "飞龙股份", "Feilong Shares"),
        ("601988.SS", "中国银行", "China Construction Bank"),
        ("NVDA", "英伟达", ""),
        ("9984.T", "软银集团", "SoftBank"),
    ],
)
def test_names_and_how_the_articles_printed_them(
    lists: dict[str, Watchlist], symbol: str, name_zh: str, printed_as: str
) -> None:
    stock = next(stock for watchlist in lists.values() for stock in watchlist.stocks if stock.symbol.text == symbol)
    assert (stock.name_zh, stock.printed_as) == (name_zh, printed_as)
    assert stock.name != stock.printed_as


def test_every_stock_has_a_role_and_every_mainland_one_a_chinese_name(lists: dict[str, Watchlist]) -> None:
    for watchlist in lists.values():
        for stock in watchlist.stocks:
            assert stock.role, stock
            assert stock.name_zh or not stock.symbol.is_china, stock
            assert stock.symbol.board not in (Board.INDEX, Board.FUND), stock


def test_the_power_supply_maker_is_called_one(lists: dict[str, Watchlist]) -> None:
    [honor] = [stock for stock in lists["liquid-cooling-rally"].stocks if stock.symbol.text == "300870.SZ"]
    assert "power supplies" in honor.role


def _section(heading: str) -> str:
    text = (bundled("watchlists") / "README.md").read_text(encoding="utf-8")
    return text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize(
    ("heading", "table"), [("Keys of the list", LIST), ("Keys of a stock", STOCK), ("Keys of alerts", ALERT)]
)
def test_the_reference_says_of_every_key_what_the_reader_goes_by(heading: str, table: KeyTable) -> None:
    words = re.findall(r"^\| `(\w+)` \| (\w+) \| (.+) \|$", _section(heading), re.MULTILINE)
    assert words == [(key.name, "required" if key.required else "optional", key.meaning) for key in table.keys]


def test_the_references_example_is_a_good_list_that_uses_every_key(tmp_path: Path) -> None:
    text = (bundled("watchlists") / "README.md").read_text(encoding="utf-8")
    [example] = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    path = tmp_path / "example.toml"
    path.write_text(example, encoding="utf-8")
    assert len(read_watchlist(path).stocks) == 4
    for key in (*LIST.names, *STOCK.names):
        assert re.search(rf"^(\[\[)?{key}\b", example, re.MULTILINE), key
    for key in ALERT.names:
        assert re.search(rf"^alerts = .*\b{key} = ", example, re.MULTILINE), key


def test_the_references_forms_of_symbols_are_read_as_it_says() -> None:
    rows = re.findall(r"^\| `([^`]+)` \| [^|`]+ \| (.+) \|$", _section("Symbols"), re.MULTILINE)
    values = {parse_symbol(text).exchange for text, _ in rows}
    assert values >= {exchange for exchange in EXCHANGES.values() if has_hours(exchange)}
    peers = re.search(r"Any other suffix of Yahoo's[^:]+: (.+?)\.\n", _section("Symbols"), re.DOTALL)
    assert peers is not None
    suffixes = {suffix for suffix, exchange in SUFFIXES.items() if exchange not in values}
    assert set(re.findall(r"`\.([A-Z]+)`", peers[1])) == suffixes
    for text, forms in rows:
        assert {symbol_of(form).text for form in re.findall("`(.+?)`", forms)} == {text}


def test_the_reference_names_every_number_that_may_be_two_things() -> None:
    doubtful = _section("Symbols").partition("| may be |")[2]
    texts = {
        text for row in re.findall(r"^\| (`.+?) \|", doubtful, re.MULTILINE) for text in re.findall("`(.+?)`", row)
    }
    assert {"000001", "700", "EURONEXT:ASML"} < texts
    for text in texts:
        with pytest.raises(AmbiguousSymbol):
            symbol_of(text)
    for number in {f"{number:06d}" for number in range(1, 1000)} - texts:
        assert symbol_of(number).code == number
