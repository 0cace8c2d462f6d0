"""The sheet of options: every setting with its value, turned, typed and explained."""

from typing import Any

import pytest

from nn_core.config import CONSTANTS, setting, settings
from nn_core.config.experiments import EXPERIMENTS
from nn_core.formatting import short
from nn_tui.dialogs.options_sheet import USUAL, Options
from nn_tui.dialogs.prompt import Prompt


def titled(row: str) -> str:
    """The title of an option's row."""
    titles = [each.title for each in settings() if row[3:].startswith(each.title)]
    return max(titles, key=len, default="")


def option(person: Any) -> str:
    """The chosen row of the options."""
    return next(row for row in person.rows("sheet") if row.startswith(" ▸"))


async def choose(person: Any, title: str) -> None:
    """Go down the options to this one, opening `more` on the way."""
    for _ in settings():
        if titled(option(person)) == title:
            return
        if option(person).startswith(" ▸ more ") and "shows" in option(person):
            await person.press("right")
        await person.press("down")
    raise AssertionError(f"{title} isn’t among the options:\n{person.screen()}")


async def test_the_options_are_the_fields_of_the_config(opened: Any) -> None:
    wanted = {each.title for each in settings() if each.name != "experiment"}
    wanted -= {each.title for each in settings() if len(each.choices) == 1}
    wanted -= {setting(name).title for name in CONSTANTS}  # SGD has none
    async with opened(size=(120, 60)) as person:
        await person.press("o")
        await person.sees("takes effect on the next step", "begins another run", part="sheet")
        assert wanted - {titled(row) for row in person.rows("sheet")}
        await choose(person, "dtype")
        assert wanted <= {titled(row) for row in person.rows("sheet")}
        for name, value in (("learning rate", "0.01"), ("epochs", "100"), ("batch size", "all")):
            row = next(row for row in person.rows("sheet") if titled(row) == name)
            assert row[3 + len(name) :].replace("◂", "").split()[0] == value


async def test_the_usual_options_come_first_and_the_rest_is_behind_more(opened: Any) -> None:
    async with opened(size=(80, 34)) as person:
        await person.press("o")
        usual = ("optimizer", "hidden", "activation", "load", "data", "noise", "validation")
        await person.sees(*usual, "more", part="sheet")
        assert "↓ more" not in person.rows("sheet")[-1]
        await person.press("end")
        assert option(person).startswith(" ▸ more ")
        for key, shown in (("enter", True), ("enter", False), ("right", True), ("left", False)):
            await person.press(key)
            await person.until(lambda shown=shown: ("↓ more" in person.reads("sheet")) == shown)


async def test_a_batch_size_above_the_rows_is_said_to_be_all_of_them(opened: Any) -> None:
    said = "is more than 20 rows: one batch is all of them"
    async with opened("--batch-size", "64") as person:
        await person.sees(f"Batch size 64 {said}.", part="words")
        await person.press(*("colon", *"batch 99", "enter"))
        await person.sees(f"Batch size 99 {said}.", part="words")
        await person.press("o")
        await choose(person, "batch size")
        await person.sees(said.removeprefix("is "), part="sheet")
        await person.press("backspace", "escape")
        await person.sees("Batch size: all rows.", part="words")


async def test_of_a_model_that_is_changed_it_is_said_what_stays(opened: Any) -> None:
    """The same network, started as one, has another loss and target."""
    async with opened() as person:
        await person.press(*("colon", *"hidden 2", "enter"))
        said = "Still set: loss mae, epochs 100, pace 10. “Open mlp” (:) has mse, 1000, 100."
        await person.sees("Hidden: 2.", said, part="words")
        await person.press(*("colon", *"hidden 3", "enter"))
        await person.sees("Hidden: 3.", part="words")
        assert "Still set" not in person.reads("words")
    async with opened("--epochs", "7", "--loss", "mse", "--pace", "5") as person:
        await person.press(*("colon", *"model mlp", "enter"))
        await person.sees("Model: mlp.", part="words")
        assert "Still set" not in person.reads("words")


@pytest.mark.parametrize(
    ("experiment", "said"),
    [
        ("stopping-distance", "lr 0.1, epochs 100, pace 10. “Open mlp” (:) has 0.01, 1000, 100."),
        ("schedule", "loss mae, lr 1, epochs 300, pace 10. “Open mlp” (:) has its own."),
    ],
)
async def test_however_many_settings_stay_it_is_said_and_the_palette_has_the_others(
    experiment: str, said: str, opened: Any
) -> None:
    """Of three or four of them the sentence was too long for its line, and was not said."""
    async with opened(experiment) as person:
        await person.press(*("colon", *"hidden 2", "enter"))
        await person.sees("Hidden: 2.", f"Still set: {said}", part="words")
        own = EXPERIMENTS["mlp"].config.epochs
        await person.press(
            *("colon", *"open mlp", "enter"), until=lambda shown: shown.config.epochs == own
        )


