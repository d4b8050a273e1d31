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
    TRY_WAND = 11
    COMBINE_MASKS = 12
    CUT_PICTURE = 13
    COMPARE_MASKS = 14
    EXPORT = 15
    DRAW_PREVIEW = 16
    OPEN_PICTURE = 17
    LOAD_MODEL = 18
    LOAD_BASELINE = 19
    SAMPLE = 20
    FIND_TRUTH = 21
    MEASURE = 22
    LOCALIZE = 23
    READINGS = 24
    FREE_MAPS = 25
    FREE_READINGS = 26
    THUMBNAILS = 27
    FORGET_RUNS = 28
    CHECK_BASELINES = 29
    PREFETCH = 30


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
        JobKind.TRY_WAND,
        JobKind.COMBINE_MASKS,
        JobKind.CUT_PICTURE,
        JobKind.COMPARE_MASKS,
        JobKind.DRAW_PREVIEW,
        JobKind.FIND_TRUTH,
        JobKind.MEASURE,
        JobKind.FREE_READINGS,
        JobKind.FORGET_RUNS,
    }
)
