"""What the controller offers of what was left behind, and what it says of a session held."""

from __future__ import annotations

from pathlib import Path

from memlens.masks.journal_places import LeftBehind
from tests.support import synthetic
from tests.support.recording import Desk, opened
from ui.jobs.find_left_behind import FindLeftBehind, LeftBehindFound
from ui.jobs.open_session import OpenSession

LEFT = LeftBehind(
    journal=Path("/data/one.memlens-journal"),
    session=Path("/data/one.memlens"),
    unsaved=False,
    title="one.memlens",
    edits=3,
    project=Path("/data/one.memlens"),
)
DAMAGED = LeftBehind(
    journal=Path("/data/two.memlens-journal"),
    session=Path("/data/two.memlens"),
    unsaved=False,
    problem="The journal two cannot be read.",
)


def found(desk: Desk, *items: LeftBehind) -> None:
    desk.control.keeping.left_behind.look()
    desk.answer(desk.asked(FindLeftBehind)[-1], LeftBehindFound(items=items))


def test_nothing_left_behind_is_nothing_to_restore() -> None:
    desk = Desk()
    found(desk)
    assert desk.view.banner is None
    assert "restore-masks" in desk.view.disabled
    assert "discard-masks" in desk.view.disabled


def test_restoring_opens_the_session_with_the_journal() -> None:
    desk = Desk()
    found(desk, LEFT, DAMAGED)
    banner = desk.view.banner
    assert banner is not None
    assert "one.memlens" in banner.sentence
    assert "1 more" in banner.sentence
    assert "restore-masks" not in desk.view.disabled
    desk.control.keeping.left_behind.restore()
    request = desk.asked(OpenSession)[-1]
    assert (request.path, request.restore, request.lock) == (None, (LEFT,), False)
    assert desk.view.banner is None


def test_what_is_damaged_can_only_be_discarded() -> None:
    desk = Desk()
    found(desk, DAMAGED)
    banner = desk.view.banner
    assert banner is not None
    assert (banner.sentence, banner.way_on) == (DAMAGED.problem, None)
    assert banner.also is not None and banner.also[0] == "discard-masks"
    desk.control.keeping.left_behind.restore()
    assert desk.asked(OpenSession) == []
    desk.control.keeping.left_behind.discard()
    assert desk.asked(FindLeftBehind)[-1].discard == (DAMAGED,)
    assert desk.view.banner is None


def test_an_error_goes_before_the_offer_and_dismissing_it_keeps_the_offer() -> None:
    desk = Desk()
    found(desk, LEFT)
    desk.control.report_problem("Something else.")
    assert desk.view.banner is not None and desk.view.banner.sentence == "Something else."
    desk.control.dismiss_banner()
    assert desk.view.banner is not None and "one.memlens" in desk.view.banner.sentence
    desk.control.dismiss_banner()
    assert desk.view.banner is None
    assert "restore-masks" not in desk.view.disabled


def test_a_session_held_elsewhere_is_read_only_in_the_title() -> None:
    desk = Desk()
    desk.control.open_session(Path("/data/one.memlens"))
    request = desk.asked(OpenSession)[-1]
    desk.answer(
        request,
        opened(request, synthetic.session(), read_only="It is open in another window."),
    )
    assert desk.view.title == "one.memlens (read-only) — memlens"
    assert desk.view.banner is not None
    assert desk.view.banner.way_on == ("save-session-as", "Save as …")
    assert not desk.control.keeping.dirty
