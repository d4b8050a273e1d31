"""What a mask can be; a person can call it otherwise at any time."""

from __future__ import annotations

DRAWN = "drawn"
ANNOTATOR = "annotator"
IMPORTED = "imported"
FOUND = "found"
CONSENSUS = "consensus"
GROUND_TRUTH = "ground truth"
KINDS = (DRAWN, ANNOTATOR, IMPORTED, FOUND, CONSENSUS, GROUND_TRUTH)
# What one annotator made, or may have made: a consensus is made of these.
OF_ANNOTATORS = (ANNOTATOR, DRAWN, IMPORTED)
# Files of schema 4 and before knew ground truth and this one.
_BEFORE = {"predicted": FOUND}


def kind_in_file(kind: str) -> str:
    """Return the kind that a file names, which may be one of an older version."""
    return _BEFORE.get(kind, kind)


def kind_of_copy(kind: str) -> str:
    """Return the kind of a copy: only what was called ground truth, or voted on, is that."""
    return DRAWN if kind in (GROUND_TRUTH, CONSENSUS) else kind