async def test_an_option_that_does_nothing_here_says_where_it_does(opened: Any) -> None:
    async with opened(size=(120, 60)) as person:
        await person.press("o")
        await choose(person, "activation")
        await person.sees("only of a network", part="sheet")
        await choose(person, "missing")
        await person.sees("only of a file", part="sheet")
    async with opened("relu-net", size=(120, 60)) as person:
        await person.press("o")
        await choose(person, "activation")
        assert "only of a network" not in person.reads("sheet")


async def test_an_option_turns_and_the_words_follow_below(opened: Any) -> None:
    async with opened() as person:
        await person.press("o")
        await choose(person, "learning rate")
        await person.press("right")
        await person.sees("◂ 0.02", part="sheet")
        await person.sees("Learning rate 0.02", part="words")
        assert " lr 0.02 " in person.reads("status")
        await person.press("left", "left")
        await person.sees("◂ 0.005", part="sheet")
        await person.press("escape")
        await person.until(person.on_main)


async def test_an_option_is_typed(opened: Any) -> None:
    async with opened() as person:
        await person.press("o")
        await choose(person, "learning rate")
        await person.press("enter")
        await person.until(lambda: isinstance(person.app.screen, Prompt))
        await person.press(*"0.3", "enter")
        await person.until(lambda: isinstance(person.app.screen, Options))
        await person.sees("◂ 0.3 ", part="sheet")


async def test_an_optimizers_constants_are_among_them_with_the_values_in_force(opened: Any) -> None:
    async with opened("--optimizer", "adam", "--beta2", "0.99", size=(100, 50)) as person:
        await person.press("o")
        await choose(person, "beta1")
        assert option(person).split()[1:5] == ["beta1", "◂", "0.9", "(default)"]
        await person.press("right", until=lambda shown: shown.config.beta1 == 0.95)
        await person.sees("Beta1 0.95 from here on", part="words")
        await choose(person, "beta2")
        assert option(person).split()[1:4] == ["beta2", "◂", "0.99"]
        titles = {titled(row) for row in person.rows("sheet")}
        assert {"epsilon"} <= titles
        assert not {"momentum", "alpha", "weight decay"} & titles
        await person.press("enter", *"default", "enter")
        await person.until(lambda: person.shown.config.beta2 is None)
        await person.sees("Beta2 0.999 from here on", part="words")


async def test_a_switch_is_turned(opened: Any) -> None:
    async with opened() as person:
        await person.press("o")
        await choose(person, "zero gradients")
        await person.press("right", until=lambda shown: not shown.config.zero_gradients)
        await person.sees("NOT ZEROED", part="header")


async def test_another_seed_starts_another_run(opened: Any) -> None:
    async with opened("relu-net") as person:
        await person.press("s", until=lambda shown: shown.step == 1)
        first = person.shown.curve[1].tobytes()
        await person.press("o")
        await choose(person, "seed")
        await person.press("right", until=lambda shown: shown.config.seed == 1)
        assert person.shown.step == 0
        assert person.shown.curve[1].tobytes() != first
        assert [kept.label for kept in person.shown.kept] == ["seed 0"]


async def test_another_model_rearranges_the_screen(opened: Any) -> None:
    async with opened() as person:
        await person.press("o")
        await choose(person, "model")
        await person.press("right", until=lambda shown: shown.config.model == "relu")
        await person.press("right", until=lambda shown: shown.config.model == "mlp")
        # What the setting says of its default, and "Open mlp" begins with.
        assert person.shown.config.hidden == EXPERIMENTS["mlp"].config.hidden == (16, 16)
        await person.press("escape")
        await person.sees("W1", "b2", part="table")
        assert "layer" in person.reads("keys")
        assert person.reads("header").startswith(" mlp   1 → 16 ReLU → 16 ReLU → 1")
        await person.press("o")
        await choose(person, "model")
        await person.press("right", until=lambda shown: shown.config.model == "quadratic")
        await person.press("escape")
        await person.sees(" a ", " b ", " c ", part="table")


async def test_hidden_units_are_typed_and_make_a_network(opened: Any) -> None:
    async with opened() as person:
        await person.press("o")
        await choose(person, "hidden")
        await person.press("right")
        await person.until(lambda: isinstance(person.app.screen, Prompt))
        await person.press(*"8,8", "enter", until=lambda shown: shown.config.hidden == (8, 8))
        await person.press("escape")
        await person.sees("1 → 8 ReLU → 8 ReLU → 1", part="header")


