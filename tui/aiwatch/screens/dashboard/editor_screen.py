"""The dashboard's half for the editor of lists: lets it write in its turn, shows what came of it, and says so."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from textual import work

from aiwatch.errors import EditError
from aiwatch.screens.dashboard.lists_screen import ListsScreen
from aiwatch.session.dependencies import Dependencies
from aiwatch.watchlist.folders import ListsRead

if TYPE_CHECKING:
    from aiwatch.watchlist.editing.editor import ListEditor
    from aiwatch.watchlist.editing.history import Step

MARK_WORDS = {"DEMO": "simulated prices", "REPLAY": "recorded prices"}
"""What prices are that are not the market's, by the word that marks them."""
_TITLE = "Watchlists"


class Done(Struct, frozen=True):
    """An edit that was made: what the editor gave back, and the step that undoes it (``None``: nothing changed)."""

    result: object
    step: Step | None


class EditorScreen(ListsScreen):
    """A screen whose watchlists can be written."""

    def __init__(self, dependencies: Dependencies) -> None:
        super().__init__(dependencies)
        self._edit_lock = asyncio.Lock()
        self.wrong_lines: dict[Path, int] = {}
        """The files that are wrong now, each with the line of its first problem."""

    @cached_property
    def list_editor(self) -> ListEditor | None:
        """What writes the lists' files; ``None`` where they stand in none."""
        files = self._given.files.list_files
        if files is None:
            return None
        from aiwatch.watchlist.editing.editor import ListEditor

        return ListEditor(files.bundled, files.own)

    async def perform(self, deed: Callable[[ListEditor], object]) -> Done | None:
        """Let the editor do something, in a thread and in its turn, and show the lists as they then are.

        ``None`` when it could not be done, which is said.
        """
        editor = self.list_editor
        if editor is None:
            self.inform("The lists cannot be edited here")
            return None
        async with self._edit_lock:
            known = set(map(id, editor.steps))
            try:
                result = await asyncio.to_thread(deed, editor)
            except EditError as error:
                self._refuse(error)
                return None
            step = next((one for one in editor.steps[-1:] if id(one) not in known), None)
            await self.reload_lists()
        return Done(result, step)

    async def do(self, deed: Callable[[ListEditor], object], *, plain: bool = False) -> Done | None:
        """Do it as `perform` does, and say what was done; what is ``plain`` to be seen only with a first copy."""
        done = await self.perform(deed)
        if done is not None and done.step is not None and (done.step.copied or not plain):
            self.inform(self.done_words(done.step))
        return done

    def done_words(self, step: Step) -> str:
        """What was done, in a sentence, and what of it may surprise: that a list is one's own now, or is not kept."""
        return f"{_sentence(step.words)} · {self.keyboard.shown('edit.undo')} undoes{self._surprise(step)}"

    @work(group="edit", exit_on_error=False)
    async def edit(self, deed: Callable[[ListEditor], object], *, plain: bool = False) -> None:
        """Do something with the lists, as `do` does."""
        await self.do(deed, plain=plain)

    def _surprise(self, step: Step) -> str:
        mark = self._given.feed.mark
        if mark:
            return f"\n{mark}: {MARK_WORDS.get(mark, 'not live')}, and edits are not kept"
        return "".join(f"\n{path.stem} is your own list now: {_short(path)}" for path in step.copied)

    def _refuse(self, error: EditError) -> None:
        words = _sentence(str(error)) + (f". {error.hint}" if error.hint else "")
        self.app.notify(words, title=error.title, severity="warning", timeout=10, markup=False)

    def take_lists(self, found: ListsRead) -> None:
        """Show other lists in place of these; a file that was deleted elsewhere can be brought back."""
        editor = self.list_editor
        for path, text, form in found.gone:
            if editor is None or editor.deleted_here(path):
                continue
            if text:
                editor.note_gone(path, text, form)
            back = f" · {self.keyboard.shown('edit.undo')} brings it back" if text else ""
            self.inform(f"{path.name} is gone, and its list with it{back}")
        self.wrong_lines = {problem.path: problem.line for problem in reversed(found.problems)}
        super().take_lists(found)

    def inform(self, words: str) -> None:
        """Say something about the lists for a moment."""
        self.app.notify(words, title=_TITLE, timeout=5, markup=False)


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _short(path: Path) -> str:
    """``path``, from the home of its owner on."""
    try:
        return f"~/{path.relative_to(Path.home())}"
    except (RuntimeError, ValueError):
        return str(path)
