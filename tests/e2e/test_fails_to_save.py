"""A save that fails leaves the session unsaved, the old file whole, and one banner."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from memlens.files.sessions import load_session
from tests.support.drawn_masks import draw, journal_written, save
from ui.window.banner import Banner
from ui.window.main_window import MainWindow

Spoil = Callable[[pytest.MonkeyPatch, Path], Path]


def _refusing(call: str, number: int) -> Spoil:
    def spoil(patched: pytest.MonkeyPatch, path: Path) -> Path:
        def refuse(*_: object, **__: object) -> None:
            raise OSError(number, os.strerror(number))

        patched.setattr(f"memlens.files.atomic_write.{call}", refuse)
        return path

    return spoil


def _move_away(_: pytest.MonkeyPatch, path: Path) -> Path:
    path.parent.rename(path.parent.with_name("moved"))
    return path.parent.with_name("moved") / path.name


SPOILED: dict[str, tuple[Spoil, str]] = {
    # Root may write anywhere: what the system says is said for it.
    "read-only": (_refusing("tempfile.mkstemp", errno.EACCES), "permission denied"),
    "full at the end": (_refusing("os.fsync", errno.ENOSPC), "no space left on device"),
    "gone while written": (_refusing("os.replace", errno.ENOENT), "no such file or directory"),
    "gone": (_move_away, "is not there any more"),
}


@pytest.mark.parametrize("how", SPOILED)
def test_it_stays_unsaved_and_can_be_saved_again(
    sampled: MainWindow,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    how: str,
) -> None:
    spoil, reason = SPOILED[how]
    path = tmp_path / "sessions" / "mine.memlens"
    path.parent.mkdir()
    save(sampled, qtbot, path)
    before = path.read_bytes()
    draw(sampled)
    journal_written(sampled)
    with monkeypatch.context() as patched:
        old = spoil(patched, path)
        save(sampled, qtbot, path)
        save(sampled, qtbot, path)
    banner = sampled.inspection.view().banner
    assert banner is not None
    assert reason in banner.sentence
    assert banner.way_on is not None and banner.way_on[0] == "save-session-as"
    assert [each.isVisible() for each in sampled.findChildren(Banner)] == [True]
    assert sampled.inspection.keeping.dirty
    assert sampled.windowTitle() == "mine.memlens* — memlens"
    assert old.read_bytes() == before
    left = sorted(each.suffix for each in old.parent.iterdir())
    assert not any(suffix in {".partial", ".tmp"} for suffix in left)
    elsewhere = tmp_path / "elsewhere.memlens"
    save(sampled, qtbot, elsewhere)
    assert not sampled.inspection.keeping.dirty
    assert load_session(elsewhere).masks[-1].name == "drawn"
