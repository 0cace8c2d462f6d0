"""The table under the plots: parameters one by one, or the layers of a network."""

import math
from collections.abc import Sequence

from nn_core.explain.rows import LayerRow, NumberRow, Rows, UnitRow
from nn_core.explain.snapshot import Snapshot
from nn_core.formatting import exponent, short, signed
from nn_core.optim.optimizers import is_plain_descent
from nn_tui.panels import slider
from nn_tui.panels.layout import LEAST_WHOLE
from nn_tui.text.cells import merged, number
from nn_tui.text.meaning import bare, meaning
from nn_tui.text.roles import Line, Run

RATIO_EXPONENTS = (-5, -1)  # the ends of the scale of update ÷ size
HEALTHY_EXPONENT = -3
WIDEST_TRACK = 60
LABEL = 12
VALUE, GRADIENT, UPDATE, NEXT = 10, 11, 9, 10  # columns, each with the space before it
FROZEN = "frozen"  # in place of an update
HIDDEN = "?"  # in place of what would give a contest or a guess away
NOTHING = "≈ 0"  # in place of a gradient that is a sum of 0 but for rounding
NOT_YET = "not yet"  # in place of what comes of a gradient, where that isn't worked out yet


def table(
    snapshot: Snapshot, chosen: int, first: int, height: int, width: int, rows: Rows | None = None
) -> list[Line]:
    """The header and the rows from `first` on, in so many lines; `chosen` counts all rows.

    The rows are the snapshot's unless others are given.
    """
    rows = snapshot.rows if rows is None else rows
    if rows and isinstance(rows[0], LayerRow):
        layers = [row for row in rows if isinstance(row, LayerRow)]
        lines = _layers(snapshot, layers, chosen - first, width)
    else:
        numbers = [row for row in rows if isinstance(row, NumberRow)]
        lines = _numbers(snapshot, numbers, chosen - first, width)
    lines = lines[:height]
    return with_more(lines, first, snapshot.row_count - first - len(lines) + 1)


def table_around_chosen(snapshot: Snapshot, rows: Rows, height: int, width: int) -> list[Line]:
    """The table of as many of these rows as there is room for, the chosen one among them."""
    request = snapshot.request
    sight = in_sight(len(rows), request.chosen - request.first, height - 1)
    first = request.first + sight.start
    return table(snapshot, request.chosen, first, height, width, rows[sight])


def in_sight(count: int, chosen: int, room: int) -> slice:
    """The stretch of a list to show in a room that may be smaller than it."""
    first = max(0, min(chosen, count - 1) - max(1, room) + 1)
    return slice(first, first + max(1, room))


def row_name(row: NumberRow | LayerRow | UnitRow) -> str:
    """What a click on a row names it by: a parameter's number, or its name."""
    return str(row.index) if isinstance(row, NumberRow) else row.name


def row_label(label: str, chosen: bool, width: int, name: str) -> Run:
    """What a row of a table begins with; a click on it chooses the row of this name."""
    role = meaning("strong" if chosen else "text", "row", name)
    return f" {'▸' if chosen else ' '} {label:<{width}}", role


def with_more(lines: list[Line], before: int, after: int) -> list[Line]:
    """The header and the rows, with an arrow at an end beyond which there are others."""
    marked = list(lines)
    for at, arrow, others in ((1, "↑", before), (-1, "↓", after)):
        if others > 0 and len(lines) > 2:
            (text, role), *rest = marked[at]
            marked[at] = [(arrow + text[1:], role), *rest]
    return marked


def gradient_title(snapshot: Snapshot) -> str:
    """What a column of gradients is called: without zeroing it holds their sums."""
    return "Σ gradient" if snapshot.sums_gradients else "gradient"


