"""The learning-rate finder on the screen: from the palette to the rate that is taken."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nn_core.analysis.rate_finder import Finding, find
from nn_core.config.experiments import EXPERIMENTS
from nn_core.training.trainer import Trainer
from nn_tui.dialogs.finder_sheet import FinderSheet, about, plot
from nn_tui.plot.render import render


async def find_a_rate(person: Any) -> None:
    """Open the palette, and take what finds a learning rate."""
    await person.press("colon", *"find a learning")
    await person.sees("tries rates on copies of the run")
    await person.press("enter")
    await person.until(lambda: isinstance(person.app.screen, FinderSheet))


@pytest.mark.parametrize("experiment", ["quadratic", "relu-net", "xor"])
async def test_enter_takes_the_rate_that_is_suggested(experiment: str, opened: Any) -> None:
    wanted = find(Trainer.from_config(EXPERIMENTS[experiment].config))
    async with opened(experiment) as person:
        await find_a_rate(person)
        await person.sees(f"enter take {wanted.suggestion:g}", "range test", part="sheet")
        shown = " ".join(" ".join(person.rows("sheet")).split())
        assert wanted.reason in shown
        assert f"◆ {wanted.suggestion:g}" in shown
        await person.press(
            "enter", until=lambda shown: shown.config.learning_rate == wanted.suggestion
        )
        await person.sees(f"Learning rate {wanted.suggestion:g}", part="words")
        await person.press("s", until=lambda shown: shown.step == 1)


async def test_over_the_plot_it_says_that_the_ends_are_means(opened: Any) -> None:
    """“after 100 steps at it” stood over the mean of the last 20, which only a line below told."""
    async with opened() as person:
        await find_a_rate(person)
        await person.sees("⣀⣀ 100 steps, mean of last 20  ⠂⠐ while it grows", part="sheet")


async def test_esc_leaves_the_rate_and_the_run_as_they_were(opened: Any) -> None:
    async with opened() as person:
        await person.press("s", until=lambda shown: shown.step == 1)
        await find_a_rate(person)
        await person.sees("enter take", part="sheet")
        await person.press("escape", until=lambda shown: shown.search is None)
        assert (person.shown.step, person.shown.config.learning_rate) == (1, 0.01)


async def test_a_long_search_says_how_far_it_is_and_is_cancelled(opened: Any) -> None:
    async with opened("mlp", "--hidden", "800,800") as person:
        await find_a_rate(person)
        await person.sees("on copies:", "%", "esc cancel", part="sheet")
        await person.press("enter")  # there is nothing to take yet
        assert isinstance(person.app.screen, FinderSheet)
        await person.press("escape", until=lambda shown: shown.search is None)
        await person.press("s", until=lambda shown: shown.step == 1)
        assert person.shown.config.learning_rate == 0.01


async def test_it_fits_into_a_small_screen(opened: Any) -> None:
    async with opened(size=(40, 12)) as person:
        await find_a_rate(person)
        await person.sees("loss by rate", "enter take", part="sheet")
        await person.press("pagedown")
        await person.sees("is only a hint", part="sheet")


@pytest.mark.parametrize("markers", ["braille", "ascii"])
@pytest.mark.parametrize("ends", [[np.inf, np.inf], [1e300, 0.0], [2.0, 1.0]])
def test_any_result_is_plotted(ends: list[float], markers: str) -> None:
    rates = np.array([0.1, 1.0])
    found = Finding(
        rates, np.array([2.0, np.inf]), np.array([2.0, np.inf]), 0.1, rates, np.array(ends),
        1.0 if np.isfinite(ends[1]) else None, "",
    )  # fmt: skip
    rows = render(plot(found, markers), 78, 12)
    assert len(rows) == 12
    assert ("1e−6" if markers == "braille" else "1e-6") in rows[-1][0][0]


def test_it_says_what_each_of_its_rates_is_and_first_which_to_take() -> None:
    found = find(Trainer.from_config(EXPERIMENTS["quadratic"].config))
    take, hint = about(found)
    assert take.startswith("Take ◆ 0.05. ")
    assert hint.startswith(
        f"○ {found.valley:.3g} is only a hint, from the range test: in its one run"
    )
    assert "mean training loss" in take  # also where rows are held back
    text = "".join(part for row in render(plot(found, "braille"), 79, 12) for part, _ in row)
    assert text.count("○") == 1
    assert "Take" not in about(replace(found, suggestion=None))[0]
