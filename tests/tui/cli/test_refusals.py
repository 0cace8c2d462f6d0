"""What the command line can't carry out is one clear line."""

import io
import re
import sys
from collections.abc import Callable
from typing import Any

import pytest

from nn_core.errors import RequestError
from nn_tui.__main__ import main
from nn_tui.cli.command_line import parse

XY = "x,y\n1,2\n2,3\n3,5\n"


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Run the program with what it can't carry out; its one line."""

    def run(*arguments: str) -> str:
        assert main(arguments) == 2
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err.startswith("nn-tui: ")
        assert said.err.endswith("\n")
        assert said.err.count("\n") == 1
        assert "Traceback" not in said.err
        return said.err.removeprefix("nn-tui: ").strip()

    return run


@pytest.mark.parametrize("output", ["--plain", "--json"])
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--lr", "-1"], "learning rate must be a number above 0; not -1"),
        (["--lr", "0"], "learning rate must be a number above 0; not 0"),
        (["--lr", "nan"], "learning rate must be a number above 0; not nan"),
        (["--lr", "inf"], "learning rate must be a number above 0; not inf"),
        (["--lr", "fast"], "learning rate must be a number above 0; not 'fast'"),
        (["--epochs", "-1"], "epochs must be a whole number from 0 to 1000000000000; not -1"),
        (["--epochs", "1.5"], "epochs must be a whole number from 0 to 1000000000000; not '1.5'"),
        (["--batch-size", "-1"], "batch size must be a whole number from 0 to 1000000000 (0: all"),
        (["--noise", "many"], "noise must be two numbers from 0 to 1e100, as 0.15,1.5; not 'many'"),
        (["--seed", "-1"], "seed must be a whole number from 0 to 4294967295; not -1"),
        (["--shuffle", "maybe"], "shuffle must be on or off; not 'maybe'"),
        (["--pace", "0"], "pace must be a number above 0, or max; not 0"),
        (["--loss", "guess"], "loss is one of mae, mse"),
        (["--dtype", "float16"], "dtype is one of float64, float32; not 'float16'"),
        (
            ["--hidden", "0"],
            "hidden must be whole numbers from 1 to 50000000, as 16 or 64,64, or none; not 0",
        ),
        (["--hidden", "many"], "hidden must be whole numbers from 1"),
        (["--hidden", ","], "as 16 or 64,64, or none; not ','"),
        (["--hidden", "1000000,1000000"], "parameters; at most 50,000,000 are taken"),
        (["--hidden", "9" * 400], "to 50000000, as 16 or 64,64, or none; not 9999"),
        (["nonsense"], "there is no experiment 'nonsense'; there are quadratic, "),
        (["--nonsense"], "unrecognized arguments: --nonsense"),
        (["--epo", "3"], "unrecognized arguments: --epo"),
        (["relu", "quadratic"], "unrecognized arguments: quadratic"),
        (["--lr"], "argument --learning-rate/--lr: expected one argument"),
        (
            ["--every", "0"],
            "argument --every: must be a whole number from 1 to 1000000000; not '0'",
        ),
        (
            ["--every", "often"],
            "argument --every: must be a whole number from 1 to 1000000000; not 'often'",
        ),
        (["--fps", "0"], "argument --fps: must be a whole number from 1 to 1000000000; not '0'"),
        (["--fps", "1" + "0" * 5000], "must be a whole number from 1 to 1000000000; not '1000"),
        (["--theme", "pink"], "argument --theme: invalid choice: 'pink'"),
        (["--x", "a"], "--x names columns of your own data; --data FILE.csv is missing"),
        (["--y", "a"], "--y names columns of your own data; --data FILE.csv is missing"),
        (["relu", "--hidden", "16"], "--hidden shapes a network; relu is none"),
        (["--activation", "tanh"], "--activation shapes a network; quadratic is none"),
        (["relu", "--init", "he"], "--init shapes a network; relu is none"),
        (
            ["--momentum", "0.5"],
            "momentum belongs to the optimizers momentum, nesterov; this one is sgd",
        ),
        (["--optimizer", "adam", "--alpha", "0.9"], "alpha belongs to the optimizers rmsprop;"),
        (["--optimizer", "adam", "--beta1", "1"], "beta1 must be from 0 to below 1, or default"),
        (["stopping-distance", "--noise", "1,1"], "--noise is for data made of a function"),
        (
            ["stopping-distance", "--data-seed", "7"],
            "--data-seed draws noise or a validation split",
        ),
    ],
)
def test_a_bad_option_is_one_line(
    arguments: list[str], said: str, output: str, refused: Callable[..., str]
) -> None:
    assert said in refused(*arguments, output)


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        ("", [], "the file is empty"),
        ("\n \n", [], "the file is empty"),
        ("x,y\n", [], "there is a header row, but no row of data below it"),
        ("x,y\n1,2\n", [], "one row of data is not enough; at least 2 are needed"),
        ("x,y\n1,2\n2,abc\n", [], "line 3, column 'y': 'abc' is not a number"),
        (
            "x,y\n1,2\n2,\n",
            ["--missing", "refuse"],
            "line 3, column 'y' is empty; a number is needed",
        ),
        (
            "x,y\n1,2\nnan,3\n",
            ["--missing", "refuse"],
            "line 3, column 'x': nan is not a finite number",
        ),
        ("x,y\n1,2\n2,inf\n", [], "line 3, column 'y': inf is not a finite number"),
        ("x,y\n1,2\n2\n", [], "line 3 has 1 cell; the header has 2"),
        ("x,y\n1,2\n2,3,4\n", [], "line 3 has 3 cells; the header has 2"),
        ("x,y\n5,2\n5,3\n", [], "column 'x' is 5 in every row"),
        ("x,y\n1,2\n2,2\n", [], "column 'y' is 2 in every row"),
        ("1,2\n2,3\n", [], "the first row holds numbers; it should name the columns"),
        ("x,x\n1,2\n2,3\n", [], "every column needs a name of its own"),
        ("y\n1\n2\n", [], "one column is not enough"),
        (XY, ["--y", "z"], "there is no column 'z'; there are x, y"),
        (XY, ["--x", "q"], "there is no column 'q'; there are x, y"),
        (XY, ["--x", "y"], "'y' can’t be an input and the target"),
        (XY, ["--noise", "1,1"], "--noise is for data made of a function"),
        (
            "x,u,v\n1,2,3\n2,3,4\n4,1,2\n",
            ["quadratic", "--y", "u,v"],
            "1 output; the data has 2 targets",
        ),
        ("x,y\n1,a\n2,b\n4,c\n", ["relu"], "the model has 1 output; the data has 3 classes"),
        ("a,b,y\n1,2,3\n2,3,4\n4,1,2\n", ["quadratic"], "takes 1 input column; the data has 2"),
    ],
)
def test_a_bad_file_is_one_line(
    text: str, options: list[str], said: str, csv_file: Any, refused: Callable[..., str]
) -> None:
    path = csv_file(text)
    line = refused("--plain", "--data", path, *options)
    assert said in line
    assert path in line or "takes 1 input" in line or "1 output" in line


