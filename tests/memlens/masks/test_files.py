"""Mask files: what is written comes back; what is damaged, too large or else is refused."""

from __future__ import annotations

import base64
import io
import json
import struct
import tracemalloc
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image
from pycocotools import mask as coco_masks

from memlens.errors import MaskError
from memlens.masks.files import read_mask, write_mask
from memlens.masks.named_mask import BoolArray, NamedMask
from memlens.masks.pictures import read_picture

_masks = arrays.arrays(np.bool_, st.tuples(st.integers(1, 40), st.integers(1, 40)))


def png(pixels: np.ndarray, mode: str | None = None) -> bytes:
    stream = io.BytesIO()
    picture = Image.fromarray(pixels)
    (picture.convert(mode) if mode else picture).save(stream, "PNG")
    return stream.getvalue()


def labelme(*shapes: dict[str, Any], width: int = 6, height: int = 4) -> dict[str, Any]:
    return {"version": "5.5.0", "shapes": list(shapes), "imageHeight": height, "imageWidth": width}


def shape(kind: str, *points: tuple[float, float], label: str = "a", **more: Any) -> dict[str, Any]:
    return {"label": label, "shape_type": kind, "points": [list(p) for p in points], **more}


def drawn(mask: NamedMask) -> list[str]:
    return ["".join("#" if pixel else "." for pixel in row) for row in mask.pixels]


@pytest.mark.parametrize("ending", ["png", "npy", "json", "PNG"])
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pixels=_masks)
def test_what_is_written_comes_back(tmp_path: Path, ending: str, pixels: BoolArray) -> None:
    path = tmp_path / f"mine.{ending}"
    write_mask(path, NamedMask(name="mine", kind="ground truth", pixels=pixels))
    (found,) = read_mask(path, pixels.shape)
    assert found.name == "mine"
    assert found.pixels.dtype == np.bool_
    assert np.array_equal(found.pixels, pixels)


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pixels=_masks, compressed=st.booleans())
def test_run_lengths_of_another_program_are_read(
    tmp_path: Path, pixels: BoolArray, compressed: bool
) -> None:
    coded = coco_masks.encode(np.asfortranarray(pixels.astype(np.uint8)))
    counts: Any = coded["counts"].decode()
    if not compressed:
        column_wise = pixels.T.ravel()
        changes = np.flatnonzero(np.diff(np.concatenate(([False], column_wise)).astype(int))) + 0
        counts = np.diff(np.concatenate(([0], changes, [column_wise.size]))).tolist()
    path = tmp_path / "one.json"
    path.write_text(json.dumps({"size": coded["size"], "counts": counts}))
    (found,) = read_mask(path, pixels.shape)
    assert np.array_equal(found.pixels, pixels)


def test_a_mask_of_another_size_is_refused_unless_it_may_be_resized(tmp_path: Path) -> None:
    pixels = np.array([[True, False], [False, True]])
    for ending in ("png", "npy", "json"):
        path = tmp_path / f"small.{ending}"
        write_mask(path, pixels)
        with pytest.raises(MaskError, match=r"small.*2×2 pixels, the picture 6×4"):
            read_mask(path, (4, 6))
        (found,) = read_mask(path, (4, 6), resize=True)
        assert drawn(found) == ["###...", "###...", "...###", "...###"]


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "RGBA", "P"])
def test_pngs_of_every_mode_are_read(tmp_path: Path, mode: str) -> None:
    pixels = np.array([[255, 0, 255]], dtype=np.uint8)
    (tmp_path / "m.png").write_bytes(png(pixels, mode))
    (found,) = read_mask(tmp_path / "m.png", (1, 3))
    assert drawn(found) == ["#.#"]


@pytest.mark.parametrize("dtype", ["u1", "i4", "f4", ">u2"])
@pytest.mark.parametrize("top", [1, 255])
def test_arrays_of_zeros_and_ones_are_masks(tmp_path: Path, dtype: str, top: int) -> None:
    np.save(tmp_path / "m.npy", np.array([[top, 0, top]]).astype(dtype))
    (found,) = read_mask(tmp_path / "m.npy", (1, 3))
    assert drawn(found) == ["#.#"]


