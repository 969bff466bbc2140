"""``.ci/run`` runs the README's test command and nothing else, in an environment made anew."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

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
