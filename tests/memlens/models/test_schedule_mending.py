"""Schedules mended as StableDiffusionPipeline mends them, with its own call as oracle."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from typer.testing import CliRunner

import memlens
from memlens.cli.application import application
from memlens.errors import ModelError, SettingsError

BETAS = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}
NO_CLIPPING = "clip_sample false instead of the library's true"
OFFSET = "steps_offset 1 instead of the library's 0"
CONFIGURATIONS: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "ddim": (
        {"_class_name": "DDIMScheduler", **BETAS, "clip_sample": True, "steps_offset": 0},
        (
            "clip_sample false instead of the file's true",
            "steps_offset 1 instead of the file's 0",
        ),
    ),
    "pndm": (
        {
            "_class_name": "PNDMScheduler",
            **BETAS,
            "set_alpha_to_one": False,
            "skip_prk_steps": True,
            "steps_offset": 1,
        },
        (NO_CLIPPING,),
    ),
    "euler": (
        {
            "_class_name": "EulerDiscreteScheduler",
            **BETAS,
            "interpolation_type": "linear",
            "timestep_spacing": "linspace",
            "use_karras_sigmas": False,
        },
        (NO_CLIPPING, OFFSET),
    ),
    "dpm++": (
        {
            "_class_name": "DPMSolverMultistepScheduler",
            **BETAS,
            "algorithm_type": "dpmsolver++",
            "solver_order": 2,
            "thresholding": False,
            "timestep_spacing": "leading",
        },
        (NO_CLIPPING, OFFSET),
    ),
    "nearly empty": ({"_class_name": "DDIMScheduler"}, (NO_CLIPPING, OFFSET)),
    "whole": (
        {"_class_name": "DDIMScheduler", **BETAS, "clip_sample": False, "steps_offset": 1},
        (),
    ),
}


@pytest.fixture
def write_schedule(tiny_pipeline: Path, tmp_path: Path) -> Any:
    def write(config: dict[str, Any]) -> Path:
        folder = tmp_path / "model"
        shutil.copytree(tiny_pipeline, folder)
        (folder / "scheduler" / "scheduler_config.json").write_text(json.dumps(config))
        return folder

    return write


def pipelines_walk(folder: Path, *, steps: int, seed: int, guidance_scale: float) -> Any:
    from diffusers import DDIMScheduler, StableDiffusionPipeline

    pipeline = StableDiffusionPipeline.from_pretrained(
        folder,
        scheduler=DDIMScheduler.from_pretrained(folder / "scheduler"),
        safety_checker=None,
    )
    pipeline.set_progress_bar_config(disable=True)
    latent = pipeline(
        "a red apple",
        num_inference_steps=steps,
        guidance_scale=guidance_scale,
        generator=torch.Generator("cpu").manual_seed(seed),
        output_type="latent",
    ).images[0]
    return latent.numpy()


@pytest.mark.long
@pytest.mark.filterwarnings("ignore::FutureWarning")
@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_it_walks_as_the_pipeline_does(write_schedule: Any, name: str) -> None:
    config, _ = CONFIGURATIONS[name]
    folder = write_schedule(config)
    expected = pipelines_walk(folder, steps=6, seed=2, guidance_scale=3.0)
    model = memlens.load_model(folder, device="cpu")
    run = memlens.sample(model, "a red apple", seed=2, steps=6, guidance_scale=3.0)
    assert np.abs(expected).max() > 1.5  # nothing was clipped
    error = np.abs(run.final_latent - expected).max() / np.abs(expected).max()
    assert error < 1e-4


@pytest.mark.long
@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_what_was_mended_is_told(write_schedule: Any, tmp_path: Path, name: str) -> None:
    config, phrases = CONFIGURATIONS[name]
    folder = write_schedule(config)
    run = memlens.sample(memlens.load_model(folder, device="cpu"), "a tree", steps=1)
    assert run.provenance.schedule_mended == phrases
    memlens.save_session(memlens.Session(trajectory=run), tmp_path / "run.memlens")
    kept = memlens.load_session(tmp_path / "run.memlens").trajectory.provenance
    assert kept == run.provenance
    told = CliRunner().invoke(application, ["info", str(folder)])
    assert ("schedule mended" in told.stdout) == bool(phrases)
    assert all(phrase in told.stdout for phrase in phrases)
    as_json = json.loads(CliRunner().invoke(application, ["info", str(folder), "--json"]).stdout)
    assert as_json["schedule"]["mended"] == list(phrases)


def test_a_latent_is_never_thresholded(write_schedule: Any) -> None:
    config = CONFIGURATIONS["whole"][0]
    plain = memlens.load_model(write_schedule(config), device="cpu")
    run = memlens.sample(plain, "a tree", steps=3)
    file = Path(plain.description.source) / "scheduler" / "scheduler_config.json"
    file.write_text(json.dumps({**config, "thresholding": True}))
    model = memlens.load_model(plain.description.source, device="cpu")
    again = memlens.sample(model, "a tree", steps=3)
    np.testing.assert_array_equal(again.final_latent, run.final_latent)
    assert again.provenance.schedule_mended == ("thresholding false instead of the file's true",)


def test_as_many_steps_as_timesteps_are_refused_where_the_offset_leaves_no_room(
    write_schedule: Any, tmp_path: Path
) -> None:
    # The pipeline itself ends in an IndexError there.
    folder = write_schedule({**CONFIGURATIONS["pndm"][0], "num_train_timesteps": 12})
    model = memlens.load_model(folder, device="cpu")
    assert model.description.max_steps == 11
    with pytest.raises(SettingsError, match=r"12 steps cannot be walked: steps_offset.* 1 to 11"):
        memlens.sample(model, "a tree", steps=12)
    assert len(memlens.sample(model, "a tree", steps=11).schedule) == 11
    arguments = ["localize", str(folder), "--prompt", "a tree", "--steps", "12", "--out"]
    found = CliRunner().invoke(application, [*arguments, str(tmp_path / "out")])
    assert found.exit_code == 2
    assert "12 steps cannot be walked" in found.stderr
    assert not (tmp_path / "out").exists()


def test_other_spacings_have_room_for_all_steps(write_schedule: Any) -> None:
    config = {**CONFIGURATIONS["euler"][0], "num_train_timesteps": 5}
    model = memlens.load_model(write_schedule(config), device="cpu")
    assert len(memlens.sample(model, "a tree", steps=5).schedule) == 5


def test_a_schedule_of_one_timestep_is_refused(write_schedule: Any) -> None:
    with pytest.raises(ModelError, match=r"scheduler_config\.json has 1 timestep"):
        memlens.load_model(write_schedule({**BETAS, "num_train_timesteps": 1}), device="cpu")


def test_a_thousand_steps_on_the_golden_model(golden: Path, tmp_path: Path) -> None:
    model = memlens.load_model(golden / "tiny-sd", device="cpu")
    with pytest.raises(SettingsError, match=r"1000 steps cannot be walked.* choose 1 to 999"):
        memlens.sample(model, "a red apple", steps=1000)
    assert max(level.timestep for level in model.schedule(999).levels) == 999
    arguments = ["localize", str(golden / "tiny-sd"), "--prompt", "a red apple", "--steps", "1000"]
    found = CliRunner().invoke(application, [*arguments, "--out", str(tmp_path / "out")])
    assert found.exit_code == 2
    assert "choose 1 to 999" in found.stderr
