"""The screen at any size, and at rest."""

from typing import Any

import pytest
from textual.message_pump import MessagePump

from nn_core.analysis.gradient_check import Checked
from nn_core.analysis.rate_finder import Finding
from nn_tui.views import VIEWS, View

SIZES = [(1, 1), (2, 40), (39, 12), (40, 12), (59, 18), (60, 20), (80, 24), (100, 33), (120, 40),
         (200, 60), (40, 60), (200, 12), (5, 2), (80, 24)]  # fmt: skip


@pytest.mark.parametrize("arguments", [(), ("relu",), ("relu-net",), ("stopping-distance",)])
async def test_it_goes_on_at_any_size(arguments: tuple[str, ...], opened: Any) -> None:
    async with opened(*arguments) as person:
        for at, (width, height) in enumerate(SIZES, start=1):
            await person.pilot.resize_terminal(width, height)
            await person.press("s", until=lambda shown, at=at: shown.step == at)
            rows = person.screen().split("\n")
            assert len(rows) == height
            assert {len(row) for row in rows} == {width}
        await person.sees(f"step {len(SIZES)} ", " lr ", part="status")
        await person.sees(" ▸ ", part="table")


async def test_words_that_are_cut_off_have_a_sign_of_it(opened: Any) -> None:
    async with opened(size=(40, 24)) as person:
        await person.press("s", until=lambda shown: shown.step == 1)
        await person.sees("15 of 20 points still lie above the", part="words")
        assert person.rows("words")[1].rstrip().endswith("…")
        assert "…" not in person.rows("words")[0]
        await person.pilot.resize_terminal(60, 24)
        await person.sees("They push c up", "go up too.", part="words")


async def test_too_small_a_screen_says_what_it_needs(opened: Any) -> None:
    async with opened() as person:
        await person.pilot.resize_terminal(39, 11)
        await person.sees("40×12 is the least; this is 39×11")
        await person.until(lambda: "lr" not in person.screen())
        await person.pilot.resize_terminal(40, 12)
        await person.sees("step 0 ", "lr 0.01")


@pytest.mark.parametrize("size", [(120, 40), (200, 60)])
async def test_a_view_and_the_plots_beside_it_stand_apart(
    size: tuple[int, int], opened: Any
) -> None:
    async with opened("relu-net", size=size) as person:
        for view in ("STEP", "LAYER", "SLOPE", "RELUS", "HEALTH"):
            await person.press("tab")
            await person.sees(f" {view} ", part="keys")
            await person.sees("kinks: ")
            rows = person.screen().split("\n")
            last = next(at for at, row in enumerate(rows) if "kinks: " in row)
            column = rows[last].index("kinks: ") - 1
            assert {row[column] for row in rows[1 : last + 1]} == {" "}, view


@pytest.mark.parametrize(
    ("size", "loss", "gradient"),
    [((59, 24), False, False), ((60, 24), True, False), ((80, 34), True, True)],
)
async def test_plots_come_with_the_room(
    size: tuple[int, int], loss: bool, gradient: bool, opened: Any
) -> None:
    async with opened(size=size) as person:
        assert ("loss by step" in person.screen()) == loss
        assert ("length of the gradient" in person.screen()) == gradient
        assert "● data" in person.screen()


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
@pytest.mark.parametrize("arguments", [(), ("relu",), ("relu-net",), ("stopping-distance",)])
async def test_nothing_that_stands_at_the_edges_moves(
    arguments: tuple[str, ...], size: tuple[int, int], opened: Any
) -> None:
    """LOOK: header on row 1, words, status and keys on the last five; they never move."""
    async with opened(*arguments, size=size) as person:
        for pressed in ("", "s", "i", "i"):
            if pressed:
                before = (person.shown.step, person.shown.phase)
                await person.press(
                    pressed, until=lambda shown, was=before: (shown.step, shown.phase) != was
                )
            height = size[1]
            keys = " s step  i next " if pressed == "i" else " s step  i into "
            await person.until(  # another view may have to come first
                lambda keys=keys: (
                    person.screen().split("\n")[1].strip()
                    and person.screen().split("\n")[size[1] - 2].startswith(keys)
                )
            )
            rows = person.screen().split("\n")
            assert arguments[0] in rows[0] if arguments else "quadratic" in rows[0]
            fit = "── ● " if arguments == ("stopping-distance",) else "── fit ─"
            assert fit in rows[1] or (pressed == "i" and " ── update" in rows[1])
            assert rows[height - 5].strip()
            assert rows[height - 3].startswith((" paused ", " running "))
            assert rows[height - 1].startswith(" tab ")
            assert rows[height - 1][39:].startswith(" o options  : all  ? help  q quit ")


async def test_larger_screens_list_more_of_a_network(opened: Any) -> None:
    async with opened("--hidden", "8,8,8,8,8", size=(80, 24)) as person:
        await person.sees("b3", part="table")
        assert len(person.rows("table")) == 1 + 6
        await person.pilot.resize_terminal(120, 40)
        await person.sees("b5", part="table")
        assert len(person.rows("table")) == 1 + 10
        await person.pilot.resize_terminal(200, 60)
        await person.sees("b6", part="table")
        assert len(person.rows("table")) == 1 + 12


# --- at rest ----------------------------------------------------------------------------------


def awake(pumps: list[MessagePump]) -> list[Any]:
    """Timers that will do something by themselves."""
    return [timer for pump in pumps for timer in pump._timers if timer._active.is_set()]


