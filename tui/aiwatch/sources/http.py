"""What the sources that speak HTTP share: one client each, bounded answers, and the error tree."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType, TracebackType
from typing import Any, ClassVar, NoReturn, Self, TypeVar
from urllib.parse import SplitResult, urlsplit

import httpx

from aiwatch import USER_AGENT
from aiwatch.config.settings import SourceSettings
from aiwatch.errors import Garbled, RateLimited, Refused, SourceError, TimedOut, Unreachable
from aiwatch.formatting.addresses import shown_address, without_passwords
from aiwatch.market.data_sources import title_of
from aiwatch.sources.http_errors import MEANING_LIMIT, meaning_of, retry_after
from aiwatch.sources.network.cookies import NO_COOKIES, new_jar
from aiwatch.sources.network.environment import Network, NetworkFault, Proxy, read_network
from aiwatch.sources.network.transport import NO_SOCKS, EnvironmentTransport
from aiwatch.sources.network.unpacking import ACCEPTED, unpacked
from aiwatch.sources.parsing import plain

BODY_LIMIT = 1024 * 1024
"""The usual `HttpSource.body_limit`."""
CLOSE_SECONDS = 0.5
"""How long closing waits for requests that were given up."""
_MOST_ADDRESSES = 64
_PAGE_LIMIT = 2**20
_PORTS = {"http": 80, "https": 443}
T = TypeVar("T")
_CUT = ("peer closed connection", "disconnected", "incomplete", "connection closed")


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it came, whatever its status; ``location`` is where a redirect points, else empty, and
    ``retry_after`` the header of that name."""

    url: str
    status: int
    body: bytes
    location: str = ""
    retry_after: str = ""


