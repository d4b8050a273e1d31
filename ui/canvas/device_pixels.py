"""Painting an item pixel by pixel of the screen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtGui import QPainter


@contextmanager
def on_device(painter: QPainter) -> Iterator[None]:
    """Let a painter's units be the pixels of what it paints on."""
    device, _ = painter.deviceTransform().inverted()
    painter.save()
    painter.setWorldTransform(device * painter.worldTransform())
    yield
    painter.restore()
