"""Arithmetic worked out in full, in a sheet of its own."""

import re
from typing import Any

import pytest


async def test_arithmetic_that_is_cut_stands_in_full_in_a_sheet(opened: Any) -> None:
    async with opened("relu-net", "--hidden", "8,8") as person:
        await person.press("i", "i", "i", "i", until=lambda shown: shown.phase == 4)
        await person.press("x")
        await person.sees("worked out in full", "others", part="sheet")
        assert "…" not in person.reads("sheet")
        await person.press("escape", "3")
        await person.sees("W·X + b", part="view")
        await person.press("x")
        await person.sees("unit ", " = ", part="sheet")
        assert "others" not in person.reads("sheet")


async def test_the_terms_that_are_one_number_are_listed_one_by_one(opened: Any) -> None:
    """All of them, from the line that was clicked on; the sum stands under them."""
    async with opened("digits", size=(80, 24)) as person:
        await person.press("3", "enter")
        await person.sees("others", part="view")
        rows = person.rows("view")
        y = next(y for y, row in enumerate(rows) if "others" in row)
        place = person.app.main.view.region
        await person.pilot.click(offset=(place.x + rows[y].index("others"), place.y + y))
        await person.sees("others, one by one", part="sheet")
        await person.press("end")
        await person.sees("pixel_7_7", "added up", part="sheet")


async def test_before_a_step_there_is_no_arithmetic_to_open(opened: Any) -> None:
    async with opened("quadratic") as person:
        await person.press("2", "x")
        await person.sees("Not done: ", "inside a step, i", part="words")


@pytest.mark.parametrize(("keys", "view"), [("i i", "FORWARD"), ("3", "W·X")])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_where_nothing_is_cut_the_sheet_says_so(
    keys: str, view: str, size: tuple[int, int], opened: Any
) -> None:
    async with opened("relu-net", "--hidden", "1", size=size) as person:
        await person.press(*keys.split())
        await person.sees(view, part="view")
        await person.press("x")
        await person.sees("Nothing is cut in the view: it shows these lines in full", part="sheet")


@pytest.mark.parametrize("keys", ["i i", "3"])
async def test_where_terms_are_folded_it_does_not_say_so(keys: str, opened: Any) -> None:
    async with opened("digits") as person:
        await person.press(*keys.split())
        await person.sees("others", part="view")
        await person.press("x")
        await person.sees("others, one by one", part="sheet")
        assert "Nothing is cut" not in person.reads("sheet")


async def test_the_gradient_can_be_added_up_by_hand_from_the_terms_of_all_points(
    opened: Any,
) -> None:
    """“−0.6316 ÷ 20” was all there was; the 20 terms were bars, and the sheet added nothing."""
    async with opened("quadratic", size=(80, 24)) as person:
        await person.press("down", "i", "i", "i", "i", until=lambda shown: shown.phase == 4)
        await person.sees("x in full", part="keys")
        await person.press("x")
        await person.sees("the 20 terms, one by one", part="sheet")
        assert "Nothing is cut" not in person.reads("sheet")
        await person.press("end")
        await person.sees("added up", part="sheet")
        added = next(row for row in person.rows("sheet") if "added up" in row)
        assert added.split("= ")[1].split()[0] == "−0.6316"
        rows = []
        await person.press("home")
        for _ in range(4):
            rows += [row for row in person.rows("sheet") if re.match(r" +point \d+ .*=.* ", row)]
            await person.press("pagedown")
        terms = {row.split()[1]: row for row in rows}
        assert set(terms) == {str(point) for point in range(1, 21)}
        total = 0.0
        for point in range(1, 21):
            term, so_far = terms[str(point)].rpartition("=")[2].replace("−", "-").split()
            total += float(term)
            assert float(so_far) == pytest.approx(total, abs=1e-4 * point)
        assert total == pytest.approx(-0.6316, abs=1e-4)


@pytest.mark.parametrize("width", [40, 60, 80])
async def test_each_term_stands_whole_with_its_sum_at_any_width(width: int, opened: Any) -> None:
    async with opened("relu-net", "--hidden", "4", "--data", "sine") as person:
        await person.press(*"2iiii", until=lambda shown: shown.phase == 4)
        await person.press("x")
        await person.sees("worked out in full", part="sheet")
        sheet = person.app.screen
        texts = {
            room: ["".join(text for text, _ in line) for line in sheet.content(room)[1]]
            for room in (width, 200)
        }
        assert [row for row in texts[width] if len(row) > width] == []
        whole, narrow = ("".join("".join(texts[room]).split()) for room in (200, width))
        assert narrow == whole
        assert sum("added up" in row for row in texts[width]) == 1
