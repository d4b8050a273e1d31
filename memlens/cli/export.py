"""``memlens-cli export``: figures, tables, maps, animations and reports of a saved session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from memlens.cli.report import AsJson, Report, reporting, table_of
from memlens.controls.comparison import Comparison, compare, judged_maps
from memlens.controls.controls import Controls
from memlens.controls.loading import load_controls
from memlens.errors import SettingsError
from memlens.export.source import (
    BEST,
    MASK,
    PICTURE,
    Look,
    Source,
    free_readings,
    in_order_of_probes,
)
from memlens.files.project import Session
from memlens.files.sessions import load_session
from memlens.masks.named_mask import NamedMask
from memlens.masks.pinned import pinned_place
from memlens.methods.registry import MAP_KINDS, map_kind
from memlens.readings.reading import Reading


class Units(StrEnum):
    """What maps are measured in."""

    CANONICAL = "canonical"
    PAPER = "paper"


class MapFormat(StrEnum):
    """What maps are written as."""

    NPY = "npy"
    TIFF = "tiff"


def export(
    session: Annotated[Path, typer.Argument(metavar="SESSION", help="A .memlens file.")],
    run_name: Annotated[
        str | None,
        typer.Option(
            help="Which run of the session, by its name, or #1, #2 …; else the one shown."
        ),
    ] = None,
    figure: Annotated[
        Path | None, typer.Option(help="A .png, .svg or .pdf to write.", dir_okay=False)
    ] = None,
    report: Annotated[Path | None, typer.Option(help="An .html to write.", dir_okay=False)] = None,
    tables: Annotated[
        Path | None, typer.Option(help="Folder for agreement and readings, as CSV and JSON.")
    ] = None,
    maps: Annotated[Path | None, typer.Option(help="Folder for one file per map.")] = None,
    animation: Annotated[
        Path | None, typer.Option(help="A .gif or .apng to write.", dir_okay=False)
    ] = None,
    panel: Annotated[
        list[str] | None,
        typer.Option(
            help=f"{PICTURE}, {MASK}, {', '.join(MAP_KINDS)}; may be repeated, up to six. "
            "As the session was left if not given."
        ),
    ] = None,
    mask: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="The mask that maps are compared with; the one that the session has pinned if "
            "not given.",
        ),
    ] = None,
    step: Annotated[
        int | None,
        typer.Option(help="0 = most noise; -1 = last. As the session was left if not given."),
    ] = None,
    all_steps: Annotated[
        bool, typer.Option("--all-steps", help="Tables and maps of every computed step.")
    ] = False,
    units: Annotated[
        Units | None, typer.Option(help="As the session was left if not given.")
    ] = None,
    smoothing: Annotated[
        int | None, typer.Option(help="Side of a mean filter, odd; as left if not given.")
    ] = None,
    stretch: Annotated[
        bool | None,
        typer.Option(help="Stretch colours to each map (least to p99); as left if not given."),
    ] = None,
    log_scale: Annotated[
        bool | None,
        typer.Option(help="Colours follow the logarithm; as left if not given."),
    ] = None,
    colormap: Annotated[
        str, typer.Option(help="inferno, magma, viridis, cividis, plasma or grey.")
    ] = "inferno",
    smooth_pixels: Annotated[
        bool, typer.Option("--smooth-pixels", help="Draw maps smoothly, not as squares.")
    ] = False,
    opacity: Annotated[
        float, typer.Option(help="Of the maps over the picture; 1 covers it.", min=0.0, max=1.0)
    ] = 1.0,
    outline: Annotated[bool, typer.Option(help="Outline the mask.")] = True,
    contour: Annotated[
        str | None,
        typer.Option(help=f'Outline the predicted mask: a canonical threshold, or "{BEST}" IoU.'),
    ] = None,
    dpi: Annotated[int, typer.Option(help="Dots per inch of a figure.")] = 300,
    width: Annotated[float | None, typer.Option(help="Of a figure, in millimetres.")] = None,
    title: Annotated[bool, typer.Option(help="Head figures with prompt and seed.")] = True,
    rate: Annotated[float, typer.Option(help="Steps per second of an animation.")] = 8.0,
    pixels: Annotated[int, typer.Option(help="Width of an animation.")] = 960,
    map_format: Annotated[
        list[MapFormat] | None, typer.Option(help="May be repeated; npy if not given.")
    ] = None,
    standard_errors: Annotated[
        bool, typer.Option("--standard-errors", help="Write them beside the maps.")
    ] = False,
    controls: Annotated[
        str | None,
        typer.Option(
            help='A controls file, or "demo": report, tables and figure carry the verdict on the '
            "session's maps at the step."
        ),
    ] = None,
    judged: Annotated[
        list[str] | None,
        typer.Option(
            metavar="MAP",
            help="Only these maps are judged, together; the differences to the less-trained "
            "baseline (else to ∅) if not given. May be repeated.",
        ),
    ] = None,
    surprise: Annotated[
        bool, typer.Option("--surprise", help="Colour maps by their surprise against controls.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write what a session holds: a figure, a report, tables, maps, an animation."""
    with reporting(as_json=as_json) as told:
        if all(out is None for out in (figure, report, tables, maps, animation)):
            raise SettingsError(
                "nothing to write: give --figure, --report, --tables, --maps or --animation."
            )
        if controls is None and (surprise or judged):
            raise SettingsError("--surprise and --judged compare with controls: give --controls.")
        null = None if controls is None else load_controls(controls)
        opened = load_session(session, run_name=run_name)
        masks = _pinned_first(opened.masks, opened.view, mask)
        source = Source(
            session=replace(opened, maps=in_order_of_probes(opened), masks=masks),
            readings=_readings(opened) if tables or report else (),
            name=session.name,
        )
        view = opened.view
        left = view.get("step")
        chosen = step if step is not None else (left if isinstance(left, int) else -1)
        at = source.session.trajectory.schedule.index(chosen)
        look = Look(
            units=(units or Units.CANONICAL).value
            if units is not None or view.get("units") not in tuple(Units)
            else str(view["units"]),
            smoothing=_smoothing(smoothing, view.get("smoothing")),
            stretched=view.get("stretched") is True if stretch is None else stretch,
            log_scale=view.get("log_scale") is True if log_scale is None else log_scale,
            colours=_colours(colormap),
            nearest=not smooth_pixels,
            over_picture=opacity,
            outline=outline,
            contour=_contour(contour),
            surprise=surprise,
        )
        if null is not None and controls is not None:
            source = replace(source, comparison=_compared(source, null, controls, at, judged or []))
        panels = tuple(panel or _panels_left(source, view.get("panels"), at))
        every = None if all_steps else at
        written: dict[str, Any] = {}
        if figure is not None:
            from memlens.export.figure import FigureRequest, write_figure

            request = FigureRequest(panels=panels, step=at, dpi=dpi, width_mm=width, title=title)
            write_figure(source, request, look, figure)
            written["figure"] = str(figure)
        if report is not None:
            from memlens.export.report import write_report

            _check_suffix(report, ".html")
            write_report(
                source, report, step=at, look=look, progress=told.progress, cancel=told.cancel
            )
            written["report"] = str(report)
        if tables is not None:
            from memlens.export.tables import write_tables

            files = write_tables(
                source,
                tables,
                step=every,
                smoothing=look.smoothing,
                progress=told.progress,
                cancel=told.cancel,
            )
            written["tables"] = [str(path) for path in files]
        if maps is not None:
            from memlens.export.map_files import MapsRequest, write_maps

            files = write_maps(
                source,
                MapsRequest(
                    step=every,
                    units=look.units,
                    smoothing=look.smoothing,
                    formats=tuple(kind.value for kind in map_format or [MapFormat.NPY]),
                    standard_errors=standard_errors,
                ),
                maps,
                progress=told.progress,
                cancel=told.cancel,
            )
            written["maps"] = [str(path) for path in files]
        if animation is not None:
            from memlens.export.animation import AnimationRequest, write_animation

            frames = write_animation(
                source,
                AnimationRequest(panels=panels, rate=rate, width=pixels),
                look,
                animation,
                progress=told.progress,
                cancel=told.cancel,
            )
            written["animation"] = str(animation)
            written["frames"] = frames
        if source.comparison is not None:
            told.note(source.comparison.verdict.sentence)
            written["verdict"] = source.comparison.verdict.sentence
        named = {"run": opened.title, "mask": source.pinned.name if source.pinned else None}
        _tell(told, session, named, at, panels, written)


