"""Compute maps of one step: the shown one, or ahead of the person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from memlens.maps.localization_map import LocalizationMap
from ui.jobs.job import Job, Manner, Request, Result
from ui.language.translation import tr
from ui.vocabulary.action_keys import ActionKey
from ui.vocabulary.map_key import MapKey


def _fewer_at_a_time(out_of_memory: bool) -> tuple[str, str] | None:
    if not out_of_memory:
        return None
    return (ActionKey.RETRY_SMALLER, tr("Try again, one probe at a time"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Localize(Request):
    """Compute maps of one step, one after the other, each better and better.

    Attributes
    ----------
    known
        Maps that are there with fewer probes: they are refined, not computed anew.
    """

    job: ClassVar[Job] = Job(
        name="localize",
        priority=200,
        work="localizing.localize",
        cancellable=True,
        offer=_fewer_at_a_time,
    )
    keys: tuple[MapKey, ...]
    probes: int
    probes_per_batch: int | None = None
    known: tuple[tuple[MapKey, LocalizationMap], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefetch(Request):
    """As `Localize`, for a step that is not shown: it gives way to everything else."""

    job: ClassVar[Job] = Job(
        name="prefetch",
        priority=270,
        work="localizing.localize",
        manner=Manner.BACKGROUND,
    )
    keys: tuple[MapKey, ...]
    probes: int
    probes_per_batch: int | None = None
    known: tuple[tuple[MapKey, LocalizationMap], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MapRefined(Result):
    """A map, or a better one for the same key; `complete` when all its probes are in.

    Attributes
    ----------
    probes
        How many were asked for; an estimator may round them down to whole repetitions.
    """

    key: MapKey
    map: LocalizationMap
    complete: bool
    probes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Localized(Result):
    """All maps of a `Localize` request are made."""

    seconds: float
    network_calls: int
