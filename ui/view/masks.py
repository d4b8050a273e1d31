"""What the masks section shows, and how it is resolved."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ui.language.translation import tr
from ui.state.run_masks import MaskFacts, colour_of
from ui.vocabulary.mask_picture import MaskPicture
from ui.vocabulary.tool import Tool


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskRow:
    """One mask of the list.

    Attributes
    ----------
    colour
        Of its outline, "#rrggbb".
    pinned
        Whether maps are compared with it.
    selected
        Whether it is selected together with others.
    locked
        Whether no edit changes it.
    """

    id: int
    name: str
    kind: str
    colour: str
    active: bool
    visible: bool
    pinned: bool
    selected: bool = False
    locked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonView:
    """Two masks against each other.

    Attributes
    ----------
    a, b
        Ids of the masks.
    numbers
        (words, number as text, what it means), empty until compared.
    """

    a: int
    b: int
    numbers: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Voter:
    """A mask that may vote in a consensus; whether it does."""

    id: int
    name: str
    votes: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsensusView:
    """A consensus that is being made.

    Attributes
    ----------
    rule
        One of `ui.jobs.find_mask.CONSENSUS`.
    found
        As in `FindingView`.
    can_accept
        Whether there is a preview of two annotators or more.
    """

    rule: str
    voters: tuple[Voter, ...]
    found: str
    can_accept: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingView:
    """A mask being looked for.

    Attributes
    ----------
    title
        Where it is looked for.
    threshold, low, high
        The threshold, and the ends of its slider.
    units
        What the threshold is measured in.
    found
        "1,234 pixels (8 %)", or why there is none yet.
    can_accept
        Whether there is a preview.
    """

    title: str
    threshold: float
    low: float
    high: float
    units: str
    largest_only: bool
    minimum_area: int
    found: str
    can_accept: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MasksView:
    """The masks section, and the state of drawing.

    Attributes
    ----------
    empty
        Why nothing can be drawn, "" when it can.
    advice
        What to do while there is no mask, "" when there is one.
    radius, largest_radius
        Of the brush, in pixels of the picture.
    adds
        Whether shapes are added.
    shape_open
        Whether a shape is under way.
    edits
        Rises with every change: agreement is measured when it rests.
    offered
        Whether a bundled mask of the prompt can be taken, though the picture may lack the pattern.
    tolerance
        Of the magic wand, 0..255.
    tint
        How opaque masks are filled with their colours, 0..1.
    solo
        Whether only the active mask is drawn.
    undo_text, redo_text
        What would be undone and redone, "" for nothing.
    """

    rows: tuple[MaskRow, ...] = ()
    empty: str = ""
    advice: str = ""
    tool: Tool = Tool.PAN
    radius: float = 8.0
    largest_radius: float = 64.0
    adds: bool = True
    shape_open: bool = False
    edits: int = 0
    offered: bool = False
    tolerance: float = 24.0
    tint: float = 0.0
    solo: bool = False
    undo_text: str = ""
    redo_text: str = ""
    comparison: ComparisonView | None = None
    finding: FindingView | None = None
    consensus: ConsensusView | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawingFacts:
    """What there is to know of the masks and of drawing.

    Attributes
    ----------
    masks
        Of the shown run, None while it has no picture.
    preview
        A mask that was found and is not accepted yet, None for none.
    tool, radius, largest_radius, adds, shape_open, offered, tolerance, tint, solo, comparison
        As in `MasksView`.
    finding, consensus
        As in `MasksView`.
    """

    masks: MaskFacts | None = None
    preview: MaskPicture | None = None
    tool: Tool = Tool.PAN
    radius: float = 8.0
    largest_radius: float = 64.0
    adds: bool = True
    shape_open: bool = False
    offered: bool = False
    tolerance: float = 24.0
    tint: float = 0.0
    solo: bool = False
    comparison: ComparisonView | None = None
    finding: FindingView | None = None
    consensus: ConsensusView | None = None


def masks_view(facts: DrawingFacts) -> MasksView:
    """Return the view of the shown run's masks and of the tools."""
    masks = facts.masks
    look = MasksView(
        tool=facts.tool,
        radius=facts.radius,
        largest_radius=facts.largest_radius,
        adds=facts.adds and facts.tool is not Tool.ERASER,
        shape_open=facts.shape_open,
        tolerance=facts.tolerance,
        tint=facts.tint,
        solo=facts.solo,
    )
    if masks is None:
        return replace(look, empty=tr("Run a prompt first: masks are drawn on its picture."))
    if not masks.entries:
        advice = tr("There is no mask yet: draw with a tool, find one, or drop a file here.")
        look = replace(look, advice=advice)
    rows = tuple(
        MaskRow(
            id=entry.id,
            name=entry.name,
            kind=entry.kind,
            colour=colour_of(entry.id),
            active=entry.id == masks.active,
            visible=entry.id not in masks.hidden,
            pinned=entry.id == masks.pinned,
            selected=entry.id in masks.selected,
            locked=entry.locked,
        )
        for entry in masks.entries
    )
    return replace(
        look,
        rows=rows,
        edits=masks.edits,
        offered=facts.offered,
        undo_text=masks.undo_text,
        redo_text=masks.redo_text,
        comparison=facts.comparison,
        finding=facts.finding,
        consensus=facts.consensus,
    )
