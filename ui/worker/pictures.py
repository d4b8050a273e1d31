"""What the worker thread does about training pictures."""

from __future__ import annotations

from ui.jobs.context import JobContext
from ui.jobs.open_picture import OpenPicture, PictureOpened
from ui.worker.open_engine import OpenEngine


def open_picture(request: OpenPicture, context: JobContext, engine: OpenEngine) -> PictureOpened:
    """Read a picture, or say that it is a mask."""
    from memlens.files.training_picture import (
        looks_like_mask,
        nearly_black_and_white,
        read_training_picture,
    )

    if request.may_be_mask and looks_like_mask(request.path):
        return PictureOpened(path=request.path, pixels=None)
    pixels = read_training_picture(request.path, request.size)
    nearly = request.may_be_mask and nearly_black_and_white(pixels)
    return PictureOpened(path=request.path, pixels=pixels, nearly_mask=nearly)
