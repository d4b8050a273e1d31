"""Where the noise of the next run is drawn, as the controller keeps it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from memlens.files.sessions import Session
from tests.support import synthetic
from tests.support.recording import Desk, opened
from ui.jobs.load_baseline import LoadBaseline
from ui.jobs.load_model import LoadModel
from ui.jobs.open_session import OpenSession
from ui.jobs.sample import Sample


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    made.open_toy()
    made.control.set_prompt("a lion")
    return made


def open_session_drawn(desk: Desk, noise: str) -> None:
    made = synthetic.trajectory()
    made = replace(made, provenance=replace(made.provenance, noise=noise))
    path = Path("/sessions/kept.memlens")
    desk.control.open_session(path)
    request = desk.asked(OpenSession)[-1]
    desk.answer(request, opened(request, Session(trajectory=made)))


def test_a_persons_own_prompt_is_drawn_on_the_cpu(desk: Desk) -> None:
    assert desk.view.setup.noise == "cpu"
    assert [label for _, label, _ in desk.view.setup.noises] == ["CPU", "NVIDIA GPU", "File …"]
    desk.control.run()
    assert desk.asked(Sample)[-1].noise == "cpu"


def test_what_is_chosen_is_asked_for(desk: Desk) -> None:
    desk.control.set_noise("cuda")
    desk.control.run()
    first = desk.asked(Sample)[-1]
    assert first.noise == "cuda"
    desk.stop(first)
    desk.control.set_noise("/data/noise.npy")
    assert ("/data/noise.npy", "File: noise.npy", "") in desk.view.setup.noises
    assert desk.view.setup.noise == "/data/noise.npy"
    desk.control.run()
    assert desk.asked(Sample)[-1].noise == "/data/noise.npy"


def test_a_file_is_the_same_for_every_seed(desk: Desk) -> None:
    desk.control.runs.choose_seeds("0-3")
    assert desk.view.setup.disabled_reason == ""
    desk.control.set_noise("/data/noise.npy")
    assert "give one seed" in desk.view.setup.disabled_reason
    desk.control.set_noise("cuda")
    assert desk.view.setup.disabled_reason == ""


@pytest.mark.parametrize("noise", ["cpu", "cuda"])
def test_a_session_brings_its_own(desk: Desk, noise: str) -> None:
    desk.control.set_noise("cuda" if noise == "cpu" else "cpu")
    open_session_drawn(desk, noise)
    assert desk.view.setup.noise == noise


def test_a_session_drawn_from_a_file_asks_for_it_again(desk: Desk) -> None:
    open_session_drawn(desk, "array@0123456789ab")
    assert "choose that file again" in desk.view.setup.disabled_reason
    labels = [label for _, label, _ in desk.view.setup.noises]
    assert labels[2] == "File: array@0123456789ab"
    desk.control.set_noise("/data/noise.npy")
    assert desk.view.setup.disabled_reason == ""


def test_more_steps_than_can_be_walked_are_not_taken(desk: Desk) -> None:
    desk.control.set_steps(5000)
    assert desk.view.setup.steps == desk.view.setup.max_steps == 1000


def test_an_unknown_hub_id_of_a_baseline_offers_the_download(desk: Desk) -> None:
    desk.control.choose_baseline("owner/name")
    request = desk.asked(LoadBaseline)[-1]
    assert (request.source, request.download) == ("owner/name", False)
    assert ("owner/name", "θ̃  owner/name", "") in desk.view.setup.baselines
    desk.fail(request, "It is not in the cache.")
    banner = desk.view.banner
    assert banner is not None and banner.way_on == ("retry-with-download", "Download it")
    assert desk.view.setup.baseline == "unconditional"
    desk.control.retry_with_download()
    request = desk.asked(LoadBaseline)[-1]
    assert (request.source, request.download) == ("owner/name", True)
    # A model that is not found next is what is downloaded next.
    desk.control.open_model("other/model")
    desk.fail(desk.asked(LoadModel)[-1], "It is not in the cache.")
    desk.control.retry_with_download()
    model = desk.asked(LoadModel)[-1]
    assert (model.source, model.download) == ("other/model", True)
