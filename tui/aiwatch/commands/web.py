"""``aiwatch web``: the screen in a web browser on this machine."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

import click
from msgspec.structs import replace

from aiwatch.commands.completion import complete_list
from aiwatch.config.settings import Flags
from aiwatch.runtime.load import load_all
from aiwatch.system.child_process import module_command

PORT = 8570
_END_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGBREAK")


@click.command()
@click.option("--demo", is_flag=True, help="Show the embedded exchange: simulated prices, no network.")
@click.option("--replay", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Show a recording.")
@click.option("--list", "start_list", metavar="NAME", shell_complete=complete_list, help="Watchlist to start with.")
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="Port; 0 is any free one.")
@click.option("--sessions", type=click.IntRange(1, 9), default=1, show_default=True, help="Tabs at the same time.")
@click.pass_obj
def web(flags: Flags | None, demo: bool, replay: Path | None, start_list: str | None, port: int, sessions: int) -> None:
    """Open the screen in a web browser of this machine, at the address that is printed.

    The address lets a browser in, once; then another is printed. Nobody else can reach the screen: it listens on this
    machine alone, and pages of other sites are refused. In a browser `e` opens no editor; `o` and `y` use the
    browser's tabs and clipboard.

    Every tab is a program of its own that asks the sources by itself and takes about 63 MB, and 41 MB more with the
    embedded exchange; so there is one unless --sessions allows more. The server takes 42 MB beside them.
    """
    if demo and replay is not None:
        raise click.UsageError("--demo and --replay do not go together")
    flags = flags or Flags()
    if start_list is not None:
        flags = replace(flags, start_list=start_list)
    load_all(flags)  # what is wrong with it is said here, not in a tab
    asyncio.run(_serve(command_of(flags, demo, replay), port, sessions))


def command_of(flags: Flags, demo: bool, replay: Path | None) -> tuple[str, ...]:
    """The command of a tab's program."""
    typed = {
        "--watchlists": flags.watchlists,
        "--list": flags.start_list,
        "--colours": flags.colours,
        "--names": flags.names,
        "--theme": flags.theme,
    }
    words = [f"{option}={value}" for option, value in typed.items() if value is not None]
    if demo:
        words.append("demo")
    if replay is not None:
        words += ["replay", "--", str(replay.absolute())]
    return (*module_command("aiwatch"), *words)


async def _serve(command: Sequence[str], port: int, sessions: int) -> None:
    from aiwatch.web.page import client_files
    from aiwatch.web.server import ScreenServer

    files = await asyncio.to_thread(client_files)
    stop = _stop_at_signals()
    async with ScreenServer(command, files, sessions=sessions, let_in=_next_address).listening(port) as server:
        _print(f"aiwatch is at {server.address}", "Ctrl+C ends it.")
        await stop.wait()
    _print("Ended.")


def _next_address(address: str) -> None:
    _print(f"A browser has been let in. Another one: {address}")


def _print(*lines: str) -> None:
    for line in lines:
        click.echo(line)
    sys.stdout.flush()


def _stop_at_signals() -> asyncio.Event:
    """An event that is set when a signal asks aiwatch to end: the programs of the tabs are ended first."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()

    def leave(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(stop.set)

    for name in _END_SIGNALS:
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, leave)
    return stop
