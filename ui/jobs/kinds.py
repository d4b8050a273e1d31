"""The kinds of job, in the order that they are taken up."""

from __future__ import annotations

from enum import IntEnum


class JobKind(IntEnum):
    """Kinds of job; the lower number goes first when several wait."""

    RECOGNISE = 0
    COUNT_TOKENS = 1
    FIND_LEFT_BEHIND = 2
    OPEN_SESSION = 3
    BRING_BACK = 4
    SAVE_SESSION = 5
    KEEP_RUN = 6
    SHAPE_MASK = 7
    READ_MASK = 8
    WRITE_MASK = 9
    FIND_MASK = 10
    COMPARE_MASKS = 11
    EXPORT = 12
    DRAW_PREVIEW = 13
    OPEN_PICTURE = 14
    LOAD_MODEL = 15
    LOAD_BASELINE = 16
    SAMPLE = 17
    FIND_TRUTH = 18
    MEASURE = 19
    LOCALIZE = 20
    READINGS = 21
    FREE_MAPS = 22
    FREE_READINGS = 23
    THUMBNAILS = 24
    FORGET_RUNS = 25
    CHECK_BASELINES = 26
    PREFETCH = 27


# Small enough to be carried out between two network calls of another job.
SLIP_THROUGH = frozenset(
    {
        JobKind.RECOGNISE,
        JobKind.COUNT_TOKENS,
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
