"""Files with damage of any sort are read or refused by the documented error, nothing else."""

from __future__ import annotations

import functools
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from memlens.errors import JournalError, MaskError, SessionError
from memlens.files.sessions import load_session, run_from_json, run_to_json, save_session
from memlens.masks.coco import coco_of
from memlens.masks.document import MaskDocument
from memlens.masks.edits import Invert, Paint
from memlens.masks.journal import Journal, read_journal
from memlens.masks.journal_base import JournalBase
from memlens.masks.named_mask import NamedMask
from memlens.masks.shapes import Rectangle
from tests.support.random_session import session
from tests.support.read_or_refused import masks_of_any_size, read_or_refused

_QUICK = settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
_MASK = NamedMask(name="m", kind="ground truth", pixels=np.eye(6, 9, dtype=np.bool_))
_OUTLINED = {
    "images": [{"id": 1, "height": 6, "width": 9}],
    "annotations": [{"image_id": 1, "segmentation": [[0, 0, 5, 0, 5, 5]]}],
}
_LABELME = {
    "imageHeight": 6,
    "imageWidth": 9,
    "shapes": [{"label": "a", "shape_type": "polygon", "points": [[0, 0], [5, 0], [5, 5]]}],
}
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)


@functools.cache
def whole(ending: str) -> bytes:
    """Return a whole file by its ending."""
    stream = io.BytesIO()
    if ending == ".png":
        Image.fromarray(_MASK.pixels).save(stream, "PNG")
    elif ending == ".npy":
        np.save(stream, _MASK.pixels)
    else:
        return json.dumps(coco_of((_MASK,))).encode()
    return stream.getvalue()


@st.composite
def damage(draw: st.DrawFn) -> Callable[[bytes], bytes]:
    """Draw what happens to bytes: some change, and perhaps the end is lost."""
    changes = draw(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=6))
    end = draw(st.just(1.0) | st.floats(0, 1))

    def damaged(data: bytes) -> bytes:
        changed = bytearray(data)
        for place, value in changes:
            changed[min(int(place * len(data)), len(data) - 1)] = value
        return bytes(changed[: int(end * len(data))])

    return damaged


@st.composite
def mutated(draw: st.DrawFn, values: Any) -> Any:
    """Draw JSON in which some value is another, or missing."""
    values = json.loads(json.dumps(values))
    for _ in range(draw(st.integers(1, 2))):
        places = list(_places(values))
        owner, key = draw(st.sampled_from(places))
        if draw(st.booleans()):
            owner[key] = draw(_JSON)
        else:
            del owner[key]
        if not values:
            break
    return values


def _places(values: Any) -> Any:
    if isinstance(values, dict | list):
        for key in values if isinstance(values, dict) else range(len(values)):
            yield values, key
            yield from _places(values[key])


@_QUICK
@pytest.mark.parametrize("ending", [".png", ".npy", ".json"])
@given(change=damage())
def test_mask_files(tmp_path: Path, ending: str, change: Callable[[bytes], bytes]) -> None:
    data, path = whole(ending), tmp_path / f"m{ending}"
    read_or_refused(masks_of_any_size, MaskError, path, change(data), whole=data)


@pytest.mark.long
@_QUICK
@given(data=st.data())
def test_the_json_of_masks(tmp_path: Path, data: st.DataObject) -> None:
    values = data.draw(st.sampled_from((coco_of((_MASK,)), _OUTLINED, _LABELME)))
    whole, damaged = (json.dumps(each).encode() for each in (values, data.draw(mutated(values))))
    read_or_refused(masks_of_any_size, MaskError, tmp_path / "m.json", damaged, whole=whole)


@functools.cache
def session_bytes(folder: Path) -> bytes:
    """Return a whole session."""
    path = folder / "whole"
    save_session(session(), path)
    data = path.read_bytes()
    path.unlink()
    return data


@_QUICK
@given(change=damage(), member=st.none() | st.floats(0, 0.999))
def test_sessions(tmp_path: Path, change: Callable[[bytes], bytes], member: float | None) -> None:
    whole = session_bytes(tmp_path)
    if member is None:
        data = change(whole)
    else:
        # Damage with a checksum that is right gets further.
        stream = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(stream, "w") as new:
            chosen = int(member * len(old.namelist()))
            for number, name in enumerate(old.namelist()):
                new.writestr(name, change(old.read(name)) if number == chosen else old.read(name))
        data = stream.getvalue()
    read_or_refused(load_session, SessionError, tmp_path / "a.memlens", data, whole=whole)


@_QUICK
@given(data=st.data())
def test_what_sessions_say(tmp_path: Path, data: st.DataObject) -> None:
    whole, stream = session_bytes(tmp_path), io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(whole)) as old,
        zipfile.ZipFile(stream, "w") as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            if name == "session.json":
                content = json.dumps(data.draw(mutated(json.loads(content)))).encode()
            new.writestr(name, content)
    path, damaged = tmp_path / "a.memlens", stream.getvalue()
    read_or_refused(load_session, SessionError, path, damaged, whole=whole)


@_QUICK
@given(change=damage())
def test_journals(tmp_path: Path, change: Callable[[bytes], bytes]) -> None:
    data = journal_bytes(tmp_path)
    read_or_refused(read_journal, JournalError, tmp_path / "j", change(data), whole=data)


@functools.cache
def journal_bytes(folder: Path) -> bytes:
    """Return a whole journal of two edits."""
    base = JournalBase(size=(6, 9), masks=((1, _MASK),))
    document = MaskDocument.from_masks((6, 9), (_MASK,))
    journal = Journal(folder / "whole", base)
    document.subscribe(journal.append)
    document.edit(Invert())
    document.edit(Paint(Rectangle(1, 1, 4, 4)))
    journal.close()
    data = (folder / "whole").read_bytes()
    (folder / "whole").unlink()
    return data


def test_a_number_beyond_all_floats_is_refused(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(session_bytes(tmp_path))) as old,
        zipfile.ZipFile(stream, "w") as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            if name == "session.json":
                values = json.loads(content)
                values["trajectory"]["seconds"] = 10**400
                content = json.dumps(values).encode()
            new.writestr(name, content)
    (tmp_path / "a.memlens").write_bytes(stream.getvalue())
    with pytest.raises(SessionError, match=r"a\.memlens"):
        load_session(tmp_path / "a.memlens")
    facts = {**run_to_json(session().trajectory), "seconds": 10**400}
    with pytest.raises(SessionError, match="damaged"):
        run_from_json(facts, session().trajectory.image)
