"""Values on the screen: nudging and typing parameters, rate, epochs, points, layers."""

from typing import Any

import pytest

from nn_core.explain.outcomes import Moved
from nn_tui.dialogs.prompt import Prompt


def value(index: int, wanted: float) -> Any:
    return lambda shown: shown.rows[index].value == pytest.approx(wanted, abs=1e-12)


# --- nudging ----------------------------------------------------------------------------------


async def test_a_nudge_moves_the_parameter_and_the_words_say_what_the_gradient_predicted(
    opened: Any,
) -> None:
    async with opened() as person:
        await person.press("right", until=value(0, 1.2))
        first, second = (line.rstrip() for line in person.rows("words"))
        assert first == " You raised a by 0.1: the loss changed by −0.1353."
        assert second == " The gradient foretold −1.3529 × 0.1 = −0.1353: so it was."
        assert "loss 2.2866 " in person.reads("status")
        await person.press("left", until=value(0, 1.1))
        assert person.rows("words")[0].startswith(" You lowered a by 0.1: the loss changed by +0.1")
        assert "loss 2.4219 " in person.reads("status")


async def test_far_from_small_moves_the_gradient_is_wrong_and_the_words_say_so(opened: Any) -> None:
    async with opened() as person:
        await person.press("enter")
        await person.press(*"9", "enter", until=value(0, 9.0))
        assert "it holds for small moves" in person.reads("words")


async def test_the_chosen_parameter_is_the_one_that_is_nudged(opened: Any) -> None:
    async with opened() as person:
        await person.press("down", "down")
        await person.until(lambda: person.row("c").startswith(" ▸"))
        await person.press("right", until=value(2, 1.2))
        await person.press("down", "down")  # by way of the step's number
        await person.until(lambda: person.row("a").startswith(" ▸"))
        assert sum(row.startswith(" ▸") for row in person.rows("table")) == 1


async def test_a_nudge_can_be_taken_back_step_by_step(opened: Any) -> None:
    async with opened() as person:
        await person.press("s", until=lambda shown: shown.step == 1)
        await person.press("right")
        await person.until(lambda: isinstance(person.shown.outcome, Moved))
        await person.press("s", until=lambda shown: shown.step == 2)
        await person.press("b", until=lambda shown: shown.step == 1)
        assert person.shown.rows[0].value == pytest.approx(1.1135 + 0.1, abs=1e-4)
        await person.press("b", until=lambda shown: shown.step == 0)
        assert person.shown.rows[0].value == 1.1


async def test_a_slider_follows_its_value(opened: Any) -> None:
    async with opened() as person:
        start = person.row("a").index("◆")
        await person.press("right", "right", "right", until=value(0, 1.4))
        assert person.row("a").index("┊") == start
        assert person.row("a").index("◆") > start


# --- typing -----------------------------------------------------------------------------------


async def test_enter_types_a_value(opened: Any) -> None:
    async with opened() as person:
        await person.press("down", "enter")
        assert person.rows("asked")[0].startswith(" b ")
        assert person.typed() == "1.1"
        await person.press(*"-2.5", "enter", until=value(1, -2.5))
        assert " −2.5000 " in person.row("b")
        assert not isinstance(person.app.screen, Prompt)


async def test_what_is_typed_is_seen_where_the_words_were(opened: Any) -> None:
    async with opened() as person:
        await person.press("enter")
        await person.press(*"3.25")
        lines = person.screen().splitlines()
        assert lines[19].startswith(" a ")
        assert lines[20].strip() == "3.25"
        assert lines[21].startswith(" paused")


async def test_enter_without_typing_changes_nothing(opened: Any) -> None:
    async with opened() as person:
        await person.press(*"ssss", until=lambda shown: shown.step == 4)
        await person.press("b", until=lambda shown: shown.step == 3)
        exactly = person.shown.rows[0].value
        await person.press("enter", "enter")
        await person.press("s", until=lambda shown: shown.step == 4)
        await person.press("b", until=lambda shown: shown.step == 3)
        assert person.shown.rows[0].value == exactly
        assert not person.shown.kept


