"""The journal of a document's edits: what a kill cannot take away."""

from __future__ import annotations

import io
import os
import tempfile
import threading
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from memlens.errors import JournalError, MaskError
from memlens.files.frames import MAGIC, FrameError, framed, read_frames
from memlens.masks.changes import Change, from_bytes, to_bytes
from memlens.masks.document import MaskDocument, Stepped
from memlens.masks.journal_base import JournalBase
from memlens.masks.kinds import KINDS
from memlens.masks.named_mask import NamedMask
from memlens.masks.open_shape import OpenShape
from memlens.masks.undo_steps import MAX_RECORDED_BYTES, RecordedMasks, UndoSteps

BASE, CHANGE, SHAPE, STEP = 1, 2, 3, 4
COMPACT_BYTES = 8 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalContent:
    """What a journal says.

    Attributes
    ----------
    base
        What it started from.
    masks
        (id in the document, mask) after the last whole record.
    edits
        How many changes it holds.
    lost_bytes
        How many bytes after the last whole record are torn or damaged, and dropped.
    shape
        The polygon that was under way; None for none.
    steps
        What could be undone and redone after the last whole record.
    """

    base: JournalBase
    masks: tuple[tuple[int, NamedMask], ...]
    edits: int
    lost_bytes: int = 0
    shape: OpenShape | None = None
    steps: UndoSteps = field(default_factory=UndoSteps)

    @property
    def recorded(self) -> RecordedMasks:
        """Masks and undo, as a document takes them."""
        return RecordedMasks(masks=self.masks, steps=self.steps)


def read_journal(path: Path) -> JournalContent:
    """Read a journal as far as it is whole, and replay it.

    Raises
    ------
    JournalError
        If it is damaged at its start, too large, or of a newer version.
    """
    try:
        with path.open("rb") as stream:
            return _replay(stream)
    except (FrameError, JournalError, MaskError) as error:
        reason = str(error).rstrip(".")
        raise JournalError(f"the journal {path} cannot be read: {reason}.") from error
    except (ValueError, TypeError, LookupError, ArithmeticError) as error:
        raise JournalError(f"the journal {path} cannot be read: it is damaged.") from error
    except MemoryError as error:
        raise JournalError(f"the journal {path} does not fit into memory.") from error
    except OSError as error:
        raise JournalError(f"the journal {path} cannot be read: {error.strerror}.") from error


class Journal:
    """An append-only file of changes; every record is written before `append` returns.

    A record outlives the process as soon as it is written; it outlives a power cut once `sync`
    was called after it. All methods may be called from any thread.

    Parameters
    ----------
    path
        The file, made anew.
    base
        What the changes start from.

    Raises
    ------
    OSError
        If it cannot be written.
    """

    def __init__(self, path: Path, base: JournalBase) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._base = base
        self._replica = ReplayedMasks(base)
        self._shape = base.shape
        self._stream: BinaryIO | None = None
        self._base_bytes = self._bytes = 0
        self._synced = False
        self._tail: list[bytes] | None = None
        self._begin(base)

    @property
    def due(self) -> bool:
        """Whether it has grown so much that `compact` is worth it."""
        return self._bytes - self._base_bytes > max(COMPACT_BYTES, 2 * self._base_bytes)

    def append(self, change: Change) -> None:
        """Write one change.

        After a failure the next call writes the whole journal anew, this change included.

        Raises
        ------
        OSError
            If it cannot be written; what was written before is whole.
        """
        record = framed(CHANGE, to_bytes(change))
        with self._lock:
            self._replica.apply(change)
            self._write(record)

    def note_step(self, stepped: Stepped, text: str) -> None:
        """Write what became of the changes since the last of these.

        Raises
        ------
        OSError
            As `append` does.
        """
        record = framed(STEP, bytes((stepped,)) + text.encode("utf-8", "surrogatepass"))
        with self._lock:
            self._replica.step(stepped, text)
            self._write(record)

    def note_shape(self, shape: OpenShape | None) -> None:
        """Write the polygon under way, in place of the one before; None for none.

        Raises
        ------
        OSError
            As `append` does.
        """
        record = framed(SHAPE, b"" if shape is None else shape.to_bytes())
        with self._lock:
            self._shape = shape
            self._write(record)

    def sync(self) -> None:
        """Wait until all that was written is on the disk itself.

        Raises
        ------
        OSError
            If the disk refuses.
        """
        with self._lock:
            if self._stream is None or self._synced:
                return
            self._synced = True
            descriptor = os.dup(self._stream.fileno())
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def compact(self) -> None:
        """Start the file anew from the masks as they are; appending goes on meanwhile.

        Raises
        ------
        OSError
            If it cannot be written; the journal is as it was.
        """
        with self._lock:
            base, before = self._now(), self._stream
            self._tail = []
        head = MAGIC + framed(BASE, base.to_bytes())
        stream, name = _temporary(self.path)
        try:
            _write_all(stream, head)
            os.fsync(stream.fileno())
            with self._lock:
                if self._stream is None or self._stream is not before:
                    raise OSError("the journal was closed or begun anew meanwhile")
                for record in self._tail:
                    _write_all(stream, record)
                grown = sum(map(len, self._tail))
                self._adopt(stream, name)
                self._base_bytes, self._bytes = len(head), len(head) + grown
        except BaseException:
            stream.close()
            with suppress(OSError):
                os.unlink(name)
            raise
        finally:
            self._tail = None

    def close(self) -> None:
        """Close the file and leave it where it is."""
        with self._lock:
            if self._stream is not None:
                self._stream.close()
                self._stream = None

    def remove(self) -> None:
        """Close and delete the file: its edits are kept elsewhere, or wanted no more."""
        self.close()
        with suppress(OSError):
            self.path.unlink()

    def _write(self, record: bytes) -> None:
        if self._stream is None or os.fstat(self._stream.fileno()).st_nlink == 0:
            self._begin(self._now())
            return
        try:
            _write_all(self._stream, record)
        except OSError:
            self._break()
            raise
        self._bytes += len(record)
        self._synced = False
        if self._tail is not None:
            self._tail.append(record)

    def _now(self) -> JournalBase:
        now = self._replica.recorded()
        return replace(self._base, masks=now.masks, steps=now.steps, shape=self._shape)

    def _begin(self, base: JournalBase) -> None:
        head = MAGIC + framed(BASE, base.to_bytes())
        stream, name = _temporary(self.path)
        try:
            _write_all(stream, head)
            self._adopt(stream, name)
        except BaseException:
            stream.close()
            with suppress(OSError):
                os.unlink(name)
            raise
        self._base_bytes = self._bytes = len(head)

    def _adopt(self, stream: BinaryIO, name: str) -> None:
        before, self._stream = self._stream, None
        if before is not None:
            before.close()  # Windows replaces no open file
        os.replace(name, self.path)
        self._stream = stream
        self._synced = False

    def _break(self) -> None:
        # Half a record in the middle would hide those that follow.
        assert self._stream is not None
        with suppress(OSError):
            os.ftruncate(self._stream.fileno(), self._bytes)
        self._stream.close()
        self._stream = None


