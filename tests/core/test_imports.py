"""What importing the core brings along: nothing of the screen, and NumPy only when it is needed."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import nn_core

LIST_MODULES = "import sys; print(*sorted({name.partition('.')[0] for name in sys.modules}))"


def modules_after(statement):
    """The top-level modules of a fresh interpreter that carried out a statement."""
    command = [sys.executable, "-c", f"{statement}; {LIST_MODULES}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_core_brings_no_screen():
    everything = (
        "import importlib, pkgutil, nn_core; "
        "[importlib.import_module(each.name) "
        "for each in pkgutil.walk_packages(nn_core.__path__, 'nn_core.')]"
    )
    found = modules_after(everything)
    assert {"nn_core", "numpy"} <= found
    assert not found & {"nn_tui", "textual", "rich", "plotext"}


@pytest.mark.parametrize(
    "statement",
    [
        "from nn_core.config import Config",
        "from nn_core import Config",
        "import nn_core.config.experiments",
    ],
)
def test_reading_a_config_does_not_wait_for_numpy(statement):
    """The screen paints before NumPy is there; the command line needs no more than this."""
    assert "numpy" not in modules_after(statement)


def test_importing_it_leaves_the_threads_of_others_alone():
    """PyTorch, or a NumPy of one's own work beside it, would be slowed down without a word."""
    ask = (
        "import os; before = dict(os.environ); import nn_core; "
        "[getattr(nn_core, name) for name in nn_core.__all__]; "
        "print(dict(os.environ) == before)"
    )
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"


def test_the_public_names_are_listed_and_found():
    names = nn_core.__all__
    assert set(names) <= set(dir(nn_core))
    assert all(getattr(nn_core, name) is not None for name in names)


def test_checkers_and_completion_see_the_names_that_are_listed():
    """What they read stands beside `if TYPE_CHECKING`."""
    tree = ast.parse(Path(nn_core.__file__).read_text(encoding="utf-8"))
    (checked,) = [each for each in tree.body if isinstance(each, ast.If)]
    imported = {name.name for line in checked.body for name in line.names}
    assert imported == {*nn_core.__all__}
    assert (Path(nn_core.__file__).parent / "py.typed").exists()
