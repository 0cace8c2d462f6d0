"""The palette: everything found by name, done or set."""

import math
import re
from typing import Any

import pytest

from nn_core import Config, Timeline, Trainer
from nn_core.config import settings
from nn_core.config.experiments import EXPERIMENTS
from nn_core.lessons.course import lessons
from nn_core.live.edit_requests import Set
from nn_core.optim.optimizers import has_setting
from nn_core.storage.session import dumps
from nn_tui.dialogs.help_sheet import Help, Meaning
from nn_tui.dialogs.options_sheet import Options
from nn_tui.dialogs.palette import Palette, found_by
from nn_tui.dialogs.prompt import Prompt
from nn_tui.keys import KEYS


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


async def test_a_lesson_is_found_by_its_number_before_all_that_speaks_of_it(opened: Any) -> None:
    """Of lesson 4 only the published table was found, since it names it."""
    async with opened() as person:
        titles = [entry.read("").title for entry in lessons()]
        assert len(titles) == 14
        for number, title in enumerate(titles, 1):
            text = f"lesson {number}"
            found = found_by(text, person.app.entries(), person.app.typed_entries(text))
            assert found.entries[0].title == f"Lesson {number}: {title}"
            assert found.named
        await person.press("colon", *"lesson 4")
        await person.sees("Lesson 4: The forgotten zero", part="sheet")
        first, second = person.rows("sheet")[1:3]
        assert first.startswith(" ▸ ")
        assert "Lesson 4" in first
        assert "published table" in second
        await person.press("enter")
        await person.sees("The forgotten zero", "task 1 of 5", part="lesson")


async def test_a_lesson_that_is_not_there_is_refused_in_the_palette(opened: Any) -> None:
    async with opened() as person:
        await person.press("colon", *"lesson 15", "enter")
        await person.sees("there are 1 to 14", part="sheet")


@pytest.mark.parametrize("opens", ["o", "question_mark", "K"])
async def test_a_sheet_is_left_for_the_palette(opens: str, opened: Any) -> None:
    """Its key stands at the foot of the screen while a sheet is open."""
    async with opened() as person:
        await person.press(opens)
        person.rush("colon", *"lr")  # typed faster than the palette opens
        await person.until(lambda: isinstance(person.app.screen, Palette))
        await person.until(lambda: person.typed() == "lr")
        await person.press("escape")
        await person.until(person.on_main)


async def test_the_palette_has_every_key_setting_and_experiment(opened: Any) -> None:
    async with opened("mlp", "--batch-size", "5") as person:
        await person.press("s", until=lambda shown: shown.step == 1)
        await person.press("enter")
        await person.until(lambda: "W1[1,1]" in person.reads("table"))
        titles = [entry.title for entry in person.app.entries()]
        elsewhere = {"palette", "contest", "hint", "partner"}  # of other models, other views
        for found in KEYS:
            if found.name not in elsewhere:
                does = re.split("[:;]", found.about)[0]
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
        why = "not now: this is the start of the run; ↑↓ choose a row"
        assert [each.about for each in back] == [why]


@pytest.mark.parametrize(
    ("experiment", "why"),
    [
        ("quadratic", "a quadratic has no ReLUs; A adds them in relu-net (: Open relu-net)"),
        ("relu", "these lines all count +1, so their sum can’t bend down; A adds ReLUs of any"),
        ("spiral", "A looks for a kink on one x, in a network of one hidden layer"),
    ],
)
async def test_a_unit_that_can_not_be_placed_is_not_offered(
    experiment: str, why: str, opened: Any
) -> None:
    """On the quadratic it stood second for "relu", as what "changes the model"."""
    async with opened(experiment) as person:
        found = [each for each in person.app.entries() if each.key == "A"]
        assert [each.about.startswith(f"not now: {why}") for each in found] == [True]
        assert not person.app.main.keys.applies("place_unit")
        await person.press("A")
        await person.sees(f"Not done: {why[:40]}", part="words")


async def test_a_value_of_a_setting_that_does_nothing_here_says_so(opened: Any) -> None:
    async with opened() as person:
        said = {each.title: each.about for each in person.app.entries()}
        assert said["activation = tanh"] == "does nothing in this run: only of a network"
        assert said["activation = relu"] == said["activation = tanh"]
        assert said["optimizer = adam"] == "how a gradient becomes an update"
    async with opened("relu-net") as person:
        said = {each.title: each.about for each in person.app.entries()}
        assert said["activation = tanh"] == "of all hidden layers, or one for each"


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
        ("raise the chosen", "Raise the", lambda p: p.shown.rows[0].value > 1.15),
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
        await person.until(person.on_main)


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
        ("zero gradients off", lambda shown: not shown.config.zero_gradients),
    ],
)
async def test_the_palette_sets_a_value_by_its_name(text: str, seen: Any, opened: Any) -> None:
    """A value's name alone once chose whatever began like it, as ":adam" a neuron more."""
    async with opened() as person:
        assert not seen(person.shown)
        await person.press("colon", *text, "enter")
        await person.until(lambda: seen(person.shown))
        await person.until(person.on_main)


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        ("overfit", "validation = …"), ("neuron", "hidden = …"), ("nudge", "Raise the"),
        ("exercise", "Beat gradient descent"), ("ptimize", "optimizer"),
    ],
)  # fmt: skip
async def test_what_is_only_described_so_is_listed_and_taken_once_chosen(
    text: str, listed: str, opened: Any
) -> None:
    async with opened() as person:
        await person.press("colon", *text, "enter", "enter")
        await person.sees(listed, ": ↓ then enter takes one")
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
        await person.sees("1.4628", part="status")


