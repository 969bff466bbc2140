"""Examples of every command, as its help and the manual show them; a test reads each with the command it is of."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

EXAMPLES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "": ("aiwatch", "aiwatch --list chips --names chinese", "aiwatch --colours colour-blind --theme nord"),
        "demo": ("aiwatch demo", "aiwatch demo --rate 200 --fault tencent:429"),
        "web": ("aiwatch web", "aiwatch web --demo --list chips", "aiwatch web --replay monday.gz --port 0"),
        "quotes": (
            "aiwatch quotes NVDA 0700.HK 600519.SS",
            "aiwatch quotes --watchlist chips --json",
            "aiwatch quotes --csv > quotes.csv",
        ),
        "record": ("aiwatch record monday.gz", "aiwatch record chips.gz --watchlist chips --seconds 600"),
        "replay": ("aiwatch replay monday.gz", "aiwatch replay --speed 20 monday.gz"),
        "ledger": (
            "aiwatch ledger",
            "aiwatch ledger circles",
            "aiwatch ledger totals --in USD",
            "aiwatch ledger deals --csv > deals.csv",
        ),
        "ledger map": ("aiwatch ledger map --dot | dot -Tsvg > map.svg",),
        "ledger diff": ("aiwatch ledger diff edition.json",),
        "ledger import": ("aiwatch ledger import epoch data_centers.csv",),
        "ledger add": ("aiwatch ledger add",),
        "filings": ("aiwatch filings NVDA 0700.HK 002837.SZ", "aiwatch filings chips --days 7 --csv > filings.csv"),
        "history": ("aiwatch history NVDA --range 5d", "aiwatch history --fetch chips --range max"),
        "compare": ("aiwatch compare chips --range 1y", "aiwatch compare NVDA AMD --benchmark ^IXIC --in USD"),
        "correlate": ("aiwatch correlate NVDA AMD AVGO", "aiwatch correlate hyperscalers --weekly --csv"),
        "study": ("aiwatch study 002837.SZ 603757.SS --on 2025-07-22",),
        "claims": ("aiwatch claims", "aiwatch claims --check --json"),
        "doctor": ("aiwatch doctor", "aiwatch doctor --json", "aiwatch doctor --contract"),
        "report": ("aiwatch report", "aiwatch report --output report.zip --recording monday.gz"),
        "import": ("aiwatch import --dry-run portfolio.csv", "aiwatch import --name Mine portfolio.csv"),
        "export": ("aiwatch export chips", "aiwatch export chips --format csv --output chips.csv"),
        "check": ("aiwatch check", "aiwatch check mine.toml", "aiwatch check --schema watchlist > watchlist.json"),
        "archive": ("aiwatch archive check", "aiwatch archive prune"),
        "archive check": ("aiwatch archive check --json",),
        "archive prune": ("aiwatch archive prune --json",),
        "completion": ('eval "$(aiwatch completion bash)"', "aiwatch completion fish | source"),
        "man": ("aiwatch man > aiwatch.1",),
        "paths": ("aiwatch paths", "aiwatch paths --json"),
    }
)
"""The lines of a shell by the words of a command after ``aiwatch``; the first says what is wanted most."""


def epilog_of(path: str, further: str | None = None) -> str | None:
    """What the help of the command of ``path`` ends with: its examples, then ``further``."""
    lines = EXAMPLES.get(path)
    if not lines:
        return further
    shown = "\n".join(("\b", "Examples:", *(f"  {line}" for line in lines)))
    return f"{shown}\n\n{further}" if further else shown
