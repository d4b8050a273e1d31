from __future__ import annotations

import pytest

from ui.state.seed_field import MAX_SEED, parse_seeds


@pytest.mark.parametrize(
    ("text", "seeds"),
    [("7", (7,)), ("0-3", (0, 1, 2, 3)), (" 0, 4 ,9 ", (0, 4, 9)), ("5, 3-5, 3", (5, 3, 4))],
)
def test_seeds_are_read_in_the_order_written(text: str, seeds: tuple[int, ...]) -> None:
    assert parse_seeds(text) == seeds


@pytest.mark.parametrize(
    "text", ["", "a", "1,", "3-1", "-1", "1.5", f"{MAX_SEED + 1}", "0-99999999", "0-40, 100-140"]
)
def test_what_means_no_seeds_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="Seeds: "):
        parse_seeds(text)
