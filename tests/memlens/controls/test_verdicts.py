"""A verdict says what was compared with what, and when it cannot tell."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from memlens.controls import wording
from memlens.controls.comparing import enlarged, verdict_of
from memlens.controls.controls import Controls
from memlens.controls.reading_ranks import rank_reading
from memlens.errors import SettingsError
from memlens.readings.reading import Reading
from tests.support.analytic_null import (
    GRID,
    PICTURE,
    controls_of,
    fields,
    localization_map,
)

KINDS = ("cov_bad", "score_diff_bad")


@pytest.fixture(scope="module")
def controls() -> Controls:
    rng = np.random.default_rng(0)
    return controls_of({kind: fields(40, rng) for kind in KINDS})


def _planted(rng: int, strength: float, rows: slice = slice(2, 10)) -> np.ndarray:
    values = fields(1, np.random.default_rng(rng))[0] * 0.2
    values[rows, 3:12] += strength
    return values


def test_a_find_is_one_sentence_with_its_premises(controls: Controls) -> None:
    maps = [localization_map(kind, _planted(1, 5.0)) for kind in KINDS]
    verdict = verdict_of(maps, controls, picture_size=PICTURE)
    assert verdict.found and verdict.inconclusive == ""
    share = round(100 * verdict.mask.mean())
    assert verdict.sentence == (
        f"Region A, {share} % of the picture: beyond all 40 controls (p ≤ .024), by Δh_θ̃ and Δs_θ̃."
    )
    assert verdict.p == pytest.approx(1 / 41)
    assert [region.name for region in verdict.regions if region.p <= 0.05] == ["A", "A"]
    assert verdict.mask.shape == PICTURE and verdict.mask.dtype == np.bool_
    told = " ".join(verdict.premises)
    assert controls.fingerprint in told
    for words in (
        "40 pictures of analytic@",
        "guidance 3",
        "16 probes",
        "3×3",
        "early@",
        "p ≤ .05",
    ):
        assert words in told
    for words in (verdict.sentence, told.replace("believed not to be memorized", "")):
        assert "memorized" not in words


def test_regions_apart_have_names_of_their_own(controls: Controls) -> None:
    values = _planted(1, 5.0, slice(0, 6)) + _planted(2, 5.0, slice(12, 16))
    verdict = verdict_of([localization_map("cov_bad", values)], controls, picture_size=PICTURE)
    names = {region.name: region.share for region in verdict.regions if region.p <= 0.05}
    assert list(names) == ["A", "B"] and names["A"] > names["B"]
    assert "Region A" in verdict.sentence and "Region B" in verdict.sentence


def test_nothing_beyond_controls(controls: Controls) -> None:
    verdict = verdict_of(
        [localization_map("cov_bad", np.full(GRID, -1.0, np.float32))],
        controls,
        picture_size=PICTURE,
    )
    assert (verdict.found, verdict.p, verdict.regions) == (False, 1.0, ())
    assert verdict.sentence == "Nothing beyond controls (no coordinate beyond 99 % of theirs)."
    values = controls.maps["cov_bad", 49].values
    one = np.full(GRID, -1.0, np.float32)
    # After the 3×3 filter, a single coordinate is barely beyond 99 %.
    one[4:7, 4:7] = values.knots[values.surprise(values.knots) > 2.0][-1]
    verdict = verdict_of([localization_map("cov_bad", one)], controls, picture_size=PICTURE)
    assert not verdict.found and "largest region p = ." in verdict.sentence


def test_nineteen_controls_decide_nothing() -> None:
    few = controls_of({"cov_bad": fields(19, np.random.default_rng(0))})
    verdict = verdict_of([localization_map("cov_bad", _planted(1, 5.0))], few, picture_size=PICTURE)
    assert verdict.p == pytest.approx(1 / 20)
    assert not verdict.found and not verdict.mask.any()
    assert verdict.sentence == "Inconclusive: 19 controls; 20 are needed."
    assert verdict.inconclusive == "19 controls; 20 are needed"
    assert all(region.name == "" for region in verdict.regions)


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"guidance_scale": 7.5}, "guidance scale 7.5, the controls' 3"),
        ({"steps": 30}, "sampling steps 30, the controls' 50"),
        ({"probes": 8}, "number of probes 8, the controls' 16"),
        ({"estimator": "hutchinson"}, "estimator hutchinson, the controls' probing"),
        ({"dtype": "bfloat16"}, "precision bfloat16, the controls' float32"),
        ({"curvature_dtype": "bfloat16"}, "precision of products bfloat16"),
        ({"model": "analytic@ffffffffffff"}, "model ffffffffffff, the controls' 0123456789ab"),
        ({"baseline": "late@ffffffffffff"}, "baseline ffffffffffff, the controls' ba9876543210"),
        ({"step": 48}, "step 48, the controls' are 49"),
        ({"sigma": 0.09}, "noise σ at the step 0.09"),
        ({"smoothing": 7}, "smoothing 7, the controls' 3"),
        ({"steps_averaged": 2}, "averaged steps 2, the controls' 1"),
        ({"schedule_mended": ("clip_sample false",)}, "schedule mended (clip_sample false), the"),
        ({"noise": "array@0123456789ab"}, "noise array@0123456789ab, the controls' drawn"),
        ({"picture": "photo@0123456789ab"}, "picture one that exists, the controls' sampled"),
        ({"one_step": 40}, "start a given latent, the controls' noise"),
    ],
)
def test_other_settings_are_refused_by_name(
    controls: Controls, changed: dict[str, Any], named: str
) -> None:
    found = localization_map("cov_bad", _planted(1, 5.0), **changed)
    verdict = verdict_of([found], controls, picture_size=PICTURE)
    assert not verdict.found and np.isnan(verdict.p) and not verdict.mask.any()
    assert verdict.sentence.startswith("Inconclusive: settings differ (")
    assert named in verdict.inconclusive


def test_other_sizes_and_kinds_are_refused_by_name(controls: Controls) -> None:
    larger = localization_map("cov_bad", np.zeros((32, 32), np.float32))
    assert (
        "size 32×32, the controls' 16×16"
        in verdict_of([larger], controls, picture_size=PICTURE).inconclusive
    )
    other = localization_map("curvature", np.zeros(GRID, np.float32))
    assert (
        "map curvature, the controls' are cov_bad, score_diff_bad"
        in verdict_of([other], controls, picture_size=PICTURE).inconclusive
    )


def test_noise_drawn_as_on_a_cuda_device_is_noise(controls: Controls) -> None:
    found = localization_map("cov_bad", _planted(1, 5.0), noise="cuda")
    assert verdict_of([found], controls, picture_size=PICTURE).found


def test_the_same_weights_by_another_name_are_the_same(controls: Controls) -> None:
    found = localization_map("cov_bad", _planted(1, 5.0), model="copy@0123456789ab")
    assert verdict_of([found], controls, picture_size=PICTURE).found


def test_a_standard_error_that_changes_the_answer_is_said(controls: Controls) -> None:
    null = controls.maps["cov_bad", 49]
    # As much mass as barely reaches p ≤ .05.
    ordered = np.sort(null.masses)
    for strength in np.geomspace(0.5, 5.0, 200):
        values = np.full(GRID, -1.0, np.float32)
        values[3:9, 3:9] = strength
        verdict = verdict_of([localization_map("cov_bad", values)], controls, picture_size=PICTURE)
        if verdict.p <= 0.05:
            break
    assert verdict.found and verdict.regions[0].mass > ordered[-2]
    exact = np.zeros(GRID, np.float32)
    for error, unsure in ((exact, False), (exact + 3.0, True)):
        found = localization_map("cov_bad", values, error=error)
        again = verdict_of([found], controls, picture_size=PICTURE)
        assert again.p == verdict.p
        assert bool(again.inconclusive) == unsure and again.found != unsure
        assert again.mask.any() != unsure
    assert "± 1 standard error changes the answer (p = .0" in again.sentence
    unknown = localization_map("cov_bad", values, error=exact + np.nan)
    assert verdict_of([unknown], controls, picture_size=PICTURE).found


def test_maps_of_two_steps_have_no_verdict(controls: Controls) -> None:
    values = np.zeros(GRID, np.float32)
    maps = [localization_map("cov_bad", values), localization_map("cov", values, step=48)]
    for given in (maps, []):
        with pytest.raises(SettingsError, match="maps of one step"):
            verdict_of(given, controls, picture_size=PICTURE)


@pytest.mark.parametrize("size", [(64, 64), (16, 16), (50, 33)])
def test_a_mask_at_the_picture_s_resolution_covers_the_same_share(size: tuple[int, int]) -> None:
    inside = np.zeros(GRID, np.bool_)
    inside[:8, 4:12] = True
    large = enlarged(inside, size)
    assert large.shape == size and large.mean() == pytest.approx(0.25, abs=0.02)
    assert large[0, size[1] // 2] and not large[-1].any()


@pytest.mark.parametrize(
    ("p", "count", "words"),
    [(1 / 129, 128, "p ≤ .008"), (2 / 129, 128, "p = .016"), (0.43, 128, "p = .43"),
     (1.0, 40, "p = 1.00")],
)  # fmt: skip
def test_p_in_words(p: float, count: int, words: str) -> None:
    assert wording.p_words(p, count) == words


def test_readings_are_ranked(controls: Controls) -> None:
    made = localization_map("cov_bad", np.zeros(GRID, np.float32)).provenance

    def wen(value: float, **changed: Any) -> Reading:
        from dataclasses import replace

        return Reading(
            key="wen", value=value, standard_error=None, per_step=None, unit="", step=None,
            network_calls=0, seconds=0.0,
            provenance=replace(made, method=None, step=None, reading="wen", **changed),
        )  # fmt: skip

    assert rank_reading(wen(9.0), controls).p == pytest.approx(1 / 41)
    assert rank_reading(wen(1.0), controls).p == pytest.approx(0.5, abs=0.05)
    assert rank_reading(wen(0.0), controls).p == 1.0
    refused = rank_reading(wen(9.0, guidance_scale=7.5), controls)
    assert np.isnan(refused.p) and "guidance scale 7.5" in refused.inconclusive


def test_numbers_need_no_torch() -> None:
    code = (
        "import sys, memlens\n"
        "memlens.load_controls, memlens.judge, memlens.test_region, memlens.Verdict\n"
        "import memlens.controls.comparing, memlens.controls.reading_ranks\n"
        "import memlens.controls.sketching, memlens.controls.merging, memlens.controls.checking\n"
        "import memlens.controls.controls_file, memlens.controls.prompts\n"
        "sys.exit('torch' in sys.modules)"
    )
    root = Path(__file__).parents[3]
    subprocess.run([sys.executable, "-c", code], check=True, cwd=root, capture_output=True)


def test_importing_memlens_imports_nothing_of_controls() -> None:
    code = "import sys, memlens; sys.exit(any('memlens.controls' in name for name in sys.modules))"
    root = Path(__file__).parents[3]
    subprocess.run([sys.executable, "-c", code], check=True, cwd=root, capture_output=True)
