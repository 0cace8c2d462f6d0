"""What stands in the place of the fit where the inputs are a picture: it, and what it is taken for.

The drawing sheet shows the same of a picture that a person draws.
"""

from collections.abc import Sequence

from nn_core.explain.classes import ClassPicture
from nn_core.explain.snapshot import Snapshot
from nn_core.formatting import times
from nn_tui.plot import pixels
from nn_tui.text.cells import RULE_CELLS, cut, rule, side_by_side
from nn_tui.text.roles import Line, width_of

NAME = 8  # letters of a class beside its bar
LEAST_BARS = 20  # columns
MOST_BARS = 44
LISTED_FROM = 17  # rows: from here on there are lists under the picture
LISTED = 5


def fit(snapshot: Snapshot, width: int, height: int, colour: bool) -> list[Line]:
    """The chosen row's picture beside the probability of each class; below, what goes wrong."""
    picture, scene = snapshot.classes, snapshot.scene
    assert picture is not None
    row = picture.looked_at
    assert row.image is not None
    listed = min(LISTED, height - LISTED_FROM + 3) + 2 if height >= LISTED_FROM else 0
    high = height - listed
    small, scale = pixels.fitted(row.image, max(1, width - LEAST_BARS - 2), high - 2)
    tones = pixels.ink(small, *scene.ink)
    lines = pixels.drawn(tones, pixels.INK, scale, colour)
    beside = small.shape[1] * scale + 2
    name, role = ("val", "validation") if row.is_held_back else ("point", "data")
    left = [_title(name, row.index + 1, role, beside - 1)]
    left += [[(" ", "text"), *line] for line in lines][: high - 2]
    left.append(_taken(picture, beside - 1))
    left += [[] for _ in range(high - len(left))]
    room = min(MOST_BARS, width - beside)
    right = bars(picture.names, row.shares, room, high, row.label)
    shown = side_by_side(left[:high], right, beside)
    if listed:
        shown += [[], *_lists(picture, width)]
    return [cut(line, width) for line in shown[:height]]


def _title(name: str, number: int, role: str, width: int) -> Line:
    """Which row it is; without a rule around it where there is no room for that."""
    title = f"{name} {number}"
    if width >= len(title) + RULE_CELLS:
        return rule([(title, role)], width)
    return [(f" {title if len(title) < width else number}", role)]


def _taken(picture: ClassPicture, width: int) -> Line:
    row = picture.looked_at
    is_, taken = (picture.names[at][:NAME] for at in (row.label, row.taken))
    role = "model" if row.label == row.taken else "alarm"
    line: Line = [(f" a {is_}", "data"), (f", taken for {taken}", role)]
    return line if width_of(line) <= width else [(f" {is_}", "data"), (f" → {taken}", role)]


def bars(
    names: Sequence[str], shares: Sequence[float], width: int, height: int, is_: int | None = None
) -> list[Line]:
    """The probability of each class as a bar, of the others together where there is no room.

    `is_` is the place of the class that is right, marked with ●, which has a bar of its own.
    """
    order = sorted(range(len(names)), key=lambda at: -shares[at])
    first = order[0]
    if is_ is not None:
        order.sort(key=lambda at: at not in (first, is_))
    kept = sorted(order[: height if height >= len(names) else max(1, height - 1)])
    own = min(NAME, max(len(name) for name in names))
    room = max(1, width - own - 9)
    lines: list[Line] = []
    for at in kept:
        full = round(shares[at] * room)
        lines.append([
            (" ●" if at == is_ else "  ", "data"),
            (f"{names[at][:own]:>{own}} ", "strong" if at == first else "text"),
            ("━" * full, "model"),
            ("─" * (room - full), "rule"),
            (f" {shares[at]:>5.2f}", "strong" if at == first else "quiet"),
        ])  # fmt: skip
    if len(kept) < len(names) and height > 1:
        others = f"   {len(names) - len(kept)} others"
        rest = sum(shares) - sum(shares[at] for at in kept)
        gap = max(1, width - len(others) - 6)
        lines.append([(f"{others}{'':<{gap}} {rest:>5.2f}", "quiet")])
    return lines


def _lists(picture: ClassPicture, width: int) -> list[Line]:
    """The pairs that are confused most, beside the rows that are most wrong."""
    names, half = picture.names, width // 2
    if not picture.worst:
        return [[(" All rows trained on are right.", "quiet")]]
    rows_of = f" confused most of {picture.measures.rows} trained on"
    headings = (rows_of, " confused in training", " confused")
    heading = next((each for each in headings if len(each) < half), "")
    pairs: list[Line] = [[(heading, "quiet")]]
    for is_, taken, count in picture.measures.confused(LISTED):
        told = f" {names[is_][:NAME]} taken for {names[taken][:NAME]}"
        rows = times(count, "row")
        if len(told) + len(rows) + 2 > half:
            told, rows = f" {names[is_][:NAME]} → {names[taken][:NAME]}", str(count)
        gap = max(1, half - 3 - len(told) - len(rows))
        pairs.append([(told + " " * gap, "text"), (rows, "alarm")])
    is_part = picture.validation is not None and len(where := " most wrong in training") < half
    worst: list[Line] = [[(where if is_part else " most wrong", "quiet")]]
    for row, is_, taken, _ in picture.worst[:LISTED]:
        told = f" point {row + 1}: {names[is_][:NAME]}, taken for {names[taken][:NAME]}"
        if len(told) > width - half:
            told = f" point {row + 1}: {names[is_][:NAME]} → {names[taken][:NAME]}"
        worst.append([(told, "text")])
    return side_by_side(pairs, worst, half)
