"""The exports: scripts that print the same losses as the run, and the losses as CSV."""

import contextlib
import csv
import io
import json
import runpy
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path
from unittest import mock

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starts import WITH_CLASSES

from nn_core import MLP, Config, Dataset, Quadratic, Timeline, Trainer, datasets
from nn_core.config import ACTIVATIONS, CLASS_LOSSES, CONSTANTS, LOSSES, OPTIMIZERS, SCHEDULES
from nn_core.config import settings as all_settings
from nn_core.config.experiments import EXPERIMENTS
from nn_core.disk import write_atomically
from nn_core.errors import RequestError
from nn_core.models.weights import as_tuples
from nn_core.run.events import KINDS
from nn_core.storage.export import losses_csv, write
from nn_core.storage.forms import FORMS, form_of, require_target
from nn_core.storage.predictions import predictions_of
from nn_core.storage.scripts.numpy_script import numpy_script
from nn_core.storage.scripts.recipe import BEGINNINGS, FOLLOWED, MOST_NUMBERS, MOVES, STOOD_FOR
from nn_core.storage.scripts.torch_script import torch_script
from nn_core.storage.session import open_session


def of_config(config=None, **changes):
    return Timeline(Trainer.from_config((config or Config()).replace(**changes)))


def printed_by(script, digits=17, first=0):
    """The losses that a script prints from a step on, run within this process."""
    out = io.StringIO()
    with mock.patch.object(sys, "argv", ["this.py", str(digits)]), redirect_stdout(out):
        exec(compile(script, "this.py", "exec"), {"__name__": "__main__"})
    lines = out.getvalue().splitlines()
    for step, line in enumerate(lines, start=first):
        assert line.startswith(f"step={step}; loss=")
    return [float(line.partition("loss=")[2]) for line in lines]


def assert_prints_its_losses(timeline, within=1e-12, first=0, torch_may_refuse=False):
    losses = timeline.history.losses.values[first:]
    printed = printed_by(numpy_script(timeline), first=first)
    np.testing.assert_allclose(printed, losses, rtol=within, atol=0)
    with contextlib.suppress(*([RequestError] if torch_may_refuse else [])):
        compile(torch_script(timeline), "this.py", "exec")


def assert_same_table(found, wanted, within=1e-12):
    """The same CSV text, but for numbers, which may be off by so much."""
    found, wanted = (list(csv.reader(text.splitlines())) for text in (found, wanted))
    assert len(found) == len(wanted)
    for some, others in zip(found, wanted, strict=True):
        for cell, other in zip(some, others, strict=True):
            try:
                number = float(other)
            except ValueError:
                assert cell == other
            else:
                assert float(cell) == pytest.approx(number, rel=within, abs=within)


# --- the NumPy script -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_script_of_each_experiment_prints_its_losses(name):
    timeline = of_config(EXPERIMENTS[name].config)
    timeline.advance(200)
    assert_prints_its_losses(timeline)


@pytest.mark.parametrize("model", ["quadratic", "relu", "mlp"])
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("batch_size", [0, 1, 7])
@pytest.mark.parametrize("zero_gradients", [True, False])
def test_each_model_loss_and_way_of_batching(model, loss, batch_size, zero_gradients):
    data = {"data": "step", "noise": (0.0, 0.0)} if loss in CLASS_LOSSES else {}
    timeline = of_config(
        model=model, hidden=(4, 3), loss=loss, batch_size=batch_size,
        zero_gradients=zero_gradients, learning_rate=1e-3, **data,
    )  # fmt: skip
    timeline.advance(200)
    assert_prints_its_losses(timeline)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_each_optimizer_and_activation(optimizer, activation):
    timeline = of_config(
        model="mlp", hidden=(5,), loss="mse", optimizer=optimizer, activation=activation,
        learning_rate=2e-3,
    )  # fmt: skip
    timeline.advance(400)
    assert_prints_its_losses(timeline)


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("batch_size", [0, 6])
def test_each_schedule_past_its_end(schedule, batch_size):
    timeline = of_config(schedule=schedule, batch_size=batch_size, epochs=40, learning_rate=0.1)
    timeline.advance(250)
    assert_prints_its_losses(timeline)


