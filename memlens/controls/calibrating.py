"""Sample controls of a model: `calibrate`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from memlens.controls.calibration import CELLS, SEED, SMOOTHING, Calibration
from memlens.controls.controls import Controls
from memlens.controls.controls_file import read_controls, save_controls
from memlens.controls.measuring import measure
from memlens.controls.merging import merge
from memlens.controls.parts import PartsFolder
from memlens.errors import ControlsError, SettingsError
from memlens.estimators.names import AUTO, DEFAULT_ESTIMATOR, DEFAULT_PROBES
from memlens.models.denoiser import Baseline, Model
from memlens.progress import CancelToken, ProgressCallback, ignore_progress
from memlens.sampling.seeds import check_seed

PARTS = ".parts"


def calibrate(
    model: Model,
    prompts: Iterable[str],
    *,
    baseline: Baseline | None = None,
    steps: int | Iterable[int] = -1,
    kinds: Iterable[str] | None = None,
    readings: Iterable[str] | None = None,
    sampling_steps: int = 50,
    guidance_scale: float | None = None,
    probes: int = DEFAULT_PROBES,
    estimator: str = DEFAULT_ESTIMATOR,
    products: str = AUTO,
    smoothing: int = SMOOTHING,
    cells: int = CELLS,
    seed: int = SEED,
    probes_per_batch: int | None = None,
    pictures_per_batch: int | None = None,
    out: str | Path | None = None,
    progress: ProgressCallback | None = None,
    cancel: CancelToken | None = None,
) -> Controls:
    """Sample prompts believed not to be memorized, and keep what their maps and readings show.

    Each prompt is sampled once; all kinds at all steps come from that trajectory. With `out`,
    every finished prompt is kept beside it at once: a calibration that was stopped, or killed,
    goes on where it was when it is asked for again, and gives the same bytes as one that was not.

    Parameters
    ----------
    model
        From `memlens.load_model`.
    prompts
        At least two; fewer than 20 decide nothing, 100 or more are better.
    baseline
        A loaded less-trained one; without it, kinds that need one are left out.
    steps
        At which maps are made: one or several of 0..N−1, −1 for the last.
    kinds, readings
        None takes all kinds of map that model and baseline allow, and all readings that cost
        little beside them.
    sampling_steps, guidance_scale
        As `steps` and `guidance_scale` of `memlens.sample`.
    probes, estimator, products, probes_per_batch
        As for `memlens.localize`; the default batch is 4.
    smoothing
        Width of the mean filter that maps are compared under, odd.
    cells
        Cells a side of the grid that drawn masks are laid on; a file's size grows with its
        square.
    seed
        Of the first picture and its probes; the others follow.
    pictures_per_batch
        Pictures sampled in one network call; None chooses by device.
    out
        The file to write, or None.
    progress, cancel
        Counted over all prompts; checked per network call.

    Raises
    ------
    SettingsError
        If a setting is out of range.
    ControlsError
        If `out` cannot be written, or an unfinished calibration there was made otherwise.
    ModelError, MethodUnavailable, NumericalError, OutOfMemory, Cancelled
        As sampling and localizing do.
    """
    wanted = checked_prompts(prompts)
    check_seed(seed)
    check_seed(seed + len(wanted) - 1)
    calibration = Calibration.checked(
        model,
        baseline=baseline,
        steps=steps,
        kinds=kinds,
        readings=readings,
        sampling_steps=sampling_steps,
        guidance_scale=guidance_scale,
        probes=probes,
        estimator=estimator,
        products=products,
        smoothing=smoothing,
        cells=cells,
        seed=seed,
        probes_per_batch=probes_per_batch,
        pictures_per_batch=pictures_per_batch,
    )
    return controls_of(
        calibration,
        wanted,
        out=None if out is None else Path(out).expanduser(),
        progress=progress or ignore_progress,
        cancel=cancel or CancelToken(),
    )


def controls_of(
    calibration: Calibration,
    prompts: Sequence[str],
    *,
    out: Path | None,
    progress: ProgressCallback,
    cancel: CancelToken,
) -> Controls:
    """Calibrate as was asked for; what `out` holds already is not sampled again.

    Raises
    ------
    ControlsError, NumericalError, OutOfMemory, Cancelled
        As `calibrate`.
    """
    seeds = range(calibration.seed, calibration.seed + len(prompts))
    if out is not None:
        known = _made_already(out, calibration, prompts, seeds)
        if known is not None:
            return known
    folder = None if out is None else parts_beside(out)
    parts = measure(calibration, prompts, seeds, folder=folder, progress=progress, cancel=cancel)
    controls = merge(parts)
    if out is None or folder is None:
        return controls
    save_controls(controls, out)
    folder.remove()
    return read_controls(out)


def parts_beside(out: Path, what: str = "") -> PartsFolder:
    """Return the folder that parts of the controls file `out` are kept in."""
    return PartsFolder(out.with_name(f"{out.name}{what}{PARTS}"))


def checked_prompts(prompts: Iterable[str]) -> tuple[str, ...]:
    """Return the prompts.

    Raises
    ------
    SettingsError
        If they are fewer than two, or one is empty.
    """
    if isinstance(prompts, str):
        raise SettingsError("prompts are one string: give a list of prompts.")
    wanted = tuple(prompts)
    if len(wanted) < 2:
        raise SettingsError("controls need at least two prompts, and 20 to decide anything.")
    if not all(prompt.strip() for prompt in wanted):
        raise SettingsError("a prompt is empty: leave it out.")
    return wanted


def _made_already(
    out: Path, calibration: Calibration, prompts: Sequence[str], seeds: Iterable[int]
) -> Controls | None:
    try:
        known = read_controls(out)
    except ControlsError:
        return None
    alike = (
        not known.settings.unlike(calibration.settings())
        and known.prompts == tuple(prompts)
        and known.seeds == tuple(seeds)
        and known.kinds == calibration.kinds
        and known.steps == calibration.steps
        and {key for key, _ in known.readings} == {*calibration.readings}
    )
    return known if alike else None
