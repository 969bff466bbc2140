"""The bottom row: the keys that work where the focus is, as many as fit."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget


class KeyLine(Widget):
    """Reads the bindings of the focused widget, its panel and the screen; each key can be clicked."""

    DEFAULT_CSS = """
    KeyLine { height: 1; padding: 0 1; background: $panel; color: $text-muted; }
    """

    def on_mount(self) -> None:
        """Follow the focus."""
        self.screen.bindings_updated_signal.subscribe(self, lambda _: self.refresh())

    def render(self) -> Content:
        return Content("  ").join(self._that_fit(self.content_size.width))

    def _that_fit(self, width: int) -> list[Content]:
        labels = self._labels()
        while labels and sum(label.cell_length + 2 for label in labels) - 2 > width:
            labels.pop(-3 if len(labels) > 3 else -1)
        return labels

    def _labels(self) -> list[Content]:
        """One label a group of keys, in the order of their definition; help and quit come last and stay longest."""
        groups: dict[str, list[str]] = {}
        actions: dict[str, str] = {}
        for active in self.screen.active_bindings.values():
            binding = active.binding
            if not binding.show or not active.enabled:
                continue
            words = binding.group.description if binding.group else binding.description
            keys = groups.setdefault(words, [])
            key = self.app.get_key_display(binding)
            if key not in keys:
                keys.append(key)
            actions.setdefault(words, binding.key)
        return [self._label(words, keys, actions[words]) for words, keys in groups.items()]

    def _label(self, words: str, keys: list[str], key: str) -> Content:
        shown = "".join(keys) if len(keys) < 3 else f"{keys[0]}–{keys[-1]}"
        label = Content.assemble((shown, "bold $heading"), f" {words}")
        return label.stylize(f"@click=app.simulate_key('{key}')") if key.isidentifier() else label
