"""The names of runs shown beside each other: what really sets them apart, and nothing else."""

import pytest

from nn_core import Config, Timeline, Trainer
from nn_core.explain.comparison import changes_within, compared_losses, labels
from nn_core.run.twin import Twin

SGD, ADAM = Config(), Config(optimizer="adam")
FAST = Config(learning_rate=0.1)


def named(timeline, twin=None):
    own, others = compared_losses(timeline, twin, 50)
    return [each.label for each in others], own


def test_sgd_against_adam_each_by_its_own_name():
    timeline = Timeline(Trainer.from_config(Config()))
    timeline.advance(100)
    timeline.do("set", name="optimizer", value="adam")
    timeline.restart()
    timeline.advance(100)
    timeline.do("set", name="optimizer", value="sgd")
    assert named(timeline) == (["SGD"], "Adam")


def test_what_was_changed_on_the_way_is_told_with_the_loss_there():
    timeline = Timeline(Trainer.from_config(Config()))
    timeline.do("set", name="learning_rate", value=0.02)  # before the first step: its own setting
    timeline.advance(10)
    for rate in (0.05, 0.1):
        timeline.do("set", name="learning_rate", value=rate)
    timeline.do("set", name="epochs", value=7)  # no step looks at it
    assert changes_within(timeline) == ()  # nothing was trained with it yet
    timeline.advance(10)
    timeline.do("set", name="optimizer", value="adam")
    timeline.advance(1)
    found = [(each.step, each.loss, each.text) for each in changes_within(timeline)]
    losses = timeline.history.losses
    assert found == [(10, losses.at(10), "lr 0.1"), (20, losses.at(20), "Adam")]
    timeline.do("nudge", index=0, amount=0.1)
    timeline.do("remove_point", row=0)
    timeline.advance(1)
    assert [each.text for each in changes_within(timeline)][2:] == ["point removed"]


def test_no_run_is_named_that_never_was():
    timeline = Timeline(Trainer.from_config(Config(zero_gradients=False)))
    twin = Twin(timeline)
    timeline.advance(10)
    twin.follow(10)
    timeline.seek(3)
    for rate in (0.02, 0.05, 0.1):
        timeline.do("set", name="learning_rate", value=rate)
        twin.follow(10)
    assert named(timeline, twin) == (["not zeroed, before", "zeroed twin"], "not zeroed")
    timeline.advance(2)
    twin.follow(2)
    assert named(timeline, twin) == (
        ["lr 0.01, not zeroed", "zeroed twin"],
        "lr 0.01 → 0.1, not zeroed",
    )


def test_the_twin_has_its_name_before_a_step_sets_it_apart():
    """It was called "before" as long as nothing had been trained without zeroing."""
    timeline = Timeline(Trainer.from_config(Config()))
    timeline.advance(2)
    timeline.do("set", name="zero_gradients", value=False)
    twin = Twin(timeline)
    twin.follow(2)
    assert named(timeline, twin) == (["zeroed twin"], "now")


def test_a_run_alone_needs_no_name():
    timeline = Timeline(Trainer.from_config(Config()))
    timeline.advance(3)
    assert named(timeline) == ([], "")


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ([(SGD,), (SGD,)], ["before", "now"]),
        ([(SGD,), (FAST,)], ["lr 0.01", "lr 0.1"]),
        ([(SGD,), (FAST,), (SGD,)], ["lr 0.01, before", "lr 0.1", "lr 0.01"]),
        ([(SGD,), (SGD,), (FAST,)], ["lr 0.01, before", "lr 0.01", "lr 0.1"]),
        ([(SGD, FAST), (ADAM,)], ["lr 0.01 → 0.1, SGD", "lr 0.01, Adam"]),
        ([(SGD, FAST, SGD, FAST), (FAST,)], ["lr 0.01 → … → 0.1", "lr 0.1"]),
        ([(Config(epochs=5),), (Config(epochs=9),)], ["before", "now"]),
        (
            [(Config(epochs=5, schedule="cosine"),), (Config(epochs=9, schedule="cosine"),)],
            ["epochs 5", "epochs 9"],
        ),
        (
            [(Config(model="mlp", hidden=(2,)),), (Config(model="mlp", hidden=(16, 16)),)],
            ["hidden 2", "hidden 16,16"],
        ),
    ],
)
def test_names_say_what_differs_among_all_on_show(runs, expected):
    assert labels(runs) == expected


def test_a_run_that_was_loaded_into_is_named_so_beside_one_that_was_not():
    """Its name said no more than "before"."""
    values = (("a", 2.0), ("b", -1.0), ("c", 0.5))
    timeline = Timeline(Trainer.from_config(Config()))
    timeline.advance(10)
    timeline.restart()
    timeline.do("load", values=values)
    timeline.advance(10)
    assert named(timeline) == (["not loaded"], "loaded")
    timeline.do("load", values=values)
    timeline.advance(1)
    timeline.restart()
    timeline.advance(1)
    assert named(timeline) == (["not loaded", "loaded at 0, 10"], "loaded")
    timeline.do("set", name="optimizer", value="adam")
    timeline.advance(1)
    assert named(timeline)[1] == "SGD → Adam, loaded"
