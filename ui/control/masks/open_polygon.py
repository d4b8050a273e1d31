"""The polygon under way, kept safe before it is a mask. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from memlens.masks.document import MaskDocument
from memlens.masks.open_shape import NO_MASK, OpenShape
from memlens.masks.shapes import Point
from ui.control.masks.long_edits import LongEdits


class Keeper(Protocol):
    """Keeps what is drawn: `ui.control.masks.unsaved.UnsavedWork`."""

    def watch(self, document: MaskDocument, session_path: Path | None) -> None:
        """Keep every change of what became the shown document."""
        ...

    def note_shape(self, shape: OpenShape | None) -> None:
        """Keep the polygon that is under way, None when there is none."""
        ...


class OpenPolygon:
    """Hands the corners placed so far to the keeper.

    Parameters
    ----------
    keeper, shaping
        Keeps them; works long edits out.
    """

    def __init__(self, keeper: Keeper, shaping: LongEdits) -> None:
        self._keeper = keeper
        self._shaping = shaping
        self._shape: OpenShape | None = None

    def note(self, document: MaskDocument | None, points: Sequence[Point], closed: bool) -> None:
        """Keep the corners over the active mask of a document; without any there is none."""
        active = None if document is None else document.active
        self._shape = OpenShape(active or NO_MASK, tuple(points), closed) if points else None
        if self._shape is not None:
            self._keeper.note_shape(self._shape)
        else:
            # What was accepted may be worked out still: until then its corners are all there is.
            self._shaping.when_done(lambda: self._keeper.note_shape(self._shape))
