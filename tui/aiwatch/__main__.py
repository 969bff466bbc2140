"""Lets ``python -m aiwatch`` do what the ``aiwatch`` command does."""

from __future__ import annotations

from aiwatch.cli import main

if __name__ == "__main__":
    main()
