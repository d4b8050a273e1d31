from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QDragEnterEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from tests.support.controller_state import state_of
from tests.support.drawn_masks import banner_button
from tests.support.dropping import COPY, LEFT, NO_KEYS, drop
from tests.support.real_window import LONG_MS, MakeWindow
from tests.support.widgets import named
from ui.view.view_state import PanelStatus
from ui.vocabulary.action_keys import ActionKey
from ui.vocabulary.panel_content import REFERENCE
from ui.window.main_window import MainWindow


@pytest.fixture
def training_picture(tmp_path: Path) -> Path:
    path = tmp_path / "training.png"
    pixels = np.random.default_rng(0).integers(0, 256, (90, 120, 3), np.uint8)
    Image.fromarray(pixels).save(path)
    return path


def test_a_models_folder_is_opened(
    make_window: MakeWindow, qtbot: QtBot, tiny_pipeline: Path
) -> None:
    window = make_window()
    assert drop(window, qtbot, tiny_pipeline)
    assert window.inspection.view().setup.model_name == "tiny"


def test_a_session_is_opened(sampled: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "mine.memlens"
    sampled.inspection.save_session(path)
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    before = sampled.inspection.view().runs.shown
    assert drop(sampled, qtbot, path)
    (run,) = sampled.inspection.view().runs.runs
    assert run.number != before, "it takes the place of what was there"
    assert sampled.windowTitle().startswith("mine.memlens")


def test_a_picture_becomes_the_training_picture_at_the_runs_size(
    sampled: MainWindow, qtbot: QtBot, training_picture: Path
) -> None:
    assert drop(sampled, qtbot, training_picture)
    results = state_of(sampled.inspection).results
    assert results.reference_path == training_picture
    assert results.reference_picture is not None
    assert results.reference_picture.shape[:2] == results.picture_size
    panel = next(p for p in sampled.inspection.view().canvas.panels if p.content == "reference")
    assert panel.status is PanelStatus.READY
    assert panel.picture is results.reference_picture


def test_without_a_run_it_waits_for_the_model(
    make_window: MakeWindow, qtbot: QtBot, tiny_pipeline: Path, training_picture: Path
) -> None:
    window = make_window()
    window.start(training_picture, Path("missing"))
    window.inspection.open_model(str(tiny_pipeline))
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    results = state_of(window.inspection).results
    assert results.reference_picture is not None
    assert results.model is not None
    assert results.reference_picture.shape[:2] == results.model.picture_size


def masks_taken(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Files that are read as masks from now on; none is."""
    taken: list[Path] = []
    files = window.inspection.masks.files
    monkeypatch.setattr(files, "read", lambda path, *, dropped: taken.append(path))
    return taken


def test_black_and_white_alone_is_a_mask(
    sampled: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mask.png"
    Image.fromarray(np.eye(16, dtype=np.uint8) * 255).save(path)
    taken = masks_taken(sampled, monkeypatch)
    assert drop(sampled, qtbot, path)
    drop(sampled, qtbot, tmp_path / "mask.npy")
    (tmp_path / "mask.npy").write_bytes(b"x")
    drop(sampled, qtbot, tmp_path / "mask.npy")
    assert taken == [path, tmp_path / "mask.npy"]
    assert state_of(sampled.inspection).results.reference_path is None


def test_a_mask_can_be_used_as_training_picture(
    sampled: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "ink.png"
    pixels = np.zeros((64, 64), np.uint8)
    pixels[:, 32:] = 255
    Image.fromarray(pixels).save(path)
    assert drop(sampled, qtbot, path)
    view = sampled.inspection.view()
    assert [row.name for row in view.masks.rows] == ["ink"]
    assert view.banner is not None and view.banner.severity == "notice"
    assert "imported as a mask" in view.banner.sentence

    banner_button(sampled, "Use as training picture")
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)

    view = sampled.inspection.view()
    assert view.banner is None
    assert view.masks.rows == ()
    assert state_of(sampled.inspection).results.reference_path == path
    assert REFERENCE in sampled.inspection.intent.panels
    sampled.actions_[ActionKey.UNDO].trigger()
    assert [row.name for row in sampled.inspection.view().masks.rows] == ["ink"]


def test_a_mask_drawn_on_stays_beside_the_training_picture(
    sampled: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "ink.png"
    Image.fromarray(np.eye(64, dtype=np.uint8) * 255).save(path)
    assert drop(sampled, qtbot, path)
    sampled.actions_[ActionKey.INVERT_MASK].trigger()
    banner_button(sampled, "Use as training picture")
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    assert [row.name for row in sampled.inspection.view().masks.rows] == ["ink"]
    assert state_of(sampled.inspection).results.reference_path == path


def test_a_mask_of_another_size_can_be_used_as_training_picture(
    sampled: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "ink.png"
    Image.fromarray(np.eye(16, dtype=np.uint8) * 255).save(path)
    assert drop(sampled, qtbot, path)
    banner_button(sampled, "Use as training picture")
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    view = sampled.inspection.view()
    assert view.banner is None and view.masks.rows == ()
    assert state_of(sampled.inspection).results.reference_path == path


def test_a_mask_that_was_asked_for_is_offered_as_nothing_else(
    sampled: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ink.png"
    Image.fromarray(np.eye(64, dtype=np.uint8) * 255).save(path)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    sampled.actions_[ActionKey.IMPORT_MASK].trigger()
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    assert sampled.inspection.view().banner is None
    assert len(sampled.inspection.view().masks.rows) == 1


@pytest.mark.parametrize("maybe", [True, False])
def test_black_and_white_named_before_a_run_is_a_mask_unless_chosen_as_picture(
    make_window: MakeWindow,
    qtbot: QtBot,
    tiny_pipeline: Path,
    tmp_path: Path,
    maybe: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "mask.png"
    Image.fromarray(np.eye(16, dtype=np.uint8) * 255).save(path)
    window = make_window()
    taken = masks_taken(window, monkeypatch)
    if maybe:
        window.start(path, Path("missing"))
    else:
        window.inspection.opening.open_picture(path)
    window.inspection.open_model(str(tiny_pipeline))
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    assert taken == ([path] if maybe else [])
    assert state_of(window.inspection).results.reference_path == (None if maybe else path)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("notes.txt", b"x", "none of what memlens opens"), ("broken.png", b"x", "not a picture")],
)
def test_what_cannot_be_opened_is_said(
    sampled: MainWindow, qtbot: QtBot, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    before = sampled.inspection.view().canvas
    assert drop(sampled, qtbot, path)
    banner = sampled.inspection.view().banner
    assert banner is not None and said in banner.sentence and name in banner.sentence
    assert sampled.inspection.view().canvas is before


def test_only_one_of_several_models_is_opened(
    window: MainWindow, qtbot: QtBot, tiny_pipeline: Path, tiny_early: Path
) -> None:
    drop(window, qtbot, tiny_pipeline, tiny_early)
    banner = window.inspection.view().banner
    assert banner is not None and "one at a time" in banner.sentence


def test_text_is_not_taken(window: MainWindow) -> None:
    dragged = QMimeData()
    dragged.setText("a lion")
    entered = QDragEnterEvent(window.rect().center(), COPY, dragged, LEFT, NO_KEYS)
    entered.ignore()
    QApplication.sendEvent(window, entered)
    assert not entered.isAccepted()


def test_a_grey_mask_can_be_used_as_one(sampled: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "blurred mask.jpg"
    pixels = np.zeros((64, 64), np.uint8)
    pixels[:, 32:] = 255
    pixels[:, 31] = 140
    Image.fromarray(pixels).save(path, quality=70)
    assert drop(sampled, qtbot, path)
    view = sampled.inspection.view()
    assert view.banner is not None and view.banner.severity == "notice"
    assert "nearly black and white" in view.banner.sentence
    assert REFERENCE in sampled.inspection.intent.panels
    masks = len(view.masks.rows)

    qtbot.mouseClick(named(sampled.banner, QPushButton, "Use as mask"), Qt.MouseButton.LeftButton)

    view = sampled.inspection.view()
    assert view.banner is None
    assert len(view.masks.rows) == masks + 1
    assert (view.masks.rows[-1].name, view.masks.rows[-1].kind) == ("blurred mask", "imported")
    document = sampled.inspection.masks.document
    assert document is not None and document.active is not None
    half = document.pixels(document.active)
    assert half[:, 34:].all() and not half[:, :30].any()
    assert REFERENCE not in sampled.inspection.intent.panels


def test_a_photograph_is_no_mask(sampled: MainWindow, qtbot: QtBot, training_picture: Path) -> None:
    assert drop(sampled, qtbot, training_picture)
    assert sampled.inspection.view().banner is None


def test_weights_that_fit_become_the_baseline(
    window: MainWindow, qtbot: QtBot, tiny_early: Path, tmp_path: Path
) -> None:
    path = tmp_path / "step-500.safetensors"
    path.write_bytes(next(tiny_early.glob("*.safetensors")).read_bytes())
    model = window.inspection.view().setup.model_name
    assert drop(window, qtbot, path)
    view = window.inspection.view()
    assert view.banner is None
    assert view.setup.baseline == str(path)
    assert view.setup.model_name == model
    assert view.status.message == "Less-trained baseline: step-500.safetensors."
    assert state_of(window.inspection).results.baseline_ready


def test_weights_that_do_not_fit_say_so(
    window: MainWindow, qtbot: QtBot, tiny_pipeline: Path
) -> None:
    path = next((tiny_pipeline / "vae").glob("*.safetensors"))
    assert drop(window, qtbot, path)
    view = window.inspection.view()
    assert view.banner is not None and view.banner.severity == "error"
    assert "does not fit the target" in view.banner.sentence
    assert view.banner.way_on == (ActionKey.OPEN_BASELINE, "Choose another checkpoint")


def test_weights_without_a_model_say_what_to_open_first(
    make_window: MakeWindow, qtbot: QtBot, tiny_early: Path
) -> None:
    window = make_window()
    path = next(tiny_early.glob("*.safetensors"))
    assert drop(window, qtbot, path)
    banner = window.inspection.view().banner
    assert banner is not None and path.name in banner.sentence
    assert "baseline of an open model" in banner.sentence
    assert banner.way_on == (ActionKey.OPEN_MODEL, "Open a model")
