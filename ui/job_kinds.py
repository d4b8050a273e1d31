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
    OPEN_PICTURE = 6
    LOAD_MODEL = 7
    LOAD_BASELINE = 8
    SAMPLE = 9
    FIND_TRUTH = 10
    MEASURE = 11
    LOCALIZE = 12
    READINGS = 13
    FREE_MAPS = 14
    FREE_READINGS = 15
    THUMBNAILS = 16
    FORGET_RUNS = 17
    CHECK_BASELINES = 18
    PREFETCH = 19
