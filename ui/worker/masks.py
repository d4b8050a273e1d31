"""What the worker thread does about masks."""

from __future__ import annotations

import numpy as np

from memlens.errors import MaskError
from memlens.masks.kinds import IMPORTED
from memlens.masks.named_mask import NamedMask
from memlens.progress import Progress
from ui.jobs import mask_requests as ask
from ui.jobs.mask_requests import CONSENSUS, MaskSource
from ui.jobs.runner import JobContext
from ui.language.translation import tr


def carry_out(request: ask.MaskRequest, context: JobContext) -> ask.MaskResult:
    """Carry out one request."""
    match request:
        case ask.FindMask():
            return _find(request, context)
        case ask.CompareMasks():
            from memlens.masks.compare import compare_masks

            compared = compare_masks(request.a, request.b)
            return ask.MasksCompared(token=request.token, comparison=compared)
        case ask.ReadMask():
            return _read(request)
        case ask.WriteMask():
            return _write(request)
        case ask.WriteAllMasks():
            return _write_all(request)
        case ask.TryWand():
            from memlens.masks.wand import wand_mask

            wand = request.wand
            pixels = wand_mask(wand.picture, wand.x, wand.y, wand.tolerance)
            return ask.WandTried(token=request.token, pixels=pixels)
        case ask.CombineMasks():
            from memlens.masks.combining import combined

            pixels = combined(request.masks, request.how)
            return ask.MasksCombined(run=request.run, name=request.name, pixels=pixels)
        case ask.CutPicture():
            return _cut(request, context)
        case ask.ShapeMask():
            from memlens.masks.preparing import prepare

            prepared = prepare(request.edit, request.mask, request.pixels, request.revision)
            return ask.MaskShaped(token=request.token, prepared=prepared)


def _find(request: ask.FindMask, context: JobContext) -> ask.MaskFound:
    from memlens.masks import finding
    from memlens.masks.consensus import consensus
    from memlens.masks.pictures import read_picture
    from memlens.masks.regions import largest_region, without_small_regions

    if request.source in CONSENSUS:
        pixels = consensus(request.masks, request.source.value)
        return ask.MaskFound(token=request.token, pixels=pixels)
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
            return ask.MaskFound(token=request.token, pixels=pixels)
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
    return ask.MaskFound(token=request.token, pixels=pixels)


def _read(request: ask.ReadMask) -> ask.MasksRead:
    try:
        masks = _masks_in(request, resize=request.resize)
    except MaskError as error:
        if request.resize:
            raise
        try:
            _masks_in(request, resize=True)
        except MaskError:
            raise error from None
        return ask.MasksRead(run=request.run, path=request.path, refused=str(error))
    return ask.MasksRead(run=request.run, path=request.path, masks=masks)


def _masks_in(request: ask.ReadMask, *, resize: bool) -> tuple[NamedMask, ...]:
    from memlens.masks.files import read_mask

    found = read_mask(request.path, request.size, resize=resize)
    if isinstance(found, np.ndarray):
        return (NamedMask(name=request.path.stem, kind=IMPORTED, pixels=found),)
    return tuple(found)


def _write(request: ask.WriteMask) -> ask.MaskWritten:
    from memlens.masks.files import write_mask

    write_mask(request.path, request.mask)
    return ask.MaskWritten(path=request.path)


def _write_all(request: ask.WriteAllMasks) -> ask.AllMasksWritten:
    from memlens.masks import all_masks

    match request.collection:
        case ask.Collection.PNG:
            files = all_masks.write_all_png(request.path, request.masks)
        case ask.Collection.COCO:
            files = all_masks.write_all_coco(request.path, request.masks, request.picture)
        case ask.Collection.LABELME:
            files = all_masks.write_all_labelme(request.path, request.masks, request.picture)
    return ask.AllMasksWritten(path=request.path, files=files)


def _cut(request: ask.CutPicture, context: JobContext) -> ask.PictureCut:
    from memlens.masks.superpixels import superpixels

    context.progress(Progress(0, 1, tr("cutting the picture into superpixels")))
    context.cancel.check()
    found = superpixels(request.picture, request.count)
    return ask.PictureCut(token=request.token, superpixels=found, edges=found.edges())
