"""Sessions: what is saved comes back bit for bit; what is damaged is refused in a sentence."""

from __future__ import annotations

import errno
import io
import os
import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

from memlens.errors import SessionError
from memlens.files.project import SCHEMA_VERSION
from memlens.files.sessions import NamedMask, Session, load_session, save_session
from memlens.maps.localization_map import LocalizationMap
from memlens.sampling.schedule import NoiseLevel, Schedule
from memlens.sampling.trajectory import Trajectory
from tests.support.random_session import provenance, session
from tests.support.rewriting import change_facts, replace_entry, rewrite
from tests.support.same import assert_same

# Every bit pattern, NaN payloads and negative zero included.
_BITS = arrays.arrays(np.uint32, st.just((2, 3, 2)), elements=st.integers(0, 2**32 - 1))


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "one.memlens"
    save_session(session(), path)
    return path


def test_a_session_comes_back_whole(saved: Path) -> None:
    assert_same(load_session(saved), session())


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    bits=_BITS,
    prompt=st.text(),
    seed=st.integers(0, 2**63 - 1),
    guidance=st.floats(allow_nan=False, allow_infinity=False),
    view=st.dictionaries(st.text(), _json, max_size=4),
    name=st.text(max_size=30),
    mask=arrays.arrays(np.bool_, st.just((5, 7))),
    error=st.booleans(),
)
def test_any_session_comes_back_bit_for_bit(
    tmp_path: Path,
    bits: Any,
    prompt: str,
    seed: int,
    guidance: float,
    view: Any,
    name: str,
    mask: Any,
    error: bool,
) -> None:
    latents = np.stack([bits, bits[::-1]]).view(np.float32)
    plane = latents[0, 0]
    made = provenance(prompt=prompt, seed=seed, guidance_scale=guidance)
    original = Session(
        trajectory=Trajectory(
            schedule=Schedule((NoiseLevel(981.0, 0.1, 0.9), NoiseLevel(1.0, 0.999, 0.0413))),
            x_t=latents,
            eps_target=latents[:, ::-1],
            eps_unconditional=-latents,
            final_latent=latents[1],
            image=np.zeros((5, 7, 3), np.uint8),
            provenance=made,
        ),
        maps=(
            LocalizationMap(
                kind="cov_bad",
                values=plane,
                standard_error=plane.T.copy().T if error else None,
                paper=-plane,
                network_calls=1,
                seconds=0.0,
                provenance=made,
            ),
        ),
        masks=(NamedMask(name=name, kind="found", pixels=mask),),
        view=view,
    )
    path = tmp_path / "any.memlens"
    save_session(original, path)
    assert_same(load_session(path), original)


