"""The names of the drawing tools, as intent, actions and panel call them."""

from __future__ import annotations

from enum import StrEnum


class Tool(StrEnum):
    """What the left button does on a picture."""

    PAN = "pan"
    BRUSH = "brush"
    ERASER = "eraser"
    POLYGON = "polygon"
    RECTANGLE = "rectangle"
    ELLIPSE = "ellipse"
    LASSO = "lasso"
    FILL = "fill"
    WAND = "wand"
    SUPERPIXELS = "superpixels"
