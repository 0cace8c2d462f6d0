"""What the slope view says: how far the bottom is, and what the next step does about it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from nn_core.config.key_names import key_name
from nn_core.explain.insights.insight import InsightContext
from nn_core.formatting import fixed, short, signed

if TYPE_CHECKING:
    from nn_core.explain.insights.slope import Slice, SlopeInsight

BELOW_NOTICE = 0.5e-4  # of a loss: four decimals show no difference
MOVES = 10  # of the last, in which turns are counted
BOUNCES_FROM = 4  # turns in so many moves
CLOSE_TO_AN_END = 0.01  # of the range: the bottom may lie beyond
HERE = 0.05  # of the range: a bottom that is farther off isn't where the parameter is
SMALL = 0.01  # by which the slope is told


def sentences(found: "SlopeInsight", context: InsightContext) -> Iterator[str]:
    """One to three sentences, the most important first."""
    if found.slice is None or not np.isfinite([found.loss, found.slice.least]).all():
        value = short(found.chosen.value)
        back = key_name("step_back")
        yield f"At {value} the loss overflows: there is no slope to go by. {back} goes back."
        return
    name = _name(found)
    if found.frozen:
        yield f"{_begun(name)} is frozen: no step moves it; this is what moving it would do."
    elif not found.known:
        yield "Inside the step its gradient isn’t known yet: the arrow comes with backward."
    else:
        yield from _step(found, found.slice, context)
    if np.isfinite(found.slope):
        yield _slope(found.slope, name)


def _name(found: "SlopeInsight") -> str:
    """What a sentence calls the parameter: a network's have long names."""
    chosen = found.chosen
    return chosen.label if chosen.kind == "number" else f"this {chosen.kind}"


def _again(name: str) -> str:
    """What comes in its place where it was named before, or is chosen anyway."""
    return "it" if " " in name else name


def _begun(name: str) -> str:
    """The name as a sentence begins with it: that of a parameter stays as it is."""
    return name[0].upper() + name[1:] if " " in name else name


def _slope(slope: float, name: str) -> str:
    change = SMALL * slope
    if abs(change) < BELOW_NOTICE / 100:
        return f"Slope {fixed(slope)}: a small change of {name} hardly changes the loss."
    way = "higher" if change > 0 else "lower"
    return (
        f"Slope {fixed(slope)}: {short(SMALL)} more of {_again(name)} makes the loss "
        f"about {fixed(abs(change))} {way}."
    )


def _step(found: "SlopeInsight", shown: "Slice", context: InsightContext) -> Iterator[str]:
    """What the next step does to the chosen parameter, and to the loss."""
    name, update = _name(found), found.chosen.update
    gap = shown.bottom - found.chosen.value
    turns, moves = turned(found)
    if turns >= BOUNCES_FROM:
        yield (
            f"{_begun(name)} bounces: back and forth {turns} times in {moves} moves. "
            "A smaller rate (−)?"
        )
    if not np.isfinite([update, found.landing, found.next_loss]).all():
        yield "The next step overflows: the rate is too large (− lowers it)."
        return
    fall = found.loss - shown.least
    far = is_near_an_end(found, shown) or abs(gap) > HERE * (found.chosen.high - found.chosen.low)
    if 0 < fall < BELOW_NOTICE and far:
        yield f"Nearly flat here: all along this slice the loss falls by about {roughly(fall)}."
    elif fall < BELOW_NOTICE:
        yield f"{_begun(name)} is at the bottom of its slice, as far as four decimals show."
    elif not update:
        yield f"The next step leaves {name} where it is."
    elif gap * update < 0:
        yield _away(found, shown, context)
    elif abs(update) > abs(gap):
        over = f"A step of {signed(update)} jumps over the bottom, {fixed(abs(gap))} away"
        if found.landing > found.loss + BELOW_NOTICE:
            yield f"{over}, and ends higher."
        else:
            yield f"{over}."
    elif is_near_an_end(found, shown):
        yield f"The loss falls as far as this slice goes, to where {name} is {short(shown.bottom)}."
    else:
        moved, away, steps = _pace(update, abs(gap))
        off = f"{steps} such steps off" if abs(gap / update) >= 1.5 else "the next step"
        yield f"A step moves {_again(name)} by {moved}: the bottom, {away} away, is {off}."
    alone = "Alone" if shown.rows == found.rows else f"On these {shown.rows} rows alone"
    if found.loss - found.landing > BELOW_NOTICE < found.next_loss - found.loss:
        yield (
            f"{alone} it would lower the loss to {fixed(found.landing)}; "
            f"all moving at once make it {fixed(found.next_loss)}."
        )


def _away(found: "SlopeInsight", shown: "Slice", context: InsightContext) -> str:
    """Why a step leads away from the bottom of the slice."""
    trainer = context.timeline.trainer
    if found.slope * found.chosen.update < 0:
        return "Downhill, but away from the lowest point: a rise lies between."
    if found.slope * found.used <= 0:
        if trainer.steps_per_epoch > 1:
            return (
                f"Away from the bottom: the batch’s slope is {fixed(found.used)}, "
                f"that of all rows {fixed(found.slope)}."
            )
        if shown.rows < found.rows:
            return (
                f"Away from the bottom of these {shown.rows} rows: all {found.rows} have a slope "
                f"of {fixed(found.used)}."
            )
        return f"Away from the bottom: it uses the sum of gradients so far, {fixed(found.used)}."
    return "Away from the bottom: the optimizer remembers older gradients."


def _pace(update: float, gap: float) -> tuple[str, str, str]:
    """A step, how far it is to the bottom, and how many such steps that is.

    In as few digits as let the one divided by the other be the third.
    """
    steps, moves, away = roughly(round(gap / abs(update))), signed(update), roughly(gap)
    for digits in range(3, 7):
        if roughly(round(_as_written(away) / abs(_as_written(moves)))) == steps:
            break
        away = short(gap, digits)
        if roughly(round(_as_written(away) / abs(_as_written(moves)))) == steps:
            break
        moves = f"{'+' if update > 0 else ''}{short(update, digits)}"
    return moves, away, steps


def _as_written(text: str) -> float:
    return float(text.replace("−", "-"))


def roughly(value: float) -> str:
    """How far or how many, in two significant digits."""
    return short(float(f"{value:.2g}"))


def is_near_an_end(found: "SlopeInsight", shown: "Slice") -> bool:
    """Whether the slice is lowest at an end of what is shown."""
    low, high = found.chosen.low, found.chosen.high
    margin = CLOSE_TO_AN_END * (high / 2 - low / 2) * 2
    return not low + margin < shown.bottom < high - margin


def turned(found: "SlopeInsight") -> tuple[int, int]:
    """How often the chosen parameter turned back in its last moves, and how many they were."""
    path = np.append(found.past_steps.values[:, 0], found.chosen.value)[-MOVES - 1 :]
    ways = np.sign(np.diff(path))
    return int((ways[1:] * ways[:-1] < 0).sum()), len(ways)
