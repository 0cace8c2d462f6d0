"""Kept runs on the screen: named by what they are, compared in a table, gone on with, removed."""

import re
from typing import Any

import pytest

from nn_core.explain.snapshot import Snapshot

RUN = ("--epochs", "50", "--pace", "max")


def done(shown: Snapshot) -> bool:
    return shown.epoch == 50 and not shown.running


async def adam_after_sgd(person: Any) -> None:
    """Run SGD to the end, then Adam from the same start."""
    await person.press("space", until=done)
    await person.press(":", *"set optimizer", "enter")
    await person.press("ctrl+u", *"adam", "enter")
    await person.until(lambda: person.shown.config.optimizer == "adam")
    await person.press("r", until=lambda shown: shown.step == 0)
    await person.press("space", until=done)


async def test_sgd_and_adam_stand_on_one_plot_by_their_right_names(opened: Any) -> None:
    async with opened(*RUN) as person:
        await adam_after_sgd(person)
        await person.press(":", *"set optimizer", "enter")
        await person.press("ctrl+u", *"sgd", "enter")
        await person.until(lambda: person.shown.config.optimizer == "sgd")
        assert [kept.label for kept in person.shown.kept] == ["SGD"]
        assert person.shown.label == "Adam"
        assert "SGD" in person.reads("loss")
        assert "Adam" in person.reads("loss")


async def test_kept_runs_are_compared_in_one_table(opened: Any) -> None:
    async with opened(*RUN) as person:
        await adam_after_sgd(person)
        loss = person.shown.loss
        await person.press("K")
        await person.sees("now   Adam", "1     SGD", f"{loss:.4f}", part="sheet")
        (sgd,) = person.shown.kept
        await person.until(lambda: person.shown.kept[0].end is not None)
        assert sgd.steps == 50
        await person.sees(f"{person.shown.kept[0].end.loss:.4f}", part="sheet")


async def test_runs_of_several_lengths_are_said_not_to_compare_by_their_ends(opened: Any) -> None:
    said = "have not taken equally many steps"
    async with opened(*RUN) as person:
        await adam_after_sgd(person)
        await person.press("K")
        await person.sees("1     SGD", part="sheet")
        assert said not in person.reads("sheet")
        await person.press("escape")
        await person.press("s", until=lambda shown: shown.step == 51)
        await person.press("K")
        await person.sees("1     SGD", said, part="sheet")


async def test_a_kept_run_is_gone_on_with_and_both_stay_kept(opened: Any) -> None:
    async with opened(*RUN) as person:
        await adam_after_sgd(person)
        adam = person.shown.loss
        await person.press("K")
        await person.sees("1     SGD", part="sheet")
        await person.press("enter", until=lambda shown: shown.config.optimizer == "sgd")
        assert (person.shown.step, person.shown.label) == (50, "SGD")
        sgd, kept = person.shown.kept
        assert kept.label == "Adam"
        assert kept.end.loss == pytest.approx(adam, rel=1e-12)
        await person.press("s", until=lambda shown: shown.step == 51)
        assert [(each.number, each.tip) for each in person.shown.kept] == [(1, 50), (2, 50)]
        assert person.shown.kept[0].end.loss == sgd.end.loss


async def test_a_change_of_the_rate_within_a_run_is_marked_on_its_curve(opened: Any) -> None:
    async with opened() as person:
        await person.press("S", until=lambda shown: shown.step == 10)
        await person.press("plus", "S", until=lambda shown: shown.step == 20)
        await person.sees("┼ lr 0.02", part="loss")
        assert "above best" not in person.reads("loss")  # for which there is no room beside it
        await person.press("K")
        await person.sees("now   lr 0.02 from step 10", part="sheet")


async def test_a_kept_run_is_removed(opened: Any) -> None:
    async with opened(*RUN) as person:
        await adam_after_sgd(person)
        await person.press("K", "d", until=lambda shown: not shown.kept)
        await person.sees("No run is kept yet", part="sheet")
        await person.sees("Run 1 (SGD) is removed.")


async def test_truth_and_best_fit_stand_in_the_table_with_their_parameters(opened: Any) -> None:
    async with opened() as person:
        await person.press("s", until=lambda shown: shown.step == 1)
        await person.press("K")
        await person.sees("a 3.0000  b 2.0000  c 1.0000", part="sheet")
        await person.sees("best  quadratic  a 2.6142", part="sheet")  # of any kind it is not
        await person.sees("1.4151 above the best quadratic", part="sheet")
        await person.sees("The truth scores worse than the best quadratic", part="sheet")
        await person.sees("the truth would win", part="sheet")


