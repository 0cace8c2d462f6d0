"""What a plot shows, as plain values: a title, two axes, and marks.

Arrays are one-dimensional, or taken as if they were, and of one length; NaN and infinities are
holes. A role says what a thing means (`data`, `model`, `truth`, `push`, `rule`, `alarm`, `text`,
`kept`, `validation`); what a role looks like is decided where the plot is shown.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # describing a plot needs neither NumPy nor the rest of this package
    from numpy.typing import ArrayLike

    from nn_tui.plot.scale import Axis


@dataclass(frozen=True, eq=False)
class Curve:
    """A line through points in their order; only each `every`-th dot of it is drawn.

    Its `label` stands beside it, where there is room for that, and `end`, the value at its end,
    behind the label.  With `over_points` it lies over points, not under them.
    """

    x: "ArrayLike"
    y: "ArrayLike"
    role: str = "model"
    every: int = 1
    label: str = ""
    over_points: bool = False
    end: str = ""


@dataclass(frozen=True, eq=False)
class Envelope:
    """A line of any number of values, as the least and the greatest value near each x.

    Its `label` stands beside it, where there is room for that, and `end`, the value at its end,
    behind the label.  `dash` is how many columns of dots are drawn, and how many then left out
    where the line isn't steep.
    """

    x: "ArrayLike"
    low: "ArrayLike"
    high: "ArrayLike"
    role: str = "model"
    label: str = ""
    dash: tuple[int, int] = (1, 0)
    end: str = ""


@dataclass(frozen=True, eq=False)
class Shares:
    """A line of parts from 0, at the bottom of the plot whatever its axis, to 1, at the top."""

    x: "ArrayLike"
    y: "ArrayLike"
    role: str = "data"
    every: int = 3


@dataclass(frozen=True, eq=False)
class Points:
    """A glyph at each point; the `chosen` one (an index) has a glyph of its own."""

    x: "ArrayLike"
    y: "ArrayLike"
    role: str = "data"
    chosen: int | None = None
    glyph: str = "●"
    chosen_glyph: str = "◉"


@dataclass(frozen=True, eq=False)
class Residuals:
    """Thin vertical bars, at each x from one y to another: from the points to the curve."""

    x: "ArrayLike"
    start: "ArrayLike"
    end: "ArrayLike"
    role: str = "data"


@dataclass(frozen=True)
class ReferenceLine:
    """A quiet horizontal line with its name on it, at its right end if there is room.

    Only with `include` do automatic limits reach out to it.  Where the name has to be shortened,
    what `of` says of its number stays, in place of what a comma adds.
    """

    y: float
    label: str = ""
    role: str = "truth"
    include: bool = False
    of: str = ""


@dataclass(frozen=True, eq=False)
class AxisGlyphs:
    """A glyph for each x, on a line of their own under the plot."""

    x: "ArrayLike"
    glyphs: str
    role: str = "model"


@dataclass(frozen=True)
class Label:
    """A text that starts at a point, or further left if it wouldn't fit there."""

    x: float
    y: float
    text: str
    role: str = "text"


@dataclass(frozen=True, eq=False)
class Contours:
    """Lines of equal height over a plane: z (places of y, places of x), one line a level."""

    x: "ArrayLike"
    y: "ArrayLike"
    z: "ArrayLike"
    levels: tuple[float, ...]
    role: str = "quiet"


@dataclass(frozen=True, eq=False)
class ClassField:
    """The ground under a plot: which class has the greatest share where, and how great it is.

    `shares` is (places of y, places of x, classes).  In `colour` the ground is coloured, else it is
    made of glyphs.  The border, where the two greatest shares are alike, is drawn in dots.
    """

    x: "ArrayLike"
    y: "ArrayLike"
    shares: "ArrayLike"
    colour: bool = True
    role: str = "strong"


Mark = (
    Curve
    | Envelope
    | Shares
    | Points
    | Residuals
    | ReferenceLine
    | AxisGlyphs
    | Label
    | Contours
    | ClassField
)


@dataclass(frozen=True, eq=False)
class Plot:
    """A plot of `marks`; lines lie over residuals, points over lines, names over all.

    `title` is what the rule on top says, in (text, role) parts; without it there is no rule.
    `foot` is a line under the axis, where there is room for all of it, else as much of it as
    `in_brief` says, where there is room for that.
    An axis that is None is found from the data: x from end to end; y over the marks, or over what
    `reach` holds in their place, with ticks in equally distant rows, or logarithmic with `log_y`.
    `left` is how many columns the axis beside the canvas takes at least.
    `markers` is what dots are made of: `braille`, `blocks` or `ascii`.
    """

    marks: tuple[Mark, ...] = ()
    title: tuple[tuple[str, str], ...] = ()
    foot: tuple[tuple[str, str], ...] = ()
    in_brief: tuple[tuple[str, str], ...] = ()
    x: "Axis | None" = None
    y: "Axis | None" = None
    reach: "ArrayLike | None" = None
    log_y: bool = False
    left: int = 0
    markers: str = "braille"
