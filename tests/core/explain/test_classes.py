"""What a snapshot holds where classes are told apart."""

from dataclasses import replace

import numpy as np
import pytest
from claims.words import assert_true

from nn_core import Timeline, Trainer
from nn_core.config.experiments import EXPERIMENTS
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.scene import make_scene
from nn_core.explain.view_request import ViewRequest
from nn_core.explain.words import describe
from nn_core.explain.words.classes import told_right
from nn_core.live.edit_requests import Nudge
from nn_core.live.requests import Advance, Look, Restart, Seek, TakeUp
from nn_core.models.losses.cross_entropy import probabilities
from nn_core.run.accuracy import MOST, AccuracyCurve


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
    said = " ".join(told_right(shown))
    assert said.startswith(f"Right on {held_back.right} of 359 rows held back (")
    assert (
        f" %), on {100 * measures.accuracy:.1f} % of 1438 trained on. Held back, most often "
        in said
    )
    alone, _ = snapshot("penguins", 20)
    [said] = told_right(alone)
    assert said.startswith(f"Right on {alone.classes.measures.right} of 342 rows trained on (")
    assert said.endswith(" %); always answering Adelie: 44.2 %.")
    assert "lie above" not in " ".join(describe(shown))


def test_the_pairs_that_are_confused_most_are_said_where_no_matrix_shows_them():
    shown, _ = snapshot("digits", 100)
    confusion = shown.classes.validation.confusion.copy()
    np.fill_diagonal(confusion, 0)
    is_, taken, count = shown.classes.validation.confused(3)[0]
    assert count == confusion.max() == confusion[is_, taken]
    assert f"Held back, most often {is_} is taken for {taken} ({count} row" in " ".join(
        describe(shown)
    )
    assert "most often" not in " ".join(told_right(snapshot("penguins", 20)[0]))


def test_pairs_that_are_confused_once_each_are_not_called_the_most_often():
    shown, _ = snapshot("digits", 100)
    classes = shown.classes
    confusion = np.diag(classes.validation.confusion.sum(axis=1))
    confusion[5, 9] = confusion[8, 1] = 1
    measures = replace(classes.validation, confusion=confusion)
    said = " ".join(told_right(replace(shown, classes=replace(classes, validation=measures))))
    assert "Held back, once each 5 is taken for 9 (1 row), 8 for 1 (1)." in said
    confusion[8, 1] = 2
    assert replace(measures, confusion=confusion).how_often == "most often"
    confusion[8, 1] = 0
    assert replace(measures, confusion=confusion).how_often == "most often"


def test_once_all_rows_are_right_it_is_said_since_when(laboratory):
    with laboratory(EXPERIMENTS["xor"].config, data="circle") as lab:
        since = 0
        for epoch in range(10, 600, 10):
            shown = lab.ask(Advance(10))
            if shown.classes.measures.accuracy < 1:
                since = epoch + 10
        assert 10 < since < 500
        assert "all_right" in assert_true(shown)
        assert f"trained on, since epoch {since} at the latest." in " ".join(describe(shown))


def test_a_picture_that_is_drawn_has_its_probabilities_and_one_of_another_run_none():
    timeline = Timeline(Trainer.from_config(EXPERIMENTS["digits"].config))
    timeline.advance(50)
    trainer, scene = timeline.trainer, make_scene(timeline)
    raw = tuple(trainer.data.raw_x[7].tolist())
    shown = capture_snapshot(timeline, scene, ViewRequest(drawn=raw, point=7))
    assert np.allclose(shown.classes.drawn, shown.classes.point)
    assert np.array_equal(shown.classes.looked_at.image.ravel(), raw)
    assert capture_snapshot(timeline, scene, ViewRequest(drawn=raw[:5])).classes.drawn == ()
    assert snapshot("xor")[0].classes.looked_at.image is None


@pytest.mark.parametrize(
    ("name", "hidden", "layer"),
    [("digits", (32,), 0), ("digits", (64, 32), 1), ("spiral", (8, 8), 1)],
)
def test_without_a_unit_all_that_is_shown_is_of_the_model_without_it(name, hidden, layer):
    timeline = Timeline(Trainer.from_config(EXPERIMENTS[name].config.replace(hidden=hidden)))
    timeline.advance(200)
    before = timeline.trainer.model.flat.copy()
    scene, off = make_scene(timeline), frozenset((layer, at) for at in range(5))
    whole = capture_snapshot(timeline, scene, ViewRequest())
    shown = capture_snapshot(timeline, scene, ViewRequest(off=off))
    assert np.array_equal(timeline.trainer.model.flat, before)  # training goes on with them
    assert shown.loss == whole.loss
    model, data = timeline.trainer.model, timeline.trainer.data
    model.layers()[layer + 1].weight[:, :5] = 0
    rows = data.validation or data
    told = (probabilities(model.predict(rows.x)).argmax(axis=1) == rows.labels).sum()
    found = shown.switched_off
    assert found.without.right == told
    assert found.with_them.right == (whole.classes.validation or whole.classes.measures).right
    assert shown.classes.measures.right != whole.classes.measures.right
    said = " ".join(describe(shown))
    assert f"right on {told} of {rows.rows} rows" in said
    assert whole.switched_off is None


