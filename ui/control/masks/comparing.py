"""Comparing two masks: which, and the numbers of how they agree. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from math import isnan

from memlens.masks.compare import MaskComparison
from ui.control.dispatch import Dispatch
from ui.control.inspection_state import InspectionState
from ui.jobs.compare_masks import CompareMasks, MasksCompared
from ui.jobs.reports import Failed
from ui.language.translation import tr
from ui.state.run_masks import RunMasks
from ui.view.masks import ComparisonView
from ui.vocabulary.panel_content import MASK_COMPARISON

_Token = tuple[int, int, int, int]


class MaskComparing:
    """Keeps the numbers of masks A and B up to date.

    Parameters
    ----------
    state, dispatch
        Shared with the controller.
    refresh
        Shows the state after a change.
    """

    def __init__(
        self, state: InspectionState, dispatch: Dispatch, refresh: Callable[[], None]
    ) -> None:
        self._state = state
        self._dispatch = dispatch
        self._refresh = refresh
        self._compared: tuple[_Token, MaskComparison] | None = None
        self._asked: _Token | None = None
        self._failed: _Token | None = None
        self._shown_before: dict[int, str] = {}
        dispatch.answers.whenever(MasksCompared, self._take)
        dispatch.answers.when_failed(CompareMasks, self._not_compared)

    def choose(self, a: int, b: int) -> None:
        """Compare two masks."""
        masks = self._shown
        if masks is not None and {a, b} <= set(masks.ids):
            masks.compared = (a, b)
            self.settle(masks)
            self._refresh()

    def show(self) -> None:
        """Show the comparison in the active panel; at first A is the active mask, B another."""
        masks, intent = self._shown, self._state.intent
        if masks is None or len(masks.ids) < 2:
            self._state.notices.say(tr("Comparing needs two masks: add another one."))
        else:
            place = intent.active_panel
            if intent.panels[place] != MASK_COMPARISON:
                self._shown_before[place] = intent.panels[place]
            intent.panels[place] = MASK_COMPARISON
            self._begin(masks)
        self._refresh()

    def stop(self) -> None:
        """Compare no more: panels show again what they showed before."""
        if self._shown is not None:
            self._shown.compared = None
            self._state.intent.leave(MASK_COMPARISON, self._shown_before)
            self._shown_before = {}
            self._refresh()

    def settle(self, masks: RunMasks) -> None:
        """Ask for the numbers of the masks as they are now."""
        if masks.compared is None or not set(masks.compared) <= set(masks.ids):
            return
        token = self._token(masks)
        if token is None or (token == self._asked and self._dispatch.in_flight(CompareMasks.job)):
            return
        if token == self._failed or (self._compared is not None and self._compared[0] == token):
            return
        self._asked = token
        a, b = (masks.document.pixels(mask).copy() for mask in masks.compared)
        self._dispatch.ask_about_masks(CompareMasks(token=token, a=a, b=b))

    def follow_up(self) -> None:
        """Ask again for the numbers that a run or Esc stopped."""
        masks = self._shown
        # While the hand is at work, those of a moment ago stay.
        if masks is not None and masks.settled_edits == masks.edits:
            self.settle(masks)

    def view(self, masks: RunMasks) -> ComparisonView | None:
        """Return what the section shows of the comparison."""
        if masks.compared_now is None:
            return None
        a, b = masks.compared_now
        numbers: tuple[tuple[str, str, str], ...] = ()
        token = self._token(masks)
        if self._compared is not None and token is not None:
            # Those of a moment ago stay while the hand is at work.
            if self._compared[0][:3] == token[:3]:
                numbers = numbers_of(self._compared[1])
        return ComparisonView(a=a, b=b, numbers=numbers)

    @property
    def _shown(self) -> RunMasks | None:
        run = self._state.results.run
        return None if run is None else run.drawn

    def _take(self, result: MasksCompared) -> None:
        if self._asked is not None and result.token == self._asked:
            self._compared = (self._asked, result.comparison)

    def _not_compared(self, report: Failed) -> None:
        self._failed = self._asked

    def _begin(self, masks: RunMasks) -> None:
        if masks.compared is None or not set(masks.compared) <= set(masks.ids):
            active = masks.document.active
            first = active if active is not None else masks.ids[0]
            masks.compared = (first, next(mask for mask in masks.ids if mask != first))
        self.settle(masks)

    def _token(self, masks: RunMasks) -> _Token | None:
        run = self._state.results.run
        if run is None or masks.compared is None:
            return None
        return (run.number, *masks.compared, masks.edits)


def numbers_of(found: MaskComparison) -> tuple[tuple[str, str, str], ...]:
    """Return the numbers as (words, text, what it means)."""
    distance = "–" if isnan(found.hausdorff95) else f"{found.hausdorff95:.1f} px"
    return (
        ("IoU", _share(found.iou), tr("Shared area over the area of either.")),
        ("Dice", _share(found.dice), tr("Twice the shared area over the sum of both.")),
        ("κ", _share(found.kappa), tr("Cohen's κ: agreement beyond chance, pixel by pixel.")),
        ("HD95", distance, tr("95 % Hausdorff distance between the outlines.")),
        (tr("both"), f"{found.agree:,}", tr("Pixels inside both.")),
        (tr("only A"), f"{found.only_a:,}", tr("Pixels inside A alone.")),
        (tr("only B"), f"{found.only_b:,}", tr("Pixels inside B alone.")),
    )


def _share(value: float) -> str:
    return "–" if isnan(value) else f"{value:.3f}".replace("-", "−")
