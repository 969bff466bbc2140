"""What a security is: its kind, listing state, currency, daily limit, lot and decimals. The one place that decides it.

From the exchange's own code, from the source's word for the kind (Tencent's field 61 in mainland China, 63 in Hong
Kong) where it has one, which wins over the code, and from the name. **A rule that does not cover a security claims
nothing about it**: its ``daily_limit`` is ``None``, as it is for what has none.

Codes, by the exchanges' allocation guides (Shanghai's guide to codes of securities, Shenzhen's rules for codes, as in
force in 2026):

- Shanghai: 6 shares, 688 and 689 STAR, 900 B shares; 5 funds, of them 508 REITs, 588 and 589 on STAR; 110, 111, 113
  and 118 convertible bonds; 01, 02 and the rest of 1 and 2 bonds, of them 20 repos; 000, 93, 95, 98 and 99 indices,
  the company CSI's among them.
- Shenzhen: 00 shares (000 to 004), 30 ChiNext, 20 B shares (201872 is one); 15, 16 and 18 funds, of them 180 REITs;
  123 and 125 to 128 convertible bonds; 131 repos; 140 preferred shares; the rest of 1 bonds; 39, 97 and 98 indices.
- Beijing: 92 shares, and 43, 83, 87 and 88, which since 9 October 2025 are those of NEEQ alone; 899 indices.
- Hong Kong: 80000 to 89999 trade in renminbi (HKEX, stock code allocation plan, since 2011). Dollar counters stand
  among ordinary codes, 9000 to 9199 and 9800 to 9849 among funds': the letters after a name's hyphen say it, R for
  renminbi and U for dollars (HKEX, naming conventions of stock short names), alone or with those for weighted votes and
  the like, as in ``-SWR``; among leveraged and inverse products they are 9200 to 9399 and 9500 to 9599. Bonds have
  4000 to 4329, 4400 to 4799, 5000 to 6029 and 40000 to 40999, and trade in several currencies.

Daily limits, in percent of the previous close (SSE and SZSE, trading rules, in force since 6 July 2026; BSE, trading
rules of 15 November 2021; SSE and SZSE, rules for convertible bonds, since 1 August 2022):

- 10 on the main boards, ST shares like the others; 20 on STAR and ChiNext; 30 in Beijing.
- None in the first five sessions of a share in Shanghai and Shenzhen and in the first in Beijing, in which its name
  begins with ``N`` (the first) or ``C``; none on the first day of a delisting period, in all of which the name has a
  ``退``. As the name does not say which day it is, nothing is claimed for any.
- 20 for convertible bonds after their first day, on which they start from `ISSUE_PRICE`, save those that were issued
  to a chosen few (定转, 1108 in Shanghai), and nothing is claimed for exchangeable ones; none for bonds and repos.
- Nothing for the shares of NEEQ, whose limits depend on how each is traded.
- 10 for funds, but 20 for those that hold STAR and ChiNext shares alone, or nearly (SSE, special rules for STAR; SZSE,
  special rules for ChiNext, 2.9, since 2020). They are Shanghai's 588 and 589, and Shenzhen's with the whole board in
  their names. A published list has the others: nothing is claimed where the name hints at it, nor where there is no
  name. REITs have 30 on their first day, 10 later, and no mark that says which: nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct


class Board(StrEnum):
    """The tier of an exchange a symbol is listed on, or the kind of thing it is."""

    MAIN = "main"
    CHINEXT = "ChiNext"
    STAR = "STAR"
    BEIJING = "Beijing"
    FUND = "fund"
    REIT = "REIT"
    CONVERTIBLE = "convertible bond"
    BOND = "bond"
    REPO = "repo"
    INDEX = "index"
    CURRENCY = "currency"
    FUTURE = "future"
    CRYPTO = "crypto-currency"
    OTHER = "other"
    """A code of an exchange's that no rule here covers, such as preferred shares and subscriptions."""


class Listing(StrEnum):
    """The state of a listing as far as a name tells it."""

    ORDINARY = "ordinary"
    FIRST_DAYS = "first days"
    DELISTING = "delisting period"
    RISK_WARNING = "risk warning"
    """ST and *ST."""


class Security(Struct, frozen=True):
    """What follows from what a security is. ``currency`` is ISO 4217, empty where neither source nor rule says it.

    ``daily_limit`` is in percent of the previous close and ``None`` for none known; ``lot`` is the smallest round order
    in shares (``None``: set per stock, or no shares); ``decimals`` are those of its least step of price.
    """

    board: Board
    currency: str
    daily_limit: int | None = None
    lot: int | None = None
    decimals: int = 2
    listing: Listing = Listing.ORDINARY

    @property
    def has_shares(self) -> bool:
        """Whether its volume and orders are counted in shares."""
        return self.board not in SHARELESS


