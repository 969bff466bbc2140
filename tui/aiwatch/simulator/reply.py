"""An answer of a host, before it is sent."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct


class Reply(Struct):
    """An answer: what is sent, and as what; ``extra`` are further headers."""

    body: bytes
    content_type: str
    status: int = 200
    extra: Mapping[str, str] = {}

    def headers(self) -> dict[str, str]:
        """The headers of the answer."""
        return {"Content-Type": self.content_type, **self.extra}
