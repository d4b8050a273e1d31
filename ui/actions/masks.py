"""The actions of masks: tools, edits, finding, comparing, files. Part of the registry."""

from __future__ import annotations

from ui.actions.spec import ActionSpec, spec
from ui.vocabulary.action_keys import ActionKey as Key
from ui.vocabulary.tool import Tool

MASKS = "&Masks"

TOOL_KEYS = {
    Key.TOOL_PAN: Tool.PAN,
    Key.TOOL_BRUSH: Tool.BRUSH,
    Key.TOOL_ERASER: Tool.ERASER,
    Key.TOOL_POLYGON: Tool.POLYGON,
    Key.TOOL_RECTANGLE: Tool.RECTANGLE,
    Key.TOOL_ELLIPSE: Tool.ELLIPSE,
    Key.TOOL_LASSO: Tool.LASSO,
    Key.TOOL_FILL: Tool.FILL,
}


def _tool(key: Key, text: str, about: str, shortcut: str) -> ActionSpec:
    return spec(
        key, text, about, MASKS, shortcut, icon=f"tool-{TOOL_KEYS[key].value}", checkable=True
    )


# The menu's name alone is a separator in it.
MASK_SPECS: tuple[ActionSpec | str, ...] = (
    spec(
        Key.UNDO,
        "&Undo",
        "Take the last change of the masks back",
        MASKS,
        "Ctrl+Z",
        icon="undo",
        brief="Undo",
    ),
    spec(
        Key.REDO,
        "&Redo",
        "Make the change again that was taken back",
        MASKS,
        "Ctrl+Shift+Z",
        "Ctrl+Y",
        icon="redo",
        brief="Redo",
    ),
    MASKS,
    _tool(Key.TOOL_PAN, "&Hand", "Drag moves the picture, nothing is drawn", "H"),
    _tool(Key.TOOL_BRUSH, "&Brush", "Paint; Shift draws straight from the last point", "B"),
    _tool(Key.TOOL_ERASER, "&Eraser", "Paint the mask away", "E"),
    _tool(
        Key.TOOL_POLYGON, "&Polygon", "Click corner by corner; they can be moved until Enter", "G"
    ),
    _tool(Key.TOOL_RECTANGLE, "Rec&tangle", "Drag; Shift for a square, Alt from the centre", "R"),
    _tool(Key.TOOL_ELLIPSE, "E&llipse", "Drag; Shift for a circle, Alt from the centre", "O"),
    _tool(Key.TOOL_LASSO, "L&asso", "Go around an area with the button down", "Q"),
    _tool(Key.TOOL_FILL, "&Fill", "Click into an area of equal pixels", "F"),
    MASKS,
    spec(Key.TOGGLE_ADDS, "Add or remove", "Change between adding and removing", MASKS, "X"),
    spec(Key.BRUSH_SMALLER, "Smaller brush", "Make the brush smaller (or Alt+wheel)", MASKS, "["),
    spec(Key.BRUSH_LARGER, "Larger brush", "Make the brush larger (or Alt+wheel)", MASKS, "]"),
    spec(
        Key.FINISH_SHAPE,
        "Accept the shape",
        "Add the open shape to the mask, or remove it",
        MASKS,
        "Return",
        "Enter",
    ),
    spec(
        Key.ABANDON_SHAPE,
        "Abandon the shape",
        "Give the open shape up; without one, Esc cancels what runs",
        MASKS,
        "Esc",
        first=True,
    ),
    spec(
        Key.REMOVE_POINT,
        "Take a corner away",
        "Take the corner under the hand, or the last one, from the open polygon",
        MASKS,
        "Backspace",
        "Del",
    ),
    MASKS,
    spec(Key.INVERT_MASK, "&Invert", "Exchange inside and outside", MASKS, "Ctrl+I"),
    spec(Key.CLEAR_MASK, "&Clear", "Empty the active mask", MASKS),
    spec(Key.GROW_MASK, "&Grow", "Grow the active mask by a pixel", MASKS, "Ctrl+]"),
    spec(Key.SHRINK_MASK, "&Shrink", "Shrink the active mask by a pixel", MASKS, "Ctrl+["),
    spec(Key.SMOOTH_MASK, "S&mooth", "Round the active mask's edge", MASKS),
    spec(Key.LARGEST_REGION, "Keep largest region", "Drop all regions but the largest", MASKS),
    spec(Key.DROP_SMALL, "Drop small regions", "Drop regions under 0.1 % of the picture", MASKS),
    MASKS,
    spec(
        Key.PIN_MASK,
        "Pin: compare maps with this mask",
        "Compare maps with the active mask from now on, whichever is drawn",
        MASKS,
        "Ctrl+Shift+K",
        icon="pin",
        brief="Pin",
    ),
    spec(
        Key.USE_BUNDLED_MASK,
        "Use the bundled mask",
        "Take the mask that comes with the model for this prompt, and compare maps with it",
        MASKS,
    ),
    spec(Key.ADD_MASK, "&New mask", "Add an empty mask", MASKS, "Ctrl+Shift+N", icon="add"),
    spec(Key.DUPLICATE_MASK, "&Duplicate", "Copy the active mask", MASKS, icon="duplicate"),
    spec(Key.DELETE_MASK, "Delete mask", "Remove the active mask", MASKS, icon="delete"),
    MASKS,
    spec(
        Key.FIND_IN_MAP,
        "Find: map above a threshold",
        "Look for the active panel's map above a threshold",
        MASKS,
        "Ctrl+F",
    ),
    spec(
        Key.FIND_IN_TRAINING,
        "Find: from a training picture …",
        "Look for where the picture equals a training picture",
        MASKS,
    ),
    spec(
        Key.FIND_IN_PAIR,
        "Find: from a pair of renderings …",
        "Look for what two renderings share: choose two pictures, or one to go with this run's",
        MASKS,
    ),
    spec(
        Key.FIND_IN_SEEDS,
        "Find: from several seeds …",
        "Look for what hardly varies between pictures of this prompt",
        MASKS,
    ),
    spec(
        Key.CONSENSUS_MAJORITY,
        "Consensus: majority",
        "Add what most ground-truth masks hold",
        MASKS,
    ),
    spec(
        Key.CONSENSUS_INTERSECTION,
        "Consensus: intersection",
        "Add what all ground-truth masks hold",
        MASKS,
    ),
    spec(Key.CONSENSUS_UNION, "Consensus: union", "Add what any ground-truth mask holds", MASKS),
    spec(
        Key.COMPARE_MASKS,
        "Co&mpare two masks",
        "Show in the active panel where two masks agree",
        MASKS,
        "Ctrl+K",
        icon="compare-masks",
    ),
    MASKS,
    spec(
        Key.IMPORT_MASK,
        "&Import mask …",
        "Read a mask: PNG, NPY, COCO RLE or labelme JSON",
        MASKS,
        "Ctrl+Shift+I",
    ),
    spec(
        Key.EXPORT_MASK,
        "E&xport mask …",
        "Write the active mask: PNG, NPY or COCO RLE JSON",
        MASKS,
        "Ctrl+Shift+M",
    ),
    spec(Key.IMPORT_RESIZED, "Import resized", "Import the refused mask, resized (nearest)", ""),
    spec(Key.USE_AS_MASK, "Use as mask", "Take what is bright in the training picture", ""),
    spec(
        Key.USE_AS_PICTURE,
        "Use as training picture",
        "Show the black and white picture beside the maps instead",
        "",
    ),
)
