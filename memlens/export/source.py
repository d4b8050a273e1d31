"""What is exported, and how it is drawn; frozen, so that it can cross to another thread."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from memlens.controls.comparison import Comparison
from memlens.errors import SettingsError
from memlens.files.sessions import NamedMask, Session
from memlens.maps.colormap import INFERNO
from memlens.maps.displayed import CANONICAL, PAPER
from memlens.maps.localization_map import LocalizationMap
from memlens.methods.registry import MAP_KINDS
from memlens.readings.reading import Reading
from memlens.readings.registry import READINGS

PICTURE, MASK = "picture", "mask"
BEST = "best"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How maps are drawn.

    Attributes
    ----------
    units
        "canonical" or "paper".
    smoothing
        Side of the mean filter, odd.
    stretched
        Levels min..p99 of each map instead of `levels`.
    log_scale
        Colours follow the logarithm of the values, on both sides of 0.
    levels
        What lies at the two ends of the colours, as shares of each kind's own levels (0..1
        canonical; −1..1 for a cosine).
    colours
        256 colours, (256, 3), uint8.
    nearest
        Latent coordinates as squares; False draws them smoothly.
    over_picture
        Share of the map over the picture, 0..1; 1 covers the picture.
    outline
        Whether the mask is outlined.
    surprise
        Colours mean surprise against controls, 0 to 4, wherever it is known.
    regions
        Whether regions beyond controls are outlined, with their p.
    contour
        Outlines the predicted mask at this canonical threshold, or at the one of "best" IoU;
        None for no contour.
    """

    units: str = CANONICAL
    smoothing: int = 1
    stretched: bool = False
    log_scale: bool = False
    levels: tuple[float, float] = (0.0, 1.0)
    colours: NDArray[np.uint8] = field(default_factory=lambda: INFERNO)
    nearest: bool = True
    over_picture: float = 1.0
    outline: bool = True
    contour: float | str | None = None
    surprise: bool = False
    regions: bool = True

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn."""
        if self.units not in (CANONICAL, PAPER):
            raise SettingsError(f"no units are called {self.units!r}: choose canonical or paper.")
        if self.smoothing < 1 or self.smoothing % 2 == 0:
            raise SettingsError(f"smoothing {self.smoothing} must be odd and at least 1.")
        if not self.levels[1] > self.levels[0]:
            raise SettingsError(f"levels {self.levels} must rise.")
        if isinstance(self.contour, str) and self.contour != BEST:
            raise SettingsError(f'contour {self.contour!r} must be a number or "{BEST}".')


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What can be exported.

    Attributes
    ----------
    session
        Trajectory, maps, masks. The first mask is the one that maps are compared with; of
        several maps of one kind and step the first is the one that is drawn.
    readings
        Numbers read off the run.
    pictures
        x̂₀ per step where it was decoded, instead of the session's thumbnails.
    averages
        Means over a range of steps, drawn instead of the maps of each step in it.
    name
        Of the session's file, "" for one that was not saved.
    comparison
        Maps and readings against controls; None where there are none.
    """

    session: Session
    readings: tuple[Reading, ...] = ()
    pictures: tuple[NDArray[np.uint8] | None, ...] = ()
    averages: tuple[LocalizationMap, ...] = ()
    name: str = ""
    comparison: Comparison | None = None

    @property
    def pinned(self) -> NamedMask | None:
        """The mask that maps are compared with."""
        return self.session.masks[0] if self.session.masks else None

    @property
    def mask(self) -> NDArray[np.bool_] | None:
        """Its pixels."""
        return None if self.pinned is None else self.pinned.pixels

    @property
    def last_step(self) -> int:
        """The step with least noise."""
        return len(self.session.trajectory.schedule) - 1

    def map_at(self, kind: str, step: int) -> LocalizationMap | None:
        """Return the map drawn for this kind and step, None if it is not computed."""
        averages = (m for m in self.averages if m.kind == kind and step in steps_of_map(m))
        found = (m for m in self.session.maps if m.kind == kind and m.step == step)
        return next(averages, None) or next(found, None)

    def kinds_at(self, step: int) -> tuple[str, ...]:
        """Return the kinds of map computed at `step`, in the registry's order."""
        there = {found.kind for found in self.session.maps if found.step == step}
        return tuple(kind for kind in MAP_KINDS if kind in there)

    def steps_of(self, contents: tuple[str, ...]) -> tuple[int, ...]:
        """Return the steps at which all these kinds of map are computed."""
        there = {(found.kind, found.step) for found in self.session.maps}
        kinds = [content for content in contents if content in MAP_KINDS]
        return tuple(
            step
            for step in range(self.last_step + 1)
            if all((kind, step) in there for kind in kinds)
        )

    def picture_at(self, step: int) -> NDArray[np.uint8]:
        """Return x̂₀ at `step` where it was kept, else the finished picture."""
        kept = self.pictures or self.session.thumbnails
        found: NDArray[np.uint8] | None = None
        if kept is not None and step != self.last_step:
            found = kept[step]
        return self.session.trajectory.image if found is None else found

    def maps_in_order(self, step: int | None = None) -> Iterator[LocalizationMap]:
        """Iterate over the maps, of one step or all, by step and the registry's order."""
        order = {kind: place for place, kind in enumerate(MAP_KINDS)}
        chosen = [found for found in self.session.maps if step is None or found.step == step]
        yield from sorted(chosen, key=lambda found: (found.step, order.get(found.kind, 0)))


def steps_of_map(found: LocalizationMap) -> range:
    """Return the steps that a map is made of: its own, or the range that it is the mean of."""
    return range(found.step, found.step + (found.provenance.steps_averaged or 1))


def in_order_of_probes(session: Session) -> tuple[LocalizationMap, ...]:
    """Return the maps of a session, those with most probes first."""
    return tuple(sorted(session.maps, key=lambda found: -(found.provenance.probes or 0)))


def free_readings(session: Session) -> tuple[Reading, ...]:
    """Return the readings that cost nothing; none where the latents were not kept."""
    from memlens.readings.computing import readings

    if not session.trajectory.keeps_latents:
        return ()
    return tuple(readings(session.trajectory, maps=session.maps).values())


def with_free_readings(source: Source) -> Source:
    """Return the source with what costs nothing to read beside the readings that it brings.

    Of two of one name and step the one that it brings stays: it was asked for.
    """
    brought = {(each.key, each.step) for each in source.readings}
    free = (each for each in free_readings(source.session) if (each.key, each.step) not in brought)
    order = {key: place for place, key in enumerate(READINGS)}
    every = sorted((*free, *source.readings), key=lambda each: (order[each.key], each.step or 0))
    return replace(source, readings=tuple(every))
