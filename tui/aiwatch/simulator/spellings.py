"""Yahoo's spelling of a symbol that Tencent's or Sina's host is asked for: what `code_of` of their wires says, read
backwards."""

from __future__ import annotations

_SUFFIXES = {"sh": ".SS", "sz": ".SZ", "bj": ".BJ"}
_HONG_KONG, _NEW_YORK, _RATES = ("rt_hk", "hk"), ("gb_", "us"), "fx_s"
_DOLLAR = "USD"


def yahoo_spelling(code: str) -> str:
    """Yahoo's spelling of ``code`` (``sh600519``, ``hk00700``, ``gb_brk$b``, ``fx_susdjpy``); any other as it is.

    Whether there can be such a symbol is not looked at.
    """
    head, rest = code[:2], code[2:]
    if head in _SUFFIXES:
        return rest + _SUFFIXES[head]
    for prefix in _HONG_KONG:
        if code.startswith(prefix):
            return code.removeprefix(prefix).lstrip("0").zfill(4) + ".HK"
    for prefix in _NEW_YORK:
        if code.startswith(prefix):
            return code.removeprefix(prefix).upper().replace("$", "-").replace(".", "-")
    if code.startswith(_RATES):
        return code.removeprefix(_RATES).upper().removeprefix(_DOLLAR) + "=X"
    return code
