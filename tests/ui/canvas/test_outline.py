from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter, QTransform
from PySide6.QtWidgets import QStyleOptionGraphicsItem

from memlens.masks.changes import Box
from ui.canvas.mask_item import MaskItem, MaskLayers
from ui.canvas.outline import AGREE, ONLY_A, ONLY_B, PREDICTED_LINE, MaskDrawing
from ui.canvas.predicted import PredictedMask
from ui.vocabulary.mask_picture import BoolArray, MaskPicture

Place = tuple[QRectF, QRect]


def place(side: float, *, start: float = 0.0, size: int | None = None) -> Place:
    """Return where a mask lies, and which pixels are looked at."""
    pixels = round(side) if size is None else size
    return QRectF(start, start, side, side), QRect(0, 0, pixels, pixels)


def white_in(image: QImage) -> BoolArray:
    height, width = image.height(), image.width()
    return np.array(
        [[image.pixel(x, y) == 0xFFFFFFFF for x in range(width)] for y in range(height)]
    )


def argb(image: QImage) -> np.ndarray:
    return np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.width()).copy()


@pytest.mark.parametrize("ratio", [1.0, 2.0])
@pytest.mark.parametrize("zoom", [1.0, 1.7, 3.0, 5.3, 11.0])
def test_the_line_follows_pixel_edges(zoom: float, ratio: float) -> None:
    mask = np.zeros((16, 16), np.bool_)
    mask[4:9, 3:12] = True
    side = round(16 * zoom * ratio)
    white = white_in(MaskDrawing().outline(MaskPicture.still(mask), *place(side), ratio))
    rows, columns = np.nonzero(white)
    for found, low, high in ((rows, 4, 9), (columns, 3, 12)):
        assert abs(found.min() - low * side / 16) <= 0.5
        assert abs(found.max() + 1 - high * side / 16) <= 0.5
    middle = np.flatnonzero(white[round(6.5 * zoom * ratio)])
    assert middle.size == 2 * ratio


def test_one_pixel_is_outlined_at_every_zoom_from_one_on() -> None:
    mask = np.zeros((8, 8), np.bool_)
    mask[3, 5] = True
    for zoom in (1, 2, 4, 16):
        white = white_in(MaskDrawing().outline(MaskPicture.still(mask), *place(8 * zoom), 1.0))
        rows, columns = np.nonzero(white)
        assert (rows.min(), rows.max() + 1) == (3 * zoom, 4 * zoom)
        assert (columns.min(), columns.max() + 1) == (5 * zoom, 6 * zoom)


@pytest.mark.parametrize("zoom", [0.9, 0.5, 0.37, 0.1, 0.06])
@pytest.mark.parametrize("start", [0.0, 0.4, 7.7])
def test_a_speck_is_outlined_however_far_away_it_is(zoom: float, start: float) -> None:
    for row, column in ((0, 0), (100, 57), (199, 199), (37, 198)):
        mask = np.zeros((200, 200), np.bool_)
        mask[row, column] = True
        where = QRectF(start, start, 200 * zoom, 200 * zoom), QRect(0, 0, 220, 220)
        rows, columns = np.nonzero(
            white_in(MaskDrawing().outline(MaskPicture.still(mask), *where, 1))
        )
        assert rows.size == columns.size == 1
        assert abs(rows[0] + 0.5 - start - (row + 0.5) * zoom) <= 1
        assert abs(columns[0] + 0.5 - start - (column + 0.5) * zoom) <= 1


@pytest.mark.parametrize("zoom", [0.9, 0.37, 0.1])
def test_a_pinhole_is_outlined_however_far_away_it_is(zoom: float) -> None:
    mask = np.ones((200, 200), np.bool_)
    mask[101, 57] = False
    side = round(200 * zoom)
    white = white_in(MaskDrawing().outline(MaskPicture.still(mask), *place(side), 1.0))
    rows, columns = np.nonzero(white[1:-1, 1:-1])
    # Itself where it is less than a pixel, else the ring around it.
    assert rows.size in (1, 8)
    assert abs(rows.mean() + 1.5 - 101.5 * side / 200) <= 1
    assert abs(columns.mean() + 1.5 - 57.5 * side / 200) <= 1


def test_the_line_stays_one_pixel_wide_from_far_away() -> None:
    mask = np.zeros((200, 200), np.bool_)
    mask[41:159, 33:171] = True
    white = white_in(MaskDrawing().outline(MaskPicture.still(mask), *place(57), 1.0))
    assert [np.flatnonzero(white[28]).size, np.flatnonzero(white[:, 28]).size] == [2, 2]


