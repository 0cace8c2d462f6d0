"""The words: after anything is done, each sentence is true of the snapshot, and fits its line.

Every sentence that can be said is listed once, in `CLAIMS`, with what makes it true, worked out
from the snapshot's numbers anew.  A sentence that isn't there fails.
"""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_core import Quadratic, RectifiedLines, Trainer, datasets
from nn_core.analysis.batch_cost import Measured
from nn_core.config import setting
from nn_core.config.experiments import EXPERIMENTS
from nn_core.explain import glossary
from nn_core.explain.glossary import term
from nn_core.explain.rows import LayerRow
from nn_core.explain.snapshot import Activity
from nn_core.explain.view_request import ViewRequest
from nn_core.explain.words import LINES, WIDTH, describe, is_alarm, over_fitting, terms, units
from nn_core.formatting import listed, short
from nn_core.live.file_requests import Load, OpenSession, Save
from nn_core.live.requests import (
    AddLayer,
    AddPoint,
    AddUnit,
    Advance,
    Assign,
    Back,
    KeepCurve,
    Look,
    NextPhase,
    Nudge,
    PlaceUnit,
    RemoveLayer,
    RemovePoint,
    RemoveUnit,
    Restart,
    Seek,
    Set,
    ShowHint,
    StartRunning,
    TakeUp,
    ToggleContest,
)
from nn_core.live.search_requests import MeasureBatches
from nn_core.models.initializers import INITIALIZERS
from nn_core.models.losses import LOSSES
from nn_core.optim.optimizers import OPTIMIZERS
from nn_core.optim.schedules import SCHEDULES
from nn_core.storage.autosave import Offered

LOOK = ViewRequest(bins=100_000, grid=80, count=100)  # every loss and parameter
LESSONS_TABLE = [
    "2.4010", "2.3594", "2.2970", "2.2137", "2.1097", "1.9848", "1.8535", "1.7166", "1.5825",
    "1.4628",
]  # fmt: skip
N = r"([+−]?\d+(?:\.\d+)?(?:e−?\d+)?)"

FORMULAS = "|".join(re.escape(each.formula) for each in OPTIMIZERS.values())

CLAIMS = {}


def claim(pattern):
    """Register what makes a sentence true: a function of the snapshot and the words matched."""

    def register(function):
        CLAIMS[re.compile(pattern.replace("<N>", N))] = function
        return function

    return register


def number(text):
    return float(text.replace("−", "-"))


def says(text, value):
    """Whether a number as it is written is the value, to its last digit."""
    mantissa, _, exponent = text.replace("−", "-").partition("e")
    unit = 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))
    return abs(number(text) - value) <= 0.5001 * unit


def rows_of(snapshot):
    return {row.label: row for row in snapshot.rows}


def votes_of(snapshot):
    y, predictions = snapshot.scene.y, snapshot.predictions
    return int((y > predictions).sum()), int((y < predictions).sum())


# --- what can be said, and when it is true -----------------------------------------------------


@claim(r"Not done: (.+)")
def complaint(snapshot, text):
    said = "".join(text.split())  # a word longer than a line is cut in two; others may follow
    whole = "".join(snapshot.complaint.split()) + "."
    known, cut = said[:-1], said.endswith("…")
    assert said.startswith(whole) or (cut and known and whole.startswith(known))


@claim(r"Diverged: step (\d+) drove (\S+(?: \d+\])?) to <N>; step (\d+) is kept\.")
def diverged(snapshot, step, label, value, kept):
    found = snapshot.divergence
    assert (int(step), label) == (found.step, found.parameter)
    assert says(value, found.value)
    assert int(kept) == snapshot.step <= found.step


@claim(r"Diverged: step (\d+) made (\S+(?: \d+\])?) (infinite|not a number); step (\d+) is kept\.")
def diverged_to_no_number(snapshot, step, label, what, kept):
    found = snapshot.divergence
    assert (int(step), label, int(kept)) == (found.step, found.parameter, snapshot.step)
    assert np.isnan(found.value) == (what == "not a number")
    assert not np.isfinite(found.value)


@claim(
    r"With (\S+(?: \d+\])?) at <N> the loss overflows\. No step can mend that: b goes back, r .+"
)
def overflows_as_it_stands(snapshot, label, value):
    assert label == snapshot.divergence.parameter
    assert says(value, snapshot.divergence.value)
    assert not np.isfinite(snapshot.loss)


@claim(r"The learning rate <N> is too large: − lowers it, b goes back, r restarts\.")
def rate_too_large(snapshot, rate):
    assert rate == short(snapshot.config.learning_rate)


@claim(r"Inputs reach <N>: scale them first \(: scale on\), or it may diverge\.")
def had_better_be_scaled(snapshot, largest):
    inputs_too_large(snapshot, largest)
    assert snapshot.step == 0


@claim(r"Inputs reach <N>: scale them \(: scale on\), or lower the rate \(−\)\.")
def inputs_too_large(snapshot, largest):
    assert says(largest, snapshot.scene.largest_input)
    assert not snapshot.config.scale


@claim(r"The loss is <N> times what it was at the start\.")
def ran_away(snapshot, ratio):
    assert number(ratio) > 1
    assert number(ratio) == pytest.approx(snapshot.loss / snapshot.losses.low[0], rel=0.05)


@claim(r"Resumed: ([a-z-]+), at step (\d+), as it was saved\.")
def resumed(snapshot, experiment, step):
    assert (experiment, int(step)) == (snapshot.config.experiment, snapshot.step)


@claim(r"The newest save was damaged and is set aside; this is the one before\.")
def resumed_from_the_save_before(snapshot):
    assert snapshot.outcome.mended


@claim(r"Last time: step (\d+) of ([a-z-]+)\. To go on there: --resume, or : last run\.")
def last_run_is_offered(snapshot, step, experiment):
    assert snapshot.outcome == Offered(experiment, int(step))
    assert snapshot.step == 0


@claim(
    r"Beat gradient descent: ↑↓ choose, ←→ move by 0\.1, enter types a value\. For each move "
    r"it takes a step; \+ and − turn its rate\."
)
def contest_begins(snapshot):
    assert snapshot.contest.moves == 0


@claim(
    r"(\d+) moves?: your (\S+) <N>(?: (leads|trails|equals) gradient descent’s <N>"
    r"|; gradient descent ran away)(?:; best <N>)?\."
)
def contest_stands(snapshot, moves, title, yours, word, theirs, best):
    score = snapshot.contest
    assert int(moves) == score.moves
    assert title == LOSSES[snapshot.config.loss].title
    assert says(yours, snapshot.loss)
    assert says(yours, score.yours[-1])
    if word is None:
        assert not np.isfinite(score.theirs[-1])
    else:
        assert says(theirs, score.theirs[-1])
        ahead = np.sign(score.theirs[-1] - snapshot.loss)
        assert word == {1: "leads", -1: "trails", 0: "equals"}[int(ahead)]
    if best is not None:
        assert any(says(best, each.loss) for each in snapshot.scene.references)


@claim(r"Hint: (raise|lower) (\S+), whose gradient <N> is largest\.")
def hint(snapshot, way, label, gradient):
    assert snapshot.contest.hint
    row = rows_of(snapshot)[label]
    assert says(gradient, row.gradient)
    assert abs(row.gradient) == max(abs(each.gradient) for each in snapshot.rows)
    assert way == ("lower" if row.gradient > 0 else "raise")


