"""What the step view says in words of the phase that was done last, from the numbers it shows."""

from collections.abc import Iterator

import numpy as np

from nn_core.explain.insights.step_insight import StepInsight, Votes
from nn_core.formatting import LINE_WIDTH, number, short
from nn_core.training.state import PHASES

LITTLE = 0.01  # by which a parameter is imagined to rise
NEARLY = 0.75  # of the larger side: from there on two sides nearly cancel
MOST = 0.75  # of all votes: that is nearly all that decides
ROUNDING = 1e-12  # of the votes: a gradient as small is what is left of them by rounding
LEAST_SHARE = 0.005  # of the sum: less would be 0 %
FEW = 5  # rows: of fewer there is no inner and outer half


def sentences(found: StepInsight) -> tuple[str, ...]:
    """At most three, the most important first; none where the general words say it."""
    phase = PHASES[found.done - 1] if found.done else ""
    if phase == "loss":
        return tuple(_loss(found))
    if phase == "backward":
        return tuple(_backward(found))
    return ()


def _loss(found: StepInsight) -> Iterator[str]:
    if found.bars is None or not np.isfinite(found.loss):
        return
    values, average = found.bars.values, f"Loss: {number(found.loss)} on average"
    worst = int(values.argmax())
    added = float(values.sum())
    if len(values) > 1 and values[worst] > LEAST_SHARE * added:
        most, point = _share(values[worst] / added), f"point {found.bars.numbers[worst] + 1}"
        at = found.bars.chosen
        if at is None or at == worst:
            yield f"{average}; {point} brings the most, {most} of the sum."
        else:
            own = f"point {found.bars.numbers[at] + 1} brings {_share(values[at] / added)}"
            parts = f"{own} of the sum, {point} the most, {most}."
            whole = f"{average}; {parts}"
            yield whole if len(whole) <= LINE_WIDTH else f"Loss: {parts}"
    else:
        yield f"{average}."
    yield "Next, backward: how the loss changes with each parameter."


def _share(part: float) -> str:
    return f"{part:.0%}" if part >= LEAST_SHARE or not part else "under 1%"


def _backward(found: StepInsight) -> Iterator[str]:
    if not np.isfinite(found.slope):
        return
    size = 0.0 if found.bars is None else float(np.abs(found.bars.values).mean())
    if abs(found.slope) <= ROUNDING * size:
        yield f"Backward: the gradient is 0: a small move of {found.symbol} changes nothing."
    else:
        way = "rises" if found.slope > 0 else "falls"
        change = number(abs(found.slope) * LITTLE)
        yield f"Backward: if {found.symbol} rises by {LITTLE}, the loss {way} by about {change}."
    if found.bars is not None and len(found.bars.values) > 1:
        yield _who_decides(found, found.bars)
        silent = int((found.bars.values == 0).sum())
        if silent:
            of = f"{silent} of {len(found.bars.values)} points"
            yield f"{of} have no vote on {found.symbol}: a factor on their way is 0."


def _who_decides(found: StepInsight, bars: Votes) -> str:
    values, symbol = bars.values, found.symbol
    lower, higher, count = int((values > 0).sum()), int((values < 0).sum()), len(values)
    if np.all(np.abs(values) == 1):
        return (
            f"For {symbol} every point has one equal vote: ({lower} − {higher}) ÷ {count} "
            f"= {number((lower - higher) / count)}."
        )
    if bars.x is not None and symbol == "a" and count >= FEW and bars.x.min() < 0 < bars.x.max():
        outer = np.abs(bars.x) > np.median(np.abs(bars.x))
        sizes = np.abs(values)
        if sizes[outer].sum() >= MOST * sizes.sum():
            least, *_, largest = np.sort(bars.x**2).round(2).tolist()
            return (
                f"The outer points decide a, for x² is {short(largest)} there "
                f"and {short(least)} in the middle."
            )
    if bars.x is not None:
        left, right = float(values[bars.x < 0].sum()), float(values[bars.x > 0].sum())
        if left * right < 0 and min(abs(left), abs(right)) >= NEARLY * max(abs(left), abs(right)):
            # Not what each side has: the bars' sums are those up and down, and would be others.
            if found.slope == 0:
                return f"For {symbol}, the points left and right of x = 0 cancel each other."
            return (
                f"For {symbol}, the points left and right of x = 0 nearly cancel: "
                f"{number(left + right)} remains."
            )
    if lower == 0 or higher == 0:
        way, say = ("raise", higher) if lower == 0 else ("lower", lower)
        return f"{say} of {count} points say: {way} {symbol}; none says the contrary."
    return (
        f"{higher} of {count} points say: raise {symbol}, {number(-bars.below)} in all; "
        f"{lower} {'says' if lower == 1 else 'say'}: lower it, {number(bars.above)}."
    )
