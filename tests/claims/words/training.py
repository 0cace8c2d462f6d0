"""What is true of how training goes."""

import re

import numpy as np
import pytest

from claims import number, says
from claims.words.claim import claim, rows_of, votes_of
from nn_core import Quadratic, RectifiedLines, Trainer, datasets
from nn_core.config import setting
from nn_core.optim.optimizers import OPTIMIZERS, optimizer_of
from nn_core.optim.schedules import SCHEDULES

LESSONS_TABLE = [
    "2.4010", "2.3594", "2.2970", "2.2137", "2.1097", "1.9848", "1.8535", "1.7166", "1.5825",
    "1.4628",
]  # fmt: skip


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


@claim(
    r"Lower than zeroed(?: \(<N>\))?, but it will overshoot \((?:space shows it\)"
    r"|space\)\. J lists (the published table))\."
)
def will_overshoot(snapshot, zeroed, published):
    assert says(zeroed, zeroed_loss(snapshot)) if zeroed else published
    assert not snapshot.config.zero_gradients
    assert snapshot.loss < zeroed_loss(snapshot)
    assert first_rise(snapshot) is None
    if published:
        assert snapshot.step == len(LESSONS_TABLE)
        assert says(LESSONS_TABLE[snapshot.step - 1], snapshot.loss)
        assert snapshot.config.data == "lesson"


@claim(
    r"It overshot at step (\d+) and won’t settle"
    r"(?:; (for now it is below|it is above) zeroed \(<N>\))?\."
)
def has_overshot(snapshot, step, way, zeroed):
    assert int(step) == first_rise(snapshot)
    if zeroed:
        assert says(zeroed, zeroed_loss(snapshot))
        assert way.endswith("below") == (zeroed_loss(snapshot) > snapshot.loss)


def zeroed_loss(snapshot):
    return next(kept.end.loss for kept in snapshot.kept if kept.number == 0)


def first_rise(snapshot):
    """The first step that raised the loss, where zeroing was off from the start."""
    losses = [*snapshot.losses.low[: snapshot.step], snapshot.loss]
    return next((at for at in range(1, len(losses)) if losses[at] > losses[at - 1] + 0.5e-4), None)


@claim(r"In the last (\d+) steps the loss swings between <N> and <N>\.")
def swings(snapshot, steps, low, high):
    recent = snapshot.losses.low[snapshot.step - int(steps) : snapshot.step]
    assert says(low, recent.min())
    assert says(high, recent.max())
    assert (np.diff(recent) > 0).sum() >= 16


@claim(
    r"The rate is (far )?too large: (?:− lowers it, so does schedule cosine \(o\)"
    r"|(the schedule will lower it), − does now)\."
)
def lower_the_rate(snapshot, much, will_sink):
    assert snapshot.observed.swing
    recent = snapshot.losses.low[snapshot.step - 40 : snapshot.step]
    assert (much is not None) == (recent.max() > snapshot.losses.low[0])
    config = snapshot.config
    if will_sink:
        assert config.schedule not in ("constant", "plateau")
        assert snapshot.step < config.epochs * snapshot.steps_per_epoch
    else:
        assert config.schedule != "cosine" or snapshot.epoch >= config.epochs


@claim(r"The rate is (far )?too small: (\d+) steps cut the loss by (<?)<N> %, still as steep\.")
def too_small(snapshot, far, steps, below, part):
    config, losses, norms = snapshot.config, snapshot.losses.low, snapshot.gradient_norms.low
    since = snapshot.step - int(steps)
    assert snapshot.steps_per_epoch > 1 or (np.diff(losses[since : snapshot.step]) <= 0).all()
    first, last = ends(losses, snapshot, since)
    fell = 100 * (first - last) / first
    assert fell < 0.1 if below else abs(fell - number(part)) < 0.051
    assert fell < 10
    steep, now = ends(norms, snapshot, 0)
    assert now == pytest.approx(steep, rel=0.1 if snapshot.steps_per_epoch == 1 else 0.3)
    assert bool(far) == (snapshot.observed.slow.rate >= 50 * config.learning_rate)


