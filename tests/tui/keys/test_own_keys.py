"""Keys of a person's own: read, checked, pressed, and named wherever keys are."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nn_core.config import key_names
from nn_tui.__main__ import main
from nn_tui.app.actions import ACTIONS
from nn_tui.dialogs.help_sheet import Help
from nn_tui.dialogs.options_sheet import Options
from nn_tui.dialogs.palette import Palette
from nn_tui.keys import KEYS, key
from nn_tui.keys.in_force import put_in_force, shown_as
from nn_tui.keys.keymap import PRESETS, default_keys, read_keymap

A_TEXT = 'keys are a text, as "s,f5" (comma and space have these names)'
ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def default_again() -> Iterator[None]:
    """Leave the default keys to the next test."""
    yield
    put_in_force({})


@pytest.fixture
def vi() -> dict[str, str]:
    return read_keymap({"preset": "vi"}).changed


# --- read ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", [{}, *({"preset": name} for name in PRESETS)])
def test_no_key_has_two_uses_and_all_can_be_reached(table: dict[str, str]) -> None:
    keymap = read_keymap(table)
    assert keymap.mistakes == ()
    keys = [each for keys in keymap.keys.values() for each in keys]
    assert len(keys) == len(set(keys))
    assert all(keymap.keys.values())
    assert not {each[0] for each in keys if len(each) == 2 and each[0] == each[1]} & {*keys}


def test_a_name_takes_the_keys_given_in_place_of_its_own() -> None:
    assert read_keymap({"step": "f6,f5"}).keys["step"] == ("f6", "f5")
    assert read_keymap({"step": ["/", "ctrl+e"]}).keys["step"] == ("slash", "ctrl+e")
    assert read_keymap({"step": "pgup,shift+m", "row_up": "f2"}).keys["step"] == ("pageup", "M")
    assert read_keymap({"first": "gg", "contest": "C"}).keys["first"] == ("gg",)


def test_two_may_change_places() -> None:
    keymap = read_keymap({"step": "n", "next_epoch": "s"})
    assert (keymap.keys["step"], keymap.keys["next_epoch"]) == (("n",), ("s",))
    assert keymap.mistakes == ()


def test_confirming_and_leaving_keep_their_keys() -> None:
    keymap = read_keymap({"out": "f2", "leave": "f3", "enter": "f4"})
    assert keymap.keys["out"] == ("f2", "escape")
    assert keymap.keys["leave"] == ("f3", "ctrl+c")
    assert keymap.keys["enter"] == ("f4", "enter")


@pytest.mark.parametrize(
    ("table", "name", "said"),
    [
        ({"step": "n"}, "step", "n is next_epoch’s; give next_epoch another"),
        ({"step": "f7", "restart": "f7"}, "restart", "f7 is step’s; give step another"),
        ({"quit": "ctrl+i"}, "quit", "tab is next_view’s; give next_view another"),
        ({"first": "gg"}, "first", "gg is contest’s; give contest another"),
        ({"preset": "vi", "keep": "k"}, "keep", "k is up’s; give up another"),
        ({"stpe": "f7"}, "stpe", "there is no key of this name; the nearest is step"),
        ({"step": "pageupp"}, "step", "there is no key 'pageupp'; did you mean pageup?"),
        ({"step": "hyper+x"}, "step", "there is no key 'hyper+x'; as s, f5, ctrl+d, pageup"),
        ({"step": ""}, "step", A_TEXT),
        ({"step": 5}, "step", A_TEXT),
        ({"step": [5]}, "step", A_TEXT),
        ({"step": {"a": "b"}}, "step", A_TEXT),
        ({"preset": "emacs"}, "preset", "there is vi; not 'emacs'"),
        ({"preset": 1}, "preset", "there is vi; not '1'"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_and_the_rest_is_taken(
    table: dict[str, Any], name: str, said: str
) -> None:
    keymap = read_keymap({**table, "help": "f1"})
    assert keymap.mistakes == ((name, said),)
    assert keymap.keys["help"] == ("f1",)
    expected = default_keys()["step"]
    assert keymap.keys["step"] == (("f7",) if table.get("step") == "f7" else expected)


def test_the_config_file_gives_keys_and_a_mistake_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "config" / "nn-tui" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text('theme = "dark"\n\n[keys]\nhelp = "f1"\nstep = "n"\n')
    assert main(["keys"]) == 2
    out, err = capsys.readouterr()
    assert err == (f"nn-tui: {path}, line 5: step: n is next_epoch’s; give next_epoch another\n")
    listed = dict(line.split()[:2] for line in out.splitlines() if line.startswith("  "))
    assert listed == {each.name: each.shown for each in KEYS} | {"help": "f1"}


# --- pressed -------------------------------------------------------------------------------------


def chosen(at: int) -> Any:
    """Whether the parameter at this place is the chosen one."""
    return lambda shown: shown.request.chosen == at


async def test_the_keys_of_vi_move_and_choose(opened: Any, vi: dict[str, str]) -> None:
    async with opened(keys=vi) as person:
        await person.press("j", until=chosen(1))
        await person.press("j", until=chosen(2))
        await person.press("k", until=chosen(1))
        await person.press("G", until=chosen(2))
        await person.press("g", "g", until=chosen(0))
        await person.press("end", until=chosen(2))
        await person.press("home", until=chosen(0))
        await person.press("l", until=lambda shown: shown.chosen.value == pytest.approx(1.2))
        await person.press("h", until=lambda shown: shown.chosen.value == pytest.approx(1.1))
        await person.press("s", until=lambda shown: shown.step == 1)
        await person.press("y", until=lambda shown: len(shown.kept) == 1)


async def test_one_g_alone_does_nothing_and_is_forgotten(opened: Any, vi: dict[str, str]) -> None:
    async with opened(keys=vi) as person:
        await person.press("j", "g", "j", until=lambda shown: shown.request.chosen == 2)
        await person.press("g", "s", until=lambda shown: shown.step == 1)
        assert person.shown.request.chosen == 2
        assert person.shown.contest is None


async def test_the_keys_of_vi_hold_in_the_lists_over_the_screen(
    opened: Any, vi: dict[str, str]
) -> None:
    async with opened(keys=vi) as person:
        await person.press("o")
        await person.until(lambda: isinstance(person.app.screen, Options))
        await person.sees("h l change", part="sheet")
        rate = person.shown.config.learning_rate
        await person.press("l", until=lambda shown: shown.config.learning_rate > rate)
        await person.press("o")
        await person.press("question_mark")
        await person.until(lambda: isinstance(person.app.screen, Help))
        first = person.rows("sheet")[1]
        await person.press("ctrl+d")
        await person.until(lambda: person.rows("sheet")[1] != first)
        await person.press("g", "g")
        await person.until(lambda: person.rows("sheet")[1] == first)


async def test_a_letter_of_vi_is_a_letter_where_text_is_typed(
    opened: Any, vi: dict[str, str]
) -> None:
    async with opened(keys=vi) as person:
        await person.press("slash")
        await person.until(lambda: isinstance(person.app.screen, Palette))
        await person.press("g", "g", "j")
        await person.until(lambda: person.typed() == "ggj")


async def test_a_key_that_was_moved_does_nothing_under_its_old_name(opened: Any) -> None:
    async with opened(keys={"step": "f5"}) as person:
        await person.press("s", "f5", until=lambda shown: shown.step == 1)
        assert person.shown.tip == 1
        await person.press("J", "s", "f5", until=lambda shown: shown.step == 2)
        await person.until(lambda: chosen_step(person) == "2")


def chosen_step(person: Any) -> str:
    """The step that is chosen in the table of steps."""
    return next((row.split()[1] for row in person.rows("sheet") if row.startswith(" ▸ ")), "")


# --- named ---------------------------------------------------------------------------------------


async def test_footer_help_words_and_refusals_name_the_keys_in_force(
    opened: Any, vi: dict[str, str]
) -> None:
    async with opened("quadratic", keys=vi | {"step": "f5"}, size=(120, 40)) as person:
        await person.sees("f5 step", "k j parameter", "h l nudge", "/ all", part="keys")
        await person.sees(
            "f5 takes one step down the gradient", "h l moves a by hand", part="words"
        )
        await person.press("y")
        await person.sees("there is no curve to keep yet; f5 takes a step", part="words")
        await person.press("question_mark")
        await person.until(lambda: isinstance(person.app.screen, Help))
        await person.press("pagedown")
        await person.sees("f5        Take one step", part="sheet")


async def test_the_palette_names_the_keys_in_force(opened: Any) -> None:
    async with opened(keys={"step": "f5"}) as person:
        await person.press("colon", *"take")
        await person.until(
            lambda: any("Take one step" in row and "f5" in row for row in person.rows("sheet"))
        )


def test_where_nobody_chose_others_the_core_names_keys_as_the_screen_does() -> None:
    """Its sentences must be right without the screen, too."""
    source = (ROOT / "core" / "nn_core" / "config" / "key_names.py").read_text(encoding="utf-8")
    table = re.search(r"_NAMES = (\{.*?\n\})", source, re.DOTALL)
    assert table is not None
    known = eval(table[1])
    assert known == {name: key(name).shown for name in known}
    used = set()
    for path in (each for kind in ("py", "toml") for each in (ROOT / "core").rglob(f"*.{kind}")):
        text = path.read_text(encoding="utf-8")
        used |= {*re.findall(r"key_name\([\"'](\w+)", text)}
        used |= {name for two in re.findall(r"key_pair\(.(\w+)., .(\w+).\)", text) for name in two}
        used |= {
            each for two in re.findall(r"\{key\.(\w+)\+?(\w*)\}", text) for each in two if each
        }
    assert used == set(known)


def test_every_placeholder_for_a_key_stands_for_one() -> None:
    for path in (ROOT / "tui").rglob("*.py"):
        for one, other in re.findall(r"\{key\.(\w+)\+?(\w*)\}", path.read_text(encoding="utf-8")):
            assert key(one)
            assert not other or key(other)


def test_every_name_is_told_by_its_key_or_does_something() -> None:
    for each in KEYS:
        assert each.name in ACTIONS or each.request is not None or each.view
        assert shown_as(each.keys.split(",")[0]) == each.shown
    assert key_names.key_name("step") == "s"


async def test_a_letter_of_which_two_are_a_key_waits_for_the_second(opened: Any) -> None:
    async with opened(keys={"first": "gg", "contest": "C"}) as person:
        await person.press("g", "g", "s", until=lambda shown: shown.step == 1)
        assert not person.shown.complaint
