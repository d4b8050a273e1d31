"""One run of a session as entries of an archive: written, and judged as it is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memlens.errors import SessionError
from memlens.files.archive import ArchiveError, ArchiveReader, ArchiveWriter
from memlens.files.project import Session, tidy_run_name
from memlens.files.training_picture import TrainingPicture
from memlens.maps.localization_map import LocalizationMap
from memlens.masks.kinds import KINDS, kind_in_file
from memlens.masks.named_mask import MAX_ALL_PIXELS, NamedMask
from memlens.methods.registry import MAP_KINDS
from memlens.readings.reading import Reading
from memlens.readings.registry import READINGS
from memlens.sampling.provenance import Provenance
from memlens.sampling.schedule import NoiseLevel, Schedule
from memlens.sampling.trajectory import Trajectory


def run_to_json(trajectory: Trajectory) -> dict[str, Any]:
    """Return a run's provenance, schedule and seconds, JSON-ready."""
    facts: dict[str, Any] = {
        "provenance": trajectory.provenance.to_json(),
        "schedule": [
            [level.timestep, level.alpha, level.sigma] for level in trajectory.schedule.levels
        ],
        "seconds": trajectory.seconds,
    }
    if not trajectory.keeps_latents:
        facts["without_latents"] = True
    return facts


