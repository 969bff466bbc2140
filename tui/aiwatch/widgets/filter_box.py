"""The box above a panel's rows that narrows them to what matches."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from aiwatch.widgets.tab_line import TabLine


class FilterTrouble(Static):
    """What is wrong with the filter above it; hidden while nothing is."""

    DEFAULT_CSS = """
    FilterTrouble {
        display: none; height: auto; max-height: 2; padding: 0 1; background: $panel;
        &.-shown { display: block; }
    }
    """

    def say(self, trouble: str) -> None:
        """Say ``trouble``, or nothing."""
        self.update(Content(trouble))
        self.set_class(bool(trouble), "-shown")


class FilterBox(Input):
    """A row to type in, hidden until it is opened."""

    DEFAULT_CSS = """
    FilterBox {
        display: none; border: none; height: 1; padding: 0 1; background: $panel;
        &.-shown { display: block; }
        &.-textual-compact { padding: 0 1; }
    }
    """

    def open(self) -> None:
        """Show the box and type into it."""
        self.add_class("-shown")
        self.focus()

    def hold(self, text: str) -> None:
        """Show the box with ``text``, and leave the focus where it is."""
        self.value = text
        self.add_class("-shown")

    def close(self) -> None:
        """Empty the box and hide it."""
        self.value = ""
        self.remove_class("-shown")


def say_below(box: FilterBox, trouble: str) -> None:
    """Say below ``box`` what is wrong with its text, or nothing."""
    panel = box.parent
    assert isinstance(panel, Widget)
    if trouble and not panel.query(FilterTrouble):
        panel.mount(FilterTrouble(), after=box)
    for line in panel.query(FilterTrouble):
        line.say(trouble)


def filter_box_of(panel: Widget, id: str, hint: str) -> FilterBox:
    """The box called ``id`` below the tabs of ``panel``. It is mounted when it is first asked for, for it is dear to
    style and no first paint shows it."""
    for box in panel.query(FilterBox):
        return box
    box = FilterBox(placeholder=hint, id=id, compact=True)
    panel.mount(box, after=panel.query_one(TabLine))
    return box
