"""Settings that do nothing in some runs: of which they do something."""

from collections.abc import Callable

from nn_core.config.config import CLASS_LOSSES, MADE_DATA, Config

Applies = Callable[[Config], bool]


def _of_network(config: Config) -> bool:
    return config.is_network


def _of_made_data(config: Config) -> bool:
    return config.data in MADE_DATA


def _of_file(config: Config) -> bool:
    return config.data not in MADE_DATA


def _of_classes(config: Config) -> bool:
    return config.loss in CLASS_LOSSES


def _of_rows_held_back(config: Config) -> bool:
    return bool(config.validation or config.test or config.test_column)


_CONDITIONS: dict[str, tuple[Applies, str]] = {  # where a setting does something, in words too
    "activation": (_of_network, "only of a network"),
    "init": (_of_network, "only of a network"),
    "rows": (_of_made_data, "only of data that is made"),
    "noise": (_of_made_data, "only of data that is made"),
    "x": (_of_file, "only of a file"),
    "y": (_of_file, "only of a file"),
    "drop": (_of_file, "only of a file"),
    "missing": (_of_file, "only of a file"),
    "test": (_of_file, "only of a file"),
    "test_column": (_of_file, "only of a file"),
    "load_partial": (lambda config: bool(config.load), "only where a file is loaded"),
    "class_weight": (_of_classes, "only of classes"),
    "patience": (_of_rows_held_back, "only where rows are held back"),
    "shuffle": (lambda config: config.batch_size > 0, "only of batches"),
}


def idle(config: Config, name: str) -> str:
    """Where a setting does something, as "only of a network"; "" where it does in this run."""
    applies, where = _CONDITIONS.get(name, (lambda config: True, ""))
    return "" if applies(config) else where
