"""What is said of a run that diverged."""

from claims.words import assert_true

from nn_core.config.experiments import EXPERIMENTS
from nn_core.explain.words import describe, is_alarm
from nn_core.live.requests import Advance, Assign, Back


def test_divergence_is_an_alarm_that_says_what_and_why(laboratory):
    with laboratory(loss="mse", learning_rate=1.0) as lab:
        lab.ask(Advance(1000))
        assert describe(lab.snapshot) == (
            "Diverged: step 169 drove a to −7.5e153; step 169 is kept.",
            "The learning rate 1 is too large: − lowers it, b goes back, r restarts.",
        )
        assert_true(lab.snapshot)
        assert is_alarm(lab.snapshot)
        assert not is_alarm(lab.ask(Back()))


def test_an_update_beyond_every_number_is_said_to_be(laboratory):
    with laboratory(learning_rate=1.7e308) as lab:
        assert describe(lab.ask(Advance(1)))[0] == (
            "Diverged: step 0 made a infinite; step 0 is kept."
        )
        assert_true(lab.snapshot)


def test_raw_columns_that_run_away_are_told_to_be_scaled(laboratory):
    """Each step until it diverges says what is true, and what would help."""
    config = EXPERIMENTS["stopping-distance"].config
    with laboratory(config, scale=False) as lab:
        made = []
        while "diverged" not in made:
            made = assert_true(lab.ask(Advance(1)))
            assert lab.snapshot.step < 1 or "columns_too_large" in made


def test_a_typed_value_beyond_every_loss_is_not_blamed_on_the_rate(laboratory):
    with laboratory(loss="mse") as lab:
        lab.ask(Assign(0, 1e300))
        assert assert_true(lab.ask(Advance(1))) == ["overflows_as_it_stands"]
