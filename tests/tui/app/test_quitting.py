"""Quitting from anywhere, and keys that come faster than the screen."""

from typing import Any

import pytest


@pytest.mark.parametrize("over", ["e", "enter", "o", "question_mark", "colon"])
async def test_ctrl_c_quits_from_anywhere(over: str, opened: Any) -> None:
    async with opened() as person:
        await person.press(over)
        await person.until(lambda: not person.on_main())
        await person.press("x", "ctrl+c")
        await person.until(lambda: person.app.return_code == 0)


async def test_quitting_while_it_runs_ends_the_training_thread(opened: Any) -> None:
    async with opened("relu-net", "--pace", "200", "--epochs", "1000000") as person:
        await person.press("space", until=lambda shown: shown.running)
        await person.press("q")
        await person.until(lambda: person.app.return_code == 0)
    assert not person.app.link.runner._thread.is_alive()


async def test_a_snapshot_that_comes_while_the_app_closes_is_left_alone(opened: Any) -> None:
    async with opened() as person:
        await person.press("q")
    person.app.snapshot = None
    person.app._pull()
    person.app.look()
    assert person.app.snapshot is None


@pytest.mark.parametrize(
    "keys",
    [
        "o escape", "o right escape", "o down right escape", "o o", "o enter 5 enter escape",
        "e escape", "e up enter", "enter 3 enter", "question_mark escape", "colon escape",
        "space o right right left escape space", "s s b o b escape",
    ],
)  # fmt: skip
async def test_keys_that_come_all_at_once_do_no_harm(keys: str, opened: Any) -> None:
    async with opened("--pace", "200") as person:
        person.rush(*keys.split())
        await person.until(lambda: person.app.message_queue_size == 0)
        for _ in range(3):
            if not person.on_main():
                await person.press("escape")
        await person.until(person.on_main)
        step = person.shown.step
        await person.press("s", until=lambda shown: shown.step != step)
