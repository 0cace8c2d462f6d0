"""Runs without a screen: the lines for people, the JSON for programs, how they end.

The contract is DESIGN's "Command line"; the numbers are those of "The table that the lesson
prints, and why".
"""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from nn_tui.__main__ import main

PUBLISHED = [2.42, 2.40, 2.36, 2.30, 2.21, 2.11, 1.98, 1.85, 1.72, 1.58, 1.46]
ZEROED = [2.42, 2.40, 2.38, 2.36, 2.34, 2.32, 2.30, 2.28, 2.26, 2.23, 2.21]

# As `nn-tui`, with interrupts heard even where this is tested in the background.
PROGRAM = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler);"
    "from nn_tui.__main__ import main; sys.exit(main())"
)


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str]) -> Callable[..., list[str]]:
    """Run the program without a screen; its lines."""

    def run(*arguments: str, code: int = 0, errors: str = "") -> list[str]:
        assert main(arguments) == code
        said = capsys.readouterr()
        assert said.err == errors
        assert said.out.endswith("\n")
        return said.out.splitlines()

    return run


@pytest.fixture
def objects(printed: Callable[..., list[str]]) -> Callable[..., tuple[list[Any], Any]]:
    """Run the program with --json; the steps' objects and the summary."""

    def fail(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    def run(*arguments: str, **expected: Any) -> tuple[list[Any], Any]:
        lines = printed(*arguments, "--json", **expected)
        *steps, summary = [json.loads(line, parse_constant=fail) for line in lines]
        return steps, summary

    return run


# --- plain ------------------------------------------------------------------------------------


def test_the_published_table(printed: Callable[..., list[str]]) -> None:
    *lines, closing = printed("--plain", "--accumulate-gradients", "--epochs", "11")
    assert lines == [f"step={step}; loss={loss:.2f}" for step, loss in enumerate(PUBLISHED)]
    assert closing.startswith("steps=11; epochs=11; loss=")


def test_the_table_with_gradients_zeroed(printed: Callable[..., list[str]]) -> None:
    *lines, closing = printed("--plain", "--epochs", "11")
    assert lines == [f"step={step}; loss={loss:.2f}" for step, loss in enumerate(ZEROED)]
    assert closing.startswith("steps=11; epochs=11; loss=2.1929; a=1.24")


def test_every_step_is_printed_or_every_nth(printed: Callable[..., list[str]]) -> None:
    assert len(printed("--plain", "--epochs", "1500")) == 1501
    lines = printed("--plain", "--epochs", "1500", "--every", "400")[:-1]
    assert [line.split(";")[0] for line in lines] == [
        "step=0", "step=400", "step=800", "step=1200",
    ]  # fmt: skip


def test_a_small_loss_is_not_printed_as_nothing(
    printed: Callable[..., list[str]], csv_file: Any
) -> None:
    path = csv_file("x,y\n0,0.001\n1,0.002\n2,0.001\n3,0.002\n")
    lines = printed(
        "quadratic", "--data", path, "--plain", "--loss", "mse", "--lr", "0.02",
        "--epochs", "40000", "--every", "39999",
        errors="nn-tui: training: explains 0.20 of the variance; "
        "off by 0.0004472 (RMSE), the mean by 0.0005\n",
    )  # fmt: skip
    loss = lines[1].split("loss=")[1]
    assert float(loss) < 1e-6
    assert len(loss.split("e")[0].replace("0.", "").replace(".", "")) == 3


def test_plain_lines_are_plain_characters(printed: Callable[..., list[str]]) -> None:
    assert all(line.isascii() for line in printed("relu", "--plain", "--epochs", "3"))


def test_epochs_of_batches(printed: Callable[..., list[str]]) -> None:
    lines = printed("relu-net", "--batch-size", "8", "--plain", "--epochs", "2")
    assert [line.split(";")[0] for line in lines[:-1]] == [f"step={step}" for step in range(6)]
    assert lines[-1].startswith("steps=6; epochs=2; loss=")


# --- JSON -------------------------------------------------------------------------------------


def test_a_step_as_json(objects: Callable[..., Any]) -> None:
    steps, summary = objects("--epochs", "3")
    assert [step["step"] for step in steps] == [0, 1, 2]
    assert [step["epoch"] for step in steps] == [0, 1, 2]
    assert [step["learning_rate"] for step in steps] == [0.01] * 3
    assert steps[0]["loss"] == pytest.approx(2.4219, abs=5e-5)
    assert steps[1]["loss"] != round(steps[1]["loss"], 10)
    assert not any("summary" in step for step in steps)
    assert summary["summary"] is True
    assert (summary["steps"], summary["epochs"]) == (3, 3)
    assert summary["loss"] == pytest.approx(2.3594, abs=5e-5)
    assert summary["seconds"] > 0
    assert set(summary["parameters"]) == {"a", "b", "c"}
    assert summary["parameters"]["a"] == pytest.approx(1.1 + 3 * 0.013529, abs=1e-5)


HELD_BACK = ("stopping-distance", "--validation", "0.2")


def test_the_validation_loss_stands_where_it_was_measured(objects: Callable[..., Any]) -> None:
    steps, summary = objects(*HELD_BACK, "--batch-size", "20", "--epochs", "4")
    assert ["validation_loss" in step for step in steps] == [True, False] * 4
    assert summary["validation_loss"] != steps[6]["validation_loss"]
    every, same = objects(*HELD_BACK, "--batch-size", "20", "--epochs", "4", "--every", "3")
    found = [step["validation_loss"] for step in every]  # the newest since the line before
    assert found == [steps[at]["validation_loss"] for at in (0, 2, 6)]
    assert same["validation_loss"] == summary["validation_loss"]


def test_losses_of_scaled_data_are_said_in_the_file_s_units_beside(
    objects: Callable[..., Any], printed: Callable[..., list[str]]
) -> None:
    steps, summary = objects(*HELD_BACK, "--epochs", "3")
    squared = summary["loss_in_file_units"], summary["validation_loss_in_file_units"]
    measured = summary["measures"]["rmse"], summary["validation_measures"]["rmse"]
    assert squared == pytest.approx([rmse**2 for rmse in measured], rel=1e-12)
    assert steps[0]["loss_in_file_units"] / steps[0]["loss"] == pytest.approx(
        summary["loss_in_file_units"] / summary["loss"]
    )
    last = printed(*HELD_BACK, "--epochs", "3", "--plain")[-1]
    assert f"loss_in_file_units={squared[0]:.2f}; " in last
    assert not any("file" in name for name in objects("--epochs", "1")[1])


def test_a_penalty_is_told_apart_from_the_loss(
    objects: Callable[..., tuple[list[Any], Any]], printed: Callable[..., list[str]]
) -> None:
    steps, summary = objects("--epochs", "1", "--l1", "0.5", "--l2", "0.1", "--clip", "0.01")
    assert steps[0]["loss"] == pytest.approx(2.4219, abs=5e-5)
    a, b = (summary["parameters"][name] for name in "ab")
    assert summary["penalty"] == pytest.approx(0.5 * (a + b) + 0.1 * (a**2 + b**2))
    assert "; penalty=1.1" in printed("--plain", "--epochs", "1", "--l1", "0.5")[-1]
    assert "penalty" not in objects("--epochs", "1")[1]


def test_the_epoch_of_a_step_is_the_one_that_it_belongs_to(objects: Callable[..., Any]) -> None:
    steps, summary = objects("relu-net", "--batch-size", "8", "--epochs", "2")
    assert [step["epoch"] for step in steps] == [0, 0, 0, 1, 1, 1]
    assert (summary["steps"], summary["epochs"]) == (6, 2)


def test_parameters_of_a_network_have_the_names_and_shapes_of_pytorch(
    objects: Callable[..., Any],
) -> None:
    _, summary = objects("mlp", "--hidden", "3,2", "--epochs", "1")
    parameters = summary["parameters"]
    assert list(parameters) == [
        "0.weight", "0.bias", "2.weight", "2.bias", "4.weight", "4.bias",
    ]  # fmt: skip
    assert (len(parameters["0.weight"]), len(parameters["0.weight"][0])) == (3, 1)
    assert (len(parameters["2.weight"]), len(parameters["2.weight"][0])) == (2, 3)
    assert len(parameters["4.bias"]) == 1


def test_parameters_are_listed_up_to_a_thousand(objects: Callable[..., Any]) -> None:
    _, few = objects("mlp", "--hidden", "333", "--epochs", "1")
    _, many = objects("mlp", "--hidden", "334", "--epochs", "1")
    assert "parameters" in few
    assert "parameters" not in many


def test_every_thins_out_the_json_too(objects: Callable[..., Any]) -> None:
    steps, summary = objects("--epochs", "10", "--every", "4")
    assert [step["step"] for step in steps] == [0, 4, 8]
    assert summary["steps"] == 10


def test_scaled_runs_list_the_parameters_that_were_trained(objects: Callable[..., Any]) -> None:
    _, summary = objects("stopping-distance", "--epochs", "3000")
    assert summary["parameters"]["b"] == pytest.approx(0.819, abs=1e-3)


# --- diverging --------------------------------------------------------------------------------

AWAY = ("--loss", "mse", "--lr", "1", "--epochs", "100000", "--every", "50")


def test_a_run_that_diverges_ends_with_1_and_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--plain", *AWAY]) == 1
    said = capsys.readouterr()
    assert said.err.count("\n") == 1
    assert said.err.startswith("nn-tui: Diverged: step 170 would drive a to ")
    assert said.err.isascii()
    assert "inf" not in said.out
    assert "nan" not in said.out
    assert said.out.splitlines()[-1].startswith("steps=169; ")


def test_a_run_that_runs_away_without_overflowing_ends_with_1_and_says_so(
    capsys: pytest.CaptureFixture[str],
) -> None:
    arguments = ["--plain", *AWAY, "--epochs", "20"]
    assert main(arguments) == 1
    said = capsys.readouterr()
    assert said.out.splitlines()[-1].startswith("steps=20; ")
    assert re.fullmatch(
        r"nn-tui: The loss is \S+e\S+ times what it was at the start\. "
        r"Try a smaller --learning-rate\.\n",
        said.err,
    )


def test_what_is_not_finite_is_null(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--json", *AWAY]) == 1
    lines = capsys.readouterr().out.splitlines()
    summary = json.loads(lines[-1], parse_constant=lambda found: pytest.fail(found))
    assert summary["summary"] is True
    assert summary["steps"] == 169
    assert {type(json.loads(line)["loss"]) for line in lines} <= {float, type(None)}


# --- ending early -----------------------------------------------------------------------------


def test_piped_into_head_it_ends_quietly() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "--plain", "--epochs", "1000000000"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b"step=0; loss=2.42\n"
        process.stdout.close()
        assert process.wait(60) == 0
        assert process.stderr.read() == b""


def test_an_interrupt_ends_it_with_130() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "--json", "--epochs", "1000000000", "--every", "100"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        process.stdout.readline()  # now it is under way
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 130
        assert errors == b""


def test_python_m_is_the_same_program() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "nn_tui", "--plain", "--epochs", "1"],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert done.stdout.startswith("step=0; loss=2.42\nsteps=1; epochs=1; loss=2.4010; ")
    assert done.stderr == ""


def test_one_thread_for_blas_unless_the_environment_says_otherwise(
    monkeypatch: pytest.MonkeyPatch, printed: Callable[..., list[str]]
) -> None:
    """Two make networks of this size ten times slower; a person's own wish is respected."""
    names = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS")
    for name in names:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    printed("--plain", "--epochs", "1")
    assert [os.environ[name] for name in names] == ["1", "1", "3"]


def test_without_an_epoch_the_start_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["penguins", "--epochs", "0", "--plain", "--schedule", "cosine"]) == 0
    said = capsys.readouterr()
    assert re.fullmatch(
        r"steps=0; epochs=0; loss=\S+; dropped_rows=2; accuracy=0\.\d{4}\n", said.out
    )
    assert "always answering Adelie is right on 44.2 %" in said.err