@pytest.mark.parametrize("over", ["", "e", "enter", "o", "question_mark"])
@pytest.mark.parametrize("arguments", [(), ("relu-net",)])
async def test_at_rest_nothing_is_painted_and_nothing_is_due(
    arguments: tuple[str, ...], over: str, opened: Any
) -> None:
    async with opened(*arguments, "--pace", "200", "--epochs", "5") as person:
        await person.press("space", until=lambda shown: shown.epoch == 5 and not shown.running)
        if over:
            await person.press(over)
        painted = await person.count_paints()
        for _ in range(5):
            await person.pilot.pause()
        assert painted == []
        screens = person.app.screen_stack
        pumps = [person.app, *screens, *(each for one in screens for each in one.walk_children())]
        assert awake(pumps) == []


async def test_while_it_runs_a_frame_is_due_and_at_rest_none(opened: Any) -> None:
    async with opened("--pace", "200", "--epochs", "1000000") as person:
        assert awake([person.app]) == []
        await person.press("space", until=lambda shown: shown.running)
        assert len(awake([person.app])) == 1
        await person.press("space", until=lambda shown: not shown.running)
        assert awake([person.app]) == []


async def test_a_key_that_changes_one_number_does_not_paint_everything(opened: Any) -> None:
    async with opened() as person:
        await person.press(">", until=lambda shown: shown.config.pace == 20)
        painted = await person.count_paints()
        await person.press(">", until=lambda shown: shown.config.pace == 50)
        await person.until(lambda: painted)
        regions = [span for update in painted for span in getattr(update, "spans", [])]
        assert {y for y, _, _ in regions} <= {21}


TINY = [(1, 1), (2, 8), (3, 1), (4, 8), (5, 3), (9, 2), (14, 8), (17, 4), (19, 6), (20, 1), (30, 8)]
SMALL = TINY[::3]  # where what is tried takes long
OVERLAYS = {
    "options": ("o",),
    "help": ("question_mark",),
    "palette": ("colon",),
    "epochs": ("e",),
    "parameter": ("enter",),
    "point": ("a",),
    "save": ("w",),
    "gradient check": ("c",),
    "prompt over options": ("o", "enter"),
    "step": ("j",),
    "kept runs": ("K",),
    "lessons": ("t",),
    "finder": ("find",),
}
OF_NETWORKS = {name: OVERLAYS[name] for name in ("options", "help", "gradient check", "finder")}


async def _open(person: Any, keys: tuple[str, ...]) -> None:
    if keys == ("find",):
        person.app.dialogs.find_rate()
    for depth, key in enumerate(keys, start=2):
        if key != "find":
            await person.pilot.press(key)
        await person.until(lambda depth=depth: len(person.app.screen_stack) == depth)
    if keys in (("c",), ("find",)):
        found = (Checked, Finding)
        await person.until(lambda: isinstance(person.shown.search, found))


async def _close(person: Any) -> None:
    while len(person.app.screen_stack) > 1:
        depth = len(person.app.screen_stack)
        await person.pilot.press("escape")
        await person.until(lambda depth=depth: len(person.app.screen_stack) < depth)


@pytest.mark.parametrize(
    ("keys", "arguments"),
    [
        *((keys, ()) for keys in OVERLAYS.values()),
        *((keys, ("relu-net",)) for keys in OF_NETWORKS.values()),
    ],
    ids=[*OVERLAYS, *(f"{name} of a network" for name in OF_NETWORKS)],
)
async def test_what_lies_over_it_is_opened_at_and_shrunk_to_any_size(
    keys: tuple[str, ...], arguments: tuple[str, ...], opened: Any
) -> None:
    async with opened(*arguments) as person:
        for size in SMALL:
            await person.pilot.resize_terminal(*size)
            await _open(person, keys)
            await _close(person)
        await person.pilot.resize_terminal(80, 24)
        await _open(person, keys)
        for size in ((200, 60), (39, 12), *reversed(TINY), (80, 24)):
            await person.pilot.resize_terminal(*size)
        await _close(person)
        await person.press("s", until=lambda shown: shown.step == 1)


@pytest.mark.parametrize("begins_small", [True, False])
async def test_guesses_are_asked_for_at_any_size(begins_small: bool, opened: Any) -> None:
    async with opened() as person:
        if begins_small:
            await person.pilot.resize_terminal(1, 1)
        await person.press("P")
        for size in TINY:
            await person.pilot.resize_terminal(*size)
        await person.pilot.resize_terminal(80, 24)
        await person.sees("answer", part="keys")
        await person.press("1", until=lambda shown: shown.step == 1)


@pytest.mark.parametrize("arguments", [(), ("relu",), ("relu-net",), ("stopping-distance",)])
async def test_every_view_is_opened_at_and_shrunk_to_any_size(
    arguments: tuple[str, ...], opened: Any
) -> None:
    async with opened(*arguments) as person:

        async def show(view: View) -> None:
            person.app.turn_to(person.app.selection.staying_with(view))
            await person.until(lambda: person.shown.request.view == view.name)

        await person.press("s", until=lambda shown: shown.step == 1)
        for size in SMALL:
            await person.pilot.resize_terminal(*size)
            for view in VIEWS:
                await show(view)
        for view in VIEWS:
            await person.pilot.resize_terminal(80, 24)
            await show(view)
            for size in TINY:
                await person.pilot.resize_terminal(*size)
