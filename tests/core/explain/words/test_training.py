"""What is said of how training goes."""

import math
from dataclasses import replace

import pytest
from claims.words import LOOK, assert_true
from hypothesis import given
from hypothesis import strategies as st

from nn_core import Config, Trainer
from nn_core.config.experiments import EXPERIMENTS
from nn_core.explain.rows import LayerRow
from nn_core.explain.words import describe, training
from nn_core.formatting import fixed
from nn_core.live.edit_requests import Nudge, Set, Turn
from nn_core.live.requests import Advance, Back, Look, NextPhase, Seek
from nn_core.training.state import PHASES


def beside_its_twin(lab, shown):
    """The snapshot of the same step in which the zeroed twin, which follows, has come there."""
    while shown.twin is None or shown.twin.end is None:
        shown = lab.next()
    return shown


def test_without_zeroing_a_better_loss_is_said_to_overshoot_as_in_the_lessons_table(laboratory):
    with laboratory(zero_gradients=False) as lab:
        assert describe(beside_its_twin(lab, lab.ask(Advance(4))))[1] == (
            "Lower than zeroed (2.3386), but it will overshoot (space shows it)."
        )
        assert describe(beside_its_twin(lab, lab.ask(Advance(6))))[1] == (
            "Lower than zeroed, but it will overshoot (space). J lists the published table."
        )
        made = []
        while "overshot" not in made:
            assert lab.snapshot.step < 100
            made = assert_true(lab.ask(Advance(1)))


def test_without_zeroing_what_has_overshot_is_not_said_to_do_so_yet(laboratory):
    """At step 80 it stood at 2.2795, above its twin, and was “Lower, but it will overshoot”."""
    with laboratory(zero_gradients=False) as lab:
        lab.ask(Advance(10))
        made = assert_true(beside_its_twin(lab, lab.ask(Advance(1))))
        assert "will_overshoot" in made
        for _ in range(80):
            made = assert_true(lab.ask(Advance(1)))
            assert ("has_overshot" in made) == (lab.snapshot.observed.overshot_at is not None)
        assert "has_overshot" in made


@given(steps=st.lists(st.integers(0, 30), min_size=1, max_size=5))
def test_at_any_step_gone_back_to_the_words_know_what_zeroing_gives_there(laboratory, steps):
    """Gone back from 30 to 20 they said that zeroed it stood lower, which is true of step 30."""
    with laboratory(zero_gradients=False) as lab:
        lab.ask(Advance(30))
        for step in steps:
            shown = beside_its_twin(lab, lab.ask(Seek(step)))
            zeroed = Trainer.from_config(Config())
            zeroed.run(step)
            assert (shown.step, shown.twin.steps, shown.twin.tip) == (step, step, 30)
            assert shown.twin.end.loss == zeroed.loss()
            said = [line for line in describe(shown) if "won’t settle; " in line]
            assert bool(said) == (shown.observed.overshot_at is not None)
            way = "for now it is below" if zeroed.loss() > shown.loss else "it is above"
            assert all(f"; {way} zeroed ({fixed(zeroed.loss())})." in line for line in said)
            assert_true(shown)


def test_a_rate_far_too_large_is_told_from_one_that_is_a_little_so(laboratory):
    for rate, much in ((1.0, ""), (20.0, "far ")):
        with laboratory(learning_rate=rate) as lab:
            shown = lab.ask(Advance(100))
            assert_true(shown)
            assert describe(shown)[1].startswith(f"The rate is {much}too large: − lowers it")


def test_of_a_swing_it_is_said_in_how_many_steps(laboratory):
    """“The loss swings between 1.2 and 1.7” named no window: it was read as of the whole run."""
    with laboratory(learning_rate=1.0) as lab:
        shown = lab.ask(Advance(60))
        low, high = (
            fixed(end) for end in (shown.losses.low[20:].min(), shown.losses.low[20:].max())
        )
        expected = f"In the last 40 steps the loss swings between {low} and {high}."
        assert describe(shown)[0] == expected


def test_a_schedule_that_will_lower_the_rate_is_not_advised_once_more(laboratory):
    """At step 50 of `schedule`: “schedule cosine (o) lets it settle”, which it had all along."""
    with laboratory(EXPERIMENTS["schedule"].config) as lab:
        said = describe(lab.ask(Advance(60)))
        assert_true(lab.snapshot)
        assert said[1] == ("The rate is too large: the schedule will lower it, − does now.")


def test_a_rate_on_the_edge_is_named_with_what_lets_it_settle(laboratory):
    with laboratory(learning_rate=0.5) as lab:
        made = assert_true(lab.ask(Advance(200)))
        assert made == ["swings", "lower_the_rate"]