class HttpSource:
    """Base of the sources that speak HTTP. The client is opened with ``async with``; nothing is sent before `get`.

    What keeps it from being opened is raised by the first request, as a `SourceError` like any other. ``transport``
    takes the place of the network, for tests and experiments; one that says ``speaks_as_browser`` sends headers of its
    own, and none of ours are added. Without it, proxies and certificates are those of `sources.environment`.
    """

    name: str = ""
    """Its key in the table of sources."""
    headers: ClassVar[Mapping[str, str]] = MappingProxyType({})
    """Headers that the host wants with every request, beside the User-Agent."""
    keeps_cookies: ClassVar[bool] = False
    """Whether cookies of the answers are kept and sent back."""

    body_limit: ClassVar[int] = BODY_LIMIT
    """Bytes of an answer, unpacked; a longer one is not read."""

    def __init__(
        self,
        settings: SourceSettings,
        clock: Callable[[], datetime],
        *,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.title = title_of(self.name)
        self.settings = settings
        self.clock = clock
        self._parts = address_of(settings.base_url)
        self.host = self._parts.netloc.rpartition("@")[2] if self._parts else plain(settings.base_url)
        """The host of errors and of the status line: ``host`` or ``host:port``."""
        self.user_agent = USER_AGENT
        self.received_bytes = 0
        self.host_date = ""
        """The host's own time in its last answer, as the header ``Date`` spells it."""
        self.tap: Callable[[bytes], None] | None = None
        """Is handed every body that `get` returns, for a recording."""
        self._transport = transport
        self._network: Network | None = None
        self._client: httpx.AsyncClient | None = None
        self._unopened: SourceError | None = None
        self._addresses: dict[str, httpx.URL] = {}
        self._leaving: set[asyncio.Task[Any]] = set()

    async def __aenter__(self) -> Self:
        try:
            self._client = await asyncio.to_thread(self._open)
        except Exception as error:  # a value like the failures of asking: the other sources go on
            reason = plain(without_passwords(str(error)))
            self._unopened = SourceError(self.host, f"cannot be opened: {type(error).__name__}: {reason}")
        return self

    def prepare(self) -> None:
        """Load what takes time, off the event loop; called once, when the source is opened."""

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        client, self._client = self._client, None
        if self._leaving:
            await asyncio.wait(self._leaving, timeout=CLOSE_SECONDS)
        if client is not None:
            await client.aclose()

    async def get(self, path: str, parameters: Mapping[str, str] | None = None) -> bytes:
        """The body of the answer to one GET of a path, or of a whole address; at most `body_limit` bytes.

        Redirects are not followed: no feed has any. Raises `RateLimited`, `Refused`, `Unreachable` or `Garbled`.
        """
        if self._parts is None:
            hint = "Check base_url in the settings file: it begins with http:// or https:// and has no spaces."
            address = plain(shown_address(self.settings.base_url))
            raise Unreachable(self.host, f"not an address: {address}", hint=hint)
        body = await self._in_time(self._get(self.client, path, parameters), self.settings.base_url)
        if self.tap is not None:
            self.tap(body)
        return body

    async def send(self, method: str, url: str, form: Mapping[str, str | list[str]] | None = None) -> Reply:
        """The answer to one request at a whole address, whatever its status; ``form`` is sent as a web form.

        Its body is cut at 1 MiB. Raises `Unreachable` or `Garbled`.
        """
        return await self._in_time(self._send(self.client, method, url, form), url)

    @property
    def client(self) -> httpx.AsyncClient:
        """The open client. Raises why it could not be opened, and `RuntimeError` outside of ``async with``."""
        if self._unopened is not None:
            raise self._unopened
        if self._client is None:
            raise RuntimeError(f"{type(self).__name__} is used outside of 'async with'")
        return self._client

    async def _in_time(self, answer: Coroutine[Any, Any, T], url: str) -> T:
        """What ``answer`` of ``url`` gives. When it takes too long it is cancelled and left to end by itself: the
        browser's transport was seen to read a slow body to its end first."""
        task = asyncio.create_task(answer)
        try:
            await asyncio.wait({task}, timeout=self.settings.timeout)
            if not task.done():
                raise self._too_late(url)
            return task.result()
        except httpx.TimeoutException as error:
            raise self._too_late(url) from error
        except NetworkFault as fault:
            raise fault.at(self.host) from None
        except (httpx.HTTPError, OSError) as error:
            raise self._failure(error, self._proxy_for(url)) from error
        finally:
            if task.done():
                self._leave(task)
            else:
                task.cancel()
                self._leaving.add(task)
                task.add_done_callback(self._leave)

    def _leave(self, task: asyncio.Task[Any]) -> None:
        """Nobody waits for ``task`` any more: what it failed of is not to be printed when it is forgotten."""
        self._leaving.discard(task)
        if not task.cancelled():
            task.exception()

    def _open(self) -> httpx.AsyncClient:
        self.prepare()
        transport = self._transport
        if transport is None:
            self._network = read_network()
            transport = EnvironmentTransport(self._network)
        client = httpx.AsyncClient(
            base_url=self.settings.base_url if self._parts else "",
            headers={"User-Agent": self.user_agent, "Accept-Encoding": ACCEPTED, **self.headers},
            timeout=self.settings.timeout,
            follow_redirects=False,
            trust_env=False,
            transport=transport,
            cookies=new_jar() if self.keeps_cookies else NO_COOKIES,
        )
        if getattr(self._transport, "speaks_as_browser", False):
            for name in set(client.headers) - {name.lower() for name in self.headers}:
                del client.headers[name]
        return client

    async def _send(
        self, client: httpx.AsyncClient, method: str, url: str, form: Mapping[str, str | list[str]] | None
    ) -> Reply:
        async with client.stream(method, url, data=form) as response:
            self.host_date = response.headers.get("Date", "")
            body = bytearray()
            async for chunk in unpacked(response):
                body += chunk
                self.received_bytes += len(chunk)
                if len(body) > _PAGE_LIMIT:
                    break
            location = response.headers.get("Location", "") if response.has_redirect_location else ""
            silence = response.headers.get("Retry-After", "")
            return Reply(str(response.url), response.status_code, bytes(body[:_PAGE_LIMIT]), location, silence)

    async def _get(self, client: httpx.AsyncClient, path: str, parameters: Mapping[str, str] | None) -> bytes:
        address = path if parameters else self._address(client, path)
        async with client.stream("GET", address, params=parameters) as response:
            self.host_date = response.headers.get("Date", "")
            if not response.is_success:
                await self._refuse(response)
            body = bytearray()
            async for chunk in unpacked(response):
                body += chunk
                self.received_bytes += len(chunk)
                if len(body) > self.body_limit:
                    raise Garbled(self.host, f"an answer of more than {self.body_limit // 2**20} MiB")
            return bytes(body)

    def _address(self, client: httpx.AsyncClient, path: str) -> httpx.URL:
        """The whole address of ``path``, kept: taking one of many symbols apart costs more than the request."""
        address = self._addresses.get(path)
        if address is None:
            if len(self._addresses) >= _MOST_ADDRESSES:
                self._addresses.clear()
            address = self._addresses[path] = client.build_request("GET", path).url
        return address

    async def _refuse(self, response: httpx.Response) -> NoReturn:
        body = bytearray()
        try:
            async for chunk in unpacked(response):
                body += chunk
                if len(body) > MEANING_LIMIT:
                    break
        except (httpx.HTTPError, OSError):
            body.clear()  # the status has been said, and that is the news; its explanation is lost
        proxy = self._proxy_for(str(response.request.url))
        if response.status_code == httpx.codes.PROXY_AUTHENTICATION_REQUIRED and proxy is not None:
            raise proxy.refused(self.host, f"HTTP {response.status_code}")
        meaning = meaning_of(bytes(body))
        message = f"HTTP {response.status_code}" + (f": {meaning}" if meaning else "")
        if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
            wish = retry_after(response.headers.get("Retry-After", ""), self.clock())
            raise RateLimited(self.host, message, retry_after=wish)
        raise Refused(self.host, message, status=response.status_code)

    def _proxy_for(self, url: str) -> Proxy | None:
        return None if self._network is None else self._network.proxy_for(url)

    def _too_late(self, url: str) -> TimedOut:
        seconds = self.settings.timeout
        proxy = self._proxy_for(url)
        return TimedOut(self.host, f"time-out after {seconds:g} s") if proxy is None else proxy.late(self.host, seconds)

    def _failure(self, error: Exception, proxy: Proxy | None) -> SourceError:
        """The error of the tree for a failure of httpx or of the system, on the way through ``proxy`` if any."""
        for cause in _causes(error):
            if isinstance(cause, socket.gaierror):
                name = self._parts.hostname if self._parts else self.host
                return proxy.unknown_name(self.host) if proxy else Unreachable(self.host, f"name not found: {name}")
            if isinstance(cause, ssl.SSLError):
                through = f" (through {proxy.variable}={proxy.shown})" if proxy else ""
                return Unreachable(self.host, f"TLS: {plain(_tls_reason(cause))}{through}")
        if proxy is not None:
            return self._failure_of(proxy, error)
        if isinstance(error, httpx.ProxyError):  # of the browser's transport, which reads the environment itself
            return Unreachable(self.host, f"the proxy refused: {plain(without_passwords(str(error)))}")
        if isinstance(error, httpx.ConnectError):
            return Unreachable(self.host, f"no connection to {self._endpoint()}")
        if isinstance(error, httpx.DecodingError):
            return Garbled(self.host, "an answer that cannot be unpacked")
        text = str(error).lower()
        if isinstance(error, httpx.RemoteProtocolError) and not any(word in text for word in _CUT):
            return Garbled(self.host, "an answer that is not HTTP")
        if isinstance(error, (httpx.RemoteProtocolError, httpx.ReadError, httpx.CloseError)):
            return Unreachable(self.host, "the answer was cut short")
        reason = without_passwords(str(error)) or type(error).__name__
        return Unreachable(self.host, f"connection lost: {plain(reason)}")

    def _failure_of(self, proxy: Proxy, error: Exception) -> SourceError:
        """What went wrong at ``proxy`` or behind it, which cannot always be known apart."""
        if isinstance(error, httpx.ConnectError):
            return proxy.no_connection(self.host)
        if isinstance(error, httpx.ProxyError):
            return proxy.garbled(self.host) if str(error) == NO_SOCKS else proxy.refused(self.host, str(error))
        if isinstance(error, httpx.RemoteProtocolError) and not any(word in str(error).lower() for word in _CUT):
            return proxy.garbled(self.host)
        return proxy.failure(self.host, "the connection through this proxy was cut")

    def _endpoint(self) -> str:
        port = self._parts.port or _PORTS[self._parts.scheme] if self._parts else None
        return self.host if self.host.endswith(f":{port}") else f"{self.host}:{port}"


def address_of(base_url: str) -> SplitResult | None:
    """The parts of ``base_url``; ``None`` unless it is an address that HTTP can reach."""
    try:
        parts = urlsplit(base_url)
        usable = parts.scheme in _PORTS and bool(parts.hostname) and parts.port != 0
        httpx.URL(base_url)
    except (ValueError, httpx.InvalidURL):
        return None
    return parts if usable and base_url.isprintable() and " " not in base_url else None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _tls_reason(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return getattr(error, "verify_message", "") or "the certificate is not trusted"
    return (error.reason or str(error)).replace("_", " ").lower()