@claim(r"Zeroed: every gradient is 0 now; the last step’s won’t be added to this one’s\.")
def zeroed(snapshot):
    assert snapshot.phase == 1
    assert all(row.gradient == 0 for row in snapshot.rows)


@claim(r"Not zeroed: the gradient of the steps before stands, and will be added to\.")
def not_zeroed(snapshot):
    assert snapshot.phase == 1
    assert not snapshot.config.zero_gradients


@claim(r"(Forward|Unscaled): at x = <N>(?:, <N>)*? the model says <N>; the data says <N>\.")
def forward(snapshot, name, *numbers):
    assert snapshot.phase == 2
    assert (name == "Unscaled") == snapshot.scene.scaled
    first, *_, prediction, target = (text for text in numbers if text)
    assert says(first, snapshot.point.x[0])
    at = list(snapshot.scene.shown).index(snapshot.point.index)
    assert says(prediction, snapshot.predictions[at])
    assert says(target, snapshot.point.y)


@claim(r"Forward: the point is (.+?), and the model gives that <N>\.")
def forward_to_classes(snapshot, name, share):
    assert snapshot.phase == 2
    assert name == snapshot.scene.classes[int(snapshot.classes.point_class)]
    z = snapshot.predictions[list(snapshot.scene.shown).index(snapshot.point.index)]
    if len(snapshot.scene.classes) == 2 and abs(z) < 500:
        of_the_second = 1 / (1 + np.exp(-float(z)))
        assert says(share, of_the_second if snapshot.point.y else 1 - of_the_second)


@claim(r"Right on (\d+) of (\d+) rows \(<N> %\); always answering (.+?) is right on <N> %\.")
def right(snapshot, count, rows, percent, commonest, baseline):
    taken, labels = snapshot.classes.taken, snapshot.scene.labels
    if len(labels) == snapshot.scene.rows:
        assert int(count) == (taken == labels).sum()
    assert int(rows) == snapshot.scene.rows
    assert says(percent, 100 * int(count) / int(rows))
    counts = np.bincount(labels)
    assert commonest == snapshot.scene.classes[int(counts.argmax())]
    assert says(baseline, 100 * counts.max() / len(labels))


@claim(r"Of the (\d+) rows held back, right on (\d+) \(<N> %\)\.")
def right_on_rows_held_back(snapshot, rows, count, percent):
    assert int(rows) == snapshot.scene.validation_rows
    assert says(percent, 100 * int(count) / int(rows))


@claim(r"Most often (\S+) is taken for (\S+) \((\d+) rows?\)(, .*)?\.")
def confused(snapshot, is_, taken, count, more):
    confusion = snapshot.classes.measures.confusion.copy()
    np.fill_diagonal(confusion, 0)
    names = snapshot.scene.classes
    said = [(is_, taken, count), *re.findall(r", (\S+) for (\S+) \((\d+)\)", more or "")]
    counts = [confusion[names.index(one), names.index(other)] for one, other, _ in said]
    assert counts == [int(number) for *_, number in said]
    assert counts == sorted(confusion.ravel(), reverse=True)[: len(counts)]


@claim(r"Overfitting: validation loss rose from <N> at step (\d+) to <N>\.")
def overfitting(snapshot, lowest, step, now):
    found = snapshot.validation.overfit
    assert found.since == int(step)
    assert says(lowest, found.validation[0])
    assert says(now, snapshot.validation.loss)


@claim(r"Training fell, <N> to <N>\. Stop at (\d+): j (\d+) goes back there\.")
def where_to_stop(snapshot, then, now, step, again):
    assert int(step) == int(again) == snapshot.validation.overfit.since
    assert says(then, snapshot.validation.overfit.training[0])
    assert says(now, snapshot.loss)


@claim(r"Step (\d+) is the best of (\d+): the validation loss is lowest here, <N>\.")
def at_the_best(snapshot, step, tip, loss):
    found = snapshot.validation
    assert (int(step), int(tip)) == (snapshot.step, snapshot.tip)
    assert snapshot.step < snapshot.tip
    assert found.losses.min() == found.losses[found.steps == snapshot.step][0]
    assert says(loss, found.loss)


@claim(r"w saves it; s goes one step on, space to epoch (\d+), away from it\.")
def from_the_best_on(snapshot, target):
    assert int(target) >= snapshot.config.epochs
    assert int(target) > snapshot.epoch


@claim(r"Zeroing is off: a step adds its gradient to those before and uses the sum\.")
def zeroing_is_off(snapshot):
    assert (snapshot.step, snapshot.config.zero_gradients) == (0, False)


@claim(r"Guess where that leads the loss, then space; z zeroes again\.")
def guess_where_it_leads(snapshot):
    zeroing_is_off(snapshot)


@claim(r"Loss: the mean (absolute error|squared error|cross-entropy); over all rows it is <N>\.")
def loss(snapshot, name, value):
    assert snapshot.phase == 3
    assert says(value, snapshot.loss)
    if name != "cross-entropy" and not snapshot.scene.scaled:
        off = snapshot.predictions - snapshot.scene.y
        errors = np.abs(off) if name == "absolute error" else off**2
        assert snapshot.loss == pytest.approx(float(errors.mean()))


@claim(r"Backward: a gradient says how the loss changes if its parameter rises a bit\.")
def backward(snapshot):
    assert snapshot.phase == 4


@claim(r"Next, (forward|loss|backward): .+?\.")
def coming(snapshot, name):
    assert ("zero", "forward", "loss", "backward")[snapshot.phase] == name


@claim(r"Next, update: every parameter moves by −<N> times its gradient\.")
def coming_update(snapshot, rate):
    assert snapshot.phase == 4
    assert rate == short(snapshot.learning_rate)
    updates = [-snapshot.learning_rate * row.gradient for row in snapshot.rows]
    if not snapshot.scene.layers:
        assert [row.update for row in snapshot.rows] == pytest.approx(updates, rel=1e-6, abs=1e-9)


@claim(rf"Next, update by (\S+): ({FORMULAS})\.")
def coming_update_by(snapshot, title, formula):
    optimizer = OPTIMIZERS[snapshot.config.optimizer]
    assert (snapshot.phase, title, formula) == (4, optimizer.title, optimizer.formula)


@claim(r"You (raised|lowered) (\S+(?: \d+\])?) by <N>: the loss changed by <N>\.")
def moved(snapshot, way, label, amount, change):
    outcome = snapshot.outcome
    assert (label, way) == (outcome.label, "raised" if outcome.amount >= 0 else "lowered")
    assert says(amount, abs(outcome.amount))
    assert outcome.after == pytest.approx(snapshot.loss)
    assert says(change, outcome.after - outcome.before)


@claim(r"You (raised|lowered) (\S+(?: \d+\])?) by <N>: the loss overflow(s|ed)\.")
def moved_to_or_from_overflow(snapshot, way, label, amount, tense):
    outcome = snapshot.outcome
    assert (label, way) == (outcome.label, "raised" if outcome.amount >= 0 else "lowered")
    assert says(amount, abs(outcome.amount))
    assert np.isfinite(snapshot.loss) == (tense == "ed")
    assert tense == "s" or not np.isfinite(outcome.before)


@claim(r"The gradient foretold <N> × <N> [=≈] <N>(: so it was|; it holds for small moves)\.")
def foretold(snapshot, gradient, amount, product, judgement):
    outcome = snapshot.outcome
    assert says(gradient, outcome.gradient)
    assert says(amount, outcome.amount)
    assert says(product, outcome.gradient * outcome.amount)
    off = abs((outcome.after - outcome.before) - outcome.gradient * outcome.amount)
    assert (off < 0.5e-4) == (judgement == ": so it was")


