"""What the keys do that are neither a request nor a view: a function each, by the key's name."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from nn_core.config.key_names import with_keys
from nn_core.live.edit_requests import AddUnit, Nudge, RemovePoint, RemoveUnit, Set
from nn_core.live.file_requests import NOT_OFFERED, Save
from nn_core.live.requests import Advance, BackSteps, Complain, Request, Seek
from nn_tui.keys import KEYS, Key
from nn_tui.keys.in_force import shown_as

if TYPE_CHECKING:
    from textual.events import Key as Pressed

    from nn_core.explain.snapshot import Snapshot
    from nn_tui.app.app import Laboratory
    from nn_tui.selection import Selection

NUDGE = 0.1

Action = Callable[["Laboratory"], object]


def _choosing(move: "Callable[[Selection, Snapshot], Selection]") -> Action:
    """An action that chooses something else, once there is a snapshot."""

    def act(lab: "Laboratory") -> None:
        if lab.snapshot is not None:
            lab.choose(move(lab.selection, lab.snapshot))

    return act


def _asking(make: "Callable[[Selection, Snapshot], Request]") -> Action:
    """An action that makes a request about what is chosen, once there is a snapshot."""

    def act(lab: "Laboratory") -> None:
        if lab.snapshot is not None:
            lab.link.ask(make(lab.selection, lab.snapshot))

    return act


def _nudge(lab: "Laboratory", amount: float) -> None:
    from nn_core.explain.rows import NumberRow

    if lab.selection.cursor.at_step:
        lab.link.ask(Advance(1) if amount > 0 else BackSteps(1))
        return
    row = lab.selection.row(lab.snapshot)
    if isinstance(row, NumberRow):
        lab.link.ask(Nudge(row.index, amount))


def _enter(lab: "Laboratory") -> None:
    """Open the chosen layer or unit, or type a value for the chosen parameter, or a step."""
    from nn_core.explain.rows import NumberRow

    row = lab.selection.row(lab.snapshot)
    if lab.selection.cursor.at_step:
        lab.dialogs.type_step()
    elif isinstance(row, NumberRow):
        lab.dialogs.type_parameter(row)
    else:
        lab.choose(lab.selection.opening(lab.snapshot))


def _out(lab: "Laboratory") -> None:
    """Leave the step for where it began, or close the opened layer."""
    shown = lab.snapshot
    if shown is not None and shown.phase:
        lab.link.ask(Seek(shown.step))
    elif lab.selection.is_opened:
        lab.choose(lab.selection.closing(lab.visible_rows))


def why_not(lab: "Laboratory", found: Key, shown: "Snapshot") -> str | None:
    """Why a key does nothing just now, "" where that goes unsaid; None where it does something."""
    if lab.lesson is not None and lab.lesson.hides(found.name):
        return "this lesson does without it; esc goes out of the lesson"
    if found.name == "save":
        from nn_core.live.allowed import is_allowed  # with requests that no first screen needs

        if not is_allowed(Save, lab.launch.limits):
            return Save.refusal
    return found.why_unavailable(shown, lab.selection)


def say_why_not(lab: "Laboratory", action: str) -> None:
    """Have it said why the key with this action does nothing just now."""
    if lab.snapshot is not None and lab.is_uncovered:
        found = next((each for each in KEYS if each.action == action), None)
        why = found and why_not(lab, found, lab.snapshot)
        if found and found.request and why == with_keys(NOT_OFFERED):
            lab.link.ask(found.request)  # which looks whether there is a run at all
        elif why:
            lab.link.ask(Complain(why))


def say_unbound(lab: "Laboratory", pressed: "Pressed") -> None:
    """Have it said of a key that it stands for nothing here, once for however many times."""
    shown = lab.snapshot
    if shown is None or not lab.is_uncovered or pressed.key in lab.screen.active_bindings:
        return
    typed = pressed.character if pressed.is_printable else None
    name = typed if typed and not typed.isspace() else shown_as(pressed.key)
    why = with_keys(f"{name} does nothing here; {{key.help}} lists the keys")
    if shown.complaint != why:
        lab.link.ask(Complain(why))


def _help(lab: "Laboratory") -> None:
    """Help for what is on the screen, the question that waits first and its answer hidden."""
    first, shown = [], lab.snapshot
    if lab.lesson is not None and shown is not None:
        first, shown = lab.lesson.about(), lab.lesson.veiled(shown)

    def look_up() -> None:
        from nn_tui.app.palette_entries import meanings_first

        lab.dialogs.palette(meanings_first(lab.entries()), lab.typed_entries)

    lab.dialogs.help(shown, lab.selection, lab.main.reads(), look_up, first)


ACTIONS: dict[str, Action] = {
    "up": _choosing(lambda chosen, shown: chosen.moved(shown, by=-1)),
    "down": _choosing(lambda chosen, shown: chosen.moved(shown, by=1)),
    "row_up": _choosing(lambda chosen, shown: chosen.moved(shown, rows=-1)),
    "row_down": _choosing(lambda chosen, shown: chosen.moved(shown, rows=1)),
    "first": _choosing(lambda chosen, shown: chosen.at_end(shown, last=False)),
    "last": _choosing(lambda chosen, shown: chosen.at_end(shown, last=True)),
    "previous_point": _choosing(lambda chosen, shown: chosen.next_point(shown, -1)),
    "next_point": _choosing(lambda chosen, shown: chosen.next_point(shown, 1)),
    "next_mistake": _choosing(lambda chosen, shown: chosen.next_mistake(shown)),
    "partner": _choosing(lambda chosen, shown: chosen.next_partner()),
    "next_target": _choosing(lambda chosen, shown: chosen.next_target(shown)),
    "next_view": lambda lab: lab.turn_to(lab.selection.next_view(1)),
    "previous_view": lambda lab: lab.turn_to(lab.selection.next_view(-1)),
    "lower": lambda lab: _nudge(lab, -NUDGE),
    "raise": lambda lab: _nudge(lab, NUDGE),
    "enter": _enter,
    "out": _out,
    "add_unit": _asking(lambda chosen, shown: AddUnit(chosen.layer(shown))),
    "remove_unit": _asking(lambda chosen, shown: RemoveUnit(chosen.layer(shown))),
    "switch_unit": _choosing(lambda chosen, shown: chosen.switching_unit(shown)),
    "draw": lambda lab: lab.dialogs.draw(lab.selection.drawn, lab.put_drawn),
    "add_point": lambda lab: lab.dialogs.add_point(),
    "scale": _asking(lambda chosen, shown: Set("scale", "off" if shown.config.scale else "on")),
    "remove_point": _asking(lambda chosen, shown: RemovePoint(shown.point.index)),
    "jump": lambda lab: lab.dialogs.type_step(),
    "steps": lambda lab: lab.dialogs.steps(),
    "epochs": lambda lab: lab.dialogs.type_epochs(),
    "save": lambda lab: lab.dialogs.save(),
    "kept_runs": lambda lab: lab.dialogs.kept_runs(),
    "arithmetic": lambda lab: lab.dialogs.arithmetic(lab.main.reads()),
    "check_gradient": lambda lab: lab.dialogs.check_gradient(),
    "measure": lambda lab: lab.dialogs.measure(),
    "lessons": lambda lab: lab.list_lessons(),
    "predict": lambda lab: lab.turn_predicting(),
    "options": lambda lab: lab.dialogs.options(),
    "palette": lambda lab: lab.dialogs.palette(lab.entries(), lab.typed_entries),
    "help": lambda lab: _help(lab),
    "redraw": lambda lab: lab.action_redraw(),
    "quit": lambda lab: lab.exit(0),
    "leave": lambda lab: lab.exit(0),
}
