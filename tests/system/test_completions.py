"""The completions, in the shells that they are for."""

import subprocess
import sysconfig
from collections.abc import Callable
from pathlib import Path

import pytest

ENVIRONMENT = {"PATH": f"{sysconfig.get_path('scripts')}:/usr/bin:/bin", "LANG": "C.UTF-8"}
IN_BASH = """
source <(nn-tui --completions bash)
COMP_WORDS=({words}); COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 ))
_shtab_nn_tui; printf '%s\\n' "${{COMPREPLY[@]}}"
"""
IN_FISH = "nn-tui --completions fish | source; complete -C {words!r} | cut -f1"


@pytest.fixture(params=["bash", "fish"])
def complete(
    request: pytest.FixtureRequest, tmp_path: Path, shells: None
) -> Callable[..., set[str]]:
    """What this shell offers for the last word of a command line, in a folder with a few files."""
    for name in ("mine.csv", "run.json", "notes.txt"):
        (tmp_path / name).write_text("x,y\n")

    def offered(*words: str) -> set[str]:
        if request.param == "bash":
            quoted = " ".join(f"'{word}'" for word in ("nn-tui", *words))
            command = ["bash", "-c", IN_BASH.format(words=quoted)]
        else:
            command = ["fish", "-c", IN_FISH.format(words=" ".join(("nn-tui", *words)))]
        done = subprocess.run(
            command, cwd=tmp_path, env=ENVIRONMENT | {"HOME": str(tmp_path)}, capture_output=True,
            text=True, check=True, timeout=60,
        )  # fmt: skip
        return set(done.stdout.split())

    return offered


def test_experiments_commands_and_session_files_are_offered(complete: Callable[..., set[str]]):
    assert {"relu", "relu-net"} <= complete("relu")
    assert "run.json" in complete("run")
    assert "config" in complete("conf")
    assert not complete("notes")


def test_options_and_what_they_take_are_offered(complete: Callable[..., set[str]]):
    assert {"--batch-size"} <= complete("--batch")
    assert {"momentum"} <= complete("--optimizer", "mom")
    assert {"lesson", "sine", "mine.csv"} <= complete("--data", "") | complete("--data", "mine")
    assert "dark" in complete("--theme", "da")


def test_zsh_takes_the_script(tmp_path: Path, shells: None) -> None:
    """Zsh completes in a terminal only; that it loads the script and knows the program is seen."""
    done = subprocess.run(
        ["zsh", "-fc", 'autoload -Uz compinit; compinit -D; eval "$(nn-tui --completions zsh)"; '
         "whence -w _shtab_nn_tui"],
        cwd=tmp_path, env=ENVIRONMENT | {"HOME": str(tmp_path)}, capture_output=True, text=True,
        timeout=60,
    )  # fmt: skip
    assert done.stdout.strip() == "_shtab_nn_tui: function"
