"""One panel of a figure, an animation or a report: what it shows, resolved."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from memlens.controls.comparison import SURPRISE_LEVELS, Comparison
from memlens.controls.wording import p_words
from memlens.errors import SettingsError
from memlens.evaluation.agreement import agreement
from memlens.export.numbers import number
from memlens.export.source import BEST, MASK, PICTURE, Look, Source, steps_of_map
from memlens.maps.displayed import PAPER, displayed
from memlens.maps.localization_map import FloatArray, LocalizationMap, resize_bilinear
from memlens.maps.scale import Scale
from memlens.methods.registry import MAP_KINDS

BoolArray = NDArray[np.bool_]
ByteArray = NDArray[np.uint8]
CONTENTS = (PICTURE, MASK, *MAP_KINDS)
SURPRISE = "surprise"
# In characters.
_LONG_NAME = 32


@dataclass(frozen=True, slots=True)
class RegionOutline:
    """A region beyond controls.

    Attributes
    ----------
    words
        Its name and p.
    mask
        (height, width).
    """

    words: str
    mask: BoolArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """What one panel shows.

    Attributes
    ----------
    content
        "picture", "mask" or a name in MAP_KINDS.
    symbol, label
        "Δh_∅" and its words; no symbol for picture and mask.
    facts
        Lines under the panel: where it was made, how it agrees.
    picture
        (height, width, 3).
    values, levels, units
        In display units; no values for picture and mask, no units where dimensionless.
    mask, predicted
        (height, width), what is outlined; None for no outline.
    regions
        Beyond controls, outlined with their p.
    found
        The map, for its provenance.
    compared_with
        Name of the mask that the facts speak of, "" for none.
    """

    content: str
    symbol: str
    label: str
    facts: tuple[str, ...]
    picture: ByteArray
    values: FloatArray | None = None
    levels: tuple[float, float] = (0.0, 1.0)
    units: str = ""
    mask: BoolArray | None = None
    predicted: BoolArray | None = None
    found: LocalizationMap | None = None
    compared_with: str = ""
    regions: tuple[RegionOutline, ...] = ()

    @property
    def beyond(self) -> tuple[bool, bool]:
        """Whether there are values below and above the levels."""
        if self.values is None:
            return False, False
        return bool(self.values.min() < self.levels[0]), bool(self.values.max() > self.levels[1])


def panel_of(source: Source, content: str, step: int, look: Look) -> Panel:
    """Return the panel that shows `content` at `step`.

    Raises
    ------
    SettingsError
        If there is no such content, mask or map.
    """
    if content not in CONTENTS:
        raise SettingsError(f"no panel is called {content!r}: choose among {', '.join(CONTENTS)}.")
    step = source.session.trajectory.schedule.index(step)
    picture = source.picture_at(step)
    level = source.session.trajectory.schedule[step]
    where = f"step {step} · logSNR {number(level.log_snr)}"
    mask = source.mask
    if content == PICTURE:
        return Panel(
            content=content,
            symbol="",
            label="Picture",
            facts=(where,),
            picture=picture,
            mask=mask if look.outline else None,
            regions=_regions(source.comparison, step) if look.regions else (),
        )
    if content == MASK:
        if mask is None:
            raise SettingsError("this session has no mask: choose other panels.")
        assert source.pinned is not None
        name, kind = shortened(source.pinned.name), source.pinned.kind
        about = name if name == kind else f"{name} · {kind}"
        share = f"{about} · {100 * float(mask.mean()):.0f} % of the picture"
        return Panel(
            content=content, symbol="", label="Mask", facts=(share,), picture=picture, mask=mask
        )
    found = source.map_at(content, step)
    if found is None:
        raise SettingsError(
            f"{content} is not computed at step {step}: compute it first, or choose among "
            f"{', '.join(source.kinds_at(step)) or 'other steps'}."
        )
    panel = _map_panel(found, picture, mask, where, look)
    name = "" if source.pinned is None else source.pinned.name
    panel = replace(panel, compared_with=name)
    return panel if source.comparison is None else _judged(panel, source.comparison, step, look)


def shortened(name: str) -> str:
    """Return the name of a mask as a line of a figure has room for."""
    return name if len(name) <= _LONG_NAME else name[: _LONG_NAME - 1] + "…"


def panels_of(source: Source, contents: tuple[str, ...], step: int, look: Look) -> list[Panel]:
    """Return one panel per content; see `panel_of`."""
    return [panel_of(source, content, step, look) for content in contents]


def panel_pixels(panel: Panel, look: Look, finer: int = 1) -> ByteArray:
    """Return the panel without outlines, `finer` times the picture's size, (h, w, 3)."""
    height, width = (side * finer for side in panel.picture.shape[:2])
    if panel.content == MASK and panel.mask is not None:
        grey = np.where(panel.mask, np.uint8(255), np.uint8(24))
        return np.repeat(_resized(grey, (height, width))[..., None], 3, axis=2)
    if panel.values is None:
        return _resized(panel.picture, (height, width))
    if look.nearest:
        drawn = _resized(_coloured(panel.values, panel.levels, look), (height, width))
    else:
        smooth = resize_bilinear(panel.values, (height, width))
        drawn = _coloured(smooth, panel.levels, look)
    if look.over_picture >= 1.0:
        return drawn
    under = _resized(panel.picture, (height, width)).astype(np.float32)
    mixed = under + (drawn.astype(np.float32) - under) * np.float32(look.over_picture)
    return np.rint(mixed).astype(np.uint8)


