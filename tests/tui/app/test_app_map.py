"""The map of two settings on the screen: from the palette to the pair that is taken."""

from typing import Any

import pytest

from nn_core.analysis.setting_map import SettingMap
from nn_core.config.experiments import EXPERIMENTS
from nn_core.live.search_requests import MapSettings
from nn_tui.dialogs.map_sheet import MapSheet

FOOT = "enter take it"


async def map_settings(person: Any) -> None:
    """Open the palette, and take what maps two settings."""
    await person.press("colon", *"map two")
    await person.sees("tries pairs, as rate and momentum")
    await person.press("enter")
    await person.until(lambda: isinstance(person.app.screen, MapSheet))


def chosen(person: Any) -> str:
    """The line about the chosen cell."""
    return str(person.rows("sheet")[1].rstrip())


def grid(person: Any) -> list[str]:
    """The rows of cells, the uppermost first."""
    return [row.partition("┤")[2] for row in person.rows("sheet") if "┤" in row]


async def test_enter_takes_the_pair_and_the_run_gets_where_the_cell_said(opened: Any) -> None:
    async with opened("--pace", "max") as person:
        await map_settings(person)
        await person.sees("the loss after 100 steps from step 0", FOOT, part="sheet")
        assert chosen(person) == " ▸ learning rate 0.01, momentum 0: loss 1.2122  (this run’s)"
        assert grid(person)[-1].count("▸") == 1
        await person.press("up", "up", "right")
        await person.sees("momentum 0.57: loss", part="sheet")
        assert "◆" in grid(person)[-1]
        assert grid(person)[-3].count("▸") == 1
        found = person.shown.search
        assert isinstance(found, SettingMap)
        promised = found.loss((found.own[0] + 1, 2))
        await person.press("enter", until=lambda shown: shown.config.momentum == 0.57)
        assert person.shown.config.optimizer == "momentum"
        await person.sees("Taken from the map: learning rate 0.0116, ", part="words")
        await person.press("space", until=lambda shown: shown.step == 100)
        assert person.shown.loss == pytest.approx(promised, rel=1e-9)


async def test_the_best_cell_is_named_and_marked(opened: Any) -> None:
    async with opened("--loss", "mse") as person:
        await map_settings(person)
        await person.sees(FOOT, part="sheet")
        found = person.shown.search
        across, up = found.best
        said = person.rows("sheet")[2]
        assert said.startswith(f" ✦ best: learning rate {found.across.written(across)}, momentum ")
        assert "loss 1.69" in said
        assert grid(person)[len(found.up.values) - 1 - up][2 * across] == "✦"
        assert "✗" in grid(person)[0]
        await person.press("b")
        await person.until(lambda: chosen(person).endswith("(the best)"))
        await person.press(*["down"] * 40, *["right"] * 40)
        await person.sees("learning rate 1, momentum 0: diverged", part="sheet")


async def test_other_settings_and_more_steps_are_mapped_by_key(opened: Any) -> None:
    async with opened("relu-net", size=(80, 16)) as person:
        await map_settings(person)
        await person.sees("learning rate →", part="sheet")
        await person.press("y")
        await person.sees("batch size ↑", FOOT, part="sheet")
        await person.press("y")
        await person.sees("hidden units ↑", "from its own start", FOOT, part="sheet")
        await person.press("n")
        await person.sees("the loss after 200 steps", FOOT, part="sheet")
        await person.press("x")
        await person.sees("momentum →", part="sheet")


async def test_a_setting_that_restarts_begins_the_run_again_with_both(opened: Any) -> None:
    async with opened("relu-net") as person:
        await person.press("s", until=lambda shown: shown.step == 1)
        await map_settings(person)
        await person.press("y", "y")
        await person.sees("hidden units ↑", FOOT, part="sheet")
        await person.press("down", "right", "enter")
        await person.until(lambda: person.shown.config.hidden != (16,))
        assert person.shown.step == 0
        assert person.shown.config.learning_rate > 0.01
        await person.sees("The run begins again", part="words")


async def test_esc_cancels_a_long_map_and_leaves_the_run_as_it_was(opened: Any) -> None:
    async with opened("mlp", "--hidden", "800,800") as person:
        await map_settings(person)
        await person.sees("on copies, 100 steps each:", "%", "esc cancel", part="sheet")
        await person.press("enter")  # there is nothing to take yet
        assert isinstance(person.app.screen, MapSheet)
        await person.press("escape", until=lambda shown: shown.search is None)
        await person.press("s", until=lambda shown: shown.step == 1)
        assert person.shown.config == EXPERIMENTS["mlp"].config.replace(hidden=(800, 800))


@pytest.mark.parametrize("size", [(40, 12), (120, 40), (200, 60)])
async def test_it_has_the_cells_that_there_is_room_for(size: tuple[int, int], opened: Any) -> None:
    async with opened(size=size) as person:
        await map_settings(person)
        await person.sees("▸", "esc out" if size[0] > 70 else "choose", part="sheet")
        found = person.shown.search
        assert len(found.across.values) == min(32, (size[0] - 11) // 2)
        assert len(found.up.values) == min(32, max(5, size[1] - 12))
        for key in ("up", "down"):
            await person.press(*[key] * 32)
            await person.until(lambda: any("▸" in row for row in grid(person)))


async def test_without_colour_or_unicode_every_depth_has_its_glyph(
    opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("LANG", "C")
    async with opened("--loss", "mse") as person:
        await map_settings(person)
        await person.sees("@ to 1.89  % 2.65  = ", ". no lower", "x diverged", "# this run")

        def cells() -> set[str]:
            return {*"".join(row.partition("|")[2] for row in person.rows("sheet"))}

        await person.until(lambda: set("@%=-x>*") <= cells())
        assert "?" not in "".join(person.rows("sheet"))


async def test_a_kiosk_has_it_within_its_limits(opened: Any) -> None:
    async with opened("--kiosk") as person:
        await map_settings(person)
        await person.sees(FOOT, part="sheet")
        await person.press("up", "enter", until=lambda shown: shown.config.optimizer == "momentum")
        assert person.shown.complaint == ""


async def test_a_map_of_what_does_nothing_is_refused_and_said(opened: Any) -> None:
    async with opened() as person:
        person.app.link.ask(MapSettings("learning_rate", "hidden", 100, 8, 8))
        await person.sees("hidden does nothing in this run", part="words")
