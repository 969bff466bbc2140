"""What a person installs: the wheel, made from the sdist, put into a fresh environment and run from elsewhere."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import aiwatch

ROOT = Path(__file__).resolve().parent.parent
DATA_FOLDERS = ("watchlists", "seeds")

_OUTER_ENVIRONMENT = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
"""As it was before a test got a home of its own: pip may be set up there."""


def _run(*command: object, cwd: Path, environment: dict[str, str] | None = None) -> str:
    result = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, f"{command}\n{result.stdout}\n{result.stderr}"
    return result.stdout


def _build_wheel(folder: Path) -> Path:
    """Build the sdist, and from it alone the wheel."""
    _run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    [wheel] = folder.glob("aiwatch-*.whl")
    return wheel


def _data_of(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        prefix = "aiwatch/_data/"
        return {name.removeprefix(prefix): archive.read(name) for name in archive.namelist() if name.startswith(prefix)}


def _lend_packages(environment: Path) -> None:
    """Let ``environment`` import what is installed here; aiwatch itself is in none of these folders."""
    [packages] = environment.glob("[Ll]ib/**/site-packages")
    lent = [folder for folder in sys.path if Path(folder).name == "site-packages"]
    (packages / "lent.pth").write_text("".join(f"{folder}\n" for folder in lent), encoding="utf-8")


@pytest.mark.parametrize("dependencies", ["borrowed", pytest.param("installed", marks=pytest.mark.long)])
def test_the_wheel_carries_the_data_and_runs_in_a_fresh_environment(tmp_path: Path, dependencies: str) -> None:
    built, elsewhere, fresh = (tmp_path / name for name in ("built", "elsewhere", "fresh"))
    built.mkdir()
    elsewhere.mkdir()
    wheel = _build_wheel(built)

    files = [path for name in DATA_FOLDERS for path in (ROOT / name).rglob("*") if path.is_file()]
    assert len(files) > 10
    assert _data_of(wheel) == {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in files}

    _run(sys.executable, "-m", "venv", "--without-pip", fresh, cwd=elsewhere)
    scripts = fresh / ("Scripts" if os.name == "nt" else "bin")
    pip = (sys.executable, "-m", "pip", "--python", scripts / "python")
    install: tuple[object, ...] = ("install", "--quiet", "--no-compile", "-c", ROOT / "constraints.txt", wheel)
    if dependencies == "borrowed":
        install = (*install, "--no-deps", "--no-index")
        _lend_packages(fresh)
    _run(*pip, *install, cwd=elsewhere, environment=_OUTER_ENVIRONMENT)

    assert _run(scripts / "aiwatch", "--version", cwd=elsewhere) == f"aiwatch, version {aiwatch.__version__}\n"
    where = "from aiwatch.files.bundled import bundled; print(bundled('watchlists'), bundled('seeds'), sep='\\n')"
    for folder in _run(scripts / "python", "-c", where, cwd=elsewhere).splitlines():
        assert Path(folder).is_relative_to(fresh)
    whole = _run(scripts / "python", "-c", "from aiwatch.commands.upkeep.check import check; check()", cwd=elsewhere)
    assert whole.endswith(": no problem found\n")
