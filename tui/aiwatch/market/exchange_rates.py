"""Rates between currencies out of the quotes at hand: of the pair itself, else crossed through the dollar.

A rate is never made up: without a quote there is none. Figures are floats, as the quotes are that they come from; what
is worked out of them is shown in a few digits and never kept. The ledger, whose sums are kept to the last digit, has
rates of its own in `aiwatch.ledger.amounts`, and never crosses them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from aiwatch.market.quote import Quote
from aiwatch.market.symbol import FX, Symbol, parse_symbol

DOLLAR = "USD"
"""What every other currency is quoted against."""

_CODES = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF "
    "CHF CLP CNH CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD "
    "HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL "
    "LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR "
    "PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP "
    "TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG"
)
CURRENCIES = tuple(_CODES.split())
"""The currencies of ISO 4217 in use in 2026, and the offshore yuan."""

_DOLLARS_FOR_ONE = ("EUR", "GBP", "AUD", "NZD")
"""The currencies that are quoted in dollars; of the others it is said what a dollar costs."""
_DIRECT = {frozenset(("HKD", "CNY")): "HKDCNY=X"}
"""The pairs without a dollar in them that sources quote themselves."""


class ExchangeRate(Struct, frozen=True):
    """``rate`` units of ``quote`` for one ``base``, out of the quotes ``legs``: one, or two when it is crossed."""

    base: str
    quote: str
    rate: float
    legs: tuple[Quote, ...]


def dollar_pair(currency: str) -> Symbol:
    """The symbol that prices ``currency`` (ISO 4217, not the dollar) against the dollar, as sources quote it."""
    return parse_symbol(f"{currency}USD=X" if currency in _DOLLARS_FOR_ONE else f"{currency}=X")


def pairs_between(currencies: Iterable[str], target: str) -> tuple[Symbol, ...]:
    """The symbols to follow so that sums of ``currencies`` can be said in ``target``; none for an unknown currency."""
    pairs: dict[Symbol, None] = {}
    for currency in sorted(set(currencies) - {target, ""}):
        direct = _DIRECT.get(frozenset((currency, target)))
        if direct is not None:
            pairs[parse_symbol(direct)] = None
        else:
            pairs.update(
                (dollar_pair(currency_code), None) for currency_code in (currency, target) if currency_code != DOLLAR
            )
    return tuple(pairs)


def rate_between(base: str, target: str, quotes: Mapping[Symbol, Quote]) -> ExchangeRate | None:
    """The rate from ``base`` to another currency ``target``; ``None`` when ``quotes`` have none, or when one of them is
    not known."""
    if not base or not target:
        return None
    direct = _rate_of_pair(base, target, quotes)
    if direct is not None:
        return direct
    first, second = _rate_of_pair(base, DOLLAR, quotes), _rate_of_pair(DOLLAR, target, quotes)
    if first is None or second is None:
        return None
    return ExchangeRate(base, target, first.rate * second.rate, (*first.legs, *second.legs))


def _rate_of_pair(base: str, target: str, quotes: Mapping[Symbol, Quote]) -> ExchangeRate | None:
    """The rate by a quote of the pair itself, either way round; of several, by the newest."""
    candidates = [quote for text in _spellings(base, target) if (quote := quotes.get(parse_symbol(text))) is not None]
    priced = [quote for quote in candidates if quote.symbol.exchange == FX and quote.last > 0]
    if not priced:
        return None
    quote = max(priced, key=lambda candidate: candidate.as_of)
    rate = quote.last if quote.symbol.pair == (base, target) else 1 / quote.last
    return ExchangeRate(base, target, rate, (quote,))


def _spellings(base: str, target: str) -> list[str]:
    """How the pair may be spelt, either way round: with six letters, and with three where the dollar comes first."""
    both = [f"{base}{target}=X", f"{target}{base}=X"]
    return both + [f"{right}=X" for left, right in ((base, target), (target, base)) if left == DOLLAR]