def title_rule(columns: Sequence[tuple[int, str]], width: int) -> Line:
    """A rule with titles, each ending at (or, negative, beginning at) its column."""
    cells: list[tuple[str, str]] = [("─", "rule")] * (width - 2)
    for column, title in columns:
        start = -column if column < 0 else column - len(title)
        for at, character in enumerate(f" {title} ", start - 1):
            if 0 <= at < len(cells):
                cells[at] = (character, "quiet")
    return [(" ", "text"), *merged(cells), (" ", "text")]


# --- numbers ----------------------------------------------------------------------------------


def _ends(low: float, high: float, room: int) -> tuple[str, str]:
    """Both ends of the sliders, by as many digits as fit: one that is cut is another number."""
    for digits in (4, 3, 2, 1):
        ends = short(low, digits), short(high, digits)
        if len(ends[0]) + len(ends[1]) + 3 <= room:
            return ends
    return "", ""


def _numbers(snapshot: Snapshot, rows: list[NumberRow], chosen: int, width: int) -> list[Line]:
    longest = max((len(row.label) for row in rows), default=0)
    label = max(LABEL, longest + 1)
    says_how = is_plain_descent(snapshot.config) and width >= LEAST_WHOLE.width
    columns = {"gradient": GRADIENT, "update": UPDATE + 6 * says_how, "next": NEXT}
    track = width - 3 - label - VALUE - 2 - sum(columns.values()) - 1
    if track < 0:  # a narrow screen: the label gives way first, then the columns from the right
        label = longest + 1
        while columns and 3 + label + VALUE + 2 + sum(columns.values()) + 1 > width:
            columns.popitem()
        track = 0
    track = min(track, WIDEST_TRACK)
    low, high = snapshot.slider
    hidden = snapshot.hides_update
    at_value = 3 + label + VALUE
    at_track = at_value + 2
    names = {row.label.split("[")[0] for row in rows}  # of one layer, if it is opened
    title = names.pop() if snapshot.scene.is_listed_by_layer and len(names) == 1 else "parameters"
    # Of a step that has just been done the table still shows the update: what it was, what it is.
    was, comes = ("before", "now") if snapshot.shows_update else ("value", "next")
    titles = [(-3, title if len(title) < label + 4 else ""), (at_value - 1, was)]
    has_arrows = not (hidden or snapshot.awaits_gradient)
    moving = has_arrows and any(slider.moves(row, low, high, track) for row in rows)
    if track >= slider.NARROWEST:
        ends = _ends(low, high, track)
        titles += [(-(at_track - 1), ends[0]), (at_track + track - 1, ends[1])]
        free = track - len(ends[0]) - len(ends[1]) - 1  # with a blank at either side
        arrows = slider.PUSH if is_plain_descent(snapshot.config) else slider.UPDATE
        arrow = next((each for each in arrows if free >= len(each) + 2), "")
        if has_arrows and arrow:
            before = at_track + len(ends[0]) + (free - len(arrow)) // 2
            titles.append((before + len(arrow) - 1, arrow))
        comes = f"{slider.NEXT} {comes}" if moving else comes
    written = {
        "gradient": gradient_title(snapshot),
        "update": "× −lr = update" if says_how else "update",
        "next": comes,
    }
    end = at_track + track
    for name, cells in columns.items():
        end += cells
        titles.append((end - 1, written[name]))
    lines = [title_rule(titles, width)]
    strongest = max((abs(row.update) for row in rows), default=0.0) if has_arrows else 0.0
    for at, row in enumerate(rows):
        begin = row_label(row.label, at == chosen, label, row_name(row))
        line: Line = [begin, (f"{number(row.value, VALUE)}  ", bare(begin[1]))]
        if track >= slider.NARROWEST:
            line += slider.slider(row, low, high, track, strongest)
        elif track > 0:
            line.append((" " * track, "text"))
        line += [coming(snapshot, row, name, cells) for name, cells in columns.items()]
        lines.append(line)
    return lines


def gradient_cell(row: NumberRow | LayerRow, cells: int) -> str:
    """A row's gradient in so many cells; not the digits of one that is 0 but for rounding."""
    if isinstance(row, NumberRow) and row.cancels:
        return f"{NOTHING:>{cells}}"
    return number(row.gradient, cells)