@claim(r"Update: (\S+(?: \d+\])?) moved( most,)? by <N> to <N>; the step is done\.")
def updated(snapshot, label, most, amount, value):
    outcome, chosen = snapshot.outcome, snapshot.chosen
    assert snapshot.phase == 0
    if most:
        assert label == outcome.label
        assert says(amount, outcome.amount)
        assert says(value, outcome.value)
    else:
        assert label == chosen.label
        assert says(amount, chosen.value - outcome.state.parameters[chosen.index])
    if label in rows_of(snapshot):
        assert says(value, rows_of(snapshot)[label].value)


@claim(
    r"The contest is over after (\d+) moves?: your (\S+) <N>, "
    r"(?:gradient descent’s <N>|the rival ran away)\."
)
def contest_over(snapshot, moves, title, yours, theirs):
    score = snapshot.outcome.score
    assert snapshot.contest is None
    assert (int(moves), title) == (score.moves, LOSSES[snapshot.config.loss].title)
    assert says(yours, score.yours[-1])
    assert says(theirs, score.theirs[-1]) if theirs else not np.isfinite(score.theirs[-1])


@claim(r"The loss (rose|fell) from <N> to <N>\.")
def loss_moved(snapshot, way, before, after):
    assert says(before, snapshot.outcome.before)
    assert says(after, snapshot.loss)
    assert (way == "rose") == (snapshot.loss > snapshot.outcome.before)


@claim(
    r"(?:A unit (?:more|less) in layer <N>|A layer more, before the output|"
    r"The last hidden layer is gone): ([^.]+)\."
)
def reshaped(snapshot, layer, formula):
    assert formula == snapshot.scene.formula
    assert layer is None or int(layer) <= len(snapshot.config.hidden)


@claim(r"A (ReLU|unit) more at x = <N>, for at <N> the curve is <N> too (high|low)\.")
def placed(snapshot, unit, kink, worst, gap, way):
    found = snapshot.outcome.placement
    assert unit == found.unit
    assert says(kink, found.kink)
    assert says(kink, -found.bias / found.weight)
    assert says(worst, found.worst)
    assert says(gap, abs(found.gap))
    assert (found.gap > 0) == (way == "high")


@claim(r"Its push is <N>, a tenth of what fits best: the loss fell by <N>\.")
def pushes(snapshot, push, fall):
    assert says(push, snapshot.outcome.placement.outgoing)
    assert says(fall, snapshot.outcome.before - snapshot.outcome.after)
    assert snapshot.outcome.after < snapshot.outcome.before


@claim(r"It starts with a push of 0: the loss is the same as before, until it learns\.")
def pushes_not_yet(snapshot):
    assert snapshot.outcome.placement.outgoing == 0
    assert snapshot.outcome.after == pytest.approx(snapshot.outcome.before)


@claim(r"(?:A point more|Point <N> is gone): <N> rows? now\.")
def data_changed(snapshot, point, rows):
    assert says(rows, snapshot.scene.rows)


@claim(r"The loss is the same as before, until it learns\.")
def nothing_lost(snapshot):
    assert abs(snapshot.outcome.after - snapshot.outcome.before) < 0.5e-4


@claim(r"The loss went from <N> to <N>\.")
def loss_went(snapshot, before, after):
    assert says(before, snapshot.outcome.before)
    assert says(after, snapshot.outcome.after)


@claim(r"Learning rate <N>: from here on(?:, update = −<N> · gradient)?\.")
def rate_changed(snapshot, rate, same):
    assert rate == (same or rate) == short(snapshot.config.learning_rate)
    assert same is None or (snapshot.config.optimizer, snapshot.config.schedule) == (
        "sgd",
        "constant",
    )


@claim(r"Zeroing is on: from the next step on, each uses its own gradient alone\.")
def zeroing_on(snapshot):
    assert snapshot.config.zero_gradients


@claim(r"Zeroing is off: from here on, each update uses the sum of all gradients\.")
def zeroing_off(snapshot):
    assert not snapshot.config.zero_gradients


@claim(r"The target is (\d+) epochs? now; training stops there by itself\.")
def target_changed(snapshot, epochs):
    assert int(epochs) == snapshot.config.epochs


@claim(rf"(\S+): from here on each parameter w becomes ({FORMULAS})\.")
def optimizer_changed(snapshot, title, formula):
    optimizer = OPTIMIZERS[snapshot.config.optimizer]
    assert (title, formula) == (optimizer.title, optimizer.formula)


@claim(r"Schedule: [a-z -]+?(?: over (\d+) epochs?)?; the rate is <N> now\.")
def schedule_changed(snapshot, epochs, rate):
    assert epochs is None or int(epochs) == snapshot.config.epochs
    assert rate == short(snapshot.learning_rate)


@claim(r"(Batch size|Loss|Hidden): (\S+)\.")
def setting_changed(snapshot, title, value):
    name = title.lower().replace(" ", "_")
    assert setting(name).read(value) == getattr(snapshot.config, name) == snapshot.outcome.value


@claim(r"Init (\S+): ((?:[^.]|\.\d)+)\.")
def init_changed(snapshot, name, about):
    assert name == snapshot.config.init == snapshot.outcome.value
    assert about == INITIALIZERS[name].about


@claim(r"The lesson’s noisy quadratic, fitted by a, b and c\.")
def about_quadratic(snapshot):
    assert (snapshot.scene.kind, snapshot.config.data) == ("quadratic", "lesson")


@claim(r"The lesson’s two rectified lines\.")
def about_relu(snapshot):
    assert (snapshot.scene.kind, snapshot.config.data) == ("relu", "lesson")


@claim(r"A network of rectified units on the lesson’s data\.")
def about_relu_net(snapshot):
    assert (snapshot.scene.kind, snapshot.config.data) == ("mlp", "lesson")
    assert snapshot.config.activation == ("relu",)


@claim(r"A network of your own shape, on the lesson’s data or your own\.")
def about_mlp(snapshot):
    assert snapshot.scene.kind == "mlp"


@claim(r"Why a schedule: at rate 1 the quadratic bounces, cosine lets it settle\.")
def about_schedule(snapshot):
    assert snapshot.scene.kind == "quadratic"


@claim(r"Cars of the 1920s: speed and stopping distance, inputs scaled\.")
def about_cars(snapshot):
    assert (snapshot.config.data, snapshot.scene.scaled) == ("stopping-distance", True)


def about_classes(name):
    """The claim that an experiment's own description makes."""
    about = EXPERIMENTS[name].about

    @claim(re.escape(about[0].upper() + about[1:]) + r"\.(?: Scaled: mean 0, deviation 1\.)?")
    def is_as_described(snapshot):
        assert snapshot.config.data == EXPERIMENTS[name].config.data


for described in ("xor", "spiral", "penguins", "digits"):
    about_classes(described)


@claim(r"(\S.* → \S.*|[Yy] = \S.*), on (.+?)\.(?= s takes| Scaled|$)")
def about_another_run(snapshot, formula, source):
    assert formula.lower() == snapshot.scene.formula.lower()
    assert source.startswith(snapshot.scene.source)


