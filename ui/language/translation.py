"""The one door to translations for code that must not know Qt."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

_translate: Callable[[str], str] = str


def install(translate: Callable[[str], str]) -> None:
    """Use `translate` from now on; the application installs Qt's."""
    global _translate
    _translate = translate
    forget()


def forget() -> None:
    """Ask anew for every text: there is another language."""
    tr.cache_clear()


@cache
def tr(text: str) -> str:
    """Return `text` in the person's language."""
    return _translate(text)
