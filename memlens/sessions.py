"""One inspection saved with everything needed to reopen it: save and load `.memlens` files."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memlens.archive import ArchiveError, ArchiveReader, ArchiveWriter, reason_of
from memlens.atomic_write import atomic_write
from memlens.errors import SessionError
from memlens.maps import LocalizationMap
from memlens.masks.named_mask import KINDS, MAX_ALL_PIXELS
from memlens.masks.named_mask import NamedMask as NamedMask
from memlens.methods.registry import MAP_KINDS
from memlens.provenance import Provenance
from memlens.schedule import NoiseLevel, Schedule
from memlens.training_picture import TrainingPicture
from memlens.trajectory import Trajectory

SCHEMA_VERSION = 3
# Whatever an older memlens can read is written so that it can.
_WITH_LATENTS, _WITHOUT_LATENTS = 1, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One inspection.

    Attributes
    ----------
    trajectory
        The sampling run (its `model` is None after loading); without latents, the session
        is a fraction of the size, and no more maps can be computed from it.
    maps
        Every map computed, any order.
    masks
        Named masks.
    thumbnails
        Decoded x̂₀ at every step, (N, height, width, 3), uint8, or None.
    view
        JSON-ready view state; its meaning belongs to the window.
    reference
        The training picture that the run was compared with, or None.
    """

    trajectory: Trajectory
    maps: tuple[LocalizationMap, ...] = ()
    masks: tuple[NamedMask, ...] = ()
    thumbnails: NDArray[np.uint8] | None = None
    view: Mapping[str, Any] = field(default_factory=dict)
    reference: TrainingPicture | None = None

    @property
    def schema(self) -> int:
        """The oldest schema that can say all of this."""
        if self.reference is not None:
            return SCHEMA_VERSION
        return _WITH_LATENTS if self.trajectory.keeps_latents else _WITHOUT_LATENTS


def save_session(session: Session, path: Path) -> None:
    """Write a session atomically.

    Raises
    ------
    SessionError
        If it cannot be written; the old file is whole.
    """
    try:
        with atomic_write(path) as stream, ArchiveWriter(stream) as archive:
            _write(session, archive)
    except (OSError, ValueError, TypeError) as error:
        raise SessionError(f"{path} was not saved: {reason_of(error)}.") from error


def load_session(path: Path) -> Session:
    """Read a session.

    Raises
    ------
    SessionError
        If it is damaged, too large, or of a newer schema.
    """
    try:
        with path.open("rb") as stream:
            return _read(ArchiveReader(stream, allowed=_ALLOWED))
    except _DAMAGE as error:
        raise SessionError(f"{path} cannot be opened: {reason_of(error)}.") from error


_DAMAGE = (
    OSError,
    ValueError,
    TypeError,
    KeyError,
    ArithmeticError,
    EOFError,
    MemoryError,
    NotImplementedError,
    RecursionError,
    RuntimeError,
    RuntimeWarning,
    SyntaxError,
    zipfile.BadZipFile,
    zlib.error,
)

_ALLOWED = re.compile(
    r"session\.json|(image|reference)\.png"
    r"|arrays/(x_t|eps_target|eps_unconditional|final_latent|thumbnails)\.npy"
    r"|arrays/map_\d{4,5}_(values|paper|standard_error)\.npy"
    r"|masks/mask_\d{4,5}\.png"
)


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


