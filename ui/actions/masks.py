"""The actions of masks: tools, edits, the list, finding, comparing. Part of the registry."""

from __future__ import annotations

from memlens.masks import kinds
from ui.actions.spec import ActionSpec, Submenu, spec
from ui.vocabulary.action_keys import ActionKey as Key
from ui.vocabulary.tool import Tool

MASKS = "&Masks"
TOOLS, PIXELS, KIND = "&Tools", "&Edit", "&Kind"
DRAWING, COMBINE, FIND = "&Show", "Com&bine", "&Find"
COMPARE, FILES = "Com&pare", "Fi&les"

TOOL_KEYS = {
    Key.TOOL_PAN: Tool.PAN,
    Key.TOOL_BRUSH: Tool.BRUSH,
    Key.TOOL_ERASER: Tool.ERASER,
    Key.TOOL_POLYGON: Tool.POLYGON,
    Key.TOOL_RECTANGLE: Tool.RECTANGLE,
    Key.TOOL_ELLIPSE: Tool.ELLIPSE,
    Key.TOOL_LASSO: Tool.LASSO,
    Key.TOOL_FILL: Tool.FILL,
    Key.TOOL_WAND: Tool.WAND,
    Key.TOOL_SUPERPIXELS: Tool.SUPERPIXELS,
}
KIND_KEYS = {
    Key.KIND_DRAWN: kinds.DRAWN,
    Key.KIND_ANNOTATOR: kinds.ANNOTATOR,
    Key.KIND_IMPORTED: kinds.IMPORTED,
    Key.KIND_FOUND: kinds.FOUND,
    Key.KIND_CONSENSUS: kinds.CONSENSUS,
    Key.KIND_GROUND_TRUTH: kinds.GROUND_TRUTH,
}


def _tool(key: Key, text: str, about: str, shortcut: str) -> ActionSpec:
    return spec(
        key, text, about, TOOLS, shortcut, icon=f"tool-{TOOL_KEYS[key].value}", checkable=True
    )


def _kind(key: Key, text: str, about: str) -> ActionSpec:
    return spec(key, text, about, KIND, checkable=True)


