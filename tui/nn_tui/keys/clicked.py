"""What was clicked, and what is typed by a click on a key that is printed on the screen."""

from typing import Any

from textual.binding import Binding
from textual.errors import NoWidget
from textual.events import Key, MouseEvent
from textual.keys import Keys, key_to_character
from textual.screen import Screen
from textual.widget import Widget

from nn_tui.keys import KEYS, key
from nn_tui.keys.in_force import doubled
from nn_tui.text.meaning import Meant, key_named, one_of

_WORDS = {each.value for each in Keys if each.value.isidentifier()}


def under(screen: Screen[Any], event: MouseEvent) -> tuple[Widget | None, int, int]:
    """The part of a screen under the mouse, and the cell in it; None where it has shrunk since."""
    try:
        widget, place = screen.get_widget_at(event.screen_x, event.screen_y)
    except NoWidget:
        return None, 0, 0
    return widget, event.screen_x - place.x, event.screen_y - place.y


def typed(clicked: Meant) -> list[Key]:
    """The keys that a click means, as if they were typed; none where it means something else."""
    if clicked.kind == "keys":
        return _presses(key_named(clicked.text, clicked.at))
    if clicked.kind == "type":
        return _presses(one_of(clicked.about.split(), clicked.text, clicked.at))
    return []


def _presses(shown: str) -> list[Key]:
    """The key that is printed so; a letter twice where it is pressed twice."""
    name = next((key(each.name).keys for each in KEYS if key(each.name).shown == shown), "")
    name = name.split(",")[0] if name != "," else name
    if doubled(name):
        return [Key(name[0], name[0])] * 2
    if not name and (len(shown) == 1 or shown in _WORDS):
        [binding] = Binding.make_bindings([(shown, "")])  # which knows that / is slash
        name = binding.key
    return [Key(name, key_to_character(name))] if name else []
