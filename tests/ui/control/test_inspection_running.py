from __future__ import annotations

import numpy as np
import pytest

from tests.support import synthetic
from tests.support.recording import Desk
from ui.jobs.load_baseline import LoadBaseline
from ui.jobs.load_model import LoadModel
from ui.jobs.localize import Localize
from ui.jobs.sample import Sample, SamplingBegan, StepSampled
from ui.view.view_state import PanelStatus


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    made.open_toy()
    return made


def test_an_empty_window_says_what_to_do() -> None:
    desk = Desk()
    assert all(p.status is PanelStatus.EMPTY for p in desk.view.canvas.panels)
    assert desk.view.canvas.panels[0].hint == "Open a model to begin."
    assert desk.view.setup.disabled_reason == "Open a model first."


def test_run_needs_a_prompt(desk: Desk) -> None:
    assert desk.view.disabled["run"] == "Type a prompt first."
    desk.control.set_prompt("   ")
    desk.control.run()
    assert desk.asked(Sample) == []
    desk.control.set_prompt("a lion")
    assert "run" not in desk.view.disabled


def test_a_model_brings_its_guidance_scale_and_early_baseline(desk: Desk) -> None:
    assert desk.view.setup.guidance_scale == 3.0
    assert desk.view.setup.baseline == "early"
    assert desk.control.settings.recent_models == ("toy",)


def test_without_an_early_checkpoint_panels_show_the_unconditional_twin() -> None:
    desk = Desk()
    desk.open_toy(baseline=False)
    assert desk.view.setup.baseline == "unconditional"
    contents = [p.content for p in desk.view.canvas.panels]
    assert "cov" in contents and "cov_bad" not in contents
    reasons = {key: reason for key, _, reason in desk.view.setup.baselines}
    assert reasons["early"]


def test_the_picture_forms_and_the_step_follows(desk: Desk) -> None:
    desk.run_toy(steps=3)
    assert desk.view.timeline.reached == 3
    assert desk.view.timeline.step == 2
    assert desk.panel("score_diff").status is PanelStatus.READY
    assert desk.panel("picture").picture is not None
    stand_in = desk.panel("cov_bad")
    assert stand_in.status is PanelStatus.STAND_IN
    assert stand_in.values is desk.panel("score_diff").values
    assert desk.asked(Localize) == []


def test_a_step_chosen_while_sampling_stays(desk: Desk) -> None:
    request = desk.run_toy(steps=3)
    desk.control.steps.choose_step(1)
    more = StepSampled(
        run=request.run, step=3, free_map=synthetic.made_map("score_diff", 3), picture=None
    )
    desk.answer(request, more, final=False)
    assert desk.view.timeline.step == 1
    assert desk.view.timeline.reached == 4


def test_the_maps_of_the_last_step_start_when_sampling_is_done(desk: Desk) -> None:
    desk.run_toy()
    (request,) = desk.asked(Localize)
    assert [key.kind for key in request.keys] == ["attention", "cov_bad"]
    assert {key.step for key in request.keys} == {synthetic.STEPS - 1}
    assert request.probes == 16


def test_a_map_sharpens_and_is_kept(desk: Desk) -> None:
    desk.run_toy()
    (request,) = desk.asked(Localize)
    desk.refine(request, probes=4, complete=False)
    assert desk.panel("cov_bad").status is PanelStatus.COMPUTING
    assert desk.panel("cov_bad").standard_error is not None
    desk.refine(request)
    assert desk.panel("cov_bad").status is PanelStatus.READY
    assert "16 probes" in desk.panel("cov_bad").headline
    assert desk.view.timeline.cached == frozenset({synthetic.STEPS - 1})


def test_fewer_probes_never_replace_more(desk: Desk) -> None:
    desk.run_toy()
    (request,) = desk.asked(Localize)
    desk.refine(request)
    kept = desk.panel("cov_bad").values
    desk.refine(request, probes=4, complete=False)
    assert desk.panel("cov_bad").values is kept