def test_a_plateau_is_named_with_what_leads_off_it(laboratory):
    """The floor of a valley: the gradient is a fraction of what it was, and what moves is slow."""
    config = EXPERIMENTS["stopping-distance"].config
    with laboratory(config, learning_rate=0.01, epochs=1000) as lab:
        assert assert_true(lab.ask(Advance(330)))[0] == "plateau"


def test_too_small_a_rate_is_named_and_not_taken_for_a_plateau(laboratory):
    """At 1e−7 the slope was as at the start, and it was “A plateau: hardly a thousandth less”."""
    with laboratory(learning_rate=1e-7) as lab:
        assert "too_small" not in assert_true(lab.ask(Advance(20)))
        assert describe(lab.ask(Advance(180))) == (
            "The rate is far too small: 200 steps cut the loss by <0.1 %, still as steep.",
            "+ raises it; at 0.01 (:lr 0.01) a step lowers the loss 1e5 times as much.",
        )
        assert_true(lab.snapshot)


def test_too_small_a_rate_is_named_at_the_target_too(laboratory):
    """The loss fell by 1.7 %: “Target reached”, “15 of 20 points still lie above the curve”."""
    with laboratory(learning_rate=0.0002, pace=math.inf) as lab:
        lab.ask(Look(LOOK))
        assert assert_true(lab.run()) == ["too_small", "longer_steps"]
        assert describe(lab.snapshot) == (
            "The rate is far too small: 100 steps cut the loss by 1.7 %, still as steep.",
            "+ raises it; at 0.01 (:lr 0.01) a step lowers the loss 50 times as much.",
        )


@pytest.mark.parametrize("name", [name for name in EXPERIMENTS if name != "digits"])
@pytest.mark.parametrize("times", [1e-5, 1e-2, 0.1, 0.5, 1, 2, 10])
def test_of_every_experiment_a_rate_is_called_too_small_only_where_another_leads_far_on(
    laboratory, name, times
):
    config = EXPERIMENTS[name].config
    with laboratory(config, learning_rate=times * config.learning_rate) as lab:
        lab.ask(Look(LOOK))
        looks = [assert_true(lab.ask(Advance(steps))) for steps in (20, 25, 15, 40, 200)]
        said = ["too_small" in made for made in looks]
        assert any(said) == (times == 1e-5) or 1e-5 < times < 1


@pytest.mark.parametrize(
    "settings",
    [
        {"freeze": ("0",)}, {"l2": 0.1, "optimizer": "momentum"}, {"clip": 0.5},
        {"dtype": "float32"}, {"batch_size": 5}, {"loss": "huber", "optimizer": "adamw"},
    ],
)  # fmt: skip
def test_too_small_a_rate_is_named_whatever_a_step_is_made_of(laboratory, settings):
    with laboratory(EXPERIMENTS["relu-net"].config, learning_rate=1e-7, **settings) as lab:
        lab.ask(Look(LOOK))
        assert "too_small" in assert_true(lab.ask(Advance(60 * lab.snapshot.steps_per_epoch)))


def test_a_rate_lowered_in_the_end_is_not_called_too_small(laboratory):
    """Where the bottom is reached slow steps are no fault, nor where a schedule sinks them."""
    with laboratory(learning_rate=0.1) as lab:
        lab.ask(Advance(100))
        lab.ask(Set("learning_rate", "1e-5"))
        for _ in range(10):
            assert "too_small" not in assert_true(lab.ask(Advance(10)))


@pytest.mark.parametrize(
    ("layers", "rate", "steps", "claim"),
    [(6, 0.1, 300, "nearly_one_answer"), (3, 1e-6, 60, "fades_back")],
)
def test_a_signal_that_fades_is_said_as_in_the_health_view_and_not_taken_for_a_plateau(
    laboratory, layers, rate, steps, claim
):
    """“+ raises the rate” stood there, and the health view named something else."""
    settings = {"hidden": (8,) * layers, "activation": "sigmoid", "data": "sine"}
    with laboratory(EXPERIMENTS["mlp"].config, **settings, learning_rate=rate) as lab:
        shown = lab.ask(Advance(steps))
        assert claim in assert_true(shown)
        said = describe(shown)
        assert describe(lab.ask(Look(replace(LOOK, view="health")))) == said


