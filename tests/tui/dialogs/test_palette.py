"""What a text finds in the palette, and what of that it names."""

import pytest

from nn_tui.dialogs.palette import Entry, found_by

ENTRIES = [
    Entry(title, about, str, key, words)
    for title, about, key, words in (
        ("Go to a step …", "any step of this run", "", ""),
        ("data = …", "a function or a file", "", "csv"),
        ("Take ten steps", "", "S", ""),
        ("Take one step", "", "s", ""),
        ("Choose the data point before", "", ",", ""),
        ("Add a unit to the chosen layer", "changes the model", "u", "neuron, adamant"),
        ("optimizer = adamw", "how a gradient becomes an update", "", ""),
        ("optimizer = adam", "how a gradient becomes an update", "", ""),
        ("data = step", "a function or a file", "", "csv"),
    )
]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("s", "Take one step"), ("S", "Take ten steps"), (",", "Choose the data point before"),
        ("data", "data = …"), ("adam", "optimizer = adam"), ("ADAMW", "optimizer = adamw"),
        ("step", "Go to a step …"), ("data step", "data = step"), ("one st", "Take one step"),
        ("unit add", "Add a unit to the chosen layer"), ("go to", "Go to a step …"),
        ("datastep", "data = step"),
    ],
)  # fmt: skip
def test_the_nearest_comes_first(text: str, first: str) -> None:
    found, named, _ = found_by(text, ENTRIES)
    assert named
    assert found[0].title == first


@pytest.mark.parametrize(
    ("text", "listed"),
    [("becomes", {"optimizer = adam", "optimizer = adamw"}), ("oint", {ENTRIES[4].title})],
)  # fmt: skip
def test_a_word_of_a_description_or_an_end_of_one_names_nothing(
    text: str, listed: set[str]
) -> None:
    found, named, is_part = found_by(text, ENTRIES)
    assert named == 0
    assert not is_part
    assert {entry.title for entry in found} == listed


def test_no_text_finds_all_in_order_and_another_nothing() -> None:
    assert found_by("", ENTRIES)[0] == ENTRIES
    assert found_by("qqq", ENTRIES) == ([], 0, False)


def test_what_is_another_word_for_one_and_a_part_of_others_names_none_of_them() -> None:
    stop = Entry("Run or pause", "", str, "space", "play, stop")
    distance = Entry("Open stopping-distance", "", str)
    assert found_by("stop", [distance, stop]) == ([stop, distance], 0, True)


def test_another_word_for_one_entry_alone_names_it_and_for_two_neither() -> None:
    """Enter took nothing of what another entry's description only spoke of too."""
    command, setting = Entry("Go back", "", str, "b", "undo"), Entry("l2 = …", "", str, "", "ridge")
    speaks = Entry("Keep this curve", "what undo and ridge are compared with", str)
    assert found_by("undo", [speaks, command, setting]) == ([command, speaks], 1, False)
    assert found_by("ridge", [speaks, command, setting]) == ([setting, speaks], 1, False)
    other = Entry("l1 = …", "", str, "", "ridge")
    assert found_by("ridge", [setting, other]) == ([setting, other], 0, True)


def test_another_word_names_what_changes_nothing_before_what_has_it_in_its_title() -> None:
    measure = Entry("Measure the model", "", str, "v", "accuracy", shows=True)
    term = Entry("What accuracy means", "", str, shows=True)
    assert found_by("accuracy", [term, measure]) == ([measure, term], 1, False)


def test_of_several_that_change_the_run_and_are_called_so_in_part_none_is_named() -> None:
    """Of ":unit" enter added a neuron."""
    place, add = Entry("Add a unit where it is worst", "", str), Entry("Add a unit", "", str)
    term = Entry("What unit means", "", str, shows=True)
    assert found_by("unit", [place, add, term]).named == 0
    assert found_by("unit", [place, term]).named
    assert found_by("unit", [term, place, add]).named


def test_a_title_that_begins_with_the_whole_text_comes_before_one_of_which_it_is_whole_words() -> (
    None
):
    table, session = Entry("Open the lesson’s table", "", str), Entry("Open session …", "", str)
    found, named, _ = found_by("open s", [table, session])
    assert named
    assert found == [session, table]


def test_a_commands_own_name_comes_before_a_setting_made_of_the_text() -> None:
    load, made = Entry("Load weights …", "", str), Entry("load = weights", "", str)
    costs = Entry("What a batch costs", "", str)
    refused = Entry("batch size = costs", "", str, refusal="must be a number")
    assert found_by("load weights", [load], [made]).entries[0] == load
    assert found_by("batch costs", [costs], [refused]).entries[0] == costs
    assert found_by("batch x", [costs], [refused]).entries == [refused]


def test_words_that_only_say_which_way_are_left_out_where_nothing_is_found() -> None:
    noise, more = Entry("noise = …", "", str), Entry("Train for more epochs", "", str)
    assert found_by("more noise", [noise, more]).entries == [noise]
    assert found_by("another noise", [noise, more]).entries == [noise]
    assert found_by("more epochs", [noise, more]).entries == [more]
    assert found_by("more", [noise]).entries == []


def test_what_was_typed_out_whole_comes_first_unless_an_entry_is_called_just_so() -> None:
    typed, entry = Entry("freeze = a", "", str), Entry("Freeze a", "", str)
    assert found_by("freeze a", [entry], [typed]) == ([entry], 1, False)
    assert found_by("freeze = a", [entry], [typed]).entries[0] == typed
    assert found_by("data = step", ENTRIES, [ENTRIES[-1]]).entries == [ENTRIES[-1]]


def test_a_setting_comes_before_an_experiment_of_its_name() -> None:
    setting, other = Entry("schedule = …", "", str), Entry("Open schedule", "", str)
    assert found_by("schedule", [other, setting]).entries == [setting, other]
    assert found_by("open schedule", [other, setting]).entries == [other]


def test_a_name_of_its_own_comes_before_other_words() -> None:
    table = Entry("Data: what is used", "", str, words="species")
    target = Entry("y = species", "", str, called=("species",))
    assert found_by("species", [table, target])[:2] == ([target, table], 2)


def test_the_beginning_of_another_word_names_what_shows_something_where_nothing_else_is_found() -> (
    None
):
    """Enter did nothing where the one row on the list was the answer."""
    words = "confusion matrix, held out"
    measure = Entry("Measure the model", "", str, "v", words, shows=True)
    model = Entry("Add a unit", "changes the model", str, "u", words)
    setting = Entry("l2 = …", "", str, "", words)
    assert found_by("confus", [measure]) == ([measure], 1, False)
    assert found_by("conf", [measure])[1] == 0  # which may be the beginning of another word
    assert found_by("confus", [model])[1] == 0
    assert found_by("confus", [setting])[1] == 0
    assert found_by("confus", [measure, setting])[1] == 0
    assert found_by("matrix", [measure])[1] == 0  # which no word begins with
