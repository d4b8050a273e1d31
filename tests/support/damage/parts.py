"""Ways to damage bytes, JSON, NPY and PNG; each damage is a name and bytes."""

from __future__ import annotations

import copy
import json
import random
import struct
import zlib
from collections.abc import Callable
from functools import cache
from typing import Any

from PIL import Image

from tests.support.damage.whole_files import saved, small_mask

HUGE = 8192
_ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2, 7, 65536, 2**31, 2**63, 2**70, 10**400, -(2**63), 0.5, -0.0,
    1e308, float("nan"), float("inf"), float("-inf"), "", "x", "../evil", "\x00", "\ud800",
    "é" * 300, "1e5", [], {}, [[]], [None], [1, 2], [1, 2, 3], {"a": 1}, [[1, 2], [3, 4]],
    {"size": [40, 56], "counts": "0"}, "A" * 100_000, [0] * 10_000,
)  # fmt: skip
_TYPES = (
    "|O", "<c16", "<U9999999", "|S1", "<M8[ns]", "<f2", ">f4", "<f8", "|b1", "|u1", "<i8", "|V8",
    "f4,f4", "<f4\\x00", "<f16", "|V0", "|S0",
)  # fmt: skip
_SHAPES = (
    "()", "(0,)", "(1,)", "(-1, 4)", "(4294967296, 4294967296)", "(1" + "0" * 5000 + ", 1)",
    "(True, 2)", "(2.0, 2)", "(40, 56)", "(56, 40)", "(0, 56)", "(40, 56, 1)", "(8192, 8192)",
    "(9223372036854775807, 0)", "(" + "1, " * 80 + ")", "[40, 56]", "40", "None",
)  # fmt: skip

Damage = tuple[str, bytes]
_Change = Callable[[bytes, random.Random], bytes]


# -- damage to bytes of any sort


def _flip(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        changed[chance.randrange(len(changed))] ^= chance.randint(1, 255)
    return bytes(changed)


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def _grow(data: bytes, chance: random.Random) -> bytes:
    place = chance.choice((0, len(data), chance.randrange(len(data))))
    return data[:place] + chance.randbytes(chance.randint(1, 64)) + data[place:]


def _repeat(data: bytes, chance: random.Random) -> bytes:
    start, end = sorted((chance.randrange(len(data)), chance.randrange(len(data))))
    return data[:end] + data[start:end] * chance.randint(1, 3) + data[end:]


_BYTES: dict[str, _Change] = {"flip": _flip, "cut": _cut, "grow": _grow, "repeat": _repeat}


def roughly(data: bytes, chance: random.Random) -> Damage:
    name = chance.choice(tuple(_BYTES))
    return name, _BYTES[name](data, chance) if data else data


# -- damage to parts


def json_damage(values: Any, chance: random.Random) -> Damage:
    match chance.randrange(8):
        case 0:
            return roughly(json.dumps(values).encode(), chance)
        case 1:
            deep = chance.choice((100, 1000, 100_000))
            text = chance.choice(("[", '{"a":', '{"shapes":[', '[{"annotations":'))
            return "nesting", (text * deep).encode()
        case 2:
            text = json.dumps(values)
            encoding = chance.choice(("utf-16", "utf-32", "utf-8-sig", "cp500"))
            return "encoding", text.encode(encoding, "replace")
    values = copy.deepcopy(values)
    for _ in range(chance.randint(1, 3)):
        places = list(_places(values))
        if not places:
            break
        owner, key = chance.choice(places)
        match chance.randrange(6):
            case 0:
                del owner[key]
            case 1:
                other, there = chance.choice(places)
                owner[key] = (
                    copy.deepcopy(other[there])
                    if there in other or isinstance(other, list)
                    else None
                )
            case 2 if isinstance(owner[key], int | float) and abs(owner[key]) < 1e300:
                owner[key] = owner[key] * chance.choice((-1, 2, 0.5, 1000, 1e300))
            case 3 if isinstance(owner[key], str) and owner[key]:
                owner[key] = _flip(owner[key].encode("utf-8", "replace"), chance).decode("latin-1")
            case _:
                owner[key] = copy.deepcopy(chance.choice(_ODD))
    return "field", json.dumps(values).encode("utf-8", "surrogatepass")


def _places(values: Any) -> Any:
    if isinstance(values, dict | list):
        for key in values if isinstance(values, dict) else range(len(values)):
            yield values, key
            yield from _places(values[key])


def npy_damage(data: bytes, chance: random.Random) -> Damage:
    if chance.random() < 0.25:
        return roughly(data, chance)
    body = data[10 + struct.unpack("<H", data[8:10])[0] :]
    head = data[10 : len(data) - len(body)].decode("latin-1")
    facts = eval(head, {"__builtins__": {}})  # our own header
    descr, order, shape = repr(facts["descr"]), str(facts["fortran_order"]), repr(facts["shape"])
    if chance.random() < 0.5:
        shape = chance.choice(_SHAPES)
    if chance.random() < 0.4:
        descr = repr(chance.choice(_TYPES))
    if chance.random() < 0.3:
        order = chance.choice(("True", "False", "None", "1", "[]"))
    text = f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}"
    if chance.random() < 0.15:
        text = chance.choice(("(" * 5000, "{" * 200, "{}", "[]", "1", "__import__('os')", "'", ""))
    if chance.random() < 0.2:
        text = _flip(text.encode("latin-1") or b" ", chance).decode("latin-1")
    coded = text.encode("latin-1") + b"\n"
    version = chance.choice((1, 1, 1, 1, 2, 3, 0, 255))
    length = len(coded) if chance.random() < 0.9 else chance.choice((0, 1, 65535))
    if chance.random() < 0.2:
        body = chance.choice((b"", body * 2, bytes(len(body)), chance.randbytes(len(body))))
    sized = struct.pack("<H", min(length, 65535)) if version == 1 else struct.pack("<I", length)
    return "header", b"\x93NUMPY" + bytes((version, 0)) + sized + coded + body


