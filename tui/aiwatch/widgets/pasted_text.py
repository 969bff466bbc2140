"""What is pasted into a box of one line: every line of it, where Textual's own input takes the first alone."""

from __future__ import annotations

from textual.widget import Widget
from textual.widgets import Input


class LinesInput(Input):
    """A box for several things, which may be pasted one a line."""

    line_joint = ", "
    """What stands between pasted lines."""


def one_line(text: str, target: Widget | None) -> str:
    """The lines of ``text`` as one, joined as ``target`` wants them: by a blank, unless it says otherwise.

    A mark of the byte order, which a file may begin with, is left out.
    """
    text = text.removeprefix("\ufeff")
    lines = text.splitlines()
    if len(lines) < 2 and "".join(lines) == text:
        return text
    return str(getattr(target, "line_joint", " ")).join(line.strip() for line in lines if line.strip())