SHARELESS = frozenset(
    {Board.CONVERTIBLE, Board.BOND, Board.REPO, Board.INDEX, Board.CURRENCY, Board.FUTURE, Board.CRYPTO}
)
"""What is not bought in shares."""
UNLIMITED = frozenset({"HKEX", "US", "XETRA", "XAMS", "XPAR", "LSE", "FX", "CRYPTO"})
"""Exchanges without daily limits; Tokyo and Taipei have theirs, which are not known here."""
ISSUE_PRICE = 100.0
"""What a convertible bond starts from on its first day."""

_LIMITS = {
    Board.MAIN: 10,
    Board.CHINEXT: 20,
    Board.STAR: 20,
    Board.BEIJING: 30,
    Board.FUND: 10,
    Board.CONVERTIBLE: 20,
}
_THREE_DECIMALS = frozenset({Board.FUND, Board.REIT, Board.CONVERTIBLE, Board.BOND, Board.REPO})
_ROUND_LOT = 100

_CODES = {
    "SSE": (
        (Board.STAR, ("688", "689")),
        (Board.MAIN, ("6", "900")),
        (Board.REIT, ("508",)),
        (Board.FUND, ("5",)),
        (Board.CONVERTIBLE, ("110", "111", "113", "118")),
        (Board.REPO, ("20",)),
        (Board.BOND, ("01", "02", "1", "2")),
        (Board.INDEX, ("000", "93", "95", "98", "99")),
    ),
    "SZSE": (
        (Board.CHINEXT, ("30",)),
        (Board.MAIN, ("000", "001", "002", "003", "004", "20")),
        (Board.REIT, ("180",)),
        (Board.FUND, ("15", "16", "18")),
        (Board.CONVERTIBLE, ("123", "125", "126", "127", "128")),
        (Board.REPO, ("131",)),
        (Board.OTHER, ("140",)),
        (Board.BOND, ("1",)),
        (Board.INDEX, ("39", "97", "98")),
    ),
    "BSE": (
        (Board.INDEX, ("899",)),
        (Board.BEIJING, ("43", "83", "87", "88", "92")),
    ),
}
_FOREIGN = {"SSE": ("900", "USD", 3), "SZSE": ("20", "HKD", 2)}
"""B shares: how their codes begin, what they trade in, and its decimals."""
_STAR_FUNDS = ("588", "589")
_CERTAIN_FUNDS = ("51", "52", "53", "55", "56")
"""Shanghai's funds that are traded on the exchange alone: those that hold STAR shares have codes of their own."""
_NEEQ = ("43", "83", "87", "88")
_TO_A_FEW, _TO_A_FEW_CODE = "定转", "1108"

_WORDS = {
    "GP-A-KCB": Board.STAR,
    "GP-A-CYB": Board.CHINEXT,
    "ZS": Board.INDEX,
    "ETF": Board.FUND,
    "LOF": Board.FUND,
    "ZQ-KZZ": Board.CONVERTIBLE,
    "ZQ-HG": Board.REPO,
}
"""Tencent's words for kinds; a plain ``GP-A``, ``GP-B`` or ``GP`` says no more than the code."""

_FIRST_DAYS = tuple("NCＮＣ")
_DELISTING = "退"
_RISK_WARNING = ("ST", "SST")
_STARS = ("*", "＊")
_CHINEXT_WORDS = ("创业板", "科创创业", "双创")
_WIDER_WORDS = ("科创", "科综", "创业", "双创")
_COUNTER_LETTERS = frozenset("BPRSUWZＲＵ")
_RENMINBI, _DOLLARS = frozenset("RＲ"), frozenset("UＵ")
_DOLLAR_FUNDS = (range(9000, 9400), range(9500, 9600), range(9800, 9850))
_HONG_KONG_BONDS = (range(4000, 4330), range(4400, 4800), range(5000, 6030), range(40_000, 41_000))


def security_of(exchange: str, code: str, kind: str = "", names: Iterable[str] = ()) -> Security | None:
    """What ``code`` (its own, without suffix) is at ``exchange`` (``SSE``, ``SZSE``, ``BSE`` or ``HKEX``); ``None`` for
    other exchanges, of which nothing is known here.

    ``kind`` is the source's word for it, and ``names`` are those the source sent, Chinese or English.
    """
    if exchange == "HKEX":
        return _hong_kong(code, kind, tuple(names))
    if exchange not in _CODES:
        return None
    name = next((name for name in names if name), "")
    board = _board(exchange, code, kind)
    begins, currency, decimals = _FOREIGN.get(exchange, ("", "", 2))
    foreign = board is Board.MAIN and bool(begins) and code.startswith(begins)
    listing = _listing(name)
    return Security(
        board=board,
        currency=currency if foreign else "CNY",
        daily_limit=_daily_limit(exchange, code, board, name, listing),
        lot=None if board in SHARELESS or board is Board.OTHER else _ROUND_LOT,
        decimals=decimals if foreign else 3 if board in _THREE_DECIMALS else 2,
        listing=listing,
    )