class ReplayedMasks:
    """The masks that a journal tells of, change by change, with their undo.

    Parameters
    ----------
    base
        What the journal starts from.

    Raises
    ------
    MaskError
        If its masks do not fit.
    """

    def __init__(self, base: JournalBase) -> None:
        self.document = document_of(base, byte_cap=MAX_RECORDED_BYTES)
        self._saved = base.steps.saved
        self._pending: list[Change] = []

    def apply(self, change: Change) -> None:
        """Take a change in: what it belongs to is told after it, or never in older journals.

        Raises
        ------
        MaskError
            If it does not fit the masks as they are; nothing changed.
        """
        if not self.document.in_stroke:
            self.document.begin_stroke()
        self.document.apply(change)
        self._pending.append(change)

    def step(self, stepped: Stepped, text: str) -> None:
        """Do with the changes since the last step what was done with them."""
        document, pending = self.document, tuple(self._pending)
        self._pending.clear()
        if stepped in (Stepped.DONE, Stepped.TAKEN_BACK):
            # What takes a stroke back is a change of its own, told before: nothing is left then.
            document.end_stroke(text)
            return
        if not pending:
            return
        document.abandon_stroke()
        if stepped is Stepped.ADOPTED:
            for change in pending:
                document.take_in(change)
            return
        there = document.can_undo if stepped is Stepped.UNDONE else document.can_redo
        if there:
            (document.undo if stepped is Stepped.UNDONE else document.redo)()
            return
        document.begin_stroke()
        for change in pending:
            document.apply(change)
        document.end_stroke()

    def recorded(self) -> RecordedMasks:
        """Return the masks as they are now, and their undo."""
        return self.document.recorded(self._saved)


def document_of(base: JournalBase, *, byte_cap: int = 0) -> MaskDocument:
    """Return a document that holds the base's masks under their ids.

    Raises
    ------
    MaskError
        If they do not fit.
    """
    return MaskDocument.restored(base.size, base.recorded, byte_cap=byte_cap)


def _replay(stream: BinaryIO) -> JournalContent:
    size = stream.seek(0, io.SEEK_END)
    frames = read_frames(stream)
    first = next(frames, None)
    if first is None or first.kind != BASE:
        raise JournalError("its first record is damaged")
    base = JournalBase.from_bytes(first.payload)
    masks_now = ReplayedMasks(base)
    edits, end, shape = 0, first.end, base.shape
    for place, frame in enumerate(frames, 1):
        if frame.kind == CHANGE:
            masks_now.apply(from_bytes(frame.payload))
            edits += 1
        elif frame.kind == STEP and frame.payload:
            text = str(frame.payload[1:], "utf-8", "surrogatepass")
            masks_now.step(Stepped(frame.payload[0]), text[:200])
        elif frame.kind == SHAPE:
            shape = OpenShape.from_bytes(frame.payload) if frame.payload else None
        else:
            raise JournalError(f"record {place} is of an unknown kind")
        end = frame.end
    masks_now.document.end_stroke()
    now = masks_now.recorded()
    masks = now.masks
    strange = next((mask.kind for _, mask in masks if mask.kind not in KINDS), None)
    if strange is not None:
        raise JournalError(f"one of its masks is of the unknown kind {strange[:40]!r}")
    return JournalContent(
        base=base,
        masks=masks,
        steps=now.steps,
        edits=edits,
        lost_bytes=size - end,
        shape=shape,
    )


def _temporary(path: Path) -> tuple[BinaryIO, str]:
    descriptor, name = tempfile.mkstemp(prefix=path.name, suffix=".partial", dir=path.parent)
    return os.fdopen(descriptor, "wb", buffering=0), name


def _write_all(stream: BinaryIO, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[stream.write(rest) :]
