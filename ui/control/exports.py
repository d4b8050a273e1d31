"""Exports: what can be written of the shown run, and asking for it. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from memlens.export.source import BEST, Look, Source
from memlens.files.sessions import Session
from memlens.maps.localization_map import LocalizationMap
from memlens.methods.registry import MAP_KINDS
from ui.control.dispatch import Dispatch
from ui.control.inspection_state import InspectionState
from ui.jobs.draw_preview import DrawPreview, PreviewDrawn
from ui.jobs.export import Export, Exported
from ui.language.translation import tr
from ui.state.results import Results
from ui.view.dialogs import PreviewView
from ui.view.export_offer import ExportOffer
from ui.view.panels import content_names
from ui.view.shown_maps import averaged_steps, shown_key, shown_step
from ui.vocabulary.action_keys import ActionKey
from ui.vocabulary.export_choice import ExportChoice, ExportKind
from ui.vocabulary.panel_content import MASK, PICTURE


class Exports:
    """Asks the worker for exports of the shown run.

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
        self._asked = 0
        dispatch.answers.whenever(Exported, self._exported)
        dispatch.answers.whenever(PreviewDrawn, self._preview_drawn)
        self._drawn_last: tuple[int, PreviewView | None] = (0, None)

    @property
    def last(self) -> Path | None:
        """What was exported last."""
        return self._state.exported

    def offer(self) -> ExportOffer | None:
        """Return what can be exported, None where there is no run."""
        intent, results = self._state.intent, self._state.results
        run = results.run
        if run is None or run.trajectory is None:
            return None
        step = shown_step(intent, results)
        frames: dict[str, set[int]] = {}
        single = [key for key, _ in results.maps.items() if key.steps_averaged == 1]
        for key in single:
            frames.setdefault(key.kind, set()).add(key.step)
        panels = []
        for content in (PICTURE, MASK, *MAP_KINDS):
            symbol, label = content_names(content)
            panels.append((content, symbol, label, _reason(content, step, results, frames)))
        drawable = {content for content, _, _, reason in panels if not reason}
        saved = run.session_path.stem if run.session_path is not None else ""
        return ExportOffer(
            step=step,
            panels=tuple(panels),
            shown=tuple(c for c in dict.fromkeys(intent.panels) if c in drawable),
            frames={kind: frozenset(steps) for kind, steps in frames.items()},
            steps=run.reached,
            maps_here=len([key for key in single if key.step == step]),
            maps_everywhere=len(single),
            units=intent.units,
            contour=_contour_reason(self._state),
            has_mask=results.mask is not None,
            rate=intent.rate,
            folder=self._state.settings.export_folder,
            name=saved or "inspection",
        )

    def export(self, choice: ExportChoice, path: Path, colours: NDArray[np.uint8]) -> None:
        """Write `choice` to `path`, drawn with `colours` as on the screen."""
        drawn = self._drawn(choice, colours)
        if drawn is None:
            return
        source, step, look = drawn
        self._state.begin_change()
        folder = path if choice.kind in (ExportKind.TABLES, ExportKind.MAPS) else path.parent
        self._state.settings = self._state.settings.changed(export_folder=str(folder))
        self._dispatch.export(
            Export(
                source=source,
                look=look,
                step=step,
                choice=choice,
                path=path,
            )
        )
        self._refresh()

    def draw_preview(
        self, choice: ExportChoice, colours: NDArray[np.uint8], within: tuple[int, int]
    ) -> None:
        """Draw what a figure of `choice` will look like, no larger than `within` pixels."""
        drawn = self._drawn(choice, colours)
        if drawn is None:
            return
        source, step, look = drawn
        self._asked += 1
        self._dispatch.export(
            DrawPreview(
                token=self._asked,
                source=source,
                look=look,
                step=step,
                choice=choice,
                within=within,
            )
        )

    @property
    def preview(self) -> PreviewView | None:
        """The preview asked for last, None until it is drawn."""
        token, drawn = self._drawn_last
        return drawn if token == self._asked else None

    def _preview_drawn(self, result: PreviewDrawn) -> None:
        self._drawn_last = result.token, PreviewView(pixels=result.pixels, problem=result.problem)

    def _exported(self, result: Exported) -> None:
        """Say what was written, and offer its folder."""
        state = self._state
        state.exported = result.path
        if result.files > 1:
            sentence = tr("Exported {n} files to {path}.")
        else:
            sentence = tr("Exported {path}.")
        state.notices.say("")
        state.notices.note(
            sentence.format(n=result.files, path=result.path),
            (ActionKey.SHOW_EXPORTED, tr("Show in folder")),
        )

    def _drawn(
        self, choice: ExportChoice, colours: NDArray[np.uint8]
    ) -> tuple[Source, int, Look] | None:
        """Return what is drawn, at which step, and how; None where there is no run."""
        intent, results = self._state.intent, self._state.results
        source = source_of(self._state)
        if source is None:
            return None
        step = shown_step(intent, results)
        steps = averaged_steps(intent, results)
        if steps is not None and choice.kind in (ExportKind.FIGURE, ExportKind.REPORT):
            source = replace(source, averages=averages_of(self._state))
            step = step if step in steps else steps[-1]
        contour: float | str | None = None
        if choice.contour:
            contour = intent.threshold if intent.threshold is not None else BEST
        look = Look(
            units=intent.units,
            smoothing=intent.smoothing,
            stretched=intent.stretched,
            log_scale=intent.log_scale,
            levels=intent.levels,
            colours=colours,
            nearest=intent.nearest,
            over_picture=intent.opacity if choice.over_picture else 1.0,
            outline=choice.outline,
            contour=contour,
        )
        return source, step, look


