"""Where x_T comes from: a CPU's generator, a CUDA device's, or an array."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import memlens
from memlens.errors import SettingsError
from memlens.evaluation import datasets
from memlens.sampling.noise import cuda_noise, cuda_normals, noise_name
from tests.support.command_line import invoke

# torch.randn(…, generator=torch.Generator("cuda").manual_seed(0), device="cuda"), the first twelve.
DRAWN_ON_CUDA = np.array(
    """
    -0.92466259 -0.42534415 -2.6438457 0.14518388 -0.12086647 -0.57972564
    -0.62285122 -0.32838709 -1.07454231 -0.36314407 -1.67105067 2.26550497
    """.split(),
    float,
)


def test_the_numbers_that_a_cuda_device_draws() -> None:
    np.testing.assert_allclose(cuda_normals(0, 12), DRAWN_ON_CUDA, atol=1e-6)
    half = cuda_noise(0, (3, 2, 2))
    assert half.dtype == np.float32
    np.testing.assert_array_equal(half.ravel(), DRAWN_ON_CUDA.astype(np.float16))


def test_a_value_does_not_depend_on_how_many_follow_it() -> None:
    np.testing.assert_array_equal(cuda_normals(7, 16_384)[:100], cuda_normals(7, 100))
    drawn = cuda_normals(2**40 + 5, 16_384).astype(np.float64)
    assert abs(drawn.mean()) < 0.03 and abs(drawn.std() - 1) < 0.02
    assert not np.array_equal(drawn, cuda_normals(5, 16_384))  # both halves of the seed count


def philox(counter: list[int], key: list[int]) -> list[int]:
    """Philox-4×32-10 as its paper writes it down, in Python's whole numbers."""
    for _ in range(10):
        left, right = 0xD2511F53 * counter[0], 0xCD9E8D57 * counter[2]
        counter = [
            right >> 32 ^ counter[1] ^ key[0],
            right & 0xFFFFFFFF,
            left >> 32 ^ counter[3] ^ key[1],
            left & 0xFFFFFFFF,
        ]
        key = [(key[0] + 0x9E3779B9) & 0xFFFFFFFF, (key[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return counter


def test_the_generator_is_the_published_one() -> None:
    # Random123's known answers.
    assert philox([0] * 4, [0] * 2) == [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]
    seed = 0x0123456789ABCDEF
    for index in (0, 1, 16_383):
        words = philox([0, 0, index, 0], [seed & 0xFFFFFFFF, seed >> 32])
        u, v = ((word + 0.5) * 2.0**-32 for word in words[:2])
        expected = np.sqrt(-2 * np.log(u)) * np.sin(2 * np.pi * v)
        assert cuda_normals(seed, index + 1)[-1] == pytest.approx(expected, abs=2e-6)


def test_a_run_starts_from_the_noise_that_is_asked_for(model: Any) -> None:
    cpu = memlens.sample(model, "a tree", seed=3, steps=1)
    drawn = torch.randn((1, 4, 16, 16), generator=torch.Generator("cpu").manual_seed(3))
    np.testing.assert_array_equal(cpu.x_t[0], drawn[0].numpy())
    assert cpu.provenance.noise == "cpu"
    cuda = memlens.sample(model, "a tree", seed=3, steps=1, noise="cuda")
    np.testing.assert_array_equal(cuda.x_t[0], cuda_noise(3, (4, 16, 16)))
    assert cuda.provenance.noise == "cuda"
    for shape in ((4, 16, 16), (1, 4, 16, 16)):
        given = memlens.sample(model, "a tree", steps=1, noise=cuda.x_t[0].reshape(shape))
        np.testing.assert_array_equal(given.final_latent, cuda.final_latent)
        assert given.provenance.noise == noise_name(cuda.x_t[0])
        assert given.provenance.noise.startswith("array@")


@pytest.mark.parametrize(
    ("noise", "words"),
    [
        ("gpu", "'gpu': choose cpu or cuda"),
        (np.zeros((4, 8, 8)), r"shape \(4, 8, 8\), the latent \(4, 16, 16\)"),
        (np.full((4, 16, 16), np.nan), "NaN"),
        (np.zeros((4, 16, 16), complex), "complex128, not numbers"),
    ],
)
def test_what_is_no_noise_is_refused(model: Any, noise: Any, words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        memlens.sample(model, "a tree", steps=1, noise=noise)


def test_official_data_sets_were_drawn_on_cuda() -> None:
    assert datasets.OFFICIAL_NOISE == "cuda"


def test_the_command_line_draws_it_and_says_so(tiny_pipeline: Path, tmp_path: Path) -> None:
    noise = cuda_noise(5, (4, 16, 16))
    np.save(tmp_path / "noise.npy", noise)
    common = ("localize", tiny_pipeline, "--prompt", "a tree", "--steps", 2, "--seed", 5)
    images = {}
    for name in ("cpu", "cuda", tmp_path / "noise.npy"):
        out = tmp_path / f"out-{Path(name).stem}"
        found = invoke(*common, "--method", "score_diff", "--noise", name, "--out", out)
        assert found.exit_code == 0, found.output
        kept = json.loads((out / "result.json").read_text())
        images[Path(name).stem] = (out / "score_diff.npy").read_bytes()
        expected = noise_name(noise) if name == tmp_path / "noise.npy" else name
        assert kept["provenance"]["noise"] == expected
        assert kept["maps"]["score_diff"]["provenance"]["noise"] == expected
    assert images["noise"] == images["cuda"] != images["cpu"]


def test_the_command_line_refuses_what_is_no_noise(tiny_pipeline: Path, tmp_path: Path) -> None:
    common = ("localize", tiny_pipeline, "--prompt", "a tree", "--steps", 2)
    np.save(tmp_path / "small.npy", np.zeros((4, 2, 2), np.float32))
    (tmp_path / "junk.npy").write_bytes(b"junk")
    for noise, words in (
        ("gpu", "gpu is neither cpu nor cuda, nor a file"),
        (tmp_path / "small.npy", "shape (4, 2, 2)"),
        (tmp_path / "junk.npy", "junk.npy is not a .npy file"),
    ):
        found = invoke(*common, "--noise", noise, "--out", tmp_path / "out")
        assert found.exit_code == 2
        assert words in found.stderr
    assert not (tmp_path / "out").exists()


def test_a_saved_run_brings_its_own_noise(tiny_pipeline: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.memlens"
    common = ("localize", tiny_pipeline, "--method", "score_diff")
    first = (*common, "--prompt", "a tree", "--steps", 2, "--noise", "cuda", "--save-run", kept)
    assert invoke(*first, "--out", tmp_path / "first").exit_code == 0
    assert memlens.load_session(kept).trajectory.provenance.noise == "cuda"
    refused = invoke(*common, "--run", kept, "--noise", "cpu", "--out", tmp_path / "second")
    assert refused.exit_code == 2 and "--noise" in refused.stderr


def test_what_an_older_memlens_sampled_was_drawn_on_the_cpu(model: Any) -> None:
    made = memlens.sample(model, "a tree", steps=1, noise="cuda").provenance
    older = made.to_json()
    del older["noise"], older["schedule_mended"]
    read = type(made).from_json(older)
    assert (read.noise, read.schedule_mended) == ("cpu", ())
