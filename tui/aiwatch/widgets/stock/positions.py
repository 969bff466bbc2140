"""Positions as the screen tells them: value, gain of the day and gain, of one stock and of a list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from textual.content import Content

from aiwatch.formatting.text import NOTHING, price, short, signed, tone
from aiwatch.market.data_sources import credit_of
from aiwatch.market.exchange_rates import ExchangeRate, rate_between
from aiwatch.market.exchanges import SIGNS
from aiwatch.market.quote import Quote
from aiwatch.market.symbol import Symbol
from aiwatch.watchlist import Stock
from aiwatch.watchlist.positions import Holdings, Position, Sums
from aiwatch.widgets.stock.fields import Field, grid

_WITHOUT_DECIMALS = ("JPY", "KRW")
"""Currencies whose smallest coin is the unit itself."""
_EXACT_UP_TO = 1e9


def amount(value: float | None, currency: str, *, is_change: bool = False, exact: bool = False) -> str:
    """A sum with its sign before the currency's: ``-HK$1.20 k``; with a plus for a change, to the cent if ``exact``."""
    if value is None:
        return NOTHING
    size = abs(value)
    decimals = 0 if currency in _WITHOUT_DECIMALS else 2
    figure = f"{size:,.{decimals}f}" if exact and size < _EXACT_UP_TO else short(size)
    nothing = not figure.strip("0.,")
    sign = "" if nothing else "-" if value < 0 else "+" if is_change else ""
    return f"{sign}{SIGNS.get(currency, currency and currency + ' ')}{figure}"


def shares(quantity: float) -> str:
    """A number of shares, whole or not, as it was written."""
    text = f"{quantity:,.6f}".rstrip("0").rstrip(".")
    return f"{text} sold short" if quantity < 0 else text


def rate_words(rates: Sequence[ExchangeRate]) -> list[str]:
    """Rates one by one, then whose they are and the time of the oldest quote they come from."""
    legs = [leg for rate in rates for leg in rate.legs]
    if not legs:
        return []
    sources = dict.fromkeys(credit_of(leg.source) for leg in legs)
    words = [
        f"1 {rate.base} = {rate.rate:.4g} {rate.quote}{' through USD' if len(rate.legs) > 1 else ''}" for rate in rates
    ]
    oldest = min(leg.as_of for leg in legs)
    return [*words, f"rate{'s' if len(rates) > 1 else ''} of {' and '.join(sources)}, {oldest:%Y-%m-%d %H:%M} UTC"]


def position_rows(
    position: Position, quote: Quote, quotes: Mapping[Symbol, Quote], currency: str, convention: str, width: int
) -> list[Content]:
    """The rows of a stock's position; the last says it in ``currency`` too, with the rate or that there is none."""
    code, symbol = position.currency, quote.symbol
    cost = "" if position.cost is None else f" at {price(position.cost, quote.decimals)}"
    gain = amount(position.gain, code, is_change=True, exact=True)
    percent = "" if position.gain_percent is None else f"  {signed(position.gain_percent)} %"
    fields = [
        Field("Position", f"{shares(position.quantity)}{cost}"),
        Field("Value", amount(position.value, code, exact=True)),
        Field(
            "Gain of the day",
            amount(position.day_gain, code, is_change=True, exact=True),
            tone(position.day_gain, symbol, convention),
        ),
        Field("Gain", f"{gain}{percent}", tone(position.gain, symbol, convention)),
    ]
    rows = list(grid(fields, width).split("\n"))
    if not code:
        rows.append(Content.styled("the currency of the price is not known: not in any sum", "$stale"))
    elif currency and currency != code:
        rate = rate_between(code, currency, quotes)
        rows.append(_no_rate(code, currency) if rate is None else _in_currency(position, rate))
    return rows


def unpriced_row(stock: Stock) -> Content:
    """The row of a position without a price."""
    return Content.assemble(("Position  ", "$quiet"), shares(stock.quantity or 0.0), (", not priced yet", "$quiet"))


def _in_currency(position: Position, rate: ExchangeRate) -> Content:
    words = [f"value {amount(position.value * rate.rate, rate.quote)}"]
    for word, value in (("day", position.day_gain), ("gain", position.gain)):
        if value is not None:
            words.append(f"{word} {amount(value * rate.rate, rate.quote, is_change=True)}")
    return Content.assemble(
        (f"In {rate.quote}: ", "$quiet"), " · ".join(words), (f" · {', '.join(rate_words([rate]))}", "$quiet")
    )


def _no_rate(base: str, target: str) -> Content:
    return Content.styled(f"no rate from {base} to {target} is known", "$stale")


def holdings_parts(holdings: Holdings, home: Symbol | None, convention: str) -> list[Content]:
    """The positions of a list in pieces, each to be kept together: in its own currencies, then in the one asked for.

    ``home`` is a symbol whose market's colours the list follows.
    """
    held = holdings.held
    valued = sum(sums.valued for sums in holdings.sums)
    head = f"{held} position{'' if held == 1 else 's'}"
    if valued < held:
        head += f", {valued or 'none'} priced"
    parts = [Content.styled(head, "bold"), *_sums_parts(holdings.sums, home, convention)]
    if holdings.converted is not None:
        target = holdings.converted.currency
        first, *further = _sums_parts((holdings.converted,), home, convention)
        parts += [Content.assemble((f"in {target}: ", "$quiet"), first), *further]
        parts += [Content.styled(words, "$quiet") for words in rate_words(holdings.rates)]
    if holdings.currencyless:
        parts.append(Content.styled(f"{holdings.currencyless} of unknown currency, in no sum", "$stale"))
    parts += [_no_rate(base, holdings.target) for base in holdings.unconverted]
    return parts


def _sums_parts(sums: tuple[Sums, ...], home: Symbol | None, convention: str) -> list[Content]:
    """Value, gain of the day and gain; of several currencies side by side, for they are never added."""
    if not sums:
        return []
    return [
        Content.assemble(("value ", "$quiet"), values(sums)),
        Content.assemble(("day ", "$quiet"), day_gains(sums, home, convention)),
        Content.assemble(("gain ", "$quiet"), gains(sums, home, convention)),
    ]


def values(sums: Iterable[Sums]) -> str:
    """What the positions are worth, a currency after the other."""
    return ", ".join(amount(position_sum.value, position_sum.currency) for position_sum in sums) or NOTHING


def day_gains(sums: Iterable[Sums], home: Symbol | None, convention: str) -> Content:
    """What the positions gained since the previous close; of how many that is known, unless of all."""
    return _changes(sums, home, convention, lambda each: (each.day_gain, each.moved, ""))


def gains(sums: Iterable[Sums], home: Symbol | None, convention: str) -> Content:
    """What the positions gained since they were opened, with the percentage of what they cost."""

    def gain(position_sum: Sums) -> tuple[float | None, int, str]:
        return (
            position_sum.gain,
            position_sum.costed,
            "" if position_sum.gain_percent is None else f" {signed(position_sum.gain_percent)} %",
        )

    return _changes(sums, home, convention, gain)


def _changes(
    sums: Iterable[Sums], home: Symbol | None, convention: str, figures: Callable[[Sums], tuple[float | None, int, str]]
) -> Content:
    parts = []
    for position_sum in sums:
        value, counted, after = figures(position_sum)
        some = f" ({counted} of {position_sum.valued})" if value is not None and counted < position_sum.valued else ""
        words = f"{amount(value, position_sum.currency, is_change=True)}{after}"
        parts.append(Content.assemble((words, tone(value, home, convention)), (some, "$quiet")))
    return Content(", ").join(parts) if parts else Content(NOTHING)
