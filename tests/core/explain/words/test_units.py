"""What is said of units and of rectified lines."""

import math

import pytest
from claims.words import LOOK, assert_true

from nn_core.config.experiments import EXPERIMENTS
from nn_core.explain.view_request import ViewRequest
from nn_core.explain.words import describe, units
from nn_core.live.edit_requests import Assign, Set, Turn
from nn_core.live.requests import Advance, Look, Restart, StartRunning


def test_a_unit_dead_on_every_point_and_why_it_stays_so(laboratory):
    with laboratory(EXPERIMENTS["relu-net"].config) as lab:
        lab.ask(Look(ViewRequest(opened="0.bias")))
        unit = next(row for row in lab.snapshot.rows if row.name == "0.bias[3]")
        lab.ask(Assign(unit.index, -1000.0))
        assert describe(lab.ask(Advance(1))) == (
            "Unit 1.4 (△) is dead, 0 at all points: its gradient is 0, it can’t come back.",
            "A adds a unit; a lower rate (−, then r) may spare some; leaky-relu (o) all.",
        )


@pytest.mark.parametrize("seed", [0, 3, 4, 5])
def test_most_units_of_a_layer_dead_come_before_the_rate_and_what_is_advised_helps(
    laboratory, seed
):
    """A smaller rate alone, or a schedule, brought none of 15 of 16 back."""
    config = EXPERIMENTS["relu-net"].config
    with laboratory(config, learning_rate=0.1, seed=seed, pace=math.inf) as lab:
        lab.ask(Look(LOOK))
        lab.run()
        made = assert_true(lab.snapshot)
        assert made[-2:] == ["mostly_dead", "leaky_units_do_not"]
        best = lab.snapshot.scene.reference("best").loss
        assert lab.snapshot.loss > 2 * best
        lab.ask(Turn("learning_rate", -1))
        lab.ask(Restart())
        assert lab.run().loss < best
        assert "mostly_dead" not in assert_true(lab.snapshot)
        lab.ask(Set("learning_rate", "0.1"))
        lab.ask(Set("activation", "leaky-relu"))
        assert lab.run().loss < best
        assert "mostly_dead" not in assert_true(lab.snapshot)


def test_units_dead_over_large_inputs_are_told_to_be_scaled(laboratory):
    config = EXPERIMENTS["relu-net"].config
    with laboratory(config, data="stopping-distance", hidden=(4,)) as lab:
        lab.ask(Look(ViewRequest(opened="0.bias")))
        snapshot = lab.ask(Assign(lab.snapshot.rows[0].index, -1000.0))
        assert_true(snapshot)
        *_, helps = units.silent(lab.ask(Advance(1)))
        assert helps == "Inputs reach 25, targets 120: scaled (Z) fewer units die."


def test_a_line_that_is_cut_off(laboratory):
    with laboratory(EXPERIMENTS["relu"].config) as lab:
        lab.ask(Assign(1, -10.0))
        assert describe(lab.ask(Advance(1)))[0] == (
            "Line 1 is cut off at every point: its gradient is 0, it can’t come back."
        )
        assert_true(lab.snapshot)


def test_the_double_relu_is_one_v_at_first_and_then_its_kinks_slide(laboratory):
    with laboratory(EXPERIMENTS["relu"].config) as lab:
        assert describe(lab.snapshot) == (
            "The lesson’s two rectified lines.",
            "s takes one step down the gradient, i goes into it; ←→ moves m1 by hand.",
        )
        assert describe(lab.ask(Advance(10)))[0].startswith("The kinks lie at x = ")


def test_the_v_is_named_for_what_it_is(laboratory):
    """At step 0 of a run at a crawl: 1.5·|x + 1|."""
    with laboratory(EXPERIMENTS["relu"].config, pace=1e-6, learning_rate=1e-9) as lab:
        lab.runner.ask(StartRunning())
        while not lab.next().running:
            pass
        assert describe(lab.snapshot)[0] == (
            "Both kinks lie at x = −1: together it is 1.5·|x + 1|, two halves of one V."
        )
        assert_true(lab.snapshot)


def test_where_no_point_lies_below_0_the_lines_are_only_said_to_bend_up(laboratory):
    config = EXPERIMENTS["relu"].config
    with laboratory(config, data="stopping-distance", learning_rate=1e-4) as lab:
        assert list(units.rectified_lines(lab.ask(Advance(1))))[-1] == (
            "The sum only bends up, is never below 0: it can follow a valley, never a hill."
        )


def test_two_lines_of_one_slope_are_no_v(laboratory):
    """They bend at one place, and lie on each other."""
    with laboratory(EXPERIMENTS["relu"].config, learning_rate=1e-9) as lab:
        lab.ask(Assign(0, 1.5))
        lab.ask(Assign(1, 1.5))
        assert "V" not in describe(lab.ask(Advance(1)))[0]
