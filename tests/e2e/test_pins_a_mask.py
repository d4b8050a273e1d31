"""The mask that maps are compared with is pinned: drawing another one changes no number."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from typer.testing import CliRunner

from memlens.cli.application import application
from memlens.masks.named_mask import NamedMask
from tests.support.drawn_masks import banner_button, save
from tests.support.hand import drag
from tests.support.killed_window import run_and_be_killed
from tests.support.real_window import LONG_MS, MakeWindow
from ui.vocabulary.action_keys import ActionKey
from ui.window.main_window import MainWindow


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mine.memlens"


@pytest.fixture
def masked(sampled: MainWindow, qtbot: QtBot) -> MainWindow:
    """Two masks; the first is pinned, the second one active."""
    masks = sampled.inspection.masks
    height, width = masks.size or (0, 0)
    for name, wide in (("left half", width // 2), ("left third", width // 3)):
        pixels = np.zeros((height, width), bool)
        pixels[:, :wide] = True
        masks.add_mask(NamedMask(name=name, kind="ground truth", pixels=pixels))
    measured(sampled, qtbot, "left half")
    return sampled


def measured(window: MainWindow, qtbot: QtBot, mask: str) -> None:
    def known() -> bool:
        inspect = window.inspection.view().inspect
        ready = bool(inspect.rows) and all(np.isfinite(row.iou) for row in inspect.rows)
        return ready and inspect.mask_name == mask

    qtbot.waitUntil(lambda: known() and window.idle, timeout=LONG_MS)


def numbers(window: MainWindow) -> list[tuple[str, float, float]]:
    rows = window.inspection.view().inspect.rows
    return [(row.content, round(row.iou, 6), round(row.precision_at_chosen, 6)) for row in rows]


def pinned(window: MainWindow) -> list[str]:
    return [row.name for row in window.inspection.view().masks.rows if row.pinned]


def settle(window: MainWindow, qtbot: QtBot) -> None:
    window.inspection.masks.settle()
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)


def test_a_new_mask_and_drawing_in_it_change_no_number(masked: MainWindow, qtbot: QtBot) -> None:
    before = numbers(masked)
    masked.actions_[ActionKey.ADD_MASK].trigger()
    settle(masked, qtbot)
    assert numbers(masked) == before
    qtbot.keyClick(masked, Qt.Key.Key_B)
    drag(masked.canvas.panels[0].picture, (0.6, 0.5), (0.9, 0.5))
    settle(masked, qtbot)
    assert numbers(masked) == before
    assert pinned(masked) == ["left half"]
    assert "left half" in masked.inspect.agreement.sentence.text()
    heads = [panel.headline for panel in masked.inspection.view().canvas.panels]
    assert all("with left half" in head for head in heads if "IoU" in head)
    assert any("IoU" in head for head in heads)


def test_pinning_another_one_is_one_action_and_is_seen(masked: MainWindow, qtbot: QtBot) -> None:
    before = numbers(masked)
    masked.actions_[ActionKey.PIN_MASK].trigger()
    measured(masked, qtbot, "left third")
    assert numbers(masked) != before
    assert pinned(masked) == ["left third"]
    choice = masked.masks.section.pinned
    assert choice.currentText() == "left third"
    places = [choice.itemText(place) for place in range(choice.count())]
    assert places == ["left half", "left third"]
    choice.activated.emit(0)
    measured(masked, qtbot, "left half")
    assert numbers(masked) == before


def test_window_and_command_line_measure_against_the_same_mask(
    masked: MainWindow, qtbot: QtBot, path: Path, make_window: MakeWindow, tmp_path: Path
) -> None:
    masked.actions_[ActionKey.PIN_MASK].trigger()
    measured(masked, qtbot, "left third")
    masked.inspection.masks.choose_active(1)
    here = {row.content: row.iou for row in masked.inspection.view().inspect.rows}
    save(masked, qtbot, path)
    tables, figure, report = (tmp_path / name for name in ("tables", "f.png", "r.html"))
    outs = ["--tables", str(tables), "--figure", str(figure), "--report", str(report)]
    run = CliRunner().invoke(application, ["export", str(path), *outs, "--json"])
    assert run.exit_code == 0, run.output
    assert json.loads(run.stdout)["mask"] == "left third"
    rows = list(csv.DictReader((tables / "agreement.csv").read_text("utf-8").splitlines()))
    assert {row["mask"] for row in rows} == {"left third"}
    for row in rows:
        assert float(row["iou"]) == pytest.approx(here[row["map"]], abs=1e-6)
        assert float(row["iou_all_ones"]) == pytest.approx(here["all_ones"])
    with Image.open(figure) as drawn:
        panels = json.loads(drawn.info["Description"])["panels"]
    assert {panel["compared_with"] for panel in panels if panel["provenance"]} == {"left third"}
    assert "Agreement with the mask “left third”" in report.read_text("utf-8")
    other = make_window()
    other.start(path, Path("missing"))
    qtbot.waitUntil(lambda: other.inspection.view().inspect.mask_name != "", timeout=LONG_MS)
    assert pinned(other) == ["left third"]


def test_after_a_kill_agreement_measures_what_it_says(
    masked: MainWindow, qtbot: QtBot, path: Path, make_window: MakeWindow, tiny_pipeline: Path
) -> None:
    save(masked, qtbot, path)
    masked.close()
    run_and_be_killed(path, "place_corners")
    window = make_window()
    window.start(tiny_pipeline, Path("missing"))
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    banner_button(window, "Restore")
    measured(window, qtbot, "left half")
    view = window.inspection.view()
    assert view.masks.shape_open
    assert [row.name for row in view.masks.rows if row.active] != ["left half"]
    assert pinned(window) == ["left half"]
    assert np.isclose(view.inspect.rows[-1].iou, 0.5)
    window.actions_[ActionKey.ABANDON_SHAPE].trigger()
