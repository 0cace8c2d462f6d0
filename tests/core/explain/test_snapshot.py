"""The Snapshot: what it says of a run, worked out anew from the run itself."""

import numpy as np
import pytest

from nn_core import MLP, Config, Dataset, Quadratic, Timeline, Trainer, datasets
from nn_core.config.experiments import EXPERIMENTS
from nn_core.data.schema import Schema
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.comparison import labels
from nn_core.explain.insights import ViewMemory
from nn_core.explain.scene import SHOWN_POINTS, make_scene
from nn_core.explain.view_request import ViewRequest


class Watched:
    """A timeline, and a snapshot of it whenever it is asked for."""

    def __init__(self, trainer=None, request=ViewRequest(bins=10_000), **settings):  # noqa: B008 - frozen
        self.timeline = Timeline(trainer or Trainer.from_config(Config(**settings)))
        self.scene, self.request = make_scene(self.timeline), request

    def see(self):
        return capture_snapshot(self.timeline, self.scene, self.request)

    def advance(self, steps):
        self.timeline.advance(steps)
        return self.see()


@pytest.mark.parametrize("name", EXPERIMENTS)
@pytest.mark.parametrize("zero_gradients", [True, False])
def test_a_row_reads_value_plus_update_is_next(name, zero_gradients):
    """What the table foretells is what the next step does."""
    config = EXPERIMENTS[name].config.replace(zero_gradients=zero_gradients)
    request = ViewRequest(opened="0.weight" if config.model == "mlp" else None)
    run = Watched(Trainer.from_config(config), request)
    for _ in range(20):
        before, rate = run.see().rows, run.timeline.trainer.learning_rate
        after = run.advance(1).rows
        foretold = [row.next for row in before]
        assert [row.value for row in after] == pytest.approx(foretold, rel=1e-14, abs=1e-15)
        assert [row.start for row in after] == [row.start for row in before]
        if zero_gradients and config.optimizer == "sgd":
            pushes = [-rate * row.gradient for row in before]
            assert [row.update for row in before] == pytest.approx(pushes, rel=1e-9, abs=1e-12)


def test_layers_are_told_by_the_lengths_of_their_numbers():
    run = Watched(Trainer.from_config(EXPERIMENTS["relu-net"].config))
    seen = run.advance(5)
    trainer = run.timeline.trainer
    gradients = trainer.model.layout.views(trainer.gradient())
    for row in seen.rows:
        weights = trainer.model.parameters[row.name]
        assert row.shape == weights.shape
        assert row.size == pytest.approx(np.linalg.norm(weights))
        assert row.gradient == pytest.approx(np.linalg.norm(gradients[row.name]))
        assert row.ratio == pytest.approx(0.01 * row.gradient / row.size)


@pytest.mark.parametrize(("name", "rate"), [("quadratic", 0.5), ("relu", 0.5), ("relu-net", 0.05)])
def test_a_step_too_far_is_told_by_the_parameter_that_went_past_its_minimum(name, rate):
    """The one moved most of those whose gradient was turned around, by what it really moved."""
    run = Watched(Trainer.from_config(EXPERIMENTS[name].config.replace(learning_rate=rate)))
    jumps = 0
    for _ in range(60):
        before, old = run.timeline.state.parameters.copy(), run.timeline.trainer.gradient()
        seen = run.advance(1)
        new = run.timeline.trainer.gradient()
        moves = np.where(old * new < 0, run.timeline.state.parameters - before, 0)
        if seen.observed.jump is None:
            assert seen.change is None or seen.change <= 0 or not moves.any()
            continue
        jumps += 1
        index = int(np.abs(moves).argmax())
        assert seen.change > 0
        assert seen.observed.jump.label == run.timeline.state.layout.label(index)
        assert seen.observed.jump.amount == pytest.approx(moves[index], rel=1e-9)
    assert jumps


def test_loss_and_its_change_are_those_of_the_parameters_shown():
    run = Watched()
    seen = run.advance(10)
    assert (round(seen.loss, 4), round(seen.change, 4)) == (2.2137, -0.0208)
    off = seen.predictions - seen.scene.y
    assert seen.loss == pytest.approx(np.abs(off).mean())


def test_a_nudged_parameter_is_no_change_by_the_last_step():
    run = Watched()
    run.advance(10)
    run.timeline.do("nudge", index=0, amount=0.1)
    assert run.see().change is None


def test_in_batches_the_loss_is_still_that_of_all_rows():
    run = Watched(batch_size=8)
    seen = run.advance(5)
    assert seen.loss == pytest.approx(np.abs(seen.predictions - seen.scene.y).mean())
    assert seen.change is None
    assert (seen.epoch, seen.position, seen.steps_per_epoch) == (1, 16, 3)


def test_the_gradient_is_steady_since_the_step_that_began_it():
    """Compared with every gradient of the run, the one to come included."""
    run = Watched()
    gradients = [run.timeline.trainer.preview().gradient.tobytes()]
    said = 0
    for step in range(1, 400):
        since = run.advance(1).observed.steady_since
        gradients.append(run.timeline.trainer.preview().gradient.tobytes())
        first = next(at for at in range(step + 1) if len(set(gradients[at:])) == 1)
        assert since == (first if step - first >= 2 else None)
        said += since is not None
    assert said > 100