def test_the_accuracy_is_followed_as_the_run_goes_on_back_and_elsewhere(laboratory):
    def curve(shown):
        found = shown.accuracy
        return dict(zip(found.steps.tolist(), found.shares.tolist(), strict=True))

    with laboratory(EXPERIMENTS["xor"].config) as lab:
        for _ in range(3):
            found = curve(lab.ask(Advance(10)))
        assert {0, 10, 20, 30} <= set(found)
        shown = lab.ask(Seek(20))
        assert curve(shown) == found  # what is known of the future stays
        assert found[20] == shown.classes.measures.accuracy
        switched_off = lab.ask(Look(ViewRequest(off=frozenset({(0, 0), (0, 1)}))))
        assert curve(switched_off) == found  # the model as it is trained is followed
        assert switched_off.classes.measures.accuracy != found[20]
        lab.ask(Look(ViewRequest()))
        changed = lab.ask(Nudge(0, 3.0))
        assert max(curve(changed)) == 20
        assert curve(changed)[20] == changed.classes.measures.accuracy
        lab.ask(Restart())
        assert list(curve(lab.snapshot)) == [0]
        assert curve(lab.ask(TakeUp(lab.snapshot.kept[-1].number))).keys() >= curve(changed).keys()


def test_looking_at_a_run_changes_nothing_of_it():
    timeline = Timeline(Trainer.from_config(EXPERIMENTS["xor"].config))
    timeline.advance(20)
    known = timeline.history.accuracy
    shown = capture_snapshot(timeline, make_scene(timeline), ViewRequest())
    assert shown.accuracy.steps[-1] == 20
    assert timeline.history.accuracy is known


def test_an_accuracy_curve_of_many_points_is_thinned_within_its_ends():
    curve = AccuracyCurve()
    for step in range(3 * MOST):
        curve = curve.with_point(step, step / MOST)
    assert MOST / 2 <= len(curve) <= MOST
    assert (curve.steps[0], curve.steps[-1]) == (0, 3 * MOST - 1)
    np.testing.assert_array_equal(curve.shares, curve.steps / MOST)
    replaced = curve.with_point(0, 1.0)
    assert (len(replaced), replaced.shares[0], curve.shares[0]) == (len(curve), 1, 0)


def test_of_a_run_that_was_not_looked_at_keyframes_tell_the_accuracy():
    timeline = Timeline(Trainer.from_config(EXPERIMENTS["spiral"].config))
    timeline.advance(1500)
    found = capture_snapshot(timeline, make_scene(timeline), ViewRequest()).accuracy
    steps, shares = found.steps, found.shares
    assert len(steps) > 1
    assert steps[-1] == 1500
    timeline.seek(int(steps[0]))
    model, data = timeline.trainer.model, timeline.trainer.data
    taken = probabilities(model.predict(data.x)).argmax(axis=1)
    assert shares[0] == (taken == data.labels).mean()


def test_rows_held_back_lie_on_the_plane_with_what_they_are_taken_for():
    config = EXPERIMENTS["penguins"].config.replace(validation=0.25)
    timeline = Timeline(Trainer.from_config(config))
    timeline.advance(50)
    scene = make_scene(timeline)
    shown = capture_snapshot(timeline, scene, ViewRequest())
    plane, held_back = scene.plane, timeline.trainer.data.validation
    assert np.array_equal(plane.labels, held_back.labels)
    assert np.array_equal(plane.held_back, held_back.raw_columns)
    right = int((shown.classes.held_back_taken == plane.labels).sum())
    assert right == shown.classes.validation.right
    low, high = plane.limits[0]
    assert low < plane.held_back[:, 0].min() <= plane.held_back[:, 0].max() < high


def test_units_that_have_gone_are_not_switched_off():
    timeline = Timeline(Trainer.from_config(EXPERIMENTS["xor"].config))
    gone = frozenset({(0, 8), (1, 0)})
    shown = capture_snapshot(timeline, make_scene(timeline), ViewRequest(off=gone))
    assert shown.switched_off is None
