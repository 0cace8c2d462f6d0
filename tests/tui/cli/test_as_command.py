"""The command line of a run: pasted elsewhere, it opens the same."""

import shlex
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nn_core.config import ACTIVATIONS, INITIALIZERS, LOSSES, OPTIMIZERS, SCHEDULES
from nn_core.config.experiments import EXPERIMENTS
from nn_core.errors import RequestError
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
    "--freeze": st.sampled_from(["a", "0,2.bias"]),
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
    assert parse(words, {}).config == config


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
