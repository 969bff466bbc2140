"""The forms in which people write symbols, and Yahoo's spelling of each.

A module of its own, for most symbols are written as Yahoo spells them and need none of it.
"""

from __future__ import annotations

import re

from aiwatch.errors import SymbolError
from aiwatch.market.symbol import AmbiguousSymbol, Symbol, parse_symbol

FORMS = (
    "write it as Yahoo does (002837.SZ, 600519.SS, 0700.HK, NVDA, BRK-B, 9984.T, ^HSI, EURUSD=X), or as in 002837, "
    "sz002837, hk700, SZSE:002837, NASDAQ:NVDA, EUR/USD"
)
"""What to do about a text that is no symbol, in a sentence to follow the problem."""

_CURRENCY_CODES = (
    "USD EUR JPY GBP CNY CNH HKD TWD KRW SGD INR THB MYR IDR PHP VND AUD NZD CAD CHF SEK NOK DKK ISK "
    "PLN CZK HUF RON BGN TRY ILS AED SAR QAR KWD ZAR BRL MXN CLP COP ARS RUB"
)
CURRENCIES = frozenset(_CURRENCY_CODES.split())
"""The currencies read in a pair, ISO 4217 and the offshore yuan: ``EUR/USD`` is a pair, ``BTC/USD`` is not."""

# The share lives in Shenzhen, the index in Shanghai. Shanghai has hundreds of indices below 001000; only those people
# quote by their bare number are in doubt, or every share of Shenzhen's old main board would be.
_SHANGHAI_INDICES = {
    "000001": "the SSE Composite index",
    "000010": "the SSE 180 index",
    "000016": "the SSE 50 index",
    "000510": "the CSI A500 index",
    "000688": "the STAR 50 index",
    "000852": "the CSI 1000 index",
    "000905": "the CSI 500 index",
}
_MAINLAND = (
    ("000300", "SS"),  # the CSI 300 index; Shenzhen lists no share of that code
    (("204", "60", "68", "90", "5"), "SS"),  # 204: the repos of Shanghai, among Shenzhen's B shares
    (("00", "200", "30", "39", "15", "16", "18"), "SZ"),
    (("4", "8", "92"), "BJ"),
)
_SUFFIX_ALIASES = {"SH": "SS", "XSHG": "SS", "XSHE": "SZ", "N": "US", "O": "US", "OQ": "US"}
_BARE_INDICES = {"HSTECH": "^HSTECH"}
"""Indices that are written without a sign, in more letters than any US ticker has."""
_TENCENT_INDICES = {
    "hkHSI": "^HSI",
    "hkHSCEI": "^HSCE",
    "hkHSTECH": "^HSTECH",
    "us.IXIC": "^IXIC",
    "us.INX": "^GSPC",
    "us.DJI": "^DJI",
}
"""As Tencent writes them, the beginning in small letters; in capitals some are tickers."""
_EXCHANGES = {
    **dict.fromkeys(("SS", "SH", "SSE", "SHSE", "SHA", "XSHG"), "SS"),
    **dict.fromkeys(("SZ", "SZSE", "SHE", "XSHE"), "SZ"),
    **dict.fromkeys(("BJ", "BSE", "BJSE"), "BJ"),
    **dict.fromkeys(("HK", "HKEX", "HKG", "SEHK", "XHKG"), "HK"),
    **dict.fromkeys(("TSE", "TYO", "JPX", "XTKS"), "T"),
    **dict.fromkeys(("TWSE", "TPE", "XTAI"), "TW"),
    **dict.fromkeys(("TPEX", "TWO", "ROCO"), "TWO"),
    **dict.fromkeys(("KRX", "KOSPI", "XKRX"), "KS"),
    **dict.fromkeys(("KOSDAQ", "XKOS"), "KQ"),
    **dict.fromkeys(("XETR", "XETRA", "ETR"), "DE"),
    **dict.fromkeys(("AMS", "XAMS"), "AS"),
    **dict.fromkeys(("EPA", "XPAR"), "PA"),
    **dict.fromkeys(("LSE", "LON", "XLON"), "L"),
    **dict.fromkeys(("US", "NASDAQ", "NYSE", "XNAS", "XNYS", "AMEX", "NYSEAMERICAN", "NYSEARCA", "ARCA"), "US"),
    **dict.fromkeys(("BATS", "OTC", "OTCMKTS", "NYSEMKT", "XASE", "ARCX"), "US"),
}
_AFTER_A_BLANK = frozenset(["SS", "SZ", "BJ", "HK", "T", "TW", "DE", "AS", "PA", "L", "US"])
"""The suffixes that are read behind a blank too; of the others many are words."""
_SEOUL = tuple(f"00{digit}" for digit in range(5, 10))
"""Shenzhen's shares end with 004; what is above them people write of Seoul, as 005930."""
_RATE_FEEDS = ("FX", "FX_IDC", "OANDA", "FOREXCOM")
_LONGEST = 40
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}
_TENCENT_US = re.compile(r"us[A-Z]+(\.[A-Z]{1,2})?")
_GLUED = re.compile(r"(SH|SZ|BJ|HK)[. -]?([0-9]+)")
_AHEAD = re.compile(r"US[. ]([A-Z]+(?:[.-][A-E])?)")
_BEHIND = re.compile(r"(.+)[. ]([A-Z]{1,4})")
_CLASS = re.compile(r"([A-Z]{1,5})[./ ]([A-E])")
_ISSUE = re.compile(r"([A-Z]{1,5})(?:[./](U|WS)|(?:[./]PR|/P|\^)([A-Z]))")
"""Units, warrants and preferred shares of the US as its exchanges and data vendors write them: ``ABC.U``, ``ABC/WS``,
``BAC.PRL``, ``BAC/PL``, ``BAC^L``."""
_ISSUES = {"U": "UN", "WS": "WT"}
_DIGITS = re.compile(r"[0-9]+")
_FUTURE = re.compile(r"[A-Z0-9_]+[0-9]!")
_FRONT_MONTH = re.compile(r"([A-Z0-9]{1,6})1!")
_CSI_INDEX = re.compile(r"(?:(?:CSI|SS|SH|SSE|SHA):)?H[0-9]{5}(?:[. ](?:CSI|SS|SH))?")
"""The codes with an H that China Securities Index gives its own indices, with and without who has them."""
_TOKYO = re.compile(r"[0-9]{3}[0-9A-Z]")
_AMPERSAND = re.compile(r"^([A-Z]|ARE|GMRP|GVT|IL|SURANAT)_")
"""The beginnings of India's ``M&M``, ``L&TFH`` and the like, as TradingView writes them: ``NSE:M_M``. Behind others its
``_`` is a hyphen, as in ``BAJAJ_AUTO``."""
_PAIR = re.compile(r"([A-Z]{3})[/ -]?([A-Z]{3})(=X)?")


