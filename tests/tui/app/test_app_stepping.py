"""Time on the screen: steps, phases, going back, running, restarting, diverging.

The numbers are those of the lesson's table ("The table that the lesson prints, and why").
"""

from typing import Any

import numpy as np
import pytest

from nn_core.explain.comparison import KeptLosses
from nn_core.explain.snapshot import Snapshot
from nn_core.explain.words import describe
from nn_core.training.state import PHASES


def at(step: int, phase: int = 0) -> Any:
    return lambda shown: (shown.step, shown.phase) == (step, phase)


def bits(shown: Snapshot) -> tuple[Any, ...]:
    """All that a step changes, to the bit."""
    return (
        shown.step, shown.epoch, shown.phase, shown.loss, shown.rows,
        shown.predictions.tobytes(), shown.point,
    )  # fmt: skip


async def test_it_opens_on_the_noisy_quadratic_and_says_what_to_press(opened: Any) -> None:
    async with opened("quadratic") as person:
        await person.sees("noisy quadratic", "s takes one step", "i goes into it", part="words")
        assert "a·x² + b·x + c" in person.reads("header")
        assert "zeroing gradients" in person.reads("header")
        for label in ("a", "b", "c"):
            assert " 1.1000 " in person.row(label)
        assert "loss 2.4219 " in person.reads("status") + " "
        assert "truth 1.4767" in person.reads("loss")
        assert "best quadratic 0.9859" in person.reads("loss")
        assert person.reads("fit").count("●") >= 18
        assert "◉" in person.reads("fit")
        assert "y 11.8690" in person.reads("point")


async def test_ten_steps_of_the_quadratic(opened: Any) -> None:
    async with opened("quadratic") as person:
        await person.press(*"ssssssssss", until=at(10))
        assert "step 10 " in person.reads("status")
        assert "epoch 10/100 " in person.reads("status")
        assert "loss 2.2137 ▼ 0.0208 " in person.reads("status")
        assert person.row("a").split()[-3:] == ["−1.3529", "+0.0135", "1.2488"]
        assert person.row("b").split()[-3:] == ["−0.0316", "+0.0003", "1.1035"]
        assert person.row("c").split()[-3:] == ["−0.5000", "+0.0050", "1.1550"]
        assert "off by −7.9842" in person.reads("point")
        assert "15 of 20 points still lie above the curve" in person.reads("words")
        assert "Gradient unchanged since step 0" in person.reads("words")


async def test_ten_steps_without_zeroing_are_the_published_table(opened: Any) -> None:
    published = [2.4010, 2.3594, 2.2970, 2.2137, 2.1097, 1.9848, 1.8535, 1.7166, 1.5825, 1.4628]
    async with opened("quadratic") as person:
        await person.press("z")
        await person.sees("NOT ZEROED", part="header")
        await person.sees("Zeroing is off", part="words")
        for step, loss in enumerate(published, start=1):
            await person.press("s", until=at(step))
            assert f"loss {loss:.4f} " in person.reads("status")


async def test_the_words_count_up_the_forgotten_zeroing(opened: Any) -> None:
    async with opened("quadratic") as person:
        await person.press("z", *"ssss", until=at(4))
        assert "step 4 stands where zeroed step 10 would: 1+2+3+4 = 10" in person.reads("words")


async def test_beside_a_run_without_zeroing_goes_its_clean_twin(opened: Any) -> None:
    async with opened("quadratic") as person:
        await person.press("z", *"s" * 10, until=at(10))
        await person.sees("zeroed", part="loss")
        [twin] = person.shown.kept
        assert twin.label == "zeroed twin"
        assert [round(float(loss), 4) for loss in twin.envelope.low[:3]] == [2.4219, 2.401, 2.3802]
        await person.press("z", until=lambda shown: not shown.kept)
        await person.sees("The zeroed twin beside it is gone; z again", part="words")
        await person.press("z", until=lambda shown: shown.twin is not None)


async def test_the_zeroed_twin_takes_no_room_from_the_kept_runs(opened: Any) -> None:
    async with opened("quadratic") as person:
        for step in range(1, 9):
            await person.press("s", until=at(step))
            await person.press("k", until=lambda shown, n=step: len(shown.kept_runs) == n)
        await person.press("z", "s", until=lambda shown: shown.twin is not None)
        assert [each.number for each in person.shown.kept] == [1, 2, 3, 4, 5, 6, 7, 8, 0]
        assert [each.number for each in person.shown.drawn] == [6, 7, 8, 0]
        await person.press("K")
        await person.sees("   twin  zeroed", " ▸ 1 ", "   8 ", part="sheet")


