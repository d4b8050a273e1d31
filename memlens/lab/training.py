"""Making the demo model, from a seed to a folder that diffusers loads."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL
from transformers import CLIPTokenizer

from memlens.errors import ModelError, OutputError
from memlens.files.atomic_write import atomic_write
from memlens.lab.autoencoder import encode, save_autoencoder, train_autoencoder
from memlens.lab.denoiser import DenoiserTraining, Examples
from memlens.lab.export import export_model
from memlens.lab.pictures import Dataset, build_dataset
from memlens.lab.recipe import Recipe
from memlens.lab.tokenizer import save_tokenizer, train_tokenizer
from memlens.models.json_file import read_json
from memlens.progress import CancelToken, Progress, ProgressCallback, ignore_progress
from memlens.sampling.seeds import check_seed


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

    def drawing(done: int, total: int) -> None:
        progress(Progress(done, total, "drawing the pictures"))
        if cancel is not None:
            cancel.check()

    dataset = build_dataset(recipe, seed=seed, progress=drawing)
    tokenizer = _tokenizer(out / "tokenizer", dataset, recipe)
    autoencoder = _autoencoder(out / "autoencoder", dataset, recipe, seed, progress, cancel)
    latents = _latents(out / "latents.npy", autoencoder, dataset, progress)
    examples = Examples(latents, dataset.captions, dataset.shown())
    training = DenoiserTraining(examples, tokenizer, recipe, out, seed)
    training.resume()
    training.run(progress=progress, cancel=cancel)
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


def _tokenizer(folder: Path, dataset: Dataset, recipe: Recipe) -> CLIPTokenizer:
    if not folder.exists():
        save_tokenizer(train_tokenizer(dataset.captions, size=recipe.vocabulary), folder)
    return CLIPTokenizer.from_pretrained(folder)


def _autoencoder(
    folder: Path,
    dataset: Dataset,
    recipe: Recipe,
    seed: int,
    progress: ProgressCallback,
    cancel: CancelToken | None,
) -> AutoencoderKL:
    if not (folder / "config.json").exists():
        trained = train_autoencoder(
            dataset.pixels, dataset.shown(), recipe, seed=seed, progress=progress, cancel=cancel
        )
        save_autoencoder(trained, folder)
    return AutoencoderKL.from_pretrained(folder)


def _latents(
    path: Path, autoencoder: AutoencoderKL, dataset: Dataset, progress: ProgressCallback
) -> torch.Tensor:
    if not path.exists():
        latents = encode(autoencoder, dataset.pixels, progress=progress).numpy()
        with atomic_write(path) as stream:
            np.save(stream, latents)
    return torch.from_numpy(np.load(path))
