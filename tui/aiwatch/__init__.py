"""aiwatch: live quotes of the AI-infrastructure boom beside the commitments that drive it."""

from __future__ import annotations

__version__ = "0.1.0"

USER_AGENT = f"Mozilla/5.0 (compatible; aiwatch/{__version__})"
"""Sent to every host: honest about who asks, in the form the hosts accept."""