def test_unzeroed_steps_stand_with_zeroed_ones_only_while_they_really_do():
    run = Watched(zero_gradients=False)
    zeroed = Trainer.from_config(Config())
    for step in range(1, 15):
        seen = run.advance(1)
        zeroed.run(step)
        together = np.allclose(run.timeline.state.parameters, zeroed.model.flat, rtol=1e-9)
        assert seen.observed.summed_alike == (1 < step <= 6)
        assert together or not seen.observed.summed_alike


@pytest.mark.parametrize("settings", [{"clip": 0.1}, {"schedule": "cosine", "epochs": 10}])
def test_unzeroed_steps_that_are_clipped_or_of_other_rates_stand_elsewhere(settings):
    run = Watched(zero_gradients=False, **settings)
    for _ in range(6):
        assert not run.advance(1).observed.summed_alike


def test_points_above_and_below_are_counted():
    data = Dataset(np.array([[0.0], [1.0], [2.0], [3.0]]), np.array([[1.0], [5.0], [-1.0], [9.0]]))
    seen = Watched(Trainer(Quadratic(0, 0, 1), data)).see()
    assert (seen.observed.above, seen.observed.below) == (2, 1)


def test_the_curve_and_the_chosen_point_are_in_the_units_of_the_file():
    config = EXPERIMENTS["stopping-distance"].config
    run = Watched(Trainer.from_config(config), ViewRequest(point=3, grid=50))
    seen = run.advance(200)
    assert seen.point.x == pytest.approx((7.0,))
    assert seen.point.y == pytest.approx(22.0)
    assert seen.point.off == pytest.approx(seen.predictions[3] - 22.0)
    a, b, c = (value for _, value in seen.raw_parameters)
    places, heights = seen.curve
    np.testing.assert_allclose(heights, (a * places + b) * places + c, rtol=1e-9)
    assert (places[0], places[-1]) == (seen.scene.low, seen.scene.high)
    assert np.abs(seen.predictions - seen.scene.y).mean() < 13  # feet


def test_the_truth_is_drawn_in_the_units_of_the_file_too():
    places, heights = Watched(scale=True).scene.truth
    np.testing.assert_allclose(heights, 3 * places**2 + 2 * places + 1, atol=1e-9)


def test_kinks_are_marked_in_the_units_of_the_file():
    run = Watched(
        Trainer.from_config(
            EXPERIMENTS["stopping-distance"].config.replace(model="mlp", hidden=(4,))
        )
    )
    seen, data = run.see(), run.timeline.trainer.data
    scaled = data.x_scaling.apply(np.array([[kink.x] for kink in seen.kinks]))[:, 0]
    block = run.timeline.trainer.model.blocks[0]
    for at, kink in zip(scaled, seen.kinks, strict=True):
        assert block[kink.unit, 0] * at + block[kink.unit, 1] == pytest.approx(0, abs=1e-9)


def test_with_several_inputs_the_plot_holds_prediction_against_target():
    random = np.random.default_rng(0)
    data = Dataset(
        random.normal(size=(30, 2)), random.normal(size=(30, 1)), Schema.of_numbers(("u", "v"))
    )
    seen = Watched(Trainer(MLP((2, 3, 1)), data, loss="mse")).see()
    assert not seen.scene.over_x
    assert seen.curve is None
    assert seen.kinks == ()
    assert seen.scene.x.tolist() == seen.scene.y.tolist() == data.y[:, 0].tolist()


def test_of_many_rows_a_spread_of_them_is_shown():
    random = np.random.default_rng(0)
    data = Dataset(random.normal(size=(9999, 1)), random.normal(size=(9999, 1)))
    seen = Watched(Trainer(Quadratic(), data, loss="mse"), ViewRequest(point=9000)).see()
    assert seen.scene.rows == 9999
    assert len(seen.scene.x) == len(seen.predictions) == SHOWN_POINTS
    assert (seen.scene.shown[0], seen.scene.shown[-1]) == (0, 9998)
    assert seen.point.index == 9000
    assert seen.loss == pytest.approx(
        float(np.square(Quadratic().predict(data.x) - data.y).mean())
    )  # of all rows, not of those shown


def test_a_point_beyond_the_last_is_the_last():
    assert Watched(request=ViewRequest(point=500)).see().point.index == 19


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "before"),
        ({"epochs": 5, "pace": 2.0, "experiment": "mine"}, "before"),
        ({"learning_rate": 0.5}, "lr 0.5"),
        ({"zero_gradients": False}, "not zeroed"),
        ({"loss": "mse", "batch_size": 8}, "loss mse, batch size 8"),
        ({"shuffle": False}, "shuffle off"),
    ],
)
def test_a_kept_curve_is_named_by_what_sets_it_apart(changes, words):
    said, _ = labels([(Config(**changes),), (Config(),)])
    assert sorted(said.split(", ")) == sorted(words.split(", "))


