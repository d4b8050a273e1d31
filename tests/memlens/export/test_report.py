from __future__ import annotations

import base64
import io
import shlex
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from memlens.errors import Cancelled
from memlens.export.numbers import number
from memlens.export.report import write_report
from memlens.export.report_commands import commands
from memlens.export.source import Look, Source, free_readings
from memlens.progress import CancelToken
from tests.support import synthetic
from tests.support.html_page import Page
from tests.support.made_source import MakeSource

STEP = synthetic.STEPS - 2


def page(source: Source, path: Path, look: Look | None = None) -> Page:
    write_report(source, path, step=STEP, look=look)
    return Page(path.read_text(encoding="utf-8"))


def test_it_holds_everything_and_fetches_nothing(source: Source, tmp_path: Path) -> None:
    found = page(source, tmp_path / "report.html", Look(contour="best"))
    assert "script" not in found.tags
    assert "link" not in found.tags
    assert found.links
    for link in found.links:
        kind, _, data = link.partition(";base64,")
        assert kind == "data:image/png"
        with Image.open(io.BytesIO(base64.b64decode(data, validate=True))) as picture:
            picture.load()
    style = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "url(" not in style and "@import" not in style
    for word in ("a lion", synthetic.DESCRIPTION.identity, synthetic.BASELINE, "hutchinson"):
        assert word in found.text
    assert "Agreement with the mask “ground truth”" in found.text
    assert "prefers-color-scheme: dark" in style


def test_a_prompt_is_never_markup(make_source: MakeSource, tmp_path: Path) -> None:
    prompt = "<script>alert(1)</script> \"' </title> {{ 7 * 7 }} & $(rm)"
    found = page(make_source(prompt=prompt), tmp_path / "report.html")
    assert "script" not in found.tags
    assert prompt in found.text
    assert "{{ 7 * 7 }}" in found.text


def test_names_of_masks_are_never_markup(source: Source, tmp_path: Path) -> None:
    mask = replace(source.session.masks[0], name="<b onload=x>")
    source = replace(source, session=replace(source.session, masks=(mask,)))
    found = page(source, tmp_path / "report.html")
    assert "b" not in found.tags
    assert "<b onload=x>" in found.text


def test_without_mask_or_maps_there_is_still_a_report(
    make_source: MakeSource, tmp_path: Path
) -> None:
    source = make_source(masked=False)
    source = replace(source, session=replace(source.session, maps=(), thumbnails=None))
    found = page(source, tmp_path / "report.html")
    assert "Maps in numbers" in found.text
    assert "Compute it again" not in found.text


def test_readings_are_shown(source: Source, tmp_path: Path) -> None:
    read = free_readings(source.session)
    found = page(replace(source, readings=read), tmp_path / "report.html")
    assert "Length of the noise difference (Wen et al., ICLR 2024)" in found.text
    assert number(read[0].value) in found.text


def test_the_command_computes_every_map_again(make_source: MakeSource) -> None:
    lines = [shlex.split(line) for line in commands(make_source(prompt="it's $HOME"), STEP)]
    methods = []
    for words in lines:
        assert words[:3] == ["memlens-cli", "localize", "toy"]
        assert words[words.index("--prompt") + 1] == "it's $HOME"
        assert words[words.index("--step") + 1] == str(STEP)
        here = [words[i + 1] for i, word in enumerate(words) if word == "--method"]
        methods += here
        assert words[words.index("--probes") + 1] == "16"
        assert ("--baseline" in words) == ("cov_bad" in here)
    assert len(lines) == 2
    assert sorted(methods) == ["attention", "cov", "cov_bad", "score_diff"]


@pytest.mark.parametrize(
    ("noise", "option"),
    [("cpu", None), ("cuda", "cuda"), ("array@0123456789ab", "NOISE.npy")],
)
def test_the_noise_is_told_and_drawn_again(
    source: Source, tmp_path: Path, noise: str, option: str | None
) -> None:
    run = source.session.trajectory
    made = replace(run.provenance, noise=noise, schedule_mended=("steps_offset 1 instead of 0",))
    session = replace(source.session, trajectory=replace(run, provenance=made))
    drawn = replace(source, session=session)
    text = page(drawn, tmp_path / "report.html").text
    assert f"noise drawn as on {noise}" in text
    assert "schedule mended steps_offset 1 instead of 0" in text
    for line in commands(drawn, STEP):
        words = shlex.split(line)
        assert ("--noise" in words) == (option is not None)
        assert option is None or words[words.index("--noise") + 1] == option


def test_the_options_of_the_command_are_real(source: Source) -> None:
    from typer.testing import CliRunner

    from memlens.cli.application import application

    told = CliRunner().invoke(application, ["localize", "--help"], env={"COLUMNS": "200"}).stdout
    used = {word for line in commands(source, STEP) for word in line.split() if word[:2] == "--"}
    assert used
    for option in used:
        assert option in told


def test_the_same_session_gives_the_same_bytes(source: Source, tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_report(source, tmp_path / name, step=STEP)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_cancelled_nothing_is_written(source: Source, tmp_path: Path) -> None:
    cancel = CancelToken()
    with pytest.raises(Cancelled):
        write_report(source, tmp_path / "r.html", progress=lambda _: cancel.cancel(), cancel=cancel)
    assert list(tmp_path.iterdir()) == []
