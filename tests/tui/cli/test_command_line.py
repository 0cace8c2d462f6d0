"""The command line: what is asked by it, what it tells, and what a start doesn’t wait for."""

import math
import re
import subprocess
import sys
from typing import Any

import pytest

from nn_core.config import Config, settings
from nn_core.config.experiments import EXPERIMENTS
from nn_tui.__main__ import main
from nn_tui.cli.command_line import parse


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_an_experiment_is_its_config(name: str) -> None:
    assert parse([name]).config == EXPERIMENTS[name].config


def test_the_defaults_of_the_contract() -> None:
    """The defaults that DESIGN's "Command line" lists."""
    quadratic = parse([]).config
    assert quadratic == Config(
        model="quadratic", data="lesson", loss="mae", optimizer="sgd", learning_rate=0.01,
        batch_size=0, epochs=100, pace=10.0, zero_gradients=True, scale=False, seed=0,
        data_seed=42, noise=(0.15, 1.5), dtype="float64", shuffle=True,
    )  # fmt: skip
    assert parse(["relu"]).config.model == "relu"
    network = parse(["relu-net"]).config
    assert (network.hidden, network.loss, network.learning_rate) == ((16,), "mse", 0.01)
    assert (network.epochs, network.pace, network.init) == (1000, 100.0, "spread")
    assert parse(["mlp"]).config.hidden == (16, 16)
    cars = parse(["stopping-distance"]).config
    assert (cars.scale, cars.loss, cars.learning_rate, cars.pace) == (True, "mse", 0.1, 10.0)
    asked = parse([])
    assert (asked.output, asked.every, asked.theme, asked.markers) == ("screen", 1, "auto", "auto")
    assert (asked.frames_per_second, asked.mouse) == (20, True)


@pytest.mark.parametrize(
    ("arguments", "field", "value"),
    [
        (["relu-net", "--hidden", "8"], "hidden", (8,)),
        (["mlp", "--hidden", "64,64"], "hidden", (64, 64)),
        (["mlp", "--activation", "tanh"], "activation", ("tanh",)),
        (["mlp", "--activation", "tanh,relu"], "activation", ("tanh", "relu")),
        (["relu-net", "--init", "he"], "init", "he"),
        (["--loss", "mse"], "loss", "mse"),
        (["--learning-rate", "0.5"], "learning_rate", 0.5),
        (["--lr", "1e-3"], "learning_rate", 0.001),
        (["--optimizer", "nesterov", "--momentum", "0"], "momentum", 0.0),
        (["--optimizer", "adamw", "--weight-decay", "0.1"], "weight_decay", 0.1),
        (["--optimizer", "rmsprop", "--alpha", "default"], "alpha", None),
        (["--epochs", "7"], "epochs", 7),
        (["--batch-size", "5"], "batch_size", 5),
        (["--shuffle", "off"], "shuffle", False),
        (["--noise", "0,0"], "noise", (0.0, 0.0)),
        (["--data-seed", "1"], "data_seed", 1),
        (["--seed", "3"], "seed", 3),
        (["--dtype", "float32"], "dtype", "float32"),
        (["--accumulate-gradients"], "zero_gradients", False),
        (["--pace", "max"], "pace", math.inf),
        (["--pace", "0.5"], "pace", 0.5),
        (["--scale", "on"], "scale", True),
        (["--data", "f.csv", "--x", "a,b", "--y", "c"], "x", ("a", "b")),
        (["--data", "f.csv", "--y", "c"], "y", ("c",)),
        (["--data", "f.csv"], "model", "mlp"),
        (["--hidden", "4"], "model", "mlp"),
    ],
)
def test_an_option_is_a_field_of_the_config(arguments: list[str], field: str, value: Any) -> None:
    assert getattr(parse(arguments).config, field) == value


@pytest.mark.parametrize(
    ("arguments", "field", "value"),
    [
        (["--plain"], "output", "plain"),
        (["--json"], "output", "json"),
        (["--json", "--every", "10"], "every", 10),
        (["--theme", "light"], "theme", "light"),
        (["--markers", "ascii"], "markers", "ascii"),
        (["--fps", "5"], "frames_per_second", 5),
        (["--no-mouse"], "mouse", False),
    ],
)
def test_an_option_of_the_screen(arguments: list[str], field: str, value: Any) -> None:
    assert getattr(parse(arguments), field) == value


@pytest.mark.parametrize("name", ["good.csv", "GOOD.CSV", "folder/good.csv.gz", "good.tsv"])
def test_the_name_of_a_table_opens_it_as_data(name: str) -> None:
    assert parse([name, "--y", "price"]).config == parse(["--data", name, "--y", "price"]).config
    assert parse([name]).session is None


def told(option: str, capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as left:
        main([option])
    assert left.value.code == 0
    said = capsys.readouterr()
    assert said.err == ""
    return said.out


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    alone = capsys.readouterr().out
    assert re.fullmatch(r"nn-tui \d+\.\d+\.\d+\n", alone)
    with pytest.raises(SystemExit) as left:
        main(["relu", "--version"])
    assert (left.value.code, capsys.readouterr().out) == (0, alone)


def test_the_help_names_every_option_and_experiment(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    said = told("--help", capsys)
    no_option = {"experiment", "model", "zero_gradients"}
    options = {each.name.replace("_", "-") for each in settings() if each.name not in no_option}
    options |= {"lr", "accumulate-gradients", "theme", "markers", "fps", "no-mouse", "plain"}
    options |= {"json", "every", "version", "help"}
    for option in options:
        assert re.search(rf"^  (-., |--\S+(?: \S+)?, )?--{option}\b", said, re.MULTILINE), option
    for name, experiment in EXPERIMENTS.items():
        assert re.search(rf"^  {name} +{experiment.about}$", said, re.MULTILINE), name
    assert "(default: )" not in said
    assert "129, 130, 143" in said


def loaded_by(statements: str) -> set[str]:
    """The modules of a fresh interpreter that carried out statements, whatever it printed."""
    code = f"import sys\n{statements}\nprint('', *sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return {*done.stderr.split()}


def loaded_by_arguments(*arguments: str) -> set[str]:
    return loaded_by(
        "from nn_tui.__main__ import main\n"
        f"try: main({[*arguments]})\nexcept SystemExit as end: assert not end.code"
    )


def test_the_first_words_of_the_screen_do_not_wait_for_what_a_key_opens_or_training_needs() -> None:
    loaded = loaded_by("import nn_tui.cli.command_line, nn_tui.cli.screen")
    assert "nn_tui.app.app" in loaded
    for late in ("numpy", "plotext", "nn_tui.app.dialogs", "nn_tui.app.palette_entries"):
        assert late not in loaded
    assert not any(
        name.startswith("nn_tui.dialogs.") for name in loaded - {"nn_tui.dialogs.saving"}
    )
    assert "nn_core.live.search_requests" not in loaded


def test_help_does_not_wait_for_what_a_run_needs() -> None:
    loaded = loaded_by_arguments("--help")
    assert "nn_tui.cli.parser" in loaded
    for late in ("textual", "numpy", "shtab", "nn_tui.cli.preferences", "nn_core.config.limits"):
        assert late not in loaded


def test_completions_do_not_wait_for_what_is_installed_beside_the_program() -> None:
    """The library would ask for its own version, and with it load Python's e-mail and sockets."""
    loaded = loaded_by_arguments("--completions", "bash")
    assert "shtab" in loaded
    for late in ("textual", "numpy", "email", "socket", "importlib.metadata"):
        assert late not in loaded
