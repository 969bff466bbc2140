"""The other way to speak HTTP: as a browser does, through the optional package ``httpx-curl-cffi``."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any, cast

import httpx

from aiwatch.errors import SettingError

PACKAGE = "httpx_curl_cffi"
BROWSER = "chrome"


def check_transport(transport: str) -> None:
    """Raise `SettingError`, saying what to do, when ``transport`` is ``curl`` and its package is not installed."""
    if transport == "curl" and find_spec(PACKAGE) is None:
        raise SettingError(
            "sources.transport: 'curl' needs the package httpx-curl-cffi, which is not installed",
            hint="Install it with: pip install 'aiwatch[curl]'. Or write transport = \"httpx\" in the settings file.",
        )


def transport_of(transport: str) -> httpx.AsyncBaseTransport | None:
    """What takes the place of httpx's own network for ``transport``; ``None`` for ``httpx``.

    Its time-outs are longer than httpx's; every request of `HttpSource` has one of its own around it. Raises
    `SettingError` as `check_transport` does.
    """
    if transport != "curl":
        return None
    check_transport(transport)
    made: Any = import_module(PACKAGE).AsyncCurlTransport(impersonate=BROWSER, default_headers=True)
    made.speaks_as_browser = True
    return cast("httpx.AsyncBaseTransport", made)
