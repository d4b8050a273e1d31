"""Calibration samples each prompt once, resumes after any end, and can be cancelled."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import memlens
from memlens.controls.parts import PartsFolder
from memlens.errors import Cancelled, ControlsError, MethodUnavailable, SettingsError

PROMPTS = tuple(f"a red apple number {index}" for index in range(5))
FEW: dict[str, Any] = {"sampling_steps": 2, "probes": 4, "pictures_per_batch": 2}
# Two kinds alone: what is killed or refused need not be slow.
LITTLE: dict[str, Any] = {**FEW, "kinds": ("cov", "score_diff"), "readings": ("wen",)}
ALL = (
    "cov",
    "score_diff",
    "cov_bad",
    "score_diff_bad",
    "curvature",
    "attention",
    "attention_all",
    "guidance_cosine",
)


@pytest.fixture(scope="module")
def undisturbed(model: Any, early: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("controls") / "undisturbed.zip"
    memlens.calibrate(model, PROMPTS, baseline=early, steps=(0, -1), out=path, **FEW)
    return path


@pytest.mark.long
def test_all_kinds_and_readings_at_the_asked_steps(undisturbed: Path) -> None:
    found = memlens.load_controls(undisturbed)
    assert (found.count, found.kinds, found.steps) == (5, ALL, (0, 1))
    assert found.prompts == PROMPTS and found.seeds == tuple(range(10_000, 10_005))
    keys = {key for key, _ in found.readings}
    cheap = {"wen", "wen-tokens", "asthana-norm", "asthana-cosine", "jeon", "free-dimensions"}
    assert keys == cheap | {f"mean-{kind}" for kind in ALL}
    assert {step for key, step in found.readings if key == "mean-cov"} == {0, 1}
    assert found.settings.estimator == "probing" and found.settings.probes == 4
    assert (found.settings.steps, found.settings.smoothing) == (2, 3)


def test_the_parts_folder_is_gone_when_all_is_done(undisturbed: Path) -> None:
    assert [path.name for path in undisturbed.parent.iterdir()] == [undisturbed.name]


def test_controls_are_what_sampling_and_localizing_give(
    model: Any, early: Any, undisturbed: Path
) -> None:
    found = memlens.load_controls(undisturbed)
    run = memlens.sample(model, PROMPTS[4], seed=10_004, steps=2)
    for step in (0, 1):
        maps = memlens.localize_maps(run, ALL, baseline=early, step=step, probes=4, seed=10_004)
        for kind, made in maps.items():
            value = found.readings[f"mean-{kind}", step][4]
            scale = float(np.abs(made.values).mean())
            assert value == pytest.approx(float(made.values.mean()), abs=1e-3 * scale), kind
            cells = found.maps[kind, step].cells[4]
            means = made.values.reshape(8, 2, 8, 2).mean(axis=(1, 3))
            reach = np.ptp(found.maps[kind, step].cells)
            np.testing.assert_allclose(cells, means, atol=0.01 * float(reach))
    assert found.readings["wen", None][4] == pytest.approx(memlens.reading(run, "wen").value, 1e-4)


def test_a_run_made_alike_is_judged_and_another_is_not(
    model: Any, early: Any, undisturbed: Path
) -> None:
    controls = memlens.load_controls(undisturbed)
    run = memlens.sample(model, "something else", seed=1, steps=2)
    verdict = memlens.judge(run, controls, baseline=early)
    assert verdict.kinds == ("cov_bad", "score_diff_bad") and verdict.step == 1
    assert verdict.inconclusive == "5 controls; 20 are needed" and 1 / 6 <= verdict.p <= 1
    assert verdict.mask.shape == run.image.shape[:2]
    assert set(verdict.surprise) == {"cov_bad", "score_diff_bad"}
    assert memlens.judge(run, controls, kinds=("score_diff",)).kinds == ("score_diff",)
    assert (
        "number of probes 16"
        in memlens.judge(run, controls, baseline=early, probes=16).inconclusive
    )
    longer = memlens.sample(model, "something else", seed=1, steps=3)
    told: list[memlens.Progress] = []
    refused = memlens.judge(longer, controls, baseline=early, progress=told.append)
    assert "sampling steps 3, the controls' 2" in refused.inconclusive and not told
    with pytest.raises(SettingsError, match="less-trained baseline"):
        memlens.judge(run, controls, kinds=("cov_bad",))


def test_progress_only_grows_to_its_end(model: Any, tmp_path: Path) -> None:
    told: list[memlens.Progress] = []
    memlens.calibrate(model, PROMPTS, out=tmp_path / "c.zip", progress=told.append, **LITTLE)
    done = [progress.done for progress in told]
    assert done == sorted(done) and len({progress.total for progress in told}) == 1
    assert done[-1] == told[-1].total and done[0] == 0


@pytest.mark.long
def test_cancelled_within_one_call_and_resumed(
    model: Any, early: Any, tmp_path: Path, undisturbed: Path
) -> None:
    out = tmp_path / "controls.zip"
    rounds = 0
    while not out.exists():
        token, calls = memlens.CancelToken(), 0

        def stop(progress: memlens.Progress) -> None:
            nonlocal calls
            calls += token.cancelled  # noqa: B023
            if progress.done >= 13 * (rounds + 1):  # noqa: B023
                token.cancel()  # noqa: B023

        try:
            memlens.calibrate(
                model, PROMPTS, baseline=early, steps=(0, -1), out=out,
                progress=stop, cancel=token, **FEW,
            )  # fmt: skip
        except Cancelled:
            assert calls <= 2
        rounds += 1
        assert rounds < 20
    assert rounds > 3
    assert out.read_bytes() == undisturbed.read_bytes()


@pytest.mark.long
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_ten_times_it_gives_the_same_bytes(model: Any, tmp_path: Path) -> None:
    out = tmp_path / "controls.zip"
    many = [f"a green pear number {index}" for index in range(9)]

    def calibrate() -> float:
        began = time.monotonic()
        memlens.calibrate(model, many, steps=(0, -1), out=out, **LITTLE)
        return time.monotonic() - began

    whole = calibrate()
    undisturbed = out.read_bytes()
    out.unlink()
    kept = set()
    rng = np.random.default_rng(2)
    for _ in range(10):
        child = os.fork()
        if child == 0:
            try:
                calibrate()
            finally:
                os._exit(0)
        time.sleep(float(rng.uniform(0.02, 0.3)) * whole)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        kept.add(len([*(tmp_path / "controls.zip.parts").glob("*.part")]))
    calibrate()
    assert out.read_bytes() == undisturbed
    assert len(kept) > 1, "it was never killed in between"


@pytest.mark.long
def test_a_damaged_part_is_made_again(model: Any, tmp_path: Path) -> None:
    out = tmp_path / "controls.zip"
    memlens.calibrate(model, PROMPTS, out=out, **LITTLE)
    undisturbed = out.read_bytes()
    out.unlink()
    folder = tmp_path / "controls.zip.parts"
    token = memlens.CancelToken()

    def stop(progress: memlens.Progress) -> None:
        if (folder / "00002.part").exists():
            token.cancel()

    with pytest.raises(Cancelled):
        memlens.calibrate(model, PROMPTS, out=out, progress=stop, cancel=token, **LITTLE)
    whole = (folder / "00001.part").read_bytes()
    (folder / "00001.part").write_bytes(whole[:-200])
    assert PartsFolder(folder).read(1) is None and PartsFolder(folder).read(0) is not None
    memlens.calibrate(model, PROMPTS, out=out, **LITTLE)
    assert out.read_bytes() == undisturbed


def test_parts_of_other_settings_are_refused_by_name(model: Any, tmp_path: Path) -> None:
    out, token = tmp_path / "controls.zip", memlens.CancelToken()
    folder = tmp_path / "controls.zip.parts"

    def stop(_: memlens.Progress) -> None:
        if (folder / "00000.part").exists():
            token.cancel()

    with pytest.raises(Cancelled):
        memlens.calibrate(model, PROMPTS, out=out, progress=stop, cancel=token, **LITTLE)
    for changed, named in (
        ({"guidance_scale": 1.0}, "guidance scale 7.5, not 1.0"),
        ({"steps": 0}, r"steps \[1\], not \[0\]"),
        ({"kinds": ("score_diff",)}, "maps cov, "),
        ({"seed": 5}, "with seed 10000, not"),
    ):
        with pytest.raises(ControlsError, match=named):
            memlens.calibrate(model, PROMPTS, out=out, **{**LITTLE, **changed})
    assert not out.exists()


def test_what_is_made_is_not_sampled_again(model: Any, early: Any, undisturbed: Path) -> None:
    told: list[memlens.Progress] = []
    arguments = {"baseline": early, "steps": (0, -1), "out": undisturbed, **FEW}
    found = memlens.calibrate(model, PROMPTS, progress=told.append, **arguments)
    assert not told and found.prompts == PROMPTS


def test_without_a_file_nothing_is_kept(
    model: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = memlens.calibrate(model, PROMPTS[:2], **{**LITTLE, "kinds": ("score_diff",)})
    assert found.kinds == ("score_diff",) and found.settings.probes is None
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("prompts", "changed", "reason"),
    [
        ("a prompt", {}, "one string"),
        (["one"], {}, "at least two"),
        (["one", " "], {}, "a prompt is empty"),
        (PROMPTS, {"steps": ()}, "no steps"),
        (PROMPTS, {"steps": 50}, "step 50 does not exist"),
        (PROMPTS, {"smoothing": 4}, "odd"),
        (PROMPTS, {"cells": 0}, "cells"),
        (PROMPTS, {"kinds": ("cov_bad",)}, "less-trained baseline"),
        (PROMPTS, {"kinds": ("covariance",)}, "no map is called"),
        (PROMPTS, {"readings": ("iq",)}, "no reading is called"),
        (PROMPTS, {"readings": ("mean-cov_bad",)}, "mean-cov_bad needs a less-trained"),
        (PROMPTS, {"probes": 0}, "0 probes"),
        (PROMPTS, {"seed": 2**63 - 3}, "seed"),
    ],
)
def test_settings_are_refused_before_anything_is_sampled(
    model: Any, prompts: Any, changed: dict[str, Any], reason: str
) -> None:
    told: list[memlens.Progress] = []
    with pytest.raises(SettingsError, match=reason):
        memlens.calibrate(model, prompts, progress=told.append, **changed)
    assert not told


def test_what_the_model_cannot_offer_is_refused_before_anything_is_sampled(
    model: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(model), "unavailable", lambda _, method: f"no {method} here")
    told: list[memlens.Progress] = []
    changes: tuple[dict[str, Any], ...] = (
        {"kinds": ("attention",)},
        {"kinds": ("cov",), "readings": ("flipd",)},
    )
    for changed in changes:
        with pytest.raises(MethodUnavailable, match="cannot be made: no"):
            memlens.calibrate(model, PROMPTS, progress=told.append, **changed)
    assert not told
