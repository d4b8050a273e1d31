"""Writes journals beside the thread that edits: nothing there ever waits for a disk."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from memlens.errors import MaskError
from memlens.masks.changes import Change
from memlens.masks.document import Stepped
from memlens.masks.journal import Journal
from memlens.masks.journal_base import JournalBase
from memlens.masks.journal_places import drop_journal, remember_journal, retire_journal
from memlens.masks.open_shape import OpenShape

SYNC_INTERVAL_S = 0.1


@dataclass(frozen=True, slots=True)
class _Begin:
    path: Path
    base: JournalBase
    replaces: Path | None


@dataclass(frozen=True, slots=True)
class _Append:
    path: Path
    change: Change


@dataclass(frozen=True, slots=True)
class _NoteStep:
    path: Path
    stepped: Stepped
    text: str


@dataclass(frozen=True, slots=True)
class _NoteShape:
    path: Path
    shape: OpenShape | None


@dataclass(frozen=True, slots=True)
class _End:
    path: Path
    discard: bool


@dataclass(frozen=True, slots=True)
class _Then:
    call: Callable[[], None]


_Order = _Begin | _Append | _NoteStep | _NoteShape | _End | _Then


class JournalWriter:
    """Takes changes from one thread and writes each at once in another; a third one syncs.

    The threads start with the first journal. A journal is known by its path.

    Parameters
    ----------
    failed
        Called in the writing thread with a journal's path and the reason when its edits cannot
        be kept; what follows is dropped until the journal is begun again.
    """

    def __init__(self, failed: Callable[[Path, str], None] = lambda path, reason: None) -> None:
        self._failed = failed
        self._orders: queue.SimpleQueue[_Order | None] = queue.SimpleQueue()
        self._journals: dict[Path, Journal] = {}
        self._written = threading.Event()
        self._closing = threading.Event()
        self._threads: tuple[threading.Thread, ...] = ()

    def begin(self, path: Path, base: JournalBase, *, replaces: Path | None = None) -> None:
        """Start a journal.

        Parameters
        ----------
        path, base
            Its file, and what it starts from.
        replaces
            A journal that this one makes superfluous: deleted once this one is written.
        """
        self._start()
        self._orders.put(_Begin(path, base, replaces))

    def append(self, path: Path, change: Change) -> None:
        """Write a change into a begun journal."""
        self._orders.put(_Append(path, change))

    def note_step(self, path: Path, stepped: Stepped, text: str) -> None:
        """Write what became of the changes since the last of these."""
        self._orders.put(_NoteStep(path, stepped, text))

    def note_shape(self, path: Path, shape: OpenShape | None) -> None:
        """Write the polygon under way into a begun journal, in place of the one before."""
        self._orders.put(_NoteShape(path, shape))

    def end(self, path: Path, *, discard: bool) -> None:
        """Finish a journal.

        Parameters
        ----------
        path
            Its file.
        discard
            Delete it: what it holds is saved, or wanted no more; an unsaved run beside it stays.
            Otherwise it stays for the next start to find.
        """
        self._orders.put(_End(path, discard))

    def then(self, call: Callable[[], None]) -> None:
        """Call something once all that was asked for is done; at once if nothing ever was."""
        if self._threads:
            self._orders.put(_Then(call))
        else:
            call()

    def close(self) -> None:
        """Write what waits, sync it and end the threads; files of journals not ended stay."""
        if not self._threads:
            return
        self._orders.put(None)
        self._threads[0].join()
        self._closing.set()
        self._written.set()
        self._threads[1].join()
        self._threads = ()

    def _start(self) -> None:
        if self._threads:
            return
        self._closing.clear()
        self._threads = (
            threading.Thread(target=self._write, name="memlens journal", daemon=True),
            threading.Thread(target=self._keep_up, name="memlens journal sync", daemon=True),
        )
        for thread in self._threads:
            thread.start()

    def _write(self) -> None:
        while (order := self._orders.get()) is not None:
            self._carry_out(order)
        for path in tuple(self._journals):
            self._finish(path, sync=True)

    def _carry_out(self, order: _Order) -> None:
        match order:
            case _Begin():
                with self._telling(order.path):
                    with suppress(OSError):
                        remember_journal(order.path)
                    self._journals[order.path] = Journal(order.path, order.base)
                    if order.replaces is not None:
                        self._replace(order.replaces, order.path)
            case _Append() if order.path in self._journals:
                with self._telling(order.path):
                    self._journals[order.path].append(order.change)
            case _NoteStep() if order.path in self._journals:
                with self._telling(order.path):
                    self._journals[order.path].note_step(order.stepped, order.text)
            case _NoteShape() if order.path in self._journals:
                with self._telling(order.path):
                    self._journals[order.path].note_shape(order.shape)
            case _End():
                if order.discard:
                    self._finish(order.path)
                    drop_journal(order.path)
                else:
                    self._finish(order.path, sync=True)
            case _Then():
                order.call()
        self._written.set()

    def _replace(self, old: Path, new: Path) -> None:
        self._finish(old)
        retire_journal(old, new)

    def _finish(self, path: Path, *, sync: bool = False) -> None:
        journal = self._journals.pop(path, None)
        if journal is not None:
            # Syncing takes long on a busy disk, and other journals wait meanwhile.
            if sync:
                with suppress(OSError):
                    journal.sync()
            journal.close()

    @contextmanager
    def _telling(self, path: Path) -> Iterator[None]:
        try:
            yield
        except (OSError, MaskError) as error:
            self._finish(path)
            reason = error.strerror if isinstance(error, OSError) else None
            reason = reason or str(error).rstrip(".")
            self._failed(path, reason)

    def _keep_up(self) -> None:
        while not self._closing.is_set():
            self._written.wait()
            self._written.clear()
            for journal in tuple(self._journals.values()):
                with suppress(OSError):
                    if journal.due:
                        journal.compact()
                    journal.sync()
            self._closing.wait(SYNC_INTERVAL_S)
