"""Job: what kind of work a request is, and how the window treats it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import ClassVar


class Manner(Enum):
    """How much the person hears of a job."""

    SHOWN = auto()  # its progress in the status line, its failure in the banner
    BACKGROUND = auto()  # stopped by a new run; its failure is a message
    QUIET = auto()  # neither shown nor stopped


def _nothing(out_of_memory: bool) -> tuple[str, str] | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Job:
    """One kind of job; of each kind one request runs and one waits, the newest.

    Attributes
    ----------
    name
        What it is called, no two alike.
    priority
        The lower number goes first when several wait.
    work
        Module and function in `ui.worker` that carry it out, "masks.find".
    slips_through
        Whether it is small enough to be carried out between two network calls of another job.
    cancellable
        Whether Cancel stops it; work in the background always is.
    offer
        Given whether memory ran out, returns (action key, label) of the way on after a failure.
    """

    name: str
    priority: int
    work: str
    manner: Manner = Manner.SHOWN
    slips_through: bool = False
    cancellable: bool = False
    offer: Callable[[bool], tuple[str, str] | None] = _nothing

    @property
    def background(self) -> bool:
        """Whether it is done behind the scenes."""
        return self.manner is Manner.BACKGROUND

    @property
    def shown(self) -> bool:
        """Whether the person hears of it."""
        return self.manner is Manner.SHOWN


class Request:
    """What the worker is asked for; frozen."""

    __slots__ = ()
    job: ClassVar[Job]


class Result:
    """What comes back; frozen."""

    __slots__ = ()


def kinds_of_job(where: Callable[[Job], bool]) -> tuple[Job, ...]:
    """Return the kinds of job that can have been asked for, as far as `where` holds."""
    # A class with slots is made anew by its decorator: the first one may be there still.
    known = dict.fromkeys(kind.job for kind in Request.__subclasses__() if hasattr(kind, "job"))
    return tuple(job for job in known if where(job))
