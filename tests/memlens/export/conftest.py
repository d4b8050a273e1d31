"""A made-up session, the smallest that has everything."""

from __future__ import annotations

import pytest

from memlens.export.source import Source
from tests.support.made_source import MakeSource, made_source


@pytest.fixture
def make_source() -> MakeSource:
    """Make a source whose prompt and masks can be chosen."""
    return made_source


@pytest.fixture
def source() -> Source:
    return made_source()
