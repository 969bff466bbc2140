"""The market places that Yahoo prices: by the suffix of a symbol, and by the name of an index.

The suffixes are those of Yahoo's own page "Exchanges and data providers on Yahoo Finance" and of its futures exchanges.
The ``zone`` of an exchange is where it stands. Its ``currency`` is named only where everything on it has one, or where
the exceptions are known; else it is empty, and the source's answer says it. Lots, limits and hours that are not known
of a place are absent, never those of another.
"""

from __future__ import annotations

from msgspec import Struct


class Exchange(Struct, frozen=True):
    """A market place: ``code`` as people write it, its IANA ``zone`` and its trading ``currency`` (ISO 4217).

    ``currency`` is empty where things trade in several. Where the place itself is not known the zone is UTC, which is
    true of every moment, and the city says so.
    """

    code: str
    title: str
    zone: str
    currency: str
    city: str


SSE = Exchange("SSE", "Shanghai Stock Exchange", "Asia/Shanghai", "CNY", "Shanghai")
SZSE = Exchange("SZSE", "Shenzhen Stock Exchange", "Asia/Shanghai", "CNY", "Shenzhen")
BSE = Exchange("BSE", "Beijing Stock Exchange", "Asia/Shanghai", "CNY", "Beijing")
HKEX = Exchange("HKEX", "Hong Kong Exchanges", "Asia/Hong_Kong", "HKD", "Hong Kong")
US = Exchange("US", "NYSE and Nasdaq", "America/New_York", "USD", "New York")
TSE = Exchange("TSE", "Tokyo Stock Exchange", "Asia/Tokyo", "JPY", "Tokyo")
TWSE = Exchange("TWSE", "Taiwan Stock Exchange", "Asia/Taipei", "TWD", "Taipei")
TPEX = Exchange("TPEX", "Taipei Exchange", "Asia/Taipei", "TWD", "Taipei")
KRX = Exchange("KRX", "Korea Exchange", "Asia/Seoul", "KRW", "Seoul")
KOSDAQ = Exchange("KOSDAQ", "KOSDAQ", "Asia/Seoul", "KRW", "Seoul")
XETRA = Exchange("XETRA", "Deutsche Börse Xetra", "Europe/Berlin", "EUR", "Frankfurt")
XAMS = Exchange("XAMS", "Euronext Amsterdam", "Europe/Amsterdam", "EUR", "Amsterdam")
XPAR = Exchange("XPAR", "Euronext Paris", "Europe/Paris", "EUR", "Paris")
LSE = Exchange("LSE", "London Stock Exchange", "Europe/London", "GBP", "London")
FX = Exchange("FX", "Foreign exchange", "Europe/London", "", "London")
CRYPTO = Exchange("CRYPTO", "Crypto-currencies", "UTC", "", "UTC")
FUTURES = Exchange("FUT", "Futures", "UTC", "", "UTC")
ELSEWHERE = Exchange("YAHOO", "Exchange not known", "UTC", "", "UTC")
"""Where an index or a fund belongs of which no rule says where it is from."""

SIGNS = {"CNY": "¥", "USD": "$", "EUR": "€", "HKD": "HK$", "JPY": "JP¥", "TWD": "NT$", "GBP": "£"}
"""The usual sign of a currency, by its ISO 4217 code."""

