"""Resolve what the masks section shows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ui.language.translation import tr
from ui.state.intent import Intent
from ui.state.run_masks import colour_of
from ui.view.mask_rows import MaskRow, MasksView
from ui.vocabulary.tool import Tool

if TYPE_CHECKING:
    from ui.control.masks.masking import Masking


def masks_view(masking: Masking, intent: Intent) -> MasksView:
    """Return the view of the shown run's masks and of the tools."""
    masks = masking.shown
    look = MasksView(
        tool=intent.tool,
        radius=masking.radius,
        largest_radius=masking.tools.largest_radius,
        adds=intent.adds and intent.tool is not Tool.ERASER,
        shape_open=intent.shape_open,
        tolerance=intent.tolerance,
        tint=intent.tint,
        solo=intent.solo,
    )
    if masks is None:
        return replace(look, empty=tr("Run a prompt first: masks are drawn on its picture."))
    document, compared_with = masks.document, masks.pinned_entry
    pinned = None if compared_with is None else compared_with.id
    if not document.entries:
        advice = tr("There is no mask yet: draw with a tool, find one, or drop a file here.")
        look = replace(look, advice=advice)
    selection = frozenset(masks.selection)
    rows = tuple(
        MaskRow(
            id=entry.id,
            name=entry.name,
            kind=entry.kind,
            colour=colour_of(entry.id),
            active=entry.id == document.active,
            visible=entry.id not in masks.hidden,
            pinned=entry.id == pinned,
            selected=entry.id in selection,
            locked=entry.locked,
        )
        for entry in document.entries
    )
    return replace(
        look,
        rows=rows,
        edits=masks.edits,
        offered=bool(masking.offered),
        undo_text=(document.undo_text or "") if document.can_undo else "",
        redo_text=(document.redo_text or "") if document.can_redo else "",
        comparison=masking.comparing.view(masks),
        finding=masking.finding.view(),
        consensus=masking.voting.view(),
    )
