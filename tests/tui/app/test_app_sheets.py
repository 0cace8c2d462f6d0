"""What lies over the main screen: options, help, the palette; and quitting from anywhere."""

import math
from typing import Any

import pytest

from nn_core.config import CONSTANTS, setting, settings
from nn_core.config.experiments import EXPERIMENTS
from nn_core.optim.optimizers import has_setting
from nn_tui.dialogs.help_sheet import Help, Meaning
from nn_tui.dialogs.options_sheet import USUAL, Options
from nn_tui.dialogs.palette import Palette
from nn_tui.dialogs.prompt import Prompt
from nn_tui.keys import KEYS


def on_main(person: Any) -> bool:
    return len(person.app.screen_stack) == 1


# --- options ----------------------------------------------------------------------------------


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
    raise AssertionError(f"{title} isn't among the options:\n{person.screen()}")


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
        await person.until(lambda: on_main(person))


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
        assert person.shown.config.hidden == (16,)
        await person.press("escape")
        await person.sees("W1", "b2", part="table")
        assert "layer" in person.reads("keys")
        assert person.reads("header").startswith(" nn-tui   mlp   1 → 16 ReLU → 1")
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


async def test_what_cannot_be_carried_out_is_said_and_nothing_changes(opened: Any) -> None:
    async with opened("relu-net") as person:
        await person.press("o")
        await choose(person, "data")
        await person.press("enter", *"none.csv", "enter")
        await person.sees("Not done: none.csv: there is no such file.", part="words")
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


# --- help -------------------------------------------------------------------------------------


async def test_help_lists_every_key_once(opened: Any) -> None:
    for size in ((110, 260), (240, 160)):  # in one column, and in two
        async with opened(size=size) as person:
            await person.press("question_mark")
            await person.sees("Time", "Values", "Look", part="sheet")
            assert "↓ more" not in person.reads("sheet")
            for found in KEYS:
                row = f"   {found.shown:<9} {found.about}"
                assert person.reads("sheet").count(row) == 1, row


async def test_help_says_of_no_sum_of_gradients_what_it_does_to_the_loss(opened: Any) -> None:
    async with opened(size=(80, 250)) as person:
        await person.press("z", "s", "s", until=lambda shown: shown.step == 2)
        await person.press("question_mark")
        await person.sees("the sum of those of all steps", "stands in 4", part="sheet")
        assert "raised by" not in person.reads("sheet").split("Other terms")[0]


async def test_help_begins_with_what_is_chosen_and_has_the_terms_on_the_screen(opened: Any) -> None:
    async with opened(size=(80, 250)) as person:
        await person.press("down", until=lambda shown: shown.request.chosen == 1)
        await person.press("question_mark")
        await person.sees(" b ", "Its gradient, −0.0316, says", part="sheet")
        assert person.rows("sheet")[1].startswith(" b ")
        here, elsewhere = person.reads("sheet").split("Other terms")
        for name, meaning in (("MAE", "mean absolute"), ("SGD", "stochastic"), ("lr", "the lea")):
            assert f" {name:<15} {meaning}" in here
        assert f" {'Adam':<15} momentum" in elsewhere


LEFT_OUT = "island,bill,mass,y\na,30,4000,1\nb,31,,2\na,32,4200,3.5\nb,33,5000,4\n"


async def test_help_says_what_was_left_out_of_a_table(
    opened: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "left.csv").write_text(LEFT_OUT)
    async with opened("left.csv", size=(200, 40)) as person:
        person.rush("question_mark", "slash", *"left", "enter")
        await person.until(lambda: isinstance(person.app.screen, Meaning))
        await person.sees("Left out: island (text). 1 row with missing", part="sheet")
        await person.sees("Points are counted from 1", part="sheet")
        await person.press("enter", "question_mark")
        await person.sees(" data ", "y from bill, mass", part="sheet")
        await person.press("slash", *"data")
        await person.sees("data = …", "Data: what is used and what is left out")
    async with opened("quadratic") as person:
        await person.press("question_mark")
        await person.sees("first line", part="sheet")
        assert " data  " not in person.reads("sheet")


