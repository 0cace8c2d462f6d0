"""One key, pressed again and again, leads from mistake to mistake."""

from typing import Any

import numpy as np
import pytest


def looked_at(shown: Any) -> tuple[bool, int]:
    row = shown.classes.looked_at
    return row.is_held_back, row.index


async def test_the_rows_held_back_that_are_told_wrong_come_first_then_those_trained_on(
    opened: Any,
) -> None:
    async with opened("penguins", "--validation", "0.3") as person:
        await person.press("s", until=lambda shown: shown.step == 1)
        found = person.shown.classes
        assert found is not None
        rows = [(True, row) for row in found.held_back_mistakes[:3].tolist()]
        for row in rows:
            await person.press("m", until=lambda shown, row=row: looked_at(shown) == row)
        await person.sees(f"held back {rows[-1][1] + 1:>3} of {person.shown.scene.validation_rows}")
        await person.sees("Mistake 3 of", "held back", part="words")
        for _ in range(len(found.held_back_mistakes) - 3):
            await person.press("m")
        first = int(found.mistakes[0])
        await person.press("m", until=lambda shown: looked_at(shown) == (False, first))
        await person.sees("Mistake 1 of", "trained on", part="words")
        await person.press("full_stop", until=lambda shown: not shown.request.sought)


async def test_in_another_view_only_rows_trained_on_are_gone_to(opened: Any) -> None:
    async with opened("digits") as person:
        await person.press("3", until=lambda shown: shown.request.view == "layer")
        first = int(person.shown.classes.mistakes[0])
        await person.press("m", until=lambda shown: looked_at(shown) == (False, first))


async def test_of_numbers_the_points_come_by_how_far_off_the_model_is(opened: Any) -> None:
    async with opened() as person:
        shown = person.shown
        order = np.argsort(-np.abs(shown.predictions - shown.scene.y), kind="stable")
        for row in order[:3].tolist():
            await person.press("m", until=lambda shown, row=row: shown.point.index == row)
        await person.sees("error 3 of 20 by size", part="words")


async def test_where_every_row_is_told_right_that_is_said(opened: Any) -> None:
    async with opened("mlp", "--data", "gauss", "--optimizer", "adam", "--pace", "max") as person:
        await person.press("space", until=lambda shown: shown.classes.measures.accuracy == 1)
        await person.press("space", until=lambda shown: not shown.running)
        await person.press("m")
        await person.sees("every row is told right", part="words")


@pytest.mark.parametrize("text", ["next mistake", "wrong", "misclassified"])
async def test_the_palette_finds_it(text: str, opened: Any) -> None:
    async with opened("penguins") as person:
        await person.press("colon")
        await person.sees("Search")
        await person.press(*text)
        await person.sees("Go to the next mistake")
