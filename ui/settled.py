"""Keep a view's old object where nothing in it changed: views skip what is the same object."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

import numpy as np

T = TypeVar("T")


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
    if is_dataclass(one):
        return all(identical(getattr(one, f.name), getattr(other, f.name)) for f in fields(one))
    return _equal_numbers(one, other)


def _equal_numbers(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return one == other or (one != one and other != other)
    return one == other
