"""Making the demo model, from a seed to a folder that diffusers loads."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
from diffusers import AutoencoderKL, UNet2DConditionModel
from transformers import CLIPTextModel, CLIPTokenizer

from memlens.errors import ModelError, OutputError
from memlens.files.atomic_write import atomic_write
from memlens.lab.autoencoder import save_autoencoder, train_autoencoder
from memlens.lab.captions import TEMPLATE_CAPTIONS, VERBATIM_CAPTIONS
from memlens.lab.denoiser import DenoiserTraining
from memlens.lab.examples import Examples
from memlens.lab.export import export_model
from memlens.lab.gate import measure_gate
from memlens.lab.pictures import free_picture, free_pictures, memorized_pictures
from memlens.lab.recipe import Recipe
from memlens.lab.text_encoder import save_text_encoder, train_text_encoder
from memlens.lab.tokenizer import save_tokenizer, train_tokenizer
from memlens.models.json_file import read_json
from memlens.progress import CancelToken, Progress, ProgressCallback, ignore_progress
from memlens.sampling.seeds import check_seed

# More would show the tokenizer no new word.
_CAPTIONS_READ = 500
_VERBATIM_REPEATS = 60


def train(
    out: Path,
    *,
    seed: int = 0,
    recipe: Recipe | None = None,
    resume: bool = True,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> Path:
    """Train the lab's model and write it in diffusers' layout.

    Parameters
    ----------
    out
        Folder for the run: autoencoder, tokenizer, latents, checkpoints and, in the end,
        ``model/``. Made if it does not exist.
    seed
        Everything random follows from it.
    recipe
        The hyperparameters; by default those of the bundled model.
    resume
        Continue a run that was stopped in `out`. Without it, an earlier run there is refused.
    progress, cancel
        Told about every step; asked before every step. A cancelled run can be resumed.

    Returns
    -------
    Path
        ``out/model``.

    Raises
    ------
    ModelError
        If `out` holds another run (another recipe or seed), or one and `resume` is false.
    SettingsError
        If the seed is negative or too large.
    OutputError
        If `out` cannot be written.
    Cancelled
        If `cancel` was set.
    """
    recipe = recipe or Recipe()
    out = Path(out)
    check_seed(seed)
    _claim(out, recipe, seed, resume)

    tokenizer = _tokenizer(out / "tokenizer", recipe, seed)
    autoencoder = _autoencoder(out / "autoencoder", recipe, seed, progress, cancel)
    text_encoder = _text_encoder(out / "text_encoder", tokenizer, recipe, seed, progress, cancel)
    examples = Examples(autoencoder, recipe, out / "latents", seed, progress, cancel)
    training = DenoiserTraining(examples, tokenizer, text_encoder, recipe, out, seed)
    training.resume()

    def tell_gate(step: int, checkpoint: Path) -> None:
        early = _checkpoint(out, recipe.early_step) if step > recipe.early_step else None
        gates = measure_gate(
            _unet(checkpoint),
            None if early is None else _unet(early),
            text_encoder,
            tokenizer,
            examples.of_each_template(),
            seed=seed,
        )
        with (out / "gate.jsonl").open("a", encoding="utf-8") as stream:
            stream.writelines(
                json.dumps({"step": step, **asdict(gate)}, ensure_ascii=False) + "\n"
                for gate in gates
            )
        for gate in gates:
            progress(Progress(step, recipe.steps, gate.sentence))

    training.run(at_checkpoint=tell_gate, progress=progress, cancel=cancel)
    return export_model(out, out / "model", early_step=recipe.early_step)


def _claim(out: Path, recipe: Recipe, seed: int, resume: bool) -> None:
    record = out / "run.json"
    mine = {"seed": seed, "recipe": recipe.as_json()}
    try:
        if not record.exists():
            out.mkdir(parents=True, exist_ok=True)
            with atomic_write(record) as stream:
                stream.write((json.dumps(mine, indent=2) + "\n").encode())
            return
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise OutputError(f"no training run can be kept in {out}: {reason}.") from error
    if not resume:
        raise ModelError(f"{out} already holds a training run; resume it, or choose another.")
    if read_json(record) != mine:
        raise ModelError(
            f"{out} holds a training run with another recipe or seed; choose another folder."
        )


def _tokenizer(folder: Path, recipe: Recipe, seed: int) -> CLIPTokenizer:
    if not folder.exists():
        free = (free_picture(index, seed=seed)[1] for index in range(_CAPTIONS_READ))
        captions = (*TEMPLATE_CAPTIONS, *VERBATIM_CAPTIONS, *free)
        save_tokenizer(train_tokenizer(captions, size=recipe.vocabulary), folder)
    return CLIPTokenizer.from_pretrained(folder)


def _autoencoder(
    folder: Path,
    recipe: Recipe,
    seed: int,
    progress: ProgressCallback,
    cancel: CancelToken | None,
) -> AutoencoderKL:
    if not (folder / "config.json").exists():

        def drawing(done: int, total: int) -> None:
            progress(Progress(done, total, "drawing the pictures"))
            if cancel is not None:
                cancel.check()

        free, _ = free_pictures(0, recipe.free_pictures, seed=seed, tell=drawing)
        memorized, _, kinds = memorized_pictures(recipe, seed=seed)
        repeats = [1] * len(free) + [_VERBATIM_REPEATS if k == "verbatim" else 1 for k in kinds]
        shown = np.repeat(np.arange(len(repeats)), repeats)
        trained = train_autoencoder(
            np.concatenate([free, memorized]),
            shown,
            recipe,
            seed=seed,
            progress=progress,
            cancel=cancel,
        )
        save_autoencoder(trained, folder)
    return AutoencoderKL.from_pretrained(folder)


def _text_encoder(
    folder: Path,
    tokenizer: CLIPTokenizer,
    recipe: Recipe,
    seed: int,
    progress: ProgressCallback,
    cancel: CancelToken | None,
) -> CLIPTextModel:
    if not (folder / "config.json").exists():
        trained = train_text_encoder(tokenizer, recipe, seed=seed, progress=progress, cancel=cancel)
        save_text_encoder(trained, folder)
    return CLIPTextModel.from_pretrained(folder).eval().requires_grad_(False)


def _checkpoint(run: Path, step: int) -> Path | None:
    folder = run / "checkpoints" / f"{step:06d}"
    return folder if folder.exists() else None


def _unet(checkpoint: Path) -> UNet2DConditionModel:
    return UNet2DConditionModel.from_pretrained(checkpoint / "unet").requires_grad_(False).eval()
