"""What a person installs: the wheel, made from the sdist, put into a fresh environment and run from elsewhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from packaging.metadata import Metadata

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


@pytest.fixture(scope="module", name="built")
def _built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The sdist, and the wheel built from it alone."""
    folder = tmp_path_factory.mktemp("built")
    _run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    [wheel], [sdist] = folder.glob("aiwatch-*.whl"), folder.glob("aiwatch-*.tar.gz")
    return {"wheel": wheel, "sdist": sdist}


def _data_of(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        prefix = "aiwatch/_data/"
        return {name.removeprefix(prefix): archive.read(name) for name in archive.namelist() if name.startswith(prefix)}


def _lend_packages(environment: Path) -> None:
    """Let ``environment`` import what is installed here; aiwatch itself is in none of these folders."""
    [packages] = environment.glob("[Ll]ib/**/site-packages")
    lent = [folder for folder in sys.path if Path(folder).name == "site-packages"]
    (packages / "lent.pth").write_text("".join(f"{folder}\n" for folder in lent), encoding="utf-8")


def _files() -> dict[str, bytes]:
    paths = [path for name in DATA_FOLDERS for path in (ROOT / name).rglob("*") if path.is_file()]
    return {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in paths}


def test_the_wheel_and_the_sdist_carry_the_data_byte_by_byte(built: dict[str, Path]) -> None:
    files = _files()
    assert len(files) > 10
    assert _data_of(built["wheel"]) == files
    with tarfile.open(built["sdist"]) as archive:
        inside = {name.partition("/")[2]: name for name in archive.getnames()}
        for path, data in files.items():
            part = archive.extractfile(inside[path])
            assert part is not None
            assert part.read() == data, path
    needed = {"README.md", "LICENSE", "LICENSES.md", "CHANGELOG.md", "CONTRIBUTING.md", "constraints.txt"}
    needed |= {"requirements.lock", "pyproject.toml", "Dockerfile", ".ci/run", "tests/check.py", "tui/README.md"}
    assert needed <= inside.keys()
    assert not [name for name in inside if ".venv" in name or name.endswith(".pyc")]


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_the_metadata_of_what_is_built_is_valid_and_has_the_readme(kind: str, built: dict[str, Path]) -> None:
    if kind == "wheel":
        with zipfile.ZipFile(built[kind]) as archive:
            [name] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
            data = archive.read(name)
    else:
        with tarfile.open(built[kind]) as archive:
            part = archive.extractfile(f"aiwatch-{aiwatch.__version__}/PKG-INFO")
            assert part is not None
            data = part.read()
    listed = Metadata.from_email(data, validate=True)
    assert (listed.name, str(listed.version), listed.license_expression) == ("aiwatch", aiwatch.__version__, "MIT")
    assert listed.description_content_type == "text/markdown"
    assert listed.description == (ROOT / "README.md").read_text(encoding="utf-8")
    assert str(listed.requires_python) == ">=3.11"


def _scripts(environment: Path) -> Path:
    return environment / ("Scripts" if os.name == "nt" else "bin")


def _runs_and_is_whole(scripts: Path, fresh: Path, elsewhere: Path) -> None:
    """The program that lies in ``scripts`` runs from ``elsewhere``, and on what is installed in ``fresh`` alone."""
    assert _run(scripts / "aiwatch", "--version", cwd=elsewhere) == f"aiwatch, version {aiwatch.__version__}\n"
    assert _run(scripts / "aiwatch", "check", cwd=elsewhere).endswith(": no problem found\n")
    names = json.loads(_run(scripts / "aiwatch", "paths", "--json", cwd=elsewhere))
    for name in ("bundled watchlists", "bundled ledger"):
        assert Path(names[name]["path"]).resolve().is_relative_to(fresh.resolve()), name


@pytest.mark.parametrize(
    ("kind", "dependencies"),
    [
        ("wheel", "borrowed"),
        *(pytest.param(kind, "borrowed", marks=pytest.mark.long) for kind in ("sdist", "checkout")),
        *(pytest.param(kind, "installed", marks=pytest.mark.long) for kind in ("wheel", "sdist", "checkout")),
    ],
)
def test_pip_installs_it_in_a_fresh_environment(
    built: dict[str, Path], tmp_path: Path, kind: str, dependencies: str
) -> None:
    elsewhere, fresh = (tmp_path / name for name in ("elsewhere", "fresh"))
    elsewhere.mkdir()
    source = built.get(kind, ROOT)
    _run(sys.executable, "-m", "venv", "--without-pip", fresh, cwd=elsewhere)
    pip = (sys.executable, "-m", "pip", "--python", _scripts(fresh) / "python")
    install: list[str | Path] = ["install", "--quiet", "--no-compile", "-c", ROOT / "constraints.txt", source]
    if dependencies == "borrowed":
        install += ["--no-deps", "--no-index"]
        if kind != "wheel":
            install.append("--no-build-isolation")
        _lend_packages(fresh)
    _run(*pip, *install, cwd=elsewhere, environment=_OUTER_ENVIRONMENT)
    _runs_and_is_whole(_scripts(fresh), fresh, elsewhere)


@pytest.mark.long
@pytest.mark.parametrize("tool", ["pipx", "uv"])
def test_a_tool_for_programs_installs_it(built: dict[str, Path], tmp_path: Path, tool: str) -> None:
    """As the README says, with the tool itself in an environment of its own."""
    tools, programs, homes = (tmp_path / name for name in ("tools", "programs", "homes"))
    _run(sys.executable, "-m", "venv", tools, cwd=tmp_path)
    _run(_scripts(tools) / "python", "-m", "pip", "install", "-q", tool, cwd=tmp_path, environment=_OUTER_ENVIRONMENT)
    environment = _OUTER_ENVIRONMENT | {
        "PIPX_HOME": str(homes),
        "PIPX_BIN_DIR": str(programs),
        "UV_TOOL_DIR": str(homes),
        "UV_TOOL_BIN_DIR": str(programs),
    }
    words = ("pipx", "install") if tool == "pipx" else ("uv", "tool", "install")
    _run(_scripts(tools) / words[0], *words[1:], built["sdist"], cwd=tmp_path, environment=environment)
    _runs_and_is_whole(programs, homes, tmp_path)


@pytest.mark.long
def test_twine_and_the_locked_versions_are_content(built: dict[str, Path], tmp_path: Path) -> None:
    tools, fresh = tmp_path / "tools", tmp_path / "fresh"
    for environment in (tools, fresh):
        _run(sys.executable, "-m", "venv", environment, cwd=tmp_path)
    _run(
        _scripts(tools) / "python", "-m", "pip", "install", "-q", "twine", cwd=tmp_path, environment=_OUTER_ENVIRONMENT
    )
    _run(_scripts(tools) / "twine", "check", "--strict", *built.values(), cwd=tmp_path, environment=_OUTER_ENVIRONMENT)
    pip = (_scripts(fresh) / "python", "-m", "pip", "install", "--quiet")
    locked = ("--require-hashes", "-r", ROOT / "requirements.lock")
    _run(*pip, *locked, cwd=tmp_path, environment=_OUTER_ENVIRONMENT)
    _run(*pip, "--no-deps", built["wheel"], cwd=tmp_path, environment=_OUTER_ENVIRONMENT)
    _run(_scripts(fresh) / "python", "-m", "pip", "check", cwd=tmp_path)
    _runs_and_is_whole(_scripts(fresh), fresh, tmp_path)
