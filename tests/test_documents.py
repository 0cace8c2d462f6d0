"""The documents' tables of keys and functions, their maps and their sizes are true."""

import ast
import re
from pathlib import Path

import pytest

from nn_core.config import show
from nn_core.config.experiments import EXPERIMENTS
from nn_core.data.functions import TARGETS
from nn_tui.keys import GROUPS, in_group

ROOT = Path(__file__).parents[1]
SCREEN = (ROOT / "tui" / "README.md").read_text(encoding="utf-8")


def test_every_key_stands_in_the_document_as_the_program_describes_it():
    rows = []
    for group, title in GROUPS.items():
        names = [title.lower(), *[""] * len(list(in_group(group)))]
        rows += [
            f"| {name} | `{key.shown}` | `{key.name}` | {key.about} |"
            for name, key in zip(names, in_group(group), strict=False)
        ]
    assert "\n".join(rows) in SCREEN


def test_every_function_stands_in_the_document_with_its_formula_and_noise():
    rows = [
        [cell.strip() for cell in line.replace("\\|", "¦").split("|")[1:-1]]
        for line in SCREEN.splitlines()
    ]
    for name, target in TARGETS.items():
        [(_, formula, _, noise)] = [row for row in rows if row[:1] == [f"`{name}`"]]
        assert formula.replace("¦", "|").split(";")[0] == target.formula
        assert noise == show(target.noise)


def test_every_experiment_stands_in_the_readme_in_order():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([\w-]+)` \|", text, re.M) == [*EXPERIMENTS]


@pytest.mark.parametrize("package", ["core/nn_core", "tui/nn_tui"])
def test_every_room_stands_once_in_the_map_with_what_it_says_of_itself(package):
    """Compared as lists, so that a line too many is noticed as well as one too few."""
    folder = ROOT / package
    text = (folder.parent / "README.md").read_text(encoding="utf-8")
    [part] = re.findall(rf"^{package}/ .+\n((?:  .+\n)+)", text, re.M)
    rooms = [each.parent for each in sorted(folder.glob("*/__init__.py"))]
    modules = [each for each in sorted(folder.glob("*.py")) if each.name != "__init__.py"]
    expected = [f"{room.name}/ {_first_line(room / '__init__.py')}" for room in rooms]
    expected += [f"{module.name} {_first_line(module)}" for module in modules]
    assert [" ".join(line.split()) for line in part.splitlines()] == expected


def _first_line(module):
    return (ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) or "").split("\n")[0]


def test_the_readme_is_short_and_its_links_and_pictures_exist():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 200
    prose = [line for line in text.splitlines() if not line.startswith("![")]
    assert max(map(len, prose)) <= 120
    targets = re.findall(r"\]\(([^)#]+)\)", text)
    assert len(targets) >= 4
    for target in targets:
        assert (ROOT / target.replace("%5B", "[").replace("%5D", "]")).exists(), target


@pytest.mark.parametrize("package", ["core/nn_core", "tui/nn_tui"])
def test_the_rooms_stay_small_enough_to_find_ones_way_in(package):
    """At most 18 entries in a package's folder, 16 modules in a room."""
    folder = ROOT / package
    entries = [each for each in folder.iterdir() if not each.name.startswith("__pycache__")]
    assert len(entries) <= 18
    for room in {each.parent for each in folder.rglob("*.py")}:
        assert len(list(room.glob("*.py"))) <= 16 + 1, room  # and its __init__.py


@pytest.mark.parametrize("folder", ["core/nn_core", "tui/nn_tui", "tests"])
def test_no_file_is_longer_than_400_lines(folder):
    long = {
        str(each.relative_to(ROOT)): lines
        for each in (ROOT / folder).rglob("*.py")
        if (lines := len(each.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert not long


def _texts(path):
    """What a module says: its texts, but for those that describe it; of other files, the lines."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        yield from enumerate(text.splitlines(), 1)
        return
    nodes = list(ast.walk(ast.parse(text)))
    about = {id(each.value) for each in nodes if isinstance(each, ast.Expr)}
    for each in nodes:
        if isinstance(each, ast.Constant) and isinstance(each.value, str) and id(each) not in about:
            yield each.lineno, each.value


def test_an_apostrophe_on_the_screen_is_a_typographic_one():
    """Where a terminal has none it is spelled with a straight one."""
    straight = re.compile(r"[A-Za-z]'[A-Za-z]")
    found = [
        f"{path.relative_to(ROOT)}:{line}: {text}"
        for folder in (ROOT / "core", ROOT / "tui")
        for path in sorted(folder.rglob("*"))
        if path.suffix in (".py", ".toml")
        for line, text in _texts(path)
        if straight.search(text)
    ]
    assert found == []
