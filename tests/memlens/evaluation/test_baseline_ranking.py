"""Baselines ranked on a model whose pinned places are known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from typer.testing import CliRunner

from memlens.cli.application import application
from memlens.errors import SettingsError
from memlens.evaluation.baseline_ranking import rank_baselines
from memlens.models.custom import custom_baseline, custom_model

SIGNAL = np.cumprod(1 - np.linspace(1e-3, 0.2, 50))
PINNED = torch.zeros(1, 8, 8)
PINNED[:, :4, :4] = 1.0


def gaussian(spread: torch.Tensor) -> Any:
    def eps(x: torch.Tensor, level: Any, condition: torch.Tensor) -> torch.Tensor:
        memorized = condition.reshape(-1, 1, 1, 1)
        variance = 1.0 - memorized * spread
        return level.sigma * x / (level.alpha**2 * variance + level.sigma**2)

    return eps


def encode(prompt: str) -> torch.Tensor:
    return torch.full((1, 1), float(prompt.startswith("known")))


def test_the_underfitted_one_comes_first() -> None:
    """The target pins a quarter under known prompts; candidates pin it less, alike, elsewhere."""
    target = custom_model(
        gaussian(0.9 * PINNED), shape=(1, 8, 8), schedule=SIGNAL, encode=encode, name="target"
    )

    def candidate(spread: torch.Tensor) -> Any:
        return custom_baseline(gaussian(spread), like=target)

    def noisy(x: torch.Tensor, level: Any, condition: torch.Tensor) -> torch.Tensor:
        return gaussian(0.2 * PINNED)(x, level, condition) + 0.3 * torch.sin(3 * x)

    ranked = rank_baselines(
        target,
        {
            "the same": candidate(0.9 * PINNED),
            "underfitted": candidate(0.1 * PINNED),
            "uneven": custom_baseline(noisy, like=target),
            "unfit": "its width is another.",
        },
        ["known one", "known two"],
        ["free one", "free two"],
        sampling_steps=4,
        step=2,
    )
    names = [each.name for each in ranked]
    assert names[0] == "underfitted"
    assert names[-1] == "unfit"
    by_name = {each.name: each for each in ranked}
    level = target.schedule(4)[2]

    def share(variance: float) -> float:
        return level.sigma**2 / (level.alpha**2 * variance + level.sigma**2)

    best = by_name["underfitted"]
    assert best.gap == pytest.approx(share(0.1) - share(0.9), rel=1e-4)
    assert best.control_gap == pytest.approx(0.0, abs=1e-6)
    assert "underfitted" in best.words
    assert by_name["the same"].gap == pytest.approx(0.0, abs=1e-6)
    assert "tells nothing" in by_name["the same"].words
    assert by_name["unfit"].words == "its width is another."
    with pytest.raises(SettingsError, match="two prompts"):
        rank_baselines(target, {"x": None}, ["known one"], ["free one", "free two"])


def test_the_command_line_says_which_to_use(tiny_pipeline: Path, tmp_path: Path) -> None:
    prompts, controls = tmp_path / "prompts.txt", tmp_path / "controls.txt"
    prompts.write_text("a red apple\na tree\n")
    controls.write_text("a dog\na cat\n")
    inside = tmp_path / "checkpoints" / "checkpoint-10"
    inside.mkdir(parents=True)
    (inside / "unet").symlink_to(tiny_pipeline / "unet-early")
    arguments = ["baselines", str(tiny_pipeline), "unconditional", "less-trained"]
    arguments += [str(inside.parent), "prompt:a horse", "lora-off", "--prompts", str(prompts)]
    arguments += ["--controls", str(controls), "--steps", "2", "--probes", "4", "--json"]
    done = CliRunner().invoke(application, arguments)
    assert done.exit_code == 0, done.output
    values = json.loads(done.stdout)
    names = [each["name"] for each in values["ranking"]]
    assert set(names) == {
        "unconditional",
        "less-trained",
        str(inside),
        "prompt:a horse",
        "lora-off",
    }
    assert values["use"] == names[0]
    refused = values["ranking"][-1]
    assert refused["name"] == "lora-off"
    assert "no LoRA" in refused["refusal"]
