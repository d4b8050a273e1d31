"""The kinds of job, in the order that they are taken up."""

from __future__ import annotations

from enum import IntEnum


class JobKind(IntEnum):
    """Kinds of job; the lower number goes first when several wait."""

    RECOGNISE = 0
    OPEN_SESSION = 1
    SAVE_SESSION = 2
    EXPORT = 3
    LOAD_MODEL = 4
    LOAD_BASELINE = 5
    SAMPLE = 6
    FIND_TRUTH = 7
    MEASURE = 8
    LOCALIZE = 9
    FREE_MAPS = 10
    THUMBNAILS = 11
    FORGET_RUNS = 12
    PREFETCH = 13