def test_what_touches_the_border_is_closed_along_it() -> None:
    full = MaskPicture.still(np.ones((4, 4), np.bool_))
    white = white_in(MaskDrawing().outline(full, *place(40, start=10, size=60), 1.0))
    assert white[10, 10:50].all()
    assert white[49, 10:50].all()
    assert white[10:50, 10].all()
    assert not white[11:49, 11:49].any()


def test_an_empty_mask_has_no_outline() -> None:
    empty = MaskPicture.still(np.zeros((3, 3), np.bool_))
    assert not argb(MaskDrawing().outline(empty, *place(30), 1.0)).any()


def test_a_fill_is_white_inside_and_black_outside_and_nothing_beyond() -> None:
    mask = np.zeros((2, 2), np.bool_)
    mask[0, 1] = True
    image = MaskDrawing().fill(MaskPicture.still(mask), *place(4, start=1, size=6))
    assert image.pixel(3, 1) == 0xFFFFFFFF
    assert image.pixel(1, 3) == 0xFF000000
    assert image.pixel(0, 0) == 0


def test_an_outline_may_be_filled_and_its_halo_lies_over_the_fill() -> None:
    mask = np.zeros((8, 8), np.bool_)
    mask[2:6, 2:6] = True
    predicted, red = PredictedMask(mask.astype(np.float32), 0.5, (8, 8)), QColor(255, 0, 0, 128)
    image = MaskDrawing().predicted(predicted, red, *place(80), 1.0)
    bare = MaskDrawing().predicted(predicted, None, *place(80), 1.0)
    assert image.pixelColor(40, 40).getRgb() == (255, 0, 0, 128)
    assert bare.pixel(40, 40) == image.pixel(5, 5) == 0
    assert image.pixelColor(20, 40) == bare.pixelColor(20, 40) == PREDICTED_LINE
    assert image.pixel(19, 40) == bare.pixel(19, 40)
    # Half of the red is left, and of that a third under the halo.
    halo = image.pixelColor(21, 40)
    assert abs(halo.alpha() - (170 + 85 * 128 / 255)) <= 1
    assert abs(halo.redF() * halo.alphaF() - 128 / 255 / 3) < 0.01
    assert halo.green() == 0


def test_a_comparison_colours_both_and_each() -> None:
    a = np.array([[True, True], [False, False]])
    b = np.array([[True, False], [True, False]])
    image = MaskDrawing().comparison(MaskPicture.still(a), MaskPicture.still(b), *place(2))
    found = [[image.pixelColor(x, y) for x in (0, 1)] for y in (0, 1)]
    seen = (found[0][0], found[0][1], found[1][0])
    for colour, expected in zip(seen, (AGREE, ONLY_A, ONLY_B), strict=True):
        assert abs(colour.red() - expected.red()) <= 3
        assert abs(colour.blue() - expected.blue()) <= 3
    dimmed = found[1][1]
    assert 0 < dimmed.alpha() < 255
    assert max(dimmed.red(), dimmed.green(), dimmed.blue()) == 0


def is_near(colour: QColor, other: QColor) -> bool:
    return max(abs(colour.red() - other.red()), abs(colour.blue() - other.blue())) <= 3