def yahoo_spelling(text: str) -> str:
    """How Yahoo would spell what ``text`` means; for what it means nothing to, the text in capitals.

    Raises `AmbiguousSymbol` and `SymbolError` as `spelling.symbol_of` does.
    """
    plain = re.sub(r"[ \t]+", " ", text.translate(_FULL_WIDTH).strip())
    if not plain.isascii() or not 0 < len(plain) <= _LONGEST:
        raise _unknown(text)
    if index := _TENCENT_INDICES.get(plain):
        return index
    return _spelling_of(plain[2:] if _TENCENT_US.fullmatch(plain) else plain.upper(), text)


def _unknown(text: str) -> SymbolError:
    shown = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
    return SymbolError(f"symbol {shown!r} is not known", hint=FORMS)


def _spelling_of(spelling: str, text: str) -> str:
    """Yahoo's spelling of ``spelling``, which is in capitals; ``text`` is what to name when it is in doubt."""
    if _DIGITS.fullmatch(spelling):
        return _bare_digits(spelling, text)
    if index := _BARE_INDICES.get(spelling):
        return index
    if _CSI_INDEX.fullmatch(spelling):
        raise SymbolError(
            f"symbol {text!r} is an index of China Securities Index, which no source prices",
            hint="write the code of a fund that follows it, such as 512480 for semiconductors",
        )
    if ":" in spelling:
        return _named_exchange(spelling, text)
    pair = _PAIR.fullmatch(spelling)
    if pair and pair[1] != pair[2] and (pair[3] or {pair[1], pair[2]} <= CURRENCIES):
        return f"{pair[1].removeprefix('USD')}{pair[2]}=X"
    if pair and pair[2] in CURRENCIES and pair[1] not in CURRENCIES and "-" not in spelling:
        raise SymbolError(
            f"symbol {text!r} is no pair of currencies: crypto-currencies are written as in BTC-USD, metals as in GC=F",
            hint=FORMS,
        )
    if glued := _GLUED.fullmatch(spelling):
        return _listed(glued[2], _EXCHANGES[glued[1]])
    if "." in spelling and _is_yahoo(spelling):
        return spelling
    if ahead := _AHEAD.fullmatch(spelling):
        return _listed(ahead[1], "US")
    behind = _BEHIND.fullmatch(spelling)
    suffix = _SUFFIX_ALIASES.get(behind[2], behind[2]) if behind else ""
    if behind and suffix in _AFTER_A_BLANK:
        return _listed(behind[1], suffix)
    return _classed(spelling)


def _is_yahoo(spelling: str) -> bool:
    try:
        return bool(parse_symbol(spelling))
    except SymbolError:
        return False


