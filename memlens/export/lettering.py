"""Letters of a figure: symbols as the paper writes them, fonts for any prompt, lines that fit."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties

FONT = "DejaVu Sans"
# Tried in this order for what the first font does not have, where they are installed.
_MORE_FONTS = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "WenQuanYi Zen Hei",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans",
    "Yu Gothic",
    "Malgun Gothic",
    "Noto Sans Devanagari",
    "Noto Sans Thai",
    "Arial Unicode MS",
)
_MISSING = "□"
_IN_MATH = {
    "Δ": r"\Delta ",
    "θ": r"\theta ",
    "∅": r"\varnothing ",
    "σ": r"\sigma ",
    "ρ": r"\rho ",
    "−": "-",
}


def in_math(symbol: str) -> str:
    """Return a symbol such as "Δh_θ̃" in matplotlib's mathematical notation.

    Single small letters are slanted, words and capitals upright.
    """
    base, _, below = symbol.partition("_")
    text = _math(base) + (f"_{{{_math(below)}}}" if below else "")
    return f"${text}$"


def legible(text: str, *, bold: bool = False) -> str:
    """Return `text` on one line, with a box for each letter that no font at hand has."""
    known = _glyphs(bold)
    words = " ".join(text.split())
    return "".join(
        letter if any(ord(letter) in font for font in known) else _MISSING for letter in words
    )


@cache
def font(size: float, *, bold: bool = False) -> FontProperties:
    """Return the font of a figure, with those that stand in for missing letters."""
    from matplotlib.font_manager import FontProperties

    return FontProperties(family=list(_families()), size=size, weight="bold" if bold else "normal")


@lru_cache(maxsize=4096)
def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide `text` is, in points."""
    from matplotlib.font_manager import findfont, get_font

    face = get_font(findfont(font(size, bold=bold)))
    face.set_size(size, 72)
    known = _glyphs(bold)[0]
    # A letter from another font is taken to be as wide as the font is high.
    inside = "".join(letter for letter in text if ord(letter) in known)
    face.set_text(inside, 0.0)
    return float(face.get_width_height()[0]) / 64 + size * (len(text) - len(inside))


def lines_of(text: str, size: float, room: float, most: int, *, bold: bool = False) -> list[str]:
    """Break `text` into at most `most` lines no wider than `room` points; an ellipsis cuts it."""
    lines: list[str] = []
    rest = text.split()
    while rest and len(lines) < most:
        last = len(lines) == most - 1
        line = rest.pop(0)
        while rest and width(f"{line} {rest[0]}", size, bold=bold) <= room:
            line = f"{line} {rest.pop(0)}"
        if (last and rest) or width(line, size, bold=bold) > room:
            line = _cut(line, size, room, bold=bold)
        lines.append(line)
    return lines


def _cut(line: str, size: float, room: float, *, bold: bool) -> str:
    while line and width(f"{line}…", size, bold=bold) > room:
        line = line[:-1]
    return f"{line.rstrip()}…"


def _math(text: str) -> str:
    parts = []
    for found in re.finditer(r"(.)(\u0303?)([A-Za-z]*)", text):
        letter, tilde, more = found.groups()
        if more and letter.isascii():
            parts.append(rf"\mathrm{{{letter}{more}}}")
            continue
        written = _IN_MATH.get(letter, letter if letter.isalnum() else rf"\{letter}")
        if letter.isascii() and letter.isupper():
            written = rf"\mathrm{{{letter}}}"
        parts.append(rf"\tilde{{{written.strip()}}}" if tilde else written)
        parts.append(more)
    return "".join(parts)


@cache
def _families() -> tuple[str, ...]:
    from matplotlib.font_manager import fontManager

    installed = {entry.name for entry in fontManager.ttflist}
    return (FONT, *(name for name in _MORE_FONTS if name in installed))


@cache
def _glyphs(bold: bool) -> tuple[frozenset[int], ...]:
    from matplotlib.font_manager import FontProperties, findfont, get_font

    weight = "bold" if bold else "normal"
    return tuple(
        frozenset(get_font(findfont(FontProperties(family=name, weight=weight))).get_charmap())
        for name in _families()
    )
