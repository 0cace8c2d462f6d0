"""The command line of a run: pasted elsewhere, it opens the same."""

import shlex
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nn_core.config import (
    ACTIVATIONS,
    INITIALIZERS,
    LISTED_DATA,
    LOSSES,
    NAMED_DATA,
    OPTIMIZERS,
    SCHEDULES,
    Config,
    Setting,
    setting,
    settings,
    show,
)
from nn_core.config.experiments import EXPERIMENTS
from nn_core.errors import RequestError
from nn_core.formatting import shown
from nn_core.live.file_requests import Load
from nn_core.live.settings import with_setting
from nn_core.run.timeline import Timeline
from nn_core.storage.as_command import begun, command, quoted
from nn_core.training.trainer import Trainer
from nn_tui.cli.command_line import parse

NUMBERS = st.floats(1e-12, 1e12).map(repr)
WHOLE = st.integers(1, 10**6).map(str)
GIVEN = {
    "--data": st.sampled_from(["lesson", "sine", "xor", "penguins", "a b.csv", "-x.csv", "it's"]),
    "--rows": WHOLE,
    "--noise": st.tuples(NUMBERS, NUMBERS).map(",".join),
    "--x": st.sampled_from(["speed", "a,b", "-a", '"a, b"']),
    "--scale": st.sampled_from(["on", "off"]),
    "--validation": st.sampled_from(["0.2", "0.1"]),
    "--data-seed": WHOLE,
    "--seed": WHOLE,
    "--hidden": st.sampled_from(["4", "16,8", "3,3,3"]),
    "--activation": st.sampled_from(ACTIVATIONS),
    "--init": st.sampled_from(INITIALIZERS),
    "--loss": st.sampled_from(LOSSES),
    "--optimizer": st.sampled_from(OPTIMIZERS),
    "--momentum": st.sampled_from(["0.5", "0.12345678912"]),
    "--lr": NUMBERS,
    "--schedule": st.sampled_from(SCHEDULES),
    "--epochs": WHOLE,
    "--batch-size": WHOLE,
    "--shuffle": st.just("off"),
    "--clip": NUMBERS,
    "--l2": NUMBERS,
    "--load": st.sampled_from(["w.safetensors", "my net.safetensors"]),
    "--load-partial": st.just("on"),
    "--freeze": st.sampled_from(["a", "0,2.bias", "W1,layer 2"]),
    "--pace": st.just("max") | NUMBERS,
    "--dtype": st.just("float32"),
}


@given(
    st.sampled_from(sorted(EXPERIMENTS)), st.fixed_dictionaries({}, optional=GIVEN), st.booleans()
)
def test_it_opens_a_run_under_the_same_settings(
    name: str, given_options: dict[str, str], accumulates: bool
) -> None:
    options = [f"{option}={value}" for option, value in given_options.items()]
    options += ["--accumulate-gradients"] * accumulates
    try:
        config = parse([name, *options], {}).config
    except RequestError:
        assume(False)
        raise
    written = "\n".join(quoted(command(config), 40))
    program, *words = shlex.split(written.replace("\\\n", ""))
    assert program == "nn-tui"
    frozen = parse(words, {}).config.freeze
    assert [shown(name) for name in config.freeze] == [*frozen]
    assert parse(words, {}).config.replace(freeze=config.freeze) == config


# What may be typed for a setting in the options or the palette, where it isn't one of its choices.
TYPED = {
    "activation": [*ACTIVATIONS, "relu,tanh"], "batch_size": ["0", "3", "1000"],
    "class_weight": ["balanced", "1,2"], "clip": ["0", "0.3"], "drop": ["a"],
    "data": [*LISTED_DATA, "above-sine", "a b.csv", "it's.csv"], "epochs": ["0", "17"],
    "features": ["x1,x2,x1^2"], "freeze": ["a", "0.weight"], "hidden": ["", "3", "4,2"],
    "load": ["w.safetensors"], "noise": ["0,0", "0.3,2.5"], "pace": ["0.5", "max"],
    "patience": ["0", "4"], "rows": ["7", "200"], "data_seed": ["0", "7"], "seed": ["0", "7"],
    "test": ["t.csv"], "test_column": ["part"], "validation": ["0", "0.2", "0.3"],
    "x": ["speed", "a,b"], "y": ["dist", "species"],
}  # fmt: skip


def typed(each: Setting) -> list[str]:
    """What a person may type for a setting."""
    if isinstance(each.default, bool):
        return ["on", "off"]
    return TYPED.get(each.name) or [*each.choices] or ["0", "1e-05", "0.3", "1", "default"]


def with_typed(config: Config, name: str, text: str) -> Config:
    """The settings once one was typed, as a run has them; the same where it is refused."""
    try:
        return with_setting(config, name, setting(name).read(text))
    except RequestError:
        return config


def first_losses(config: Config) -> str:
    """The losses of a run's first steps, after that of rows held back; "" where none begins."""
    try:
        trainer = Trainer.from_config(config)
    except RequestError:
        return ""
    return str([trainer.validation_loss(), trainer.step().loss, trainer.step().loss])


def may_begin(config: Config) -> bool:
    """Whether there can be such a run, as far as it can be known without its files."""
    if config.data in NAMED_DATA and not (config.test or config.load):
        return bool(first_losses(config))
    return not config.patience or bool(config.validation or config.test or config.test_column)