async def test_zeroing_can_be_resumed(opened: Any) -> None:
    async with opened("--accumulate-gradients") as person:
        await person.press("s", "z")
        await person.sees("zeroing gradients", part="header")
        await person.sees("Zeroing is on", part="words")


async def test_into_the_step_and_back_out_phase_by_phase(opened: Any) -> None:
    async with opened("quadratic") as person:
        seen = [bits(person.shown)]
        for phase, name in enumerate(PHASES[:-1], start=1):
            await person.press("i", until=at(0, phase))
            await person.sees(f"step 0 ▸ {name.upper()} ", part="status")
            await person.sees(name.capitalize() if name != "zero" else "Zeroed", part="words")
            seen.append(bits(person.shown))
        await person.press("i", until=at(1))
        assert "▸" not in person.reads("status")
        assert "loss 2.4010 " in person.reads("status")
        for phase in range(len(PHASES) - 1, -1, -1):
            await person.press("b", until=at(0, phase))
            assert bits(person.shown) == seen[phase]


async def test_inside_a_step_s_finishes_it_and_esc_leaves_it(opened: Any) -> None:
    async with opened("quadratic") as person:
        await person.press("i", "i", until=at(0, 2))
        keys = ("s step", "i next", "b back", "esc out")
        await person.sees(*keys, part="keys")
        await person.press("s", until=at(1))
        await person.press("i", "i", until=at(1, 2))
        await person.press("escape", until=at(1))
        await person.sees("loss 2.4010 ", part="status")


@pytest.mark.parametrize("arguments", [(), ("--accumulate-gradients",), ("relu-net",)])
async def test_back_is_the_same_to_the_bit(arguments: tuple[str, ...], opened: Any) -> None:
    async with opened(*arguments) as person:
        await person.press("up", "down")
        seen = [bits(person.shown)]
        for step in range(1, 6):
            await person.press("s", until=at(step))
            seen.append(bits(person.shown))
        for step in range(4, -1, -1):
            await person.press("b", until=at(step))
            assert bits(person.shown) == seen[step]
        await person.press(*"sssss", until=at(5))
        assert bits(person.shown) == seen[5]
        assert {kept.label for kept in person.shown.kept} <= {"zeroed twin"}  # the clean twin


async def test_what_is_done_in_the_past_leaves_the_old_future_as_a_pale_curve(opened: Any) -> None:
    async with opened("quadratic") as person:
        await person.press(*"sssss", until=at(5))
        await person.press("b", "b", until=at(3))
        await person.press("+", until=lambda shown: shown.config.learning_rate == 0.02)
        assert len(person.shown.kept) == 1
        await person.press("s", until=at(4))  # which is the first at another rate
        assert "lr 0.01" in person.reads("loss")


async def test_space_runs_to_the_epoch_target_and_on_from_there(opened: Any) -> None:
    async with opened("--epochs", "315", "--pace", "max") as person:
        await person.press("space", until=lambda shown: shown.epoch == 315 and not shown.running)
        assert person.reads("status").startswith(" paused")
        assert "epoch 315/315 ━━" in person.reads("status")
        assert "Target reached: 315 epochs" in person.reads("words")
        assert person.shown.loss < 1.05
        await person.press("s", until=at(316))
        await person.press("space", until=lambda shown: shown.epoch == 631 and not shown.running)


async def test_space_pauses(opened: Any) -> None:
    async with opened("relu-net", "--pace", "200", "--epochs", "1000000") as person:
        await person.press("space", until=lambda shown: shown.running and shown.step > 0)
        assert person.reads("status").startswith(" running")
        assert "space pause  > faster" in person.reads("keys")
        await person.press("space", until=lambda shown: not shown.running)
        assert person.reads("status").startswith(" paused")
        assert "space run    > faster" in person.reads("keys")
        step = person.shown.step
        await person.press("s", until=at(step + 1))


@pytest.mark.parametrize("by_hand", ["s", "i", "b", "right", "r"])
async def test_what_moves_the_run_by_hand_pauses_it(by_hand: str, opened: Any) -> None:
    async with opened("--pace", "200", "--epochs", "1000000") as person:
        await person.press("space", until=lambda shown: shown.running and shown.step > 0)
        await person.press(by_hand, until=lambda shown: not shown.running)


async def test_the_learning_rate_changes_while_it_runs(opened: Any) -> None:
    async with opened("--pace", "200", "--epochs", "1000000") as person:
        await person.press("space", until=lambda shown: shown.running and shown.step > 0)
        await person.press("+", until=lambda shown: shown.config.learning_rate == 0.02)
        step = person.shown.step
        await person.until(lambda: person.shown.running and person.shown.step > step)


