"""The paper's table on the demo model, whose truth is known, laid out as the official data set.

Run with ``python benchmarks/paper.py [--prompts 8] [--seeds 2] [-- OPTIONS OF memlens-cli paper]``:
writes captions and masks in the official layout into ``results/paper/data`` and runs the command.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import pyarrow
import pyarrow.parquet
from _report import RESULTS

from memlens.lab.ground_truth import GroundTruthEntry, load_ground_truth
from memlens.models.sources import demo_folder

STEM = "sdv1-4_bb_attack_gt_verify"


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--prompts", type=int, default=8, help="of each kind")
    options.add_argument("--seeds", type=int, default=2, help="of each prompt")
    options.add_argument("--out", type=Path, default=RESULTS / "paper")
    given, others = options.parse_known_args()
    data = given.out / "data"
    write_official(data, given.prompts, given.seeds)
    from memlens.cli import run

    sys.argv = ["memlens-cli", "paper", "--model", str(demo_folder()), "--less-trained",
                str(demo_folder() / "unet-early"), "--data", str(data), "--out",
                str(given.out / "sweep"), *(word for word in others if word != "--")]  # fmt: skip
    run()
    return 0


def write_official(folder: Path, prompts: int, seeds: int) -> None:
    """Write the lab's ground truth as the official data set lies."""
    truth = load_ground_truth(demo_folder())
    templates = folder / "templates"
    templates.mkdir(parents=True, exist_ok=True)
    names: list[str] = []

    def rows(entries: Sequence[GroundTruthEntry], overfit_type: str) -> str:
        lines = []
        for entry in entries[:prompts]:
            assert entry.mask_file is not None
            shutil.copyfile(entry.mask_file, templates / entry.mask_file.name)
            pairs = [[seed, len(names)] for seed in range(seeds)]
            names.append(f"templates/{entry.mask_file.name}")
            row = {"caption": entry.caption, "overfit_type": overfit_type, "gen_seeds": pairs}
            lines.append(json.dumps(row) + "\n")
        return "".join(lines)

    (folder / f"{STEM}_TV.jsonl").write_text(rows(truth.of_kind("template"), "TV"), "utf-8")
    (folder / f"{STEM}_MVRV.jsonl").write_text(rows(truth.of_kind("verbatim"), "MV"), "utf-8")
    (folder / "data").mkdir(exist_ok=True)
    free = [entry.caption for entry in truth.of_kind("free")[:prompts]]
    (folder / "data/sd1_nmem.txt").write_text("".join(f"{each}\n" for each in free), "utf-8")
    columns = {"url": names, "mask_file": names, "img_file": names}
    pyarrow.parquet.write_table(pyarrow.table(columns), templates / "metadata.parquet")


if __name__ == "__main__":
    sys.exit(main())
