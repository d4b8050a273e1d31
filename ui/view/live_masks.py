"""Puts the live masks into the panels' views."""

from __future__ import annotations

from ui.language.translation import tr
from ui.state.run_masks import MaskFacts
from ui.view.same_object import changed
from ui.view.view_state import CanvasView, PanelStatus, PanelView
from ui.vocabulary.mask_picture import MaskPicture
from ui.vocabulary.panel_content import MASK, MASK_COMPARISON

# The active mask, the others, the one that was found, the two that are compared.
_Drawn = tuple[
    MaskPicture | None,
    tuple[MaskPicture, ...],
    MaskPicture | None,
    tuple[MaskPicture, MaskPicture] | None,
]


class LiveMasks:
    """Hands out the same view for as long as panels and masks are the same objects."""

    def __init__(self) -> None:
        self._panels: dict[int, tuple[PanelView, _Drawn, PanelView]] = {}
        self._canvas: tuple[CanvasView, CanvasView] | None = None

    def again(self, masks: MaskFacts | None, preview: MaskPicture | None) -> CanvasView:
        """Return the canvas that was last asked for, with the masks as they are now."""
        bare = CanvasView() if self._canvas is None else self._canvas[0]
        return self.canvas(bare, masks, preview)

    def canvas(
        self, canvas: CanvasView, masks: MaskFacts | None, preview: MaskPicture | None
    ) -> CanvasView:
        """Return `canvas` with the masks in its panels.

        Parameters
        ----------
        preview
            A mask that was found and is not accepted yet.
        """
        panels = tuple(
            self._panel(place, panel, masks, preview) for place, panel in enumerate(canvas.panels)
        )
        if self._canvas is not None:
            before, drawn = self._canvas
            if before is canvas and all(
                one is other for one, other in zip(drawn.panels, panels, strict=True)
            ):
                return drawn
        made = changed(canvas, panels=panels)
        self._canvas = (canvas, made)
        return made

    def _panel(
        self, place: int, panel: PanelView, masks: MaskFacts | None, preview: MaskPicture | None
    ) -> PanelView:
        drawn = _drawn(panel.content, masks, preview)
        kept = self._panels.get(place)
        if kept is not None and kept[0] is panel and _same(kept[1], drawn):
            return kept[2]
        mask, others, preview, compared = drawn
        made = changed(panel, mask=mask, other_masks=others, found=preview, compared=compared)
        if masks is not None:
            made = _told(made, masks)
        self._panels[place] = (panel, drawn, made)
        return made


def _drawn(content: str, masks: MaskFacts | None, preview: MaskPicture | None) -> _Drawn:
    if masks is None:
        return None, (), None, None
    active = masks.active
    pairs = tuple(zip(masks.entries, masks.pictures, strict=True))
    drawn = () if masks.solo else pairs
    others = tuple(p for e, p in drawn if e.id not in masks.hidden and e.id != active)
    compared = None
    if content == MASK_COMPARISON and masks.compared is not None:
        a, b = masks.compared
        compared = (masks.picture_of(a), masks.picture_of(b))
    mask = None
    if active is not None and (masks.solo or active not in masks.hidden or content == MASK):
        mask = masks.picture_of(active)
    return mask, others, preview, compared


def _told(panel: PanelView, masks: MaskFacts) -> PanelView:
    """Return the view of a panel of masks with why it shows none, if it does not."""
    if panel.content == MASK:
        hint = "" if panel.mask is not None else tr("There is no mask yet.")
    elif panel.content == MASK_COMPARISON:
        hint = ""
        if panel.compared is None:
            hint = (
                tr("Choose “Compare masks” to see where two agree.")
                if len(masks.entries) > 1
                else tr("Comparing needs two masks: add another one.")
            )
    else:
        return panel
    status = PanelStatus.UNAVAILABLE if hint else PanelStatus.READY
    return changed(panel, status=status, hint=hint)


def _same(one: _Drawn, other: _Drawn) -> bool:
    flat = [(d[0], *d[1], None, d[2], *(d[3] or ())) for d in (one, other)]
    return len(flat[0]) == len(flat[1]) and all(a is b for a, b in zip(*flat, strict=True))