def _listed(code: str, suffix: str) -> str:
    """Yahoo's spelling of an exchange's own ``code``: padded in Hong Kong, its share class after a hyphen."""
    if suffix == "HK" and _DIGITS.fullmatch(code):
        return f"{code.lstrip('0'):0>4}.HK"
    return _classed(code) if suffix == "US" else f"{_class_after_hyphen(code)}.{suffix}"


def _classed(code: str) -> str:
    """``BRK-B`` of ``BRK.B``, ``BRK/B`` and ``BRK B``, ``BAC-PL`` of ``BAC/PL``.

    Of single letters behind a dot, F and V are exchanges.
    """
    if issue := _ISSUE.fullmatch(code):
        return f"{issue[1]}-{_ISSUES.get(issue[2], '') or 'P' + issue[3]}"
    return _class_after_hyphen(code)


def _class_after_hyphen(code: str) -> str:
    return _CLASS.sub(r"\1-\2", code) if _CLASS.fullmatch(code) else code


def _named_exchange(spelling: str, text: str) -> str:
    from aiwatch.market.spelling.exchange_prefixes import FUTURES, INDICES, NOT_PRICED, SEVERAL, SUFFIXES

    name, _, code = (part.strip() for part in spelling.partition(":"))
    if index := INDICES.get(f"{name}:{code.removeprefix('.')}"):
        return index
    if name in FUTURES and (front_month := _FRONT_MONTH.fullmatch(code)):
        return f"{front_month[1]}=F"
    if _FUTURE.fullmatch(code):
        raise SymbolError(f"symbol {text!r} is a future that no source of aiwatch prices", hint=FORMS)
    if name in NOT_PRICED:
        raise SymbolError(f"symbol {text!r}: {name} has {NOT_PRICED[name]}, which no source prices", hint=FORMS)
    if name in SEVERAL:
        raise _ambiguous(text, tuple(form.format(code) for form in SEVERAL[name]))
    if name in _RATE_FEEDS and _PAIR.fullmatch(code):
        return _spelling_of(code, text)
    suffix = _suffix_of(name, code) or SUFFIXES.get(name)
    if suffix is None:
        raise SymbolError(f"symbol {text!r}: no exchange called {name!r} is known", hint=FORMS)
    code = (_AMPERSAND.sub(r"\1&", code) if suffix == "NS" else code).replace("_", "-").rstrip(".")
    return _listed(code if suffix == "US" else code.replace(".", "-"), suffix)


def _suffix_of(name: str, code: str) -> str | None:
    """Yahoo's suffix of the exchange called ``name``; of two that are called so, the one that has such codes."""
    if name == "BSE" and not (len(code) == 6 and code.startswith(("4", "8", "92"))):
        return "BO"  # Beijing and Bombay
    if name == "TSE" and not _TOKYO.fullmatch(code):
        return "TO"  # Tokyo and, as Google has it, Toronto
    return _EXCHANGES.get(name)


def _bare_digits(code: str, text: str) -> str:
    if code in _SHANGHAI_INDICES:
        share, index = f"{code}.SZ", f"{code}.SS"
        raise AmbiguousSymbol(
            f"symbol {text!r} may be {share}, a share in Shenzhen, or {index}, {_SHANGHAI_INDICES[code]}",
            (parse_symbol(share), parse_symbol(index)),
            hint=f"write {share} or sz{code} for the share, {index} or sh{code} for the index",
        )
    if code.startswith(_SEOUL) and len(code) == 6:
        raise _ambiguous(text, (f"{code}.KS", f"{code}.KQ", f"{code}.SZ"))
    if len(code) == 6:
        for prefixes, suffix in _MAINLAND:
            if code.startswith(prefixes):
                return f"{code}.{suffix}"
        raise _ambiguous(text, (f"{code}.SS", f"{code}.SZ"))
    if len(code) == 5:
        return _listed(code, "HK")
    if len(code) > 6 or not int(code):
        raise _unknown(text)
    readings = [_listed(code, "HK")]
    if len(code) == 4:
        readings += [f"{code}.TW"] if code[0] == "0" else [f"{code}.T", f"{code}.TW"]
    if code[0] != "0" and int(code) < 4000:
        readings.append(f"{code:0>6}.SZ")
    raise _ambiguous(text, tuple(readings))


def _ambiguous(text: str, readings: tuple[str, ...]) -> SymbolError:
    candidates = tuple(filter(None, map(_known, readings)))
    if len(candidates) < 2:
        return _unknown(text)
    choices = " or ".join(f"{symbol} ({symbol.exchange.city})" for symbol in candidates)
    return AmbiguousSymbol(
        f"symbol {text!r} may be {choices}", candidates, hint="write the one you mean, with what stands after its dot"
    )


def _known(spelling: str) -> Symbol | None:
    try:
        return parse_symbol(spelling)
    except SymbolError:
        return None
