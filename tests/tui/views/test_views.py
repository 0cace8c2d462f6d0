"""Turning to another view and back: by tab, by digit, and by going into a step."""

from typing import Any

import pytest

from nn_core.explain.insights import INSIGHTS
from nn_tui.views import VIEWS

SIZES = [(40, 12), (80, 24), (120, 40), (200, 12)]
RUNS = [
    (),
    ("relu",),
    ("relu-net",),
    ("relu-net", "--hidden", "64,64", "--batch-size", "5", "--optimizer", "adam"),
    ("stopping-distance",),
]


def looks_at(view: str) -> Any:
    return lambda shown: shown.request.view == view


def test_every_view_but_the_fit_has_its_insight():
    assert {view.name for view in VIEWS} == {"fit", *INSIGHTS}
    assert VIEWS[0].name == "fit"
    assert len(VIEWS) <= 6


async def test_tab_goes_round_and_shift_tab_back(opened: Any) -> None:
    names = [view.name for view in VIEWS]
    async with opened() as person:
        for name in [*names[1:], names[0]]:
            await person.press("tab", until=looks_at(name))
        for name in [*names[:0:-1], names[0]]:
            await person.press("shift+tab", until=looks_at(name))


async def test_only_the_view_on_the_screen_is_worked_out(opened: Any) -> None:
    async with opened() as person:
        assert person.shown.insight is None
        await person.press("2", until=lambda shown: shown.insight is not None)
        await person.press("1", until=lambda shown: shown.insight is None)


async def test_going_into_a_step_shows_it_and_finishing_it_comes_back(opened: Any) -> None:
    async with opened() as person:
        for end in ("s", "escape"):
            await person.press("i", until=looks_at("step"))
            await person.press("i", until=lambda shown: shown.phase == 2)
            await person.press(end, until=looks_at("fit"))
        for _phase in range(5):
            await person.press("i")
        # The update can still be looked at.
        await person.until(lambda: person.shown.step == 2 and person.shown.request.view == "step")
        await person.press("space", until=looks_at("fit"))


async def test_a_view_that_was_turned_to_inside_a_step_stays(opened: Any) -> None:
    async with opened() as person:
        await person.press("i", until=looks_at("step"))
        await person.press("1", until=looks_at("fit"))
        await person.press("i", until=lambda shown: shown.phase == 2)
        assert person.shown.request.view == "fit"
        await person.press("2", "s", until=lambda shown: shown.step == 1)
        await person.until(lambda: person.shown.request.view == "step")


@pytest.mark.parametrize("arguments", RUNS, ids=" ".join)
@pytest.mark.parametrize("view", [view.name for view in VIEWS[1:]])
async def test_a_view_goes_on_at_any_size(
    view: str, arguments: tuple[str, ...], opened: Any
) -> None:
    async with opened(*arguments) as person:
        await person.press(str([each.name for each in VIEWS].index(view) + 1))
        for at, size in enumerate(SIZES, start=1):
            await person.pilot.resize_terminal(*size)
            await person.press("i", "s", "down", "full_stop", "s")
            await person.until(
                lambda at=at: (
                    (person.shown.step, person.shown.request.view)
                    == (2 * at, person.app.selection.view.name)
                )
            )
            widget = person.app.screen_stack[0].query_one("#view")
            assert len(widget._lines) <= widget.size.height
            longest = max(sum(len(text) for text, _ in line) for line in widget._lines)
            assert longest <= widget.size.width
        await person.press("enter")  # opens a layer or a line to type a value into
        await person.press("escape")
        await person.press("space", until=lambda shown: shown.step > 2 * len(SIZES))
