from __future__ import annotations

from ui.state.run_masks import colour_of


def test_no_later_mask_is_white_as_the_first_one_is() -> None:
    first, *others = [colour_of(mask) for mask in range(1, 40)]
    assert first == "#ffffff"
    assert first not in others
    assert len(set(others[:11])) == 11
