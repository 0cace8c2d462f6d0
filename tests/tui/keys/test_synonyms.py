"""Other words for what can be done: each leads to what it means."""

from typing import Any

import pytest

from nn_core.config import settings
from nn_core.explain.glossary import TERMS
from nn_tui.dialogs.palette import found_by
from nn_tui.keys import KEYS, synonyms

PENGUINS = {
    "target": "y = …", "confus": "Measure the model", "confusion matrix": "Measure",
    "f1": "Measure the model", "accuracy": "Measure the model",
    "mistakes": "Go to the next mistake",
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
SHARED = {  # of PENGUINS, what several may be meant by, so that enter takes none
    "target", "most wrong", "play", "stop", "label", "derivative", "backprop", "exploding",
    "overfitting", "pretrained", "history", "neuron", "landscape", "quiz", "rate", "revive", "dead",
    "table", "ahead", "wrong", "outlier",
}  # fmt: skip
# By a learner, a teacher, an engineer; * where several may be meant, so that enter takes none.
TYPED = {
    "compare": "The kept runs", "swap": "The kept runs", "fast.ai": "Open the run of the lesson’s",
    "bug": "Open the run of the lesson’s", "save": "Save or export", "step": "Take one step",
    "run": "Run to the epoch target", "back": "Go back", "restart": "Restart", "undo": "Go back",
    "exit": "Quit", "help": "Help", "jump": "Go to a step", "torch": "Export PyTorch script",
    "pytorch": "Export PyTorch script", "numpy": "Export NumPy script", "truth": "truth: a",
    "batch": "batch size = …", "momentum": "optimizer = momentum", "loss": "loss = …",
    "lr": "learning rate = …", "epoch": "epochs = …", "epochs": "epochs = …",
    "epoch 50": "epochs = 50", "passes": "epochs = …", "accuracy": "Measure the model",
    "confusion": "Measure the model", "gradient": "What gradient means", "weight": "What weight",
    "layer": "Show layer", "unit": "Show ReLUs", "slope": "Show slope", "autograd": "Show step",
    "plot": "Show fit", "stuck": "Show health", "contest": "Beat gradient descent",
    "cosine": "schedule = cosine", "minibatch": "batch size = …", "weight decay": "l2 = …",
    "double relu": "Open relu", "cars": "Open stopping-distance", "settings": "All settings",
    "explain": "Help", "introduction": "Lessons", "dark mode": "theme = dark",
    "dataset": "data = …", "mute": "Switch the chosen unit", "edit": "Type the value",
    "fork": "Keep this loss curve", "optimizer.step": "What update means",
    "worse": "*Find a learning rate", "too large": "*Find a learning rate",
    "too small": "*Find a learning rate", "dead": "*activation = …", "python": "*Export NumPy",
    "weights": "*Show layer", "kinks": "*Show ReLUs", "add": "Add a data point",
    "explode": "*clip = …", "classification": "*Open xor", "remove": "*Delete the chosen data",
    "nudge": "*Lower the chosen", "regression": "*Open quadratic", "redo": "Take one step",
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
            assert bool(named) == (text not in SHARED), text
        for text, title in NAMED.items():
            found, named, _ = found_by(text, entries, person.app.typed_entries(text))
            assert named, text
            assert found[0].title == title, text


async def test_what_a_learner_types_leads_to_what_is_meant(opened: Any) -> None:
    """Enter took nothing of "compare", and ":gradient" began a contest."""
    async with opened() as person:
        await person.press("s", "k", until=lambda shown: shown.kept_runs)
        entries = person.app.entries()
        for text, title in TYPED.items():
            found, named, _ = found_by(text, entries, person.app.typed_entries(text))
            assert found, text
            assert found[0].title.startswith(title.lstrip("*")), (text, found[0].title)
            assert bool(named) == (title[0] != "*"), text


@pytest.mark.parametrize("text", ["small", "too small", "slow", "too slow", "slow learning"])
async def test_of_too_small_a_rate_the_finder_and_the_key_are_listed(
    opened: Any, text: str
) -> None:
    """Typed, ":slow" led to the pace alone, to a learner whose loss hardly fell."""
    async with opened() as person:
        found = found_by(text, person.app.entries(), person.app.typed_entries(text)).entries
        titles = [entry.title for entry in found][:4]
        assert {"Find a learning rate", "Raise the learning rate"} <= {*titles}, titles


@pytest.mark.parametrize("name", sorted(synonyms.names()))
async def test_the_table_has_words_only_for_what_there_is(name: str) -> None:
    known = {found.name for found in KEYS} | {each.name for each in settings()}
    known |= {term.name for term in TERMS} | {"theme", "table", "reference"}
    known |= {"best step", "saved run"}
    assert name in known or name[0].isupper() or name.startswith("theme = ")
