"""The table of classes: which is taken for which."""

import numpy as np
import pytest

from nn_core.training.measures import ClassMeasures
from nn_tui.panels.classes import confusion_rows
from nn_tui.text.roles import width_of


def rows_of(names: tuple[str, ...], width: int) -> list[str]:
    counts = np.arange(len(names) ** 2).reshape(len(names), -1)
    lines = confusion_rows(ClassMeasures(names, counts, names[0], 0.5), width)
    assert all(width_of(line) <= width for line in lines)
    return ["".join(text for text, _ in line) for line in lines]


@pytest.mark.parametrize("width", [36, 39, 60, 120])
def test_a_class_has_its_whole_name_where_there_is_room(width: int) -> None:
    head, first, *_ = rows_of(("Adelie", "Chinstrap", "Gentoo"), width)
    assert head.split() == ["Adelie", "Chinstrap", "Gentoo"]
    for name, count in zip(head.split(), first.split()[1:], strict=True):
        assert first[head.index(name) + len(name) - 1] == count  # which stands under its end


def test_names_are_cut_where_there_is_no_room() -> None:
    head, *_ = rows_of(("Adelie", "Chinstrap", "Gentoo"), 30)
    assert head.split() == ["Adeli", "Chins", "Gento"]
