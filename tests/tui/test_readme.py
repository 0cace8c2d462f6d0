"""The README's tables of keys and of functions, and its map, are true of the program."""

import ast
import re
from pathlib import Path

import pytest

from nn_core.config import show
from nn_core.data.functions import TARGETS
from nn_tui.keys import GROUPS, in_group

README = Path(__file__).parents[2] / "README.md"


def test_every_key_stands_in_the_readme_as_the_program_describes_it():
    rows = []
    for group, title in GROUPS.items():
        names = [title.lower(), *[""] * len(list(in_group(group)))]
        rows += [
            f"| {name} | `{key.shown}` | {key.about} |"
            for name, key in zip(names, in_group(group), strict=False)
        ]
    assert "\n".join(rows) in README.read_text(encoding="utf-8")


def test_every_function_stands_in_the_readme_with_its_formula_and_noise():
    rows = [
        [cell.strip() for cell in line.replace("\\|", "¦").split("|")[1:-1]]
        for line in README.read_text(encoding="utf-8").splitlines()
    ]
    for name, target in TARGETS.items():
        [(_, formula, _, noise)] = [row for row in rows if row[:1] == [f"`{name}`"]]
        assert formula.replace("¦", "|").split(";")[0] == target.formula
        assert noise == show(target.noise)


@pytest.mark.parametrize("package", ["core/nn_core", "tui/nn_tui"])
def test_every_room_stands_once_in_the_map_with_what_it_says_of_itself(package):
    """Compared as lists, so that a line too many is noticed as well as one too few."""
    text = README.read_text(encoding="utf-8")
    [part] = re.findall(rf"^{package}/ .+\n((?:  .+\n)+)", text, re.M)
    folder = README.parent / package
    rooms = [each.parent for each in sorted(folder.glob("*/__init__.py"))]
    modules = [each for each in sorted(folder.glob("*.py")) if each.name != "__init__.py"]
    expected = [f"{room.name}/ {_first_line(room / '__init__.py')}" for room in rooms]
    expected += [f"{module.name} {_first_line(module)}" for module in modules]
    assert [" ".join(line.split()) for line in part.splitlines()] == expected


def _first_line(module):
    return (ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) or "").split("\n")[0]