def _map_panel(
    found: LocalizationMap, picture: ByteArray, mask: BoolArray | None, where: str, look: Look
) -> Panel:
    kind = MAP_KINDS[found.kind]
    shown = displayed(found, look.units, look.smoothing)
    smooth = found.smoothed(look.smoothing)
    first, last = kind.levels
    low, high = (first + share * (last - first) for share in look.levels)
    parts = [f"mean {number(float(smooth.values.mean()) * shown.scale)}"]
    threshold = None if isinstance(look.contour, str) else look.contour
    steps = steps_of_map(found)
    if len(steps) > 1:
        where = f"mean of steps {steps[0]}–{steps[-1]}"
    if mask is not None:
        at = agreement(smooth, mask, threshold=threshold)
        which = "best IoU" if threshold is None else "IoU"
        parts.insert(0, f"{which} {number(at.iou)} at {number(at.threshold * shown.scale)}")
        if look.contour == BEST:
            threshold = at.threshold
    if found.provenance.probes:
        probes = found.provenance.probes
        parts.append("1 probe" if probes == 1 else f"{probes} probes")
    height, width = picture.shape[:2]
    return Panel(
        content=found.kind,
        symbol=kind.symbol,
        label=kind.label,
        facts=(where, " · ".join(parts)),
        picture=picture,
        values=shown.values,
        levels=shown.stretched if look.stretched else (low * shown.scale, high * shown.scale),
        units="paper's units" if look.units == PAPER and not kind.signed else "",
        mask=mask if look.outline else None,
        predicted=None if threshold is None else smooth.resized((height, width)) > threshold,
        found=found,
    )


def _judged(panel: Panel, comparison: Comparison, step: int, look: Look) -> Panel:
    """Add what controls say of a map: its regions and p, and its surprise for the values."""
    verdict, kind = comparison.verdict, panel.content
    if step != verdict.step or kind not in verdict.kinds:
        return panel
    own = [region for region in verdict.regions if region.kind == kind]
    if verdict.inconclusive:
        words = "against controls: inconclusive"
    elif own:
        words = f"largest region {p_words(own[0].p, verdict.controls)}"
    else:
        words = "no region beyond 99 % of controls"
    surprise = comparison.surprise(kind, step) if look.surprise else None
    if surprise is not None:
        panel = replace(panel, values=surprise, levels=SURPRISE_LEVELS, units=SURPRISE)
    return replace(
        panel,
        facts=(*panel.facts, words),
        regions=_regions(comparison, step, kind) if look.regions else (),
    )


def _regions(
    comparison: Comparison | None, step: int, kind: str | None = None
) -> tuple[RegionOutline, ...]:
    """Return what is found by one kind of map, or by all together, by name."""
    if comparison is None or step != comparison.verdict.step:
        return ()
    verdict = comparison.verdict
    named: dict[str, RegionOutline] = {}
    for region in verdict.regions:
        if not region.name or kind not in (None, region.kind):
            continue
        words = f"{region.name} {p_words(region.p, verdict.controls)}"
        before = named.get(region.name)
        # The smallest p comes first.
        named[region.name] = RegionOutline(
            words if before is None else before.words,
            region.mask if before is None else before.mask | region.mask,
        )
    return tuple(named.values())


def _coloured(values: FloatArray, levels: tuple[float, float], look: Look) -> ByteArray:
    """Return the colours that the screen gives these values."""
    # Surprise is a logarithm already.
    logarithmic = look.log_scale and levels != SURPRISE_LEVELS
    shares = Scale.of(levels, logarithmic).shares(values)
    entries = np.clip(np.nan_to_num(shares) * 256.0, 0.0, 255.0)
    coloured: ByteArray = look.colours[entries.astype(np.uint8)]
    return coloured


def _resized(pixels: ByteArray, size: tuple[int, int]) -> ByteArray:
    height, width = size
    if pixels.shape[:2] == size:
        return pixels
    picture = Image.fromarray(np.ascontiguousarray(pixels))
    return np.asarray(picture.resize((width, height), Image.Resampling.NEAREST))
