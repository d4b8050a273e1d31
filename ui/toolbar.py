"""The toolbar: what is pressed most, in words where the window is wide enough for them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolBar, QToolButton, QWidget

from ui.action_keys import ActionKey
from ui.actions import THEMES, TOOLBAR, Actions
from ui.icons import icon

# Their icons are known from every other program: they give up their words first.
_KNOWN_BY_ICON = (
    ActionKey.OPEN_SESSION,
    ActionKey.SAVE_SESSION,
    ActionKey.EXPORT,
    ActionKey.UNDO,
    ActionKey.REDO,
)


class Toolbar(QToolBar):
    """Fits a small window without a further menu."""

    def __init__(self, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Toolbar"))
        self.setObjectName("toolbar")
        self.setMovable(False)
        self.setIconSize(QSize(20, 20))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        for place, group in enumerate(TOOLBAR):
            if place:
                self.addSeparator()
            for key in group:
                self.addAction(actions[key])
        space = QWidget()
        space.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(space)
        menu = QMenu(self)
        for key in THEMES:
            menu.addAction(actions[key])
        self._theme_button = QToolButton()
        self._theme_button.setMenu(menu)
        self._theme_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._theme_button.setAccessibleName(self.tr("Theme"))
        self._theme_button.setToolTip(self.tr("Light, dark, or as the system"))
        self.addWidget(self._theme_button)
        self.addAction(actions[ActionKey.SHORTCUTS])
        self._button(actions, ActionKey.SHORTCUTS).setToolButtonStyle(
            Qt.ToolButtonStyle.ToolButtonIconOnly
        )
        for button in self.findChildren(QToolButton):
            if not button.accessibleName():
                button.setAccessibleName(button.text().replace("&", ""))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._shrinking = [self._button(actions, key) for key in _KNOWN_BY_ICON]
        self._worded = True
        self._full_width = 0

    def tint(self, palette: QPalette) -> None:
        """Draw the icons in the palette's colours."""
        self._theme_button.setIcon(icon("theme", palette))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give up words where they do not fit."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Measure anew in another font or style."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._full_width = 0

    def _fit(self) -> None:
        if self._worded:
            self._full_width = self.sizeHint().width()
        worded = self.width() >= self._full_width
        if worded == self._worded:
            return
        self._worded = worded
        style = (
            Qt.ToolButtonStyle.ToolButtonTextBesideIcon
            if worded
            else Qt.ToolButtonStyle.ToolButtonIconOnly
        )
        for button in self._shrinking:
            button.setToolButtonStyle(style)

    def _button(self, actions: Actions, key: ActionKey) -> QToolButton:
        button = self.widgetForAction(actions[key])
        assert isinstance(button, QToolButton)
        return button
