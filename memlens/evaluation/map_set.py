"""The maps of one kind over a whole data set, each with what is known of its picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from memlens.evaluation.datasets import (
    ALL,
    TEMPLATE_MEMORIZED,
    Skipped,
    metrics_present,
    read_official,
)
from memlens.evaluation.truths import Truth

_GROUPS = {"TV": "template", "MV": "verbatim", "RV": "verbatim", "N": "free"}


@dataclass(frozen=True, slots=True, kw_only=True)
class MapItem:
    """One map of one picture.

    Attributes
    ----------
    name
        Of the picture, ``folder/stem``.
    path
        Of the map in the paper's units.
    truth
        What is memorized; None where that is not known.
    prompt, seed
        What was sampled; pictures of one prompt are not independent.
    overfit_type
        "TV", "MV", "RV", "N", or "" where nothing is known.
    group
        What the manifest calls its group.
    numbers
        What is known beside the map, such as "iou controls cov" and "p cov".
    """

    name: str
    path: Path
    truth: Truth
    prompt: str
    seed: int
    overfit_type: str
    group: str
    numbers: Mapping[str, float] = field(default_factory=dict)

    @property
    def memorized(self) -> bool | None:
        """Whether something is; None where that is not known."""
        return None if not self.overfit_type else self.overfit_type != "N"


@dataclass(frozen=True, slots=True, kw_only=True)
class MapSet:
    """All maps of one kind at one step.

    Attributes
    ----------
    kind
        Name in the official layout, "cov", …
    items
        In the data set's order.
    skipped
        What is left out, each with the reason.
    log_snr
        Of the step, None where it is not known.
    """

    kind: str
    items: tuple[MapItem, ...]
    skipped: tuple[Skipped, ...] = ()
    log_snr: float | None = None

    def subsets(self) -> dict[str, tuple[int, ...]]:
        """Return the sets that are evaluated, each with the places of its items.

        "TV only" and "all" as the official code has them, and every group with something
        memorized that is neither of the two. Items without ground truth are in none.
        """
        known = [at for at, item in enumerate(self.items) if item.truth is not None]
        found = {
            TEMPLATE_MEMORIZED: tuple(at for at in known if self.items[at].overfit_type == "TV"),
            ALL: tuple(known),
        }
        for group in dict.fromkeys(self.items[at].group for at in known):
            members = tuple(at for at in known if self.items[at].group == group)
            if members not in found.values() and any(self.items[at].memorized for at in members):
                found[f"group {group}"] = members
        return {name: members for name, members in found.items() if members}


def official_map_sets(
    maps_folder: Path, datasets: Sequence[Path], kinds: Sequence[str] = ()
) -> tuple[MapSet, ...]:
    """Return the maps of a folder in the official layout, a set for each kind.

    Parameters
    ----------
    maps_folder, datasets
        As `memlens.evaluation.datasets.read_official` takes them.
    kinds
        Which; none takes all that there are maps of.

    Raises
    ------
    DatasetError
        If folder or data set are missing or unreadable.
    """
    wanted = tuple(kinds) or metrics_present(maps_folder)
    return tuple(_of_kind(maps_folder, datasets, kind) for kind in wanted)


def _of_kind(maps_folder: Path, datasets: Sequence[Path], kind: str) -> MapSet:
    _, everything = read_official(maps_folder, datasets, metric=kind)
    ending = f"_{kind}.npy"
    items = tuple(
        MapItem(
            name=item.name.removesuffix(ending),
            path=item.path,
            truth=item.truth,
            prompt=item.prompt,
            seed=item.seed,
            overfit_type=item.overfit_type,
            group=_GROUPS[item.overfit_type],
        )
        for item in everything.items
    )
    return MapSet(kind=kind, items=items, skipped=everything.skipped)
