from __future__ import annotations

import pytest

from tests.support.mask_easel import Easel
from ui.jobs.compare_masks import CompareMasks
from ui.vocabulary.panel_content import MASK_COMPARISON

LEFT, MIDDLE = slice(0, 16), slice(8, 24)


@pytest.fixture
def easel() -> Easel:
    """Two masks that share a third of what either holds."""
    made = Easel()
    made.add(columns=LEFT)
    made.add(columns=MIDDLE)
    return made


def numbers(easel: Easel) -> dict[str, str]:
    comparison = easel.view.masks.comparison
    assert comparison is not None
    return {words: text for words, text, _ in comparison.numbers}


def test_it_takes_the_active_panel_and_gives_the_numbers(easel: Easel) -> None:
    easel.masks.comparing.show()
    panel = easel.panel(MASK_COMPARISON)
    assert panel.compared is not None
    assert numbers(easel) == {}
    easel.work()
    found = numbers(easel)
    assert found["IoU"] == "0.333"
    assert found["Dice"] == "0.500"
    assert found["κ"] == "0.000"
    assert found["HD95"] == "8.0 px"
    assert (found["both"], found["only A"], found["only B"]) == ("256", "256", "256")


def test_one_mask_alone_is_not_compared() -> None:
    easel = Easel()
    easel.add()
    easel.masks.comparing.show()
    assert easel.view.masks.comparison is None
    assert not easel.asked(CompareMasks)


def test_an_edit_is_followed_once_the_hand_rests(easel: Easel) -> None:
    easel.masks.comparing.show()
    easel.work()
    easel.masks.undo()
    easel.masks.redo()
    asked = len(easel.asked(CompareMasks))
    easel.masks.settle()
    assert len(easel.asked(CompareMasks)) == asked + 1


def test_a_stopped_comparison_is_asked_for_again(easel: Easel) -> None:
    easel.masks.comparing.show()
    stopped = easel.asked(CompareMasks)[-1]
    easel.control.cancel()
    easel.stop(stopped)
    again = easel.asked(CompareMasks)[-1]
    assert again is not stopped
    easel.work(again)
    assert numbers(easel)["IoU"] == "0.333"
    assert easel.asked(CompareMasks)[-1] is again


def test_one_that_never_began_is_asked_for_again_at_the_next_report(easel: Easel) -> None:
    easel.masks.comparing.show()
    dropped = easel.asked(CompareMasks)[-1]
    easel.control.cancel()
    easel.fail(easel.jobs.requests[0], "Something else ended.")
    assert easel.asked(CompareMasks)[-1] is not dropped


def test_a_failed_comparison_is_not_tried_for_ever(easel: Easel) -> None:
    easel.masks.comparing.show()
    for _ in range(3):
        easel.fail(easel.asked(CompareMasks)[-1], "No.")
    assert len(easel.asked(CompareMasks)) == 1


def test_other_masks_can_be_chosen_and_it_ends(easel: Easel) -> None:
    first = easel.document.entries[0].id
    easel.masks.comparing.show()
    easel.work()
    easel.masks.comparing.choose(first, first)
    assert numbers(easel) == {}
    easel.work()
    assert numbers(easel)["IoU"] == "1.000"
    easel.masks.comparing.stop()
    assert easel.view.masks.comparison is None
