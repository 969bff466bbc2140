"""What a host asks of a request before it answers: where it comes from, its cookie, its crumb."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Protocol
from urllib.parse import parse_qs

from aiwatch.simulator.reply import Reply
from aiwatch.simulator.wire.sina import is_admitted
from aiwatch.simulator.wire.yahoo import PATH as QUOTE_PATH
from aiwatch.simulator.wire.yahoo_facts import SUMMARY_PATH

COOKIE_PATHS = ("/cookie", "/")
"""Stand in for the addresses that answer 404 and set the cookie: aiwatch's own setting, and the one yfinance knows."""
CRUMB_PATH = "/v1/test/getcrumb"
_COOKIE = "A3=simulated"


class AccessPolicy(Protocol):
    """Looks at a request before the host's wires do."""

    def reply(self, target: str, headers: Mapping[str, str]) -> Reply | None:
        """The answer that needs no wire; ``None`` to let the request in."""
        ...


class NoPolicy:
    """Lets every request in."""

    def reply(self, target: str, headers: Mapping[str, str]) -> Reply | None:
        """Always ``None``."""
        return None


class SinaPolicy:
    """Wants a Referer of Sina's own pages."""

    def reply(self, target: str, headers: Mapping[str, str]) -> Reply | None:
        """403 without one."""
        return None if is_admitted(headers.get("Referer", "")) else Reply(b"Forbidden", "text/html", 403)


class YahooPolicy:
    """Gives out a cookie and a crumb, and wants both for the richer quotes. ``crumb`` is the one that is valid."""

    def __init__(self) -> None:
        self.crumb = "Sim/ul.t0r1"

    @property
    def _as_sent(self) -> str:
        """The crumb with its slash escaped. yfinance sends it back just so, and the host takes both."""
        return self.crumb.replace("/", "\\u002F")

    def reply(self, target: str, headers: Mapping[str, str]) -> Reply | None:
        """The cookie, the crumb, or 401; ``None`` for requests that need neither or have both."""
        path, _, query = target.partition("?")
        has_cookie = _COOKIE in headers.get("Cookie", "")
        if path in COOKIE_PATHS:
            return Reply(b"", "text/html", 404, {"Set-Cookie": f"{_COOKIE}; Path=/; HttpOnly"})
        if path == CRUMB_PATH:
            if has_cookie:
                return Reply(self._as_sent.encode(), "text/plain;charset=utf-8")
            return _unauthorized("Invalid Cookie")
        guarded = path == QUOTE_PATH or path.startswith(SUMMARY_PATH)
        if not guarded or (has_cookie and parse_qs(query).get("crumb", [""])[0] in (self.crumb, self._as_sent)):
            return None
        return _unauthorized("Invalid Crumb" if has_cookie else "Invalid Cookie")


def _unauthorized(description: str) -> Reply:
    error = {"code": "Unauthorized", "description": description}
    return Reply(json.dumps({"finance": {"result": None, "error": error}}).encode(), "application/json", 401)