def chunks_of(data: bytes) -> list[tuple[bytes, bytes]]:
    chunks, place = [], 8
    while place < len(data):
        (length,) = struct.unpack(">I", data[place : place + 4])
        chunks.append((data[place + 4 : place + 8], data[place + 8 : place + 8 + length]))
        place += 12 + length
    return chunks


def png_of(chunks: list[tuple[bytes, bytes]]) -> bytes:
    parts = [b"\x89PNG\r\n\x1a\n"]
    for kind, body in chunks:
        parts.append(struct.pack(">I", len(body)) + kind + body)
        parts.append(struct.pack(">I", zlib.crc32(body, zlib.crc32(kind))))
    return b"".join(parts)


@cache
def blank(height: int, width: int, colour: int, bits: int) -> bytes:
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    row = bytes(1 + (width * bits * channels + 7) // 8)
    deflater = zlib.compressobj(9)
    body = b"".join(deflater.compress(row * 64) for _ in range(height // 64)) + deflater.flush()
    head = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    return png_of([(b"IHDR", head), (b"IDAT", body), (b"IEND", b"")])


def png_damage(data: bytes, chance: random.Random) -> Damage:
    chunks = chunks_of(data)
    match chance.randrange(12):
        case 0 | 1 | 2:
            return roughly(data, chance)
        case 3 | 4 | 5:
            head = list(struct.unpack(">IIBBBBB", chunks[0][1]))
            sides = (0, 1, 39, 57, HUGE, HUGE + 1, 100_000, 2**31 - 1, 2**31, 2**32 - 1)
            for place in chance.sample(range(7), chance.randint(1, 3)):
                head[place] = (
                    chance.choice(sides)
                    if place < 2
                    else chance.choice((0, 1, 2, 3, 4, 6, 8, 16, 255))
                )
            return "IHDR", png_of([(b"IHDR", struct.pack(">IIBBBBB", *head)), *chunks[1:]])
        case 6:
            chance.shuffle(chunks)
            return "chunk order", png_of(chunks)
        case 7:
            chunks.insert(chance.randrange(len(chunks) + 1), chance.choice(chunks))
            return "chunk twice", png_of(chunks)
        case 8:
            place = chance.randrange(len(chunks))
            kind, body = chunks[place]
            chunks[place] = (kind, roughly(body, chance)[1] if body else b"x")
            return "chunk body", png_of(chunks)
        case 9:
            bomb = zlib.compress(bytes(chance.choice((1000, 1 << 20, 96 << 20))), 9)
            extra = chance.choice(
                (
                    (b"zTXt", b"key\0\0" + bomb), (b"iCCP", b"key\0\0" + bomb),
                    (b"iTXt", b"key\0\1\0\0\0" + bomb), (b"acTL", struct.pack(">II", 2**31, 0)),
                    (b"fcTL", bytes(26)), (b"tRNS", bytes(chance.randint(0, 300))),
                    (b"PLTE", bytes(chance.randint(0, 900))), (b"IDAT", bomb),
                    (b"eXIf", chance.randbytes(40)), (b"\xff\xff\xff\xff", b""),
                )
            )  # fmt: skip
            chunks.insert(chance.randrange(1, len(chunks)), extra)
            return f"extra {extra[0].decode('latin-1')}", png_of(chunks)
        case 10:
            form = chance.choice(("GIF", "BMP", "TIFF", "JPEG", "PPM", "TGA", "PCX", "ICO"))
            return "another format", saved(Image.fromarray(small_mask("m").pixels), form)
        case _:
            colour, bits = chance.choice(((0, 8), (0, 1), (0, 16), (2, 8), (6, 8), (6, 16)))
            side = chance.choice((HUGE, HUGE, 2 * HUGE))
            return "bomb", blank(side, side, colour, bits)
