from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from memlens.errors import Cancelled, SettingsError
from memlens.export.animation import AnimationRequest, write_animation
from memlens.export.source import Look, Source
from memlens.progress import CancelToken, Progress
from tests.support import synthetic


@pytest.mark.parametrize("suffix", ["gif", "apng"])
def test_one_frame_for_each_computed_step(source: Source, suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"timeline.{suffix}"
    request = AnimationRequest(panels=("picture", "score_diff"), rate=5, width=240)
    seen: list[Progress] = []
    assert write_animation(source, request, Look(), path, progress=seen.append) == synthetic.STEPS
    with Image.open(path) as picture:
        assert picture.n_frames == synthetic.STEPS  # type: ignore[attr-defined]
        assert picture.width == 240
        assert picture.info["duration"] == 200
        assert picture.info["loop"] == 0
    assert (seen[-1].done, seen[-1].total) == (synthetic.STEPS, synthetic.STEPS)


def test_steps_where_a_map_is_missing_are_left_out(source: Source, tmp_path: Path) -> None:
    request = AnimationRequest(panels=("cov",), width=240)
    assert write_animation(source, request, Look(), tmp_path / "a.gif") == 1


def test_a_range_of_steps(source: Source, tmp_path: Path) -> None:
    request = AnimationRequest(panels=("score_diff",), width=240, steps=(1, 3))
    assert write_animation(source, request, Look(), tmp_path / "a.gif") == 3


def test_cancelled_the_old_file_is_whole(source: Source, tmp_path: Path) -> None:
    path = tmp_path / "a.gif"
    path.write_bytes(b"the old one")
    cancel = CancelToken()
    with pytest.raises(Cancelled):
        write_animation(
            source,
            AnimationRequest(panels=("picture",), width=240),
            Look(),
            path,
            progress=lambda at: cancel.cancel() if at.done == 1 else None,
            cancel=cancel,
        )
    assert path.read_bytes() == b"the old one"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("changed", "name", "words"),
    [
        ({"rate": 0.0}, "a.gif", "steps per second"),
        ({"width": 10}, "a.gif", "pixels wide"),
        ({"panels": ("curvature",)}, "a.gif", "curvature"),
        ({}, "a.mp4", "a.mp4"),
    ],
)
def test_what_cannot_be_drawn_is_refused(
    source: Source, changed: dict[str, Any], name: str, words: str, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError, match=words):
        request = AnimationRequest(**{"panels": ("score_diff",), "width": 240, **changed})
        write_animation(source, request, Look(), tmp_path / name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.long
@pytest.mark.parametrize("suffix", ["gif", "apng"])
def test_the_same_run_gives_the_same_bytes(source: Source, suffix: str, tmp_path: Path) -> None:
    request = AnimationRequest(panels=("picture", "score_diff"), width=240)
    for name in ("one", "two"):
        write_animation(source, request, Look(), tmp_path / f"{name}.{suffix}")
    write_animation(source, request, Look(smoothing=3), tmp_path / f"other.{suffix}")
    one, two, other = (
        (tmp_path / f"{name}.{suffix}").read_bytes() for name in ("one", "two", "other")
    )
    assert one == two
    assert one != other
