"""Opens a file in the text editor that a person has chosen, at a line, and waits until it is left."""

from __future__ import annotations

import asyncio
import shlex
import shutil
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from textual.app import App, SuspendNotSupported
from textual.driver import Driver

from aiwatch.errors import EditError
from aiwatch.files.bounded import reason_of

VARIABLES = ("VISUAL", "EDITOR")
"""The environment variables that name an editor, the first that is set counts."""
USUAL = ("nano", "vim", "vi", "notepad")
"""Editors to look for where none is named."""

_PLUS = frozenset(
    ("vi", "vim", "nvim", "view", "gvim", "nano", "pico", "emacs", "emacsclient", "mg", "micro", "kak", "joe", "ne")
)
_COLON = frozenset(("hx", "helix", "subl", "zed"))
_GO_TO = frozenset(("code", "code-insiders", "codium", "cursor", "windsurf"))


class EditorError(EditError):
    """No editor could be opened."""

    title = "No editor"


def command_for(words: list[str], path: Path, line: int) -> list[str]:
    """The command that opens ``path`` at ``line`` in the editor ``words``; an unknown editor gets the path alone."""
    program = Path(words[0]).name.removesuffix(".exe")
    if program in _PLUS:
        return [*words, f"+{line}", str(path)]
    if program in _COLON:
        return [*words, f"{path}:{line}"]
    if program in _GO_TO:
        return [*words, "-g", f"{path}:{line}"]
    return [*words, str(path)]


def editor_words(environment: Mapping[str, str]) -> list[str]:
    """The editor that ``environment`` names, in words, else the first usual one there is. Raises `EditorError`."""
    for variable in VARIABLES:
        if named := environment.get(variable, "").strip():
            try:
                words = shlex.split(named)
            except ValueError as error:
                raise EditorError(f"{variable} is {named!r}: {error}") from None
            if not words or not words[0]:
                raise EditorError(f"{variable} is {named!r}, which names no program")
            return words
    for program in USUAL:
        if program_path := shutil.which(program):
            return [program_path]
    raise EditorError("no editor is named", hint="Set VISUAL or EDITOR, as in EDITOR=nano.")


async def run_editor(app: App[Any], environment: Mapping[str, str], path: Path, line: int) -> None:
    """Let the editor have the terminal until it is left; the app goes on meanwhile, unseen.

    Raises `EditorError` when there is no such editor, it fails, or the terminal cannot be given away.
    """
    command = command_for(await asyncio.to_thread(editor_words, environment), path, line)
    try:
        status = await _with_terminal(app, command)
    except SuspendNotSupported:
        raise EditorError(
            "the terminal cannot be given to an editor here", hint=f"Open {path} in one beside aiwatch: it follows."
        ) from None
    if status:
        raise EditorError(f"{command[0]} ended with status {status}")


async def _with_terminal(app: App[Any], command: list[str]) -> int:
    """The status of ``command``, which has the terminal until it ends.

    Nothing is raised before the screen has the terminal again: what went wrong meanwhile is raised then.
    """
    failure: BaseException | None = None
    status = 0
    with app.batch_update(), app.suspend(), _interrupts_ignored():
        try:
            status = await _run(command)
        except BaseException as error:
            failure = error
    app.post_message(Driver.SignalResume())
    if isinstance(failure, Exception):  # whatever it is: nobody else would say it
        hint = "Set VISUAL or EDITOR to another."
        raise EditorError(f"{command[0]} cannot be run: {reason_of(failure)}", hint=hint) from failure
    if failure is not None:
        raise failure
    return status


async def _run(command: list[str]) -> int:
    """Run ``command`` on the terminal; it is ended with aiwatch."""
    process = await asyncio.create_subprocess_exec(*command)
    try:
        return await process.wait()
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.terminate()


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """What is typed into the editor does not end aiwatch; unlike ignored signals, this is not handed down."""
    typed = [number for name in ("SIGINT", "SIGQUIT") if (number := getattr(signal, name, None)) is not None]
    before = {number: signal.signal(number, lambda *_: None) for number in typed}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
