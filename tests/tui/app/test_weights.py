"""Weights and freezing as a person meets them: on the command line and on the screen."""

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from nn_core.errors import RequestError
from nn_core.live.edit_requests import Set
from nn_core.live.file_requests import Load
from nn_tui.__main__ import main
from nn_tui.app.app import Laboratory
from nn_tui.cli.command_line import parse
from nn_tui.text.rows import Rows

SIZE = (80, 24)


def test_a_run_saves_what_the_next_one_goes_on_from(tmp_path, capsys):
    file = str(tmp_path / "net.safetensors")
    assert main(["quadratic", "--plain", "--epochs", "10", "--save", file]) == 0
    assert main(["quadratic", "--plain", "--epochs", "1", "--load", file]) == 0
    out = capsys.readouterr()
    assert "step=0; loss=2.21" in out.out, "the eleventh step's loss"
    assert out.err == ""


def test_a_run_that_diverges_saves_nothing(tmp_path, capsys):
    file = tmp_path / "net.safetensors"
    arguments = ["stopping-distance", "--scale", "off", "--plain", "--epochs", "300"]
    assert main([*arguments, "--save", str(file)]) == 1
    assert not file.exists()
    assert "is not written" in capsys.readouterr().err


def test_what_part_of_a_file_was_loaded_is_told_and_can_be_frozen(tmp_path, capsys):
    theirs, ours = tmp_path / "theirs.safetensors", tmp_path / "ours.safetensors"
    arguments = ["relu-net", "--plain", "--epochs", "5"]
    assert main([*arguments, "--hidden", "6,4", "--save", str(theirs)]) == 0
    capsys.readouterr()
    arguments += ["--hidden", "6,3", "--load", str(theirs), "--load-partial", "on"]
    assert main([*arguments, "--freeze", "loaded", "--save", str(ours)]) == 0
    assert capsys.readouterr().err == (
        "nn-tui: Loaded from theirs.safetensors: 0.weight, 0.bias. Not loaded: 2.weight is (4, 6), "
        "not (3, 6), 2.bias is (4,), not (3,), 4.weight is (1, 4), not (1, 3); "
        "left with its layer: 4.bias.\n"
    )
    for name in ("0.weight", "0.bias"):
        np.testing.assert_array_equal(load_file(ours)[name], load_file(theirs)[name])


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--load-partial", "on"], "--load FILE is missing"),
        (["--save", "net.txt"], "must end in .json .safetensors .py .torch.py .model.py .csv"),
        (["--save", "nowhere/net.safetensors"], "there is no folder nowhere"),
        (["--load", "nowhere.safetensors"], "there is no such file"),
        (["--freeze", "d"], "there is no parameter or layer 'd' to freeze; there are a, b, c"),
    ],
)
def test_what_can_not_be_done_is_said_in_one_line(arguments, complaint, capsys):
    assert main(["--plain", *arguments]) == 2
    error = capsys.readouterr().err
    assert complaint in error
    assert error.count("\n") == 1


async def shown_until(pilot, name: str, text: str) -> str:
    """Wait until a part of the screen shows a text; the whole part."""
    rows = pilot.app.screen_stack[0].query_one(f"#{name}", Rows)
    for _ in range(500):
        part = "\n".join(rows.render_line(y).text for y in range(rows.size.height))
        if text in part:
            return part
        await pilot.pause(0.01)
    raise AssertionError(f"{text!r} never came; there is:\n{part}")


async def test_on_screen_the_frozen_are_marked_by_a_word_and_the_words_tell_what_was_loaded(
    tmp_path,
):
    theirs, part = tmp_path / "theirs.safetensors", tmp_path / "part.safetensors"
    save_file({"a": np.array(3.0), "b": np.array(2.0), "c": np.array(1.0)}, theirs)
    save_file({"c": np.array(0.5), "d": np.zeros(2)}, part)
    app = Laboratory(parse(["quadratic", "--save", str(tmp_path / "ours.safetensors")]))
    async with app.run_test(size=SIZE) as pilot:
        await shown_until(pilot, "table", "1.3529")
        freeze = "Freeze a"
        next(each for each in app.entries() if each.title == freeze).act()
        await shown_until(pilot, "table", "frozen")
        await shown_until(pilot, "words", "Frozen, no update from here on: a.")
        app.link.ask(Load(str(part)))
        await shown_until(pilot, "words", "Not done:")
        app.link.ask(Load(str(theirs)))
        await shown_until(pilot, "words", "Loaded from theirs.safetensors: a, b, c.")
        app.link.ask(Load(str(part), partial=True, freeze=True))
        words = await shown_until(pilot, "words", "Loaded from part.safetensors: c. Not loaded:")
        assert "Not loaded: missing: a, b; unexpected: d (2,)." in " ".join(words.split())
        table = await shown_until(pilot, "table", "0.5000")
        assert table.count("frozen") == 2
        await pilot.press("s")
        await shown_until(pilot, "status", "step 1")
        await pilot.press("q")
    for path in app.launch.save:
        app.save(path)
    saved = load_file(tmp_path / "ours.safetensors")
    assert (saved["a"], saved["c"]) == (3.0, 0.5)
    assert saved["b"] != 2.0


async def test_the_palette_asks_for_the_file_and_saves_to_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    app = Laboratory(parse(["quadratic"]))
    async with app.run_test(size=SIZE) as pilot:
        await shown_until(pilot, "table", "1.3529")
        found = {found.title: found for found in app.entries()}
        assert {"Load weights …", "Load the weights that fit, and freeze them …"} <= {*found}
        found["Save weights …"].act()
        await pilot.pause()
        await pilot.press("enter")
        await shown_until(pilot, "words", "Saved as quadratic.safetensors: a, b, c.")
    assert load_file("quadratic.safetensors")["a"] == 1.1


def test_a_target_is_looked_at_before_the_run():
    with pytest.raises(RequestError, match="there is no folder"):
        parse(["quadratic", "--save", "nowhere/net.safetensors"])


async def test_weights_loaded_before_other_data_are_named_and_no_file_is_none(opened, tmp_path):
    path = tmp_path / "w.safetensors"
    assert main(["quadratic", "--plain", "--epochs", "5", "--save", str(path)]) == 0
    async with opened("--load", str(path)) as person:
        await person.press(":", *"set data", "enter")
        await person.press("ctrl+u", *"sine", "enter")
        await person.sees("It starts from the parameters of w.safetensors.", part="words")
        person.app.link.ask(Set("load", ""))
        await person.sees("Load: none.", part="words")
