"""What the plots show of a snapshot: the fit, the loss so far, the gradient's length."""

import math
from functools import lru_cache
from typing import Any

import numpy as np

from nn_core.analysis.references import Reference
from nn_core.arrays import Array
from nn_core.config import MADE_DATA
from nn_core.explain.classes import ClassPicture
from nn_core.explain.observations import RISEN
from nn_core.explain.scene import Scene
from nn_core.explain.snapshot import Snapshot
from nn_core.formatting import fixed
from nn_core.run.contest import Score
from nn_tui.panels import classes
from nn_tui.panels.drawn_losses import (
    end_value,
    in_sight,
    kept_curves,
    named_above,
    named_below,
    smoothed,
)
from nn_tui.panels.frame import heights, with_model
from nn_tui.panels.over_steps import apart, last_step, steps_axis, with_now
from nn_tui.plot.plot import (
    AxisGlyphs,
    Curve,
    Envelope,
    Mark,
    Plot,
    Points,
    ReferenceLine,
    Residuals,
    Shares,
)
from nn_tui.plot.scale import Axis
from nn_tui.text.cells import shortened

LOG_FROM = 20.0  # the loss axis is logarithmic where the losses span more than this factor
MANY_POINTS = 200  # that would hide the model's curve, which lies over so many
GLYPHS = {1: "▲", -1: "▼", 0: "△"}
NAMED = 24  # letters of all inputs up to which a title names them one by one
LETTERS = 16  # of a target in a title
HELD_BACK = "○"  # rows held back, and the loss on them
LEAST = "✦"  # where that loss was least
# On which the losses to compare with are worked out, and the same in brief.
TRAINING_ROWS, TRAIN = "training rows", "train"
MARKS = 8  # of a plot's parts, in each of which the validation loss has a mark
CHANGES = 24  # letters in a title of what was changed
CHANGED = "┼"  # where something was changed within the run
KINKS = (  # what the glyphs under the fit mean, beside them under the loss
    ("kinks: ", "quiet"),
    ("▲", "model"),
    (" bend up  ", "quiet"),
    ("▼", "model"),
    (" down  ", "quiet"),
    ("△", "model"),
    (" dead", "quiet"),
)


def fit(snapshot: Snapshot, markers: str, all_residuals: bool) -> Plot:
    """The data, the model's curve and the truth; prediction over target with several inputs."""
    scene, point = snapshot.scene, snapshot.point
    chosen = scene.drawn_at(point.index)
    if not scene.over_x:
        return _prediction_over_target(snapshot, markers, chosen)
    marks: list[Mark] = []
    if all_residuals and scene.rows <= 100:
        marks.append(Residuals(scene.x, scene.y, snapshot.predictions, role="rule"))
    marks.append(
        Residuals(
            np.array([point.x[0]]), np.array([point.y]), np.array([point.prediction]), role="data"
        )
    )
    title = [("fit", "strong"), (" ─ ", "rule"), ("● data", "data")]
    if len(scene.targets) > 1:
        title = [(_target(scene), "data")]
    elif snapshot.config.data not in MADE_DATA:  # which columns they are stands nowhere else
        title = [(f"● {_target(scene)} over {_input(scene)}", "data")]
    if scene.held_back is not None:  # in place of what the plot is anyway
        title = [title[-1], (f"  {HELD_BACK} val", "validation")]
        marks.append(Points(*scene.held_back, role="validation", glyph=HELD_BACK))
    title = with_model(title, scene, snapshot.curve)
    if scene.truth is not None:
        marks.append(_truth(scene))
        title += [("  ⠂⠐ truth", "truth")]
    if snapshot.curve is not None:
        over = len(scene.x) > MANY_POINTS
        marks.append(Curve(*snapshot.curve, role="model", over_points=over))
    marks.append(Points(scene.x, scene.y, chosen=chosen))
    if snapshot.kinks:
        marks.append(
            AxisGlyphs(
                np.array([kink.x for kink in snapshot.kinks]),
                "".join(GLYPHS[kink.bend] for kink in snapshot.kinks),
            )
        )
    return Plot(
        tuple(marks),
        tuple(title),
        x=Axis(scene.low, scene.high),
        reach=heights(scene),
        markers=markers,
    )


def drawn_points(snapshot: Snapshot) -> tuple[Array, Array]:
    """Where the data's drawn points lie on the fit's plot, whatever it is of."""
    scene = snapshot.scene
    if snapshot.classes is not None:
        return classes.drawn_points(scene, snapshot.classes)
    return (scene.x, scene.y) if scene.over_x else (scene.y, snapshot.predictions)


@lru_cache(maxsize=2)
def _truth(scene: Scene) -> Curve:
    """The truth's curve: the same object as long as the scene is, so that its dots are known."""
    assert scene.truth is not None
    return Curve(*scene.truth, role="truth", every=3)


