from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ui.view.same_object import same_object, same_parts


@dataclass(frozen=True)
class Part:
    values: object
    number: float = 0.0


@dataclass(frozen=True)
class Whole:
    parts: tuple[Part, ...]
    name: str = ""


def test_equal_content_keeps_the_old_object() -> None:
    values = np.zeros(3)
    before = Part(values, float("nan"))
    assert same_object(before, Part(values, float("nan"))) is before
    assert same_object(None, before) is before


def test_another_array_is_another_content() -> None:
    before, now = Part(np.zeros(3)), Part(np.zeros(3))
    assert same_object(before, now) is now


def test_unchanged_parts_are_kept_within_a_changed_whole() -> None:
    before = Whole((Part("a"), Part("b")), "old")
    now = same_parts(before, Whole((Part("a"), Part("c")), "new"), "parts")
    assert now.name == "new"
    assert now.parts[0] is before.parts[0]
    assert now.parts[1] == Part("c")
