"""Units, layers and points that come and go while a run goes on."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_core import MLP, Quadratic, Timeline, Trainer, datasets
from nn_core.errors import RequestError


def network(optimizer: str = "adam", hidden: tuple[int, ...] = (4,), **rest) -> Timeline:
    data = datasets.noisy_quadratic()
    model = MLP((1, *hidden, 1), over=data.x)
    return Timeline(Trainer(model, data, loss="mse", optimizer=optimizer, **rest))


def after(steps: int, **rest) -> Timeline:
    timeline = network(**rest)
    timeline.advance(steps)
    return timeline


@pytest.mark.parametrize(("kind", "arguments"), [("add_unit", {"layer": 0}), ("add_layer", {})])
def test_what_is_added_changes_nothing_until_it_learns(kind, arguments):
    timeline = after(20)
    x = timeline.trainer.data.x
    before = timeline.trainer.model.predict(x)
    timeline.do(kind, **arguments)
    np.testing.assert_allclose(timeline.trainer.model.predict(x), before, rtol=1e-12, atol=1e-12)
    start = timeline.state.parameters.copy()
    timeline.advance(50)
    assert (timeline.state.parameters != start).any()


def test_a_new_unit_keeps_the_old_parameters_and_what_the_optimizer_knows_of_them():
    timeline = after(20)
    old = {name: array.copy() for name, array in timeline.trainer.model.parameters.items()}
    mean = timeline.state.layout.views(timeline.state.slots["mean"])["0.weight"].copy()
    timeline.do("add_unit", layer=0)
    new = timeline.trainer.model.parameters
    np.testing.assert_array_equal(new["0.weight"][:4], old["0.weight"])
    np.testing.assert_array_equal(new["0.bias"][:4], old["0.bias"])
    np.testing.assert_array_equal(new["2.weight"], np.append(old["2.weight"], [[0.0]], axis=1))
    np.testing.assert_array_equal(new["2.bias"], old["2.bias"])
    grown = timeline.state.layout.views(timeline.state.slots["mean"])["0.weight"]
    np.testing.assert_array_equal(grown, np.append(mean, [[0.0]], axis=0))
    assert timeline.state.slots["count"] == 20
    assert timeline.config.hidden == (5,)


def test_a_unit_added_and_removed_again_leaves_the_network_as_it_was():
    timeline = after(20, hidden=(4, 3))
    before = timeline.state.copy()
    for layer in (0, 1):
        timeline.do("add_unit", layer=layer)
        timeline.do("remove_unit", layer=layer)
    np.testing.assert_array_equal(timeline.state.parameters, before.parameters)
    np.testing.assert_array_equal(timeline.state.slots["mean"], before.slots["mean"])


def test_a_layer_added_and_removed_again_leaves_the_network_as_it_was():
    timeline = after(20)
    before = timeline.state.parameters.copy()
    timeline.do("add_layer")
    assert timeline.config.hidden == (4, 4)
    timeline.do("remove_layer")
    np.testing.assert_array_equal(timeline.state.parameters, before)


def test_the_last_unit_the_only_layer_and_the_last_point_stay():
    timeline = network(hidden=(1,))
    for kind, arguments, about in (
        ("remove_unit", {"layer": 0}, "last can’t be removed"),
        ("remove_layer", {}, "only one can’t be removed"),
    ):
        with pytest.raises(RequestError, match=about):
            timeline.do(kind, **arguments)
    for _ in range(19):
        timeline.do("remove_point", row=0)
    with pytest.raises(RequestError, match="last point"):
        timeline.do("remove_point", row=0)
    assert timeline.trainer.data.rows == 1


def test_a_layer_that_has_gone_gets_no_units():
    with pytest.raises(RequestError, match="no hidden layer 2; there are 1"):
        network(hidden=(4,)).do("add_unit", layer=1)


def test_a_network_without_a_hidden_layer_gets_none_and_loses_none():
    for kind, about in (
        ("add_layer", "behind a hidden one"),
        ("remove_layer", "this one has none"),
    ):
        with pytest.raises(RequestError, match=about):
            network(hidden=()).do(kind)


def test_a_quadratic_has_no_units():
    timeline = Timeline(Trainer(Quadratic(), datasets.noisy_quadratic()))
    with pytest.raises(RequestError, match="only a network"):
        timeline.do("add_unit", layer=0)


def test_a_point_typed_in_the_units_of_the_file_is_scaled_like_the_others():
    data = datasets.standardised(datasets.stopping_distance())
    more = data.with_point(data.raw_x[3, 0], data.raw_y[3, 0])
    np.testing.assert_allclose(more.x[-1], data.x[3], rtol=1e-12)
    np.testing.assert_allclose(more.y[-1], data.y[3], rtol=1e-12)
    with pytest.raises(RequestError, match="two finite numbers"):
        data.with_point(1.0, float("nan"))


def test_a_point_that_was_added_is_trained_on():
    timeline = Timeline(Trainer(Quadratic(), datasets.noisy_quadratic(), batch_size=7))
    timeline.advance(2)
    timeline.do("add_point", x=0.5, y=40.0)
    assert (timeline.trainer.data.rows, timeline.state.position) == (21, 0)
    order = []
    for _ in range(3):
        order += timeline.trainer.batch_rows().tolist()
        timeline.advance(1)
    assert sorted(order) == list(range(21))


KINDS = st.sampled_from(
    [
        ("add_unit", {"layer": 0}),
        ("remove_unit", {"layer": 0}),
        ("place_unit", {"weight": -1.0, "bias": 0.7, "outgoing": 0.2}),
        ("add_layer", {}),
        ("remove_layer", {}),
        ("add_point", {"x": 0.3, "y": 2.0}),
        ("remove_point", {"row": 1}),
        ("nudge", {"index": 0, "amount": 0.1}),
        ("set", {"name": "learning_rate", "value": 0.02}),
    ]
)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.one_of(st.integers(1, 30), KINDS), max_size=12), st.sampled_from([0, 6]))
def test_gone_back_over_and_replayed_every_step_is_the_same_to_the_bit(story, batch_size):
    timeline = network("momentum", batch_size=batch_size)
    seen = {}
    for part in story:
        if isinstance(part, int):
            for _ in range(part):
                seen[timeline.state.step] = timeline.state.copy(), timeline.config
                timeline.advance(1)
        else:
            try:
                timeline.do(part[0], **part[1])
            except RequestError:
                continue
    seen[timeline.state.step] = timeline.state.copy(), timeline.config
    for step in sorted(seen, key=lambda step: (step * 7919) % 31):
        timeline.seek(step)
        state, config = seen[step]
        assert timeline.config == config
        np.testing.assert_array_equal(timeline.state.parameters, state.parameters)
        np.testing.assert_array_equal(timeline.state.slots["velocity"], state.slots["velocity"])


def test_a_restart_begins_with_the_shape_and_the_data_of_the_start():
    timeline = after(5)
    start = timeline.start.copy()
    timeline.do("add_unit", layer=0)
    timeline.do("remove_point", row=3)
    timeline.restart()
    np.testing.assert_array_equal(timeline.state.parameters, start)
    assert timeline.trainer.data.rows == 20
