"""What `memlens-cli` does when it is used rightly."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import memlens
from memlens.lab.check import CheckReport, CheckTable, Criterion, MethodScore, Setting
from memlens.maps.colormap import INFERNO, colours
from tests.support.command_line import invoke, strict_json

FAST = ["--steps", "3", "--probes", "2"]


def test_version() -> None:
    found = invoke("--version")
    assert (found.exit_code, found.output) == (0, f"memlens {memlens.__version__}\n")


def test_help_names_every_command() -> None:
    found = invoke("--help")
    assert found.exit_code == 0
    for command in ("info", "localize", "evaluate", "lab"):
        assert command in found.output


def test_help_needs_no_torch() -> None:
    code = (
        "import sys; sys.argv = ['memlens-cli', '--help']\n"
        "import memlens.cli\n"
        "try: memlens.cli.run()\n"
        "except SystemExit: pass\n"
        "sys.exit('torch' in sys.modules)"
    )
    subprocess.run(
        [sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[3], capture_output=True
    )


def test_info(tiny_pipeline: Path) -> None:
    found = invoke("info", tiny_pipeline)
    assert found.exit_code == 0, found.output
    assert "4 × 16 × 16" in found.stdout
    assert "unet-early" in found.stdout
    rows = [" ".join(line.split()) for line in found.stdout.splitlines()]
    assert "Bright Ending attention yes" in rows
    assert "Guidance cosine per pixel yes" in rows


def test_info_as_json(tiny_pipeline: Path) -> None:
    found = invoke("info", tiny_pipeline, "--json")
    values = strict_json(found.stdout)
    assert values["latent_shape"] == [4, 16, 16]
    assert values["picture_size"] == [64, 64]
    assert values["methods"]["bright-ending"] == {
        "label": "Bright Ending attention",
        "available": True,
        "reason": "",
    }
    assert values["less_trained"] == str(tiny_pipeline / "unet-early")


def test_localize_writes_all_that_it_promises(tiny_pipeline: Path, tmp_path: Path) -> None:
    mask = np.zeros((64, 64), np.uint8)
    mask[:32] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    out = tmp_path / "new" / "out"
    methods = ("cov", "score-difference", "cov_bad", "curvature", "attention")
    found = invoke(
        "localize",
        tiny_pipeline,
        "--prompt",
        "a red apple",
        "--seed",
        "3",
        *FAST,
        *(part for method in methods for part in ("--method", method)),
        "--mask",
        tmp_path / "mask.png",
        "--out",
        out,
        "--json",
    )
    assert found.exit_code == 0, found.output
    names = ["cov", "score_diff", "cov_bad", "curvature", "attention"]
    values = strict_json(found.stdout)
    assert list(values["maps"]) == names
    assert values == strict_json((out / "result.json").read_text())
    files = {f"{name}.{kind}" for name in names for kind in ("npy", "png")}
    assert {path.name for path in out.iterdir()} == files | {"image.png", "result.json"}
    for name in names:
        paper = np.load(out / f"{name}.npy", allow_pickle=False)
        assert (paper.dtype, paper.shape) == (np.float32, (16, 16))
        assert paper.min() >= 0
        with Image.open(out / f"{name}.png") as picture:
            assert (picture.size, picture.mode) == ((64, 64), "RGB")
        assert values["maps"][name]["agreement"]["iou"] > 0
    provenance = values["maps"]["cov_bad"]["provenance"]
    assert provenance["baseline"].startswith("tiny/unet-early@")
    assert (provenance["seed"], provenance["probes"], provenance["step"]) == (3, 2, 2)
    assert values["truncated"] == ""
    assert values["seconds"]["sampling"] > 0


def test_localize_is_the_python_interface(tiny_pipeline: Path, tmp_path: Path) -> None:
    probes = np.sign(np.random.default_rng(0).standard_normal((3, 4, 16, 16))).astype(np.float32)
    np.save(tmp_path / "probes.npy", probes)
    found = invoke(
        "localize",
        tiny_pipeline,
        "--prompt",
        "a red apple",
        "--steps",
        "4",
        "--guidance-scale",
        "2",
        "--step",
        "1",
        "--steps-averaged",
        "2",
        "--probe-file",
        tmp_path / "probes.npy",
        "--out",
        tmp_path / "out",
    )
    assert found.exit_code == 0, found.output
    model = memlens.load_model(tiny_pipeline)
    run = memlens.sample(model, "a red apple", steps=4, guidance_scale=2.0)
    cov = memlens.localize(run, "curvature-difference", step=1, probes=probes)
    score = memlens.localize(run, "score-difference", step=1, steps_averaged=2)
    np.testing.assert_array_equal(np.load(tmp_path / "out/cov.npy"), cov.paper_values())
    np.testing.assert_array_equal(np.load(tmp_path / "out/score_diff.npy"), score.paper_values())
    with Image.open(tmp_path / "out" / "image.png") as picture:
        np.testing.assert_array_equal(np.asarray(picture), run.image)


@pytest.mark.parametrize(("log_snr", "step"), [("-100", 0), ("100", 3)])
def test_a_step_by_its_log_snr(
    tiny_pipeline: Path, tmp_path: Path, log_snr: str, step: int
) -> None:
    found = invoke(
        "localize", tiny_pipeline, "--prompt", "a red apple", "--steps", "4", "--log-snr", log_snr,
        "--method", "score_diff", "--out", tmp_path / "out", "--json",
    )  # fmt: skip
    assert strict_json(found.stdout)["maps"]["score_diff"]["step"] == step
    # Such a step is not comparable: that is said.
    assert f"No step has a logSNR near {log_snr}: step {step} with" in found.stderr


def test_step_0_is_the_first(tiny_pipeline: Path, tmp_path: Path) -> None:
    found = invoke(
        "localize", tiny_pipeline, "--prompt", "a red apple", "--steps", "4", "--step", "0",
        "--method", "score_diff", "--out", tmp_path / "out", "--json",
    )  # fmt: skip
    assert strict_json(found.stdout)["maps"]["score_diff"]["step"] == 0


def test_a_less_trained_path_turns_the_methods(
    tiny_pipeline: Path, tiny_early: Path, tmp_path: Path
) -> None:
    found = invoke(
        "localize", tiny_pipeline, "--prompt", "a red apple", *FAST, "--baseline", tiny_early,
        "--out", tmp_path / "out", "--json",
    )  # fmt: skip
    assert list(strict_json(found.stdout)["maps"]) == ["cov_bad", "score_diff_bad"]


def test_a_long_prompt_is_cut_and_said_so(tiny_pipeline: Path, tmp_path: Path) -> None:
    found = invoke(
        "localize", tiny_pipeline, "--prompt", "a red apple " * 10 + "zebra", "--steps", "2",
        "--method", "score_diff", "--out", tmp_path / "out", "--json",
    )  # fmt: skip
    assert found.exit_code == 0
    assert "longer than the model's 24 tokens" in found.stderr
    assert found.stderr.count("\n") == 1
    values = strict_json(found.stdout)
    assert values["truncated"].endswith("zebra")
    assert values["provenance"]["prompt_truncated"] is True


def test_results_are_added_to_a_folder_with_others(tiny_pipeline: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "image.png").write_text("old")
    arguments = ["localize", tiny_pipeline, "--prompt", "a red apple", "--steps", "2"]
    found = invoke(*arguments, "--method", "score_diff", "--out", tmp_path)
    assert found.exit_code == 0, found.output
    assert {path.name for path in tmp_path.iterdir()} == {
        "notes.txt", "image.png", "score_diff.npy", "score_diff.png", "result.json",
    }  # fmt: skip
    with Image.open(tmp_path / "image.png") as picture:
        assert picture.size == (64, 64)


def test_an_interrupt_cancels_within_one_call(
    tiny_pipeline: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, cancel: memlens.CancelToken, **__: object) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        cancel.check()
        raise AssertionError("not cancelled")

    monkeypatch.setattr("memlens.sampling.sample.sample", interrupted)
    found = invoke("localize", tiny_pipeline, "--prompt", "a", "--out", tmp_path / "out")
    assert found.exit_code == 130
    assert found.stderr == "Cancelled.\n"
    assert not (tmp_path / "out").exists()


def test_evaluate(golden: Path) -> None:
    folder = golden / "evaluation"
    dataset = folder / "sdv1-4_bb_attack_gt_verify_TV.jsonl"
    found = invoke("evaluate", folder / "metrics_outputs_v1", "--dataset", dataset)
    assert found.exit_code == 0, found.output
    rows = [line.split() for line in found.stdout.splitlines()]
    assert ["cov", "TV", "only", "9", "0", "0.8667", "0.8666", "0.9202"] in rows
    assert ["score_diff", "all", "17", "0", "0.8044", "0.5524", "0.9129"] in rows


def test_evaluate_under_the_papers_filter(golden: Path) -> None:
    folder = golden / "evaluation"
    dataset = folder / "sdv1-4_bb_attack_gt_verify_TV.jsonl"
    common = ("evaluate", folder / "metrics_outputs_v1", "--dataset", dataset, "--metric", "cov")
    plain, one, paper = (
        strict_json(invoke(*common, *options, "--json").stdout)
        for options in ((), ("--smooth", 1), ("--smooth", "paper"))
    )
    assert plain == one
    assert (plain["smoothing"], paper["smoothing"]) == (1, "paper")
    assert paper["metrics"]["cov"]["all"]["iou"] != plain["metrics"]["cov"]["all"]["iou"]
    for wrong in ("2", "wide", "-3"):
        refused = invoke(*common, f"--smooth={wrong}")
        assert refused.exit_code == 2, wrong
        assert "odd number" in refused.stderr


def test_evaluate_as_json_names_what_it_skipped(tmp_path: Path) -> None:
    maps = tmp_path / "maps" / "TV_metric_maps"
    maps.mkdir(parents=True)
    np.save(maps / "prompt_0000_seed_00_cov.npy", np.eye(8, dtype=np.float32))
    np.save(maps / "prompt_0001_seed_00_cov.npy", np.full((8, 8), np.nan, np.float32))
    row = '{"caption": "", "overfit_type": "TV", "gen_seeds": [[0, -1]]}'
    (tmp_path / "sdv1_TV.jsonl").write_text(f"{row}\n{row}\n")
    arguments = ["evaluate", tmp_path / "maps", "--dataset", tmp_path / "sdv1_TV.jsonl"]
    found = invoke(*arguments, "--metric", "cov", "--layout", "official", "--json")
    values = strict_json(found.stdout)["metrics"]["cov"]["TV only"]
    assert values["maps"] == 1
    assert values["skipped"] == [
        {
            "name": "TV_metric_maps/prompt_0001_seed_00_cov.npy",
            "reason": "the map holds NaN or infinity",
        }
    ]
    assert "skipped TV_metric_maps/prompt_0001_seed_00_cov.npy" in found.stderr


def test_colours_are_absolute() -> None:
    values = np.array([-1.0, 0.0, 0.5, 1.0, 2.0], np.float32)
    expected = INFERNO[[0, 0, 128, 255, 255]]
    np.testing.assert_array_equal(colours(values), expected)
    lightness = INFERNO.astype(float) @ [0.2126, 0.7152, 0.0722]
    assert (np.diff(lightness) > -1).all()


def checked(measured: float) -> CheckReport:
    row = MethodScore(
        kind="cov_bad",
        symbol="Δh_θ̃",
        label="Curvature difference to less-trained",
        iou=0.75,
        auroc=0.91,
        iou_filtered=measured,
        auroc_filtered=0.96,
        detection=float("nan"),
    )
    setting = Setting("acceptance", step=47, guidance_scale=None)
    table = CheckTable(setting=setting, guidance_scale=3.0, sigma=0.1, log_snr=4.6, rows=(row,))
    criterion = Criterion(statement="IoU of Δh_θ̃", measured=measured, bound=0.8, at_least=True)
    return CheckReport(
        model="demo@0123456789ab",
        pictures={"template": 24, "verbatim": 16, "free": 16},
        probes=16,
        tables=(table,),
        criteria=(criterion,),
    )


@pytest.mark.parametrize(("measured", "code", "word"), [(0.81, 0, "passed"), (0.79, 1, "failed")])
def test_lab_check_prints_its_tables_and_verdict(
    monkeypatch: pytest.MonkeyPatch, measured: float, code: int, word: str
) -> None:
    asked: dict[str, Any] = {}

    def check(model: str, **options: Any) -> CheckReport:
        asked.update(options, model=model)
        return checked(measured)

    monkeypatch.setattr(import_module("memlens.lab.check"), "check", check)
    found = invoke("lab", "check", "--per-kind", "2")
    assert (found.exit_code, found.stderr) == (code, "")
    assert (asked["model"], asked["per_kind"]) == ("demo", 2)
    assert "24 template, 16 verbatim, 16 free pictures, 16 probes" in found.stdout
    assert "step 47, σ 0.100, logSNR 4.60, guidance 3" in found.stdout
    last = found.stdout.splitlines()[-1].split()
    assert last == ["IoU", "of", "Δh_θ̃", f"{measured:.4f}", "≥", "0.8", word]
    found = invoke("lab", "check", "--json")
    assert found.exit_code == code
    values = strict_json(found.stdout)
    assert values["passed"] is (code == 0)
    assert values["tables"][0]["rows"][0]["detection"] is None


def test_lab_train_passes_its_options_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: dict[str, Any] = {}

    def train(out: Path, **options: Any) -> Path:
        asked.update(options, out=out)
        return out / "model"

    monkeypatch.setattr(import_module("memlens.lab.training"), "train", train)
    found = invoke("lab", "train", "--out", tmp_path, "--seed", "4", "--no-resume", "--json")
    assert (found.exit_code, found.stderr) == (0, "")
    assert (asked["out"], asked["seed"], asked["resume"]) == (tmp_path, 4, False)
    assert strict_json(found.stdout) == {"model": str(tmp_path / "model")}


def test_lab_demo_session_passes_its_options_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: dict[str, Any] = {}

    def made(model: str, out: Path, **options: Any) -> Path:
        asked.update(model=model, **options)
        return out

    monkeypatch.setattr("memlens.lab.demo_session.make_demo_session", made)
    found = invoke("lab", "demo-session", "--out", tmp_path / "x.memlens", "--json")
    assert strict_json(found.stdout) == {"session": str(tmp_path / "x.memlens")}
    assert asked["model"] == "demo" and asked["cancel"] is not None
