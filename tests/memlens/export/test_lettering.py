from __future__ import annotations

import pytest

from memlens.export.lettering import in_math, legible, lines_of, width
from memlens.methods.registry import MAP_KINDS


@pytest.mark.parametrize(
    ("symbol", "expected"),
    [
        ("Δh_∅", r"$\Delta h_{\varnothing }$"),
        ("Δs_θ̃", r"$\Delta s_{\tilde{\theta}}$"),
        ("BE", r"$\mathrm{BE}$"),
        ("h", "$h$"),
    ],
)
def test_symbols_are_written_as_the_paper_does(symbol: str, expected: str) -> None:
    assert in_math(symbol) == expected


@pytest.mark.parametrize("name", list(MAP_KINDS))
def test_every_symbol_can_be_drawn(name: str) -> None:
    from matplotlib.mathtext import MathTextParser

    parser = MathTextParser("path")
    assert parser.parse(in_math(MAP_KINDS[name].symbol), dpi=72).width > 0


def test_lines_fit_and_the_last_says_that_more_follows() -> None:
    lines = lines_of("a fox and an owl on a hill of gold and more", 8.0, 60.0, 2)
    assert len(lines) == 2
    assert all(width(line, 8.0) <= 60.0 for line in lines)
    assert lines[1].endswith("…")
    assert lines_of("a fox", 8.0, 60.0, 2) == ["a fox"]
    assert lines_of("", 8.0, 60.0, 2) == []


def test_a_word_too_long_is_cut() -> None:
    (line,) = lines_of("x" * 200, 8.0, 60.0, 1)
    assert width(line, 8.0) <= 60.0


def test_letters_that_no_font_has_become_boxes() -> None:
    assert legible("a\nb \U000e0041 c") == "a b □ c"
