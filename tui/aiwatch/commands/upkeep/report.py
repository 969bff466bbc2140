"""``aiwatch report``: what somebody who is to mend a fault has to know, without anything private; shown, then kept."""

from __future__ import annotations

import os
import platform
import re
import shutil
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import click

from aiwatch import __version__
from aiwatch.commands.upkeep.doctor import diagnose
from aiwatch.commands.upkeep.privacy import Privacy
from aiwatch.config.settings import Flags, Settings
from aiwatch.errors import AiwatchError
from aiwatch.files.bounded import read_bytes
from aiwatch.runtime.load import LoadedFiles, load_all

_THEIRS = ("curl_cffi", "numpy")
"""What yfinance and pandas stand on: a new version of either has broken them before."""
TERMINAL_VARIABLES = ("TERM", "COLORTERM", "TERM_PROGRAM", "TERM_PROGRAM_VERSION", "NO_COLOR", "LANG", "LC_ALL")
PRESENT = ("TMUX", "SSH_CONNECTION", "WSL_DISTRO_NAME", "WT_SESSION")
"""Variables of which only the presence is printed."""
OWN = "(one of your own)"
LOG_LINES = 60
"""Lines of the log at most, the newest."""
_FILE = "report.txt"
_PATH = re.compile(r'File "[^"]*?(?:[/\\])((?:aiwatch|site-packages|lib[/\\]python[\d.]+)[/\\][^"]*|[^"/\\]*)"')
_FAULTS = ("Error", "Exception", "Fault", "Exit")
"""How the names of exceptions end."""


@click.command()
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="A new zip file to write it to.")
@click.option(
    "--recording",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Add the last hour of this recording, which `aiwatch record` made; needs --output.",
)
@click.option("--offline", is_flag=True, help="Ask no host.")
@click.option("--yes", is_flag=True, help="Write without asking once more.")
@click.pass_context
def report(context: click.Context, output: Path | None, recording: Path | None, offline: bool, yes: bool) -> None:
    """Put together what a report of a fault needs: versions, system, terminal, settings, the doctor, the log.

    It is shown first, and written only when you say so. Your name, your folders, proxies, passwords and tokens are left
    out, and so is what your lists and your ledger hold. Nothing is sent anywhere.
    """
    if recording is not None and output is None:
        raise click.UsageError("--recording needs --output, the file to put it into")
    if output is not None and output.exists():
        raise click.UsageError(f"{output} is there already: name a new file")
    flags = context.obj if isinstance(context.obj, Flags) else Flags()
    privacy = _privacy()
    text = privacy.clean("\n".join(_lines(flags, offline)) + "\n")
    recorded = b""
    if recording is not None:
        from aiwatch.sources.recording_excerpt import last_hour

        recorded, words = last_hour(recording, privacy.clean, privacy.clean_body)
        text += f"\nRecording\n  {privacy.clean(words)}\n"
    click.echo(text, nl=False)
    if output is None:
        return
    if yes or click.confirm(f"Write this to {output}?", err=True):
        _write(output, text, recorded)
        click.echo(f"Written to {output}. Look through it before you send it.", err=True)


def _privacy() -> Privacy:
    return Privacy.of(os.environ, Path.home(), platform.node())


def _lines(flags: Flags, offline: bool) -> Iterator[str]:
    """The report line by line; it may still have private values in it."""
    yield f"aiwatch {__version__}"
    yield f"  Python {platform.python_version()} ({platform.python_implementation()}), {platform.platform()}"
    yield f"  encoding {sys.stdout.encoding}, files {sys.getfilesystemencoding()}"
    yield from _section("Packages", packages())
    yield from _section("Terminal", terminal(os.environ))
    try:
        read = load_all(flags)
    except AiwatchError as error:
        yield from _section("Settings", (f"cannot be used: {error.title}; `aiwatch check` says why",))
        return
    yield from _section("Settings that are not the usual ones", settings_lines(read.settings))
    yield from _section("Lists", lists_lines(read))
    if not offline:
        yield from _section("Doctor", diagnose(read).text().splitlines())
    yield from _section("Log", log_lines(read.places.log))


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    yield ""
    yield title
    yield from (f"  {line}" for line in lines)


