"""Attacks on readers, each the work of somebody who knows the formats: a name and bytes."""

from __future__ import annotations

import base64
import io
import json
import pickle
import random
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np
from PIL import Image

from memlens.files.frames import MAGIC, framed, read_frames
from memlens.masks.changes import Box, Flipped, to_bytes
from memlens.masks.coco import coco_of
from tests.support.damage.parts import HUGE, Damage, blank, chunks_of, png_of
from tests.support.damage.whole_files import SIZE, array_bytes, saved, small_mask, whole_journal

Members = list[tuple[str, bytes]]
Attack = Callable[[random.Random], Damage]
_BIG = (255, 65535, 2**31 - 1, 2**31, 2**32 - 1)
NAMES = (
    "\x1b[2J\x1b]0;evil\x07", "a\nb\rc\td", "\x00", "\u202egpj.exe", "\ud800", "", " ", "x" * 10**6,
    "<img src=file:///etc/passwd>", "%s%n{0}", "../../evil", "\ufeff\u200b", "🏴‍☠️" * 500,
)  # fmt: skip
_ODD_NUMBERS = (float("nan"), float("inf"), -1e308, 1e308, -1, 2**63, 10**400, 0.5, True, None)


class _Evil:
    """Runs code when it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return exec, ("open('evil', 'w').write('evil')",)


# -- archives


def on_archive(members: Members, chance: random.Random) -> Damage:
    """Attack a session by way of the zip."""
    match chance.randrange(9):
        case 0:
            return "symlink", _linked(members, chance)
        case 1:
            return "overlapping entries", _overlapping(chance)
        case 2:
            return "zip in the zip", _with(members, chance, zipped(members))
        case 3:
            return "pickled array", _with(members, chance, pickled(chance), ".npy")
        case 4:
            return "floats that are none", _with(members, chance, _not_numbers(members, chance))
        case 5:
            return "encrypted", _flagged(zipped(members), chance.choice((1, 64, 0x2000, 0xFFFF)))
        case 6:
            return "two ends", zipped(members) + zipped(members[: len(members) // 2])
        case 7:
            return "names of masks", _renamed(members, chance)
    return "sizes of 64 bits", _zip64(members, chance)


def zipped(members: Members, kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", kind) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, kind)
    return stream.getvalue()


def _with(members: Members, chance: random.Random, data: bytes, ending: str = "") -> bytes:
    place = chance.choice([i for i, (name, _) in enumerate(members) if name.endswith(ending)])
    changed = list(members)
    changed[place] = (members[place][0], data)
    return zipped(changed)


def _linked(members: Members, chance: random.Random) -> bytes:
    stream, chosen = io.BytesIO(), chance.randrange(len(members))
    target = chance.choice(("/etc/passwd", "../evil", "warm.png", "session.json", "/dev/zero"))
    with zipfile.ZipFile(stream, "w") as archive:
        for number, (name, data) in enumerate(members):
            entry = zipfile.ZipInfo(name)
            if number == chosen:
                kind = chance.choice((stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFDIR))
                entry.external_attr = (kind | 0o777) << 16
                data = target.encode()
            archive.writestr(entry, data)
    return stream.getvalue()


@cache
def _overlapped(count: int, size: int) -> bytes:
    """Let many entries share one body, as Fifield's bomb does."""
    packed = zlib.compressobj(9, wbits=-15)
    body = packed.compress(bytes(size)) + packed.flush()
    check, parts, directory = zlib.crc32(bytes(size)), [], []
    first = b"masks/mask_0000.png"
    parts.append(
        struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 8, 0, 33, check, len(body), size, len(first), 0)
        + first + body
    )  # fmt: skip
    for number in range(count):
        name = b"masks/mask_%04d.png" % number
        head = struct.pack(
            "<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 8, 0, 33, check, len(body), size, len(name),
            0, 0, 0, 0, 0, 0,
        )  # fmt: skip
        directory.append(head + name)
    start, table = sum(map(len, parts)), b"".join(directory)
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, len(table), start, 0)
    return b"".join((*parts, table, end))