def test_single_precision_agrees_to_its_own():
    timeline = of_config(model="mlp", hidden=(4,), dtype="float32", loss="mse", optimizer="adam")
    timeline.advance(100)
    assert_prints_its_losses(timeline, within=1e-5)
    assert "torch.set_default_dtype(torch.float32)" in torch_script(timeline)


def test_several_columns_scaled_and_from_python(tmp_path):
    random = np.random.default_rng(2)
    path = tmp_path / "mine.csv"
    rows = [",".join(map(repr, row)) for row in random.normal(3, 20, (15, 3)).tolist()]
    path.write_text("\n".join(["u,v,w", *rows]))
    timeline = of_config(data=str(path), scale=True, model="mlp", hidden=(3,), batch_size=4)
    timeline.advance(50)
    assert_prints_its_losses(timeline)
    data = Dataset(random.normal(size=(9, 2)), random.normal(size=(9, 1)))
    timeline = Timeline(Trainer(MLP((2, 4, 1), "tanh", seed=8), data, loss="mse"))
    timeline.advance(50)
    assert_prints_its_losses(timeline)


def test_it_runs_on_its_own_and_prints_what_plain_prints(tmp_path):
    timeline = of_config(EXPERIMENTS["quadratic"].config)
    timeline.advance(11)
    write(timeline, tmp_path / "run.py")
    run = [sys.executable, "-I", str(tmp_path / "run.py")]
    done = subprocess.run(run, capture_output=True, text=True, check=True, timeout=60)
    losses = [2.42, 2.40, 2.38, 2.36, 2.34, 2.32, 2.30, 2.28, 2.26, 2.23, 2.21]
    assert done.stdout.splitlines() == [f"step={i}; loss={x:.2f}" for i, x in enumerate(losses)]
    done = subprocess.run([*run, "17"], capture_output=True, text=True, check=True, timeout=60)
    printed = [float(line.partition("loss=")[2]) for line in done.stdout.splitlines()]
    np.testing.assert_allclose(printed, timeline.history.losses.values, rtol=1e-12, atol=0)


def test_a_run_that_has_not_begun_goes_to_its_target():
    timeline = of_config(epochs=7, batch_size=10)
    printed = printed_by(numpy_script(timeline))
    timeline.advance(14)
    np.testing.assert_allclose(printed, timeline.history.losses.values, rtol=1e-12, atol=0)


def test_from_the_past_the_whole_branch_is_written():
    timeline = of_config()
    timeline.advance(30)
    timeline.do("set", name="learning_rate", value=0.1)
    timeline.advance(10)
    timeline.seek(5)
    assert_prints_its_losses(timeline)
    assert "STEPS = 40" in numpy_script(timeline)


def test_the_script_has_only_what_the_run_uses():
    timeline = of_config()
    timeline.advance(5)
    script = numpy_script(timeline)
    assert len(script.splitlines()) < 95
    for unused in ("Adam", "schedule", "order", "activate", "zero_gradients", "ROWS", "math.cos"):
        assert unused not in script
    assert max(len(line) for line in script.splitlines()) <= 100


# --- what was done by hand ------------------------------------------------------------------------