def test_a_table_by_its_name_is_refused_as_data_is(
    csv_file: Any, refused: Callable[..., str]
) -> None:
    path = csv_file("x,y\n1,2\n2,oops\n")
    assert refused("--plain", path) == refused("--plain", "--data", path)
    assert "line 3, column 'y': 'oops' is not a number" in refused("--plain", path)
    assert "no such file" in refused("--plain", "none.csv")
    assert "are both data" in refused("--plain", path, "--data", "sine")
    with pytest.raises(RequestError, match="kiosk"):
        parse(["--kiosk", "on", path])


@pytest.mark.parametrize("loss", ["mse", "huber"])
def test_a_loss_of_numbers_that_is_asked_for_is_refused_of_classes(
    loss: str, refused: Callable[..., str]
) -> None:
    line = refused("--plain", "penguins", "--loss", loss)
    assert line == (f"{loss} is for numbers; species holds classes, told apart by cross-entropy")


@pytest.mark.parametrize(
    "given", [("keys",), ("config",), ("cards",), ("lesson",), ("lesson", "4", "--plain")]
)
def test_what_a_command_does_not_know_is_one_line(
    given: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*given, "--nonsense"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert re.fullmatch(r"nn-tui: unrecognized arguments: --nonsense \(.+\)\n", printed.err)


def test_a_file_that_is_none_is_one_line(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch, refused: Callable[..., str]
) -> None:
    monkeypatch.chdir(tmp_path)
    line = refused("--plain", "--data", "none.csv")
    assert line.startswith("none.csv: there is no such file")
    assert "can’t be read" in refused("--plain", "--data", ".")
    (tmp_path / "picture.csv").write_bytes(b"\x89PNG\xff\xfe\x00")
    assert "not a text file in UTF-8" in refused("--plain", "--data", "picture.csv")


def test_contradictory_options_are_one_line(refused: Callable[..., str]) -> None:
    assert "not allowed with" in refused("--plain", "--json")
    assert "--every thins out what --plain or --json prints" in refused("--every", "5")


class Terminal(io.StringIO):
    """Something that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("tty", "term", "said"),
    [
        ((True, False), "xterm", "standard output is not a terminal"),
        ((False, True), "xterm", "standard input is not a terminal"),
        ((True, True), "dumb", "a terminal of type dumb can’t move its cursor"),
        ((True, True), "", "TERM is not set"),
    ],
)
def test_without_a_terminal_it_says_what_serves(
    tty: tuple[bool, bool], term: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    errors = Terminal()
    monkeypatch.setattr(sys, "stdin", Terminal() if tty[0] else io.StringIO())
    monkeypatch.setattr(sys, "stdout", Terminal() if tty[1] else io.StringIO())
    monkeypatch.setattr(sys, "stderr", errors)
    monkeypatch.setenv("TERM", term)
    assert main([]) == 2
    assert errors.getvalue() == f"nn-tui: {said}; --plain or --json runs without a screen\n"


@pytest.mark.parametrize("arguments", [["--data", "none.csv"], ["--hidden", "100000,100000"]])
def test_a_mistake_is_said_before_the_screen_opens(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    errors = Terminal()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(sys, "stdout", Terminal())
    monkeypatch.setattr(sys, "stderr", errors)
    assert main(arguments) == 2
    assert re.fullmatch(r"nn-tui: .+\n", errors.getvalue())
