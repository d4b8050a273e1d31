"""What a journal starts from: the run that its masks belong to, and all masks at that time."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memlens.errors import JournalError, MaskError
from memlens.masks.changes import from_bytes, to_bytes
from memlens.masks.kinds import kind_in_file
from memlens.masks.named_mask import MAX_ALL_PIXELS, NamedMask
from memlens.masks.open_shape import OpenShape
from memlens.masks.packing import packed
from memlens.masks.undo_steps import MAX_RECORDED_BYTES, RecordedMasks, UndoStep, UndoSteps

MAX_SIDE = 8192
MAX_MASKS = 4096
_LENGTH = struct.Struct("<I")
_MAX_FACTS_BYTES = 16 << 20
_MAX_STEP_BYTES = 1 << 28


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalBase:
    """The header of a journal.

    Attributes
    ----------
    size
        (height, width) of the picture and of every mask.
    masks
        (id in the document, mask), first to last.
    session
        The session's file; None for a run that was never saved.
    stamp
        Of that file when the journal began (see `stamp_of`), "" for none.
    run
        Provenance, schedule and seconds of the run, JSON-ready, as a session keeps them.
    picture
        (height, width, 3), uint8; kept for a run that no session file holds yet.
    replaces
        The journal that this one makes superfluous; None for no other.
    shape
        The polygon that was under way; None for none.
    steps
        What could be undone and redone.
    run_id
        What tells the run from others in the same file, "" for not known.
    """

    size: tuple[int, int]
    masks: tuple[tuple[int, NamedMask], ...] = ()
    session: Path | None = None
    stamp: str = ""
    run: Mapping[str, Any] = field(default_factory=dict)
    picture: NDArray[np.uint8] | None = None
    replaces: Path | None = None
    shape: OpenShape | None = None
    steps: UndoSteps = field(default_factory=UndoSteps)
    run_id: str = ""

    @property
    def recorded(self) -> RecordedMasks:
        """Masks and undo, as a document takes them."""
        return RecordedMasks(masks=self.masks, steps=self.steps)

    @property
    def title(self) -> str:
        """What a person knows it by: the session's name, or the prompt and seed."""
        if self.session is not None:
            return self.session.name
        made = self.run.get("provenance")
        made = made if isinstance(made, dict) else {}
        return f"“{str(made.get('prompt', ''))[:60]}”, seed {made.get('seed', '?')}"

    def to_bytes(self) -> bytes:
        """Return it packed."""
        masks = [zlib.compress(np.packbits(mask.pixels).tobytes(), 1) for _, mask in self.masks]
        steps = self.steps.within(MAX_RECORDED_BYTES)
        line = [*steps.done, *steps.undone]
        line += [] if steps.under_way is None else [steps.under_way]
        undo = [zlib.compress(to_bytes(step.packed.change()), 1) for step in line]
        facts = {
            "size": list(self.size),
            "session": None if self.session is None else str(self.session),
            "stamp": self.stamp,
            "run": dict(self.run),
            "has_picture": self.picture is not None,
            "replaces": None if self.replaces is None else str(self.replaces),
            "shape": "" if self.shape is None else self.shape.to_bytes().hex(),
            "masks": [
                {
                    "id": number,
                    "name": mask.name,
                    "kind": mask.kind,
                    "bytes": len(data),
                    **({"locked": True} if mask.locked else {}),
                }
                for (number, mask), data in zip(self.masks, masks, strict=True)
            ],
            "run_id": self.run_id,
            "steps": [
                {"text": step.text, "bytes": len(data)}
                for step, data in zip(line, undo, strict=True)
            ],
            "done": len(steps.done),
            "under_way": steps.under_way is not None,
            "saved": steps.saved,
            "next_id": steps.next_id,
        }
        head = json.dumps(facts, ensure_ascii=False).encode("utf-8", "surrogatepass")
        picture = b"" if self.picture is None else np.ascontiguousarray(self.picture).tobytes()
        return b"".join((_LENGTH.pack(len(head)), head, *masks, *undo, picture))

    @classmethod
    def from_bytes(cls, data: bytes) -> JournalBase:
        """Read what `to_bytes` gave.

        Raises
        ------
        JournalError
            If it is damaged or too large; the message is a clause.
        """
        try:
            return _read(memoryview(data))
        except (KeyError, TypeError, ValueError, RecursionError, struct.error, MaskError) as error:
            raise JournalError("its first record is damaged") from error


