"""`memlens-cli calibrate`, `test-region` and `localize --controls`."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import memlens
from memlens.controls.prompts import bundled_prompts, plain_captions, read_prompts
from memlens.errors import DatasetError, SettingsError
from memlens.models.sources import demo_folder
from tests.support.command_line import invoke, strict_json

COUNT = 21
LITTLE = ["--steps", "2", "--probes", "4", "--method", "score_diff", "--method", "score_diff_bad",
          "--reading", "wen"]  # fmt: skip


@pytest.fixture(scope="module")
def prompts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("prompts") / "sd1_nmem.txt"
    lines = [f"a red apple number {index}" for index in range(COUNT + 5)]
    path.write_text("\n".join([*lines[:3], "", *lines[2:]]) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def made(
    tiny_pipeline: Path, prompts: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Any]:
    out = tmp_path_factory.mktemp("controls") / "tiny.zip"
    found = invoke(
        "calibrate", tiny_pipeline, "--prompts", prompts, "--count", str(COUNT), *LITTLE,
        "--check", "--fresh", "8", "--out", out, "--json",
    )  # fmt: skip
    assert found.exit_code == 0, found.output
    return out, found


@pytest.mark.long
def test_calibrate_tells_what_it_made(made: tuple[Path, Any]) -> None:
    out, found = made
    values = strict_json(found.stdout)
    assert (values["count"], values["steps"]) == (COUNT, [1])
    assert values["kinds"] == ["score_diff", "score_diff_bad"]
    assert values["bytes"] == out.stat().st_size
    assert values["settings"]["guidance_scale"] == 7.5
    controls = memlens.load_controls(out)
    assert controls.prompts[:4] == tuple(f"a red apple number {index}" for index in range(4))
    assert [path.name for path in out.parent.iterdir()] == [out.name]


def test_check_counts_false_positives_with_intervals(made: tuple[Path, Any]) -> None:
    rates = strict_json(made[1].stdout)["check"]
    # Two kinds, each left one out and fresh, at two levels.
    assert len(rates) == 2 * 2 * 2
    for rate in rates:
        assert rate["pictures"] == (8 if rate["fresh"] else COUNT)
        assert 0 <= rate["low"] <= rate["rate"] <= rate["high"] <= 1
    assert "5 prompts are left for the check" in made[1].stderr


def test_a_second_call_samples_nothing(
    made: tuple[Path, Any], tiny_pipeline: Path, prompts: Path
) -> None:
    out, _ = made
    before = out.read_bytes(), out.stat().st_mtime_ns
    found = invoke(
        "calibrate", tiny_pipeline, "--prompts", prompts, "--count", str(COUNT), *LITTLE,
        "--out", out,
    )  # fmt: skip
    assert found.exit_code == 0 and f"{COUNT} controls are in" in found.stdout
    assert (out.read_bytes(), out.stat().st_mtime_ns) == before


def test_localize_with_controls_writes_surprise_regions_and_verdict(
    made: tuple[Path, Any], tiny_pipeline: Path, tmp_path: Path
) -> None:
    arguments = [
        "localize", tiny_pipeline, "--prompt", "a green pear", "--steps", "2",
        "--method", "score_diff", "--method", "score_diff_bad", "--reading", "wen",
        "--controls", made[0], "--out", tmp_path / "maps",
    ]  # fmt: skip
    found = invoke(*arguments, "--json")
    assert found.exit_code == 0, found.output
    verdict = strict_json(found.stdout)["verdict"]
    assert verdict["count"] == COUNT and verdict["kinds"] == ["score_diff", "score_diff_bad"]
    assert verdict["inconclusive"] == "" and 1 / 22 <= verdict["p"] <= 1
    assert verdict["sentence"] and len(verdict["premises"]) == 4
    wen = verdict["readings"]["wen"]
    assert len(wen["controls"]) == COUNT and 1 / 22 <= wen["p"] <= 1
    with Image.open(tmp_path / "maps" / "verdict.png") as picture:
        assert picture.size == (64, 64) and picture.mode == "RGB"
    with Image.open(tmp_path / "maps" / "found.png") as picture:
        assert picture.size == (64, 64) and (np.array(picture) > 0).any() == verdict["found"]
    for kind in verdict["kinds"]:
        surprise = np.load(tmp_path / "maps" / f"{kind}_surprise.npy")
        assert surprise.shape == (16, 16) and surprise.min() >= 0
        with Image.open(tmp_path / "maps" / f"{kind}_surprise.png") as picture:
            assert picture.size == (64, 64)
    for region in verdict["regions"]:
        top, left, bottom, right = region["box"]
        assert 0 <= top < bottom <= 64 and 0 <= left < right <= 64
    assert verdict["sentence"] in invoke(*arguments).stdout


def test_export_carries_the_verdict_on_a_saved_run(
    made: tuple[Path, Any], tiny_pipeline: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "kept.memlens"
    invoke(
        "localize", tiny_pipeline, "--prompt", "a green pear", "--steps", "2",
        "--method", "score_diff", "--method", "score_diff_bad", "--reading", "wen-tokens",
        "--save-run", kept, "--out", tmp_path / "maps",
    )  # fmt: skip
    arguments = [
        "export", kept, "--report", tmp_path / "r.html", "--tables", tmp_path / "t",
        "--figure", tmp_path / "f.png", "--dpi", "60",
    ]  # fmt: skip
    found = invoke(*arguments, "--controls", made[0], "--surprise", "--json")
    assert found.exit_code == 0, found.output
    sentence = strict_json(found.stdout)["written"]["verdict"]
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    fingerprint = memlens.load_controls(made[0]).fingerprint
    # Symbols in it are typeset.
    assert sentence.split(", by ")[0] in text and f"tiny.zip, {fingerprint}" in text
    # Without names, what `judge` takes: of these, the difference to the less-trained baseline.
    (verdict,) = json.loads((tmp_path / "t" / "verdict.json").read_text(encoding="utf-8"))
    assert (verdict["kinds"], verdict["sentence"]) == ("score_diff_bad", sentence)
    assert (tmp_path / "t" / "tokens.csv").is_file()
    both = invoke(
        *arguments, "--controls", made[0], "--judged", "score_diff", "--judged", "score_diff_bad"
    )
    assert both.exit_code == 0, both.output
    (verdict,) = json.loads((tmp_path / "t" / "verdict.json").read_text(encoding="utf-8"))
    assert verdict["kinds"] == "score_diff score_diff_bad"
    for wrong, reason in (
        (["--surprise"], "give --controls"),
        (["--controls", made[0], "--judged", "cov"], "not there at step 1 to be judged"),
    ):
        refused = invoke(*arguments, *wrong)
        assert refused.exit_code == 2 and reason in refused.stderr


def test_localize_with_other_settings_names_the_difference(
    made: tuple[Path, Any], tiny_pipeline: Path, tmp_path: Path
) -> None:
    found = invoke(
        "localize", tiny_pipeline, "--prompt", "a green pear", "--steps", "2",
        "--guidance-scale", "2", "--method", "score_diff", "--controls", made[0],
        "--out", tmp_path / "maps", "--json",
    )  # fmt: skip
    assert found.exit_code == 0, found.output
    verdict = strict_json(found.stdout)["verdict"]
    assert verdict["p"] is None and not verdict["found"]
    assert verdict["sentence"] == (
        "Inconclusive: settings differ (guidance scale 2, the controls' 7.5)."
    )
    assert not (tmp_path / "maps" / "score_diff_surprise.npy").exists()


def test_localize_refuses_controls_that_are_none(tiny_pipeline: Path, tmp_path: Path) -> None:
    (tmp_path / "none.zip").write_bytes(b"no zip")
    found = invoke(
        "localize", tiny_pipeline, "--prompt", "a pear", "--controls", tmp_path / "none.zip",
        "--out", tmp_path / "maps",
    )  # fmt: skip
    assert found.exit_code == 1 and "none.zip cannot be used as controls" in found.stderr
    assert not (tmp_path / "maps").exists()


@pytest.mark.long
def test_a_region_is_tested(made: tuple[Path, Any], tiny_pipeline: Path, tmp_path: Path) -> None:
    mask = np.zeros((64, 64), np.uint8)
    mask[8:40, 16:48] = 255
    Image.fromarray(mask).save(tmp_path / "M.png")
    arguments = [
        "test-region", tiny_pipeline, "--controls", made[0], "--mask", tmp_path / "M.png",
        "--method", "score_diff_bad",
    ]  # fmt: skip
    found = invoke(*arguments, "--prompt", "a green pear", "--json")
    assert found.exit_code == 0, found.output
    values = strict_json(found.stdout)
    assert values["network_calls"] == 1 and values["share"] == 0.25
    assert 1 / 22 <= values["p"] <= 1 and len(values["controls"]) == COUNT
    kept = tmp_path / "kept.memlens"
    invoke(
        "localize", tiny_pipeline, "--prompt", "a green pear", "--steps", "2",
        "--method", "score_diff", "--out", tmp_path / "maps", "--save-run", kept,
    )  # fmt: skip
    again = invoke(*arguments, "--run", kept, "--json")
    assert strict_json(again.stdout)["mean"] == pytest.approx(values["mean"], rel=1e-5)
    assert values["sentence"] in invoke(*arguments, "--prompt", "a green pear").stdout
    both = invoke(*arguments, "--run", kept, "--prompt", "a pear")
    assert both.exit_code == 2 and "leave them out" in both.stderr


@pytest.mark.parametrize(
    ("options", "code", "reason"),
    [
        ([], 2, "give --prompts FILE or --bundled"),
        (["--bundled", "--prompts", "x.txt"], 2, "give --prompts FILE or --bundled"),
        (["--bundled", "--count", "129"], 2, "128 are bundled"),
        (["--prompts", "missing.txt"], 1, "missing.txt cannot be read"),
        (["--bundled", "--method", "covariance"], 2, "no map is called"),
        (["--bundled", "--reading", "iq"], 2, "no reading is called"),
        (["--bundled", "--smooth", "2"], 2, "odd"),
        (["--bundled", "--baseline", "nowhere"], 1, "does not exist"),
    ],
)
def test_calibrate_refuses(
    tiny_pipeline: Path, tmp_path: Path, options: list[str], code: int, reason: str
) -> None:
    found = invoke("calibrate", tiny_pipeline, *options, "--out", tmp_path / "c.zip")
    assert (found.exit_code, reason in found.stderr) == (code, True), found.output
    assert not [*tmp_path.iterdir()]


def test_calibrate_refuses_a_folder_that_is_not_there(tiny_pipeline: Path, tmp_path: Path) -> None:
    found = invoke("calibrate", tiny_pipeline, "--bundled", "--out", tmp_path / "no" / "c.zip")
    assert found.exit_code == 1 and "no folder" in found.stderr


@pytest.mark.long
def test_an_interrupted_calibration_goes_on(
    tiny_pipeline: Path, prompts: Path, tmp_path: Path, made: tuple[Path, Any]
) -> None:
    out = tmp_path / "c.zip"
    command: list[str | Path] = [
        sys.executable, "-c", "import memlens.cli; memlens.cli.run()", "calibrate",
        tiny_pipeline, "--prompts", prompts, "--count", str(COUNT), *LITTLE, "--out", out,
    ]  # fmt: skip
    running = subprocess.Popen(
        command, cwd=Path(__file__).parents[3], stderr=subprocess.PIPE, text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    parts = tmp_path / "c.zip.parts"
    while not [*parts.glob("*.part")] and running.poll() is None:
        time.sleep(0.01)
    running.send_signal(signal.SIGINT)
    _, told = running.communicate(timeout=60)
    assert (running.returncode, told) == (130, "Cancelled.\n")
    assert not out.exists() and [*parts.glob("*.part")]
    again = invoke(*[str(word) for word in command[3:]])
    assert again.exit_code == 0
    assert out.read_bytes() == made[0].read_bytes()


def test_official_prompt_lists_are_read_as_they_are(prompts: Path) -> None:
    found = read_prompts(prompts)
    assert len(found) == COUNT + 5 and found[2] == "a red apple number 2"


def test_captions_of_json_lines_are_read(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    path.write_text('{"caption": "one", "x": 1}\n{"prompt": "two"}\n', encoding="utf-8")
    assert read_prompts(path) == ("one", "two")
    path.write_text('{"caption": "one"}\nnothing\n', encoding="utf-8")
    with pytest.raises(DatasetError, match="line 2, is not JSON"):
        read_prompts(path)
    path.write_text('{"seed": 1}\n', encoding="utf-8")
    with pytest.raises(DatasetError, match="line 1, has no caption"):
        read_prompts(path)


def test_memorized_rows_of_the_official_data_are_no_controls(tmp_path: Path) -> None:
    rows = [
        {"caption": "repeated", "overfit_type": "TV", "gen_seeds": [[0, 1]]},
        {"caption": "ordinary", "overfit_type": "N", "gen_seeds": [[0, -1]]},
        {"caption": "repeated whole", "overfit_type": "MV"},
        {"caption": "repeated too", "gen_seeds": [0]},
        {"caption": "plain"},
    ]
    path = tmp_path / "sdv1_TV.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert read_prompts(path) == ("ordinary", "plain")
    path.write_text(json.dumps(rows[0]), encoding="utf-8")
    with pytest.raises(DatasetError, match="memorized prompts alone"):
        read_prompts(path)


@pytest.mark.parametrize(
    ("content", "reason"), [(b"\n \n", "holds no prompts"), (b"\xff\xfe\x00", "not UTF-8")]
)
def test_lists_that_cannot_be_read(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "list.txt"
    path.write_bytes(content)
    with pytest.raises(DatasetError, match=reason):
        read_prompts(path)


def test_the_bundled_captions_are_128_and_plain(tmp_path: Path) -> None:
    captions = plain_captions()
    assert len(captions) == len({*captions}) == 128
    # No names: all is lower case, and said in a few words.
    assert all(caption == caption.lower() and 3 < len(caption.split()) < 14 for caption in captions)
    assert bundled_prompts(tmp_path, 128) == captions
    with pytest.raises(SettingsError, match="128 are bundled"):
        bundled_prompts(tmp_path, 129)


def test_the_demo_model_s_are_free_captions_that_its_check_does_not_sample() -> None:
    from memlens.lab.ground_truth import load_ground_truth

    found = bundled_prompts(demo_folder(), 12)
    assert len({*found}) == 12 and found == bundled_prompts(demo_folder(), 12)
    assert found == bundled_prompts(demo_folder(), 20)[:12]
    taken = {entry.caption for entry in load_ground_truth(demo_folder()).entries}
    assert not taken & {*found}
