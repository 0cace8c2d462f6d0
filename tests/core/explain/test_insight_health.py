"""The health view's numbers, worked out anew."""

import numpy as np
import pytest

from nn_core import MLP, Dataset, Timeline, Trainer
from nn_core.config.experiments import EXPERIMENTS
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.insights.health import verdict
from nn_core.explain.scene import make_scene
from nn_core.explain.view_request import ViewRequest


def shown(timeline, **request):
    return capture_snapshot(timeline, make_scene(timeline), ViewRequest(view="health", **request))


@pytest.mark.parametrize(
    ("size", "update", "frozen", "word"),
    [(2.0, 0.002, False, "ok"), (2.0, -0.002, False, "ok"), (-1.0, 0.031, False, "fast"),
     (1.0, 0.029, False, "ok"), (1.0, 3.4e-5, False, "ok"), (1.0, 2.9e-5, False, "slow"),
     (1.0, 0.0, False, "still"), (0.0, 0.0, False, "still"), (0.0, 0.1, False, "from 0"),
     (np.nan, 0.1, False, "lost"), (1.0, np.inf, False, "lost"), (1.0, 0.1, True, "frozen")],
)  # fmt: skip
def test_the_verdict(size, update, frozen, word):
    assert verdict(size, update, frozen) == word


@pytest.mark.parametrize(
    ("activation", "sums", "resting"),
    [("relu", [-1.0, 0.0, 0.1], 2), ("tanh", [2.0, 2.5, -3.0], 2), ("sigmoid", [4.0, 5.0, -6], 2),
     ("identity", [1.0, 2.0, 3.0], None), ("leaky-relu", [-1.0, 0.0, 1.0], None)],
)  # fmt: skip
def test_units_at_rest(activation, sums, resting):
    """By their sums: tanh′(2) = 0.071, tanh′(2.5) = 0.027; 4·s(1 − s) at 4 is 0.071, at 5 0.027."""
    model = MLP((1, 3, 1), activation)
    model.parameters["0.weight"][:] = 0
    model.parameters["0.bias"][:] = sums
    data = Dataset(np.array([[-1.0], [1.0]]), np.zeros((2, 1)))
    units = shown(Timeline(Trainer(model, data))).insight.units
    found = [(each.layer, each.weight, each.count, each.resting) for each in units]
    assert found == ([] if resting is None else [(0, "0.weight", 3, resting)])


def test_histograms_are_those_of_the_chosen_layer():
    timeline = Timeline(Trainer.from_config(EXPERIMENTS["relu-net"].config))
    timeline.advance(3)
    insight = shown(timeline, chosen=2).insight
    preview = timeline.trainer.preview()
    place = timeline.state.layout["2.weight"]
    assert (insight.layer, insight.size) == ("W2", 16)
    for name, flat in (("values", timeline.state.parameters), ("gradients", preview.gradient),
                       ("updates", preview.update)):  # fmt: skip
        numbers, found = place.view(flat).reshape(-1), dict(insight.histograms)[name]
        assert found.zeros == (numbers == 0).sum()
        borders = np.linspace(-found.limit, found.limit, len(found.counts) + 1)
        assert found.counts.tolist() == np.histogram(numbers[numbers != 0], borders)[0].tolist()


def test_a_model_without_layers_has_no_histograms():
    insight = shown(Timeline(Trainer.from_config(EXPERIMENTS["quadratic"].config))).insight
    assert (insight.layer, insight.histograms, insight.units, insight.gradients) == ("", (), (), ())


def test_dead_units_are_those_that_the_words_call_silent():
    timeline = Timeline(Trainer.from_config(EXPERIMENTS["relu-net"].config))
    timeline.advance(300)
    snapshot = shown(timeline)
    (units,) = snapshot.insight.units
    assert units.resting == len(snapshot.observed.silent[0]) == 1


def test_it_is_no_part_of_training():
    """Looking changes no bit of the state."""
    timeline = Timeline(
        Trainer.from_config(EXPERIMENTS["relu-net"].config.replace(optimizer="adamw", clip=1.0))
    )
    timeline.advance(5)
    before = timeline.state.copy()
    shown(timeline)
    after = timeline.state
    assert after.parameters.tobytes() == before.parameters.tobytes()
    assert after.gradient.tobytes() == before.gradient.tobytes()
    for name, slot in before.slots.items():
        assert after.slots[name].tobytes() == slot.tobytes()


def test_the_loss_over_all_rows_is_worked_out_once_a_picture(monkeypatch):
    """With batches health worked it out again: of 100,000 rows that took as long as all else."""
    timeline = Timeline(Trainer.from_config(EXPERIMENTS["relu-net"].config.replace(batch_size=5)))
    timeline.advance(3)
    calls = []
    of_all = timeline.trainer.loss
    monkeypatch.setattr(timeline.trainer, "loss", lambda: calls.append(1) or of_all())
    shown(timeline)
    assert len(calls) == 1
