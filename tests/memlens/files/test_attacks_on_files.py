"""A few of the attacks that `benchmarks/fuzz_files.py` makes by the thousand."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from memlens.errors import JournalError, MaskError, SessionError
from memlens.files.sessions import load_session
from memlens.masks.journal import read_journal
from tests.support.damage import attacks
from tests.support.damage.kinds import members_of_session
from tests.support.damage.whole_files import whole_files, whole_labelme
from tests.support.read_or_refused import Reader, masks_of_any_size, read_or_refused

# How many, the attack, the reader, and what it may raise.
_KINDS: dict[str, tuple[int, attacks.Attack, Reader, type[Exception]]] = {
    "a.memlens": (
        12,
        lambda chance: attacks.on_archive(list(members_of_session()), chance),
        load_session,
        SessionError,
    ),
    "a.npy": (20, attacks.on_array, masks_of_any_size, MaskError),
    "a.png": (5, attacks.on_picture, masks_of_any_size, MaskError),
    "coco.json": (20, attacks.on_coco, masks_of_any_size, MaskError),
    "labelme.json": (5, attacks.on_labelme, masks_of_any_size, MaskError),
    "a.journal": (8, attacks.on_journal, read_journal, JournalError),
}


def whole(name: str) -> bytes:
    if name == "labelme.json":
        return json.dumps(whole_labelme()).encode()
    return whole_files()["warm" + Path(name).suffix]


@pytest.mark.long
@pytest.mark.parametrize("name", sorted(_KINDS))
def test_an_attack_is_read_or_refused_and_leaves_nothing(name: str, tmp_path: Path) -> None:
    cases, attack, reader, refusal = _KINDS[name]
    for number in range(cases):
        _, data = attack(random.Random(number))
        read_or_refused(reader, refusal, tmp_path / name, data, whole=whole(name))


def test_a_pickle_is_never_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "m.npy").write_bytes(whole("a.npy"))
    masks_of_any_size(tmp_path / "m.npy")
    for number in range(9):
        (tmp_path / "m.npy").write_bytes(attacks.pickled(random.Random(number)))
        with pytest.raises(MaskError):
            masks_of_any_size(tmp_path / "m.npy")
    assert [each.name for each in tmp_path.iterdir()] == ["m.npy"]
