"""A sheet ends in a rule: what is seen below is the screen's, not the sheet's."""

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