@claim(r"(\S+)(?: \((.+?)\))? from (.+?), of (.+?)\.(?= s takes| Scaled| Left| \d|$)")
def about_columns(snapshot, target, classes, inputs, source):
    scene = snapshot.scene
    assert (target, source) == (scene.target, scene.source)
    many = f"{len(scene.classes)} classes"
    assert classes in ((many, " or ".join(scene.classes)) if scene.classes else (None,))
    assert inputs in (listed(scene.inputs), f"{len(scene.inputs)} inputs")


@claim(r"(Left out: .+?|\d+ rows? with missing cells dropped)\.(?= |$)")
def about_the_table(snapshot, said):
    assert said.lower() == "; ".join(snapshot.scene.notes).lower()


@claim(r"Scaled: mean 0, deviation 1\.")
def scaled(snapshot):
    assert snapshot.scene.scaled


@claim(
    r"s takes one step down the gradient, i goes into it; "
    r"(?:space lets it run|←→ moves (\S+) by hand)\."
)
def what_to_press(snapshot, moved):
    assert moved == (None if snapshot.scene.kind == "mlp" else snapshot.chosen.label)
    assert (snapshot.step, snapshot.phase, snapshot.running) == (0, 0, False)


@claim(r"Never zeroed: step (\d+) stands where zeroed step (\d+) would: (\S+) = (\d+)\.")
def never_zeroed(snapshot, step, same, total, result):
    assert int(step) == snapshot.step
    assert int(same) == int(result) == sum(range(snapshot.step + 1))
    if "…" not in total:
        assert sum(map(int, total.split("+"))) == int(same)
    zeroed = zeroed_like(snapshot)
    zeroed.run(int(same))
    values = [row.value for row in snapshot.rows]
    np.testing.assert_allclose(values, zeroed.model.flat, rtol=1e-9)


def zeroed_like(snapshot):
    """The same run from its start, but zeroing."""
    model = {"quadratic": Quadratic, "relu": RectifiedLines}[snapshot.config.model]()
    model.flat[:] = [row.start for row in snapshot.rows]
    return Trainer(model, datasets.load(snapshot.config), snapshot.config, zero_gradients=True)


@claim(r"Not zeroed: it overshot, the loss rose by <N>\. z zeroes again\.")
def overshot(snapshot, rise):
    assert not snapshot.config.zero_gradients
    assert says(rise, snapshot.loss - snapshot.losses.low[snapshot.step - 1])


@claim(r"Lower, but it will overshoot \(space shows it\)(: the lesson’s published table)?\.")
def will_overshoot(snapshot, published):
    assert not snapshot.config.zero_gradients
    assert snapshot.loss < snapshot.losses.low[0]
    if published:
        assert says(LESSONS_TABLE[snapshot.step - 1], snapshot.loss)
        assert snapshot.config.data == "lesson"


@claim(
    r"The loss swings between <N> and <N>: "
    r"(the rate is on the edge|it began lower, the rate is far too large)\."
)
def swings(snapshot, low, high, fault):
    recent = snapshot.losses.low[snapshot.step - 40 : snapshot.step]
    assert ("large" in fault) == (recent.min() > snapshot.losses.low[0])
    assert says(low, recent.min())
    assert says(high, recent.max())
    assert (np.diff(recent) > 0).sum() >= 16


@claim(r"− lowers the rate; schedule cosine \(o\) lets it settle\.")
def lower_the_rate(snapshot):
    assert snapshot.observed.swing


@claim(r"A plateau: hardly a thousandth less loss since step (\d+); \+ raises the rate\.")
def plateau(snapshot, since):
    losses = snapshot.losses.low[int(since) : snapshot.step]
    assert len(losses) == 40
    assert (np.diff(losses) <= 0).all()
    assert losses[0] - losses[-1] < 1e-3 * losses[-1]
    assert snapshot.gradient_norm > 0


@claim(r"Not zeroed: each update sums all gradients so far; it can overshoot and swing\.")
def sums_up(snapshot):
    assert not snapshot.config.zero_gradients


@claim(r"The last step raised the loss by <N>: too far\. A smaller rate \(−\)\?")
def rose(snapshot, change):
    assert says(change, snapshot.loss - snapshot.losses.low[snapshot.step - 1])
    assert number(change) > 0


@claim(r"(\S+(?: \d+\])?)’s gradient <N> is a sum: <N> left over ([+−]) <N> of this step\.")
def summed(snapshot, label, total, left, way, own):
    assert not snapshot.config.zero_gradients
    assert label == snapshot.chosen.label
    assert says(total, snapshot.chosen.gradient)
    assert says(left, snapshot.observed.leftover)
    difference = snapshot.chosen.gradient - snapshot.observed.leftover
    assert says(own, abs(difference))
    assert says(total, number(left) + number(way + own))
    assert way == ("+" if difference >= 0 else "−")


@claim(
    r"The last step raised the loss by <N>: its step in (\S+(?: \d+\])?), <N>, jumped over the "
    r"minimum\. Halve the learning rate \(−\)\?"
)
def jumped_over(snapshot, change, label, amount):
    assert says(change, snapshot.loss - snapshot.losses.low[snapshot.step - 1])
    assert (label, number(change) > 0) == (snapshot.observed.jump.label, True)
    assert says(amount, snapshot.observed.jump.amount)
    if label in rows_of(snapshot):  # what pushed it here now pushes it back
        assert rows_of(snapshot)[label].gradient * snapshot.observed.jump.amount > 0


@claim(r"Target reached: (\d+) epochs?\. space goes on for as many; e sets it\.")
def finished(snapshot, epochs):
    assert int(epochs) == snapshot.epoch >= snapshot.config.epochs
    assert not snapshot.running


@claim(r"Below the truth’s own loss since epoch (\d+): since then it learns noise too\.")
def below_truth(snapshot, epoch):
    truth = next(r.loss for r in snapshot.scene.references if r.label == "the truth itself")
    losses = snapshot.losses.low[: snapshot.step]
    assert (losses[int(epoch) :] < truth).all()
    assert snapshot.loss < truth
    assert snapshot.validation is None  # which would say better when to stop
    assert int(epoch) == 0 or losses[int(epoch) - 1] >= truth


@claim(r"Line (\d+) is cut off at every point: its gradient is 0(, it can’t come back)?\.")
def line_cut_off(snapshot, line, fate):
    rows = rows_of(snapshot)
    slope, intercept = rows[f"m{line}"].value, rows[f"b{line}"].value
    assert not (slope * snapshot.scene.x + intercept > 0).any()
    if fate:
        assert rows[f"m{line}"].update == rows[f"b{line}"].update == 0


@claim(r"To wake it, choose b(\d) \(↑↓\) and move it by hand \(←→\), or restart \(r\)\.")
def wake_a_line(snapshot, line):
    assert int(line) - 1 in snapshot.observed.silent[0]


@claim(r"A adds a unit where one is needed; with activation leaky-relu \(o\) none falls silent\.")
def wake_a_unit(snapshot):
    assert snapshot.observed.silent[0]
    assert snapshot.scene.kind == "mlp"
    assert (len(snapshot.scene.inputs), len(snapshot.config.hidden)) == (1, 1)  # or A refuses


@claim(r"Inputs reach (\S+), far from 1: scaled \(: scale on\) fewer units fall silent\.")
def scaled_fewer_fall_silent(snapshot, largest):
    assert snapshot.observed.silent[0]
    assert not snapshot.scene.scaled
    assert float(largest) == pytest.approx(snapshot.scene.largest_input, rel=1e-2)