def source_of(state: InspectionState) -> Source | None:
    """Return the shown run as it is drawn, without copying any array."""
    intent, results = state.intent, state.results
    run = results.run
    if run is None or run.trajectory is None:
        return None

    def place(item: tuple[int, LocalizationMap]) -> tuple[int, int]:
        age, found = item
        made = found.provenance
        shown = results.key(found.kind, found.step, intent.estimator, intent.probe_seed)
        as_shown = (made.baseline or "") == shown.baseline
        as_asked = not made.probes or (made.estimator, made.probe_seed or 0) == (
            shown.estimator,
            shown.probe_seed,
        )
        return (0 if as_shown and as_asked else 1 if as_shown else 2, -age)

    maps = [found for key, found in results.maps.items() if key.steps_averaged == 1]
    ordered = sorted(enumerate(maps), key=place)
    mask = results.mask
    named = None if mask is None else mask.name
    others = tuple(other for other in run.masks_now() if other.name != named)
    session = Session(
        trajectory=run.trajectory,
        maps=tuple(found for _, found in ordered),
        masks=others if mask is None else (mask, *others),
    )
    return Source(
        session=session,
        readings=tuple(run.readings.values()),
        pictures=tuple(run.picture_at(step) for step in range(run.reached)),
        name=run.session_path.name if run.session_path is not None else "",
    )


def averages_of(state: InspectionState) -> tuple[LocalizationMap, ...]:
    """Return the averages over the range of steps that the panels show."""
    intent, results = state.intent, state.results
    step = shown_step(intent, results)
    keys = (shown_key(kind, intent, results, step) for kind in MAP_KINDS)
    found = (results.maps.any_estimate(key) for key in keys)
    return tuple(each[1] for each in found if each is not None)


def _reason(content: str, step: int, results: Results, frames: dict[str, set[int]]) -> str:
    if content == MASK and results.mask is None:
        return tr("No mask is known for this prompt.")
    if content in MAP_KINDS and step not in frames.get(content, ()):
        return tr("Not computed at this step.")
    return ""


def _contour_reason(state: InspectionState) -> str:
    if state.intent.threshold is not None or state.results.mask is not None:
        return ""
    return tr("Choose a threshold on the histogram first.")
