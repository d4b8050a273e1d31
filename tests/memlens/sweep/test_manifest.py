"""Manifests of every form become the tasks that stand in them: none lost, doubled or shifted."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path

import numpy as np
import pyarrow
import pyarrow.parquet
import pytest
from PIL import Image

from memlens.errors import DatasetError
from memlens.sweep.manifest import read_manifest


def lines(path: Path, *rows: object) -> Path:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def mask(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.eye(8, dtype=np.uint8) * 255).save(path)
    return path


def test_json_lines(tmp_path: Path) -> None:
    mask(tmp_path / "m.png")
    found = read_manifest(
        lines(
            tmp_path / "list.jsonl",
            {"prompt": "a", "seeds": [0, 5], "mask": "m.png", "group": "rugs"},
            {"caption": "b", "kind": "free"},
            {"prompt": "c", "kind": "free", "seed": 3},
            {"prompt": "d", "kind": "verbatim"},
            {"prompt": "e"},
            {"prompt": "f", "kind": "template"},
        )
    )
    told = [(t.prompt, t.seed, t.overfit_type, t.group, t.name) for t in found.tasks]
    assert told == [
        ("a", 0, "TV", "rugs", "TV_metric_maps/prompt_0000_seed_00"),
        ("a", 5, "TV", "rugs", "TV_metric_maps/prompt_0000_seed_05"),
        # The official list of non-memorized prompts knows seed 0 alone.
        ("b", 0, "N", "free", "TV_metric_maps/nmem_prompt_0000_seed_00"),
        ("c", 3, "N", "free", "TV_metric_maps/prompt_0001_seed_03"),
        ("d", 0, "MV", "verbatim", "MVRV_metric_maps/prompt_0000_seed_00"),
        ("e", 0, "", "unlabelled", "unlabelled_metric_maps/prompt_0000_seed_00"),
        # Without its mask it would count as memorized all over.
        ("f", 0, "TV", "template", "unlabelled_metric_maps/prompt_0001_seed_00"),
    ]
    truths = [task.truth for task in found.tasks]
    assert truths == [tmp_path / "m.png", tmp_path / "m.png", False, False, True, None, None]
    assert [(each.name, each.reason) for each in found.notes] == [
        ("list.jsonl line 6", "names no mask of its template")
    ]


def test_csv_and_prompt_lists(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(
        'prompt,seeds,kind\n"a, b",0 2,free\nc,,\n"open,1,\nd,x,\ne,1,free,7\n', encoding="utf-8"
    )
    found = read_manifest(tmp_path / "list.csv", seeds=(4,))
    assert [(t.prompt, t.seed, t.overfit_type) for t in found.tasks] == [
        ("a, b", 0, "N"),
        ("a, b", 2, "N"),
        ("c", 4, ""),
    ]
    assert [each.name for each in found.skipped] == [f"list.csv line {n}" for n in (4, 5, 6)]
    (tmp_path / "list.txt").write_text("one\n\ntwo\n", encoding="utf-8")
    plain = read_manifest(tmp_path / "list.txt", seeds=(0, 1), overfit_type="N", max_seeds=1)
    assert [(t.prompt, t.seed, t.overfit_type) for t in plain.tasks] == [
        ("one", 0, "N"), ("two", 0, "N"),
    ]  # fmt: skip


def test_the_official_folder(golden: Path) -> None:
    found = read_manifest(golden / "evaluation")
    assert (found.noise, found.version) == ("cuda", 1)
    assert len(found.tasks) == 9 + 2 + 6
    rug = next(task for task in found.tasks if (task.prompt, task.seed) == ("rug 4", 1))
    assert rug.name == "TV_metric_maps/prompt_0004_seed_01"
    assert rug.truth == golden / "evaluation" / "templates" / "mask_1.png"
    assert {t.truth for t in found.tasks if t.folder == "MVRV_metric_maps"} == {True}
    assert {t.truth for t in found.tasks if t.stem.startswith("nmem")} == {False}


def test_the_ground_truth_table_is_joined_by_url(tmp_path: Path) -> None:
    for index in range(2):
        mask(tmp_path / "templates" / f"m{index}.png")
    metadata = {
        "url": ["u0", "u1", "u0"],
        "mask_file": ["templates/m0.png", "templates/m1.png", "templates/m1.png"],
        "img_file": ["", "", ""],
    }
    pyarrow.parquet.write_table(pyarrow.table(metadata), tmp_path / "templates/metadata.parquet")
    (tmp_path / "groundtruth_parquets").mkdir()
    table = {
        "caption": ["a", "b", "", "c", "d"],
        "overfit_type": ["TV", "MV", "N", "TV", "N"],
        "gen_seeds": [[2, 3], [], [], [0], []],
        "retrieved_urls": [["u1"], [], [], ["u0", "u1"], []],
    }
    path = tmp_path / "groundtruth_parquets" / "sdv1_edge_groundtruth.parquet"
    pyarrow.parquet.write_table(pyarrow.table(table), path)
    found = read_manifest(tmp_path)
    assert [(t.prompt, t.seed, t.truth) for t in found.tasks] == [
        ("a", 2, tmp_path / "templates" / "m1.png"),
        ("a", 3, tmp_path / "templates" / "m1.png"),
        ("b", 0, True),
        # Two templates: which seed shows which the table does not say, so nothing is guessed.
        ("c", 0, None),
        ("d", 0, False),
    ]
    assert [each.name for each in found.skipped] == [f"{path.name} row 2"]


def test_what_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="there is no manifest"):
        read_manifest(tmp_path / "none.csv")
    (tmp_path / "bad.csv").write_text("text_,seed\na,1\n")
    with pytest.raises(DatasetError, match='no column "prompt"'):
        read_manifest(tmp_path / "bad.csv")
    (tmp_path / "empty.jsonl").write_text("{\n")
    with pytest.raises(DatasetError, match="line 1 is not JSON"):
        read_manifest(tmp_path / "empty.jsonl")
    with pytest.raises(DatasetError, match="no data set in the official layout"):
        read_manifest(tmp_path)


@pytest.mark.parametrize("ending", ["jsonl", "csv", "official"])
def test_no_row_is_lost_doubled_or_shifted(tmp_path: Path, ending: str) -> None:
    """200 manifests in all, with missing, repeated and damaged rows among sound ones."""
    for trial in range(67):
        draw = random.Random(f"{ending} {trial}")
        rows: list[tuple[str, int, bool]] = []
        for number in range(draw.randrange(1, 30)):
            way = draw.random()
            again = way < 0.2 and rows
            prompt, seed, _ = (
                draw.choice(rows) if again else (f"p{number}", draw.randrange(4), True)
            )
            rows.append((prompt, seed, bool(again) or way < 0.8))
        name = "x_TV.jsonl" if ending == "official" else f"list.{ending}"
        path = tmp_path / name
        damage = [b"{", b"\xff\xfe", b'"', b"[1]", b'{"seed": 1}']
        written = []
        for prompt, seed, sound in rows:
            if not sound:
                written.append(draw.choice(damage))
            elif ending == "csv":
                written.append(f'"{prompt}",{seed},free'.encode())
            elif ending == "official":
                row: dict[str, object] = {
                    "caption": prompt,
                    "overfit_type": "N",
                    "gen_seeds": [[seed, -1]],
                }
                written.append(json.dumps(row).encode())
            else:
                row = {"prompt": prompt, "seed": seed, "kind": "free"}
                written.append(json.dumps(row).encode())
        head = [b"prompt,seed,kind"] if ending == "csv" else []
        path.write_bytes(b"\n".join([*head, *written]) + b"\n")
        # The plain second reading: sound rows in order, each pair at its first place.
        expected: dict[tuple[str, int], int] = {}
        for place, (prompt, seed, sound) in enumerate(rows):
            if sound:
                expected.setdefault((prompt, seed), place)
        if not expected:
            with pytest.raises(DatasetError):
                read_manifest(path)
            continue
        found = read_manifest(path)
        assert [(t.prompt, t.seed) for t in found.tasks] == list(expected)
        assert [t.index for t in found.tasks] == list(range(len(expected)))
        assert len({t.name for t in found.tasks}) == len(found.tasks)
        assert len(found.tasks) + len(found.skipped) == len(rows)
        if ending == "official":
            stems = [f"prompt_{place:04d}_seed_{seed:02d}" for (_, seed), place in expected.items()]
            assert [t.stem for t in found.tasks] == stems


def test_a_csv_reads_as_the_library_does(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    rows = [{"prompt": 'he said "no", twice', "seeds": "1;2"}, {"prompt": "ünï", "seeds": "0"}]
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, ["prompt", "seeds"])
        writer.writeheader()
        writer.writerows(rows)
    found = read_manifest(path)
    assert [(t.prompt, t.seed) for t in found.tasks] == [
        (rows[0]["prompt"], 1), (rows[0]["prompt"], 2), ("ünï", 0),
    ]  # fmt: skip
