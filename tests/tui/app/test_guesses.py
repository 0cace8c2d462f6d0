"""Guesses before each step: asked, counted, and not given away."""

from typing import Any


async def test_guesses_before_each_step_are_counted(opened: Any) -> None:
    async with opened("quadratic") as person:
        await person.press("P")
        await person.sees("Which way will the loss go?")
        await person.press("2", until=lambda shown: shown.step == 1)
        await person.sees("✓ You said down.")
        await person.sees("1 of 1 guessed", part="status")
        await person.press("s")
        await person.sees("Which of these will the step move most?")
        await person.press("3", until=lambda shown: shown.step == 2)
        await person.sees("1 of 2 guessed", part="status")
        await person.press("P")
        assert person.app.lesson is None
        await person.press("s", until=lambda shown: shown.step == 3)


async def test_a_guess_that_is_no_choice_is_refused_and_takes_no_step(opened: Any) -> None:
    """It once ended the program."""
    async with opened("quadratic") as person:
        await person.press("P", "4")
        await person.sees("a number from 1 to 3 answers; not '4'", part="lesson")
        assert person.shown.step == 0
        await person.press("2", until=lambda shown: shown.step == 1)


async def test_what_answers_a_guess_outright_is_hidden_while_the_question_waits(
    opened: Any,
) -> None:
    """“Which will the step move most?” stood under the very updates, with an arrow for each."""
    async with opened("quadratic") as person:
        await person.press("P")
        await person.sees("Which way will the loss go?")
        await person.sees("+0.0135", part="table")  # from which the loss’s way is to be thought out
        await person.press("2", until=lambda shown: shown.step == 1)
        for question in ("move most?", "Which way will a move?", "How far will a move"):
            await person.press("s")
            await person.sees(question)
            table = person.reads("table")
            assert "−1.3529" in table
            assert not any(told in table for told in ("+0.0135", "◆▸", "▸◆", "◂◆", "◇"))
            assert table.count("?") == 6
            step = person.shown.step
            await person.press("1", until=lambda shown, step=step: shown.step == step + 1)
            await person.sees("+0.0135", part="table")
        await person.press("s")
        await person.sees("Which way will the loss go?")
        await person.press("tab", "tab", "tab")
        await person.sees("until you have guessed", part="view")
        await person.press("P")
        await person.sees("loss over a", part="view")


async def test_of_a_networks_layers_too_the_updates_are_hidden(opened: Any) -> None:
    async with opened("relu-net") as person:
        await person.press("P")
        await person.press("2", until=lambda shown: shown.step == 1)
        told = person.reads("table")
        assert "◆" in told
        await person.press("s")
        await person.sees("move most?")
        assert "◆" not in person.reads("table")
        assert person.reads("table").count("  ?") == len(person.shown.rows)
        await person.press(*["tab"] * 5)
        await person.sees("until you have guessed", part="view")
        await person.press("1", until=lambda shown: shown.step == 2)
