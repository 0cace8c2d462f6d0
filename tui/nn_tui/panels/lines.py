"""The single lines around the plots: header, chosen point, raw formula, words, status."""

import math
import re

from textual.geometry import Size

from nn_core.config import CONSTANTS, show
from nn_core.explain.snapshot import OtherTarget, Snapshot
from nn_core.explain.words import is_alarm, sentences
from nn_core.explain.words.terms import introduced
from nn_core.formatting import fixed, short, shown, times
from nn_core.models.losses import LOSSES
from nn_core.optim.optimizers import optimizer_of
from nn_tui.panels import classes
from nn_tui.panels.layout import LEAST_SIZE, LEAST_WHOLE, hidden, is_too_small
from nn_tui.panels.standing_words import StandingWords
from nn_tui.text.cells import shortened
from nn_tui.text.meaning import meaning
from nn_tui.text.roles import Line, width_of

PROGRESS_CELLS, LEAST_CELLS = 10, 3
RUNS, PAUSED = "▶ ", "■ "  # where the words have no room
WIDE = 100  # columns from which on there is room for more words
MOST_FROZEN = 2  # parts that are named one by one
INPUTS = 2  # of the chosen point, at most
UNIT = 12  # letters of a target as a unit
APART = 2  # blanks at least between the formula and what it is trained with


def header(snapshot: Snapshot, size: Size) -> Line:
    """Program, experiment and formula on the left, what it trains with on the right.

    On a small screen what it has no room for stands there instead.
    """
    width = size.width
    if is_too_small(size):
        least = f"{LEAST_SIZE.width}×{LEAST_SIZE.height}"
        return [(f" {least} is the least; this is {width}×{size.height}", "alarm")]
    config, scene = snapshot.config, snapshot.scene
    name, formula = f" nn-tui   {config.experiment}   ", scene.formula
    facts = _facts(snapshot, width)
    unseen = hidden(scene.kind, snapshot.row_count, size, snapshot.request.view)
    if unseen:
        facts = {"hidden": f"hidden: {unseen}"}
    right = _joined(facts)
    if len(name) + len(formula) + len(right) > width:
        name = f" {config.experiment}   "
    if len(name) + len(right) >= width:
        facts = {fact: _in_brief(said) for fact, said in facts.items()}
        right = _joined(facts)
    for fact in _spared(facts):
        if len(name) + len(right) < width or len(facts) == 1:
            break
        del facts[fact]
        right = _joined(facts)
    room = width - len(name) - len(right) - APART
    if len(formula) > room:
        formula = formula.removeprefix("y = ")
    if len(formula) > room:
        right = _in_brief(right)
        room = width - len(name) - len(right) - APART
    if len(formula) > room:  # "64 → 32 ReLU → 10" is still told by its numbers
        bare = re.sub(r" [A-Za-z]+(?= →)", "", formula)
        formula = next((each for each in (bare, bare.replace(" ", "")) if len(each) <= room), bare)
    if len(formula) > room:
        formula = formula[: max(0, room - 1)] + "…" if room > 8 else ""
    gap = max(1, width - len(name) - len(formula) - len(right))
    loud = "quiet" if config.zero_gradients else "push"
    return [(name, "strong"), (formula, "text"), (" " * gap, "text"), (right, loud)]


def _in_brief(text: str) -> str:
    """What is said of zeroing where there is little room."""
    return text.replace("zeroing gradients", "zeroing").replace("gradients NOT", "NOT")