def test_cancel_keeps_what_came(desk: Desk) -> None:
    request = desk.run_toy(steps=3)
    desk.control.cancel()
    assert Sample.job in desk.jobs.cancelled[-1]
    desk.stop(request)
    assert desk.view.timeline.reached == 3
    assert desk.panel("score_diff").status is PanelStatus.READY
    assert "cancelled" in desk.panel("cov_bad").hint
    assert "run" not in desk.view.disabled


def test_while_another_model_is_opened_nothing_is_asked_of_the_one_before(desk: Desk) -> None:
    desk.run_toy()
    count = len(desk.asked(Localize))
    desk.control.open_model("other")
    desk.control.steps.choose_step(1)
    desk.control.rested()
    assert len(desk.asked(Localize)) == count


def test_results_of_an_older_run_are_dropped(desk: Desk) -> None:
    old = desk.run_toy(steps=2)
    desk.control.cancel()
    new = desk.run_toy(steps=1)
    late = StepSampled(
        run=old.run, step=5, free_map=synthetic.made_map("score_diff", 5), picture=None
    )
    desk.answer(old, late, final=False)
    assert new.run != old.run
    assert desk.view.timeline.reached == 1


def test_maps_of_an_older_run_are_dropped(desk: Desk) -> None:
    desk.run_toy()
    (request,) = desk.asked(Localize)
    desk.run_toy(steps=2)
    desk.refine(request)
    assert desk.panel("cov_bad").status is PanelStatus.STAND_IN


def test_a_cut_prompt_is_said_in_a_warning(desk: Desk) -> None:
    desk.control.set_prompt("a very long prompt")
    desk.control.run()
    request = desk.asked(Sample)[-1]
    log_snr = np.linspace(-4, 6, 4, dtype=np.float32)
    began = SamplingBegan(run=request.run, log_snr=log_snr, truncated="long prompt")
    desk.answer(request, began, final=False)
    assert desk.view.banner is not None
    assert desk.view.banner.severity == "warning"
    assert "“long prompt”" in desk.view.banner.sentence


def test_failures_come_into_the_banner_with_a_way_on(desk: Desk) -> None:
    desk.run_toy()
    (request,) = desk.asked(Localize)
    desk.fail(request, "The device ran out of memory.", out_of_memory=True)
    banner = desk.view.banner
    assert banner is not None and banner.way_on is not None
    assert banner.way_on[0] == "retry-smaller-batches"
    desk.control.retry_smaller()
    assert desk.asked(Localize)[-1].probes_per_batch == 1
    desk.control.opening.choose_dtype("bfloat16")
    assert desk.control.intent.probes_per_batch is None


def test_an_unknown_hub_id_offers_the_download() -> None:
    desk = Desk()
    desk.control.open_model("owner/name")
    desk.fail(desk.asked(LoadModel)[-1], "It is not in the cache.")
    banner = desk.view.banner
    assert banner is not None and banner.way_on == ("retry-with-download", "Download it")
    desk.control.retry_with_download()
    assert desk.asked(LoadModel)[-1].download


def test_a_refused_baseline_leaves_the_unconditional_one(desk: Desk) -> None:
    desk.control.choose_baseline("/models/other")
    desk.fail(desk.asked(LoadBaseline)[-1], "It has 5 channels, the target has 4.")
    assert desk.view.setup.baseline == "unconditional"
    assert desk.view.banner is not None
    assert "5 channels" in desk.view.banner.sentence


def test_a_failed_model_keeps_the_one_before(desk: Desk) -> None:
    desk.control.open_model("/nowhere")
    desk.fail(desk.asked(LoadModel)[-1], "The folder does not exist.")
    assert desk.view.setup.model_name == "toy"
    desk.control.set_prompt("a lion")
    assert desk.view.setup.disabled_reason == ""


def test_while_a_model_opens_its_own_name_is_shown(desk: Desk) -> None:
    fresh = Desk()
    fresh.control.open_model("demo")
    assert (fresh.view.setup.model_name, fresh.view.setup.model_loading) == ("demo", True)
    # Not that of the one that is still open.
    desk.control.open_model("/models/another")
    assert (desk.view.setup.model_name, desk.view.setup.model_loading) == ("another", True)
    desk.fail(desk.asked(LoadModel)[-1], "it is damaged")
    assert (desk.view.setup.model_name, desk.view.setup.model_loading) == ("toy", False)
