"""What is said above filings: that they are asked for, that there are none, what is wrong."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content


def words_above(what: str, count: int, problems: Sequence[str], *, is_asking: bool, mark: str = "") -> list[Content]:
    """The rows above ``count`` filings of ``what``: with a ``mark`` what they really are, whether hosts are being
    asked, each problem, or that there are none."""
    words = [Content.styled(f"{mark}: simulated filings", "$quiet")] if mark else []
    words += [Content.styled(problem, "$error") for problem in problems]
    if is_asking:
        words.append(Content.styled(f"Asking for the filings of {what} …", "$quiet"))
    elif not count and not problems:
        words.append(Content.styled(f"None: the hosts list no filing of {what}", "$quiet"))
    return words
