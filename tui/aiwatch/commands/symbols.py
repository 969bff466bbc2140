"""``aiwatch SYMBOL…``: the screen on a list of those symbols, which is written nowhere."""

from __future__ import annotations

from collections.abc import Sequence

import click

from aiwatch.config.settings import Flags
from aiwatch.errors import SymbolError
from aiwatch.market.spelling import symbol_of
from aiwatch.market.symbol import Symbol
from aiwatch.runtime.screen import open_screen


def looks_like_symbol(text: str) -> bool:
    """Whether ``text`` may be meant as a symbol and as no command: commands are small letters alone."""
    return not text.startswith("-") and not (text.isascii() and text.isalpha() and text.islower())


def read_symbols(context: click.Context, parameter: click.Parameter, texts: Sequence[str]) -> tuple[Symbol, ...]:
    """The symbols that ``texts`` spell, each once. Raises `click.UsageError` for the first that spells none."""
    symbols = []
    for text in texts:
        try:
            symbols.append(symbol_of(text))
        except SymbolError as error:
            raise click.UsageError(f"{error}\n{error.hint}", context.parent) from None  # nobody types this command
    return tuple(dict.fromkeys(symbols))


@click.command(hidden=True)
@click.argument("symbols", nargs=-1, required=True, callback=read_symbols)
@click.pass_obj
def symbols(flags: Flags, symbols: tuple[Symbol, ...]) -> None:
    """Open the screen on a list of symbols that is written nowhere."""
    open_screen(flags, symbols=symbols)