def _write(session: Session, archive: ArchiveWriter) -> None:
    trajectory = session.trajectory
    reference = session.reference
    archive.json(
        "session.json",
        {
            "schema": session.schema,
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
            "masks": [{"name": mask.name, "kind": mask.kind} for mask in session.masks],
            "has_thumbnails": session.thumbnails is not None,
            "view": dict(session.view),
            **({} if reference is None else {"reference": reference.name}),
        },
    )
    if reference is not None:
        archive.picture("reference.png", reference.pixels)
    archive.picture("image.png", trajectory.image)
    latents = ("x_t", "eps_target", "eps_unconditional") if trajectory.keeps_latents else ()
    for name in (*latents, "final_latent"):
        archive.array(f"arrays/{name}.npy", _little_endian(getattr(trajectory, name)))
    if session.thumbnails is not None:
        archive.array("arrays/thumbnails.npy", session.thumbnails, deflate=True)
    for index, found in enumerate(session.maps):
        archive.array(f"arrays/map_{index:04d}_values.npy", _little_endian(found.values))
        archive.array(f"arrays/map_{index:04d}_paper.npy", _little_endian(found.paper))
        if found.standard_error is not None:
            name = f"arrays/map_{index:04d}_standard_error.npy"
            archive.array(name, _little_endian(found.standard_error))
    for index, mask in enumerate(session.masks):
        archive.picture(f"masks/mask_{index:04d}.png", mask.pixels.astype(np.uint8) * 255)


def _read(archive: ArchiveReader) -> Session:
    facts = archive.json("session.json")
    schema = facts["schema"] if isinstance(facts, dict) and "schema" in facts else None
    if type(schema) is not int or schema < 1:
        raise ArchiveError("session.json names no schema version")
    if schema > SCHEMA_VERSION:
        raise ArchiveError(
            f"it was saved by a newer memlens (schema {schema}, this one reads up to "
            f"{SCHEMA_VERSION}): update memlens"
        )
    try:
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
        return Session(
            trajectory=trajectory,
            maps=tuple(
                _read_map(archive, index, values) for index, values in enumerate(facts["maps"])
            ),
            masks=tuple(
                _read_mask(archive, index, values, trajectory.image.shape[:2])
                for index, values in enumerate(facts["masks"])
            ),
            thumbnails=thumbnails,
            view=facts["view"],
            reference=_read_reference(archive, facts.get("reference")),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ArchiveError(f"session.json is damaged ({error})") from error


def _read_reference(archive: ArchiveReader, name: Any) -> TrainingPicture | None:
    if name is None:
        return None
    if not isinstance(name, str):
        raise ArchiveError("the training picture's name is damaged")
    return TrainingPicture(name, archive.picture("reference.png", mode="RGB"))


def _read_trajectory(archive: ArchiveReader, facts: Mapping[str, Any]) -> Trajectory:
    schedule = _schedule(facts)
    names = ("x_t", "eps_target", "eps_unconditional")
    kept = not facts.get("without_latents", False)
    latents = {name: _floats(archive, name, 4) for name in names if kept}
    final_latent = _floats(archive, "final_latent", 3)
    if not kept:
        latents = dict.fromkeys(names, np.zeros((0, *final_latent.shape), np.float32))
    shape = (len(schedule) if kept else 0, *final_latent.shape)
    if any(values.shape != latents["x_t"].shape for values in latents.values()):
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


def _read_map(archive: ArchiveReader, index: int, facts: Mapping[str, Any]) -> LocalizationMap:
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
    archive: ArchiveReader, index: int, facts: Mapping[str, Any], size: tuple[int, ...]
) -> NamedMask:
    pixels = archive.picture(f"masks/mask_{index:04d}.png", mode="L") > 127
    if pixels.shape != size:
        raise ArchiveError(f"mask {index} is {pixels.shape}, the picture {size}")
    kind = facts["kind"]
    if kind not in KINDS:
        raise ArchiveError(f"mask {index} is of the unknown kind {str(kind)[:40]!r}")
    return NamedMask(name=str(facts["name"]), kind=kind, pixels=pixels)


def _floats(archive: ArchiveReader, name: str, dimensions: int) -> NDArray[np.float32]:
    values = archive.array(f"arrays/{name}.npy", kinds="f", dimensions=dimensions)
    if values.dtype != np.float32:
        raise ArchiveError(f"{name} holds {values.dtype}, not float32")
    return values


def _little_endian(values: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.ascontiguousarray(values, dtype="<f4")
