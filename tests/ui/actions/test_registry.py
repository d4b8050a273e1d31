from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ui.actions.masks import MASKS, SUBMENUS
from ui.actions.registry import MENUS, SPECS, TOOLBAR, Actions, menu_entries
from ui.actions.spec import ActionSpec
from ui.look.icons import icon, icon_names
from ui.vocabulary.action_keys import ActionKey
from ui.window.shortcuts_sheet import ShortcutsSheet


@pytest.fixture
def calls() -> Counter[str]:
    return Counter()


@pytest.fixture
def actions(qtbot: QtBot, calls: Counter[str]) -> Actions:
    parent = QWidget()
    qtbot.addWidget(parent)
    handlers = {key: lambda key=key: calls.update([key]) for key in ActionKey}
    made = Actions(parent, handlers)  # type: ignore[arg-type]
    made.parent_kept = parent  # type: ignore[attr-defined]
    return made


def test_every_key_has_exactly_one_action() -> None:
    assert Counter(spec.key for spec in SPECS) == Counter(ActionKey)


def test_no_shortcut_is_given_twice(qtbot: QtBot) -> None:
    lasting = (spec for spec in SPECS if not spec.first)
    keys = Counter(QKeySequence(k).toString() for spec in lasting for k in spec.shortcuts)
    assert [key for key, count in keys.items() if count > 1] == []
    assert "" not in keys


def test_every_menu_and_toolbar_entry_comes_from_the_registry() -> None:
    menus = [*MENUS, *(submenu.name for submenu in SUBMENUS)]
    entries = [entry for menu in menus for entry in menu_entries(menu)]
    in_menus = [entry.key for entry in entries if isinstance(entry, ActionSpec)]
    assert {spec.key for spec in SPECS if spec.menu} == set(in_menus)
    assert len(in_menus) == len(set(in_menus))
    by_key = {spec.key: spec for spec in SPECS}
    assert all(by_key[key].icon and by_key[key].brief for group in TOOLBAR for key in group)


def test_no_menu_of_masks_is_longer_than_sixteen_rows() -> None:
    lengths = {name: len(menu_entries(name)) for name in (MASKS, *(sub.name for sub in SUBMENUS))}
    assert {name: length for name, length in lengths.items() if not 0 < length <= 16} == {}


def test_a_disabled_action_says_why_and_does_nothing(actions: Actions, calls: Counter[str]) -> None:
    actions.disable({ActionKey.RUN: "Type a prompt first."})
    action = actions[ActionKey.RUN]
    assert not action.isEnabled()
    assert "Type a prompt first." in action.toolTip()
    actions.trigger("run")
    assert calls["run"] == 0
    actions.disable({})
    actions.trigger("run")
    assert calls["run"] == 1
    assert "Type a prompt" not in action.toolTip()


def test_a_shared_shortcut_goes_to_the_first_that_can_be_used(actions: Actions) -> None:
    esc = [QKeySequence("Esc")]
    assert actions[ActionKey.ABANDON_SHAPE].shortcuts() == esc
    assert actions[ActionKey.CANCEL].shortcuts() == []
    actions.disable({ActionKey.ABANDON_SHAPE: "No shape is open."})
    assert actions[ActionKey.ABANDON_SHAPE].shortcuts() == []
    assert actions[ActionKey.CANCEL].shortcuts() == esc
    actions.disable({})
    assert actions[ActionKey.ABANDON_SHAPE].shortcuts() == esc


def test_tooltips_name_the_shortcut(actions: Actions) -> None:
    for spec in SPECS:
        if spec.shortcuts:
            keys = QKeySequence(spec.shortcuts[0])
            native = keys.toString(QKeySequence.SequenceFormat.NativeText)
            assert f"({native})" in actions[spec.key].toolTip()


def test_every_icon_exists_and_draws(qtbot: QtBot) -> None:
    names = {spec.icon for spec in SPECS if spec.icon}
    assert names <= set(icon_names())
    for name in icon_names():
        image = icon(name, QApplication.palette()).pixmap(40, 40).toImage()
        drawn = any(image.pixelColor(x, y).alpha() for x in range(40) for y in range(40))
        assert drawn, name


def test_the_sheet_shows_every_shortcut(qtbot: QtBot) -> None:
    from PySide6.QtWidgets import QLabel

    sheet = ShortcutsSheet()
    qtbot.addWidget(sheet)
    words = "\n".join(label.text() for label in sheet.findChildren(QLabel))
    for spec in SPECS:
        if spec.shortcuts and not spec.key.startswith("panel-"):
            assert spec.about in words
    assert "Choose the active panel" in words
