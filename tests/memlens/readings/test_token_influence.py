"""Influence of each token against finite differences of ‖ε̂_c − ε̂_∅‖₂."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import memlens
from memlens.errors import Cancelled
from memlens.files.project import Session
from memlens.sampling.trajectory import Trajectory

PROMPT = "a red apple"


@pytest.fixture(scope="module")
def run(model: Any) -> Trajectory:
    return memlens.sample(model, PROMPT, seed=3, steps=3)


def _lengths(run: Trajectory, step: int, moved: torch.Tensor) -> np.ndarray:
    """‖ε̂_c − ε̂_∅‖₂ with the prompt's embedding moved, (B, tokens, features), each in turn."""
    model: Any = run.model
    condition = model.encode_prompt(PROMPT)
    varied = replace(condition, embedding=condition.embedding + moved)
    x = torch.from_numpy(run.x_t[step].copy())[None]
    with torch.no_grad():
        target = model.denoiser.eps(x.expand(len(moved), -1, -1, -1), run.schedule[step], varied)
        base = model.denoiser.eps(x, run.schedule[step], model.encode_prompt(""))
    return (target - base).double().flatten(1).norm(dim=1).numpy()


def test_it_is_the_slope_of_the_length(run: Trajectory) -> None:
    step = 2
    found = memlens.reading(run, "wen-tokens", step=step)
    assert found.per_token is not None
    model: Any = run.model
    condition = model.encode_prompt(PROMPT)
    end, width = condition.end_of_text, condition.embedding.shape[2]
    assert len(found.per_token) == end - 1 + 2
    for place in (1, end):
        # Every direction of a small embedding.
        moved = torch.zeros(width, *condition.embedding.shape[1:])
        moved[torch.arange(width), place, torch.arange(width)] = 0.02
        slopes = (_lengths(run, step, moved) - _lengths(run, step, -moved)) / 0.04
        told = found.per_token[place - 1][1]
        assert told == pytest.approx(float(np.linalg.norm(slopes)), rel=0.03)
    assert found.value == max(influence for _, influence in found.per_token[: end - 1])
    assert (found.step, found.network_calls) == (step, 2)
    assert memlens.reading(run, "wen-tokens").step == 0


def test_every_token_has_its_text(run: Trajectory) -> None:
    found = memlens.reading(run, "wen-tokens")
    words = [word for word, _ in found.per_token or ()]
    assert "".join(words[:-2]).replace(" ", "") == PROMPT.replace(" ", "")
    assert words[-2:] == ["end of text", "after the end"]
    assert all(influence >= 0 for _, influence in found.per_token or ())


def test_it_is_kept_with_the_session(run: Trajectory, tmp_path: Path) -> None:
    found = memlens.reading(run, "wen-tokens")
    memlens.save_session(Session(trajectory=run, readings=(found,)), tmp_path / "kept.memlens")
    (again,) = memlens.load_session(tmp_path / "kept.memlens").readings
    assert again.per_token == found.per_token and again.value == found.value


def test_cancelled_before_the_network_is_asked(run: Trajectory) -> None:
    token = memlens.CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        memlens.reading(run, "wen-tokens", cancel=token)
