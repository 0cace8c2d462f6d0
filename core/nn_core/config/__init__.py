"""What a run is: settings and their ranges, named experiments, limits for strangers.

Nothing in this room imports NumPy: the command line needs it before the first paint.
"""

from nn_core.config.config import (
    ACTIVATIONS,
    CONSTANTS,
    DTYPES,
    INITIALIZERS,
    LOADED,
    LOSSES,
    MAXIMUM_PARAMETERS,
    MAXIMUM_ROWS,
    MISSING,
    MODELS,
    OPTIMIZERS,
    SCHEDULES,
    TARGETS,
    WEIGHTS_SUFFIX,
    Config,
    Effect,
    Setting,
    setting,
    settings,
    show,
)

__all__ = [
    "ACTIVATIONS",
    "CONSTANTS",
    "DTYPES",
    "INITIALIZERS",
    "LOADED",
    "LOSSES",
    "MAXIMUM_PARAMETERS",
    "MAXIMUM_ROWS",
    "MISSING",
    "MODELS",
    "OPTIMIZERS",
    "SCHEDULES",
    "TARGETS",
    "WEIGHTS_SUFFIX",
    "Config",
    "Effect",
    "Setting",
    "setting",
    "settings",
    "show",
]
