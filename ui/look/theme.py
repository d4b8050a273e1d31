"""The look of the window: two palettes, one accent, one small stylesheet."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from ui.look import tones

THEMES = ("system", "light", "dark")

_Role = QPalette.ColorRole
_LIGHT = {
    _Role.Window: "#f4f5f7",
    _Role.WindowText: "#1b1f24",
    _Role.Base: "#ffffff",
    _Role.AlternateBase: "#f7f8fa",
    _Role.Text: "#1b1f24",
    _Role.Button: "#ffffff",
    _Role.ButtonText: "#1b1f24",
    _Role.BrightText: "#ffffff",
    _Role.PlaceholderText: "#666d78",
    _Role.ToolTipBase: "#23272e",
    _Role.ToolTipText: "#f2f4f7",
    _Role.Highlight: "#2f5fd0",
    _Role.HighlightedText: "#ffffff",
    _Role.Accent: "#2f5fd0",
    _Role.Link: "#2f5fd0",
    _Role.Light: "#ffffff",
    _Role.Midlight: "#eceef1",
    _Role.Mid: "#c9cdd4",
    _Role.Dark: "#9aa1ac",
    _Role.Shadow: "#5b616b",
}
_DARK = {
    _Role.Window: "#1b1d21",
    _Role.WindowText: "#e6e8ec",
    _Role.Base: "#131518",
    _Role.AlternateBase: "#1f2226",
    _Role.Text: "#e6e8ec",
    _Role.Button: "#26292e",
    _Role.ButtonText: "#e6e8ec",
    _Role.BrightText: "#ffffff",
    _Role.PlaceholderText: "#8b929d",
    _Role.ToolTipBase: "#33373e",
    _Role.ToolTipText: "#f2f4f7",
    _Role.Highlight: "#3d6fe0",
    _Role.HighlightedText: "#ffffff",
    _Role.Accent: "#7aa2ff",
    _Role.Link: "#7aa2ff",
    _Role.Light: "#3a3e45",
    _Role.Midlight: "#2c3036",
    _Role.Mid: "#3a3e45",
    _Role.Dark: "#0e0f11",
    _Role.Shadow: "#000000",
}
_FAINT_ROLES = (_Role.WindowText, _Role.Text, _Role.ButtonText, _Role.HighlightedText)


class Theme(QObject):
    """Applies "system", "light" or "dark", and follows the system where asked to."""

    changed = Signal()

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        self._chosen = "system"
        application.setStyle(QStyleFactory.create("Fusion"))
        application.styleHints().colorSchemeChanged.connect(self._system_changed)

    @property
    def chosen(self) -> str:
        """What was chosen last."""
        return self._chosen

    def choose(self, theme: str) -> None:
        """Apply a theme; an unknown name means the system's."""
        self._chosen = theme if theme in THEMES else "system"
        self._apply()

    def is_dark(self) -> bool:
        """Whether the dark palette is the one in use."""
        if self._chosen == "system":
            hints = self._application.styleHints()
            return hints.colorScheme() is Qt.ColorScheme.Dark
        return self._chosen == "dark"

    def _system_changed(self) -> None:
        if self._chosen == "system":
            self._apply()

    def _apply(self) -> None:
        colours = palette(dark=self.is_dark())
        self._application.setPalette(colours)
        self._application.setStyleSheet(stylesheet(colours))
        self.changed.emit()


def palette(*, dark: bool) -> QPalette:
    """Return one of the two palettes."""
    colours = QPalette()
    for role, name in (_DARK if dark else _LIGHT).items():
        colours.setColor(role, QColor(name))
    faint = tones.faint_text(colours)
    for role in _FAINT_ROLES:
        colours.setColor(QPalette.ColorGroup.Disabled, role, faint)
    colours.setColor(QPalette.ColorGroup.Disabled, _Role.Highlight, colours.color(_Role.Midlight))
    return colours


