"""The sweep: what is trained together ends where it would alone; the trainer is left alone."""

import numpy as np
import pytest

from nn_core import Quadratic, Trainer, datasets
from nn_core.analysis import sweep
from nn_core.config.experiments import EXPERIMENTS
from nn_core.models.losses import LOSSES
from nn_core.optim.optimizers import OPTIMIZERS

RATES = np.geomspace(1e-4, 1, 7)


def one_by_one(trainer, rates, steps):
    """The same by hand: a trainer of its own from the same parameters for each rate."""
    ends = []
    for rate in rates.tolist():
        alone = Trainer.resume(
            trainer.model.astype(trainer.config.dtype), trainer.data,
            trainer.config.replace(learning_rate=rate), trainer.state,
        )  # fmt: skip
        alone.run(steps)
        ends.append(alone.loss())
    return [end if np.isfinite(end) else np.inf for end in ends]


@pytest.mark.parametrize("loss", [name for name in LOSSES if LOSSES[name].is_of_difference])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_quadratics_trained_together_end_where_each_would_alone(optimizer, loss):
    """From the middle of a run, so that the optimizer already remembers something."""
    trainer = Trainer(Quadratic(), datasets.noisy_quadratic(), loss=loss, optimizer=optimizer)
    trainer.run(20)
    assert sweep.is_together(trainer, len(RATES))
    np.testing.assert_allclose(
        sweep.train(trainer, RATES, 50), one_by_one(trainer, RATES, 50), rtol=1e-9
    )


@pytest.mark.parametrize(
    "settings",
    [
        {"zero_gradients": False},
        {"schedule": "cosine"},
        {"schedule": "plateau"},
        {"clip": 0.5},
        {"l1": 0.1},
        {"l2": 0.1},
        {"batch_size": 7},
    ],
)
def test_what_the_columns_do_not_follow_is_trained_one_after_another(settings):
    trainer = Trainer(Quadratic(), datasets.noisy_quadratic(), **settings)
    trainer.run(10)
    assert not sweep.is_together(trainer, len(RATES))
    assert sweep.train(trainer, RATES, 30).tolist() == one_by_one(trainer, RATES, 30)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_experiment_is_swept_and_left_as_it_was(name):
    trainer = Trainer.from_config(EXPERIMENTS[name].config.replace(optimizer="adam"))
    trainer.run(3)
    trainer.phase()
    before, config = trainer.state.copy(), trainer.config
    sweep.train(trainer, RATES[:2], 5)
    assert trainer.config is config
    assert (trainer.state.step, trainer.state.phase) == (3, 1)
    np.testing.assert_array_equal(trainer.state.parameters, before.parameters)
    for slot, values in before.slots.items():
        np.testing.assert_array_equal(trainer.state.slots[slot], values)


@pytest.mark.parametrize("settings", [{"loss": "mse"}, {"loss": "mse", "batch_size": 5}])
def test_what_diverges_ends_at_infinity_and_spoils_nothing_beside_it(settings):
    trainer = Trainer(Quadratic(), datasets.noisy_quadratic(), **settings)
    ends = sweep.train(trainer, np.array([0.01, 1e6, 0.02]), 100)
    assert np.isfinite(ends).tolist() == [True, False, True]
    np.testing.assert_allclose(ends, one_by_one(trainer, np.array([0.01, 1e6, 0.02]), 100), 1e-9)


@pytest.mark.parametrize("schedule", ["constant", "plateau"])
@pytest.mark.parametrize("phases", range(5))
def test_a_twin_made_inside_a_step_goes_on_from_its_end(phases, schedule):
    settings = {"optimizer": "momentum", "batch_size": 8, "schedule": schedule}
    trainer = Trainer(Quadratic(), datasets.noisy_quadratic(), zero_gradients=False, **settings)
    trainer.run(4)
    for _ in range(phases):
        trainer.phase()
    twin = sweep.twin(trainer)
    while trainer.state.phase:
        trainer.phase()
    np.testing.assert_array_equal(twin.state.parameters, trainer.state.parameters)
    np.testing.assert_array_equal(twin.run(9).losses, trainer.run(9).losses)


def test_a_large_network_gives_many_chances_to_stop():
    trainer = Trainer.from_config(EXPERIMENTS["mlp"].config.replace(hidden=(1500, 1500)))
    pauses = sweep.in_chunks(trainer, RATES, 100)
    assert [next(pauses) for _ in range(3)] == pytest.approx([0, 1 / 700, 2 / 700])
