"""Batches and epochs: every row once an epoch, and each seed its own order."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from trainers import models, random_data

from nn_core import Dataset, Quadratic, Trainer


@models
def test_a_batch_counts_for_what_its_rows_alone_would(build):
    """The last has 4 rows of 20: its loss and gradient are means over 4, not over 8."""
    data = random_data(20)
    trainer = Trainer(build(), data, loss="mse", batch_size=8, shuffle=False)
    for rows in (slice(0, 8), slice(8, 16), slice(16, 20)):
        alone = Trainer(build(), Dataset(data.x[rows], data.y[rows]), loss="mse")
        alone.model.flat[:] = trainer.model.flat
        step = trainer.step()
        assert step.loss == pytest.approx(alone.loss(), rel=1e-13)
        found = np.concatenate([step.gradients[name].ravel() for name in step.gradients])
        views = alone.model.layout.views(alone.gradient())
        expected = np.concatenate([view.ravel() for view in views.values()])
        np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-13)


@models
def test_training_leaves_the_data_as_it_was(build):
    data = random_data(20)
    x, y = data.x.tobytes(), data.y.tobytes()
    trainer = Trainer(build(), data, batch_size=8)
    loss = trainer.loss()
    start = trainer.model.flat.copy()
    trainer.run(10)
    trainer.model.flat[:] = start
    assert trainer.loss() == loss
    assert (data.x.tobytes(), data.y.tobytes()) == (x, y)


@given(rows=st.integers(2, 40), batch_size=st.integers(1, 50), seed=st.integers(0, 99))
def test_every_row_comes_once_an_epoch(rows, batch_size, seed):
    trainer = Trainer(Quadratic(), random_data(rows), batch_size=batch_size, seed=seed)
    for epoch in range(3):
        seen = []
        while trainer.state.epoch == epoch:
            seen += trainer.batch_rows().tolist()
            trainer.run(1)
        assert sorted(seen) == list(range(rows))
        assert trainer.state.step == (epoch + 1) * trainer.steps_per_epoch


def rows_of_epochs(trainer, epochs):
    orders = [[] for _ in range(epochs)]
    while trainer.state.epoch < epochs:
        orders[trainer.state.epoch] += trainer.batch_rows().tolist()
        trainer.run(1)
    return orders


def test_shuffling_is_another_order_each_epoch_and_the_same_for_a_seed():
    def orders(**settings):
        return rows_of_epochs(Trainer(Quadratic(), random_data(20), batch_size=8, **settings), 3)

    first, second, third = orders(seed=1)
    assert first != second != third != first
    assert orders(seed=1) == [first, second, third]
    assert orders(seed=2)[0] != first
    assert orders(shuffle=False) == [list(range(20))] * 3


@models
def test_the_same_seed_trains_to_the_same_bits(build):
    ends = []
    for _ in range(2):
        trainer = Trainer(build(), random_data(20), batch_size=6, seed=4)
        trainer.run(50)
        ends.append(trainer.model.flat.tobytes())
    assert ends[0] == ends[1]


@models
def test_a_shuffled_batch_trains_on_the_rows_that_it_names(build):
    data = random_data(20)
    trainer = Trainer(build(), data, loss="mae", batch_size=6, learning_rate=0.001)
    for _ in range(10):
        rows = trainer.batch_rows()
        residual = trainer.model.predict(data.x[rows]) - data.y[rows]
        assert trainer.step().loss == pytest.approx(float(np.abs(residual).mean()), rel=1e-13)


def test_a_full_batch_is_the_rows_in_file_order():
    trainer = Trainer(Quadratic(), random_data(20), batch_size=50, shuffle=True)
    assert trainer.batch_rows().tolist() == list(range(20))
    assert trainer.steps_per_epoch == 1


@given(rows=st.integers(2, 30), batch_size=st.integers(0, 40), epochs=st.integers(1, 5))
def test_steps_left_lead_to_the_end_of_an_epoch(rows, batch_size, epochs):
    trainer = Trainer(Quadratic(), random_data(rows), batch_size=batch_size)
    trainer.run(1)
    trainer.run(trainer.steps_left(epochs))
    assert (trainer.state.epoch, trainer.state.position) == (epochs, 0)
    assert trainer.steps_left(epochs) == 0


def test_changing_the_batch_size_begins_the_epoch_again():
    """An epoch cut in another way can't go on in its middle: all rows come once from here."""
    trainer = Trainer(Quadratic(), random_data(20), batch_size=8, shuffle=False)
    trainer.run(4)
    trainer.configure(trainer.config.replace(batch_size=10))
    assert (trainer.state.epoch, trainer.state.position) == (1, 0)
    assert trainer.batch_rows().tolist() == list(range(10))
    trainer.run(2)
    assert trainer.state.epoch == 2


def test_changing_the_learning_rate_goes_on_within_the_epoch():
    trainer = Trainer(Quadratic(), random_data(20), batch_size=8, shuffle=False)
    trainer.run(1)
    trainer.configure(trainer.config.replace(learning_rate=0.5))
    assert trainer.batch_rows().tolist() == list(range(8, 16))
    step = trainer.step()
    assert step.learning_rate == 0.5
    assert float(step.updates["c"]) == pytest.approx(-0.5 * float(step.gradients["c"]))