def _facts(snapshot: Snapshot, width: int) -> dict[str, str]:
    """What it trains with: each part by what it is about."""
    config, scene = snapshot.config, snapshot.scene
    rows = times(scene.rows, "row")
    if scene.validation_rows:
        rows = f"{scene.rows} + {times(scene.validation_rows, 'row')}"
    if snapshot.steps_per_epoch > 1:
        rows += f" by {config.batch_size}"
    facts = {"loss": _loss(snapshot, width), "optimizer": _optimizer(snapshot)}
    if config.clip:
        facts["clip"] = f"clip {show(config.clip)}"
    if config.freeze:
        few = len(config.freeze) <= MOST_FROZEN
        names = ", ".join(map(shown, config.freeze)) if few else f"{len(config.freeze)} parts"
        facts["frozen"] = f"{names} frozen"
    facts["rows"] = rows
    if scene.scaled:
        facts["scaled"] = "scaled"
    zeroes = config.zero_gradients
    facts["zeroing" if zeroes else "NOT"] = (
        "zeroing gradients" if zeroes else "gradients NOT ZEROED"
    )
    return facts


def _spared(facts: dict[str, str]) -> list[str]:
    """The parts in the order in which they go where there is no room: what was chosen goes last."""
    chosen = "clip" in facts or "frozen" in facts
    usual = [fact for fact in ("zeroing", "rows", "scaled") if chosen and fact in facts]
    return [*usual, *(fact for fact in facts if fact not in usual)]


def _joined(facts: dict[str, str]) -> str:
    return " · ".join(facts.values()) + " "


def _loss(snapshot: Snapshot, width: int) -> str:
    """What is trained on, with the penalties' coefficients, and where it fits what they come to."""
    config = snapshot.config
    title = LOSSES[config.loss].title
    if config.class_weight != "none":
        title = f"{config.class_weight} {title}"
    for name in ("l1", "l2"):
        if getattr(config, name):
            title += f" + {name} {show(getattr(config, name))}"
    if snapshot.penalty is not None and width >= WIDE:
        title += f" ({fixed(snapshot.penalty)})"
    return title


def _optimizer(snapshot: Snapshot) -> str:
    """What makes an update of a gradient, with the constants that were chosen for it."""
    config = snapshot.config
    parts = [optimizer_of(config).title]
    if config.schedule != "constant":
        parts.append(config.schedule)
    for name in CONSTANTS:
        value = getattr(config, name)
        if value is not None:
            parts.append(f"{'decay' if name == 'weight_decay' else name} {show(value)}")
    return ", ".join(parts)


def point(snapshot: Snapshot, width: int) -> Line:
    """The chosen row of the data, and how far off the model is there."""
    if snapshot.classes is not None:
        return classes.point(snapshot, width)
    line: Line = []
    ways = (
        *((4, 16, 3), (2, 12, 3), (1, 12, 3), (1, 12, 2)),
        *((2, 6, 3), (1, 6, 3), (1, 6, 2), (1, 3, 3)),
    )
    # One input by its whole name tells more than two by the letters that they begin with.
    tried = [(*each, INPUTS, False) for each in ways[:4]] + [(*each, 1, False) for each in ways[1:]]
    if snapshot.point.others:
        tried = [(*each, INPUTS, True) for each in ways[:-1]] + tried
    for decimals, letters, apart, most, all_targets in tried:
        line = _point(snapshot, decimals, letters, " " * apart, most, all_targets)
        # With room for the model to stray, so that its numbers don't change the names beside them.
        values = [snapshot.point.prediction, snapshot.point.off]
        if all_targets:
            values += [other.prediction for other in snapshot.point.others]
        stray = sum(max(0, decimals + 5 - len(fixed(value, decimals))) for value in values)
        if width_of(line) + stray <= width:
            return line
    while width_of(line) > width:
        line = line[:-1]
    return line


