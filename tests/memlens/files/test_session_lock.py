"""One window per session, across processes; a killed process leaves no lock behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from memlens.files.session_lock import SessionLock, SessionLocked, lock_paths

HOLDER = """
import sys
from pathlib import Path
from memlens.files.session_lock import SessionLock
lock = SessionLock.acquire(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def start_holder(session: Path) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(session)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    )
    assert child.stdout is not None
    assert child.stdout.readline().strip() == "held"
    return child


def end(child: subprocess.Popen[str], how: int | None = None) -> None:
    if how is not None:
        child.send_signal(how)
    child.communicate()


def test_a_second_one_is_refused_until_the_first_lets_go(tmp_path: Path) -> None:
    session = tmp_path / "one.memlens"
    first = SessionLock.acquire(session)
    with pytest.raises(SessionLocked, match=r"^one\.memlens is open in another window\.$"):
        SessionLock.acquire(session)
    first.release()
    assert not first.held
    second = SessionLock.acquire(session)
    second.release()
    second.release()
    assert list(tmp_path.iterdir()) == []


def test_another_process_holds_it_and_is_named(tmp_path: Path) -> None:
    session = tmp_path / "one.memlens"
    child = start_holder(session)
    try:
        with pytest.raises(SessionLocked, match=rf"\(process {child.pid}\)"):
            SessionLock.acquire(session)
    finally:
        end(child)
    SessionLock.acquire(session).release()


def test_a_killed_process_holds_nothing(tmp_path: Path) -> None:
    session = tmp_path / "one.memlens"
    child = start_holder(session)
    end(child, signal.SIGKILL)
    assert lock_paths(session)[0].exists(), "the kill came before its release"
    SessionLock.acquire(session).release()


def test_two_names_of_one_file_are_one_session(tmp_path: Path) -> None:
    session = tmp_path / "one.memlens"
    session.write_bytes(b"")
    (tmp_path / "other").symlink_to(tmp_path, target_is_directory=True)
    lock = SessionLock.acquire(session)
    with pytest.raises(SessionLocked):
        SessionLock.acquire(tmp_path / "other" / "one.memlens")
    lock.release()


def test_a_folder_that_cannot_be_written_is_locked_in_the_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = tmp_path / "one.memlens"
    beside, aside = lock_paths(session)
    real = os.open

    def refusing(path: object, *arguments: object, **named: object) -> int:
        if str(path) == str(beside):
            raise PermissionError(13, "Permission denied")
        return real(path, *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", refusing)
    lock = SessionLock.acquire(session)
    assert aside.exists()
    assert not beside.exists()
    with pytest.raises(SessionLocked):
        SessionLock.acquire(session)
    lock.release()
    assert not aside.exists()


def test_a_note_of_nonsense_in_the_lock_is_no_obstacle(tmp_path: Path) -> None:
    session = tmp_path / "one.memlens"
    lock = SessionLock.acquire(session)
    lock_paths(session)[0].write_bytes(b"\xff[" * 2000)
    with pytest.raises(SessionLocked, match="another window"):
        SessionLock.acquire(session)
    lock.release()
