"""What is exported in tests: a made-up session, the smallest that has everything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from memlens.export.source import Source
from tests.support import synthetic

MakeSource = Callable[..., Source]


def made_source(*, prompt: str = "a lion", masked: bool = True, **changed: Any) -> Source:
    """Make a source whose prompt and masks can be chosen."""
    session = synthetic.session()
    run = session.trajectory
    made = replace(run.provenance, prompt=prompt)
    thumbnails = session.thumbnails
    assert thumbnails is not None
    pictures = np.random.default_rng(5).integers(0, 256, thumbnails.shape, np.uint8)
    session = replace(
        session,
        trajectory=replace(run, provenance=made),
        maps=tuple(
            replace(found, provenance=replace(found.provenance, prompt=prompt))
            for found in session.maps
        ),
        masks=session.masks if masked else (),
        thumbnails=pictures,
        **changed,
    )
    return Source(session=session, name="made-up.memlens")
