"""What the environment says about reaching hosts: proxies, the hosts they are not for, and certificates.

Read in one place for the sources, the stream and the doctor, so that they agree: ``HTTPS_PROXY``, ``HTTP_PROXY``,
``ALL_PROXY`` and ``NO_PROXY``, small letters before capitals, and ``SSL_CERT_FILE`` or else ``SSL_CERT_DIR``. Where no
variable names a proxy, Windows and macOS are asked for theirs.
"""

from __future__ import annotations

import os
import re
import ssl
import stat
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import NoReturn
from urllib.parse import quote, unquote, urlsplit

from msgspec import Struct

from aiwatch.errors import TimedOut, Unreachable
from aiwatch.formatting.addresses import is_loopback, shown_address
from aiwatch.sources.network.exempt_hosts import ExemptHost, read_exempt
from aiwatch.sources.parsing import plain

PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443, "socks5h": 1080}
MOST_CERTIFICATE_BYTES = 16 * 2**20
_CHAINS = {
    "http": ("http", "all", "socks"),
    "https": ("https", "all", "socks"),
    "ws": ("ws", "socks", "https", "http", "all"),
    "wss": ("wss", "socks", "https", "all"),
}
"""Whose proxy a request of a scheme takes, the first that is set; a WebSocket prefers SOCKS (RFC 6455 §4.1)."""
_KINDS = {"http": "http", "https": "https", "socks5": "socks5h", "socks5h": "socks5h", "socks": "socks5h"}
"""The kinds of proxies as they are written and as they are used: with SOCKS the proxy looks up the names, always."""
_SYSTEM = "the system's proxy"
_HOST = re.compile(r"[A-Za-z0-9_.-]+", re.ASCII)
_HASHED = re.compile(r"[0-9a-f]{8}\.[0-9]+", re.ASCII)
_FORMS = "write it as http://HOST:PORT or socks5://HOST:PORT"
_ENCODED = f"{_FORMS}, and @ : / # of a password as %40 %3A %2F %23"


class NetworkProblem(Struct, frozen=True):
    """A variable that cannot be used, or what it leads to: ``value`` as it may be shown, and the next ``step``."""

    variable: str
    value: str
    what: str
    step: str

    def __str__(self) -> str:
        return f"{self.variable}={self.value}: {self.what}; {self.step}"

    @property
    def hint(self) -> str:
        """What to do then, in a sentence."""
        return f"Put {self.variable} right or unset it, then start aiwatch again."


class NetworkFault(Exception):
    """A request that cannot be sent as the environment wants it."""

    def __init__(self, problem: NetworkProblem) -> None:
        super().__init__(str(problem))
        self.problem = problem

    def at(self, host: str) -> Unreachable:
        """The same as the error of a source at ``host``."""
        return Unreachable(host, str(self), hint=self.problem.hint)


class Proxy(Struct, frozen=True):
    """A proxy: the ``variable`` that names it, its ``url`` with its password, and as it may be ``shown``."""

    variable: str
    url: str
    shown: str

    @property
    def is_socks(self) -> bool:
        """Whether it speaks SOCKS 5."""
        return self.url.startswith("socks")

    @property
    def is_secure(self) -> bool:
        """Whether it is spoken to in TLS."""
        return self.url.startswith("https")

    def failure(self, host: str, what: str, step: str = "") -> Unreachable:
        """The error of a source at ``host`` for ``what`` happened on the way through it."""
        step = step or f"check the proxy, or unset {self.variable}"
        problem = NetworkProblem(self.variable, self.shown, what, step)
        return Unreachable(host, str(problem), hint=problem.hint)

    def no_connection(self, host: str) -> Unreachable:
        """It is not there."""
        return self.failure(host, "no connection to this proxy", f"start it, or unset {self.variable}")

    def unknown_name(self, host: str) -> Unreachable:
        """No name server knows it."""
        return self.failure(host, "the name of this proxy is not found")

    def refused(self, host: str, why: str) -> Unreachable:
        """It said no, with the words or the status ``why``."""
        kind = "socks5" if self.is_socks else "http"
        if "407" in why or "auth" in why.lower() or "password" in why.lower():
            step = f"write them as {kind}://USER:PASSWORD@HOST:PORT"
            return self.failure(host, f"this proxy wants another user name and password ({plain(why, 40)})", step)
        return self.failure(host, f"this proxy refused: {plain(why, 60)}")

    def garbled(self, host: str) -> Unreachable:
        """What answers speaks another language."""
        kind = "SOCKS 5" if self.is_socks else "HTTP"
        return self.failure(host, f"what answers there is no {kind} proxy")

    def late(self, host: str, seconds: float) -> TimedOut:
        """Nothing came through it in time."""
        return TimedOut(host, str(self.failure(host, f"no answer through this proxy in {seconds:g} s")))


