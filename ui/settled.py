"""Keep a view's old object where nothing in it changed: views skip what is the same object."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

import numpy as np

T = TypeVar("T")
_NAMES: dict[type, tuple[str, ...] | None] = {}


def settled(before: T | None, now: T) -> T:
    """Return `before` if it says the same as `now`; arrays are compared by identity."""
    return before if before is not None and identical(before, now) else now


def settled_parts(before: T | None, now: T, *names: str) -> T:
    """As `settled`, and keep unchanged items of the tuples called `names` within `now`."""
    if before is None:
        return now
    if identical(before, now):
        return before
    kept: dict[str, Any] = {}
    for name in names:
        old, new = getattr(before, name), getattr(now, name)
        if len(old) == len(new):
            kept[name] = tuple(settled(a, b) for a, b in zip(old, new, strict=True))
    return replace(now, **kept)  # type: ignore[type-var]


def identical(one: object, other: object) -> bool:
    """Whether two frozen views say the same."""
    if one is other:
        return True
    if type(one) is not type(other) or isinstance(one, np.ndarray):
        return False
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(identical, one, other))
    names = _names_of(type(one))
    if names is None:
        return _equal_numbers(one, other)
    for name in names:
        a, b = getattr(one, name), getattr(other, name)
        if a is not b and not identical(a, b):
            return False
    return True


def _names_of(kind: type) -> tuple[str, ...] | None:
    """Return the fields of a dataclass, looked up once; None for any other class."""
    if kind not in _NAMES:
        known = is_dataclass(kind)
        _NAMES[kind] = tuple(field.name for field in fields(kind)) if known else None
    return _NAMES[kind]


def _equal_numbers(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return one == other or (one != one and other != other)
    return one == other
