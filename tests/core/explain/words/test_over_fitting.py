"""What is said of how a model does beyond its rows."""

from dataclasses import replace

import pytest
from claims.words import LOOK, assert_true

from nn_core.config.experiments import EXPERIMENTS
from nn_core.explain.words import describe, over_fitting
from nn_core.live.edit_requests import Assign
from nn_core.live.requests import Advance, Back, Look, Seek


@pytest.mark.parametrize("patience", [0, 3])
def test_at_the_best_it_is_said_that_it_is_and_what_leads_away(laboratory, patience):
    settings = {
        "validation": 0.3,
        "epochs": 60,
        "learning_rate": 0.01,
        "loss": "mae",
        "patience": patience,
    }
    with laboratory(EXPERIMENTS["relu-net"].config, **settings) as lab:
        shown = lab.ask(Advance(60))
        best = int(shown.validation.steps[shown.validation.losses.argmin()])
        assert best < 60
        shown = lab.ask(Seek(best))
        assert_true(shown)
        first, second = describe(shown)
        assert first.startswith(f"Step {best} is the best of 60: the validation loss is lowest")
        assert f"space to epoch {120 if patience else 60}, away" in second


def test_in_batches_the_best_is_that_of_the_epochs_ends(laboratory):
    """The table of steps shows lower ones within an epoch."""
    settings = {"validation": 0.3, "batch_size": 4, "epochs": 60, "learning_rate": 0.05}
    with laboratory(EXPERIMENTS["relu-net"].config, **settings) as lab:
        shown = lab.ask(Advance(240))
        best, _ = shown.validation.least
        assert 0 < best < 240
        shown = lab.ask(Seek(best))
        assert_true(shown)
        assert describe(shown)[0] == (
            f"Step {best}: lowest validation loss measured (every 4 steps), "
            f"{shown.validation.loss:.4f}."
        )


def test_what_is_lower_just_now_is_the_lowest_so_far(laboratory):
    """It stands within an epoch, at whose end alone the loss is recorded."""
    settings = {"validation": 0.3, "batch_size": 4, "learning_rate": 0.001}
    with laboratory(EXPERIMENTS["relu-net"].config, **settings) as lab:
        shown = lab.ask(Advance(2))
        assert shown.validation.loss < shown.validation.losses.min()
        assert shown.validation.least == (2, shown.validation.loss)


def test_beyond_what_was_measured_at_each_epoch_the_words_say_how_often(laboratory):
    settings = {"hidden": (16, 16), "validation": 0.3, "epochs": 4200, "pace": "max"}
    with laboratory(EXPERIMENTS["mlp"].config, **settings) as lab:
        shown = lab.run()
        assert {"overfitting", "where_about_to_stop"} <= set(assert_true(shown))
        best, _ = shown.validation.least
        assert_true(lab.ask(Seek(best)))
        assert "measured (every 1 to 2 steps)" in describe(lab.snapshot)[0]


def test_an_early_bump_of_a_run_that_goes_on_to_its_least_is_no_over_fitting(laboratory):
    with laboratory(EXPERIMENTS["relu-net"].config, validation=0.3) as lab:
        for _ in range(200):
            assert "overfitting" not in assert_true(lab.ask(Advance(5)))
        shown = lab.ask(Seek(20))
        assert shown.validation.losses.min() < shown.validation.loss
        assert "overfitting" not in assert_true(shown)


def test_a_rise_within_the_wobble_of_few_rows_is_no_over_fitting(laboratory):
    """The digits' rows held back say so after 30 epochs, and find a lower loss after 54."""
    with laboratory(EXPERIMENTS["digits"].config, pace="max") as lab:
        shown = lab.run()
        then = shown.validation.least
        assert shown.epoch == 30
        assert shown.validation.loss > 1.05 * then[1]
        made = assert_true(shown)
        assert "rose" in made
        # The step alone told nobody how to get there.
        assert f"(j {then[0]})" in " ".join(describe(shown))
        assert "overfitting" not in made
        assert lab.run().validation.least[1] < then[1]


def test_a_network_that_learns_its_points_by_heart_is_told_where_to_stop(laboratory):
    settings = {"hidden": (16, 16), "optimizer": "adam", "validation": 0.3, "epochs": 2000}
    with laboratory(EXPERIMENTS["mlp"].config, pace="max", **settings) as lab:
        assert {"overfitting", "where_to_stop"} <= set(assert_true(lab.run()))


def test_a_run_that_ends_near_its_lowest_is_said_not_to_over_fit_by_then(laboratory):
    with laboratory(EXPERIMENTS["relu-net"].config, pace="max", validation=0.3) as lab:
        assert "told_best_at_the_end" in assert_true(lab.run())
        assert "told_best_at_the_end" not in assert_true(lab.ask(Back()))


@pytest.mark.parametrize("step", [0, 5])
def test_below_the_truth_by_hand_nothing_was_learned(laboratory, step):
    with laboratory() as lab:
        if step:
            lab.ask(Advance(step))
        for index, best in enumerate((2.614, 1.337, 0.564)):
            lab.ask(Assign(index, best))
        shown = lab.ask(Advance(10))
        assert shown.loss < shown.scene.truth_loss
        assert "below_truth" not in assert_true(shown)


def test_gone_back_within_over_fitting_the_least_of_the_whole_run_is_named(laboratory):
    settings = {"validation": 0.3, "data_seed": 1, "seed": 1}
    with laboratory(EXPERIMENTS["relu-net"].config, **settings) as lab:
        shown = lab.ask(Advance(1000))
        least = int(shown.validation.steps[shown.validation.losses.argmin()])
        assert 0 < least < 900
        for step in (1000, 950):
            made = assert_true(lab.ask(Seek(step)) if step < 1000 else shown)
            assert "overfitting" in made
            assert f"j {least} goes back there." in " ".join(describe(lab.snapshot))


def test_the_loss_passes_under_the_truths_own(laboratory):
    with laboratory() as lab:
        lab.ask(Look(LOOK))
        while lab.snapshot.loss >= 1.4767:
            assert "below_truth" not in assert_true(lab.ask(Advance(1)))
        assert "below_truth" not in assert_true(lab.snapshot)  # it is the step to come that tells
        assert "below_truth" in assert_true(lab.ask(Advance(1)))


def test_what_a_reference_is_called_decides_nothing(laboratory):
    with laboratory() as lab:
        shown = lab.ask(Advance(1))
        renamed = tuple(replace(each, label="another name") for each in shown.scene.references)
        shown = replace(shown, scene=replace(shown.scene, references=renamed))
        assert shown.scene.truth_loss == pytest.approx(1.4767, abs=1e-4)
        beaten = replace(shown, loss=shown.scene.reference("best").loss - 0.1)
        assert list(over_fitting.near_the_best(beaten)) == [
            "0.1000 below the another name: none of those can follow so closely."
        ]
