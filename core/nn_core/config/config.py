"""The Config: one frozen, validated value that says everything a run is.

The command line, the options on screen and a saved session all read and write this same value.
Each field is described once, here; its description travels with it as a `Setting` (`described`).
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from nn_core.config import naming
from nn_core.config.described import Effect, Setting
from nn_core.config.values import (
    Turn,
    are_noise,
    is_above_zero,
    is_epsilon,
    is_from_zero,
    is_share,
    is_share_or_all,
    is_whole,
    read_constant,
    read_names,
    read_noise,
    read_pace,
    read_sizes,
    read_switch,
    turn_batch,
    turn_by_one,
    turn_choice,
    turn_count,
    turn_epsilon,
    turn_fraction,
    turn_from,
    turn_noise,
    turn_pace,
    turn_rate,
    turn_share,
    turn_switch,
)
from nn_core.errors import RequestError
from nn_core.formatting import shown

MODELS = ("quadratic", "relu", "mlp")
ACTIVATIONS = ("relu", "leaky-relu", "tanh", "sigmoid", "identity", "silu", "gelu")
INITIALIZERS = ("spread", "he", "xavier", "lecun", "uniform", "normal", "pytorch")
LOSSES = ("mae", "mse", "huber", "log-cosh", "cross-entropy")
CLASS_LOSSES = ("cross-entropy",)  # of classes, where the others are of numbers
CLASS_WEIGHTS = ("none", "balanced")
TARGETS = ("lesson", "line", "abs", "step", "sine", "x-sin-x", "bumps")  # functions to make data of
ABOVE = "above"  # or below a function, of which it may bear the name: above-sine
LISTED_PLANES = ("circle", "xor", "gauss", "spiral", "moons", ABOVE)  # classes in the plane
PLANES = (*LISTED_PLANES, *(f"{ABOVE}-{name}" for name in TARGETS if name != "lesson"))
SHIPPED = ("stopping-distance", "penguins", "digits")  # tables that come with the program
LISTED_DATA = (*TARGETS, *LISTED_PLANES, *SHIPPED)
MADE_DATA = frozenset((*TARGETS, *PLANES))  # as many rows as asked for, with noise
NAMED_DATA = frozenset((*MADE_DATA, *SHIPPED))
FEATURES = ("x1", "x2", "x1^2", "x2^2", "x1*x2", "sin(x1)", "sin(x2)")
OPTIMIZERS = ("sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw", "lion")
CONSTANTS = ("momentum", "beta1", "beta2", "alpha", "epsilon", "weight_decay")  # of optimizers
SCHEDULES = ("constant", "step", "exponential", "cosine", "warm-up", "one-cycle", "plateau")
MISSING = ("drop", "mean", "refuse")
DTYPES = ("float64", "float32")
MAXIMUM_PARAMETERS = 50_000_000
WEIGHTS_SUFFIX = ".safetensors"
LOADED = "loaded"  # among what is frozen: whatever `load` brings
MAXIMUM_LAYERS = 1000  # hidden ones
MAXIMUM_ROWS = 1_000_000  # of made data
MAXIMUM_EPOCHS = 10**12  # with as many steps as there may be in one, still a number of 64 bits
MAXIMUM_BATCH = 10**9  # rows; beyond those that there are it is all of them
MAXIMUM_SEED = 2**32 - 1


def _turn_data(value: str, way: int) -> str:
    """Another of its kind; a file of one's own isn't left by a key, which could not lead back."""
    series = next((names for names in (TARGETS, PLANES) if value in names), (value,))
    following: str = turn_choice(series)(value, way)
    return following


def _turn_activations(value: tuple[str, ...], way: int) -> tuple[str, ...]:
    return (turn_choice(ACTIVATIONS)(value[0], way),)


def _are_sizes(value: Any) -> bool:
    return all(is_whole(1, MAXIMUM_PARAMETERS)(size) for size in value)


def _are_activations(value: Any) -> bool:
    return len(value) > 0 and all(name in ACTIVATIONS for name in value)


def _setting(
    default: Any, about: str, effect: Effect, parse: Callable[[str], Any] = str, **rest: Any
) -> Any:
    if "choices" in rest:
        rest["turn"] = turn_choice(rest["choices"])
    elif parse is read_switch:
        rest["turn"] = turn_switch
    described = {"about": about, "effect": effect, "parse": parse, "default": default, **rest}
    return field(default=default, metadata=described)


def _constant(
    about: str,
    turn: Turn,
    check: Callable[[Any], bool] = is_share,
    wanted: str = "from 0 to below 1",
) -> Any:
    """A number of some optimizers'; None where it is the optimizer's own."""
    return _setting(
        None, about, "now", read_constant, metavar="F",
        check=lambda value: value is None or check(value), wanted=f"{wanted}, or default",
        turn=lambda value, way: None if value is None else turn(value, way),
    )  # fmt: skip


def _whole(
    default: int,
    about: str,
    effect: Effect,
    turn: Turn,
    bounds: tuple[int, int],
    zero: str = "",
    words: str = "",
) -> Any:
    """A setting that is a whole number, with what 0 means in it; turned, it stays within bounds."""
    least, most = bounds
    return _setting(
        default, about, effect, int, metavar="N", check=is_whole(least, most),
        wanted=f"a whole number from {least} to {most}" + (f" ({zero})" if zero else ""),
        turn=lambda value, way: min(max(turn(value, way), least), most), words=words,
    )  # fmt: skip


@dataclass(frozen=True, repr=False)
class Config:
    """Everything that a run is, and the settings now in force.

    Lists, paths and NumPy's numbers are taken as what they say.  Raises `RequestError` with one
    clear line where a name is unknown or a value is out of its range.
    """

    experiment: str = _setting("quadratic", "the experiment that this run began as", "restart")
    model: str = _setting(
        "quadratic", "what is fitted; mlp is a network",
        "restart", choices=MODELS,
        words="kind",
    )  # fmt: skip
    hidden: tuple[int, ...] = _setting(
        (), "units of each hidden layer, or none", "restart", read_sizes, metavar="N,N…|none",
        check=_are_sizes, empty="none",
        wanted=f"whole numbers from 1 to {MAXIMUM_PARAMETERS}, as 16 or 64,64, or none",
        words="neurons units layers width depth",
    )  # fmt: skip
    activation: tuple[str, ...] = _setting(
        ("relu",), "of all hidden layers, or one for each", "restart", read_names,
        metavar="|".join(ACTIVATIONS), turn=_turn_activations, check=_are_activations,
        known=ACTIVATIONS,
        wanted="one of " + ", ".join(ACTIVATIONS) + ", or one for each hidden layer",
        words="nonlinearity",
    )  # fmt: skip
    init: str = _setting(
        "spread", "how a network’s start is drawn",
        "restart", choices=INITIALIZERS,
        words="initialisation",
    )  # fmt: skip
    load: str = _setting(
        "", "a file of parameters to start from", "restart", metavar="FILE.safetensors",
        words="weights",
    )  # fmt: skip
    load_partial: bool = _setting(
        False, "load the names that fit, leave the rest", "restart",
        read_switch, metavar="on|off", wanted="on or off",
    )  # fmt: skip
    data: str = _setting(
        "lesson", "a named data set, or a CSV file", "restart",
        metavar="|".join((*LISTED_DATA, "FILE.csv")), check=bool,
        wanted="a data set’s name or the path of a CSV file", turn=_turn_data,
        words="csv file table function",
    )  # fmt: skip
    rows: int = _whole(
        20, "points made; a file has rows of its own", "restart", turn_count, (1, MAXIMUM_ROWS),
        words="points examples",
    )  # fmt: skip
    x: tuple[str, ...] = _setting(
        (), "inputs: names, pixel_* or all; else numbers", "restart", read_names,
        metavar="COLUMN,…",
    )  # fmt: skip
    y: tuple[str, ...] = _setting(
        (), "targets: numbers or classes; else the last", "restart", read_names,
        metavar="COLUMN,…",
    )  # fmt: skip
    drop: tuple[str, ...] = _setting(
        (), "columns to leave out", "restart", read_names, metavar="COLUMN,…"
    )
    features: tuple[str, ...] = _setting(
        (), "inputs made of two columns x1 and x2", "restart", read_names,
        metavar="x1,x1^2,…", check=lambda value: all(name in FEATURES for name in value),
        wanted="some of " + ", ".join(FEATURES),
    )  # fmt: skip
    missing: str = _setting(
        "drop", "rows with empty cells; mean fills them", "restart", choices=MISSING
    )
    scale: bool = _setting(
        False, "standardise: mean 0, deviation 1", "restart",
        read_switch, metavar="on|off", wanted="on or off",
        words="standardise normalise",
    )  # fmt: skip
    noise: tuple[float, float] = _setting(
        (0.15, 1.5), "spread: a share of y, then a fixed part", "restart",
        read_noise, metavar="MULT,ADD", check=are_noise,
        wanted="two numbers from 0 to 1e100, as 0.15,1.5",
        turn=turn_noise,
        words="noisy",
    )  # fmt: skip
    validation: float = _setting(
        0.0, "part of the rows held back to validate", "restart", float, metavar="FRACTION",
        check=lambda value: isinstance(value, int | float) and 0 <= value < 1,
        wanted="from 0 to below 1, as 0.2", turn=turn_fraction,
        words="overfitting held-out unseen test split",
    )  # fmt: skip
    test: str = _setting("", "a file of rows to validate on instead", "restart", metavar="FILE.csv")
    test_column: str = _setting(
        "", "or a column that marks them: 1, True, test", "restart", metavar="COLUMN"
    )
    data_seed: int = _whole(
        42, "seed of the data’s noise and split", "restart", turn_by_one, (0, MAXIMUM_SEED)
    )
    seed: int = _whole(
        0, "seed of the start and of the shuffling", "restart", turn_by_one, (0, MAXIMUM_SEED),
        words="random",
    )  # fmt: skip
    dtype: str = _setting("float64", "the precision of every number", "restart", choices=DTYPES)
    learning_rate: float = _setting(
        0.01, "how far a step goes down the gradient", "now", float, metavar="F",
        check=is_above_zero, wanted="a number above 0", turn=turn_rate,
        words="lr eta",
    )  # fmt: skip
    schedule: str = _setting(
        "constant", "how the rate changes as the run goes on", "now", choices=SCHEDULES,
        words="decay annealing",
    )  # fmt: skip
    zero_gradients: bool = _setting(
        True, "zero the gradients before each step", "now",
        read_switch, metavar="on|off", wanted="on or off",
        words="zeroing forgotten accumulate",
    )  # fmt: skip
    freeze: tuple[str, ...] = _setting(
        (),
        "not updated: as a, W1, layer 1, or loaded",
        "now",
        read_names,
        metavar="NAME,…",
        spell=shown,
    )
    epochs: int = _whole(
        100, "passes over the data; 0 only measures", "view", turn_count, (0, MAXIMUM_EPOCHS),
        words="passes",
    )  # fmt: skip
    patience: int = _whole(
        0, "wait for a lower validation loss; 0: off", "view", turn_count,
        (0, MAXIMUM_EPOCHS), zero="0: off", words="early stopping best wait",
    )  # fmt: skip
    pace: float = _setting(
        10.0, "steps a second on screen, or max", "view", read_pace, metavar="F|max",
        check=lambda value: value == math.inf or is_above_zero(value),
        wanted="a number above 0, or max", turn=turn_pace,
        words="speed faster slower",
    )  # fmt: skip
    batch_size: int = _whole(
        0, "rows that an update looks at; 0: all", "now", turn_batch, (0, MAXIMUM_BATCH),
        zero="0: all rows", words="batch minibatch",
    )  # fmt: skip
    shuffle: bool = _setting(
        True, "batches in another order each epoch", "now",
        read_switch, metavar="on|off", wanted="on or off",
    )  # fmt: skip
    optimizer: str = _setting("sgd", "how a gradient becomes an update", "now", choices=OPTIMIZERS)
    momentum: float | None = _constant(
        "share of its velocity kept each step", turn_share, is_share_or_all, "from 0 to 1"
    )
    beta1: float | None = _constant("share kept of the mean gradient", turn_share)
    beta2: float | None = _constant("share kept of the second mean", turn_share)
    alpha: float | None = _constant("share kept of the mean square", turn_share)
    epsilon: float | None = _constant(
        "added to the root it divides by", turn_epsilon, is_epsilon, "a number from 1e-30"
    )
    weight_decay: float | None = _constant(
        "each step shrinks w by rate · this · w", turn_from(1e-4), is_from_zero, "a number from 0"
    )
    clip: float = _setting(
        0.0, "longest gradient that is used; 0: any", "now", float, metavar="F",
        check=is_from_zero, wanted="a number from 0 (0: any length)", turn=turn_from(0.1),
        words="clipping",
    )  # fmt: skip
    l1: float = _setting(
        0.0, "penalty on weights: l1 · Σ|w|; 0: none", "now", float, metavar="F",
        check=is_from_zero, wanted="a number from 0 (0: none)", turn=turn_from(1e-4),
        words="lasso regularisation",
    )  # fmt: skip
    l2: float = _setting(
        0.0, "penalty on weights: l2 · Σw²; 0: none", "now", float, metavar="F",
        check=is_from_zero, wanted="a number from 0 (0: none)", turn=turn_from(1e-4),
        words="ridge regularisation",
    )  # fmt: skip
    loss: str = _setting("mae", "what a row’s error counts", "restart", choices=LOSSES)
    class_weight: str = _setting(
        "none", "balanced: rare classes count as much", "restart", choices=CLASS_WEIGHTS,
        words="imbalanced weighted",
    )  # fmt: skip

    def __post_init__(self) -> None:
        for setting in settings():
            value = getattr(self, setting.name)
            plain = setting.taken(value)
            if plain is not value:
                object.__setattr__(self, setting.name, plain)
            setting.validate(plain)
        if sum(map(bool, (self.validation, self.test, self.test_column))) > 1:
            raise RequestError(
                "rows to validate on are told by one of validation, test and test column; not more"
            )
        if len(self.hidden) > MAXIMUM_LAYERS:
            raise RequestError(
                f"a network has at most {MAXIMUM_LAYERS} hidden layers; not {len(self.hidden)}"
            )
        if self.is_network and len(self.activation) not in (1, len(self.hidden)):
            raise RequestError(
                f"activation names {len(self.activation)} layers; there "
                f"{'is' if len(self.hidden) == 1 else 'are'} {len(self.hidden)} hidden"
            )

    @property
    def is_network(self) -> bool:
        """Whether the model is made of layers that these settings shape."""
        return self.model == "mlp"

    def replace(self, **changes: Any) -> "Config":
        """The same with these fields changed; validated again.

        `lr` and other short names are taken as well; `RequestError` where a name is unknown.
        """
        return replace(self, **full_names(changes))

    def __repr__(self) -> str:
        """What differs from the defaults."""
        changed = ((each.name, getattr(self, each.name)) for each in _SETTINGS)
        told = (f"{name}={value!r}" for name, value in changed if value != setting(name).default)
        return f"Config({', '.join(told)})"

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON (a pace of "max" is written as that word)."""
        values = asdict(self)
        values["pace"] = "max" if self.pace == math.inf else self.pace
        return values

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Config":
        """The inverse of `to_dict`; `RequestError` where a name or a value is unknown."""
        known = {setting.name: setting for setting in settings()}
        for name in values:
            if name not in known:
                raise RequestError(f"there is no setting {name!r}")
        plain: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in values.items()
        }
        if plain.get("pace") == "max":
            plain["pace"] = math.inf
        return cls(**plain)


def settings() -> Iterator[Setting]:
    """The description of each field, in the order in which a person meets them."""
    return iter(_SETTINGS)


def setting(name: str) -> Setting:
    """The description of one field; `RequestError` where there is none of that name."""
    (full,) = full_names({name: None}) if name not in _BY_NAME else (name,)
    return _BY_NAME[full]


def full_names(given: Mapping[str, Any]) -> dict[str, Any]:
    """Settings by each field's own name; see `naming`."""
    return naming.full_names(given, _SETTINGS)


_SETTINGS = tuple(Setting(name=each.name, **each.metadata) for each in fields(Config))
_BY_NAME = {each.name: each for each in _SETTINGS}

naming.take_from_python(Config, _SETTINGS)
