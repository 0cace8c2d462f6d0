"""Where a sheet ends: what is seen below is the screen's, not the sheet's, and can be read."""

from typing import Any

import pytest

from nn_tui.keys import key


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


@pytest.mark.parametrize("view", ["fit", "step", "slope", "health"])
@pytest.mark.parametrize("opens", ["c", "v", "K", "J"])
@pytest.mark.parametrize("experiment", ["quadratic", "relu-net"])
async def test_no_slice_is_left_under_a_sheet(
    experiment: str, opens: str, view: str, opened: Any
) -> None:
    """Numbers stood under an axis that was gone, and b and c in a table without its titles."""
    async with opened(experiment) as person:
        await person.press(
            key(f"view_{view}").shown, until=lambda shown: shown.request.view == view
        )
        await person.press("k", opens)
        await person.sees("esc out", part="sheet")
        below = person.screen().split("\n")[len(person.rows("sheet")) :]
        words = person.rows("words")[0].rstrip()
        assert below[0].rstrip() == words or below[0].lstrip().startswith(("point ", "── "))


@pytest.mark.parametrize("opens", ["v", "K", "c", "t"])
@pytest.mark.parametrize("experiment", ["quadratic", "relu-net", "xor"])
async def test_on_a_wide_screen_no_lower_half_of_a_plot_is_left_under_a_sheet(
    experiment: str, opens: str, opened: Any
) -> None:
    """The curve's foot stood there, without what it was cut from, beside a plot that was whole."""
    async with opened(experiment, size=(120, 40)) as person:
        await person.press("s", "k", opens)
        await person.sees("esc out", part="sheet")
        below = person.screen().split("\n")[len(person.rows("sheet")) :]
        words = person.rows("words")[0].rstrip()
        assert below[0].rstrip() == words or below[0].lstrip().startswith(("point ", "── "))


async def test_on_a_larger_screen_most_of_a_high_plot_is_left_in_sight(opened: Any) -> None:
    async with opened(size=(200, 60)) as person:
        await person.press("v")
        await person.sees("esc out", part="sheet")
        assert len(person.rows("sheet")) < 12
