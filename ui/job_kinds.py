"""The kinds of job, in the order that they are taken up."""

from __future__ import annotations

from enum import IntEnum


class JobKind(IntEnum):
    """Kinds of job; the lower number goes first when several wait."""

    RECOGNISE = 0
    FIND_LEFT_BEHIND = 1
    OPEN_SESSION = 2
    SAVE_SESSION = 3
    KEEP_RUN = 4
    EXPORT = 5
    LOAD_MODEL = 6
    LOAD_BASELINE = 7
    SAMPLE = 8
    FIND_TRUTH = 9
    MEASURE = 10
    LOCALIZE = 11
    READINGS = 12
    FREE_MAPS = 13
    FREE_READINGS = 14
    THUMBNAILS = 15
    FORGET_RUNS = 16
    PREFETCH = 17
