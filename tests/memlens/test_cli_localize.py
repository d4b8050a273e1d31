"""What `memlens-cli localize` does with maps, readings and runs, beyond the plain case."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from memlens.maps import mean_filter
from tests.memlens.test_cli import invoke, strict_json

PROMPT = ("--prompt", "a red apple", "--steps", "3")


@pytest.mark.parametrize(("smooth", "window"), [("paper", 3), ("5", 5)])
def test_smoothed_maps(tiny_pipeline: Path, tmp_path: Path, smooth: str, window: int) -> None:
    arguments = ["localize", tiny_pipeline, *PROMPT, "--method", "guidance-cosine", "--json"]
    plain = invoke(*arguments, "--out", tmp_path / "plain")
    found = invoke(*arguments, "--out", tmp_path / "smooth", "--smooth", smooth)
    assert (plain.exit_code, found.exit_code) == (0, 0), found.output
    facts = strict_json(found.stdout)["maps"]["guidance_cosine"]
    assert facts["provenance"]["smoothing"] == window
    before, after = (
        np.load(tmp_path / folder / "guidance_cosine.npy") for folder in ("plain", "smooth")
    )
    assert before.min() < 0
    np.testing.assert_array_equal(after, mean_filter(before, window))


@pytest.mark.parametrize("smooth", ["4", "0", "-3", "much"])
def test_smoothing_that_is_no_odd_number(tiny_pipeline: Path, tmp_path: Path, smooth: str) -> None:
    found = invoke(
        "localize", tiny_pipeline, *PROMPT, "--out", tmp_path / "out", f"--smooth={smooth}"
    )
    assert found.exit_code == 2
    assert found.stderr == f'smoothing {smooth!r} must be "paper" or an odd number.\n'


def test_averaged_steps_are_in_the_provenance(tiny_pipeline: Path, tmp_path: Path) -> None:
    found = invoke(
        "localize", tiny_pipeline, *PROMPT, "--step", "1", "--steps-averaged", "2",
        "--method", "score_diff", "--method", "guidance-cosine",
        "--out", tmp_path / "out", "--json",
    )  # fmt: skip
    for facts in strict_json(found.stdout)["maps"].values():
        assert (facts["step"], facts["provenance"]["steps_averaged"]) == (1, 2)