def _board(exchange: str, code: str, kind: str) -> Board:
    """The kind by the source's word, else by the code."""
    by_word = _WORDS.get(kind)
    if by_word is not None:
        return by_word
    by_code = _by_code(exchange, code)
    if "REIT" in kind.upper():
        return Board.REIT
    if kind.startswith("ZQ"):
        return by_code if by_code in (Board.CONVERTIBLE, Board.REPO) else Board.BOND
    if kind.startswith("JJ"):
        return by_code if by_code is Board.REIT else Board.FUND
    return by_code


def _by_code(exchange: str, code: str) -> Board:
    return next((board for board, begins in _CODES[exchange] if code.startswith(begins)), Board.OTHER)


def _listing(name: str) -> Listing:
    if name.startswith(_FIRST_DAYS) and _is_chinese(name[1:].removeprefix(" ")[:1]):
        return Listing.FIRST_DAYS
    if _DELISTING in name:
        return Listing.DELISTING
    plain = name[1:] if name.startswith(_STARS) else name
    return Listing.RISK_WARNING if plain.startswith(_RISK_WARNING) else Listing.ORDINARY


def _daily_limit(exchange: str, code: str, board: Board, name: str, listing: Listing) -> int | None:
    if listing in (Listing.FIRST_DAYS, Listing.DELISTING) or (board is Board.BEIJING and code.startswith(_NEEQ)):
        return None
    if board is Board.CONVERTIBLE and not _is_public_convertible(exchange, code, name):
        return None
    return _fund_limit(exchange, code, name) if board is Board.FUND else _LIMITS.get(board)


def _is_public_convertible(exchange: str, code: str, name: str) -> bool:
    """Whether the rules for convertible bonds cover it; a source calls exchangeable bonds by the same word."""
    is_private = code.startswith(_TO_A_FEW_CODE) or _TO_A_FEW in name
    return _by_code(exchange, code) is Board.CONVERTIBLE and not is_private


def _fund_limit(exchange: str, code: str, name: str) -> int | None:
    in_shenzhen = exchange == "SZSE"
    if code.startswith(_STAR_FUNDS) if exchange == "SSE" else in_shenzhen and _holds_chinext(name):
        return _LIMITS[Board.STAR]
    by_code = not in_shenzhen and code.startswith(_CERTAIN_FUNDS)
    if _is_wider(name) or not (by_code or _is_chinese(name)):
        return None
    return _LIMITS[Board.FUND]


def _holds_chinext(name: str) -> bool:
    """Whether the name of a fund in Shenzhen says for sure that it holds ChiNext or STAR shares alone."""
    plain = name.replace("双创债", "")
    return any(word in plain for word in _CHINEXT_WORDS)


def _is_wider(name: str) -> bool:
    """Whether the name of a fund hints at STAR or ChiNext shares; 创 alone does so too, but not 创新."""
    return any(word in name for word in _WIDER_WORDS) or "创" in name.replace("创新", "")


def _is_chinese(name: str) -> bool:
    """Whether it is the exchange's own short name, which says what the fund holds."""
    return any("\u3400" <= char <= "\u9fff" for char in name)


def _hong_kong(code: str, kind: str, names: tuple[str, ...]) -> Security:
    if kind == "ZS" or not code.isdigit():
        return Security(Board.INDEX, "HKD")
    letters = {letter for name in names for letter in _counter(name)}
    number = int(code)
    is_bond = _is_among(number, _HONG_KONG_BONDS)
    if letters & _RENMINBI or 80_000 <= number <= 89_999:
        currency = "CNY"
    elif letters & _DOLLARS:
        currency = "USD"
    else:
        currency = "" if _is_among(number, _DOLLAR_FUNDS) or is_bond else "HKD"
    return Security(Board.BOND if is_bond else Board.MAIN, currency, decimals=3)


def _is_among(number: int, ranges: Iterable[range]) -> bool:
    return any(number in numbers for numbers in ranges)


def _counter(name: str) -> str:
    """The letters after the hyphen of a name in Hong Kong, as ``SWR``; empty where they say nothing of a counter."""
    _, hyphen, letters = name.upper().rstrip().replace("－", "-").rpartition("-")
    return letters if hyphen and len(letters) <= 3 and _COUNTER_LETTERS.issuperset(letters) else ""
