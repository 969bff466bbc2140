"""What a user types. Each command's work is in `aiwatch.commands`, imported when it is called."""

from __future__ import annotations

import click

from aiwatch import __version__


@click.group(invoke_without_command=True)
@click.version_option(__version__, prog_name="aiwatch")
@click.pass_context
def main(context: click.Context) -> None:
    """Watch the AI-infrastructure boom: live quotes beside who pledged what to whom."""
