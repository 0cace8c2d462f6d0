"""What is said inside a step, and of the step just done."""

from dataclasses import replace

import numpy as np
from claims.words import LOOK, assert_true

from nn_core.config.experiments import EXPERIMENTS
from nn_core.explain.words import describe
from nn_core.live.edit_requests import AddUnit
from nn_core.live.requests import Look, NextPhase


def test_numbers_as_in_the_file_are_told_from_those_that_the_view_works_with(laboratory):
    with laboratory(EXPERIMENTS["stopping-distance"].config) as lab:
        lab.ask(NextPhase())
        assert_true(lab.ask(NextPhase()))
        told = describe(lab.snapshot)
    assert told[0] == "Unscaled: at x = 4.0000 the model says 143.0248; the data says 2.0000."
    assert told[1].startswith("Next, loss: ")


def test_the_update_is_told_of_the_parameter_that_was_chosen(laboratory):
    with laboratory() as lab:
        lab.ask(Look(replace(LOOK, chosen=1)))
        for _ in range(4):
            lab.ask(NextPhase())
        assert_true(lab.ask(NextPhase()))
        told = describe(lab.snapshot)
    assert told == (
        "Update: b moved by +0.0003 to 1.1003; the step is done.",
        "By all updates together the loss fell from 2.4219 to 2.4010.",
    )


def test_after_a_unit_was_added_the_update_is_told_of_the_chosen_parameter(laboratory):
    """A unit that was added began nowhere: its start is no number, and equals nothing."""
    with laboratory(EXPERIMENTS["relu-net"].config, hidden=(2,)) as lab:
        lab.ask(AddUnit(0))
        lab.ask(Look(replace(LOOK, opened="0.weight", chosen=2)))
        for _ in range(5):
            lab.ask(NextPhase())
        assert np.isnan(lab.snapshot.chosen.start)
        moved = lab.snapshot.outcome.label
        lab.ask(Look(replace(LOOK, opened="0.bias" if "weight" in moved else "0.weight", chosen=2)))
        label = lab.snapshot.chosen.label
        assert label != moved
        assert describe(lab.snapshot)[0].startswith(f"Update: {label} moved by ")
