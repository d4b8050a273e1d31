"""Small whole files of every sort that memlens reads."""

from __future__ import annotations

import base64
import io
import json
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from memlens.files.sessions import Session, save_session
from memlens.maps.localization_map import LocalizationMap
from memlens.masks.coco import coco_of
from memlens.masks.document import MaskDocument
from memlens.masks.edits import AddMask, Invert, Paint, RenameMask
from memlens.masks.journal import Journal
from memlens.masks.journal_base import JournalBase
from memlens.masks.named_mask import NamedMask
from memlens.masks.open_shape import OpenShape
from memlens.masks.shapes import Stroke
from memlens.sampling.provenance import Provenance
from memlens.sampling.schedule import NoiseLevel, Schedule
from memlens.sampling.trajectory import Trajectory

SIZE = (40, 56)


# -- whole files


@cache
def whole_session() -> bytes:
    """Return a session with maps, masks and thumbnails."""
    chance = np.random.default_rng(0)

    def floats(*shape: int) -> np.ndarray:
        return chance.standard_normal(shape).astype(np.float32)

    made = Provenance(
        model="demo@0", family="StableDiffusionPipeline", prediction_type="epsilon", device="cpu",
        dtype="float32", prompt="a red apple", prompt_truncated=False, seed=3, steps=3,
        guidance_scale=7.5,
    )  # fmt: skip
    levels = [NoiseLevel.variance_preserving(float(999 - i), (i + 1) / 70) for i in range(3)]
    session = Session(
        trajectory=Trajectory(
            schedule=Schedule(tuple(levels)),
            x_t=floats(3, 4, 8, 8),
            eps_target=floats(3, 4, 8, 8),
            eps_unconditional=floats(3, 4, 8, 8),
            final_latent=floats(4, 8, 8),
            image=chance.integers(0, 256, (*SIZE, 3), np.uint8),
            provenance=made,
            seconds=1.25,
        ),
        maps=tuple(
            LocalizationMap(
                kind=kind, values=floats(8, 8), standard_error=error, paper=floats(8, 8),
                network_calls=17, seconds=0.5, provenance=made,
            )
            for kind, error in (("cov", floats(8, 8)), ("score_diff", None))
        ),
        masks=(small_mask("é"), small_mask("b")),
        thumbnails=chance.integers(0, 256, (3, 16, 16, 3), np.uint8),
        view={"step": 1, "zoom": [1.0, {"a": None}]},
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        save_session(session, Path(folder) / "a.memlens")
        return (Path(folder) / "a.memlens").read_bytes()


@cache
def whole_journal() -> bytes:
    """Return a journal of a few edits of every sort."""
    with tempfile.TemporaryDirectory() as folder:
        mask = NamedMask(name="é", kind="ground truth", pixels=np.zeros(SIZE, bool))
        document = MaskDocument.from_masks(SIZE, (mask,))
        entry = document.entries[0].id
        picture = np.zeros((*SIZE, 3), np.uint8)
        shape = OpenShape(entry, ((3.0, 4.0), (30.5, 4.0), (9.0, 31.0)))
        base = JournalBase(
            size=SIZE,
            masks=((entry, mask),),
            run={"seconds": 1.0},
            picture=picture,
            shape=shape,
        )
        journal = Journal(Path(folder) / "whole", base)
        document.subscribe(journal.append)
        document.edit(Paint(Stroke(((3.0, 4.0), (30.0, 30.0)), 4.0), True))
        journal.note_shape(None)
        document.edit(AddMask(mask))
        document.edit(Invert())
        journal.note_shape(shape)
        document.edit(RenameMask(entry, "another"))
        document.undo()
        journal.close()
        return (Path(folder) / "whole").read_bytes()


def whole_labelme() -> dict[str, Any]:
    """Return what a labelme file of every sort of shape says."""
    corners = [[3.0, 4.0], [30.0, 4.5], [20.0, 30.0]]
    pasted = saved(Image.fromarray(np.ones((5, 6), np.bool_)), "PNG")
    coded = base64.b64encode(pasted).decode()
    shapes: list[dict[str, Any]] = [
        {"label": "a", "points": corners, "shape_type": "polygon"},
        {"label": "b", "points": corners[:2], "shape_type": "rectangle"},
        {"label": "a", "points": corners[:2], "shape_type": "circle"},
        {"label": "c", "points": [[2, 2], [7, 6]], "shape_type": "mask", "mask": coded},
        {"label": "d", "points": corners[:1], "shape_type": "point"},
    ]
    return {"version": "5", "shapes": shapes, "imageHeight": SIZE[0], "imageWidth": SIZE[1]}


def small_mask(name: str) -> NamedMask:
    pixels = np.zeros(SIZE, np.bool_)
    pixels[4:20, 7:30] = True
    pixels[30, ::3] = True
    return NamedMask(name=name, kind="ground truth", pixels=pixels)


@cache
def pictures_of_mask() -> tuple[bytes, ...]:
    grey = small_mask("m").pixels.astype(np.uint8) * 255
    pictures = [Image.fromarray(grey), *(Image.fromarray(grey).convert(m) for m in ("1", "P"))]
    pictures += [Image.fromarray(grey).convert(mode) for mode in ("RGB", "RGBA", "LA")]
    pictures.append(Image.fromarray(grey.astype(np.uint16) * 257))
    return tuple(saved(each, "PNG") for each in pictures)


def saved(picture: Image.Image, form: str) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, form)
    return stream.getvalue()


def array_bytes(values: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.lib.format.write_array(stream, values, allow_pickle=False)
    return stream.getvalue()


@cache
def whole_files() -> dict[str, bytes]:
    """Return a whole file of every sort by its name."""
    mask = small_mask("m")
    return {
        "warm.memlens": whole_session(),
        "warm.png": pictures_of_mask()[0],
        "warm.npy": array_bytes(mask.pixels),
        "warm.json": json.dumps(coco_of((mask,))).encode(),
        "warm.journal": whole_journal(),
    }
