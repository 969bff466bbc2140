"""The oldest versions that may be installed are those that are tested: older ones have known advisories."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
_FLOOR = re.compile(r"([A-Za-z][\w.-]*)(?:\[[\w,]+])?>=([\d.]+)")


def _name(text: str) -> str:
    return text.lower().replace("_", "-")


def _tested() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return {_name(name): version for name, equals, version in (line.partition("==") for line in lines) if equals}


def _requirements() -> list[str]:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project = pyproject["project"]
    return [*pyproject["build-system"]["requires"], *project["dependencies"], *project["optional-dependencies"]["dev"]]


def _minor(version: str) -> list[int]:
    return [int(part) for part in (*version.split("."), "0")[:2]]


def _is_too_low(requirement: str, tested: dict[str, str]) -> bool:
    floor = _FLOOR.match(requirement)
    return floor is None or _minor(floor[2]) < _minor(tested[_name(floor[1])])


@pytest.mark.parametrize("requirement", _requirements())
def test_no_floor_is_below_what_is_tested(requirement: str) -> None:
    assert not _is_too_low(requirement, _tested())


@pytest.mark.parametrize(
    "requirement", ["aiohttp>=3.12", "aiohttp", "aiohttp<4", "textual>=8.1,<8.3", "httpx[socks]>=0.27"]
)
def test_a_floor_that_is_too_low_is_seen(requirement: str) -> None:
    assert _is_too_low(requirement, {"aiohttp": "3.14.5", "textual": "8.2.8", "httpx": "0.28.1"})
