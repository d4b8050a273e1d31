"""A consensus of chosen annotators, made in the section."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.support.listed_masks import columns_of, put, rows
from tests.support.real_window import LONG_MS
from ui.vocabulary.action_keys import ActionKey
from ui.window.main_window import MainWindow

ANNOTATORS = {"ann": slice(0, 30), "bob": slice(20, 40), "cy": slice(28, 60)}


def wait(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(
        lambda: window.idle and window.masks.section.consensus.accept_button.isEnabled(),
        timeout=LONG_MS,
    )


@pytest.mark.parametrize(
    ("rule", "columns"),
    [("majority", range(20, 40)), ("intersection", range(28, 30)), ("union", range(0, 60))],
)
def test_a_rule_makes_one_more_mask(
    sampled: MainWindow, qtbot: QtBot, rule: str, columns: range
) -> None:
    for name, held in ANNOTATORS.items():
        put(sampled, name, held, kind="annotator")
    sampled.actions_[ActionKey.CONSENSUS].trigger()
    box = sampled.masks.section.consensus
    assert box.isVisibleTo(sampled)
    box.rule.chosen.emit(rule)
    wait(sampled, qtbot)
    assert len(rows(sampled)) == 3
    box.accept_button.click()
    assert rows(sampled)[-1] == (f"Consensus ({rule})", "consensus")
    assert columns_of(sampled) == list(columns)
    assert not box.isVisibleTo(sampled)


def test_annotators_are_ticked(sampled: MainWindow, qtbot: QtBot) -> None:
    for name, held in ANNOTATORS.items():
        put(sampled, name, held, kind="annotator")
    put(sampled, "mine", slice(0, 64))
    put(sampled, "truth", slice(0, 64), kind="ground truth")
    sampled.actions_[ActionKey.CONSENSUS].trigger()
    voters = sampled.masks.section.consensus.voters
    ticked = {
        voters.item(n).text(): voters.item(n).checkState() is Qt.CheckState.Checked
        for n in range(voters.count())
    }
    assert ticked == {"ann": True, "bob": True, "cy": True, "mine": False}
    voters.item(2).setCheckState(Qt.CheckState.Unchecked)
    sampled.masks.section.consensus.rule.chosen.emit("intersection")
    wait(sampled, qtbot)
    sampled.masks.section.consensus.accept_button.click()
    assert columns_of(sampled) == list(range(20, 30))
    # What was made is no annotator of the next one.
    sampled.actions_[ActionKey.CONSENSUS].trigger()
    assert [voters.item(n).text() for n in range(voters.count())] == list(ticked)