@claim(r"With activation leaky-relu \(o\) no unit falls silent\.")
def leaky_units_do_not(snapshot):
    assert snapshot.observed.silent[0]


@claim(r"Unit (\d+)\.(\d+) \(△\) is silent at all points: its gr.+?\.")
def unit_silent(snapshot, layer, unit):
    assert snapshot.observed.silent[int(layer) - 1] == (int(unit) - 1,)
    assert sum(map(len, snapshot.observed.silent)) == 1


@claim(r"(\d+) units \(△\) are silent at all (\d+) points: their gradients are 0\.")
def units_silent(snapshot, units, points):
    assert int(units) == sum(map(len, snapshot.observed.silent))
    assert int(points) == len(snapshot.scene.y)


@claim(r"Both kinks lie at x = <N>: together it is <N>·\|x ([+−]) <N>\|, two halves of one V\.")
def one_v(snapshot, place, slope, sign, distance):
    at = -number(distance) if sign == "+" else number(distance)
    assert at == number(place)
    places, heights = snapshot.curve
    np.testing.assert_allclose(heights, number(slope) * np.abs(places - at), rtol=5e-3, atol=5e-3)


@claim(r"The kinks lie at x = <N>(?: and <N>)?; each line counts on one side only\.")
def two_kinks(snapshot, *places):
    bends = [kink.x for kink in snapshot.kinks if kink.bend]
    found = [number(place) for place in places if place]
    assert found == pytest.approx(bends, rel=1e-3, abs=1e-3)


@claim(r"The sum is convex and never negative: (\d+) points? lies? below 0, out of reach\.")
def out_of_reach(snapshot, count):
    assert int(count) == int((snapshot.scene.y < 0).sum())


@claim(r"The sum is convex and never negative: it can follow a valley, never a hill\.")
def only_valleys(snapshot):
    assert (snapshot.scene.y >= 0).all()
    assert (snapshot.curve[1] >= 0).all()


@claim(r"(\d+) of (\d+) points still lie (above|below) the curve, and every .+ pushed (up|down)\.")
def all_pushed(snapshot, most, count, where, way):
    above, below = votes_of(snapshot)
    assert int(most) == {"above": above, "below": below}[where] == max(above, below)
    assert int(count) == snapshot.scene.rows
    assert (where, way) in {("above", "up"), ("below", "down")}
    assert all((row.update > 0) == (way == "up") for row in snapshot.rows)


@claim(r"For c every point has one vote: \((\d+) below − (\d+) above\) ÷ (\d+) = <N>\.")
def votes_for_c(snapshot, below, above, count, result):
    assert (int(above), int(below)) == votes_of(snapshot)
    assert says(result, (int(below) - int(above)) / int(count))
    assert says(result, rows_of(snapshot)["c"].gradient)


@claim(r"(\d+) of (\d+) points lie (above|below) the curve, (\d+) (above|below) or on it\.")
def where_points_lie(snapshot, most, count, where, rest, other):
    above, below = votes_of(snapshot)
    assert int(most) == {"above": above, "below": below}[where]
    assert int(most) + int(rest) == int(count) == snapshot.scene.rows
    assert where != other


@claim(r"Gradient unchanged since step (\d+): it moves when the curve crosses a point\.")
def steady(snapshot, step):
    lengths = snapshot.gradient_norms.low[: snapshot.step]
    now = np.sqrt(sum(row.gradient**2 for row in snapshot.rows))
    np.testing.assert_allclose(lengths[int(step) :], now, rtol=1e-9)
    assert int(step) == 0 or lengths[int(step) - 1] != pytest.approx(now, rel=1e-12)


@claim(r"<N> below the best (quadratic|linear fit): none of those can follow so closely\.")
def better_than_the_best(snapshot, gap, name):
    best = next(r.loss for r in snapshot.scene.references if r.label == f"best {name}")
    assert says(gap, best - snapshot.loss)
    assert snapshot.scene.kind != "quadratic"


@claim(r"Only <N> above the best quadratic, <N>: it has arrived\.")
def arrived(snapshot, gap, best_loss):
    best = next(r.loss for r in snapshot.scene.references if r.label == "best quadratic")
    assert says(gap, snapshot.loss - best)
    assert says(best_loss, best)


@claim(r"(\S+) moves most for its size: <N> of it a step; about 0\.001 is healthy\.")
def largest_ratio(snapshot, label, ratio):
    ratios = {row.label: row.update / row.size for row in snapshot.rows if row.size}
    assert ratios[label] == max(ratios.values())
    assert number(ratio) == pytest.approx(ratios[label], rel=0.05)


@claim(r"The strongest push is on (\w+): (up|down) by <N> a step\.")
def strongest_push(snapshot, label, way, amount):
    updates = {row.label: row.update for row in snapshot.rows}
    assert abs(updates[label]) == max(map(abs, updates.values()))
    assert says(amount, abs(updates[label]))
    assert (updates[label] > 0) == (way == "up")


@claim(r"Thousand rows a second: (.+?)\.(?= |$)")
def measured_batches(snapshot, text):
    told = re.findall(r"([\d.,]+) (?:in batches )?of (\d+)", text)
    assert [int(size) for _, size in told] == [size for size, _ in snapshot.outcome.speeds]
    for (thousands, _), (_, speed) in zip(told, snapshot.outcome.speeds, strict=True):
        assert float(thousands.replace(",", "")) == pytest.approx(speed / 1000, rel=0.05)


@claim(r"Batches of (\d+) pass <N> times as many rows as single ones do\.")
def batches_are_faster(snapshot, size, ratio):
    speeds = dict(snapshot.outcome.speeds)
    assert speeds[int(size)] == max(speeds.values())
    assert number(ratio) == pytest.approx(speeds[int(size)] / speeds[1], rel=0.05)


@claim(r"Loaded from (\S+): (.+?)\.(?= |$)")
def loaded(snapshot, source, names):
    assert snapshot.outcome.source == source
    assert names == listed(snapshot.outcome.loaded)


@claim(r"Saved as (\S+): (.+?)\.(?= |$)")
def saved(snapshot, path, what):
    """The file is there and of that kind; of weights, those named are all that is in it."""
    kinds = {".json": "the session", ".csv": "the losses", ".py": "the NumPy script"}
    if Path(path).suffix == ".safetensors":
        assert what == listed(safetensors.numpy.load_file(path))
    else:
        assert what == kinds[Path(path).suffix]
        assert Path(path).stat().st_size


@claim(r"On the way to another step: (\d+%) is done\. Any other key ends it\.")
def on_the_way(snapshot, part):
    assert part == f"{snapshot.activity.journey:.0%}"


@claim(r"Run (\d+) is on the screen again, at its last step, (\d+)\.")
def taken_up(snapshot, run, step):
    assert (snapshot.outcome.number, snapshot.step) == (int(run), int(step))


@claim(r"The run before is kept as (\d+)\.")
def kept_as(snapshot, run):
    assert int(run) in [kept.number for kept in snapshot.kept]


@claim(r"Opened: (\S+); (nothing|1 thing|(\d+) things) done by hand in (\d+) steps?\.")
def opened_session(snapshot, path, done, count, steps):
    stored = json.loads(Path(path).read_text(encoding="utf-8"))
    assert {"nothing": 0, "1 thing": 1}.get(done, int(count or 0)) == len(stored["events"])
    assert int(steps) == stored["steps"] == snapshot.tip


# --- the properties ----------------------------------------------------------------------------


