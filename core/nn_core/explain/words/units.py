"""Words about units and their kinks."""

from collections.abc import Iterator

from nn_core.config.key_names import with_keys
from nn_core.explain.observations import RECENT
from nn_core.explain.rows import NumberRow
from nn_core.explain.snapshot import Snapshot
from nn_core.explain.words.divergence import far_from_1, usual_rate
from nn_core.formatting import about, joined, layer_said, listed, short, times, unit_short
from nn_core.optim.optimizers import rests_without_gradient
from nn_core.training.measures import ClassMeasures, NumberMeasures, TargetsMeasures


def mostly_dead(snapshot: Snapshot) -> Iterator[str]:
    """That more than half of a layer is dead while the loss gets nowhere: that is in its way.

    What helps there is another run: a rate that is lowered later doesn't bring units back.
    """
    found, best = snapshot.observed, snapshot.scene.reference("best")
    is_behind = best is not None and snapshot.step >= RECENT and snapshot.loss > best.loss
    if not (is_behind or found.swing is not None or found.still_since is not None):
        return
    for layer, (dead, count) in enumerate(zip(found.silent, snapshot.config.hidden, strict=False)):
        if 2 * len(dead) > count:
            points = times(len(snapshot.scene.y), "point")
            yield (
                f"{len(dead)} of {count} units of {layer_said(layer)} (△) are dead, "
                f"0 at all {points}: too few learn."
            )
            yield from _against_death(snapshot, adds_units=False)
            return


def silent(snapshot: Snapshot) -> Iterator[str]:
    """Which units put out 0 at every point, and whether they can come back."""
    # What comes into the first layer never changes, so a unit that is silent there stays so;
    # in a deeper layer, or with old gradients still adding up, it may be moved yet.
    stuck = rests_without_gradient(snapshot.config) and not any(snapshot.observed.silent[1:])
    fate = "its gradient is 0" + (", it can’t come back" if stuck else "")
    if snapshot.penalty is not None:
        fate = "only the penalty moves it"
    if snapshot.scene.kind == "relu":
        for unit in snapshot.observed.silent[0]:
            yield f"Line {unit + 1} is cut off at every point: {fate}."
            yield with_keys(
                f"To wake it, choose b{unit + 1} ({{key.up+down}}) and move it by hand "
                "({key.lower+raise}), or restart ({key.restart})."
            )
        return
    units = [
        (layer, unit) for layer, found in enumerate(snapshot.observed.silent) for unit in found
    ]
    if len(units) == 1:
        layer, unit = units[0]
        yield f"{unit_short(layer, unit).capitalize()} (△) is dead, 0 at all points: {fate}."
    elif units:
        fate = (
            "their gradients are 0" if snapshot.penalty is None else "only the penalty moves them"
        )
        points = times(len(snapshot.scene.y), "point")
        yield f"{len(units)} units (△) are dead, 0 at all {points}: {fate}."
    if units and not any(snapshot.observed.silent[1:]):
        yield from _against_death(snapshot)


def _against_death(snapshot: Snapshot, adds_units: bool = True) -> Iterator[str]:
    """What lets fewer units die."""
    found, lower = far_from_1(snapshot.scene), usual_rate(snapshot) or "{key.rate_down}"
    if found:
        yield with_keys(f"{found}: scaled ({{key.scale}}) fewer units die.")
    elif adds_units and snapshot.is_one_curve:
        yield with_keys(
            f"{{key.place_unit}} adds a unit; a lower rate ({lower}, then {{key.restart}}) may "
            "spare some; leaky-relu ({key.options}) all."
        )
    else:
        yield with_keys(
            f"A lower rate ({lower}, then {{key.restart}}) may spare some; "
            "leaky-relu ({key.options}) spares all."
        )


def switched_off(snapshot: Snapshot) -> Iterator[str]:
    """What is lost without the units that are switched off."""
    found = snapshot.switched_off
    if found is None:
        return
    less, more = found.without, found.with_them
    names, them = listed(found.units, 4), "it" if len(found.units) == 1 else "them"
    part = "rows held back" if found.held_back else "rows"
    of = " on rows held back" if found.held_back else ""
    if isinstance(less, TargetsMeasures) and isinstance(more, TargetsMeasures):
        drawn = snapshot.scene.drawn_target
        less, more, of = less.by_target[drawn], more.by_target[drawn], f" for {drawn}{of}"
    if isinstance(less, ClassMeasures) and isinstance(more, ClassMeasures):
        yield (
            f"Without {names}: right on {less.right} of {less.rows} {part} "
            f"({100 * less.accuracy:.1f} %), with {them} on {more.right}."
        )
    elif isinstance(less, NumberMeasures) and isinstance(more, NumberMeasures):
        yield (
            f"Without {names}: off by {about(less.rmse)} (RMSE){of}, "
            f"with {them} by {about(more.rmse)}."
        )


def rectified_lines(snapshot: Snapshot) -> Iterator[str]:
    """Where the lines have their kinks, and what their sum can't follow."""
    if snapshot.scene.kind != "relu":
        return
    bends = [kink for kink in snapshot.kinks if kink.bend]
    if len(bends) == 2 and abs(bends[0].x - bends[1].x) < 1e-9:
        numbers = {row.label: row.value for row in snapshot.rows if isinstance(row, NumberRow)}
        slope, place = abs(numbers.get("m1", 0.0)), bends[0].x
        if numbers.get("m1") == -numbers.get("m2", 0.0):
            sign = "+" if place <= 0 else "−"
            yield (
                f"Both kinks lie at x = {short(place)}: together it is "
                f"{short(slope)}·|x {sign} {short(abs(place))}|, two halves of one V."
            )
    elif bends:
        places = joined(short(round(kink.x, 3)) for kink in bends)
        yield f"The kinks lie at x = {places}; each line counts on one side only."
    under = int((snapshot.scene.y < 0).sum())
    if under:
        yield (
            "The sum only bends up, is never below 0: "
            f"{times(under, 'point lies', 'points lie')} there, out of reach."
        )
    else:
        yield "The sum only bends up, is never below 0: it can follow a valley, never a hill."