def _compared(
    source: Source, controls: Controls, name: str, step: int, judged: list[str]
) -> Comparison:
    maps = judged_maps(
        source.session.maps, controls, step, [map_kind(kind).name for kind in judged]
    )
    if not maps or (judged and {*judged} - {*maps}):
        there = ", ".join(source.kinds_at(step)) or "none"
        raise SettingsError(f"these maps are not there at step {step} to be judged: {there} are.")
    height, width = source.session.trajectory.image.shape[:2]
    readings = source.readings or _readings(source.session)
    return compare(Path(name).name, controls, maps, readings, picture_size=(height, width))


def _readings(opened: Session) -> tuple[Reading, ...]:
    """Return what the session keeps, and what can be read off it at no cost."""
    kept = {(found.key, found.step): found for found in opened.readings}
    free = {(found.key, found.step): found for found in free_readings(opened)}
    return tuple((free | kept).values())


def _tell(
    told: Report,
    session: Path,
    named: dict[str, str | None],
    step: int,
    panels: tuple[str, ...],
    written: dict[str, Any],
) -> None:
    rows = [
        [
            name,
            value if isinstance(value, str) else f"{len(value)} files in {Path(value[0]).parent}",
        ]
        for name, value in written.items()
        if name != "frames"
    ]
    table = table_of("", ("", ""), rows)
    table.show_header = False
    table.columns[1].justify = "left"
    values = {
        "session": str(session),
        **named,
        "step": step,
        "panels": list(panels),
        "written": written,
    }
    told.result(values, table)