async def test_who_looks_for_relus_finds_the_models_that_have_them(opened: Any) -> None:
    """From the quadratic only what it has none of was listed."""
    async with opened() as person:
        await person.press("colon", *"relus")
        await person.sees("What ReLU means", "Open relu-net", "Open mlp", part="sheet")


async def test_a_change_of_theme_confirms_itself_and_names_the_file_to_keep_it_in(
    opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", "/settings")
    async with opened() as person:
        await person.press("colon", *"light", "enter")
        await person.sees("Theme light, for a terminal’s own light ground.", part="words")
        await person.sees("/settings/nn-tui/config.toml", part="words")


async def test_the_palette_does_nothing_unless_something_is_typed_or_chosen(opened: Any) -> None:
    async with opened() as person:
        await person.press("colon")
        await person.sees("type a word")
        await person.press("enter")
        await person.sees("Nothing done: type a word")
        await person.press(*"zzz", "enter")
        await person.sees("nothing is found: try another word", "Type a word of what you see")
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
        about = {entry.title: entry.whole for entry in person.app.entries()}
    assert about["Add a unit to the chosen layer"] == "changes the model"
    assert about["Delete the chosen data point"] == "changes the data"
    for title in ("data = sine", "Open relu", "hidden = …", "loss = huber"):
        assert about[title].startswith("begins another run: ")
    assert "another run" not in about["optimizer = adam"]


async def test_the_colours_change_while_it_runs(opened: Any) -> None:
    async with opened() as person:
        assert person.role_of("words", "The lesson") is None
        assert person.role_of("header", "zeroing gradients") == "color(245)"
        await person.press("colon", *"light", "enter")
        await person.until(lambda: person.role_of("header", "zeroing gradients") == "color(242)")


async def test_a_column_that_is_left_out_is_offered_as_the_target(
    opened: Any, tmp_path: Any
) -> None:
    path = tmp_path / "birds.csv"
    path.write_text("species,length,year\n" + "Adelie,1.5,2007\nGentoo,2.5,2008\n" * 5)
    async with opened("--data", str(path)) as person:
        await person.press("colon", *"species")
        await person.sees("▸", "y = species", part="sheet")
        await person.press("enter")
        await person.until(lambda: person.shown.scene.classes == ("Adelie", "Gentoo"))
        await person.press("colon", *"Gentoo", "enter")
        await person.until(lambda: isinstance(person.app.screen, Meaning))


async def test_an_experiment_leaves_a_way_back_to_the_run_that_it_takes_the_place_of(
    opened: Any,
) -> None:
    async with opened("mlp", "--data", "sine") as person:
        await person.press("S", until=lambda shown: shown.step == 10)
        await person.press("k", "colon", *"open schedule", "enter")
        await person.sees("The run before is saved, at step 10; : resume goes back to it.")
        assert (person.shown.config.schedule, person.shown.kept) == ("cosine", ())
        await person.press("colon", *"resume", "enter")
        await person.sees("Resumed: mlp, at step 10")
        assert person.shown.config.data == "sine"
        assert len(person.shown.kept) == 1


async def test_other_data_leave_a_way_back_too_and_data_that_are_not_there_leave_the_run(
    opened: Any,
) -> None:
    async with opened() as person:
        await person.press("S", until=lambda shown: shown.step == 10)
        person.app.link.ask(Set("data", "sime"))
        await person.until(lambda: "sime" in person.shown.complaint)
        assert person.shown.step == 10
        await person.press("k", "colon", *"data sine", "enter")
        await person.sees("The run before is saved, at step 10; : resume goes back to it.")
        await person.press("colon", *"resume", "enter")
        await person.sees("Resumed: quadratic, at step 10")
        assert person.shown.config.data == "lesson"
        assert len(person.shown.kept) == 1


async def test_a_session_that_is_opened_leaves_a_way_back_too(
    opened: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    timeline = Timeline(Trainer.from_config(Config()))
    timeline.advance(1)
    (tmp_path / "run.json").write_text(dumps(timeline))
    async with opened("relu") as person:
        await person.press("S", until=lambda shown: shown.step == 10)
        await person.press("colon", *"open session", "enter")
        await person.press("ctrl+u", *"run.json", "enter")
        await person.sees("Opened:", "The run before is saved, at step 10")
        await person.press("s", until=lambda shown: shown.step == 2)
        await person.press("colon", *"resume", "enter")
        await person.sees("Resumed: relu, at step 10")


async def test_what_is_left_out_of_a_table_is_told_by_these_words(opened: Any) -> None:
    async with opened("penguins") as person:
        await person.press("colon", *"left out", "enter")
        await person.until(lambda: isinstance(person.app.screen, Meaning))
