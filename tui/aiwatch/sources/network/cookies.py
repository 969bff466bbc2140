"""Cookies: none are kept but by the source whose host wants them, and of those only a few short ones."""

from __future__ import annotations

from http.cookiejar import Cookie, CookieJar, DefaultCookiePolicy

MOST_COOKIES = 50
LONGEST_COOKIE = 4096
"""Characters of one cookie's name and value (RFC 6265 §6.1 wants as many to be taken)."""
MOST_CHARACTERS = 16 * 1024
"""Characters of all cookies: a longer header is refused by many hosts."""

NO_COOKIES = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
"""A jar that takes nothing and gives nothing."""


class BoundedJar(CookieJar):
    """Keeps at most `MOST_COOKIES` cookies; one that is too long, or too much beside the others, is left out."""

    def set_cookie(self, cookie: Cookie) -> None:
        """Keep ``cookie`` if there is room for it; one of the same name, path and host makes room."""
        identity = (cookie.domain, cookie.path, cookie.name)
        rest = [held for held in self if (held.domain, held.path, held.name) != identity]
        size = _size(cookie)
        fits = size <= LONGEST_COOKIE and size + sum(map(_size, rest)) <= MOST_CHARACTERS
        if fits and len(rest) < MOST_COOKIES:
            super().set_cookie(cookie)


def new_jar() -> CookieJar:
    """An empty jar that cannot grow without end."""
    return BoundedJar()


def _size(cookie: Cookie) -> int:
    return len(cookie.name) + len(cookie.value or "")