@pytest.mark.parametrize("side", [64, 43, 17, 5])
def test_masks_that_lie_apart_agree_nowhere_however_far_away_they_are(side: int) -> None:
    stripes = np.zeros((64, 64), np.bool_)
    stripes[:, ::2] = True
    a, b = MaskPicture.still(stripes), MaskPicture.still(~stripes)
    image = MaskDrawing().comparison(a, b, *place(side))
    colours = [image.pixelColor(x, side // 2) for x in range(side)]
    assert all(is_near(colour, ONLY_A) or is_near(colour, ONLY_B) for colour in colours)
    # Far away, each of them sees some of both.
    assert side > 32 or all(is_near(colour, ONLY_A) for colour in colours)
    both = MaskPicture.still(np.ones_like(stripes))
    image = MaskDrawing().comparison(a, both, *place(min(side, 17)))
    assert is_near(image.pixelColor(2, 2), AGREE)


def test_one_pixel_in_both_is_seen_from_far_away() -> None:
    a = np.zeros((64, 64), np.bool_)
    a[:32] = True
    b = ~a
    b[5, 40] = True
    image = MaskDrawing().comparison(MaskPicture.still(a), MaskPicture.still(b), *place(8))
    assert is_near(image.pixelColor(5, 0), AGREE)
    assert is_near(image.pixelColor(4, 0), ONLY_A)
    assert is_near(image.pixelColor(5, 7), ONLY_B)


@given(
    boxes=st.lists(
        st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(1, 20), st.integers(1, 20)),
        max_size=6,
    ),
    zoom=st.sampled_from([0.11, 0.23, 0.37, 0.8, 1.0, 2.5, 7.0]),
    start=st.integers(-60, 20).map(lambda tenths: tenths / 2),
    skipped=st.booleans(),
)
def test_drawing_only_what_changed_gives_the_same_image(
    qapp: object,
    boxes: list[tuple[int, int, int, int]],
    zoom: float,
    start: int,
    skipped: bool,
) -> None:
    pixels = np.zeros((32, 32), np.bool_)
    pixels[8:20, 10:28] = True
    layers = MaskLayers()
    recent: tuple[tuple[int, Box], ...] = ()
    item = Canvas(32 * zoom, start)
    live = MaskPicture(key="live", pixels=pixels)
    item.show_layers(layers.outline(live))
    item.painted()
    for number, (top, left, high, wide) in enumerate(boxes, 1):
        box = Box(top, left, min(32, top + high), min(32, left + wide))
        pixels[box.top : box.bottom, box.left : box.right] ^= True
        recent = (*recent, (number, box))
        live = MaskPicture(key="live", pixels=pixels, revision=number, recent=recent)
        item.show_layers(layers.outline(live))
        if not skipped:
            item.painted()
    fresh = Canvas(32 * zoom, start)
    fresh.show_layers(MaskLayers().outline(MaskPicture.still(pixels.copy())))
    assert np.array_equal(argb(item.painted()), argb(fresh.painted()))


class Canvas(MaskItem):
    """A mask `side` pixels large in a view of 48², painted without a scene."""

    def __init__(self, side: float, start: float) -> None:
        super().__init__()
        self._at, self._side = start, side
        seen = QRectF(-start / side, -start / side, 48 / side, 48 / side)
        self.lay_out(seen, (1 / side, 1 / side))

    def sceneTransform(self) -> QTransform:
        """As a view would have it."""
        return QTransform(self._side, 0, 0, self._side, self._at, self._at)

    def painted(self) -> QImage:
        """Return what is seen."""
        image = QImage(48, 48, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(0)
        painter = QPainter(image)
        painter.setTransform(self.sceneTransform())
        option = QStyleOptionGraphicsItem()
        option.exposedRect = self.boundingRect()
        self.paint(painter, option)
        painter.end()
        return image


def test_changes_that_were_forgotten_mean_everything() -> None:
    picture = MaskPicture(
        key=1, pixels=np.zeros((4, 4), np.bool_), revision=9, recent=((9, Box(0, 0, 1, 1)),)
    )
    assert picture.dirty_since(8) == Box(0, 0, 1, 1)
    assert picture.dirty_since(9) == Box(0, 0, 0, 0)
    assert picture.dirty_since(7) is None
    assert picture.dirty_since(10) is None


def test_a_noisy_mask_at_the_highest_zoom_is_drawn_in_the_window_only() -> None:
    noise = np.random.default_rng(0).random((128, 128)) > 0.5
    where = QRectF(-40_000, -40_000, 128_000, 128_000), QRect(0, 0, 100, 100)
    assert MaskDrawing().outline(MaskPicture.still(noise), *where, 1.0).size() == QSize(100, 100)


def test_the_colours_can_be_told_apart_by_everybody() -> None:
    def seen_by(colour: QColor, loss: np.ndarray) -> np.ndarray:
        linear = (np.array(colour.getRgbF()[:3])) ** 2.2  # type: ignore[index]
        return (loss @ linear).clip(0, 1) ** (1 / 2.2) * 255

    # Viénot, Brettel and Mollon (1999), on linear RGB; for blue one plane of Brettel's (1997).
    losses = {
        "none": np.eye(3),
        "protan": np.array([[0.112, 0.888, 0], [0.112, 0.888, 0], [0.004, -0.004, 1]]),
        "deutan": np.array([[0.293, 0.707, 0], [0.293, 0.707, 0], [-0.022, 0.022, 1]]),
        "tritan": np.array([[1.013, 0.135, -0.148], [-0.012, 0.868, 0.144], [0.076, 0.805, 0.119]]),
    }
    for name, loss in losses.items():
        seen = [seen_by(c, loss) for c in (AGREE, ONLY_A, ONLY_B)]
        for one, other in itertools.combinations(seen, 2):
            assert np.abs(one - other).sum() > 60, (name, one, other)
