"""The test command: style, types, import rules and tests, all of them even when one fails.

Run with the interpreter of an environment that has the ``dev`` extra: ``python tests/check.py``. Exits with 1 if any
of the five failed. The tests come last, and when all is well their closing line is the last one printed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = Path(sysconfig.get_path("scripts"))

STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ruff check", (str(SCRIPTS / "ruff"), "check", ".")),
    ("ruff format", (str(SCRIPTS / "ruff"), "format", "--check", ".")),
    ("mypy", (sys.executable, "-m", "mypy")),
    ("lint-imports", (str(SCRIPTS / "lint-imports"),)),
    ("pytest", (sys.executable, "-m", "pytest")),
)


def main() -> int:
    """Run every step. Returns the exit status.

    What is compiled is kept, also where the environment says not to: every process that a test starts, and each of the
    two that run the tests, would else compile the same modules again.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    failed: list[str] = []
    for number, (name, command) in enumerate(STEPS, 1):
        print(f"[{number}/{len(STEPS)}] {name}", flush=True)
        start = time.monotonic()
        status = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        if status:
            failed.append(name)
            print(f"{name} FAILED with exit status {status} after {time.monotonic() - start:.1f} s", flush=True)
    if failed:
        print(f"FAILED: {', '.join(failed)} ({len(STEPS) - len(failed)} of {len(STEPS)} passed)")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