def assert_true(snapshot):
    """Every sentence is a known claim, and true; every line fits. The names of the claims."""
    lines = describe(snapshot)
    assert len(lines) <= LINES == 2
    assert all(0 < len(line) <= WIDTH == 78 for line in lines), lines
    text, made = " ".join(lines), []
    while text:
        found = [(pattern.match(text), function) for pattern, function in CLAIMS.items()]
        found = [(match, function) for match, function in found if match]
        assert found, f"nobody knows what makes this true: {text}"
        match, function = found[0]
        function(snapshot, *match.groups())
        made.append(function.__name__)
        text = text[match.end() :].lstrip()
    return made


@claim(r"(\S+) – (.+)\.$")
def a_term_means(snapshot, name, meaning):
    assert term(name).meaning == meaning
    assert not snapshot.running


steps = st.sampled_from([1, 1, 2, 5, 40, 400])
amounts = st.sampled_from([0.1, -0.1, 1e-7, -3.0, 250.0])
outcomes = st.one_of(
    steps.map(Advance),
    st.sampled_from([NextPhase(), NextPhase(), NextPhase(), Back(), Restart(), KeepCurve()]),
    st.builds(TakeUp, st.integers(1, 4)),
    st.builds(Nudge, st.floats(0, 0.999), amounts),
    st.builds(Assign, st.floats(0, 0.999), st.sampled_from([0.0, -1.25, 1e9, 1e300])),
    st.builds(Set, st.just("learning_rate"), st.sampled_from(["0.01", "0.1", "1", "x"])),
    st.builds(Set, st.just("zero_gradients"), st.sampled_from(["on", "off"])),
    st.builds(Set, st.just("batch_size"), st.sampled_from(["0", "1", "7", "-1"])),
    st.builds(Set, st.just("epochs"), st.sampled_from(["1", "30", "100000000"])),
    st.builds(Set, st.just("loss"), st.sampled_from(["mae", "mse"])),
    st.builds(Set, st.just("optimizer"), st.sampled_from([*OPTIMIZERS])),
    st.builds(Set, st.just("schedule"), st.sampled_from([*SCHEDULES])),
    st.builds(Set, st.just("init"), st.sampled_from([*INITIALIZERS])),
    st.builds(Set, st.just("hidden"), st.sampled_from(["3", "12,12"])),
    st.builds(Set, st.just("data"), st.just("/a/long/way/to/my-data.csv" * 8)),
    st.sampled_from([AddUnit(0), RemoveUnit(0), RemovePoint(0)]),
    st.sampled_from([AddLayer(), RemoveLayer(), PlaceUnit(), ToggleContest(), ShowHint()]),
    st.sampled_from(["0.5, 3", "1, x"]).map(AddPoint),
    st.sampled_from([0, 1, 10, -1]).map(Seek),
)


@settings(max_examples=120)
@given(name=st.sampled_from(sorted(EXPERIMENTS)), done=st.lists(outcomes, max_size=25))
def test_whatever_is_done_each_sentence_is_true_and_fits(laboratory, name, done):
    with laboratory(EXPERIMENTS[name].config) as lab:
        assert_true(lab.ask(Look(LOOK)))
        for request in done:
            if isinstance(request, Nudge | Assign):  # a part of all parameters was drawn
                request = replace(request, index=int(request.index * lab.snapshot.scene.size))
            assert_true(lab.ask(request))


@pytest.mark.parametrize("name", EXPERIMENTS)
@pytest.mark.parametrize("zero_gradients", [True, False])
def test_step_by_step_each_sentence_is_true(laboratory, name, zero_gradients):
    """Hundreds of steps on end, as a person who holds a key down sees them."""
    with laboratory(EXPERIMENTS[name].config, zero_gradients=zero_gradients) as lab:
        lab.ask(Look(LOOK))
        for _ in range(200):
            assert_true(lab.ask(Advance(1)))


@pytest.mark.parametrize("name", EXPERIMENTS)
@pytest.mark.parametrize("zero_gradients", [True, False])
@pytest.mark.parametrize("batch_size", [0, 7])
def test_phase_by_phase_each_sentence_is_true(laboratory, name, zero_gradients, batch_size):
    config = EXPERIMENTS[name].config
    with laboratory(config, zero_gradients=zero_gradients, batch_size=batch_size) as lab:
        lab.ask(Look(LOOK))
        for _ in range(3):
            made = [assert_true(lab.ask(NextPhase()))[0] for _ in range(5)]
            phases = [claim.removesuffix("_to_classes") for claim in made[1:]]
            assert phases == ["forward", "loss", "backward", "updated"]


@pytest.mark.parametrize("scale", [True, False])
def test_columns_of_large_numbers_make_no_line_too_long(laboratory, tmp_path, monkeypatch, scale):
    monkeypatch.chdir(tmp_path)
    path = Path("mine.csv")
    random = np.random.default_rng(0)
    rows = random.uniform(-900_000, 900_000, (30, 4))
    text = "\n".join(",".join(map(repr, row)) for row in rows.tolist())
    path.write_text(f"mass,energy,momentum,charge\n{text}\n", encoding="utf-8")
    config = EXPERIMENTS["mlp"].config
    with laboratory(config, data="mine.csv", scale=scale, learning_rate=1e-9) as lab:
        assert_true(lab.ask(Look(LOOK)))
        for _ in range(10):
            assert_true(lab.ask(NextPhase()))
        assert_true(lab.ask(Nudge(300, 0.1)))


# --- moments that the words must not miss ------------------------------------------------------


def test_own_columns_far_from_1_are_offered_scaling_before_a_step_fails(laboratory):
    with laboratory(data="stopping-distance") as lab:
        assert describe(lab.snapshot)[0] == (
            "Inputs reach 25: scale them first (: scale on), or it may diverge."
        )
        assert not any("scale them" in line for line in describe(lab.ask(Set("scale", "on"))))


