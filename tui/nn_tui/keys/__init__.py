"""Every key, described once; when it applies; and the lines of keys at the foot of the screen."""

from nn_tui.keys.in_force import in_group, key
from nn_tui.keys.keys import GROUPS, KEYS, Key

__all__ = ["GROUPS", "KEYS", "Key", "in_group", "key"]
