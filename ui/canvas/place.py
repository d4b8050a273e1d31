"""Place: where a picture lies on the screen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QRectF, QSize


@dataclass(frozen=True, eq=False)
class Place:
    """Where a mask lies in an image; the same object for as long as it stays there.

    Attributes
    ----------
    target
        The whole mask, in device pixels of the image.
    size
        The image, in device pixels.
    """

    target: QRectF
    size: QSize

    @cached_property
    def key(self) -> tuple[float, ...]:
        """Equal for equal places."""
        target = self.target
        size = (self.size.width(), self.size.height())
        return (target.x(), target.y(), target.width(), target.height(), *size)
