"""Notices: the one writer of the banner and of the message in the status line. No Qt."""

from __future__ import annotations

from ui.jobs.job import Job
from ui.view.view_state import BannerView

# (action key, label) of a button.
WayOn = tuple[str, str]


class Notices:
    """What the window says now, beside its views.

    Attributes
    ----------
    banner
        What stands in the window until it is dismissed or withdrawn, None for nothing.
    message
        The last words in the status line, "" for none.
    """

    def __init__(self) -> None:
        self.banner: BannerView | None = None
        self.message = ""
        self._failed: Job | None = None
        self._told: BannerView | None = None

    def say(self, message: str) -> None:
        """Put a message into the status line, or "" to clear it."""
        self.message = message

    def note(self, sentence: str, way_on: WayOn | None = None, also: WayOn | None = None) -> None:
        """Say in a banner what to do or what was done: nothing went wrong."""
        self._show(sentence, "notice", way_on=way_on, also=also)

    def warn(self, sentence: str, way_on: WayOn | None = None, *, details: str = "") -> None:
        """Say in a banner what should be known."""
        self._show(sentence, "warning", way_on=way_on, details=details)

    def fail(
        self,
        sentence: str,
        way_on: WayOn | None = None,
        also: WayOn | None = None,
        *,
        details: str = "",
    ) -> None:
        """Say in a banner what went wrong."""
        self._show(sentence, "error", way_on=way_on, also=also, details=details)

    def failed(self, job: Job, sentence: str, way_on: WayOn | None, details: str) -> None:
        """Say what went wrong with a job: the next one of its kind takes the banner away."""
        self.fail(sentence, way_on, details=details)
        self._failed, self._told = job, self.banner

    def succeeded(self, job: Job) -> None:
        """Take the banner of this kind of job's last failure away."""
        if self._failed is job:
            self._failed = None
            if self.banner is self._told:
                self.banner = None

    def withdraw(self) -> None:
        """Take the banner away."""
        self.banner = None

    def withdraw_offer(self, action: str) -> None:
        """Take the banner away if it offers this action."""
        if self.banner is not None and self.banner.way_on is not None:
            if self.banner.way_on[0] == action:
                self.banner = None

    def withdraw_sentence(self, sentence: str) -> None:
        """Take the banner away if it says this."""
        if self.banner is not None and self.banner.sentence == sentence:
            self.banner = None

    def _show(
        self,
        sentence: str,
        severity: str,
        *,
        way_on: WayOn | None = None,
        also: WayOn | None = None,
        details: str = "",
    ) -> None:
        self.banner = BannerView(
            sentence=sentence, details=details, way_on=way_on, also=also, severity=severity
        )
