"""A parameter's slider: where its value started, where it is, the push on it, and where it goes."""

import math

from nn_core.explain.rows import NumberRow
from nn_tui.text.cells import merged
from nn_tui.text.meaning import meaning
from nn_tui.text.roles import Line, Run

NARROWEST = 9
LONGEST_PUSH = 4  # cells, of the strongest update
# What a title calls the heads of the arrow, whose number is a strength and no distance: in plain
# descent it is the gradient's, and of any other optimizer the update's, which may go against the
# gradient.  The first where there is room for it.
PUSH = ("▸▸▸▸ strongest push  ▸ weaker", "▸ push")
UPDATE = ("▸▸▸▸ largest update  ▸ smaller", "▸ update")
NEXT = "◇"
BEYOND = {True: "»", False: "«"}  # at an end: the next value lies further on


def slider(row: NumberRow, low: float, high: float, width: int, strongest: float) -> Line:
    """Where the value started (┊), where it is (◆), the push on it (▸▸), the next value (◇).

    There are as many heads as the update is large beside the `strongest`; with 0 there are none and
    no next value.  They are no shaft with a tip, which would point at a place.  A next value less
    than a cell away isn't marked, nor a start less than half of one, beside which ◆ would seem to
    have moved by a whole one.  A next value beyond an end is marked by » there.
    """
    cells: list[Run] = [("─", "rule")] * width
    cells[0], cells[-1] = ("├", "rule"), ("┤", "rule")
    here = _cell(row.value, low, high, width)
    if low <= row.start <= high and _is_apart(row.start, row.value, low, high, width, 0.5):
        cells[_cell(row.start, low, high, width)] = ("┊", "quiet")
    if strongest and row.update and math.isfinite(row.update) and math.isfinite(strongest):
        up = row.update > 0
        way, length = 1 if up else -1, _length(abs(row.update) / strongest)
        for at in range(1, length + 1):
            if 0 < here + way * at < width - 1:
                cells[here + way * at] = ("▸" if up else "◂", "push")
        if moves(row, low, high, width):
            if low <= row.next <= high:
                cells[_cell(row.next, low, high, width)] = (NEXT, "push")
            else:
                cells[-1 if up else 0] = (BEYOND[up], "push")
    cells[here] = ("◆", "model")
    return [(text, meaning(role, "slide", row.index)) for text, role in merged(cells)]


def moves(row: NumberRow, low: float, high: float, width: int) -> bool:
    """Whether the next value is a cell or more away on the slider, or beyond its ends."""
    if not math.isfinite(row.value) or math.isnan(row.next) or row.frozen:
        return False
    if not low <= row.next <= high:
        return True
    return _is_apart(row.next, row.value, low, high, width)


def _is_apart(
    value: float, other: float, low: float, high: float, width: int, least: float = 1.0
) -> bool:
    """Whether two values are so many cells away from each other, and in two of them."""
    apart = abs(_place(value, low, high, width) - _place(other, low, high, width))
    return apart >= least and _cell(value, low, high, width) != _cell(other, low, high, width)


def _place(value: float, low: float, high: float, width: int) -> float:
    """In cells from the first one inside the ends."""
    # Halved, so that the difference of any two is finite.
    part = (min(max(value, low), high) / 2 - low / 2) / (high / 2 - low / 2)
    return part * (width - 3) if math.isfinite(part) else 0.0


def _cell(value: float, low: float, high: float, width: int) -> int:
    return 1 + round(_place(value, low, high, width))


def _length(share: float) -> int:
    longer = round((LONGEST_PUSH - 1) * min(share, 1.0)) if math.isfinite(share) else 0
    return 1 + longer