async def test_on_batches_it_is_said_which_loss_is_which(opened: Any) -> None:
    async with opened("relu-net", "--batch-size", "5") as person:
        assert "loss of this batch  ◆ all rows" in person.reads("loss")
        assert " all rows " in person.reads("status")
        plot = "\n".join(person.rows("loss")[1:])
        assert "◆" in plot  # at step 0, where there is no batch yet


async def test_the_zeroed_twin_stands_in_the_table_beside_the_run(opened: Any) -> None:
    async with opened("--accumulate-gradients", "--epochs", "10", "--pace", "max") as person:
        await person.press("space", until=lambda shown: shown.epoch == 10)
        await person.until(lambda: person.shown.kept[0].end is not None)
        await person.press("K")
        await person.sees("now ", "1.4628", "twin  zeroed", "2.2", part="sheet")
        row = next(row for row in person.rows("sheet") if "twin" in row)
        assert row.split()[-2:] == ["10", f"{person.shown.kept[0].end.loss:.4f}"]


async def test_the_zeroed_twin_is_taken_back_with_the_run(opened: Any) -> None:
    """At step 20 of 30 the table gave the twin's loss of step 30."""
    async with opened("--accumulate-gradients") as person:
        await person.press("S", "S", "S", until=lambda shown: shown.step == 30)
        await person.until(lambda: person.shown.twin.tip == 30)
        await person.press("B", until=lambda shown: shown.step == 20)
        await person.until(lambda: person.shown.twin.end is not None)
        await person.press("K")
        await person.sees("twin  zeroed", "20 of 30    2.0056", part="sheet")
        await person.sees("20 of 30    1.9472", part="sheet")


async def test_a_run_that_is_restarted_twice_alike_is_kept_once(opened: Any) -> None:
    async with opened(*RUN) as person:
        await person.press("plus", until=lambda shown: shown.config.learning_rate == 0.02)
        for _ in range(2):
            await person.press("space", until=done)
            await person.press("r", until=lambda shown: shown.step == 0)
        assert [kept.number for kept in person.shown.kept] == [1]


async def test_another_run_is_told_of_in_place_of_the_offer_of_lessons(opened: Any) -> None:
    async with opened() as person:
        await person.sees("New here?", part="words")
        await person.press(":", *"open schedule", "enter")
        await person.sees("Why a schedule: at rate 1", part="words")
        assert "New here?" not in person.reads("words")


async def test_keeping_a_run_says_so_and_which_one_is_gone_for_it(opened: Any) -> None:
    async with opened() as person:
        for number in range(1, 9):
            await person.press("s", until=lambda shown, n=number: shown.step == n)
            await person.press("k")
            await person.sees(f"Kept as run {number}: K lists the kept ones.", part="words")
        await person.press("k")
        await person.sees("This run is kept already, as it stands", part="words")
        await person.press("s", until=lambda shown: shown.step == 9)
        await person.press("k")
        gone = "Run 1, the oldest kept, had to make room: 8 runs are kept."
        await person.sees(gone, "Kept as run 9", part="words")
        await person.press("s", until=lambda shown: not shown.pushed_out)
        assert "had to make room" not in person.reads("words")


@pytest.mark.parametrize("key", ["r", "plus"])
async def test_a_run_that_has_to_make_room_for_one_not_kept_by_hand_is_named_too(
    key: str, opened: Any
) -> None:
    async with opened() as person:
        for number in range(1, 9):
            await person.press("s", until=lambda shown, n=number: shown.step == n)
            await person.press("k", until=lambda shown, n=number: len(shown.kept_runs) == n)
        await person.press("s", until=lambda shown: shown.step == 9)
        await person.press("b", until=lambda shown: shown.step == 8 < shown.tip)
        await person.press(key)
        await person.sees("Run 1, the oldest kept, had to make room", part="words")
        assert [each.number for each in person.shown.kept_runs] == [*range(2, 10)]


