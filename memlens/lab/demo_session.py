"""The session that a first start shows: one template prompt with its maps already computed."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import numpy as np

from memlens.errors import ModelError
from memlens.files.sessions import NamedMask, Session, save_session
from memlens.lab.ground_truth import load_ground_truth
from memlens.maps.joint_maps import localize_maps
from memlens.maps.localization_map import LocalizationMap
from memlens.methods.registry import MAP_KINDS, Cost
from memlens.models.baseline_loading import early_checkpoint, load_baseline
from memlens.models.loading import load_model
from memlens.progress import CancelToken, Progress, ProgressCallback, ignore_progress
from memlens.sampling.sample import decode_latent, sample

STEPS = 50
PROBES = 16
# Had in a moment when they are asked for: not worth the bytes.
_LEFT_OUT = ("guidance_cosine", "attention_all")
# Where the eye wanders: sparse while there is only noise, every step where the maps appear.
CURVATURE_STEPS = (*range(0, 28, 7), *range(28, 38, 2), *range(38, STEPS))


def make_demo_session(
    model_folder: str | Path,
    out: Path,
    *,
    template: int = 0,
    seed: int = 0,
    shown_step: int = -1,
    steps: int = STEPS,
    curvature_steps: Collection[int] = CURVATURE_STEPS,
    probes: int = PROBES,
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
        The step that the window opens at; −1 is the last.
    steps, curvature_steps, probes
        Sampling steps, those of them with curvatures, and the probes of each curvature.
    progress, cancel
        Counted per step, checked per network call.

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
        Within one network call of the token being set.
    """
    report, token = progress or ignore_progress, cancel or CancelToken()
    model = load_model(model_folder, cancel=token)
    early = early_checkpoint(model)
    if early is None:
        raise ModelError(f"{model.description.source} has no less-trained UNet (unet-early).")
    less_trained = load_baseline(early, like=model, cancel=token)
    entry = load_ground_truth(Path(model.description.source)).of_kind("template")[template]
    run = sample(model, entry.caption, seed=seed, steps=steps, cancel=token)
    kinds = [kind for kind in MAP_KINDS.values() if kind.name not in _LEFT_OUT]
    maps: list[LocalizationMap] = []
    for step in range(steps):
        wanted = [k.name for k in kinds if step in curvature_steps or k.cost is not Cost.PROBES]
        token.check()
        report(Progress(step, steps, f"maps of step {step}"))
        found = localize_maps(
            run, wanted, baseline=less_trained, step=step, probes=probes, cancel=token
        )
        maps += found.values()
    report(Progress(steps, steps, "saving"))
    pictures = [decode_latent(model, run.record(step).x0_prediction) for step in range(steps)]
    mask = NamedMask(name="ground truth", kind="ground truth", pixels=entry.mask())
    save_session(
        Session(
            trajectory=run,
            maps=tuple(maps),
            masks=(mask,),
            thumbnails=np.stack(pictures),
            view={"step": run.schedule.index(shown_step)},
        ),
        out,
    )
    return out
