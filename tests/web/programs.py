"""Programs that stand in for the screen of a tab: they speak its protocol and start in a fraction of its time."""

from __future__ import annotations

import sys

_COMMON = """
import json, os, sys
def read(n):
    data = b""
    while len(data) < n:
        part = os.read(0, n - len(data))
        if not part:
            os._exit(0)
        data += part
    return data
def write(letter, payload):
    os.write(1, letter + len(payload).to_bytes(4, "big") + payload)
os.write(1, b"a line before\\n__GANGLION__\\n")
write(b"D", f"{os.environ['COLUMNS']}x{os.environ['ROWS']} {os.environ['TEXTUAL_DRIVER']}".encode())
while True:
    letter, size = read(1), int.from_bytes(read(4), "big")
    payload = read(size)
"""


def _python(source: str) -> tuple[str, ...]:
    return (sys.executable, "-S", "-E", "-c", source)


ECHO = _python(
    _COMMON
    + """
    if letter == b"M":
        kind = json.loads(payload)
        if kind["type"] == "quit":
            os._exit(0)
        write(b"D", payload)
    elif payload == b"o":
        write(b"M", json.dumps({"type": "open_url", "url": "https://example.org/", "new_tab": True}).encode())
    elif payload == b"q":
        write(b"M", b'{"type": "exit"}')
        os._exit(0)
    elif payload == b"!":
        os.write(1, b"this is no packet at all")
    else:
        write(b"D", b"typed " + payload)
"""
)
"""Draws its size, then what is typed; ``o`` opens a page, ``q`` leaves, ``!`` breaks the protocol."""

DEAF = _python(f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN){_COMMON}")
"""Neither leaves when it is asked to nor when it is told to."""

SILENT = _python("import sys; sys.exit(3)")
"""Ends before it has drawn anything."""