class Network(Struct, frozen=True):
    """How hosts are reached: ``problems`` are what cannot be read of it, certificates aside."""

    proxies: Mapping[str, Proxy | NetworkProblem]
    exempt: tuple[ExemptHost, ...]
    problems: tuple[NetworkProblem, ...]
    environment: Mapping[str, str]
    is_system: bool = False

    def proxy_for(self, url: str) -> Proxy | None:
        """The proxy for ``url``, ``None`` for none; this machine itself is never asked through one.

        Raises `NetworkFault` when the variable that names it cannot be used.
        """
        try:
            parts = urlsplit(url)
            host, port = (parts.hostname or "").rstrip("."), parts.port or PORTS.get(parts.scheme, 0)
        except ValueError:
            return None  # which is said where the address itself is looked at
        if is_loopback(host) or any(exempt.covers(host, port) for exempt in self.exempt):
            return None
        chosen = next((self.proxies[name] for name in _CHAINS.get(parts.scheme, ()) if name in self.proxies), None)
        if chosen is None or (self.is_system and _is_bypassed(host)):
            return None
        if isinstance(chosen, NetworkProblem):
            raise NetworkFault(chosen)
        return chosen

    def ssl_context(self) -> ssl.SSLContext:
        """The certificates to trust, one context for all who ask: reading them takes tens of milliseconds and some
        megabytes. Reads files, so it belongs off the event loop. Raises `NetworkFault`."""
        file, folder = self.environment.get("SSL_CERT_FILE", ""), self.environment.get("SSL_CERT_DIR", "")
        key = file, folder, self.environment.get("SSLKEYLOGFILE", ""), _stamp_of(file or folder)
        with _reading:
            if key not in _contexts:
                _contexts[key] = self._read_certificates(file, folder)
            return _contexts[key]

    def _read_certificates(self, file: str, folder: str) -> ssl.SSLContext:
        try:
            if file:
                _check_file(file)
                return ssl.create_default_context(cafile=file)
            if folder:
                _check_folder(folder)
                return ssl.create_default_context(capath=folder)
            return _packaged_certificates()
        except ssl.SSLError:
            _say("SSL_CERT_FILE", file, "holds no certificates in PEM form", "name a file that does, or unset it")
        except (OSError, ValueError) as error:
            self._say_unreadable(error)

    def certificate_problem(self) -> NetworkProblem | None:
        """What keeps certificates from being read, if anything does; reads files."""
        try:
            self.ssl_context()
        except NetworkFault as fault:
            return fault.problem
        return None

    def _say_unreadable(self, error: Exception) -> NoReturn:
        reason = getattr(error, "strerror", None) or type(error).__name__
        for variable in ("SSLKEYLOGFILE", "SSL_CERT_FILE", "SSL_CERT_DIR"):  # Python opens the first by itself
            if value := self.environment.get(variable, ""):
                _say(variable, value, f"cannot be used: {reason}", "name another, or unset it")
        _say("certifi", "", f"its certificates cannot be read: {reason}", "install the package certifi anew")


_contexts: dict[tuple[str, str, str, tuple[int, int]], ssl.SSLContext] = {}
"""By the variables that Python's ssl heeds, and by what changes when their files do."""
_reading = Lock()


def _stamp_of(path: str) -> tuple[int, int]:
    """What changes when the certificates of ``path`` do."""
    try:
        status = Path(path).stat()
    except (OSError, ValueError):
        return 0, 0
    return status.st_mtime_ns, status.st_size


def read_network(environment: Mapping[str, str] | None = None) -> Network:
    """The network of ``environment``, of this process's own where none is given. Reads no file and raises nothing."""
    environment = os.environ if environment is None else environment
    proxies: dict[str, Proxy | NetworkProblem] = {}
    written = {name: _written(environment, f"{name}_proxy") for name in dict.fromkeys(sum(_CHAINS.values(), ()))}
    is_system = not any(value for _, value in written.values()) and sys.platform in ("win32", "darwin")
    if is_system:
        written = _system_proxies()
    for name, (variable, value) in written.items():
        if value:
            proxies[name] = _read_proxy(variable, value, assumed="socks5" if name == "socks" else "http")
    problems = [proxy for proxy in proxies.values() if isinstance(proxy, NetworkProblem)]
    variable, value = _written(environment, "no_proxy")
    exempt, unreadable = read_exempt(value)
    if unreadable:
        count = f"{', '.join(repr(plain(entry, 30)) for entry in unreadable[:5])} cannot be read and is passed over"
        step = "write names, addresses, or ranges like 10.0.0.0/8 and fe80::/10, with commas between"
        problems.append(NetworkProblem(variable, plain(value), count, step))
    return Network(proxies, exempt, tuple(problems), environment, is_system)


