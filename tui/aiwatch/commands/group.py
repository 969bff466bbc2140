"""The commands and options a user types. The module of a command is imported when it is called."""

from __future__ import annotations

from importlib import import_module

import click

from aiwatch import __version__
from aiwatch.commands.completion import complete_list, complete_theme
from aiwatch.commands.examples import epilog_of
from aiwatch.config.settings import COLOURS, NAMES, THEMES, Flags
from aiwatch.files.toml_document import did_you_mean

COMMANDS = {
    "demo": "Open the screen on the embedded exchange: simulated prices, no network.",
    "web": "Open the screen in a web browser of this machine.",
    "quotes": "Price symbols or watchlists once and print them.",
    "record": "Keep what the hosts answer in a file.",
    "replay": "Open the screen on a recording.",
    "ledger": "Print the commitments or a view of the ledger; diff, import, add, map.",
    "filings": "Print what companies have filed of late, the newest first.",
    "history": "Print or fetch price bars of symbols and watchlists.",
    "compare": "Compare symbols or lists from their first common session.",
    "correlate": "Print how the returns of symbols move together.",
    "study": "Study what shares did around dates you give.",
    "claims": "Hold the articles' claims about prices against real closes.",
    "doctor": "Ask each source once and explain what came of it.",
    "report": "Put together what a report of a fault needs, without anything private.",
    "import": "Make watchlists of another program's lists.",
    "export": "Print a watchlist for another program.",
    "check": "Check watchlists, settings and ledger for mistakes.",
    "archive": "Check or prune what is kept from run to run.",
    "completion": "Print what lets a shell complete commands, lists and symbols.",
    "man": "Print the manual page of all commands.",
    "paths": "Say where settings, watchlists, state and logs are.",
}
"""Every command with its summary; each is the object of its name in the module of its name, but for `_MODULES`."""

_MODULES = {
    "ledger": "commitments.ledger",
    "import": "import_lists",  # no name for anything in Python
    "doctor": "upkeep.doctor",
    "report": "upkeep.report",
    "man": "upkeep.man",
    "check": "upkeep.check",
    "archive": "upkeep.archive",
    "paths": "upkeep.paths",
    "filings": "analysis.filings",
    "history": "analysis.history",
    "compare": "analysis.compare",
    "correlate": "analysis.correlate",
    "study": "analysis.study",
    "claims": "analysis.claims",
}
"""The module of a command, below this package, that is not called what the command is; the object is called what the
module is."""

WIDEST_HELP = 100
"""Columns of a help at the most: it is as wide as the terminal, but longer lines are hard to read."""


class SuggestingGroup(click.Group):
    """A group that names the nearest command where a name is none of its own."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that ``args`` begin with. Raises `click.UsageError` without one, with the nearest."""
        names = self.list_commands(ctx)
        if args[0] not in names and not args[0].startswith("-") and not ctx.resilient_parsing:
            ctx.fail(f"No such command {args[0]!r}{did_you_mean(args[0], names) or '.'}")
        return super().resolve_command(ctx, args)


class LazyCommands(SuggestingGroup):
    """A group whose commands are imported when they are called, so that the screen opens at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command called ``cmd_name``."""
        if cmd_name not in COMMANDS:
            return None
        module = _MODULES.get(cmd_name, cmd_name)
        command = getattr(import_module(f"aiwatch.commands.{module}"), module.rpartition(".")[2])
        assert isinstance(command, click.Command)
        add_examples(command, cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that ``args`` begin with, or the one that opens the symbols that they are. Raises
        `click.UsageError` for neither, with the nearest command."""
        if args[0] not in COMMANDS and not ctx.resilient_parsing:
            from aiwatch.commands.symbols import looks_like_symbol, symbols

            near = any(name.startswith(args[0].casefold()) and len(name) == len(args[0]) + 1 for name in COMMANDS)
            if looks_like_symbol(args[0]) and not near:
                return symbols.name, symbols, args
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def add_examples(command: click.Command, path: str) -> None:
    """Let the help of ``command``, typed as ``path``, end with its examples; and so those of the commands of a group,
    as far as they are made already."""
    examples = epilog_of(path)
    if examples and not (command.epilog or "").startswith(examples):
        command.epilog = epilog_of(path, command.epilog)
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            add_examples(inner, f"{path} {name}")


def _theme(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """A theme there is. Raises `click.BadParameter` for another, with the nearest."""
    if value is not None and value not in THEMES:
        near = did_you_mean(value, THEMES) or f"; there are {', '.join(THEMES)}"
        raise click.BadParameter(f"there is no theme {value!r}{near}")
    return value


@click.group(
    cls=LazyCommands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": WIDEST_HELP},
    epilog=epilog_of(""),
)
@click.version_option(__version__, prog_name="aiwatch")
@click.option("--watchlists", metavar="DIR", help="Folder of your own watchlists.")
@click.option("--list", "start_list", metavar="NAME", shell_complete=complete_list, help="Watchlist to start with.")
@click.option("--colours", type=click.Choice(COLOURS), help="Which colour means up.")
@click.option("--names", type=click.Choice(NAMES), help="English or Chinese names.")
@click.option("--theme", metavar="NAME", callback=_theme, shell_complete=complete_theme, help="Theme to start with.")
@click.pass_context
def commands(
    context: click.Context,
    watchlists: str | None,
    start_list: str | None,
    colours: str | None,
    names: str | None,
    theme: str | None,
) -> None:
    """Watch the AI-infrastructure boom: live quotes beside who pledged what to whom.

    Without a command, the screen opens. Symbols in its place, as in `aiwatch NVDA 0700.HK`, open it on a list of those.
    """
    context.obj = Flags(watchlists=watchlists, start_list=start_list, colours=colours, names=names, theme=theme)
    if context.invoked_subcommand is None:
        from aiwatch.runtime.screen import open_screen

        open_screen(context.obj)
