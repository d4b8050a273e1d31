from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from memlens.lab.ground_truth import load_ground_truth
from memlens.models.sources import demo_folder
from tests.support import synthetic
from ui.worker.lab_masks import lab_truth

MODEL = replace(synthetic.DESCRIPTION, source=str(demo_folder()), default_guidance_scale=3.0)


def truth(**changed: Any) -> Any:
    entry = load_ground_truth(Path(MODEL.source)).of_kind("template")[0]
    made: dict[str, Any] = {
        "prompt": entry.caption,
        "seed": entry.seeds[0],
        "steps": 50,
        "guidance_scale": 3.0,
        "noise": "cpu",
    }
    return lab_truth(MODEL, **(made | changed))


def test_the_pictures_that_masks_were_made_for_are_sure() -> None:
    found = truth()
    assert found.sure and found.masks[0].pixels.any()


@pytest.mark.parametrize(
    "changed", [{"seed": 999}, {"steps": 8}, {"guidance_scale": 0.0}, {"noise": "cuda"}]
)
def test_others_may_lack_the_pattern(changed: dict[str, Any]) -> None:
    found = truth(**changed)
    assert found.masks and not found.sure


def test_of_other_prompts_nothing_is_known() -> None:
    assert truth(prompt="a lion").masks == ()
