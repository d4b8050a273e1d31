"""What the masks section shows: frozen, resolved by the controller."""

from __future__ import annotations

from dataclasses import dataclass

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
        One of `ui.jobs.mask_requests.CONSENSUS`.
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
