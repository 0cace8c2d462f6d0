"""What a person types as a setting's value: read, and refused where the run would refuse it."""

from typing import Any

from nn_core.config import NAMED_DATA, Config, Setting
from nn_core.config.limits import Limits
from nn_core.disk import require_there, typed_path

_FILES = ("load", "test")  # settings that name a file, or none


def read_typed(each: Setting, text: str, config: Config, limits: Limits) -> Any:
    """The value that the text is for this setting, of a run with this Config.

    Raises `RequestError` where the text is no such value, the optimizer has no such constant, the
    settings don't go together, or there is no such file; a kiosk looks for none.
    """
    from nn_core.optim.optimizers import require_setting  # and with it NumPy: not at the start

    require_setting(config.optimizer, each.name)
    value = each.read(text)
    config.replace(**{each.name: value})
    if limits.files == "all" and value and each.name in _FILES:
        require_there(typed_path(value))
    if limits.files == "all" and each.name == "data" and value not in NAMED_DATA:
        require_there(typed_path(value))
    return value