@pytest.mark.parametrize(
    ("shapes", "expected"),
    [
        ([shape("polygon", (0, 0), (4, 0), (0, 4))], ["###...", "##....", "#.....", "......"]),
        ([shape("rectangle", (1, 1), (5, 3))], ["......", ".####.", ".####.", "......"]),
        ([shape("circle", (2, 2), (2, 0))], [".##...", "####..", "####..", ".##..."]),
        (
            [shape("rectangle", (0, 0), (1, 1)), shape("rectangle", (5, 3), (6, 4))],
            ["#.....", "......", "......", ".....#"],
        ),
        (
            [shape("point", (0, 0)), shape("rectangle", (0, 0), (1, 1))],
            ["#.....", "......", "......", "......"],
        ),
    ],
)
def test_shapes_of_labelme_are_drawn(
    tmp_path: Path, shapes: list[dict[str, Any]], expected: list[str]
) -> None:
    (tmp_path / "m.json").write_text(json.dumps(labelme(*shapes)))
    (found,) = read_mask(tmp_path / "m.json", (4, 6))
    assert drawn(found) == expected


def test_a_mask_of_labelme_is_pasted_and_each_label_is_a_mask(tmp_path: Path) -> None:
    pasted = base64.b64encode(png(np.array([[255, 0], [0, 255]], dtype=np.uint8))).decode()
    shapes = [
        shape("mask", (2, 1), (3, 2), label="seam", mask=pasted),
        shape("rectangle", (0, 0), (1, 1), label="dot"),
    ]
    (tmp_path / "m.json").write_text(json.dumps(labelme(*shapes)))
    seam, dot = read_mask(tmp_path / "m.json", (4, 6))
    assert (seam.name, dot.name) == ("seam", "dot")
    assert drawn(seam) == ["......", "..#...", "...#..", "......"]


