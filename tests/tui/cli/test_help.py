"""The help: it names all that is taken, and says of each option what it does."""

import re

import pytest

from nn_core.storage.forms import FORMS
from nn_tui.__main__ import main
from nn_tui.cli.parser import COMMANDS


@pytest.fixture
def help_of(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    """What `--help` prints, of the program or of a command."""
    monkeypatch.setenv("COLUMNS", "200")

    def read(*command: str) -> str:
        with pytest.raises(SystemExit) as ended:
            main([*command, "--help"])
        assert not ended.value.code
        return capsys.readouterr().out

    return read


def test_the_help_names_every_end_of_a_file_that_can_be_saved(help_of) -> None:
    said = help_of().partition("--save FILE   ")[2].partition("\n\n")[0]
    said = " ".join(said.split())
    for form in FORMS:
        assert f"{form.suffix} ({form.title})" in said
    assert said.endswith(".svg (picture) by w on the screen alone")


@pytest.mark.parametrize("command", [(), *((name,) for name in COMMANDS)])
def test_every_option_is_explained(help_of, command: tuple[str, ...]) -> None:
    said = help_of(*command).partition("options:")[2]
    lines = said.splitlines()
    options = [at for at, line in enumerate(lines) if re.match(r"  -", line)]
    assert options
    for at in options:
        explained = re.search(r"\S {2,}[^\s\[]", lines[at][2:])
        assert explained or re.match(r" {20,}\S", lines[at + 1]), lines[at]
