"""The tiny model and its less-trained baseline, loaded once per file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import memlens
from tests.support.tiny_pipeline import save_tiny_pipeline


@pytest.fixture(scope="module")
def model(tiny_pipeline: Path) -> Any:
    return memlens.load_model(tiny_pipeline, device="cpu")


@pytest.fixture(scope="module")
def early(model: Any, tiny_early: Path) -> Any:
    return memlens.load_baseline(tiny_early, like=model)


@pytest.fixture(scope="session")
def tinier_pipeline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with 256 latent coordinates, few enough for their exact curvature."""
    return save_tiny_pipeline(tmp_path_factory.mktemp("models") / "tinier", latent_size=8)
