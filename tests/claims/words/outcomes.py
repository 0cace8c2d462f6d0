"""What is true of what was just done."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy

from claims import number, says
from claims.words.claim import FORMULAS, claim, rows_of
from nn_core.config import setting
from nn_core.explain.outcomes import Left
from nn_core.explain.rows import NumberRow
from nn_core.formatting import listed, short
from nn_core.models.initializers import INITIALIZERS
from nn_core.optim.optimizers import OPTIMIZERS
from nn_core.storage.autosave import Offered


@claim(r"Resumed: ([a-z-]+), at step (\d+), as it was saved\.")
def resumed(snapshot, experiment, step):
    assert (experiment, int(step)) == (snapshot.config.experiment, snapshot.step)


@claim(r"The newest save was damaged and is set aside; this is the one before\.")
def resumed_from_the_save_before(snapshot):
    assert snapshot.outcome.mended


@claim(r"It was ended by force as it trained; steps after this save are not in it\.")
def resumed_what_was_cut(snapshot):
    assert snapshot.outcome.cut


@claim(r"The run before is saved(?:, at step (\d+))?; : resume goes back to it\.")
def the_run_before_is_saved(snapshot, step):
    left = getattr(snapshot.outcome, "left", snapshot.outcome)
    assert step is None or left.step == int(step)


@claim(r": resume goes to the run before\.")
def the_run_before_is_there(snapshot):
    assert isinstance(snapshot.outcome.left, Left)


@claim(
    r"Data: (\S+?)(?:, with ([a-z-]+))?"
    r"(?:; (\d+ rows?)(?: with missing cells)? dropped(?: (\([^)]+\)))?)?"
    r"(?:; (left out: .+?|columns left out))?\.(?= |$)"
)
def other_data(snapshot, name, model, rows, which, columns):
    assert Path(snapshot.config.data).name.endswith(name.lstrip("…"))
    assert model in (None, snapshot.config.experiment)
    dropped = [note for note in snapshot.scene.notes if "dropped" in note]
    assert all(note.startswith(f"{rows} ") and (which or "") in note for note in dropped if rows)
    assert dropped or rows is None
    left = [note for note in snapshot.scene.notes if note.startswith("left out: ")]
    assert left if columns == "columns left out" else columns in (None, "; ".join(left))


@claim(r"(\S+) was written again since it was read; : open a table reads it again\.")
def the_file_is_newer(snapshot, name):
    outdated = getattr(snapshot.outcome, "left", snapshot.outcome)
    assert outdated.name.endswith(name.lstrip("…"))
    assert snapshot.step == 0


@claim(r"It starts without what was loaded at step (\d+); : load weights brings it back\.")
def what_was_loaded_is_gone(snapshot, step):
    unloaded = getattr(snapshot.outcome, "left", snapshot.outcome)
    assert (unloaded.step, snapshot.step) == (int(step), 0)


@claim(
    r"Last time: (cut off, saved at )?step (\d+) of ([a-z-]+)\. "
    r"R goes on there(?:; later : last run|; : resume lists (\d+) runs)?\."
)
def last_run_is_offered(snapshot, cut, step, experiment, count):
    known = int(count or snapshot.outcome.count)
    assert snapshot.outcome == Offered(experiment, int(step), bool(cut), known)
    assert snapshot.step == 0


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
    moved = {
        each: abs(row.value - outcome.state.parameters[row.index])
        for each, row in rows_of(snapshot).items()
        if isinstance(row, NumberRow)
    }
    alike = [each for each, by in moved.items() if each != label and says(amount.lstrip("+−"), by)]
    if most:
        assert label == outcome.label
        assert not alike
        assert says(amount, outcome.amount)
        assert says(value, outcome.value)
    else:
        assert label == chosen.label
        assert says(amount, chosen.value - outcome.state.parameters[chosen.index])
    if label in rows_of(snapshot):
        assert says(value, rows_of(snapshot)[label].value)


@claim(r"Target reached just before you pressed: (\d+) epochs?\. space again goes on\.")
def reached(snapshot, epochs):
    assert int(epochs) == snapshot.config.epochs <= snapshot.epoch
    assert not snapshot.running


@claim(r"By all updates together the loss (rose|fell) from <N> to <N>\.")
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


@claim(r"The zeroed twin beside it is gone; z again brings it back\.")
def twin_is_gone(snapshot):
    assert snapshot.config.zero_gradients
    assert snapshot.twin is None


@claim(r"Zeroing is on: from the next step on, each uses its own gradient alone\.")
def zeroing_on(snapshot):
    assert snapshot.config.zero_gradients


@claim(r"Zeroing is off: from here on, each update uses the sum of all gradients\.")
def zeroing_off(snapshot):
    assert not snapshot.config.zero_gradients


@claim(r"Its zeroed twin goes beside it: the same run as it would be with zeroing on\.")
def twin_of_zeroing_off(snapshot):
    assert not snapshot.config.zero_gradients


@claim(r"The target is (\d+) epochs? now; training stops there by itself\.")
def target_changed(snapshot, epochs):
    assert int(epochs) == snapshot.config.epochs


@claim(rf"(\S+): from here on each parameter w becomes ({FORMULAS})\.")
def optimizer_changed(snapshot, title, formula):
    optimizer = OPTIMIZERS[snapshot.config.optimizer]
    assert (title, formula) == (optimizer.title, optimizer.formula)


@claim(r"The schedule, (\S+), now spans them all: the rate is <N>\.")
def schedule_stretched(snapshot, schedule, rate):
    assert schedule == snapshot.config.schedule
    assert says(rate, snapshot.learning_rate)


@claim(r"Steps so far stay as they were; r begins again with it and keeps this run\.")
def not_from_the_start(snapshot):
    name = snapshot.outcome.name
    assert snapshot.step > 0
    assert getattr(snapshot.config, name) == snapshot.outcome.value != getattr(snapshot.begun, name)


@claim(r"How it went on from here before is kept as run (\d+): K lists it\.")
def branched(snapshot, number):
    [kept] = [each for each in snapshot.kept if each.number == int(number)]
    assert kept.start <= snapshot.step == snapshot.tip < kept.steps


@claim(r"The run before \((?:(.+), )?(\d+) steps?\) is kept as run (\d+): K compares\.")
def begun_from(snapshot, label, steps, number):
    [kept] = [each for each in snapshot.kept_runs if each.number == int(number)]
    assert kept.steps == int(steps)
    assert label in (None, kept.label)
    assert snapshot.tip == 0


@claim(r"Schedule: [a-z -]+?(?: over (\d+) epochs?)?; the rate is <N> now\.")
def schedule_changed(snapshot, epochs, rate):
    assert epochs is None or int(epochs) == snapshot.config.epochs
    assert rate == short(snapshot.learning_rate)


@claim(r"It ends here; more epochs \(space\) stretch it, and the rate rises\.")
def schedule_ends_here(snapshot):
    assert snapshot.config.schedule not in ("constant", "plateau")
    assert snapshot.epoch >= snapshot.config.epochs > 0


@claim(r"Batch size: all rows\.")
def batch_of_all_rows(snapshot):
    assert snapshot.config.batch_size == 0


@claim(r"Batch size (\d+) is more than (\d+) rows?: one batch is all of them\.")
def batch_size_too_large(snapshot, size, rows):
    assert int(size) == snapshot.config.batch_size > snapshot.scene.rows == int(rows)
    assert snapshot.steps_per_epoch == 1


@claim(r"(Batch size|Loss|Hidden|Seed|Class weight|Validation|Scale): (\S+)\.")
def setting_changed(snapshot, title, value):
    name = title.lower().replace(" ", "_")
    assert setting(name).read(value) == getattr(snapshot.config, name) == snapshot.outcome.value


@claim(r"Noise: share of y (\S+), fixed part ([^;]+?)(?:; both: 0\.15,(\S+))?\.")
def noise_set(snapshot, share, additive, both):
    assert (float(share), float(additive)) == snapshot.config.noise
    assert both == (None if float(share) else additive)


@claim(r"Init (\S+): ((?:[^.]|\.\d)+)\.")
def init_changed(snapshot, name, about):
    assert name == snapshot.config.init == snapshot.outcome.value
    assert about == INITIALIZERS[name].about


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


@claim(r"Run (\d+) is on the screen again, at its last step, (\d+)\.")
def taken_up(snapshot, run, step):
    assert (snapshot.outcome.number, snapshot.step) == (int(run), int(step))


@claim(r"The run before is kept as run (\d+)\.")
def kept_as(snapshot, run):
    assert int(run) == snapshot.outcome.kept != snapshot.outcome.number
    assert int(run) in [kept.number for kept in snapshot.kept]


@claim(r"It made room for the run before, kept as run (\d+): k keeps it again\.")
def taken_up_without_room(snapshot, run):
    kept_as(snapshot, run)
    assert snapshot.outcome.number not in [kept.number for kept in snapshot.kept]


@claim(r"Run (\d+)(?: \(.+\))? is removed\.")
def removed(snapshot, run):
    assert int(run) not in [kept.number for kept in snapshot.kept_runs]


@claim(
    r"Opened: (\S+), a run of (\d+) steps?, (?:never changed|changed) by hand(?: (\d+) times?)?\."
)
def opened_session(snapshot, path, steps, count):
    stored = json.loads(Path(path).read_text(encoding="utf-8"))
    assert int(count or 0) == len(stored["events"])
    assert int(steps) == stored["steps"] == snapshot.tip


@claim(r"Kept as run (\d+): K lists the kept ones\.")
def kept_by_key(snapshot, number):
    assert int(number) in [each.number for each in snapshot.kept_runs]


@claim(r"The kept runs are gone: this run’s loss is another one, or of other data\.")
def given_up(snapshot):
    assert not snapshot.kept_runs
    assert snapshot.tip == 0


@claim(r"Runs? (\d+)(?:, \d+)*, the oldest kept, had to make room: (\d+) runs are kept\.")
def pushed_out(snapshot, gone, count):
    kept = [each.number for each in snapshot.kept_runs]
    assert int(gone) < min(kept)
    assert int(count) == len(kept)


@claim(r"This run is kept already, as it stands: K lists the kept ones\.")
def kept_already(snapshot):
    assert snapshot.kept


@claim(r"At step (\d+) other settings hold: .+ \(was .+\)\.")
def settings_of_then(snapshot, step):
    assert int(step) == snapshot.step