def test_taking_a_snapshot_changes_nothing_in_the_run():
    watched, alone = Watched(batch_size=8), Watched(batch_size=8)
    for _ in range(37):
        watched.timeline.phase()
        watched.see()
        alone.timeline.phase()
    assert watched.timeline.state.parameters.tobytes() == alone.timeline.state.parameters.tobytes()
    assert watched.timeline.state.gradient.tobytes() == alone.timeline.state.gradient.tobytes()
    losses = [run.timeline.history.losses.values.tolist() for run in (watched, alone)]
    assert losses[0] == losses[1]


def test_the_truths_own_loss_is_passed_at_the_step_that_is_said():
    run = Watched()
    truth = run.timeline.trainer.loss  # the same measure, at the truth's parameters
    run.timeline.do("assign", index=0, value=3.0)
    run.timeline.do("assign", index=1, value=2.0)
    run.timeline.do("assign", index=2, value=1.0)
    assert truth() == pytest.approx(run.scene.truth_loss)
    fresh = Watched()
    seen = fresh.advance(300)
    losses = fresh.timeline.history.losses.values
    since = seen.observed.below_truth_since
    assert losses[since - 1] >= run.scene.truth_loss > losses[since:].max()


def test_where_there_is_no_truth_nothing_is_held_against_it():
    run = Watched(Trainer.from_config(EXPERIMENTS["stopping-distance"].config))
    seen = run.advance(50)
    assert seen.scene.truth is None
    assert seen.scene.truth_loss is None
    assert seen.observed.below_truth_since is None
    assert [each.label for each in seen.scene.references] == ["best quadratic"]


def test_the_scaled_cars_are_fitted_by_the_quadratic_that_least_squares_finds():
    """Heading "Real data with a quadratic in it": 2.470 + 0.913·speed + 0.09996·speed²."""
    run = Watched(Trainer.from_config(EXPERIMENTS["stopping-distance"].config))
    raw = dict(run.advance(20_000).raw_parameters)
    assert (round(raw["c"], 3), round(raw["b"], 3), round(raw["a"], 5)) == (2.470, 0.913, 0.09996)


def test_the_lessons_scene():
    scene = Watched().scene
    assert scene.formula == "y = a·x² + b·x + c"
    assert (scene.rows, scene.inputs, scene.target) == (20, ("x",), "y")
    assert scene.source == "the lesson’s noisy quadratic"
    assert scene.x.tolist() == datasets.noisy_quadratic().x[:, 0].tolist()
    assert scene.low < -2 < 2 < scene.high


def test_the_ends_of_the_sliders_only_move_apart_within_a_run():
    """They came back with the value, so that ◆ stood still, or jumped, while the value moved."""
    timeline, memory = Timeline(Trainer.from_config(Config())), ViewMemory()
    scene = make_scene(timeline)

    def ends(**request):
        return capture_snapshot(timeline, scene, ViewRequest(**request), memory=memory).slider

    assert ends() == (-1.1, 3.3)
    timeline.do("assign", index=0, value=5.0)
    wide = ends()
    assert wide == (-1.1, pytest.approx(5.5))
    timeline.do("assign", index=0, value=1.0)
    assert ends() == wide
    timeline.do("assign", index=1, value=-3.0)
    assert ends() == (pytest.approx(-3 * 11 / 9, rel=0.3), wide[1])
    assert ends()[0] <= -3.0


def test_a_restart_has_the_ends_of_the_sliders_as_they_were():
    """A mistyped value, or a run that diverged, left ◆ at one end of them for good."""
    timeline, memory = Timeline(Trainer.from_config(Config())), ViewMemory()
    scene = make_scene(timeline)

    def ends():
        return capture_snapshot(timeline, scene, ViewRequest(), memory=memory).slider

    begun = ends()
    timeline.do("assign", index=0, value=99999.0)
    assert ends()[1] > 99999
    timeline.restart()
    assert ends() == begun


def test_the_ends_of_a_matrix_are_the_same_wherever_it_is_scrolled_to():
    timeline, memory = Timeline(Trainer.from_config(EXPERIMENTS["relu-net"].config)), ViewMemory()
    scene, found = make_scene(timeline), set()
    timeline.do("assign", index=0, value=9.0)
    for first in range(0, 12, 4):
        request = ViewRequest(opened="0.weight", first=first, count=4)
        found.add(capture_snapshot(timeline, scene, request, memory=memory).slider)
    assert len(found) == 1
    assert found.pop()[1] >= 9.0


def test_a_gradient_that_is_only_rounding_is_told_from_a_small_one():
    """Beside “4.2e−17 × −lr” stood an update of 0.0000."""
    run = Watched(experiment="quadratic", learning_rate=2.0)
    seen = run.advance(10)
    assert [row.cancels for row in seen.rows] == [False, True, False]
    assert 0 < seen.rows[1].gradient < 1e-16
    small = Watched(Trainer(Quadratic(1e-15, 0, 0), Dataset([[1.0]], [[0.0]]), loss="mse"))
    assert 0 < small.see().rows[0].gradient < 1e-14
    assert not any(row.cancels for row in small.see().rows)