def assert_opens_the_same(config: Config) -> None:
    """The command opens a run that differs only in what no command line takes, for it is idle."""
    if not may_begin(config):
        return
    words = shlex.split("\n".join(quoted(command(config), 40)).replace("\\\n", ""))[1:]
    found = parse(words, {}).config
    if found.freeze == tuple(map(shown, config.freeze)):
        found = found.replace(freeze=config.freeze)
    for each in settings():
        value = getattr(config, each.name)
        if value != getattr(found, each.name) and each.name not in ("experiment", "model"):
            option = f"--{each.name.replace('_', '-')}={show(value) or each.empty}"
            with pytest.raises(RequestError):
                parse([*words, option], {})
    if found != config:
        assert first_losses(found) == first_losses(config)
    assert found.model == config.model
    assert found.zero_gradients == config.zero_gradients


@pytest.mark.parametrize("each", settings(), ids=lambda each: each.name)
@pytest.mark.parametrize("name", EXPERIMENTS)
def test_it_opens_the_run_whatever_setting_was_changed_on_the_screen(
    name: str, each: Setting
) -> None:
    for text in typed(each) if each.name != "experiment" else ():
        assert_opens_the_same(with_typed(EXPERIMENTS[name].config, each.name, text))


def test_the_rows_that_are_held_back_are_drawn_by_the_seed_of_the_command() -> None:
    config = with_typed(EXPERIMENTS["digits"].config, "data_seed", "3")
    assert command(config) == ["nn-tui", "digits", "--data-seed", "3"]
    assert_opens_the_same(config)


CHANGES = st.sampled_from([each for each in settings() if each.name != "experiment"]).flatmap(
    lambda each: st.tuples(st.just(each.name), st.sampled_from(typed(each)))
)


@given(st.sampled_from(sorted(EXPERIMENTS)), st.lists(CHANGES, min_size=2, max_size=8))
def test_it_opens_the_run_whatever_settings_were_changed_one_after_the_other(
    name: str, changes: list[tuple[str, str]]
) -> None:
    config = EXPERIMENTS[name].config
    for each, text in changes:
        config = with_typed(config, each, text)
    assert_opens_the_same(config)


def test_what_it_says_is_written_as_on_the_screen() -> None:
    """It said 0.weight for what the screen calls W1, and 1000.0 for 1000 steps a second."""
    config = EXPERIMENTS["mlp"].config.replace(freeze=("0.weight", "0.bias"), pace=1000.0)
    assert command(config) == ["nn-tui", "mlp", "--freeze", "W1,b1", "--pace", "1000"]


def test_parameters_loaded_before_the_first_step_are_no_thing_done_since() -> None:
    timeline = Timeline(Trainer.from_config(EXPERIMENTS["quadratic"].config))
    timeline.do("load", values=(("a", 1.0), ("b", 2.0), ("c", 3.0)))
    timeline.do("set", name="freeze", value=("a",))
    timeline.advance(1)
    timeline.do("load", values=(("a", 1.0), ("b", 2.0), ("c", 3.0)))
    config, by_hand = begun(timeline)
    assert (config.freeze, by_hand) == (("a",), 1)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_of_an_experiment_as_it_is_the_name_is_enough(name: str) -> None:
    assert command(EXPERIMENTS[name].config) == ["nn-tui", name]


def test_settings_changed_before_the_first_step_belong_to_it_and_later_ones_do_not() -> None:
    timeline = Timeline(Trainer.from_config(EXPERIMENTS["quadratic"].config))
    timeline.do("set", name="learning_rate", value=0.05)
    timeline.do("set", name="epochs", value=7)
    timeline.advance(3)
    timeline.do("set", name="learning_rate", value=0.5)
    timeline.do("nudge", index=0, amount=0.1)
    config, by_hand = begun(timeline)
    assert command(config) == ["nn-tui", "quadratic", "--learning-rate", "0.05", "--epochs", "7"]
    assert by_hand == 2


async def test_the_palette_shows_it_copies_it_and_says_what_it_lacks(
    opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened("relu-net") as person:
        copied: list[str] = []
        monkeypatch.setattr(person.app, "copy_to_clipboard", copied.append)
        await person.press("colon", *"hidden 8,4", "enter")
        await person.until(lambda: person.shown.config.hidden == (8, 4))
        await person.press("+", "s", until=lambda shown: shown.step == 1)
        await person.press("+", until=lambda shown: shown.config.learning_rate == 0.05)
        await person.press("colon", *"copy the command", "enter")
        line = "nn-tui relu-net --hidden 8,4 --learning-rate 0.02"
        await person.sees(line, "1 step", "1 thing done by hand", part="sheet")
        assert person.rows("sheet")[1].rstrip() == line
        assert copied == [line]


async def test_it_says_that_it_starts_without_what_was_loaded_by_hand(
    opened: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It said that it opens the run at its start, which had other parameters."""
    monkeypatch.chdir(tmp_path)
    async with opened() as person:
        await person.press("w", *["backspace"] * 40, *"w.safetensors", "enter")
        await person.sees("Saved as w.safetensors", part="words")
        person.app.link.ask(Load("w.safetensors"))
        await person.sees("Loaded from w.safetensors", part="words")
        await person.press("s", "colon", *"copy the command", "enter")
        await person.sees(
            "nn-tui quadratic", "without the weights loaded by hand at step 0: add --load",
            "Not in it: 1 step;", part="sheet",
        )  # fmt: skip


async def test_in_a_kiosk_it_is_shown_and_never_copied(
    opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened("--kiosk") as person:
        copied: list[str] = []
        monkeypatch.setattr(person.app, "copy_to_clipboard", copied.append)
        await person.press("colon", *"copy the command", "enter")
        await person.sees("nn-tui quadratic", part="sheet")
        assert "clipboard" not in person.reads("sheet")
        assert copied == []
