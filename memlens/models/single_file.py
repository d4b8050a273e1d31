"""A model in one file in the original layout, recognised by the names of its weights."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from memlens.device import guarding_memory
from memlens.errors import ModelError, PredictionTypeNeeded
from memlens.models.checkpoint_file import NETWORK_PREFIX, converted, read_weights
from memlens.models.clip_vocabulary import clip_tokenizer
from memlens.models.components import (
    load_network,
    load_text_network,
    load_tokenizer,
    naming,
    refuse_infinite,
)
from memlens.models.families import Family, family_of
from memlens.models.json_file import read_json
from memlens.models.remembered import remember_prediction_type, remembered_prediction_type
from memlens.models.scheduler_config import PREDICTION_TYPES
from memlens.models.weights import fingerprint

_CROSS_ATTENTION = "input_blocks.2.1.transformer_blocks.0.attn2.to_k.weight"
_FIRST_WEIGHT = "input_blocks.0.0.weight"
_SECOND_TEXT = "conditioner.embedders.1.model."
_REFINER = "conditioner.embedders.0.model."
_CLIP_TEXT = ("cond_stage_model.", "conditioner.embedders.", "text_encoders.")
_AUTOENCODER = ("first_stage_model.", "vae.")
# What other programs write into a file whose network predicts v, or whose schedule ends in noise.
_SAYS_V, _SAYS_ZERO_SNR = "v_pred", "ztsnr"
# Steps that SD 2.0-base, of noise prediction, was trained for.
_BASE_STEPS = 875_000
_SD_2_WIDTH = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class FileKind:
    """What a file's weights are of.

    Attributes
    ----------
    name
        For people.
    pipeline
        The pipeline class of its family.
    bundled
        The folder of configurations that memlens brings, "" where it brings none.
    part
        The folder that its network has in diffusers' layout.
    """

    name: str
    pipeline: str
    bundled: str
    part: str


SD_1 = FileKind(name="SD 1.x", pipeline="StableDiffusionPipeline", bundled="sd-1", part="unet")
SD_2 = FileKind(name="SD 2.x", pipeline="StableDiffusionPipeline", bundled="sd-2", part="unet")
SDXL = FileKind(name="SDXL", pipeline="StableDiffusionXLPipeline", bundled="sdxl", part="unet")
SD_3 = FileKind(
    name="SD3", pipeline="StableDiffusion3Pipeline", bundled="", part="transformer"
)  # fmt: skip
FLUX = FileKind(name="FLUX.1", pipeline="FluxPipeline", bundled="", part="transformer")


def recognised(shapes: Mapping[str, tuple[int, ...]], path: Path) -> FileKind:
    """Tell what a file is of from the names and shapes of its weights.

    Raises
    ------
    ModelError
        If it is none that memlens can load; says what it is where that can be told.
    """
    bare = {name.removeprefix(NETWORK_PREFIX): shape for name, shape in shapes.items()}
    if any(name.startswith("joint_blocks.") for name in bare):
        return SD_3
    if any(name.startswith("double_blocks.") for name in bare):
        return FLUX
    first = shapes.get(NETWORK_PREFIX + _FIRST_WEIGHT)
    if first is None:
        raise ModelError(f"{path} is no model in one file: {_what_else(shapes)}")
    if len(first) != 4 or first[1] != 4:
        raise ModelError(
            f"{path} takes {first[1] if len(first) > 1 else 0} channels: memlens knows no models "
            "that condition on a picture (inpainting, editing, upscaling)."
        )
    if any(name.startswith(_SECOND_TEXT) for name in shapes):
        return SDXL
    if any(name.startswith(_REFINER) for name in shapes):
        raise ModelError(f"{path} is SDXL's refiner, which begins where another model ends.")
    attention = shapes.get(NETWORK_PREFIX + _CROSS_ATTENTION, ())
    if attention[-1:] == (_SD_2_WIDTH,) or any(
        name.startswith("cond_stage_model.model.") for name in shapes
    ):
        return SD_2
    return SD_1


def _what_else(names: Iterable[str]) -> str:
    found = list(names)
    if any("lora_" in name or ".lora." in name for name in found):
        return "it is a LoRA; put it on its model (lora=FILE, --lora FILE)."
    if any(name.startswith(("down_blocks.", "transformer_blocks.")) for name in found):
        return (
            "it holds one network in diffusers' layout; give the pipeline's folder, or use the "
            "file as a baseline."
        )
    if any(name.startswith("control_model.") for name in found):
        return "it is a ControlNet."
    return "its weights have names of no family that memlens knows."


class SingleFileParts:
    """One file, and a folder for configurations and for the parts that the file does not have.

    Parameters
    ----------
    path
        ``.safetensors`` or ``.ckpt``.
    config
        In diffusers' layout; None takes ``config`` beside the file where the file is of no
        published size, and else what memlens brings.
    prediction_type
        What the person says it is, None where nothing is said.
    device
        Where networks go.
    stage
        Told what is loaded next; may raise `Cancelled`.

    Raises
    ------
    ModelError
        If the file cannot be read, is of no family, or needs a folder and has none.
    PredictionTypeNeeded
        If it does not tell what its network predicts.
    """

    default_guidance_scale: float | None = None

    def __init__(
        self,
        path: Path,
        *,
        config: Path | None,
        prediction_type: str | None,
        device: torch.device,
        stage: Callable[[str], None],
    ) -> None:
        self.path = path
        self.name = path.stem
        self._device = device
        self._stage = stage
        self._precision, self._aside = torch.float32, device
        self._weights = read_weights(path)
        self.kind = recognised(
            {name: tuple(value.shape) for name, value in self._weights.items()}, path
        )
        self.pipeline = self.kind.pipeline
        self.family: Family = family_of(self.pipeline, of=str(path))
        self._folder = _folder_for(self.kind, path, config)
        index = self._folder / "model_index.json"
        self.index = read_json(index) if index.is_file() else {"_class_name": self.pipeline}
        self.fingerprint = fingerprint([path])
        self._schedule = self._with_prediction_type(prediction_type)

    @property
    def source(self) -> str:
        """The file."""
        return str(self.path)

    @property
    def parameters(self) -> dict[str, int]:
        """How many weights the denoiser has, and all other parts of the file together."""
        sizes = {name: weight.numel() for name, weight in self._weights.items()}
        others = sum(
            size for name, size in sizes.items() if name.startswith((*_AUTOENCODER, *_CLIP_TEXT))
        )
        return {self.family.denoiser: sum(sizes.values()) - others, "others": others}

    def load_in(self, precision: torch.dtype, *, together: bool = True) -> None:
        """Choose the precision, and whether all parts go where the denoiser goes or to the CPU."""
        self._precision = precision
        self._aside = self._device if together else torch.device("cpu")

    def has(self, part: str) -> bool:
        """Whether the folder has configurations of the part, and either one its weights."""
        return (self._folder / part / "config.json").is_file() and (
            self._in_file(part) or any((self._folder / part).glob("*.safetensors"))
        )

    def where(self, part: str) -> str:
        """Name the part within the file, or its folder."""
        return f"{self.path} ({part})" if self._in_file(part) else str(self._folder / part)

    def network(self, part: str, kind: str, *, float32: bool = False) -> Any:
        """Load a diffusers network from the file, or from the folder where the file has none."""
        self._stage("denoiser" if part == self.family.denoiser else "decoder")
        precision = torch.float32 if float32 else self._precision
        where = self._device if part == self.family.denoiser else self._aside
        if not self._in_file(part):
            return load_network(self._folder / part, kind, where, precision)
        import diffusers
        from accelerate import init_empty_weights

        values = read_json(self._folder / part / "config.json")

        def made() -> Any:
            # Nothing is laid out for weights that a configuration merely claims.
            with init_empty_weights(include_buffers=False):
                network = getattr(diffusers, kind).from_config(values)
            own = network.state_dict()
            weights = converted(kind, self._weights, values)
            self._refuse_others(part, weights, own)
            network.load_state_dict(weights, assign=True)
            return network.eval()

        network = naming(self.path, made)
        refuse_infinite(self.path, network)
        with guarding_memory(where, f"the {part}"):
            return network.to(where, precision)

    def text_encoder(self, part: str, kind: str) -> Any:
        """Load a transformers text encoder from the file, or from the folder."""
        self._stage("text encoder")
        if not self._in_file(part):
            return load_text_network(self._folder / part, kind, self._aside, self._precision)
        import transformers
        from diffusers.loaders.single_file_utils import create_diffusers_clip_model_from_ldm

        def made() -> Any:
            return create_diffusers_clip_model_from_ldm(
                getattr(transformers, kind),
                dict(self._weights),
                subfolder=part,
                config=str(self._folder),
                torch_dtype=self._precision,
                local_files_only=True,
            )

        try:
            text = naming(self.path, made)
        except ModelError as error:
            if "expected shape" not in str(error):
                raise
            raise self._not_described(part, "its weights have other shapes") from error
        left = next((name for name, weight in text.named_parameters() if weight.is_meta), None)
        if left is not None:
            raise ModelError(f"{self.path} lacks the text encoder's weight {left}.")
        refuse_infinite(self.path, text)
        with guarding_memory(self._aside, "the text encoder"):
            return text.to(self._aside)

    def tokenizer(self, part: str, kind: str, *, vocabulary: int) -> Any:
        """Load a tokenizer from the folder; CLIP's vocabulary is brought along."""
        folder = self._folder / part
        if any((folder / name).is_file() for name in ("tokenizer.json", "vocab.json")):
            return load_tokenizer(folder, kind, vocabulary=vocabulary)
        if kind != "CLIPTokenizer" or not (folder / "tokenizer_config.json").is_file():
            return load_tokenizer(folder, kind, vocabulary=vocabulary)
        values = read_json(folder / "tokenizer_config.json")
        return clip_tokenizer(
            model_max_length=int(values["model_max_length"]), pad_token=str(values["pad_token"])
        )

    def scheduler(self) -> tuple[dict[str, Any], str]:
        """Return the folder's configuration with the prediction type filled in."""
        return self._schedule, str(self._folder / "scheduler" / "scheduler_config.json")

    def _in_file(self, part: str) -> bool:
        if part == self.family.denoiser:
            return True
        marks = _AUTOENCODER if part == "vae" else _CLIP_TEXT
        if part == "text_encoder_3" or self.kind is FLUX:
            return False
        return any(name.startswith(marks) for name in self._weights)

    def _refuse_others(self, part: str, weights: dict[str, Tensor], own: dict[str, Tensor]) -> None:
        missing = sorted(own.keys() - weights.keys())
        other = next((name for name in own if name in weights
                      and weights[name].shape != own[name].shape), None)  # fmt: skip
        if not missing and other is None and not weights.keys() - own.keys():
            return
        what = f"lacks {missing[0]}" if missing else f"has {other or 'more weights'}"
        if other is not None and not missing:
            what += f" of {tuple(weights[other].shape)}, not {tuple(own[other].shape)}"
        raise self._not_described(part, f"it {what}")

    def _not_described(self, part: str, what: str) -> ModelError:
        return ModelError(
            f"{self.path}: its {part} is not the one that {self._folder} describes: {what}. "
            "Give the folder with its own configurations (config=FOLDER, --config FOLDER)."
        )

    def _with_prediction_type(self, said: str | None) -> dict[str, Any]:
        file = self._folder / "scheduler" / "scheduler_config.json"
        values = read_json(file)
        if self.kind in (SD_3, FLUX):
            return values
        if _SAYS_ZERO_SNR in self._weights:
            values = {**values, "rescale_betas_zero_snr": True}
        if said is not None and said not in PREDICTION_TYPES:
            raise ModelError(
                f"{self.path}: the prediction type {said!r} is unknown: give "
                f"{', '.join(PREDICTION_TYPES)}."
            )
        told = said or self._told_prediction_type(values)
        if told is None:
            raise PredictionTypeNeeded(
                f"{self.path} is {self.kind.name}, of which there are models that predict noise "
                "and models that predict v, and the file does not tell: give epsilon (the 512 px "
                "models) or v_prediction (the 768 px ones); it is remembered."
            )
        if said is not None:
            remember_prediction_type(self.fingerprint, said)
        return {**values, "prediction_type": told}

    def _told_prediction_type(self, values: dict[str, Any]) -> str | None:
        if _SAYS_V in self._weights:
            return "v_prediction"
        known = remembered_prediction_type(self.fingerprint)
        if known in PREDICTION_TYPES:
            return known
        if "prediction_type" in values:
            return str(values["prediction_type"])
        step = self._weights.get("global_step")
        if step is not None and step.numel() == 1 and int(step) == _BASE_STEPS:
            return PREDICTION_TYPES[0]
        return None


def _folder_for(kind: FileKind, path: Path, config: Path | None) -> Path:
    if config is not None:
        if not config.is_dir():
            raise ModelError(f"the folder of configurations {config} does not exist.")
        part = config / kind.part / "config.json"
        if not part.is_file():
            raise ModelError(
                f"{config} has no {kind.part}/config.json: it describes no {kind.name}."
            )
        return config
    beside = path.parent / "config"
    if (beside / kind.part / "config.json").is_file():
        return beside
    if not kind.bundled:
        raise ModelError(
            f"{path} holds the transformer of {kind.name} alone: give the folder of a "
            f"{kind.name} pipeline for the rest (config=FOLDER, --config FOLDER)."
        )
    return Path(str(resources.files("resources") / "single-file" / kind.bundled))
