"""``aiwatch completion``: the script by which a shell completes what is typed, and the lists and symbols it offers."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem, get_completion_class

from aiwatch.config.settings import THEMES, Flags
from aiwatch.files.bounded import control_in
from aiwatch.watchlist import Watchlist

SHELLS = ("bash", "zsh", "fish")
_EPILOG = """\b
Add to the shell's own file:
  ~/.bashrc                    eval "$(aiwatch completion bash)"
  ~/.zshrc                     eval "$(aiwatch completion zsh)"
  ~/.config/fish/config.fish   aiwatch completion fish | source
"""


@click.command(epilog=_EPILOG)
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print what lets a shell complete commands, options, watchlists and symbols."""
    kind = get_completion_class(shell)
    assert kind is not None
    source = kind.source_template % kind(context.command, {}, "aiwatch", "_AIWATCH_COMPLETE").source_vars()
    click.echo(source.strip())


def complete_list(context: click.Context, parameter: click.Parameter, text: str) -> list[CompletionItem]:
    """The watchlists whose key begins with ``text``, each with its name; a key that no line can hold is not offered."""
    lists = [each for each in _lists() if each.key.startswith(text.lower()) and not control_in(each.key)]
    return [CompletionItem(each.key, help=each.name) for each in lists]


def complete_theme(context: click.Context, parameter: click.Parameter, text: str) -> list[CompletionItem]:
    """The themes whose name begins with ``text``."""
    return [CompletionItem(name) for name in THEMES if name.startswith(text.lower())]


def complete_name(context: click.Context, parameter: click.Parameter, text: str) -> list[CompletionItem]:
    """The watchlists and the symbols that begin with ``text``, for a command that takes either."""
    return [*complete_list(context, parameter, text), *complete_symbol(context, parameter, text)]


def complete_symbol(context: click.Context, parameter: click.Parameter, text: str) -> list[CompletionItem]:
    """The symbols in any watchlist that begin with ``text``, each with the name that it has there."""
    start = text.upper()
    names: dict[str, str] = {}
    for watchlist in _lists():
        for stock in watchlist.stocks:
            if stock.symbol.text.startswith(start):
                names.setdefault(stock.symbol.text, stock.name)
    return [CompletionItem(symbol, help=name) for symbol, name in sorted(names.items())]


def _lists() -> tuple[Watchlist, ...]:
    """Every watchlist; none where the settings cannot be used, for a shell that completes has no place to say so."""
    from aiwatch.errors import AiwatchError
    from aiwatch.runtime.load import load_all

    try:
        return load_all(Flags()).watchlists.lists
    except AiwatchError:
        return ()
