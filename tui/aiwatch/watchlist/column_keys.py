"""The keys of the board's columns, as ``columns`` in a watchlist names them, and what each column shows."""

from __future__ import annotations

_USUAL = {
    "symbol": "the symbol",
    "name": "the name, English or Chinese",
    "last": "the last price",
    "change_percent": "the day's change in percent",
    "change": "the day's change in the stock's currency",
    "volume": "shares traded",
    "turnover": "what they cost together",
    "turnover_rate": "shares traded in percent of those in circulation",
    "volume_ratio": "the volume beside that of the last days at the same hour",
    "range": "where the price stands between the day's low and high",
    "to_limit": "how far it is to the nearer daily limit, in percent",
    "day": "the day's line",
    "age": "how old the price is, or why it does not move",
}
_POSITION = {
    "quantity": "how many shares you hold",
    "cost": "what one share of them cost",
    "value": "what they are worth now",
    "day_gain": "what they gained today",
    "gain": "what they gained since they were bought",
    "gain_percent": "the same in percent of their cost",
}
_FURTHER = {
    "open": "the first price of the day",
    "high": "the day's highest price",
    "low": "the day's lowest price",
    "previous_close": "the close before",
    "amplitude": "from the day's low to its high, in percent",
    "bid": "the best price offered for it",
    "ask": "the best price asked for it",
    "vwap": "the mean price of the shares traded today",
    "high_52w": "the highest price of 52 weeks",
    "low_52w": "the lowest price of 52 weeks",
    "pe": "the price beside a year's earnings",
    "market_cap": "what all shares are worth together",
    "role": "the stock's role",
    "tags": "the stock's tags",
}

COLUMN_WORDS = {**_USUAL, **_POSITION, **_FURTHER}
"""Every column there is with what it shows: those that the board shows by itself in their order, then the others."""
COLUMN_KEYS = tuple(COLUMN_WORDS)
POSITION_COLUMN_KEYS = tuple(_POSITION)
"""The columns of what a person holds."""
