"""Whatever a text comes from, it commands no terminal: neither through the screen nor through a command."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.commands.in_process import Ended, run_here
from tests.pty_driver import PseudoTerminal
from tests.sources.tencent.wire import line

EVIL = "\x1b]0;PWN\x07\x1b]52;c;UFdO\x07\x1b[2J\x9b2J\x7f"
WRITTEN = "".join(f"\\u{ord(char):04x}" if not char.isprintable() else char for char in EVIL)
"""The same as TOML and JSON write it."""


def check(screen: PseudoTerminal) -> None:
    """Nothing strange was written, nothing was obeyed, and nothing broke."""
    assert screen.strange_bytes == set()
    assert b"\x1b]52" not in screen.raw
    assert b"]0;PWN\x07" not in screen.raw
    assert "Traceback" not in screen.text


def write(path: Path, text: str) -> None:
    """Write ``text`` to ``path``, whose folder may be missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


NOWHERE = {f"AIWATCH_{host}_URL": "http://127.0.0.1:9" for host in ("TENCENT", "SINA", "YAHOO", "ECB")}
NOWHERE["AIWATCH_STREAM_URL"] = "ws://127.0.0.1:9"
ARGUMENTS = (
    ("quotes", f"x{EVIL}"),
    ("quotes", f"A.{EVIL}"),
    ("quotes", "-w", EVIL),
    ("doctor", EVIL),
    ("man", EVIL),
    ("check", EVIL),
    ("--theme", EVIL, "paths", EVIL),
    (f"--{EVIL}",),
    ("demo", "--fault", EVIL),
    ("--list", EVIL),
    ("--theme", EVIL),
    ("--watchlists", f"/nowhere{EVIL}"),
    (EVIL,),
    ("import", f"/nowhere{EVIL}"),
    ("export", EVIL),
    ("replay", f"/nowhere{EVIL}"),
    ("record", f"/nowhere/{EVIL}", "--for", EVIL),
)
VARIABLES = (
    ("AIWATCH_TENCENT_URL", f"http://x{EVIL}", ("quotes", "NVDA")),
    ("AIWATCH_THEME", EVIL, ("check",)),
    ("AIWATCH_WATCHLISTS", f"/nowhere{EVIL}", ("check",)),
    ("HTTPS_PROXY", f"http://x{EVIL}", ("quotes", "NVDA")),
    ("SSL_CERT_FILE", f"/nowhere{EVIL}", ("quotes", "NVDA")),
)


def check_here(done: Ended) -> None:
    """The same of what was written in this process."""
    assert not {byte for byte in done.written if byte < 0x20 or byte == 0x7F} - set(b"\r\n")
    assert "\x9b" not in done.written.decode()
    assert b"Traceback" not in done.written


@pytest.mark.parametrize("arguments", ARGUMENTS, ids=lambda words: " ".join(words).encode("unicode_escape").decode())
def test_an_argument(arguments: tuple[str, ...]) -> None:
    done = run_here(*arguments, environment=NOWHERE)
    assert done.status != 0
    check_here(done)


def test_an_argument_at_a_terminal(tmp_path: Path) -> None:
    with PseudoTerminal(tmp_path, ("quotes", f"x{EVIL}")) as screen:
        assert screen.status() != 0
        check(screen)


@pytest.mark.parametrize(("variable", "value", "arguments"), VARIABLES, ids=[row[0] for row in VARIABLES])
def test_a_variable(variable: str, value: str, arguments: tuple[str, ...]) -> None:
    check_here(run_here(*arguments, environment=NOWHERE | {variable: value}))


def test_every_text_of_every_file(tmp_path: Path) -> None:
    config = tmp_path / "config" / "aiwatch"
    stock = "\n".join(
        ("[[stock]]", 'symbol = "NVDA"', *(f'{key} = "x{WRITTEN}"' for key in ("name", "note", "role")), "")
    )
    stock += f'tags = ["t{WRITTEN}"]\n'
    write(config / "watchlists" / "mine.toml", f'name = "Mine"\ndescription = "b{WRITTEN}"\n{stock}')
    write(config / "watchlists" / "other.toml", f'name = "a{WRITTEN}"\n{stock}')
    write(config / "ledger" / "x.toml", f'[[entity]]\nid = "{WRITTEN}"\nname = "{WRITTEN}"\n')
    write(tmp_path / "state" / "aiwatch" / "layout.json", f'{{"list": "{WRITTEN}", "theme": "{WRITTEN}"}}')
    with PseudoTerminal(tmp_path, ["--list", "mine"]) as screen:
        screen.wait_for("quit")
        screen.send(b"3")
        screen.wait_for("NVDA")
        screen.send(b"q")
        assert screen.status() == 0
        check(screen)
    folders = {f"XDG_{name}_HOME": str(tmp_path / name.lower()) for name in ("CONFIG", "STATE", "CACHE")}
    for arguments in (["check"], ["export", "mine"], ["doctor"], ["ledger"]):
        done = run_here(*arguments, environment=NOWHERE | folders)
        assert done.written
        check_here(done)
    write(config / "config.toml", f'theme = "{WRITTEN}"\nstart_list = "{WRITTEN}"\n"k{WRITTEN}" = 1\n')
    done = run_here("check", environment=NOWHERE | folders)
    assert done.status != 0
    check_here(done)


@contextmanager
def tencent_saying(name: str) -> Iterator[str]:
    """The address of a host that calls every share of Shanghai ``name``."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = b"".join(line(code, name=name) for code in self.path.split("q=")[-1].split(",") if code[:2] == "sh")
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in the class above
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_the_name_that_a_host_gives_a_stock(tmp_path: Path) -> None:
    write(tmp_path / "config" / "aiwatch" / "watchlists" / "mine.toml", 'symbols = ["600999.SS"]\n')
    with tencent_saying(f"Host{EVIL}Name") as address:
        for arguments in (["quotes", "600999.SS"], ["quotes", "600999.SS", "--json"], ["quotes", "600999.SS", "--csv"]):
            done = run_here(*arguments, environment=NOWHERE | {"AIWATCH_TENCENT_URL": address})
            assert b"50.25" in done.stdout
            check_here(done)
        with PseudoTerminal(tmp_path, ["--list", "mine"], {"AIWATCH_TENCENT_URL": address}) as screen:
            screen.wait_for("50.25")
            screen.send(b"q")
            assert screen.status() == 0
            check(screen)