async def test_the_pace_goes_up_to_max_and_down_to_one(opened: Any) -> None:
    async with opened("--pace", "2000") as person:
        await person.press(">")
        await person.sees("5000/s", part="status")
        await person.press(">", ">")
        await person.sees(" max ", part="status")
        await person.press("<")
        await person.sees(" 5000/s ", part="status")
    async with opened("--pace", "2") as person:
        await person.press("<", "<")
        await person.sees(" 1/s ", part="status")


async def test_a_change_of_pace_touches_nothing_else(opened: Any) -> None:
    async with opened("quadratic") as person:
        await person.press(*"sss", until=at(3))
        await person.press("b", until=at(2))
        before = bits(person.shown)
        await person.press(">", until=lambda shown: shown.config.pace == 20)
        assert bits(person.shown) == before
        assert person.shown.tip == 3


async def test_an_epoch_of_batches_is_counted_batch_by_batch(opened: Any) -> None:
    async with opened("relu-net", "--batch-size", "8") as person:
        assert "20 rows by 8" in person.reads("header")
        await person.press("s", until=at(1))
        assert "epoch 0/1000 1/3 " in person.reads("status")
        await person.press("n", until=lambda shown: shown.epoch == 1)
        assert person.shown.step == 3
        await person.press("n", until=lambda shown: shown.epoch == 2)
        assert person.shown.step == 6


async def test_restart_keeps_the_old_curve_pale(opened: Any) -> None:
    async with opened("--epochs", "50", "--pace", "max") as person:
        before = person.reads("loss")
        await person.press("space", until=lambda shown: shown.epoch == 50)
        await person.press("+", until=lambda shown: shown.config.learning_rate == 0.02)
        await person.press("r", until=at(0))
        assert "loss 2.4219 " in person.reads("status")
        assert len(person.shown.kept) == 1
        assert len(person.shown.kept[0].envelope.step) > 0
        assert person.reads("loss") != before
        assert " 1.1000 " in person.row("a")
        # The settings of now, from the start: the 2nd step at 0.02 is where the 4th at 0.01 was.
        await person.press("s", "s", until=at(2))
        assert "loss 2.3386 " in person.reads("status")


async def test_at_most_eight_runs_are_kept_and_the_newest_three_drawn(opened: Any) -> None:
    async with opened("quadratic") as person:
        for step in range(1, 11):
            await person.press("s", until=at(step))
            wanted = list(range(step))[-8:]
            await person.press("k", until=lambda shown, wanted=wanted: ends(shown.kept) == wanted)
            assert ends(person.shown.drawn) == wanted[-3:]


def ends(kept: tuple[KeptLosses, ...]) -> list[float]:
    """The last step of each kept curve."""
    return [float(each.envelope.step[-1]) for each in kept]


async def test_a_run_that_diverges_pauses_and_says_why(opened: Any) -> None:
    arguments = ("--loss", "mse", "--lr", "1", "--epochs", "100000", "--pace", "max")
    async with opened(*arguments) as person:
        await person.press("space", until=lambda shown: shown.divergence is not None)
        await person.until(lambda: not person.shown.running)
        first, second = (line.rstrip() for line in person.rows("words"))
        assert first.startswith(" Diverged: step 170 would drive a to ")
        assert "step 169 is kept" in first
        assert "Learning rate 1 " in second
        assert len(first) <= 80
        assert len(second) <= 80
        assert person.role_of("words", "Diverged") == "color(203)"
        assert np.isfinite(person.shown.loss)
        # − and b are ways out, as the words say.
        await person.press("b", until=at(168))
        await person.press("minus", until=lambda s: s.config.learning_rate == 0.5)
        assert person.shown.divergence is None
        await person.press("r", until=at(0))
        assert person.role_of("words", " ") is None


@pytest.mark.parametrize("name", ["relu", "quadratic", "relu-net"])
async def test_while_it_runs_the_words_are_those_of_the_picture(opened: Any, name: str) -> None:
    """A number is either of the step that is on show, or it isn't there."""
    async with opened(name) as person:
        await person.press("space", until=lambda shown: shown.running)
        looked_at = set()
        while person.shown.running and person.shown.step < 60:
            looked_at.add(person.shown.step)
            told = [row.strip() for row in person.rows("words") if row.strip()]
            assert set(told) <= set(describe(person.shown)), person.shown.step
            await person.pilot.pause(0.01)
        assert len(looked_at) > 5


async def test_back_after_an_update_is_back_before_it(opened: Any) -> None:
    """Of a step that was gone through; one that was taken whole is gone back whole."""
    async with opened() as person:
        await person.press(*"ssiiiii", until=at(3))
        await person.press("b", until=at(2, PHASES.index("update")))
        await person.press("s", until=at(3))
        await person.press("b", until=at(2))
