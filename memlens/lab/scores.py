"""What is measured of every method on a lab model: settings, and one table for each."""

from __future__ import annotations

from dataclasses import dataclass

ALL_ONES = "all_ones"


@dataclass(frozen=True, slots=True)
class Setting:
    """At what step, guidance and mean filter all methods are measured alike.

    `guidance_scale` None means the model's default.
    """

    name: str
    step: int
    guidance_scale: float | None
    smoothing: int = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodScore:
    """One row of a table.

    Attributes
    ----------
    kind
        Name in `memlens.methods.registry.MAP_KINDS`, or ``"all_ones"``.
    symbol, label
        As the paper writes it, and for people.
    iou, auroc
        Of the template pictures: best global IoU of the official evaluation at the pictures'
        resolution, and area under the ROC curve over all their pixels.
    iou_filtered, auroc_filtered
        The same after the setting's mean filter.
    detection
        Area under the ROC curve of the map's mean, memorized prompts against free ones.
    inside, strip, elsewhere
        Mean of the canonical values in template pictures: inside their regions, in the film
        strip, and in the rest.
    """

    kind: str
    symbol: str
    label: str
    iou: float
    auroc: float
    iou_filtered: float
    auroc_filtered: float
    detection: float
    inside: float
    strip: float
    elsewhere: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckTable:
    """All methods in one setting; `log_snr` and `sigma` are those of its step."""

    setting: Setting
    guidance_scale: float
    sigma: float
    log_snr: float
    rows: tuple[MethodScore, ...]

    def row(self, kind: str) -> MethodScore:
        """Return the row of one kind of map."""
        return next(row for row in self.rows if row.kind == kind)
