"""The manual page says what the helps say, of every command and option, and ``man`` can read it."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from aiwatch.commands.examples import EXAMPLES
from aiwatch.commands.group import WIDEST_HELP, commands
from aiwatch.config.settings import variables


def _contexts(context: click.Context) -> Iterator[click.Context]:
    yield context
    if isinstance(context.command, click.Group):
        for name in context.command.list_commands(context):
            command = context.command.get_command(context, name)
            assert command is not None
            yield from _contexts(click.Context(command, parent=context, info_name=name, **command.context_settings))


ROOT = click.Context(commands, info_name="aiwatch", **commands.context_settings)
CONTEXTS = {context.command_path: context for context in _contexts(ROOT)}


@pytest.fixture(scope="module", name="page")
def _page() -> str:
    result = CliRunner().invoke(commands, ["man"], prog_name="aiwatch")
    assert result.exit_code == 0
    return result.output


def _plain(page: str) -> str:
    """The words of a page without what commands its layout."""
    lines = [line.removeprefix(".B ") for line in page.splitlines() if not re.match(r"\.[A-Z]{2}$|\.(nf|fi)$", line)]
    text = " ".join(" ".join(lines).split())
    for code, sign in (("\\(ga", "`"), ("\\(aq", "'"), ("\\-", "-"), ("\\&", ""), ("\\e", "\\")):
        text = text.replace(code, sign)
    return text


def test_every_command_option_and_variable_is_in_the_page(page: str) -> None:
    text = _plain(page)
    assert len(CONTEXTS) > 35
    for path, context in CONTEXTS.items():
        assert f"{path} {' '.join(context.command.collect_usage_pieces(context))}" in text
        assert " ".join((context.command.help or "").split()).replace("\b ", "")[:70] in text, path
        for parameter in context.command.get_params(context):
            record = parameter.get_help_record(context)
            assert record is None or " ".join(f"{record[0]} {record[1]}".split()) in text, (path, record)
    assert all(variable in text for variable in variables().values())


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not installed")
def test_man_can_read_the_page(page: str, tmp_path: Path) -> None:
    path = tmp_path / "aiwatch.1"
    path.write_text(page, encoding="utf-8")
    shown = subprocess.run(
        ["groff", "-man", "-Tutf8", "-k", "-ww", str(path)], capture_output=True, text=True, check=True, timeout=60
    )
    warnings = [line for line in shown.stderr.splitlines() if "cannot adjust line" not in line]
    assert warnings == []
    assert "AIWATCH(1)" in shown.stdout
    assert "aiwatch quotes --watchlist chips --json" in re.sub(r"\x1b\[[0-9;]*m|.\x08", "", shown.stdout)


def test_a_text_that_looks_like_a_command_of_the_page_is_none() -> None:
    from aiwatch.commands.upkeep.man import page

    odd = click.Command("odd", help=".ticker.yaml and 'quoted' \\fBnot bold\\fR -x", epilog="\b\n.SH EVIL\n  \\n(.x")
    lines = page(odd, "odd").splitlines()
    assert "\\&.ticker.yaml and \\(aqquoted\\(aq \\efBnot bold\\efR \\-x" in lines
    assert not [line for line in lines if "EVIL" in line and line.startswith(".")]


@pytest.mark.parametrize("path", [path.removeprefix("aiwatch").strip() for path in CONTEXTS])
def test_every_help_has_examples_and_fits_the_terminal(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    words = path.split()
    is_view = len(words) == 2 and words[0] == "ledger" and path not in EXAMPLES
    for width in (40, 80, WIDEST_HELP, 200):
        monkeypatch.setenv("COLUMNS", str(width))
        output = CliRunner().invoke(commands, [*words, "--help"], prog_name="aiwatch").output
        assert is_view or f"  Examples:\n    {EXAMPLES[path][0]}\n" in output
        if width >= 80:
            assert max(map(len, output.splitlines())) <= max(80, min(width, WIDEST_HELP))


def test_no_example_is_of_a_command_that_is_not_there() -> None:
    assert {f"aiwatch {path}".strip() for path in EXAMPLES} <= CONTEXTS.keys()


def _typed(line: str) -> list[str]:
    """The words after ``aiwatch`` in a line of a shell, without what the shell itself does with them."""
    inner = re.search(r"aiwatch([^|>)]*)", line)
    assert inner is not None, line
    return shlex.split(inner[1])


@pytest.mark.parametrize(
    ("path", "line"), [(path, line) for path, lines in EXAMPLES.items() for line in lines], ids=str
)
def test_every_example_can_be_typed(path: str, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("monday.gz", "portfolio.csv", "mine.toml", "edition.json", "data_centers.csv"):
        (tmp_path / name).touch()
    words = _typed(line)
    context = click.Context(commands, info_name="aiwatch")
    while isinstance(context.command, click.Group) and words and not words[0].startswith("-"):
        name = words.pop(0)
        command = context.command.get_command(context, name)
        assert command is not None, f"{line}: there is no {name}"
        context = click.Context(command, parent=context, info_name=name)
    assert context.command_path == f"aiwatch {path}".strip() or path in ("", "ledger", "archive")
    if not any(getattr(parameter, "prompt", None) for parameter in context.command.params):  # that would be asked for
        context.command.make_context(context.info_name, words, parent=context.parent)