SETTINGS = st.one_of(
    st.tuples(st.just("learning_rate"), st.sampled_from([0.001, 0.01, 0.03])),
    st.tuples(st.just("schedule"), st.sampled_from(SCHEDULES)),
    st.tuples(st.just("optimizer"), st.sampled_from(OPTIMIZERS)),
    st.tuples(st.sampled_from(CONSTANTS), st.sampled_from([None, 0.25, 0.99])),
    st.tuples(st.just("zero_gradients"), st.booleans()),
    st.tuples(st.just("batch_size"), st.sampled_from([0, 3, 7, 20])),
    st.tuples(st.just("shuffle"), st.booleans()),
    st.tuples(st.just("epochs"), st.sampled_from([1, 10, 60])),
    st.tuples(st.just("clip"), st.sampled_from([0.0, 0.3, 2.0])),
    st.tuples(st.just("l1"), st.sampled_from([0.0, 0.05])),
    st.tuples(st.just("l2"), st.sampled_from([0.0, 0.02])),
    st.tuples(st.just("freeze"), st.integers(0, 5)),
)
MOVE = st.tuples(st.integers(0, 2), st.floats(-1, 1).map(lambda value: round(value, 3)))
DEEDS = st.one_of(
    st.tuples(st.just("advance"), st.integers(1, 25)),
    st.tuples(st.just("phase"), st.integers(1, 4)),
    st.tuples(st.just("set"), SETTINGS),
    st.tuples(st.just("nudge"), MOVE),
    st.tuples(st.just("assign"), MOVE),
    st.tuples(st.just("beginning"), st.tuples(st.sampled_from([*BEGINNINGS]), MOVE)),
)
STARTS = st.sampled_from(
    [
        {"validation": 0.2, "loss": "huber"},
        {"model": "relu", "batch_size": 6},
        {"model": "mlp", "hidden": (3,), "activation": "tanh", "schedule": "plateau"},
        {
            "model": "mlp",
            "hidden": (3, 4),
            "activation": ("sigmoid", "leaky-relu"),
            "loss": "huber",
            "optimizer": "adam",
            "batch_size": 8,
            "l1": 0.01,
            "freeze": ("2",),
        },
        *WITH_CLASSES,
    ]
)


def begin_anew(timeline, kind, how):
    """Do what a script begins after, with numbers from this index and this value."""
    index, value = how
    place = timeline.state.layout.places[index]
    arguments = {
        "load": {"values": as_tuples({place.name: np.full(place.shape, value)})},
        "place_unit": {"weight": value, "bias": -value, "outgoing": 0.1},
        "add_unit": {"layer": 0}, "remove_unit": {"layer": 0}, "add_layer": {}, "remove_layer": {},
        "add_point": {"x": value, "y": value}, "remove_point": {"row": index},
    }  # fmt: skip
    with contextlib.suppress(RequestError):  # the quadratic has no layers, say
        timeline.do(kind, **arguments[kind])


def test_every_setting_and_every_kind_of_event_is_followed_or_stood_for():
    """One that is new has to be thought about before a script can leave it out."""
    assert {each.name for each in all_settings()} == FOLLOWED | STOOD_FOR
    assert not FOLLOWED & STOOD_FOR
    assert {"set"} | MOVES | BEGINNINGS.keys() == KINDS.keys()
    now = {each.name for each in all_settings() if each.effect == "now"}
    assert now | {"epochs"} == FOLLOWED, "what can change within a run"


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(STARTS, st.lists(DEEDS, max_size=10))
def test_what_was_done_by_hand_is_done_at_the_same_step(start, outcomes):
    timeline = of_config(**start)
    for outcome, how in outcomes:
        if outcome == "advance":
            timeline.advance(how)
        elif outcome == "phase":
            for _ in range(how):
                timeline.phase()
        elif outcome == "set":
            name, value = how
            if name == "freeze":
                places = timeline.state.layout.places
                value = (places[value % len(places)].name,) if value else ()
            # Between backward and update no script can change the batch.
            if timeline.state.phase < 4 or name not in ("batch_size", "shuffle"):
                timeline.do("set", name=name, value=value)
        elif outcome == "beginning":
            begin_anew(timeline, *how)
        else:
            number = {"nudge": "amount", "assign": "value"}[outcome]
            timeline.do(outcome, index=how[0], **{number: how[1]})
    timeline.advance(10)
    if timeline.divergence is None and len(timeline.history):
        began = [event.step for event in timeline.events if event.kind in BEGINNINGS]
        # A residual of almost 0 has a sign by its rounding alone: from there on two programs that
        # round alike may still part, if the rate comes from another cosine.
        first = began[-1] if began else 0
        assert_prints_its_losses(timeline, within=1e-9, first=first, torch_may_refuse=True)


