"""The settings file ``config.toml``: its model, how it is read, and what is said of a wrong key."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """Where a data host is and how often it is asked; ``interval`` in seconds while its markets trade and
    ``interval_closed`` while they do not, ``timeout`` in seconds for one request."""

    base_url: str
    interval: float
    interval_closed: float
    timeout: float = 10.0


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings with their defaults. ``colours`` is ``auto`` (by exchange), ``red-up`` or ``green-up``;
    ``names`` is ``english`` or ``chinese``; ``start_list`` the key of the watchlist shown first."""

    tencent: SourceSettings = field(
        default_factory=lambda: SourceSettings("https://qt.gtimg.cn", interval=5, interval_closed=60)
    )
    yahoo: SourceSettings = field(
        default_factory=lambda: SourceSettings("https://query1.finance.yahoo.com", interval=20, interval_closed=300)
    )
    colours: str = "auto"
    names: str = "english"
    theme: str = "aiwatch-dark"
    start_list: str = "liquid-cooling-rally"