def _pinned_first(
    masks: tuple[NamedMask, ...], view: Mapping[str, Any], asked: str | None
) -> tuple[NamedMask, ...]:
    """Return the masks, the one that maps are compared with first."""
    place = pinned_place(masks, view)
    if asked is not None:
        names = [mask.name for mask in masks]
        if asked not in names:
            there = ", ".join(f'"{name}"' for name in names) or "none"
            raise SettingsError(f'the session has no mask called "{asked}": it has {there}.')
        place = names.index(asked)
    if place is None:
        return masks
    return (masks[place], *masks[:place], *masks[place + 1 :])


def _panels_left(source: Source, left: Any, step: int) -> list[str]:
    """Return the panels that the session was left with, as far as they can be drawn."""
    there = (PICTURE, *((MASK,) if source.mask is not None else ()), *source.kinds_at(step))
    if isinstance(left, list) and any(content in there for content in left):
        return [content for content in left if content in there]
    return [PICTURE, *source.kinds_at(step)[:5]]


def _smoothing(asked: int | None, left: Any) -> int:
    if asked is not None:
        return asked
    return left if type(left) is int and left > 0 and left % 2 == 1 else 1


def _contour(asked: str | None) -> float | str | None:
    if asked is None or asked == BEST:
        return asked
    try:
        return float(asked)
    except ValueError:
        raise SettingsError(
            f'the contour {asked!r} is neither a threshold nor "{BEST}": choose one of both.'
        ) from None


def _colours(name: str) -> Any:
    from memlens.export.colour_tables import table_named

    return table_named(name)


def _check_suffix(path: Path, suffix: str) -> None:
    if path.suffix.lower() != suffix:
        raise SettingsError(f"{path} is not a report: choose {suffix}.")
