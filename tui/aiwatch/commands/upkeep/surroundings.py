"""What ``aiwatch doctor`` finds around the program: variables of the network and the terminal, and folders."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from aiwatch.config.paths import Places
from aiwatch.config.settings import variables
from aiwatch.files.toml_document import did_you_mean
from aiwatch.formatting.addresses import shown_address

PROXIES = ("https_proxy", "http_proxy", "all_proxy", "wss_proxy", "ws_proxy", "socks_proxy")
PATHS = ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE")
_LOCALE = ("LC_ALL", "LC_CTYPE", "LANG")
_UNICODE = ("utf-8", "utf8")
_OURS = "AIWATCH_"


class Problem(Struct, frozen=True):
    """Something around the program that is not right: its ``name`` and ``value``, what is wrong, and the next step."""

    name: str
    value: str
    what: str
    step: str

    def __str__(self) -> str:
        return f"{self.name}={self.value}: {self.what}; {self.step}"


def surroundings(environment: Mapping[str, str]) -> dict[str, str]:
    """What has a say in how hosts are reached; proxies without their passwords, everything on one line."""
    from aiwatch.sources.parsing import plain

    names = [name for small in (*PROXIES, "no_proxy") for name in (small.upper(), small)]
    addresses = {name: shown_address(environment[name]) for name in names if environment.get(name)}
    addresses |= {name: environment[name] for name in PATHS if environment.get(name)}
    return {name: plain(value, 200) for name, value in addresses.items()}


def problems_around(environment: Mapping[str, str], places: Places) -> list[Problem]:
    """Everything that is not right in ``environment`` and with the folders of ``places``; reads files."""
    return [
        *network_problems(environment),
        *terminal_problems(environment),
        *variable_problems(environment),
        *folder_problems(places),
        *state_problems(places),
    ]


def network_problems(environment: Mapping[str, str]) -> list[Problem]:
    """Proxies and entries of ``no_proxy`` that cannot be read, and certificates that cannot be used."""
    from aiwatch.sources.network.environment import read_network

    network = read_network(environment)
    certificates = network.certificate_problem()
    problems = [*network.problems, *([] if certificates is None else [certificates])]
    return [Problem(problem.variable, problem.value, problem.what, problem.step) for problem in problems]


def terminal_problems(environment: Mapping[str, str]) -> list[Problem]:
    """A terminal that cannot be drawn on, or a locale without Chinese and box characters."""
    from aiwatch.sources.parsing import plain

    problems = []
    term = environment.get("TERM", "")
    if os.name != "nt" and term in ("", "dumb", "unknown"):
        step = "set it to what your terminal is, xterm-256color for most"
        problems.append(Problem("TERM", term, "the screen cannot be drawn on such a terminal", step))
    name = next((name for name in _LOCALE if environment.get(name)), "")
    value = environment.get(name, "")
    if name and value not in ("C", "POSIX") and not value.lower().endswith(_UNICODE) and "." in value:
        what = "Chinese names and lines may be replaced by question marks"
        problems.append(Problem(name, plain(value), what, "set it to a locale that ends in UTF-8"))
    return problems


def variable_problems(environment: Mapping[str, str]) -> list[Problem]:
    """Variables that are named as those of aiwatch and are none, each with the nearest."""
    from aiwatch.sources.parsing import plain

    names = {variable.removeprefix(_OURS) for variable in (*variables().values(), f"{_OURS}CONFIG")}
    unknown = [name.removeprefix(_OURS) for name in sorted(environment) if name.startswith(_OURS)]
    nearest = {name: did_you_mean(name, names) for name in unknown if name not in names}
    steps = {name: near.removeprefix(", ").replace("'", f"'{_OURS}", 1) for name, near in nearest.items()}
    return [
        Problem(f"{_OURS}{plain(name, 40)}", "…", "there is no such variable", step or "unset it")
        for name, step in steps.items()
    ]


def folder_problems(places: Places) -> list[Problem]:
    """Folders that cannot be written to: what is to be remembered there is lost."""
    folders = {"settings": places.settings.parent, "watchlists": places.watchlists, "state": places.state}
    folders |= {"cache": places.cache, "log": places.log.parent}
    problems = []
    for name, folder in folders.items():
        there = _nearest(folder)
        if not there.is_dir():
            what = f"{there} is no folder" if there != folder else "is no folder"
            problems.append(Problem(name, str(folder), what, "move that file away"))
        elif not os.access(there, os.W_OK | os.X_OK):
            problems.append(Problem(name, str(folder), "cannot be written to", "give yourself the right to"))
    return problems


def state_problems(places: Places) -> list[Problem]:
    """Files that aiwatch keeps and cannot use: of the screen, of what was parsed, of past prices, and the log; and what
    it has put aside of them. Changes none of them."""
    from aiwatch.archive.soundness import archive_damage
    from aiwatch.files.parse_cache import damage_of, pattern_damage
    from aiwatch.runtime.crash_log import log_damage
    from aiwatch.session.layout import ASIDE, read_layout

    problems = []
    _, layout = read_layout(places.layout)
    if layout and places.state.is_dir():  # else the folder is named already
        what = layout.removeprefix(f"{places.layout}: ").partition(";")[0]
        problems.append(Problem("layout", str(places.layout), what, "the next screen puts it aside"))
    if parsed := damage_of(places.parsed):
        problems.append(Problem("parsed texts", str(places.parsed), parsed, "the next screen makes it anew"))
    if patterns := pattern_damage(places.patterns):
        problems.append(Problem("parsed patterns", str(places.patterns), patterns, "the next screen makes it anew"))
    if archive := archive_damage(places.archive):
        problems.append(Problem("archive", str(places.archive), *archive))
    if log := log_damage(places.log):
        problems.append(Problem("log", str(places.log), log, "move it away or give yourself the right to it"))
    problems += _put_aside("layout", places.layout, ASIDE)
    problems += _put_aside("price history", places.history, ".corrupt-*[0-9]")
    return problems + _put_aside("archive", places.archive, ".corrupt-*[0-9]")


def _put_aside(name: str, path: Path, end: str) -> list[Problem]:
    """What lies beside ``path`` under its name with ``end``."""
    try:
        asides = sorted(path.parent.glob(f"{path.name}{end}"))
    except OSError:
        return []
    return [
        Problem(name, str(aside), "was put aside as damaged", "delete it if you do not want it") for aside in asides
    ]


def _nearest(folder: Path) -> Path:
    """``folder``, or the nearest above it that exists."""
    for path in (folder, *folder.parents):
        try:
            path.lstat()
        except OSError:
            continue
        return path
    return folder
