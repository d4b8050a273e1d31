"""Report, figure and tables carry the verdict, what it stands on, and where it came from."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from memlens.export.figure import FigureRequest, figure_bytes, write_figure
from memlens.export.panel import panel_of
from memlens.export.report import write_report
from memlens.export.report_commands import commands
from memlens.export.source import Look, Source
from memlens.export.tables import write_tables
from tests.support import synthetic
from tests.support.compared_session import KINDS, STEP, controls, source
from tests.support.html_page import Page


@pytest.fixture(scope="module")
def compared() -> Source:
    return source()


def _bare(words: str) -> str:
    """Without spaces, and without what makes a subscript: symbols are typeset."""
    return re.sub(r"[\s_]", "", words)


def _page(drawn: Source, path: Path) -> Page:
    write_report(drawn, path, step=STEP)
    return Page(path.read_text(encoding="utf-8"))


def test_the_report_leads_from_question_to_limits(compared: Source, tmp_path: Path) -> None:
    text = _page(compared, tmp_path / "r.html").text
    html = (tmp_path / "r.html").read_text(encoding="utf-8")
    heads = re.findall("<h2>(.*?)</h2>", html)
    wanted = ["Question", "Verdict", "Evidence", "Method", "Limits", "Where it comes from"]
    assert [head for head in heads if head in wanted] == wanted
    assert compared.comparison is not None
    verdict = compared.comparison.verdict
    assert verdict.found and _bare(verdict.sentence) in _bare(text)
    assert all(_bare(premise) in _bare(text) for premise in verdict.premises)
    assert "memorized" not in verdict.sentence
    # What decides stands in plain words, with the number of controls at hand.
    assert "With 40 controls no p below 0.024 is possible." in text
    assert "a repeated picture need not be" in text


def test_every_number_of_the_verdict_can_be_traced(compared: Source, tmp_path: Path) -> None:
    text = _page(compared, tmp_path / "r.html").text
    made = compared.comparison
    assert made is not None
    assert f"plain.zip, {made.controls.fingerprint}" in text
    assert "40, seeds 10000 to 10039" in text and "a plain prompt 39" in text
    # The region names the map that it is of, and the map is in the table of maps.
    regions = re.findall(r"Δhθ̃,(M\d)", _bare(text))
    assert regions and all(f"{number}Δhθ̃Kim&Lee2026" in _bare(text) for number in regions)
    lines = [shlex.split(line) for line in commands(compared, STEP)]
    assert lines[0][:3] == ["memlens-cli", "calibrate", "toy"]
    assert lines[0][lines[0].index("--seed") + 1] == "10000"
    assert all("--controls" in words for words in lines[1:])


def test_the_options_of_the_commands_are_real(compared: Source) -> None:
    from typer.testing import CliRunner

    from memlens.cli.application import application

    for line in commands(compared, STEP):
        command = line.split()[1]
        told = CliRunner().invoke(application, [command, "--help"], env={"COLUMNS": "200"}).stdout
        for option in (word for word in shlex.split(line) if word[:2] == "--"):
            assert option in told, option


def test_readings_stand_among_the_controls(compared: Source, tmp_path: Path) -> None:
    found = _page(compared, tmp_path / "r.html")
    assert "p ≤ .024" in found.text and "R1 ‖Δε̂‖" in found.text
    html = (tmp_path / "r.html").read_text(encoding="utf-8")
    (ticks,) = re.findall(r'<svg class="values".*?<path d="([^"]*)"', html)
    # One tick for each control; the picture's own at the right end, as 9 is beyond them.
    assert ticks.count("M") == 40
    assert 'class="own" d="M136.0 1V15"' in html
    assert "<lion>" in found.text and "lion" not in found.tags


def test_without_controls_the_report_says_that_there_is_no_verdict(
    compared: Source, tmp_path: Path
) -> None:
    text = _page(replace(compared, comparison=None), tmp_path / "r.html").text
    assert "No verdict: nothing here was compared with controls." in text
    assert "Without controls no number here says whether it is unusual." in text
    assert "Regions of surprise" not in text


def test_what_cannot_be_told_is_said_first(tmp_path: Path) -> None:
    text = _page(source(controls(guidance_scale=7.5)), tmp_path / "r.html").text
    assert "Inconclusive: settings differ (guidance scale 3, the controls' 7.5)." in text
    few = _page(source(controls(count=12)), tmp_path / "few.html").text
    assert "Inconclusive: 12 controls; 20 are needed." in few
    assert "20 controls are needed to decide anything" in few


def test_panels_show_surprise_and_outline_what_is_found(compared: Source) -> None:
    look = Look(surprise=True)
    made = compared.comparison
    assert made is not None
    panel = panel_of(compared, "cov_bad", STEP, look)
    np.testing.assert_array_equal(panel.values, made.verdict.surprise["cov_bad"])
    assert (panel.levels, panel.units) == ((0.0, 4.0), "surprise")
    (region,) = panel.regions
    half = np.zeros((synthetic.PICTURE, synthetic.PICTURE), bool)
    half[:, : synthetic.PICTURE // 2] = True
    np.testing.assert_array_equal(region.mask, half)
    # Two kinds are judged together: the planted one leads, so does one control in the other.
    assert region.words.startswith("A p ")
    plain = panel_of(compared, "cov_bad", STEP, Look(regions=False))
    assert plain.regions == () and plain.units == ""
    # Kinds and steps that were not judged keep their values.
    for content, step in (("cov", STEP), ("score_diff", 0)):
        other = panel_of(compared, content, step, look)
        assert other.units != "surprise" and not other.regions
    picture = panel_of(compared, "picture", STEP, look)
    np.testing.assert_array_equal(picture.regions[0].mask, half)


def test_a_figure_draws_them_and_says_what_they_are(compared: Source, tmp_path: Path) -> None:
    request = FigureRequest(panels=("picture", *KINDS), step=STEP, dpi=100)
    with_regions = figure_bytes(compared, request, Look(surprise=True), "png")
    without = figure_bytes(compared, request, Look(surprise=True, regions=False), "png")
    drawn, bare = (
        np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))
        for content in (with_regions, without)
    )
    yellow = np.array([255, 209, 102])
    near = (np.abs(drawn.astype(int) - yellow).max(axis=2) < 12).sum()
    assert near > 50 and (np.abs(bare.astype(int) - yellow).max(axis=2) < 12).sum() < near / 2
    for kind in ("png", "svg", "pdf"):
        write_figure(compared, request, Look(surprise=True), tmp_path / f"f.{kind}")
    with Image.open(tmp_path / "f.png") as picture:
        facts = json.loads(picture.info["Description"])
    made = compared.comparison
    assert made is not None
    assert facts["verdict"]["sentence"] == made.verdict.sentence
    assert facts["verdict"]["fingerprint"] == made.controls.fingerprint


def test_tables_hold_verdict_regions_p_and_tokens(compared: Source, tmp_path: Path) -> None:
    write_tables(compared, tmp_path / "t", step=STEP)
    made = compared.comparison
    assert made is not None

    def rows(name: str) -> list[dict[str, str]]:
        with (tmp_path / "t" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))

    (verdict,) = rows("verdict")
    assert verdict["sentence"] == made.verdict.sentence and verdict["found"] == "True"
    assert verdict["fingerprint"] == made.controls.fingerprint
    assert verdict["controls_guidance_scale"] == "3.0" and verdict["count"] == "40"
    regions = rows("regions")
    assert regions[0]["kind"] == "cov_bad" and float(regions[0]["share"]) == 0.5
    wen, tokens = rows("readings")
    assert float(wen["p"]) == pytest.approx(1 / 41)
    assert tokens["p"] == "" and "which the controls do not have" in tokens["inconclusive"]
    assert [row["token"] for row in rows("tokens")] == ["a", "<lion>", "end of text"]
    told = json.loads((tmp_path / "t" / "verdict.json").read_text(encoding="utf-8"))
    assert told[0]["premises"].startswith("Controls ")
