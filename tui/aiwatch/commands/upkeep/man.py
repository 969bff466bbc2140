"""``aiwatch man``: the manual page, made of the helps of all commands."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click

from aiwatch import __version__
from aiwatch.config.paths import CONFIG_VARIABLE
from aiwatch.config.settings import settings_keys, variables

_PARAGRAPH = re.compile(r"\n[ \t]*\n")
_AS_IT_IS = "\b"
"""How click begins a paragraph whose lines are not to be filled."""
_SUMMARY = "live quotes beside who pledged what to whom, in the terminal"


@click.command()
@click.pass_context
def man(context: click.Context) -> None:
    """Print the manual page of all commands, for `man`.

    Put it where `man` looks: aiwatch man > ~/.local/share/man/man1/aiwatch.1
    """
    click.echo(page(context.find_root().command, context.find_root().info_name or "aiwatch"), nl=False)


def page(command: click.Command, name: str) -> str:
    """The manual page of ``command`` and all below it, in the language of ``man``."""
    head = f'.TH {name.upper()} 1 "" "{name} {__version__}" "User Commands"\n.SH NAME\n{name} \\- {_SUMMARY}'
    root = click.Context(command, info_name=name)
    lines = [head, ".SH SYNOPSIS", *_usage(root), ".SH DESCRIPTION", *_text(command.help), ".SH OPTIONS"]
    lines += [*_options(root), ".SH COMMANDS"]
    for context in _below(root):
        lines += [f".SS {_escaped(context.command_path)}", *_usage(context), *_text(context.command.help)]
        lines += [*_options(context), *_text(context.command.epilog)]
    lines += [".SH EXAMPLES", *_text(command.epilog), ".SH ENVIRONMENT"]
    for variable, words in _variables():
        lines += [".TP", f".B {_escaped(variable)}", *_text(words)]
    lines += [".SH FILES", *_text(f"`{name} paths` names all of them: settings, watchlists, ledger, archive, log.")]
    return "\n".join(lines) + "\n"


def _below(context: click.Context) -> Iterator[click.Context]:
    """The contexts of all commands below the group of ``context``, each followed by those below it."""
    group = context.command
    if not isinstance(group, click.Group):
        return
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is not None and not command.hidden:
            inner = click.Context(command, parent=context, info_name=name)
            yield inner
            yield from _below(inner)


def _usage(context: click.Context) -> list[str]:
    pieces = " ".join(context.command.collect_usage_pieces(context))
    return [f".B {_escaped(context.command_path)}", _escaped(pieces)]


def _options(context: click.Context) -> Iterator[str]:
    """What each option does, as the help has it."""
    for parameter in context.command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None:
            yield from (".TP", f".B {_escaped(record[0])}", *_text(record[1]))


def _variables() -> list[tuple[str, str]]:
    words = settings_keys()
    rows = [(variable, words[key]) for key, variable in variables().items()]
    return [*rows, (CONFIG_VARIABLE, "the settings file")]


def _text(text: str | None) -> list[str]:
    """The paragraphs of a help; those that click leaves as they are stay so."""
    lines: list[str] = []
    for paragraph in _PARAGRAPH.split((text or "").strip("\n ")):
        if not paragraph.strip():
            continue
        lines += [".PP"] if lines else []
        if paragraph.lstrip().startswith(_AS_IT_IS):
            shown = [line for line in paragraph.splitlines() if line.strip(f"{_AS_IT_IS} ")]
            lines += [".PP", ".nf", *map(_escaped, shown), ".fi"]
        else:
            lines.append(_escaped(" ".join(paragraph.split())))
    return lines


def _escaped(text: str) -> str:
    """``text`` so that nothing in it is a command of the page."""
    safe = text.replace("\\", "\\e").replace("-", "\\-").replace("`", "\\(ga").replace("'", "\\(aq")
    return f"\\&{safe}" if safe.startswith(".") else safe