def test_a_schedule_at_its_end_is_no_plateau_and_more_epochs_are_said_to_stretch_it(laboratory):
    """The rate leapt from 0 to 0.0017 unsaid, and the rest at 0 was “A plateau: + raises”."""
    with laboratory(schedule="cosine", epochs=600, learning_rate=0.005, pace=math.inf) as lab:
        lab.ask(Look(LOOK))
        made = assert_true(lab.run())
        assert made == ["finished", "schedule_at_its_end"]
        assert "passed" in assert_true(lab.ask(Advance(1)))
        assert lab.snapshot.learning_rate == 0
        assert describe(lab.ask(Set("epochs", "1000"))) == (
            "The target is 1000 epochs now; training stops there by itself.",
            "The schedule, cosine, now spans them all: the rate is 0.00172.",
        )
        assert_true(lab.snapshot)
        for _ in range(50):
            assert "plateau" not in assert_true(lab.ask(Advance(1)))


@pytest.mark.parametrize("schedule", ["step", "exponential", "warm-up", "one-cycle"])
def test_of_every_schedule_that_ends_more_epochs_raise_the_rate(laboratory, schedule):
    with laboratory(schedule=schedule, epochs=60, pace=math.inf) as lab:
        assert "schedule_at_its_end" in assert_true(lab.run())
        ended = lab.snapshot.learning_rate
        made = assert_true(lab.ask(Set("epochs", "120")))
        assert "schedule_stretched" in made
        assert lab.snapshot.learning_rate > ended


def test_the_rate_that_is_advised_is_the_one_that_the_key_gives(laboratory):
    """“Halve the learning rate (−)?” it said, and − made 0.02 of 0.05."""
    with laboratory(learning_rate=0.5) as lab:
        made = []
        while "jumped_over" not in made:
            made = assert_true(lab.ask(Advance(1)))
        advised = " ".join(describe(lab.snapshot))
        lower = lab.ask(Turn("learning_rate", -1)).learning_rate
        assert f"Lower the rate to {lower} (−)?" in advised


def test_which_way_the_points_vote_after_ten_steps(laboratory):
    with laboratory() as lab:
        assert describe(lab.ask(Advance(10))) == (
            "15 of 20 points still lie above the curve. They push c up; a and b go up too.",
            "Gradient unchanged since step 0: it moves when the curve crosses a point.",
        )


@pytest.mark.parametrize("optimizer", ["momentum", "nesterov", "adam", "adamw", "lion"])
def test_what_goes_against_its_gradient_does_so_by_what_the_optimizer_remembers(
    laboratory, optimizer
):
    """Under Adam the points pushed b down, it went up, and the words had nothing to say of it."""
    with laboratory(optimizer=optimizer) as lab:
        made = [assert_true(lab.ask(Advance(1))) for _ in range(160)]
        assert any("all_pushed" in each for each in made)
        assert not any("strongest_push" in each for each in made)
        assert any("against_its_gradient" in each for each in made)


def test_adams_memory_is_named_in_a_line_where_it_moves_what_has_no_such_gradient(laboratory):
    """At step 77 b went up by a gradient of 0.0632, c by one of 0: “Gradient unchanged”."""
    with laboratory(optimizer="adam") as lab:
        lab.ask(Advance(30))
        assert describe(lab.snapshot) == (
            "b goes uphill: Adam’s m holds older gradients.",
            "14 of 20 points still lie above the curve. They push c up; a goes up too.",
        )
        lab.ask(Advance(47))
        assert describe(lab.snapshot) == (
            "b goes uphill, c moves at gradient 0: Adam’s m holds older gradients.",
            "Below the truth’s own loss since epoch 61: part of what it fits is noise.",
        )
        assert describe(lab.ask(Advance(20)))[0] == (
            "c moves, though its gradient is 0: Adam’s m holds older gradients."
        )
        assert describe(lab.ask(Advance(3)))[1] == (
            "b goes uphill: Adam’s m holds older gradients."
        )


@pytest.mark.parametrize("optimizer", ["sgd", "rmsprop"])
def test_without_such_a_memory_nothing_goes_against_its_gradient(laboratory, optimizer):
    with laboratory(optimizer=optimizer) as lab:
        made = [assert_true(lab.ask(Advance(1))) for _ in range(160)]
        assert not any("against_its_gradient" in each for each in made)


def test_a_weight_decay_that_goes_against_the_gradient_is_no_memory(laboratory):
    with laboratory(optimizer="adamw", weight_decay=20.0, learning_rate=0.02) as lab:
        shown = lab.ask(Advance(1))
        assert any(row.gradient * row.update > 0 for row in shown.rows)
        assert "against_its_gradient" not in assert_true(shown)
        for _ in range(60):
            assert_true(lab.ask(Advance(1)))


