"""The kinds of job, in the order that they are taken up."""

from __future__ import annotations

from enum import IntEnum


class JobKind(IntEnum):
    """Kinds of job; the lower number goes first when several wait."""

    RECOGNISE = 0
    FIND_LEFT_BEHIND = 1
    OPEN_SESSION = 2
    BRING_BACK = 3
    SAVE_SESSION = 4
    KEEP_RUN = 5
    SHAPE_MASK = 6
    READ_MASK = 7
    WRITE_MASK = 8
    FIND_MASK = 9
    COMPARE_MASKS = 10
    EXPORT = 11
    DRAW_PREVIEW = 12
    OPEN_PICTURE = 13
    LOAD_MODEL = 14
    LOAD_BASELINE = 15
    SAMPLE = 16
    FIND_TRUTH = 17
    MEASURE = 18
    LOCALIZE = 19
    READINGS = 20
    FREE_MAPS = 21
    FREE_READINGS = 22
    THUMBNAILS = 23
    FORGET_RUNS = 24
    CHECK_BASELINES = 25
    PREFETCH = 26


# Small enough to be carried out between two network calls of another job.
SLIP_THROUGH = frozenset(
    {
        JobKind.RECOGNISE,
        JobKind.OPEN_PICTURE,
        JobKind.CHECK_BASELINES,
        JobKind.FIND_LEFT_BEHIND,
        JobKind.KEEP_RUN,
        JobKind.SAVE_SESSION,
        JobKind.BRING_BACK,
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
