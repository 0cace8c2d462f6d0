"""The step view's numbers: each line of arithmetic works out, and is what the trainer does."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_core import MLP, Quadratic, RectifiedLines, Timeline, Trainer
from nn_core.config import Config
from nn_core.config.experiments import EXPERIMENTS
from nn_core.data.dataset import Dataset
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.outcomes import Updated
from nn_core.explain.rows import LayerRow
from nn_core.explain.scene import make_scene
from nn_core.explain.snapshot import Activity
from nn_core.explain.view_request import ViewRequest
from nn_core.formatting import number, short
from nn_core.models.losses import LOSSES, balanced
from nn_core.models.losses.cross_entropy import probabilities
from nn_core.optim.optimizers import OPTIMIZERS
from nn_core.training.state import PHASES

# What stands in place of arithmetic, where a number is measured rather than worked out.
MEASURED = re.compile(
    r"y|the sum of the gradients of the steps before|on the weights, beside the loss"
    r"|the mean over all of them|.* gets no update"
)


class Step:
    """A run inside a step, at each of whose phases the view can be looked at."""

    def __init__(self, config=None, steps=3, **changes):
        self.timeline = Timeline(Trainer.from_config((config or Config()).replace(**changes)))
        self.timeline.advance(steps)
        self.scene = make_scene(self.timeline)
        self.outcome = None

    def next_phase(self):
        """Go on by a phase, as the runner does."""
        self.outcome = None
        if self.timeline.state.phase == len(PHASES) - 1:
            self.outcome = Updated("a", 0.0, 0.0, 0.0, 0.0, self.timeline.state.copy())
        self.timeline.phase()
        return self

    def at(self, phase):
        """Go on until after this phase."""
        self.next_phase()
        while self.timeline.state.phase != (PHASES.index(phase) + 1) % len(PHASES):
            self.next_phase()
        return self

    def look(self, **request):
        """What the view shows."""
        request = ViewRequest(**{"view": "step", "count": 10, **request})
        return capture_snapshot(
            self.timeline, self.scene, request, Activity(outcome=self.outcome)
        ).insight


# The losses that any data has; the others tell classes apart.
DIFFERENCES = sorted(name for name, loss in LOSSES.items() if loss.is_of_difference)

MODELS = st.sampled_from(
    [
        {"model": "quadratic"},
        {"model": "relu"},
        {"model": "mlp", "hidden": (3,), "activation": "relu"},
        {"model": "mlp", "hidden": (4, 3), "activation": "tanh"},
        {"model": "mlp", "hidden": (3, 2, 2), "activation": "leaky-relu"},
        {"model": "mlp", "hidden": (2, 3), "activation": "sigmoid"},
        {"model": "mlp", "hidden": (3,), "activation": "identity"},
        {"model": "mlp", "hidden": (3, 2), "activation": "silu"},
        {"model": "mlp", "hidden": (2, 3), "activation": "gelu"},
    ]
)
RUNS = st.fixed_dictionaries(
    {
        "loss": st.sampled_from(DIFFERENCES),
        "optimizer": st.sampled_from(sorted(OPTIMIZERS)),
        "batch_size": st.sampled_from([0, 1, 6]),
        "zero_gradients": st.booleans(),
        "clip": st.sampled_from([0.0, 0.5]),
        "l1": st.sampled_from([0.0, 0.01]),
        "l2": st.sampled_from([0.0, 0.02]),
        "dtype": st.sampled_from(["float64", "float32"]),
        "seed": st.integers(0, 5),
        "schedule": st.sampled_from(["constant", "cosine"]),
    }
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


@settings(max_examples=60)
@given(
    seed=st.integers(0, 10_000), loss=st.sampled_from(sorted(LOSSES)), rows=st.integers(1, 40),
    kind=st.sampled_from(["quadratic", "relu", "mlp"]), inputs=st.integers(1, 3),
    outputs=st.integers(1, 2),
)  # fmt: skip
def test_the_mean_of_the_votes_is_the_gradient(seed, loss, rows, kind, inputs, outputs):
    random = np.random.default_rng(seed)
    if kind == "mlp":
        model = MLP((inputs, 4, 3, outputs), ("tanh", "leaky-relu"), seed=seed)
    else:
        inputs = outputs = 1
        model = Quadratic() if kind == "quadratic" else RectifiedLines()
    model.flat[:] = random.normal(size=model.flat.size)
    x, y = random.normal(size=(rows, inputs)), random.normal(size=(rows, outputs))
    gradient = np.zeros(model.flat.size)
    bound = model.compile(x, y, rows, LOSSES[loss], gradient)
    bound.forward()
    bound.loss()
    bound.backward()
    for index in range(model.flat.size):
        assert model.votes(x, y, LOSSES[loss], index).mean() == pytest.approx(
            gradient[index], rel=1e-12, abs=1e-12
        )


def test_the_votes_of_many_rows_are_taken_in_parts():
    model = MLP((1, 3, 1), seed=1)
    x = np.linspace(-2, 2, 40_000)[:, None]
    some = model.votes(x, x**2, LOSSES["mse"], 2)
    assert len(some) == 40_000
    assert np.array_equal(some[-10:], model.votes(x[-10:], x[-10:] ** 2, LOSSES["mse"], 2))


@pytest.mark.parametrize("loss", sorted(LOSSES))
def test_a_loss_is_the_mean_of_each_rows(loss):
    predictions, targets = np.random.default_rng(0).normal(scale=2, size=(2, 200, 3))
    each = LOSSES[loss].each(predictions.T.copy(), targets.T)
    assert each.shape == (200,)
    assert each.mean() == pytest.approx(LOSSES[loss].evaluate(predictions, targets), rel=1e-12)


# --- the lesson's own numbers ("The lesson's quadratic") ----------------------------------------


def texts(found):
    return {line.label: (line.text, line.result) for line in found.lines}


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


# --- what was chosen ------------------------------------------------------------------------------


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


# --- settings -------------------------------------------------------------------------------------


def test_zeroing_forgotten_is_an_old_sum_and_this_steps():
    step = Step(steps=2, zero_gradients=False)
    zero = step.next_phase().look()
    assert zero.code[0] == "# optimizer.zero_grad()"
    assert number(zero.lines[2].result) == "−2.7058"
    backward = texts(step.at("backward").look())
    assert backward["not zeroed"][0] == "−2.7058 − 1.3529: old + new"
    assert number(backward["not zeroed"][1]) == "−4.0587"


def test_penalties_show_their_share_and_a_bias_is_free():
    step = Step(l1=0.1, l2=0.2, steps=0).at("backward")
    assert step.look().code[3] == "(loss + penalty).backward()"
    assert texts(step.look())["+ penalty"][0] == "−1.3529 + 0.1·sign(1.1) + 2·0.2·1.1"
    assert texts(step.look(chosen=2))["+ penalty"][0] == "−0.5 + 0: a bias is free"


def test_a_frozen_parameter_gets_no_update():
    step = Step(freeze=("b",)).at("backward")
    assert "frozen" in texts(step.look(chosen=1))
    before = step.look(chosen=1).value
    step.next_phase()
    update = step.look(chosen=1)
    assert texts(update)["b ←"] == (number(before), float(f"{before:.5g}"))
    assert not any("lr * b.grad" in line.text for line in update.lines)
    assert update.rules[-1] == "b stays: it is frozen"
    assert [row.frozen for row in update.parameters] == [False, True, False]


def test_every_optimizer_has_its_rule():
    for name in OPTIMIZERS:
        update = Step(optimizer=name).at("backward")
        update.next_phase()
        (rule, _) = texts(update.look(chosen=1))["rule"]
        assert rule.split(";  ")[-1].startswith("b ← b − lr·")


def test_after_the_update_the_parameters_are_listed_as_it_found_them():
    for opened in (None, "0.weight"):
        step = Step(EXPERIMENTS["relu-net"].config).at("backward")
        request = ViewRequest(view="step", opened=opened, count=10)
        before = capture_snapshot(step.timeline, step.scene, request).rows
        after = step.next_phase().look(opened=opened).parameters
        assert [row.label for row in after] == [row.label for row in before]
        for old, new in zip(before, after, strict=True):
            assert new.gradient == old.gradient
            assert new.update == pytest.approx(old.update, rel=1e-6, abs=1e-15)
            if isinstance(new, LayerRow):
                assert new.size == old.size
            else:
                assert new.value == old.value


def test_a_step_that_diverges_shows_where_it_is_kept():
    step = Step(loss="mse", learning_rate=1e200, steps=0).at("backward")
    found = step.next_phase().look()
    assert step.timeline.divergence is not None
    assert found.done == step.timeline.state.phase


# --- bounds ---------------------------------------------------------------------------------------


def test_many_rows_are_looked_at_whole_where_the_model_is_small():
    found = Step(data="sine", rows=100_000, steps=1).at("backward").look()
    assert len(found.bars.values) == 100_000
    assert all(row.check is not None for row in found.checks)


def test_where_each_row_would_take_too_long_it_is_said():
    step = Step(EXPERIMENTS["mlp"].config, data="sine", rows=20_000, hidden=(64, 64), steps=0).at(
        "backward"
    )
    found = step.look()
    assert found.bars is None
    assert "smaller batches" in found.note
    assert [row.check for row in found.checks] == [None]


@pytest.mark.parametrize("value", [1e300, -1e300, 1e155])
@pytest.mark.parametrize("loss", DIFFERENCES)
def test_numbers_beyond_all_bounds_are_shown_as_they_are(value, loss):
    step = Step(loss=loss, steps=0)
    step.timeline.do("assign", index=0, value=value)
    for _ in range(4):
        for chosen in range(3):
            found = step.next_phase() if chosen == 0 else step
            assert found.look(chosen=chosen).lines


# --- words ----------------------------------------------------------------------------------------

N = r"([+−]?\d+(?:\.\d+)?(?:e−?\d+)?)"


def says(text, value):
    return abs(float(text.replace("−", "-")) - value) <= 0.51 * 10.0 ** -len(
        text.partition("e")[0].partition(".")[2]
    ) or text == number(value)


def check_sentence(found, sentence):
    """Hold a sentence's numbers against the votes, anew."""
    values = None if found.bars is None else found.bars.values
    symbol = re.escape(found.symbol)
    if match := re.fullmatch(rf"Loss: {N} on average(?:; point (\d+) alone brings (\d+)% .*)?\.",
                             sentence):  # fmt: skip
        assert match[1] == number(found.loss)
        if match[2]:
            at = list(found.bars.numbers).index(int(match[2]) - 1)
            assert values[at] == values.max()
            assert says(match[3], 100 * values[at] / values.sum())
    elif match := re.fullmatch(
        rf"Backward: if {symbol} rises by 0.01, the loss (rises|falls) by about {N}\.", sentence
    ):
        assert (match[1] == "rises") == (values.mean() > 0)
        assert match[2] == number(abs(found.slope) * 0.01)
        assert values.mean() == pytest.approx(found.slope, rel=1e-5, abs=1e-7)
    elif match := re.fullmatch(
        rf"For {symbol} every point has one equal vote: \((\d+) − (\d+)\) ÷ (\d+) = {N}\.", sentence
    ):
        ups, downs, count = (int(match[at]) for at in (1, 2, 3))
        assert (ups, downs, count) == ((values > 0).sum(), (values < 0).sum(), len(values))
        assert set(np.abs(values)) == {1.0}
        assert match[4] == number((ups - downs) / count)
    elif match := re.fullmatch(
        rf"The outer points decide a, for x² is {N} there and {N} in the middle\.", sentence
    ):
        x = found.bars.x
        outer = np.abs(x) > np.median(np.abs(x))
        assert match[1] == short(round(float((x**2).max()), 2))
        assert match[2] == short(round(float((x**2).min()), 2))
        assert np.abs(values[outer]).sum() >= 3 * np.abs(values[~outer]).sum()
    elif match := re.fullmatch(rf"For {symbol} left and right nearly cancel: {N} and {N}\.",
                               sentence):  # fmt: skip
        left, right = values[found.bars.x < 0].sum(), values[found.bars.x > 0].sum()
        assert (match[1], match[2]) == (number(left), number(right))
        assert abs(left + right) <= 0.25 * max(abs(left), abs(right))
    elif match := re.fullmatch(
        rf"(\d+) of (\d+) points say: (raise|lower) {symbol}; none says the contrary\.", sentence
    ):
        sided = values > 0 if match[3] == "lower" else values < 0
        assert (int(match[1]), int(match[2])) == (sided.sum(), len(values))
        assert not (values[~sided] != 0).any()
    elif match := re.fullmatch(
        rf"(\d+) of (\d+) points say: raise {symbol}, {N} in all; (\d+) say: lower it, {N}\.",
        sentence,
    ):
        assert int(match[1]) == (values < 0).sum()
        assert int(match[4]) == (values > 0).sum()
        assert match[3] == number(-values[values < 0].sum())
        assert match[5] == number(values[values > 0].sum())
    elif match := re.fullmatch(
        rf"(\d+) of (\d+) points have no vote on {symbol}: a factor on their way is 0\.", sentence
    ):
        assert (int(match[1]), int(match[2])) == ((values == 0).sum(), len(values))
    elif sentence == (
        f"Backward: the gradient is 0: a small move of {found.symbol} changes nothing."
    ):
        assert abs(found.slope) <= 1e-12 * (0 if values is None else np.abs(values).mean())
    else:
        assert sentence == "Next, backward: how the loss changes with each parameter."