def test_of_a_table_of_ones_own_what_was_left_out_comes_first(laboratory, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("mine.csv").write_text("size,colour,kind\n11,red,a\n,blue,a\n15,red,b\n12,blue,b\n")
    with laboratory(EXPERIMENTS["mlp"].config, data="mine.csv", y=("kind",)) as lab:
        assert_true(lab.snapshot)
        assert (
            describe(lab.snapshot)[1]
            == "Left out: colour (text); 1 row with missing cells dropped."
        )


def test_without_zeroing_a_better_loss_is_said_to_overshoot_as_in_the_lessons_table(laboratory):
    with laboratory(zero_gradients=False) as lab:
        assert describe(lab.ask(Advance(4)))[1] == (
            "Lower, but it will overshoot (space shows it): the lesson’s published table."
        )
        made = []
        while "overshot" not in made:
            assert lab.snapshot.step < 100
            made = assert_true(lab.ask(Advance(1)))


def test_before_the_first_step_it_is_said_that_zeroing_is_off_and_nothing_given_away(laboratory):
    with laboratory(zero_gradients=False) as lab:
        first, second = assert_true(lab.snapshot) and describe(lab.snapshot)
        assert first.startswith("Zeroing is off: a step adds its gradient")
        assert "Guess" in second
        assert not any(word in first + second for word in ("overshoot", "lower", "bug"))


@pytest.mark.parametrize("patience", [0, 3])
def test_at_the_best_it_is_said_that_it_is_and_what_leads_away(laboratory, patience):
    settings = {
        "validation": 0.3,
        "epochs": 60,
        "learning_rate": 0.01,
        "loss": "mae",
        "patience": patience,
    }
    with laboratory(EXPERIMENTS["relu-net"].config, **settings) as lab:
        shown = lab.ask(Advance(60))
        best = int(shown.validation.steps[shown.validation.losses.argmin()])
        assert best < 60
        shown = lab.ask(Seek(best))
        assert_true(shown)
        first, second = describe(shown)
        assert first.startswith(f"Step {best} is the best of 60: the validation loss is lowest")
        assert f"space to epoch {120 if patience else 60}, away" in second


def test_a_rate_on_the_edge_is_named_with_what_lets_it_settle(laboratory):
    with laboratory(learning_rate=0.5) as lab:
        made = assert_true(lab.ask(Advance(200)))
        assert made == ["swings", "lower_the_rate"]


def test_a_plateau_is_named_with_what_leads_off_it(laboratory):
    with laboratory(EXPERIMENTS["relu-net"].config, learning_rate=1e-7) as lab:
        assert "plateau" in assert_true(lab.ask(Advance(60)))


def test_which_way_the_points_vote_after_ten_steps(laboratory):
    with laboratory() as lab:
        assert describe(lab.ask(Advance(10))) == (
            "15 of 20 points still lie above the curve, and every parameter is pushed up.",
            "Gradient unchanged since step 0: it moves when the curve crosses a point.",
        )


def test_a_gradient_that_turns_around_at_each_step_is_not_called_unchanged(laboratory):
    with laboratory(learning_rate=5.0) as lab:
        for _ in range(8):
            shown = lab.ask(Advance(1))
            assert not any("unchanged" in line for line in describe(shown))


def test_a_vote_that_pulls_two_ways_is_counted_for_c(laboratory):
    with laboratory() as lab:
        lab.ask(Advance(315))
        made = assert_true(lab.ask(Set("epochs", "1000")))
        while "votes_for_c" not in made:
            made = assert_true(lab.ask(Advance(1)))


def test_numbers_as_in_the_file_are_told_from_those_that_the_view_works_with(laboratory):
    with laboratory(EXPERIMENTS["stopping-distance"].config) as lab:
        lab.ask(NextPhase())
        assert_true(lab.ask(NextPhase()))
        told = describe(lab.snapshot)
    assert told[0] == "Unscaled: at x = 4.0000 the model says 143.0248; the data says 2.0000."
    assert told[1].startswith("Next, loss: ")


def test_the_update_is_told_of_the_parameter_that_was_chosen(laboratory):
    with laboratory() as lab:
        lab.ask(Look(replace(LOOK, chosen=1)))
        for _ in range(4):
            lab.ask(NextPhase())
        assert_true(lab.ask(NextPhase()))
        told = describe(lab.snapshot)[0]
    assert told == "Update: b moved by +0.0003 to 1.1003; the step is done."


def test_after_a_unit_was_added_the_update_is_told_of_the_chosen_parameter(laboratory):
    """A unit that was added began nowhere: its start is no number, and equals nothing."""
    with laboratory(EXPERIMENTS["relu-net"].config, hidden=(2,)) as lab:
        lab.ask(AddUnit(0))
        lab.ask(Look(replace(LOOK, opened="0.weight", chosen=2)))
        for _ in range(5):
            lab.ask(NextPhase())
        assert np.isnan(lab.snapshot.chosen.start)
        moved = lab.snapshot.outcome.label
        lab.ask(Look(replace(LOOK, opened="0.bias" if "weight" in moved else "0.weight", chosen=2)))
        label = lab.snapshot.chosen.label
        assert label != moved
        assert describe(lab.snapshot)[0].startswith(f"Update: {label} moved by ")


def test_a_nudge_is_held_against_what_the_gradient_foretold(laboratory):
    with laboratory() as lab:
        assert describe(lab.ask(Nudge(0, 0.1))) == (
            "You raised a by 0.1: the loss changed by −0.1353.",
            "The gradient foretold −1.3529 × 0.1 = −0.1353: so it was.",
        )
        second = describe(lab.ask(Nudge(0, 3.0)))[1]
        assert second.endswith("; it holds for small moves.")


def test_a_typed_value_is_a_move_too(laboratory):
    with laboratory() as lab:
        assert describe(lab.ask(Assign(2, 1.0)))[0] == (
            "You lowered c by 0.1: the loss changed by +0.0500."
        )


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (2, "Never zeroed: step 2 stands where zeroed step 3 would: 1+2 = 3."),
        (4, "Never zeroed: step 4 stands where zeroed step 10 would: 1+2+3+4 = 10."),
        (6, "Never zeroed: step 6 stands where zeroed step 21 would: 1+2+…+6 = 21."),
        (9, "Not zeroed: each update sums all gradients so far; it can overshoot and swing."),
    ],
)
def test_zeroing_forgotten(laboratory, step, words):
    with laboratory(zero_gradients=False) as lab:
        assert describe(lab.ask(Advance(step)))[0] == words


def test_the_loss_passes_under_the_truths_own(laboratory):
    with laboratory() as lab:
        lab.ask(Look(LOOK))
        while lab.snapshot.loss >= 1.4767:
            assert "below_truth" not in assert_true(lab.ask(Advance(1)))
        assert "below_truth" not in assert_true(lab.snapshot)  # it is the step to come that tells
        assert "below_truth" in assert_true(lab.ask(Advance(1)))


def test_a_unit_silent_on_every_point_and_why_it_stays_so(laboratory):
    with laboratory(EXPERIMENTS["relu-net"].config) as lab:
        lab.ask(Look(ViewRequest(opened="0.bias")))
        unit = next(row for row in lab.snapshot.rows if row.name == "0.bias[3]")
        lab.ask(Assign(unit.index, -1000.0))
        assert describe(lab.ask(Advance(1)))[0] == (
            "Unit 1.4 (△) is silent at all points: its gradient is 0, it can’t come back."
        )


def test_units_silent_over_large_inputs_are_told_to_be_scaled(laboratory):
    config = EXPERIMENTS["relu-net"].config
    with laboratory(config, data="stopping-distance", hidden=(1,)) as lab:
        lab.ask(Look(ViewRequest(opened="0.bias")))
        snapshot = lab.ask(Assign(lab.snapshot.rows[0].index, -1000.0))
        assert_true(snapshot)
        assert describe(lab.ask(Advance(1)))[1] == (
            "Inputs reach 25, far from 1: scaled (: scale on) fewer units fall silent."
        )


def test_what_a_batch_costs_is_told_by_size(laboratory):
    with laboratory() as lab:
        lab.ask(Look(LOOK))
        lab.runner.ask(MeasureBatches())
        while not lab.snapshot.outcome:
            lab.next()
        assert [size for size, _ in lab.snapshot.outcome.speeds] == [1, 4, 16, 20]
        assert assert_true(lab.snapshot)[0] == "measured_batches"
        assert lab.snapshot.step == 0


