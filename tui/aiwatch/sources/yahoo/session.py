"""A session with Yahoo: the cookie and the crumb that belongs to it, which its richer quotes want.

The cookie comes from an address that answers 404 and sets it. Where the law wants consent first, a page sends one round
through others: in one form of 2025 to a web form whose hidden fields are to be sent back, in that of 2026 straight
back with the cookie. The crumb is a short text of an address of its own.
"""

from __future__ import annotations

import asyncio
import re
from datetime import datetime, timedelta
from html import unescape
from itertools import islice
from urllib.parse import urljoin, urlsplit

from aiwatch.config.settings import SourceSettings
from aiwatch.errors import Garbled, RateLimited, Refused, SourceError
from aiwatch.sources.http import HttpSource, Reply
from aiwatch.sources.http_errors import meaning_of, retry_after
from aiwatch.sources.parsing import plain
from aiwatch.sources.yahoo.spark import TOO_MANY

CRUMB_PATH = "/v1/test/getcrumb"
MOST_REDIRECTS = 10
REFRESH_PAUSE = timedelta(minutes=5)
"""Between two tries for a cookie and a crumb, whatever came of the first."""
LONGEST_LIFE = timedelta(hours=24)
"""How long a crumb is used."""
_COOKIES = ("A1", "A3")
_CRUMB = re.compile(r"[A-Za-z0-9._\\/-]{8,16}", re.ASCII)
_DOMAIN = "yahoo.com"
_INPUT = re.compile(r"<input\s((?:[^<>\"']|\"[^\"<]{0,2000}\"|'[^'<]{0,2000}'){0,200})", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""(?<![\w-])([\w-]++)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++))""")
_MOST_FIELDS = 100
_UNAUTHORIZED, _TOO_MANY = 401, 429
_HINT = "Leave sources.yahoo_quote off: the plain quotes of Yahoo need no cookie."


class YahooSession:
    """Cookie and crumb, fetched when they are first wanted and kept for a day. ``source`` speaks HTTP for it."""

    def __init__(self, source: HttpSource, settings: SourceSettings) -> None:
        self._source = source
        self._settings = settings
        self._crumb = ""
        self._tried_at: datetime | None = None
        self._why = ""
        self._lock = asyncio.Lock()

    def drop(self, why: str) -> None:
        """Forget the crumb, because Yahoo said ``why`` when it was used."""
        self._crumb, self._why = "", why

    async def crumb(self) -> str:
        """The crumb in force, fetched anew when there is none; at most once in `REFRESH_PAUSE`.

        Raises `Refused` when it is too early for another try, and any `SourceError` when the try fails.
        """
        async with self._lock:
            now = self._source.clock()
            age = None if self._tried_at is None else now - self._tried_at
            if self._crumb and age is not None and age < LONGEST_LIFE:
                return self._crumb
            if age is not None and timedelta() <= age < REFRESH_PAUSE:
                wait = round((REFRESH_PAUSE - age).total_seconds())
                raise Refused(self._source.host, f"no session: {self._why}; not tried again for {wait} s", hint=_HINT)
            self._tried_at = now
            self._crumb = ""
            try:
                self._crumb = await self._fetched()
            except SourceError as error:
                self._why = str(error)
                raise
            return self._crumb

    async def _fetched(self) -> str:
        self._source.client.cookies.clear()
        self._check_silence(await self._source.send("GET", self._settings.addresses["cookie_url"]))
        if self._has_cookie():
            try:
                return await self._new_crumb()
            except Refused as refused:
                if refused.status != _UNAUTHORIZED:
                    raise
        await self._consent()
        return await self._new_crumb()

    async def _new_crumb(self) -> str:
        reply = await self._source.send("GET", self._settings.base_url + CRUMB_PATH)
        self._check_silence(reply)
        host = self._source.host
        if not 200 <= reply.status < 300:
            raise Refused(host, f"no crumb: HTTP {reply.status}: {meaning_of(reply.body)}", status=reply.status)
        return crumb_of(reply.body.decode("utf-8", "replace"), host)

    def _check_silence(self, reply: Reply) -> None:
        """Raise `RateLimited` when ``reply`` asks for silence, by its status or in words."""
        text = reply.body.decode("utf-8", "replace")
        if reply.status == _TOO_MANY or TOO_MANY in text[:200].lower():
            wish = retry_after(reply.retry_after, self._source.clock())
            raise RateLimited(self._source.host, f"HTTP {reply.status}: {plain(text)}", retry_after=wish)

    async def _consent(self) -> None:
        """Go round the consent pages until a cookie comes. Raises `Refused` when none does."""
        method, url, form = "GET", self._settings.addresses["consent_url"], None
        for _ in range(MOST_REDIRECTS + 1):
            reply = await self._source.send(method, url, form)
            self._check_silence(reply)
            if self._has_cookie():
                return
            fields = None if reply.location or form is not None else consent_form(reply)
            if not reply.location and fields is None:
                raise Refused(self._source.host, "no cookie came, nor a form that asks for consent", hint=_HINT)
            method, form = ("GET", None) if fields is None else ("POST", fields)
            if reply.location:
                url = urljoin(reply.url, reply.location)
                self._check_address(url)
        raise Refused(self._source.host, f"the consent pages went round {MOST_REDIRECTS} times", hint=_HINT)

    def _has_cookie(self) -> bool:
        return any(cookie.name in _COOKIES for cookie in self._source.client.cookies.jar)

    def _check_address(self, url: str) -> None:
        """Raise `Refused` for an address that neither Yahoo nor the settings name."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        consent = self._settings.addresses["consent_url"]
        own = {urlsplit(address).hostname for address in (consent, self._settings.base_url)}
        yahoos = parts.scheme == "https" and (host == _DOMAIN or host.endswith("." + _DOMAIN))
        if not yahoos and not (parts.scheme in ("http", "https") and host in own):
            raise Refused(self._source.host, f"the consent pages lead elsewhere: {plain(host or url, 60)}", hint=_HINT)


def crumb_of(text: str, host: str) -> str:
    """The crumb that ``text`` is. Raises `Garbled` for anything that is none."""
    crumb = text.strip("\r\n").replace("\\u002F", "/").replace("\\u002f", "/")
    if not _CRUMB.fullmatch(crumb):
        raise Garbled(host, f"no crumb: {plain(text, 40) or 'an empty answer'}")
    return crumb


def _hidden_fields(page: str) -> dict[str, str | list[str]]:
    """The hidden fields of a page: at most `_MOST_FIELDS`, and none of a tag that is unusually long."""
    fields: dict[str, str | list[str]] = {}
    for tag in islice(_INPUT.finditer(page), _MOST_FIELDS):
        pairs = _ATTRIBUTE.findall(tag[1])
        attributes = {key.lower(): unescape(quoted or single or bare) for key, quoted, single, bare in pairs}
        if attributes.get("type") == "hidden" and attributes.get("name"):
            fields[attributes["name"]] = attributes.get("value", "")
    return fields


def consent_form(reply: Reply) -> dict[str, str | list[str]] | None:
    """What agreeing on the page ``reply`` sends: its hidden fields, and the button's name and value twice, as the page
    itself does; ``None`` when it is no such page."""
    fields = _hidden_fields(reply.body.decode("utf-8", "replace"))
    if "csrfToken" not in fields:
        return None
    return {**fields, "namespace": "yahoo", "agree": ["agree", "agree"]}
