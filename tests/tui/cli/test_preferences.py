"""Preferences: what the environment and the config file set, and what becomes of their mistakes."""

import os
from pathlib import Path
from typing import Any

import pytest

from nn_tui.__main__ import main
from nn_tui.cli.command_line import parse
from nn_tui.cli.parser import build_parser
from nn_tui.cli.preferences import described, options
from nn_tui.options import config_path


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Where the config file is looked for; its folder exists."""
    path = config_path(os.environ)
    assert path == tmp_path / "config" / "nn-tui" / "config.toml"
    path.parent.mkdir(parents=True)
    return path


def test_the_command_line_comes_before_the_environment_before_the_file(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.write_text('theme = "light"\nmarkers = "ascii"\npace = 5\nfps = 7\n')
    monkeypatch.setenv("NN_TUI_MARKERS", "blocks")
    monkeypatch.setenv("NN_TUI_PACE", "max")
    launch = parse(["--pace", "2"])
    assert (launch.theme, launch.markers, launch.frames_per_second) == ("light", "blocks", 7)
    assert launch.config.pace == 2
    assert launch.mistakes == ()
    assert parse([]).config.pace == float("inf")


def test_an_alias_a_dash_and_a_list_mean_what_they_do_on_the_command_line(config: Path) -> None:
    config.write_text("lr = 0.5\nbatch-size = 4\nnoise = [0, 1]\nmouse = false\n")
    launch = parse([])
    assert (launch.config.learning_rate, launch.config.batch_size) == (0.5, 4)
    assert launch.config.noise == (0, 1)
    assert not launch.mouse
    assert launch.mistakes == ()


def test_a_preference_that_this_run_has_no_use_for_is_left_out(config: Path) -> None:
    config.write_text('hidden = "8"\nrows = 50\n')
    assert parse(["quadratic"]).config.hidden == ()
    assert parse(["mlp"]).config.hidden == (8,)
    assert parse(["stopping-distance"]).config.rows == 20


def test_the_last_run_is_still_offered_where_only_preferences_are_set(config: Path) -> None:
    config.write_text("pace = 5\n")
    assert parse([]).offers


def test_a_kiosk_reads_neither(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config.write_text('theme = "light"\npace = max\n')
    monkeypatch.setenv("NN_TUI_LEARNING_RATE", "7")
    launch = parse(["--kiosk"])
    assert (launch.theme, launch.config.learning_rate, launch.mistakes) == ("auto", 0.01, ())


WRONG = ("[1, [2]]", "{a = 1}", "1979-05-27", "nan", '"\\u0007"', '""', "-1e400", "[]")


@pytest.mark.parametrize("value", WRONG)
@pytest.mark.parametrize("name", [*options(build_parser())])
def test_a_wrong_value_is_one_line_or_taken_and_the_rest_is_in_force(
    config: Path, name: str, value: str
) -> None:
    other = "fps" if name != "fps" else "theme"
    config.write_text(f'{name} = {value}\n{other} = {"7" if other == "fps" else chr(34)}'
                      f'{"" if other == "fps" else "light" + chr(34)}\n')  # fmt: skip
    launch = parse([])
    assert launch.frames_per_second == 7 or launch.theme == "light"
    for mistake in launch.mistakes:
        assert mistake.startswith(f"{config}, line 1: ")
        assert mistake.isprintable()


@pytest.mark.parametrize("value", ['"fast"', "0", "{}", "1979-05-27", "true"])
def test_a_wrong_pace_says_where_it_stands_and_what_would_be_right(
    config: Path, value: str
) -> None:
    config.write_text(f"\n\npace = {value}\n")
    [mistake] = parse([]).mistakes
    assert mistake.startswith(f"{config}, line 3: ")


def test_an_unknown_name_gets_the_nearest_and_one_of_one_run_its_place(config: Path) -> None:
    config.write_text('them = "dark"\nload = "x.safetensors"\n')
    first, second = parse([]).mistakes
    assert first.endswith("line 1: there is no option 'them'; did you mean theme?")
    assert second.endswith("line 2: load belongs to one run; give it on the command line")


@pytest.mark.parametrize(
    "value", ["1e400", "inf", "-inf", "nan", "1" + "0" * 400, "0x" + "f" * 5000, "[0x" + "f" * 5000]
)
@pytest.mark.parametrize("name", ["seed", "theme", "mouse", "fps", "learning_rate", "keys"])
def test_a_number_beyond_all_bounds_is_one_line(
    name: str, value: str, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.write_text(f"{name} = {value}{']' if value.startswith('[') else ''}\n")
    [said] = parse([]).mistakes
    assert f"{config}, line 1: " in said or said.startswith(f"{config}: keys must be a table")
    assert len(said.removeprefix(str(config))) < 200
    config.unlink()
    monkeypatch.setenv(f"NN_TUI_{name.upper()}", value)
    [said] = parse([]).mistakes
    assert said.startswith(f"NN_TUI_{name.upper()}: ")
    assert len(said) < 200


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a = \xff", "not UTF-8"),
        (b"theme =", "not TOML"),
        (b"#" * 10_000_000, "larger than 1 MB"),
        (b"a=" + b"[" * 100_000, "not TOML|too deeply"),
        (b"seed = 1" + b"0" * 5000, "not TOML: a number has too many digits"),
        (None, "no file"),
    ],
)
def test_a_file_that_is_none_is_one_line_and_the_program_starts(
    config: Path, content: bytes | None, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if content is None:
        config.mkdir()
    else:
        config.write_bytes(content)
    assert main(["--plain", "--epochs", "1"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("step=0; loss=2.42")
    assert err.count("\n") == 1
    assert any(part in err for part in said.split("|"))


def test_a_link_to_nowhere_and_a_file_that_may_not_be_read_are_a_line_each(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.symlink_to("gone.toml")
    assert parse([]).mistakes == (f"{config}: is a link that leads to no file",)
    config.unlink()
    config.write_text('theme = "dark"')
    opening = Path.open

    def refuse(path: Path, *how: Any, **names: Any) -> Any:
        if path == config:
            raise PermissionError(13, "Permission denied", str(path))
        return opening(path, *how, **names)

    monkeypatch.setattr(Path, "open", refuse)
    launch = parse([])
    [mistake] = launch.mistakes
    assert mistake.endswith("config.toml: can’t be read: Permission denied")
    assert launch.theme == "auto"


@pytest.mark.parametrize(
    "text", ['x = "{}"', "{} = 1", '[keys]\npreset = "{}"', '[keys]\n{} = "s"']
)
def test_a_mistake_of_any_length_is_a_line_that_can_be_read(config: Path, text: str) -> None:
    config.write_text(text.format("y" * 5000))
    [mistake] = parse([]).mistakes
    assert len(mistake) < len(str(config)) + 200


def test_what_is_written_has_every_option_and_changes_nothing(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["config", "--write"]) == 0
    text = config.read_text()
    assert all(f"# {name} = " in text for name, _, _ in described(build_parser()))
    before = parse([])
    assert before.mistakes == ()
    config.write_text(text.replace('# theme = "auto"', 'theme = "dark"'))
    assert parse([]).theme == "dark"
    assert main(["config", "--write"]) == 2
    assert "there is one already" in capsys.readouterr().err


def test_config_says_what_is_in_force_and_where_from(
    config: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    config.write_text('theme = "dark"\n')
    monkeypatch.setenv("NN_TUI_FPS", "5")
    assert main(["config"]) == 0
    out = capsys.readouterr().out
    rows = {line.split()[0]: line.split(None, 2)[1:] for line in out.splitlines()[2:]}
    assert rows["theme"] == ["dark", f"{config}, line 1"]
    assert rows["fps"] == ["5", "NN_TUI_FPS"]
    assert rows["markers"] == ["auto", "default, or the experiment’s"]


async def test_the_first_mistake_in_them_stands_in_the_words_until_something_is_done(
    opened: Any, tmp_path: Path
) -> None:
    (tmp_path / "config" / "nn-tui").mkdir(parents=True)
    (tmp_path / "config" / "nn-tui" / "config.toml").write_text('pace = "fast"\n')
    async with opened(size=(160, 40)) as person:
        await person.sees("line 1: pace must be a number above 0, or max", part="words")
        await person.press("s", until=lambda shown: shown.step == 1)
        assert "pace must be" not in person.reads("words")