async def test_a_term_is_looked_up_from_the_help(opened: Any) -> None:
    async with opened() as person:
        person.rush("question_mark", "slash", *"what saturated", "enter")
        await person.until(lambda: isinstance(person.app.screen, Meaning))
        await person.sees("saturated", "so flat that it passes on", part="sheet")
        await person.press("enter")
        await person.until(lambda: on_main(person))


async def test_a_key_that_does_not_apply_is_found_with_what_it_waits_for(opened: Any) -> None:
    async with opened() as person:
        await person.press("colon", *"partner")
        await person.sees("not now: a partner is for the map of the view slope, 4")
        await person.press("enter")
        await person.sees("Not done: a partner is for the map", part="words")


async def test_a_long_key_keeps_apart_from_what_it_does(opened: Any) -> None:
    async with opened() as person:
        await person.press("colon", *"redraw")
        await person.sees("ctrl+l ", "Draw the whole screen again", part="sheet")


async def test_help_scrolls_to_its_end_and_leaves(opened: Any) -> None:
    async with opened() as person:
        await person.press("question_mark")
        await person.sees("↓ more", part="sheet")
        await person.press(*["pagedown"] * 30)
        await person.sees("by turns", part="sheet")
        assert "↓ more" not in person.reads("sheet")
        await person.press("pageup", "up", "down", "escape")
        await person.until(lambda: on_main(person))


@pytest.mark.parametrize("arguments", [(), ("relu-net",), ("stopping-distance",)])
async def test_help_names_the_parts_that_are_on_the_screen(
    arguments: tuple[str, ...], opened: Any
) -> None:
    network = arguments == ("relu-net",)
    async with opened(*arguments, size=(120, 60)) as person:
        await person.press("question_mark")
        await person.sees("fit", "loss", "words", "status", part="sheet")
        parts = {row.split()[0] for row in person.rows("sheet") if row[1:2].strip()}
        assert ("kinks" in parts, "layers" in parts) == (network, network)
        assert ("parameters" in parts) == (not network)


@pytest.mark.parametrize("opens", ["o", "question_mark", "K"])
async def test_a_sheet_is_left_for_the_palette(opens: str, opened: Any) -> None:
    """Its key stands at the foot of the screen while a sheet is open."""
    async with opened() as person:
        await person.press(opens)
        person.rush("colon", *"lr")  # typed faster than the palette opens
        await person.until(lambda: isinstance(person.app.screen, Palette))
        await person.until(lambda: person.typed() == "lr")
        await person.press("escape")
        await person.until(lambda: on_main(person))


@pytest.mark.parametrize("leaves", ["escape", "q", "question_mark"])
async def test_help_is_left_by(leaves: str, opened: Any) -> None:
    async with opened() as person:
        await person.press("question_mark")
        await person.until(lambda: isinstance(person.app.screen, Help))
        await person.press(leaves)
        await person.until(lambda: on_main(person))
        assert person.app.return_code is None


# --- the palette ------------------------------------------------------------------------------


async def test_the_palette_has_every_key_setting_and_experiment(opened: Any) -> None:
    async with opened("mlp", "--batch-size", "5") as person:
        await person.press("s", until=lambda shown: shown.step == 1)
        await person.press("enter")
        await person.until(lambda: "W1[1,1]" in person.reads("table"))
        titles = [entry.title for entry in person.app.entries()]
        elsewhere = {"palette", "contest", "hint", "partner"}  # of other models, other views
        for found in KEYS:
            if found.name not in elsewhere:
                does = found.about.partition(":")[0]
                assert any(title.startswith(does) for title in titles), does
        for each in settings():
            if each.name != "experiment":
                assert (f"{each.title} = …" in titles) == has_setting("sgd", each.name)
        for name in EXPERIMENTS:
            assert f"Open {name}" in titles
        assert len(titles) == len(set(titles))