@pytest.mark.parametrize("bad", ["x", "", "nan", "inf", "1e999", "1,5"])
async def test_a_bad_value_gets_a_clear_line_and_the_prompt_stays(bad: str, opened: Any) -> None:
    async with opened() as person:
        await person.press("enter", "delete", *bad, "enter")
        assert isinstance(person.app.screen, Prompt)
        assert person.rows("asked")[0].strip() == f"a must be a finite number; not {bad!r}"
        await person.press("escape")
        await person.press("s", until=lambda shown: shown.step == 1)
        assert "loss 2.4010 " in person.reads("status")


async def test_esc_leaves_the_prompt_and_nothing_is_set(opened: Any) -> None:
    async with opened() as person:
        await person.press("enter", *"7", "escape")
        assert not isinstance(person.app.screen, Prompt)
        await person.press("s", until=lambda shown: shown.step == 1)
        assert "loss 2.4010 " in person.reads("status")


async def test_keys_are_letters_while_typing(opened: Any) -> None:
    async with opened() as person:
        await person.press("e", *"sizq")
        assert person.typed() == "sizq"
        await person.press("escape", "s", until=lambda shown: shown.step == 1)
        assert person.shown.config.zero_gradients


# --- rate and epochs --------------------------------------------------------------------------


async def test_the_rate_goes_up_in_ones_twos_and_fives(opened: Any) -> None:
    async with opened() as person:
        for pressed, rate in [
            ("+", "0.02"), ("=", "0.05"), ("+", "0.1"), ("+", "0.2"),
            ("-", "0.1"), ("-", "0.05"), ("-", "0.02"), ("-", "0.01"), ("-", "0.005"),
        ]:  # fmt: skip
            await person.press(pressed)
            await person.sees(f"lr {rate} ", part="status")
        assert "Learning rate 0.005" in person.reads("words")
        assert "+0.0068" in person.row("a")


async def test_epochs_are_typed(opened: Any) -> None:
    async with opened() as person:
        await person.press("e")
        assert person.rows("asked")[0].startswith(" epochs")
        assert "↑↓ change" in person.rows("asked")[0]
        assert person.typed() == "100"
        await person.press(*"12", "enter", until=lambda shown: shown.config.epochs == 12)
        await person.sees("epoch 0/12 ", part="status")
        assert "The target is 12 epochs now" in person.reads("words")


async def test_epochs_turn_with_up_and_down(opened: Any) -> None:
    async with opened() as person:
        await person.press("e", "up")
        assert person.typed() == "200"
        await person.press("down", "down")
        assert person.typed() == "50"
        await person.press("enter", until=lambda shown: shown.config.epochs == 50)


@pytest.mark.parametrize("bad", ["-5", "1.5", "many", "1e3"])
async def test_bad_epochs_get_a_clear_line_and_the_prompt_stays(bad: str, opened: Any) -> None:
    async with opened() as person:
        await person.press("e", *bad, "enter")
        said = person.rows("asked")[0].strip()
        assert said.startswith("epochs must be a whole number from 0 to 1000000000000; not ")
        assert bad in said
        assert person.typed() == bad
        await person.press("up")
        assert isinstance(person.app.screen, Prompt)
        await person.press(*["backspace"] * 9, *"30", "enter")
        await person.sees("epoch 0/30 ", part="status")


async def test_brackets_change_the_epochs(opened: Any) -> None:
    async with opened() as person:
        await person.press("]")
        await person.sees("epoch 0/200 ", part="status")
        await person.press("[", "[", "[")
        await person.sees("epoch 0/20 ", part="status")


# --- points -----------------------------------------------------------------------------------


async def test_comma_and_full_stop_choose_the_point(opened: Any) -> None:
    async with opened() as person:
        assert "  1 of 20   x −2.0000   y 11.8690" in person.reads("point")
        await person.press(".")
        await person.sees("  2 of 20   x −1.7895   y 6.5433", part="point")
        assert person.reads("fit").count("◉") == 1
        await person.press(",", ",")
        await person.sees(" 20 of 20   x 2.0000   y 13.6", part="point")
        await person.press(".")
        await person.sees("  1 of 20 ", part="point")


async def test_a_point_that_is_added_is_chosen(opened: Any) -> None:
    async with opened() as person:
        await person.press("a", "ctrl+u", *"1.5, 4", "enter")
        await person.until(lambda: person.shown.point.index == 20)
        assert "21 of 21   x 1.5000   y 4.0000" in person.reads("point")


