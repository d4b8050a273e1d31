"""Pictures that exist: encoded, noised, localized with the error between draws."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from typer.testing import CliRunner

import memlens
from memlens.cli.application import application
from memlens.errors import PictureError, SettingsError
from memlens.models.custom import custom_model
from memlens.sampling.fitted_picture import fitted

SIGNAL = np.cumprod(1 - np.linspace(1e-3, 0.2, 50))


@pytest.fixture
def picture() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (8, 8, 3), dtype=np.uint8)


@pytest.fixture
def curved() -> Any:
    """ε̂ = x³/10 per coordinate: its diagonal depends on the draw, and is known."""
    return custom_model(
        lambda x, level, condition: x**3 / 10 + condition.reshape(-1, 1, 1, 1),
        shape=(3, 8, 8),
        schedule=SIGNAL,
        encode=lambda prompt: torch.full((1, 1), float(bool(prompt))),
    )


def test_x_t_is_the_encoded_picture_and_seeded_noise(curved: Any, picture: np.ndarray) -> None:
    run = memlens.run_of_picture(
        curved, picture, prompt="words", log_snr=(3.0, -1.0), draws=3, seed=5
    )
    clean = picture.transpose(2, 0, 1).astype(np.float64) / 127.5 - 1
    generator = torch.Generator().manual_seed(5)
    for draw in run.draws:
        noise = torch.randn((3, 8, 8), generator=generator).numpy()
        for level, x_t in zip(draw.schedule.levels, draw.x_t, strict=True):
            expected = level.alpha * clean + level.sigma * noise
            np.testing.assert_allclose(x_t, expected, atol=1e-5)
    assert run.schedule.log_snr[0] < run.schedule.log_snr[1]
    np.testing.assert_allclose(run.schedule.log_snr, [-1.0, 3.0], atol=0.2)
    np.testing.assert_array_equal(run.image, picture)
    np.testing.assert_allclose(run.final_latent, clean, atol=1e-5)
    assert (run.provenance.seed, run.provenance.draws) == (5, 3)
    assert run.provenance.picture is not None
    again = memlens.run_of_picture(curved, picture, prompt="words", log_snr=3.0, draws=1, seed=5)
    np.testing.assert_array_equal(again.x_t[-1], run.x_t[-1])


def test_maps_are_averaged_with_the_error_between_draws(curved: Any, picture: np.ndarray) -> None:
    run = memlens.run_of_picture(curved, picture, prompt="words", log_snr=0.0, draws=4)
    sigma = run.schedule[0].sigma
    # σ·diag J = σ · 3x²/10, mean over channels, for each draw.
    each = np.stack([(sigma * 0.3 * draw.x_t[0] ** 2).mean(axis=0) for draw in run.draws])
    for found in (
        memlens.localize(run, "curvature", estimator="exact"),
        memlens.localize_maps(run, ["curvature"], estimator="exact")["curvature"],
    ):
        np.testing.assert_allclose(found.values, each.mean(axis=0), rtol=1e-4)
        assert found.standard_error is not None
        error = each.std(axis=0, ddof=1) / 2
        np.testing.assert_allclose(found.standard_error, error, rtol=1e-3)
        assert found.provenance.draws == 4
    streamed = list(memlens.localize_stream(run, "curvature", estimator="exact"))
    assert [made.provenance.draws for made in streamed] == [4, 2, 3, 4]
    score = memlens.localize(run, "score-difference")
    np.testing.assert_allclose(score.values, 1.0, rtol=1e-5)
    without = memlens.run_of_picture(curved, picture, log_snr=0.0, draws=1)
    nothing = memlens.localize(without, "score-difference")
    np.testing.assert_allclose(nothing.values, 0.0, atol=1e-12)


def test_pictures_are_cropped_or_padded() -> None:
    wide = np.zeros((10, 40, 3), np.uint8)
    wide[:, 10:30] = 200
    assert (fitted(wide, (10, 20)) == 200).all()
    padded = fitted(wide, (20, 20), "pad")
    assert padded.shape == (20, 20, 3)
    assert (padded[:6] == 127).all()
    assert (fitted(wide, (10, 40)) == wide).all()
    with pytest.raises(SettingsError, match="crop or pad"):
        fitted(wide, (10, 20), "stretch")


def test_what_cannot_be_used_is_refused(curved: Any, picture: np.ndarray, tmp_path: Path) -> None:
    for wrong in ({"draws": 0}, {"log_snr": float("nan")}, {"log_snr": ()}, {"seed": -1}):
        with pytest.raises(SettingsError):
            memlens.run_of_picture(curved, picture, **wrong)  # type: ignore[arg-type]
    with pytest.raises(SettingsError, match="uint8"):
        memlens.run_of_picture(curved, picture.astype(float))  # type: ignore[arg-type]
    file = tmp_path / "no-picture.png"
    file.write_bytes(b"nothing")
    with pytest.raises(PictureError, match=r"no-picture.png"):
        memlens.run_of_picture(curved, file)


def test_an_autoencoder_is_undone(model: Any) -> None:
    """What is decoded and encoded again is scaled as before."""
    pixels = np.random.default_rng(2).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    latent = model.encode_picture(pixels)
    assert latent.shape == (1, *model.description.latent_shape)
    with torch.no_grad():
        scaled = torch.from_numpy(pixels.transpose(2, 0, 1).copy())[None].float() / 127.5 - 1
        mean = model.codec.vae.encode(scaled).latent_dist.mean
    expected = mean * model.codec.vae.config.scaling_factor
    torch.testing.assert_close(latent, expected, atol=1e-5, rtol=1e-5)


def test_the_command_line_localizes_a_picture(tiny_pipeline: Path, tmp_path: Path) -> None:
    file, out = tmp_path / "picture.png", tmp_path / "out"
    Image.fromarray(np.full((80, 100, 3), 90, np.uint8)).save(file)
    arguments = ["localize", str(tiny_pipeline), "--picture", str(file), "--out", str(out)]
    arguments += ["--prompt", "a red apple", "--log-snr", "1", "--draws", "2", "--probes", "4"]
    done = CliRunner().invoke(application, [*arguments, "--json"])
    assert done.exit_code == 0, done.output
    result = json.loads((out / "result.json").read_text())
    assert result["provenance"]["picture"].startswith("picture.png@")
    assert result["maps"]["cov"]["mean_standard_error"] > 0
    assert np.asarray(Image.open(out / "image.png")).shape == (64, 64, 3)
    for wrong in (["--steps", "4"], ["--noise", "cuda"], ["--run", str(file)]):
        done = CliRunner().invoke(application, [*arguments, *wrong])
        assert done.exit_code != 0
    done = CliRunner().invoke(
        application,
        ["localize", str(tiny_pipeline), "--prompt", "a", "--draws", "2", "--out", str(out)],
    )
    assert "--picture" in done.output
