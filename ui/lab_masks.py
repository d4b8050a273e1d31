"""The masks that the lab knows for a prompt of its own models."""

from __future__ import annotations

from pathlib import Path

from memlens.sessions import NamedMask


def lab_masks(source: Path, prompt: str) -> tuple[NamedMask, ...]:
    """Return the ground truth that lies beside a model, empty where there is none."""
    from memlens.lab.ground_truth import find_ground_truth

    found = find_ground_truth(source, prompt)
    if found is None or found.kind == "free":
        return ()
    return (NamedMask(name="ground truth", kind="ground truth", pixels=found.mask()),)