_FURTHER = """
AE DFM Dubai Financial Market|Asia/Dubai|Dubai
AQ AQUIS Aquis Stock Exchange|Europe/London|London
AT ATHEX Athens Stock Exchange|Europe/Athens|Athens
AX ASX Australian Securities Exchange|Australia/Sydney|Sydney
BA BYMA Buenos Aires Stock Exchange|America/Argentina/Buenos_Aires|Buenos Aires
BD BET Budapest Stock Exchange|Europe/Budapest|Budapest
BE XBER Berlin Stock Exchange|Europe/Berlin|Berlin
BK SET Stock Exchange of Thailand|Asia/Bangkok|Bangkok
BM XBRE Bremen Stock Exchange|Europe/Berlin|Bremen
BO XBOM Bombay Stock Exchange|Asia/Kolkata|Mumbai
BR XBRU Euronext Brussels|Europe/Brussels|Brussels
CA EGX Egyptian Exchange|Africa/Cairo|Cairo
CBT CBOT Chicago Board of Trade|America/Chicago|Chicago
CL BVCL Colombia Stock Exchange|America/Bogota|Bogotá
CM CSE Colombo Stock Exchange|Asia/Colombo|Colombo
CME CME Chicago Mercantile Exchange|America/Chicago|Chicago
CMX COMEX Commodity Exchange|America/New_York|New York
CN CNSX Canadian Securities Exchange|America/Toronto|Toronto
CO XCSE Nasdaq Copenhagen|Europe/Copenhagen|Copenhagen
CR XCAR Caracas Stock Exchange|America/Caracas|Caracas
DU XDUS Düsseldorf Stock Exchange|Europe/Berlin|Düsseldorf
EX XEUX Europe-wide trading|Europe/Brussels|Brussels
F XFRA Frankfurt Stock Exchange|Europe/Berlin|Frankfurt
HA XHAN Hanover Stock Exchange|Europe/Berlin|Hanover
HE XHEL Nasdaq Helsinki|Europe/Helsinki|Helsinki
HM XHAM Hamburg Stock Exchange|Europe/Berlin|Hamburg
IC XICE Nasdaq Iceland|Atlantic/Reykjavik|Reykjavík
IL LSEI London International Order Book|Europe/London|London
IR XDUB Euronext Dublin|Europe/Dublin|Dublin
IS BIST Borsa Istanbul|Europe/Istanbul|Istanbul
JK IDX Indonesia Stock Exchange|Asia/Jakarta|Jakarta
JO JSE Johannesburg Stock Exchange|Africa/Johannesburg|Johannesburg
KA PSX Pakistan Stock Exchange|Asia/Karachi|Karachi
KL MYX Bursa Malaysia|Asia/Kuala_Lumpur|Kuala Lumpur
KW BK Boursa Kuwait|Asia/Kuwait|Kuwait
LM BVL Lima Stock Exchange|America/Lima|Lima
LS XLIS Euronext Lisbon|Europe/Lisbon|Lisbon
MA XMAB Madrid, small companies|Europe/Madrid|Madrid
MC BME Madrid Stock Exchange|Europe/Madrid|Madrid
ME MOEX Moscow Exchange|Europe/Moscow|Moscow
MI XMIL Borsa Italiana|Europe/Rome|Milan
MU XMUN Munich Stock Exchange|Europe/Berlin|Munich
MX BMV Mexican Stock Exchange|America/Mexico_City|Mexico City
NE NEO Cboe Canada|America/Toronto|Toronto
NS NSE National Stock Exchange of India|Asia/Kolkata|Mumbai
NX XENX Euronext|Europe/Paris|Paris
NYB ICEUS ICE Futures US|America/New_York|New York
NYM NYMEX New York Mercantile Exchange|America/New_York|New York
NZ NZX New Zealand Exchange|Pacific/Auckland|Auckland
OL XOSL Oslo Stock Exchange|Europe/Oslo|Oslo
PR XPRA Prague Stock Exchange|Europe/Prague|Prague
PS PSE Philippine Stock Exchange|Asia/Manila|Manila
QA QSE Qatar Stock Exchange|Asia/Qatar|Doha
RG XRIS Nasdaq Riga|Europe/Riga|Riga
RO BVB Bucharest Stock Exchange|Europe/Bucharest|Bucharest
SA B3 B3, São Paulo|America/Sao_Paulo|São Paulo
SG XSTU Stuttgart Stock Exchange|Europe/Berlin|Stuttgart
SI SGX Singapore Exchange|Asia/Singapore|Singapore
SN XSGO Santiago Stock Exchange|America/Santiago|Santiago
SR TADAWUL Saudi Exchange|Asia/Riyadh|Riyadh
ST XSTO Nasdaq Stockholm|Europe/Stockholm|Stockholm
SW SIX SIX Swiss Exchange|Europe/Zurich|Zurich
TA TASE Tel Aviv Stock Exchange|Asia/Jerusalem|Tel Aviv
TI XETLX EuroTLX|Europe/Rome|Milan
TL XTAL Nasdaq Tallinn|Europe/Tallinn|Tallinn
TO TSX Toronto Stock Exchange|America/Toronto|Toronto
V TSXV TSX Venture Exchange|America/Toronto|Toronto
VI XWBO Vienna Stock Exchange|Europe/Vienna|Vienna
VN HOSE Ho Chi Minh Stock Exchange|Asia/Ho_Chi_Minh|Ho Chi Minh City
VS XLIT Nasdaq Vilnius|Europe/Vilnius|Vilnius
WA GPW Warsaw Stock Exchange|Europe/Warsaw|Warsaw
XA CXA Cboe Australia|Australia/Sydney|Sydney
XC CXE Cboe UK|Europe/London|London
XD DXE Cboe Europe|Europe/Amsterdam|Amsterdam
"""
"""A line a suffix: the suffix, a code, the title, the zone, the city."""


