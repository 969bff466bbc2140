"""What a security is: by its code, the source's word for it and its name, a table for each kind."""

from __future__ import annotations

from typing import Any

import pytest

from aiwatch.market.quote import Quote
from aiwatch.market.security import Listing
from aiwatch.market.symbol import described, parse_symbol
from aiwatch.sources.parsing import ruled_limit
from tests.market.quotes import make_quote

KINDS = """
600519.SS  -        贵州茅台      main              CNY  10    100   2
601398.SS  GP-A     工商银行      main              CNY  10    100   2
688981.SS  GP-A-KCB 中芯国际      STAR              CNY  20    100   2
300750.SZ  GP-A-CYB 宁德时代      ChiNext           CNY  20    100   2
920819.BJ  GP-A     颖泰生物      Beijing           CNY  30    100   2
830799.BJ  -        艾融软件      Beijing           CNY  None  100   2
873169.BJ  GP-A     测试股份      Beijing           CNY  None  100   2
400080.BJ  -        测试3         other             CNY  None  None  2
900901.SS  GP-B     云赛Ｂ股      main              USD  10    100   3
200011.SZ  GP-B     深物业B       main              HKD  10    100   2
201872.SZ  -        招港B         main              HKD  10    100   2
510300.SS  ETF      沪深300ETF    fund              CNY  10    100   3
161725.SZ  LOF      白酒基金LOF   fund              CNY  10    100   3
159992.SZ  -        创新药ETF     fund              CNY  10    100   3
159915.SZ  -        创业板ETF     fund              CNY  20    100   3
159915.SZ  -        -             fund              CNY  None  100   3
159783.SZ  -        双创50ETF     fund              CNY  20    100   3
588000.SS  ETF      科创50ETF     fund              CNY  20    100   3
588000.SS  -        -             fund              CNY  20    100   3
589000.SS  -        综指ETF       fund              CNY  20    100   3
506000.SS  LOF      科创主题LOF   fund              CNY  None  100   3
506000.SS  -        -             fund              CNY  None  100   3
501018.SS  -        南方原油      fund              CNY  10    100   3
560050.SS  -        -             fund              CNY  10    100   3
159949.SZ  ETF      创业板50      fund              CNY  20    100   3
159781.SZ  -        科创创业ETF   fund              CNY  20    100   3
159111.SZ  -        科创债ETF     fund              CNY  None  100   3
159999.SZ  -        双创债ETF     fund              CNY  None  100   3
159967.SZ  -        创成长        fund              CNY  None  100   3
508056.SS  -        普洛斯REIT    REIT              CNY  None  100   3
180101.SZ  JJ-REITS 蛇口产园REIT  REIT              CNY  None  100   3
113050.SS  ZQ-KZZ   南银转债      convertible bond  CNY  20    None  3
110059.SS  -        浦发转债      convertible bond  CNY  20    None  3
118031.SS  -        天23转债      convertible bond  CNY  20    None  3
110808.SS  -        中盐定转      convertible bond  CNY  None  None  3
124001.SZ  -        华电定转      bond              CNY  None  None  3
132018.SS  ZQ-KZZ   三峡EB1       convertible bond  CNY  None  None  3
120004.SZ  -        测试EB        bond              CNY  None  None  3
140001.SZ  -        测试优1       other             CNY  None  None  2
123107.SZ  -        温氏转债      convertible bond  CNY  20    None  3
127991.SZ  -        测试转2       convertible bond  CNY  20    None  3
019547.SS  ZQ       16国债19      bond              CNY  None  None  3
155001.SS  -        19公司债      bond              CNY  None  None  3
112001.SZ  ZQ-QYZ   公司债        bond              CNY  None  None  3
204001.SS  ZQ-HG    GC001         repo              CNY  None  None  3
131810.SZ  -        Ｒ-001        repo              CNY  None  None  3
000001.SS  ZS       上证指数      index             CNY  None  None  2
932000.SS  -        中证2000      index             CNY  None  None  2
399006.SZ  -        创业板指      index             CNY  None  None  2
980017.SZ  ZS       国证芯片      index             CNY  None  None  2
970070.SZ  -        指数          index             CNY  None  None  2
899050.BJ  -        北证50        index             CNY  None  None  2
360001.SS  -        优先股        other             CNY  None  None  2
0700.HK    GP       腾讯控股      main              HKD  None  None  3
80700.HK   GP       腾讯控股－Ｒ  main              CNY  None  None  3
80991.HK   -        -             main              CNY  None  None  3
9988.HK    -        BABA-W        main              HKD  None  None  3
89988.HK   -        BABA-WR       main              CNY  None  None  3
3010.HK    -        ISHARES-U     main              USD  None  None  3
9067.HK    -        测试ETF－Ｕ   main              USD  None  None  3
9067.HK    -        测试ETF       main              ?    None  None  3
9834.HK    -        -             main              ?    None  None  3
9311.HK    -        -             main              ?    None  None  3
9500.HK    -        FL2测试-U     main              USD  None  None  3
4231.HK    -        IBOND-2606    bond              ?    None  None  3
40123.HK   -        TEST-N3001    bond              ?    None  None  3
4338.HK    -        测试－Ｔ      main              HKD  None  None  3
28123.HK   -        JP-HSI        main              HKD  None  None  3
6030.HK    -        测试证券      main              HKD  None  None  3
9618.HK    -        JD-SW         main              HKD  None  None  3
NVDA       GP       英伟达        main              USD  None  1     2
NVDA       ZS       英伟达        index             USD  None  None  2
"""