def _prediction_over_target(snapshot: Snapshot, markers: str, chosen: int | None) -> Plot:
    scene = snapshot.scene
    ends = np.array([scene.y.min(), scene.y.max()])
    return Plot(
        (
            Curve(ends, ends, role="truth", every=3),
            Points(scene.y, snapshot.predictions, chosen=chosen),
        ),
        (
            ("predicted", "model"),
            (f" over {_target(scene)}", "data"),
            *(((f" ({_inputs(scene)})", "data"),) * (snapshot.config.data not in MADE_DATA)),
            ("  ⠂⠐ where they agree", "truth"),
        ),
        x=Axis(scene.low, scene.high),
        markers=markers,
    )


def _inputs(scene: Scene) -> str:
    """What a table's inputs are called where they are few, else how many there are."""
    named = ", ".join(scene.inputs)
    return named if len(named) <= NAMED else f"{len(scene.inputs)} inputs"


def _input(scene: Scene) -> str:
    return shortened(scene.inputs[0], LETTERS)


def _target(scene: Scene) -> str:
    """The target that is drawn, and which of several it is."""
    count = len(scene.targets)
    which = f" ({scene.drawn + 1}/{count})" if count > 1 else ""
    return shortened(scene.drawn_target, LETTERS - len(which)) + which


def loss(snapshot: Snapshot, markers: str) -> Plot:
    """The loss of each step so far, the kept curves, and what to hold it against."""
    references = snapshot.scene.references
    score = snapshot.contest or _settled(snapshot)
    if score:
        return _contest(score, references, markers)
    unit, known = snapshot.steps_per_epoch, _own(snapshot)
    low, high = _extent(snapshot, known)
    log = low > 0 and high / low > LOG_FROM
    by = "epoch" if unit == 1 and snapshot.scene.is_listed_by_layer else "step"
    validation = snapshot.validation
    title = [("loss of this batch" if unit > 1 else f"loss by {by}", "strong")]
    if log:
        is_short = unit > 1 or validation or snapshot.changes or _above_best(snapshot)
        title.append((", log" if is_short else ", logarithmic", "quiet"))
    if validation:
        title.append((f"  {HELD_BACK} val loss", "validation"))
    if unit > 1:
        title += [("  ◆ all rows", "model"), ("  ⣀⣀ smoothed", "model")]
    if snapshot.changes:
        title.append((f"  {_changes([each.text for each in snapshot.changes])}", "strong"))
    # A curve that goes up and down all over the plot leaves no place for a name, soon or later.
    bounces = bool(snapshot.observed.swing) or snapshot.sums_gradients
    kept = kept_curves(snapshot, known)
    if kept and bounces:
        title += named_above(kept, markers)
    elif above := _above_best(snapshot):
        title.append((f"  {above}", "quiet"))
    steps = last_step(snapshot)
    marks: list[Mark] = []
    if len(snapshot.accuracy) > 1:
        marks += apart(Shares(snapshot.accuracy.steps, snapshot.accuracy.shares), snapshot.step)
    marks += kept
    own = with_now(snapshot, snapshot.losses, snapshot.loss)
    if unit > 1:  # under what it is a noisy measure of, and no louder than an axis
        marks += apart(Envelope(*own, "rule"), snapshot.step)
    if validation:
        x, y = validation.steps, validation.losses
        if snapshot.step == snapshot.tip:
            x, y = np.append(x, snapshot.step), np.append(y, validation.loss)
        least = "least" if validation.gap == 1 else "least measured"
        marks += _validation(x, y, steps, f"{least} at {by}", snapshot.step)
    names: dict[str, Any] = {"label": snapshot.label, "end": end_value(snapshot.loss)}
    if unit > 1:
        means = smoothed(snapshot.losses, unit)
        marks += apart(Curve(snapshot.losses.step, means, "model", **names), snapshot.step)
    else:
        marks += apart(Envelope(*own, "model", **names), snapshot.step)
    changed = [each for each in snapshot.changes if math.isfinite(each.loss)]
    if changed:
        at, losses = zip(*((each.step, each.loss) for each in changed), strict=True)
        marks.append(Points(np.array(at), np.array(losses), "strong", glyph=CHANGED))
    here = np.array([snapshot.step]), np.array([snapshot.loss])
    right = _told_right(snapshot.classes)
    foot, in_brief = right or (KINKS if snapshot.kinks else ()), right[:1]
    whose = TRAINING_ROWS if validation else ""  # else one held back is held against them too
    lines = _reference_lines(references, whose)
    if bounces and not foot:
        foot, in_brief, lines = named_below(_reference_lines(references), whose, whose and TRAIN)
    if unit > 1:
        marks.append(Points(*here, "model", glyph="◆"))
    elif snapshot.step < snapshot.tip:
        marks.append(Points(*here, "model", 0))
    # In the cell of another mark too it is the one that its name speaks of.
    marks.sort(key=lambda mark: isinstance(mark, Points) and mark.glyph == LEAST)
    return Plot(
        (*lines, *marks),
        tuple(title),
        foot,
        in_brief,
        x=steps_axis(steps),
        log_y=bool(log),
        markers=markers,
    )


