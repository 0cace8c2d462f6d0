"""The key lines under what lies over the main screen: only what acts from there is lit."""

from typing import Any

import pytest


def lit(person: Any, name: str) -> bool:
    """Whether the key lines show this key as one that does something."""
    return bool(person.app.main.keys.applies(name))


@pytest.mark.parametrize("opens", ["K", "o", "question_mark", "e", "colon"])
async def test_under_a_dialog_keys_that_do_nothing_there_are_dimmed(
    opens: str, opened: Any
) -> None:
    async with opened() as person:
        assert lit(person, "step")
        await person.press(opens)
        await person.until(lambda: not person.on_main())
        assert not any(lit(person, name) for name in ("step", "run_or_pause", "next_view", "quit"))
        assert lit(person, "palette") == (opens not in ("e", "colon"))
        await person.press("escape")
        await person.until(person.on_main)
        assert lit(person, "step")


async def test_under_the_table_of_steps_the_keys_that_step_stay_lit(opened: Any) -> None:
    async with opened() as person:
        await person.press("s", until=lambda shown: shown.step == 1)
        await person.press("J")
        await person.until(lambda: not person.on_main())
        assert all(lit(person, name) for name in ("step", "step_back", "run_or_pause", "palette"))
        assert not any(lit(person, name) for name in ("into", "restart", "next_view", "quit"))
