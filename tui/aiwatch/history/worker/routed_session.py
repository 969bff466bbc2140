"""The session that yfinance speaks through: it sends what is meant for any host of Yahoo's to the configured address.

So the demo, the tests and a run against the real host take one path. Imports curl_cffi: for the child process alone.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit, urlunsplit

from curl_cffi import CurlOpt
from curl_cffi.requests import Session

from aiwatch.formatting.addresses import is_loopback

BROWSER = "chrome"
_HOST = "yahoo.com"
_CHART, _DATA = "/v8/finance/chart/", "/finance/"


class StatusError(Exception):
    """The host answered a question of data with an error: its ``status``, and the path that was asked."""

    def __init__(self, status: int, path: str) -> None:
        super().__init__(f"status {status} for {path}")
        self.status = status


def is_of_yahoo(host: str) -> bool:
    """Whether ``host`` is Yahoo's own."""
    return host == _HOST or host.endswith(f".{_HOST}")


def routed(url: str, base_url: str) -> str:
    """``url`` at ``base_url`` when it is of Yahoo's; as it is where ``base_url`` is Yahoo's too."""
    base, parts = urlsplit(base_url), urlsplit(url)
    if is_of_yahoo(base.hostname or "") or not is_of_yahoo(parts.hostname or ""):
        return url
    return urlunsplit((base.scheme, base.netloc, base.path.rstrip("/") + parts.path, parts.query, parts.fragment))


class RoutedSession(Session[Any]):
    """A browser's session whose requests for Yahoo go to ``base_url``, past any proxy when that is this machine."""

    def __init__(self, base_url: str) -> None:
        own = {CurlOpt.NOPROXY: "*"} if is_loopback(urlsplit(base_url).hostname or "") else {}
        super().__init__(impersonate=BROWSER, curl_options=own)
        self._base_url = base_url

    def request(self, method: Any, url: str, **options: Any) -> Any:  # type: ignore[override]
        """As `Session.request`; yfinance names ``method`` and ``url``.

        Raises `StatusError` at once where yfinance would try another kind of cookie and ask twice more: a chart needs
        none, and no cookie helps a symbol that is not known, a host that is down or one that asks for silence.
        """
        answer = super().request(method, routed(url, self._base_url), **options)
        path, status = urlsplit(url).path, answer.status_code
        if path.startswith(_CHART):
            is_final = status >= 400
        else:
            is_final = _DATA in path and (status in (404, 429) or status >= 500)
        if is_final:
            raise StatusError(status, path)
        return answer
