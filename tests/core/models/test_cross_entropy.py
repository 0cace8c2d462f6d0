"""Cross-entropy: PyTorch's numbers, stable for any logit, and what it learns."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nn_core import MLP, Config, Dataset, Quadratic, Timeline, Trainer
from nn_core.analysis.gradient_check import check
from nn_core.config.experiments import EXPERIMENTS
from nn_core.data.datasets import plane
from nn_core.data.schema import Column, Schema
from nn_core.errors import RequestError
from nn_core.models import network
from nn_core.models.losses import LOSSES, balanced
from nn_core.models.losses.cross_entropy import probabilities
from nn_core.training import over_all_rows
from nn_core.training.measures import ClassMeasures, NumberMeasures, measure

REFERENCE = json.loads((Path(__file__).parents[1] / "reference" / "classes.json").read_text())
LOSS = LOSSES["cross-entropy"]


def classed(x, labels, count):
    """Data of so many classes, for these places of them."""
    x = np.array(x, float)
    columns = tuple(Column(f"x{at}") for at in range(x.shape[1]))
    schema = Schema(columns, ("kind",), tuple(f"{at:04}" for at in range(count)))
    return Dataset(x, schema.one_hot(np.array(labels)), schema)


@pytest.mark.parametrize(
    ("kind", "run"), [(kind, run) for kind in ("runs", "weighted") for run in REFERENCE[kind]]
)
def test_200_steps_are_those_of_pytorch(kind, run):
    wanted = REFERENCE[kind][run]
    data = classed(wanted["x"], wanted["labels"], wanted["classes"])
    model = MLP((2, 6, data.schema.outputs), "tanh")
    for name, values in wanted["start"].items():
        model.parameters[name][...] = values
    trainer = Trainer(
        model, data, learning_rate=REFERENCE["rate"], shuffle=False, **wanted["settings"]
    )
    assert trainer.config.loss == "cross-entropy"
    losses = trainer.run(200).losses
    np.testing.assert_allclose(losses, wanted["losses"], rtol=1e-9)
    for name, end in wanted["end"].items():
        np.testing.assert_allclose(trainer.model.parameters[name], end, rtol=0, atol=1e-9)
    assert trainer.loss() == pytest.approx(wanted["whole"], rel=1e-9)
    gradient = trainer.state.layout.views(trainer.gradient())
    for name, slope in wanted["gradient"].items():
        np.testing.assert_allclose(gradient[name], slope, rtol=0, atol=1e-9)


@pytest.mark.parametrize("classes", REFERENCE["single"])
def test_logits_of_any_size_have_pytorchs_loss_and_slope(classes):
    wanted = REFERENCE["single"][classes]
    logits = np.array(wanted["logits"])
    data = classed(np.zeros((len(logits), 1)), wanted["labels"], int(classes))
    compiled = LOSS.compile(np.ascontiguousarray(logits.T), data.y.T, "sum")
    with np.errstate(all="raise", under="ignore"):
        assert compiled.measure() == pytest.approx(sum(wanted["losses"]), rel=1e-12)
        rows = LOSS.each(logits.T.copy(), data.y.T)
        chances = probabilities(logits)
    np.testing.assert_allclose(compiled.slope.T, wanted["slopes"], rtol=1e-12, atol=1e-300)
    # Near 0 PyTorch is off by some 1e-15: e^−30 is 9.358e-14, of which it makes 9.237e-14.
    np.testing.assert_allclose(rows, wanted["losses"], rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(chances.sum(axis=1), 1)
    np.testing.assert_allclose((chances[:, 1:] if classes == "2" else chances) - data.y,
                               wanted["slopes"], atol=1e-12)  # fmt: skip


@pytest.mark.parametrize("hidden", [(), (3,), (3, 2)])
def test_the_gradient_is_what_nudges_say(hidden):
    random = np.random.default_rng(0)
    data = classed(random.normal(size=(9, 2)), np.arange(9) % 3, 3)
    if not hidden:
        one = classed(random.normal(size=(9, 1)), np.arange(9) % 2, 2)
        trainer = Trainer(Quadratic(0.3, -0.2, 0.1), one, loss="cross-entropy")
    else:
        trainer = Trainer(MLP((2, *hidden, 3), "tanh", seed=1), data)
    gradient, flat = trainer.gradient(), trainer.model.flat
    for at in range(flat.size):
        sides = []
        for nudge in (1e-6, -1e-6):
            flat[at] += nudge
            sides.append(trainer.loss())
            flat[at] -= nudge
        assert gradient[at] == pytest.approx((sides[0] - sides[1]) / 2e-6, abs=1e-8)


def test_1000_classes_and_a_class_of_one_row():
    random = np.random.default_rng(0)
    data = classed(random.normal(size=(1001, 3)), np.arange(1001) % 1000, 1000)
    trainer = Trainer(MLP((3, 4, 1000)), data, optimizer="adam", learning_rate=0.01)
    before = trainer.loss()
    trainer.run(20)
    assert trainer.loss() < before
    assert before == pytest.approx(np.log(1000), rel=0.2)


def test_numbers_are_no_classes():
    with pytest.raises(RequestError, match="cross-entropy tells classes apart; y holds other"):
        Trainer.from_config(Config(loss="cross-entropy"))


def test_a_target_of_texts_chooses_it_and_going_back_gives_the_same_bits():
    config = EXPERIMENTS["xor"].config.replace(loss="mae", batch_size=32)
    timeline = Timeline(Trainer.from_config(config))
    assert timeline.config.loss == "cross-entropy"
    timeline.advance(100)
    end = timeline.state.parameters.copy()
    timeline.seek(7)
    timeline.seek(100)
    np.testing.assert_array_equal(timeline.state.parameters, end)


def test_a_spiral_is_told_apart():
    """The bar: 2-8-8-1 tanh, Adam 0.01, at least 0.97 within 2000 epochs."""
    trainer = Trainer.from_config(EXPERIMENTS["spiral"].config)
    trainer.run(2000)
    found = measure(trainer.model.predict(trainer.data.x), trainer.data, trainer.data)
    assert isinstance(found, ClassMeasures)
    assert found.accuracy >= 0.97


# --- class weights --------------------------------------------------------------------------------


def imbalanced(classes, rows=40, seed=0):
    """Most rows are of the first class."""
    random = np.random.default_rng(seed)
    labels = np.where(random.random(rows) < 0.7, 0, random.integers(0, classes, rows))
    labels[:classes] = np.arange(classes)
    return classed(random.normal(size=(rows, 2)), labels, classes)


def weighted_trainer(classes, **settings):
    model = MLP((2, 4, 1 if classes == 2 else classes), "tanh", seed=3)
    return Trainer(model, imbalanced(classes), class_weight="balanced", **settings)


def test_balanced_weights_are_rows_by_classes_times_rows_of_the_class():
    y = np.array([[0.0], [0.0], [0.0], [1.0]])
    assert balanced(y) == (4 / (2 * 3), 4 / (2 * 1))
    assert balanced(np.eye(3)[[0, 0, 1, 2]]) == (4 / 6, 4 / 3, 4 / 3)


@pytest.mark.parametrize("classes", [2, 3])
def test_the_weighted_gradient_is_what_nudges_say_and_the_mean_of_the_votes(classes):
    trainer = weighted_trainer(classes)
    gradient, flat, data = trainer.gradient(), trainer.model.flat, trainer.data
    for at in range(flat.size):
        votes = trainer.model.votes(data.x, data.y, trainer.loss_function, at)
        assert votes.mean() == pytest.approx(gradient[at], abs=1e-14)
    assert all(found.agrees for found in check(trainer.model, trainer.data, trainer.loss_function))


@pytest.mark.parametrize("classes", [2, 3])
def test_a_weighted_loss_and_gradient_of_all_rows_are_the_same_in_parts(classes, monkeypatch):
    trainer = weighted_trainer(classes)
    loss, gradient = trainer.loss(), trainer.gradient()
    votes = trainer.model.votes(trainer.data.x, trainer.data.y, trainer.loss_function, 0)
    monkeypatch.setattr(over_all_rows, "ROWS_AT_ONCE", 7)
    monkeypatch.setattr(network, "ROWS_AT_ONCE", 7)
    assert trainer.loss() == pytest.approx(loss, rel=1e-14)
    np.testing.assert_allclose(trainer.gradient(), gradient, rtol=0, atol=1e-15)
    np.testing.assert_allclose(
        trainer.model.votes(trainer.data.x, trainer.data.y, trainer.loss_function, 0), votes,
        rtol=0, atol=1e-15,
    )  # fmt: skip


@pytest.mark.parametrize("classes", [2, 3])
def test_the_mean_of_each_rows_loss_is_the_weighted_loss(classes):
    trainer = weighted_trainer(classes)
    data, loss = trainer.data, trainer.loss_function
    for found in (loss, loss.among(data.y)):
        rows = found.each(trainer.model.predict(data.x).T.copy(), data.y.T)
        assert rows.mean() == pytest.approx(trainer.loss(), rel=1e-14)


def test_rows_held_back_are_weighted_by_the_classes_of_the_rows_to_train_on():
    data = imbalanced(3)
    held = replace(imbalanced(3, 20, seed=1), schema=data.schema)
    trainer = Trainer(MLP((2, 3), seed=1), replace(data, validation=held), class_weight="balanced")
    weights = np.array(balanced(data.y))[held.labels]
    rows = LOSS.each(trainer.model.predict(held.x).T.copy(), held.y.T)
    expected = (weights * rows).sum() / weights.sum()
    assert trainer.validation_loss() == pytest.approx(expected, rel=1e-14)


def test_rare_classes_are_recalled_more_often_with_weights():
    recalls = {}
    for weight in ("none", "balanced"):
        trainer = Trainer(
            MLP((2, 3), seed=0), imbalanced(3), class_weight=weight, learning_rate=0.5
        )
        trainer.run(300)
        found = measure(trainer.model.predict(trainer.data.x), trainer.data, trainer.data)
        recalls[weight] = found.recall[1:].mean()
    assert recalls["balanced"] > recalls["none"]


def test_weights_are_for_classes_each_of_which_has_a_row():
    with pytest.raises(RequestError, match="class weight is for classes; mae is for numbers"):
        Trainer.from_config(Config(class_weight="balanced"))
    data = classed(np.zeros((4, 1)), [0, 0, 2, 2], 3)
    with pytest.raises(RequestError, match="class '0001' has no row to train on"):
        Trainer(MLP((1, 3)), data, class_weight="balanced")


@pytest.mark.soak
def test_digits_are_read():
    """The bar: Adam 0.003, batches of 32, 30 epochs; five splits, at least 0.96 on average."""
    accuracies = []
    for seed in range(5):
        trainer = Trainer.from_config(EXPERIMENTS["digits"].config.replace(data_seed=seed))
        trainer.run(trainer.steps_left(30))
        held = trainer.data.validation
        found = measure(trainer.model.predict(held.x), held, trainer.data)
        accuracies.append(found.accuracy)
    assert np.mean(accuracies) >= 0.96


# --- measures ------------------------------------------------------------------------------------


def test_classes_are_measured_beside_the_commonest():
    data = classed(np.zeros((5, 1)), [0, 0, 0, 1, 2], 3)
    logits = np.log(data.y + 0.1)
    logits[2] = [0, 5, 0]  # taken for the second class
    found = measure(logits, data, data)
    assert isinstance(found, ClassMeasures)
    np.testing.assert_array_equal(found.confusion, [[2, 1, 0], [0, 1, 0], [0, 0, 1]])
    assert (found.accuracy, found.baseline, found.commonest) == (0.8, 0.6, "0000")
    np.testing.assert_allclose(found.precision, [1, 0.5, 1])
    np.testing.assert_allclose(found.recall, [2 / 3, 1, 1])
    assert found.sentence == (
        "right on 4 of 5 rows (80.0 %); always answering 0000 is right on 60.0 %"
    )


def test_the_most_frequent_class_in_training_is_called_so_where_it_is_not_here():
    """“Always answering 1” stood over rows of which fewest were a 1."""
    training = classed(np.zeros((4, 1)), [0, 0, 0, 1], 2)
    held_back = classed(np.zeros((3, 1)), [0, 1, 1], 2)
    found = measure(np.log(held_back.y + 0.1), held_back, training)
    assert isinstance(found, ClassMeasures)
    assert found.sentence == (
        "right on 3 of 3 rows (100.0 %); always answering 0000, most frequent in training, "
        "is right on 33.3 %"
    )


def test_of_pairs_confused_equally_often_none_is_dropped_unsaid():
    """Of three the third had no room; it was left out, and looked confused less."""
    names = ("2", "8", "9", "1")
    confusion = np.diag([5, 5, 5, 5])
    confusion[[0, 1, 2, 3], [3, 3, 3, 0]] = [2, 2, 2, 1]
    found = ClassMeasures(names, confusion, "1", 0.2)
    assert found.confusions() == "2 is taken for 1 (2 rows), 8 for 1 (2), 9 for 1 (2)"
    assert found.confusions(45) == "2 is taken for 1 (2 rows) and 2 more as often"
    confusion[3, 0] = 2
    assert found.confusions().endswith("9 for 1 (2) and 1 more as often")
    assert ClassMeasures(names, np.diag([5, 5, 5, 5]), "1", 0.2).confusions() == ""


def test_numbers_are_measured_in_the_units_of_the_file():
    data = Dataset.from_columns({"x": [1.0, 2, 3, 4], "y": [10.0, 20, 30, 40]})
    found = measure(data.y + np.array([[5.0], [-5], [5], [-5]]), data, data)
    assert isinstance(found, NumberMeasures)
    assert (found.rmse, found.explained) == (5.0, 0.8)
    assert found.baseline == pytest.approx(np.std([10, 20, 30, 40]))


def test_the_labels_of_a_plane_are_its_targets():
    data = plane("xor", 50)
    np.testing.assert_array_equal(data.schema.one_hot(data.labels), data.y)
