"""The step view's numbers: each line of arithmetic works out, and is what the trainer does."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inside_a_step import DIFFERENCES, MODELS, RUNS, Step, texts

from nn_core import MLP, Timeline, Trainer
from nn_core.config import Config
from nn_core.config.experiments import EXPERIMENTS
from nn_core.data.dataset import Dataset
from nn_core.explain.scene import make_scene
from nn_core.formatting import number
from nn_core.models.losses import balanced
from nn_core.models.losses.cross_entropy import probabilities
from nn_core.training.state import PHASES

# What stands in place of arithmetic, where a number is measured rather than worked out.
MEASURED = re.compile(
    r"y|the sum of the gradients of the steps before|on the weights, beside the loss"
    r"|the mean over all of them|.* gets no update"
)


@settings(max_examples=30, deadline=None)
@given(
    name=st.sampled_from(["xor", "penguins", "digits"]),
    steps=st.integers(0, 60),
    point=st.integers(0, 190),
    chosen=st.integers(0, 3),
    settings=st.sampled_from([{}, {"class_weight": "balanced", "batch_size": 40}]),
)
def test_of_classes_every_line_works_out_from_the_logits_to_the_update(
    name, steps, point, chosen, settings, works_out
):
    step = Step(EXPERIMENTS[name].config, steps, **settings)
    data = step.timeline.trainer.data
    for phase in PHASES:
        found = step.next_phase().look(point=point, chosen=chosen)
        for line in found.lines:
            if line.result is not None and not line.text.startswith("y"):
                assert works_out(line.text, line.result, line.sign), line
        if phase == "loss":
            share, cost = (line.result for line in found.lines[2:4])
            own = probabilities(step.timeline.trainer.model.predict(data.x[point : point + 1]))[0]
            assert share == pytest.approx(own[data.labels[point]])
            weight = 1.0
            if settings:
                rows = step.timeline.trainer.batch_rows()
                weight = balanced(data.y)[data.labels[point]]
                if len(data.classes) > 2:
                    weight /= np.mean([balanced(data.y)[label] for label in data.labels[rows]])
            assert cost == pytest.approx(-weight * np.log(share), abs=1e-9)
    by = ", w" * bool(settings)
    assert found.code[2] == (
        f"loss = F.binary_cross_entropy_with_logits(pred, y{by}{'[y]' * bool(by)})"
        if len(data.classes) == 2
        else f"loss = F.cross_entropy(pred, y{by})"
    )


def test_with_several_targets_the_loss_of_a_row_is_the_mean_over_them(works_out):
    x = np.linspace(-1, 1, 8)[:, None]
    model = MLP((1, 3, 2), "tanh", "he")
    step = Step.__new__(Step)
    step.timeline = Timeline(Trainer(model, Dataset(x, np.hstack([x**2, 2 - x])), loss="mse"))
    step.scene, step.outcome = make_scene(step.timeline), None
    found = step.at("loss").look(point=3)
    first, second, row = found.lines[1:4]
    assert row.result == pytest.approx((first.result + second.result) / 2)
    found = step.at("backward").look(point=3)
    for line in found.lines:
        assert line.result is None or works_out(line.text, line.result, line.sign), line


@settings(max_examples=120)
@given(model=MODELS, run=RUNS, point=st.integers(0, 19), chosen=st.integers(0, 40), data=st.data())
def test_every_line_with_a_result_works_out_from_its_text(
    model, run, point, chosen, data, works_out
):
    step = Step(Config(experiment="quadratic"), learning_rate=0.02, **model, **run)
    opened = None
    if model["model"] == "mlp" and data.draw(st.booleans()):
        opened = data.draw(st.sampled_from(step.scene.layers))
    worked_out = 0
    for _ in PHASES:
        found = step.next_phase().look(point=point, chosen=chosen, opened=opened)
        for line in found.lines:
            if line.result is not None and not MEASURED.fullmatch(line.text):
                assert works_out(line.text, line.result, line.sign), line
                worked_out += 1
    assert worked_out >= 5


@settings(max_examples=60)
@given(model=MODELS, run=RUNS, chosen=st.integers(0, 40))
def test_it_is_the_step_that_the_trainer_takes(model, run, chosen):
    """What is shown phase by phase is what a whole step of another trainer does."""
    shown = Step(Config(experiment="quadratic"), **model, **run)
    other = Step(Config(experiment="quadratic"), **model, **run).timeline.trainer
    before = other.state.parameters.copy()
    gradient = other.preview().gradient.copy()
    taken = other.step()
    request = {"chosen": chosen}
    between = shown.look(**request)
    index = next(i for i in range(before.size) if other.state.layout.label(i) == between.label)
    assert between.gradient == gradient[index]
    assert between.value == before[index]
    assert between.next == pytest.approx(other.state.parameters[index], rel=1e-6, abs=1e-12)
    loss = shown.at("loss").look(**request)
    assert loss.label == between.label
    assert loss.loss == taken.loss
    assert loss.bars.values.mean() == pytest.approx(taken.loss, rel=1e-5)
    backward = shown.at("backward").look(**request)
    assert backward.label == between.label
    assert backward.gradient == gradient[index]
    update = shown.next_phase().look(**request)
    assert (update.done, update.step) == (5, 3)
    assert update.label == between.label
    assert (update.value, update.gradient) == (before[index], gradient[index])
    assert update.next == pytest.approx(other.state.parameters[index], rel=1e-12)
    assert update.loss == taken.loss
    last = [line for line in update.lines if line.result is not None][-1]
    assert last.label == f"{update.symbol} ←"
    assert last.result == pytest.approx(update.next, rel=0.51e-4)


def test_the_lessons_first_step_as_one_would_write_it():
    step = Step(steps=0)
    forward = texts(step.at("forward").look())
    assert forward["rule"] == ("pred = a·x² + b·x + c", None)
    assert forward["point 1"][0] == "1.1·4 + 1.1·(−2) + 1.1"
    assert number(forward["point 1"][1]) == "3.3"
    loss = texts(step.next_phase().look())
    assert loss["point 1"][0] == "|3.3 − 11.869|"
    assert number(loss["point 1"][1]) == "8.569"
    assert number(loss["all 20"][1]) == "2.4219"
    backward = texts(step.next_phase().look())
    assert backward["rule"][0] == (
        "∂loss/∂a = mean of sign(pred − y)·x²   sign: +1 above y, −1 below"
    )
    assert backward["point 1"] == ("sign(3.3 − 11.869)·(−2)²", -4.0)
    assert backward["all 20"][0] == "−27.0582 ÷ 20"
    assert number(backward["all 20"][1]) == "−1.3529"
    update = texts(step.next_phase().look())
    assert update["rule"][0] == "a ← a − lr·∂loss/∂a"
    assert update["a ←"][0] == "1.1 − 0.01·(−1.3529)"
    assert number(update["a ←"][1]) == "1.1135"
    assert update["PyTorch"][0] == "with torch.no_grad(): a -= lr * a.grad"


def test_the_lessons_gradients_are_checked_by_a_nudge():
    found = Step(steps=10).at("backward").look()
    assert [row.mean_of for row in found.checks] == ["sign·x²", "sign·x", "sign  (5 − 15) ÷ 20"]
    for row, gradient in zip(found.checks, (-1.3529, -0.0316, -0.5), strict=True):
        assert round(row.gradient, 4) == gradient
        assert round(row.check.numeric, 4) == gradient
        assert row.check.agrees


def test_beside_a_kink_the_two_rightly_differ():
    """The curve is set so that it passes 0.00003 above the last point."""
    step = Step(steps=0)
    x, y = step.timeline.trainer.data.x[-1, 0], step.timeline.trainer.data.y[-1, 0]
    step.timeline.do("assign", index=2, value=float(y - 1.1 * x**2 - 1.1 * x + 3e-5))
    c = step.at("backward").look().checks[2]
    assert not c.check.agrees
    assert c.check.kink == "the residual of point 20"
    assert abs(c.gradient - c.check.numeric) < 2 / 20


def test_the_weight_in_play_of_a_layer_stays_the_same_through_the_step():
    step = Step(EXPERIMENTS["relu-net"].config, batch_size=4)
    labels = [step.look(chosen=0).label]
    for _ in PHASES:
        labels.append(step.next_phase().look(chosen=0).label)
    assert len(set(labels)) == 1
    largest = labels[0]
    assert re.fullmatch(r"W1\[\d+,1\]", largest)


def test_a_point_that_is_not_in_the_batch_has_no_vote_and_it_is_said():
    step = Step(batch_size=4).at("backward")
    batch = step.timeline.trainer.batch_rows()
    outside = next(row for row in range(20) if row not in batch)
    found = step.look(point=outside)
    assert not found.in_batch
    assert found.bars.chosen is None
    inside = step.look(point=int(batch[2]))
    assert inside.bars.chosen == 2
    assert inside.lines[1].result == pytest.approx(inside.bars.values[2])


@pytest.mark.parametrize("model", [{"model": "quadratic"}, {"model": "mlp", "hidden": (5, 4)}])
@pytest.mark.parametrize("loss", DIFFERENCES)
def test_the_chosen_points_line_is_its_bar(model, loss):
    step = Step(Config(experiment="quadratic"), loss=loss, **model).at("backward")
    for chosen in range(3):
        for point in (0, 7, 19):
            found = step.look(chosen=chosen, point=point)
            line = next(line for line in found.lines if line.label == f"point {point + 1}")
            assert line.result == pytest.approx(found.bars.values[found.bars.chosen], abs=1e-12)


def test_the_chain_rule_of_a_hidden_layer_is_one_product_with_its_live_factors(works_out):
    step = Step(EXPERIMENTS["relu-net"].config).at("backward")
    found = step.look(chosen=4, opened="0.weight", point=12)
    model, data = step.timeline.trainer.model, step.timeline.trainer.data
    first, last = model.blocks
    x, y = float(data.x[12, 0]), float(data.y[12, 0])
    z = first[4, 0] * x + first[4, 1]
    slope = 2 * (found.prediction - y)
    numbers = [number(each) for each in (slope, last[0, 4], z, x)]
    text = next(line for line in found.lines if line.label == "point 13").text
    assert text == "{}·{}·ReLU′({})·{}".format(
        *(f"({n})" if n.startswith("−") and at in (1, 3) else n for at, n in enumerate(numbers))
    )


FOLDED = re.compile(r"\[\d+ others? (\S+)\]")


@pytest.mark.parametrize("phase", ["forward", "loss", "backward"])
@pytest.mark.parametrize(
    "settings",
    [
        {"model": "mlp", "hidden": (6, 5)},
        {"model": "mlp", "hidden": (6,), "data": "digits", "loss": "cross-entropy"},
        {"model": "mlp", "hidden": (4,), "data": "penguins", "x": ("year",), "y":
         ("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"), "scale": "on"},
    ],
)  # fmt: skip
def test_terms_that_are_one_number_can_be_opened_and_add_up(settings, phase):
    step = Step(**settings).at(phase)
    found = [
        (written, folded)
        for line in step.look().lines
        if not re.match("all|these", line.label)
        for written, folded in zip(FOLDED.findall(line.text), line.folded, strict=True)
    ]
    if phase == "forward":
        assert found
    for written, folded in found:
        terms, added = folded.opened()
        assert folded.title == f"{len(terms)} other{'s' * (len(terms) > 1)}"
        assert added.result == written
        assert added.sign == "="
        shown = [float(each.result.replace("−", "-")) for _, each, _ in terms]
        assert number(sum(shown), folded.digits) == written
        assert all(each.sign == "=" for _, each, _ in terms)
        assert len({name for name, *_ in terms}) == len(terms)


@pytest.mark.parametrize("chosen", [0, 2])
@pytest.mark.parametrize(
    "settings",
    [{}, {"loss": "mse"}, {"model": "relu"}, {"batch_size": 4}, {"model": "mlp", "hidden": (3,)}],
)
def test_the_votes_of_all_points_can_be_opened_and_add_up_to_the_sum(settings, chosen):
    found = Step(**settings).at("backward").look(chosen=chosen)
    [line] = [line for line in found.lines if re.match("all|these", line.label)]
    [folded] = line.folded
    terms, added = folded.opened()
    assert folded.title == f"{len(terms)} terms"
    assert line.text.partition(" ÷ ")[0] == added.result
    values = [float(each.result.replace("−", "-")) for _, each, _ in terms]
    np.testing.assert_allclose(values, found.bars.values, atol=1e-4, rtol=1e-4)
    so_far = [float(each.replace("−", "-")) for *_, each in terms]
    np.testing.assert_allclose(so_far, np.cumsum(values), atol=1e-3, rtol=1e-3)
    assert [name for name, *_ in terms] == [f"point {at + 1}" for at in found.bars.numbers]


@pytest.mark.parametrize(
    ("data", "names"), [("circle", ["logit"]), ("penguins", ["logit 1", "logit 2", "logit 3"])]
)
def test_the_output_of_classes_is_called_a_logit_and_said_to_be_one(data, names):
    columns = {"x": ("bill_length_mm", "bill_depth_mm"), "y": ("species",)}
    settings = columns if data == "penguins" else {}
    step = Step(model="mlp", hidden=(3,), data=data, loss="cross-entropy", **settings)
    found = step.at("forward").look()
    assert found.output in names
    rule, means, *_ = found.lines
    assert rule.text.endswith("logit = W·h + b")
    assert "probabilit" in means.text
    assert found.output in [line.label for line in found.lines]
    shown = int(found.output.partition(" ")[2] or 1) - 1
    model, data = step.timeline.trainer.model, step.timeline.trainer.data
    np.testing.assert_array_equal(found.bars.values, model.predict(data.x)[:, shown])
