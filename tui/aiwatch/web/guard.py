"""Who may reach the served screen: its own page in a browser that was given the address, and nobody else.

Any web page that a person has open can send requests to the loopback. So a request must name us as its host (or a
foreign name could point here), bring the cookie that only our own address hands out, and a socket must come from our
own page. Cookies know no ports: a program of another user who can listen on this machine's loopback, and whose page is
opened in the same browser, would be sent the cookie too.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from hmac import compare_digest
from typing import NamedTuple

TOKEN = "token"
"""The parameter of the address by which a browser is let in once."""
_BYTES = 32
_WRONG_HOST = "This address is not the one that aiwatch serves."
_NO_ENTRY = "Open the address that `aiwatch web` has printed: this browser has not been let in."
_SPENT = "This address has been used. Open the newest one that `aiwatch web` has printed."
_FOREIGN = "Only aiwatch's own page may open its socket."


class Refusal(NamedTuple):
    """Why a request is not answered: an HTTP ``status``, and ``words`` for a person."""

    status: int
    words: str


class Guard:
    """Decides on requests to a server at ``port`` of the loopback. The token is good once, then there is another."""

    def __init__(self, port: int) -> None:
        self.hosts = (f"127.0.0.1:{port}", f"localhost:{port}")
        """The names under which a browser may ask."""
        self.cookie_name = f"aiwatch-{port}"
        self.cookie = secrets.token_urlsafe(_BYTES)
        """What a browser that was let in brings; never printed, for as long as the server runs."""
        self._token = secrets.token_urlsafe(_BYTES)

    @property
    def address(self) -> str:
        """The address by which a browser comes in, once."""
        return f"http://{self.hosts[0]}/?{TOKEN}={self._token}"

    def spend(self, token: str) -> Refusal | None:
        """Let the bearer of ``token`` in, after which another one counts; why not, else."""
        if not _same(token, self._token):
            return Refusal(403, _SPENT)
        self._token = secrets.token_urlsafe(_BYTES)
        return None

    def foreign_host(self, host: str) -> Refusal | None:
        """Why a request to ``host`` is refused; ``None`` for one that is meant for us."""
        return None if host in self.hosts else Refusal(421, _WRONG_HOST)

    def stranger(self, cookies: Mapping[str, str]) -> Refusal | None:
        """Why a request with these ``cookies`` is refused; ``None`` for a browser that was let in."""
        return None if _same(cookies.get(self.cookie_name, ""), self.cookie) else Refusal(403, _NO_ENTRY)

    def foreign_origin(self, host: str, origin: str | None) -> Refusal | None:
        """Why a socket to ``host`` from a page of ``origin`` is refused; ``None`` for our own page's."""
        return None if origin == f"http://{host}" else Refusal(403, _FOREIGN)


def security_headers(host: str) -> dict[str, str]:
    """What the headers of every answer at ``host`` say: nothing outside is loaded, asked, or may frame the page.

    The terminal of the page sets styles of its own, so that those must be allowed; scripts are files of ours alone.
    """
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self' 'unsafe-inline'",
        "font-src": "'self'",
        "img-src": "'self' data:",
        "connect-src": f"'self' ws://{host}",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    }


def _same(offered: str, right: str) -> bool:
    return compare_digest(offered.encode("utf-8", "replace"), right.encode())
