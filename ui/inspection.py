"""Inspection: the controller. What a person asks for goes in, window views come out. No Qt."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from memlens.methods.registry import MAP_KINDS, UNCONDITIONAL
from memlens.models.sources import DEMO, demo_folder
from ui import reports
from ui import requests as ask
from ui.dispatch import Dispatch, Jobs
from ui.inspection_state import InspectionState
from ui.intent import LAYOUTS, MAX_PROBES, PRESETS, Intent
from ui.playing import step_due
from ui.reception import Reception
from ui.resolve import Resolver, shown_step
from ui.settings import Settings
from ui.setup_view import OTHER
from ui.translation import tr
from ui.view_state import MASK, PICTURE, BannerView, Compare, WindowView

MAX_SEED = 2**31 - 1


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
    """

    def __init__(
        self,
        jobs: Jobs,
        show: Callable[[WindowView], None],
        settings: Settings,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._state = InspectionState(settings=settings, intent=Intent.from_settings(settings))
        self._dispatch = Dispatch(jobs, self._state)
        self._reception = Reception(self._state, self._dispatch)
        self._resolver = Resolver()
        self._show = show
        self._clock = clock
        self._play_from = (0.0, 0)

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
        return self._resolver.window(state.intent, state.results, state.activity, state.banner)

    def receive(self, *arrived: reports.Report) -> None:
        """Take reports from the worker."""
        for report in arrived:
            self._reception.receive(report)
        self._refresh()

    # -- opening and saving

    def start(self, path: Path | None, demo_session: Path) -> None:
        """Open what was asked for, or the demo."""
        if path is not None:
            self.open_path(path)
        elif demo_session.is_file():
            self._dispatch.open_session(demo_session)
        elif (demo_folder() / "model_index.json").is_file():
            self.open_model(DEMO)
        self._refresh()

    def open_path(self, path: Path) -> None:
        """Open a session or a model's folder, whichever the path is."""
        if path.is_dir():
            self.open_model(str(path))
        elif path.suffix == ".memlens":
            self.open_session(path)
        else:
            sentence = tr("{path} is neither a session (.memlens) nor a model's folder.")
            self.report_problem(sentence.format(path=path))

    def open_model(self, source: str, *, download: bool = False) -> None:
        """Open "demo", a folder or a hub id."""
        self._changes()
        self._state.keep_guidance = False
        self._dispatch.load_model(source, download=download)
        self._refresh()

    def retry_with_download(self) -> None:
        """Open the model that could not be found, this time from the hub."""
        self.open_model(self._state.wanted_model, download=True)

    def recognise(self, source: str) -> None:
        """Ask what a model's name means, for the chooser."""
        self._dispatch.recognise(source)

    def open_session(self, path: Path) -> None:
        """Open a saved session."""
        self._changes()
        self._dispatch.open_session(path)
        self._refresh()

    def save_session(self, path: Path) -> None:
        """Save the open run."""
        self._dispatch.save_session(path, self._state.intent.to_view())
        self._refresh()

    def choose_baseline(self, key: str) -> None:
        """Choose "unconditional", "early" or the path of a less-trained checkpoint."""
        state = self._state
        if key in (OTHER, state.intent.baseline):
            return
        self._changes()
        state.intent.baseline = key
        state.results.baseline_ready = False
        state.results.refused_baseline = ""
        if key == UNCONDITIONAL:
            state.results.baseline = state.results.baseline_name = ""
        self._dispatch.load_baseline()
        self._refresh()

    # -- setup

    def set_prompt(self, prompt: str) -> None:
        """Change the prompt of the next run."""
        self._state.intent.prompt = prompt
        self._refresh()

    def set_seed(self, seed: int) -> None:
        """Change the seed of the next run."""
        self._state.intent.seed = min(max(0, seed), MAX_SEED)
        self._refresh()

    def set_steps(self, steps: int) -> None:
        """Change the number of steps of the next run."""
        self._state.intent.steps = max(1, steps)
        self._refresh()

    def set_guidance_scale(self, scale: float) -> None:
        """Change the guidance scale of the next run."""
        self._state.intent.guidance_scale = scale
        self._refresh()

    def set_estimator(self, estimator: str) -> None:
        """Change how curvature is estimated from now on."""
        self._changes()
        self._state.intent.estimator = estimator
        self._refresh()

    def set_probes(self, probes: int) -> None:
        """Change how many probes a curvature map takes from now on."""
        self._changes()
        self._state.intent.probes = min(max(1, probes), MAX_PROBES)
        self._refresh()

    # -- running

    def run(self) -> None:
        """Sample the prompt as a new run."""
        if self.view().setup.disabled_reason:
            return
        self._changes()
        self._state.banner = None
        self._dispatch.sample()
        self._refresh()

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
        self._changes()
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

    # -- timeline

    def choose_step(self, step: int) -> None:
        """Show another step; out of range means the nearest there is."""
        run = self._state.results.run
        if run is None or run.reached == 0:
            return
        self._changes()
        self._state.intent.step = min(max(0, step), run.reached - 1)
        self._play_from = (self._clock(), self._state.intent.step)
        self._refresh()

    def step_by(self, steps: int) -> None:
        """Move along the timeline."""
        self.choose_step(shown_step(self._state.intent, self._state.results) + steps)

    def first_step(self) -> None:
        """Show the step with most noise."""
        self.choose_step(0)

    def last_step(self) -> None:
        """Show the newest step."""
        run = self._state.results.run
        self.choose_step(run.reached - 1 if run is not None else 0)

    def toggle_play(self) -> None:
        """Start or stop playing."""
        run = self._state.results.run
        if run is None or run.reached < 2:
            return
        self._changes()
        intent = self._state.intent
        intent.playing = not intent.playing
        self._play_from = (self._clock(), shown_step(intent, self._state.results))
        self._refresh()

    def tick(self) -> None:
        """Show the step that is due while playing."""
        run = self._state.results.run
        if not self._state.intent.playing or run is None or run.reached == 0:
            return
        intent = self._state.intent
        first, last = intent.window or (0, run.reached - 1)
        since, step = self._play_from
        frames = int((self._clock() - since) * intent.rate)
        due = step_due(step, frames, first, min(last, run.reached - 1), intent.repeat)
        if due is None:
            intent.playing = False
        if due != intent.step:
            intent.step = intent.step if due is None else due
            self._refresh()

    def choose_repeat(self, repeat: str) -> None:
        """Choose what playing does at the end: "loop", "ping-pong" or "once"."""
        self._state.intent.repeat = repeat
        self._replay()

    def choose_rate(self, rate: float) -> None:
        """Choose how many steps a second are played."""
        self._state.intent.rate = min(max(0.5, rate), 60.0)
        self._replay()

    def choose_window(self, first: int, last: int) -> None:
        """Keep playing within these steps."""
        self._state.intent.window = (min(first, last), max(first, last))
        self._replay()

    def clear_window(self) -> None:
        """Play all steps."""
        self._state.intent.window = None
        self._replay()

    def _replay(self) -> None:
        self._play_from = (self._clock(), shown_step(self._state.intent, self._state.results))
        self._refresh()

    # -- panels and display

    def activate_panel(self, place: int) -> None:
        """Make a panel the active one."""
        if 0 <= place < len(self._state.intent.panels):
            self._state.intent.active_panel = place
            self._refresh()

    def choose_content(self, place: int, content: str) -> None:
        """Show another map, the picture or the mask in a panel."""
        intent = self._state.intent
        if content in (PICTURE, MASK, *MAP_KINDS) and 0 <= place < len(intent.panels):
            self._changes()
            intent.panels[place] = content
            intent.active_panel = place
            self._refresh()

    def toggle_difference(self) -> None:
        """Turn curvature into score difference and back in the active panel."""
        self._changes()
        if not self._state.intent.toggle_difference():
            self._state.activity.message = tr("Choose a panel that shows a map first (1 to 6).")
        self._refresh()

    def choose_layout(self, count: int) -> None:
        """Show 1, 2, 3, 4 or 6 panels."""
        if count in LAYOUTS:
            self._changes()
            self._state.intent.choose_layout(count)
            self._refresh()

    def choose_preset(self, name: str) -> None:
        """Arrange the panels as a preset says."""
        if name in PRESETS:
            self._changes()
            self._state.intent.choose_preset(name)
            self._refresh()

    def hold_bare_picture(self, held: bool) -> None:
        """Show the bare picture for as long as it is held."""
        if self._state.intent.bare_picture != held:
            self._state.intent.bare_picture = held
            self._refresh()

    def choose_units(self, units: str) -> None:
        """Show canonical or the paper's units."""
        self._state.intent.units = units if units == "paper" else "canonical"
        self._refresh()

    def choose_stretch(self, stretched: bool) -> None:
        """Stretch levels to each map, or keep 0..1 for all."""
        self._state.intent.stretched = stretched
        self._state.intent.levels = (0.0, 1.0)
        self._refresh()

    def choose_levels(self, low: float, high: float) -> None:
        """Draw all maps between two levels, in the active panel's display units."""
        scale = self._resolver.scale_of_active(self._state.intent, self._state.results)
        if high > low and scale:
            self._state.intent.stretched = False
            self._state.intent.levels = (low / scale, high / scale)
            self._refresh()

    def choose_threshold(self, threshold: float) -> None:
        """Draw the predicted mask above a threshold, in the active panel's display units."""
        scale = self._resolver.scale_of_active(self._state.intent, self._state.results)
        self._state.intent.threshold = threshold / scale if scale else None
        self._refresh()

    def choose_compare(self, compare: str) -> None:
        """Compare the active panel with another: one of `Compare`'s values."""
        self._state.intent.compare = Compare(compare)
        self._refresh()

    def swap_panels(self, one: int, other: int) -> None:
        """Let two panels change places."""
        panels = self._state.intent.panels
        if 0 <= one < len(panels) and 0 <= other < len(panels):
            panels[one], panels[other] = panels[other], panels[one]
            self._state.intent.active_panel = other
            self._refresh()

    def toggle_stretch(self) -> None:
        """Change between absolute and stretched levels."""
        self.choose_stretch(not self._state.intent.stretched)

    def choose_smoothing(self, window: int) -> None:
        """Show maps under a mean filter of an odd width."""
        if window >= 1 and window % 2 == 1:
            self._state.intent.smoothing = window
            self._dispatch.background()
            self._refresh()

    def choose_colormap(self, name: str) -> None:
        """Draw maps in another colormap."""
        self._state.intent.colormap = name
        self._refresh()

    def choose_opacity(self, opacity: float) -> None:
        """Draw maps more or less opaque over the picture."""
        self._state.intent.opacity = min(max(0.0, opacity), 1.0)
        self._refresh()

    def choose_nearest(self, nearest: bool) -> None:
        """Draw latent coordinates as squares, or smoothly."""
        self._state.intent.nearest = nearest
        self._refresh()

    def choose_outline(self, outline: bool) -> None:
        """Outline the mask, or not."""
        self._state.intent.outline = outline
        self._refresh()

    def toggle_outline(self) -> None:
        """Show or hide the mask's outline."""
        self.choose_outline(not self._state.intent.outline)

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
        self._state.banner = None
        self._refresh()

    def _changes(self) -> None:
        self._state.idle_work = True
        self._state.activity.message = ""

    def _refresh(self) -> None:
        self._show(self.view())