def _point(
    snapshot: Snapshot, decimals: int, letters: int, apart: str, most: int, all_targets: bool
) -> Line:
    """The line in so many decimals and letters a name; with `all_targets` those not drawn too.

    Of the inputs there are so many at `most`.
    """
    chosen, scene = snapshot.point, snapshot.scene
    inputs = apart.join(
        f"{shortened(name, letters)} {fixed(value, decimals)}"
        for name, value in zip(scene.inputs[:most], chosen.x[:most], strict=True)
    ) + (f"{apart}…" if len(chosen.x) > most else "")
    target = f"{shortened(scene.drawn_target, letters)} {fixed(chosen.y, decimals)}"
    others = chosen.others if all_targets else ()
    return [
        (" point ", "quiet"),
        (f"{chosen.index + 1:>{len(str(scene.rows))}} of {scene.rows}{apart}", "text"),
        (f"{inputs}{apart}{target}{apart}", "data"),
        (f"model {fixed(chosen.prediction, decimals)}{apart}", "model"),
        (f"off by {fixed(chosen.off, decimals)}", "text"),
        *(run for other in others for run in _other(other, decimals, letters, apart)),
    ]


def _other(other: OtherTarget, decimals: int, letters: int, apart: str) -> Line:
    """A target that isn't drawn, and what the model says of it."""
    return [
        (f"{apart}{shortened(other.name, letters)} {fixed(other.y, decimals)}", "data"),
        (f" model {fixed(other.prediction, decimals)}", "model"),
    ]


def under_the_table(snapshot: Snapshot) -> list[Line]:
    """Under scaled parameters, what they come to in the units of the file; else a term."""
    if not snapshot.raw_parameters:
        said = introduced(snapshot) if snapshot.scene.kind == "quadratic" else ()
        return [[(f"   {sentence}", "quiet")] for sentence in said]
    scene = snapshot.scene
    (_, a), (_, b), (_, c) = snapshot.raw_parameters
    x = scene.inputs[0]
    formula = f"{scene.target} = {short(a)}·{x}² + {short(b)}·{x} + {short(c)}".replace("+ −", "− ")
    return [[("   as in the file: ", "quiet"), (formula, "model")]]


def words(snapshot: Snapshot, width: int, standing: StandingWords) -> list[Line]:
    """What is true now, in at most two lines, as far as it may change already."""
    role = "alarm" if is_alarm(snapshot) else "text"
    room = max(LEAST_SIZE.width, min(width, LEAST_WHOLE.width)) - 2
    activity = snapshot.activity
    news = (width, activity.complaint, id(activity.outcome), id(activity.settled))
    said = standing.of(sentences(snapshot, room, width - 2), snapshot.running, news)
    first, second, *_ = [*said, "", ""]
    return [[(" " + first, role)], [(" " + second, "text")]]


def pace(value: float) -> str:
    """10/s, 0.5/s or max."""
    return "max" if value == math.inf else f"{short(value)}/s"


def status(snapshot: Snapshot, width: int, at_step: bool = False) -> Line:
    """Whether it runs, step, epoch and target, loss and its change, learning rate.

    `at_step`: the step's number is what is chosen.
    Where there is no room for all of it, change, space, the target that is passed, pace, the loss
    in the units of the file, and the batch of the epoch go, in this order; then a sign tells
    whether it runs, and the target, the validation loss and the epoch go.
    """
    line: Line = []
    whole = "state batch target val epoch"
    of_scaled = ("pace space past file", "pace past file", "pace file", "file")
    for parts in (
        f"{whole} pace change space past file",
        *(f"{whole} {more}" for more in of_scaled * (snapshot.scene.loss_factor is not None)),
        f"{whole} pace change space past",
        f"{whole} change space past",
        f"{whole} space past",
        f"{whole} past",
        whole,
        "state target val epoch",
        "target val epoch",
        "val epoch",
        "epoch",
        "",
    ):
        line = _status(snapshot, width, parts.split(), at_step)
        if width_of(line) <= width:
            break
    return line


