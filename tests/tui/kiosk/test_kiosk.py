"""A kiosk: what strangers can't switch on, and that nothing leaves the screen."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual import constants

from nn_core.config.limits import KIOSK, NO_LIMITS
from nn_core.errors import RequestError
from nn_core.live.file_requests import Load, OpenSession, OpenTable, PredictFile, Resume, Save
from nn_core.live.search_requests import MeasureBatches
from nn_tui.__main__ import main
from nn_tui.cli.command_line import parse
from nn_tui.dialogs.prompt import Prompt
from nn_tui.keys import KEYS
from nn_tui.keys.commands import COMMANDS
from nn_tui.kiosk import process as kiosk

# Every key and every entry of the palette is classed; a new one fails until somebody has thought
# about whether it leads to a file.
FILE_KEYS = {"save"}
HARMLESS_KEYS = {
    "step", "into", "step_back", "step_ten", "back_ten", "jump", "steps", "run_or_pause",
    "next_epoch",
    "slower", "faster", "restart", "up", "down", "row_up", "row_down", "first", "last", "lower",
    "raise", "enter", "previous_point", "next_point", "next_target", "rate_up", "rate_down",
    "scale", "epochs", "more_epochs", "fewer_epochs", "zeroing", "contest", "hint", "add_unit",
    "remove_unit", "place_unit", "add_layer", "remove_layer", "add_point", "remove_point",
    "next_view", "previous_view", "view_fit", "view_step", "view_layer", "view_slope", "view_ReLUs",
    "view_health", "partner", "keep", "kept_runs", "check_gradient", "measure", "arithmetic",
    "options", "palette", "help", "redraw", "out", "quit", "leave", "lessons", "predict",
    "switch_unit", "draw", "next_mistake", "resume",
}  # fmt: skip
HARMLESS_COMMANDS = {MeasureBatches, Resume}
FILE_COMMANDS = {Save, OpenSession, OpenTable, Load, PredictFile}

# --- what is classed --------------------------------------------------------------------------


def test_every_key_is_classed() -> None:
    assert {found.name for found in KEYS} == HARMLESS_KEYS | FILE_KEYS


def test_every_entry_of_the_palette_is_classed() -> None:
    assert {found.kind for found in COMMANDS} == HARMLESS_COMMANDS | FILE_COMMANDS


# --- the command line -------------------------------------------------------------------------


def test_what_is_asked() -> None:
    assert parse([]).limits == NO_LIMITS
    assert parse(["--kiosk"]).limits == KIOSK
    assert parse(["relu-net", "--kiosk=read-only"]).limits == replace(KIOSK, files="none")
    assert not parse([]).is_kiosk
    assert parse(["--kiosk", "read-only"]).is_kiosk


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--data", "mine.csv"], "a kiosk reads no files"),
        (["mlp", "--data", "/etc/passwd"], "a kiosk reads no files"),
        (["--load", "w.safetensors"], "--load names a file"),
        (["--save", "run.json"], "--save names a file"),
        (["run.json"], "--kiosk opens no files"),
        (["--plain"], "--kiosk is for the screen"),
        (["--json", "--every", "2"], "--kiosk is for the screen"),
        (["mlp", "--hidden", "1000,1000"], "at most 20,000 parameters here; not 1,004,001"),
        (["--rows", "1000000"], "at most 10,000 rows here; not 1,000,000"),
        (["--pace", "max"], "at most 1,000 steps a second here; not max"),
    ],
)
def test_options_that_a_kiosk_has_no_use_for(
    arguments: list[str], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def looked(*_: object) -> bool:
        raise AssertionError("a file was looked at")

    monkeypatch.setattr("nn_tui.cli.command_line.is_file", looked)
    with pytest.raises(RequestError, match=words.replace(".", r"\.")):
        parse([*arguments, "--kiosk=read-only"])


def test_a_mistake_is_one_line_and_exit_code_2(
    capsys: pytest.CaptureFixture[str], kept: Any
) -> None:
    assert main(["--kiosk", "--save", "x.json"]) == 2
    assert capsys.readouterr().err == "nn-tui: --save names a file; with --kiosk there are none\n"


# --- the environment --------------------------------------------------------------------------


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the tests' own environment and interpreter as they are."""
    environ = {name: value for name, value in os.environ.items() if name[:6] != "PYTHON"}
    monkeypatch.setattr(os, "environ", environ)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)


