"""The slope view's numbers, recomputed from the run by other ways."""

import numpy as np
import pytest
from slopes import look, run

from nn_core.explain.insights import ViewMemory


def loss_at(timeline, parameters):
    """The loss over all rows with these parameters."""
    trainer = timeline.trainer
    copy = trainer.model.astype(trainer.config.dtype)
    copy.flat[:] = parameters
    return trainer.loss_function.evaluate(copy.predict(trainer.data.x), trainer.data.y)


def test_the_lessons_tenth_step():
    """FACTS: the gradient is −1.3529 as long as no point is crossed; rate 0.01."""
    found = look(run(steps=10)).insight
    assert found.chosen.label == "a"
    assert found.partner.label == "b"
    assert f"{found.loss:.4f} {found.slope:.4f}" == "2.2137 -1.3529"
    assert found.chosen.update == pytest.approx(0.013529, abs=1e-6)
    # Straight until a point is crossed: the slice falls by slope · update.
    assert found.landing == pytest.approx(found.loss + found.slope * found.chosen.update)
    assert f"{found.next_loss:.4f}" == "2.1929"  # the table's step 11
    assert found.past_steps.losses[:3].round(4).tolist() == [2.4219, 2.4010, 2.3802]


@pytest.mark.parametrize(
    ("name", "changes"),
    [("quadratic", {}), ("quadratic", {"loss": "mse"}), ("quadratic", {"loss": "huber"}),
     ("relu", {}), ("relu-net", {}), ("relu-net", {"hidden": (8, 4)}),
     ("relu-net", {"batch_size": 3}), ("relu-net", {"optimizer": "adam", "clip": 0.5}),
     ("quadratic", {"zero_gradients": False}), ("stopping-distance", {})],
)  # fmt: skip
def test_where_the_step_lands_is_what_comes_of_it(name, changes):
    timeline = run(name, 7, **changes)
    for chosen in range(3):
        shown = look(timeline, chosen=chosen)
        found, here = shown.insight, timeline.state.parameters.copy()
        index = found.chosen.index
        assert found.loss == pytest.approx(loss_at(timeline, here))
        timeline.advance(1)
        after = timeline.state.parameters.copy()
        assert found.chosen.next == after[index]
        assert found.next_loss == pytest.approx(loss_at(timeline, after))
        alone = here.copy()
        alone[index] = after[index]
        assert found.landing == pytest.approx(loss_at(timeline, alone))
        for value, loss in list(zip(found.slice.values, found.slice.losses, strict=True))[::20]:
            alone[index] = value
            assert loss == pytest.approx(loss_at(timeline, alone))
        for row in (0, -1):
            for column in (3, -1):
                alone[index] = found.map.across[column]
                alone[found.partner.index] = found.map.up[row]
                assert found.map.losses[row, column] == pytest.approx(loss_at(timeline, alone))
                alone[found.partner.index] = here[found.partner.index]


def test_the_bottom_of_a_slice_of_absolute_errors_is_a_weighted_median():
    """In a alone the loss is Σ|x²|·|a − (y − b·x − c) ÷ x²|: lowest at the weighted median."""
    timeline = run(steps=5)
    found, data = look(timeline).insight, timeline.trainer.data
    x, y = data.x[:, 0], data.y[:, 0]
    _, b, c = timeline.state.parameters
    kinks, weights = (y - b * x - c) / x**2, x**2
    order = np.argsort(kinks)
    total = np.cumsum(weights[order])
    median = kinks[order][np.searchsorted(total, total[-1] / 2)]
    assert found.slice.bottom == pytest.approx(median, abs=1e-9)
    inside = np.sort(kinks[(kinks > found.chosen.low) & (kinks < found.chosen.high)])
    np.testing.assert_allclose(np.sort(found.slice.kinks), inside)
    for kink, row in zip(found.slice.kinks, found.slice.rows_of_kinks, strict=True):
        assert kink == pytest.approx(kinks[row])


def test_the_bottom_of_a_slice_of_squares_is_the_vertex():
    timeline = run(steps=5, loss="mse", learning_rate=0.05)
    found, data = look(timeline).insight, timeline.trainer.data
    x, y = data.x[:, 0], data.y[:, 0]
    _, b, c = timeline.state.parameters
    vertex = float(((y - b * x - c) * x**2).sum() / (x**4).sum())
    assert found.slice.bottom == pytest.approx(vertex, abs=1e-3)
    assert found.slice.least <= found.slice.losses.min()
    assert not len(found.slice.kinks)


@pytest.mark.parametrize(
    ("name", "steps"), [("quadratic", 400), ("relu-net", 600), ("spiral", 632)]
)
def test_the_least_loss_of_the_map_is_never_above_the_one_here(name, steps):
    """Also where the map is of fewer rows, or lowest between the places that it is made of."""
    timeline = run(name, steps)
    for chosen in range(3):
        found = look(timeline, chosen=chosen).insight
        assert found.map.least <= found.slice.least <= found.loss
        if found.slice.rows == found.rows:
            parameters = timeline.state.parameters.copy()
            parameters[[found.chosen.index, found.partner.index]] = found.map.bottom
            assert found.map.least == pytest.approx(loss_at(timeline, parameters))


