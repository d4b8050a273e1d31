"""Bring the translations' texts up to date: `python scripts/update_translations.py [--check]`.

Texts come from the window's code (pyside6-lupdate) and from its registries, all into one context.
What was translated stays; every language but English, which is the source, is compiled to .qm.
To begin a language, copy memlens_en.ts to memlens_de.ts or the like and translate it.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(_ROOT))

from scripts.looked_up_texts import looked_up_texts  # noqa: E402
from ui.language.installed import CONTEXT, translations_folder  # noqa: E402

ENGLISH = "memlens_en.ts"


def texts_of(code: Path) -> set[str]:
    """Return the texts that are handed to `tr` as literals below a folder."""
    with tempfile.TemporaryDirectory(prefix="memlens-translations-") as folder:
        found = Path(folder) / "found.ts"
        sources = [str(path) for path in sorted(code.rglob("*.py"))]
        _run("pyside6-lupdate", *sources, "-ts", str(found))
        return {source.text or "" for source in ET.parse(found).iter("source")}


def translated(path: Path) -> dict[str, str]:
    """Return text → finished translation of a .ts, none where there is no file yet."""
    if not path.is_file():
        return {}
    done = {}
    for message in ET.parse(path).iter("message"):
        translation = message.find("translation")
        if translation is not None and translation.text and not translation.get("type"):
            done[message.findtext("source", "")] = translation.text
    return done


def all_texts() -> set[str]:
    """Return every text that the window hands over for translation."""
    return texts_of(_ROOT / "ui") | looked_up_texts()


def document(texts: set[str], translations: dict[str, str], language: str) -> str:
    """Return a .ts with all texts in one context, in alphabetical order."""
    root = ET.Element("TS", version="2.1", language=language, sourcelanguage="en")
    context = ET.SubElement(root, "context")
    ET.SubElement(context, "name").text = CONTEXT
    for text in sorted(texts):
        message = ET.SubElement(context, "message")
        ET.SubElement(message, "source").text = text
        translation = ET.SubElement(message, "translation")
        if text in translations:
            translation.text = translations[text]
        else:
            translation.set("type", "unfinished")
    ET.indent(root, "")
    words = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{words}\n'


def compile_translation(source: Path, target: Path) -> None:
    """Write the .qm of a .ts."""
    _run("pyside6-lrelease", str(source), "-qm", str(target))


def update(folder: Path, *, check: bool = False) -> list[Path]:
    """Rewrite every .ts in a folder, and return those that were out of date."""
    texts = all_texts()
    stale = []
    for path in sorted({folder / ENGLISH, *folder.glob("memlens_*.ts")}):
        language = path.stem.removeprefix("memlens_")
        words = document(texts, translated(path), language)
        if not path.is_file() or path.read_text(encoding="utf-8") != words:
            stale.append(path)
            if not check:
                path.write_text(words, encoding="utf-8")
        if not check and path.name != ENGLISH:
            compile_translation(path, path.with_suffix(".qm"))
    return stale


def _run(tool: str, *arguments: str) -> None:
    # Beside this Python: another PySide6's would read other code.
    command = [str(Path(sys.executable).parent / tool), *arguments]
    subprocess.run(command, check=True, capture_output=True, text=True)


if __name__ == "__main__":
    checking = "--check" in sys.argv[1:]
    changed = update(translations_folder(), check=checking)
    for ts in changed:
        sys.stdout.write(f"{ts.name}: {'out of date' if checking else 'brought up to date'}\n")
    sys.exit(1 if checking and changed else 0)
