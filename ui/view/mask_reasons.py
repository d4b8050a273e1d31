"""Why an action of masks cannot be used now."""

from __future__ import annotations

from ui.language.translation import tr
from ui.view.masks import MasksView
from ui.vocabulary.action_keys import ActionKey as Key

_OF_THE_ACTIVE = (
    Key.PIN_MASK,
    Key.INVERT_MASK,
    Key.CLEAR_MASK,
    Key.GROW_MASK,
    Key.SHRINK_MASK,
    Key.SMOOTH_MASK,
    Key.LARGEST_REGION,
    Key.DROP_SMALL,
    Key.DUPLICATE_MASK,
    Key.DELETE_MASK,
    Key.RENAME_MASK,
    Key.LOCK_MASK,
    Key.KIND_DRAWN,
    Key.KIND_ANNOTATOR,
    Key.KIND_IMPORTED,
    Key.KIND_FOUND,
    Key.KIND_CONSENSUS,
    Key.KIND_GROUND_TRUTH,
    Key.ZOOM_TO_MASK,
    Key.SHOW_MASK,
    Key.SOLO_MASK,
    Key.SELECT_ALL_MASKS,
    Key.EXPORT_MASK,
    Key.EXPORT_ALL_PNG,
    Key.EXPORT_ALL_COCO,
    Key.EXPORT_ALL_LABELME,
)
_CHANGING_THE_ACTIVE = (
    Key.INVERT_MASK,
    Key.CLEAR_MASK,
    Key.GROW_MASK,
    Key.SHRINK_MASK,
    Key.SMOOTH_MASK,
    Key.LARGEST_REGION,
    Key.DROP_SMALL,
    Key.RENAME_MASK,
)
_CHANGING_THE_SELECTED = (
    Key.DELETE_MASK,
    Key.KIND_DRAWN,
    Key.KIND_ANNOTATOR,
    Key.KIND_IMPORTED,
    Key.KIND_FOUND,
    Key.KIND_CONSENSUS,
    Key.KIND_GROUND_TRUTH,
)
_OF_A_PICTURE = (
    Key.ADD_MASK,
    Key.FIND_IN_MAP,
    Key.FIND_IN_TRAINING,
    Key.FIND_IN_PAIR,
    Key.FIND_IN_SEEDS,
    Key.IMPORT_MASK,
)
_OF_TWO = (
    Key.COMPARE_MASKS,
    Key.CONSENSUS,
)
_OF_THE_SELECTED = (Key.MERGE_MASKS, Key.INTERSECT_MASKS, Key.SUBTRACT_MASKS)
_OF_A_SHAPE = (Key.FINISH_SHAPE, Key.ABANDON_SHAPE, Key.REMOVE_POINT)


def mask_reasons(view: MasksView) -> dict[str, str]:
    """Return action key → why it cannot be used; actions that can be are missing."""
    reasons: dict[str, str] = {}
    if view.empty:
        reasons.update(dict.fromkeys(_OF_A_PICTURE, view.empty))
    if not any(row.active for row in view.rows):
        reasons.update(dict.fromkeys(_OF_THE_ACTIVE, view.empty or tr("There is no mask yet.")))
    if Key.PIN_MASK not in reasons and any(row.active and row.pinned for row in view.rows):
        reasons[Key.PIN_MASK] = tr("Maps are compared with this mask already.")
    if not view.offered:
        reasons[Key.USE_BUNDLED_MASK] = view.empty or tr("No mask is bundled for this prompt.")
    if len(view.rows) < 2:
        reasons.update(dict.fromkeys(_OF_TWO, view.empty or tr("This needs two masks.")))
    if sum(row.selected for row in view.rows) < 2:
        two = view.empty or tr("Select two masks or more in the list.")
        reasons.update(dict.fromkeys(_OF_THE_SELECTED, two))
    for row in view.rows:
        if row.locked and row.selected:
            locked = tr("“{name}” is locked: unlock it first.").format(name=row.name)
            keys = _CHANGING_THE_ACTIVE if row.active else ()
            for key in (*keys, *_CHANGING_THE_SELECTED):
                reasons.setdefault(key, locked)
    if not view.shape_open:
        reasons.update(dict.fromkeys(_OF_A_SHAPE, tr("No shape is open.")))
    if not view.undo_text and not view.shape_open:
        reasons[Key.UNDO] = tr("There is nothing to undo.")
    if not view.redo_text:
        reasons[Key.REDO] = tr("There is nothing to redo.")
    return reasons
