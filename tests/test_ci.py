"""``.ci/run`` runs the README's test command and nothing else, in an environment made anew."""

from __future__ import annotations

import os
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent


def _checkout(folder: Path, readme: str) -> Path:
    (folder / ".ci").mkdir()
    shutil.copy(ROOT / ".ci/run", folder / ".ci/run")
    (folder / "README.md").write_text(readme, encoding="utf-8")
    return folder / ".ci/run"


def _run(script: Path, elsewhere: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [script], cwd=elsewhere, env={**os.environ, "CI_BROWSER": "no"}, capture_output=True, text=True, check=False
    )


def test_it_runs_the_block_after_the_mark_in_the_checkout(tmp_path: Path, home: Path) -> None:
    block = '```sh\necho other\n```\n\n<!-- test command -->\n\n```sh\necho "in $(basename $PWD)" && ls -A\n```\n'
    script = _checkout(tmp_path, f"{block}\n```sh\necho later\n```\n")
    (tmp_path / ".venv-test/old").mkdir(parents=True)
    result = _run(script, home)
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines() == [
        'echo "in $(basename $PWD)" && ls -A',
        f"in {tmp_path.name}",
        ".ci",
        "README.md",
    ]


def _tool(folder: Path, name: str, body: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    (folder / name).chmod(0o755)


@pytest.mark.parametrize(
    ("user", "apt_status", "asked", "words"),
    [(0, 0, True, ""), (0, 1, True, "its test will be skipped"), (1000, 0, False, "")],
)
def test_a_browser_is_fetched_where_one_may_and_never_fails_the_run(
    user: int, apt_status: int, asked: bool, words: str, tmp_path: Path, home: Path
) -> None:
    script = _checkout(tmp_path, "<!-- test command -->\n```sh\necho ran\n```\n")
    tools = tmp_path / "tools"
    tools.mkdir()
    _tool(tools, "id", f"echo {user}")
    _tool(tools, "apt-get", f'echo "$@" >> "{home}/asked"; exit {apt_status}')
    for name in ("bash", "awk", "dirname", "rm", "timeout"):
        (tools / name).symlink_to(str(shutil.which(name)))
    result = subprocess.run(
        [tools / "bash", script], cwd=home, env={"PATH": str(tools)}, capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stdout.splitlines()[-1]) == (0, "ran")
    assert (home / "asked").exists() is asked
    assert words in result.stderr


@pytest.mark.parametrize(
    ("system", "ran"),
    [("msys", "python -m venv .v && .v/Scripts/python x"), ("linux-gnu", "python3 -m venv .v && .v/bin/python x")],
)
def test_on_windows_it_calls_an_environments_programs_as_they_are_called_there(
    system: str, ran: str, tmp_path: Path, home: Path
) -> None:
    block = "echo 'python3 -m venv .v && .v/bin/python x'"
    script = _checkout(tmp_path, f"<!-- test command -->\n```sh\n{block}\n```\n")
    environment = {**os.environ, "CI_BROWSER": "no", "OSTYPE": system}
    result = subprocess.run([script], cwd=home, env=environment, capture_output=True, text=True, check=True)
    assert result.stdout.splitlines()[-1] == ran


def test_the_forge_runs_the_same_script_on_every_system_and_python() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/check.yml").read_text(encoding="utf-8"))
    assert set(workflow) == {"name", True, "permissions", "jobs"}, "YAML reads 'on' as true"
    job = workflow["jobs"]["check"]
    matrix = job["strategy"]["matrix"]
    assert matrix["system"] == ["ubuntu-latest", "macos-latest", "windows-latest"]
    classifiers = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["classifiers"]
    versions = [words.rpartition(" ")[2] for words in classifiers if "Python :: 3." in words]
    assert matrix["python"] == versions
    assert job["runs-on"] == "${{ matrix.system }}"
    steps = job["steps"]
    assert all("@v" in step["uses"] for step in steps if "uses" in step)
    assert steps[-1]["run"] == ".ci/run"
    assert steps[-1]["shell"] == "bash"
    assert os.access(ROOT / ".ci/run", os.X_OK)


def test_it_fails_as_the_command_fails(tmp_path: Path, home: Path) -> None:
    script = _checkout(tmp_path, "<!-- test command -->\n```sh\nexit 3\n```\n")
    assert _run(script, home).returncode == 3


def test_it_fails_when_the_readme_has_no_command(tmp_path: Path, home: Path) -> None:
    result = _run(_checkout(tmp_path, "# aiwatch\n```sh\necho x\n```\n"), home)
    assert result.returncode == 2
    assert "no fenced block" in result.stderr


def test_the_readmes_command_is_one_line_that_makes_its_own_environment() -> None:
    block = (ROOT / "README.md").read_text(encoding="utf-8").split("<!-- test command -->\n")[1].split("```")[1]
    _, command = block.strip().split("\n")
    assert "-m venv .venv-test" in command
    assert "-c constraints.txt" in command
    assert command.endswith("python tests/check.py")
