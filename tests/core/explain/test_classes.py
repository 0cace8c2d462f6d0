"""What a snapshot holds where classes are told apart."""

import numpy as np
import pytest

from nn_core import Timeline, Trainer
from nn_core.config.experiments import EXPERIMENTS
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.scene import make_scene
from nn_core.explain.view_request import ViewRequest
from nn_core.explain.words import describe
from nn_core.models.losses.cross_entropy import probabilities


def snapshot(name, steps=0, **request):
    """A snapshot of an experiment after so many steps, and its trainer."""
    timeline = Timeline(Trainer.from_config(EXPERIMENTS[name].config))
    timeline.advance(steps)
    shown = capture_snapshot(timeline, make_scene(timeline), ViewRequest(**request))
    return shown, timeline.trainer


@pytest.mark.parametrize("name", ["xor", "spiral", "penguins"])
def test_the_map_is_what_the_model_says_of_the_plane(name):
    shown, trainer = snapshot(name, 30, cells=(7, 5))
    found, data = shown.classes.map, trainer.data
    assert found.shares.shape == (5, 7, len(data.classes))
    assert np.allclose(found.shares.sum(axis=-1), 1)
    place = np.array([[found.x1[2], found.x2[3]]])
    inputs = data.x_scaling.apply(place) if data.x_scaling else place
    assert np.allclose(found.shares[3, 2], probabilities(trainer.model.predict(inputs))[0])


def test_the_plane_holds_every_point_with_its_class():
    shown, trainer = snapshot("penguins")
    scene, data = shown.scene, trainer.data
    assert np.array_equal(scene.plane.points, data.raw_x[scene.shown])
    assert [scene.classes[label] for label in scene.labels[:3]] == ["Adelie"] * 3
    for (low, high), column in zip(scene.plane.limits, scene.plane.points.T, strict=True):
        assert low < column.min()
        assert column.max() < high


def test_the_rows_told_wrong_are_listed_worst_first():
    shown, trainer = snapshot("xor", 20)
    picture = shown.classes
    shares = probabilities(trainer.model.predict(trainer.data.x))
    wrong = np.flatnonzero(shares.argmax(axis=1) != trainer.data.labels)
    assert picture.measures.rows - picture.measures.right == len(wrong)
    assert {row for row, *_ in picture.worst} <= set(wrong.tolist())
    given = [share for *_, share in picture.worst]
    assert given == sorted(given)
    assert given[0] == shares[wrong, trainer.data.labels[wrong]].min()


def test_the_chosen_point_has_its_own_probabilities():
    shown, trainer = snapshot("penguins", 50, point=300)
    picture = shown.classes
    expected = probabilities(trainer.model.predict(trainer.data.x[300:301]))[0]
    assert np.allclose(picture.point, expected)
    assert picture.names[picture.point_class] == "Chinstrap"


def test_many_inputs_have_no_map_and_numbers_no_classes():
    assert snapshot("digits")[0].classes.map is None
    assert snapshot("quadratic")[0].classes is None


def test_it_is_said_how_many_are_told_right_beside_the_simplest_answer():
    shown, _ = snapshot("digits", 100)
    measures, held_back = shown.classes.measures, shown.classes.validation
    said = " ".join(describe(shown))
    assert f"Right on {measures.right} of 1438 rows" in said
    assert "always answering 1 is right on 10.8 %." in said
    assert f"Of the 359 rows held back, right on {held_back.right} (" in said
    assert "lie above" not in said