def _validation(steps: Array, losses: Array, last: int, least_at: str, now: int) -> list[Mark]:
    """The validation loss: dots under the loss of training, and marks that tell it without colour.

    The marks are at every so many of the steps that the plot has room for, and at its end.  Where
    it has risen, which is hardly to be seen where it fell far before, it says where it was least.
    """
    known = np.flatnonzero(np.isfinite(losses))
    if not len(known):
        return []
    _, first = np.unique(steps[known] * MARKS // steps_axis(last).high, return_index=True)
    marked = known[np.append(first[1:-1], -1)]
    least = known[losses[known].argmin()]
    has_risen = losses[known[-1]] > (1 + RISEN) * losses[least]
    name = f"{LEAST} {least_at} {steps[least]}" if has_risen else ""
    here = slice(least, least + has_risen)
    return [
        *apart(Curve(steps, losses, role="validation", every=2, label=name), now),
        *apart(Points(steps[marked], losses[marked], "validation", glyph=HELD_BACK), now),
        Points(steps[here], losses[here], role="validation", glyph=LEAST),
    ]


def _told_right(picture: ClassPicture | None) -> tuple[tuple[str, str], ...]:
    """Where classes are told apart: of how many rows, and of how many held back, it is right.

    And how high the dots of that lie, which the axis of the loss does not tell.
    """
    if picture is None:
        return ()
    said = [(f"⠐ right, 0 to 100 %: {_percent(picture.measures.accuracy)}", "data")]
    if picture.validation is not None:
        said.append((f", val {_percent(picture.validation.accuracy)}", "validation"))
    return tuple(said)


def _percent(share: float) -> str:
    """97.2 %, and 100 % of all alone: as short as what it follows, so that both have room."""
    return "100 %" if share == 1 else f"{min(100 * share, 99.9):.1f} %"


def _above_best(snapshot: Snapshot) -> str:
    """How far the loss of a quadratic is from the best one's."""
    best = snapshot.scene.reference("best") if snapshot.scene.kind == "quadratic" else None
    if best is None or snapshot.steps_per_epoch > 1 or not best.loss < snapshot.loss < math.inf:
        return ""
    return f"{fixed(snapshot.loss - best.loss)} above best"


def _reference_lines(
    references: tuple[Reference, ...], whose: str = ""
) -> tuple[ReferenceLine, ...]:
    """Losses to compare with, each named with its number, and with whose rows' loss it is."""
    of, brief = (whose and f", {whose}"), (whose and TRAIN)
    return tuple(
        ReferenceLine(found.loss, f"{found.label}{of} {fixed(found.loss)}", include=True, of=brief)
        for found in references
    )


def _settled(snapshot: Snapshot) -> Score | None:
    """A contest that has just ended, as long as the run stands where its last move led."""
    score = snapshot.activity.settled
    return score if score and score.moves and score.yours[-1] == snapshot.loss else None


def _contest(score: Score, references: tuple[Reference, ...], markers: str) -> Plot:
    """Your loss and gradient descent's after each move, and what to hold them against."""
    moves = np.arange(len(score.yours))
    marks: list[Mark] = [*_reference_lines(references)]
    names = ("gradient descent", "you") if score.moves else ("", "")
    marks.append(Curve(moves, score.theirs, role="kept", every=2, label=names[0]))
    marks.append(Curve(moves, score.yours, role="model", label=names[1]))
    return Plot(
        tuple(marks), (("loss by move", "strong"),), x=steps_axis(score.moves), markers=markers
    )


def _changes(texts: list[str]) -> str:
    """What was changed at the marks, from left to right, or the last of it."""
    every = f"{CHANGED} {', '.join(texts)}"
    return every if len(texts) == 1 or len(every) <= CHANGES else f"last {CHANGED} {texts[-1]}"


def _extent(snapshot: Snapshot, own: Array) -> tuple[float, float]:
    """The least and the greatest finite loss to be seen; `own` are those of the run itself."""
    measured = snapshot.validation
    kept = [in_sight(each.envelope, own) for each in snapshot.drawn]
    parts = [own, *(each.low for each in kept), *(each.high for each in kept)]
    values = np.concatenate([*parts, *([measured.losses, [measured.loss]] if measured else [])])
    finite = values[np.isfinite(values)]
    return (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 0.0)


def _own(snapshot: Snapshot) -> Array:
    """The losses of the run on show, and those that it is held against."""
    single = [snapshot.loss, *(found.loss for found in snapshot.scene.references)]
    return np.concatenate([np.array(single), snapshot.losses.low, snapshot.losses.high])


def gradient(snapshot: Snapshot, markers: str) -> Plot:
    """The length of the gradient that each step used, over the steps that the losses reach."""
    curve = snapshot.gradient_norms
    finite = curve.low[np.isfinite(curve.low) & (curve.low > 0)]
    log = len(finite) > 0 and float(curve.high.max()) / float(finite.min()) > LOG_FROM
    of = "Σ gradient" if snapshot.sums_gradients else "the gradient"
    title = [(f"length of {of} by step", "strong")]
    if log:
        title.append((", logarithmic", "quiet"))
    return Plot(
        tuple(
            apart(
                Envelope(*with_now(snapshot, curve, snapshot.gradient_norm), role="push"),
                snapshot.step,
            )
        ),
        tuple(title),
        x=steps_axis(last_step(snapshot)),
        log_y=bool(log),
        markers=markers,
    )
