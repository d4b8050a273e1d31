"""Damage journals in every way: each must give an earlier state or a clear error.

Run with ``python benchmarks/fuzz_journals.py [--cases 10000] [--json FILE]``.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from memlens.errors import JournalError
from memlens.frames import MAGIC, framed, read_frames
from memlens.masks.document import MaskDocument
from memlens.masks.edits import AddMask, Invert, Paint, RenameMask
from memlens.masks.journal import Journal, read_journal
from memlens.masks.journal_base import JournalBase
from memlens.masks.named_mask import NamedMask
from memlens.masks.shapes import Stroke

SIZE = (40, 56)


def whole_journal(folder: Path) -> bytes:
    """Return the bytes of a journal of a few edits of every sort."""
    mask = NamedMask(name="é", kind="ground truth", pixels=np.zeros(SIZE, bool))
    document = MaskDocument.from_masks(SIZE, (mask,))
    entry = document.entries[0].id
    picture = np.zeros((*SIZE, 3), np.uint8)
    base = JournalBase(size=SIZE, masks=((entry, mask),), run={"seconds": 1.0}, picture=picture)
    journal = Journal(folder / "whole", base)
    document.subscribe(journal.append)
    document.edit(Paint(Stroke(((3.0, 4.0), (30.0, 30.0)), 4.0), True))
    document.edit(AddMask(mask))
    document.edit(Invert())
    document.edit(RenameMask(entry, "another"))
    document.undo()
    journal.close()
    return (folder / "whole").read_bytes()


def damaged(whole: bytes, chance: random.Random) -> bytes:
    """Return a journal with one sort of damage; half of them with checksums that are right."""
    data = bytearray(whole)
    match chance.randrange(5):
        case 0:
            return bytes(data[: chance.randrange(len(data))])
        case 1:
            for _ in range(chance.randint(1, 8)):
                data[chance.randrange(len(data))] ^= chance.randint(1, 255)
            return bytes(data)
        case 2:
            return bytes(data) + chance.randbytes(chance.randint(1, 64))
    frames = [(frame.kind, frame.payload) for frame in read_frames(io.BytesIO(whole))]
    place = chance.randrange(len(frames))
    kind, payload = frames[place]
    changed = bytearray(payload)
    for _ in range(chance.randint(1, 6)):
        changed[chance.randrange(min(len(changed), 600))] = chance.randrange(256)
    if chance.random() < 0.3:
        del changed[chance.randrange(len(changed)) :]
    frames[place] = (chance.choice((kind, kind, chance.randrange(256))), bytes(changed))
    if chance.random() < 0.2:
        chance.shuffle(frames)
    return MAGIC + b"".join(framed(*frame) for frame in frames)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    outcomes: Counter[str] = Counter()
    crashes, slowest = [], 0.0
    with tempfile.TemporaryDirectory(prefix="memlens-fuzz-") as name:
        path = Path(name) / "journal"
        whole = whole_journal(Path(name))
        for case in range(options.cases):
            path.write_bytes(damaged(whole, random.Random(options.seed * options.cases + case)))
            began = time.perf_counter()
            try:
                read_journal(path)
                outcomes["read"] += 1
            except JournalError:
                outcomes["refused"] += 1
            except Exception as error:
                crashes.append(f"case {case}: {type(error).__name__}: {error}")
            slowest = max(slowest, time.perf_counter() - began)
    figures = {
        "cases": options.cases,
        **outcomes,
        "crashes": len(crashes),
        "slowest_ms": round(slowest * 1000, 1),
    }
    print(json.dumps(figures, indent=1))
    print(*crashes[:20], sep="\n", file=sys.stderr)
    if options.json is not None:
        options.json.write_text(json.dumps(figures, indent=1) + "\n")
    return 1 if crashes else 0


if __name__ == "__main__":
    sys.exit(main())
