"""Time and memory of the official evaluation on 2,000 maps of 64², in both of its sets.

The folder is made up for the occasion in the official layout: 1,000 maps of template prompts, 400
of verbatim ones and 600 of non-memorized ones. The evaluation runs in a child process, whose time
and peak memory count; where the golden folder lies beside the project, its figures are compared.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from _report import report
from PIL import Image

from memlens.evaluation.official import evaluate_official

GOLDEN = Path(__file__).resolve().parents[2] / "shared" / "golden" / "evaluation"
# What the official evaluation prints on the golden folder: maps, IoU, mIoU, accuracy.
GOLDEN_FIGURES = {
    ("cov", "TV only"): (9, 0.8667, 0.8666, 0.9202),
    ("cov", "all"): (17, 0.8698, 0.6823, 0.9430),
    ("score_diff", "TV only"): (9, 0.8017, 0.8015, 0.8777),
    ("score_diff", "all"): (17, 0.8044, 0.5524, 0.9129),
}
NAME = "sdv1-4_bb_attack_gt_verify_TV.jsonl"
METRIC = "cov"
TEMPLATE, VERBATIM, NON_MEMORIZED = 1000, 400, 600
MASKS = 20
SIDE = 64
SECONDS, GIB = 20.0, 1.0


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help="a tenth of the maps")
    options.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.folder:
        print(json.dumps(_measured(chosen.folder)))
        return 0
    share = 10 if chosen.quick else 1
    with tempfile.TemporaryDirectory() as folder:
        _make(Path(folder), TEMPLATE // share, VERBATIM // share, NON_MEMORIZED // share)
        command = [sys.executable, __file__, "--folder", folder]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    figures = json.loads(done.stdout)
    for name, found in figures["sets"].items():
        print(f"{name:8} {found['maps']:5} maps  IoU {found['iou']:.4f}")
    wrong = _golden_differences()
    figures["golden"] = "not there" if wrong is None else wrong or "all four agree"
    print(f"golden figures: {figures['golden']}")
    print(f"{figures['seconds_on_the_clock']} s on the clock")
    budgets = {
        f"processor seconds for {figures['sets']['all']['maps']} maps": (
            figures["seconds"],
            SECONDS,
        ),
        "peak memory, GiB": (figures["peak_gib"], GIB),
    }
    name = "evaluation-quick" if chosen.quick else "evaluation"
    return report(name, figures, budgets) or int(bool(wrong))


def _measured(folder: Path) -> dict[str, object]:
    began, began_working = time.perf_counter(), time.process_time()
    found = evaluate_official(folder / "maps", [folder / NAME], metric=METRIC)
    working = time.process_time() - began_working
    waited = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    unit = 2**30 if sys.platform == "darwin" else 2**20
    return {
        # Of this process alone; what else runs on the machine shows in the other.
        "seconds": round(working, 2),
        "seconds_on_the_clock": round(waited, 2),
        "peak_gib": round(peak / unit, 3),
        "sets": {name: {"maps": each.maps, "iou": each.iou} for name, each in found.items()},
    }


def _golden_differences() -> list[str] | None:
    if not GOLDEN.is_dir():
        return None
    wrong = []
    for metric in ("cov", "score_diff"):
        every = evaluate_official(GOLDEN / "metrics_outputs_v1", [GOLDEN / NAME], metric=metric)
        for name, found in every.items():
            rounded = [round(v, 4) for v in (found.iou, found.mean_iou, found.accuracy)]
            if (found.maps, *rounded) != GOLDEN_FIGURES[metric, name]:
                wrong.append(f"{metric}, {name}: {found.maps} maps, {rounded}")
    return wrong


def _make(folder: Path, template: int, verbatim: int, non_memorized: int) -> None:
    import pyarrow
    import pyarrow.parquet

    rng = np.random.default_rng(0)
    for name in ("templates", "data", "maps/TV_metric_maps", "maps/MVRV_metric_maps"):
        (folder / name).mkdir(parents=True)
    rows, columns = np.mgrid[:SIDE, :SIDE]
    regions = []
    for index in range(MASKS):
        top, left = rng.integers(0, SIDE // 2, 2)
        height, width = rng.integers(SIDE // 4, SIDE // 2, 2)
        region = (rows >= top) & (rows < top + height)
        region &= (columns >= left) & (columns < left + width)
        regions.append(region)
        mask = np.kron(region, np.ones((8, 8), bool))
        Image.fromarray(mask.astype(np.uint8) * 255).save(folder / f"templates/mask_{index}.png")
    names = {"mask_file": [f"templates/mask_{index}.png" for index in range(MASKS)]}
    pyarrow.parquet.write_table(pyarrow.table(names), folder / "templates/metadata.parquet")

    def values(region: np.ndarray) -> np.ndarray:
        noise = rng.gamma(2.0, 20.0, (SIDE, SIDE))
        return (noise * np.where(region, 3.0, 1.0)).astype(np.float32)

    def write(name: str, count: int, kind: str, region_of: np.ndarray | None) -> None:
        lines = []
        for index in range(count):
            which = index % MASKS if region_of is None else -1
            region = regions[which] if region_of is None else region_of
            stem = f"prompt_{index:04d}_seed_00_{METRIC}.npy"
            np.save(folder / "maps" / f"{name}_metric_maps" / stem, values(region))
            row = {"caption": f"rug {index}", "overfit_type": kind, "gen_seeds": [[0, which]]}
            lines.append(json.dumps(row))
        dataset = NAME.replace("_TV.", f"_{name}.")
        (folder / dataset).write_text("\n".join(lines) + "\n", encoding="utf-8")

    write("TV", template, "TV", None)
    write("MVRV", verbatim, "MV", np.ones((SIDE, SIDE), bool))
    for index in range(non_memorized):
        stem = f"nmem_prompt_{index:04d}_seed_00_{METRIC}.npy"
        empty = np.zeros((SIDE, SIDE), bool)
        np.save(folder / "maps/TV_metric_maps" / stem, values(empty))
    prompts = "".join(f"prompt {index}\n" for index in range(non_memorized))
    (folder / "data/sd1_nmem.txt").write_text(prompts, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
