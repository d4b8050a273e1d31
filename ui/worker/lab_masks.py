"""The masks that the lab knows for a prompt of its own models."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from memlens.files.sessions import NamedMask
from memlens.masks.kinds import GROUND_TRUTH
from memlens.models.description import ModelDescription
from memlens.sampling.noise import CPU
from ui.jobs.context import JobContext
from ui.jobs.find_truth import FindTruth, TruthFound
from ui.worker.open_engine import OpenEngine

# As the lab's check samples: there every picture shows what it is said to show.
_STEPS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class LabTruth:
    """What lies beside a model about one prompt.

    Attributes
    ----------
    masks
        Empty where nothing is known, or nothing is memorized.
    sure
        Whether the picture is one that the masks were made for; otherwise it may lack the pattern.
    """

    masks: tuple[NamedMask, ...] = ()
    sure: bool = False


def lab_truth(
    model: ModelDescription,
    *,
    prompt: str,
    seed: int,
    steps: int,
    guidance_scale: float,
    noise: str,
) -> LabTruth:
    """Return the ground truth that lies beside a model, and whether this picture shows it."""
    from memlens.lab.ground_truth import find_ground_truth

    found = find_ground_truth(Path(model.source), prompt)
    if found is None or found.kind == "free":
        return LabTruth()
    sure = (
        seed in found.seeds
        and steps == _STEPS
        and guidance_scale == model.default_guidance_scale
        and noise == CPU
    )
    mask = NamedMask(name="ground truth", kind=GROUND_TRUTH, pixels=found.mask(), locked=True)
    return LabTruth(masks=(mask,), sure=sure)


def find_truth(request: FindTruth, context: JobContext, engine: OpenEngine) -> TruthFound:
    """Look up the mask that the lab knows for a run."""
    trajectory = engine.runs[request.run]
    if trajectory.model is None:
        return TruthFound(run=request.run, masks=())
    made = trajectory.provenance
    truth = lab_truth(
        trajectory.model.description,
        prompt=made.prompt,
        seed=made.seed,
        steps=made.steps,
        guidance_scale=made.guidance_scale,
        noise=made.noise,
    )
    if truth.sure:
        return TruthFound(run=request.run, masks=truth.masks)
    return TruthFound(run=request.run, masks=(), offered_masks=truth.masks)
