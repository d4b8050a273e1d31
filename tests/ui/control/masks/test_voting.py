"""A consensus: its annotators are chosen, its kind tells it from them."""

from __future__ import annotations

import numpy as np
import pytest

from memlens.masks.edits import ChooseKind, Invert
from tests.support.mask_easel import Easel
from tests.support.synthetic import PICTURE
from ui.jobs.find_mask import FindMask, MaskSource
from ui.view.masks import ConsensusView


@pytest.fixture
def easel() -> Easel:
    return Easel()


@pytest.fixture
def three(easel: Easel) -> list[int]:
    columns = (slice(0, 16), slice(8, 20), slice(12, 24))
    return [easel.add(columns=held, kind="annotator") for held in columns]


def shown(easel: Easel) -> ConsensusView:
    view = easel.view.masks.consensus
    assert view is not None
    return view


def voting(easel: Easel) -> list[bool]:
    return [voter.votes for voter in shown(easel).voters]


@pytest.mark.parametrize(
    ("rule", "columns"),
    [
        (MaskSource.MAJORITY, slice(8, 20)),
        (MaskSource.INTERSECTION, slice(12, 16)),
        (MaskSource.UNION, slice(0, 24)),
    ],
)
def test_it_is_shown_first_and_then_accepted_as_a_consensus(
    easel: Easel, three: list[int], rule: MaskSource, columns: slice
) -> None:
    easel.masks.voting.begin()
    easel.masks.voting.choose_rule(rule.value)
    easel.work()
    assert len(easel.document.entries) == 3 and shown(easel).can_accept
    easel.masks.finding.accept()
    expected = np.zeros((PICTURE, PICTURE), bool)
    expected[:, columns] = True
    assert np.array_equal(easel.pixels, expected)
    row = easel.view.masks.rows[-1]
    assert row.kind == "consensus" and rule.value in row.name
    assert easel.view.masks.consensus is None
    easel.masks.undo()
    assert len(easel.document.entries) == 3


def test_its_annotators_are_chosen(easel: Easel, three: list[int]) -> None:
    easel.masks.voting.begin()
    assert voting(easel) == [True, True, True]
    easel.masks.voting.choose_voters((three[0], three[2]))
    assert voting(easel) == [True, False, True]
    easel.masks.voting.choose_rule("intersection")
    easel.work()
    easel.masks.finding.accept()
    assert np.flatnonzero(easel.pixels.all(axis=0)).tolist() == [12, 13, 14, 15]


def test_one_annotator_is_no_consensus(easel: Easel, three: list[int]) -> None:
    easel.masks.voting.begin()
    easel.work()
    easel.masks.voting.choose_voters(three[:1])
    assert not shown(easel).can_accept
    assert "two annotators" in shown(easel).found
    easel.masks.voting.choose_voters(three[:2])
    easel.work()
    assert shown(easel).can_accept


def test_the_selected_masks_vote_at_first(easel: Easel, three: list[int]) -> None:
    easel.masks.selecting.select(three[1:], three[1])
    easel.masks.voting.begin()
    assert voting(easel) == [False, True, True]


def test_neither_a_consensus_nor_ground_truth_votes_whatever_they_are_called(
    easel: Easel, three: list[int]
) -> None:
    truth = easel.add()
    for rule in (MaskSource.UNION, MaskSource.INTERSECTION):
        easel.masks.voting.begin(rule)
        assert len(easel.asked(FindMask)[-1].masks) == 3
        easel.work()
        easel.masks.finding.accept()
        easel.masks.rename(easel.document.entries[-1].id, "Ann's own")
    assert truth not in easel.masks.voting._voters
    easel.masks.edit(ChooseKind(truth, "annotator"))
    easel.masks.voting.begin()
    assert len(easel.asked(FindMask)[-1].masks) == 4


def test_a_mask_that_changes_is_counted_again(easel: Easel, three: list[int]) -> None:
    easel.masks.voting.begin(MaskSource.UNION)
    easel.work()
    easel.masks.edit(Invert(), three[0])
    easel.masks.settle()
    easel.work()
    easel.masks.finding.accept()
    assert easel.pixels[:, 16:].all() and easel.pixels[:, 8:].all()
    assert not easel.pixels[:, :8].any()


def test_ground_truths_alone_make_none_and_it_says_what_to_do(easel: Easel) -> None:
    easel.add()
    easel.add()
    easel.masks.voting.begin()
    assert easel.view.banner is not None
    assert "two annotators or more" in easel.view.banner.sentence
    assert not easel.asked(FindMask)