def packages() -> Iterator[str]:
    """Every package that aiwatch needs, and of theirs those that break it most often, with the version that is here."""
    for requirement in (*(requires("aiwatch") or ()), *_THEIRS):
        name, _, marker = requirement.partition(";")
        if "extra" in marker:
            continue
        plain = name.strip()
        for sign in "[<>=! ~":
            plain = plain.partition(sign)[0]
        try:
            yield f"{plain} {version(plain)}"
        except PackageNotFoundError:
            yield f"{plain} is not installed"


def terminal(environment: Mapping[str, str]) -> Iterator[str]:
    """The size of the terminal in cells, and what it says it is."""
    size = shutil.get_terminal_size((0, 0))
    yield f"{size.columns} columns, {size.lines} lines" if size.columns else "no terminal"
    for name in TERMINAL_VARIABLES:
        if environment.get(name):
            yield f"{name}={environment[name][:60]}"
    yield from (f"{name} is set" for name in PRESENT if environment.get(name))


def settings_lines(settings: Settings) -> Iterator[str]:
    """The settings that differ from the usual ones. Addresses, folders and the names of lists are a person's own."""
    usual = Settings()
    for name in ("colours", "names", "theme", "transport", "stale_after_days", "currency", "remember_layout", "alerts"):
        value = getattr(settings, name)
        if value != getattr(usual, name):
            yield f"{name} = {value.notify if name == 'alerts' else value}"
    if settings.start_list != usual.start_list or settings.watchlists is not None:
        yield f"start_list, watchlists: {OWN}"
    if settings.keys != usual.keys:
        yield f"keys: preset {settings.keys.preset}, {len(settings.keys.own)} of your own"
    for name, own in settings.sources.items():
        default = usual.sources[name]
        for field in own.__struct_fields__:
            value = getattr(own, field)
            if value != getattr(default, field):
                yield f"sources.{name}.{field} = {OWN if field in ('base_url', 'addresses') else value}"
    if settings.stream != usual.stream:
        url = "" if settings.stream.url == usual.stream.url else f", url {OWN}"
        yield f"sources.stream: {'enabled' if settings.stream.enabled else 'not enabled'}{url}"


def lists_lines(read: LoadedFiles) -> Iterator[str]:
    """How many lists, stocks and problems there are; not which."""
    lists = read.watchlists.lists
    yield f"{len(lists)} lists with {sum(len(each.stocks) for each in lists)} stocks"
    yield f"{len(read.watchlists.problems)} problems in lists, {len(read.problems)} in the settings"


def log_lines(path: Path) -> Iterator[str]:
    """The newest lines of the log that say where a fault was; what it said may be about a person's files."""
    try:
        lines = read_bytes(path).decode("utf-8", "replace").splitlines()[-LOG_LINES:]
    except OSError:
        return
    for line in lines:
        stripped = line.strip()
        is_place = stripped.startswith('File "')
        is_head = " aiwatch " in line and line[:4].isdigit()
        kind = stripped.partition(":")[0]
        if is_place or is_head:
            yield _place(stripped)
        elif not line.startswith(" ") and kind.replace(".", "").isidentifier() and kind[-9:].endswith(_FAULTS):
            yield kind


def _place(line: str) -> str:
    """A line of a traceback, its path from the package on, or the name of the file alone."""
    return _PATH.sub(lambda match: f'File "…/{match[1]}"', line)


def _write(path: Path, text: str, recorded: bytes) -> None:
    try:
        with zipfile.ZipFile(path, "x", zipfile.ZIP_DEFLATED) as bundle:
            bundle.writestr(_FILE, text)
            if recorded:
                bundle.writestr("recording.gz", recorded)
    except OSError as error:
        raise click.ClickException(f"{path}: cannot be written: {error.strerror or error}") from None
