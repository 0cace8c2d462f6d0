"""The Config: one frozen, validated value that says everything a run is.

The command line, the options on screen and a saved session all read and write this same value.
Each field is described once, here; its description travels with it as a `Setting`.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Literal

from nn_core.errors import RequestError

Effect = Literal["view", "now", "restart"]
Turn = Callable[[Any, int], Any]  # (value, +1 or −1) -> the value beside it

MODELS = ("quadratic", "relu", "mlp")
ACTIVATIONS = ("relu", "leaky-relu", "tanh", "sigmoid", "identity")
INITIALIZERS = ("spread", "he", "xavier", "lecun", "uniform", "normal", "pytorch")
LOSSES = ("mae", "mse", "huber")
TARGETS = ("lesson", "line", "abs", "step", "sine", "x-sin-x", "bumps")  # functions to make data of
OPTIMIZERS = ("sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw")
SCHEDULES = ("constant", "step", "exponential", "cosine", "warm-up", "one-cycle", "plateau")
MISSING = ("refuse", "drop")
DTYPES = ("float64", "float32")
MAXIMUM_PARAMETERS = 50_000_000
WEIGHTS_SUFFIX = ".safetensors"
LOADED = "loaded"  # among what is frozen: whatever `load` brings
MAXIMUM_ROWS = 1_000_000  # of made data
PACES = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1e3, 2e3, 5e3, math.inf)
NOISES = (0.0, 0.1, 0.2, 0.5, 1.0, 1.5, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)


@dataclass(frozen=True)
class Setting:
    """What there is to say about one field of the Config.

    `effect` tells what a change does: "view" touches nothing that training computes, "now" takes
    effect on the next step of the run, "restart" is another run from its own start.
    """

    name: str
    about: str
    default: Any
    effect: Effect
    parse: Callable[[str], Any]
    choices: tuple[str, ...] = ()
    metavar: str = ""
    check: Callable[[Any], bool] = lambda value: True
    wanted: str = ""
    turn: Turn | None = None

    @property
    def title(self) -> str:
        """The name as words: "learning rate"."""
        return self.name.replace("_", " ")

    def validate(self, value: Any) -> None:
        """Raise `RequestError` where the value is outside what this field takes."""
        if self.choices and value not in self.choices:
            raise RequestError(f"{self.title} is one of {', '.join(self.choices)}; not {value!r}")
        if not self.check(value):
            shown = "inf" if value == math.inf else show(value)
            raise RequestError(f"{self.title} must be {self.wanted}; not {shown}")

    def read(self, text: str) -> Any:
        """Turn what a person typed into a value of this field; `RequestError` where it is none."""
        try:
            value = self.parse(text.strip())
        except ValueError:
            wanted = self.wanted or "one of " + ", ".join(self.choices)
            raise RequestError(f"{self.title} must be {wanted}; not {text!r}") from None
        self.validate(value)
        return value


def show(value: Any) -> str:
    """A value as a person would type it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return ",".join(show(part) for part in value)
    if isinstance(value, float):
        return "max" if value == math.inf else f"{value:g}"
    return str(value)


def _switch(text: str) -> bool:
    return {"on": True, "off": False, "yes": True, "no": False}[text.lower()]


def _read_switch(text: str) -> bool:
    try:
        return _switch(text)
    except KeyError:
        raise ValueError(text) from None


def _read_pace(text: str) -> float:
    return math.inf if text == "max" else float(text)


def _read_names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _read_sizes(text: str) -> tuple[int, ...]:
    return tuple(int(size) for size in _read_names(text))


def _read_noise(text: str) -> tuple[float, float]:
    multiplicative, additive = (float(part) for part in text.split(","))
    return multiplicative, additive


def turn_series(value: float, way: int) -> float:
    """The next of …, 0.1, 0.2, 0.5, 1, 2, 5, … above (+1) or below (−1) a value above 0."""
    exponent = math.floor(math.log10(value))
    steps = [
        float(f"{digit}e{power}")
        for power in (exponent - 1, exponent, exponent + 1)
        for digit in (1, 2, 5)
    ]
    if way > 0:
        return min(step for step in steps if step > value * (1 + 1e-9))
    return max(step for step in steps if step < value * (1 - 1e-9))


def _turn_rate(value: float, way: int) -> float:
    return min(max(turn_series(value, way), 1e-9), 1e9)


def _turn_epochs(value: int, way: int) -> int:
    return max(1, int(turn_series(value, way)))


def _turn_along(series: tuple[float, ...], value: float, way: int) -> float:
    """The next of a series above or below a value; at its end, the value itself."""
    above = [step for step in series if step > value]
    below = [step for step in series if step < value]
    if way > 0:
        return above[0] if above else value
    return below[-1] if below else value


def _turn_pace(value: float, way: int) -> float:
    return _turn_along(PACES, value, way)


def _turn_noise(value: tuple[float, float], way: int) -> tuple[float, float]:
    """More or less of the additive part."""
    return value[0], _turn_along(NOISES, value[1], way)


