"""What a command tells: progress and notes on stderr, its result on stdout, one exit code."""

from __future__ import annotations

import json
import math
import signal
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as ProgressBars
from rich.table import Table
from rich.text import Text

from memlens.errors import Cancelled, MemlensError, SettingsError
from memlens.progress import CancelToken, Progress

FAILED, WRONG_USE, INTERRUPTED = 1, 2, 130

AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


class Report:
    """One command's voice."""

    def __init__(self, *, as_json: bool, bars: ProgressBars, cancel: CancelToken) -> None:
        self.cancel = cancel
        self._as_json = as_json
        self._bars = bars
        self._done = self._total = 0
        self._task: TaskID | None = None

    def progress(self, progress: Progress) -> None:
        """Show how far the running call is (a `ProgressCallback`)."""
        if self._task is None or progress.done < self._done or progress.total != self._total:
            if self._task is not None:
                self._bars.remove_task(self._task)
            self._task = self._bars.add_task(progress.activity, total=progress.total)
        self._done, self._total = progress.done, progress.total
        self._bars.update(self._task, completed=progress.done, description=progress.activity)

    def note(self, sentence: str) -> None:
        """Say something on stderr that does not stop the command."""
        self._bars.console.print(sentence, markup=False, highlight=False, soft_wrap=True)

    def result(self, values: Mapping[str, Any], *parts: Table | str) -> None:
        """Print the result: `values` as JSON if it was asked for, else the parts."""
        self._bars.stop()
        if self._as_json:
            typer.echo(json.dumps(jsonable(values), ensure_ascii=False, indent=2))
            return
        # A file or pipe has no width of its own; tables are not to be folded for it.
        console = Console(width=None if sys.stdout.isatty() else 200)
        for part in parts:
            console.print(part, markup=False, highlight=False)

    def error(self, sentence: str) -> None:
        """Print why the command failed."""
        self._bars.stop()
        typer.echo(sentence, err=True)
        if self._as_json:
            typer.echo(json.dumps({"error": sentence}, ensure_ascii=False))


@contextmanager
def reporting(*, as_json: bool) -> Iterator[Report]:
    """Give a command its report, and turn what memlens raises into an exit code.

    Raises
    ------
    typer.Exit
        With 1 if it failed, 2 if it was used wrongly, 130 if it was interrupted.
    """
    console = Console(stderr=True)
    bars = ProgressBars(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    cancel = CancelToken()
    report = Report(as_json=as_json, bars=bars, cancel=cancel)
    with _first_interrupt_cancels(cancel), bars:
        try:
            yield report
        except SettingsError as error:
            report.error(str(error))
            raise typer.Exit(WRONG_USE) from None
        except MemlensError as error:
            report.error(str(error))
            raise typer.Exit(FAILED) from None
        except (Cancelled, KeyboardInterrupt):
            report.error("Cancelled.")
            raise typer.Exit(INTERRUPTED) from None


def jsonable(values: Any) -> Any:
    """Return `values` for strict JSON: tuples as lists, NaN and infinity as null."""
    if isinstance(values, Mapping):
        return {str(key): jsonable(value) for key, value in values.items()}
    if isinstance(values, Sequence) and not isinstance(values, str):
        return [jsonable(value) for value in values]
    if isinstance(values, float) and not math.isfinite(values):
        return None
    return values


def table_of(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """Make a table whose first column is text and whose others are numbers."""
    table = Table(title=title or None, title_justify="left", box=None, pad_edge=False)
    for index, head in enumerate(heads):
        table.add_column(head, justify="left" if index == 0 else "right")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table


def number(value: float, digits: int = 4) -> str:
    """Write a number for a table; a dash where it is undefined."""
    return f"{value:.{digits}f}" if math.isfinite(value) else "–"


@contextmanager
def _first_interrupt_cancels(cancel: CancelToken) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: object) -> None:
        if cancel.cancelled:
            raise KeyboardInterrupt
        cancel.cancel()

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
