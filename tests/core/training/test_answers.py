"""Answers for raw rows: as the data came in, whatever was computed, scaled or told apart of it."""

import numpy as np
import pytest

from nn_core import MLP, Dataset, Trainer, datasets
from nn_core.errors import RequestError

FLATS = {
    "area": [50.0, 80.0, 61.0, 120.0, 95.0, 70.0],
    "city": ["Bern", "Basel", "Bern", "Zug", "Basel", "Zug"],
    "rent": [1000.0, 1500.0, 1250.0, 2900.0, 1800.0, 2100.0],
}
KINDS = {**FLATS, "kind": ["old", "new", "old", "new", "new", "old"]}


def of_rents(**settings):
    data = Dataset.from_columns(FLATS, x=("area", "city"), y="rent")
    trainer = Trainer.from_config("mlp", data, hidden=(4,), scale=True, seed=1, **settings)
    trainer.run(50)
    return trainer


def of_kinds():
    data = Dataset.from_columns(KINDS, x=("city", "area"), y="kind")
    trainer = Trainer.from_config("mlp", data, hidden=(4,), scale=True, lr=0.1)
    trainer.run(100)
    return trainer


def test_numbers_are_predicted_in_the_units_of_the_table():
    trainer = of_rents()
    found = trainer.predict(FLATS)  # other columns may stand there too
    assert found.shape == (6, 1)
    assert np.sqrt(((found - trainer.data.raw_y) ** 2).mean()) == trainer.score().rmse
    inputs = trainer.data.x
    np.testing.assert_allclose(
        found, trainer.data.y_scaling.undo(trainer.model.predict(inputs)), rtol=1e-15
    )


def test_rows_may_come_one_by_one_in_the_order_of_the_columns():
    trainer = of_rents()
    rows = [[area, city] for area, city in zip(FLATS["area"], FLATS["city"], strict=True)]
    np.testing.assert_array_equal(trainer.predict(rows), trainer.predict(FLATS))
    numbers = Trainer(MLP((1, 3, 1)), datasets.noisy_quadratic())
    x = numbers.data.x
    np.testing.assert_array_equal(numbers.predict(x), numbers.model.predict(x))
    assert numbers.predict([[1], [2]]).shape == (2, 1)


def test_classes_are_predicted_by_name_and_with_their_probabilities():
    trainer = of_kinds()
    assert trainer.data.classes == ("new", "old")
    found, chances = trainer.predict(KINDS), trainer.probabilities(KINDS)
    assert found.tolist() == KINDS["kind"]
    np.testing.assert_allclose(chances.sum(axis=1), 1)
    assert (chances.argmax(axis=1) == [name == "old" for name in KINDS["kind"]]).all()
    assert trainer.score().accuracy == 1


class Frame:
    """What pandas and polars have in common, as far as it is used."""

    def __init__(self, columns):
        self._columns, self.columns = columns, [*columns]

    def __getitem__(self, name):
        return Series(self._columns[name])


class Series:
    """A column of it."""

    def __init__(self, cells):
        self._cells = cells

    def to_numpy(self):
        return np.array(self._cells, object)


def test_a_frame_is_a_table_to_learn_from_and_to_predict_for():
    data = Dataset.from_columns(Frame(KINDS), x=("area", "city"), y="kind")
    assert data.x_names == ("area", "city=Basel", "city=Bern", "city=Zug")
    trainer = Trainer.from_config("mlp", data, hidden=(4,), scale=True)
    assert trainer.predict(Frame(KINDS)).shape == (6,)


def test_a_row_that_lacks_a_value_has_no_answer():
    numbers = of_rents().predict({"area": [60.0, None], "city": [None, "Bern"]})
    assert np.isnan(numbers).all()
    assert of_kinds().predict({"area": [60.0, 70.0], "city": [None, "Bern"]})[0] == ""


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([60.0, "Bern"], "rows are a table of 2 columns (area, city), (rows, 2)"),
        ([[60.0]], "these have the shape (1, 1)"),
        ({"area": [60.0]}, "there is no column 'city'; there are area"),
        ({"area": [60.0], "city": ["Genf"]}, "column 'city' has 'Genf', which the rows to train"),
        ({"area": ["big"], "city": ["Bern"]}, "column 'area' holds texts; numbers are right"),
        ({"area": [60.0], "city": [3]}, "holds numbers; texts, as Basel, are right"),
    ],
)
def test_rows_that_dont_fit_are_answered_with_what_would_be_right(rows, message):
    with pytest.raises(RequestError) as caught:
        of_rents().predict(rows)
    assert message in str(caught.value)


