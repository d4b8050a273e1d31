"""Dispatch: which jobs are asked for, given intent and results."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from memlens.maps.localization_map import LocalizationMap
from memlens.methods.registry import UNCONDITIONAL
from memlens.models.sources import DEMO, is_hub_id
from ui.control.computing_ahead import keys_ahead
from ui.control.file_dispatch import FileDispatch
from ui.control.inspection_state import InspectionState
from ui.jobs import requests as ask
from ui.jobs.export_requests import DrawPreview, Export
from ui.jobs.mask_requests import MaskRequest
from ui.jobs.reading_requests import ReadingKey
from ui.jobs.requests import JobKind
from ui.view.readings import free_readings
from ui.view.resolve import free_maps, missing_maps, shown_step
from ui.view.setup import EARLY

BACKGROUND = (
    JobKind.FIND_MASK,
    JobKind.TRY_WAND,
    JobKind.COMPARE_MASKS,
    JobKind.FIND_TRUTH,
    JobKind.MEASURE,
    JobKind.FREE_MAPS,
    JobKind.FREE_READINGS,
    JobKind.THUMBNAILS,
    JobKind.FORGET_RUNS,
    JobKind.CHECK_BASELINES,
    JobKind.PREFETCH,
)
# Neither shown while it runs nor stopped by a new run.
QUIET = (
    JobKind.COUNT_TOKENS,
    JobKind.FIND_LEFT_BEHIND,
    JobKind.KEEP_RUN,
    JobKind.BRING_BACK,
    JobKind.DRAW_PREVIEW,
)
_MEASURED_PIXELS_PER_CHUNK = 40 * 128 * 128


class Jobs(Protocol):
    """What runs requests: `ui.jobs.runner.JobRunner`, or a list in tests."""

    def submit(self, request: ask.Request) -> int:
        """Queue a request and return its serial number."""
        ...

    def cancel(self, *jobs: JobKind) -> None:
        """Stop and drop requests of these kinds."""
        ...


class Dispatch:
    """Submits requests and remembers which of each kind is the newest.

    Attributes
    ----------
    files
        What is asked about session files.
    """

    def __init__(self, jobs: Jobs, state: InspectionState) -> None:
        self._jobs = jobs
        self._state = state
        self.files = FileDispatch(state, self._submit, self._begin_anew)
        self._newest: dict[JobKind, int] = {}
        self._given_up: set[tuple[JobKind, int]] = set()

    def in_flight(self, job: JobKind) -> bool:
        """Whether a request of this kind runs or waits."""
        return job in self._newest

    def is_newest(self, job: JobKind, serial: int) -> bool:
        """Whether `serial` is the newest request of its kind."""
        return self._newest.get(job) == serial

    def ended(self, job: JobKind, serial: int) -> None:
        """Note that a request has ended."""
        if self.is_newest(job, serial):
            del self._newest[job]

    def give_up(self, job: JobKind) -> None:
        """Ask no more for this background work during this run."""
        self._given_up.add((job, self._shown_run))

    def recognise(self, source: str, *, baseline: bool = False) -> None:
        """Ask what a model's name means, or a less-trained baseline's."""
        self._submit(ask.Recognise(source=source, baseline=baseline))

    def count_tokens(self) -> None:
        """Ask how many tokens the prompt takes."""
        prompt = self._state.intent.prompt
        if self._state.results.model is not None and prompt.strip() and _is_text(prompt):
            self._submit(ask.CountTokens(prompt=prompt))

    def load_model(self, source: str, *, download: bool = False) -> None:
        """Load a model; whatever runs on the one before is stopped."""
        intent = self._state.intent
        self._state.wanted_model, self._state.wanted_baseline = source, ""
        self._state.activity.loading = source
        self._state.queue.clear()
        self._stop(JobKind.LOAD_MODEL, JobKind.LOAD_BASELINE, JobKind.LOCALIZE, JobKind.READINGS)
        self._submit(
            ask.LoadModel(
                source=source, device=intent.device, dtype=intent.dtype, download=download
            )
        )

    def load_baseline(self, *, download: bool = False) -> None:
        """Load the chosen less-trained baseline, if one is chosen and can be."""
        results, chosen = self._state.results, self._state.intent.baseline
        if results.model is None or chosen == UNCONDITIONAL:
            return
        source = results.early if chosen == EARLY else chosen
        if source is not None:
            self._stop(JobKind.LOAD_BASELINE)
            self._submit(ask.LoadBaseline(source=str(source), download=download))

    def open_picture(self, path: Path, *, may_be_mask: bool = False) -> None:
        """Read a training picture at the size of the run; later, where there is none yet."""
        self._state.results.waiting_picture = (path, may_be_mask)
        self._open_waiting_picture()

    def fit_reference(self) -> None:
        """Read the training picture again where its size is not the run's."""
        waited, results = self._open_waiting_picture(), self._state.results
        path, size = results.reference_to_read(), results.picture_size
        if not waited and path is not None and size is not None:
            self._submit(ask.OpenPicture(path=path, size=size))

    def _open_waiting_picture(self) -> bool:
        waiting, size = self._state.results.waiting_picture, self._state.results.picture_size
        if waiting is None or size is None:
            return False
        self._state.results.waiting_picture = None
        self._submit(ask.OpenPicture(path=waiting[0], size=size, may_be_mask=waiting[1]))
        return True

    def check_baselines(self) -> None:
        """Ask which of the checkpoints that the person knows fit the open model."""
        settings = self._state.settings
        known = (*settings.recent_baselines, DEMO, *settings.recent_models)
        there = (s for s in known if s == DEMO or is_hub_id(s) or Path(s).expanduser().exists())
        self._submit(ask.CheckBaselines(sources=tuple(dict.fromkeys(there))))

    def sample(self) -> None:
        """Sample the chosen prompt, once per chosen seed; after what is sampled already."""
        state, intent = self._state, self._state.intent
        wanted = [
            ask.Sample(
                run=state.run_number + place,
                prompt=intent.prompt.strip(),
                seed=seed,
                steps=intent.steps,
                guidance_scale=intent.guidance_scale,
                noise=intent.noise,
            )
            for place, seed in enumerate(intent.seeds, 1)
        ]
        state.run_number += len(wanted)
        state.queue += wanted
        if state.activity.sampling:
            state.batch += len(wanted)
            return
        state.batch = len(state.queue)
        state.follows = True
        intent.step = -1
        intent.playing = False
        self._stop(JobKind.SAMPLE, JobKind.LOCALIZE, JobKind.READINGS, *BACKGROUND)
        self.sample_next()

    def cancel_queued(self, number: int) -> None:
        """Take a run out of the queue before it begins."""
        state = self._state
        before = len(state.queue)
        state.queue = [request for request in state.queue if request.run != number]
        state.batch -= before - len(state.queue)

    def sample_next(self) -> bool:
        """Sample the next run of the queue; False when there is none."""
        if not self._state.queue:
            return False
        self._state.activity.sampling = True
        self._submit(self._state.queue.pop(0))
        return True

    def localize(self) -> bool:
        """Compute the missing maps of the shown step; False when there are none."""
        state = self._state
        keys = missing_maps(state.intent, state.results)
        if not keys or state.activity.sampling or state.activity.loading:
            return False
        if self.in_flight(JobKind.LOCALIZE) and set(keys) <= state.activity.computing:
            return True
        self._stop(JobKind.LOCALIZE)
        state.activity.computing = frozenset(keys)
        self._submit(
            ask.Localize(
                keys=keys,
                probes=state.intent.probes,
                probes_per_batch=state.intent.probes_per_batch,
                known=self._known(keys),
            )
        )
        return True

    def export(self, request: Export | DrawPreview) -> None:
        """Write an export or draw its preview; one that still runs is stopped."""
        self._stop(request.job)
        self._submit(request)

    def background(self) -> None:
        """Ask for what is missing behind the scenes, a chunk of each kind at a time."""
        state = self._state
        run = state.results.run
        if run is None or state.activity.sampling:
            return
        self._measure()
        if not state.idle_work or run.trajectory is None:
            return
        free = free_maps(state.intent, state.results)
        if free and self._may(JobKind.FREE_MAPS):
            shown = shown_step(state.intent, state.results)
            keys = tuple(sorted(free, key=lambda key: abs(key.step - shown)))
            self._submit(ask.MakeFreeMaps(run=run.number, keys=keys))
        unread, maps = free_readings(
            state.intent, state.results, shown_step(state.intent, state.results)
        )
        if unread and self._may(JobKind.FREE_READINGS):
            self._submit(ask.ReadFree(keys=unread, maps=maps))
        blank = tuple(step for step in range(run.reached) if step not in run.pictures)
        attached = state.results.model is not None and not run.detached
        if blank and attached and self._may(JobKind.THUMBNAILS):
            self._submit(ask.DecodeThumbnails(run=run.number, steps=self._nearest_first(blank)))
        if attached and self._may(JobKind.PREFETCH):
            self._prefetch()

    def compute_reading(self, key: ReadingKey, maps: tuple[LocalizationMap, ...]) -> None:
        """Compute one reading; maps that are there are read, not computed again."""
        state = self._state
        self._stop(JobKind.READINGS)
        state.activity.reading = frozenset({key})
        self._submit(
            ask.ComputeReading(
                key=key,
                maps=maps,
                probes=state.intent.probes,
                estimator=state.intent.estimator,
                probe_seed=state.intent.probe_seed,
                probes_per_batch=state.intent.probes_per_batch,
            )
        )

    def ask_about_masks(self, request: MaskRequest) -> None:
        """Ask the worker to find, compare, read or write masks."""
        self._submit(request)

    def find_truth(self) -> None:
        """Ask whether the lab knows the mask of a run that has none."""
        run = self._state.results.run
        if run is not None and run.trajectory is not None and not run.masks:
            self._submit(ask.FindTruth(run=run.number))

    def cancel(self) -> None:
        """Stop all that computes; what came stays."""
        self._state.idle_work = False
        self._state.queue.clear()
        self._stop(
            JobKind.LOAD_MODEL,
            JobKind.LOAD_BASELINE,
            JobKind.SAMPLE,
            JobKind.LOCALIZE,
            JobKind.READINGS,
            JobKind.EXPORT,
            JobKind.CUT_PICTURE,
            *BACKGROUND,
        )
        activity = self._state.activity
        activity.sampling, activity.loading = False, ""
        activity.text, activity.fraction, activity.seconds_left = "", 0.0, None

    def stop_prefetch(self) -> None:
        """Stop computing ahead."""
        self._stop(JobKind.PREFETCH)

    def _prefetch(self) -> None:
        """Compute a neighbour of the shown step, one step a request, while all else rests."""
        busy = self._newest.keys() - {JobKind.COUNT_TOKENS, JobKind.KEEP_RUN}
        keys = () if busy else keys_ahead(self._state)
        if keys:
            intent = self._state.intent
            self._submit(
                ask.Prefetch(
                    keys=keys,
                    probes=intent.probes,
                    probes_per_batch=intent.probes_per_batch,
                    known=self._known(keys),
                )
            )

    def _known(
        self, keys: tuple[ask.MapKey, ...]
    ) -> tuple[tuple[ask.MapKey, LocalizationMap], ...]:
        found = ((key, self._state.results.maps.get(key)) for key in keys)
        return tuple((key, map_) for key, map_ in found if map_ is not None)

    def _measure(self) -> None:
        state = self._state
        mask = state.results.mask
        if mask is None or not self._may(JobKind.MEASURE):
            return
        smoothing = state.intent.smoothing
        maps = state.results.maps.unmeasured(smoothing)
        if not maps:
            return
        step = shown_step(state.intent, state.results)
        maps.sort(key=lambda item: abs(item[0].step - step))
        count = max(1, _MEASURED_PIXELS_PER_CHUNK // mask.pixels.size)
        self._submit(
            ask.Measure(token=mask, maps=tuple(maps[:count]), smoothing=smoothing, mask=mask.pixels)
        )

    def _may(self, job: JobKind) -> bool:
        return not self.in_flight(job) and (job, self._shown_run) not in self._given_up

    @property
    def _shown_run(self) -> int:
        run = self._state.results.run
        return run.number if run is not None else 0

    def _nearest_first(self, steps: tuple[int, ...]) -> tuple[int, ...]:
        shown = shown_step(self._state.intent, self._state.results)
        return tuple(sorted(steps, key=lambda step: abs(step - shown)))

    def _begin_anew(self) -> None:
        """Stop what is done for runs that are about to go."""
        self._state.queue.clear()
        self._state.activity.sampling = False
        self._stop(JobKind.SAMPLE, JobKind.LOCALIZE, JobKind.READINGS, *BACKGROUND)

    def _submit(self, request: ask.Request) -> None:
        if request.job not in (*BACKGROUND, JobKind.COUNT_TOKENS):
            self._stop(JobKind.PREFETCH)
        self._newest[request.job] = self._jobs.submit(request)

    def _stop(self, *jobs: JobKind) -> None:
        self._jobs.cancel(*jobs)
        for job in jobs:
            self._newest.pop(job, None)
        if JobKind.READINGS in jobs:
            self._state.activity.reading = frozenset()
        if JobKind.LOCALIZE in jobs:
            self._state.activity.computing = frozenset()


def _is_text(prompt: str) -> bool:
    """Whether no character is half of one, as while a keyboard composes it."""
    return not any("\ud800" <= letter <= "\udfff" for letter in prompt)
