"""Where things are kept, by the environment that is passed in."""

from __future__ import annotations

from pathlib import Path

import pytest

from aiwatch.config.paths import find_places
from aiwatch.errors import SettingError


def test_every_place_follows_the_environment_and_none_is_made(tmp_path: Path) -> None:
    environment = {
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }
    places = find_places(environment)
    assert places.settings == tmp_path / "config/aiwatch/config.toml"
    assert places.watchlists == tmp_path / "config/aiwatch/watchlists"
    assert places.ledger == tmp_path / "config/aiwatch/ledger"
    assert places.state == tmp_path / "state/aiwatch"
    assert places.cache == tmp_path / "cache/aiwatch"
    assert places.log == tmp_path / "state/aiwatch/log/aiwatch.log"
    assert list(tmp_path.iterdir()) == []


def test_the_variable_names_the_settings_file_alone(tmp_path: Path) -> None:
    environment = {"XDG_CONFIG_HOME": str(tmp_path), "AIWATCH_CONFIG": str(tmp_path / "other.toml")}
    places = find_places(environment)
    assert places.settings == tmp_path / "other.toml"
    assert places.watchlists == tmp_path / "aiwatch/watchlists"


def test_a_relative_name_is_taken_from_here_and_a_tilde_from_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_places({"AIWATCH_CONFIG": "mine.toml"}).settings == tmp_path / "mine.toml"
    assert find_places({"AIWATCH_CONFIG": "~/mine.toml"}).settings == Path.home() / "mine.toml"


def test_the_home_of_nobody_is_refused() -> None:
    with pytest.raises(SettingError, match=r"^AIWATCH_CONFIG: "):
        find_places({"AIWATCH_CONFIG": "~no-such-user-here/config.toml"})


@pytest.mark.parametrize("value", ["", "relative/folder"])
def test_a_folder_that_is_not_absolute_does_not_count(value: str) -> None:
    places = find_places({"XDG_CONFIG_HOME": value, "XDG_STATE_HOME": value, "XDG_CACHE_HOME": value})
    assert places == find_places({})
    for place in (places.settings, places.state, places.cache, places.log):
        assert place.is_absolute()
        assert "aiwatch" in place.parts