async def test_that_no_kept_run_can_be_compared_any_more_is_said(opened: Any) -> None:
    """Where runs are saved, what is said is that those are too, and the way back."""
    async with opened(autosave=False) as person:
        await person.press("s", until=lambda shown: shown.step == 1)
        await person.press("k", "s", until=lambda shown: shown.kept and shown.step == 2)
        await person.press(":", *"data = abs", "enter", until=lambda shown: not shown.kept)
        gone = "The kept runs are gone: this run’s loss is another one, or of other data."
        await person.sees(gone, part="words")
        await person.press("s", until=lambda shown: shown.step == 1)
        assert "are gone" not in person.reads("words")
        await person.press(":", *"data = sine", "enter")  # here none was kept
        await person.until(lambda: person.shown.config.data == "sine")
        assert "are gone" not in person.reads("words")


async def test_the_table_names_the_least_validation_loss_and_its_step(opened: Any) -> None:
    async with opened("relu-net", "--validation", "0.25", "--pace", "max") as person:
        await person.press("space", until=lambda shown: shown.epoch == 1000 and not shown.running)
        losses, steps = person.shown.validation.losses, person.shown.validation.steps
        least = f"{losses.min():.4f} at {steps[losses.argmin()]}"
        assert int(least.split()[-1]) < 1000
        await person.press("r", until=lambda shown: shown.step == 0)
        await person.press("K")
        await person.until(lambda: person.shown.kept[0].end is not None)
        await person.sees("least measured", part="sheet")
        now, kept = (row for row in person.rows("sheet") if row[3:9].strip() in ("now", "1"))
        start = person.shown.validation.loss
        assert now.rstrip().endswith(f" {start:.4f} at 0")
        assert kept.rstrip().endswith(f" {least}")


async def test_the_run_on_the_screen_is_called_now_once(opened: Any) -> None:
    async with opened() as person:
        await person.press("s", until=lambda shown: shown.step == 1)
        await person.press("k", "s", "K")
        await person.sees("   now", part="sheet")
        assert "now   now" not in person.reads("sheet")


async def test_dead_units_are_told_of_beside_the_losses_they_may_explain(opened: Any) -> None:
    """A network of two units, one of them dead, looked like one that is too small."""
    run = ("relu-net", "--hidden", "2", *RUN)
    async with opened(*run) as person:
        await person.press("space", until=done)
        await person.press("K")
        await person.sees("0 at all points: 1 of 2 now.", part="sheet")
        await person.press("escape", "r", until=lambda shown: shown.step == 0)
        await person.press(":", *"hidden 3", "enter", until=lambda shown: len(shown.kept) == 1)
        await person.press("space", until=done)
        await person.press("K")
        await person.sees("Units dead (△), 0 at all points: 1 of 2 in run 1.", part="sheet")
        (kept,) = person.shown.kept
        assert (kept.end.dead, kept.end.units) == (1, 2)
        assert person.shown.observed.units == 3


async def test_where_no_unit_is_dead_nothing_is_said_of_any(opened: Any) -> None:
    async with opened("relu-net", "--hidden", "3", *RUN) as person:
        await person.press("space", until=done)
        await person.press("r", until=lambda shown: shown.step == 0)
        await person.press("K")
        await person.until(lambda: person.shown.kept[0].end is not None)
        await person.sees("enter go on with it", part="sheet")
        assert person.shown.kept[0].end.dead == 0
        assert "dead" not in person.reads("sheet")


async def test_the_key_of_the_kept_runs_stands_at_the_foot_before_there_are_any(
    opened: Any,
) -> None:
    for run in ("quadratic", "relu-net", "spiral", "penguins"):
        async with opened(run) as person:
            await person.press("s", until=lambda shown: shown.step == 1)
            await person.sees("K runs", part="keys")
            before = person.rows("keys")
            await person.press("r", until=lambda shown: shown.kept_runs)
            assert person.rows("keys") == before


async def test_small_losses_in_the_tables_can_be_told_apart(opened: Any) -> None:
    async with opened("xor", "--lr", "0.1", "--pace", "max") as person:
        await person.press("space", until=lambda shown: shown.epoch == 1000 and not shown.running)
        assert person.shown.loss < 0.01
        number = re.compile(r"[1-9]\.\d{3}e−\d+|0\.00*[1-9]\d{3}(?!\d)")
        await person.press("J")
        await person.sees(" now ", part="sheet")
        await person.until(lambda: "…" not in person.reads("sheet"))
        last = next(row for row in person.rows("sheet") if " now " in row)
        assert number.fullmatch(last.split()[3])
        await person.press("escape", "K")
        await person.sees("now ", part="sheet")
        now = next(row for row in person.rows("sheet") if row.startswith("   now"))
        assert number.fullmatch(now.split()[-1])