def _written(environment: Mapping[str, str], name: str) -> tuple[str, str]:
    """The variable ``name`` in small letters or capitals, as it is spelled, and its value."""
    variable = name if name in environment else name.upper()
    return variable, environment.get(variable, "").strip()


def _system_proxies() -> dict[str, tuple[str, str]]:
    from urllib.request import getproxies

    with suppress(OSError, ValueError):
        return {
            name: (_SYSTEM, str(value)) for name, value in getproxies().items() if name in ("http", "https", "socks")
        }
    return {}


def _is_bypassed(host: str) -> bool:
    from urllib.request import proxy_bypass

    with suppress(OSError, ValueError):
        return bool(proxy_bypass(host))
    return False


def _read_proxy(variable: str, value: str, assumed: str) -> Proxy | NetworkProblem:
    """The proxy that ``value`` names, or what is wrong with it; a scheme that is missing is ``assumed``."""
    shown = plain(shown_address(value))
    text = value if "://" in value else f"{assumed}://{value}"
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
        kind = _KINDS.get(parts.scheme)
        if kind is None:
            step = "take its SOCKS 5 port" if parts.scheme.startswith("socks4") else _FORMS
            what = f"proxies of the kind {plain(parts.scheme, 20)!r} are not supported"
            return NetworkProblem(variable, shown, what, step)
        if port == 0 or parts.path not in ("", "/") or parts.query or parts.fragment or not text.isprintable():
            raise ValueError
        if ":" not in host:
            host = host.encode("idna").decode("ascii")
            if not _HOST.fullmatch(host):
                raise ValueError
    except ValueError:
        return NetworkProblem(variable, shown, "this is no address of a proxy", _ENCODED)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    login = f"{quote(user, safe='')}:{quote(password, safe='')}@" if user or password else ""
    place = f"[{host}]" if ":" in host else host
    if kind == "socks5h" and max(len(user.encode()), len(password.encode())) > 255:
        return NetworkProblem(variable, shown, "its user name or password is longer than SOCKS can take", _FORMS)
    return Proxy(variable, f"{kind}://{login}{place}:{port or PORTS[kind]}", shown)


def _packaged_certificates() -> ssl.SSLContext:
    import certifi

    return ssl.create_default_context(cafile=certifi.where())


def _check_file(path: str) -> None:
    """Raise `NetworkFault` when ``path`` is none that certificates can be read of; nothing is waited for."""
    status = _status("SSL_CERT_FILE", path, "file")
    if stat.S_ISDIR(status.st_mode):
        _say("SSL_CERT_FILE", path, "is a folder, not a file", "name a file, or the folder in SSL_CERT_DIR")
    if not stat.S_ISREG(status.st_mode) or status.st_size > MOST_CERTIFICATE_BYTES:
        _say("SSL_CERT_FILE", path, "is no file of certificates", "name a PEM file, or unset it")
    if not os.access(path, os.R_OK):
        _say("SSL_CERT_FILE", path, "must not be read by you", "give yourself the right, or unset it")


def _check_folder(path: str) -> None:
    """Raise `NetworkFault` when none of the folders that ``path`` lists holds certificates."""
    what = "holds no certificates"
    for folder in path.split(os.pathsep):
        status = _status("SSL_CERT_DIR", folder, "folder")
        if not stat.S_ISDIR(status.st_mode):
            _say("SSL_CERT_DIR", path, "is a file, not a folder", "name it in SSL_CERT_FILE")
        if any(_HASHED.fullmatch(entry.name) for entry in Path(folder).iterdir()):
            return
        what = "holds no certificates under names like 1a2b3c4d.0"
    _say("SSL_CERT_DIR", path, what, "run `openssl rehash` on it, or unset it")


def _status(variable: str, path: str, kind: str) -> os.stat_result:
    try:
        return Path(path).stat()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no path"
        missing = isinstance(error, FileNotFoundError)
        _say(
            variable,
            path,
            f"there is no such {kind}" if missing else f"cannot be read: {reason}",
            "name one, or unset it",
        )


def _say(variable: str, value: str, what: str, step: str) -> NoReturn:
    raise NetworkFault(NetworkProblem(variable, plain(value), what, step))