@pytest.mark.parametrize("name", ["w.safetensors", "losses.csv", "run.py"])
def test_what_was_saved_is_told(laboratory, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    with laboratory() as lab:
        lab.ask(Advance(2))
        assert assert_true(lab.ask(Save(name)))[0] == "saved"


@pytest.mark.parametrize("by_hand", [0, 1, 2])
def test_a_session_that_is_opened_tells_what_was_done_in_it(
    laboratory, tmp_path, monkeypatch, by_hand
):
    monkeypatch.chdir(tmp_path)
    with laboratory() as lab:
        for index in range(by_hand):
            lab.ask(Nudge(index, 0.1))
        lab.ask(Advance(3))
        assert assert_true(lab.ask(Save("run.json")))[0] == "saved"
    with laboratory() as lab:
        assert assert_true(lab.ask(OpenSession("run.json")))[0] == "opened_session"


def test_what_was_loaded_is_told(laboratory, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with laboratory() as lab:
        lab.ask(Save("w.safetensors"))
        assert assert_true(lab.ask(Load("w.safetensors")))[0] == "loaded"


@pytest.mark.parametrize("speeds", [((1, 5e6), (4, 1.25e7), (100_000, 9e8)), ((1, 7.3),)])
def test_any_speeds_are_told(laboratory, speeds):
    with laboratory() as lab:
        assert_true(replace(lab.snapshot, activity=Activity(outcome=Measured(speeds))))


def test_a_line_that_is_cut_off(laboratory):
    with laboratory(EXPERIMENTS["relu"].config) as lab:
        lab.ask(Assign(1, -10.0))
        assert describe(lab.ask(Advance(1)))[0] == (
            "Line 1 is cut off at every point: its gradient is 0, it can’t come back."
        )
        assert_true(lab.snapshot)


def test_the_double_relu_is_one_v_at_first_and_then_its_kinks_slide(laboratory):
    with laboratory(EXPERIMENTS["relu"].config) as lab:
        assert describe(lab.snapshot) == (
            "The lesson’s two rectified lines.",
            "s takes one step down the gradient, i goes into it; ←→ moves m1 by hand.",
        )
        assert describe(lab.ask(Advance(10)))[0].startswith("The kinks lie at x = ")


def test_the_v_is_named_for_what_it_is(laboratory):
    """At step 0 of a run at a crawl: 1.5·|x + 1|."""
    with laboratory(EXPERIMENTS["relu"].config, pace=1e-6, learning_rate=1e-9) as lab:
        lab.runner.ask(StartRunning())
        while not lab.next().running:
            pass
        assert describe(lab.snapshot)[0] == (
            "Both kinks lie at x = −1: together it is 1.5·|x + 1|, two halves of one V."
        )
        assert_true(lab.snapshot)


def test_where_no_point_lies_below_0_the_lines_are_only_said_to_be_convex(laboratory):
    config = EXPERIMENTS["relu"].config
    with laboratory(config, data="stopping-distance", learning_rate=1e-4) as lab:
        assert list(units.rectified_lines(lab.ask(Advance(1))))[-1] == (
            "The sum is convex and never negative: it can follow a valley, never a hill."
        )


def test_two_lines_of_one_slope_are_no_v(laboratory):
    """They bend at one place, and lie on each other."""
    with laboratory(EXPERIMENTS["relu"].config, learning_rate=1e-9) as lab:
        lab.ask(Assign(0, 1.5))
        lab.ask(Assign(1, 1.5))
        assert "V" not in describe(lab.ask(Advance(1)))[0]


@pytest.mark.parametrize(
    "changes", [{"model": "relu"}, {"data": "stopping-distance"}, {"model": "mlp", "hidden": (2,)}]
)
def test_another_model_or_data_is_not_called_the_lessons(laboratory, changes):
    with laboratory(**changes) as lab:
        made = assert_true(lab.snapshot)
        about = "about_columns" if "data" in changes else "about_another_run"
        assert about in made
        assert set(made) <= {"had_better_be_scaled", about, "what_to_press"}


def test_divergence_is_an_alarm_that_says_what_and_why(laboratory):
    with laboratory(loss="mse", learning_rate=1.0) as lab:
        lab.ask(Advance(1000))
        assert describe(lab.snapshot) == (
            "Diverged: step 169 drove a to −7.5e153; step 169 is kept.",
            "The learning rate 1 is too large: − lowers it, b goes back, r restarts.",
        )
        assert_true(lab.snapshot)
        assert is_alarm(lab.snapshot)
        assert not is_alarm(lab.ask(Back()))


def test_an_update_beyond_every_number_is_said_to_be(laboratory):
    with laboratory(learning_rate=1.7e308) as lab:
        assert describe(lab.ask(Advance(1)))[0] == (
            "Diverged: step 0 made a infinite; step 0 is kept."
        )
        assert_true(lab.snapshot)


def test_raw_columns_that_run_away_are_told_to_be_scaled(laboratory):
    """Each step until it diverges says what is true, and what would help."""
    config = EXPERIMENTS["stopping-distance"].config
    with laboratory(config, scale=False) as lab:
        made = []
        while "diverged" not in made:
            made = assert_true(lab.ask(Advance(1)))
            assert lab.snapshot.step < 1 or "inputs_too_large" in made


def test_a_typed_value_beyond_every_loss_is_not_blamed_on_the_rate(laboratory):
    with laboratory(loss="mse") as lab:
        lab.ask(Assign(0, 1e300))
        assert assert_true(lab.ask(Advance(1))) == ["overflows_as_it_stands"]


def test_the_first_steps_each_explain_a_term_that_fits_a_line(laboratory):
    for experiment, rows_of_its_own in (("quadratic", True), ("relu-net", False), ("xor", False)):
        with laboratory(EXPERIMENTS[experiment].config) as lab:
            lab.ask(Look(LOOK))
            explained = []
            for _ in range(8):
                said = [*terms.introduced(lab.snapshot)]
                assert not rows_of_its_own or not [*terms.in_the_words(lab.snapshot)]
                assert all(len(sentence) < WIDTH for sentence in said)
                explained += said
                lab.ask(Advance(1))
            loss = LOSSES[EXPERIMENTS[experiment].config.loss].title
            assert explained[0].startswith(f"{loss} – ")
            assert len({*explained}) == len(explained) >= 7


def test_a_complaint_comes_first_and_goes_with_the_next_thing_done(laboratory):
    with laboratory() as lab:
        lab.ask(Set("learning_rate", "-1"))
        words = describe(lab.snapshot)
        assert words[0] == "Not done: learning rate must be a number above 0; not -1."
        assert is_alarm(lab.snapshot)
        assert not is_alarm(lab.ask(Advance(1)))


def test_layers_are_compared_by_update_beside_size(laboratory):
    with laboratory(EXPERIMENTS["relu-net"].config, init="he", seed=1) as lab:
        made = []
        while "largest_ratio" not in made:
            made = assert_true(lab.ask(Advance(1)))
        assert isinstance(lab.snapshot.rows[0], LayerRow)


def test_what_a_reference_is_called_decides_nothing(laboratory):
    with laboratory() as lab:
        shown = lab.ask(Advance(1))
        renamed = tuple(replace(each, label="another name") for each in shown.scene.references)
        shown = replace(shown, scene=replace(shown.scene, references=renamed))
        assert shown.scene.truth_loss == pytest.approx(1.4767, abs=1e-4)
        beaten = replace(shown, loss=shown.scene.reference("best").loss - 0.1)
        assert list(over_fitting.near_the_best(beaten)) == [
            "0.1000 below the another name: none of those can follow so closely."
        ]


def test_a_term_that_the_glossary_lacks_is_passed_over(laboratory, monkeypatch):
    known = tuple(each for each in glossary.TERMS if each.name not in ("MSE", "SGD"))
    monkeypatch.setattr(glossary, "TERMS", known)
    with laboratory(EXPERIMENTS["relu-net"].config) as lab:
        [said] = terms.introduced(lab.snapshot)
        assert said.startswith("gradient – ")
