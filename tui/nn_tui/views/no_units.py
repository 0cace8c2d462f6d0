"""Draws what stands in the view of the ReLUs where a model has no hidden units."""

import numpy as np

from nn_core.config.key_names import key_name
from nn_core.explain.rows import Rows, UnitRow
from nn_core.explain.snapshot import Snapshot
from nn_tui.panels import classes, plots
from nn_tui.panels.table import table_around_chosen
from nn_tui.plot.plot import AxisGlyphs, Curve, Mark, Plot
from nn_tui.plot.render import render
from nn_tui.plot.scale import Axis
from nn_tui.text.cells import cut
from nn_tui.text.roles import Line
from nn_tui.views import Frame

LEAST_PLOT = 5  # rows
PIECES = 6  # straight ones, of a curve that units could make


def draw(snapshot: Snapshot, frame: Frame) -> list[Line]:
    """What the model is instead, where units are to be had, and its numbers."""
    find = key_name("palette")
    scene = snapshot.scene
    one_x = scene.over_x and not scene.classes
    shape = "one smooth curve" if one_x else "one sum of weighted inputs"
    what, then = ("No ReLUs here.", f" {scene.formula} is {shape}.")
    lead = " What bends a curve piece by piece:"
    more = (("Open relu", "two of them, the lesson’s"),
            ("Open relu-net", "sixteen, each with a weight of its own"))  # fmt: skip
    if scene.classes:
        what, then = "No hidden units here.", f" {scene.formula}: {shape}, then a probability."
        lead = " So its border is one straight line. What bends a border:"
        more = (("Open xor", "eight units between two inputs and the logit"),
                ("Open spiral", "two layers of eight"))  # fmt: skip
    lines: list[Line] = [[], [(f" {what}", "strong"), (then, "text")], [(lead, "text")]]
    for title, about in more:
        lines.append([(f"   {find} {title:<16}", "strong"), (about, "text")])
    lines.append([])
    rows: Rows = () if any(isinstance(row, UnitRow) for row in snapshot.rows) else snapshot.rows
    height = max(2, min(1 + len(rows), frame.height - len(lines)))
    room = frame.height - len(lines) - height
    plot = _plot(snapshot, frame) if room >= LEAST_PLOT else None
    if plot is not None:
        drawn = render(plot, frame.width - 2, room)
        lines += [[(" ", "text"), *row] for row in drawn]
    else:
        lines += [[] for _ in range(room)]
    lines += table_around_chosen(snapshot, rows, height, frame.width)
    return [cut(line, frame.width) for line in lines[: frame.height]]


def _plot(snapshot: Snapshot, frame: Frame) -> Plot | None:
    """The fit, or beside it the curve in pieces, or the map as large as it can be."""
    if snapshot.classes is not None:
        return classes.fit(snapshot, frame.markers, frame.colour, frame.width - 2)
    if not snapshot.scene.over_x:
        return plots.fit(snapshot, frame.markers, False)
    pieces = _in_pieces(snapshot, frame.markers) if frame.beside_fit else None
    return pieces or plots.fit(snapshot, frame.markers, False)


def _in_pieces(snapshot: Snapshot, markers: str) -> Plot | None:
    """The model's curve as units could make it: straight pieces, a unit for each bend.

    A line to begin with and, from each bend on, how much steeper it goes on: they add up to the
    pieces.
    """
    if snapshot.curve is None:
        return None
    x, y = (np.asarray(values, np.float64) for values in snapshot.curve)
    bends = np.linspace(x[0], x[-1], PIECES + 1)
    heights = np.interp(bends, x, y)
    if not np.isfinite(heights).all():
        return None
    slopes = np.diff(heights) / np.diff(bends)
    units = [(x, heights[0] + slopes[0] * (x - x[0]))]
    for bend, steeper in zip(bends[1:-1], np.diff(slopes), strict=True):
        units.append((x, steeper * np.maximum(x - bend, 0.0)))
    marks: list[Mark] = [Curve(*unit, role="kept", every=3) for unit in units]
    marks += [Curve(x, y, role="model"), Curve(bends, heights, role="push")]
    glyphs = "".join(plots.GLYPHS[1 if more > 0 else -1] for more in np.diff(slopes))
    marks.append(AxisGlyphs(bends[1:-1], glyphs, role="push"))
    title = (
        ("⣀⣀ model", "model"),
        (f"  ⣀⣀ as {PIECES - 1} ReLUs and a line", "push"),
        ("  ⠂⠐ each of them", "kept"),
    )
    low, high = float(heights.min()), float(heights.max())
    each = np.clip(np.concatenate([own for _, own in units]), 2 * low - high, high)
    drawn = np.append(each, heights)
    return Plot(
        tuple(marks), title, x=Axis(float(x[0]), float(x[-1])), reach=drawn, markers=markers
    )
