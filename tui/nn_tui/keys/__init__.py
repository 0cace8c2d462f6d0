"""Every key, described once; when it applies; and the lines of keys at the foot of the screen."""

from nn_tui.keys.keys import GROUPS, KEYS, Key, in_group, key

__all__ = ["GROUPS", "KEYS", "Key", "in_group", "key"]
