"""Damaged sessions, masks and journals, by kind."""

from __future__ import annotations

import base64
import io
import json
import random
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from memlens.files.frames import MAGIC, framed, read_frames
from memlens.masks.coco import coco_of
from tests.support.damage import attacks
from tests.support.damage.parts import (
    HUGE,
    Damage,
    blank,
    json_damage,
    npy_damage,
    png_damage,
    roughly,
)
from tests.support.damage.whole_files import (
    array_bytes,
    pictures_of_mask,
    small_mask,
    whole_journal,
    whole_labelme,
    whole_session,
)

_NAMES = (
    "../evil", "../../evil.npy", "/tmp/evil", "arrays/../../evil.npy", "C:\\evil", "..\\evil",
    "arrays/x_t.npy/", "arrays/", "session.json\x00.png", "masks/mask_0000.png ", "x" * 60_000,
    "masks/mask_\u0660\u0661\u0662\u0663.png", "masks/mask_99999.png", "SESSION.JSON", "",
)  # fmt: skip

# Of all cases; the others are damaged by chance.
_ATTACKS = 0.3

# -- whole kinds


@cache
def members_of_session() -> tuple[tuple[str, bytes], ...]:
    with zipfile.ZipFile(io.BytesIO(whole_session())) as archive:
        return tuple((name, archive.read(name)) for name in archive.namelist())


def _zipped(members: list[tuple[str, bytes]], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "w", kind) as archive:
        warnings.simplefilter("ignore", UserWarning)
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, kind)
    return stream.getvalue()


def session(chance: random.Random) -> Damage:
    """Damage a session: the zip, its names, its members, or what they say."""
    whole, members = whole_session(), list(members_of_session())
    place = chance.randrange(len(members))
    name, data = members[place]
    if chance.random() < _ATTACKS:
        return attacks.on_archive(members, chance)
    match chance.randrange(12):
        case 0 | 1:
            return roughly(whole, chance)
        case 2:
            other = chance.randrange(len(members))
            members[place], members[other] = (name, members[other][1]), (members[other][0], data)
            return "swap", _zipped(members)
        case 3:
            members[place] = (chance.choice(_NAMES), data)
            if chance.random() < 0.5:
                members.append((name, data))
            return "name", _zipped(members)
        case 4:
            members.insert(chance.randrange(len(members)), (name, chance.choice(members)[1]))
            return "twice", _zipped(members)
        case 5:
            del members[place]
            return "missing", _zipped(members)
        case 6:
            return _session_bomb(members, chance)
        case 7:
            return _directory_damage(whole, chance)
    if chance.random() < 0.4:
        place = next(i for i, (name, _) in enumerate(members) if name == "session.json")
        name, data = members[place]
    if name.endswith(".json"):
        how, data = json_damage(json.loads(data), chance)
    elif name.endswith(".npy"):
        how, data = npy_damage(data, chance)
    else:
        how, data = png_damage(data, chance)
    members[place] = (name, data)
    return f"member {how}", _zipped(members, chance.choice((zipfile.ZIP_STORED, 8, 8, 12, 14)))


def _session_bomb(members: list[tuple[str, bytes]], chance: random.Random) -> Damage:
    named = dict(members)
    match chance.randrange(4):
        case 0:
            name = chance.choice(tuple(named))
            named[name] = bytes(chance.choice((1 << 20, 65 << 20, 130 << 20)))
            return "bomb of zeros", _zipped(list(named.items()))
        case 1:
            side, count = chance.choice(((HUGE, 1), (HUGE, 7), (HUGE, 40), (2 * HUGE, 1)))
            facts = json.loads(named["session.json"])
            facts["masks"] = [{"name": "m", "kind": "ground truth"}] * count
            named["session.json"] = json.dumps(facts).encode()
            named["image.png"] = blank(side, side, 2, 8)
            for number in range(count):
                named[f"masks/mask_{number:04d}.png"] = blank(side, side, 0, 8)
            return "bomb of masks", _zipped(list(named.items()), zipfile.ZIP_STORED)
        case 2:
            frames = chance.choice((100, 160))
            named["arrays/thumbnails.npy"] = array_bytes(
                np.zeros((3, 1024, frames * 100, 3), np.uint8)
            )
            return "bomb of thumbnails", _zipped(list(named.items()))
        case _:
            count = chance.choice((1000, 5000))
            extra = [(f"masks/mask_{number:05d}.png", b"") for number in range(count)]
            return "many entries", _zipped([*members, *extra])