@settings(max_examples=80)
@given(model=MODELS, run=RUNS, chosen=st.integers(0, 40), steps=st.sampled_from([0, 3, 40]))
def test_every_sentence_is_true_and_fits_its_line(model, run, chosen, steps):
    step = Step(Config(experiment="quadratic"), steps, **model, **{**run, "dtype": "float64"})
    for _ in PHASES:
        found = step.next_phase().look(chosen=chosen)
        for sentence in found.sentences:
            assert len(sentence) <= 78
            check_sentence(found, sentence)


def test_the_three_sentences_of_the_lesson():
    step = Step(steps=10).at("backward")
    assert step.look().sentences[:2] == (
        "Backward: if a rises by 0.01, the loss falls by about 0.01353.",
        "The outer points decide a, for x² is 4 there and 0.01 in the middle.",
    )
    assert step.look(chosen=1).sentences[1].startswith("For b left and right nearly cancel: ")
    assert step.look(chosen=2).sentences[1] == (
        "For c every point has one equal vote: (5 − 15) ÷ 20 = −0.5."
    )


def test_an_update_that_is_over_is_looked_at_without_rewinding_the_run(monkeypatch):
    step = Step(steps=2).at("update")
    state, phases = step.timeline.trainer.state, []
    take_over = state.assign
    monkeypatch.setattr(
        state, "assign", lambda other: (phases.append((other.step, other.phase)), take_over(other))
    )
    assert step.look().done == len(PHASES)
    assert set(phases) <= {(state.step, state.phase)}


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
        for written, folded in zip(FOLDED.findall(line.text), line.folded, strict=True)
    ]
    if phase == "forward":
        assert found
    for written, folded in found:
        terms, added = folded.opened()
        assert folded.title == f"{len(terms)} other{'s' * (len(terms) > 1)}"
        assert added.result == written
        assert added.sign == "="
        shown = [float(each.result.replace("−", "-")) for _, each in terms]
        assert number(sum(shown), folded.digits) == written
        assert all(each.sign == "=" for _, each in terms)
        assert len({name for name, _ in terms}) == len(terms)


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
