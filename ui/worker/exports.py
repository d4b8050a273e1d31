"""What the worker thread does for an export; matplotlib and jinja2 are imported there."""

from __future__ import annotations

from memlens.errors import MemlensError
from memlens.export.source import with_free_readings
from memlens.progress import Progress
from ui.jobs.context import JobContext
from ui.jobs.draw_preview import DrawPreview, PreviewDrawn
from ui.jobs.export import Export, Exported
from ui.language.translation import tr
from ui.vocabulary.export_choice import ExportKind
from ui.worker.engine_import import import_drawing
from ui.worker.open_engine import OpenEngine


def export(request: Export, context: JobContext, engine: OpenEngine) -> Exported:
    """Write what was asked for.

    Raises
    ------
    MemlensError
        If it cannot be drawn or written; an older file is whole.
    Cancelled
        Between two panels, rows or frames.
    """
    source, choice, path = request.source, request.choice, request.path
    context.progress(Progress(0, 1, tr("exporting")))
    import_drawing()
    if choice.kind in (ExportKind.TABLES, ExportKind.REPORT):
        source = with_free_readings(source)
    step = None if choice.all_steps else request.step
    match choice.kind:
        case ExportKind.FIGURE:
            from memlens.export.figure import FigureRequest, write_figure

            figure = FigureRequest(
                panels=choice.panels,
                step=request.step,
                dpi=choice.dpi,
                width_mm=choice.width_mm,
                title=choice.title,
            )
            write_figure(source, figure, request.look, path)
        case ExportKind.REPORT:
            from memlens.export.report import write_report

            write_report(
                source,
                path,
                step=request.step,
                look=request.look,
                progress=context.progress,
                cancel=context.cancel,
            )
        case ExportKind.TABLES:
            from memlens.export.tables import write_tables

            written = write_tables(
                source,
                path,
                step=step,
                smoothing=request.look.smoothing,
                formats=choice.formats,
                progress=context.progress,
                cancel=context.cancel,
            )
            return Exported(path=path, files=len(written))
        case ExportKind.MAPS:
            from memlens.export.map_files import MapsRequest, write_maps

            maps = MapsRequest(
                step=step,
                units=choice.units,
                smoothing=request.look.smoothing,
                formats=choice.formats,
                standard_errors=choice.standard_errors,
            )
            written = write_maps(
                source, maps, path, progress=context.progress, cancel=context.cancel
            )
            return Exported(path=path, files=len(written))
        case ExportKind.ANIMATION:
            from memlens.export.animation import AnimationRequest, write_animation

            animation = AnimationRequest(
                panels=choice.panels, rate=choice.rate, width=choice.pixels
            )
            write_animation(
                source,
                animation,
                request.look,
                path,
                progress=context.progress,
                cancel=context.cancel,
            )
    return Exported(path=path)


def draw_preview(request: DrawPreview, context: JobContext, engine: OpenEngine) -> PreviewDrawn:
    """Draw a figure small; why it cannot be drawn is an answer, too."""
    import_drawing()
    from memlens.export.figure import FigureRequest, figure_pixels

    choice = request.choice
    try:
        figure = FigureRequest(
            panels=choice.panels,
            step=request.step,
            width_mm=choice.width_mm,
            title=choice.title,
        )
        pixels = figure_pixels(request.source, figure, request.look, request.within)
    except MemlensError as error:
        return PreviewDrawn(token=request.token, problem=str(error))
    return PreviewDrawn(token=request.token, pixels=pixels)
