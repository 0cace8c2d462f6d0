"""The two lines of keys at the foot of the screen: what applies here, and what applies just now."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from nn_core.config.key_names import key_pair as pair
from nn_tui.keys import key
from nn_tui.selection import Selection
from nn_tui.text.roles import Line, width_of

if TYPE_CHECKING:  # the first paint comes before NumPy
    from nn_core.explain.snapshot import Snapshot

Applies = Callable[[str], bool]

_LEAD_TO_ALL = ("palette", "help", "out", "next_view")


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
    opened, view = selection.is_opened, selection.view
    running = snapshot is not None and snapshot.running
    inside = snapshot is not None and snapshot.phase > 0
    units = selection.lists_units(snapshot)
    choose = "" if view.by_unit and (opened or not units) else view.choose
    zeroing = snapshot is None or snapshot.config.zero_gradients
    names = {
        "run_or_pause": "pause" if running else "run",
        "step": "finish the step" if inside else "step",
        "into": _next_phase(snapshot) if snapshot and inside else "into the step",
        "step_back": "back a phase" if inside else "back",
        "zeroing": "stop zeroing" if zeroing else "zero again",
        "contest": "enough",
        "enter": "open it" if (layers or units) and not opened else "type it",
    }
    contest = snapshot is not None and snapshot.contest is not None
    first = ["hint", "contest"] * contest
    first += ["into", "step", "step_back", "out"] if inside else ["step", "into", "step_back"]
    first += ["run_or_pause", "restart", "next_epoch" if layers else "zeroing"]
    if opened and not inside:
        first.append("out")
    second: list[tuple[str, str, str]] = [
        (pair("up", "down"), choose or ("layer" if layers and not opened else "parameter"), "down"),
        *([] if (layers or units) and not opened else [(pair("lower", "raise"), "nudge", "raise")]),
        *([_single("enter", names["enter"])] if layers or units else []),
        (pair("rate_up", "rate_down"), "rate", "rate_up"),
        *(_single(name) for name in ("epochs", "next_view", "palette", "help")),
    ]
    extra = [
        _single("options"),
        (pair("slower", "faster"), "pace", "faster"),
        (pair("previous_point", "next_point"), "point", "next_point"),
        _single("keep"),
    ]
    if units and layers and snapshot is not None and len(snapshot.config.hidden) == 1:
        extra.insert(0, _single("place_unit"))
    if not (layers or contest):
        extra.append(_single("contest"))
    if opened:
        extra.insert(0, (pair("row_up", "row_down"), "row", "row_down"))
    if layers:
        extra += [_single("zeroing", names["zeroing"])]
        extra.append((pair("add_unit", "remove_unit"), "unit", "add_unit"))
        extra.append((pair("add_layer", "remove_layer"), "layer", "add_layer"))
    extra.append((pair("add_point", "remove_point"), "add, delete point", "add_point"))
    extra += [_single("quit"), _single("save"), _single("check_gradient")]
    top = [_single(name, names.get(name, "")) for name in first]
    if of_lesson is not None:
        top = [part for part in top if part[2] != "restart"]
        lines = [of_lesson, _fit(top, applies, width)]
        return _append(lines, [part for part in second if part[2] in _LEAD_TO_ALL], applies, width)
    lines = [_fit(top, applies, width), _fit(second, applies, width)]
    return _append(lines, extra, applies, width)


def _single(name: str, brief: str = "") -> tuple[str, str, str]:
    return key(name).shown, brief or key(name).brief, name


def _next_phase(snapshot: "Snapshot") -> str:
    """What comes next inside a step, as wide in every phase, so that no key moves."""
    from nn_core.training.state import PHASES

    return f"next: {PHASES[snapshot.phase]:<{max(map(len, PHASES))}}"


def _fit(parts: list[tuple[str, str, str]], applies: Applies, width: int) -> Line:
    """Those that there is room for; the keys that lead to all others come before any of them."""
    pieces = {part[2]: _piece(part, applies) for part in parts}
    fitting = set()
    for name in sorted(pieces, key=lambda name: name not in _LEAD_TO_ALL):
        if width_of(pieces[name]) <= width:
            width -= width_of(pieces[name])
            fitting.add(name)
    return [run for name, piece in pieces.items() if name in fitting for run in piece]


def _append(
    lines: list[Line], parts: list[tuple[str, str, str]], applies: Applies, width: int
) -> list[Line]:
    """Put what is left over where there is room, on the first line that has it."""
    for part in parts:
        piece = _piece(part, applies)
        for line in lines:
            if width_of(line) + width_of(piece) <= width:
                line += piece
                break
    return lines


def _piece(part: tuple[str, str, str], applies: Applies) -> Line:
    shown, brief, name = part
    if applies(name):
        return [(f" {shown}", "strong"), (f" {brief} ", "text")]
    return [(f" {shown} {brief} ", "off")]
