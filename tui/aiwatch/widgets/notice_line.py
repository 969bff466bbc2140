"""What is wrong now, in words, and what can be done; takes no room while there is nothing to say."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static


class NoticeLine(Static):
    """Sentences about failing sources and files; hidden when there are none."""

    DEFAULT_CSS = """
    NoticeLine {
        display: none; height: auto; max-height: 10; padding: 0 1;
        background: $warning 18%; color: $foreground;
        &.-shown { display: block; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._said: tuple[str, ...] = ()

    def say(self, sentences: Sequence[str]) -> None:
        """Show ``sentences`` one a row, or nothing; said again, they cost no layout."""
        if tuple(sentences) == self._said:
            return
        self._said = tuple(sentences)
        self.set_class(bool(sentences), "-shown")
        rows = [Content.assemble(("! ", "bold $warning"), sentence) for sentence in sentences]
        self.update(Content("\n").join(rows))