def stamp_of(session: Path) -> str:
    """Return what tells one version of a file from the next: size and time, "" for no file."""
    try:
        found = session.stat()
    except OSError:
        return ""
    return f"{found.st_size}:{found.st_mtime_ns}"


def _read(data: memoryview) -> JournalBase:
    (length,) = _LENGTH.unpack_from(data)
    if length > min(len(data) - _LENGTH.size, _MAX_FACTS_BYTES):
        raise JournalError("its first record is damaged")
    place = _LENGTH.size + length
    facts = json.loads(str(data[_LENGTH.size : place], "utf-8", "surrogatepass"))
    height, width = facts["size"]
    if type(height) is not int or type(width) is not int:
        raise JournalError("its first record is damaged")
    if not (0 < height <= MAX_SIDE and 0 < width <= MAX_SIDE):
        raise JournalError(f"it is about a picture of {width}×{height} pixels")
    each = (height * width + 7) // 8
    if len(facts["masks"]) > min(MAX_MASKS, MAX_ALL_PIXELS // (height * width)):
        raise JournalError(f"it holds {len(facts['masks']):,} masks of {width}×{height} pixels")
    masks = []
    for entry in facts["masks"]:
        count = entry["bytes"]
        if type(count) is not int or type(entry["id"]) is not int:
            raise JournalError("its first record is damaged")
        if not 0 <= count <= len(data) - place:
            raise JournalError("its first record is cut short")
        pixels = _unpacked(data[place : place + count], each, height, width)
        mask = NamedMask(
            name=str(entry["name"]),
            kind=kind_in_file(str(entry["kind"])),
            pixels=pixels,
            locked=entry.get("locked") is True,
        )
        masks.append((entry["id"], mask))
        place += count
    steps, place = _steps(facts, data, place)
    picture = None
    if facts["has_picture"]:
        flat = np.frombuffer(data[place:], np.uint8)
        picture = flat.reshape(height, width, 3).copy()
    elif place != len(data):
        raise JournalError("its first record has bytes after its end")
    if not isinstance(facts["run"], dict):
        raise JournalError("its first record is damaged")
    return JournalBase(
        size=(height, width),
        masks=tuple(masks),
        session=None if facts["session"] is None else Path(str(facts["session"])),
        stamp=str(facts["stamp"]),
        run=facts["run"],
        picture=picture,
        replaces=None if not facts.get("replaces") else Path(str(facts["replaces"])),
        shape=OpenShape.from_bytes(bytes.fromhex(facts["shape"])) if facts.get("shape") else None,
        steps=steps,
        run_id=str(facts.get("run_id", "")),
    )


def _steps(facts: Mapping[str, Any], data: memoryview, place: int) -> tuple[UndoSteps, int]:
    """Return the undo steps and where in the data they end; a journal of before has none."""
    if "steps" not in facts:
        return UndoSteps(), place
    found = []
    for entry in facts["steps"]:
        count = entry["bytes"]
        if type(count) is not int or not 0 <= count <= len(data) - place:
            raise JournalError("its first record is cut short")
        inflater = zlib.decompressobj()
        try:
            change = inflater.decompress(data[place : place + count], _MAX_STEP_BYTES)
            found.append(UndoStep(str(entry["text"])[:200], packed(from_bytes(change))))
        except zlib.error as error:
            raise JournalError("one of its steps is damaged") from error
        place += count
    done, under_way, saved = facts["done"], facts["under_way"] is True, facts["saved"]
    undone = len(found) - under_way
    if type(done) is not int or not 0 <= done <= undone or type(facts["next_id"]) is not int:
        raise JournalError("its first record is damaged")
    if saved is not None and (type(saved) is not int or not 0 <= saved <= undone):
        raise JournalError("its first record is damaged")
    steps = UndoSteps(
        done=tuple(found[:done]),
        undone=tuple(found[done:undone]),
        under_way=found[-1] if under_way else None,
        saved=saved,
        next_id=facts["next_id"],
    )
    return steps, place


def _unpacked(packed: memoryview, each: int, height: int, width: int) -> NDArray[np.bool_]:
    inflater = zlib.decompressobj()
    try:
        bits = inflater.decompress(packed, each + 1)
    except zlib.error as error:
        raise JournalError("one of its masks is damaged") from error
    if len(bits) != each or not inflater.eof:
        raise JournalError("one of its masks is damaged")
    flat = np.unpackbits(np.frombuffer(bits, np.uint8), count=height * width)
    return flat.astype(bool).reshape(height, width)
