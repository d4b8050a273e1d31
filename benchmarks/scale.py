"""Memory of one vector product on a UNet of SDXL's size with random weights, per kind of product.

    python benchmarks/scale.py [--largest] [--side 64]

Each kind runs in a process of its own and tells its peak over the weights. Without --largest a
UNet with SDXL's widths and half of its transformer blocks is taken. Needs 24 GiB for the whole.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from importlib import resources

import torch

from memlens.estimators.names import CHECKPOINTED, FINITE_DIFFERENCE, FORWARD, REVERSE
from memlens.models.denoiser import Condition
from memlens.models.stable_diffusion_xl import POOLED, XLDenoiser
from memlens.products.choice import linearize
from memlens.products.network import TARGET, Network
from memlens.progress import CancelToken
from memlens.sampling.schedule import NoiseLevel

KINDS = (CHECKPOINTED, FORWARD, FINITE_DIFFERENCE, REVERSE)
GIB = 1024**3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--largest", action="store_true")
    parser.add_argument("--side", type=int, default=64, help="of the latent")
    parser.add_argument("--kind", choices=KINDS)
    options = parser.parse_args()
    if options.kind is None:
        for kind in KINDS:
            again = [sys.executable, __file__, "--kind", kind, "--side", str(options.side)]
            subprocess.run(again + (["--largest"] if options.largest else []), check=False)
        return
    _measure(options.kind, options.side, largest=options.largest)


def _measure(kind: str, side: int, *, largest: bool) -> None:
    from diffusers import UNet2DConditionModel

    file = resources.files("resources") / "single-file" / "sdxl" / "unet" / "config.json"
    config = json.loads(file.read_text())
    if not largest:
        config["transformer_layers_per_block"] = [1, 1, 5]
    unet = UNet2DConditionModel.from_config(config)
    denoiser = XLDenoiser(unet, "epsilon", (4, side, side), 8)
    condition = Condition(embedding=torch.randn(1, 77, 2048), extra={POOLED: torch.randn(1, 1280)})
    network = Network(denoiser, NoiseLevel(401.0, 0.65, 0.76), (TARGET,), condition)
    x = torch.randn(1, 4, side, side)
    weights = denoiser.parameters * 4
    before = _peak()
    began = time.perf_counter()
    _, opened = linearize(kind, network, x, cancel=CancelToken())
    opened.products(torch.ones_like(x))
    seconds = time.perf_counter() - began
    over = max(_peak() - max(before, weights), 0)
    print(
        f"{kind:18s} weights {weights / GIB:.2f} GiB, on top {over / GIB:.2f} GiB "
        f"({over / weights:.2f} of them), {seconds:.0f} s",
        flush=True,
    )


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    main()