def test_the_same_session_gives_the_same_bytes(saved: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.memlens"
    save_session(load_session(saved), again)
    assert again.read_bytes() == saved.read_bytes()


def test_flat_thumbnails_are_not_taken_for_a_bomb(tmp_path: Path) -> None:
    path = tmp_path / "flat.memlens"
    original = replace(session(), thumbnails=np.zeros((4, 512, 512, 3), np.uint8))
    save_session(original, path)
    assert path.stat().st_size < 100_000
    assert_same(load_session(path), original)


def test_a_demo_sized_session_loads_at_once(tmp_path: Path) -> None:
    path = tmp_path / "demo.memlens"
    save_session(session(steps=50, side=32, picture=128, maps=60), path)
    times = []
    for _ in range(3):
        started = time.perf_counter()
        load_session(path)
        times.append(time.perf_counter() - started)
    assert min(times) < 0.2


def test_loading_does_not_import_torch(saved: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from memlens import load_session;"
        f"load_session(Path({str(saved)!r})); sys.exit('torch' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[3])


def npy(values: Any, **options: Any) -> bytes:
    stream = io.BytesIO()
    np.save(stream, values, **options)
    return stream.getvalue()


def npy_claiming(shape: tuple[int, ...]) -> bytes:
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode()


def png(mode: str, size: tuple[int, int]) -> bytes:
    stream = io.BytesIO()
    Image.new(mode, size).save(stream, "PNG")
    return stream.getvalue()


def png_claiming(width: int, height: int) -> bytes:
    import zlib

    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    return b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", 9) + b"IDAT" + bytes(13)


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda p: p.write_bytes(b""), "not a whole zip"),
        (lambda p: p.write_bytes(b"PK nonsense" * 20), "not a whole zip"),
        (lambda p: p.write_bytes(p.read_bytes()[:-200]), "not a whole zip"),
        (lambda p: p.write_bytes(p.read_bytes().replace(b"\x93NUMPY", b"\x93NUMPX")), "x_t"),
        (lambda p: rewrite(p, extra=(("../evil", b""),)), "unexpected entry '../evil'"),
        (lambda p: rewrite(p, extra=(("arrays/other.npy", b""),)), "unexpected entry"),
        (lambda p: rewrite(p, lambda n, d: None if n == "image.png" else (n, d)), "image.png"),
        (lambda p: rewrite(p, lambda n, d: None if "json" in n else (n, d)), "session.json"),
        (lambda p: replace_entry(p, "session.json", b"{"), "Expecting"),
        (lambda p: replace_entry(p, "session.json", b"[" * 100_000), "damaged|recursion"),
        (lambda p: replace_entry(p, "session.json", b"[]"), "schema"),
        (lambda p: change_facts(p, lambda f: f.pop("maps") and None), "session.json is damaged"),
        (lambda p: change_facts(p, lambda f: f.update(schema="x")), "schema"),
        (lambda p: change_facts(p, lambda f: f.update(view=3)), "view"),
        (
            lambda p: change_facts(p, lambda f: f["trajectory"]["schedule"].pop() and None),
            "schedule",
        ),
        (lambda p: change_facts(p, lambda f: f["maps"][0].update(kind="zz")), "unknown kind 'zz'"),
        (lambda p: change_facts(p, lambda f: f["maps"].append(f["maps"][1])), "map_0003"),
        (lambda p: replace_entry(p, "arrays/x_t.npy", b"junk"), r"\.npy"),
        (lambda p: replace_entry(p, "arrays/x_t.npy", npy_claiming((10**9, 9, 9, 9))), "allowed"),
        (lambda p: replace_entry(p, "arrays/x_t.npy", npy_claiming((-4, 4, 8, 8))), "x_t|damaged"),
        (
            lambda p: replace_entry(
                p, "arrays/x_t.npy", npy(np.array([None, {}]), allow_pickle=True)
            ),
            "plain numbers",
        ),
        (
            lambda p: replace_entry(p, "arrays/x_t.npy", npy(np.zeros((4, 4, 8, 8)))),
            "not float32",
        ),
        (
            lambda p: replace_entry(p, "arrays/x_t.npy", npy(np.zeros((4, 4, 8, 9), "f4"))),
            "differ in shape",
        ),
        (lambda p: replace_entry(p, "image.png", png("L", (16, 16))), "mode L"),
        (lambda p: replace_entry(p, "image.png", png_claiming(60_000, 60_000)), "image.png"),
        (lambda p: replace_entry(p, "image.png", png_claiming(9_000, 9_000)), "pixels"),
        (lambda p: replace_entry(p, "image.png", png("RGB", (16, 16))[:45]), "image.png"),
        (lambda p: replace_entry(p, "masks/mask_0000.png", png("L", (9, 16))), "mask 0"),
    ],
)
def test_a_damaged_session_is_refused_in_one_sentence(
    saved: Path, damage: Callable[[Path], object], reason: str
) -> None:
    load_session(saved)
    damage(saved)
    with pytest.raises(SessionError, match=reason) as caught:
        load_session(saved)
    message = str(caught.value)
    assert message.startswith(f"{saved} cannot be opened: ")
    assert message.endswith(".")
    assert "\n" not in message


def test_an_entry_twice_is_refused(saved: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        rewrite(saved, extra=(("image.png", png("RGB", (16, 16))),))
    with pytest.raises(SessionError, match="twice"):
        load_session(saved)


@pytest.mark.long
def test_a_bomb_is_refused_before_it_unpacks(saved: Path) -> None:
    with zipfile.ZipFile(saved, "a", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("arrays/map_0009_values.npy", "w") as stream:
            for _ in range(600):
                stream.write(bytes(1 << 20))
    with pytest.raises(SessionError, match="would unpack to"):
        load_session(saved)


def test_a_flipped_bit_is_noticed(saved: Path) -> None:
    data = bytearray(saved.read_bytes())
    data[data.index(b"NUMPY") + 400] ^= 1
    saved.write_bytes(bytes(data))
    with pytest.raises(SessionError, match="not a whole zip"):
        load_session(saved)


def test_a_newer_schema_is_refused_with_advice(saved: Path) -> None:
    change_facts(saved, lambda facts: facts.update(schema=SCHEMA_VERSION + 1))
    with pytest.raises(SessionError, match=r"newer memlens.*update memlens"):
        load_session(saved)


def test_a_missing_session(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="no such file"):
        load_session(tmp_path / "absent.memlens")


def test_a_failed_save_leaves_the_old_file(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = saved.read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SessionError, match="was not saved: no space left on device"):
        save_session(session(maps=1), saved)
    assert saved.read_bytes() == before
    assert os.listdir(saved.parent) == [saved.name]


def test_saving_where_there_is_no_folder(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="was not saved: no such file"):
        save_session(session(), tmp_path / "absent" / "one.memlens")


def test_a_view_that_is_not_json_is_refused(saved: Path) -> None:
    before = saved.read_bytes()
    with pytest.raises(SessionError, match=r"was not saved: .*JSON"):
        save_session(replace(session(), view={"path": Path("x")}), saved)
    assert saved.read_bytes() == before
