from __future__ import annotations

import errno
import io
import json
import os
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from memlens.errors import OutputError, SettingsError
from memlens.export.figure import FigureRequest, figure_bytes, figure_pixels, write_figure
from memlens.export.figure_layout import layout_of
from memlens.export.panel import panel_pixels, panels_of
from memlens.export.source import Look, Source
from memlens.masks.named_mask import NamedMask
from tests.support import synthetic
from tests.support.made_source import MakeSource

STEP = synthetic.STEPS - 2
ALL = ("picture", "mask", "cov", "score_diff", "cov_bad", "attention")


def request_of(*panels: str, **changed: Any) -> FigureRequest:
    return FigureRequest(panels=panels, step=STEP, **{"dpi": 72, **changed})


@pytest.mark.parametrize("count", range(1, 7))
def test_a_png_has_the_size_that_was_asked_for(source: Source, count: int, tmp_path: Path) -> None:
    path = tmp_path / "figure.png"
    write_figure(source, request_of(*ALL[:count], width_mm=127, dpi=100), Look(), path)
    with Image.open(path) as picture:
        assert picture.width == 500
        assert picture.info["dpi"] == pytest.approx((100, 100), abs=0.1)
        facts = json.loads(picture.info["Description"])
    assert [panel["content"] for panel in facts["panels"]] == list(ALL[:count])
    assert facts["trajectory"]["prompt"] == "a lion"
    if count >= 3:
        assert facts["panels"][2]["provenance"]["probes"] == 16


NAMED = NamedMask(
    name="Second annotator, template A",
    kind="ground truth",
    pixels=np.eye(synthetic.PICTURE, dtype=bool),
)


@pytest.mark.parametrize("count", [1, 2, 4, 6])
@pytest.mark.parametrize("dpi", [72, 130, 300])
def test_a_figure_names_the_mask_that_its_numbers_are_measured_with(
    source: Source, count: int, dpi: int
) -> None:
    masks = (NAMED, *source.session.masks)
    source = replace(source, session=replace(source.session, masks=masks))
    request, look = request_of(*ALL[-count:], dpi=dpi), Look(contour="best")
    panels = panels_of(source, request.panels, STEP, look)
    layout = layout_of(panels, "", request.width, None)
    words = " ".join(line.text for line in layout.legend)
    assert words.startswith("White outline: the mask “Second annotator, template A” · IoU with it")
    assert words.endswith("green outline: predicted mask")
    png = figure_bytes(source, request, look, "png")
    with Image.open(io.BytesIO(png)) as picture:
        facts = json.loads(picture.info["Description"])
        pixels = np.asarray(picture.convert("L"))
    assert {panel["compared_with"] for panel in facts["panels"] if panel["provenance"]} == {
        NAMED.name
    }
    assert (pixels[:, -2:] > 250).all(), "nothing runs over the right edge"
    outlines = replace(look, outline=False)
    panels = panels_of(source, request.panels, STEP, outlines)
    legend = layout_of(panels, "", request.width, None).legend
    assert legend[0].text.startswith("IoU with “Second annotator, template A”, best")


def test_an_svg_is_xml_and_holds_the_provenance(source: Source) -> None:
    svg = figure_bytes(source, request_of("cov", "score_diff"), Look(contour="best"), "svg")
    root = ElementTree.fromstring(svg)
    assert root.tag.endswith("svg")
    (description,) = (e.text for e in root.iter() if e.tag.endswith("description"))
    assert json.loads(description or "")["panels"][0]["provenance"]["method"] == (
        "curvature-difference"
    )


def test_a_pdf_says_so(source: Source) -> None:
    pdf = figure_bytes(source, request_of("cov"), Look(), "pdf")
    assert pdf.startswith(b"%PDF-")
    assert pdf.rstrip().endswith(b"%%EOF")
    assert b"CreationDate" not in pdf


