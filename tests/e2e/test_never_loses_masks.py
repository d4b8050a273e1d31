"""Edits of masks outlive a kill, a failed save and a hasty close."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from memlens.files.data_folder import data_folder
from memlens.files.sessions import load_project, load_session
from memlens.masks.journal import read_journal
from memlens.masks.journal_places import find_left_behind, journals_of
from tests.support.controller_state import state_of
from tests.support.drawn_masks import (
    banner_button,
    document_of,
    draw,
    is_drawn,
    journal_written,
    leave_behind,
    save,
)
from tests.support.killed_window import run_and_be_killed
from tests.support.real_window import LONG_MS, MakeWindow
from tests.support.widgets import answer, open_dialog
from ui.window.main_window import MainWindow

MISSING = Path("missing")


def restarted(make_window: MakeWindow, qtbot: QtBot, path: Path) -> MainWindow:
    window = make_window()
    window.start(path, MISSING)
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    return window


@pytest.fixture
def saved(sampled: MainWindow, qtbot: QtBot, tmp_path: Path) -> Path:
    """A session that no window has open."""
    path = tmp_path / "mine.memlens"
    save(sampled, qtbot, path)
    sampled.close()
    return path


def test_after_a_kill_the_next_start_offers_the_masks_of_a_session(
    saved: Path, make_window: MakeWindow, qtbot: QtBot, tiny_pipeline: Path
) -> None:
    before = saved.read_bytes()
    run_and_be_killed(saved)
    assert saved.read_bytes() == before
    window = restarted(make_window, qtbot, tiny_pipeline)
    banner = window.inspection.view().banner
    assert banner is not None
    assert "mine.memlens" in banner.sentence
    banner_button(window, "Restore")
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    assert is_drawn(window)
    assert window.windowTitle() == "mine.memlens* — memlens"
    journal_written(window)
    save(window, qtbot, saved)
    assert window.windowTitle() == "mine.memlens — memlens"
    assert load_session(saved).masks[-1].name == "drawn"
    journal_written(window)
    assert journals_of(saved) == ()
    assert window.inspection.view().banner is None


def test_after_a_kill_an_unsaved_run_comes_back_with_its_picture(
    saved: Path, make_window: MakeWindow, qtbot: QtBot, tiny_pipeline: Path
) -> None:
    # A session that another window has open is not this one's to write: a run without a place.
    holder = restarted(make_window, qtbot, saved)
    run_and_be_killed(saved)
    holder.close()
    picture = load_session(saved).trajectory.image
    window = restarted(make_window, qtbot, tiny_pipeline)
    banner_button(window, "Restore")
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    assert is_drawn(window)
    assert window.windowTitle() == "Unsaved run* — memlens"
    run = state_of(window.inspection).results.run
    assert run is not None and run.trajectory is not None
    assert (run.trajectory.image == picture).all()
    assert run.trajectory.keeps_latents
    save(window, qtbot, saved.with_name("rescued.memlens"))
    journal_written(window)
    assert not [path for path in data_folder().rglob("*") if path.is_file()]


def test_discarding_what_was_left_behind_is_final(
    saved: Path, make_window: MakeWindow, qtbot: QtBot, tiny_pipeline: Path
) -> None:
    leave_behind(saved)
    window = restarted(make_window, qtbot, tiny_pipeline)
    banner_button(window, "Discard")
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    assert window.inspection.view().banner is None
    assert find_left_behind() == ()
    assert not window.actions_["restore-masks"].isEnabled()  # type: ignore[index]


def test_putting_the_offer_off_keeps_it(
    saved: Path, make_window: MakeWindow, qtbot: QtBot, tiny_pipeline: Path
) -> None:
    leave_behind(saved)
    window = restarted(make_window, qtbot, tiny_pipeline)
    window.banner.dismissed.emit()
    assert window.inspection.view().banner is None
    window.actions_.trigger("restore-masks")
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    assert is_drawn(window)


def test_opening_a_session_that_was_left_behind_offers_its_masks(
    saved: Path, make_window: MakeWindow, qtbot: QtBot
) -> None:
    leave_behind(saved)
    for path in (data_folder() / "known-journals").iterdir():
        path.unlink()
    window = restarted(make_window, qtbot, saved)
    assert not any(mask.name == "drawn" for mask in document_of(window).snapshot())
    banner_button(window, "Restore")
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    assert is_drawn(window)


def test_a_failed_save_stays_unsaved(
    sampled: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine.memlens"
    save(sampled, qtbot, path)
    before = path.read_bytes()
    draw(sampled)
    journal_written(sampled)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("memlens.files.atomic_write.os.replace", full)
        save(sampled, qtbot, path)
    banner = sampled.inspection.view().banner
    assert banner is not None
    assert banner.sentence.endswith("was not saved: no space left on device.")
    assert banner.way_on is not None and banner.way_on[0] == "save-session-as"
    assert sampled.windowTitle() == "mine.memlens* — memlens"
    assert path.read_bytes() == before
    save(sampled, qtbot, path)
    assert sampled.windowTitle() == "mine.memlens — memlens"
    assert load_session(path).masks[-1].name == "drawn"


def test_a_folder_that_is_gone_is_said(sampled: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    draw(sampled)
    save(sampled, qtbot, tmp_path / "gone" / "mine.memlens")
    banner = sampled.inspection.view().banner
    assert banner is not None
    assert "is not there any more" in banner.sentence
    assert sampled.inspection.keeping.dirty


def test_edits_made_while_it_was_saved_stay_unsaved(
    sampled: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "mine.memlens"
    document = draw(sampled)
    sampled.inspection.save_session(path)
    document.undo()
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    assert sampled.windowTitle() == "mine.memlens* — memlens"
    journal_written(sampled)
    assert len(journals_of(path)) == 1
    save(sampled, qtbot, path)
    assert sampled.windowTitle() == "mine.memlens — memlens"


def test_a_second_window_is_read_only_and_saves_elsewhere(
    saved: Path,
    make_window: MakeWindow,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = restarted(make_window, qtbot, saved)
    second = restarted(make_window, qtbot, saved)
    banner = second.inspection.view().banner
    assert banner is not None
    assert "mine.memlens is open in another window" in banner.sentence
    assert second.windowTitle() == "mine.memlens (read-only) — memlens"
    before = saved.read_bytes()
    draw(second)
    save(second, qtbot, saved)
    assert saved.read_bytes() == before
    assert second.inspection.keeping.dirty
    other = saved.with_name("other.memlens")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a, **k: (str(other), ""))
    second.actions_.trigger("save-session")
    qtbot.waitUntil(lambda: second.idle, timeout=LONG_MS)
    assert second.windowTitle() == "other.memlens — memlens"
    assert first.windowTitle() == "mine.memlens — memlens"
    draw(first)
    save(first, qtbot, saved)
    assert first.windowTitle() == "mine.memlens — memlens"


def test_the_same_window_opens_its_session_again(
    saved: Path, make_window: MakeWindow, qtbot: QtBot
) -> None:
    window = restarted(make_window, qtbot, saved)
    document_of(window)
    window.inspection.open_session(saved)
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    assert window.inspection.view().banner is None
    assert window.inspection.keeping.holds(saved)


def test_closing_asks_and_cancel_keeps_the_window(sampled: MainWindow) -> None:
    draw(sampled)
    assert sampled.windowTitle() == "Unsaved run* — memlens"
    assert not sampled.close()
    box = open_dialog(sampled, QMessageBox)
    box.button(QMessageBox.StandardButton.Cancel).click()
    assert sampled.isVisible()
    assert sampled.inspection.keeping.dirty


def test_closing_with_discard_leaves_nothing(sampled: MainWindow, qtbot: QtBot) -> None:
    draw(sampled)
    sampled.close()
    answer(sampled, QMessageBox.StandardButton.Discard)
    assert not sampled.isVisible()
    assert sampled.worker_stopped
    assert find_left_behind() == ()


def test_closing_asks_once_about_all_runs(
    sampled: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "both.memlens"
    draw(sampled)
    sampled.inspection.set_seed(5)
    sampled.inspection.run()
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    assert sampled.windowTitle() == "2 unsaved runs* — memlens"
    draw(sampled)
    sampled.close()
    box = open_dialog(sampled, QMessageBox)
    assert "2 runs" in box.text()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a, **k: (str(path), ""))
    box.button(QMessageBox.StandardButton.Save).click()
    qtbot.waitUntil(lambda: not sampled.isVisible(), timeout=LONG_MS)
    runs = load_project(path).runs
    assert [run.masks[-1].name for run in runs] == ["drawn", "drawn"]
    assert [run.trajectory.provenance.seed for run in runs] == [0, 5]
    assert find_left_behind() == ()


def test_a_journal_that_cannot_be_written_is_said_and_begun_again(
    sampled: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = draw(sampled)
    journal_written(sampled)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("memlens.masks.journal._write_all", full)
        document.undo()
        qtbot.waitUntil(lambda: sampled.inspection.view().banner is not None, timeout=LONG_MS)
    banner = sampled.inspection.view().banner
    assert banner is not None
    assert "not kept safe now: No space left on device" in banner.sentence
    document.redo()
    journal_written(sampled)
    sampled.inspection.keeping._writer.close()
    journals = list(data_folder().rglob("*.memlens-journal"))
    assert len(journals) == 1
    assert read_journal(journals[0]).masks[-1][1].pixels.any()


def test_closing_with_save_saves_then_closes(
    sampled: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "mine.memlens"
    save(sampled, qtbot, path)
    draw(sampled)
    sampled.close()
    answer(sampled, QMessageBox.StandardButton.Save)
    qtbot.waitUntil(lambda: not sampled.isVisible(), timeout=LONG_MS)
    assert load_session(path).masks[-1].name == "drawn"
    assert journals_of(path) == ()
    assert os.listdir(tmp_path) == ["mine.memlens"]


def test_closing_with_a_save_that_fails_stays_open(
    sampled: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine.memlens"
    save(sampled, qtbot, path)
    draw(sampled)
    sampled.close()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("memlens.files.atomic_write.os.replace", full)
        answer(sampled, QMessageBox.StandardButton.Save)
        qtbot.waitUntil(lambda: sampled.inspection.view().banner is not None, timeout=LONG_MS)
    banner = sampled.inspection.view().banner
    assert banner is not None and banner.severity == "error"
    assert sampled.isVisible()
    assert sampled.inspection.keeping.dirty


def test_save_as_without_trajectory_is_small_and_says_what_is_missing(
    sampled: MainWindow,
    make_window: MakeWindow,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "small.memlens"

    def choose(*arguments: object, **_: object) -> tuple[str, str]:
        filters = str(arguments[3]).split(";;")
        return str(path), next(f for f in filters if "without trajectory" in f)

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    draw(sampled)
    before = sampled.inspection.view()
    sampled.actions_.trigger("save-session-as")
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    assert sampled.windowTitle() == "small.memlens — memlens"
    sampled.close()

    again = restarted(make_window, qtbot, path)
    view = again.inspection.view()
    assert view.banner is None
    assert is_drawn(again)
    for old, new in zip(before.canvas.panels, view.canvas.panels, strict=True):
        if old.values is not None:
            assert new.values is not None
            assert (new.values == old.values).all()
    assert "without its trajectory" in view.disabled["compute"]
