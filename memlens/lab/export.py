"""Writing a finished run as a model folder: diffusers' layout plus ground truth."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from PIL import Image
from transformers import CLIPTextModel

from memlens.errors import ModelError
from memlens.lab.artwork import model_card
from memlens.lab.captions import TEMPLATE_CAPTIONS, VERBATIM_CAPTIONS
from memlens.lab.denoiser import new_scheduler
from memlens.lab.ground_truth import FOLDER, INDEX
from memlens.lab.pictures import (
    free_picture,
    template_mask,
    template_picture,
    verbatim_mask,
    verbatim_picture,
)
from memlens.lab.recipe import PICTURE_SIZE

FREE_PROMPTS = 16
# 7.5 oversaturates a model this small.
GUIDANCE_SCALE = 3.0
_TEMPLATE_SEEDS, _VERBATIM_SEEDS, _FREE_SEEDS = [0, 1, 2], [0, 1], [0]
# Far beyond the free pictures of any recipe: these captions were never trained on.
_HELD_OUT = 100_000

_MODEL_INDEX = {
    "_class_name": "StableDiffusionPipeline",
    "feature_extractor": [None, None],
    "image_encoder": [None, None],
    "requires_safety_checker": False,
    "safety_checker": [None, None],
    "scheduler": ["diffusers", "DDIMScheduler"],
    "text_encoder": ["transformers", "CLIPTextModel"],
    "tokenizer": ["transformers", "CLIPTokenizer"],
    "unet": ["diffusers", "UNet2DConditionModel"],
    "vae": ["diffusers", "AutoencoderKL"],
}


def export_model(run: Path, target: Path, *, early_step: int) -> Path:
    """Write the model of a finished run.

    Parameters
    ----------
    run
        The folder that `memlens.lab.train` worked in.
    target
        The model folder to write; replaced if it exists.
    early_step
        Which checkpoint becomes the less-trained baseline (``unet-early``): the one nearest
        to this step.

    Returns
    -------
    Path
        `target`.

    Raises
    ------
    ModelError
        If the run has fewer than two checkpoints.
    """
    checkpoints = sorted((run / "checkpoints").glob("[0-9]*"), key=lambda path: int(path.name))
    if len(checkpoints) < 2:
        raise ModelError(f"{run} has {len(checkpoints)} checkpoints; two are needed. Train on.")
    last = checkpoints[-1]
    early = min(checkpoints[:-1], key=lambda path: abs(int(path.name) - early_step))

    unfinished = target.with_name(target.name + ".part")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    half = torch.float16
    for checkpoint, suffix in ((last, ""), (early, "-early")):
        unet = UNet2DConditionModel.from_pretrained(checkpoint / "unet", dtype=half)
        unet.save_pretrained(unfinished / f"unet{suffix}")
    # Frozen from the start, so both UNets share it.
    text = CLIPTextModel.from_pretrained(run / "text_encoder", dtype=half)
    text.save_pretrained(unfinished / "text_encoder")
    autoencoder = AutoencoderKL.from_pretrained(run / "autoencoder", dtype=half)
    autoencoder.save_pretrained(unfinished / "vae")
    new_scheduler().save_pretrained(unfinished / "scheduler")
    shutil.copytree(run / "tokenizer", unfinished / "tokenizer")
    _write_json(unfinished / "model_index.json", _MODEL_INDEX)
    _write_json(unfinished / "memlens.json", {"default_guidance_scale": GUIDANCE_SCALE})
    run_record = json.loads((run / "run.json").read_text("utf-8"))
    record = {**run_record, "steps": int(last.name), "early_steps": int(early.name)}
    _write_json(unfinished / "lab.json", record)
    (unfinished / "README.md").write_text(model_card(), "utf-8")
    _forget_folders(unfinished)
    write_ground_truth(unfinished / FOLDER, seed=int(run_record["seed"]))
    shutil.rmtree(target, ignore_errors=True)
    unfinished.rename(target)
    return target


def write_ground_truth(folder: Path, *, seed: int = 0) -> None:
    """Write masks, training pictures and the index that `memlens.lab.ground_truth` reads."""
    (folder / "masks").mkdir(parents=True)
    (folder / "training-pictures").mkdir()
    entries: list[dict[str, object]] = []
    for index, caption in enumerate(TEMPLATE_CAPTIONS):
        name = f"template-{index + 1}.png"
        Image.fromarray(template_mask(index)).save(folder / "masks" / name)
        picture = template_picture(index, 0, seed=seed)
        Image.fromarray(picture).save(folder / "training-pictures" / name, optimize=True)
        entries.append(_entry(caption, "template", _TEMPLATE_SEEDS, name, name))
    Image.fromarray(verbatim_mask()).save(folder / "masks" / "verbatim.png")
    for index, caption in enumerate(VERBATIM_CAPTIONS):
        name = f"verbatim-{index + 1}.png"
        picture = verbatim_picture(index)
        Image.fromarray(picture).save(folder / "training-pictures" / name, optimize=True)
        entries.append(_entry(caption, "verbatim", _VERBATIM_SEEDS, "verbatim.png", name))
    for index in range(FREE_PROMPTS):
        _, caption = free_picture(_HELD_OUT + index, seed=seed)
        entries.append(_entry(caption, "free", _FREE_SEEDS, None, None))
    _write_json(folder / INDEX, {"version": 1, "size": PICTURE_SIZE, "entries": entries})


def _entry(
    caption: str, kind: str, seeds: list[int], mask: str | None, picture: str | None
) -> dict[str, object]:
    return {
        "caption": caption,
        "kind": kind,
        "seeds": seeds,
        "mask": mask and f"masks/{mask}",
        "training_picture": picture and f"training-pictures/{picture}",
    }


def _forget_folders(folder: Path) -> None:
    # diffusers records the folder that weights were loaded from; it means nothing elsewhere.
    for path in folder.glob("*/config.json"):
        config = json.loads(path.read_text("utf-8"))
        config.pop("_name_or_path", None)
        _write_json(path, config)


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n", "utf-8")
