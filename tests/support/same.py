"""Whether what came back is what was written."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np


def assert_same(left: Any, right: Any) -> None:
    """Compare dataclasses field by field (those that count), arrays bit for bit."""
    if is_dataclass(left):
        assert type(left) is type(right)
        for field in (field for field in fields(left) if field.compare):
            assert_same(getattr(left, field.name), getattr(right, field.name))
    elif isinstance(left, np.ndarray):
        assert (left.dtype, left.shape) == (right.dtype, right.shape)
        assert left.tobytes() == right.tobytes()
    elif isinstance(left, tuple):
        assert len(left) == len(right)
        for one, other in zip(left, right, strict=True):
            assert_same(one, other)
    else:
        assert left == right
