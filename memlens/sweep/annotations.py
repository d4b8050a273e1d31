"""Masks that people draw for a sweep's pictures, by annotator, and how far they agree."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from memlens.errors import MaskError, SettingsError
from memlens.masks.compare import compare_masks, kappa_of
from memlens.masks.files import read_mask, write_mask
from memlens.sweep.places import ANNOTATIONS, annotation_file
from memlens.sweep.tasks import Task

BoolArray = NDArray[np.bool_]
_NAME = re.compile(r"[\w][\w .@-]{0,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureAgreement:
    """How far two annotators agree on one picture.

    Attributes
    ----------
    task
        The picture's.
    iou
        0..1; 1 where both masks are empty.
    kappa
        Cohen's κ over its pixels; NaN where chance explains everything.
    """

    task: Task
    iou: float
    kappa: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotatorAgreement:
    """How far two annotators agree.

    Attributes
    ----------
    first, second
        Who.
    pictures
        Those that both drew, of least agreement first.
    mean_iou
        Over pictures.
    iou, kappa
        Of all pixels of all pictures together.
    """

    first: str
    second: str
    pictures: tuple[PictureAgreement, ...]
    mean_iou: float
    iou: float
    kappa: float


def save_annotation(folder: Path, task: Task, annotator: str, pixels: BoolArray) -> Path:
    """Keep what an annotator drew for a task's picture; an older one is replaced.

    Raises
    ------
    SettingsError
        If the annotator's name cannot be a folder's.
    OutputError
        If it cannot be written.
    """
    path = folder / annotation_file(task, checked_annotator(annotator))
    path.parent.mkdir(parents=True, exist_ok=True)
    write_mask(path, pixels)
    return path


def read_annotation(folder: Path, task: Task, annotator: str) -> BoolArray | None:
    """Return what an annotator drew for a task's picture; None where there is nothing.

    Raises
    ------
    MaskError
        If the mask is damaged.
    """
    path = folder / annotation_file(task, checked_annotator(annotator))
    if not path.is_file():
        return None
    return read_mask(path, None)[0].pixels


def annotators(folder: Path) -> tuple[str, ...]:
    """Return who drew masks for a sweep, in alphabetical order."""
    there = folder / ANNOTATIONS
    if not there.is_dir():
        return ()
    return tuple(sorted(each.name for each in there.iterdir() if _NAME.fullmatch(each.name)))


def checked_annotator(name: str) -> str:
    """Return an annotator's name without spaces around it.

    Raises
    ------
    SettingsError
        If it cannot be a folder's.
    """
    tidy = name.strip()
    if not _NAME.fullmatch(tidy) or tidy.endswith("."):
        raise SettingsError(
            f"the annotator {name!r} needs a name of letters, digits, spaces and . @ - _ alone."
        )
    return tidy


def annotator_agreement(
    folder: Path, tasks: tuple[Task, ...], first: str, second: str
) -> AnnotatorAgreement:
    """Compare two annotators on all pictures that both drew.

    Raises
    ------
    MaskError
        If a mask is damaged, or their masks of a picture differ in size.
    """
    both = only_first = only_second = pixels = 0
    found = []
    for task in tasks:
        one, other = (read_annotation(folder, task, name) for name in (first, second))
        if one is None or other is None:
            continue
        try:
            compared = compare_masks(one, other)
        except MaskError as error:
            raise MaskError(f"{task.name}: {error}") from error
        both += compared.agree
        only_first += compared.only_a
        only_second += compared.only_b
        pixels += one.size
        found.append(PictureAgreement(task=task, iou=compared.iou, kappa=compared.kappa))
    found.sort(key=lambda each: (each.iou, each.task.index))
    union = both + only_first + only_second
    return AnnotatorAgreement(
        first=first,
        second=second,
        pictures=tuple(found),
        mean_iou=float(np.mean([each.iou for each in found])) if found else math.nan,
        iou=(both / union if union else 1.0) if found else math.nan,
        kappa=kappa_of(both, only_first, only_second, pixels),
    )
