"""Addresses of hosts as they may be shown: no password of one is ever printed, whatever is wrong with it."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

_BEHIND = re.compile(r"([?#]).*", re.DOTALL)


def is_loopback(host: str) -> bool:
    """Whether ``host`` (a name or an address, without port) is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def points_here(url: str) -> bool:
    """Whether the host of ``url`` is this machine. Raises `ValueError` for what is no address."""
    return is_loopback(urlsplit(url).hostname or "")


def shown_address(address: str) -> str:
    """``address``, one that a person wrote, without user name, password and the values of a question or a fragment,
    which may be a key.

    What may be the rest of a password that broke the address (``http://user:secret``, ``http://user:a%40host``) is
    left out too: nothing but a number is shown after a colon.
    """
    scheme, mark, rest = address.partition("://")
    if not mark or not scheme.isalnum():
        scheme, mark, rest = "", "", address
    place = _BEHIND.sub(r"\1…", rest.rpartition("@")[2])
    before, bracket, after = place.partition("/")[0].rpartition("]")
    name, _, port = after.partition(":")
    if port and not port.isdigit():
        return f"{scheme}{mark}{before}{bracket}{name}:…"
    return f"{scheme}{mark}{place}"


def without_passwords(text: str) -> str:
    """``text`` in which no address, written with its ``://``, has a user name or password any more."""
    if "@" not in text:
        return text
    words = []
    for word in text.split(" "):
        scheme, mark, rest = word.partition("://")
        words.append(f"{scheme}{mark}{rest.rpartition('@')[2]}" if mark and "@" in rest else word)
    return " ".join(words)
