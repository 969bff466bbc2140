"""``aiwatch web`` from the command line: what a tab runs, what is refused, and that it ends with its programs."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from aiohttp import ClientSession, CookieJar, WSMsgType
from click.testing import CliRunner

from aiwatch.commands.group import commands
from aiwatch.commands.web import command_of
from aiwatch.config.settings import Flags
from aiwatch.sources.recording import Recorder
from aiwatch.system.child_process import module_command
from aiwatch.web.page import client_files
from aiwatch.web.server import ScreenServer
from tests.commands.in_process import run_here
from tests.feed.fakes import NOW

SECONDS = 60.0


@pytest.mark.parametrize(
    ("flags", "demo", "replay", "words"),
    [
        (Flags(), False, None, ()),
        (Flags(), True, None, ("demo",)),
        (Flags(start_list="chips", names="chinese"), True, None, ("--list=chips", "--names=chinese", "demo")),
        (Flags(theme="nord"), False, Path("/x/-odd name.gz"), ("--theme=nord", "replay", "--", "/x/-odd name.gz")),
    ],
)
def test_the_program_of_a_tab(flags: Flags, demo: bool, replay: Path | None, words: tuple[str, ...]) -> None:
    assert command_of(flags, demo, replay) == (*module_command("aiwatch"), *words)


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("--demo", "--replay", __file__), 2, "--demo and --replay do not go together"),
        (("--replay", "no-such-file.gz"), 2, "no-such-file.gz"),
        (("--sessions", "0"), 2, "0 is not in the range 1<=x<=9"),
        (("--port", "70000"), 2, "70000 is not in the range"),
        (("--list", "cihps"), 2, "did you mean 'chips'?"),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_served(words: tuple[str, ...], status: int, said: str) -> None:
    ended = run_here("web", *words)
    assert (ended.status, said in ended.stderr.decode()) == (status, True), ended.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
@pytest.mark.parametrize(
    "name", ["SIGTERM", *(pytest.param(name, marks=pytest.mark.long) for name in ("SIGQUIT", "SIGHUP", "SIGINT"))]
)
def test_a_signal_ends_the_server(home: Path, name: str) -> None:
    command = [*module_command("aiwatch"), "web", "--demo", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdout.readline().startswith("aiwatch is at http://127.0.0.1:")
        server.send_signal(signal.Signals[name])
        assert server.communicate(timeout=SECONDS)[0].splitlines()[-1] == "Ended."
    assert server.returncode == 0


async def test_a_recording_is_shown_and_marked(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "monday.gz"
    async with Recorder(path, lambda: NOW):
        pass
    server = ScreenServer(command_of(Flags(start_list="chips"), False, path), await asyncio.to_thread(client_files))
    async with (
        asyncio.timeout(SECONDS),
        server.listening(),
        ClientSession(cookie_jar=CookieJar(unsafe=True)) as browser,
    ):
        base = f"http://{server.host}"
        await (await browser.get(server.address)).read()
        async with browser.ws_connect(f"{base}/ws?width=120&height=30", headers={"Origin": base}) as socket:
            drawn = ""
            while "REPLAY" not in drawn or "Chips" not in drawn:
                message = await socket.receive()
                assert message.type is WSMsgType.BINARY, f"{message}\n{drawn}"
                drawn += message.data.decode("utf-8", "replace")
    assert not server.programs


def test_the_help_says_what_a_tab_costs() -> None:
    words = " ".join(CliRunner().invoke(commands, ["web", "--help"]).output.split())
    assert "63 MB" in words
    assert sys.executable not in words
