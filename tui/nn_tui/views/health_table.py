"""The health view's table: each parameter, or layer, with its gradient, update, and a verdict."""

import math

from nn_core.explain.insights.health import HealthInsight, Units, verdict
from nn_core.explain.rows import LayerRow, NumberRow, UnitRow
from nn_core.explain.snapshot import Snapshot
from nn_core.formatting import fixed, short, shown, signed
from nn_tui.panels import slider
from nn_tui.panels.table import (
    HIDDEN,
    NOT_YET,
    RATIO_EXPONENTS,
    gradient_cell,
    gradient_title,
    ratio_track,
    row_label,
    row_name,
    scientific,
    title_rule,
    with_more,
)
from nn_tui.text.cells import number
from nn_tui.text.meaning import bare
from nn_tui.text.roles import Line

LEAST_LABEL = 9
SIZE, GRADIENT, UPDATE, RATIO, VERDICT, UNITS = 10, 11, 9, 8, 9, 8  # cells, with a space before
WIDEST_TRACK = 40
# What a narrow screen has no room for, in the order in which it goes.
_SPARED = ("units", "size", "update", "ratio", "gradient")
_ROLES = {"ok": "text", "frozen": "quiet", "still": "quiet", "settled": "quiet", "lost": "alarm"}


def table(snapshot: Snapshot, insight: HealthInsight, width: int) -> list[Line]:
    """The titles, and a row for each parameter or layer that was asked for."""
    rows = [row for row in snapshot.rows if not isinstance(row, UnitRow)]
    longest = max((len(row.label) for row in rows), default=0)
    label = max(LEAST_LABEL, longest)
    columns = {
        "size": SIZE,
        "gradient": GRADIENT,
        "update": UPDATE,
        "ratio": RATIO,
        "verdict": VERDICT,
        "units": UNITS,
    }
    if not insight.units or snapshot.request.opened:
        del columns["units"]
    for name in _SPARED:
        if name in columns and 3 + label + sum(columns.values()) > width:
            del columns[name]
    if longest < label and 3 + label + sum(columns.values()) == width:
        label -= 1  # the rule of the titles leaves the last column free
    track = min(width - 3 - label - sum(columns.values()) - 3, WIDEST_TRACK)
    track = track if track >= slider.NARROWEST else 0
    lines = [_titles(snapshot, columns, label, track, width)]
    chosen = snapshot.request.chosen - snapshot.request.first
    for at, row in enumerate(rows):
        if snapshot.hides_update:
            lines.append(_hidden(snapshot, row, at == chosen, columns, label))
        else:
            lines.append(_line(row, at == chosen, columns, label, track, insight))
    before = snapshot.request.first
    return with_more(lines, before, snapshot.row_count - before - len(rows))


def _titles(
    snapshot: Snapshot, columns: dict[str, int], label: int, track: int, width: int
) -> Line:
    numbers = not snapshot.scene.is_listed_by_layer or snapshot.request.opened is not None
    titles = [(-3, shown(snapshot.request.opened or "") or ("parameters" if numbers else "layers"))]
    written = {
        "size": "value" if numbers else "size",
        "ratio": "÷ size",
        "gradient": gradient_title(snapshot),
    }
    end = 3 + label
    for name, cells in columns.items():
        if name == "verdict" and track:
            low, high = (short(10.0**exponent) for exponent in RATIO_EXPONENTS)
            titles += [(-(end + 1), low), (end + 1 + track, high)]
            end += 2 + track
        end += cells
        if name == "verdict":
            titles.append((-(end - cells + 1), name))
        else:
            titles.append((end - 1, written.get(name, name)))
    return title_rule(titles, width)


def _line(
    row: NumberRow | LayerRow,
    chosen: bool,
    columns: dict[str, int],
    label: int,
    track: int,
    insight: HealthInsight,
) -> Line:
    line = _named(row, chosen, columns, label)
    if "gradient" in columns:
        line.append((gradient_cell(row, GRADIENT), "push"))
    ratio = math.nan if insight.early else row.ratio
    if "update" in columns and insight.early:
        line.append((f"{NOT_YET:>{UPDATE}}", "quiet"))
    elif "update" in columns:
        write = signed if isinstance(row, NumberRow) else fixed
        line.append((number(row.update, UPDATE, write=write), "push"))
    if "ratio" in columns:
        line.append((f"{scientific(ratio):>{RATIO}}", "strong" if chosen else "text"))
    if track:
        line += [("  ", "text"), *ratio_track(ratio, track)]
    found = NOT_YET if insight.early else _verdict(row, insight)
    line.append((f"  {found:<{VERDICT - 2}}", _ROLES.get(found, "strong")))
    if "units" in columns:
        resting = next((u for u in insight.units if u.weight == row.name), None)
        line.append((_resting(resting), "strong" if resting and resting.resting else "quiet"))
    return line


def _hidden(
    snapshot: Snapshot, row: NumberRow | LayerRow, chosen: bool, columns: dict[str, int], label: int
) -> Line:
    """A row in a contest or a guess: the value, and of the rest what doesn't give it away."""
    line = _named(row, chosen, columns, label)
    for name in ("gradient", "update", "ratio"):
        if name in columns and name == "gradient" and not snapshot.hides_gradient:
            line.append((gradient_cell(row, GRADIENT), "push"))
        elif name in columns:
            line.append((f"{HIDDEN:>{columns[name]}}", "off"))
    return line


def _named(row: NumberRow | LayerRow, chosen: bool, columns: dict[str, int], label: int) -> Line:
    """What the row is of, and how large that is."""
    begin = row_label(row.label, chosen, label, row_name(row))
    size = number(_size(row), SIZE), bare(begin[1])
    return [begin, size] if "size" in columns else [begin]


def _verdict(row: NumberRow | LayerRow, insight: HealthInsight) -> str:
    return verdict(_size(row), row.update, row.frozen, insight.settled)


def _size(row: NumberRow | LayerRow) -> float:
    return row.value if isinstance(row, NumberRow) else row.size


def _resting(units: Units | None) -> str:
    """How many units of a layer are dead or saturated."""
    word = "" if units is None else {"dead": "dead", "saturated": "flat"}[units.word]
    said = "" if units is None else f"{units.resting} {word}"
    return f"{said:>{UNITS}}"
