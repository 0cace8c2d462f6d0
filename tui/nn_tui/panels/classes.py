"""What stands in the place of the fit where classes are told apart, and their chosen point."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np

from nn_core.arrays import Array
from nn_core.explain.classes import ClassPicture
from nn_core.explain.scene import Plane, Scene
from nn_core.explain.snapshot import Snapshot
from nn_core.formatting import fixed
from nn_core.training.measures import ClassMeasures
from nn_tui.plot.class_field import sample
from nn_tui.plot.plot import ClassField, Curve, Mark, Plot, Points
from nn_tui.plot.scale import Axis
from nn_tui.text.cells import RULE_CELLS, cut, rule, shortened
from nn_tui.text.meaning import meaning
from nn_tui.text.roles import Line, Run, width_of

SHAPES = "●○▲■◆△"  # of points, by their class; further classes have letters
HELD_BACK = "•◦▴▾"  # the same of rows held back
WRONG = "✗"
_CURVES = ("data", "model", "validation", "push", "alarm", "quiet")
_NAME = 12  # letters of a class in a line
_BRIEF = 6  # letters of a class, up to which the title's first word makes room for more
_MOST_NAMED = 6  # classes in a title


def shape(label: int) -> str:
    """The glyph of a point of the class at this place."""
    return SHAPES[label] if label < len(SHAPES) else chr(ord("a") + label % 26)


def fit(snapshot: Snapshot, markers: str, colour: bool, width: int) -> Plot | None:
    """The map over two inputs, the probabilities over one; None where there are more.

    The names of the classes are as long as its title has room for in so many columns.
    """
    scene, picture = snapshot.scene, snapshot.classes
    assert picture is not None
    if scene.plane is not None and picture.map is not None:
        return _map(scene, scene.plane, picture, markers, colour, width)
    return _curves(scene, picture, markers, width) if picture.curve else None


def _map(
    scene: Scene, plane: Plane, picture: ClassPicture, markers: str, colour: bool, width: int
) -> Plot:
    assert picture.map is not None
    found = picture.map
    across, up = plane.limits
    foot: tuple[Run, ...] = ((f" {axes(plane.names, max(_NAME, width // 2 - 3))}", "quiet"),)
    sign = partial(sample, colour=colour)
    title = _title("map", picture, width, sign)
    for what in ("map", ""):  # a title with the axes in it leaves a row more for the map
        whole = [*_title(what, picture, width, sign), (f"  {axes(plane.names)}", "quiet")]
        if width_of(whole) + 5 <= width:
            title, foot = tuple(whole), ()
            break
    return Plot(
        (
            ClassField(found.x1, found.x2, found.shares, colour),
            *_held_back(plane, picture),
            *_points(scene, picture, picture.looked_at.columns),
        ),
        title,
        foot,
        x=Axis(*across),
        y=Axis(*up),
        markers=markers,
    )


def axes(names: Sequence[str], letters: int | None = None) -> str:
    """Which columns a map lies over: x1→ x2↑."""
    across, up = (shortened(name, letters or len(name)) for name in names[:2])
    return f"{across}→ {up}↑"


def _curves(scene: Scene, picture: ClassPicture, markers: str, width: int) -> Plot:
    assert picture.curve is not None
    assert scene.labels is not None
    places, shares = picture.curve
    shown = range(1, 2) if len(picture.names) == 2 else range(min(len(picture.names), 6))
    marks: list[Mark] = [Curve(places, shares[:, label], _CURVES[label]) for label in shown]
    name = f"p({picture.names[1][:_NAME]})" if len(picture.names) == 2 else "probability"
    row = picture.looked_at
    marks += _points(scene, picture, (row.x[0], row.label / (len(picture.names) - 1)))
    return Plot(
        tuple(marks),
        _title(name, picture, width),
        x=Axis(scene.low, scene.high),
        reach=(0.0, 1.0),
        markers=markers,
    )


def _held_back(plane: Plane, picture: ClassPicture) -> Iterator[Mark]:
    """The points held back, small, by class; those that are told wrong over them."""
    taken = picture.held_back_taken
    if taken is None:
        return
    x, y = plane.held_back.T
    for label in range(len(picture.names)):
        mine = (plane.labels == label) & (taken == label)
        glyph = HELD_BACK[label] if label < len(HELD_BACK) else shape(label)
        yield Points(x[mine], y[mine], "validation", glyph=glyph)
    wrong = plane.labels != taken
    yield Points(x[wrong], y[wrong], "validation", glyph=WRONG)


def _points(scene: Scene, picture: ClassPicture, place: Sequence[float]) -> list[Mark]:
    """The points, and over them the one that is looked at, which lies at this place."""
    row = picture.looked_at
    chosen = -1 if row.is_held_back else row.index
    marks = points(scene, picture, *drawn_points(scene, picture), chosen)
    if row.is_held_back:
        x, y = np.array(place)[:, None]
        marks.append(Points(x, y, "validation", chosen=0))
    return marks


def drawn_points(scene: Scene, picture: ClassPicture) -> tuple[Array, Array]:
    """Where the points lie on the map, or on the curves: at 0 or 1, or between, by their class."""
    assert scene.labels is not None
    if scene.plane is not None and picture.map is not None:
        return scene.plane.points[:, 0], scene.plane.points[:, 1]
    return scene.x, scene.labels / (len(picture.names) - 1)


def points(
    scene: Scene, picture: ClassPicture, x: "np.typing.ArrayLike", y: "np.typing.ArrayLike",
    chosen: int,
) -> list[Mark]:  # fmt: skip
    """The points by class, those that are told wrong over them, the chosen one over all."""
    assert scene.labels is not None
    x, y = np.asarray(x), np.asarray(y)
    marks: list[Mark] = []
    for label in range(len(picture.names)):
        mine = (scene.labels == label) & (picture.taken == label)
        marks.append(Points(x[mine], y[mine], "strong", glyph=shape(label)))
    wrong = scene.labels != picture.taken
    marks.append(Points(x[wrong], y[wrong], "alarm", glyph=WRONG))
    at = scene.drawn_at(chosen)
    if at is not None:
        marks.append(Points(x[at : at + 1], y[at : at + 1], "strong", chosen=0))
    return marks


def _title(
    what: str, picture: ClassPicture, width: int, mark: Callable[[int, str], Run] | None = None
) -> tuple[Run, ...]:
    """What is drawn, as long as the classes beside it have room, and the mark of each class.

    It is the class's glyph, in its colour, unless `mark` makes one of its place and its glyph.
    """
    wrong: list[Run] = [("  ✗ wrong", "alarm")]
    if picture.held_back_taken is not None:
        wrong.append(("  • val", "validation"))
    for begin in ([(what, "strong"), (" ─ ", "rule")] if what else [], []):
        for letters in range(_NAME, 2, -1):
            title: list[Run] = [*begin, *_legend(picture, letters, mark), *wrong]
            if width_of(title) + 5 <= width and (letters > _BRIEF or not begin):
                return tuple(title)
    return tuple(title)


def _legend(
    picture: ClassPicture, letters: int, mark: Callable[[int, str], Run] | None
) -> list[Run]:
    found: list[Run] = []
    for label, name in enumerate(picture.names[:_MOST_NAMED]):
        role = _CURVES[label]
        found += [("  ", role)] * bool(label)
        found += [mark(label, shape(label)) if mark else (shape(label), role)]
        found.append((f" {name[:letters]}", role))
    return found


def confusion_rows(measures: ClassMeasures, width: int, chooses: bool = False) -> list[Line]:
    """A row for each class, with how many of it are taken for which, under a row of titles.

    With `chooses` a click on a cell chooses a point, the next of those that it counts.
    """
    names, counts = measures.classes, measures.confusion
    own = min(_NAME, max(len(name) for name in names))
    room, digits = width - own - 2, len(str(int(counts.max())))
    cell = max(digits + 1, 3, min(9, room // len(names)))
    cells = [cell] * min(len(names), max(1, room // cell))
    whole = [max(digits + 1, 3, min(_NAME, len(name)) + 1) for name in names]
    if max(whole) > cell and sum(whole) <= room:
        cells = whole if len(names) * max(whole) > room else [max(whole)] * len(names)
    shown = len(cells)
    head = "".join(f"{name[: cell - 1]:>{cell}}" for name, cell in zip(names, cells, strict=False))
    lines: list[Line] = [[(f" {'':<{own}}{head}{' …' * (shown < len(names))}", "quiet")]]
    for label, name in enumerate(names):
        line: Line = [(f" {name[:own]:<{own}}", "strong")]
        for other, cell in enumerate(cells):
            count = int(counts[label, other])
            role = "strong" if label == other else "alarm" if count else "off"
            if chooses and count:
                role = meaning(role, "taken", label, other)
            line.append((f"{count or '·':>{cell}}", role))
        lines.append(line)
    return lines


def confusion(snapshot: Snapshot, width: int, height: int) -> list[Line]:
    """Which class is taken for which, and the rows that are most wrong, for many inputs."""
    picture = snapshot.classes
    assert picture is not None
    names = picture.names
    says = "what it is ↓  taken for →"
    title: Line = [(says if len(says) + RULE_CELLS <= width else "is ↓  taken for →", "strong")]
    if height <= len(names) + 1:
        title.append((f"  {max(0, height - 2)} of {len(names)}", "quiet"))
    lines = [rule(title, width), *confusion_rows(picture.measures, width, chooses=True)]
    if len(lines) + 2 < height and picture.worst:
        lines.append([])
        titles = (" most wrong  is → taken for, p of “is”", " most wrong  is → for, p of is", "")
        lines.append([(next(each for each in titles if len(each) <= width), "quiet")])
        worst = picture.worst[: height - len(lines)]
        longest = max(len(names[at]) for _, *both, _ in worst for at in both)
        letters, name = min(_NAME, longest), "point "
        room = width - len(" 1234 →   p 0.00")
        if 2 * letters + len(name) > room:
            letters, name = max(1, min(letters, room // 2)), ""
        for row, is_, taken, share in worst:
            lines.append([
                (f" {name}{row + 1:<3} ", meaning("text", "point", row)),
                (f"{names[is_][:letters]} → {names[taken][:letters]} ", "text"),
                (f" p {share:.2f}", "alarm"),
            ])  # fmt: skip
    return [cut(line, width) for line in lines[:height]]


def point(snapshot: Snapshot, width: int) -> Line:
    """The chosen row, what the model takes it for, and what that costs."""
    picture, scene = snapshot.classes, snapshot.scene
    assert picture is not None
    chosen = picture.looked_at
    own = chosen.shares[chosen.label]
    cost = fixed(float(-np.log(max(own, 1e-300))), 4)
    taken, is_ = picture.names[chosen.taken], picture.names[chosen.label]
    right = chosen.taken == chosen.label
    what, rows = "point", scene.rows
    if chosen.is_held_back:
        what, rows = "held back", scene.validation_rows
    line: Line = [
        (f" {what} ", "validation" if chosen.is_held_back else "quiet"),
        (f"{chosen.index + 1:>{len(str(rows))}} of {rows}  ", "text"),
    ]
    end: Line = [
        (f" is {is_[:_NAME]}, ", "data"),
        (f"taken for {taken[:_NAME]}  ", "model" if right else "alarm"),
        (f"p({is_[:_NAME]}) {fixed(own, 4)}", "text"),
    ]
    if width_of(line) + width_of(end) + len(said := f"  −log p {cost}") <= width:
        end.append((said, "text"))
    names = () if scene.pixels else scene.inputs
    room = width - width_of(line) - width_of(end)
    # Names are cut only where that makes room for another of them.
    ways = [_inputs(names, chosen.x, letters, room) for letters in (None, _NAME)]
    return [*line, *max(ways, key=len), *end]


def _inputs(names: Sequence[str], values: Sequence[float], letters: int | None, room: int) -> Line:
    """As many of a row's inputs as there is room for, their names cut to so many letters."""
    parts: Line = []
    for name, value in zip(names, values, strict=False):
        part = (f"{name[:letters]} {fixed(value, 4)}  ", "data")
        room -= len(part[0])
        if room < 0:
            break
        parts.append(part)
    return parts