def _turn_fraction(value: float, way: int) -> float:
    """Tenths, up to a half."""
    return _turn_along((0.0, 0.1, 0.2, 0.3, 0.4, 0.5), value, way)


def _turn_rows(value: int, way: int) -> int:
    return min(_turn_epochs(value, way), MAXIMUM_ROWS)


def _turn_data(value: str, way: int) -> str:
    """Another function; a file of one's own isn't left by a key, which could not lead back."""
    if value not in TARGETS:
        return value
    return TARGETS[(TARGETS.index(value) + way) % len(TARGETS)]


def _turn_seed(value: int, way: int) -> int:
    return max(0, value + way)


def _turn_from(least: float) -> Turn:
    """From 0 (off) up to `least` and on in the 1-2-5 series; below it down to 0 again."""

    def turn(value: float, way: int) -> float:
        if way > 0:
            return least if value < least else _turn_rate(value, way)
        return _turn_rate(value, way) if value > least else 0.0

    return turn


def _turn_batch(value: int, way: int) -> int:
    """Go on from all rows (0) to 1, 2, 4, 8 and so on."""
    if way > 0:
        return max(1, value * 2)
    return value // 2


def _turn_switch(value: bool, way: int) -> bool:
    return not value


def _turn_choice(choices: tuple[str, ...]) -> Turn:
    return lambda value, way: choices[(choices.index(value) + way) % len(choices)]


def _turn_activations(value: tuple[str, ...], way: int) -> tuple[str, ...]:
    at = ACTIVATIONS.index(value[0])
    return (ACTIVATIONS[(at + way) % len(ACTIVATIONS)],)


def _are_activations(value: Any) -> bool:
    return len(value) > 0 and all(name in ACTIVATIONS for name in value)


def _is_whole(minimum: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, int) and value >= minimum


def _is_above_zero(value: Any) -> bool:
    return isinstance(value, int | float) and 0 < value < math.inf


def _is_from_zero(value: Any) -> bool:
    return isinstance(value, int | float) and 0 <= value < math.inf


def _are_noise(value: Any) -> bool:
    return len(value) == 2 and all(0 <= part < math.inf for part in value)


def _setting(
    default: Any, about: str, effect: Effect, parse: Callable[[str], Any] = str, **rest: Any
) -> Any:
    if "choices" in rest:
        rest["turn"] = _turn_choice(rest["choices"])
    elif parse is _read_switch:
        rest["turn"] = _turn_switch
    described = {"about": about, "effect": effect, "parse": parse, "default": default, **rest}
    return field(default=default, metadata=described)