def _status(snapshot: Snapshot, width: int, parts: list[str], at_step: bool) -> Line:
    config = snapshot.config
    wide = width >= WIDE
    state = "running" if snapshot.running else "paused"
    space = "space" in parts
    begin: Line = []
    if "state" in parts:
        state = f" {state:<8}" if space else f" {state} "
    else:
        state = RUNS if snapshot.running else PAUSED
    begin.append((state, "model" if snapshot.running else "strong"))
    if "pace" in parts:
        begin.append((f"{pace(config.pace):<7}", "quiet"))
    is_past = snapshot.epoch > config.epochs
    epoch = f"epoch {snapshot.epoch}" if "epoch" in parts else ""
    if not is_past and "target" in parts:
        epoch += f"/{config.epochs}"
    is_just_there = snapshot.epoch == config.epochs and not snapshot.position
    if snapshot.steps_per_epoch > 1 and "batch" in parts and not is_just_there:
        batch = -(-snapshot.position // (config.batch_size or 1))
        epoch += f" {batch}/{snapshot.steps_per_epoch}"
    if is_past and "past" in parts:
        epoch += f", target {config.epochs}"
    change: Line = []
    if "change" in parts and snapshot.change is not None and snapshot.change != 0:
        glyph, role = ("▼", "model") if snapshot.change < 0 else ("▲", "alarm")
        change = [(f" {glyph} {fixed(abs(snapshot.change))}", role)]
    elif "change" in parts and snapshot.steps_per_epoch > 1:
        change = [(" all rows", "quiet")]
    in_file: Line = []
    if "file" in parts and snapshot.scene.loss_factor:
        value = snapshot.loss * snapshot.scene.loss_factor
        in_file = [(f" ({short(value)} {_unit(snapshot)})", "quiet")]
    validation: Line = []
    if snapshot.validation and "val" in parts:
        said = "  val " if space else " val "
        validation = [(said, "text"), (fixed(snapshot.validation.loss), "validation")]
    end: Line = [
        ("  loss " if space else "loss ", "text"),
        (fixed(snapshot.loss), "strong"),
        *in_file,
        *change,
        *validation,
        (f"{'  ' if space else ' '}lr {short(snapshot.learning_rate)}", "text"),
    ]
    if snapshot.phase_name:
        phase = snapshot.phase_name.upper()
        phase = f"{phase:<8} " if space else phase
        middle: Line = [
            (f"step {snapshot.step}", meaning("strong", "press", "jump")),
            (f" ▸ {phase} ", "strong"),
            (f"{epoch} " if epoch else "", meaning("text", "press", "epochs")),
        ]
    else:
        step = f"{snapshot.step:<5}" if space else str(snapshot.step)
        middle = [
            (f"step {step}", meaning("text", "press", "jump")),
            (" ", "text"),
            (f"{epoch}", meaning("text", "press", "epochs")),
            (" ", "text"),
        ]
        room = width - width_of(begin) - width_of(middle) - width_of(end) - 2
        cells = min(PROGRESS_CELLS * (3 if wide else 1), room)
        if snapshot.contest is not None:  # its moves are no steps of the run
            moves = f" {times(snapshot.contest.moves, 'move')}"
            middle += [(moves, "strong")] * (len(moves) <= room)
        elif cells >= LEAST_CELLS:
            middle += _progress(snapshot, cells)
    if at_step:
        middle = [("▸", "strong"), (middle[0][0], meaning("strong", "press", "jump")), *middle[1:]]
    gap = max(0, width - width_of(begin) - width_of(middle) - width_of(end) - 1)
    return [*begin, *middle, (" " * gap, "text"), *end]


def _unit(snapshot: Snapshot) -> str:
    """What the loss is in in the units of the file: price² of squared errors in price."""
    scene = snapshot.scene
    if len(scene.targets) > 1:
        return "as in file"
    squared = "²" if LOSSES[snapshot.config.loss].power == 2 else ""
    return f"{shortened(scene.drawn_target, UNIT)}{squared}"


def _progress(snapshot: Snapshot, cells: int) -> Line:
    steps = max(1, snapshot.config.epochs * snapshot.steps_per_epoch)
    done = min(cells, snapshot.step * cells // steps)
    return [("━" * done, "model"), ("─" * (cells - done), "rule")]
