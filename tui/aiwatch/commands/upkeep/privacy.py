"""What must not leave this machine with a report: who its user is, where they are, and whatever opens a door."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from aiwatch.commands.upkeep.surroundings import PROXIES

HIDDEN = "…"
LEAST_NAME = 3
"""Characters of the shortest name of a person or machine that is looked for: shorter ones are parts of all words."""
LEAST_SECRET = 4
_SECRET_VARIABLE = re.compile(r"KEY|TOKEN|SECRET|PASS|PWD|COOKIE|CREDENTIAL|AUTH", re.IGNORECASE)
_USER_VARIABLES = ("USER", "LOGNAME", "USERNAME")
_MACHINE_VARIABLES = ("HOSTNAME", "COMPUTERNAME", "USERDOMAIN")
_NOT_SECRET = ("SSH_AUTH_SOCK", "PWD", "OLDPWD")
_ADDRESS = re.compile(r"\b([a-z][a-z0-9+.-]*://)[^/\s'\"]*@", re.IGNORECASE)
_PARAMETER = re.compile(r"([?&][\w.-]*(?:key|token|secret|pass|crumb|auth|sig)[\w.-]*=)[^&\s'\"]+", re.IGNORECASE)


class Privacy(Struct, frozen=True):
    """Takes private values out of texts: ``folders`` are replaced by what stands beside each, ``secrets`` and ``names``
    by `HIDDEN`, the names as whole words alone."""

    folders: tuple[tuple[str, str], ...]
    secrets: tuple[str, ...]
    names: tuple[str, ...]

    @classmethod
    def of(cls, environment: Mapping[str, str], home: Path, machine: str, further: Iterable[str] = ()) -> Privacy:
        """What is private by ``environment``: the folder ``home``, the user's and the machine's names, proxies,
        everything that is called a key, token or password, and ``further`` secrets."""
        secrets = [*further, *_proxy_parts(environment)]
        secrets += [
            value
            for name, value in environment.items()
            if _SECRET_VARIABLE.search(name) and name not in _NOT_SECRET and not value.isdigit()
        ]
        names = [environment.get(name, "") for name in (*_USER_VARIABLES, *_MACHINE_VARIABLES)]
        names += [home.name, machine, machine.partition(".")[0]]
        folders = {str(home), home.as_posix(), str(home.resolve())} - {"", "/", "."}
        return cls(
            tuple((folder, "~") for folder in sorted(folders, key=len, reverse=True)),
            _longest_first(secrets, LEAST_SECRET),
            _longest_first(names, LEAST_NAME),
        )

    def clean(self, text: str) -> str:
        """``text`` without anything private."""
        text = self._without_secrets(text)
        for name in self.names:
            text = re.sub(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", HIDDEN, text, flags=re.IGNORECASE)
        return text

    def clean_body(self, body: bytes) -> bytes:
        """What a host sent, without secrets and folders; names stay, for they may be words of the answer."""
        return self._without_secrets(body.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")

    def _without_secrets(self, text: str) -> str:
        for folder, stand_in in self.folders:
            text = text.replace(folder, stand_in)
        for secret in self.secrets:
            text = text.replace(secret, HIDDEN)
        text = _ADDRESS.sub(rf"\1{HIDDEN}@", text)
        return _PARAMETER.sub(rf"\1{HIDDEN}", text)


def _proxy_parts(environment: Mapping[str, str]) -> list[str]:
    """User name, password and host of every proxy, as they are written and as they are meant; entries of no_proxy."""
    parts: list[str] = []
    for variable in (name for small in PROXIES for name in (small, small.upper())):
        address = environment.get(variable, "")
        with suppress(ValueError):
            split = urlsplit(address if "://" in address else f"//{address}")
            parts += [part for part in (split.username, split.password, split.hostname) if part]
        parts += re.split(r"[:/@]+", address.rpartition("@")[0].partition("://")[2])
    for variable in ("no_proxy", "NO_PROXY"):
        parts += [entry.strip(" .*") for entry in environment.get(variable, "").split(",")]
    loopback = {"127.0.0.1", "localhost", "::1"}
    return [form for part in parts for form in (part, unquote(part)) if form not in loopback]


def _longest_first(words: Iterable[str], least: int) -> tuple[str, ...]:
    return tuple(sorted({word for word in words if len(word) >= least}, key=lambda word: (-len(word), word)))
