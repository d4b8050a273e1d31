"""The session that a first start shows: one template prompt with its maps already computed."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from memlens.errors import ModelError
from memlens.lab.ground_truth import load_ground_truth
from memlens.localization import localize
from memlens.maps import LocalizationMap
from memlens.methods.registry import LESS_TRAINED, MAP_KINDS, Cost
from memlens.models.loading import early_checkpoint, load_baseline, load_model
from memlens.progress import CancelToken, Progress, ProgressCallback, ignore_progress
from memlens.sampling import decode_latent, sample
from memlens.sessions import NamedMask, Session, save_session

STEPS = 50
PROBES = 16
# Where the eye wanders: sparse while there is only noise, every step where the maps appear.
CURVATURE_STEPS = (*range(0, 28, 7), *range(28, 38, 2), *range(38, STEPS))


def make_demo_session(
    model_folder: str | Path,
    out: Path,
    *,
    template: int = 0,
    seed: int = 0,
    shown_step: int = STEPS - 1,
    progress: ProgressCallback | None = None,
    cancel: CancelToken | None = None,
) -> Path:
    """Sample one template prompt of a lab model, compute its maps and save the session.

    Parameters
    ----------
    model_folder
        "demo" or a lab model's folder, with ground truth and an early UNet.
    out
        The ``.memlens`` file to write.
    template
        Which template caption, in the order of the ground truth.
    seed
        Of the picture.
    shown_step
        The step that the window opens at.
    progress, cancel
        Counted and checked per map.

    Returns
    -------
    Path
        `out`.

    Raises
    ------
    ModelError
        If the model has no early UNet.
    DatasetError
        If it has no ground truth.
    SessionError
        If `out` cannot be written.
    Cancelled
        Between two maps.
    """
    report, token = progress or ignore_progress, cancel or CancelToken()
    model = load_model(model_folder)
    early = early_checkpoint(model)
    if early is None:
        raise ModelError(f"{model.description.source} has no less-trained UNet (unet-early).")
    less_trained = load_baseline(early, like=model)
    entry = load_ground_truth(Path(model.description.source)).of_kind("template")[template]
    run = sample(model, entry.caption, seed=seed, steps=STEPS, cancel=token)
    wanted = [
        (kind, step)
        for kind in MAP_KINDS.values()
        # Read off the trajectory in a moment: not worth the bytes.
        if kind.name != "guidance_cosine"
        for step in (CURVATURE_STEPS if kind.cost is Cost.PROBES else range(STEPS))
    ]
    maps: list[LocalizationMap] = []
    for done, (kind, step) in enumerate(wanted):
        token.check()
        report(Progress(done, len(wanted), kind.label.lower()))
        maps.append(
            localize(
                run,
                kind.method,
                baseline=less_trained if kind.baseline == LESS_TRAINED else None,
                step=step,
                probes=PROBES,
                cancel=token,
            )
        )
    report(Progress(len(wanted), len(wanted), "saving"))
    pictures = [decode_latent(model, run.record(step).x0_prediction) for step in range(STEPS)]
    mask = NamedMask(name="ground truth", kind="ground truth", pixels=entry.mask())
    save_session(
        Session(
            trajectory=run,
            maps=tuple(maps),
            masks=(mask,),
            thumbnails=np.stack(pictures),
            view={"step": shown_step},
        ),
        out,
    )
    return out
