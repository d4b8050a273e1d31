"""Dispatch: which jobs are asked for, given intent and results."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from memlens.maps.localization_map import LocalizationMap
from memlens.methods.registry import UNCONDITIONAL
from memlens.models.sources import DEMO, is_hub_id
from ui.control.answers import Answers
from ui.control.computing_ahead import keys_ahead
from ui.control.file_dispatch import FileDispatch
from ui.control.inspection_state import InspectionState
from ui.jobs.check_baselines import CheckBaselines
from ui.jobs.compute_reading import ComputeReading
from ui.jobs.count_tokens import CountTokens
from ui.jobs.decode_thumbnails import DecodeThumbnails
from ui.jobs.draw_preview import DrawPreview
from ui.jobs.export import Export
from ui.jobs.find_truth import FindTruth
from ui.jobs.job import Job, Request, kinds_of_job
from ui.jobs.keep_run import KeepRun
from ui.jobs.load_baseline import LoadBaseline
from ui.jobs.load_model import LoadModel
from ui.jobs.localize import Localize, Prefetch
from ui.jobs.make_free_maps import MakeFreeMaps
from ui.jobs.measure import Measure
from ui.jobs.open_picture import OpenPicture
from ui.jobs.read_free import ReadFree
from ui.jobs.recognise import Recognise
from ui.jobs.sample import Sample
from ui.view.missing_maps import free_maps, missing_maps
from ui.view.readings import free_readings
from ui.view.setup import EARLY
from ui.view.shown_maps import shown_step
from ui.vocabulary.map_key import MapKey
from ui.vocabulary.reading_key import ReadingKey

_MEASURED_PIXELS_PER_CHUNK = 40 * 128 * 128


class Jobs(Protocol):
    """What runs requests: `ui.jobs.runner.JobRunner`, or a list in tests."""

    def submit(self, request: Request) -> int:
        """Queue a request and return its serial number."""
        ...

    def cancel(self, *jobs: Job) -> None:
        """Stop and drop requests of these kinds."""
        ...


class Dispatch:
    """Submits requests and remembers which of each kind is the newest.

    Attributes
    ----------
    files
        What is asked about session files.
    answers
        Hands on what comes back.
    """

    def __init__(self, jobs: Jobs, state: InspectionState) -> None:
        self._jobs = jobs
        self.answers = Answers()
        self._state = state
        self.files = FileDispatch(state, self._submit, self._begin_anew)
        self._newest: dict[Job, int] = {}
        self._given_up: set[tuple[Job, int]] = set()
        self._sampled = 0
        self._when_sampled: Callable[[], None] | None = None

    def in_flight(self, job: Job) -> bool:
        """Whether a request of this kind runs or waits."""
        return job in self._newest

    def is_newest(self, job: Job, serial: int) -> bool:
        """Whether `serial` is the newest request of its kind."""
        return self._newest.get(job) == serial

    def ended(self, job: Job, serial: int) -> None:
        """Note that a request has ended."""
        if self.is_newest(job, serial):
            del self._newest[job]

    def give_up(self, job: Job) -> None:
        """Ask no more for this background work during this run."""
        self._given_up.add((job, self._shown_run))

    def recognise(self, source: str, *, baseline: bool = False) -> None:
        """Ask what a model's name means, or a less-trained baseline's."""
        self._submit(Recognise(source=source, baseline=baseline))

    def count_tokens(self) -> None:
        """Ask how many tokens the prompt takes."""
        prompt = self._state.intent.prompt
        if self._state.results.model is not None and prompt.strip() and _is_text(prompt):
            self._submit(CountTokens(prompt=prompt))

    def load_model(self, source: str, *, download: bool = False) -> None:
        """Load a model; whatever runs on the one before is stopped."""
        intent = self._state.intent
        self._state.wanted_model, self._state.wanted_baseline = source, ""
        self._state.activity.loading = source
        self._state.queue.clear()
        self._stop(LoadModel.job, LoadBaseline.job, Localize.job, ComputeReading.job)
        self._submit(
            LoadModel(source=source, device=intent.device, dtype=intent.dtype, download=download)
        )

    def load_baseline(self, *, download: bool = False) -> None:
        """Load the chosen less-trained baseline, if one is chosen and can be."""
        results, chosen = self._state.results, self._state.intent.baseline
        if results.model is None or chosen == UNCONDITIONAL:
            return
        source = results.early if chosen == EARLY else chosen
        if source is not None:
            self._stop(LoadBaseline.job)
            self._submit(LoadBaseline(source=str(source), download=download))

    def open_picture(self, path: Path, *, may_be_mask: bool = False) -> None:
        """Read a training picture at the size of the run; later, where there is none yet."""
        self._state.results.waiting_picture = (path, may_be_mask)
        self._open_waiting_picture()

    def fit_reference(self) -> None:
        """Read the training picture again where its size is not the run's."""
        waited, results = self._open_waiting_picture(), self._state.results
        path, size = results.reference_to_read(), results.picture_size
        if not waited and path is not None and size is not None:
            self._submit(OpenPicture(path=path, size=size))

    def _open_waiting_picture(self) -> bool:
        waiting, size = self._state.results.waiting_picture, self._state.results.picture_size
        if waiting is None or size is None:
            return False
        self._state.results.waiting_picture = None
        self._submit(OpenPicture(path=waiting[0], size=size, may_be_mask=waiting[1]))
        return True

    def check_baselines(self) -> None:
        """Ask which of the checkpoints that the person knows fit the open model."""
        settings = self._state.settings
        known = (*settings.recent_baselines, DEMO, *settings.recent_models)
        there = (s for s in known if s == DEMO or is_hub_id(s) or Path(s).expanduser().exists())
        self._submit(CheckBaselines(sources=tuple(dict.fromkeys(there))))

    def sample(self) -> None:
        """Sample the chosen prompt, once per chosen seed; after what is sampled already."""
        state, intent = self._state, self._state.intent
        wanted = [
            Sample(
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
        self._stop(Sample.job, Localize.job, ComputeReading.job, *_in_background())
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
        self._sampled = self._state.queue[0].run
        self._submit(self._state.queue.pop(0))
        return True

    def stop_sampling(self, then: Callable[[], None] = lambda: None) -> None:
        """Take back what waits, stop what is sampled, and call `then` once what it reached is here.

        A run that has not begun is dropped without a report, and reached nothing.
        """
        state = self._state
        under_way = state.activity.sampling and state.history.get(self._sampled) is not None
        state.queue.clear()
        state.activity.sampling = False
        self._stop(Sample.job)
        if under_way:
            self._when_sampled = then
        else:
            then()

    def sampling_ended(self) -> None:
        """Note that the worker is done with a run, for whatever reason."""
        then, self._when_sampled = self._when_sampled, None
        if then is not None:
            then()

    def localize(self) -> bool:
        """Compute the missing maps of the shown step; False when there are none."""
        state = self._state
        keys = missing_maps(state.intent, state.results)
        if not keys or state.activity.sampling or state.activity.loading:
            return False
        if self.in_flight(Localize.job) and set(keys) <= state.activity.computing:
            return True
        self._stop(Localize.job)
        state.activity.computing = frozenset(keys)
        self._submit(
            Localize(
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
        if free and self._may(MakeFreeMaps.job):
            shown = shown_step(state.intent, state.results)
            keys = tuple(sorted(free, key=lambda key: abs(key.step - shown)))
            self._submit(MakeFreeMaps(run=run.number, keys=keys))
        unread, maps = free_readings(
            state.intent, state.results, shown_step(state.intent, state.results)
        )
        if unread and self._may(ReadFree.job):
            self._submit(ReadFree(keys=unread, maps=maps))
        blank = tuple(step for step in range(run.reached) if step not in run.pictures)
        attached = state.results.model is not None and not run.detached
        if blank and attached and self._may(DecodeThumbnails.job):
            self._submit(DecodeThumbnails(run=run.number, steps=self._nearest_first(blank)))
        if attached and self._may(Prefetch.job):
            self._prefetch()

    def compute_reading(self, key: ReadingKey, maps: tuple[LocalizationMap, ...]) -> None:
        """Compute one reading; maps that are there are read, not computed again."""
        state = self._state
        self._stop(ComputeReading.job)
        state.activity.reading = frozenset({key})
        self._submit(
            ComputeReading(
                key=key,
                maps=maps,
                probes=state.intent.probes,
                estimator=state.intent.estimator,
                probe_seed=state.intent.probe_seed,
                probes_per_batch=state.intent.probes_per_batch,
            )
        )

    def ask_about_masks(self, request: Request) -> None:
        """Ask the worker to find, compare, read or write masks."""
        self._submit(request)

    def find_truth(self) -> None:
        """Ask whether the lab knows the mask of a run that has none."""
        run = self._state.results.run
        if run is not None and run.trajectory is not None and not run.masks:
            self._submit(FindTruth(run=run.number))

    def cancel(self) -> None:
        """Stop all that computes; what came stays."""
        self._state.idle_work = False
        self._state.queue.clear()
        self._stop(*kinds_of_job(lambda job: job.cancellable or job.background))
        activity = self._state.activity
        activity.sampling, activity.loading = False, ""
        activity.text, activity.fraction, activity.seconds_left = "", 0.0, None

    def stop_prefetch(self) -> None:
        """Stop computing ahead."""
        self._stop(Prefetch.job)

    def _prefetch(self) -> None:
        """Compute a neighbour of the shown step, one step a request, while all else rests."""
        busy = self._newest.keys() - {CountTokens.job, KeepRun.job}
        keys = () if busy else keys_ahead(self._state)
        if keys:
            intent = self._state.intent
            self._submit(
                Prefetch(
                    keys=keys,
                    probes=intent.probes,
                    probes_per_batch=intent.probes_per_batch,
                    known=self._known(keys),
                )
            )

    def _known(self, keys: tuple[MapKey, ...]) -> tuple[tuple[MapKey, LocalizationMap], ...]:
        found = ((key, self._state.results.maps.get(key)) for key in keys)
        return tuple((key, map_) for key, map_ in found if map_ is not None)

    def _measure(self) -> None:
        state = self._state
        mask = state.results.mask
        if mask is None or not self._may(Measure.job):
            return
        smoothing = state.intent.smoothing
        maps = state.results.maps.unmeasured(smoothing)
        if not maps:
            return
        step = shown_step(state.intent, state.results)
        maps.sort(key=lambda item: abs(item[0].step - step))
        count = max(1, _MEASURED_PIXELS_PER_CHUNK // mask.pixels.size)
        self._submit(
            Measure(token=mask, maps=tuple(maps[:count]), smoothing=smoothing, mask=mask.pixels)
        )

    def _may(self, job: Job) -> bool:
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
        self._stop(Sample.job, Localize.job, ComputeReading.job, *_in_background())

    def _submit(self, request: Request) -> None:
        if not (request.job.background or request.job is CountTokens.job):
            self._stop(Prefetch.job)
        self._newest[request.job] = self._jobs.submit(request)

    def _stop(self, *jobs: Job) -> None:
        self._jobs.cancel(*jobs)
        for job in jobs:
            self._newest.pop(job, None)
        if ComputeReading.job in jobs:
            self._state.activity.reading = frozenset()
        if Localize.job in jobs:
            self._state.activity.computing = frozenset()


def _in_background() -> tuple[Job, ...]:
    return kinds_of_job(lambda job: job.background)


def _is_text(prompt: str) -> bool:
    """Whether no character is half of one, as while a keyboard composes it."""
    return not any("\ud800" <= letter <= "\udfff" for letter in prompt)