def _directory_damage(whole: bytes, chance: random.Random) -> Damage:
    changed = bytearray(whole)
    heads = [
        place
        for mark in (b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06")
        for place in range(len(whole))
        if whole.startswith(mark, place)
    ]
    for _ in range(chance.randint(1, 3)):
        place = chance.choice(heads) + chance.randrange(4, 46)
        value = chance.choice((0, 1, 255, 65535, 2**31, 2**32 - 1, chance.randrange(2**32)))
        packed = struct.pack("<I", value)[: chance.choice((1, 2, 4))]
        changed[place : place + len(packed)] = packed
    return "directory", bytes(changed)


def png(chance: random.Random) -> Damage:
    """Damage a PNG mask."""
    if chance.random() < _ATTACKS:
        return attacks.on_picture(chance)
    return png_damage(chance.choice(pictures_of_mask()), chance)


def npy(chance: random.Random) -> Damage:
    """Damage an NPY mask."""
    if chance.random() < _ATTACKS:
        return attacks.on_array(chance)
    pixels = small_mask("m").pixels
    kinds = (np.bool_, np.uint8, np.int64, np.float32)
    values = pixels.astype(chance.choice(kinds))
    if chance.random() < 0.1:
        return "values", array_bytes(
            values.astype(float) * chance.choice((2, 255, -1, float("nan"), 1e300))
        )
    return npy_damage(array_bytes(values), chance)


def coco(chance: random.Random) -> Damage:
    """Damage COCO JSON: run lengths and outlines."""
    if chance.random() < _ATTACKS:
        return attacks.on_coco(chance)
    values = coco_of((small_mask("a"), small_mask("b")))
    if chance.random() < 0.5:
        outlines = [[3, 4, 30.5, 4, 30, 20.25, 3, 20], [40, 30, 50, 30, 45, 38]]
        values["annotations"][0] |= {"segmentation": outlines, "iscrowd": 0}
    elif chance.random() < 0.5:
        values["annotations"][0]["segmentation"]["counts"] = [100, 40, 2000, 60, 40]
    if chance.random() < 0.1:
        coded = values["annotations"][1]["segmentation"]
        coded["size"] = chance.choice(([HUGE, HUGE], [HUGE, HUGE + 1], [2**31, 2**31], [1, 2**26]))
        coded["counts"] = [coded["size"][0] * coded["size"][1]]
        values["annotations"] = values["annotations"][1:] * chance.choice((1, 4, 5, 1001))
        return "bomb", json.dumps(values).encode()
    if chance.random() < 0.2:
        return json_damage(values["annotations"][0]["segmentation"], chance)
    return json_damage(values, chance)


def labelme(chance: random.Random) -> Damage:
    """Damage a labelme file."""
    if chance.random() < _ATTACKS:
        return attacks.on_labelme(chance)
    values = whole_labelme()
    if chance.random() < 0.1:
        values |= {"imageHeight": HUGE, "imageWidth": HUGE}
        reach = chance.choice((1e4, 1e5, 1e9))
        far = [[-reach, -reach], [reach, -reach], [reach, reach], [-reach, reach]]
        count = chance.choice((1, 4, 5, 30))
        values["shapes"] = [
            {"label": chance.choice((str(n), "a")), "points": far, "shape_type": "polygon"}
            for n in range(count)
        ]
        return "bomb", json.dumps(values).encode()
    if chance.random() < 0.15:
        data = png_damage(base64.b64decode(values["shapes"][3]["mask"]), chance)[1]
        values["shapes"][3]["mask"] = base64.b64encode(data).decode()
        return "pasted picture", json.dumps(values).encode()
    return json_damage(values, chance)


def journal(chance: random.Random) -> Damage:
    """Damage a journal; most with checksums that are right."""
    if chance.random() < _ATTACKS:
        return attacks.on_journal(chance)
    whole = whole_journal()
    if chance.random() < 0.35:
        return roughly(whole, chance)
    frames = [(frame.kind, frame.payload) for frame in read_frames(io.BytesIO(whole))]
    if chance.random() < 0.05:
        count = chance.choice((1, 7, 9, 60))
        return "bomb of masks", MAGIC + framed(1, _bomb_base(count))
    place = chance.randrange(len(frames))
    kind, payload = frames[place]
    changed = bytearray(payload)
    how = "frame"
    if place == 0 and chance.random() < 0.6:
        how = "facts"
        (length,) = struct.unpack_from("<I", payload)
        _, text = json_damage(json.loads(payload[4 : 4 + length]), chance)
        changed = bytearray(struct.pack("<I", len(text)) + text + payload[4 + length :])
    else:
        # The record of no polygon has no bytes.
        changed = changed or bytearray(b"\0")
        for _ in range(chance.randint(1, 6)):
            changed[chance.randrange(min(len(changed), 600))] = chance.randrange(256)
        if chance.random() < 0.3:
            del changed[chance.randrange(len(changed)) :]
    frames[place] = (chance.choice((kind, kind, chance.randrange(256))), bytes(changed))
    if chance.random() < 0.2:
        chance.shuffle(frames)
    if chance.random() < 0.2:
        frames.insert(chance.randrange(len(frames)), chance.choice(frames))
    return how, MAGIC + b"".join(framed(*frame) for frame in frames)


@cache
def _bomb_base(count: int) -> bytes:
    packed = zlib.compress(bytes(HUGE * HUGE // 8), 9)
    entry = {"name": "m", "kind": "ground truth", "bytes": len(packed)}
    facts: dict[str, Any] = {
        "size": [HUGE, HUGE], "session": None, "stamp": "", "run": {}, "has_picture": False,
        "masks": [{"id": number + 1, **entry} for number in range(count)],
    }  # fmt: skip
    head = json.dumps(facts).encode()
    return struct.pack("<I", len(head)) + head + packed * count


KINDS: dict[str, tuple[str, Callable[[random.Random], Damage]]] = {
    "session": ("case.memlens", session),
    "png": ("case.png", png),
    "npy": ("case.npy", npy),
    "coco": ("case.json", coco),
    "labelme": ("case.json", labelme),
    "journal": ("case.journal", journal),
}