def test_a_script_begins_after_a_change_of_shape_with_all_that_is_remembered():
    timeline = of_config(
        model="mlp", hidden=(3,), loss="mse", optimizer="adam", batch_size=7, schedule="plateau",
        zero_gradients=False, learning_rate=1e-3,
    )  # fmt: skip
    timeline.advance(32)
    timeline.do("add_unit", layer=0)
    timeline.do("nudge", index=0, amount=0.1)
    script = numpy_script(timeline)
    assert "It begins at step 32, after a unit was added." in script
    assert "1 → 4 ReLU → 1" in script
    to_the_target = timeline.trainer.steps_left(timeline.config.epochs)
    assert f"STEPS = {32 + to_the_target}\n" in script, "nothing has been done since: to the target"
    timeline.advance(40)
    here = timeline.state.copy()
    assert_prints_its_losses(timeline, first=32)
    assert timeline.state.parameters.tobytes() == here.parameters.tobytes(), "where it was"
    assert timeline.state.step == 72


def test_a_setting_changed_there_and_back_leaves_no_trace_but_what_is_forgotten():
    timeline = of_config(optimizer="momentum")
    timeline.advance(5)
    for name, value in (
        ("schedule", "cosine"), ("schedule", "constant"), ("zero_gradients", False),
        ("zero_gradients", True), ("optimizer", "sgd"), ("optimizer", "momentum"),
    ):  # fmt: skip
        timeline.do("set", name=name, value=value)
    timeline.advance(5)
    assert_prints_its_losses(timeline)
    assert (
        "    if step == 5:  # by hand\n        optimizer = Momentum(momentum=0.9)\n    gradient"
        in (numpy_script(timeline))
    )


@pytest.mark.parametrize("name", ["batch_size", "shuffle"])
def test_a_batch_changed_after_its_backward_phase_is_refused(name):
    timeline = of_config(batch_size=5)
    for _ in range(4):
        timeline.phase()
    timeline.do("set", name=name, value=3 if name == "batch_size" else False)
    timeline.advance(1)
    for script in (numpy_script, torch_script):
        with pytest.raises(RequestError, match="between its backward phase and its update"):
            script(timeline)


def test_what_a_script_can_not_say_is_refused(tmp_path):
    timeline = of_config()
    timeline.advance(3)
    with mock.patch("nn_core.storage.scripts.recipe.MOVES", {"assign"}):
        numpy_script(timeline)
        timeline.do("nudge", index=0, amount=0.1)
        with pytest.raises(RequestError, match="can't say what was done at step 3: nudge"):
            write(timeline, tmp_path / "run.py")
    assert not list(tmp_path.iterdir())
    large = Dataset(np.zeros((MOST_NUMBERS, 1)), np.ones((MOST_NUMBERS, 1)))
    with pytest.raises(RequestError, match="a script lists at most 200,000"):
        numpy_script(Timeline(Trainer(Quadratic(), large)))
    timeline = of_config(optimizer="adam")
    timeline.do("set", name="freeze", value=("a",))
    timeline.advance(2)
    timeline.do("set", name="freeze", value=())
    timeline.advance(2)
    with pytest.raises(RequestError, match="counts the updates of each parameter by itself"):
        torch_script(timeline)
    assert "frozen" in numpy_script(timeline)


def test_a_trainer_that_was_trained_before_begins_with_what_it_remembers():
    data = datasets.noisy_quadratic()
    trainer = Trainer(Quadratic(), data, optimizer="adam", zero_gradients=False)
    trainer.run(3)
    timeline = Timeline(trainer)
    timeline.advance(20)
    assert_prints_its_losses(timeline)


@pytest.mark.parametrize("batch_size", [0, 50])
@pytest.mark.parametrize(("data", "rows"), [("penguins", 20), ("above-sine", 60)])
def test_the_script_weighs_classes(data, rows, batch_size):
    timeline = of_config(
        model="mlp", hidden=(3,), data=data, rows=rows, loss="cross-entropy",
        class_weight="balanced", scale=data == "penguins", batch_size=batch_size,
    )  # fmt: skip
    timeline.advance(60)
    assert_prints_its_losses(timeline)


