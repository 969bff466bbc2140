"""What the simulated exchange lists: symbols with their names and the levels their prices start from.

No price of the simulation is a market price. The previous closes of the ten A-shares are the closes of 15 August 2025;
all other levels, and every number of shares, are rounded approximations that only serve as starting points.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from zlib import crc32

from aiwatch.market.symbol import BSE, HKEX, TSE, TWSE, US, Board, Symbol, parse_symbol

HOT = ("002158.SZ", "002536.SZ", "603757.SS")
"""The listings that are drawn to their limit up for stretches, so that sealed rows are seen."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A listing before its first trade.

    ``previous_close`` is in units of 10 to the minus ``decimals`` (points), as all prices of the simulation are, and
    ``tick`` is the least price step in points. ``shares`` is the tradable stock, ``lot`` a round order in shares,
    ``venue`` Yahoo's code of the market place (``NMS``, ``SHH``). ``hot`` listings visit their limit up often.
    """

    symbol: Symbol
    name_zh: str
    name_en: str
    previous_close: int
    decimals: int
    tick: int
    shares: int
    lot: int
    venue: str
    hot: bool = False


# Closes of 15 August 2025 in CNY. 603757, 002837, 300870 and 002536 are unadjusted; the other six are taken from a
# series forward-adjusted to about 26 August 2025. Tradable shares in millions, rounded.
_RALLY = (
    ("603757.SS", "大元泵业", "Dayuan Pumps", "47.14", 165),
    ("002837.SZ", "英维克", "Envicool", "63.82", 850),
    ("300870.SZ", "欧陆通", "Honor Electronic", "248.50", 105),
    ("002536.SZ", "飞龙股份", "Feilong Auto Components", "29.62", 570),
    ("603308.SS", "应流股份", "Yingliu Electromechanical", "28.37", 680),
    ("002595.SZ", "豪迈科技", "Himile Mechanical", "58.17", 795),
    ("000811.SZ", "冰轮环境", "Moon Environment", "14.28", 985),
    ("002158.SZ", "汉钟精机", "Hanbell Precise Machinery", "19.71", 533),
    ("605060.SS", "联德股份", "Allied Machinery", "26.50", 240),
    ("300990.SZ", "同飞股份", "Tongfei Refrigeration", "70.23", 95),
)
# Approximate levels of August 2025 in the listing's own currency, shares in millions, rounded. 2513.HK was listed
# later; its level is near its issue price.
_OTHERS = (
    ("300308.SZ", "中际旭创", "Zhongji Innolight", "235.00", 1105),
    ("601988.SS", "中国银行", "Bank of China", "5.50", 210000),
    ("002736.SZ", "国信证券", "Guosen Securities", "14.00", 9000),
    ("688256.SS", "寒武纪", "Cambricon", "930.00", 418),
    ("NVDA", "英伟达", "NVIDIA Corporation", "180.00", 24300),
    ("MSFT", "微软", "Microsoft Corporation", "520.00", 7430),
    ("GOOGL", "谷歌A", "Alphabet Inc.", "204.00", 5820),
    ("AMZN", "亚马逊", "Amazon.com, Inc.", "231.00", 10660),
    ("META", "Meta", "Meta Platforms, Inc.", "785.00", 2170),
    ("ORCL", "甲骨文", "Oracle Corporation", "248.00", 2810),
    ("AMD", "超威半导体", "Advanced Micro Devices, Inc.", "178.00", 1620),
    ("AVGO", "博通", "Broadcom Inc.", "306.00", 4700),
    ("MRVL", "迈威尔科技", "Marvell Technology, Inc.", "75.00", 863),
    ("CSCO", "思科", "Cisco Systems, Inc.", "66.00", 3960),
    ("CRWV", "CoreWeave", "CoreWeave, Inc.", "100.00", 490),
    ("VRT", "Vertiv", "Vertiv Holdings Co", "130.00", 382),
    ("NEE", "新纪元能源", "NextEra Energy, Inc.", "73.00", 2060),
    ("COHR", "Coherent", "Coherent Corp.", "90.00", 155),
    ("BRK-B", "伯克希尔B", "Berkshire Hathaway Inc. New", "478.00", 2150),
    ("CRM", "赛富时", "Salesforce, Inc.", "242.00", 956),
    ("NOW", "ServiceNow", "ServiceNow, Inc.", "865.00", 208),
    ("0700.HK", "腾讯控股", "TENCENT", "590.000", 9150),
    ("9988.HK", "阿里巴巴-W", "BABA-W", "120.000", 19080),
    ("2513.HK", "智谱", "KNOWLEDGE ATLAS", "116.200", 440),
    ("3988.HK", "中国银行", "BANK OF CHINA", "4.400", 83600),
    ("9984.T", "软银集团", "SoftBank Group Corp.", "15500.00", 1430),
    ("2330.TW", "台积电", "Taiwan Semiconductor Manufacturing", "1180.00", 25930),
    ("ASML.AS", "阿斯麦", "ASML Holding N.V.", "640.00", 388),
    ("SAP.DE", "思爱普", "SAP SE", "235.00", 1170),
)
_INDICES_AND_RATES = (
    ("000001.SS", "上证指数", "SSE Composite Index", "3697.00"),
    ("^HSI", "恒生指数", "HANG SENG INDEX", "25270.000"),
    ("^IXIC", "纳斯达克", "NASDAQ Composite", "21620.00"),
    ("^GSPC", "标普500", "S&P 500", "6450.00"),
    ("^N225", "日经225", "Nikkei 225", "43380.00"),
    ("CNY=X", "美元人民币", "USD/CNY", "7.1800"),
    ("EURUSD=X", "欧元美元", "EUR/USD", "1.1700"),
    ("HKDCNY=X", "港元人民币", "HKD/CNY", "0.9180"),
    ("JPY=X", "美元日元", "USD/JPY", "147.2000"),
    ("000300.SS", "沪深300", "CSI 300", "4202.00"),
)
_FURTHER_RATES = {"HKD=X": "7.8210", "TWD=X": "30.0500", "GBPUSD=X": "1.3550", "SGD=X": "1.2830", "KRW=X": "1385.0000"}
"""Rates that are listed only when they are asked for, as positions in other currencies do."""
_NEW_YORK = ("ORCL", "VRT", "NEE", "COHR", "BRK-B", "CRM", "NOW")
_INDEX_VENUES = {"^HSI": "HKG", "^IXIC": "NIM", "^GSPC": "SNP", "^DJI": "DJI", "^N225": "OSA"}
_VENUES = {
    "SSE": "SHH",
    "SZSE": "SHZ",
    "BSE": "SHZ",
    "HKEX": "HKG",
    "US": "NMS",
    "TSE": "JPX",
    "TWSE": "TAI",
    "XETRA": "GER",
    "XAMS": "AMS",
    "XPAR": "PAR",
    "LSE": "LSE",
    "FX": "CCY",
}
_HONG_KONG_LOTS = {"3988.HK": 1000}
_HONG_KONG_TICKS = ((250, 1), (500, 5), (20_000, 10), (50_000, 20), (100_000, 50), (200_000, 100), (500_000, 200))
_SYNTHETIC_CODES = (
    *((f"{prefix}", "SS") for prefix in (600, 601, 603, 605)),
    *((f"{prefix:03d}", "SZ") for prefix in (0, 2, 300, 301)),
    *((f"{prefix}", "SS") for prefix in (602, 604, 606, 607, 608, 609, 688)),
    *((f"{prefix:03d}", "SZ") for prefix in (1, 3, 302)),
    *((f"{prefix}", "SS") for prefix in (610, 611, 612)),
)


def universe(extra: int = 0) -> tuple[Listing, ...]:
    """The listings of the demo, and ``extra`` made-up A-shares after them (at most about 20,000).

    Raises `ValueError` when there are not so many codes to make up.
    """
    named = [_stock(text, zh, en, close, shares * 1_000_000) for text, zh, en, close, shares in _RALLY + _OTHERS]
    named += [_stock(text, zh, en, close, 0) for text, zh, en, close in _INDICES_AND_RATES]
    taken = {listing.symbol.text for listing in named}
    codes = (f"{prefix}{number:03d}.{suffix}" for number in range(1, 1000) for prefix, suffix in _SYNTHETIC_CODES)
    made_up = list(islice((code for code in codes if code not in taken), extra))
    if len(made_up) < extra:
        raise ValueError(f"{extra} extra listings are too many: there are codes for {len(made_up)}")
    return (*named, *(synthetic(parse_symbol(code)) for code in made_up))


def synthetic(symbol: Symbol) -> Listing:
    """A made-up listing of ``symbol``, always the same for the same symbol; a known rate is about what it is."""
    if symbol.text in _FURTHER_RATES:
        return _stock(symbol.text, f"模拟{symbol.code}", "/".join(symbol.pair), _FURTHER_RATES[symbol.text], 0)
    seed = crc32(symbol.text.encode())
    whole = 5 + seed % 200
    decimals = _decimals(symbol)
    close = f"{whole}.{'0' * decimals}" if decimals else str(whole)
    shares = 0 if symbol.board in (Board.INDEX, Board.CURRENCY) else (50 + seed % 950) * 1_000_000
    return _stock(symbol.text, f"模拟{symbol.code}", f"Simulated {symbol.code}", close, shares)


def _stock(text: str, name_zh: str, name_en: str, close: str, shares: int) -> Listing:
    symbol = parse_symbol(text)
    points, exchange = int(close.replace(".", "")), symbol.exchange.code
    return Listing(
        symbol=symbol,
        name_zh=name_zh,
        name_en=name_en,
        previous_close=points,
        decimals=len(close.partition(".")[2]),
        tick=_tick(symbol, points),
        shares=shares,
        lot=symbol.lot or _HONG_KONG_LOTS.get(text, 100),
        venue="NYQ" if text in _NEW_YORK else _INDEX_VENUES.get(text) or _VENUES.get(exchange, exchange),
        hot=text in HOT,
    )


def _decimals(symbol: Symbol) -> int:
    if symbol.board is Board.CURRENCY:
        return 4
    return 3 if symbol.exchange is HKEX or (symbol.is_china and symbol.board is Board.FUND) else 2


def _tick(symbol: Symbol, points: int) -> int:
    """The least price step in points: Hong Kong's by the exchange's spread table, else plain approximations."""
    if symbol.board in (Board.INDEX, Board.CURRENCY) or symbol.exchange in (US, BSE):
        return 1
    if symbol.exchange is HKEX:
        return next((tick for top, tick in _HONG_KONG_TICKS if points < top), 500)
    if symbol.exchange in (TSE, TWSE):
        return 500 if points >= 100_000 else 100
    return 1 if symbol.is_china else 5
