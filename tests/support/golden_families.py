"""What diffusers itself makes of tiny pipelines of every family (shared/golden/families)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

import memlens
from tests.support.golden import GOLDEN

FOLDER = GOLDEN / "families"
FAMILIES = (
    "sdxl",
    "sd3",
    "sd3-no-t5",
    "flux",
    "flux-schnell",
    "pixart-sigma",
    "dit",
    "ddpm",
    "lora",
    "sd-single-file",
)
WALKS = {"ddpm": "_ddim"}


@dataclass(frozen=True)
class Golden:
    """One family's numbers."""

    name: str
    arrays: dict[str, np.ndarray]

    def prompt(self, case: int) -> str:
        for key in ("prompt", "class"):
            if f"{case}/{key}" in self.arrays:
                return str(self.arrays[f"{case}/{key}"])
        return ""

    def settings(self, case: int) -> dict[str, Any]:
        guidance = self.arrays.get(f"{case}/guidance")
        return {
            "steps": int(self.arrays[f"{case}/steps"]),
            "guidance_scale": None if guidance is None else float(guidance),
        }

    def at(self, case: int, place: int) -> dict[str, np.ndarray]:
        start = f"{case}/{place}/"
        found = {k.removeprefix(start): v for k, v in self.arrays.items() if k.startswith(start)}
        return found


@cache
def load(name: str) -> tuple[Golden, Any, Any]:
    """Load a family's numbers, its model and its less-trained baseline."""
    folder = FOLDER / name
    with np.load(folder / "cases.npz") as archive:
        golden = Golden(name, {key: archive[key] for key in archive.files})
    if name == "sd-single-file":
        model = memlens.load_model(folder / "tiny-sd.safetensors", device="cpu")
        return golden, model, memlens.load_baseline(folder / "less-trained.safetensors", like=model)
    if name == "lora":
        lora = folder / "lora" / "pytorch_lora_weights.safetensors"
        model = memlens.load_model(folder / "pipeline", lora=lora, device="cpu")
        return golden, model, memlens.load_baseline("lora-off", like=model)
    model = memlens.load_model(folder / "pipeline", device="cpu")
    return golden, model, memlens.load_baseline(folder / "less-trained", like=model)
