"""The files and numbers of one task, in the official layout."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from memlens.errors import DatasetError
from memlens.evaluation.picture_numbers import SIZE, control_numbers, map_numbers
from memlens.evaluation.truths import Truth, read_truth
from memlens.files.sessions import Session, write_session
from memlens.maps.localization_map import LocalizationMap
from memlens.masks.named_mask import NamedMask
from memlens.sweep.outcome import Outcome
from memlens.sweep.places import map_file, session_file, thumbnail_file
from memlens.sweep.tasks import Task

if TYPE_CHECKING:
    from memlens.controls.controls import Controls
    from memlens.sampling.trajectory import Trajectory

THUMBNAIL = 128
BoolArray = NDArray[np.bool_]


def outcome_of(
    task: Task,
    run: Trajectory,
    maps: Sequence[LocalizationMap],
    *,
    main_step: int,
    version: int,
    controls: Controls | None,
) -> Outcome:
    """Return what a finished task leaves behind.

    Files are each map in the paper's units, a session without latents (picture, maps with their
    errors, ground truth) and a thumbnail.
    """
    height, width = run.image.shape[:2]
    files = {}
    for found in maps:
        other = None if found.step == main_step else found.step
        place = map_file(task, found.kind, other, version=version)
        files[place] = npy_bytes(found.paper_values())
    own = _known(task.truth, (height, width))
    masks: tuple[NamedMask, ...] = ()
    if own is not None and own.any():
        masks = (NamedMask(name="ground truth", kind="ground truth", pixels=own),)
    session = Session(
        trajectory=run.without_latents(),
        maps=tuple(maps),
        masks=masks,
        id=task.name.replace("/", " "),
    )
    stream = io.BytesIO()
    write_session(session, stream)
    files[session_file(task)] = stream.getvalue()
    files[thumbnail_file(task)] = thumbnail_bytes(run.image)
    truth = _known(task.truth, SIZE)
    numbers = {**map_numbers(maps, truth, main_step=main_step), "network calls": _calls(maps)}
    verdict = ""
    if controls is not None:
        at_main = [found for found in maps if found.step == main_step]
        judged, said = control_numbers(at_main, controls, truth)
        numbers |= judged
        verdict = said.sentence
    return Outcome(index=task.index, files=files, numbers=numbers, verdict=verdict)


def npy_bytes(values: NDArray[np.float32]) -> bytes:
    """Return the bytes of a ``.npy`` file."""
    stream = io.BytesIO()
    np.save(stream, values, allow_pickle=False)
    return stream.getvalue()


def thumbnail_bytes(image: NDArray[np.uint8]) -> bytes:
    """Return a PNG no side of which is longer than `THUMBNAIL` pixels."""
    picture = Image.fromarray(image)
    picture.thumbnail((THUMBNAIL, THUMBNAIL), Image.Resampling.LANCZOS)
    stream = io.BytesIO()
    picture.save(stream, "PNG", compress_level=4)
    return stream.getvalue()


def _known(truth: Truth, size: tuple[int, int]) -> BoolArray | None:
    try:
        return read_truth(truth, size)
    except DatasetError:
        # The evaluation names a mask that cannot be read; the maps are worth keeping.
        return None


def _calls(maps: Sequence[LocalizationMap]) -> float:
    return float(sum(found.network_calls for found in maps))
