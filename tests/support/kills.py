"""A process that draws and saves, killed at a random moment, and what it leaves.

The child edits masks and places corners of polygons at random, through the document and what the
window keeps them with (lock, journal, autosave, saves in a second thread), and reports each state
before it hands it on.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from memlens.files.session_lock import SessionLock
from memlens.files.sessions import load_session
from memlens.masks.document import MaskDocument
from memlens.masks.edits import AddMask, Invert, Paint, RemoveMask
from memlens.masks.journal_places import find_left_behind
from memlens.masks.journal_writer import JournalWriter
from memlens.masks.named_mask import NamedMask
from memlens.masks.open_shape import OpenShape
from memlens.masks.recovery import Recovered, recover
from memlens.masks.shapes import Stroke
from ui.control.masks.unsaved_run import UnsavedRun
from ui.jobs.context import JobContext
from ui.jobs.keep_run import KeepRun
from ui.jobs.run_to_write import RunToWrite
from ui.jobs.save_session import SaveSession, SessionSaved
from ui.state.run import Run
from ui.worker.engine_worker import EngineWorker

ROOT = Path(__file__).resolve().parents[2]
_STATE = struct.Struct("<Qd16s")
_DEMO = ROOT / "resources" / "demo-session.memlens"


def digest(masks: Sequence[NamedMask], shape: OpenShape | None) -> bytes:
    """Return what tells one state of all masks, and of the polygon under way, from another."""
    corners = () if shape is None else (shape.points, shape.closed)
    whole = hashlib.blake2b(repr(corners).encode(), digest_size=16)
    for mask in masks:
        whole.update(f"{mask.name}\0{mask.kind}\0{mask.pixels.shape}\0".encode())
        whole.update(np.packbits(mask.pixels).tobytes())
    return whole.digest()


# -- the child


class Victim:
    """Edits, journals and saves until it is killed."""

    def __init__(self, session: Path, seed: int, *, unsaved: bool) -> None:
        self._random = random.Random(seed)
        self._path = session
        self._count = 0
        self._shape: OpenShape | None = None
        self._session = load_session(session)
        image = self._session.trajectory.image
        self._document = MaskDocument.from_masks(image.shape[:2], self._session.masks)
        self._document.subscribe(self._report)
        self._tell()
        run = Run.of_session(1, self._session, session, "")
        self._lock = None if unsaved else SessionLock.acquire(session)
        self._kept = UnsavedRun(
            run,
            JournalWriter(),
            held=lambda: self._lock is not None,
            became_dirty=lambda kept: None,
            failed=sys.exit,
        )
        self._kept.watch(self._document)
        self._unsaved = unsaved
        self._saver: threading.Thread | None = None
        self._saved: SessionSaved | None = None

    def live(self) -> None:
        """Edit at about the rate of a hand that draws, and save now and then."""
        while True:
            self._edit()
            if self._saved is not None:
                saved, self._saved = self._saved, None
                self._kept.saved(saved.positions[1])
            if self._saver is None or not self._saver.is_alive():
                if self._random.random() < (0.3 if self._unsaved else 0.1):
                    self._save()
            time.sleep(self._random.choice((0.0, 0.002, 0.008, 0.016)))

    def _report(self, change: object) -> None:
        self._count += 1
        self._tell()

    def _tell(self) -> None:
        state = digest(self._document.snapshot(), self._shape)
        os.write(1, _STATE.pack(self._count, time.monotonic(), state))

    def _edit(self) -> None:
        document, entries = self._document, self._document.entries
        height, width = document.size
        at = (self._random.uniform(0, width), self._random.uniform(0, height))
        match self._random.randrange(28):
            case 0 if len(entries) < 6:
                pixels = np.zeros(document.size, bool)
                name = f"mask {self._count}"
                document.edit(AddMask(NamedMask(name=name, kind="ground truth", pixels=pixels)))
            case 1 if len(entries) > 1:
                document.edit(RemoveMask(self._random.choice(entries).id))
            case 2:
                document.edit(Invert(), self._random.choice(entries).id)
            case 3 | 4 | 5:
                document.undo()
            case 6:
                document.redo()
            case 7 | 8 | 9 | 10:
                self._place_corner(at)
            case _:
                stroke = Stroke((at, (at[0] + 9, at[1] + 4)), self._random.uniform(1, 12))
                document.edit(
                    Paint(stroke, self._random.random() < 0.7), self._random.choice(entries).id
                )

    def _place_corner(self, at: tuple[float, float]) -> None:
        """Place a corner of a polygon, close it, or give it up."""
        shape = self._shape
        if shape is None:
            self._shape = OpenShape(self._document.entries[0].id, (at,))
        elif shape.closed or self._random.random() < 0.1:
            self._shape = None
        else:
            self._shape = replace(
                shape, points=(*shape.points, at), closed=self._random.random() < 0.2
            )
        self._report(self._shape)
        self._kept.note_shape(self._shape)

    def _save(self) -> None:
        if self._unsaved:
            path = self._kept.unsaved_run
            if path is None or path.exists():
                return
            run = RunToWrite(number=1, session=replace(self._session, masks=()))
            request: KeepRun | SaveSession = KeepRun(runs=((run, path),))
        else:
            request = SaveSession(
                runs=(
                    RunToWrite(
                        number=1,
                        session=replace(self._session, masks=self._document.snapshot()),
                        position=self._document.position,
                    ),
                ),
                path=self._path,
                lock=False,
            )
        self._saver = threading.Thread(target=self._carry_out, args=(request,), daemon=True)
        self._saver.start()

    def _carry_out(self, request: KeepRun | SaveSession) -> None:
        context = JobContext(0, request.job, lambda report, slot: None, lambda: None)
        result = EngineWorker()(request, context)
        if isinstance(result, SessionSaved):
            self._saved = result


# -- the one who kills


@dataclass(frozen=True, slots=True)
class Kill:
    """What one kill did: edits made, edits lost, and how long before the kill the first was."""

    edits: int
    lost: int
    loss_ms: float
    journal: bool
    during_save: bool
    problem: str = ""


def kill_once(folder: Path, seed: int, *, session: Path = _DEMO) -> Kill:
    """Start a child, kill it at a random moment, and look at what it left.

    The caller's own data folder must be the one in `folder` (see `isolate`).
    """
    chance = random.Random(seed)
    unsaved = chance.random() < 0.4
    shutil.rmtree(folder / "data", ignore_errors=True)
    path = folder / "mine.memlens"
    shutil.copy(session, path)
    command = [sys.executable, "-m", __name__, str(path), str(seed)]
    if unsaved:
        command.append("unsaved")
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert child.stdout is not None and child.stderr is not None
    states: list[tuple[int, float, bytes]] = []

    def read() -> None:
        assert child.stdout is not None
        while len(data := child.stdout.read(_STATE.size)) == _STATE.size:
            states.append(_STATE.unpack(data))

    reader = threading.Thread(target=read)
    reader.start()
    while not states and child.poll() is None:
        time.sleep(0.005)
    time.sleep(chance.uniform(0.0, 1.0))
    during_save = any(folder.rglob("*.partial"))
    killed = time.monotonic()
    child.kill()
    child.wait()
    reader.join()
    told = child.stderr.read().decode()
    child.stderr.close()
    child.stdout.close()
    if child.returncode != -9:
        return Kill(len(states), 0, 0.0, False, False, f"the child ended by itself: {told}")
    return _judge(path, states, killed, during_save, unsaved=unsaved)


def _judge(
    path: Path,
    states: list[tuple[int, float, bytes]],
    killed: float,
    during_save: bool,
    *,
    unsaved: bool,
) -> Kill:
    left = find_left_behind()
    try:
        on_disk = load_session(path)
        found: Recovered = recover(left[0]) if left else Recovered(session=on_disk, edits=0)
    except Exception as error:
        return Kill(len(states), 0, 0.0, bool(left), during_save, f"{error}")
    finally:
        for partial in path.parent.rglob("*.partial"):
            partial.unlink()
    if len(left) > 1:
        return Kill(len(states), 0, 0.0, True, during_save, f"{len(left)} things were left")
    state = digest(found.session.masks, found.shape)
    known = [place for place, (_, _, told) in enumerate(states) if told == state]
    if not known:
        return Kill(len(states), 0, 0.0, bool(left), during_save, "a state that never was")
    lost = states[known[-1] + 1 :]
    # It lived at least until it reported its last state.
    end = max(killed, states[-1][1])
    loss_ms = (end - lost[0][1]) * 1000 if lost else 0.0
    return Kill(len(states), len(lost), loss_ms, bool(left), during_save)


def isolate(folder: Path) -> None:
    """Let this process and its children keep their data in `folder`."""
    os.environ["XDG_DATA_HOME"] = str(folder / "data")
    os.environ["HOME"] = str(folder)
    os.environ["OMP_NUM_THREADS"] = "1"
    os.environ["PYTHONPATH"] = str(ROOT)


if __name__ == "__main__":
    Victim(Path(sys.argv[1]), int(sys.argv[2]), unsaved="unsaved" in sys.argv[3:]).live()
