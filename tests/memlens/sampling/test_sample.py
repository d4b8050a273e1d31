"""One sampling run: what it keeps, what it refuses, how it is cancelled."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import memlens
from memlens.errors import Cancelled, NumericalError, SettingsError
from memlens.progress import Progress
from memlens.sampling.trajectory import StepRecord


def test_the_same_seed_gives_the_same_bytes(model: Any) -> None:
    runs = [memlens.sample(model, "a red apple", seed=4, steps=5) for _ in range(2)]
    for name in ("x_t", "eps_target", "eps_unconditional", "final_latent", "image"):
        assert getattr(runs[0], name).tobytes() == getattr(runs[1], name).tobytes()
    other = memlens.sample(model, "a red apple", seed=5, steps=5)
    assert other.x_t.tobytes() != runs[0].x_t.tobytes()


def test_every_step_is_told_as_it_is_made(model: Any) -> None:
    seen: list[StepRecord] = []
    told: list[Progress] = []
    run = memlens.sample(model, "a tree", steps=4, on_step=seen.append, progress=told.append)
    assert [record.step for record in seen] == [0, 1, 2, 3]
    assert [p.done for p in told] == [0, 1, 2, 3, 4]
    np.testing.assert_array_equal(seen[2].eps_target, run.record(2).eps_target)
    assert np.all(np.diff(run.schedule.log_snr) > 0)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"prompt": "  "}, "prompt is empty"),
        ({"steps": 0}, "0 steps"),
        ({"steps": -3}, "-3 steps"),
        ({"steps": 1001}, "1001 steps"),
        ({"seed": -1}, "seed -1"),
        ({"guidance_scale": float("nan")}, "guidance scale"),
    ],
)
def test_settings_out_of_range(model: Any, settings: dict[str, Any], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        chosen: dict[str, Any] = {"prompt": "a tree", "steps": 2, **settings}
        memlens.sample(model, **chosen)


def test_a_long_prompt_is_cut_and_said_so(model: Any) -> None:
    long = " ".join(["apple"] * 60)
    condition = model.encode_prompt(long)
    assert condition.truncated
    assert condition.end_of_text == model.encoder.max_tokens - 1
    run = memlens.sample(model, long, steps=1)
    assert run.provenance.prompt_truncated
    assert not memlens.sample(model, "apple", steps=1).provenance.prompt_truncated


def test_cancel_stops_within_one_network_call(model: Any) -> None:
    token = memlens.CancelToken()
    seen: list[int] = []

    def stop_at_second(record: StepRecord) -> None:
        seen.append(record.step)
        if record.step == 1:
            token.cancel()

    with pytest.raises(Cancelled):
        memlens.sample(model, "a tree", steps=6, on_step=stop_at_second, cancel=token)
    assert seen == [0, 1]
    assert memlens.sample(model, "a tree", steps=2).image.shape == (64, 64, 3)


def test_nan_stops_the_run_with_step_and_advice(model: Any, monkeypatch: Any) -> None:
    whole = model.denoiser.predict

    def failing(x: Any, level: Any, condition: Any) -> Any:
        said = whole(x, level, condition)
        return said._replace(eps=said.eps * float("nan")) if level.timestep < 500 else said

    monkeypatch.setattr(model.denoiser, "predict", failing)
    with pytest.raises(NumericalError, match=r"at step \d.*weights may be damaged"):
        memlens.sample(model, "a tree", steps=5)
