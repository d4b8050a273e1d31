"""What the window says of what is saved: its title, and the offer to restore."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ui.language.translation import tr
from ui.state.unsaved import Unsaved
from ui.view.view_state import BannerView


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsavedFacts:
    """What there is to know of what is kept.

    Attributes
    ----------
    session
        Name of the open session's file, "" for none.
    read_only
        Whether it cannot be saved in its place.
    offer
        Of what a killed window left behind, None for nothing.
    disabled
        Action key → why nothing can be restored or discarded now.
    """

    session: str = ""
    read_only: bool = False
    unsaved: Unsaved = field(default_factory=Unsaved)
    offer: BannerView | None = None
    disabled: Mapping[str, str] = field(default_factory=dict)


def window_title(facts: UnsavedFacts) -> str:
    """Return the window's title: with a star while anything is in no file of the person's."""
    name = facts.session
    if facts.read_only:
        name = tr("{name} (read-only)").format(name=name)
    if facts.unsaved:
        runs = tr("Unsaved run")
        if facts.unsaved.never_saved > 1:
            runs = tr("{n} unsaved runs").format(n=facts.unsaved.never_saved)
        name = (name or runs) + "*"
    return f"{name} — memlens" if name else "memlens"
