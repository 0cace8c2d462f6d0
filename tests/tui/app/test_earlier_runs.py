"""The runs before the last one: named when the program starts, listed by name, gone on with."""

from typing import Any

from nn_tui.dialogs.palette import Palette


async def _leave_two(opened: Any) -> None:
    async with opened() as person:
        await person.press("S", until=lambda shown: shown.step == 10)
        await person.press("r", until=lambda shown: shown.kept and shown.step == 0)
        await person.press("S", until=lambda shown: shown.step == 10)
    async with opened() as person:
        await person.press("s", until=lambda shown: shown.step == 1)


async def test_the_first_screen_tells_of_a_run_before_the_last(opened: Any) -> None:
    """One step in a fresh start, and nothing on the screen told of the long run any more."""
    async with opened() as person:
        await person.press("s", until=lambda shown: shown.step == 1)
    async with opened() as person:
        await person.sees("R goes on there; later : last run.", part="words")
    await _leave_two(opened)
    async with opened() as person:
        await person.sees(
            "Last time: step 1 of quadratic. R goes on there; : resume lists 3 runs.", part="words"
        )


async def test_the_palette_lists_the_saved_runs_and_goes_on_with_any(opened: Any) -> None:
    await _leave_two(opened)
    async with opened() as person:
        await person.press("colon")
        await person.until(lambda: isinstance(person.app.screen, Palette))
        await person.press(*"resume")
        await person.sees(
            "▸        Resume the last run",
            "Saved run: quadratic, step 1",
            "Saved run: quadratic, step 10",
            "1 kept run",
            "just now",
            part="sheet",
        )
        listed = [row for row in person.rows("sheet") if "Saved run" in row]
        assert ["step 10" in row for row in listed] == [False, True]
        for _ in range(20):
            if "▸" in next(row for row in person.rows("sheet") if "step 10 " in row):
                break
            await person.press("down")
        await person.press("enter", until=lambda shown: shown.step == 10)
        await person.sees("Resumed: quadratic, at step 10", part="words")
        assert len(person.shown.kept) == 1
        await person.press("colon", *"resume", "enter", until=lambda shown: shown.step == 1)
