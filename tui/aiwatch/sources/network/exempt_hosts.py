"""The hosts that ``no_proxy`` keeps from being asked through a proxy."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from msgspec import Struct

_NAME = re.compile(r"[a-z0-9_.*-]+", re.ASCII)
_BRACKETED = re.compile(r"\[([^]]*)](?::([0-9]{1,5}))?", re.ASCII)


class ExemptHost(Struct, frozen=True):
    """One entry: a range of addresses, or a name and all below it (``*`` stands for anything); at one ``port``, or at
    all for 0."""

    name: str = ""
    network: IPv4Network | IPv6Network | None = None
    port: int = 0

    def covers(self, host: str, port: int) -> bool:
        """Whether ``host``, a name or an address, at ``port`` is meant."""
        if self.port and port != self.port:
            return False
        if self.network is not None:
            try:
                return ip_address(host) in self.network
            except ValueError:
                return False
        host = host.lower()
        if "*" in self.name:
            return fnmatchcase(host, self.name)
        return host == self.name or host.endswith(f".{self.name}")


def read_exempt(text: str) -> tuple[tuple[ExemptHost, ...], list[str]]:
    """The hosts that ``text`` lists, with commas or blanks between, and the entries that cannot be read."""
    exempt: list[ExemptHost] = []
    unreadable: list[str] = []
    for entry in re.split(r"[,;\s]+", text):
        if entry:
            host = _read_entry(entry.lower())
            if host is None:
                unreadable.append(entry)
            else:
                exempt.append(host)
    return tuple(exempt), unreadable


def _read_entry(entry: str) -> ExemptHost | None:
    try:
        if "://" in entry:
            entry = urlsplit(entry).netloc.rpartition("@")[2]
        network = _network(entry)
        if network is not None:
            return ExemptHost(network=network)
        if bracketed := _BRACKETED.fullmatch(entry):
            return _at(bracketed[1], bracketed[2] or "")
        name, colon, port = entry.rpartition(":")
        return _at(name, port) if colon else _at(entry, "")
    except ValueError:
        return None


def _at(name: str, port: str) -> ExemptHost | None:
    """The host ``name`` at ``port``, empty for every one. Raises `ValueError` for a port that is none."""
    number = int(port) if port else 0
    if not 0 <= number <= 65_535 or (port and not number):
        return None
    network = _network(name)
    if network is not None:
        return ExemptHost(network=network, port=number)
    name = name.removeprefix("*.").strip(".") if name != "*" else name
    if not name.isascii():
        name = name.encode("idna").decode("ascii")
    if not _NAME.fullmatch(name) or name.replace(".", "").isdigit():
        return None
    return ExemptHost(name=name, port=number)


def _network(text: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None
