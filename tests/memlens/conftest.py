"""The tiny model and its less-trained baseline, loaded once per file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import memlens


@pytest.fixture(scope="module")
def model(tiny_pipeline: Path) -> Any:
    return memlens.load_model(tiny_pipeline, device="cpu")


@pytest.fixture(scope="module")
def early(model: Any, tiny_early: Path) -> Any:
    return memlens.load_baseline(tiny_early, like=model)
