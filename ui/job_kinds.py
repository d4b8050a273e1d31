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
    READ_MASK = 5
    WRITE_MASK = 6
    FIND_MASK = 7
    COMPARE_MASKS = 8
    EXPORT = 9
    OPEN_PICTURE = 10
    LOAD_MODEL = 11
    LOAD_BASELINE = 12
    SAMPLE = 13
    FIND_TRUTH = 14
    MEASURE = 15
    LOCALIZE = 16
    READINGS = 17
    FREE_MAPS = 18
    FREE_READINGS = 19
    THUMBNAILS = 20
    FORGET_RUNS = 21
    CHECK_BASELINES = 22
    PREFETCH = 23


# Small enough to be carried out between two network calls of another job.
SLIP_THROUGH = frozenset(
    {
        JobKind.RECOGNISE,
        JobKind.OPEN_PICTURE,
        JobKind.CHECK_BASELINES,
        JobKind.FIND_LEFT_BEHIND,
        JobKind.KEEP_RUN,
        JobKind.READ_MASK,
        JobKind.WRITE_MASK,
        JobKind.FIND_MASK,
        JobKind.COMPARE_MASKS,
        JobKind.FIND_TRUTH,
        JobKind.MEASURE,
        JobKind.FREE_READINGS,
        JobKind.FORGET_RUNS,
    }
)
