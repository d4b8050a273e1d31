"""Noise drawn as on a CPU, as on an NVIDIA GPU, or taken from a file, chosen in the window."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QFileDialog, QSpinBox
from pytestqt.qtbot import QtBot

import memlens
from memlens.sampling.noise import cuda_noise, noise_name
from tests.support.controller_state import state_of
from tests.support.real_window import LONG_MS
from ui.panels.noise_choice import NoiseChoice
from ui.window.main_window import MainWindow


def choose(window: MainWindow, label: str) -> NoiseChoice:
    box = window.setup.findChild(NoiseChoice)
    assert box is not None and box.accessibleName() == "Noise drawn as on"
    index = box.findText(label)
    box.setCurrentIndex(index)
    box.activated.emit(index)
    return box


def run_and_save(window: MainWindow, qtbot: QtBot, path: Path) -> memlens.Trajectory:
    window.inspection.set_prompt("red apple")
    window.inspection.run()
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    assert window.inspection.view().banner is None
    window.inspection.save_session(path)
    qtbot.waitUntil(lambda: window.idle and path.exists(), timeout=LONG_MS)
    return memlens.load_session(path).trajectory


def test_a_run_drawn_as_on_a_gpu(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    window.inspection.runs.choose_seeds("5")
    choose(window, "NVIDIA GPU")
    run = run_and_save(window, qtbot, tmp_path / "gpu.memlens")
    assert run.provenance.noise == "cuda"
    np.testing.assert_array_equal(run.x_t[0], cuda_noise(5, (4, 16, 16)))
    choose(window, "CPU")
    assert run_and_save(window, qtbot, tmp_path / "cpu.memlens").provenance.noise == "cpu"
    # What the session says is chosen again.
    window.inspection.open_session(tmp_path / "gpu.memlens")
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    assert choose(window, "NVIDIA GPU").currentText() == "NVIDIA GPU"
    assert window.inspection.view().setup.noise == "cuda"


def test_a_run_from_a_file(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noise = cuda_noise(9, (4, 16, 16))
    np.save(tmp_path / "noise.npy", noise)
    file = str(tmp_path / "noise.npy")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    assert choose(window, "File …").currentText() == "CPU"
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (file, ""))
    assert choose(window, "File …").currentText() == "File: noise.npy"
    run = run_and_save(window, qtbot, tmp_path / "file.memlens")
    assert run.provenance.noise == noise_name(noise)
    np.testing.assert_array_equal(run.x_t[0], noise)


def test_a_file_that_is_no_noise(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "small.npy"
    np.save(file, np.zeros((4, 2, 2), np.float32))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    choose(window, "File …")
    window.inspection.set_prompt("red apple")
    window.inspection.run()
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    banner = window.inspection.view().banner
    assert banner is not None and "shape (4, 2, 2)" in banner.sentence


def test_a_thousand_steps_are_one_too_many(window: MainWindow, qtbot: QtBot) -> None:
    box = next(b for b in window.setup.findChildren(QSpinBox) if b.accessibleName() == "Steps")
    box.setValue(1000)
    assert window.inspection.view().setup.steps == box.value() == 999
    # Kept from another model, they are refused with a sentence, not an IndexError.
    state_of(window.inspection).intent.steps = 1000
    window.inspection.set_prompt("red apple")
    window.inspection._dispatch.sample()
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    banner = window.inspection.view().banner
    assert banner is not None and "choose 1 to 999" in banner.sentence
