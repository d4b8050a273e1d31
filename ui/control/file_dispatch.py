"""FileDispatch: what is asked about session files and runs kept on the disk. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from memlens.files.project import MAX_RUNS
from memlens.masks.journal_places import LeftBehind
from ui.control.demo_session import may_hold
from ui.control.inspection_state import InspectionState
from ui.control.saving import to_write
from ui.jobs.bring_back import BringBack
from ui.jobs.find_left_behind import FindLeftBehind
from ui.jobs.forget_runs import ForgetRuns
from ui.jobs.job import Request
from ui.jobs.keep_run import KeepRun
from ui.jobs.open_session import OpenSession
from ui.jobs.save_session import SaveSession
from ui.state.run import Run


class FileDispatch:
    """Asks the worker to open, save, keep and read again.

    Parameters
    ----------
    state
        Shared with the controller.
    submit
        Queues a request.
    begin_anew
        Stops what is done for the runs that are there.
    """

    def __init__(
        self,
        state: InspectionState,
        submit: Callable[[Request], None],
        begin_anew: Callable[[], None],
    ) -> None:
        self._state = state
        self._submit = submit
        self._begin_anew = begin_anew

    def open_session(
        self,
        path: Path | None,
        *,
        lock: bool = True,
        restore: tuple[LeftBehind, ...] = (),
        add: bool = False,
    ) -> None:
        """Open a session in place of what is there, with what was left behind of it.

        Parameters
        ----------
        path, lock, restore, add
            As in the request.
        """
        first = self._state.run_number + 1
        self._state.run_number += MAX_RUNS + len(restore)
        if not add:
            self._begin_anew()
        self._submit(
            OpenSession(
                run=first,
                path=path,
                lock=lock,
                restore=restore,
                add=add,
                bundled=path is not None and not may_hold(path),
            )
        )

    def find_left_behind(self, *, discard: tuple[LeftBehind, ...] = ()) -> None:
        """Ask for what was left behind, after deleting some of it."""
        self._submit(FindLeftBehind(discard=discard))

    def keep_runs(self, runs: tuple[tuple[Run, Path], ...]) -> None:
        """Write runs that were never saved into the data folder."""
        view = self._state.intent.to_view()
        there = [(run, path) for run, path in runs if run.trajectory is not None]
        wanted = ((to_write(run, shown=view, masks=False), path) for run, path in there)
        self._submit(KeepRun(runs=tuple(wanted)))

    def save_session(
        self,
        path: Path,
        *,
        position_of: Callable[[Run], int] = lambda run: 0,
        lock: bool = True,
        latents: bool = True,
    ) -> None:
        """Save all complete runs with their maps.

        Parameters
        ----------
        path
            Where.
        position_of
            Returns where in their history a run's masks are.
        lock
            As in the request.
        latents
            Whether to write the trajectories as well.
        """
        state, shown = self._state, self._state.results.run
        runs = [run for run in state.history if run.trajectory is not None]
        if not runs:
            return
        view = state.intent.to_view()
        written = tuple(
            to_write(
                run,
                shown=view if run is shown else None,
                position=position_of(run),
                reference=state.results.reference if run is shown or len(runs) == 1 else None,
            )
            for run in runs
        )
        self._submit(
            SaveSession(
                runs=written,
                path=path,
                shown=runs.index(shown) if shown in runs else 0,
                lock=lock,
                latents=latents,
                edits=state.run_edits,
            )
        )

    def bring_back(self, run: Run) -> None:
        """Read a run again that was let go of for want of memory."""
        if run.stowed is not None:
            # A request to forget it may still wait; this one takes its place.
            self._state.history.want(run.number)
            self.forget_dropped_runs()
            self._submit(BringBack(run=run.number, stowed=run.stowed))

    def forget_dropped_runs(self) -> None:
        """Let the worker let go of what the history let go."""
        self._submit(ForgetRuns(runs=self._state.history.dropped))
