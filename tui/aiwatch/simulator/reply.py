"""An answer of a host, before it is sent."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Reply:
    """An answer: what is sent, and as what."""

    body: bytes
    content_type: str
    status: int = 200
    extra: dict[str, str] = field(default_factory=dict)

    def headers(self) -> dict[str, str]:
        """The headers of the answer."""
        return {"Content-Type": self.content_type} | self.extra
