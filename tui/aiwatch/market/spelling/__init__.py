"""Symbols in the forms people write them, brought to Yahoo's spelling. `written_forms` knows the forms.

Bare digits are read only where one reading is left: six of them by the code ranges of the mainland's exchanges, five
as Hong Kong's. What could be two things is refused with both of them: a guess would put the price of another company
on the screen. ``watchlists/README.md`` lists the forms.
"""

from __future__ import annotations

from functools import lru_cache

from aiwatch.errors import SymbolError
from aiwatch.market.symbol import BSE, Symbol, parse_symbol

_OLD_BEIJING = ("43", "83", "87")


@lru_cache(maxsize=16_384)
def symbol_of(text: str) -> Symbol:
    """The symbol that ``text`` means, in any of the forms people write: ``0700.HK`` of ``hk700``.

    Letters may be small, digits and letters full-width, and space may stand around. ``USDJPY=X`` becomes ``JPY=X``,
    the name Yahoo itself sends the rate under. Raises `AmbiguousSymbol` for what may be two things, and `SymbolError`
    for what is none; both name the text and say what to write.
    """
    if _is_certain(text):
        try:
            return parse_symbol(text)
        except SymbolError:
            pass
    from aiwatch.market.spelling.written_forms import (  # few texts need it, and none of the bundled lists
        FORMS,
        yahoo_spelling,
    )

    yahoo = yahoo_spelling(text)
    try:
        return parse_symbol(yahoo)
    except SymbolError as error:
        words = str(error).replace(f"symbol {yahoo!r}", f"symbol {text!r}", 1)
        raise SymbolError(words, hint=FORMS) from None


def hint_of_unknown(symbol: Symbol) -> str:
    """What to try when no source knows ``symbol``; empty when there is nothing to say.

    Beijing gave its stocks new codes on 9 October 2025: 920 and, save where two would have been alike, the last three
    digits of the old one.
    """
    if symbol.exchange != BSE or not symbol.code.startswith(_OLD_BEIJING):
        return ""
    return f"Beijing's stocks have new codes since October 2025: try 920{symbol.code[3:]}.BJ"


def _is_certain(text: str) -> bool:
    """Whether ``text``, if Yahoo spells anything so, can mean nothing else."""
    return "." in text or "^" in text or "-" in text or (text.isalpha() and len(text) <= 5)
