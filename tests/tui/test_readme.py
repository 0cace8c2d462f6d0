"""The README's tables of keys and of functions, and its map, are true of the program."""

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
def test_every_module_stands_in_the_readmes_map_and_no_other(package):
    """The modules of a package below these two have one line together."""
    text = README.read_text(encoding="utf-8")
    [part] = re.findall(rf"^{package}/ .+\n((?:  .+\n)+)", text, re.M)
    folder = README.parent / package
    modules = {each.name for each in folder.glob("*.py")} - {"__init__.py"}
    assert set(re.findall(r"\w+\.py", part)) == modules
    packages = {f"{each.parent.name}/" for each in folder.glob("*/__init__.py")}
    assert set(re.findall(r"^  (\w+/)", part, re.M)) == packages
