"""``memlens-cli info``: what a model is and which methods it supports."""

from __future__ import annotations

from dataclasses import asdict

from memlens.cli.loading import load
from memlens.cli.model_options import (
    Config,
    Device,
    Download,
    Dtype,
    Lora,
    LoraScale,
    ModelName,
    PredictionType,
    Size,
    read_size,
)
from memlens.cli.report import AsJson, reporting, table_of
from memlens.methods.registry import MAP_KINDS, METHODS, UNCONDITIONAL
from memlens.readings.registry import READINGS

_STEPS = 50


def info(
    model: ModelName,
    device: Device = "auto",
    dtype: Dtype = "auto",
    download: Download = False,
    lora: Lora = None,
    lora_scale: LoraScale = 1.0,
    size: Size = None,
    config: Config = None,
    prediction_type: PredictionType = None,
    as_json: AsJson = False,
) -> None:
    """Tell a model's family, sizes and schedule, and which methods and readings it supports."""
    with reporting(as_json=as_json) as report:
        loaded = load(
            report,
            model,
            device=device,
            dtype=dtype,
            download=download,
            lora=lora,
            lora_scale=lora_scale,
            size=read_size(size),
            config=config,
            prediction_type=prediction_type,
        )
        from memlens.models.baseline_loading import early_checkpoint

        facts = loaded.description
        schedule = loaded.schedule(min(_STEPS, facts.max_steps))
        early = early_checkpoint(loaded)
        reasons = {key: method.unavailable(loaded) for key, method in METHODS.items()}
        values = {
            **asdict(facts),
            "schedule": {
                "mended": facts.schedule_mended,
                "most_steps": facts.max_steps,
                "steps": len(schedule),
                "log_snr_first": schedule[0].log_snr,
                "log_snr_last": schedule[-1].log_snr,
            },
            "less_trained": None if early is None else str(early),
            "methods": {
                key: {"label": METHODS[key].label, "available": not reason, "reason": reason}
                for key, reason in reasons.items()
            },
        }
        values["maps"] = {
            name: {"available": not kind.unavailable(loaded), "reason": kind.unavailable(loaded)}
            for name, kind in MAP_KINDS.items()
        }
        values["readings"] = {
            key: {
                "label": kind.label,
                "cost": kind.cost,
                "available": not kind.unavailable(loaded),
                "reason": kind.unavailable(loaded),
            }
            for key, kind in READINGS.items()
        }
        size = " × ".join(str(side) for side in facts.latent_shape)
        height, width = facts.picture_size
        rows = [
            ["model", facts.identity],
            ["folder", facts.source],
            ["family", facts.family],
            ["prediction type", facts.prediction_type],
            ["latent", size],
            ["picture", f"{width} × {height}"],
            ["longest prompt", f"{facts.prompt_tokens} tokens"],
            ["parameters", f"{facts.parameters:,}"],
            ["device, precision", f"{facts.device}, {facts.dtype}"],
            ["training timesteps", str(facts.train_timesteps)],
            [
                f"logSNR of {len(schedule)} steps",
                f"{schedule[0].log_snr:.2f} to {schedule[-1].log_snr:.2f}",
            ],
            *(
                [["schedule mended", "\n".join(facts.schedule_mended)]]
                if facts.schedule_mended
                else []
            ),
            *([["assumed", "\n".join(facts.assumed)]] if facts.assumed else []),
            ["guidance", facts.guidance],
            ["guidance scale", f"{facts.default_guidance_scale:g}"],
            *([["LoRA", facts.adapter]] if facts.adapter else []),
            ["less-trained baseline", "none of its own" if early is None else early.name],
        ]
        rows += [[METHODS[key].label, reason or "yes"] for key, reason in reasons.items()]
        nothing = loaded.unavailable(UNCONDITIONAL)
        rows.append(["unconditional ∅", nothing or "yes"])
        rows.append(["readings", ""])
        rows += [
            [key, kind.unavailable(loaded) or f"yes ({kind.cost})"]
            for key, kind in READINGS.items()
        ]
        table = table_of("", ("", ""), rows)
        table.show_header = False
        table.columns[1].justify = "left"
        report.result(values, table)
