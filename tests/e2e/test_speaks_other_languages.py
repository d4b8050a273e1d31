"""A translation beside the resources is shown everywhere: tried with one that marks every text."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from scripts.update_translations import ENGLISH, compile_translation, document
from tests.support.drawn_masks import draw
from tests.support.file_dialogs import open_every_file_dialog
from tests.support.shown_texts import shown_texts
from tests.support.widgets import named, open_dialog
from ui import building
from ui.language import installed as language
from ui.language import translation
from ui.panels.model_chooser import ModelChooser
from ui.vocabulary.action_keys import ActionKey
from ui.window.main_window import MainWindow

# Any language that nobody has translated memlens into.
LANGUAGE = "eo"
MARKED = re.compile(r"⟦[^⟦⟧]*⟧")
# Sentences of the engine, which come as it wrote them.
OF_THE_ENGINE = (
    r"\S+ does not fit tiny: its sample_size is 32, the target's is 16\.",
    r"This is the target itself\.",
    r"MPS is there on Macs with Apple silicon only\.",
    r"There is no CUDA device on this machine, or no driver for it\.",
)
# Not words of a language: what was typed, names, papers, formulas, keys, numbers with units.
NO_WORDS = (
    r"red apple|velvet limited print number \d|amber gallery poster by studio \d",
    r"a lion and an owl on yellow and blue|(/\S+)?\b(demo|tiny)\b(-model|@\w+)?",
    r"\b(inferno|magma|viridis|plasma|cividis|grey)\b| mm$",
    r"memlens( \d[.\d]*)?|</?b>|StableDiffusion(Pipeline)?|epsilon|\bcpu\b|\bcuda\b|\bmps\b",
    r"b?float(16|32)",
    r"(Wen|Jeon|Kamkari|Chen) et al\., \w+ \d{4}(, token-wise significance)?",
    r"Kim & Lee 2026, (Prop\. \d\.\d|Eq\. \d)",
    r"Asthana & Belagiannis, \w+ \d{4}",
    r"max ‖∂‖Δε̂‖‖|‖[^‖]*‖(_T)?|cos_T|\bBEall\b|FLIPD|Σρ|cos_?∅|Δ[hs]_?(∅|θ̃)|θ̃|\bBE\b|\bh\b|σ",
    r"((Ctrl|Alt|Shift)\+)+(\w+|\S)|\b(Esc|Space|Backspace|Del|Enter|Return|PgUp|PgDown)\b",
    r"\b(Home|End|Left|Right|F\d\d?|[A-Z])\b",
    r"\b(CSV|JSON|NPY|TIFF|PDF|SVG|PNG|GIF|APNG)\b|\d ?e[-−]?\d+|\d (GB|M|s)\b",
)
AS_IT_IS = re.compile("|".join((*OF_THE_ENGINE, *NO_WORDS)))
# Qt's own translations say these, where it has the language.
OF_QT = {"Open", "Close", "Cancel", "OK", "Save", "Discard"}


@pytest.fixture
def marked(tmp_path: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A translation that puts every text in brackets, found by the locale's name."""
    shipped = ET.parse(language.translations_folder() / ENGLISH)
    texts = {source.text or "" for source in shipped.iter("source")}
    words = tmp_path / f"memlens_{LANGUAGE}.ts"
    words.write_text(document(texts, {text: f"⟦{text}⟧" for text in texts}, LANGUAGE))
    compile_translation(words, words.with_suffix(".qm"))

    def install() -> None:
        assert language.install_language(QLocale(LANGUAGE), tmp_path)

    monkeypatch.setattr(building, "install_language", install)
    yield
    language.remove_language()


def unmarked(top: QWidget) -> list[str]:
    """Return the texts of a widget of which something is neither translated nor exempt."""
    return untranslated(shown_texts(top))


def untranslated(said: Iterable[tuple[str, str]]) -> list[str]:
    """Return those of (whose, text) of which something is neither translated nor exempt."""
    found = set()
    for whose, text in said:
        rest = text
        while rest != (less := MARKED.sub(" ", rest)):
            rest = less
        rest = AS_IT_IS.sub(" ", rest)
        if re.search(r"[^\W\d_]", rest) and text.replace("&", "") not in OF_QT:
            found.add(f"{whose}: {text!r}")
    return sorted(found)


def test_every_text_of_the_window_is_translated(marked: None, sampled: MainWindow) -> None:
    assert sampled.setup.findChildren(QWidget)
    assert unmarked(sampled) == []


@pytest.mark.parametrize(
    "key", [ActionKey.OPEN_MODEL, ActionKey.EXPORT, ActionKey.SHORTCUTS, ActionKey.ABOUT]
)
def test_every_text_of_the_dialogs_is_translated(
    marked: None, sampled: MainWindow, qtbot: QtBot, key: ActionKey
) -> None:
    sampled.actions_[key].trigger()
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    if isinstance(dialog, ModelChooser):
        qtbot.waitUntil(lambda: bool(named(dialog, QLabel, "⟦What was recognised⟧").text()))
    qtbot.waitUntil(lambda: sampled.idle)

    missing = unmarked(dialog)

    dialog.close()
    assert missing == []


def test_every_text_of_the_save_question_is_translated(marked: None, sampled: MainWindow) -> None:
    draw(sampled)
    assert not sampled.close()
    box = open_dialog(sampled, QMessageBox)

    missing = unmarked(box)
    said = box.informativeText()

    box.button(QMessageBox.StandardButton.Cancel).click()
    assert missing == []
    assert said == "⟦Never saved: 1.⟧"


def test_every_text_of_the_file_dialogs_is_translated(
    marked: None, sampled: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = open_every_file_dialog(sampled, qtbot, monkeypatch)
    # The second text is where the dialog begins.
    said = [(one.kind, text) for one in asked for text in (*one.texts[:1], *one.texts[2:])]
    assert said
    assert untranslated(said) == []


def test_buttons_and_titles_are_in_the_language(marked: None, window: MainWindow) -> None:
    assert window.actions_[ActionKey.RUN].text() == "⟦&Run⟧"
    window.inspection.set_prompt("")
    assert "⟦Type a prompt first.⟧" in window.actions_[ActionKey.RUN].toolTip()
    assert "⟦Masks⟧" in [section.head.text() for section in window.inspect.sections]


def test_what_is_not_translated_yet_stays_english(qapp: QApplication, tmp_path: Path) -> None:
    words = tmp_path / f"memlens_{LANGUAGE}.ts"
    words.write_text(document({"Run", "Cancel"}, {"Run": "Ek"}, LANGUAGE))
    compile_translation(words, words.with_suffix(".qm"))
    assert language.install_language(QLocale(LANGUAGE), tmp_path)
    try:
        assert (translation.tr("Run"), translation.tr("Cancel")) == ("Ek", "Cancel")
        assert QPushButton().tr("Run") == "Ek"
    finally:
        language.remove_language()
    assert translation.tr("Run") == "Run"


def test_without_a_translation_everything_is_english(qapp: QApplication, tmp_path: Path) -> None:
    assert not language.install_language(QLocale(LANGUAGE), tmp_path)
    assert QPushButton().tr("About memlens") == "About memlens"