async def test_the_palette_says_of_what_does_not_apply_why_not(opened: Any) -> None:
    async with opened() as person:
        back = [each for each in person.app.entries() if each.title.startswith("Go back")]
        assert [each.about for each in back] == ["not now: this is the start of the run"]


async def palette(person: Any, text: str, found: str) -> None:
    """Open the palette, type, see a hit, and take it."""
    await person.press("colon")
    await person.sees("Search")
    await person.press(*text)
    await person.sees(found)
    await person.press("enter")


@pytest.mark.parametrize(
    ("text", "found", "seen"),
    [
        ("one step", "Take one step", lambda person: person.shown.step == 1),
        ("stop or", "Stop or resume zeroing", lambda p: "NOT ZEROED" in p.reads("header")),
        ("nudge", "Raise the chosen", lambda p: p.shown.rows[0].value in (1.2, 1.0)),
        ("options", "All settings", lambda person: isinstance(person.app.screen, Options)),
        ("help", "Help for what", lambda person: isinstance(person.app.screen, Help)),
        ("pace", "pace = …", lambda person: isinstance(person.app.screen, Prompt)),
        ("open relu-net", "Open relu-net", lambda person: person.shown.scene.kind == "mlp"),
        ("stopping", "Open stopping-distance", lambda p: p.shown.scene.scaled),
        ("quit", "Quit", lambda person: person.app.return_code == 0),
    ],
)
async def test_the_palette_finds_and_runs(text: str, found: str, seen: Any, opened: Any) -> None:
    async with opened() as person:
        assert not seen(person)
        await palette(person, text, found)
        await person.until(lambda: seen(person))


async def test_a_pace_is_typed_as_a_number_or_max(opened: Any) -> None:
    async with opened() as person:
        await palette(person, "pace", "pace = …")
        await person.until(lambda: isinstance(person.app.screen, Prompt))
        await person.press(*"max", "enter", until=lambda shown: shown.config.pace == math.inf)


async def test_the_palette_is_left_by_esc(opened: Any) -> None:
    async with opened() as person:
        await person.press("ctrl+p")
        await person.sees("Search")
        await person.press("escape")
        await person.until(lambda: on_main(person))


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("adam", lambda shown: shown.config.optimizer == "adam"),
        ("optimizer = adam", lambda shown: shown.config.optimizer == "adam"),
        ("sine", lambda shown: shown.config.data == "sine"),
        ("lr 0.3", lambda shown: shown.config.learning_rate == 0.3),
        ("learning rate=0.3", lambda shown: shown.config.learning_rate == 0.3),
        ("hidden 8,4", lambda shown: shown.config.hidden == (8, 4)),
        ("zeroing off", lambda shown: not shown.config.zero_gradients),
    ],
)
async def test_the_palette_sets_a_value_by_its_name(text: str, seen: Any, opened: Any) -> None:
    """A value's name alone once chose whatever began like it, as ":adam" a neuron more."""
    async with opened() as person:
        assert not seen(person.shown)
        await person.press("colon", *text, "enter")
        await person.until(lambda: seen(person.shown))
        await person.until(lambda: on_main(person))


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        ("overfit", "validation = …"), ("csv", "data = …"), ("neuron", "hidden = …"),
        ("exercise", "Beat gradient descent"), ("passes", "epochs = …"), ("ptimize", "optimizer"),
    ],
)  # fmt: skip
async def test_what_is_only_described_so_is_listed_and_taken_once_chosen(
    text: str, listed: str, opened: Any
) -> None:
    async with opened() as person:
        await person.press("colon", *text, "enter", "enter")
        await person.sees(listed, "nothing is called so; ", "↓ chooses")
        assert person.typed() == text
        await person.press("down")
        await person.until(lambda: " ▸ " in person.reads("sheet"))
        await person.press("enter")
        await person.until(lambda: not isinstance(person.app.screen, Palette))


