"""Masking: what a person asks of the masks, and the tools that draw them. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from memlens.errors import MaskError
from memlens.masks.document import MaskDocument
from memlens.masks.edits import (
    AddMask,
    DuplicateMask,
    Edit,
    Fill,
    ListEdit,
    LockMask,
    Paint,
    RemoveMask,
    RenameMask,
)
from memlens.masks.kinds import DRAWN
from memlens.masks.named_mask import NamedMask
from memlens.masks.open_shape import OpenShape
from memlens.masks.regions import area_of
from memlens.masks.shapes import Point, Shape
from ui.control.dispatch import Dispatch
from ui.control.inspection_state import InspectionState
from ui.control.masks.comparing import MaskComparing
from ui.control.masks.cutting import PictureCutting
from ui.control.masks.files import MaskFiles
from ui.control.masks.finding import MaskFinding
from ui.control.masks.long_edits import LongEdits
from ui.control.masks.open_polygon import Keeper, OpenPolygon
from ui.control.masks.selecting import MaskSelecting
from ui.control.masks.tool_choice import ToolChoice
from ui.control.masks.voting import MaskVoting
from ui.control.masks.wand import MagicWand
from ui.control.screen import Screen
from ui.language.translation import tr
from ui.state.run import Run, picture_size
from ui.state.run_masks import MaskFacts, RunMasks, adopted
from ui.view.live_masks import LiveMasks
from ui.view.masks import DrawingFacts
from ui.vocabulary.action_keys import ActionKey
from ui.vocabulary.mask_picture import MaskPicture
from ui.vocabulary.tool import Tool


class Masking:
    """Owns the masks of the shown run; every edit goes through their document.

    Parameters
    ----------
    state, dispatch
        Shared with the controller.
    refresh
        Shows the state after a change.
    keeper
        Keeps the shown document, and the polygon under way.
    live, screen
        Put the masks into the panels, and show those alone: for every move of the brush.

    Attributes
    ----------
    tools, finding, voting, comparing, files, shaping, polygon
        Which tool is chosen; looking for a mask, making a consensus, comparing two, reading and
        writing them, long edits of large ones, the polygon under way.
    selecting, wand, cutting
        What is asked of all selected masks; the magic wand; superpixels.
    """

    def __init__(
        self,
        state: InspectionState,
        dispatch: Dispatch,
        refresh: Callable[[], None],
        keeper: Keeper,
        live: LiveMasks,
        screen: Screen,
    ) -> None:
        self._state = state
        self._dispatch = dispatch
        self._refresh = refresh
        self._keeper = keeper
        self._live = live
        self._screen = screen
        self._run: Run | None = None
        self._quiet = False
        self._turning = self._refused = False
        self.tools = ToolChoice(state.intent, lambda: self.size, refresh)
        self.finding = MaskFinding(state, dispatch, self, refresh)
        self.comparing = MaskComparing(state, dispatch, refresh)
        self.files = MaskFiles(state, dispatch, self, refresh)
        self.voting = MaskVoting(self.finding, self)
        self.selecting = MaskSelecting(state, dispatch, self, refresh)
        self.wand = MagicWand(state, dispatch, self, refresh)
        self.cutting = PictureCutting(state, dispatch, self, lambda: self.tools.radius, refresh)
        self.shaping = LongEdits(dispatch)
        self.polygon = OpenPolygon(keeper, self.shaping)
        self._hand = screen.hand_for(self)

    # -- what there is to know

    @property
    def shown(self) -> RunMasks | None:
        """The masks of the shown run."""
        return self._run.drawn if self._run is not None else None

    @property
    def document(self) -> MaskDocument | None:
        """The document of the shown run, None before there is a picture."""
        return None if self.shown is None else self.shown.document

    @property
    def size(self) -> tuple[int, int] | None:
        """(height, width) of masks, None where there is nothing to draw on."""
        return None if self.document is None else self.document.size

    @property
    def radius(self) -> float:
        """Of the brush, in pixels of the picture."""
        return self.tools.radius

    @property
    def adds(self) -> bool:
        """Whether shapes are added or removed."""
        return self.tools.adds

    @property
    def edits(self) -> int:
        """Rises with every change of the masks."""
        return -1 if self.shown is None else self.shown.edits

    def facts(self) -> DrawingFacts:
        """Return what there is to show of the masks and of drawing."""
        intent, masks = self._state.intent, self.shown
        return DrawingFacts(
            masks=self._facts_of_run,
            preview=self._preview,
            tolerance=intent.tolerance,
            tint=intent.tint,
            solo=intent.solo,
            tool=intent.tool,
            radius=self.radius,
            largest_radius=self.tools.largest_radius,
            adds=intent.adds,
            shape_open=intent.shape_open,
            offered=bool(self.offered),
            comparison=None if masks is None else self.comparing.view(masks),
            finding=self.finding.view(),
            consensus=self.voting.view(),
        )

    @property
    def _facts_of_run(self) -> MaskFacts | None:
        if self.shown is None:
            return None
        return self.shown.facts(solo=self._state.intent.solo)

    @property
    def _preview(self) -> MaskPicture | None:
        return self.wand.preview or self.finding.preview or self.cutting.grid

    def follow(self) -> None:
        """Turn to the masks of the shown run; make its document once it has a picture."""
        if self._turning:
            return
        run = self._state.results.run
        if run is not self._run:
            # A shape under way was drawn on the masks that are still the shown ones.
            self._turning = True
            self._hand.keep()
            self._turning = False
        if run is None:
            self._run = None
            return
        turned = run is not self._run
        if turned:
            self._run = run
            self.finding.abandon(quiet=True)
            self.wand.abandon(quiet=True)
        if run.drawn is None:
            size = picture_size(run)
            if size is None:
                return
            run.drawn = adopted(size, run.masks, run.recorded)
            run.drawn.adopt_view(run.kept_view)
            turned = True
        elif run.drawn.came_with is not run.masks:
            self._adopt_late(run, run.drawn)
        if turned:
            self._keeper.watch(run.drawn.document, run.session_path)
            self.settle(quiet=True)
        run.drawn.pictures.tint(self._state.intent.tint)
        self.cutting.follow()

    def settle(self, *, quiet: bool = False) -> None:
        """Measure maps against the mask as it is now, after the hand has rested."""
        masks = self.shown
        if masks is None:
            return
        before, before_id = masks.settled, masks.settled_id
        if not masks.settle():
            return
        maps = self._state.results.maps
        if masks.settled_id != before_id:
            maps.forget_agreement()
        elif masks.settled is not before:
            maps.mark_stale()
        self.comparing.settle(masks)
        self.voting.follow()
        self._dispatch.background()
        if not quiet:
            self._refresh()

    def import_file(self, path: Path) -> None:
        """Add the masks in a file that was dropped or named."""
        self.files.read(path, dropped=True)

    # -- drawing

    def begin_stroke(self) -> None:
        """Make one undo step of the edits until `end_stroke`."""
        self._refused = self.refuse_locked()
        if self.document is not None and not self._refused:
            self._quiet = True
            self.document.begin_stroke()

    def paint(self, shape: Shape, *, add: bool) -> None:
        """Add a shape to the active mask, or remove it."""
        if not self._refused:
            self.edit(Paint(shape, add))

    def fill(self, x: float, y: float) -> None:
        """Fill the area of equal pixels around a place."""
        self.edit(Fill(x, y, self.adds))

    def end_stroke(self) -> None:
        """End the undo step."""
        self._refused = False
        if self.document is not None:
            self._quiet = False
            self.document.end_stroke()
            self._refresh()

    def abandon_stroke(self) -> None:
        """Undo the edits since `begin_stroke`."""
        self._refused = False
        if self.document is not None:
            self._quiet = False
            self.document.abandon_stroke()
            self._refresh()

    def edit(self, edit: Edit, mask: int | None = None) -> bool:
        """Change a mask, the active one unless said otherwise; whether anything changed by now.

        Long edits of large masks are worked out by the worker, and done when they come back.
        """
        document = self.document
        if document is None or self._is_refused(edit, mask):
            return False
        if isinstance(edit, AddMask | DuplicateMask | RemoveMask):
            self._hand.keep()
        try:
            if mask is None and document.active is None and not isinstance(edit, ListEdit):
                document.edit(AddMask(self._new_mask()))
            if not self._quiet and self.shaping.takes(document, edit, mask):
                return False
            change = document.edit(edit, mask)
        except MaskError as error:
            self.report(str(error))
            return False
        if self._quiet:
            self._screen.show_masks(self._live.again(self._facts_of_run, self._preview))
        else:
            self._refresh()
        return change is not None

    def area(self) -> tuple[float, float, float, float] | None:
        """Return where the active mask lies: left, top, width, height in shares of the picture."""
        document = self.document
        if document is None or document.active is None:
            return None
        found = area_of(document.pixels(document.active))
        if found is None:
            self._state.notices.say(tr("The mask is empty."))
            self._refresh()
        return found

    def refuse_locked(self, mask: int | None = None) -> bool:
        """Say that a mask is locked, the active one unless said otherwise, if it is."""
        chosen = self._chosen(mask)
        entries = () if self.document is None else self.document.entries
        locked = next((entry for entry in entries if entry.id == chosen and entry.locked), None)
        if locked is not None:
            sentence = tr("The mask “{name}” is locked: unlock it first.").format(name=locked.name)
            self._state.notices.note(
                sentence,
                (ActionKey.LOCK_MASK.value, tr("Unlock")),
                (ActionKey.ADD_MASK.value, tr("New mask")),
            )
            self._refresh()
        return locked is not None

    def _is_refused(self, edit: Edit, mask: int | None) -> bool:
        if isinstance(edit, AddMask | DuplicateMask | LockMask):
            return False
        return self.refuse_locked(edit.mask if isinstance(edit, ListEdit) else mask)

    def undo(self) -> None:
        """Take the last change of the masks back; what is under way is given up first."""
        self._step(lambda document: self.shaping.abandon() or document.undo())

    def redo(self) -> None:
        """Make the change again that was taken back last."""
        self._step(MaskDocument.redo)

    def when_whole(self, then: Callable[[], None]) -> None:
        """Call `then` once an open polygon and the edits under way are in the masks."""
        self._hand.keep_polygon()
        self.shaping.when_done(then)

    def note_open_shape(self, is_open: bool) -> None:
        """Say whether a shape is under way: Enter and Esc belong to it then."""
        if self._state.intent.shape_open != is_open:
            self._state.intent.shape_open = is_open
            self._refresh()

    def note_corners(self, points: Sequence[Point], closed: bool) -> None:
        """Keep the corners of the polygon under way safe; without any there is none."""
        self.polygon.note(self.document, points, closed)

    def reopen(self, shape: OpenShape, run: int) -> None:
        """Go on with the polygon that was under way when a window was killed."""
        self.follow()
        if self._run is None or self._run.number != run or self.shown is None:
            return
        if shape.mask in self.shown.ids:
            self.shown.document.choose_active(shape.mask)
        self._state.intent.tool = Tool.POLYGON
        self._hand.open_polygon(shape)

    # -- the list

    def choose_active(self, mask: int) -> None:
        """Make a mask the one that is drawn."""
        masks = self.shown
        if masks is not None and mask in masks.ids and mask != masks.document.active:
            self._hand.keep()
            masks.document.choose_active(mask)
            masks.hidden.discard(mask)
            self._refresh()

    def add(self) -> None:
        """Add an empty mask and make it the active one."""
        if self.document is not None:
            self.add_mask(self._new_mask())

    def add_mask(self, mask: NamedMask) -> None:
        """Add a mask and make it the active one."""
        if self.edit(AddMask(mask)) and self.shown is not None:
            self.choose_active(self.shown.ids[-1])

    def duplicate(self, mask: int | None = None) -> None:
        """Copy a mask, the active one unless said otherwise, and make the copy the active one."""
        masks, chosen = self.shown, self._chosen(mask)
        if masks is None or chosen is None:
            return
        before = set(masks.ids)
        self.edit(DuplicateMask(chosen))
        for made in set(masks.ids) - before:
            self.choose_active(made)

    def remove(self, mask: int | None = None) -> None:
        """Remove a mask, the active one unless said otherwise."""
        chosen = self._chosen(mask)
        if chosen is not None:
            self.edit(RemoveMask(chosen))

    def rename(self, mask: int, name: str) -> None:
        """Give a mask another name."""
        self.edit(RenameMask(mask, name))

    def show_mask(self, mask: int, visible: bool) -> None:
        """Outline a mask, or not."""
        if self.shown is not None:
            (self.shown.hidden.discard if visible else self.shown.hidden.add)(mask)
            self._refresh()

    @property
    def offered(self) -> tuple[NamedMask, ...]:
        """Bundled masks of the shown run's prompt that were not taken yet."""
        return () if self._run is None else self._run.offered_masks

    def use_bundled(self) -> None:
        """Take the bundled mask of the prompt, and compare maps with it."""
        if self._run is None:
            return
        offered, self._run.offered_masks = self._run.offered_masks, ()
        self._state.notices.withdraw()
        for mask in offered:
            self.add_mask(mask)
            self.pin()

    def pin(self, mask: int | None = None) -> None:
        """Compare maps with a mask, the active one unless said otherwise."""
        chosen = self._chosen(mask)
        if self.shown is not None and chosen in self.shown.ids:
            self.shown.pin(chosen)
            self.settle()

    def report(self, sentence: str, way_on: tuple[str, str] | None = None) -> None:
        """Show a banner."""
        self._state.notices.fail(sentence, way_on)
        self._refresh()

    def _chosen(self, mask: int | None) -> int | None:
        if self.document is None:
            return None
        return self.document.active if mask is None else mask

    def _new_mask(self) -> NamedMask:
        assert self.document is not None
        taken = {entry.name for entry in self.document.entries}
        number = 1
        while (name := tr("Mask {n}").format(n=number)) in taken:
            number += 1
        pixels = np.zeros(self.document.size, np.bool_)
        return NamedMask(name=name, kind=DRAWN, pixels=pixels)

    def _step(self, step: Callable[[MaskDocument], object]) -> None:
        if self.document is not None:
            step(self.document)
            self._refresh()

    def _adopt_late(self, run: Run, masks: RunMasks) -> None:
        """Take over masks that became known after the document was made."""
        masks.came_with = run.masks
        for mask in run.masks:
            if mask.pixels.shape == masks.document.size:
                masks.document.adopt(mask)
        self.settle(quiet=True)
