"""Inspection: the controller. What a person asks for goes in, window views come out. No Qt."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from memlens.methods.registry import UNCONDITIONAL
from memlens.models.sources import DEMO, demo_folder
from ui.control.demo_session import may_hold
from ui.control.dispatch import Dispatch, Jobs
from ui.control.display_choices import Looking
from ui.control.exports import Exporting
from ui.control.inspection_state import InspectionState
from ui.control.masks.masking import Masking
from ui.control.masks.unsaved import Keeping
from ui.control.of_another_model import of_another_model, put_off, source_of
from ui.control.opening import Opening
from ui.control.path_kind import PathKind, kind_of_path
from ui.control.readings import ReadingNumbers
from ui.control.reception import Reception
from ui.control.run_list import RunList
from ui.control.runs import Running
from ui.control.timeline_choices import Stepping
from ui.jobs import reports
from ui.jobs import requests as ask
from ui.language.translation import tr
from ui.state.intent import MAX_PROBES, Intent
from ui.state.seed_field import MAX_SEED
from ui.state.settings import Settings
from ui.view.resolve import Resolver
from ui.view.runs import runs_view
from ui.view.setup import NOISE_FILE, OTHERS
from ui.view.shown_maps import RangeAverages
from ui.view.view_state import BannerView, WindowView


class Inspection:
    """Holds the intent, asks the worker for what is missing, and shows what there is.

    Parameters
    ----------
    jobs
        Runs requests; its reports are to be handed to `receive`.
    show
        Called with a new view after every change.
    settings
        What was kept of the last time.
    clock
        Seconds, for playing.
    journal_failed
        Called in another thread when mask edits cannot be kept, with what is to be handed to
        `keeping.journal_failed` in this one.

    Attributes
    ----------
    steps, looks, runs, run_list, exports, readings, opening, masks
        What can be asked of the timeline, panels, runs, their list, exports, numbers, what is
        opened and the masks.
    ask_first
        Does what it is given once the person has said what becomes of unsaved work.
    keeping
        What keeps mask edits safe.
    """

    def __init__(
        self,
        jobs: Jobs,
        show: Callable[[WindowView], None],
        settings: Settings,
        clock: Callable[[], float] = time.monotonic,
        journal_failed: Callable[[Path, str], None] = lambda path, sentence: None,
    ) -> None:
        self._state = InspectionState(settings=settings, intent=Intent.from_settings(settings))
        self._dispatch = Dispatch(jobs, self._state)
        self.keeping = Keeping(self._state, self._dispatch, self._refresh, journal_failed)
        self._reception = Reception(self._state, self._dispatch, self.keeping)
        self._resolver = Resolver()
        self._averages = RangeAverages()
        self._resolved = WindowView()
        self._show = show
        self.masks = Masking(
            self._state, self._dispatch, self._refresh, self._redraw_masks, self.keeping
        )
        self.steps = Stepping(self._state, self._refresh, clock)
        self.opening = Opening(
            self._state,
            self._dispatch,
            self._refresh,
            open_model=self.open_model,
            open_session=self.open_session,
            choose_baseline=self.choose_baseline,
        )
        self.opening.import_mask = self.masks.import_file
        self._reception.take_mask = self.opening.take_mask
        self.runs = Running(self._state, self._dispatch, self._refresh)
        self.run_list = RunList(self._state, self._dispatch, self.keeping, self._refresh)
        self.ask_first: Callable[[Callable[[], None]], None] = lambda then: then()
        self.exports = Exporting(self._state, self._dispatch, self._refresh)
        self.readings = ReadingNumbers(self._state, self._dispatch, self._refresh)
        self.looks = Looking(self._state, self._dispatch, self._resolver, self._refresh)

    @property
    def settings(self) -> Settings:
        """What should outlive the window."""
        return self._state.intent.into_settings(self._state.settings)

    @property
    def intent(self) -> Intent:
        """What is chosen now; to be read only."""
        return self._state.intent

    @property
    def recognised(self) -> ask.Recognised | None:
        """What the last `recognise` found."""
        return self._reception.recognised

    @property
    def session_path(self) -> Path | None:
        """Where the open run was saved or opened from."""
        return self._state.results.session_path

    def view(self) -> WindowView:
        """Return the view as it is now."""
        state = self._state
        self.masks.follow()
        view = self._resolver.window(
            state.intent,
            state.results,
            state.activity,
            state.banner,
            runs=runs_view(state),
            prefetch=state.settings.prefetch,
        )
        self._resolved = self.keeping.marked(of_another_model(view, state))
        return self.masks.resolved(self._resolved)

    def receive(self, *arrived: reports.Report) -> None:
        """Take reports from the worker."""
        for report in arrived:
            self._reception.receive(report)
            self.masks.receive(report)
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
        self._dispatch.load_model(source, download=download)
        self._refresh()

    def reopen_model(self) -> None:
        """Open the model that the shown run belongs to."""
        source = source_of(self._state)
        if source:
            self.open_model(source)

    def retry_with_download(self) -> None:
        """Open the baseline or model that could not be found, this time from the hub."""
        if self._state.wanted_baseline:
            self.choose_baseline(self._state.wanted_baseline, download=True)
        else:
            self.open_model(self._state.wanted_model, download=True)

    def recognise(self, source: str, *, baseline: bool = False) -> None:
        """Ask what a model's name means, or a less-trained baseline's, for the chooser."""
        self._reception.recognised = None
        self._dispatch.recognise(source, baseline=baseline)

    def open_session(self, path: Path, *, add: bool = False) -> None:
        """Open a saved session in place of what is there, or add its runs to those."""
        if add:
            self._open(path, add=True)
        else:
            self.ask_first(lambda: self._open(path))

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
        state = self._state
        if key in (*OTHERS, state.intent.baseline):
            return
        self._state.begin_change()
        state.wanted_baseline = ""
        state.intent.baseline = key
        state.results.baseline_ready = False
        state.results.refused_baseline = ""
        if key == UNCONDITIONAL:
            state.results.baseline = state.results.baseline_name = ""
        self._dispatch.load_baseline(download=download)
        self._refresh()

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
            self._state.activity.message = tr("Cancelled.")
        self._refresh()

    def compute(self) -> None:
        """Compute the missing maps of this step at once."""
        self._state.begin_change()
        if not self._dispatch.localize():
            self._state.activity.message = tr("Every shown map is computed at this step.")
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
        self._state.banner = BannerView(sentence=sentence, details=details, severity=severity)
        self._refresh()

    def dismiss_banner(self) -> None:
        """Take the banner away."""
        if self._state.banner is None and not put_off(self._state):
            self.keeping.left_behind.put_off()
        self._state.banner = None
        self._refresh()

    def _refresh(self) -> None:
        if self._averages.keep(self._state.intent, self._state.results):
            self._dispatch.background()
        self._show(self.view())

    def _redraw_masks(self) -> None:
        self._show(self.masks.drawn(self._resolved))
