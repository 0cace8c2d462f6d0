"""What is said of a run that diverged."""

import math

from claims.words import assert_true

from nn_core.config.experiments import EXPERIMENTS
from nn_core.explain.view_request import ViewRequest
from nn_core.explain.words import describe, is_alarm
from nn_core.live.edit_requests import Assign, Set, Turn
from nn_core.live.requests import Advance, Back, Look, Restart


def test_divergence_is_an_alarm_that_says_what_and_why(laboratory):
    with laboratory(loss="mse", learning_rate=1.0) as lab:
        lab.ask(Advance(1000))
        assert describe(lab.snapshot) == (
            "Diverged: step 170 would drive a to −7.5e153; step 169 is kept.",
            "Learning rate 1 is far too large; type :lr 0.01, enter, then r to restart.",
        )
        assert_true(lab.snapshot)
        assert is_alarm(lab.snapshot)
        assert is_alarm(lab.ask(Back()))  # the loss is still far above the first
        assert not is_alarm(lab.ask(Restart()))


def test_where_the_kept_step_is_not_the_one_that_breaks_it_and_a_good_rate_is_near(laboratory):
    """At step 38 a is far, and at step 39 too far; from 1000 − leads nowhere in a few presses."""
    with laboratory(loss="mse", learning_rate=1000.0, pace=math.inf) as lab:
        kept = lab.ask(Advance(100))
        assert describe(kept) == (
            "Diverged: step 39 would drive a to 2.3e154; step 38 is kept.",
            "Learning rate 1000 is far too large; type :lr 0.01, enter, then r to restart.",
        )
        assert abs(kept.rows[0].value) < 1e152
        lab.ask(Set("lr", "0.01"))
        lab.ask(Restart())
        assert lab.run().loss < 1.2 * lab.snapshot.scene.reference("best").loss


def test_a_rate_a_little_too_large_is_turned_down(laboratory):
    config = EXPERIMENTS["relu-net"].config
    with laboratory(config, learning_rate=0.1, seed=1, pace=math.inf) as lab:
        made = assert_true(lab.ask(Advance(100)))
        assert made == ["diverged", "rate_too_large"]
        lab.ask(Turn("learning_rate", -1))
        lab.ask(Restart())
        assert lab.run().loss < lab.snapshot.scene.reference("best").loss


PRICES = "area,rooms,price\n" + "".join(
    f"{area},{rooms},{40_000 + 1900 * area + 9000 * rooms}\n"
    for area in range(30, 200, 5)
    for rooms in range(1, 6)
)


def test_a_network_that_raw_prices_killed_is_called_a_constant_until_it_is_scaled(
    laboratory, tmp_path
):
    (tmp_path / "prices.csv").write_text(PRICES)
    config = EXPERIMENTS["mlp"].config.replace(data=str(tmp_path / "prices.csv"))
    with laboratory(config, hidden=(16,)) as lab:
        reach = "Inputs reach 195, targets 455500"
        assert describe(lab.snapshot)[0] == f"{reach}: press Z to scale them, or it may diverge."
        lab.ask(Advance(1000))
        for _ in range(3):
            assert lab.snapshot.loss < lab.snapshot.observed.first_loss
            assert "dead: the network says the same for every row." in describe(lab.snapshot)[0]
            assert describe(lab.snapshot)[1] == f"{reach}: Z scales the columns and begins again."
            assert_true(lab.snapshot)
            assert is_alarm(lab.snapshot)
            lab.ask(Advance(500))
        lab.ask(Set("scale", "on"))
        lab.run()
        assert not is_alarm(lab.snapshot)


def test_a_loss_that_swings_on_raw_prices_is_not_blamed_on_the_rate_alone(laboratory, tmp_path):
    (tmp_path / "prices.csv").write_text(PRICES)
    config = EXPERIMENTS["mlp"].config.replace(data=str(tmp_path / "prices.csv"))
    with laboratory(config, learning_rate=1e-9) as lab:
        made = []
        while "swings" not in made:
            made = assert_true(lab.ask(Advance(41)))
            assert {"columns_too_large", "unscaled"} & set(made)
            assert lab.snapshot.step < 2000
        assert "columns_too_large" in made


def test_saturated_units_that_pass_one_value_on_make_a_constant(laboratory):
    config = EXPERIMENTS["relu-net"].config
    with laboratory(config, activation=("tanh",), hidden=(1,)) as lab:
        lab.ask(Look(ViewRequest(opened="0.bias")))
        lab.ask(Assign(lab.snapshot.rows[0].index, 1e6))
        made = assert_true(lab.ask(Advance(1)))
        assert made == ["says_the_same", "begin_otherwise"]


def test_an_update_beyond_every_number_is_said_to_be(laboratory):
    with laboratory(learning_rate=1.7e308) as lab:
        assert describe(lab.ask(Advance(1)))[0] == (
            "Diverged: step 1 would make a infinite; step 0 is kept."
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