# --- the PyTorch script ---------------------------------------------------------------------------


REFERENCE = Path(__file__).parents[1] / "reference"
PRINTED = json.loads((REFERENCE / "torch_scripts.json").read_text())


@pytest.mark.parametrize("name", PRINTED)
def test_run_with_pytorch_the_script_printed_the_losses_of_the_run(name):
    """What the scripts printed is stored; one that reads otherwise now has to be run again."""
    make = runpy.run_path(str(REFERENCE / "make_torch_scripts.py"))
    timeline = make["timeline"](name)
    assert torch_script(timeline).splitlines() == PRINTED[name]["script"]
    losses = timeline.history.losses.values[-len(PRINTED[name]["losses"]) :]
    np.testing.assert_allclose(PRINTED[name]["losses"], losses, rtol=1e-12, atol=0)


@pytest.mark.parametrize("name", PRINTED)
def test_run_with_pytorch_the_script_predicted_what_the_run_predicts(name, tmp_path):
    make = runpy.run_path(str(REFERENCE / "make_torch_scripts.py"))
    timeline = make["timeline"](name)
    (tmp_path / "new.csv").write_text("\n".join(PRINTED[name]["table"]))
    wanted = predictions_of(timeline.trainer, tmp_path / "new.csv").text
    assert_same_table("\n".join(PRINTED[name]["predicted"]), wanted)


def test_the_pytorch_script_moves_parameters_by_their_names():
    timeline = of_config(model="mlp", hidden=(3,))
    timeline.advance(2)
    index = timeline.state.layout["0.weight"].index((2, 0))
    timeline.do("nudge", index=index, amount=0.5)
    timeline.do("assign", index=timeline.state.layout["2.bias"].index((0,)), value=-1.0)
    timeline.advance(2)
    script = torch_script(timeline)
    assert "model[0].weight.data[2, 0] += 0.5\n" in script
    assert "model[2].bias.data[0] = -1.0\n" in script


def test_the_pytorch_script_needs_numpy_only_to_shuffle():
    assert "numpy" not in torch_script(of_config())
    assert "import numpy as np" in torch_script(of_config(batch_size=4))


# --- CSV ------------------------------------------------------------------------------------------


def test_the_losses_as_csv_are_those_recorded_in_full():
    timeline = of_config(batch_size=8, schedule="cosine")
    timeline.advance(7)
    timeline.do("set", name="batch_size", value=10)  # in the third epoch, which begins again
    timeline.advance(5)
    rows = list(csv.DictReader(io.StringIO(losses_csv(timeline))))
    assert list(rows[0]) == ["step", "epoch", "loss", "gradient_norm", "learning_rate"]
    assert [int(row["step"]) for row in rows] == list(range(12))
    assert [int(row["epoch"]) for row in rows] == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 4]
    history = timeline.history
    for name, series in (
        ("loss", history.losses), ("gradient_norm", history.gradient_norms),
        ("learning_rate", history.learning_rates),
    ):  # fmt: skip
        assert [float(row[name]) for row in rows] == series.values.tolist()


def test_the_validation_curve_and_the_file_s_units_are_in_the_csv():
    """Each is that of the parameters before the step; the last one, after all, has its own row."""
    timeline = of_config(EXPERIMENTS["stopping-distance"].config, validation=0.2, batch_size=16)
    timeline.advance(9)
    rows = list(csv.DictReader(io.StringIO(losses_csv(timeline))))
    assert [row["step"] for row in rows] == [str(step) for step in range(10)]
    measured = {int(row["step"]): float(row["validation_loss"]) for row in rows
                if row["validation_loss"]}  # fmt: skip
    steps, losses = timeline.history.validation.points()
    assert measured == dict(zip(steps.tolist(), losses.tolist(), strict=True))
    assert [*measured] == [0, 3, 6, 9]
    assert (rows[9]["epoch"], rows[9]["loss"]) == ("3", "")
    data = timeline.trainer.data
    off = data.validation.raw_y - data.y_scaling.undo(
        timeline.trainer.model.predict(data.validation.x)
    )
    squared = float(rows[9]["validation_loss_in_file_units"])
    assert squared == pytest.approx(float((off**2).mean()), rel=1e-12)
    assert float(rows[0]["loss_in_file_units"]) == pytest.approx(
        float(rows[0]["loss"]) * float(data.y_scaling.deviation[0]) ** 2, rel=1e-12
    )


