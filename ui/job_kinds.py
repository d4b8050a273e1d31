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
    SHAPE_MASK = 5
    READ_MASK = 6
    WRITE_MASK = 7
    FIND_MASK = 8
    COMPARE_MASKS = 9
    EXPORT = 10
    DRAW_PREVIEW = 11
    OPEN_PICTURE = 12
    LOAD_MODEL = 13
    LOAD_BASELINE = 14
    SAMPLE = 15
    FIND_TRUTH = 16
    MEASURE = 17
    LOCALIZE = 18
    READINGS = 19
    FREE_MAPS = 20
    FREE_READINGS = 21
    THUMBNAILS = 22
    FORGET_RUNS = 23
    CHECK_BASELINES = 24
    PREFETCH = 25


# Small enough to be carried out between two network calls of another job.
SLIP_THROUGH = frozenset(
    {
        JobKind.RECOGNISE,
        JobKind.OPEN_PICTURE,
        JobKind.CHECK_BASELINES,
        JobKind.FIND_LEFT_BEHIND,
        JobKind.KEEP_RUN,
        JobKind.SHAPE_MASK,
        JobKind.READ_MASK,
        JobKind.WRITE_MASK,
        JobKind.FIND_MASK,
        JobKind.COMPARE_MASKS,
        JobKind.DRAW_PREVIEW,
        JobKind.FIND_TRUTH,
        JobKind.MEASURE,
        JobKind.FREE_READINGS,
        JobKind.FORGET_RUNS,
    }
)
