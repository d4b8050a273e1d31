"""What `memlens-cli localize` does with maps, readings and runs, beyond the plain case."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import memlens
from memlens.maps.localization_map import mean_filter
from tests.support.command_line import invoke, strict_json
from tests.support.tiny_pipeline import save_tiny_pipeline

PROMPT = ("--prompt", "a red apple", "--steps", "3")


@pytest.mark.parametrize(("smooth", "window"), [("paper", 3), ("5", 5)])
def test_smoothed_maps(tiny_pipeline: Path, tmp_path: Path, smooth: str, window: int) -> None:
    arguments = ["localize", tiny_pipeline, *PROMPT, "--method", "guidance-cosine", "--json"]
    plain = invoke(*arguments, "--out", tmp_path / "plain")
    found = invoke(*arguments, "--out", tmp_path / "smooth", "--smooth", smooth)
    assert (plain.exit_code, found.exit_code) == (0, 0), found.output
    facts = strict_json(found.stdout)["maps"]["guidance_cosine"]
    assert facts["provenance"]["smoothing"] == window
    before, after = (
        np.load(tmp_path / folder / "guidance_cosine.npy") for folder in ("plain", "smooth")
    )
    assert before.min() < 0
    np.testing.assert_array_equal(after, mean_filter(before, window))


@pytest.mark.parametrize("smooth", ["4", "0", "-3", "much"])
def test_smoothing_that_is_no_odd_number(tiny_pipeline: Path, tmp_path: Path, smooth: str) -> None:
    found = invoke(
        "localize", tiny_pipeline, *PROMPT, "--out", tmp_path / "out", f"--smooth={smooth}"
    )
    assert found.exit_code == 2
    assert found.stderr == f'smoothing {smooth!r} must be "paper" or an odd number.\n'


def test_averaged_steps_are_in_the_provenance(tiny_pipeline: Path, tmp_path: Path) -> None:
    found = invoke(
        "localize", tiny_pipeline, *PROMPT, "--step", "1", "--steps-averaged", "2",
        "--method", "score_diff", "--method", "guidance-cosine",
        "--out", tmp_path / "out", "--json",
    )  # fmt: skip
    for facts in strict_json(found.stdout)["maps"].values():
        assert (facts["step"], facts["provenance"]["steps_averaged"]) == (1, 2)


@pytest.mark.long
def test_readings_are_in_result_and_table(tiny_pipeline: Path, tmp_path: Path) -> None:
    arguments = [
        "localize", tiny_pipeline, *PROMPT, "--probes", "8", "--method", "score_diff",
        "--reading", "wen", "--reading", "jeon", "--reading", "free-dimensions",
        "--reading", "mean-score_diff", "--reading", "wen", "--out", tmp_path / "out",
    ]  # fmt: skip
    found = invoke(*arguments, "--json")
    assert found.exit_code == 0, found.output
    values = strict_json(found.stdout)["readings"]
    assert list(values) == ["wen", "jeon", "free-dimensions", "mean-score_diff"]
    assert len(values["wen"]["per_step"]) == 3
    assert values["wen"]["value"] == pytest.approx(np.mean(values["wen"]["per_step"]))
    assert (values["jeon"]["step"], values["jeon"]["network_calls"]) == (0, 2)
    assert values["free-dimensions"]["step"] == 2
    assert values["free-dimensions"]["standard_error"] > 0
    assert values["jeon"]["provenance"]["reading"] == "jeon"
    table = invoke(*arguments).stdout
    assert "‖" not in table and "latent⁻³" in table
    assert [line.split()[0] for line in table.splitlines() if line.startswith("free")]


def test_an_unknown_reading_lists_the_known_ones(tiny_pipeline: Path, tmp_path: Path) -> None:
    found = invoke("localize", tiny_pipeline, *PROMPT, "--out", tmp_path, "--reading", "iq")
    assert found.exit_code == 2
    assert "no reading is called 'iq': choose among wen, jeon" in found.stderr


def test_info_lists_the_readings(tiny_pipeline: Path) -> None:
    values = strict_json(invoke("info", tiny_pipeline, "--json").stdout)["readings"]
    assert values["jeon"]["available"] is True
    assert values["jeon"]["cost"] == "one forward pass and one vector product"
    rows = [line.split(maxsplit=1) for line in invoke("info", tiny_pipeline).stdout.splitlines()]
    assert ["wen", "yes (free)"] in [[cell.strip() for cell in row] for row in rows]


def test_a_series_is_one_map_per_step(tiny_pipeline: Path, tmp_path: Path) -> None:
    found = invoke(
        "localize", tiny_pipeline, *PROMPT, "--baseline", "less-trained",
        "--method", "score-difference", "--series", "all", "--out", tmp_path, "--json",
    )  # fmt: skip
    assert found.exit_code == 0, found.output
    facts = strict_json(found.stdout)["maps"]["score_diff_bad"]
    stacked = np.load(tmp_path / "score_diff_bad_series.npy")
    assert stacked.shape == (3, 16, 16)
    np.testing.assert_array_equal(stacked[2], np.load(tmp_path / "score_diff_bad.npy"))
    # The map itself took the last step's forward pass already.
    assert [each["network_calls"] for each in facts["series"]] == [1, 1, 0]
    assert [each["step"] for each in facts["series"]] == [0, 1, 2]


def test_a_series_of_chosen_steps(tiny_pipeline: Path, tmp_path: Path) -> None:
    arguments = ["localize", tiny_pipeline, *PROMPT, "--method", "cov", "--probes", "4"]
    found = invoke(*arguments, "--series", "0,-1", "--out", tmp_path / "out", "--json")
    facts = strict_json(found.stdout)["maps"]["cov"]
    assert [each["step"] for each in facts["series"]] == [0, 2]
    for series, words in (("0,9", "step 9 does not exist"), ("some", 'must be "all"')):
        wrong = invoke(*arguments, "--series", series, "--out", tmp_path / "wrong")
        assert wrong.exit_code == 2
        assert words in wrong.stderr


def test_a_saved_run_is_localized_without_sampling_again_byte_for_byte(
    tiny_pipeline: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    maps = ["--method", "cov", "--method", "score_diff", "--method", "attention", "--probes", "4"]
    kept = tmp_path / "kept.memlens"
    first = invoke(
        "localize", tiny_pipeline, *PROMPT, *maps, "--reading", "jeon", "--save-run", kept,
        "--out", tmp_path / "first", "--json",
    )  # fmt: skip
    assert first.exit_code == 0, first.output
    assert len(memlens.load_session(kept).maps) == 3

    def sampled_again(*_: object, **__: object) -> None:
        raise AssertionError("sampled again")

    monkeypatch.setattr("memlens.sampling.sample.sample", sampled_again)
    second = invoke(
        "localize", tiny_pipeline, "--run", kept, *maps, "--reading", "jeon",
        "--out", tmp_path / "second", "--json",
    )  # fmt: skip
    assert second.exit_code == 0, second.output
    for name in ("cov.npy", "score_diff.npy", "attention.npy", "image.png", "cov.png"):
        before, after = (tmp_path / folder / name for folder in ("first", "second"))
        assert before.read_bytes() == after.read_bytes(), name
    one, two = strict_json(first.stdout), strict_json(second.stdout)
    assert (one["reused_run"], two["reused_run"]) == (False, True)
    assert one["readings"]["jeon"]["value"] == two["readings"]["jeon"]["value"]
    assert one["provenance"] == two["provenance"]


def test_run_name_chooses_among_the_runs_of_a_file(tiny_pipeline: Path, tmp_path: Path) -> None:
    runs = []
    for seed in ("4", "5"):
        kept = tmp_path / f"{seed}.memlens"
        invoke(
            "localize", tiny_pipeline, "--prompt", "red apple", "--seed", seed, "--steps", "3",
            "--method", "score_diff", "--save-run", kept, "--out", tmp_path / "made",
        )  # fmt: skip
        runs.append(memlens.load_session(kept))
    both = tmp_path / "both.memlens"
    memlens.save_project(memlens.Project(runs=tuple(runs), shown=1), both)

    def localized(*options: str) -> Any:
        return invoke(
            "localize", tiny_pipeline, "--run", both, "--method", "score_diff",
            *options, "--out", tmp_path / "out", "--json",
        )  # fmt: skip

    assert strict_json(localized().stdout)["provenance"]["seed"] == 5
    first = localized("--run-name", "red apple, seed 4")
    assert strict_json(first.stdout)["provenance"]["seed"] == 4
    wrong = localized("--run-name", "nobody")
    assert wrong.exit_code == 1
    assert "#1 'red apple, seed 4'; #2 'red apple, seed 5'" in " ".join(wrong.stderr.split())
    alone = invoke("localize", tiny_pipeline, *PROMPT, "--run-name", "x", "--out", tmp_path / "out")
    assert alone.exit_code == 2 and "give --run too" in " ".join(alone.stderr.split())


def test_a_saved_run_wants_its_own_model_and_no_other_prompt(
    tiny_pipeline: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "kept.memlens"
    invoke(
        "localize", tiny_pipeline, *PROMPT, "--method", "score_diff", "--save-run", kept,
        "--out", tmp_path / "out",
    )  # fmt: skip
    both = invoke("localize", tiny_pipeline, *PROMPT, "--run", kept, "--out", tmp_path / "both")
    assert both.exit_code == 2
    assert "--run brings its own --prompt" in both.stderr
    other = save_tiny_pipeline(tmp_path / "other", seed=9)
    wrong = invoke("localize", other, "--run", kept, "--out", tmp_path / "wrong")
    assert wrong.exit_code == 1
    assert "This trajectory was sampled from tiny@" in wrong.stderr
    missing = invoke("localize", other, "--run", tmp_path / "no.memlens", "--out", tmp_path / "no")
    assert missing.exit_code == 1
    assert "no.memlens cannot be opened" in missing.stderr


@pytest.mark.parametrize("prediction_type", ["epsilon", "v_prediction"])
def test_log_snr_chooses_a_comparable_step(tmp_path: Path, prediction_type: str) -> None:
    pipeline = save_tiny_pipeline(tmp_path / "model", prediction_type=prediction_type)
    found = invoke(
        "localize", pipeline, "--prompt", "a red apple", "--steps", "10", "--log-snr", "1.7",
        "--method", "score_diff", "--out", tmp_path / "out", "--json",
    )  # fmt: skip
    made = strict_json(found.stdout)["maps"]["score_diff"]["provenance"]
    schedule = memlens.load_model(pipeline, device="cpu").schedule(10)
    gaps = np.abs(schedule.log_snr - 1.7)
    assert made["step"] == schedule.nearest(1.7) == int(gaps.argmin())
    assert gaps[made["step"]] < 1.0


def test_a_series_is_estimated_together(tiny_pipeline: Path, tmp_path: Path) -> None:
    arguments = [
        "localize", tiny_pipeline, *PROMPT, "--method", "cov", "--method", "score_diff",
        "--probes", "8", "--json",
    ]  # fmt: skip
    found = invoke(*arguments, "--series", "all", "--timeline", "--out", tmp_path / "together")
    assert found.exit_code == 0, found.output
    facts = strict_json(found.stdout)["maps"]
    assert [each["step"] for each in facts["cov"]["series"]] == [0, 1, 2]
    # The map at the last step is there: it is leaned on, and needs no probes of its own again.
    assert facts["cov"]["series"][2]["network_calls"] <= facts["cov"]["network_calls"]
    series = np.load(tmp_path / "together" / "cov_series.npy")
    single = np.load(tmp_path / "together" / "cov.npy")
    assert series.shape == (3, *single.shape)
    for wrong, reason in (
        (["--timeline"], "give --series too"),
        (["--timeline", "--series", "all", "--probe-file", "p.npy"], "--probe-file out"),
    ):
        some = [each for each in arguments if each not in ("--probes", "8")]
        refused = invoke(*some, *wrong, "--out", tmp_path / "no")
        assert refused.exit_code == 2 and reason in refused.stderr