def test_the_slope_is_of_all_rows_and_the_step_of_the_batch():
    timeline = run("quadratic", 3, batch_size=4, loss="mse")
    found, trainer = look(timeline).insight, timeline.trainer
    assert found.slope == pytest.approx(trainer.gradient()[0])
    assert found.used == trainer.preview().gradient[0]
    assert found.used != pytest.approx(found.slope)


def test_a_gradient_that_is_a_sum_is_not_the_slope():
    found = look(run(steps=3, zero_gradients=False)).insight
    assert found.used == pytest.approx(4 * found.slope)


@pytest.mark.parametrize("phase", range(5))
def test_inside_a_step_the_arrow_comes_with_the_gradient(phase):
    timeline = run(steps=4)
    for _ in range(phase):
        timeline.phase()
    found = look(timeline).insight
    assert found.known == (phase in (0, 4))
    assert (found.chosen.update != 0) == found.known
    assert found.slope == pytest.approx(-1.3529, abs=1e-4)


def test_partners_go_round_and_a_weight_has_its_own_bias_first():
    timeline = run("relu-net", 1, hidden=(3, 2))
    layout = timeline.state.layout

    def partners(of, count):
        name, position = of.split("[")
        layer = layout[name]
        places = list(np.ndindex(*layer.shape))
        at = places.index(tuple(int(part) for part in position.rstrip("]").split(",")))
        return [
            look(timeline, opened=name, chosen=at, partner=turn).insight.partner.label
            for turn in range(count)
        ]

    assert partners("0.weight[1, 0]", 1) == ["b1[2]"]
    assert partners("0.bias[1]", 1) == ["W1[2,1]"]
    assert len(set(partners("2.weight[0, 2]", 7))) == 7  # 2×3 weights and 2 biases, less itself
    assert partners("2.weight[0, 2]", 8)[7] == partners("2.weight[0, 2]", 1)[0]


def test_of_a_layer_as_a_whole_the_same_weight_stays_in_sight():
    timeline, labels, memory = run("relu-net", 1, batch_size=2), set(), ViewMemory()
    for _ in range(20):
        labels.add(look(timeline, memory, chosen=0).insight.chosen.label)
        timeline.advance(1)
    assert len(labels) == 1


def test_what_is_shown_does_not_depend_on_what_was_looked_at_before():
    timeline, memory = run("relu-net", 1), ViewMemory()
    for step in range(1, 8):
        timeline.advance(1)
        remembered = look(timeline, memory, chosen=0, opened="0.weight").insight
        fresh = look(timeline, chosen=0, opened="0.weight").insight
        assert np.array_equal(remembered.past_steps.values, fresh.past_steps.values), step
        assert np.array_equal(remembered.slice.losses, fresh.slice.losses), step
        assert np.array_equal(remembered.map.losses, fresh.map.losses), step
        assert remembered.sentences == fresh.sentences, step


def test_ranges_stay_while_the_run_goes_on():
    timeline, ranges = run(), set()
    for _ in range(100):
        found = look(timeline).insight
        ranges.add((found.chosen.low, found.chosen.high, found.partner.low, found.partner.high))
        timeline.advance(3)
    assert ranges == {(-1.1, 3.3, -1.1, 3.3)}


def test_work_is_bounded_and_what_was_left_out_is_known():
    many = look(run("quadratic", 2, rows=100_000, data="lesson")).insight
    assert many.slice.rows <= 2000
    assert many.rows == 100_000
    wide = look(run("relu-net", 1, hidden=(256, 256))).insight
    assert len(wide.map.across) == 13
    assert len(look(run()).insight.map.across) == 100


def test_nothing_is_worked_out_again_while_nothing_changes():
    timeline, memory = run(steps=3), ViewMemory()
    first = look(timeline, memory).insight
    again = look(timeline, memory, point=5).insight
    assert again.map is first.map
    timeline.advance(1)
    assert look(timeline, memory).insight.map is not first.map


@pytest.mark.parametrize("value", [1e300, -1e308, 1e5])
@pytest.mark.parametrize("name", ["quadratic", "relu", "relu-net"])
@pytest.mark.parametrize("loss", ["mae", "mse", "huber"])
def test_awkward_numbers_are_shown_as_far_as_they_go(name, loss, value):
    timeline = run(name, 1, loss=loss)
    timeline.do("assign", index=0, value=value)
    found = look(timeline, opened="0.weight" if name == "relu-net" else None).insight
    assert found.chosen.value == value
    assert found.chosen.low <= value <= found.chosen.high
    assert found.sentences


@pytest.mark.parametrize(
    "changes",
    [{"rows": 1, "data": "line"}, {"dtype": "float32"}, {"freeze": ("a",)},
     {"l1": 0.1, "l2": 0.1}, {"validation": 0.3}, {"optimizer": "momentum"}],
    ids=str,
)  # fmt: skip
def test_it_goes_on_under_any_setting(changes):
    timeline = run(steps=5, **changes)
    found = look(timeline).insight
    assert found.frozen == ("freeze" in changes)
    assert np.isfinite([found.loss, found.landing, found.next_loss, found.slope]).all()
