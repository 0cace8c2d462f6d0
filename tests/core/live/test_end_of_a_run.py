"""Pausing just as a run ends, and what is said at its end."""

import math

from nn_core.explain.words import describe
from nn_core.live import live_run
from nn_core.live.edit_requests import Set
from nn_core.live.requests import RunOrPause, StartRunning


def at_the_end(shown):
    return shown.step == 20 and not shown.running


def run_on(lab):
    while lab.snapshot.running:
        lab.next()


def test_pausing_just_as_it_ends_does_not_buy_as_many_epochs_again(laboratory, monkeypatch):
    monkeypatch.setattr(live_run, "REACTION_SECONDS", math.inf)
    with laboratory() as lab:
        lab.ask(Set("epochs", "20"))
        lab.ask(Set("pace", "max"))
        lab.ask(StartRunning())
        run_on(lab)
        shown = lab.ask(RunOrPause())
        assert at_the_end(shown)
        assert shown.config.epochs == 20
        [said] = [line for line in describe(shown) if "Target" in line]
        assert said.startswith("Target reached just before you pressed: 20 epochs. space again")
        lab.ask(RunOrPause())
        run_on(lab)
        assert lab.snapshot.step == 40


def test_long_after_the_end_it_goes_on_at_once(laboratory, monkeypatch):
    monkeypatch.setattr(live_run, "REACTION_SECONDS", 0.0)
    with laboratory() as lab:
        lab.ask(Set("epochs", "20"))
        lab.ask(Set("pace", "max"))
        lab.ask(StartRunning())
        run_on(lab)
        lab.ask(RunOrPause())
        run_on(lab)
        assert lab.snapshot.step == 40
        said = " ".join(describe(lab.snapshot))
        assert "The target is 40 epochs now" not in said  # it was said as it began, and is over
        assert "Target reached: 40 epochs." in said