def test_of_a_layers_numbers_only_the_chosen_one_is_said_to_go_against_its_gradient(laboratory):
    with laboratory(EXPERIMENTS["relu-net"].config, optimizer="momentum") as lab:
        look = replace(LOOK, opened="2.weight", chosen=3)
        lab.ask(Look(look))
        found = set()
        for _ in range(150):
            lab.ask(Advance(1))
            found |= set(training.against_the_gradient(lab.snapshot))
        assert found == {"W2[1,4] goes uphill: momentum’s v holds older gradients."}


def test_as_many_points_above_as_below_push_nothing(laboratory):
    """It said that 10 of 20 points push c up, whose gradient was 0."""
    with laboratory(optimizer="adam") as lab:
        shown = lab.ask(Advance(77))
        assert shown.observed.above == shown.observed.below
        assert list(training.points_above_and_below(shown)) == [
            "For c every point has one vote: (10 below − 10 above) ÷ 20 = 0.0000."
        ]


def test_parameters_that_move_equally_far_are_named_together(laboratory):
    with laboratory(optimizer="adam") as lab:
        shown = lab.ask(Advance(3))
        assert list(training.largest_push(shown)) == [
            "All move equally far in the next step: by 0.0100."
        ]
        while "All move" in (said := next(training.largest_push(shown))):
            shown = lab.ask(Advance(1))
        assert said.startswith("a and c move equally far in the next step: by 0.0099.")


def test_a_gradient_that_turns_around_at_each_step_is_not_called_unchanged(laboratory):
    with laboratory(learning_rate=5.0) as lab:
        for _ in range(8):
            shown = lab.ask(Advance(1))
            assert not any("unchanged" in line for line in describe(shown))


def test_a_vote_that_pulls_two_ways_is_counted_for_c(laboratory):
    with laboratory() as lab:
        lab.ask(Advance(315))
        made = assert_true(lab.ask(Set("epochs", "1000")))
        while "votes_for_c" not in made:
            made = assert_true(lab.ask(Advance(1)))


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (2, "Never zeroed: step 2 stands where zeroed step 3 would: 1+2 = 3."),
        (4, "Never zeroed: step 4 stands where zeroed step 10 would: 1+2+3+4 = 10."),
        (6, "Never zeroed: step 6 stands where zeroed step 21 would: 1+2+…+6 = 21."),
        (9, "Not zeroed: each update sums all gradients so far; it can overshoot and swing."),
    ],
)
def test_zeroing_forgotten(laboratory, step, words):
    with laboratory(zero_gradients=False) as lab:
        assert describe(lab.ask(Advance(step)))[0] == words


def test_layers_are_compared_by_update_beside_size(laboratory):
    with laboratory(EXPERIMENTS["relu-net"].config, init="he", seed=1) as lab:
        made = []
        while "largest_ratio" not in made:
            made = assert_true(lab.ask(Advance(1)))
        assert isinstance(lab.snapshot.rows[0], LayerRow)


def test_of_updates_that_are_alike_none_is_said_to_be_the_largest(laboratory):
    """With Adam all three moved by +0.0100, and a was said to have moved most."""
    for optimizer, most in (("adam", ""), ("sgd", " most,")):
        with laboratory(optimizer=optimizer) as lab:
            for _ in PHASES:
                shown = lab.ask(NextPhase())
            assert_true(shown)
            assert describe(shown)[0].startswith(f"Update: a moved{most} by")


def test_the_first_steps_say_what_they_did_to_the_chosen_parameter(laboratory):
    """After s the row had the step to come alone: the 1.1000 before it stood nowhere."""
    with laboratory() as lab:
        lab.ask(Look(replace(LOOK, chosen=1)))
        shown = lab.ask(Advance(1))
        assert "b went from 1.1000 by +0.0003 to 1.1003." in describe(shown)
        assert "last_move" in assert_true(lab.ask(Advance(1)))
        assert "last_move" in assert_true(lab.ask(Back()))  # and of the step that is gone back to
        lab.ask(Nudge(1, 0.1))
        assert "last_move" not in assert_true(lab.ask(Look(LOOK)))
        assert "last_move" not in assert_true(lab.ask(Advance(4)))


def test_a_schedule_set_at_the_target_says_how_it_begins(laboratory):
    """At 100 of 100 epochs cosine left the rate at 0, and only r was named as a way on."""
    with laboratory() as lab:
        lab.ask(Advance(100))
        shown = lab.ask(Set("schedule", "cosine"))
        assert describe(shown)[1] == (
            "It ends here; more epochs (space) stretch it, and the rate rises."
        )
        assert_true(shown)