@pytest.mark.parametrize("line", KINDS.strip().splitlines())
def test_a_security_is_what_its_code_its_kind_and_its_name_say(line: str) -> None:
    text, kind, name, *board, currency, limit, lot, decimals = line.split()
    security = described(parse_symbol(text), "" if kind == "-" else kind, "" if name == "-" else name)
    assert str(security.board) == " ".join(board)
    assert security.currency == ("" if currency == "?" else currency)
    assert (str(security.daily_limit), str(security.lot), str(security.decimals)) == (limit, lot, decimals)


@pytest.mark.parametrize(
    ("name", "listing", "limit"),
    [
        ("N测试", Listing.FIRST_DAYS, None),
        ("C测试三", Listing.FIRST_DAYS, None),
        ("Ｎ测试", Listing.FIRST_DAYS, None),
        ("C 测试", Listing.FIRST_DAYS, None),
        ("退市测试", Listing.DELISTING, None),
        ("测试退", Listing.DELISTING, None),
        ("ST测试", Listing.RISK_WARNING, 10),
        ("*ST测试", Listing.RISK_WARNING, 10),
        ("TCL科技", Listing.ORDINARY, 10),
        ("XD测试行", Listing.ORDINARY, 10),
        ("CHINA NEW", Listing.ORDINARY, 10),
        ("", Listing.ORDINARY, 10),
    ],
)
def test_a_name_says_when_there_is_no_limit(name: str, listing: Listing, limit: int | None) -> None:
    security = described(parse_symbol("600519.SS"), "GP-A", name)
    assert (security.listing, security.daily_limit) == (listing, limit)


@pytest.mark.parametrize("text", ["600519.SS", "688981.SS", "300750.SZ", "920819.BJ", "113050.SS"])
@pytest.mark.parametrize("name", ["N测试", "C测试", "测试退"])
def test_first_days_and_delisting_periods_have_none_on_every_board(text: str, name: str) -> None:
    assert described(parse_symbol(text), "", name).daily_limit is None


def named(text: str, name: str, **values: object) -> Quote:
    """A quote of ``text`` under the exchange's own name, as a source makes it."""
    symbol = parse_symbol(text)
    security = described(symbol, "", name)
    return make_quote(text, name=name, daily_limit=ruled_limit(symbol, security), decimals=security.decimals, **values)


def test_a_quote_has_the_limits_of_what_it_is_described_as() -> None:
    assert named("600519.SS", "测试").limits == (63.82, 52.22)
    assert named("600519.SS", "C测试").limits is None
    assert named("600519.SS", "C测试", last=63.82).at_limit == 0
    assert named("159992.SZ", "创新药ETF", last=1.0, previous_close=1.0).limits == (1.1, 0.9)
    assert named("159915.SZ", "创业板ETF", last=1.1, previous_close=1.0).at_limit == 0
    assert named("588991.SS", "", last=1.359, previous_close=1.224).limits == (1.469, 0.979)
    assert named("588991.SS", "科创测试", last=1.469, previous_close=1.224).at_limit == 1
    assert named("920992.BJ", "测试", last=30.49, previous_close=23.46).at_limit == 1


def test_a_convertible_bond_has_none_on_its_first_day() -> None:
    assert named("113991.SS", "测试转债", last=110.0, previous_close=100.0).limits is None
    assert named("113991.SS", "测试转债", last=110.0, previous_close=100.001).limits == (120.001, 80.001)


@pytest.mark.parametrize(
    "values",
    [
        {"last": 63.83},
        {"last": 52.21},
        {"last": 60.0, "high": 63.83},
        {"last": 60.0, "low": 52.21},
        {"last": 60.0, "open": 64.0},
        {"last": 60.0, "limit_up": 50.0, "limit_down": 40.0},
        {"last": 1275.0, "limit_up": 1.0, "limit_down": 0.5},
        {"last": 60.0, "limit_up": 50.0, "limit_down": 70.0},
    ],
)
def test_a_price_outside_its_limits_proves_them_wrong(values: dict[str, Any]) -> None:
    quote = make_quote(**values)
    assert (quote.limits, quote.at_limit, quote.to_limit_percent, quote.limit_percent) == (None, 0, None, None)


def test_half_a_tick_beyond_is_the_limit() -> None:
    assert make_quote(last=63.824).at_limit == 1
    assert make_quote(last=63.826).at_limit == 0


def test_the_percentage_shown_is_that_of_the_rule_alone() -> None:
    assert make_quote().limit_percent == 10
    assert make_quote(last=60.0, limit_up=60.92, limit_down=55.12).limit_percent is None
    assert make_quote(daily_limit=0).limit_percent is None
    assert make_quote(daily_limit=0).limits is None


@pytest.mark.parametrize(
    ("text", "limits"), [("920992.BJ", (30.49, 16.43)), ("600519.SS", (25.81, 21.11)), ("300750.SZ", (28.15, 18.77))]
)
def test_beijing_alone_cuts_its_limits_off(text: str, limits: tuple[float, float]) -> None:
    assert named(text, "测试", last=23.46, previous_close=23.46).limits == limits  # 30.498, 16.422; 25.806; 28.152