@dataclass(frozen=True)
class Config:
    """Everything that a run is, and the settings now in force.

    Raises `RequestError` with one clear line where a value is out of its range.
    """

    experiment: str = _setting("quadratic", "the experiment that this run began as", "restart")
    model: str = _setting(
        "quadratic", "what is fitted; mlp is a network",
        "restart", choices=MODELS,
    )  # fmt: skip
    hidden: tuple[int, ...] = _setting(
        (), "units of each hidden layer of a network", "restart", _read_sizes, metavar="N,N…",
        check=lambda value: all(isinstance(size, int) and size > 0 for size in value),
        wanted="whole numbers from 1, such as 16 or 64,64",
    )  # fmt: skip
    activation: tuple[str, ...] = _setting(
        ("relu",), "of all hidden layers, or one for each", "restart", _read_names,
        metavar="|".join(ACTIVATIONS), turn=_turn_activations, check=_are_activations,
        wanted="one of " + ", ".join(ACTIVATIONS) + ", or one for each hidden layer",
    )  # fmt: skip
    init: str = _setting(
        "spread", "how a network’s start is drawn",
        "restart", choices=INITIALIZERS,
    )  # fmt: skip
    load: str = _setting(
        "", "a file of parameters to start from", "restart", metavar="FILE.safetensors"
    )
    load_partial: bool = _setting(
        False, "load the names that fit, leave the rest", "restart",
        _read_switch, metavar="on|off", wanted="on or off",
    )  # fmt: skip
    data: str = _setting(
        "lesson", "a named function, or a CSV file", "restart",
        metavar="|".join((*TARGETS, "FILE.csv")), check=bool,
        wanted="a function’s name or the path of a CSV file", turn=_turn_data,
    )  # fmt: skip
    rows: int = _setting(
        20, "points made; a file has rows of its own", "restart", int, metavar="N",
        check=lambda value: isinstance(value, int) and 1 <= value <= MAXIMUM_ROWS,
        wanted=f"a whole number from 1 to {MAXIMUM_ROWS}", turn=_turn_rows,
    )  # fmt: skip
    x: tuple[str, ...] = _setting(
        (), "input columns; else all but the last", "restart", _read_names,
        metavar="COLUMN,…",
    )  # fmt: skip
    y: str = _setting("", "target column; else the last", "restart", metavar="COLUMN")
    missing: str = _setting(
        "refuse", "what to do about rows with empty cells", "restart", choices=MISSING
    )
    scale: bool = _setting(
        False, "standardise: mean 0, deviation 1", "restart",
        _read_switch, metavar="on|off", wanted="on or off",
    )  # fmt: skip
    noise: tuple[float, float] = _setting(
        (0.15, 1.5), "deviation of the noise: ×, +", "restart",
        _read_noise, metavar="MULT,ADD", check=_are_noise, wanted="two numbers from 0, as 0.15,1.5",
        turn=_turn_noise,
    )  # fmt: skip
    validation: float = _setting(
        0.0, "part of the rows held back to validate", "restart", float, metavar="FRACTION",
        check=lambda value: isinstance(value, int | float) and 0 <= value < 1,
        wanted="from 0 to below 1, as 0.2", turn=_turn_fraction,
    )  # fmt: skip
    data_seed: int = _setting(
        42, "seed of the data’s noise and split", "restart", int, metavar="N",
        check=lambda value: isinstance(value, int) and 0 <= value < 2**32,
        wanted="a whole number from 0 to 4294967295", turn=_turn_seed,
    )  # fmt: skip
    seed: int = _setting(
        0, "seed of the start and of the shuffling", "restart", int, metavar="N",
        check=_is_whole(0), wanted="a whole number from 0", turn=_turn_seed,
    )  # fmt: skip
    dtype: str = _setting("float64", "the precision of every number", "restart", choices=DTYPES)
    learning_rate: float = _setting(
        0.01, "how far a step goes down the gradient", "now", float, metavar="F",
        check=_is_above_zero, wanted="a number above 0", turn=_turn_rate,
    )  # fmt: skip
    schedule: str = _setting(
        "constant", "how the rate changes as the run goes on", "now", choices=SCHEDULES
    )
    zero_gradients: bool = _setting(
        True, "zero the gradients before each step", "now",
        _read_switch, metavar="on|off", wanted="on or off",
    )  # fmt: skip
    freeze: tuple[str, ...] = _setting(
        (), "not updated: names, layers, or loaded", "now", _read_names, metavar="NAME,…"
    )
    epochs: int = _setting(
        100, "passes over the data to train for", "view", int, metavar="N",
        check=_is_whole(1), wanted="a whole number from 1", turn=_turn_epochs,
    )  # fmt: skip
    pace: float = _setting(
        10.0, "steps a second on screen, or max", "view", _read_pace, metavar="F|max",
        check=lambda value: isinstance(value, int | float) and value > 0,
        wanted="a number above 0, or max", turn=_turn_pace,
    )  # fmt: skip
    batch_size: int = _setting(
        0, "rows that an update looks at; 0: all", "now", int, metavar="N",
        check=_is_whole(0), wanted="a whole number from 0 (0: all rows)", turn=_turn_batch,
    )  # fmt: skip
    shuffle: bool = _setting(
        True, "batches in another order each epoch", "now",
        _read_switch, metavar="on|off", wanted="on or off",
    )  # fmt: skip
    optimizer: str = _setting("sgd", "how a gradient becomes an update", "now", choices=OPTIMIZERS)
    clip: float = _setting(
        0.0, "longest gradient that is used; 0: any", "now", float, metavar="F",
        check=_is_from_zero, wanted="a number from 0 (0: any length)", turn=_turn_from(0.1),
    )  # fmt: skip
    l1: float = _setting(
        0.0, "penalty on weights: l1 · Σ|w|; 0: none", "now", float, metavar="F",
        check=_is_from_zero, wanted="a number from 0 (0: none)", turn=_turn_from(1e-4),
    )  # fmt: skip
    l2: float = _setting(
        0.0, "penalty on weights: l2 · Σw²; 0: none", "now", float, metavar="F",
        check=_is_from_zero, wanted="a number from 0 (0: none)", turn=_turn_from(1e-4),
    )  # fmt: skip
    loss: str = _setting("mae", "what a row’s error counts", "restart", choices=LOSSES)

    def __post_init__(self) -> None:
        if isinstance(self.activation, str):  # one name for all layers may come without its tuple
            object.__setattr__(self, "activation", (self.activation,))
        for setting in settings():
            setting.validate(getattr(self, setting.name))
        if self.model == "mlp" and not self.hidden:
            raise RequestError("a network needs at least one hidden layer, such as --hidden 16")
        if self.model == "mlp" and len(self.activation) not in (1, len(self.hidden)):
            raise RequestError(
                f"activation names {len(self.activation)} layers; there "
                f"{'is' if len(self.hidden) == 1 else 'are'} {len(self.hidden)} hidden"
            )

    def replace(self, **changes: Any) -> "Config":
        """The same with these fields changed; validated again."""
        return replace(self, **changes)

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
    """The description of one field."""
    return next(found for found in _SETTINGS if found.name == name)


_SETTINGS = tuple(Setting(name=each.name, **each.metadata) for each in fields(Config))
