"""Inspection: the controller. What a person asks for goes in, window views come out. No Qt."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from memlens.models.sources import DEMO, demo_folder
from ui.control.baseline_choice import BaselineChoice
from ui.control.demo_session import may_hold
from ui.control.dispatch import Dispatch, Jobs
from ui.control.display_choices import DisplayChoices
from ui.control.exports import Exports
from ui.control.inspection_state import InspectionState
from ui.control.masks.masking import Masking
from ui.control.masks.unsaved import UnsavedWork
from ui.control.of_another_model import other_model_facts, put_off, source_of
from ui.control.opened_model import OpenedModel
from ui.control.opening import Opening
from ui.control.path_kind import PathKind, kind_of_path
from ui.control.readings import Readings
from ui.control.reception import Reception
from ui.control.run_list import RunList
from ui.control.runs import Runs
from ui.control.sampled_runs import SampledRuns
from ui.control.screen import Screen
from ui.control.session_reception import SessionReception
from ui.control.timeline_choices import TimelineChoices
from ui.jobs import reports
from ui.language.translation import tr
from ui.state.intent import MAX_PROBES, Intent
from ui.state.seed_field import MAX_SEED
from ui.state.settings import Settings
from ui.view.live_masks import LiveMasks
from ui.view.resolver import Facts, Resolver
from ui.view.setup import NOISE_FILE
from ui.view.shown_maps import RangeAverages
from ui.view.view_state import WindowView


class Inspection:
    """Holds the intent, asks the worker for what is missing, and shows what there is.

    Parameters
    ----------
    jobs
        Runs requests; its reports are to be handed to `receive`.
    screen
        Shows a new view after every change.
    settings
        What was kept of the last time.
    clock
        Seconds, for playing.

    Attributes
    ----------
    steps, looks, runs, run_list, exports, readings, opening, masks
        What can be asked of the timeline, panels, runs, their list, exports, numbers, what is
        opened and the masks.
    keeping
        What keeps mask edits safe.
    """

    def __init__(
        self,
        jobs: Jobs,
        screen: Screen,
        settings: Settings,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        state = InspectionState(settings=settings, intent=Intent.from_settings(settings))
        dispatch, refresh = Dispatch(jobs, state), self._refresh
        live = LiveMasks()
        self._state, self._dispatch, self._screen = state, dispatch, screen
        self._resolver = Resolver(live)
        self._averages = RangeAverages()
        self.keeping = UnsavedWork(state, dispatch, refresh, screen)
        self.masks = Masking(state, dispatch, refresh, self.keeping, live, screen)
        self._baseline = BaselineChoice(state, dispatch, refresh)
        self.steps = TimelineChoices(state, refresh, clock)
        self.opening = Opening(
            state,
            dispatch,
            refresh,
            open_model=self.open_model,
            open_session=self.open_session,
            choose_baseline=self._baseline.choose,
            import_mask=self.masks.import_file,
        )
        self.runs = Runs(state, dispatch, refresh)
        self.run_list = RunList(state, dispatch, self.keeping, refresh)
        self.exports = Exports(state, dispatch, refresh)
        self.readings = Readings(state, dispatch, refresh)
        self.looks = DisplayChoices(state, dispatch, self._resolver, refresh)
        OpenedModel(state, dispatch, self._baseline, take_mask=self.masks.import_file)
        SampledRuns(state, dispatch, self.keeping)
        SessionReception(state, dispatch, self.keeping, self._baseline, reopen=self.masks.reopen)
        self._reception = Reception(state, dispatch)

    @property
    def settings(self) -> Settings:
        """What should outlive the window."""
        return self._state.intent.into_settings(self._state.settings)

    @property
    def intent(self) -> Intent:
        """What is chosen now; to be read only."""
        return self._state.intent

    @property
    def session_path(self) -> Path | None:
        """Where the open run was saved or opened from."""
        return self._state.results.project_path

    def view(self) -> WindowView:
        """Return the view as it is now; asking changes nothing."""
        state = self._state
        return self._resolver.window(
            Facts(
                intent=state.intent,
                results=state.results,
                activity=state.activity,
                strip=self.run_list.facts(),
                drawing=self.masks.facts(),
                keeping=self.keeping.facts(),
                other_model=other_model_facts(state),
                banner=state.notices.banner,
                message=state.notices.message,
                prefetch=state.settings.prefetch,
                recognised=state.recognised,
                preview=self.exports.preview,
            )
        )

    def receive(self, *arrived: reports.Report) -> None:
        """Take reports from the worker."""
        for report in arrived:
            self._reception.receive(report)
            self.masks.comparing.follow_up()
        self._refresh()

    # -- opening and saving

    def start(self, path: Path | None, demo_session: Path) -> None:
        """Open what was asked for, or the demo."""
        self.keeping.left_behind.look()
        if path is not None:
            self.open_path(path)
        # A training picture is compared with a run, and weights alone are no model.
        if path is not None and kind_of_path(path) not in (PathKind.PICTURE, PathKind.WEIGHTS):
            return
        if demo_session.is_file():
            self._dispatch.files.open_session(demo_session, lock=may_hold(demo_session))
        elif (demo_folder() / "model_index.json").is_file():
            self.open_model(DEMO)
        self._refresh()

    def open_path(self, path: Path) -> None:
        """Open a session, a model, a picture or a mask, whichever the path is."""
        self.opening.open_paths((path,))

    def open_model(self, source: str, *, download: bool = False) -> None:
        """Open "demo", a folder or a hub id."""
        self._state.begin_change()
        self._state.keep_guidance = False
        waiting = len(self._state.queue)
        self._dispatch.load_model(source, download=download)
        if waiting:
            sentence = tr(
                "Another model opens, and runs asked of the one before are queued no more: {n}."
            )
            self._state.notices.note(sentence.format(n=waiting))
        self._refresh()

    def reopen_model(self) -> None:
        """Open the model that the shown run belongs to."""
        source = source_of(self._state)
        if source:
            self.open_model(source)

    def retry_with_download(self) -> None:
        """Open the baseline or model that could not be found, this time from the hub."""
        if self._state.wanted_baseline:
            self._baseline.choose(self._state.wanted_baseline, download=True)
        else:
            self.open_model(self._state.wanted_model, download=True)

    def recognise(self, source: str, *, baseline: bool = False) -> None:
        """Ask what a model's name means, or a less-trained baseline's, for the chooser."""
        self._state.recognised = None
        self._dispatch.recognise(source, baseline=baseline)

    def open_session(self, path: Path, *, add: bool = False) -> None:
        """Open a saved session in place of what is there, or add its runs to those."""
        if add:
            self._open(path, add=True)
        else:
            self._screen.ask_first(lambda: self._open(path))

    def _open(self, path: Path, *, add: bool = False) -> None:
        self._state.begin_change()
        lock = not add and may_hold(path) and not self.keeping.holds(path)
        self._dispatch.files.open_session(path, lock=lock, add=add)
        self._refresh()

    def save_session(self, path: Path, *, latents: bool = True) -> None:
        """Save all runs, with their trajectories or, much smaller, without."""
        self.masks.when_whole(lambda: self._save(path, latents))

    def _save(self, path: Path, latents: bool) -> None:
        self._dispatch.files.save_session(
            path,
            position_of=self.keeping.position_of,
            lock=not self.keeping.holds(path),
            latents=latents,
        )
        self._refresh()

    def choose_baseline(self, key: str, *, download: bool = False) -> None:
        """Choose "unconditional", "early", or the path or hub id of a less-trained checkpoint."""
        self._baseline.choose(key, download=download)

    # -- setup

    def set_prompt(self, prompt: str) -> None:
        """Change the prompt of the next run."""
        self._state.intent.prompt = prompt
        self._dispatch.count_tokens()
        self._refresh()

    def set_seed(self, seed: int) -> None:
        """Change the seed of the next run."""
        self._state.intent.seed = min(max(0, seed), MAX_SEED)
        self._refresh()

    def set_steps(self, steps: int) -> None:
        """Change the number of steps of the next run, at most as many as can be walked."""
        model = self._state.results.model
        self._state.intent.steps = max(1, steps if model is None else min(steps, model.max_steps))
        self._refresh()

    def set_guidance_scale(self, scale: float) -> None:
        """Change the guidance scale of the next run."""
        self._state.intent.guidance_scale = scale
        self._refresh()

    def set_noise(self, noise: str) -> None:
        """Draw the noise of the next run as on "cpu" or "cuda", or take it from a file."""
        if noise != NOISE_FILE:
            self._state.intent.noise = noise
        self._refresh()

    def set_estimator(self, estimator: str) -> None:
        """Change how curvature is estimated from now on."""
        self._state.begin_change()
        self._state.intent.estimator = estimator
        self._refresh()

    def set_probes(self, probes: int) -> None:
        """Change how many probes a curvature map takes from now on."""
        self._state.begin_change()
        self._state.intent.probes = min(max(1, probes), MAX_PROBES)
        self._refresh()

    # -- running

    def run(self) -> None:
        """Sample the prompt, once per seed, each as a new run."""
        self.runs.run()

    def cancel(self) -> None:
        """Stop all that computes; what came stays."""
        busy = bool(self._state.activity.text) or self._state.activity.sampling
        self._dispatch.cancel()
        self._state.intent.playing = False
        if busy:
            self._state.notices.say(tr("Cancelled."))
        self._refresh()

    def compute(self) -> None:
        """Compute the missing maps of this step at once."""
        self._state.begin_change()
        if not self._dispatch.localize():
            self._state.notices.say(tr("Every shown map is computed at this step."))
        self._refresh()

    def rested(self) -> None:
        """Compute the missing maps of the step that the person rests on."""
        if self._state.idle_work and self._dispatch.localize():
            self._refresh()

    def retry_smaller(self) -> None:
        """Compute again, one probe per batch."""
        self._state.intent.probes_per_batch = 1
        self.compute()

    # -- habits

    def choose_theme(self, theme: str) -> None:
        """Remember "system", "light" or "dark"."""
        self._state.settings = self._state.settings.changed(theme=theme)

    def note_memory(self, text: str) -> None:
        """Show how much memory is in use."""
        if self._state.activity.memory != text:
            self._state.activity.memory = text
            self._refresh()

    def report_problem(self, sentence: str, details: str = "", severity: str = "error") -> None:
        """Show a banner."""
        notices = self._state.notices
        if severity == "error":
            notices.fail(sentence, details=details)
        else:
            notices.warn(sentence, details=details)
        self._refresh()

    def dismiss_banner(self) -> None:
        """Take the banner away."""
        if self._state.notices.banner is None and not put_off(self._state):
            self.keeping.left_behind.put_off()
        self._state.notices.withdraw()
        self._refresh()

    def _refresh(self) -> None:
        """Do once what follows from a change, then show what there is."""
        self.masks.follow()
        if self._averages.keep(self._state.intent, self._state.results):
            self._dispatch.background()
        self._screen.show_view(self.view())