async def test_the_palette_opens_a_csv_file_by_its_name_alone(opened: Any, tmp_path: Any) -> None:
    path = tmp_path / "Two words.csv"
    path.write_text("x,y\n1,2\n2,4\n3,6\n")
    async with opened() as person:
        await person.press("colon")
        await person.until(lambda: isinstance(person.app.screen, Palette))
        person.app.screen.query_one("Input").value = str(path)
        await person.press("enter")
        await person.until(lambda: person.shown.config.data == str(path))


async def test_the_palette_trains_up_to_a_step_ahead(opened: Any) -> None:
    async with opened() as person:
        await person.press("colon", *"step 12")
        await person.sees("Go to step 12", "trains up to there; this run got to step 0")
        await person.press("enter")
        await person.until(lambda: person.shown.step == 12 and not person.shown.running)


async def test_the_palette_knows_the_truth_and_leads_to_the_published_table(opened: Any) -> None:
    async with opened() as person:
        await person.press("colon", *"truth")
        await person.sees("a 3.0000  b 2.0000  c 1.0000", "1.4767")
        await person.press("ctrl+u", *"published table", "enter")
        await person.until(lambda: person.shown and not person.shown.config.zero_gradients)
        await person.press("space")
        await person.sees("1.4628", part="status")


async def test_a_change_of_theme_confirms_itself(opened: Any) -> None:
    async with opened() as person:
        await person.press("colon", *"light", "enter")
        await person.sees("Theme light", part="words")


async def test_the_palette_does_nothing_unless_something_is_typed_or_chosen(opened: Any) -> None:
    async with opened() as person:
        await person.press("colon")
        await person.sees("type a word of it")
        await person.press("enter")
        await person.sees("Nothing done: type a word of it")
        await person.press(*"zzz", "enter")
        await person.sees("nothing is called or described so")
        assert isinstance(person.app.screen, Palette)


async def test_the_palette_goes_to_a_step(opened: Any) -> None:
    async with opened() as person:
        await person.press(*"sss", until=lambda shown: shown.step == 3)
        await person.press("colon", *"step 1", "enter", until=lambda shown: shown.step == 1)


async def test_the_palette_says_what_is_wrong_with_a_typed_value(opened: Any) -> None:
    async with opened() as person:
        await person.press("colon", *"lr fast")
        await person.sees("learning rate must be a number above 0")


async def test_what_changes_the_model_or_the_data_says_so_in_the_palette(opened: Any) -> None:
    async with opened("relu-net") as person:
        about = {entry.title: entry.about for entry in person.app.entries()}
    assert about["Add a unit to the chosen layer (unit more)"] == "changes the model"
    assert about["Delete the chosen data point (point less)"] == "changes the data"
    for title in ("data = sine", "Open relu", "hidden = …", "loss = huber"):
        assert about[title].startswith("begins another run: ")
    assert "another run" not in about["optimizer = adam"]


async def test_the_colours_change_while_it_runs(opened: Any) -> None:
    async with opened() as person:
        assert person.role_of("words", "The lesson") is None
        assert person.role_of("header", "zeroing gradients") == "color(245)"
        await person.press("colon", *"light", "enter")
        await person.until(lambda: person.role_of("header", "zeroing gradients") == "color(242)")


# --- quitting ---------------------------------------------------------------------------------


@pytest.mark.parametrize("over", ["e", "enter", "o", "question_mark", "colon"])
async def test_ctrl_c_quits_from_anywhere(over: str, opened: Any) -> None:
    async with opened() as person:
        await person.press(over)
        await person.until(lambda: not on_main(person))
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


# --- keys that come faster than the screen ----------------------------------------------------


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
            if not on_main(person):
                await person.press("escape")
        await person.until(lambda: on_main(person))
        step = person.shown.step
        await person.press("s", until=lambda shown: shown.step != step)


async def test_a_snapshot_may_come_before_the_options_are_there(opened: Any) -> None:
    async with opened() as person:
        options = Options(
            person.app.appearance.rows, person.shown, person.app.link.ask, lambda setting: None
        )
        mounted = person.app.push_screen(options)
        options.show_snapshot(person.shown)
        await mounted
        await person.sees("learning rate", part="sheet")


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