@pytest.mark.long
@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_the_same_request_gives_the_same_bytes(source: Source, kind: str) -> None:
    look = Look(over_picture=0.6, contour=1.0)
    first, second = (figure_bytes(source, request_of(*ALL), look, kind) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("prompt", ["$a_1$ & <b> \\frac", "日本語 😀 ∅", "word " * 90, "x" * 300])
def test_any_prompt_can_be_a_title(make_source: MakeSource, prompt: str) -> None:
    png = figure_bytes(make_source(prompt=prompt), request_of("picture"), Look(), "png")
    with Image.open(io.BytesIO(png)) as picture:
        assert json.loads(picture.info["Description"])["trajectory"]["prompt"] == prompt


def test_the_colours_are_those_of_the_table(source: Source) -> None:
    table = np.zeros((256, 3), np.uint8)
    table[:, 1] = 200
    png = figure_bytes(
        source, request_of("cov", dpi=144), Look(colours=table, outline=False), "png"
    )
    with Image.open(io.BytesIO(png)) as picture:
        pixels = np.asarray(picture.convert("RGB"))
    middle = pixels[pixels.shape[0] // 2, pixels.shape[1] // 3]
    assert middle.tolist() == [0, 200, 0]


def test_maps_of_one_scale_share_a_colour_bar(source: Source) -> None:
    panels = panels_of(source, ("picture", "cov", "score_diff"), STEP, Look())
    layout = layout_of(panels, "", 170, None)
    assert layout.shared is not None
    assert all(cell.bar is None for cell in layout.cells)
    maps = tuple(
        replace(found, values=found.values * 2) if found.kind == "cov" else found
        for found in source.session.maps
    )
    source = replace(source, session=replace(source.session, maps=maps))
    panels = panels_of(source, ("picture", "cov", "score_diff"), STEP, Look(stretched=True))
    layout = layout_of(panels, "", 170, None)
    assert layout.shared is None
    assert [cell.bar is not None for cell in layout.cells] == [False, True, True]


@pytest.mark.parametrize("count", range(1, 7))
def test_nothing_lies_outside_or_over_another(source: Source, count: int) -> None:
    panels = panels_of(source, ALL[:count], STEP, Look(contour="best", units="paper"))
    layout = layout_of(panels, "a title", 120, None)
    width, height = layout.size
    areas = [cell.picture for cell in layout.cells]
    bars = [cell.bar for cell in layout.cells if cell.bar is not None]
    for area in [*areas, *bars]:
        assert 0 <= area.x and area.x + area.width <= width
        assert 0 <= area.y and area.y + area.height <= height
    for cell in layout.cells:
        for line in (*cell.label, *cell.facts):
            assert 0 < line.y < height
        assert all(line.y < cell.picture.y for line in cell.label)
        assert all(line.y > cell.picture.y + cell.picture.height for line in cell.facts)
    for i, one in enumerate(areas):
        for other in areas[i + 1 :]:
            apart_across = one.x + one.width <= other.x or other.x + other.width <= one.x
            apart_down = one.y + one.height <= other.y or other.y + other.height <= one.y
            assert apart_across or apart_down


def test_levels_and_units_are_those_of_the_screen(source: Source) -> None:
    from ui.view.display_cache import DisplayCache

    found = source.map_at("cov", STEP)
    assert found is not None
    shown = DisplayCache().of(found, "paper", 3)
    (panel,) = panels_of(source, ("cov",), STEP, Look(units="paper", smoothing=3, stretched=True))
    assert panel.values is not None
    np.testing.assert_array_equal(panel.values, shown.values)
    assert panel.levels == shown.stretched
    (panel,) = panels_of(source, ("cov",), STEP, Look(units="paper", smoothing=3))
    assert panel.levels == (0.0, shown.scale)


def test_levels_are_shares_of_each_kinds_own(source: Source) -> None:
    cosine = replace(synthetic.made_map("attention", STEP), kind="guidance_cosine")
    source = replace(source, session=replace(source.session, maps=(cosine,)))
    look = Look(units="paper", levels=(0.25, 1.0))
    (panel,) = panels_of(source, ("guidance_cosine",), STEP, look)
    scale = float(cosine.paper.max() / cosine.values.max())
    assert panel.levels == pytest.approx((-0.5 * scale, 1.0 * scale))
    assert panel.units == ""


def test_the_contour_is_the_predicted_mask(source: Source) -> None:
    (panel,) = panels_of(source, ("cov",), STEP, Look(contour=1.0))
    found = source.map_at("cov", STEP)
    assert found is not None and panel.predicted is not None
    np.testing.assert_array_equal(panel.predicted, found.resized((32, 32)) > 1.0)
    (panel,) = panels_of(source, ("cov",), STEP, Look())
    assert panel.predicted is None


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"panels": ()}, "1 to 6 panels"),
        ({"panels": ("picture",) * 7}, "1 to 6 panels"),
        ({"panels": ("nothing",)}, "nothing"),
        ({"panels": ("curvature",)}, "not computed at step"),
        ({"panels": ("cov",), "step": 77}, "77"),
        ({"panels": ("cov",), "dpi": 5}, "dots per inch"),
        ({"panels": ("cov",), "width_mm": 900.0, "dpi": 2400}, "pixels"),
    ],
)
def test_what_cannot_be_drawn_is_refused(
    source: Source, changed: dict[str, Any], words: str, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError, match=words):
        request = FigureRequest(**{"step": STEP, **changed})
        write_figure(source, request, Look(), tmp_path / "figure.png")
    assert list(tmp_path.iterdir()) == []


