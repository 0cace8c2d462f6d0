"""What a model is made of and asked from Python: taken as it is meant, or refused."""

import numpy as np
import pytest

from nn_core import MLP, Quadratic, RectifiedLines
from nn_core.errors import RequestError


def test_sizes_names_and_types_are_taken_as_they_are_meant():
    made = MLP([np.int64(2), 4, 4, 1], "TANH", init="He", dtype=np.float32)
    assert (made.sizes, made.activations) == ((2, 4, 4, 1), ("tanh", "tanh"))
    assert made.flat.dtype == np.float32
    same = MLP((2, 4, 4, 1), ("tanh", "tanh"), init="he", dtype="float32")
    np.testing.assert_array_equal(made.flat, same.flat)
    assert MLP((2, 1), ()).activations == ()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: MLP((1, 0, 1)), "sizes are whole numbers from 1, the inputs first, the outputs"),
        (lambda: MLP((1, 2.5, 1)), "as (1, 16, 1); not (1, 2.5, 1)"),
        (lambda: MLP((3,)), "not (3,)"),
        (lambda: MLP(5), "not 5"),
        (lambda: MLP((1, 4, 1), "relux"), "activation must be one of relu, leaky-relu"),
        (lambda: MLP((1, 4, 1), ("relu", "tanh")), "activation names 2 layers; 1 of them are"),
        (lambda: MLP((1, 4, 1), init="best"), "init is one of spread, he"),
        (lambda: MLP((1, 4, 1), dtype="float16"), "dtype is one of float64, float32; not 'float1"),
        (lambda: Quadratic(dtype="int64"), "dtype is one of float64, float32; not 'int64'"),
        (lambda: RectifiedLines([1.0], [0.0, 2.0]), "there are 1 slope and 2 intercepts"),
    ],
)
def test_what_no_model_is_made_of_is_refused(make, message):
    with pytest.raises(RequestError) as caught:
        make()
    assert message in str(caught.value)


MODELS = {"quadratic": Quadratic(), "relu": RectifiedLines(), "mlp": MLP((3, 4, 1))}


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_predictions_are_for_rows_with_a_value_for_each_input(model):
    table = np.ones((2, model.columns))
    np.testing.assert_array_equal(model.predict(table.tolist()), model.predict(table))
    assert model.predict(table).shape == (2, 1)
    for one in (1.0, np.ones(3), np.ones((2, 2, 1))):
        with pytest.raises(RequestError, match=r"rows first, \(rows, \d\); these have the shape"):
            model.predict(one)
    with pytest.raises(RequestError, match=r"takes \d input columns?; the data has 4"):
        model.predict(np.ones((2, 4)))
    with pytest.raises(RequestError, match="a table of numbers"):
        model.predict([["a"] * model.columns])


def test_models_are_shown_in_a_line():
    assert repr(MLP((2, 4, 1), "tanh")) == "<MLP 2 → 4 tanh → 1, 17 parameters>"
    assert repr(Quadratic()) == "<Quadratic y = a·x² + b·x + c, 3 parameters>"