def test_the_rows_of_another_file_are_predicted(
    tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    new, out = tmp_path / "new.csv", tmp_path / "out.csv"
    new.write_text("bill_depth_mm,bill_length_mm\n18,40\n14,48\n")
    arguments = ["penguins", "--plain", "--predict", str(new), "--save", str(out)]
    assert main(arguments) == 0
    lines = out.read_text().splitlines()
    assert lines[0] == "species,p(Adelie),p(Chinstrap),p(Gentoo)"
    assert [line.split(",")[0] for line in lines[1:]] == ["Adelie", "Gentoo"]
    assert main(arguments[:4]) == 2
    assert "--predict needs a file to write to, such as --save out.csv" in capsys.readouterr().err
    assert main([*arguments, "--save", "losses.csv"]) == 2
    assert "losses.csv would be the same" in capsys.readouterr().err


def test_rows_to_predict_that_do_not_fit_are_refused_before_the_training(
    tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    new, out = tmp_path / "new.csv", tmp_path / "out.csv"
    arguments = ["penguins", "--plain", "--epochs", "1", "--predict", str(new), "--save", str(out)]
    new.write_text("bill_depth_mm,bill_length_mm\n18,long\n17,1\n16,2\n")
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert (said.out, out.exists()) == ("", False)
    assert "line 2, column 'bill_length_mm': 'long' is not a number" in said.err
    new.write_text("bill_depth_mm,bill_length_mm\n18,\n14,48\n")
    assert main(arguments) == 0
    assert f"no prediction for 1 row of {new}, for want of a cell" in capsys.readouterr().err
    assert out.read_text().splitlines()[1] == ",,,"


# --- patience -------------------------------------------------------------------------------------

PATIENT = ("penguins", "--validation", "0.2", "--patience", "5", "--every", "1000")


def test_patience_ends_it_at_the_best_and_says_how_far_it_got(objects):
    _, summary = objects(*PATIENT)
    assert (summary["epochs"], summary["trained_epochs"]) == (191, 196)


def test_patience_without_rows_held_back_is_refused_in_one_line(capsys):
    assert main(["--plain", "--patience", "5"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("nn-tui: --patience watches the loss on rows held back")
    assert said.count("\n") == 1


def test_patience_in_plain_says_where_it_went_back_to(capsys):
    assert main([*PATIENT, "--plain"]) == 0
    said = capsys.readouterr()
    assert "epochs=191; trained_epochs=196; " in said.out
    assert "no lower validation loss for 5 epochs: from epoch 196 back to epoch 191" in said.err


def test_a_table_of_ones_own_is_told_what_may_make_more_of_it(tmp_path, capsys):
    table = tmp_path / "mine.csv"
    table.write_text("city,income,kind\nRome,4e4,a\nOslo,2e4,b\nBern,3e4,a\n")
    told = {}
    for given in ((), ("--x", "all"), ("--scale", "on")):
        assert main(["--data", str(table), "--plain", "--epochs", "0", *given]) == 0
        told[given] = capsys.readouterr().err
    assert "nn-tui: data: left out: city (text)\n" in told[()]
    assert "--x all makes inputs of texts" in told[()]
    assert "--x all" not in told["--x", "all"]
    assert "inputs reach 40000: --scale on brings columns to about 1" in told[()]
    assert "--scale on" not in told["--scale", "on"]


def test_a_batch_size_above_the_rows_is_said_to_be_all_of_them(capsys):
    assert main(["--plain", "--epochs", "1", "--batch-size", "64"]) == 0
    said = "nn-tui: batch size 64 is more than 20 rows: one batch is all of them\n"
    assert capsys.readouterr().err == said
    assert main(["--plain", "--epochs", "1", "--batch-size", "20"]) == 0
    assert capsys.readouterr().err == ""


def test_columns_far_from_1_are_offered_scaling_before_the_first_step(tmp_path, capsys):
    for text, said in (
        ("a,b\n1,2\n90,3\n2,5\n", "inputs reach 90: --scale on brings columns to about 1"),
        ("a,b\n1,2000\n2,3000\n3,5000\n", "targets reach 5000: --scale on brings columns to abou"),
    ):
        (tmp_path / "mine.csv").write_text(text)
        main([str(tmp_path / "mine.csv"), "--plain", "--epochs", "60", "--lr", "1", "--seed", "1"])
        first, *others = capsys.readouterr().err.splitlines()
        assert first.startswith(f"nn-tui: {said}")
        assert others[-1].endswith("Try --scale on, or a smaller --learning-rate.")
        assert max(map(len, others)) < 120  # also of a loss with 200 digits
        assert main([str(tmp_path / "mine.csv"), "--plain", "--epochs", "60", "--scale", "on"]) == 0
        assert "--scale on" not in capsys.readouterr().err