def test_numbers_have_no_probabilities():
    with pytest.raises(RequestError, match="only classes have probabilities"):
        of_rents().probabilities(FLATS)


def test_the_score_is_of_the_rows_held_back_where_there_are_some():
    trainer = of_rents(validation=0.3)
    assert trainer.data.validation.rows == 2
    held_back, trained = trainer.score(), trainer.score(training=True)
    off = trainer.model.predict(trainer.data.validation.x) - trainer.data.validation.y
    deviation = trainer.data.y_scaling.deviation[0]
    assert held_back.rmse == pytest.approx(float(np.sqrt((off**2).mean())) * deviation)
    assert trained.rmse != held_back.rmse
    assert "of the variance" in trained.sentence


def test_the_variance_that_is_explained_is_that_of_the_rows_looked_at():
    """It was that around the mean of the rows trained on, which flattered rows far from it."""
    trainer = of_rents()
    y = np.array([1000.0, 2000.0, 3000.0]) + 10_000  # far from the rows trained on
    found = trainer.score({"area": [60.0] * 3, "city": ["Bern"] * 3, "rent": y})
    [[said]] = trainer.predict([[60.0, "Bern"]])
    off = ((y - said) ** 2).sum()
    assert found.explained == pytest.approx(1 - off / 2_000_000)  # 1000² + 0² + 1000²
    away = y - trainer.data.raw_y.mean()
    assert found.baseline == pytest.approx(float(np.sqrt((away**2).mean())))


@pytest.mark.parametrize("rent", [[1234.0], [0.1] * 3])
def test_rows_that_do_not_vary_have_no_variance_to_explain(rent):
    """The mean of three times 0.1 is rounded, so that a variance of 2e−34 was left."""
    count = len(rent)
    found = of_rents().score({"area": [60.0] * count, "city": ["Bern"] * count, "rent": rent})
    assert np.isnan(found.explained)
    assert found.sentence.startswith("off by ")


@pytest.mark.parametrize("trainer", [of_rents(), of_rents(validation=0.3), of_kinds()])
def test_other_rows_with_targets_are_scored_as_they_stand_in_their_table(trainer):
    """The same rows, however they come, have the same score."""
    y = trainer.data.schema.targets[0]
    wanted = trainer.score(KINDS)
    for x in (("area", "city"), ("city", "area")):
        found = trainer.score(Dataset.from_columns(KINDS, x=x, y=y))
        assert found.sentence == trainer.score(Frame(KINDS)).sentence == wanted.sentence
    if trainer.data.validation is None:
        assert wanted.sentence == trainer.score(training=True).sentence
        assert trainer.score(trainer.data).sentence == wanted.sentence
    some = {name: [*cells[:4], None] for name, cells in KINDS.items()}  # one class more rarely
    assert trainer.score(some).sentence == trainer.score(_first(KINDS, 4)).sentence


def _first(columns, count):
    return {name: cells[:count] for name, cells in columns.items()}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": ["old", "new", "worn"] * 2}, "column 'kind' has 'worn', which the rows to train"),
        ({"city": ["Genf"] * 6}, "column 'city' has 'Genf'"),
        ({"area": [None] * 6}, "no row without a missing value is there to score"),
    ],
)
def test_rows_that_can_not_be_scored_and_why(change, message):
    with pytest.raises(RequestError, match=message):
        of_kinds().score(KINDS | change)
    with pytest.raises(RequestError, match="there is no column 'kind'"):
        of_kinds().score(FLATS)
    with pytest.raises(RequestError, match="rows to score are a Dataset"):
        of_kinds().score([[60.0, "Bern"]])
