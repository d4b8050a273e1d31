"""The magic wand: what it would add is shown while the hand changes its tolerance. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from memlens.masks.edits import Edit, Wand
from memlens.masks.preparing import is_long
from memlens.masks.wand import MAX_TOLERANCE, wand_mask
from ui.control.dispatch import Dispatch
from ui.control.inspection_state import InspectionState
from ui.control.masks.finding import PREVIEW
from ui.jobs.try_wand import TryWand, WandTried
from ui.vocabulary.mask_picture import BoolArray, MaskPicture

_NOTCH = 2.0
_TINT = 0.35


class DrawnOn(Protocol):
    """What wand and superpixels need of `ui.control.masks.masking.Masking`."""

    @property
    def size(self) -> tuple[int, int] | None:
        """(height, width) of masks, None where there is nothing to draw on."""
        ...

    @property
    def adds(self) -> bool:
        """Whether shapes are added or removed."""
        ...

    def edit(self, edit: Edit, mask: int | None = None) -> bool:
        """Change a mask, the active one unless said otherwise."""
        ...

    def refuse_locked(self) -> bool:
        """Say that the active mask is locked, if it is."""
        ...


class MagicWand:
    """One touch of the wand at a time; its preview belongs to no document yet.

    Parameters
    ----------
    state, dispatch
        Shared with the controller.
    masks
        Takes the edit.
    refresh
        Shows the state after a change.

    Attributes
    ----------
    preview
        What would be added or taken away, None while nothing is touched.
    """

    def __init__(
        self,
        state: InspectionState,
        dispatch: Dispatch,
        masks: DrawnOn,
        refresh: Callable[[], None],
    ) -> None:
        self._state = state
        self._dispatch = dispatch
        self._masks = masks
        self._refresh = refresh
        self._under_way: Wand | None = None
        self._token = 0
        self.preview: MaskPicture | None = None
        dispatch.answers.whenever(WandTried, self._tried)

    @property
    def tolerance(self) -> float:
        """How far colours may be, 0..255."""
        return self._state.intent.tolerance

    def begin(self, x: float, y: float) -> None:
        """Touch the picture at a point in pixels."""
        run = self._state.results.run
        picture = None if run is None else run.final_picture()
        if picture is None or picture.shape[:2] != self._masks.size or self._masks.refuse_locked():
            return
        self._under_way = Wand(picture, x, y, self.tolerance, self._masks.adds)
        self._try()

    def choose_tolerance(self, tolerance: float) -> None:
        """Let colours be further away, or less far; what is touched follows."""
        tolerance = min(max(0.0, tolerance), MAX_TOLERANCE)
        if tolerance == self.tolerance:
            return
        self._state.intent.tolerance = tolerance
        if self._under_way is not None:
            wand = self._under_way
            self._under_way = Wand(wand.picture, wand.x, wand.y, tolerance, wand.add)
            self._try()
        else:
            self._refresh()

    def turn_tolerance(self, notches: float) -> None:
        """Change the tolerance by some steps of a key or wheel."""
        self.choose_tolerance(round(self.tolerance + _NOTCH * notches))

    def end(self) -> None:
        """Add what is touched to the active mask, or take it away: one undo step."""
        wand = self._let_go()
        if wand is not None:
            self._masks.edit(wand)
            self._refresh()

    def abandon(self, *, quiet: bool = False) -> None:
        """Change nothing after all."""
        if self._let_go() is not None and not quiet:
            self._refresh()

    def _tried(self, result: WandTried) -> None:
        """Take the preview of a large picture."""
        if result.token == self._token and self._under_way is not None:
            self._show(result.pixels)

    def _let_go(self) -> Wand | None:
        wand, self._under_way, self.preview = self._under_way, None, None
        self._token += 1
        return wand

    def _try(self) -> None:
        wand, size = self._under_way, self._masks.size
        assert wand is not None and size is not None
        self._token += 1
        if is_long(wand, size):
            self._dispatch.ask_about_masks(TryWand(token=self._token, wand=wand))
        else:
            self._show(wand_mask(wand.picture, wand.x, wand.y, wand.tolerance))
        self._refresh()

    def _show(self, pixels: BoolArray) -> None:
        pixels.flags.writeable = False
        self.preview = MaskPicture(
            key=("wand", self._token),
            pixels=pixels,
            revision=self._token,
            colour=PREVIEW,
            tint=_TINT,
        )