def _further() -> dict[str, Exchange]:
    exchanges = {}
    for line in _FURTHER.strip().splitlines():
        head, zone, city = line.split("|")
        suffix, code, title = head.split(" ", 2)
        exchanges[suffix] = Exchange(code, title, zone, "", city)
    return exchanges


SUFFIXES: dict[str, Exchange] = {
    "SS": SSE,
    "SZ": SZSE,
    "BJ": BSE,
    "HK": HKEX,
    "T": TSE,
    "TW": TWSE,
    "TWO": TPEX,
    "KS": KRX,
    "KQ": KOSDAQ,
    "DE": XETRA,
    "AS": XAMS,
    "PA": XPAR,
    "L": LSE,
    **_further(),
}
"""The exchanges by what stands behind the dot of Yahoo's symbols."""

EXCHANGES: dict[str, Exchange] = {
    exchange.code: exchange for exchange in (*SUFFIXES.values(), US, FX, CRYPTO, FUTURES, ELSEWHERE)
}
"""Every exchange by its code."""

_TRADED_IN = """
AED AE|ARS BA|AUD AX XA|BRL SA|CAD CN NE TO V|CHF SW|CLP SN|COP CL|CZK PR|DKK CO|EGP CA|HUF BD|IDR JK|ILS TA|INR BO NS
ISK IC|KWD KW|LKR CM|MXN MX|MYR KL|NOK OL|NZD NZ|PEN LM|PHP PS|PKR KA|PLN WA|QAR QA|RON RO|RUB ME|SAR SR|SEK ST|SGD SI
THB BK|TRY IS|USD CBT CME CMX NYB NYM IL|VND VN|ZAR JO|GBP AQ XC
EUR AT BE BM BR DU EX F HA HE HM IR LS MA MC MI MU NX RG SG TI TL VI VS XD
"""
TRADED_IN: dict[str, str] = {
    SUFFIXES[suffix].code: group[:3]
    for group in _TRADED_IN.strip().replace("\n", "|").split("|")
    for suffix in group[4:].split()
}
"""What most things on an exchange trade in: which rate is worth asking for before an answer names the currency. Nothing
is ever said to be in it."""

_US_INDICES = (
    "GSPC DJI IXIC NDX RUT RUA RUI NYA XAX SOX W5000 OEX MID SML SP400 SP600 SP1500 DJT DJU DJA NBI BKX XAL HGX "
    "IXCO NDXT SPXEW NYY SP500TR XMI"
)
"""Indices of US shares, reckoned while these trade. Those of volatility and of yields keep other hours and are not
among them."""
_INDICES = {
    "HK": "HSI HSCE HSTECH HSCC HSNF HSNP HSNU HSNC",
    "T": "N225 N300 TOPX",
    "TW": "TWII",
    "TWO": "TWOII",
    "KS": "KS11 KS200 KS50 KS100",
    "KQ": "KQ11 KQ150",
    "DE": "GDAXI MDAXI SDAXI TECDAX HDAX",
    "AS": "AEX AMX",
    "PA": "FCHI SBF120 CN20",
    "L": "FTSE FTMC FTAS FTLC FTAI NMX",
    "AX": "AXJO AORD AXKO AFLI ATLI ATOI",
    "TO": "GSPTSE",
    "NS": "NSEI NSEBANK CNXIT CRSLDX CNXAUTO CNXPHARMA CNXFMCG CNXMETAL CNXENERGY INDIAVIX NSMIDCP",
    "BO": "BSESN",
    "SA": "BVSP",
    "SI": "STI",
    "JK": "JKSE",
    "KL": "KLSE",
    "NZ": "NZ50",
    "BR": "BFX",
    "VI": "ATX",
    "SW": "SSMI SSHI",
    "MC": "IBEX",
    "ST": "OMX OMXS30 OMXSPI",
    "CO": "OMXC20 OMXC25",
    "HE": "OMXH25",
    "MX": "MXX",
    "SN": "IPSA",
    "BA": "MERV",
    "BK": "SET",
}
INDICES: dict[str, Exchange] = {
    **{f"^{name}": US for name in _US_INDICES.split()},
    **{f"^{name}": SUFFIXES[suffix] for suffix, names in _INDICES.items() for name in names.split()},
}
"""Yahoo's names of indices, and the exchange whose shares each is made of. Any other index belongs to `ELSEWHERE`."""