async def test_the_chosen_point_has_its_residual_and_larger_screens_show_all(opened: Any) -> None:
    async with opened() as person:
        small = person.reads("fit").count("╎")
        columns = {row.index("╎") for row in person.rows("fit") if "╎" in row}
        assert len(columns) == 1
        assert small >= 2
    async with opened(size=(120, 40)) as person:
        columns = {at for row in person.rows("fit") for at, cell in enumerate(row) if cell == "╎"}
        assert len(columns) >= 10


# --- layers -----------------------------------------------------------------------------------


async def test_a_layer_opens_into_its_numbers_and_scrolls(opened: Any) -> None:
    async with opened("relu-net") as person:
        assert [row[3:].split()[0] for row in person.rows("table")[1:]] == [
            "W1", "b1", "W2", "b2",
        ]  # fmt: skip
        await person.press("down")
        await person.until(lambda: person.row("b1").startswith(" ▸"))
        await person.press("enter")
        await person.until(lambda: any("b1[1]" in row for row in person.rows("table")))
        await person.until(lambda: len(person.rows("table")) == 7)
        assert person.shown.row_count == 16
        for index in range(1, 16):
            await person.press("down")
            await person.until(lambda index=index: _chosen(person) == f"b1[{index + 1}]")
        assert person.rows("table")[-1].startswith(" ▸ b1[16]")
        assert "b1[11]" in person.rows("table")[1]
        await person.press("down", "down")  # by way of the step's number
        await person.until(lambda: _chosen(person) == "b1[1]")
        assert person.rows("table")[1].startswith(" ▸ b1[1]")
        await person.press("escape")
        await person.until(lambda: _chosen(person) == "b1")


def _chosen(person: Any) -> str:
    chosen = (row.split()[1] for row in person.rows("table") if row[1:2] == "▸")
    return next(chosen, "")


async def test_a_number_of_an_opened_layer_can_be_nudged_and_typed(opened: Any) -> None:
    async with opened("relu-net") as person:
        await person.press("down", "down", "down", "enter")
        await person.until(lambda: "b2[1]" in person.reads("table"))
        before = person.shown.rows[0].value
        await person.press("right", until=value(0, before + 0.1))
        assert "You raised b2[1] by 0.1" in person.reads("words")
        await person.press("enter")
        assert person.rows("asked")[0].startswith(" b2[1] ")
        await person.press(*"0.5", "enter", until=value(0, 0.5))


async def test_help_stays_among_the_keys_wherever_one_is(opened: Any) -> None:
    async with opened("relu-net") as person:
        for pressed in ("", "enter", "i"):
            if pressed:
                await person.press(pressed)
                await person.until(lambda: "esc out" in person.reads("keys"))
            assert "? help" in person.reads("keys")
            assert ": all" in person.reads("keys")


async def test_the_kinks_are_marked_under_the_curve(opened: Any) -> None:
    async with opened("relu-net") as person:
        marks = [row for row in person.rows("fit") if "▲" in row]
        assert len(marks) == 1
        assert marks[0].count("▲") + marks[0].count("▼") + marks[0].count("△") >= 14


async def test_the_two_rectified_lines_say_what_they_are(opened: Any) -> None:
    async with opened("relu") as person:
        await person.press("s", "b", until=lambda shown: shown.step == 0)
        assert "loss 3.2632 " in person.reads("status")
        for label, number in (("m1", "−1.5000"), ("b1", "−1.5000"), ("m2", "1.5000")):
            assert number in person.row(label)
        await person.press("right", until=value(0, -1.4))
        await person.press("s", until=lambda shown: shown.step == 1)
        assert "The sum only bends up, is never below 0" in person.reads("words")


async def test_scaled_data_is_said_and_shown_in_both_units(opened: Any) -> None:
    async with opened("stopping-distance", "--pace", "max") as person:
        assert "scaled" in person.reads("header")
        assert "Scaled" in person.reads("words") or "scaled" in person.reads("words")
        await person.press("]", "]", "space", until=lambda shown: shown.epoch == 500)
        await person.sees(
            "as in the file: distance_ft = 0.09996·speed_mph² + 0.9133·speed_mph + 2.47",
            part="table",
        )
