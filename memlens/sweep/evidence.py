"""What a sweep, or a folder in the official layout, gives for a report."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from memlens.errors import DatasetError
from memlens.evaluation.dataset_report import Evidence
from memlens.evaluation.datasets import metrics_present
from memlens.evaluation.map_set import MapItem, MapSet, official_map_sets
from memlens.files.sessions import load_session
from memlens.sweep.folder import is_sweep, open_index, settings_of, skipped_of
from memlens.sweep.places import map_file, session_file
from memlens.sweep.run_index import DONE, WAITING, IndexRow, RunIndex
from memlens.sweep.settings import SweepSettings


def read_evidence(folder: Path) -> Evidence:
    """Read what there is of a sweep, or of a folder of official maps and data sets.

    Raises
    ------
    DatasetError
        If it is neither, or damaged.
    """
    if not folder.is_dir():
        raise DatasetError(f"there is no folder at {folder}.")
    return _of_sweep(folder) if is_sweep(folder) else _of_official(folder)


def _of_sweep(folder: Path) -> Evidence:
    with open_index(folder) as index:
        settings = settings_of(index)
        done = index.rows(index.order(equal={"status": DONE}))
        waiting = index.counts()[WAITING]
        levels = _levels(folder, done, settings)
        sets = tuple(_set(folder, done, settings, kind, None, levels) for kind in settings.kinds)
        series = tuple(
            _set(folder, done, settings, kind, step, levels)
            for kind in settings.kinds
            for step in settings.steps[1:]
        )
        made = _made(index, settings, waiting)
        skipped = skipped_of(index)
    return Evidence(
        title=folder.resolve().name, sets=sets, series=series, skipped=skipped, made=made
    )


def _of_official(folder: Path) -> Evidence:
    datasets = sorted(folder.glob("*_TV.jsonl")) or sorted(folder.glob("*.jsonl"))
    maps = [path for path in sorted(folder.glob("metrics_outputs*")) if path.is_dir()]
    if not datasets or not maps:
        raise DatasetError(
            f"{folder} holds neither a sweep nor maps in the official layout "
            "(…_TV.jsonl beside metrics_outputs_v1/)."
        )
    if not metrics_present(maps[0]):
        raise DatasetError(f"there are no maps in the official layout in {maps[0]}.")
    sets = official_map_sets(maps[0], datasets[:1])
    return Evidence(title=folder.resolve().name, sets=sets)


def _set(
    folder: Path,
    rows: tuple[IndexRow, ...],
    settings: SweepSettings,
    kind: str,
    step: int | None,
    levels: dict[int, float],
) -> MapSet:
    items = tuple(
        MapItem(
            name=row.task.name,
            path=folder / map_file(row.task, kind, step, version=settings.version),
            truth=row.task.truth,
            prompt=row.task.prompt,
            seed=row.task.seed,
            overfit_type=row.task.overfit_type,
            group=row.task.group,
            numbers={} if step is not None else row.numbers,
        )
        for row in rows
    )
    at = settings.steps[0] if step is None else step
    return MapSet(kind=kind, items=items, log_snr=levels.get(at))


def _levels(folder: Path, rows: tuple[IndexRow, ...], settings: SweepSettings) -> dict[int, float]:
    """Return the logSNR of the steps, as the first task's session has it."""
    if len(settings.steps) < 2 or not rows:
        return {}
    schedule = load_session(folder / session_file(rows[0].task)).trajectory.schedule
    return {step: schedule[step].log_snr for step in settings.steps}


def _made(index: RunIndex, settings: SweepSettings, waiting: int) -> dict[str, str]:
    by = json.loads(index.facts().get("made by", "{}"))
    told = {
        "model": str(by.get("model", settings.model)),
        "less-trained baseline": str(by.get("baseline") or "none"),
        "steps": f"{settings.sampling_steps}, maps at {', '.join(map(str, settings.steps))}",
        "guidance scale": "the model's own"
        if settings.guidance_scale is None
        else f"{settings.guidance_scale:g}",
        "noise": f"drawn as on {settings.noise}",
        "estimator": f"{settings.estimator}, {settings.probes} probes",
        "device": f"{by.get('device', '')} {by.get('dtype', '')}",
    }
    if settings.controls is not None:
        told["controls"] = settings.controls
    if waiting:
        told["still to be made"] = f"{waiting} tasks"
    return told


def judged_again(folder: Path, evidence: Evidence, controls_source: str) -> Evidence:
    """Compare the maps of a sweep with controls now, whatever it was made with.

    Raises
    ------
    ControlsError
        If there are no such controls.
    DatasetError
        If the folder holds no sweep.
    SessionError
        If a task's session is damaged.
    """
    from memlens.controls.loading import load_controls
    from memlens.evaluation.picture_numbers import SIZE, control_numbers
    from memlens.evaluation.truths import read_truth

    controls = load_controls(controls_source)
    numbers: dict[str, dict[str, float]] = {}
    with open_index(folder) as index:
        step = settings_of(index).steps[0]
        for row in index.rows(index.order(equal={"status": DONE})):
            maps = load_session(folder / session_file(row.task)).maps
            at_step = [found for found in maps if found.step == step]
            try:
                truth = read_truth(row.task.truth, SIZE)
            except DatasetError:
                truth = None
            numbers[row.task.name] = control_numbers(at_step, controls, truth)[0]
    sets = tuple(
        replace(
            maps,
            items=tuple(replace(item, numbers=numbers.get(item.name, {})) for item in maps.items),
        )
        for maps in evidence.sets
    )
    return replace(evidence, sets=sets, made={**evidence.made, "controls": controls_source})