def ends(values, snapshot, since):
    """The mean over the first epoch since a step, and that over the last one."""
    epoch = snapshot.steps_per_epoch
    start, end = -(-since // epoch) * epoch, snapshot.step // epoch * epoch
    return values[start : start + epoch].mean(), values[end - epoch : end].mean()


@claim(r"\+ raises it; at <N> \(:lr <N>\) a step lowers the loss <N> times as much\.")
def longer_steps(snapshot, rate, typed, gain):
    """As many steps at that rate from the start get further, and by far."""
    assert rate == typed
    rate = number(rate)
    assert rate >= 5 * snapshot.config.learning_rate
    assert number(gain) >= 0.5 * rate / snapshot.config.learning_rate
    if snapshot.by_hand:
        return
    falls = []
    for each in (snapshot.config.learning_rate, rate):
        trainer = Trainer.from_config(snapshot.begun.replace(learning_rate=each))
        first = trainer.loss()
        trainer.run(snapshot.step)
        falls.append(first - trainer.loss())
    assert falls[1] > 3 * falls[0]


@claim(r"A plateau: hardly a thousandth less loss since step (\d+); \+ raises the rate\.")
def plateau(snapshot, since):
    losses = snapshot.losses.low[int(since) : snapshot.step]
    assert len(losses) == 40
    assert (np.diff(losses) <= 0).all()
    assert snapshot.learning_rate > 0.1 * snapshot.config.learning_rate  # or + hardly helps
    assert losses[0] - losses[-1] < 1e-3 * losses[-1]
    assert snapshot.gradient_norm > 0
    # Where the gradient fades on its way back another rate doesn't help, unless that is evened out.
    weights = [row for row in snapshot.rows if row.label.startswith("W")]
    if weights and not OPTIMIZERS[snapshot.config.optimizer].evens_out:
        first, last = weights[0].gradient, weights[-1].gradient
        assert not 0 < 20 * first < last


@claim(
    r"(\S+)’s gradient is <N> times smaller than (\S+)’s: it fades on its way back\. "
    r"So (\S+) moves it less: adam( or relu)? \(o\) may help\."
)
def fades_back(snapshot, small, much, large, title, relu):
    rows = rows_of(snapshot)
    ratio = rows[large].gradient / rows[small].gradient
    assert number(much) == pytest.approx(ratio, rel=0.051)
    assert ratio >= 19.5
    assert list(rows).index(small) < list(rows).index(large)
    assert OPTIMIZERS[snapshot.config.optimizer].title == title
    assert bool(relu) == squashes(snapshot)


def squashes(snapshot):
    return bool({"tanh", "sigmoid"} & set(snapshot.config.activation))


@claim(
    r"Nearly one answer for all: layer (\d+) varies <N> times less than layer 1\. "
    r"It fades from layer to layer: (adam)?(?:, )?(relu)?(?: or )?fewer layers \(o\) may help\."
)
def nearly_one_answer(snapshot, last, much, adam, relu):
    assert int(last) == len(snapshot.config.hidden)
    assert number(much) >= 20
    assert np.ptp(snapshot.predictions) <= 0.01 * np.ptp(snapshot.scene.y)
    assert bool(adam) == (not OPTIMIZERS[snapshot.config.optimizer].evens_out)
    assert bool(relu) == squashes(snapshot)


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
    r"minimum\. Lower the rate to <N> \(−\)\?"
)
def jumped_over(snapshot, change, label, amount, lower):
    assert says(lower, setting("learning_rate").turn(snapshot.config.learning_rate, -1))
    assert says(change, snapshot.loss - snapshot.losses.low[snapshot.step - 1])
    assert (label, number(change) > 0) == (snapshot.observed.jump.label, True)
    assert says(amount, snapshot.observed.jump.amount)
    if label in rows_of(snapshot):  # what pushed it here now pushes it back
        assert rows_of(snapshot)[label].gradient * snapshot.observed.jump.amount > 0


@claim(r"Target reached: (\d+) epochs?\. space goes on for as many; e sets it\.")
def finished(snapshot, epochs):
    assert int(epochs) == snapshot.epoch == snapshot.config.epochs
    assert not snapshot.running


@claim(r"The schedule ends at rate <N>; more epochs stretch it, and the rate rises\.")
def schedule_at_its_end(snapshot, rate):
    assert says(rate, snapshot.learning_rate)
    longer = SCHEDULES[snapshot.config.schedule].factor(
        np.array([snapshot.step]), snapshot.step + snapshot.config.epochs
    )
    assert snapshot.learning_rate < longer[0] * snapshot.config.learning_rate


@claim(r"Target of (\d+) epochs? passed: (\d+)\. space goes on for as many; e sets it\.")
def passed(snapshot, target, epochs):
    assert int(epochs) == snapshot.epoch > int(target) == snapshot.config.epochs
    assert not snapshot.running


