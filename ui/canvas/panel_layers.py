"""What one panel shows in its scene: picture, map over it, masks, veil and outlines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from operator import attrgetter, is_

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QGraphicsItem, QGraphicsRectItem

from memlens.maps.scale import Scale
from ui.canvas import colormaps, cursor
from ui.canvas.map_item import MapItem
from ui.canvas.mask_item import MaskItem, MaskLayer, MaskLayers
from ui.canvas.picture_item import PictureImages, PictureItem
from ui.canvas.predicted import PredictedMask
from ui.look import tones
from ui.view.same_object import identical
from ui.view.view_state import CanvasView, PanelStatus, PanelView
from ui.vocabulary.mask_picture import MaskPicture
from ui.vocabulary.panel_content import MASK, MASK_COMPARISON

_FINER = 8
_FILL = QColor(94, 234, 212, 64)
_WHOLE = QRectF(0, 0, 1, 1)


class Shared:
    """What the panels of a canvas draw from together."""

    def __init__(self) -> None:
        self.images = PictureImages()
        self.masks = MaskLayers()


class PanelLayers(QGraphicsRectItem):
    """The items of one `PanelView` on the unit square; two of them are a wipe.

    Parameters
    ----------
    shared
        What other panels draw from too.
    """

    def __init__(self, shared: Shared) -> None:
        super().__init__()
        self._masks = shared.masks
        self.setPen(Qt.PenStyle.NoPen)
        self.picture = PictureItem(shared.images)
        self.map = MapItem()
        self._filled = MaskItem()
        self._veil = QGraphicsRectItem(_WHOLE)
        self._veil.setPen(Qt.PenStyle.NoPen)
        self._outlines = MaskItem()
        self._predicted = MaskItem(kept=False)
        self.setFlag(self.GraphicsItemFlag.ItemHasNoContents)
        items: tuple[QGraphicsItem, ...] = (
            self.picture,
            self.map,
            self._filled,
            self._veil,
            self._outlines,
            self._predicted,
        )
        for z, item in enumerate(items):
            item.setParentItem(self)
            item.setZValue(z)

    def show_view(
        self, view: PanelView, how: CanvasView, palette: QPalette, *, diverging: bool = False
    ) -> None:
        """Show a panel drawn as the canvas says; what is as before is not drawn again."""
        self.picture.show_picture(view.picture)
        bare = how.bare_picture
        self.map.setVisible(view.values is not None and not bare)
        if view.values is not None:
            colormap = colormaps.DIVERGING if diverging else how.colormap
            scale = Scale.of(view.levels, how.log_scale)
            self.map.show_map(view.values, scale, colormap, how.nearest)
            self.map.setOpacity(how.opacity if view.picture is not None else 1.0)
        veil = QColor(tones.sunken(palette))
        veil.setAlpha(140)
        self._veil.setBrush(veil)
        pale = view.status in (PanelStatus.STAND_IN, PanelStatus.UNAVAILABLE)
        self._veil.setVisible(pale and not bare)
        self.show_masks(view, how)

    def show_masks(self, view: PanelView, how: CanvasView) -> None:
        """Show the masks of a panel alone."""
        made = self._masks
        filled: list[MaskLayer] = []
        outlines: list[MaskLayer] = []
        predicted: list[MaskLayer] = []
        if how.bare_picture:
            self._show((), (), ())
            return
        if view.content == MASK and view.mask is not None:
            filled.append(made.fill(view.mask))
        elif view.content == MASK_COMPARISON and view.compared is not None:
            filled.append(made.comparison(*view.compared))
        over = view.content == MASK and view.picture is not None
        self._filled.setOpacity(how.opacity if over else 1.0)
        # Where there is nothing but a sentence, an outline would cross it.
        if how.outline and not says_alone(view):
            if view.compared is None:
                outlines += [made.outline(mask) for mask in view.other_masks]
                outlines += [made.outline(view.mask)] if view.mask is not None else []
            if view.found is not None:
                outlines.append(made.outline(view.found))
        if view.threshold is not None and view.values is not None:
            shape = cursor.content_shape(view)
            if view.picture is None and view.mask is None:
                shape = (shape[0] * _FINER, shape[1] * _FINER)
            mask = PredictedMask(view.values, view.threshold, shape)
            predicted.append(made.predicted(mask, _FILL if how.fill_predicted else None))
        self._show(filled, outlines, predicted)

    def lay_out(self, seen: QRectF, pixel: tuple[float, float], clip: QRectF | None) -> None:
        """Take what of the unit square is seen, how much a pixel covers, and what is shown of it.

        Parameters
        ----------
        clip
            Nothing is drawn outside of it; None for no border but the view's.
        """
        self.setFlag(self.GraphicsItemFlag.ItemClipsChildrenToShape, clip is not None)
        self.setRect(seen if clip is None else clip)
        self.map.lay_out(seen & _WHOLE)
        for item in (self._filled, self._outlines, self._predicted):
            item.lay_out(seen & _WHOLE.adjusted(-pixel[0], -pixel[1], *pixel), pixel)

    def _show(self, *layers: Sequence[MaskLayer]) -> None:
        items = (self._filled, self._outlines, self._predicted)
        for item, shown in zip(items, layers, strict=True):
            item.show_layers(*shown)


def only_edges_moved(before: PanelView, now: PanelView) -> bool:
    """Whether nothing but pixels of the same masks, or the threshold, is another one."""
    keys_before, keys_now = (
        [(mask.key, mask.colour, mask.tint) for mask in _masks(view)] for view in (before, now)
    )
    if keys_before != keys_now or (before.threshold is None) != (now.threshold is None):
        return False
    return all(map(identical, _but_edges(before), _but_edges(now)))


def only_masks_changed(before: PanelView, now: PanelView) -> bool:
    """Whether all but the masks is the same: the objects, for a stroke hands them on."""
    return all(map(is_, _but_masks(before), _but_masks(now)))


def _but(*names: str) -> attrgetter[tuple[object, ...]]:
    """Return what reads all of a panel's view but `names`."""
    return attrgetter(*(each.name for each in fields(PanelView) if each.name not in names))


_but_masks = _but("mask", "other_masks", "found", "compared")
_but_edges = _but("mask", "other_masks", "found", "compared", "threshold")


def _masks(view: PanelView) -> tuple[MaskPicture, ...]:
    active = () if view.mask is None else (view.mask,)
    found = () if view.found is None else (view.found,)
    return (*active, *view.other_masks, *found, *(view.compared or ()))


def says_alone(view: PanelView) -> bool:
    """Whether a sentence is all that a panel has."""
    return bool(view.hint) and view.picture is None and view.values is None