def _overlapping(chance: random.Random) -> bytes:
    return _overlapped(chance.choice((2, 100, 5000)), chance.choice((1 << 20, 64 << 20)))


def _flagged(whole: bytes, flags: int) -> bytes:
    changed = bytearray(whole)
    for mark, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        for place in _places(whole, mark):
            struct.pack_into("<H", changed, place + at, flags)
    return bytes(changed)


def _zip64(members: Members, chance: random.Random) -> bytes:
    """Say that an entry has so many bytes, in 32 bits or in an extra field of 64."""
    whole = zipped(members)
    changed, at = bytearray(whole), chance.choice(tuple(_places(whole, b"PK\1\2")))
    struct.pack_into("<I", changed, at + chance.choice((20, 24)), chance.choice(_BIG))
    if chance.random() < 0.6:
        name, extra = struct.unpack_from("<HH", changed, at + 28)
        sizes = [chance.choice((0, 2**40, 2**63, 2**64 - 1)) for _ in range(chance.randint(0, 3))]
        field = struct.pack(f"<HH{len(sizes)}Q", 1, 8 * len(sizes), *sizes)
        struct.pack_into("<H", changed, at + 30, extra + len(field))
        changed[at + 46 + name : at + 46 + name] = field
        end = bytes(changed).rindex(b"PK\5\6")
        (length,) = struct.unpack_from("<I", changed, end + 12)
        struct.pack_into("<I", changed, end + 12, length + len(field))
    return bytes(changed)


def _renamed(members: Members, chance: random.Random) -> bytes:
    named = dict(members)
    facts = json.loads(named["session.json"])
    for mask in facts["masks"]:
        mask["name"] = chance.choice((*NAMES, *_ODD_NUMBERS, ["a"], {"a": 1}))
        if chance.random() < 0.3:
            mask["kind"] = chance.choice(NAMES)
    facts["view"] = chance.choice((facts["view"], dict.fromkeys(NAMES, 1), {"step": 10**400}))
    named["session.json"] = json.dumps(facts).encode()
    return zipped(list(named.items()))


def _not_numbers(members: Members, chance: random.Random) -> bytes:
    data = dict(members)["arrays/x_t.npy"]
    values = np.lib.format.read_array(io.BytesIO(data), allow_pickle=False).copy()
    values[...] = chance.choice((np.nan, np.inf, -np.inf, 3e38, 1e-45))
    return array_bytes(np.asfortranarray(values) if chance.random() < 0.5 else values)


# -- arrays


def on_array(chance: random.Random) -> Damage:
    """Attack an NPY mask."""
    if chance.random() < 0.5:
        return "pickled array", pickled(chance)
    pixels = small_mask("m").pixels
    odd = pixels.astype(float)
    odd[3, 3] = chance.choice((np.nan, np.inf, -np.inf, -0.0, 1e-300, 2.0))
    made: tuple[np.ndarray, ...] = (
        odd, np.asfortranarray(pixels), pixels.astype(">i8"), pixels.astype(complex),
        np.zeros((0, 5)), np.ones((1, 1, *SIZE)), pixels.view(np.uint8) * np.uint8(2),
        np.zeros((3, 0), bool), np.array(1), np.zeros(7, "M8[ns]"),
    )  # fmt: skip
    return "values", array_bytes(chance.choice(made))


def pickled(chance: random.Random) -> bytes:
    objects = np.empty(SIZE, object)
    objects[:] = _Evil()
    stream = io.BytesIO()
    np.save(stream, objects, allow_pickle=True)
    return chance.choice(
        (stream.getvalue(), pickle.dumps(_Evil()), pickle.dumps(objects, protocol=0))
    )


# -- pictures