@claim(
    r"(\d+) of (\d+) points still lie (above|below) the curve\. "
    r"(?:They push c (up|down)(?:; (a|b|a and b) goe?s? (?:up|down) too)?"
    r"|Every parameter (is pushed|goes) (up|down))\."
)
def all_pushed(snapshot, most, count, where, c_way, too, pushed, way):
    above, below = votes_of(snapshot)
    assert int(most) == {"above": above, "below": below}[where] == max(above, below)
    assert int(count) == snapshot.scene.rows
    assert (where, c_way or way) in {("above", "up"), ("below", "down")}
    assert all((row.update > 0) == ((c_way or way) == "up") for row in snapshot.rows)
    assert above != below
    carried = {row.label for row in snapshot.rows if row.update * row.gradient >= 0}
    assert carried.isdisjoint((too or "").split(" and "))
    assert not (pushed == "is pushed" and carried)
    if c_way:  # the points of a side push only what they decide
        assert rows_of(snapshot)["c"].gradient == pytest.approx((below - above) / int(count))
        assert "c" not in carried


_LABELS = r"(\S+(?:, \S+)*(?: and \S+)?)"


@claim(
    rf"(?:{_LABELS} goe?s? uphill(?:, {_LABELS} moves? at gradient 0)?"
    rf"|{_LABELS} moves?, though (?:its gradient is|their gradients are) 0)"
    r": (\w+)’s (v|m) holds older gradients\."
)
def against_its_gradient(snapshot, against, none, moving, title, symbol):
    record = optimizer_of(snapshot.config)
    assert title == record.title
    assert symbol == ("v" if "velocity" in record.slots else "m")
    against, resting = (_split(each) for each in (against, none or moving))
    # The pull of a weight decay is no memory: without it they go the same way.
    decay = snapshot.learning_rate * record.constants.get("weight_decay", 0)
    for label in against | resting:
        row = rows_of(snapshot)[label]
        remembered = row.update + decay * row.value
        assert remembered * row.update > 0
        assert row.gradient * remembered > 0 if label in against else row.gradient == 0
    if not decay and not snapshot.scene.is_listed_by_layer:
        moved = [row for row in snapshot.rows if abs(row.update) >= 0.5e-4]
        assert against == {row.label for row in moved if row.gradient * row.update > 0}
        assert resting == {row.label for row in moved if row.gradient == 0}


def _split(labels):
    return set(re.split(", | and ", labels)) if labels else set()


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


@claim(r"(\w+) went from <N> by <N> to <N>\.")
def last_move(snapshot, label, before, move, now):
    """The table has the step to come."""
    assert 0 < snapshot.step <= 3
    row, rate = rows_of(snapshot)[label], snapshot.config.learning_rate
    assert label == snapshot.chosen.label
    assert says(now, row.value)
    assert number(before) + number(move) == pytest.approx(number(now), abs=1.01e-4)
    assert not snapshot.running
    assert snapshot.config.optimizer == "sgd"
    if snapshot.observed.steady_since == 0 and snapshot.config.zero_gradients:
        assert says(move, -rate * row.gradient)


@claim(r"Gradient unchanged since step (\d+): it moves when the curve crosses a point\.")
def steady(snapshot, step):
    lengths = snapshot.gradient_norms.low[: snapshot.step]
    now = np.sqrt(sum(row.gradient**2 for row in snapshot.rows))
    np.testing.assert_allclose(lengths[int(step) :], now, rtol=1e-9)
    assert int(step) == 0 or lengths[int(step) - 1] != pytest.approx(now, rel=1e-12)


@claim(r"(\S+) moves most for its size: <N> of it a step; 0\.00003 to 0\.03 is ok\.")
def largest_ratio(snapshot, label, ratio):
    ratios = {row.label: row.update / row.size for row in snapshot.rows if row.size}
    assert ratios[label] == max(ratios.values())
    assert number(ratio) == pytest.approx(ratios[label], rel=0.05)


@claim(r"(All|\w+(?: and \w+)+) move equally far in the next step: by <N>\.")
def equally_far(snapshot, who, amount):
    updates = {row.label: abs(row.update) for row in snapshot.rows}
    alike = {label for label, update in updates.items() if says(amount, update)}
    assert alike == (set(updates) if who == "All" else set(who.split(" and ")))
    assert says(amount, max(updates.values()))


@claim(r"(\S+) moves farthest in the next step: (up|down) by <N>\.")
def farthest(snapshot, label, way, amount):
    strongest_push(snapshot, label, way, amount)


@claim(r"The strongest push is on (\w+): (up|down) by <N> a step\.")
def strongest_push(snapshot, label, way, amount):
    updates = {row.label: row.update for row in snapshot.rows}
    assert abs(updates[label]) == max(map(abs, updates.values()))
    assert says(amount, abs(updates[label]))
    assert (updates[label] > 0) == (way == "up")
