"""Whether the archive's file can be used, for somebody who wants to know and changes nothing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from aiwatch.archive.faults import Fault, fault_of
from aiwatch.archive.schema import FutureVersion, check_tables, version_of
from aiwatch.archive.store import Store
from aiwatch.files.bounded import reason_of

_STEPS = {
    Fault.CORRUPT: "the next screen puts it aside and begins a new one",
    Fault.FUTURE: "use the aiwatch that wrote it, or move it away",
    Fault.LOCKED: "look again when the other program is done",
}


def archive_damage(path: Path) -> tuple[str, str] | None:
    """What is wrong with the archive at ``path`` and the next step; ``None`` when nothing is, or no archive."""
    if not path.exists():
        return None
    try:
        with closing(Store.look(path)) as store:
            version_of(store.connection)
            check_tables(store.connection)
            damage = store.connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            if damage != "ok":
                raise sqlite3.DatabaseError(f"malformed: {damage}")
    except FutureVersion as error:
        return f"was written by a later aiwatch: {error}", _STEPS[Fault.FUTURE]
    except Exception as error:  # whatever the file is
        step = _STEPS.get(fault_of(error), "move it away or give yourself the right to it")
        return f"cannot be used: {reason_of(error)}", step
    return None