def test_a_mask_that_is_not_there_is_refused(make_source: MakeSource) -> None:
    with pytest.raises(SettingsError, match="no mask"):
        figure_bytes(make_source(masked=False), request_of("mask"), Look(), "png")


def test_another_suffix_is_refused(source: Source, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"figure\.jpg"):
        write_figure(source, request_of("cov"), Look(), tmp_path / "figure.jpg")


def test_a_full_disk_leaves_the_old_figure(
    source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "figure.png"
    path.write_bytes(b"the old one")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match=r"figure\.png was not written: no space left"):
        write_figure(source, request_of("cov"), Look(), path)
    assert path.read_bytes() == b"the old one"
    assert list(tmp_path.iterdir()) == [path]


def test_a_flat_map_can_be_drawn_stretched(make_source: MakeSource) -> None:
    source = make_source()
    flat = tuple(
        replace(found, values=np.zeros_like(found.values), paper=np.zeros_like(found.paper))
        for found in source.session.maps
    )
    source = replace(source, session=replace(source.session, maps=flat))
    for units in ("canonical", "paper"):
        look = Look(stretched=True, units=units)
        assert figure_bytes(source, request_of("cov"), look, "png").startswith(b"\x89PNG")


def test_the_settings_of_matplotlib_are_left_alone(source: Source) -> None:
    import matplotlib

    before = dict(matplotlib.rcParams)
    figure_bytes(source, request_of("cov"), Look(), "svg")
    assert dict(matplotlib.rcParams) == before


def test_a_logarithmic_scale_shows_what_a_linear_one_hides(source: Source) -> None:
    (panel,) = panels_of(source, ("cov",), STEP, Look())
    dim = replace(panel, values=np.full((8, 8), 0.02, np.float32))
    linear = panel_pixels(dim, Look())
    bent = panel_pixels(dim, Look(log_scale=True))
    assert bent.sum() > 2 * linear.sum()
    png = figure_bytes(source, request_of("cov"), Look(log_scale=True), "png")
    assert png.startswith(b"\x89PNG")


def test_colours_are_those_of_the_screen(source: Source) -> None:
    from memlens.maps.scale import Scale
    from ui.canvas.colormaps import table
    from ui.canvas.map_item import entries
    from ui.window.export_handlers import rgb_table

    for log_scale in (False, True):
        look = Look(log_scale=log_scale, levels=(0.1, 1.2), colours=rgb_table("viridis"))
        (panel,) = panels_of(source, ("cov",), STEP, look)
        assert panel.values is not None
        scale = Scale.of(panel.levels, log_scale)
        argb = table("viridis")[entries(panel.values, scale)]
        screen = np.stack([argb >> shift & 0xFF for shift in (16, 8, 0)], axis=-1)
        np.testing.assert_array_equal(panel_pixels(panel, look)[::4, ::4], screen)


def test_an_average_is_drawn_for_every_step_in_it(source: Source) -> None:
    made = synthetic.made_map("score_diff", 1, seed=7)
    average = replace(made, provenance=replace(made.provenance, steps_averaged=3))
    source = replace(source, averages=(average,))
    for step in (1, 2, 3):
        (panel,) = panels_of(source, ("score_diff",), step, Look())
        assert panel.values is average.values
        assert panel.facts[0] == "mean of steps 1–3"
    (panel,) = panels_of(source, ("score_diff",), 4, Look())
    assert panel.values is not average.values


@pytest.mark.long
@pytest.mark.parametrize("count", [1, 3, 6])
@pytest.mark.parametrize("within", [(400, 300), (900, 200)])
def test_a_figure_can_be_seen_before_it_is_written(
    source: Source, count: int, within: tuple[int, int]
) -> None:
    pixels = figure_pixels(source, request_of(*ALL[:count]), Look(), within)
    height, width, channels = pixels.shape
    assert (pixels.dtype, channels) == (np.uint8, 3)
    assert width <= within[0] + 1 and height <= within[1] + 1
    # As large as fits: one dot per inch more would be too large.
    layout = layout_of(panels_of(source, ALL[:count], STEP, Look()), "", 170, None)
    assert max(width / within[0], height / within[1]) > 1 - 2 * max(layout.size) / 72 / min(within)
    other = figure_pixels(source, request_of(*ALL[:count], title=False), Look(), within)
    assert other.shape != pixels.shape or not np.array_equal(other, pixels)
