"""Looking for a mask: a preview that follows its threshold, then accepted or given up. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np

from memlens.maps.localization_map import LocalizationMap
from memlens.masks.kinds import CONSENSUS as OF_SEVERAL
from memlens.masks.kinds import FOUND
from memlens.masks.named_mask import NamedMask, tidy_name
from memlens.methods.registry import MAP_KINDS
from ui.control.dispatch import Dispatch
from ui.control.inspection_state import InspectionState
from ui.jobs.find_mask import CONSENSUS, FindMask, MaskFound, MaskSource
from ui.jobs.reports import Failed
from ui.language.translation import tr
from ui.state.run_masks import RunMasks
from ui.view.masks import FindingView
from ui.view.shown_maps import shown_step
from ui.view.view_state import ByteArray
from ui.vocabulary.mask_picture import MaskPicture

PREVIEW = "#5eead4"
# (low, high, first) of the threshold, and what it is measured in.
_RANGES = {
    MaskSource.TRAINING_PICTURE: (0.0, 0.5, 0.1),
    MaskSource.PAIR: (0.0, 0.5, 0.03),
    MaskSource.SEEDS: (0.0, 0.25, 0.02),
}


class Masks(Protocol):
    """What finding needs of `ui.control.masks.masking.Masking`."""

    @property
    def shown(self) -> RunMasks | None:
        """The masks of the shown run."""
        ...

    def add_mask(self, mask: NamedMask) -> None:
        """Add a mask and make it the active one."""
        ...

    def remove(self, mask: int | None = None) -> None:
        """Remove a mask, the active one unless said otherwise."""
        ...

    def report(self, sentence: str, way_on: tuple[str, str] | None = None) -> None:
        """Show a banner."""
        ...


@dataclass(frozen=True, slots=True)
class _Search:
    """What is looked for."""

    request: FindMask
    title: str
    name: str
    low: float
    high: float
    units: str


class MaskFinding:
    """One search at a time; its preview is shown, and belongs to no document yet.

    Parameters
    ----------
    state, dispatch
        Shared with the controller.
    masks
        Takes what was accepted.
    refresh
        Shows the state after a change.
    """

    def __init__(
        self,
        state: InspectionState,
        dispatch: Dispatch,
        masks: Masks,
        refresh: Callable[[], None],
    ) -> None:
        self._state = state
        self._dispatch = dispatch
        self._masks = masks
        self._refresh = refresh
        self._token = 0
        self._search: _Search | None = None
        self._problem = ""
        self.preview: MaskPicture | None = None
        dispatch.answers.whenever(MaskFound, self._found)
        dispatch.answers.when_failed(FindMask, self._failed)

    def hint(self, sentence: str) -> None:
        """Say what to do first: nothing went wrong."""
        self._state.notices.note(sentence)
        self._refresh()

    # -- beginning

    def from_map(self) -> None:
        """Look for the active panel's map above a threshold."""
        found = self._active_map()
        if found is None:
            self.hint(tr("Choose a panel that shows a map first (1 to 6)."))
            return
        written = MAP_KINDS[found.kind].symbol.replace("_", "")
        low, high = float(found.values.min()), float(found.values.max())
        chosen = self._state.intent.threshold
        threshold = low + 0.5 * (high - low) if chosen is None else min(max(chosen, low), high)
        self.begin(
            FindMask(token=0, source=MaskSource.MAP, size=(0, 0), threshold=threshold, map=found),
            title=tr("{symbol} above a threshold").format(symbol=written),
            name=tr("{symbol} above threshold").format(symbol=written),
            ends=(low, high),
            units=tr("canonical"),
        )

    def from_training_picture(self, path: Path) -> None:
        """Look for where the picture equals a training picture."""
        picture = self._generated()
        if picture is not None:
            self._begin_pictures(
                MaskSource.TRAINING_PICTURE,
                (picture,),
                (path,),
                tr("Equal to {name}").format(name=path.name),
            )

    def from_open_picture(self) -> bool:
        """Look for where the picture equals the open training picture; False without one."""
        results = self._state.results
        reference, path, picture = (
            results.reference_picture,
            results.reference_path,
            self._generated(),
        )
        if reference is None or path is None or picture is None:
            return False
        title = tr("Equal to {name}").format(name=path.name)
        self._begin_pictures(MaskSource.TRAINING_PICTURE, (picture, reference), (), title)
        return True

    def from_pair(self, first: Path, second: Path | None = None) -> None:
        """Look for what two renderings share; the run's picture is one of them with one path."""
        picture = self._generated()
        if second is not None:
            title = tr("Shared by {a} and {b}").format(a=first.name, b=second.name)
            self._begin_pictures(MaskSource.PAIR, (), (first, second), title)
        elif picture is not None:
            title = tr("Shared with {name}").format(name=first.name)
            self._begin_pictures(MaskSource.PAIR, (picture,), (first,), title)

    def from_seeds(self, paths: tuple[Path, ...] = ()) -> None:
        """Look for what hardly varies between pictures of one prompt.

        Without paths, those are the pictures of the window's runs of the same prompt.
        """
        picture = self._generated()
        if picture is None:
            return
        pictures = (picture,) if paths else self.seed_pictures()
        title = tr("The same in {n} pictures").format(n=len(pictures) + len(paths))
        self._begin_pictures(MaskSource.SEEDS, pictures, paths, title)

    def seed_pictures(self) -> tuple[ByteArray, ...]:
        """Return the last pictures of this window's complete runs of the shown prompt."""
        shown = self._state.results.run
        if shown is None:
            return ()
        runs = {shown.number: shown}
        for run in self._state.history:
            if run.prompt.strip() == shown.prompt.strip() and 0 < run.steps == run.reached:
                runs.setdefault(run.number, run)
        found = (run.picture_at(run.reached - 1) for run in runs.values())
        size = None if self._masks.shown is None else self._masks.shown.document.size
        return tuple(p for p in found if p is not None and p.shape[:2] == size)

    @property
    def source(self) -> MaskSource | None:
        """Where a mask is looked for, None while none is."""
        return None if self._search is None else self._search.request.source

    # -- adjusting

    def choose_threshold(self, threshold: float) -> None:
        """Look again with another threshold."""
        if self._search is not None:
            low, high = self._search.low, self._search.high
            self._again(replace(self._search.request, threshold=min(max(threshold, low), high)))

    def choose_largest_only(self, largest_only: bool) -> None:
        """Keep only the largest region, or all."""
        if self._search is not None:
            self._again(replace(self._search.request, largest_only=largest_only))

    def choose_minimum_area(self, pixels: int) -> None:
        """Drop smaller regions."""
        if self._search is not None:
            self._again(replace(self._search.request, minimum_area=max(0, pixels)))

    # -- ending

    def accept(self) -> None:
        """Add what was found as a mask: one undo step."""
        search, preview = self._search, self.preview
        if search is None or preview is None:
            return
        kind = OF_SEVERAL if search.request.source in CONSENSUS else FOUND
        self.abandon(quiet=True)
        # It is made of the names of files, which may be long.
        name = tidy_name(search.name, instead=tr("Found"))
        self._masks.add_mask(NamedMask(name=name, kind=kind, pixels=preview.pixels))

    def abandon(self, *, quiet: bool = False) -> None:
        """Give the search up."""
        self._search, self.preview, self._problem = None, None, ""
        self._token += 1
        if not quiet:
            self._refresh()

    def _found(self, result: MaskFound) -> None:
        """Show what was found, if it is still looked for."""
        if self._search is None or result.token != self._token:
            return
        self._problem = ""
        pixels = result.pixels.copy()
        pixels.flags.writeable = False
        self.preview = MaskPicture(
            key=("found", self._token), pixels=pixels, revision=self._token, colour=PREVIEW
        )

    def _failed(self, report: Failed) -> None:
        """Say why nothing was found."""
        if self._search is not None:
            self._problem, self.preview = report.sentence, None

    def view(self) -> FindingView | None:
        """Return what the section shows of the search."""
        search = self._search
        if search is None or search.request.source in CONSENSUS:
            return None
        return FindingView(
            title=search.title,
            threshold=search.request.threshold,
            low=search.low,
            high=search.high,
            units=search.units,
            largest_only=search.request.largest_only,
            minimum_area=search.request.minimum_area,
            found=self.found_words(),
            can_accept=self.preview is not None,
        )

    def found_words(self) -> str:
        """Return how much was found, or why nothing is there yet."""
        if self.preview is None:
            return self._problem or tr("Looking …")
        count = int(np.count_nonzero(self.preview.pixels))
        share = count / max(1, self.preview.pixels.size)
        return tr("{count:,} pixels, {share:.0%} of the picture").format(count=count, share=share)

    def _begin_pictures(
        self,
        source: MaskSource,
        pictures: tuple[ByteArray, ...],
        paths: tuple[Path, ...],
        title: str,
    ) -> None:
        low, high, first = _RANGES[source]
        request = FindMask(
            token=0, source=source, size=(0, 0), threshold=first, pictures=pictures, paths=paths
        )
        self.begin(request, title=title, name=title, ends=(low, high), units=tr("of the range"))

    def begin(
        self,
        request: FindMask,
        *,
        title: str,
        name: str,
        ends: tuple[float, float],
        units: str,
        problem: str = "",
    ) -> None:
        """Look for a mask in place of what is looked for now.

        Parameters
        ----------
        title, name
            Above the search; of the mask once it is accepted.
        ends, units
            Of the threshold's slider.
        problem
            Why nothing can be found yet, "" to look at once.
        """
        masks = self._masks.shown
        if masks is None:
            self.hint(tr("Run a prompt first: masks are drawn on its picture."))
            return
        self.abandon(quiet=True)
        request = replace(request, size=masks.document.size)
        self._search = _Search(request, title, name, *ends, units)
        if problem:
            self._problem = problem
            self._refresh()
        else:
            self._again(request)

    def _again(self, request: FindMask) -> None:
        assert self._search is not None
        self._token += 1
        request = replace(request, token=self._token)
        self._search = replace(self._search, request=request)
        self._dispatch.ask_about_masks(request)
        self._refresh()

    def _active_map(self) -> LocalizationMap | None:
        intent, results = self._state.intent, self._state.results
        content = intent.panels[intent.active_panel]
        if results.run is None or content not in MAP_KINDS:
            return None
        step = shown_step(intent, results)
        key = results.key(content, step, intent.estimator, intent.probe_seed)
        found = results.maps.any_estimate(key)
        return None if found is None else found[1].smoothed(intent.smoothing)

    def _generated(self) -> ByteArray | None:
        run = self._state.results.run
        picture = None if run is None else run.final_picture()
        if picture is None:
            self.hint(tr("Run a prompt first: masks are drawn on its picture."))
        return picture
