"""Bad input on the command line: one clear sentence, exit 1 or 2, nothing half-written."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.support.command_line import invoke


def assert_one_sentence(found: Any, code: int, *words: str) -> None:
    assert found.exit_code == code, found.output
    assert found.exception is None or isinstance(found.exception, SystemExit)
    assert found.stderr.count("\n") == 1, found.stderr
    assert found.stderr.endswith(".\n"), found.stderr
    assert "Traceback" not in found.output
    for word in words:
        assert word in found.stderr


@pytest.fixture
def broken(tiny_pipeline: Path, tmp_path: Path) -> Path:
    """A copy of the pipeline that a test may damage."""
    return Path(shutil.copytree(tiny_pipeline, tmp_path / "broken"))


def without_index(folder: Path) -> None:
    (folder / "model_index.json").unlink()


def cut_weights(folder: Path) -> None:
    weights = folder / "unet" / "diffusion_pytorch_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1000])


def empty_weights(folder: Path) -> None:
    (folder / "unet" / "diffusion_pytorch_model.safetensors").write_bytes(b"")


def without_weights(folder: Path) -> None:
    (folder / "vae" / "diffusion_pytorch_model.safetensors").unlink()


def broken_index(folder: Path) -> None:
    (folder / "model_index.json").write_text("{")


def other_family(folder: Path) -> None:
    (folder / "model_index.json").write_text('{"_class_name": "FluxPipeline"}')


@pytest.mark.parametrize("command", ["info", "localize"])
@pytest.mark.parametrize(
    ("damage", "word"),
    [
        (without_index, "model_index.json"),
        (cut_weights, "diffusion_pytorch_model.safetensors"),
        (empty_weights, "diffusion_pytorch_model.safetensors"),
        (without_weights, "vae"),
        (broken_index, "JSON"),
        (other_family, "FluxPipeline"),
    ],
)
def test_a_damaged_model(
    broken: Path, tmp_path: Path, command: str, damage: Callable[[Path], None], word: str
) -> None:
    damage(broken)
    more = ["--prompt", "a", "--out", tmp_path / "out"] if command == "localize" else []
    assert_one_sentence(invoke(command, broken, *more), 1, word)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("model", "word"),
    [
        ("/nowhere/at-all", "/nowhere/at-all"),
        ("someone/some-model", "someone/some-model"),
        ("", "no model is named"),
    ],
)
def test_a_model_that_is_not_there(tmp_path: Path, model: str, word: str) -> None:
    assert_one_sentence(invoke("info", model), 1, word)
    found = invoke("localize", model, "--prompt", "a", "--out", tmp_path / "out")
    assert_one_sentence(found, 1, word)
    assert not (tmp_path / "out").exists()


def test_an_unknown_hub_id_without_network() -> None:
    assert_one_sentence(invoke("info", "someone/some-model", "--download"), 1, "someone/some-model")


@pytest.mark.long
@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--prompt", ""], ["prompt is empty"]),
        (["--prompt", "  "], ["prompt is empty"]),
        (["--steps", "0"], ["0 steps"]),
        (["--steps", "-3"], ["-3 steps"]),
        (["--steps", "100000"], ["100000"]),
        (["--probes", "0"], ["0 probes"]),
        (["--probes", "-1"], ["-1 probes"]),
        (["--seed", "-1"], ["seed -1"]),
        (["--step", "50"], ["step 50"]),
        (["--step", "1", "--log-snr", "2"], ["not both"]),
        (["--steps-averaged", "0"], ["0 steps"]),
        (["--method", "magic"], ["'magic'", "curvature-difference", "cov_bad"]),
        (["--estimator", "magic"], ["'magic'", "hutchinson"]),
        (["--probe-seed", "-1"], ["probe seed -1"]),
        (["--probe-seed", str(2**63)], [f"probe seed {2**63}"]),
        (["--seed", str(10**30)], [f"seed {10**30}"]),
        (["--log-snr", "nan"], ["nan"]),
        (["--log-snr", "inf"], ["inf"]),
        (["--smooth", "33"], ["33", "16x16"]),
        (["--smooth", "٣"], ["٣"]),
        (["--method", "cov_bad", "--baseline", ""], ["no baseline is named"]),
        (["--series", "0,77"], ["step 77"]),
        (["--series", ""], ["series ''"]),
        (["--device", "magic"], ["magic"]),
        (["--dtype", "magic"], ["magic"]),
        (["--guidance-scale", "nan"], ["nan"]),
        (["--probe-file", "/nowhere/probes.npy"], ["/nowhere/probes.npy", "no such file"]),
    ],
)
def test_a_setting_out_of_range(
    tiny_pipeline: Path, tmp_path: Path, options: list[str], words: list[str]
) -> None:
    prompt = [] if "--prompt" in options else ["--prompt", "a red apple"]
    found = invoke("localize", tiny_pipeline, *prompt, "--out", tmp_path / "out", *options)
    assert_one_sentence(found, 2, *words)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("probes", "word"),
    [
        (np.ones((2, 4, 8, 8), np.float32), "shape"),
        (np.zeros((2, 4, 16, 16), np.float32), "1"),
        (np.ones((4, 16, 16), np.float32), "dimensions"),
        (np.array([[[["x"]]]]), "numbers"),
    ],
)
def test_a_probe_file_that_does_not_fit(
    tiny_pipeline: Path, tmp_path: Path, probes: Any, word: str
) -> None:
    np.save(tmp_path / "probes.npy", probes)
    found = invoke(
        "localize", tiny_pipeline, "--prompt", "a red apple", "--steps", "2",
        "--probe-file", tmp_path / "probes.npy", "--out", tmp_path / "out",
    )  # fmt: skip
    assert_one_sentence(found, 2, word)
    assert not (tmp_path / "out").exists()


def test_a_mask_of_another_size(tiny_pipeline: Path, tmp_path: Path) -> None:
    Image.new("L", (64, 32)).save(tmp_path / "mask.png")
    found = invoke(
        "localize", tiny_pipeline, "--prompt", "a red apple", "--mask", tmp_path / "mask.png",
        "--out", tmp_path / "out",
    )  # fmt: skip
    assert_one_sentence(found, 1, "64x32", "64x64")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("content", [None, b"", b"not a picture", b"\x89PNG\r\n\x1a\n"])
def test_a_mask_that_cannot_be_read(
    tiny_pipeline: Path, tmp_path: Path, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / "mask.png").write_bytes(content)
    found = invoke(
        "localize", tiny_pipeline, "--prompt", "a red apple", "--mask", tmp_path / "mask.png",
        "--out", tmp_path / "out",
    )  # fmt: skip
    assert_one_sentence(found, 1, "mask.png")
    assert not (tmp_path / "out").exists()


def test_a_baseline_that_is_not_there(tiny_pipeline: Path, tmp_path: Path) -> None:
    found = invoke(
        "localize", tiny_pipeline, "--prompt", "a red apple", "--baseline", "/nowhere/unet",
        "--out", tmp_path / "out",
    )  # fmt: skip
    assert_one_sentence(found, 1, "/nowhere/unet")
    assert not (tmp_path / "out").exists()


def test_a_model_without_a_less_trained_checkpoint(broken: Path, tmp_path: Path) -> None:
    shutil.rmtree(broken / "unet-early")
    found = invoke(
        "localize", broken, "--prompt", "a red apple", "--method", "cov_bad",
        "--out", tmp_path / "out",
    )  # fmt: skip
    assert_one_sentence(found, 2, "--baseline")


@pytest.mark.long
@pytest.mark.parametrize("when", ["pathlib.Path.write_bytes", "os.fsync", "os.replace"])
@pytest.mark.parametrize("earlier", [False, True])
def test_a_full_disk(
    tiny_pipeline: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str, earlier: bool
) -> None:
    out = tmp_path / "deep" / "out"
    if earlier:
        out.mkdir(parents=True)
        (out / "image.png").write_text("an earlier result")

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(when, full)
    found = invoke(
        "localize", tiny_pipeline, "--prompt", "a red apple", "--steps", "2",
        "--method", "score_diff", "--out", out, "--json",
    )  # fmt: skip
    assert_one_sentence(found, 1, f"nothing was written to {out}", "no space left on device")
    assert json.loads(found.stdout) == {"error": found.stderr.rstrip("\n")}
    if earlier:
        assert [path.name for path in out.iterdir()] == ["image.png"]
        assert (out / "image.png").read_text() == "an earlier result"
    else:
        assert list(tmp_path.iterdir()) == []


def test_a_run_that_cannot_be_saved_is_not_sampled(
    tiny_pipeline: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("memlens.sampling.sample.sample", lambda *_, **__: pytest.fail("sampled"))
    for place, word in ((tmp_path / "no" / "x.memlens", "no folder"), (tmp_path, "is a folder")):
        options = ("--prompt", "a", "--save-run", place, "--out", tmp_path / "out")
        assert_one_sentence(invoke("localize", tiny_pipeline, *options), 1, str(place), word)
        assert not (tmp_path / "out").exists()


def test_a_file_where_the_folder_should_be(tiny_pipeline: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    found = invoke("localize", tiny_pipeline, "--prompt", "a", "--out", tmp_path / "out")
    assert_one_sentence(found, 1, "is a file, not a folder")
    assert (tmp_path / "out").read_text() == "mine"


@pytest.mark.parametrize(
    "arguments",
    [
        ["magic"],
        ["localize"],
        ["localize", "demo", "--prompt", "a"],
        ["localize", "demo", "--prompt", "a", "--out", "x", "--seed", "one"],
        ["localize", "demo", "--prompt", "a", "--out", "x", "--magic"],
        ["evaluate", "maps"],
        ["evaluate", "maps", "--dataset", "x.jsonl", "--layout", "magic"],
    ],
)
def test_wrong_use_is_exit_2_with_advice(arguments: list[str], tmp_path: Path) -> None:
    found = invoke(*arguments)
    assert found.exit_code == 2
    assert "Error: " in found.stderr
    assert "Traceback" not in found.output
    assert not Path("x").exists()


def test_evaluating_what_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "set.jsonl").write_text("")
    absent = tmp_path / "absent"
    found = invoke("evaluate", absent, "--dataset", tmp_path / "set.jsonl")
    assert_one_sentence(found, 1, str(absent))
    found = invoke("evaluate", tmp_path, "--dataset", absent)
    assert_one_sentence(found, 1, str(absent))
    found = invoke("evaluate", tmp_path, "--dataset", tmp_path / "set.jsonl")
    assert_one_sentence(found, 1, "no maps in the official layout")
    found = invoke("evaluate", tmp_path, "--dataset", tmp_path / "set.jsonl", "--metric", "cov")
    assert_one_sentence(found, 1, "no map of metric cov")


def test_only_lab_models_can_be_checked(tiny_pipeline: Path) -> None:
    assert_one_sentence(invoke("lab", "check", tiny_pipeline), 1, "ground truth")
    assert_one_sentence(invoke("lab", "check", "/nowhere/at-all"), 1, "/nowhere/at-all")


def test_a_training_folder_of_another_recipe(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text('{"seed": 0, "recipe": {}}')
    assert_one_sentence(invoke("lab", "train", "--out", tmp_path), 1, str(tmp_path))


@pytest.mark.parametrize(
    ("options", "code", "word"),
    [(["--seed", "-1"], 2, "seed -1"), (["--seed", str(2**70)], 2, "seed"), ([], 1, "run")],
)
def test_training_that_cannot_begin(
    tmp_path: Path, options: list[str], code: int, word: str
) -> None:
    out = tmp_path / "run"
    if not options:
        out.write_text("a file")
    assert_one_sentence(invoke("lab", "train", "--out", out, *options), code, word)
    assert out.is_file() != bool(options)


def test_a_training_run_whose_record_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text("{")
    assert_one_sentence(invoke("lab", "train", "--out", tmp_path), 1, "run.json", "JSON")
