"""What no request of a run needs is not imported; what one may need is."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path

import pytest

from aiwatch.runtime import hosts
from aiwatch.sources.network import environment

VARIABLES = [f"{scheme}_proxy" for scheme in ("http", "https", "all", "ws", "wss", "socks")]


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.mark.parametrize(
    ("variables", "may"),
    [
        ({}, False),
        ({"HTTPS_PROXY": "http://127.0.0.1:3128"}, False),
        ({"HTTPS_PROXY": "nonsense://127.0.0.1"}, False),
        ({"ALL_PROXY": "socks5://127.0.0.1:1080"}, True),
        ({"all_proxy": "socks5h://127.0.0.1"}, True),
        ({"https_proxy": "socks://127.0.0.1:1"}, True),
        ({"http_proxy": "http://127.0.0.1:1", "socks_proxy": "127.0.0.1:1"}, True),
    ],
)
def test_socks_is_imported_where_a_proxy_may_speak_it(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], may: bool
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert hosts._not_spoken("socksio") == (() if may else ("socksio",))


def test_a_proxy_of_the_system_may_come_to_speak_socks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(environment, "_system_proxies", dict)
    assert hosts._not_spoken("socksio") == ()


def test_what_is_left_out_is_not_there_meanwhile_and_can_be_imported_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("is_left_out_one", "is_left_out_two"):
        (tmp_path / f"{name}.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    before = importlib.import_module("is_left_out_one")
    with hosts.left_out("is_left_out_one", "is_left_out_two"):
        assert importlib.import_module("is_left_out_one") is before
        with pytest.raises(ImportError):
            importlib.import_module("is_left_out_two")
    assert importlib.import_module("is_left_out_two").__file__ == os.fspath(tmp_path / "is_left_out_two.py")
    for name in ("is_left_out_one", "is_left_out_two"):
        monkeypatch.delitem(sys.modules, name)
