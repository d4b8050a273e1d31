"""The official evaluation: its golden figures, a plain reference, and what it leaves out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from memlens.errors import Cancelled, DatasetError, MaskError, SettingsError
from memlens.evaluation.official import (
    THRESHOLDS,
    evaluate_maps,
    evaluate_official,
    thresholds_exceeded,
)
from memlens.maps.localization_map import mean_filter, resize_bilinear
from memlens.progress import CancelToken, Progress

GOLDEN_FIGURES = {
    ("cov", "TV only"): (9, 0.8667, 0.8666, 0.9202),
    ("cov", "all"): (17, 0.8698, 0.6823, 0.9430),
    ("score_diff", "TV only"): (9, 0.8017, 0.8015, 0.8777),
    ("score_diff", "all"): (17, 0.8044, 0.5524, 0.9129),
}


def plain_evaluation(maps, masks) -> dict[str, tuple[float, float]]:
    """One pass over everything for each threshold, as one would write it down."""
    logs = np.log1p(np.stack(maps))
    low, high = logs.min(), logs.max()
    scaled = np.clip((logs - low) / (high - low + 1e-8), 0, 1)
    truth = np.stack(masks)
    best = {"iou": (-1.0, 0.0), "mean_iou": (-1.0, 0.0), "accuracy": (-1.0, 0.0)}
    for threshold in np.linspace(-1e-6, 1 + 1e-6, 101):
        predicted = scaled > threshold
        intersection = (predicted & truth).sum(axis=(1, 2))
        union = (predicted | truth).sum(axis=(1, 2))
        each = [i / u if u else 1.0 for i, u in zip(intersection, union, strict=True)]
        found = {
            "iou": intersection.sum() / union.sum() if union.sum() else 1.0,
            "mean_iou": float(np.mean(each)),
            "accuracy": (predicted == truth).mean(),
        }
        for name, value in found.items():
            if value > best[name][0]:
                best[name] = (float(value), float(threshold))
    return best


@pytest.mark.parametrize("metric", ["cov", "score_diff"])
def test_golden_figures(golden: Path, metric: str) -> None:
    folder = golden / "evaluation"
    found = evaluate_official(
        folder / "metrics_outputs_v1",
        [folder / "sdv1-4_bb_attack_gt_verify_TV.jsonl"],
        metric=metric,
    )
    assert list(found) == ["TV only", "all"]
    for name, result in found.items():
        figures = tuple(round(x, 4) for x in (result.iou, result.mean_iou, result.accuracy))
        assert (result.maps, *figures) == GOLDEN_FIGURES[metric, name]
        assert result.skipped == ()


def test_the_template_folder_itself_is_accepted(golden: Path) -> None:
    folder = golden / "evaluation"
    datasets = [folder / "sdv1-4_bb_attack_gt_verify_TV.jsonl"]
    whole = evaluate_official(folder / "metrics_outputs_v1", datasets, metric="cov")
    inner = evaluate_official(
        folder / "metrics_outputs_v1" / "TV_metric_maps", datasets, metric="cov"
    )
    assert inner == whole


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    count=st.integers(1, 6),
    size=st.sampled_from([8, 24, 32]),
    smoothing=st.sampled_from([1, 3]),
    empty=st.booleans(),
)
def test_same_as_one_pass_per_threshold(
    seed: int, count: int, size: int, smoothing: int, empty: bool
) -> None:
    random = np.random.default_rng(seed)
    maps = [random.exponential(size=(8, 8)).astype(np.float32) for _ in range(count)]
    masks = [random.random((size, size)) > random.random() for _ in range(count)]
    if empty:
        masks[0] = np.zeros((size, size), bool)
    found = evaluate_maps(zip(maps, masks, strict=True), size=size, smoothing=smoothing)
    prepared = [
        resize_bilinear(mean_filter(each, smoothing) if smoothing > 1 else each, (size, size))
        for each in maps
    ]
    plain = plain_evaluation(prepared, masks)
    assert (found.iou, found.iou_threshold) == plain["iou"]
    assert found.mean_iou == pytest.approx(plain["mean_iou"][0], abs=1e-12)
    assert (found.accuracy, found.accuracy_threshold) == plain["accuracy"]
    assert found.maps == count


def test_values_beside_every_threshold_are_counted_as_numpy_compares_them() -> None:
    near = THRESHOLDS.astype(np.float32)
    values = [near]
    up = down = near
    for _ in range(20):
        up = np.nextafter(up, np.float32(2))
        down = np.nextafter(down, np.float32(-2))
        values += [up, down]
    scaled = np.clip(np.concatenate(values), 0, 1)
    expected = (scaled[:, None] > THRESHOLDS[None, :]).sum(axis=1)
    np.testing.assert_array_equal(thresholds_exceeded(scaled), expected)
    doubles = scaled.astype(np.float64) + 1e-12
    expected = (doubles[:, None] > THRESHOLDS[None, :]).sum(axis=1)
    np.testing.assert_array_equal(thresholds_exceeded(doubles), expected)


def test_a_perfect_map_is_perfect() -> None:
    mask = np.zeros((16, 16), bool)
    mask[:8] = True
    found = evaluate_maps([(mask.astype(np.float32), mask)], size=16)
    assert (found.iou, found.mean_iou, found.accuracy) == (1.0, 1.0, 1.0)


def test_nothing_memorized_and_nothing_found_is_perfect() -> None:
    flat = np.full((16, 16), 0.3, np.float32)
    found = evaluate_maps([(flat, np.zeros((16, 16), bool))], size=16)
    assert (found.iou, found.mean_iou, found.accuracy) == (1.0, 1.0, 1.0)


def test_unusable_maps_in_memory_are_named() -> None:
    mask = np.ones((8, 8), bool)
    good = np.linspace(0, 1, 64, dtype=np.float32).reshape(8, 8)
    broken = good.copy()
    broken[3, 3] = np.nan
    low = good - 1.5
    flat = good.ravel()
    found = evaluate_maps(
        [(good, mask), (broken, mask), (low, mask), (flat, mask)],
        size=8,
        names=["good", "broken", "low", "flat"],
    )
    assert found.maps == 1
    assert [skipped.name for skipped in found.skipped] == ["broken", "low", "flat"]
    assert "NaN" in found.skipped[0].reason
    assert "-1" in found.skipped[1].reason
    assert "shape" in found.skipped[2].reason


def test_wrong_use_in_memory() -> None:
    values = np.zeros((8, 8), np.float32)
    with pytest.raises(MaskError, match="map 0"):
        evaluate_maps([(values, np.zeros((8, 8), bool))], size=16)
    with pytest.raises(SettingsError, match="odd"):
        evaluate_maps([(values, np.zeros((8, 8), bool))], size=8, smoothing=2)
    with pytest.raises(DatasetError, match="no map is left"):
        evaluate_maps([], size=8)


@pytest.fixture
def layout(tmp_path: Path) -> Path:
    """Three templates, four rows, two non-memorized prompts, in the official layout."""
    random = np.random.default_rng(0)
    (tmp_path / "templates").mkdir()
    (tmp_path / "data").mkdir()
    (tmp_path / "maps" / "TV_metric_maps").mkdir(parents=True)
    (tmp_path / "maps" / "MVRV_metric_maps").mkdir()
    for index in range(3):
        mask = np.zeros((64, 64), np.uint8)
        mask[16 * index : 16 * index + 16] = 255
        Image.fromarray(mask).save(tmp_path / "templates" / f"mask_{index}.png")
    masks = [f"templates/mask_{index}.png" for index in range(3)]
    table = pyarrow.table({"url": ["", "", ""], "mask_file": masks, "img_file": ["", "", ""]})
    pyarrow.parquet.write_table(table, tmp_path / "templates" / "metadata.parquet")
    rows = [{"caption": str(i), "overfit_type": "TV", "gen_seeds": [[i, i % 3]]} for i in range(4)]
    write_rows(tmp_path / "sdv1_TV.jsonl", [json.dumps(row) for row in rows])
    verbatim = {"caption": "poster", "overfit_type": "RV", "gen_seeds": [[0, -1]]}
    write_rows(tmp_path / "sdv1_MVRV.jsonl", [json.dumps(verbatim)])
    write_rows(tmp_path / "data" / "sd1_nmem.txt", ["a kitchen", "a street"])
    for index in range(4):
        values = random.random((16, 16)).astype(np.float32)
        values[4 * (index % 3) : 4 * (index % 3) + 4] += 1
        np.save(map_file(tmp_path, index), values)
    ones = random.random((16, 16)).astype(np.float32) + 1
    np.save(tmp_path / "maps/MVRV_metric_maps/prompt_0000_seed_00_cov.npy", ones)
    for index in range(2):
        values = random.random((16, 16)).astype(np.float32) / np.float32(2)
        np.save(tmp_path / f"maps/TV_metric_maps/nmem_prompt_{index:04d}_seed_00_cov.npy", values)
    return tmp_path


def map_file(folder: Path, index: int) -> Path:
    return folder / "maps" / "TV_metric_maps" / f"prompt_{index:04d}_seed_{index:02d}_cov.npy"


def write_rows(path: Path, rows: list[str]) -> None:
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")


def evaluate(folder: Path):  # type: ignore[no-untyped-def]
    return evaluate_official(folder / "maps", [folder / "sdv1_TV.jsonl"], metric="cov")


def test_a_whole_layout(layout: Path) -> None:
    found = evaluate(layout)
    assert found["TV only"].maps == 4
    assert found["TV only"].iou == pytest.approx(1.0, abs=0.15)
    assert found["all"].maps == 7
    assert found["all"].skipped == ()


def damage_row(folder: Path, text: str) -> None:
    rows = (folder / "sdv1_TV.jsonl").read_text().splitlines()
    write_rows(folder / "sdv1_TV.jsonl", [rows[0], text, *rows[2:]])


def replace_map(folder: Path, content: bytes) -> None:
    map_file(folder, 1).write_bytes(content)


def save_map(folder: Path, values) -> None:  # type: ignore[no-untyped-def]
    np.save(map_file(folder, 1), values, allow_pickle=True)


def point_to_template(folder: Path, index: int) -> None:
    damage_row(folder, json.dumps({"caption": "", "overfit_type": "TV", "gen_seeds": [[1, index]]}))


with_nan = np.full((16, 16), np.nan, np.float32)
with_infinity = np.full((16, 16), np.inf, np.float32)


@pytest.mark.long
@pytest.mark.parametrize(
    ("damage", "name", "reason"),
    [
        (lambda f: damage_row(f, "{"), "sdv1_TV.jsonl row 1", "not JSON"),
        (lambda f: damage_row(f, "[" * 100_000), "sdv1_TV.jsonl row 1", "not JSON"),
        (lambda f: damage_row(f, "[]"), "sdv1_TV.jsonl row 1", "not a JSON object"),
        (
            lambda f: damage_row(f, '{"gen_seeds": [], "overfit_type": ["TV"]}'),
            "sdv1_TV.jsonl row 1",
            "overfit_type",
        ),
        (lambda f: damage_row(f, ""), "sdv1_TV.jsonl row 1", "not JSON"),
        (lambda f: damage_row(f, '{"caption": "x"}'), "sdv1_TV.jsonl row 1", "gen_seeds"),
        (lambda f: damage_row(f, '{"gen_seeds": [["a", 1]]}'), "sdv1_TV.jsonl row 1", "gen_seeds"),
        (
            lambda f: damage_row(f, '{"gen_seeds": [], "overfit_type": "XY"}'),
            "sdv1_TV.jsonl row 1",
            "overfit_type",
        ),
        (lambda f: map_file(f, 1).unlink(), "prompt_0001_seed_01_cov", "missing"),
        (lambda f: replace_map(f, b""), "prompt_0001_seed_01_cov", "damaged"),
        (lambda f: replace_map(f, b"junk" * 50), "prompt_0001_seed_01_cov", "damaged"),
        (
            lambda f: replace_map(f, map_file(f, 2).read_bytes()[:-10]),
            "prompt_0001_seed_01_cov",
            "cut short",
        ),
        (lambda f: save_map(f, with_nan), "prompt_0001_seed_01_cov", "NaN"),
        (lambda f: save_map(f, with_infinity), "prompt_0001_seed_01_cov", "infinity"),
        (lambda f: save_map(f, np.ones((4, 4, 4), "f4")), "prompt_0001_seed_01_cov", "dimensions"),
        (lambda f: save_map(f, np.array([None])), "prompt_0001_seed_01_cov", "plain numbers"),
    ],
)
def test_what_cannot_be_used_is_named_and_shifts_nothing(
    layout: Path, damage: Callable[[Path], None], name: str, reason: str
) -> None:
    rows = [0, 2, 3]
    maps = [np.load(map_file(layout, index)) for index in rows]
    damage(layout)
    found = evaluate(layout)["TV only"]
    assert found.maps == 3
    (skipped,) = found.skipped
    assert name in skipped.name
    assert reason in skipped.reason
    masks = [np.zeros((256, 256), bool) for _ in rows]
    for index, mask in zip(rows, masks, strict=True):
        mask[64 * (index % 3) : 64 * (index % 3) + 64] = True
    expected = plain_evaluation([resize_bilinear(each, (256, 256)) for each in maps], masks)
    assert found.iou == expected["iou"][0]


@pytest.mark.parametrize("index", [3, 7, -2])
def test_a_template_out_of_range_counts_as_all_ones(layout: Path, index: int) -> None:
    point_to_template(layout, index)
    found = evaluate(layout)
    point_to_template(layout, -1)
    assert found == evaluate(layout)
    assert found["TV only"].maps == 4
    assert found["TV only"].skipped == ()


@pytest.mark.parametrize("smoothing", [3, "paper"])
def test_a_layout_is_evaluated_under_a_mean_filter(layout: Path, smoothing: int | str) -> None:
    found = evaluate_official(
        layout / "maps", [layout / "sdv1_TV.jsonl"], metric="cov", smoothing=smoothing
    )["TV only"]
    # On 16×16 the paper's 13 of 64×64 is 3.
    maps = [mean_filter(np.load(map_file(layout, index)), 3) for index in range(4)]
    masks = [np.zeros((256, 256), bool) for _ in maps]
    for index, mask in enumerate(masks):
        mask[64 * (index % 3) : 64 * (index % 3) + 64] = True
    expected = plain_evaluation([resize_bilinear(each, (256, 256)) for each in maps], masks)
    assert (found.iou, found.mean_iou) == (expected["iou"][0], expected["mean_iou"][0])
    assert found.iou != evaluate(layout)["TV only"].iou


@pytest.mark.parametrize("smoothing", [2, 0, -1, 33, "wide"])
def test_what_is_no_width_is_refused(layout: Path, smoothing: int | str) -> None:
    with pytest.raises(SettingsError, match=f"{smoothing}"):
        evaluate_official(
            layout / "maps", [layout / "sdv1_TV.jsonl"], metric="cov", smoothing=smoothing
        )


def test_a_broken_mask_is_named_for_each_map_that_needs_it(layout: Path) -> None:
    (layout / "templates" / "mask_0.png").write_bytes(b"not a picture")
    found = evaluate(layout)["TV only"]
    assert found.maps == 2
    assert [skipped.reason for skipped in found.skipped] == [
        "its mask mask_0.png cannot be read"
    ] * 2


def test_a_missing_non_memorized_map_is_named(layout: Path) -> None:
    (layout / "maps/TV_metric_maps/nmem_prompt_0000_seed_00_cov.npy").unlink()
    extra = layout / "maps/TV_metric_maps/nmem_prompt_0005_seed_00_cov.npy"
    np.save(extra, np.zeros((4, 4), np.float32))
    found = evaluate(layout)["all"]
    assert found.maps == 6
    assert [(skipped.name[-29:], skipped.reason) for skipped in found.skipped] == [
        ("nmem_prompt_0000_seed_00_cov.npy"[-29:], "the map is missing"),
        ("nmem_prompt_0005_seed_00_cov.npy"[-29:], "there is no prompt 5 in data/sd1_nmem.txt"),
    ]


@pytest.mark.parametrize("gone", ["maps", "sdv1_TV.jsonl", "templates/metadata.parquet"])
def test_a_missing_part_of_the_layout_is_one_sentence(layout: Path, gone: str) -> None:
    (layout / gone).rename(layout / "elsewhere")
    with pytest.raises(DatasetError) as caught:
        evaluate(layout)
    assert gone.rpartition("/")[2] in str(caught.value)
    assert str(caught.value).endswith(".")


def test_a_data_set_named_twice_counts_once(layout: Path) -> None:
    once, dataset = evaluate(layout), layout / "sdv1_TV.jsonl"
    again = [dataset, layout / "maps" / ".." / dataset.name]
    assert evaluate_official(layout / "maps", again, metric="cov") == once


def test_a_metric_without_maps(layout: Path) -> None:
    with pytest.raises(DatasetError, match="no map of metric score_diff"):
        evaluate_official(layout / "maps", [layout / "sdv1_TV.jsonl"], metric="score_diff")


def test_progress_and_cancel(layout: Path) -> None:
    seen: list[Progress] = []
    token = CancelToken()

    def watch(progress: Progress) -> None:
        seen.append(progress)
        if len(seen) == 10:
            token.cancel()

    with pytest.raises(Cancelled):
        evaluate_official(
            layout / "maps", [layout / "sdv1_TV.jsonl"], metric="cov", progress=watch, cancel=token
        )
    assert [progress.done for progress in seen] == list(range(1, 11))
    assert seen[0].total == 22