def huge_png(side: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    data = zlib.compress(bytes(1 << 20))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def npy(header: str, data: bytes = b"") -> bytes:
    text = header.encode() + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + data


def _saved(values: Any) -> bytes:
    stream = io.BytesIO()
    np.save(stream, values, allow_pickle=True)
    return stream.getvalue()


_RLE = {"size": [4, 6], "counts": [24]}
_REFUSED: dict[str, bytes] = {
    "empty.png": b"",
    "text.png": b"no picture",
    "cut.png": png(np.random.default_rng(0).integers(0, 256, (4, 6), np.uint8))[:55],
    "vast.png": huge_png(100_000),
    "large.png": huge_png(9000),
    "jpeg.png": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00",
    "pickled.npy": _saved(np.array([[{}, None]], dtype=object)),
    "vast.npy": npy("{'descr': '|b1', 'fortran_order': False, 'shape': (1000000, 1000000)}"),
    "negative.npy": npy("{'descr': '|b1', 'fortran_order': False, 'shape': (-4, -6)}", bytes(24)),
    "cut.npy": npy("{'descr': '|b1', 'fortran_order': False, 'shape': (4, 6)}", bytes(23)),
    "long.npy": npy("{'descr': '|b1', 'fortran_order': False, 'shape': (4, 6)}", bytes(25)),
    "deep.npy": npy("(" * 5000),
    "line.npy": _saved(np.zeros(24, bool)),
    "none.npy": _saved(np.zeros((0, 6), bool)),
    "map.npy": _saved(np.linspace(0, 1, 24).reshape(4, 6)),
    "nan.npy": _saved(np.full((4, 6), np.nan)),
    "three.npy": _saved(np.arange(24).reshape(4, 6) % 3),
    "text.npy": _saved(np.full((4, 6), "x")),
    "cut.json": b'{"size": [4,',
    "deep.json": b"[" * 200_000,
    "bytes.json": b"\xff\xfe\xfd",
    "number.json": b"7",
    "other.json": b'{"a": 1}',
    "nothing.json": json.dumps(labelme()).encode(),
    "short.json": json.dumps({**_RLE, "counts": [23]}).encode(),
    "long.json": json.dumps({**_RLE, "counts": [25]}).encode(),
    "below.json": json.dumps({**_RLE, "counts": [30, -6]}).encode(),
    "over.json": json.dumps({**_RLE, "counts": [2**64, 24 - 2**64]}).encode(),
    "true.json": json.dumps({**_RLE, "counts": [True] * 24}).encode(),
    "null.json": json.dumps({**_RLE, "counts": None}).encode(),
    "absurd.json": json.dumps({**_RLE, "counts": "oooooooooooo0"}).encode(),
    "open.json": json.dumps({**_RLE, "counts": "PPP"}).encode(),
    "accent.json": json.dumps({**_RLE, "counts": "é"}).encode(),
    "vast.json": json.dumps({"size": [10**6, 10**6], "counts": [10**12]}).encode(),
    "unsized.json": json.dumps({"size": [4.0, 6], "counts": [24]}).encode(),
    "many.json": json.dumps([_RLE] * 1001).encode(),
    "shapeless.json": json.dumps(labelme(shape("spiral", (0, 0)))).encode(),
    "corner.json": json.dumps(labelme(shape("rectangle", (0, 0)))).encode(),
    "far.json": json.dumps(labelme(shape("polygon", (0, 0), (1e99, 1), (1, 1)))).encode(),
    "nowhere.json": json.dumps(labelme(shape("polygon", (0, 0), (float("nan"), 1)))).encode(),
    "word.json": json.dumps(labelme({**shape("polygon"), "points": [["x", 1]]})).encode(),
    "wide.json": json.dumps(labelme(width=10**9, height=10**9)).encode(),
    "beyond.json": json.dumps(labelme(shape("mask", (5, 3), (6, 4), mask=""))).encode(),
    "unpacked.json": json.dumps(labelme(shape("mask", (0, 0), (1, 1), mask="????"))).encode(),
    "patch.json": json.dumps(
        labelme(
            shape("mask", (0, 0), (1, 1), mask=base64.b64encode(huge_png(60_000)).decode()),
        )
    ).encode(),
    "labels.json": json.dumps(
        labelme(
            *(shape("polygon", (0, 0), (1, 0), (1, 1), label=str(n)) for n in range(9)),
            width=8192,
            height=8192,
        )
    ).encode(),
    "picture.bmp": b"BM",
}


_READ = {
    ".png": png(np.zeros((4, 6), np.uint8)),
    ".npy": _saved(np.zeros((4, 6), bool)),
    ".json": json.dumps(_RLE).encode(),
}


@pytest.mark.parametrize("name", sorted(_REFUSED))
def test_what_is_no_mask_is_refused_with_its_name_and_a_reason(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if path.suffix in _READ:
        path.write_bytes(_READ[path.suffix])
        read_mask(path, (4, 6))
    path.write_bytes(_REFUSED[name])
    for size in ((4, 6), None):
        with pytest.raises(MaskError) as refused:
            read_mask(path, size)
        sentence = str(refused.value)
        assert name in sentence
        assert "\n" not in sentence
        assert sentence.endswith(".")
        assert len(sentence.replace(str(path), "")) > 20


def test_a_name_without_an_ending_is_said_once(tmp_path: Path) -> None:
    path = tmp_path / "mask"
    path.write_bytes(b"")
    with pytest.raises(MaskError, match=r"a mask's name ends in \.png") as refused:
        read_mask(path, None)
    assert str(refused.value).count(str(path)) == 1
    with pytest.raises(MaskError, match=r"a mask's name ends in \.png") as refused:
        write_mask(path, np.zeros((2, 2), dtype=np.bool_))
    assert str(refused.value).count(str(path)) == 1


def test_a_file_that_is_not_there_or_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(MaskError, match=r"gone\.png.*no such file"):
        read_mask(tmp_path / "gone.png", None)
    with pytest.raises(MaskError, match=r"\.gif"):
        write_mask(tmp_path / "m.gif", np.zeros((2, 2), dtype=np.bool_))
    assert not list(tmp_path.iterdir())


def test_booleans_of_any_byte_are_true_or_false(tmp_path: Path) -> None:
    path = tmp_path / "m.npy"
    path.write_bytes(
        npy("{'descr': '|b1', 'fortran_order': False, 'shape': (1, 4)}", bytes((0, 1, 2, 255)))
    )
    (found,) = read_mask(path, (1, 4))
    assert found.pixels.view(np.uint8).tolist() == [[0, 1, 1, 1]]


def test_transparency_of_a_palette_is_dropped_in_silence(tmp_path: Path) -> None:
    picture = Image.new("P", (4, 2), 1)
    picture.putpalette([0, 0, 0, 255, 255, 255])
    picture.save(tmp_path / "m.png", transparency=bytes((0, 127)))
    (found,) = read_mask(tmp_path / "m.png", (2, 4))
    assert found.pixels.all()
    assert read_picture(tmp_path / "m.png").min() == 255


def test_run_lengths_are_added_up_before_memory_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "much.json"
    side = 8192
    path.write_text(json.dumps({"size": [side, side], "counts": [side * side] * 5000}))
    tracemalloc.start()
    try:
        with pytest.raises(MaskError, match="do not make 8192×8192 pixels"):
            read_mask(path, None)
        assert tracemalloc.get_traced_memory()[1] < 64 << 20
    finally:
        tracemalloc.stop()
