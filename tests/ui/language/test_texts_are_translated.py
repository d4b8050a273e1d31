"""Every text on the screen goes through `tr`: the window's code is read, not run."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.looked_up_texts import looked_up_texts
from scripts.update_translations import ENGLISH, all_texts, update
from ui.language.installed import translations_folder

UI = Path(__file__).resolve().parents[3] / "ui"
# Holds what the engine says it does, for extraction.
TRANSLATING = {"tr"}
# Calls whose texts a person reads.
SHOWING = frozenset(
    """
    setText setToolTip setWindowTitle setAccessibleName setAccessibleDescription setStatusTip
    setPlaceholderText setWhatsThis setTitle setPrefix setSuffix setSpecialValueText setIconText
    setInformativeText setDetailedText setLabelText setPlainText setHeaderLabels
    setHorizontalHeaderLabels addItem addTab addAction addMenu addButton addRow
    QLabel QPushButton QToolButton QCheckBox QRadioButton QAction QGroupBox QDockWidget QToolBar
    QMenu QListWidgetItem QTableWidgetItem drawText report report_problem showMessage
    getOpenFileName getOpenFileNames getSaveFileName getExistingDirectory BannerView
    """.split()
)
# Texts of these are translated where they are shown, or are not shown on the screen.
ELSEWHERE = {
    "spec",  # the registry of actions
    "_spec",
    "_tool",
    "_kind",
    "_setting",  # comments in the settings' file
    "ArgumentParser",  # the terminal
    "add_argument",
    "write",
    "setObjectName",
    "ModuleNotFoundError",  # a broken installation
}
# Names, keys, formats and symbols: the same in every language.
NOT_WORDS = {
    "<b>memlens ",
    "</b>",
    "memlens",
    "A",
    "B",
    ".3f",
    "mask.png",
    "masks.json",
    "inspection",
    "warning",
    "notice",
    "error",
    # Keys of kinds, presets and modes, which are looked up when they are shown.
    "ground truth",
    "training picture",
    "mask comparison",
    "side by side",
    "Paper figure 1",
    "Two methods",
    "# memlens settings: only what differs from the defaults. Safe to edit or delete.\n",
}
STYLE_SHEET = "QToolTip {{"
A_LETTER = re.compile(r"[^\W\d_]")
A_SENTENCE = re.compile(r"[^\W\d_]{2,}[,:.]? [^\W\d_]")


def name_of(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def literals(node: ast.AST, skipped: set[str]) -> Iterator[ast.Constant]:
    """Yield the texts below a node that are not inside calls of `skipped`."""
    if isinstance(node, ast.Call) and name_of(node.func) in skipped:
        return
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return  # a docstring
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node
    for child in ast.iter_child_nodes(node):
        yield from literals(child, skipped)


def untranslated(code: str) -> list[tuple[int, str]]:
    """Return (line, text) of words that are shown, or look like words, and are not translated."""
    tree = ast.parse(code)
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and name_of(node.func) in SHOWING:
            for part in (*node.args, *(keyword.value for keyword in node.keywords)):
                for text in literals(part, TRANSLATING):
                    if A_LETTER.search(str(text.value)):
                        found.add((text.lineno, str(text.value)))
    for text in literals(tree, TRANSLATING | ELSEWHERE):
        words = str(text.value)
        if A_SENTENCE.search(words) and STYLE_SHEET not in words:
            found.add((text.lineno, words))
    return sorted(item for item in found if item[1] not in NOT_WORDS)


@pytest.mark.parametrize(
    "path", sorted(UI.rglob("*.py")), ids=lambda p: p.relative_to(UI).as_posix()
)
def test_all_texts_go_through_tr(path: Path) -> None:
    assert untranslated(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "code",
    [
        'label.setText("Run")',
        'box = QCheckBox("Outline")',
        'label.setText(f"{n} steps")',
        'label.setToolTip(self.tr("One") + " and two")',
        'hint = "Type a prompt first."',
        'raise MaskError(f"{path} is no picture: drop another.")',
        'getSaveFileName(window, "Export", path)',
    ],
)
def test_a_text_that_does_not_is_found(code: str) -> None:
    assert untranslated(code)


@pytest.mark.parametrize(
    "code",
    [
        'label.setText(self.tr("Run"))',
        'label.setText(tr("{n} steps").format(n=n))',
        'label.setText("·")',
        '"""A module of many words."""',
        'kept.setValue("geometry", value)',
        '_spec(Key.RUN, "&Run", "Sample the prompt", RUN)',
    ],
)
def test_what_is_translated_or_no_word_is_not_found(code: str) -> None:
    assert untranslated(code) == []


def test_only_literals_and_registered_texts_are_translated() -> None:
    """Extraction reads literals: another argument of `tr` must come from a registry."""
    looked_up = []
    for path in sorted(UI.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and name_of(node.func) in TRANSLATING and node.args:
                if not isinstance(node.args[0], ast.Constant):
                    where = path.relative_to(UI).as_posix()
                    looked_up.append(f"{where}: {ast.unparse(node.args[0])}")
    assert sorted(set(looked_up)) == [
        "actions/registry.py: spec.about",
        "actions/registry.py: spec.brief",
        "actions/registry.py: spec.text",
        "control/masks/voting.py: rule.value",
        "panels/display.py: name",
        "panels/mask_list.py: row.kind",
        "panels/masks.py: kind",
        "view/agreement.py: kind.label",
        "view/panels.py: kind.label",
        "view/readings.py: found.unit",
        "view/readings.py: kind.about",
        "view/readings.py: kind.cost",
        "view/readings.py: kind.label",
        "window/main_window.py: name",
        "window/mask_handlers.py: step",
        "window/mask_menu.py: entry",
        "window/menus.py: entry.name",
        "window/shortcuts_sheet.py: menu",
        "window/shortcuts_sheet.py: spec.about",
        "window/status_line.py: view.activity",
    ]


def test_the_list_of_texts_is_up_to_date() -> None:
    """Run `make translations` when this fails."""
    assert update(translations_folder(), check=True) == []


def test_the_list_holds_literals_and_looked_up_texts(tmp_path: Path) -> None:
    texts = all_texts()
    assert {"Type a prompt first.", "&File", "Bright Ending attention", "Brush"} <= texts
    assert looked_up_texts() <= texts
    assert [path.name for path in update(tmp_path)] == [ENGLISH]
    assert update(tmp_path) == []
