"""Reports: how the worker thread tells what becomes of each request; all of it frozen."""

from __future__ import annotations

from dataclasses import dataclass

from ui.jobs.job import Job, Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """A job has begun."""

    serial: int
    job: Job


@dataclass(frozen=True, slots=True, kw_only=True)
class Progressed:
    """A job has moved on; `seconds_left` is None until it can be told."""

    serial: int
    job: Job
    done: int
    total: int
    activity: str
    seconds_left: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A result, partial until `final`."""

    serial: int
    job: Job
    result: Result
    final: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A job ended in an exception.

    Attributes
    ----------
    sentence
        For the banner.
    details
        The traceback, folded away.
    out_of_memory
        Whether smaller batches may help.
    """

    serial: int
    job: Job
    sentence: str
    details: str
    out_of_memory: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """A job was cancelled; what it delivered before stays."""

    serial: int
    job: Job


Report = Started | Progressed | Arrived | Failed | Stopped
