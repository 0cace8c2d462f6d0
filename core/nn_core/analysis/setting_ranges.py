"""Which settings a map can have along a side, and which values of each it tries.

To add one, write its `Ranged` in `_RANGED`: where it does something, and its values.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nn_core.config import TARGETS, Config, setting
from nn_core.config.limits import NO_LIMITS, Limits
from nn_core.errors import RequestError
from nn_core.formatting import short
from nn_core.optim.optimizers import has_setting, in_force

WIDE = 100.0  # times the value in force, up and down
ALL_ROWS = 0  # as a batch size
MOST_UNITS = 64  # that are tried, unless the network has more already


@dataclass(frozen=True)
class Side:
    """One side of a map: a setting, the values tried, and which of them the run has, if any.

    Of a pair the value is the second: the additive noise.  `hidden` is the units of each layer.
    """

    name: str
    values: tuple[float, ...]
    own: int | None

    @property
    def title(self) -> str:
        """The setting in words."""
        return titled(self.name)

    def written(self, at: int) -> str:
        """One of the values, as a person reads it."""
        value = self.values[at]
        return "all rows" if self.name == "batch_size" and value == ALL_ROWS else short(value, 6)


@dataclass(frozen=True)
class Ranged:
    """A setting that a map can try: whether it does something, and what is tried around a value.

    `values(own, count, rows)` are at most about so many, from the least up.
    """

    applies: Callable[[Config, int], bool]
    values: Callable[[float, int, int], Sequence[float]]


_TITLES = {"hidden": "hidden units", "noise": "noise added"}


def titled(name: str) -> str:
    """A setting in words, as a map has it."""
    return _TITLES.get(name, setting(name).title)


def offered(config: Config, rows: int) -> list[str]:
    """The settings that can be mapped in a run on so many rows."""
    return [name for name, found in _RANGED.items() if found.applies(config, rows)]


def side(
    name: str, config: Config, rows: int, count: int, limits: Limits = NO_LIMITS
) -> Side:  # fmt: skip
    """At most so many values of a setting around the one in force, as far as limits allow."""
    if name not in offered(config, rows):
        raise RequestError(f"{setting(name).title} does nothing in this run; there is no map of it")
    own = _own(name, config, rows)
    values = list(_RANGED[name].values(own or 0, count, rows))
    if own is not None and own not in values and _size(own) < _size(values[-1]):
        values = _with(values, own, count)
    values = [
        value for value in values if _is_allowed(changes(name, value, config), config, limits)
    ]
    return Side(name, tuple(values), values.index(own) if own in values else None)


def changes(name: str, value: float, config: Config) -> dict[str, Any]:
    """The settings that give a run this value.  SGD gets its momentum by becoming momentum."""
    if name == "hidden":
        return {"hidden": (int(value),) * len(config.hidden)}
    if name == "noise":
        return {"noise": (config.noise[0], value)}
    if name == "momentum" and config.optimizer == "sgd":
        return {"optimizer": "momentum", "momentum": value}
    return {name: value}


def restarts(name: str) -> bool:
    """Whether another value makes another run, from its own start."""
    return setting(name).effect == "restart"


def _own(name: str, config: Config, rows: int) -> float | None:
    """The value in force; None where there is no single one."""
    if name == "hidden":
        return config.hidden[0] if len(set(config.hidden)) == 1 else None
    if name == "noise":
        return config.noise[1]
    if name == "momentum" and config.optimizer == "sgd":
        return 0.0
    if name == "batch_size" and config.batch_size >= rows:
        return ALL_ROWS
    found: float = in_force(config, name)
    return found


def _size(value: float) -> float:
    """How far up its side a value stands: all rows are more than any number of them."""
    return np.inf if value == ALL_ROWS and isinstance(value, int) else value


def _with(values: list[float], own: float, count: int) -> list[float]:
    """The value in force among the others; where there are too many, in place of the nearest."""
    found = sorted([*values, own], key=_size)
    if len(found) > count:
        at = found.index(own)
        sides = [other for other in (at - 1, at + 1) if 0 < other < len(found) - 1]
        if sides:
            del found[min(sides, key=lambda other: abs(_size(found[other]) - own))]
    return found


def _is_allowed(changed: dict[str, Any], config: Config, limits: Limits) -> bool:
    try:
        limits.require(config.replace(**changed))
    except RequestError:
        return False
    return True


# --- values -------------------------------------------------------------------------------------


def _rounded(values: Any) -> list[float]:
    """To three digits, since they are there to be read, and taken as they are read."""
    return sorted({float(f"{value:.3g}") for value in values})


def _around(own: float, count: int, rows: int) -> list[float]:
    """From a hundredth to a hundred times as much."""
    return _rounded(np.geomspace(own / WIDE, own * WIDE, count))


def _from_zero(own: float, count: int, rows: int) -> list[float]:
    """None, and around the value, or around 0.01."""
    return [0.0, *_around(own or 0.01, count - 1, rows)]


def _noises(own: float, count: int, rows: int) -> list[float]:
    """None, and up to ten times as much."""
    own = own or 1.0
    return [0.0, *_rounded(np.geomspace(own / 10, own * 10, count - 1))]


def _shares(most_lost: float, least_lost: float) -> Callable[[float, int, int], list[float]]:
    """Shares that are kept: what is lost goes down geometrically."""

    def values(own: float, count: int, rows: int) -> list[float]:
        lost = np.geomspace(most_lost, least_lost, count)
        return sorted({round(1 - float(f"{part:.2g}"), 8) for part in lost.tolist()})

    return values


def _batches(own: float, count: int, rows: int) -> list[float]:
    """1, 2, 4, and so on, and all rows."""
    return [*(2**power for power in range(count - 1) if 2**power < rows), ALL_ROWS]


def _units(own: float, count: int, rows: int) -> list[float]:
    sizes = np.geomspace(1, max(MOST_UNITS, 2 * own), count).round().astype(int)
    return sorted(set(sizes.tolist()))


def _seeds(own: float, count: int, rows: int) -> list[float]:
    return [int(own) + more for more in range(count)]


def _of_optimizer(name: str) -> Callable[[Config, int], bool]:
    return lambda config, rows: has_setting(config.optimizer, name)


def _of_made_data(config: Config, rows: int) -> bool:
    return config.data in TARGETS


_RANGED = {
    "learning_rate": Ranged(lambda config, rows: True, _around),
    "momentum": Ranged(
        lambda config, rows: config.optimizer == "sgd" or has_setting(config.optimizer, "momentum"),
        _shares(1.0, 0.01),
    ),
    "beta1": Ranged(_of_optimizer("beta1"), _shares(1.0, 0.01)),
    "beta2": Ranged(_of_optimizer("beta2"), _shares(0.5, 1e-4)),
    "alpha": Ranged(_of_optimizer("alpha"), _shares(0.5, 1e-3)),
    "batch_size": Ranged(lambda config, rows: rows > 1, _batches),
    "hidden": Ranged(lambda config, rows: bool(config.hidden) and not config.load, _units),
    "seed": Ranged(
        lambda config, rows: (
            (config.model == "mlp" and not config.load)
            or (0 < config.batch_size < rows and config.shuffle)
        ),
        _seeds,
    ),
    "noise": Ranged(_of_made_data, _noises),
    "data_seed": Ranged(_of_made_data, _seeds),
    "weight_decay": Ranged(_of_optimizer("weight_decay"), _from_zero),
    "epsilon": Ranged(_of_optimizer("epsilon"), _around),
    "l2": Ranged(lambda config, rows: True, _from_zero),
}
