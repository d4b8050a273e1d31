"""Where the panels of a canvas lie."""

from __future__ import annotations

from PySide6.QtCore import QRect

GAP = 6
# Rows × columns that are tried for each number of panels, the first one if room is equal.
_SHAPES = {
    1: ((1, 1),),
    2: ((1, 2), (2, 1)),
    3: ((1, 3), (3, 1), (2, 2)),
    4: ((2, 2), (1, 4)),
    6: ((2, 3), (3, 2), (1, 6)),
}


def places(count: int, area: QRect, overhead: tuple[int, int]) -> list[QRect]:
    """Return the rectangle of each panel, arranged so that square pictures are largest.

    Parameters
    ----------
    count
        How many panels.
    area
        Their common room.
    overhead
        Width and height of a panel that its picture does not have.
    """
    shapes = _SHAPES.get(count) or ((1, max(1, count)),)
    rows, columns = max(shapes, key=lambda shape: _side(shape, area, overhead))
    made = []
    for index in range(count):
        row, column = divmod(index, columns)
        left, right = (_edge(column + end, columns, area.width()) for end in (0, 1))
        top, bottom = (_edge(row + end, rows, area.height()) for end in (0, 1))
        made.append(QRect(area.x() + left, area.y() + top, right - left - GAP, bottom - top - GAP))
    return made


def _edge(number: int, parts: int, length: int) -> int:
    return number * (length + GAP) // parts


def _side(shape: tuple[int, int], area: QRect, overhead: tuple[int, int]) -> int:
    rows, columns = shape
    return min(
        (area.width() + GAP) // columns - GAP - overhead[0],
        (area.height() + GAP) // rows - GAP - overhead[1],
    )
