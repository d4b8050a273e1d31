"""A less-trained baseline by its hub id: from the local cache, or downloaded when asked."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import huggingface_hub
import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

import memlens
from memlens.cli.application import application
from memlens.errors import BaselineMismatch, ModelError
from memlens.models.baseline_fit import baseline_refusal

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Put folders into a hub cache of this test's own, as if they had been downloaded."""
    place = tmp_path / "hub"
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(place))

    def keep(hub_id: str, folder: Path) -> Path:
        repository = place / f"models--{hub_id.replace('/', '--')}"
        shutil.copytree(folder, repository / "snapshots" / COMMIT)
        (repository / "refs").mkdir()
        (repository / "refs" / "main").write_text(COMMIT)
        return repository

    place.mkdir()
    return keep


@pytest.fixture
def downloads(
    cache: Any, tiny_early: Path, monkeypatch: pytest.MonkeyPatch
) -> list[dict[str, Any]]:
    """Answer downloads with the less-trained UNet; return what was asked."""
    asked: list[dict[str, Any]] = []
    offline = huggingface_hub.snapshot_download

    def snapshot_download(hub_id: str, **options: Any) -> str:
        asked.append({"hub_id": hub_id, **options})
        if not options["local_files_only"]:
            cache(hub_id, tiny_early)
        return offline(hub_id, **{**options, "local_files_only": True})

    monkeypatch.setattr(huggingface_hub, "snapshot_download", snapshot_download)
    return asked


def test_a_repository_of_one_unet_in_the_cache(model: Any, cache: Any, tiny_early: Path) -> None:
    cache("someone/early", tiny_early)
    baseline = memlens.load_baseline("someone/early", like=model)
    assert baseline.description.name == "someone/early"
    here = memlens.load_baseline(tiny_early, like=model)
    assert baseline.description.fingerprint == here.description.fingerprint
    run = memlens.sample(model, "a tree", steps=1)
    found = [memlens.localize(run, "score-difference", baseline=b) for b in (baseline, here)]
    np.testing.assert_array_equal(found[0].values, found[1].values)
    assert found[0].provenance.baseline == baseline.description.identity
    assert baseline_refusal("someone/early", like=model) == ""


def test_a_whole_pipeline_in_the_cache(model: Any, cache: Any, tiny_pipeline: Path) -> None:
    cache("someone/pipeline", tiny_pipeline)
    baseline = memlens.load_baseline("someone/pipeline", like=model)
    assert baseline.encoder is not model.encoder


def test_nothing_is_downloaded_unasked(model: Any, downloads: list[dict[str, Any]]) -> None:
    with pytest.raises(ModelError, match=r"someone/early is neither a folder.*allow the download"):
        memlens.load_baseline("someone/early", like=model)
    assert "allow the download" in baseline_refusal("someone/early", like=model)
    assert all(asked["local_files_only"] for asked in downloads)


def test_it_is_downloaded_when_asked(model: Any, downloads: list[dict[str, Any]]) -> None:
    baseline = memlens.load_baseline("someone/early", like=model, download=True)
    assert baseline.description.name == "someone/early"
    assert not downloads[-1]["local_files_only"]
    assert "unet/*" in downloads[-1]["allow_patterns"]


def test_the_command_line_downloads_it_when_asked(
    tiny_pipeline: Path, tmp_path: Path, downloads: list[dict[str, Any]]
) -> None:
    arguments = ["localize", str(tiny_pipeline), "--prompt", "a tree", "--steps", "2"]
    arguments += ["--baseline", "someone/early", "--method", "score_diff_bad"]
    refused = CliRunner().invoke(application, [*arguments, "--out", str(tmp_path / "no")])
    assert refused.exit_code == 1
    assert "allow the download" in refused.stderr
    arguments.append("--download")
    found = CliRunner().invoke(application, [*arguments, "--out", str(tmp_path / "yes")])
    assert found.exit_code == 0, found.output
    assert (tmp_path / "yes" / "score_diff_bad.npy").is_file()


def test_controls_are_made_with_it_and_regions_tested(
    tiny_pipeline: Path, tmp_path: Path, downloads: list[dict[str, Any]]
) -> None:
    prompts, mask, out = (tmp_path / name for name in ("list.txt", "mask.png", "controls.zip"))
    prompts.write_text("a tree\na red apple\n")
    Image.fromarray(np.full((64, 64), 255, np.uint8)).save(mask)
    early = ["--baseline", "someone/early"]
    made = ["calibrate", str(tiny_pipeline), "--prompts", str(prompts), "--steps", "2", *early]
    made += ["--method", "score_diff_bad", "--out", str(out)]
    refused = CliRunner().invoke(application, made)
    assert (refused.exit_code, out.exists()) == (1, False)
    assert "allow the download" in refused.stderr
    found = CliRunner().invoke(application, [*made, "--download"])
    assert found.exit_code == 0, found.output
    shutil.rmtree(tmp_path / "hub" / "models--someone--early")
    tested = ["test-region", str(tiny_pipeline), "--prompt", "a tree", "--mask", str(mask), *early]
    tested += ["--method", "score_diff_bad", "--controls", str(out)]
    refused = CliRunner().invoke(application, tested)
    assert refused.exit_code == 1 and "allow the download" in refused.stderr
    found = CliRunner().invoke(application, [*tested, "--download"])
    assert found.exit_code == 0, found.output


def test_a_folder_of_that_name_comes_first(
    model: Any, tiny_early: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(tiny_early, tmp_path / "someone" / "early")
    monkeypatch.chdir(tmp_path)
    assert memlens.load_baseline("someone/early", like=model).description.name == "early"


def test_a_repository_without_a_unet(model: Any, cache: Any, tiny_pipeline: Path) -> None:
    cache("someone/vae", tiny_pipeline / "vae")
    with pytest.raises(BaselineMismatch, match="AutoencoderKL"):
        memlens.load_baseline("someone/vae", like=model)
