"""The lines of keys: the same few at the same places, whatever is looked at and at any width."""

from typing import Any

import pytest

from nn_tui.keys import footer
from nn_tui.selection import Selection
from nn_tui.views import VIEWS

# The least width at which a key is always in sight, and what is read of it there.
SEEN_FROM = {
    "s step": 40, "i into": 40, "b back": 40, "space run": 40, "> fast": 40, "o options": 40,
    ": all": 40, "? help": 40, "q quit": 40, "tab ": 40, "g contest": 60, "r restart": 60,
    "> faster": 50, "K runs": 50,
}  # fmt: skip


def lines(view, width, layers):
    chosen = Selection(view=view)
    made = footer.keys(None, chosen, layers, lambda name: True, width)
    return ["".join(text for text, _ in line) for line in made]


@pytest.mark.parametrize("layers", [False, True])
@pytest.mark.parametrize("width", [40, 45, 50, 60, 79, 80, 100, 120, 200])
def test_the_same_few_keys_stand_at_the_same_places_in_every_view(width, layers):
    at_first = None
    for view in VIEWS:
        shown = lines(view, width, layers)
        assert all(len(line) <= width for line in shown)
        places = {
            text: [line.find(text) for line in shown]
            for text, least in SEEN_FROM.items()
            if width >= least and not (layers and text == "g contest")
        }
        for text, found in places.items():
            assert max(found) >= 0, (text, shown)
        at_first = at_first or places
        assert places == at_first
    if width >= 79:
        assert view.name.upper() in shown[1]


@pytest.mark.parametrize("width", [92, 99, 120])
async def test_the_key_of_zeroing_says_what_it_does_and_not_how_it_stands(
    width: int, opened: Any
) -> None:
    """Below 100 columns it said "zeroing gradients" when they were not zeroed."""
    async with opened("quadratic", size=(width, 24)) as person:
        await person.sees("z stop zeroing", part="keys")
        before = person.reads("keys")
        await person.press("z")
        await person.sees("z zero again", part="keys")
        assert person.reads("keys") == before.replace("stop zeroing", "zero again  ")


@pytest.mark.parametrize("experiment", ["relu-net", "xor", "spiral", "penguins"])
@pytest.mark.parametrize("batch_size", ["0", "5"])
async def test_a_network_has_its_measures_in_80_columns_in_batches_too(
    experiment: str, batch_size: str, opened: Any
) -> None:
    """The key of an epoch took their place, while that of the rate left the second line empty."""
    async with opened(experiment, "--batch-size", batch_size) as person:
        await person.sees("v measures", "+− lr", part="keys")
        assert batch_size == "0" or "n epoch" in person.reads("keys")  # else an epoch is a step


async def test_keys_stand_apart_where_there_is_room(opened: Any) -> None:
    """Read without gaps, "b back space run" is the backspace key."""
    async with opened() as person:
        await person.sees("b back  space run    > faster  r restart  g contest  +− lr", part="keys")


@pytest.mark.parametrize("width", [60, 80, 100, 120])
@pytest.mark.parametrize("options", [(), ("--batch-size", "5"), ("--scale", "off")])
async def test_the_key_of_the_runs_takes_no_place_from_that_of_the_rate(
    options: tuple[str, ...], width: int, opened: Any
) -> None:
    """It stood there once a run was kept: the truth’s a, b and c, which it lists, weren’t found."""
    for experiment in ("stopping-distance", "penguins"):
        async with opened(experiment, *options, size=(width, 30)) as person:
            await person.sees("K runs", part="keys")
            assert width < 80 or "+− lr" in person.reads("keys")
            await person.press("2")
            await person.sees("STEP" if width >= 80 else "K runs", part="keys")
            assert width < 80 or "+− lr" in person.reads("keys")


async def test_where_classes_are_told_apart_the_key_of_mistakes_comes_soon(opened: Any) -> None:
    async with opened("penguins", size=(100, 30)) as person:
        await person.sees("m next mistake", part="keys")


async def test_under_a_sheet_no_key_moves(opened: Any) -> None:
    async with opened("digits") as person:
        await person.sees("n epoch", part="keys")
        before = person.reads("keys").lower()
        await person.press("v")
        await person.sees("Right on", part="sheet")
        assert person.reads("keys").lower() == before
