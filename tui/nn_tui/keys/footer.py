"""The two lines of keys at the foot of the screen: the same few first, then what is special here.

The first few stand at the same places in every view and at every size that has room for them: how
to go on, and on the second line where else there is to look.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from nn_core.config.key_names import key_pair
from nn_tui.keys import key
from nn_tui.selection import Selection
from nn_tui.text.meaning import meaning
from nn_tui.text.roles import Line, width_of
from nn_tui.views import VIEWS, View

if TYPE_CHECKING:  # the first paint comes before NumPy
    from nn_core.config import Config
    from nn_core.explain.snapshot import Snapshot

Applies = Callable[[str], bool]


class Part(NamedTuple):
    """What is printed of a key, or of two, its word, and the name by which it is looked up."""

    shown: str
    brief: str
    name: str
    pressed: tuple[str, ...] = ()  # by a click on what is printed, side by side; else the name's


_TIME = ("step", "into", "step_back", "run_or_pause", "faster", "restart")
_OF_A_VIEW = ("out", "arithmetic", "hint", "place_unit", "switch_unit")
_DOORS = ("options", "palette", "help", "quit")
LEAST_FOR_GAPS = 50  # columns
LEAST_FOR_VIEWS = 79  # columns: with fewer the second line names none, and has no gaps
_SHORT = {"faster": "fast", "next_view": "view"}  # words where there is no room for gaps
_LEAD_TO_ALL = ("palette", "help", "out", "next_view", "quit")


def keys(
    snapshot: "Snapshot | None",
    selection: Selection,
    layers: bool,
    applies: Applies,
    width: int,
    of_lesson: Line | None = None,
) -> list[Line]:
    """Two lines of the keys that are of use here; one that doesn't apply just now is dimmed.

    `layers` tells whether it is a network that is trained, `applies` whether a key of this name
    applies just now.  The keys of an open lesson come first, in place of the second line.
    """
    inside = snapshot is not None and snapshot.phase > 0
    running = snapshot is not None and snapshot.running
    contest = snapshot is not None and snapshot.contest is not None
    words = {  # each as wide whatever it says, so that none after it moves
        "run_or_pause": "pause" if running else "run  ",
        "into": "next" if inside else "into",
        "contest": "enough " if contest else "contest",
    }

    if width < LEAST_FOR_GAPS:
        words |= _SHORT

    def part(name: str) -> Part:
        return _single(name, words.get(name, ""))

    special, runs = _special(snapshot, selection, layers, applies), _single("kept_runs", "runs")
    if of_lesson is not None:
        ahead = [part(name) for name in _TIME if name != "restart"]
        lines = [of_lesson, _fit([*special[:1], *ahead], applies, width)[0]]
        doors = [part(name) for name in ("next_view", "palette", "help")]  # digits may answer
        return _append(lines, [*doors, runs], applies, width)
    # Inside a step there is its arithmetic to look at instead.
    has_contest = not layers and (contest or not inside)
    time = [part(name) for name in (*_TIME, *(("contest",) if has_contest else ()))]
    if contest:
        by_hand = ("down", "raise", "hint")  # in place of those that do nothing in a contest
        time = [*(each for each in special if each.name in by_hand), part("contest")]
        special = [each for each in special if each.name not in by_hand]
    doors = [part(name) for name in _DOORS]
    if width < LEAST_FOR_VIEWS:
        names = _piece(_single("next_view", _SHORT["next_view"]), applies, 1)
        gaps = 1
    else:
        names = _views(selection.view, snapshot.config if snapshot else None, applies)
        gaps = width
    # The rate's key stays on the first line, if need be without gaps between those before it; in
    # every view alike, so that none moves.
    rate = [each.name for each in special].index("rate_up")
    of_the_run = [each for each in special[: rate + 1] if each.name not in _OF_A_VIEW]
    always = [part(name) for name in (*_TIME, *(() if layers else ("contest",)))]
    needed = sum(width_of(_piece(each, applies)) for each in [*always, *of_the_run])
    crowded = LEAST_FOR_VIEWS <= width < needed
    first, left = _fit(time, applies, width, 1 if crowded else width)
    second, _ = _fit(doors, applies, width - width_of(names), gaps)
    second = [*names, *second]
    _end_with(second, runs, applies, width)
    out = [each for each in special if each.name == "out"]
    others = [each for each in special if each.name != "out"]
    return _append([first, second], [*out, *left, *others], applies, width)


def _special(
    snapshot: "Snapshot | None", selection: Selection, layers: bool, applies: Applies
) -> list[Part]:
    """The keys that are of use in this view and for this model, the most needed first."""
    opened, view = selection.is_opened, selection.view
    units = selection.lists_units(snapshot)
    inside = snapshot is not None and snapshot.phase > 0
    choose = "" if view.by_unit and (opened or not units) else view.choose
    parts = (layers or units) and not opened  # it is layers or units that are chosen from
    zeroing = snapshot is None or snapshot.config.zero_gradients
    contest = snapshot is not None and snapshot.contest is not None
    places = units and snapshot is not None and snapshot.is_one_curve
    # What it does, not how it stands; as wide whatever it says, so that none after it moves.
    zero = _single("zeroing", "stop zeroing" if zeroing else "zero again  ")
    # Where an epoch is a step its key gives way, not where a sheet has taken all keys.
    by_epoch = layers and snapshot is not None and snapshot.steps_per_epoch > 1
    found: list[tuple[bool, Part]] = [
        (inside or opened, _single("out")),
        (applies("arithmetic"), _single("arithmetic")),
        (contest, _single("hint")),
        (places, _single("place_unit")),
        (snapshot is not None and snapshot.scene.pixels is not None, _single("draw")),
        (units and layers, _single("switch_unit")),
        (snapshot is not None and not snapshot.config.scale and applies("scale"), _single("scale")),
        (snapshot is not None and len(snapshot.scene.targets) > 1, _single("next_target")),
        (by_epoch, _single("next_epoch")),
        (by_epoch, _single("measure")),
        (True, _pair("rate_up", "rate_down", "lr", "rate_up")),
        (not layers, zero),
        (layers and not by_epoch, _single("measure")),
        (snapshot is not None and snapshot.classes is not None, _single("next_mistake")),
        (layers and not by_epoch, _single("next_epoch")),
        (True, _pair("up", "down", choose or ("layer" if parts else "parameter"), "down")),
        (not parts, _pair("lower", "raise", "nudge", "raise")),
        (layers or units, _single("enter", "open it" if parts else "type it")),
        (opened, _pair("row_up", "row_down", "row", "row_down")),
        (True, _single("lessons")),
        (not contest, _pair("step_ten", "back_ten", "ten steps", "step_ten")),
        (True, _single("epochs")),
        (True, _pair("previous_point", "next_point", "point", "next_point")),
        (True, _single("keep")),
        (layers, zero),
        (layers, _pair("add_unit", "remove_unit", "unit", "add_unit")),
        (layers, _pair("add_layer", "remove_layer", "layer", "add_layer")),
        (True, _pair("add_point", "remove_point", "add, delete point", "add_point")),
        (True, _single("save")),
        (True, _single("check_gradient")),
        (not layers, _single("measure")),
    ]
    return [part for is_of_use, part in found if is_of_use]


def _single(name: str, brief: str = "") -> Part:
    return Part(key(name).shown, brief or key(name).brief, name)


def _pair(one: str, other: str, brief: str, name: str) -> Part:
    return Part(key_pair(one, other), brief, name, (one, other))


def _views(current: View, config: "Config | None", applies: Applies) -> Line:
    """The names of the views, the current one in capitals."""
    tab = key("next_view").shown
    if not applies("next_view"):
        return [(f" {tab} {' '.join(each.title(config) for each in VIEWS)} ", "off")]
    line: Line = [(f" {tab} ", meaning("strong", "press", "next_view"))]
    for each in VIEWS:
        is_current = each is current
        name = each.title(config)
        name = name.upper() if is_current else name
        role = "strong" if is_current else "text"
        line.append((f"{name} ", meaning(role, "press", f"view_{each.name}")))
    return line


def _fit(parts: list[Part], applies: Applies, room: int, width: int = 0) -> tuple[Line, list[Part]]:
    """Those that there is room for, and the others; keys that lead to all others come first.

    `width` is the whole line's, where it isn't the room.
    """
    pieces = {part.name: _piece(part, applies, width or room) for part in parts}
    fitting = set()
    for name in sorted(pieces, key=lambda name: name not in _LEAD_TO_ALL):
        if width_of(pieces[name]) <= room:
            room -= width_of(pieces[name])
            fitting.add(name)
    line = [run for name, piece in pieces.items() if name in fitting for run in piece]
    return line, [part for part in parts if part.name not in fitting]


def _append(lines: list[Line], parts: list[Part], applies: Applies, width: int) -> list[Line]:
    """Put what is left over where there is room, on the first line that has it."""
    for part in parts:
        piece = _piece(part, applies, width)
        for line in lines:
            if width_of(line) + width_of(piece) <= width:
                line += piece
                break
    return lines


def _end_with(line: Line, part: Part, applies: Applies, width: int) -> None:
    """Put a key at the end of a line where it has room, if need be with no gap beside it."""
    piece = _piece(part, applies, width)
    if width_of(line) + width_of(piece) > width:
        piece = _piece(part, applies, 1)
    if width_of(line) + width_of(piece) > width:
        word, role = line[-1]
        line[-1] = (word.rstrip(), role)
    if width_of(line) + width_of(piece) <= width:
        line += piece


def _piece(part: Part, applies: Applies, width: int = LEAST_FOR_GAPS) -> Line:
    """A key and its word, with a gap behind it where the line is wide enough for gaps."""
    shown, brief, name, pressed = part
    word, gap = meaning("text", "press", name), " " * (width >= LEAST_FOR_GAPS)
    if applies(name):
        return [
            (f" {shown}", meaning("strong", "press", *(pressed or (name,)))),
            (f" {brief}{gap}", word),
        ]
    return [(f" {shown} {brief}{gap}", meaning("off", "press", name))]
