"""The page that the browser shows, and the files it needs: those of textual-serve's browser half, and two of ours."""

from __future__ import annotations

from html import escape
from importlib.util import find_spec
from pathlib import Path

from msgspec import Struct

from aiwatch.errors import AiwatchError

_CLIENT = (
    ("terminal.js", "js/textual.js", "text/javascript"),
    ("terminal.css", "css/xterm.css", "text/css"),
    ("mono.ttf", "fonts/RobotoMono-VariableFont_wght.ttf", "font/ttf"),
)
"""Each file of the client by the name it is served under, its place in textual-serve, and its type."""

_STYLE = """\
@font-face { font-family: "Roboto Mono"; src: url("mono.ttf"); font-weight: 100 700; }
body { margin: 0; background: #0c181f; color: #d7e0e5; font: 16px "Roboto Mono", monospace; }
.words { position: absolute; inset: 0; display: flex; flex-direction: column; gap: 1em; text-align: center;
  align-items: center; justify-content: center; z-index: 10; background: #0c181f; }
.words a { color: inherit; }
body.-first-byte .opening, .closed, body.-closed .opening { display: none; }
body.-closed .closed { display: flex; }
"""

_SCRIPT = """\
addEventListener("DOMContentLoaded", () => {
  const watching = new MutationObserver(() => {
    if (!document.body.classList.contains("-first-byte")) return;
    watching.disconnect();
    document.querySelector(".xterm-helper-textarea").focus();
  });
  watching.observe(document.body, { attributes: true, attributeFilter: ["class"] });
});
"""
"""Lets keys go to the terminal as soon as it shows something; the client itself waits for a click."""

_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<link rel="preload" href="/static/mono.ttf" as="font" type="font/ttf" crossorigin>
<link rel="stylesheet" href="/static/terminal.css">
<link rel="stylesheet" href="/static/page.css">
<script src="/static/page.js"></script>
<script src="/static/terminal.js"></script>
</head>
<body>
<div class="words opening">Opening aiwatch…</div>
<div class="words closed">
<div>The session has ended, or another tab has it.</div>
<a href="/">Open it here</a>
</div>
<div id="terminal" class="textual-terminal" data-session-websocket-url="ws://{host}/ws" data-font-size="16"></div>
</body>
</html>
"""


class NoClient(AiwatchError):
    """The browser half of textual-serve is not installed, or is not as expected."""

    title = "No page to serve"


class ClientFile(Struct, frozen=True):
    """A file of the page: its MIME ``type`` and its bytes."""

    type: str
    data: bytes


def client_files() -> dict[str, ClientFile]:
    """Every file that the page may ask for, by name; there is nothing else below ``/static``. It reads files.

    Raises `NoClient` where textual-serve is missing or has other files.
    """
    spec = find_spec("textual_serve")
    if spec is None or not spec.submodule_search_locations:
        raise NoClient("textual-serve is not installed", hint="Install aiwatch anew: it needs that package.")
    folder = Path(spec.submodule_search_locations[0]) / "static"
    files = {
        "page.css": ClientFile("text/css", _STYLE.encode()),
        "page.js": ClientFile("text/javascript", _SCRIPT.encode()),
    }
    for name, place, type_ in _CLIENT:
        try:
            files[name] = ClientFile(type_, (folder / place).read_bytes())
        except OSError as error:
            raise NoClient(f"{folder / place}: {error.strerror or error}", hint="Install textual-serve anew.") from None
    return files


def page(title: str, host: str) -> str:
    """The page called ``title``, whose socket is at ``host``."""
    return _PAGE.format(title=escape(title), host=escape(host))
