"""Superpixels of the shown picture: cut up while their tool is chosen. No Qt."""

from __future__ import annotations

from collections.abc import Callable

from memlens.masks.edits import PaintRegion
from memlens.masks.superpixels import Superpixels, count_for
from ui.control.dispatch import Dispatch
from ui.control.inspection_state import InspectionState
from ui.control.masks.wand import DrawnOn
from ui.jobs.cut_picture import CutPicture, PictureCut
from ui.language.translation import tr
from ui.vocabulary.mask_picture import MaskPicture
from ui.vocabulary.tool import Tool

_GRID = "#94a3b8"
_Wanted = tuple[int, int]


class PictureCutting:
    """Keeps the shown picture cut into superpixels about as large as the brush.

    Parameters
    ----------
    state, dispatch
        Shared with the controller.
    masks
        Takes the edits.
    radius
        Gives that of the brush, in pixels.
    refresh
        Shows the state after a change.
    """

    def __init__(
        self,
        state: InspectionState,
        dispatch: Dispatch,
        masks: DrawnOn,
        radius: Callable[[], float],
        refresh: Callable[[], None],
    ) -> None:
        self._state = state
        self._dispatch = dispatch
        self._masks = masks
        self._radius = radius
        self._refresh = refresh
        self._asked: _Wanted | None = None
        self._pending: _Wanted = (0, 0)
        self._token = 0
        self._cut: tuple[_Wanted, Superpixels, MaskPicture] | None = None
        self._last: int | None = None
        dispatch.answers.whenever(PictureCut, self._take)

    @property
    def grid(self) -> MaskPicture | None:
        """The superpixels' edges while their tool is chosen, None before they are known."""
        if self._cut is None or self._state.intent.tool is not Tool.SUPERPIXELS:
            return None
        return self._cut[2] if self._is_of_shown_run else None

    @property
    def _is_of_shown_run(self) -> bool:
        run = self._state.results.run
        return self._cut is not None and run is not None and self._cut[0][0] == run.number

    def follow(self) -> None:
        """Ask for the superpixels of the shown picture, if their tool is chosen."""
        if self._state.intent.tool is not Tool.SUPERPIXELS:
            self._asked = None if self._cut is None else self._cut[0]
            return
        run, size = self._state.results.run, self._masks.size
        picture = None if run is None else run.final_picture()
        if run is None or run.reached < run.steps or picture is None:
            return
        if size is None or picture.shape[:2] != size:
            return
        wanted = (run.number, count_for(size, self._radius()))
        if wanted == self._asked:
            return
        self._asked = self._pending = wanted
        self._token += 1
        self._dispatch.ask_about_masks(
            CutPicture(token=self._token, picture=picture, count=wanted[1])
        )

    def _take(self, result: PictureCut) -> None:
        """Take the superpixels."""
        if result.token == self._token:
            edges = result.edges
            edges.flags.writeable = False
            grid = MaskPicture(key=("superpixels", result.token), pixels=edges, colour=_GRID)
            self._cut = (self._pending, result.superpixels, grid)

    def begin(self) -> bool:
        """Whether superpixels can be added now; says why where they cannot."""
        if self._masks.refuse_locked():
            return False
        self._last = None
        if not self._is_of_shown_run:
            if self._dispatch.in_flight(CutPicture.job):
                words = tr("The picture is still being cut into superpixels.")
            else:
                words = tr("There are no superpixels: choose their tool again.")
            self._state.notices.say(words)
            self._refresh()
            return False
        return True

    def paint(self, x: float, y: float) -> None:
        """Add the superpixel at a point in pixels to the active mask, or take it away."""
        if self._cut is None or not self._is_of_shown_run:
            return
        found = self._cut[1].at(x, y)
        if found is not None and found != self._last:
            self._last = found
            self._masks.edit(PaintRegion(self._cut[1].region(found), self._masks.adds))