def run_from_json(facts: Mapping[str, Any], image: NDArray[np.uint8]) -> Trajectory:
    """Return a run without latents from what `run_to_json` gave and its picture.

    Raises
    ------
    SessionError
        If it is damaged.
    """
    try:
        return Trajectory(
            schedule=_schedule(facts),
            x_t=np.zeros((0, 0, 0, 0), np.float32),
            eps_target=np.zeros((0, 0, 0, 0), np.float32),
            eps_unconditional=np.zeros((0, 0, 0, 0), np.float32),
            final_latent=np.zeros((0, 0, 0), np.float32),
            image=image,
            provenance=Provenance.from_json(facts["provenance"]),
            seconds=float(facts["seconds"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise SessionError(f"the run is damaged ({error}).") from error


def write_run(session: Session, archive: ArchiveWriter, *, prefix: str = "") -> dict[str, Any]:
    """Write a run's arrays and pictures; return its facts, JSON-ready.

    Parameters
    ----------
    prefix
        What the names of its entries begin with.
    """
    trajectory, reference = session.trajectory, session.reference
    if reference is not None:
        archive.picture(f"{prefix}reference.png", reference.pixels)
    archive.picture(f"{prefix}image.png", trajectory.image)
    latents = ("x_t", "eps_target", "eps_unconditional") if trajectory.keeps_latents else ()
    for name in (*latents, "final_latent"):
        archive.array(f"{prefix}arrays/{name}.npy", _little_endian(getattr(trajectory, name)))
    if session.thumbnails is not None:
        archive.array(f"{prefix}arrays/thumbnails.npy", session.thumbnails, deflate=True)
    for index, found in enumerate(session.maps):
        stem = f"{prefix}arrays/map_{index:04d}"
        archive.array(f"{stem}_values.npy", _little_endian(found.values))
        archive.array(f"{stem}_paper.npy", _little_endian(found.paper))
        if found.standard_error is not None:
            archive.array(f"{stem}_standard_error.npy", _little_endian(found.standard_error))
    for index, mask in enumerate(session.masks):
        archive.picture(f"{prefix}masks/mask_{index:04d}.png", mask.pixels.astype(np.uint8) * 255)
    return {
        "trajectory": run_to_json(trajectory),
        "maps": [
            {
                "kind": found.kind,
                "network_calls": found.network_calls,
                "seconds": found.seconds,
                "has_standard_error": found.standard_error is not None,
                "provenance": found.provenance.to_json(),
            }
            for found in session.maps
        ],
        "masks": [
            {
                "name": mask.name,
                "kind": mask.kind,
                **({"locked": True} if mask.locked else {}),
            }
            for mask in session.masks
        ],
        "has_thumbnails": session.thumbnails is not None,
        "view": dict(session.view),
        **({} if reference is None else {"reference": reference.name}),
        # Older versions pass over what they do not know.
        **({"name": session.name} if session.name else {}),
        **({"pinned": True} if session.pinned else {}),
        **({"id": session.id} if session.id else {}),
        **({"readings": [_to_json(r) for r in session.readings]} if session.readings else {}),
    }


def read_run(archive: ArchiveReader, facts: Mapping[str, Any], *, prefix: str = "") -> Session:
    """Read the run that `write_run` wrote.

    Raises
    ------
    ArchiveError
        If it is damaged.
    """
    try:
        return _read(_Entries(archive, prefix), facts)
    except (KeyError, TypeError, AttributeError) as error:
        raise ArchiveError(f"session.json is damaged ({error})") from error


class _Entries:
    """The entries of one run, by the names that they have without the run's prefix."""

    def __init__(self, archive: ArchiveReader, prefix: str) -> None:
        self._archive = archive
        self._prefix = prefix

    def array(self, name: str, *, kinds: str, dimensions: int) -> NDArray[Any]:
        return self._archive.array(f"{self._prefix}{name}", kinds=kinds, dimensions=dimensions)

    def picture(self, name: str, *, mode: str) -> NDArray[np.uint8]:
        return self._archive.picture(f"{self._prefix}{name}", mode=mode)


def _read(archive: _Entries, facts: Mapping[str, Any]) -> Session:
    trajectory = _read_trajectory(archive, facts["trajectory"])
    steps = len(trajectory.schedule)
    thumbnails = None
    if facts["has_thumbnails"]:
        thumbnails = archive.array("arrays/thumbnails.npy", kinds="u", dimensions=4)
        if thumbnails.dtype != np.uint8 or thumbnails.shape[::3] != (steps, 3):
            raise ArchiveError("the thumbnails do not belong to this run")
    height, width = trajectory.image.shape[:2]
    if len(facts["masks"]) * height * width > MAX_ALL_PIXELS:
        raise ArchiveError(f"it has {len(facts['masks']):,} masks of {width}×{height} pixels")
    if not isinstance(facts["view"], dict):
        raise ArchiveError("the view state is damaged")
    name, number = facts.get("name", ""), facts.get("id", "")
    if not isinstance(name, str) or not isinstance(number, str):
        raise ArchiveError("the run's name is damaged")
    return Session(
        trajectory=trajectory,
        maps=tuple(_read_map(archive, index, values) for index, values in enumerate(facts["maps"])),
        masks=tuple(
            _read_mask(archive, index, values, trajectory.image.shape[:2])
            for index, values in enumerate(facts["masks"])
        ),
        thumbnails=thumbnails,
        view=facts["view"],
        reference=_read_reference(archive, facts.get("reference")),
        name=tidy_run_name(name),
        pinned=facts.get("pinned") is True,
        id=number,
        readings=tuple(_reading(values) for values in facts.get("readings", ())),
    )


def _to_json(found: Reading) -> dict[str, Any]:
    return {
        "key": found.key,
        "value": found.value,
        "standard_error": found.standard_error,
        "per_step": None if found.per_step is None else found.per_step.tolist(),
        **({} if found.per_token is None else {"per_token": [list(t) for t in found.per_token]}),
        "unit": found.unit,
        "step": found.step,
        "network_calls": found.network_calls,
        "seconds": found.seconds,
        "provenance": found.provenance.to_json(),
    }


def _reading(facts: Mapping[str, Any]) -> Reading:
    if facts["key"] not in READINGS:
        raise ArchiveError(f"a reading is of the unknown kind {str(facts['key'])[:40]!r}")
    error, each, step = facts["standard_error"], facts["per_step"], facts["step"]
    tokens = facts.get("per_token")
    return Reading(
        key=facts["key"],
        value=float(facts["value"]),
        standard_error=None if error is None else float(error),
        per_step=None if each is None else np.array([float(x) for x in each], np.float32),
        per_token=None if tokens is None else tuple((str(t), float(x)) for t, x in tokens),
        unit=str(facts["unit"]),
        step=None if step is None else int(step),
        network_calls=int(facts["network_calls"]),
        seconds=float(facts["seconds"]),
        provenance=Provenance.from_json(facts["provenance"]),
    )


def _read_reference(archive: _Entries, name: Any) -> TrainingPicture | None:
    if name is None:
        return None
    if not isinstance(name, str):
        raise ArchiveError("the training picture's name is damaged")
    return TrainingPicture(name, archive.picture("reference.png", mode="RGB"))


def _read_trajectory(archive: _Entries, facts: Mapping[str, Any]) -> Trajectory:
    schedule = _schedule(facts)
    names = ("x_t", "eps_target", "eps_unconditional")
    kept = not facts.get("without_latents", False)
    latents = {name: _floats(archive, name, 4) for name in names if kept}
    final_latent = _floats(archive, "final_latent", 3)
    if not kept:
        latents = dict.fromkeys(names, np.zeros((0, *final_latent.shape), np.float32))
    shape = (len(schedule) if kept else 0, *final_latent.shape)
    alike = [latents["x_t"].shape]
    # A model without ∅ leaves none.
    none = (0, *latents["x_t"].shape[1:])
    if latents["eps_target"].shape not in alike or (
        latents["eps_unconditional"].shape not in (*alike, none)
    ):
        raise ArchiveError("x_t and its ε̂ differ in shape")
    if latents["x_t"].shape != shape:
        raise ArchiveError("the latents do not fit the schedule")
    return Trajectory(
        schedule=schedule,
        x_t=latents["x_t"],
        eps_target=latents["eps_target"],
        eps_unconditional=latents["eps_unconditional"],
        final_latent=final_latent,
        image=archive.picture("image.png", mode="RGB"),
        provenance=Provenance.from_json(facts["provenance"]),
        seconds=float(facts["seconds"]),
    )


def _schedule(facts: Mapping[str, Any]) -> Schedule:
    levels = tuple(NoiseLevel(*(float(x) for x in level)) for level in facts["schedule"])
    if not levels or not all(0 <= level.alpha and 0 < level.sigma for level in levels):
        raise ArchiveError("the schedule is damaged")
    return Schedule(levels)


def _read_map(archive: _Entries, index: int, facts: Mapping[str, Any]) -> LocalizationMap:
    if facts["kind"] not in MAP_KINDS:
        raise ArchiveError(f"map {index} is of the unknown kind {facts['kind']!r}")
    values = _floats(archive, f"map_{index:04d}_values", 2)
    paper = _floats(archive, f"map_{index:04d}_paper", 2)
    standard_error = None
    if facts["has_standard_error"]:
        standard_error = _floats(archive, f"map_{index:04d}_standard_error", 2)
    if any(other is not None and other.shape != values.shape for other in (paper, standard_error)):
        raise ArchiveError(f"the arrays of map {index} differ in shape")
    return LocalizationMap(
        kind=facts["kind"],
        values=values,
        standard_error=standard_error,
        paper=paper,
        network_calls=int(facts["network_calls"]),
        seconds=float(facts["seconds"]),
        provenance=Provenance.from_json(facts["provenance"]),
    )


def _read_mask(
    archive: _Entries, index: int, facts: Mapping[str, Any], size: tuple[int, ...]
) -> NamedMask:
    pixels = archive.picture(f"masks/mask_{index:04d}.png", mode="L") > 127
    if pixels.shape != size:
        raise ArchiveError(f"mask {index} is {pixels.shape}, the picture {size}")
    kind = kind_in_file(str(facts["kind"]))
    if kind not in KINDS:
        raise ArchiveError(f"mask {index} is of the unknown kind {kind[:40]!r}")
    locked = facts.get("locked") is True
    return NamedMask(name=str(facts["name"]), kind=kind, pixels=pixels, locked=locked)


def _floats(archive: _Entries, name: str, dimensions: int) -> NDArray[np.float32]:
    values = archive.array(f"arrays/{name}.npy", kinds="f", dimensions=dimensions)
    if values.dtype != np.float32:
        raise ArchiveError(f"{name} holds {values.dtype}, not float32")
    return values


def _little_endian(values: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.ascontiguousarray(values, dtype="<f4")
