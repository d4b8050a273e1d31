"""What the worker thread does about masks."""

from __future__ import annotations

import numpy as np

from memlens.errors import MaskError
from memlens.masks.kinds import IMPORTED
from memlens.masks.named_mask import NamedMask
from memlens.progress import Progress
from ui.jobs.combine_masks import CombineMasks, MasksCombined
from ui.jobs.compare_masks import CompareMasks, MasksCompared
from ui.jobs.context import JobContext
from ui.jobs.cut_picture import CutPicture, PictureCut
from ui.jobs.find_mask import CONSENSUS, FindMask, MaskFound, MaskSource
from ui.jobs.read_mask import MasksRead, ReadMask
from ui.jobs.shape_mask import MaskShaped, ShapeMask
from ui.jobs.try_wand import TryWand, WandTried
from ui.jobs.write_all_masks import AllMasksWritten, Collection, WriteAllMasks
from ui.jobs.write_mask import MaskWritten, WriteMask
from ui.language.translation import tr
from ui.worker.open_engine import OpenEngine


def compare(request: CompareMasks, context: JobContext, engine: OpenEngine) -> MasksCompared:
    """Compare two masks."""
    from memlens.masks.compare import compare_masks

    compared = compare_masks(request.a, request.b)
    return MasksCompared(token=request.token, comparison=compared)


def shape(request: ShapeMask, context: JobContext, engine: OpenEngine) -> MaskShaped:
    """Work out an edit of a large mask."""
    from memlens.masks.preparing import prepare

    prepared = prepare(request.edit, request.mask, request.pixels, request.revision)
    return MaskShaped(token=request.token, prepared=prepared)


def find(request: FindMask, context: JobContext, engine: OpenEngine) -> MaskFound:
    """Look for a mask."""
    from memlens.masks import finding
    from memlens.masks.consensus import consensus
    from memlens.masks.pictures import read_picture
    from memlens.masks.regions import largest_region, without_small_regions

    if request.source in CONSENSUS:
        pixels = consensus(request.masks, request.source.value)
        return MaskFound(token=request.token, pixels=pixels)
    pictures = list(request.pictures)
    for path in request.paths:
        context.cancel.check()
        pictures.append(read_picture(path))
    context.cancel.check()
    threshold = request.threshold
    match request.source:
        case MaskSource.MAP:
            assert request.map is not None
            pixels = finding.from_map(
                request.map,
                request.size,
                threshold,
                largest_only=request.largest_only,
                minimum_area=request.minimum_area,
            )
            return MaskFound(token=request.token, pixels=pixels)
        case MaskSource.TRAINING_PICTURE:
            pixels = finding.from_training_picture(pictures[0], pictures[1], threshold)
        case MaskSource.PAIR:
            pixels = finding.from_pair(pictures[0], pictures[1], threshold)
        case _:
            pixels = finding.from_seeds(pictures, threshold)
    if pixels.shape != request.size:
        height, width = request.size
        sizes = tr("the pictures are {theirs}, the run's is {ours}.")
        raise MaskError(
            sizes.format(theirs=f"{pixels.shape[1]}×{pixels.shape[0]}", ours=f"{width}×{height}")
        )
    if request.minimum_area > 1:
        pixels = without_small_regions(pixels, request.minimum_area)
    if request.largest_only:
        pixels = largest_region(pixels)
    return MaskFound(token=request.token, pixels=pixels)


def read(request: ReadMask, context: JobContext, engine: OpenEngine) -> MasksRead:
    """Read the masks in a file; that they could be resized is an answer, too."""
    try:
        masks = _masks_in(request, resize=request.resize)
    except MaskError as error:
        if request.resize:
            raise
        try:
            _masks_in(request, resize=True)
        except MaskError:
            raise error from None
        return MasksRead(run=request.run, path=request.path, refused=str(error))
    return MasksRead(run=request.run, path=request.path, masks=masks)


def _masks_in(request: ReadMask, *, resize: bool) -> tuple[NamedMask, ...]:
    from memlens.masks.files import read_mask

    found = read_mask(request.path, request.size, resize=resize)
    if isinstance(found, np.ndarray):
        return (NamedMask(name=request.path.stem, kind=IMPORTED, pixels=found),)
    return tuple(found)


def write(request: WriteMask, context: JobContext, engine: OpenEngine) -> MaskWritten:
    """Write a mask."""
    from memlens.masks.files import write_mask

    write_mask(request.path, request.mask)
    return MaskWritten(path=request.path)


def write_all(request: WriteAllMasks, context: JobContext, engine: OpenEngine) -> AllMasksWritten:
    """Write all masks of a picture at once."""
    from memlens.masks import all_masks

    match request.collection:
        case Collection.PNG:
            files = all_masks.write_all_png(request.path, request.masks)
        case Collection.COCO:
            files = all_masks.write_all_coco(request.path, request.masks, request.picture)
        case Collection.LABELME:
            files = all_masks.write_all_labelme(request.path, request.masks, request.picture)
    return AllMasksWritten(path=request.path, files=files)


def try_wand(request: TryWand, context: JobContext, engine: OpenEngine) -> WandTried:
    """Find what the wand would add."""
    from memlens.masks.wand import wand_mask

    wand = request.wand
    pixels = wand_mask(wand.picture, wand.x, wand.y, wand.tolerance)
    return WandTried(token=request.token, pixels=pixels)


def combine(request: CombineMasks, context: JobContext, engine: OpenEngine) -> MasksCombined:
    """Make one mask of several."""
    from memlens.masks.combining import combined

    pixels = combined(request.masks, request.how)
    return MasksCombined(run=request.run, name=request.name, pixels=pixels)


def cut(request: CutPicture, context: JobContext, engine: OpenEngine) -> PictureCut:
    """Cut a picture into superpixels."""
    from memlens.masks.superpixels import superpixels

    context.progress(Progress(0, 1, tr("cutting the picture into superpixels")))
    context.cancel.check()
    found = superpixels(request.picture, request.count)
    return PictureCut(token=request.token, superpixels=found, edges=found.edges())