def stylesheet(colours: QPalette) -> str:
    """Return the rules that a palette alone cannot express."""
    return _RULES.format(
        window=colours.color(_Role.Window).name(),
        text=colours.color(_Role.WindowText).name(),
        quiet=tones.quiet_text(colours).name(),
        faint=tones.faint_text(colours).name(),
        line=tones.hairline(colours).name(),
        raised=tones.raised(colours).name(),
        field=colours.color(_Role.Base).name(),
        button=colours.color(_Role.Button).name(),
        selected=tones.mixed(colours.color(_Role.Base), tones.accent(colours), 0.28).name(),
        hover=tones.mixed(
            colours.color(_Role.Button), colours.color(_Role.WindowText), 0.06
        ).name(),
        pressed=tones.mixed(
            colours.color(_Role.Button), colours.color(_Role.WindowText), 0.14
        ).name(),
        accent=tones.accent(colours).name(),
        on_accent=tones.on_accent(colours).name(),
        accent_hover=tones.mixed(
            tones.accent(colours), colours.color(_Role.WindowText), 0.12
        ).name(),
        tick=_mark("tick", tones.on_accent(colours)),
        up=_mark("up", colours.color(_Role.WindowText)),
        down=_mark("down", colours.color(_Role.WindowText)),
        tip=colours.color(_Role.ToolTipBase).name(),
        tip_text=colours.color(_Role.ToolTipText).name(),
        error="#d3382f",
        error_ground=tones.mixed(colours.color(_Role.Window), QColor("#d3382f"), 0.13).name(),
        warning="#c98a12",
        warning_ground=tones.mixed(colours.color(_Role.Window), QColor("#d79a1e"), 0.15).name(),
        notice_ground=tones.mixed(colours.color(_Role.Window), tones.accent(colours), 0.12).name(),
    )


def _mark(name: str, colour: QColor) -> str:
    """Return the file of a small mark that is as light or dark as `colour`."""
    shade = "white" if colour.lightnessF() > 0.5 else "black"
    return (Path(str(files("resources"))) / "theme" / f"{name}-{shade}.svg").as_posix()


