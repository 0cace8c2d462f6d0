"""Other words for what can be done: each leads to what it means."""

from typing import Any

import pytest

from nn_core.config import settings
from nn_core.explain.glossary import TERMS
from nn_tui.dialogs.palette import LEAST_BEGUN, found_by
from nn_tui.keys import KEYS, synonyms

PENGUINS = {
    "target": "y = …", "confus": "Measure the model (measures)", "confusion matrix": "Measure",
    "f1": "Measure the model", "accuracy": "Measure the model",
    "most wrong": "Go to the next mistake", "species": "Data: what is used",
    "Adelie": "Data: what is used", "bill_length_mm": "Data: what is used", "undo": "Go back",
    "reset": "Restart", "start over": "Restart", "play": "Run to the epoch target",
    "stop": "Run to the epoch target", "dark mode": "theme = dark", "screenshot": "Export picture",
    "test set": "test = …", "normalize": "scale = …", "label": "y = …",
    "derivative": "Show step", "backprop": "Show step", "exploding": "clip = …",
    "overfitting": "validation = …", "shortcuts": "Help", "settings": "All settings",
    "exit": "Quit", "mnist": "Open digits", "iterations": "epochs = …", "warmup": "schedule = …",
    "pretrained": "Load weights", "history": "Export losses", "homework": "Lessons",
    "weight decay": "l2 = …", "minibatch": "batch size = …", "neuron": "hidden = …",
    "landscape": "Show slope", "quiz": "Cards", "grid": "Map two settings",
    "rate": "Find a learning rate", "revive": "activation = …", "dead": "activation = …",
    "R²": "Measure the model", "rmse": "Measure the model",
    "loss by step": "Table of steps", "print the losses": "Table of steps",
    "print": "Export picture",
    "ahead": "schedule = …", "show rate": "schedule = …", "rate ahead": "schedule = …",
    "finder": "Find a learning rate", "rate finder": "Find a learning rate",
    "vanish": "Show health", "vanishing gradient": "Show health", "wrong": "Go to the next mistake",
    "share": "Copy the command", "early stopping": "patience = …", "outlier": "noise = …",
}  # fmt: skip
NAMED = {
    "lr5": "learning rate = 5", "lr 5": "learning rate = 5", "lr0.05": "learning rate = 0.05",
    "epochs50": "epochs = 50", "hidden2": "hidden = 2",
    "leaky": "activation = leaky-relu", "tanh": "activation = tanh",
    "schedule": "schedule = …", "island": "y = island",
    "adam": "optimizer = adam", "momentum": "optimizer = momentum",
    "mse": "loss = mse", "rate 0.1": "learning rate = 0.1", "epochs 50": "epochs = 50",
    "noise 0.1, 0.2": "noise = 0.1,0.2", "hidden layers 3": "hidden = 3", "rows 100": "rows = 100",
    "go to step 120": "Go to step 120", "go to 120": "Go to step 120", "step 120": "Go to step 120",
    "table": "Open a table …",
    "test rows.csv": "test = rows.csv", "my rows.csv": "data = my rows.csv",
}  # fmt: skip


async def test_what_people_type_is_listed_first_and_taken_where_it_is_for_a_command_alone(
    opened: Any,
) -> None:
    async with opened("penguins") as person:
        entries = person.app.entries()
        for text, title in PENGUINS.items():
            found, named, _ = found_by(text, entries, person.app.typed_entries(text))
            assert found, text
            assert found[0].title.startswith(title), (text, found[0].title)
            its_words = found[0].words.casefold().split(", ")
            is_its_word = text.casefold() in its_words and not found[0].is_setting
            begins = len(text) >= LEAST_BEGUN and found[0].shows
            is_its_word |= begins and any(word.startswith(text) for word in its_words)
            assert named == (is_its_word and len(found) == 1), text
        for text, title in NAMED.items():
            found, named, _ = found_by(text, entries, person.app.typed_entries(text))
            assert named, text
            assert found[0].title == title, text


@pytest.mark.parametrize("name", sorted(synonyms.names()))
async def test_the_table_has_words_only_for_what_there_is(name: str) -> None:
    known = {found.name for found in KEYS} | {each.name for each in settings()}
    known |= {term.name for term in TERMS} | {"theme", "table", "reference", "best step"}
    assert name in known or name[0].isupper()
