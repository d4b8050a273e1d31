"""The guidance cosine is named for what it is, wherever a person reads of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from memlens.methods import guidance_cosine
from memlens.methods.registry import MAP_KINDS, METHODS
from memlens.readings.registry import READINGS

ROOT = Path(__file__).resolve().parents[3]
WHOSE = "Asthana & Belagiannis"


def test_it_is_a_map_of_our_own_after_a_global_reading() -> None:
    source = METHODS["guidance-cosine"].source
    assert source.startswith(f"per-pixel map after {WHOSE}")
    assert "global" in source
    assert READINGS["mean-guidance_cosine"].source == source
    for labelled in (METHODS["guidance-cosine"], MAP_KINDS["guidance_cosine"]):
        assert labelled.label == "Guidance cosine per pixel"
    assert "global" in (guidance_cosine.__doc__ or "") and WHOSE in (guidance_cosine.__doc__ or "")


@pytest.mark.parametrize("page", ["README.md", "CONTEXT.md"])
def test_the_documents_say_so_too(page: str) -> None:
    words = " ".join((ROOT / page).read_text(encoding="utf-8").split())
    assert f"per-pixel map after {WHOSE}" in words
    assert "global" in words[words.index(WHOSE) :][:120]