def on_picture(chance: random.Random) -> Damage:
    """Attack a PNG."""
    grey = Image.fromarray(small_mask("m").pixels.astype(np.uint8) * 255)
    match chance.randrange(5):
        case 0:
            data = _animated(chance.choice((2, 40)))
            return "animated", data[: chance.choice((len(data), chance.randrange(len(data))))]
        case 1:
            side = chance.choice((10_000, 100_000, 2**31 - 1))
            head = struct.pack(">IIBBBBB", side, side, chance.choice((1, 8, 16)), 0, 0, 0, 1)
            body = zlib.compress(bytes(1 << 20), 9) * chance.choice((1, 8))
            return "vast header", png_of([(b"IHDR", head), (b"IDAT", body), (b"IEND", b"")])
        case 2:
            bomb = _deflated_zeros()
            kind, start = chance.choice(
                ((b"zTXt", b"k\0\0"), (b"iTXt", b"k\0\1\0\0\0"), (b"iCCP", b"k\0\0"))
            )
            chunks = chunks_of(saved(grey, "PNG"))
            count = chance.choice((1, 8, 64))
            chunks[chance.choice((1, -1)) : 1] = [(kind, start + bomb)] * count
            return "text bombs", png_of(chunks)
        case 3:
            chunks = chunks_of(saved(grey, "PNG"))
            place = next(i for i, (kind, _) in enumerate(chunks) if kind == b"IDAT")
            data = zlib.decompress(chunks[place][1])
            wrong = chance.choice((data[: len(data) // 2], data + bytes(1 << 20), b"", b"\xff" * 9))
            chunks[place] = (b"IDAT", zlib.compress(wrong))
            return "rows that do not fit", png_of(chunks)
    return "bomb of deep colours", blank(HUGE, HUGE, 6, 16)


@cache
def _deflated_zeros() -> bytes:
    return zlib.compress(bytes(64 << 20), 9)


@cache
def _animated(frames: int) -> bytes:
    pictures = [Image.new("L", (56, 40), shade * 3) for shade in range(frames)]
    stream = io.BytesIO()
    pictures[0].save(stream, "PNG", save_all=True, append_images=pictures[1:])
    return stream.getvalue()


# -- JSON


def on_coco(chance: random.Random) -> Damage:
    """Attack the run lengths of COCO."""
    pixels = SIZE[0] * SIZE[1]
    values = coco_of((small_mask("a"),))
    coded = values["annotations"][0]["segmentation"]
    lengths: tuple[Any, ...] = (
        [pixels + 1], [-1, pixels + 1], [pixels, -5, 5], [2**62, 2**62, pixels - 2**63],
        [2**64, pixels], [pixels - 1], [0] * 100_000 + [pixels], [1] * pixels, [float(pixels)],
        [True, pixels - 1], [[pixels]], {"0": pixels}, "", "0" * 10**6, "o" * 20 + "0",
        "P" * 10**6, "\ud800", "é", "\x00", "~" * 50,
    )  # fmt: skip
    coded["counts"] = chance.choice(lengths)
    if chance.random() < 0.2:
        coded["size"] = chance.choice(([0, 0], [-40, -56], [HUGE, HUGE], [2**70, 1], [40.0, 56]))
    if chance.random() < 0.3:
        values["categories"][0]["name"] = chance.choice(NAMES)
    if chance.random() < 0.2:
        outline = [chance.choice(_ODD_NUMBERS) for _ in range(chance.choice((6, 7, 8)))]
        values["annotations"][0]["segmentation"] = chance.choice(([outline], [[0] * 10**6]))
    return "run lengths", json.dumps(values).encode()


def on_labelme(chance: random.Random) -> Damage:
    """Attack a labelme file with its points, nesting or labels."""
    match chance.randrange(4):
        case 0:
            points: Any = [[3, 4]] * chance.choice((199_000, 10**6))
        case 1:
            points = [[3, 4], [30, chance.choice(_ODD_NUMBERS)], [chance.choice(_ODD_NUMBERS), 9]]
        case 2:
            points = [[x * 1e6 * (-1) ** x, x] for x in range(chance.choice((3, 5000)))]
        case _:
            points = [[3, 4], [30, 4], [9, 30]]
    label: Any = chance.choice((*NAMES, *_ODD_NUMBERS, ["a"], {"a": "b"}))
    kind = chance.choice(("polygon", "rectangle", "circle", "line", "mask", None, "\x1b", [1]))
    shape = {"label": label, "points": points, "shape_type": kind}
    if chance.random() < 0.2:
        corners = [[0, 0], [SIZE[1] - 1, SIZE[0] - 1]]
        inner = base64.b64encode(on_picture(chance)[1][: 1 << 20]).decode()
        shape |= {"shape_type": "mask", "points": corners, "mask": inner}
    text = json.dumps({"shapes": [shape], "imageHeight": SIZE[0], "imageWidth": SIZE[1]})
    if chance.random() < 0.2:
        deep = chance.choice((500, 50_000, 10**6))
        text = text[:-1] + ', "flags": ' + "[" * deep + "]" * deep + "}"
    elif chance.random() < 0.2:
        text = text.replace('"shapes":', '"shapes": [], "shapes":', 1)
    return "shapes", text.encode()


# -- journals


def on_journal(chance: random.Random) -> Damage:
    """Attack a journal with lengths, boxes and groups that lie."""
    whole = whole_journal()
    first = next(read_frames(io.BytesIO(whole)))
    match chance.randrange(5):
        case 0:
            head = struct.pack("<BII", 2, chance.choice(_BIG), chance.randrange(2**32))
            return "forged length", whole[: first.end] + head + bytes(chance.choice((0, 64)))
        case 1:
            corners = [chance.choice((0, 1, 40, 56, *_BIG)) for _ in range(4)]
            change = Flipped(1, Box(*corners), bytes(chance.choice((0, 1, 280, 1 << 20))))
            return "forged box", whole + framed(2, to_bytes(change))
        case 2:
            data = to_bytes(Flipped(1, Box(0, 0, *SIZE), bytes(SIZE[0] * SIZE[1] // 8)))
            for _ in range(chance.choice((3, 5, 400))):
                count = chance.choice((1, 2)) if len(data) < 1 << 16 else 1
                data = b"G" + (struct.pack("<I", len(data)) + data) * count
            return "nested groups", whole + framed(2, data)
        case 3:
            count = chance.choice((0, 1, 3, 10_001, 1 << 18))
            numbers = (0.0, -1.0, 1e300, float("nan"), float("inf"))
            corner = struct.pack("<dd", chance.choice(numbers), chance.choice(numbers))
            data = struct.pack("<IB", chance.choice((0, 1, 2**32 - 1)), chance.choice((0, 1, 255)))
            data += corner * count + bytes(chance.choice((0, 0, 1, 8)))
            return "forged shape", whole + framed(3, data)
    (length,) = struct.unpack_from("<I", first.payload)
    facts = json.loads(first.payload[4 : 4 + length])
    for mask in facts["masks"]:
        mask["name"] = chance.choice(NAMES)
        mask["bytes"] = chance.choice((mask["bytes"], 0, -1, *_BIG))
    facts["session"] = chance.choice((None, *NAMES, "/etc/passwd", 7))
    facts["shape"] = chance.choice(("", facts["shape"], "00", "zz", 7, None, "00" * (1 << 20)))
    head = json.dumps(facts).encode()
    stated = chance.choice((len(head), len(head) + 1, *_BIG))
    payload = struct.pack("<I", stated) + head + first.payload[4 + length :]
    return "forged facts", MAGIC + framed(1, payload) + whole[first.end :]


def _places(whole: bytes, mark: bytes) -> Iterator[int]:
    place = whole.find(mark)
    while place >= 0:
        yield place
        place = whole.find(mark, place + 1)
