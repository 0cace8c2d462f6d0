"""What is typed by a click on a key that is printed on the screen."""

from textual.binding import Binding
from textual.events import Key
from textual.keys import Keys, key_to_character

from nn_tui.keys import KEYS, key
from nn_tui.keys.in_force import doubled
from nn_tui.text.meaning import Meant, key_named, one_of

_WORDS = {each.value for each in Keys if each.value.isidentifier()}


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
