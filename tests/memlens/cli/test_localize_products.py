"""memlens-cli localize says how products are computed, and makes maps together."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from memlens.cli.application import application


def test_products_can_be_chosen_and_are_told(tiny_pipeline: Path, tmp_path: Path) -> None:
    told = {}
    for products in ("reverse", "finite-difference"):
        out = tmp_path / products
        command = f"localize {tiny_pipeline} --prompt apple --steps 3 --probes 8 --out {out}"
        command += f" --method cov --method score_diff --products {products}"
        assert CliRunner().invoke(application, command.split()).exit_code == 0
        told[products] = json.loads((out / "result.json").read_text())["maps"]
    for products, maps in told.items():
        assert list(maps) == ["cov", "score_diff"]
        assert maps["cov"]["provenance"]["products"] == products
    means = [maps["cov"]["mean"] for maps in told.values()]
    assert means[0] != means[1]


def test_unknown_products_are_refused_before_sampling(tiny_pipeline: Path, tmp_path: Path) -> None:
    command = f"localize {tiny_pipeline} --prompt apple --out {tmp_path / 'out'} --products magic"
    result = CliRunner().invoke(application, command.split())
    assert result.exit_code == 2
    assert "magic" in result.output
    assert not (tmp_path / "out").exists()


@pytest.mark.long
def test_a_series_is_made_with_the_same_products(tiny_pipeline: Path, tmp_path: Path) -> None:
    made = {}
    for products in ("reverse", "finite-difference"):
        out = tmp_path / products
        command = f"localize {tiny_pipeline} --prompt apple --steps 3 --probes 4 --out {out}"
        command += f" --method cov --series -1 --products {products}"
        assert CliRunner().invoke(application, command.split()).exit_code == 0
        made[products] = np.load(out / "cov_series.npy")[0]
        np.testing.assert_array_equal(made[products], np.load(out / "cov.npy"))
    assert made["reverse"].tobytes() != made["finite-difference"].tobytes()