RULING = sorted(
    {
        *(f"TEXTUAL_{name}" for name in dir(constants) if name.isupper()), "TEXTUAL",
        "TEXTUAL_LOG", "TEXTUAL_FPS", "TEXTUAL_SCREENSHOT", "TEXTUAL_ALLOW_SIGNALS", "ESCDELAY",
        "COLUMNS", "LINES", "BROWSER", "DISPLAY", "LD_PRELOAD", "XDG_STATE_HOME", "TMPDIR",
        "SSH_ORIGINAL_COMMAND", "LANGUAGE", "LOCPATH", "NN_TUI", "FORCE_COLOR", "PATH",
        "LC_MESSAGES",
    }
)  # fmt: skip


def test_only_what_describes_the_terminal_is_kept(kept: None) -> None:
    environ = dict.fromkeys(RULING, "1") | {
        "TERM": "xterm-256color", "LANG": "C.UTF-8", "HOME": "/home/guest", "NO_COLOR": "",
        "LC_ALL": "../../tmp/evil", "COLORTERM": "truecolor", "COLORFGBG": "15;0",
        "OPENBLAS_NUM_THREADS": "64",
    }  # fmt: skip
    kiosk.clean(environ)
    threads = dict.fromkeys(kiosk.ONE_THREAD, "1")
    assert environ == threads | {
        "TERM": "xterm-256color", "LANG": "C.UTF-8", "HOME": "/home/guest", "NO_COLOR": "",
        "COLORTERM": "truecolor", "COLORFGBG": "15;0",
    }  # fmt: skip
    assert sys.dont_write_bytecode


@pytest.mark.parametrize(
    ("arguments", "asked"),
    [([], False), (["--kiosk"], True), (["mlp", "--kiosk=read-only"], True), (["kiosk"], False)],
)
def test_a_kiosk_is_known_before_anything_is_read(arguments: list[str], asked: bool) -> None:
    assert kiosk.is_asked_for(arguments) is asked


# --- the process ------------------------------------------------------------------------------


@pytest.fixture
def guarded(tmp_path: Path) -> Callable[[str], str]:
    """Run a statement in a confined process; what it says."""

    def run(statement: str, files: str = "state") -> str:
        begin = (
            "import os, socket, subprocess, sys\n"
            f"sys.path[:0] = {[each for each in sys.path if each]!r}\n"
            "from nn_tui.kiosk import process as kiosk\n"
            f"kiosk.confine({files!r})\n"
            f"try:\n    {statement}\n    print('done')\n"
            "except Exception as error:\n    print(type(error).__name__)"
        )
        return subprocess.run(
            [sys.executable, "-I", "-B", "-c", begin],
            env={"HOME": str(tmp_path)}, capture_output=True, text=True, check=True, timeout=30,
        ).stdout.strip()  # fmt: skip

    return run


REFUSED = [
    "open('/etc/passwd')", "open('/tmp/x', 'w')", "os.open('/tmp/x', os.O_CREAT | os.O_WRONLY)",
    "os.listdir('/etc')", "os.mkdir('/tmp/x')", "os.remove('/tmp/x')", "os.system('true')",
    "subprocess.run(['true'])", "os.fork()", "os.execv('/bin/true', ['true'])",
    "os.posix_spawn('/bin/true', ['true'], {})",
    "socket.create_connection(('127.0.0.1', 22))", "socket.socket().bind(('127.0.0.1', 0))",
    "socket.socket(socket.AF_UNIX).connect('/run/x')", "os.symlink('/etc', '/tmp/x')",
    "os.rename(os.environ['HOME'] + '/.local/state/nn-tui/x', '/tmp/x')",
    "open(os.environ['HOME'] + '/.local/state/nn-tui/../../x', 'w')",
    "open(os.environ['HOME'] + '/.profile', 'w')",
]  # fmt: skip


@pytest.mark.parametrize("files", ["state", "none"])
def test_the_process_can_do_nothing_to_the_system(guarded: Any, files: str) -> None:
    many = ["caught = []"]
    for statement in REFUSED:
        many.append(f"exec({_noting(statement)!r})")
    many.append("print(caught)")
    said = guarded("\n    ".join(many), files)
    assert said == f"{['PermissionError'] * len(REFUSED)}\ndone"


def _noting(statement: str) -> str:
    return (
        f"try:\n    {statement}\n    caught.append({statement!r})\n"
        "except Exception as error:\n    caught.append(type(error).__name__)"
    )


def test_its_own_folder_is_written_where_it_may_be(guarded: Any, tmp_path: Path) -> None:
    write = (
        "folder = os.environ['HOME'] + '/.local/state/nn-tui'; os.makedirs(folder);"
        "open(folder + '/x', 'w').write('kept'); os.rename(folder + '/x', folder + '/y')"
    )
    assert guarded(write, "none") == "PermissionError"
    assert [*tmp_path.iterdir()] == []
    assert guarded(write) == "done"
    assert (tmp_path / ".local/state/nn-tui/y").read_text() == "kept"


