"""The person's language: texts of the window from a translation that lies with the resources."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from ui.language import translation

CONTEXT = "memlens"
_NAME = "memlens"
_installed: list[QTranslator] = []


class OneContext(QTranslator):
    """Looks every text up in one context, whichever class asks for it.

    One text then has one translation, and code that must not know Qt needs no class's name.
    """

    def translate(
        self,
        context: str | bytes,
        sourceText: str | bytes,
        disambiguation: str | bytes | None = None,
        n: int = -1,
    ) -> str:
        """Return the translation; None, Qt's null text, leaves the English words."""
        text = sourceText.decode() if isinstance(sourceText, bytes) else sourceText
        return super().translate(CONTEXT, text) or None  # type: ignore[return-value]


def translations_folder() -> Path:
    """Return where the translations lie."""
    return Path(str(files("resources"))) / "translations"


def install_language(locale: QLocale | None = None, folder: Path | None = None) -> bool:
    """Show all texts in a locale's language from now on, where there is a translation.

    Parameters
    ----------
    locale
        None for the system's.
    folder
        Holds ``memlens_de.qm`` and the like; None for the shipped ones.

    Returns
    -------
    bool
        Whether there is one; English otherwise.
    """
    remove_language()
    translation.install(lambda text: QCoreApplication.translate(CONTEXT, text))
    locale = QLocale.system() if locale is None else locale
    ours = OneContext()
    if not ours.load(locale, _NAME, "_", str(folder or translations_folder()), ".qm"):
        return False
    # Below ours, so that the buttons of Qt's own dialogs speak the same language.
    of_qt = QTranslator()
    if of_qt.load(locale, "qtbase", "_", QLibraryInfo.path(_TRANSLATIONS)):
        _install(of_qt)
    _install(ours)
    return True


def remove_language() -> None:
    """Go back to English."""
    while _installed:
        QCoreApplication.removeTranslator(_installed.pop())
    translation.forget()


def _install(translator: QTranslator) -> None:
    QCoreApplication.installTranslator(translator)
    _installed.append(translator)
    translation.forget()


_TRANSLATIONS = QLibraryInfo.LibraryPath.TranslationsPath
