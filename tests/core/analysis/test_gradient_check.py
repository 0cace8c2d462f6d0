"""The gradient check of a run: what it checks, and how it names what doesn't agree."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_core import MLP, Dataset, Quadratic, RectifiedLines, Trainer
from nn_core.analysis import gradient_check, sweep
from nn_core.analysis.gradient_check import Checked, check, search
from nn_core.config import CLASS_LOSSES
from nn_core.config.experiments import EXPERIMENTS
from nn_core.live.requests import Advance, Look
from nn_core.live.search_requests import CheckGradient, LeaveSearch
from nn_core.models.losses import LOSSES
from nn_core.optim.optimizers import OPTIMIZERS

NEAR = 1 + 3e-7  # to 1, nearer than a nudge reaches


def checked(trainer, chosen=0):
    return sweep.result(search(trainer, chosen))


def all_of(found):
    return [each for _, _, checks in found.layers for each in checks]


def rows(x, y):
    return Dataset(np.array(x, float)[:, None], np.array(y, float)[:, None])


settings = st.fixed_dictionaries(
    {
        "loss": st.sampled_from(["mae", "mse", "huber"]),
        "optimizer": st.sampled_from(sorted(OPTIMIZERS)),
        "batch_size": st.sampled_from([0, 4]),
        "l1": st.sampled_from([0.0, 0.1]),
        "l2": st.sampled_from([0.0, 0.3]),
        "clip": st.sampled_from([0.0, 0.5]),
    }
)


WHOLE = sorted({*EXPERIMENTS} - {"digits"})  # of whose many parameters a sample is checked


@given(name=st.sampled_from(WHOLE), changes=settings, steps=st.integers(0, 12))
def test_what_a_run_descends_agrees_or_lies_beside_a_kink(name, changes, steps):
    own = EXPERIMENTS[name].config
    if own.loss in CLASS_LOSSES:
        changes = {**changes, "loss": own.loss}  # no other is for classes
    trainer = Trainer.from_config(own.replace(**changes))
    trainer.run(steps)
    before, preview = trainer.state.copy(), trainer.preview()
    found = checked(trainer)
    assert {each.verdict for each in all_of(found)} <= {"agrees", "beside a kink"}
    gradient = [each.analytic for each in all_of(found)]
    layout = trainer.state.layout
    wanted = [preview.gradient[i] for place in layout.places for i in place.view(
        np.arange(layout.size)).reshape(-1)]  # fmt: skip
    np.testing.assert_allclose(gradient, wanted, rtol=1e-9, atol=1e-12)
    assert trainer.state.parameters.tobytes() == before.parameters.tobytes()
    assert found.penalised == bool(changes["l1"] or changes["l2"])
    assert found.rows == found.batch == len(trainer.batch_rows())


def test_each_side_is_the_loss_of_nudged_parameters():
    """With the penalty: the lesson's quadratic, a nudged by a millionth."""
    trainer = Trainer.from_config(EXPERIMENTS["quadratic"].config.replace(l2=0.1))
    found = checked(trainer, 0).chosen
    for side, nudge in ((found.above, 1e-6), (found.below, -1e-6)):
        nudged = Trainer(Quadratic(1.1 + nudge), trainer.data, loss="mae", l2=0.1)
        assert side == pytest.approx(nudged.loss() + nudged.penalty(), rel=1e-14)
    assert found.numeric == pytest.approx(-1.3529 + 2 * 0.1 * 1.1, abs=5e-5)


def test_the_chosen_parameter_comes_first_and_each_name_has_its_own():
    trainer = Trainer.from_config(EXPERIMENTS["relu-net"].config)
    found = checked(trainer, 5)
    assert found.chosen.label == trainer.state.layout.label(5)
    assert [(name, size, len(own)) for name, size, own in found.layers] == [
        ("W1", 16, 16), ("b1", 16, 16), ("W2", 16, 16), ("b2", 1, 1),
    ]  # fmt: skip
    for name, _, own in found.layers:
        assert all(each.label.startswith(f"{name}[") for each in own)


@pytest.mark.parametrize(
    ("model", "data", "settings", "label", "kink"),
    [
        (Quadratic(0, 0, NEAR), rows([1, 2], [1, 9]), {"loss": "mae"}, "c",
         "the residual of point 1"),
        (RectifiedLines([1.0, 1.0], [0.0, 1.0]), rows([0, 2], [5, 5]), {"loss": "mse"}, "b1",
         "line 1 at point 1"),
        (Quadratic(NEAR - 1, 1, 1), rows([1, 2], [5, 9]), {"loss": "mse", "l1": 0.1}, "a",
         "its own |w|"),
    ],
)  # fmt: skip
def test_a_kink_is_named_and_no_mistake(model, data, settings, label, kink):
    """On a kink of |·| itself the two sides cancel, and 0 agrees with 0: so it lies beside one."""
    found = checked(Trainer(model, data, **settings))
    [each] = [each for each in found.disagreeing if each.label == label]
    assert each.verdict == "beside a kink"
    assert each.kink.startswith(kink)


