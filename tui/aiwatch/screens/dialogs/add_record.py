"""The form in which a person writes a record of the ledger: where it is said and when first, then the rest."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual import events, getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.suggester import SuggestFromList
from textual.widgets import Button, Input, Label, Static

from aiwatch.errors import EditError, FileError
from aiwatch.ledger.imports.answers import QUESTIONS, Answers, Question, WrongAnswer, read_answers
from aiwatch.screens.base import BaseDialog

Save = Callable[[Answers], Awaitable[str]]
"""Writes a record and gives its id. Raises `EditError` or `FileError` when it cannot."""

_BY_KEY = {question.key: question for question in QUESTIONS}


class AddRecordDialog(BaseDialog[str | None]):
    """Asks for a record and has it written by ``save``: gives its id, or ``None`` when it was left. What cannot be used
    is said beside its field, and everything that was typed stays."""

    CSS_PATH = "add_record.tcss"
    AUTO_FOCUS = "#address"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "cancel", id="record.cancel", tooltip="Write nothing"),
        Binding("ctrl+s", "save", "save", id="record.save", tooltip="Write the record into your own file"),
        Binding("down", "app.focus_next", "next", show=False, id="record.next", tooltip="The next field"),
        Binding("up", "app.focus_previous", "previous", show=False, id="record.previous", tooltip="The field before"),
    ]

    note = getters.query_one("#record-hint", Static)

    def __init__(self, save: Save) -> None:
        super().__init__()
        self._save = save

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="record-form", can_focus=False) as box:
            box.border_title = "Add a commitment of your own"
            for question in QUESTIONS:
                with Horizontal(classes="field"):
                    yield Label(question.words)
                    suggester = SuggestFromList(filter(None, question.choices)) if question.choices else None
                    placeholder = question.example or ("" if question.needed else "may be left empty")
                    yield Input(placeholder=placeholder, id=question.key, suggester=suggester, compact=True)
            yield Static("", id="record-hint")
            with Horizontal(id="record-buttons"):
                yield Button("Save", variant="primary", id="save", compact=True)
                yield Button("Cancel", id="cancel", compact=True)

    @on(events.DescendantFocus)
    def explain(self, event: events.DescendantFocus) -> None:
        """Say what may be answered in the field that was gone to."""
        question = _BY_KEY.get(event.widget.id or "")
        if question is not None and not self.note.has_class("-wrong"):
            self.note.update(Content(_hint(question)))

    @on(Input.Changed)
    def forget_wrong(self, event: Input.Changed) -> None:
        """What is typed anew may be right."""
        event.stop()
        self.note.remove_class("-wrong")
        self.note.update(Content(_hint(_BY_KEY[event.input.id or ""])))

    @on(Input.Submitted)
    def save_typed(self, event: Input.Submitted) -> None:
        """Enter goes to the next field, and from the last one saves."""
        event.stop()
        if event.input.id == QUESTIONS[-1].key:
            self.action_save()
        else:
            self.focus_next(Input)

    @on(Button.Pressed)
    def press(self, event: Button.Pressed) -> None:
        """Save, or leave."""
        event.stop()
        if event.button.id == "save":
            self.action_save()
        else:
            self.dismiss(None)

    def action_save(self) -> None:
        """Have the record written, or say what is wrong and go to its field."""
        texts = {question.key: self.query_one(f"#{question.key}", Input).value for question in QUESTIONS}
        try:
            answers = read_answers(texts)
        except WrongAnswer as wrong:
            self.query_one(f"#{wrong.key}", Input).focus()
            self._show_problem(f"{_BY_KEY[wrong.key].words}: {wrong}")
            return
        self.write(answers)

    @work(group="save", exclusive=True, exit_on_error=False)
    async def write(self, answers: Answers) -> None:
        """Write the record and leave, or say why it cannot be written."""
        try:
            self.dismiss(await self._save(answers))
        except (EditError, FileError) as error:
            self._show_problem(f"{error}{f' {error.hint}' if error.hint else ''}")

    def _show_problem(self, words: str) -> None:
        self.note.add_class("-wrong")
        self.note.update(Content(words))


def _hint(question: Question) -> str:
    if question.choices:
        return ", ".join(filter(None, question.choices))
    return "" if question.needed else f"{question.words}: may be left empty"