async def test_a_bad_option_gets_a_clear_line_and_the_prompt_stays(opened: Any) -> None:
    async with opened("relu-net") as person:
        await person.press("o")
        await choose(person, "hidden")
        await person.press("enter", *"16,x", "enter")
        assert isinstance(person.app.screen, Prompt)
        assert person.rows("asked")[0].strip().startswith("hidden must be whole numbers from 1 ")


async def test_what_cannot_be_carried_out_is_said_and_nothing_changes(
    opened: Any, csv_file: Any
) -> None:
    async with opened("relu-net") as person:
        await person.press("o")
        await choose(person, "data")
        await person.press("enter", *csv_file("a,b\n1,2\n", "one.csv"), "enter")
        await person.sees("Not done: ", "one.csv", part="words")
        assert person.shown.config.data == "lesson"
        await person.press("escape", "s", until=lambda shown: shown.step == 1)
        assert "Not done" not in person.reads("words")


async def test_the_options_scroll_on_a_small_screen(opened: Any) -> None:
    async with opened(size=(60, 14)) as person:
        await person.press("o")
        await person.press("up", "enter")
        seen = {titled(option(person))}
        for _ in settings():
            await person.press("down")
            if titled(option(person)) == "learning rate":
                break
            seen.add(titled(option(person)))
        rest = {each.title for each in settings() if len(each.choices) != 1}
        rest -= {setting(name).title for name in (*USUAL, *CONSTANTS, "experiment")}
        assert seen - {""} == rest
        await person.press("end")
        assert "↓ more" not in person.reads("sheet")


async def test_the_options_go_around_their_ends_and_to_them(opened: Any) -> None:
    async with opened() as person:
        await person.press("o")
        for key, chosen in (("up", "more"), ("down", "learning rate"), ("end", "more"),
                            ("home", "learning rate")):  # fmt: skip
            await person.press(key)
            await person.until(lambda chosen=chosen: option(person).startswith(f" ▸ {chosen} "))


async def test_an_option_says_its_default_and_goes_back_to_it(opened: Any) -> None:
    async with opened("relu-net") as person:
        await person.press("o")
        await person.sees("this is the default", part="sheet")
        await person.press("right", until=lambda shown: shown.config.learning_rate == 0.02)
        await person.sees("default 0.01: how far", "backspace default, 0.01", part="sheet")
        await person.press("backspace", until=lambda shown: shown.config.learning_rate == 0.01)
        await choose(person, "epochs")
        await person.press("right", until=lambda shown: shown.config.epochs == 2000)
        await person.press("backspace", until=lambda shown: shown.config.epochs == 1000)


async def test_a_snapshot_may_come_before_the_options_are_there(opened: Any) -> None:
    async with opened() as person:
        options = Options(
            person.app.appearance.rows, person.shown, person.app.link.ask, lambda setting: None
        )
        mounted = person.app.push_screen(options)
        options.show_snapshot(person.shown)
        await mounted
        await person.sees("learning rate", part="sheet")


@pytest.mark.parametrize("width", [40, 60, 80, 120])
async def test_the_rate_of_a_schedule_has_its_numbers_and_a_mark_where_the_run_is(
    width: int, opened: Any
) -> None:
    arguments = ("--schedule", "cosine", "--lr", "0.5", "--epochs", "40")
    async with opened(*arguments, size=(width, 24)) as person:
        places = []
        for step in (0, 20, 40):
            if step:
                await person.press("j", "ctrl+u", *str(step), "enter")
                await person.until(lambda step=step: person.shown.step == step)
            await person.press("o")
            await person.sees("▲", part="sheet")
            mark = next(row for row in person.rows("sheet") if "▲" in row)
            places.append(mark.index("▲"))
            if width > 40:
                assert f"now {short(person.shown.learning_rate)}" in mark
                assert "highest 0.5, last 0.0" in mark or width < 80
            await person.press("escape")
            await person.until(person.on_main)
        assert places == sorted(set(places))


async def test_of_a_table_its_own_rows_stand_in_the_options(opened: Any) -> None:
    """The 20 that data would be made of stood there."""
    async with opened("penguins", "--validation", "0.2", size=(120, 60)) as person:
        await person.press("o")
        await person.sees("takes effect on the next step", part="sheet")
        await choose(person, setting("rows").title)
        assert option(person).replace("◂", "").split()[1:3] == ["rows", "342"]
