"""What is planned for how much memory, and how weights are counted without loading them."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from memlens.device import GIB
from memlens.models.memory_plan import AGAIN, NONE, WHOLE, plan_memory, weights_in

PARTS = {"unet": GIB, "text_encoder": GIB // 4, "vae": GIB // 4}


@pytest.mark.parametrize(
    ("free", "dtype", "products", "together"),
    [
        (None, "float32", WHOLE, True),
        (16, "float32", WHOLE, True),  # 4 + 8 + 2 GiB of .9 × 16
        (14, "float32", WHOLE, False),
        (10, "float32", AGAIN, True),  # 4 + 2.8 + 2
        (8, "float32", AGAIN, False),
        (7, "bfloat16", WHOLE, False),  # 2 + 4
        (5, "bfloat16", AGAIN, True),  # 2 + 1.4 + 1
        (4, "bfloat16", AGAIN, False),
        (3, "bfloat16", NONE, False),  # 2 + .5
    ],
)
def test_the_best_that_fits_is_planned(
    free: int | None, dtype: str, products: str, together: bool
) -> None:
    plan = plan_memory(PARTS, "unet", None if free is None else free * GIB)
    assert (plan.dtype, plan.products, plan.together) == (dtype, products, together)
    assert plan.fits
    assert free is None or plan.needed <= 0.9 * free * GIB
    assert "computed, not measured" in str(plan)
    assert ("CPU" in str(plan)) == (not together)


def test_what_fits_nowhere_says_so() -> None:
    plan = plan_memory(PARTS, "unet", GIB)
    assert not plan.fits
    assert "another device" in str(plan)


def test_weights_are_counted_from_headers(tmp_path: Path) -> None:
    first, second = tmp_path / "a.safetensors", tmp_path / "b.safetensors"
    save_file({"one": torch.zeros(3, 4), "two": torch.zeros(5)}, first, metadata={"format": "pt"})
    save_file({"three": torch.zeros(2, 2, 2, dtype=torch.float16)}, second)
    assert weights_in([first, second]) == 12 + 5 + 8
