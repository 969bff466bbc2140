"""``aiwatch correlate``, which is worked out with ``aiwatch compare``."""

from aiwatch.commands.analysis.compare import correlate

__all__ = ["correlate"]
