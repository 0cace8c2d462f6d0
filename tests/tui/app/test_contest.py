"""Beating gradient descent by hand, at the screen."""

from typing import Any

import pytest


async def test_your_moves_are_held_against_as_many_steps(opened: Any) -> None:
    async with opened() as person:
        await person.press("s", "g")
        await person.sees("Beat gradient descent", part="words")
        assert person.shown.step == 0  # both begin where the run did
        await person.press("right", "right", "right", "right", "right")
        await person.until(lambda: person.shown.contest.moves == 5)
        await person.sees("5 moves: your MAE 1.7", "leads gradient descent’s 2.3178", part="words")
        assert "best 0.9859" in person.reads("words")
        await person.sees("loss by move", "gradient descent", "you", part="loss")
        await person.sees("step 0", "5 moves", part="status")
        for width in (80, 120):
            await person.pilot.resize_terminal(width, 40)
            await person.until(lambda width=width: len(person.rows("keys")[0]) == width)
            for refused in ("s step", "i into", "space run", "> faster", "S B ten steps"):
                assert refused not in person.reads("keys")


async def test_the_gradient_is_hidden_until_a_hint_is_asked_for(opened: Any) -> None:
    async with opened() as person:
        await person.press("g")
        await person.until(lambda: person.row("a").count("?") == 3)
        assert "▸" not in person.row("a")[3:]
        await person.press("h")
        await person.sees("−1.3529", "+0.0135", part="table")
        await person.sees("◆▸▸", part="table")
        await person.press("right")
        await person.until(lambda: person.row("a").count("?") == 3)


@pytest.mark.parametrize("ends", ["g", "r", "z", "d", ":loss mse\n", ":noise 0.1,1\n"])
async def test_what_ends_a_contest_says_so(ends: str, opened: Any) -> None:
    """Settings ended it without a word."""
    names = {":": "colon", "\n": "enter"}
    async with opened() as person:
        await person.press("g", "right", until=lambda shown: shown.contest and shown.contest.moves)
        await person.press(
            *(names.get(each, each) for each in ends), until=lambda shown: not shown.contest
        )
        over = "Contest over: you won in 1 move, MAE 2.2866 against 2.4010."
        await person.sees(over, part="words")
        assert ("Zeroing is off" in person.reads("words")) == (ends == "z")
        await person.press("s", until=lambda shown: shown.step == 1)
        await person.until(lambda: "Contest over" not in person.reads("words"))


async def test_who_has_won_a_contest_is_said(opened: Any) -> None:
    async with opened() as person:
        await person.press("g", "right", until=lambda shown: shown.contest and shown.contest.moves)
        await person.press("g")
        over = "Contest over: you won in 1 move, MAE 2.2866 against 2.4010."
        await person.sees(over, part="words")
        await person.press("g", "left", until=lambda shown: shown.contest and shown.contest.moves)
        await person.press("g")
        await person.sees("Contest over: gradient descent won in 1 move, MAE 2.4010", part="words")


@pytest.mark.parametrize("presses", ["s", "i", "S", "space", "j"])
async def test_what_steps_does_nothing_in_a_contest_and_says_what_does(
    presses: str, opened: Any
) -> None:
    """It ended the contest without a word, and the key lines offered it."""
    async with opened() as person:
        await person.press("g", until=lambda shown: shown.contest)
        await person.press(presses)
        await person.sees("Not done: in a contest you move by ←→", "g ends it", part="words")
        assert person.shown.contest is not None
        assert person.on_main()


async def test_a_contest_that_ends_before_a_move_says_so(opened: Any) -> None:
    async with opened() as person:
        await person.press("g", until=lambda shown: shown.contest)
        await person.press("g")
        await person.sees("The contest is over before the first move", part="words")


async def test_turning_the_rate_goes_on_with_it(opened: Any) -> None:
    async with opened() as person:
        await person.press("g", "plus", "right", until=lambda shown: shown.contest)
        await person.until(lambda: person.shown.contest.moves == 1)
        assert person.shown.config.learning_rate == 0.02


async def test_a_network_has_too_many_sliders(opened: Any) -> None:
    async with opened("relu-net") as person:
        await person.press("g", "s", until=lambda shown: shown.step == 1)
        assert person.shown.contest is None


@pytest.mark.parametrize("width", [40, 60, 80])
async def test_the_keys_of_a_contest_stand_on_a_screen_of_any_width(
    width: int, opened: Any
) -> None:
    """At 40 columns those stood there that do nothing in a contest."""
    async with opened("quadratic", size=(width, 24)) as person:
        await person.press("g", until=lambda shown: shown.contest)
        await person.sees("g enough", "h hint", part="keys")
        if width < 80:
            await person.sees("↑↓ parameter", "←→ nudge", part="keys")
        await person.sees(": all", "? help", part="keys")


@pytest.mark.parametrize("size", [(40, 12), (40, 20), (80, 24)])
async def test_how_to_play_stands_whole_at_any_size(size: tuple[int, int], opened: Any) -> None:
    """At 40 columns that gradient descent takes a step for each move was cut off."""
    async with opened("quadratic", size=size) as person:
        await person.press("g", until=lambda shown: shown.contest)
        said = "Beat gradient descent: ↑↓ choose, ←→ move; for a move it takes a step."
        await person.until(lambda: said in " ".join(person.reads("words").split()))
        assert "…" not in person.reads("words")


@pytest.mark.parametrize("ends", ["g", "z"])
async def test_the_curves_stay_once_it_is_over_until_the_next_step(ends: str, opened: Any) -> None:
    """Of what "you won" speaks of a dot was left."""
    async with opened() as person:
        await person.press(*["g"], *["right"] * 5)
        await person.until(lambda: person.shown.contest and person.shown.contest.moves == 5)
        await person.sees("loss by move", "gradient descent", "you", part="loss")
        played = person.rows("loss")
        await person.press(ends, until=lambda shown: not shown.contest)
        await person.sees("Contest over: you won in 5 moves", part="words")
        assert person.rows("loss") == played
        await person.press("down")
        assert person.rows("loss") == played
        await person.press("s", until=lambda shown: shown.step == 1)
        await person.sees("loss by step", part="loss")
        assert "you" not in person.reads("loss")


async def test_its_curves_are_gone_where_the_run_is_another(opened: Any) -> None:
    async with opened() as person:
        await person.press("g", "right", until=lambda shown: shown.contest and shown.contest.moves)
        await person.press("d", until=lambda shown: not shown.contest)
        await person.sees("Contest over", part="words")
        await person.sees("loss by step", part="loss")