_RULES = """
QToolTip {{ background: {tip}; color: {tip_text}; border: 0; padding: 4px 8px; }}
QLabel[role="remark"] {{ background: {tip}; color: {tip_text}; border-radius: 4px;
    padding: 4px 8px; }}
QMainWindow::separator {{ background: {line}; width: 1px; height: 1px; }}
QMainWindow::separator:hover {{ background: {accent}; }}

QToolBar {{ background: {window}; border: 0; border-bottom: 1px solid {line};
    padding: 4px 8px; spacing: 4px; }}
QToolBar::separator {{ background: {line}; width: 1px; margin: 6px 6px; }}
QToolBar QToolButton {{ border: 1px solid transparent; border-radius: 6px; padding: 4px 8px; }}
QToolBar QToolButton:hover {{ background: {hover}; }}
QToolBar QToolButton:pressed, QToolBar QToolButton:checked {{ background: {pressed}; }}
QToolBar QToolButton:focus {{ border-color: {accent}; }}
QToolBar QToolButton:disabled {{ color: {faint}; }}
QToolBar QToolButton::menu-indicator {{ image: none; width: 0; }}
QToolBar QToolButton#open-baseline {{ padding-right: 18px; }}
QToolBar QToolButton#open-baseline::menu-indicator {{ image: url({down}); width: 10px;
    subcontrol-origin: padding; subcontrol-position: center right; right: 5px; }}

QMenuBar {{ background: {window}; border: 0; padding: 2px 4px; }}
QMenuBar::item {{ padding: 4px 8px; border-radius: 4px; background: transparent; }}
QMenuBar::item:selected {{ background: {hover}; }}
QMenu {{ background: {raised}; border: 1px solid {line}; padding: 4px; }}
QMenu::item {{ padding: 4px 24px 4px 12px; border-radius: 4px; }}
QMenu::item:selected {{ background: {accent}; color: {on_accent}; }}
QMenu::item:disabled {{ color: {faint}; background: transparent; }}
QMenu::separator {{ height: 1px; background: {line}; margin: 4px 8px; }}

QDockWidget {{ titlebar-close-icon: none; }}
QDockWidget > QWidget {{ background: {window}; }}

QLabel[role="title"] {{ font-weight: 600; }}
QLabel[role="section"] {{ color: {quiet}; font-weight: 600; }}
QLabel[role="quiet"] {{ color: {quiet}; }}
QLabel[role="warning"] {{ color: {text}; font-weight: 600; }}

QLineEdit, QPlainTextEdit {{
    background: {field}; border: 1px solid {line}; border-radius: 6px; padding: 3px 6px;
    selection-background-color: {accent}; selection-color: {on_accent}; }}
QLineEdit:focus, QPlainTextEdit:focus {{ border-color: {accent}; }}
QLineEdit:disabled, QPlainTextEdit:disabled {{ color: {faint}; background: {window}; }}

QAbstractSpinBox {{ background: {field}; border: 1px solid {line}; border-radius: 6px;
    padding: 3px 0; selection-background-color: {accent}; selection-color: {on_accent}; }}
QAbstractSpinBox:focus {{ border-color: {accent}; }}
QAbstractSpinBox:disabled {{ color: {faint}; background: {window}; }}
QAbstractSpinBox QLineEdit {{ border: 0; background: transparent; padding: 0; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ subcontrol-origin: border;
    width: 18px; border: 0; background: transparent; }}
QAbstractSpinBox::up-button {{ subcontrol-position: top right; margin: 2px 2px 0 0;
    border-top-right-radius: 4px; }}
QAbstractSpinBox::down-button {{ subcontrol-position: bottom right; margin: 0 2px 2px 0;
    border-bottom-right-radius: 4px; }}
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover {{ background: {hover}; }}
QAbstractSpinBox::up-button:pressed, QAbstractSpinBox::down-button:pressed {{
    background: {pressed}; }}
QAbstractSpinBox::up-arrow {{ image: url("{up}"); width: 8px; height: 8px; }}
QAbstractSpinBox::down-arrow {{ image: url("{down}"); width: 8px; height: 8px; }}
QAbstractSpinBox::up-arrow:disabled, QAbstractSpinBox::down-arrow:disabled {{ image: none; }}

QComboBox {{ background: {button}; border: 1px solid {line}; border-radius: 6px;
    padding: 3px 0 3px 6px; combobox-popup: 0; }}
QComboBox:hover {{ background: {hover}; }}
QComboBox:focus {{ border-color: {accent}; }}
QComboBox:disabled {{ color: {faint}; background: {window}; }}
QComboBox::drop-down {{ border: 0; width: 16px; }}
QComboBox::down-arrow {{ image: url("{down}"); width: 10px; height: 10px; }}
QComboBox::down-arrow:disabled {{ image: none; }}
QComboBox QAbstractItemView {{ background: {raised}; border: 1px solid {line}; padding: 4px;
    outline: 0; selection-background-color: {accent}; selection-color: {on_accent}; }}
QComboBox QAbstractItemView::item {{ min-height: 24px; padding: 0 4px; border-radius: 4px; }}
QComboBox QAbstractItemView::item:selected {{ background: {accent}; color: {on_accent}; }}

QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}

QPushButton {{ background: {button}; border: 1px solid {line}; border-radius: 6px;
    padding: 5px 12px; }}
QPushButton:hover {{ background: {hover}; }}
QPushButton:pressed {{ background: {pressed}; }}
QPushButton:focus {{ border-color: {accent}; }}
QPushButton:disabled {{ color: {faint}; background: {window}; }}
QPushButton[role="primary"] {{ background: {accent}; color: {on_accent};
    border-color: {accent}; font-weight: 600; }}
QPushButton[role="primary"]:hover {{ background: {accent_hover}; border-color: {accent_hover}; }}
QPushButton[role="primary"]:focus {{ border-color: {text}; }}
QPushButton[role="primary"]:disabled {{ background: {window}; color: {faint};
    border-color: {line}; }}
QPushButton[role="chip"] {{ padding: 3px 8px; border-radius: 11px; background: transparent; }}
QPushButton[role="chip"]:hover {{ background: {hover}; }}
QPushButton[role="link"] {{ border: 1px solid transparent; background: transparent;
    padding: 3px 6px; color: {text}; text-decoration: underline; }}
QPushButton[role="link"]:focus {{ border-color: {accent}; }}

QFrame#banner {{ border: 0; border-left: 3px solid {error}; background: {error_ground}; }}
QFrame#banner[severity="warning"] {{ border-left-color: {warning};
    background: {warning_ground}; }}
QFrame#banner[severity="notice"] {{ border-left-color: {accent}; background: {notice_ground}; }}
QFrame#banner QPlainTextEdit {{ background: {field}; }}

MaskFindingBox, MaskComparisonBox {{ border: 1px solid {line}; border-radius: 6px; }}

QStatusBar {{ background: {window}; border-top: 1px solid {line}; }}
QStatusBar::item {{ border: 0; }}
QStatusBar QLabel {{ padding: 0 6px; }}
QProgressBar {{ background: {line}; border: 0; border-radius: 3px; max-height: 6px;
    min-height: 6px; }}
QProgressBar::chunk {{ background: {accent}; border-radius: 3px; }}

QCheckBox::indicator:unchecked, QListView::indicator:unchecked,
QTableView::indicator:unchecked {{ width: 11px; height: 11px;
    background: {field}; border: 1px solid {quiet}; border-radius: 3px; }}
QCheckBox::indicator:checked, QListView::indicator:checked,
QTableView::indicator:checked {{ width: 11px; height: 11px;
    background: {accent}; border: 1px solid {accent}; border-radius: 3px; image: url("{tick}"); }}
QCheckBox::indicator:unchecked:disabled, QListView::indicator:unchecked:disabled {{
    background: {window}; border-color: {line}; }}
QCheckBox::indicator:checked:disabled {{ background: {faint}; border-color: {faint}; }}
QCheckBox:focus {{ outline: 0; }}
QCheckBox::indicator:focus {{ border: 2px solid {accent}; }}
QCheckBox::indicator:checked:focus {{ border: 2px solid {text}; }}

QListWidget {{ background: {field}; border: 1px solid {line}; border-radius: 6px;
    padding: 4px; outline: 0; }}
QTableWidget {{ background: {field}; border: 1px solid {line}; border-radius: 6px;
    outline: 0; selection-background-color: {selected}; selection-color: {text}; }}
QListWidget::item {{ padding: 5px 8px; border-radius: 4px; }}
QListWidget::item:selected {{ background: {accent}; color: {on_accent}; }}

QListWidget#runs {{ background: transparent; border: 0; border-bottom: 1px solid {line};
    border-radius: 0; padding: 2px 6px; }}
QListWidget#runs::item {{ padding: 3px; }}

QToolButton#find-mask, QToolButton#edit-mask {{ border: 1px solid transparent;
    border-radius: 6px; padding: 3px 16px 3px 4px; }}
QToolButton#find-mask:hover, QToolButton#edit-mask:hover {{ background: {hover}; }}
QToolButton#find-mask:focus, QToolButton#edit-mask:focus {{ border-color: {accent}; }}
QToolButton#find-mask:disabled, QToolButton#edit-mask:disabled {{ color: {faint}; }}
QToolButton#find-mask::menu-indicator, QToolButton#edit-mask::menu-indicator {{
    subcontrol-origin: padding; subcontrol-position: center right; right: 4px; }}

QScrollArea {{ border: 0; background: transparent; }}
QScrollArea > QWidget > QWidget {{ background: transparent; }}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar::handle:vertical {{ background: {line}; border-radius: 3px; min-height: 24px;
    margin: 2px; }}
QScrollBar::handle:vertical:hover {{ background: {faint}; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
QScrollBar::handle:horizontal {{ background: {line}; border-radius: 3px; min-width: 24px;
    margin: 2px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""