@pytest.mark.parametrize("loss", ["huber", "log-cosh"])
def test_a_loss_without_a_unit_is_said_as_it_is_trained(loss):
    timeline = of_config(EXPERIMENTS["stopping-distance"].config, loss=loss)
    timeline.advance(1)
    assert "in_file_units" not in losses_csv(timeline)


def test_before_the_first_step_there_are_no_losses():
    with pytest.raises(RequestError, match="no step has been taken yet"):
        losses_csv(of_config())


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.sampled_from([0, 1, 3, 7, 20, "more", "less"])), max_size=7
    )
)
def test_the_epochs_told_afterwards_are_those_counted_on_the_way(stretches):
    timeline = of_config(batch_size=3)
    counted = []
    for steps, done in [*stretches, (5, 3)]:
        for _ in range(steps):
            counted.append(timeline.state.epoch)
            timeline.advance(1)
        if done == "more":
            timeline.do("add_point", x=0.5, y=1.0)
        elif done == "less":
            timeline.do("remove_point", row=0)
        else:
            timeline.do("set", name="batch_size", value=done)
    assert timeline.epochs(np.arange(len(counted))).tolist() == counted


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.suffix)
def test_each_form_is_written_whole_or_not_at_all(form, tmp_path):
    timeline = of_config()
    timeline.advance(3)
    path = tmp_path / f"run{form.suffix}"
    write_atomically(path, b"old")
    with pytest.raises(RequestError):
        write(timeline, tmp_path / "missing" / path.name, "<svg/>")
    assert write(timeline, path, "<svg/>") is form
    assert path.read_bytes() != b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_how_a_name_ends_says_what_is_saved(tmp_path):
    timeline = of_config()
    timeline.advance(3)
    write(timeline, tmp_path / "a.json")
    assert open_session(tmp_path / "a.json").state.step == 3
    write(timeline, tmp_path / "b.safetensors")
    assert of_config(load=str(tmp_path / "b.safetensors")).trainer.loss() == timeline.trainer.loss()
    for name, text in (
        ("c.py", numpy_script(timeline)), ("d.torch.py", torch_script(timeline)),
        ("e.csv", losses_csv(timeline)),
    ):  # fmt: skip
        write(timeline, tmp_path / name)
        assert (tmp_path / name).read_text() == text
    assert form_of(tmp_path / "net.torch.py").title == "PyTorch script"
    for path in (tmp_path / "run", tmp_path / "run.txt", tmp_path / "json"):
        with pytest.raises(RequestError, match=r"must end in \.json \.safetensors"):
            require_target(path)
    with pytest.raises(RequestError, match="there is no screen to make a picture of"):
        write(timeline, tmp_path / "f.svg")


@pytest.mark.parametrize("optimizer", ["momentum", "nesterov"])
def test_momentum_raised_from_0_is_said_by_numpy_and_refused_for_pytorch(optimizer):
    """There a momentum of 0 keeps no velocity, so that the next step would begin with none."""
    timeline = of_config(optimizer=optimizer, momentum=0.0)
    timeline.advance(5)
    assert "nesterov=True" not in torch_script(timeline)  # which PyTorch refuses at 0
    timeline.do("set", name="momentum", value=0.5)
    timeline.advance(5)
    losses = timeline.history.losses.values
    np.testing.assert_allclose(printed_by(numpy_script(timeline)), losses, rtol=1e-12, atol=0)
    with pytest.raises(RequestError, match="momentum was raised from 0"):
        torch_script(timeline)
