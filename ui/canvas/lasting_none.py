"""Keeps the interpreter alive under PySide6 6.12 on Python 3.11.

There every call that returns None gives up a reference to None that it never took; after some
thousand calls the interpreter aborts ("none_dealloc"). From Python 3.12 on None cannot die.
"""

from __future__ import annotations

import ctypes
import sys

_MANY = 1 << 48


def keep_none() -> None:
    """Give None more references than any process can lose."""
    if sys.version_info < (3, 12) and sys.getrefcount(None) < _MANY // 2:
        # An object's reference count is its first field in CPython.
        ctypes.c_ssize_t.from_address(id(None)).value += _MANY