def test_the_kink_of_a_unit_is_named_by_layer_and_point():
    model = MLP((1, 2, 1), "relu")
    model.parameters["0.weight"][:] = 1
    model.parameters["0.bias"][:] = [1, -2]
    model.parameters["2.weight"][:] = 1
    found = checked(Trainer(model, rows([1, 2, 3], [9, 9, 9]), loss="mse"))
    [bias] = [each for each in found.disagreeing if each.label == "b1[2]"]
    assert bias.kink == "unit 2 of layer 1 at point 2"


def test_a_point_is_named_by_its_place_in_the_file():
    """Of a shuffled batch the rows have other numbers than in the batch."""
    data = rows([1, 2, 3, 4, 5, 6], [9, 9, 9, 9, 1, 9])
    trainer = Trainer(Quadratic(0, 0, NEAR), data, loss="mae", batch_size=3, seed=3)
    while 4 not in trainer.batch_rows():
        trainer.run(1)
        trainer.state.parameters[:] = [0, 0, NEAR]
    found = checked(trainer)
    assert {each.kink for each in found.disagreeing} == {"the residual of point 5"}


def test_a_wrong_derivative_is_no_kink(monkeypatch):
    compile_right = Quadratic.compile

    def compile_wrong(self, x, y, rows, loss, gradient):
        compiled = compile_right(self, x, y, rows, loss, gradient)

        def backward():
            compiled.backward()
            gradient[1] *= 1.001

        return replace(compiled, backward=backward)

    monkeypatch.setattr(Quadratic, "compile", compile_wrong)
    trainer = Trainer.from_config(EXPERIMENTS["quadratic"].config.replace(loss="mse"))
    (wrong,) = checked(trainer).disagreeing
    assert (wrong.label, wrong.verdict) == ("b", "differs")


def test_without_penalties_the_plain_check_is_the_same_as_ever():
    data = rows([1, 2, 3], [3, 1, 2])
    plain = check(Quadratic(), data, LOSSES["mse"])
    penalised = check(Quadratic(), data, LOSSES["mse"], l1=0.1, l2=0.2)
    apart = [b.analytic - a.analytic for a, b in zip(plain, penalised, strict=True)]
    assert apart == pytest.approx([0.1 + 2 * 0.2 * 1.1] * 2 + [0])
    assert all(each.agrees for each in penalised)


@pytest.mark.parametrize("value", [1e300, np.nan, np.inf])
def test_numbers_beyond_all_bounds_overflow(value):
    trainer = Trainer.from_config(EXPERIMENTS["quadratic"].config.replace(loss="mse"))
    trainer.state.parameters[0] = value
    assert {each.verdict for each in all_of(checked(trainer))} == {"overflows"}


def test_a_large_network_on_many_rows_is_sampled(monkeypatch):
    monkeypatch.setattr(gradient_check, "WORK", 3_000_000)
    trainer = Trainer(
        MLP((1, 32, 32, 1), "tanh"), rows(np.linspace(-2, 2, 500), np.zeros(500)), loss="mse"
    )
    found = checked(trainer, 40)
    assert found.batch == 500
    assert 1 < found.rows < 500
    assert [len(own) for _, _, own in found.layers] == [4, 4, 4, 4, 4, 1]
    assert all(each.agrees for each in all_of(found))
    assert found.chosen.label == trainer.state.layout.label(40)
    assert 2 * 22 * found.rows * trainer.model.flat.size <= gradient_check.WORK * 1.1


# --- in the runner ------------------------------------------------------------------------------


def test_the_runner_checks_what_is_chosen_and_leaves_the_run_alone(laboratory):
    with laboratory(EXPERIMENTS["relu-net"].config) as lab:
        lab.ask(Advance(5))
        lab.ask(Look(replace(lab.snapshot.request, opened="2.weight", chosen=3)))
        before = lab.snapshot
        lab.ask(CheckGradient())
        while not isinstance(lab.snapshot.search, Checked):
            lab.next()
        assert lab.snapshot.search.chosen.label == "W2[1,4]" == lab.snapshot.chosen.label
        assert (lab.snapshot.step, lab.snapshot.loss) == (before.step, before.loss)
        assert lab.ask(LeaveSearch()).search is None


def test_leaving_stops_a_long_check(laboratory):
    with laboratory(EXPERIMENTS["mlp"].config, hidden=(300, 300), rows=10000) as lab:
        lab.ask(CheckGradient())
        assert isinstance(lab.snapshot.search, float)
        lab.runner.ask(LeaveSearch())
        while lab.snapshot.search is not None:
            lab.next()
        assert lab.ask(Advance(1)).step == 1
