"""Importing at the start: without what nobody uses, and without looking for garbage meanwhile."""

import gc
import importlib
import sys
from types import ModuleType
from typing import Any


def import_without(name: str, left_out: str, **names: Any) -> Any:
    """Import a module while an almost empty one, with these names, stands in place of another.

    Where a version has no such other module, or has it loaded already, this changes nothing.
    """
    if left_out in sys.modules or name in sys.modules:
        return importlib.import_module(name)
    stand_in = ModuleType(left_out)
    vars(stand_in).update(names)
    sys.modules[left_out] = stand_in
    try:
        return importlib.import_module(name)
    finally:
        del sys.modules[left_out]


def hold_collection() -> None:
    """Look for no garbage from here on, while modules are imported.

    They make objects by the hundred thousand, hardly any of which goes again; going through them
    takes a twentieth of the start.
    """
    gc.disable()


def resume_collection() -> None:
    """Look for garbage again where it was held, though not among what is there by now."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