# The menu's name alone is a separator in it.
MASK_SPECS: tuple[ActionSpec | Submenu | str, ...] = (
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
    Submenu(MASKS, TOOLS),
    Submenu(MASKS, PIXELS),
    Submenu(MASKS, COMBINE),
    Submenu(MASKS, FIND),
    Submenu(MASKS, COMPARE),
    Submenu(MASKS, DRAWING),
    spec(Key.ADD_MASK, "&New mask", "Add an empty mask", MASKS, "Ctrl+Shift+N", icon="add"),
    spec(Key.RENAME_MASK, "Rena&me mask", "Give the active mask another name", MASKS),
    spec(Key.DUPLICATE_MASK, "&Duplicate", "Copy the selected masks", MASKS, icon="duplicate"),
    spec(Key.DELETE_MASK, "De&lete", "Remove the selected masks", MASKS, icon="delete"),
    spec(
        Key.LOCK_MASK,
        "L&ock",
        "Let nothing change the selected masks, or let them be changed again",
        MASKS,
        "Shift+L",
        icon="lock",
        checkable=True,
    ),
    Submenu(MASKS, KIND),
    Submenu(MASKS, FILES),
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
    _tool(
        Key.TOOL_WAND,
        "Magic &wand",
        "Press on a colour: what is like it is added; drag right for more, left for less",
        "W",
    ),
    _tool(
        Key.TOOL_SUPERPIXELS,
        "&Superpixels",
        "Click, or drag over, small areas of one colour; about as large as the brush",
        "S",
    ),
    spec(Key.TOGGLE_ADDS, "Add or remove", "Change between adding and removing", TOOLS, "X"),
    spec(
        Key.BRUSH_SMALLER,
        "Smaller brush",
        "Make the brush smaller (or Alt+wheel); of the wand, the tolerance",
        TOOLS,
        "[",
    ),
    spec(
        Key.BRUSH_LARGER,
        "Larger brush",
        "Make the brush larger (or Alt+wheel); of the wand, the tolerance",
        TOOLS,
        "]",
    ),
    spec(
        Key.FINISH_SHAPE,
        "Accept the shape",
        "Add the open shape to the mask, or remove it",
        TOOLS,
        "Return",
        "Enter",
    ),
    spec(
        Key.ABANDON_SHAPE,
        "Abandon the shape",
        "Give the open shape up; without one, Esc cancels what runs",
        TOOLS,
        "Esc",
        first=True,
    ),
    spec(
        Key.REMOVE_POINT,
        "Take a corner away",
        "Take the corner under the hand, or the last one, from the open polygon",
        TOOLS,
        "Backspace",
        "Del",
    ),
    spec(Key.INVERT_MASK, "&Invert", "Exchange inside and outside", PIXELS, "Ctrl+I"),
    spec(Key.CLEAR_MASK, "&Clear", "Empty the active mask", PIXELS),
    spec(Key.GROW_MASK, "&Grow", "Grow the active mask by a pixel", PIXELS, "Ctrl+]"),
    spec(Key.SHRINK_MASK, "&Shrink", "Shrink the active mask by a pixel", PIXELS, "Ctrl+["),
    spec(Key.SMOOTH_MASK, "S&mooth", "Round the active mask's edge", PIXELS),
    spec(Key.LARGEST_REGION, "Keep largest region", "Drop all regions but the largest", PIXELS),
    spec(Key.DROP_SMALL, "Drop small regions", "Drop regions under 0.1 % of the picture", PIXELS),
    spec(
        Key.MERGE_MASKS,
        "&Merge",
        "Add a mask of what any of the selected masks holds",
        COMBINE,
        "Shift+U",
        icon="merge-masks",
    ),
    spec(
        Key.INTERSECT_MASKS,
        "&Intersect",
        "Add a mask of what all selected masks hold",
        COMBINE,
        "Shift+I",
        icon="intersect-masks",
    ),
    spec(
        Key.SUBTRACT_MASKS,
        "&Subtract",
        "Add a mask of what the active mask holds and no other selected one does",
        COMBINE,
        "Shift+D",
        icon="subtract-masks",
    ),
    COMBINE,
    spec(
        Key.CONSENSUS,
        "&Consensus …",
        "Choose annotators, and add what most, all or any of them hold",
        COMBINE,
    ),
    spec(
        Key.FIND_IN_MAP,
        "Find: map above a threshold",
        "Look for the active panel's map above a threshold",
        FIND,
        "Ctrl+F",
    ),
    spec(
        Key.FIND_IN_TRAINING,
        "Find: from a training picture …",
        "Look for where the picture equals a training picture",
        FIND,
    ),
    spec(
        Key.FIND_IN_PAIR,
        "Find: from a pair of renderings …",
        "Look for what two renderings share: choose two pictures, or one to go with this run's",
        FIND,
    ),
    spec(
        Key.FIND_IN_SEEDS,
        "Find: from several seeds …",
        "Look for what hardly varies between pictures of this prompt",
        FIND,
    ),
    spec(
        Key.COMPARE_MASKS,
        "Co&mpare two masks",
        "Show in the active panel where two masks agree",
        COMPARE,
        "Ctrl+K",
        icon="compare-masks",
    ),
    spec(
        Key.PIN_MASK,
        "Pin: compare maps with this mask",
        "Compare maps with the active mask from now on, whichever is drawn",
        COMPARE,
        "Ctrl+Shift+K",
        icon="pin",
        brief="Pin",
    ),
    spec(
        Key.USE_BUNDLED_MASK,
        "Use the bundled mask",
        "Take the mask that comes with the model for this prompt, and compare maps with it",
        COMPARE,
    ),
    spec(
        Key.ZOOM_TO_MASK,
        "&Zoom to mask",
        "Show the active mask as large as it fits",
        DRAWING,
        "Z",
        icon="zoom-to-mask",
    ),
    spec(
        Key.SHOW_MASK,
        "&Outline or not",
        "Take the outlines of the selected masks away, or show them",
        DRAWING,
        "Shift+H",
    ),
    spec(
        Key.SOLO_MASK,
        "&Solo",
        "Draw only the active mask, whichever that is",
        DRAWING,
        "Shift+S",
        icon="solo",
        checkable=True,
    ),
    spec(
        Key.TINT_MASKS,
        "&Fill with colour",
        "Fill masks with their colours, or draw outlines alone",
        DRAWING,
        "Shift+T",
        checkable=True,
    ),
    spec(
        Key.SELECT_ALL_MASKS,
        "Select &all masks",
        "Select every mask of the list",
        DRAWING,
        "Ctrl+A",
    ),
    _kind(Key.KIND_DRAWN, "&Drawn", "Somebody drew it here"),
    _kind(Key.KIND_ANNOTATOR, "&Annotator", "What one annotator holds to be memorized"),
    _kind(Key.KIND_IMPORTED, "&Imported", "It was read from a file"),
    _kind(Key.KIND_FOUND, "&Found", "It was found in a map, or by a training picture"),
    _kind(Key.KIND_CONSENSUS, "&Consensus", "Several annotators made it: it does not vote"),
    _kind(Key.KIND_GROUND_TRUTH, "&Ground truth", "It is known to be true: it does not vote"),
    spec(
        Key.IMPORT_MASK,
        "&Import mask …",
        "Read a mask: PNG, NPY, COCO RLE or labelme JSON",
        FILES,
        "Ctrl+Shift+I",
    ),
    FILES,
    spec(
        Key.EXPORT_MASK,
        "E&xport mask …",
        "Write the active mask: PNG, NPY or COCO RLE JSON",
        FILES,
        "Ctrl+Shift+M",
    ),
    spec(
        Key.EXPORT_ALL_PNG,
        "All masks as &PNG …",
        "Write every mask into a folder, as a PNG named after it",
        FILES,
    ),
    spec(
        Key.EXPORT_ALL_COCO,
        "All masks as &COCO …",
        "Write a COCO data set of all masks, and the picture that it names",
        FILES,
    ),
    spec(
        Key.EXPORT_ALL_LABELME,
        "All masks as &labelme …",
        "Write a labelme file of all masks, and the picture that it names",
        FILES,
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
SUBMENUS = tuple(entry for entry in MASK_SPECS if isinstance(entry, Submenu))
