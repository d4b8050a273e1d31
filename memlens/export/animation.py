"""The timeline as an animated GIF or PNG: chosen panels at every computed step."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image

from memlens.errors import SettingsError
from memlens.export.figure import FigureRequest, drawn_pixels, title_of
from memlens.export.figure_layout import layout_of
from memlens.export.panel import panels_of
from memlens.export.source import Look, Source
from memlens.export.writing import write_bytes
from memlens.methods.registry import MAP_KINDS
from memlens.progress import CancelToken, Progress, ProgressCallback, ignore_progress

FORMATS = ("gif", "apng", "png")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnimationRequest:
    """What an animation shows.

    Attributes
    ----------
    panels
        As in `FigureRequest`.
    rate
        Steps per second.
    width
        In pixels.
    steps
        First and last step; None takes all. Those at which a panel's map is missing are
        left out.
    """

    panels: tuple[str, ...]
    rate: float = 8.0
    width: int = 960
    steps: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn."""
        if not 0.1 <= self.rate <= 50:
            raise SettingsError(f"{self.rate:g} steps per second: choose 0.1 to 50.")
        if not 120 <= self.width <= 4096:
            raise SettingsError(f"an animation {self.width} pixels wide: choose 120 to 4096.")
        FigureRequest(panels=self.panels)


def write_animation(
    source: Source,
    request: AnimationRequest,
    look: Look,
    path: Path,
    *,
    progress: ProgressCallback | None = None,
    cancel: CancelToken | None = None,
) -> int:
    """Write ``.gif``, or an animated PNG as ``.apng`` or ``.png``; return the number of frames.

    Parameters
    ----------
    progress, cancel
        Counted and checked per frame.

    Raises
    ------
    SettingsError
        If the format is another, or there is no step at which every panel can be shown.
    OutputError
        If it cannot be written; an older file is whole.
    Cancelled
        Between two frames; nothing was written.
    """
    kind = path.suffix.lower().lstrip(".")
    if kind not in FORMATS:
        raise SettingsError(f"{path} is not an animation: choose .gif or .apng.")
    steps = steps_shown(source, request)
    frames = list(
        _frames(source, request, look, steps, progress or ignore_progress, cancel or CancelToken())
    )
    stream = io.BytesIO()
    milliseconds = max(20, round(1000 / request.rate))
    if kind == "gif":
        # One palette for all frames: colours do not flicker from step to step.
        palette = _palette(frames)
        indexed = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
        indexed[0].save(
            stream,
            "GIF",
            save_all=True,
            append_images=indexed[1:],
            duration=milliseconds,
            loop=0,
            optimize=False,
            disposal=1,
        )
    else:
        frames[0].save(
            stream,
            "PNG",
            save_all=True,
            append_images=frames[1:],
            duration=milliseconds,
            loop=0,
            default_image=False,
        )
    write_bytes(path, stream.getvalue())
    return len(frames)


def steps_shown(source: Source, request: AnimationRequest) -> tuple[int, ...]:
    """Return the steps that are drawn.

    Raises
    ------
    SettingsError
        If there are none.
    """
    steps = source.steps_of(request.panels)
    if request.steps is not None:
        schedule = source.session.trajectory.schedule
        first, last = (schedule.index(step) for step in request.steps)
        steps = tuple(step for step in steps if first <= step <= last)
    if not steps:
        kinds = ", ".join(content for content in request.panels if content in MAP_KINDS)
        raise SettingsError(
            f"there is no step at which all of {kinds} are computed: compute them, or choose "
            "fewer panels."
        )
    return steps


def _frames(
    source: Source,
    request: AnimationRequest,
    look: Look,
    steps: tuple[int, ...],
    report: ProgressCallback,
    token: CancelToken,
) -> Iterator[Image.Image]:
    still = FigureRequest(panels=request.panels)
    dpi = request.width / (still.width / 25.4)
    for done, step in enumerate(steps):
        token.check()
        report(Progress(done, len(steps), "drawing frames"))
        at = replace(still, step=step)
        panels = panels_of(source, request.panels, step, look)
        layout = layout_of(panels, title_of(source, at), still.width, None)
        frame = Image.fromarray(drawn_pixels(panels, layout, look, round(dpi)))
        if frame.width != request.width:
            height = round(frame.height * request.width / frame.width)
            frame = frame.resize((request.width, height), Image.Resampling.LANCZOS)
        yield frame
    report(Progress(len(steps), len(steps), "drawing frames"))


def _palette(frames: list[Image.Image]) -> Image.Image:
    # Every third pixel of eight frames: no colour is missed that a person would.
    chosen = frames[:: max(1, len(frames) // 8)]
    width, height = (max(1, side // 3) for side in chosen[0].size)
    sheet = Image.new("RGB", (width, height * len(chosen)))
    for place, frame in enumerate(chosen):
        small = frame.resize((width, height), Image.Resampling.NEAREST)
        sheet.paste(small, (0, place * height))
    return sheet.quantize(256, method=Image.Quantize.MEDIANCUT)
