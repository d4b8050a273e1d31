"""A consensus: which annotators vote, and by which rule. No Qt."""

from __future__ import annotations

from collections.abc import Iterable

from memlens.masks.annotators import first_annotators, possible_annotators
from ui.control.masks.finding import MaskFinding, Masks
from ui.jobs.find_mask import CONSENSUS, FindMask, MaskSource
from ui.language.translation import tr
from ui.state.run_masks import RunMasks
from ui.view.masks import ConsensusView, Voter


class MaskVoting:
    """Chooses annotators and rule; the preview is that of a mask that is looked for.

    Parameters
    ----------
    finding
        Shows the preview, and adds it when it is accepted.
    masks
        Holds the masks that vote.
    """

    def __init__(self, finding: MaskFinding, masks: Masks) -> None:
        self._finding = finding
        self._masks = masks
        self._voters: tuple[int, ...] = ()
        self._counted: tuple[int, ...] = ()

    def begin(self, rule: MaskSource = MaskSource.MAJORITY) -> None:
        """Choose annotators for a consensus: at first those that are selected, or called so."""
        masks = self._masks.shown
        if masks is None:
            self._finding.hint(tr("Run a prompt first: masks are drawn on its picture."))
            return
        entries = masks.document.entries
        if len(possible_annotators(entries)) < 2:
            sentence = tr(
                "A consensus needs the masks of two annotators or more: "
                "a ground truth and another consensus are none. Choose their kind in the list."
            )
            self._finding.hint(sentence)
            return
        self._voters = first_annotators(entries, masks.selection)
        self._vote(masks, rule)

    def choose_rule(self, rule: str) -> None:
        """Count the votes by another rule."""
        masks = self._masks.shown
        if masks is not None and self._rule is not None and rule in CONSENSUS:
            self._vote(masks, MaskSource(rule))

    def choose_voters(self, voters: Iterable[int]) -> None:
        """Let other masks vote."""
        masks = self._masks.shown
        if masks is not None and self._rule is not None:
            chosen = set(voters)
            possible = possible_annotators(masks.document.entries)
            self._voters = tuple(mask for mask in possible if mask in chosen)
            self._vote(masks, self._rule)

    def follow(self) -> None:
        """Count again where a mask that votes has changed; give up where too few are left."""
        masks, rule = self._masks.shown, self._rule
        if masks is None or rule is None:
            return
        there = set(possible_annotators(masks.document.entries))
        self._voters = tuple(mask for mask in self._voters if mask in there)
        if self._revisions(masks) != self._counted:
            self._vote(masks, rule)

    def view(self) -> ConsensusView | None:
        """Return what the section shows of it."""
        masks, rule = self._masks.shown, self._rule
        if masks is None or rule is None:
            return None
        names = {entry.id: entry.name for entry in masks.document.entries}
        possible = possible_annotators(masks.document.entries)
        return ConsensusView(
            rule=rule.value,
            voters=tuple(
                Voter(id=mask, name=names[mask], votes=mask in self._voters) for mask in possible
            ),
            found=self._finding.found_words(),
            can_accept=self._finding.preview is not None and len(self._voters) > 1,
        )

    @property
    def _rule(self) -> MaskSource | None:
        source = self._finding.source
        return source if source in CONSENSUS else None

    def _vote(self, masks: RunMasks, rule: MaskSource) -> None:
        self._counted = self._revisions(masks)
        pixels = tuple(masks.document.pixels(mask).copy() for mask in self._voters)
        name = tr("Consensus ({rule})").format(rule=tr(rule.value))
        self._finding.begin(
            FindMask(token=0, source=rule, size=masks.document.size, masks=pixels),
            title=name,
            name=name,
            ends=(0.0, 1.0),
            units="",
            problem="" if len(pixels) > 1 else tr("Choose two annotators or more."),
        )

    def _revisions(self, masks: RunMasks) -> tuple[int, ...]:
        return tuple(masks.document.revision(mask) for mask in self._voters)
