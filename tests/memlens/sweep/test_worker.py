"""A sweep on a real model: the maps of one by one, in the official layout, alike wherever made."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import memlens
from memlens.errors import NumericalError, SettingsError
from memlens.evaluation.datasets import read_official
from memlens.sweep import worker as working
from memlens.sweep.folder import open_index, open_task
from memlens.sweep.local_engine import InProcess, OneProcessADevice
from memlens.sweep.manifest import Manifest, read_manifest
from memlens.sweep.run_index import RunIndex
from memlens.sweep.settings import SweepSettings, kinds_for
from memlens.sweep.sweeping import sweep
from memlens.sweep.worker import probe_seed_of

KINDS = ("cov", "score_diff", "cov_bad", "score_diff_bad")


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    folder = tmp_path_factory.mktemp("manifest")
    half = np.zeros((16, 16), np.uint8)
    half[:8] = 255
    Image.fromarray(half).save(folder / "half.png")
    rows = [
        {"prompt": "a red apple", "seeds": [0, 1], "mask": "half.png"},
        {"prompt": "a tree", "kind": "free"},
        {"prompt": "a poster", "kind": "verbatim"},
    ]
    (folder / "list.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return read_manifest(folder / "list.jsonl")


@pytest.fixture(scope="module")
def settings(tinier_pipeline: Path) -> SweepSettings:
    return SweepSettings(
        model=str(tinier_pipeline), device="cpu", baseline="", kinds=KINDS, steps=(-1, 0),
        sampling_steps=2, probes=2, pictures_per_batch=3,
    ).checked()  # fmt: skip


@pytest.fixture(scope="module")
def engine(settings: SweepSettings) -> InProcess:
    return InProcess(settings)


@pytest.fixture(scope="module")
def made(
    manifest: Manifest,
    settings: SweepSettings,
    engine: InProcess,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    out = tmp_path_factory.mktemp("sweeps") / "made"
    assert sweep(manifest, out, settings, engine).done == 4
    return out


def arrays(folder: Path) -> dict[str, Any]:
    return {str(p.relative_to(folder)): np.load(p) for p in folder.rglob("*.npy")}


def test_maps_are_those_of_localizing_one_by_one(
    manifest: Manifest, settings: SweepSettings, made: Path, tinier_pipeline: Path
) -> None:
    model = memlens.load_model(tinier_pipeline, device="cpu")
    early = memlens.load_baseline(tinier_pipeline / "unet-early", like=model)
    found = arrays(made)
    assert len(found) == 4 * len(KINDS) * 2
    task = manifest.tasks[1]
    run = memlens.sample(model, task.prompt, seed=task.seed, steps=2)
    for step, folder in ((1, "metrics_outputs_v1"), (0, "metrics_outputs_v1_step_0")):
        maps = memlens.localize_maps(
            run, KINDS, baseline=early, step=step, probes=2, products="reverse",
            seed=probe_seed_of(task, 0),
        )  # fmt: skip
        for kind in KINDS:
            values = found[f"{folder}/{task.name}_{kind}.npy"]
            expected = maps[kind].paper_values()
            # In a batch of three a network rounds otherwise than alone.
            np.testing.assert_allclose(values, expected, atol=2e-3 * expected.max())


def test_the_official_evaluation_reads_it(made: Path) -> None:
    dataset = made / "sdv1-4_bb_attack_gt_verify_TV.jsonl"
    template, everything = read_official(made / "metrics_outputs_v1", [dataset], metric="cov")
    assert [item.name for item in template.items] == [
        "TV_metric_maps/prompt_0000_seed_00_cov.npy",
        "TV_metric_maps/prompt_0000_seed_01_cov.npy",
    ]
    assert [item.truth for item in everything.items] == [
        made / "templates/mask_0000.png", made / "templates/mask_0000.png", True, False,
    ]  # fmt: skip
    assert not everything.skipped
    assert (made / "data/sd1_nmem.txt").read_text() == "a tree\n"


def test_a_task_opens_as_a_session(manifest: Manifest, made: Path) -> None:
    with open_index(made) as index:
        (row,) = index.rows([0])
    session = open_task(made, row.task)
    assert session.trajectory.provenance.prompt == "a red apple"
    assert session.trajectory.image.any()
    assert {(found.kind, found.step) for found in session.maps} == {
        (kind, step) for kind in KINDS for step in (0, 1)
    }
    assert session.masks[0].pixels.mean() == 0.5
    assert row.numbers["mean cov"] == pytest.approx(
        float(session.maps[0].paper_values().mean()), rel=1e-5
    )
    assert "auroc cov" in row.numbers and "auroc cov step 0" in row.numbers
    with Image.open(made / "thumbnails" / f"{row.task.name}.png") as small:
        assert max(small.size) <= 128


def test_what_is_made_again_is_the_same_to_the_bit(
    manifest: Manifest, settings: SweepSettings, engine: InProcess, made: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    sweep(manifest, out, settings, engine)
    with RunIndex.open(out / "index.sqlite", writable=True) as index:
        # As if it had been killed before the second row of a group of three.
        index._write([("UPDATE tasks SET status = 'waiting' WHERE id = ?", [(1,), (3,)])])
    for path in out.rglob("prompt_0000_seed_01_*.npy"):
        path.unlink()
    assert sweep(manifest, out, settings, engine, resume=True).made == 2
    first, second = arrays(made), arrays(out)
    assert first.keys() == second.keys()
    for name, values in first.items():
        np.testing.assert_array_equal(values, second[name], err_msg=name)


@pytest.mark.timeout(400)
def test_a_process_of_its_own_gives_the_same_tables(
    manifest: Manifest, settings: SweepSettings, made: Path, tmp_path: Path
) -> None:
    engine = OneProcessADevice(settings, ("cpu",))
    try:
        assert sweep(manifest, tmp_path / "out", settings, engine).done == 4
    finally:
        engine.close()
    assert_same(made, tmp_path / "out")


def assert_same(made: Path, other: Path) -> None:
    first, second = arrays(made), arrays(other)
    assert first.keys() == second.keys()
    for name, values in first.items():
        np.testing.assert_array_equal(values, second[name], err_msg=name)
    with open_index(made) as one, open_index(other) as two:
        for name in one.number_names():
            assert one.numbers(name) == two.numbers(name), name


def test_one_bad_prompt_leaves_the_others_of_its_batch(
    manifest: Manifest,
    settings: SweepSettings,
    engine: InProcess,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sound = working.Worker._together

    def failing(self: Any, tasks: Any, *others: Any) -> Any:
        if any(task.prompt == "a tree" for task in tasks):
            raise NumericalError("the noise holds NaN.")
        return sound(self, tasks, *others)

    monkeypatch.setattr(working.Worker, "_together", failing)
    found = sweep(manifest, tmp_path / "out", settings, engine)
    assert (found.done, found.failed) == (3, 1)
    with open_index(tmp_path / "out") as index:
        (row,) = index.rows(index.order(equal={"status": "failed"}))
    assert (row.task.prompt, row.error) == ("a tree", "the noise holds NaN.")


def test_settings_are_checked_before_anything_is_loaded() -> None:
    with pytest.raises(SettingsError, match="there is no step 50 among 50"):
        SweepSettings(model="demo", steps=(50,)).checked()
    with pytest.raises(SettingsError, match="0 probes"):
        SweepSettings(model="demo", probes=0).checked()
    assert kinds_for("both", ("score-difference", "attention")) == (
        "score_diff", "score_diff_bad", "attention",
    )  # fmt: skip
    with pytest.raises(SettingsError, match="no method is called"):
        kinds_for(None, ("curvatures",))


@pytest.mark.timeout(400)
def test_ray_gives_the_same_tables_though_an_actor_is_killed(
    manifest: Manifest, settings: SweepSettings, made: Path, tmp_path: Path
) -> None:
    start_ray(pytest.importorskip("ray"))
    import signal

    from memlens.sweep.ray_engine import RayEngine

    engine = RayEngine(settings, actors=2, cpus=0.5)
    try:
        victim = engine.processes()[0]

        def kill(_: object, left: list[int] = [victim]) -> None:  # noqa: B006
            if left:
                os.kill(left.pop(), signal.SIGKILL)

        found = sweep(manifest, tmp_path / "out", settings, engine, on_outcome=kill)
    finally:
        engine.close()
        pytest.importorskip("ray").shutdown()
    assert (found.done, found.failed) == (4, 0)
    assert_same(made, tmp_path / "out")


def start_ray(ray: Any) -> None:
    """Start a cluster of this machine; Ray gives its own processes 30 s to come up."""
    for attempt in range(3):
        try:
            ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level=40,
                     object_store_memory=100 << 20)  # fmt: skip
            return
        except Exception:
            ray.shutdown()
            if attempt == 2:
                raise
