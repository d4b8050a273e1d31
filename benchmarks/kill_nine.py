"""Kill −9 at a random moment of drawing and saving, many times; what was the longest loss?

Run with ``python benchmarks/kill_nine.py [--kills 200] [--json FILE]``; it needs no screen.

A child process edits masks and places corners of polygons at random, through the document and
what the window keeps them with (lock, journal, autosave, saves in a second thread), and reports
each state before it hands it on. After the kill, the session file must open, and the masks and
corners brought back must be a state that was reported, no older than 100 ms before the kill.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.support.kills import Kill, isolate, kill_once

BUDGET_MS = 100.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    kills: list[Kill] = []
    with tempfile.TemporaryDirectory(prefix="memlens-kills-") as name:
        isolate(Path(name))
        for number in range(options.kills):
            kills.append(kill_once(Path(name), options.seed + number))
            if kills[-1].problem or kills[-1].loss_ms > BUDGET_MS:
                print(f"kill {number}: {kills[-1]}", file=sys.stderr)
    survived = [kill for kill in kills if not kill.problem and kill.loss_ms <= BUDGET_MS]
    figures = {
        "kills": len(kills),
        "survived": len(survived),
        "edits": sum(kill.edits for kill in kills),
        "longest_loss_ms": round(max(kill.loss_ms for kill in kills), 2),
        "budget_ms": BUDGET_MS,
        "most_edits_lost": max(kill.lost for kill in kills),
        "with_a_journal": sum(kill.journal for kill in kills),
        "while_a_file_was_written": sum(kill.during_save for kill in kills),
    }
    print(json.dumps(figures, indent=1))
    if options.json is not None:
        options.json.write_text(json.dumps(figures, indent=1) + "\n")
    return 0 if len(survived) == len(kills) else 1


if __name__ == "__main__":
    sys.exit(main())
