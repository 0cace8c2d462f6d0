"""Where a sheet ends: what is seen below is the screen's, not the sheet's, and can be read."""

from typing import Any

import pytest


@pytest.mark.parametrize("opens", ["K", "question_mark", "o", "c"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_sheet_ends_in_a_rule_from_its_keys_to_the_edge(
    opens: str, size: tuple[int, int], opened: Any
) -> None:
    async with opened(size=size) as person:
        await person.press(opens)
        await person.sees("esc", part="sheet")
        foot = person.rows("sheet")[-1].rstrip()
        assert "esc" in foot
        assert foot.endswith("─")
        assert len(foot) == size[0] - 1


@pytest.mark.parametrize("opens", ["c", "v"])
async def test_no_last_rows_of_a_plot_are_left_under_a_sheet(opens: str, opened: Any) -> None:
    """The gradient check left the numbers under an axis, the measures two rows of points."""
    async with opened() as person:
        await person.press(opens)
        await person.sees("esc out", part="sheet")
        below = person.screen().split("\n")[len(person.rows("sheet")) :]
        assert below[0].startswith((" point ", " ── parameters"))