def test_memory_and_crashes_are_bounded_by_the_system(guarded: Any) -> None:
    assert guarded("bytearray(3_000_000_000)") == "MemoryError"
    bounds = "print(__import__('resource').getrlimit(__import__('resource').RLIMIT_CORE))"
    assert guarded(bounds).startswith("(0, 0)")


# --- the screen -------------------------------------------------------------------------------


async def test_saving_is_refused_in_one_line(opened: Any) -> None:
    async with opened("--kiosk") as person:
        await person.press("w")
        await person.until(lambda: "a kiosk saves no files" in person.reads("words"))
        assert not isinstance(person.app.screen, Prompt)


async def test_saving_is_dimmed_and_a_click_on_it_asks_for_nothing_to_be_saved(
    opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened("relu-net", "--hidden", "3", "--kiosk", size=(120, 40)) as person:
        asked = list[Any]()
        monkeypatch.setattr(person.app.dialogs, "_ask", asked.append)
        await person.press("space", until=lambda shown: shown.running)
        assert person.role_of("keys", " w save ") == "color(240)"
        await person.click(" w save", "keys", into=1)
        await person.sees("Not done: a kiosk saves no files", part="words")
        assert asked == []


async def test_the_palette_has_nothing_that_leads_to_a_file(opened: Any) -> None:
    leading = ("Save", "Export", "Open session", "Load", "load", "test")
    for arguments, count in ((), 10), (("--kiosk",), 0):
        async with opened(*arguments) as person:
            titles = [each.title for each in person.app.entries()]
            assert sum(title.startswith(leading) for title in titles) >= count
            assert count or not any(title.startswith(leading) for title in titles)
            assert "Go to a step of this run, by its number" in titles


async def test_nothing_of_textual_leaves_the_screen(
    opened: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with opened("--kiosk") as person:
        app = person.app
        written: list[str] = []
        monkeypatch.setattr(app._driver, "write", written.append)
        monkeypatch.setattr(app._driver, "open_url", written.append, raising=False)
        app.open_url("file:///etc/passwd")
        app.copy_to_clipboard("stolen")
        with app.suspend():
            pass
        app.action_suspend_process()
        for action in ("suspend_process", "screenshot", "copy_text", "help_quit"):
            await app.run_action(action)
        app.deliver_text("x")
        app.deliver_binary("x")
        with pytest.raises(PermissionError):
            app.save_screenshot()
        assert not any("]52;" in each or "/etc" in each for each in written)
        assert [*tmp_path.iterdir()] == []
        assert app.clipboard == "stolen"


async def test_nobody_there_is_told_and_then_it_ends(opened: Any) -> None:
    limits = replace(KIOSK, idle_seconds=1.0)
    async with opened("--kiosk", limits=limits) as person:
        await person.until(lambda: "Is anybody there?" in person.reads("words"))
        await person.until(lambda: not person.app.is_running)
        assert person.app.return_code == 0


async def test_a_key_is_a_sign_of_life(opened: Any) -> None:
    limits = replace(KIOSK, idle_seconds=60.0 + 15.0)
    async with opened("--kiosk", limits=limits) as person:
        person.app._key_came -= 20.0
        person.app._wait_for_a_key()
        assert "Is anybody there?" in person.reads("words")
        await person.press("s")
        await person.until(lambda: person.shown.step == 1)
        assert "Is anybody there?" not in person.reads("words")


@pytest.mark.parametrize("text", ["[@click=app.quit]x[/]", "[link=file:///etc]x[/link]", "[b]x[/b"])
async def test_text_from_people_is_never_markup(opened: Any, csv_file: Any, text: str) -> None:
    path = csv_file(f"{text},y\n1,2\n2,3\n3,5\n", f"{text.replace('/', '')}.csv")
    async with opened("quadratic", "--data", path) as person:
        assert text[:11] in person.reads("point")
        for key in ("a", "e", "colon"):
            await person.press(key)
            for character in text:
                await person.press(character)
            await person.until(lambda: person.typed().endswith(text))
            assert_no_actions(person)
            await person.press("enter")
            assert_no_actions(person)
            await person.press("escape")
            await person.until(lambda: person.app.screen is person.app.screen_stack[0])
        assert person.app.is_running


def assert_no_actions(person: Any) -> None:
    for strip in person.app.screen._compositor.render_strips(person.app.size):
        for segment in strip:
            style = segment.style
            assert style is None or (not style.link and "@click" not in (style.meta or {}))
