"""A made-up session, the smallest that has everything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from memlens.export.source import Source
from tests.support import synthetic

MakeSource = Callable[..., Source]


@pytest.fixture
def make_source() -> MakeSource:
    """Make a source whose prompt and masks can be chosen."""

    def make(*, prompt: str = "a lion", masked: bool = True, **changed: Any) -> Source:
        session = synthetic.session()
        run = session.trajectory
        made = replace(run.provenance, prompt=prompt)
        pictures = np.random.default_rng(5).integers(0, 256, session.thumbnails.shape, np.uint8)  # type: ignore[union-attr]
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

    return make


@pytest.fixture
def source(make_source: MakeSource) -> Source:
    return make_source()
