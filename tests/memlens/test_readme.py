"""What the README promises of speed is told at the default, and the default is what it says."""

from __future__ import annotations

from pathlib import Path

import memlens

README = Path(__file__).resolve().parents[2] / "README.md"


def test_the_performance_paragraph_speaks_of_the_default() -> None:
    text = " ".join(README.read_text(encoding="utf-8").split())
    section = text[text.index("## Performance") : text.index("## Limits")]
    assert memlens.Estimation().probes == 16
    assert "At the default 16 probes they take .256 of its time" in section
    assert "beside the official code itself (.211 at 8 probes, sampling alone .167)" in section


def test_it_says_where_the_noise_of_published_seeds_comes_from() -> None:
    text = " ".join(README.read_text(encoding="utf-8").split())
    assert "drawn on a CUDA device, in half precision" in text
    assert "16,384 values" in text
