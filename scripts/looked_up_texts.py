"""Texts that the window translates by looking them up: those of registries and of the engine.

Text extraction reads literals; these are known only when the program runs.
"""

from __future__ import annotations

from memlens.masks.edits import edit_texts
from memlens.masks.kinds import KINDS
from memlens.methods.registry import MAP_KINDS, METHODS, Cost
from memlens.readings.registry import READINGS
from ui.actions.masks import SUBMENUS
from ui.actions.registry import MENUS, SPECS
from ui.jobs.find_mask import CONSENSUS
from ui.state.intent import PRESETS

# What the engine says that it is doing; see `memlens.progress.Progress`.
ACTIVITIES = (
    "sampling",
    "loading checksums",
    "loading text encoder",
    "loading denoiser",
    "loading decoder",
    "loading done",
    "loading baseline",
    "drawing the report",
    "drawing frames",
    "agreement",
    "writing maps",
)


def looked_up_texts() -> frozenset[str]:
    """Return every text that a registry or the engine hands to the window for translation."""
    texts = {*MENUS, *PRESETS, *KINDS, *ACTIVITIES, *edit_texts(), *Cost}
    for spec in SPECS:
        texts |= {spec.text, spec.about, spec.brief}
    texts |= {method.label for method in METHODS.values()}
    for kind in MAP_KINDS.values():
        texts |= {kind.label, kind.label.lower()}
    for reading in READINGS.values():
        texts |= {reading.label, reading.label.lower(), reading.about, reading.unit}
    texts |= {submenu.name for submenu in SUBMENUS}
    texts |= {rule.value for rule in CONSENSUS}
    return frozenset(str(text) for text in texts if text)