def coming(snapshot: Snapshot, row: NumberRow, name: str, cells: int) -> Run:
    """A row's gradient, update or next value in so many cells, or what stands in its place."""
    if snapshot.hides_gradient or (name != "gradient" and snapshot.hides_update):
        return f"{HIDDEN:>{cells}}", "off"
    if name == "gradient":
        return gradient_cell(row, cells), "push"
    if name == "update" and row.frozen:
        return f"{FROZEN:>{cells}}", "quiet"
    if snapshot.awaits_gradient:
        return f"{NOT_YET:>{cells}}", "quiet"
    if name == "update":
        return number(row.update, cells, write=signed), "push"
    return number(row.next, cells), "quiet" if snapshot.phase else "text"


# --- layers -----------------------------------------------------------------------------------


def _layers(snapshot: Snapshot, rows: list[LayerRow], chosen: int, width: int) -> list[Line]:
    shapes = ["×".join(map(str, row.shape)) for row in rows]
    label = max(10, *(len(row.label) for row in rows))
    columns = {
        "shape": max(8, *(len(shape) + 1 for shape in shapes)),
        "size": VALUE,
        "gradient": GRADIENT,
        "update ÷ size": 16,
    }
    for name in ("shape", "size", "gradient"):  # what a narrow screen has no room for
        if 3 + label + sum(columns.values()) + 1 > width:
            del columns[name]
    track = min(width - 3 - label - sum(columns.values()) - 3, WIDEST_TRACK)
    titles = [(-3, "layers")]
    end = 3 + label
    for name, cells in columns.items():
        end += cells
        written = gradient_title(snapshot) if name == "gradient" else name
        titles.append((-(end - cells - 1) if name == "shape" else end - 1, written))
    at_track = end + 2
    if track >= slider.NARROWEST:
        low, high = (short(10.0**exponent) for exponent in RATIO_EXPONENTS)
        titles += [(-(at_track - 1), low), (at_track + track - 1, high)]
    lines = [title_rule(titles, width)]
    for at, (row, shape) in enumerate(zip(rows, shapes, strict=True)):
        begin = row_label(row.label, at == chosen, label, row_name(row))
        line, role = [begin], bare(begin[1])
        if "shape" in columns:
            line.append((f"{shape:<{columns['shape']}}", role))
        if "size" in columns:
            line.append((number(row.size, VALUE), role))
        if "gradient" in columns:
            line.append((number(row.gradient, GRADIENT), "push"))
        secret = HIDDEN if snapshot.hides_update else ""
        instead = secret or (FROZEN if row.frozen else NOT_YET if snapshot.awaits_gradient else "")
        ratio = instead or scientific(row.ratio)
        line.append((f"{ratio:>{columns['update ÷ size']}}", "quiet" if instead else "push"))
        if track >= slider.NARROWEST:
            line.append(("  ", "text"))
            line += ratio_track(math.nan if instead in (NOT_YET, HIDDEN) else row.ratio, track)
        lines.append(line)
    return lines


def scientific(value: float) -> str:
    """2.1e−4, one digit after the point."""
    if not math.isfinite(value):
        return "–"
    if not value:
        return "0"
    return exponent(f"{value:.1e}")


def ratio_track(ratio: float, width: int) -> Line:
    """Where the ratio lies between 1e−5 and 0.1; ┊ marks the healthy 1e−3."""
    cells: list[Run] = [("─", "rule")] * width
    cells[0], cells[-1] = ("├", "rule"), ("┤", "rule")
    low, high = RATIO_EXPONENTS

    def cell(exponent: float) -> int:
        part = (min(max(exponent, low), high) - low) / (high - low)
        return 1 + round(part * (width - 3))

    cells[cell(HEALTHY_EXPONENT)] = ("┊", "quiet")
    if ratio > 0 and math.isfinite(ratio):
        cells[cell(math.log10(ratio))] = ("◆", "model")
    return merged(cells)
