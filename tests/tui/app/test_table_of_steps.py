"""The table of steps: the losses one below the other, and a way to each of the steps."""

from typing import Any

from nn_core.live.requests import StartRunning
from nn_tui.dialogs.runs.steps_sheet import StepsSheet

PUBLISHED = [
    *("2.4010", "2.3594", "2.2970", "2.2137", "2.1097"),
    *("1.9848", "1.8535", "1.7166", "1.5825", "1.4628"),
]


def rows(person: Any) -> list[list[str]]:
    """The rows of the table, each as its words, without the mark of the chosen one."""
    words = [row.replace("▸", " ").split() for row in person.rows("sheet")]
    return [row for row in words if row and row[0].isdecimal()]


def chosen(person: Any) -> list[str]:
    return [row.split()[1] for row in person.rows("sheet") if row.startswith(" ▸ ")]


def whole(person: Any) -> bool:
    return bool(rows(person)) and "…" not in person.reads("sheet")


async def test_the_published_table_stands_there_as_its_ten_rows(opened: Any) -> None:
    async with opened("--accumulate-gradients", "--epochs", "10", "--pace", "max") as person:
        await person.press("space", until=lambda shown: shown.epoch == 10)
        await person.press("J")
        await person.until(lambda: whole(person))
        first = ["0", "2.4219", "0.01", "1.1000", "1.1000", "1.1000"]
        assert rows(person)[0] == first
        told = [[word for word in row if word != "now"] for row in rows(person)]
        assert [row[0] for row in told if row[-1] == "✓"] == [str(step) for step in range(1, 11)]
        await person.sees("✓ The ten losses that fast.ai’s lesson", part="sheet")
        assert "“How does a neural net really work?”" in person.reads("sheet")
        assert [row[:2] for row in told[1:]] == [
            [str(step), loss] for step, loss in enumerate(PUBLISHED, 1)
        ]
        assert "table of steps: 0 to 10" in person.reads("sheet")
        assert chosen(person) == ["10"]


async def test_arrows_choose_and_enter_goes_to_the_step(opened: Any) -> None:
    async with opened() as person:
        await person.press("S", until=lambda shown: shown.step == 10)
        await person.press("J", "up", "up", "up")
        await person.until(lambda: chosen(person) == ["7"])
        await person.press("pageup")
        await person.until(lambda: chosen(person) == ["0"])
        await person.press("pagedown", "up")
        await person.until(lambda: chosen(person) == ["9"])
        assert "10 now" in person.reads("sheet")
        await person.press("enter", until=lambda shown: shown.step == 9)
        assert not isinstance(person.app.screen, StepsSheet)
        assert (person.shown.tip, person.shown.kept) == (10, ())
        await person.until(lambda: person.shown.search is None)


async def test_home_and_end_lead_to_the_ends_of_a_long_run(opened: Any) -> None:
    async with opened("--epochs", "20000", "--pace", "max") as person:
        await person.press("space", until=lambda shown: shown.epoch == 20000 and not shown.running)
        await person.press("J")
        await person.until(lambda: whole(person) and rows(person)[-1][:2] == ["20000", "now"])
        await person.press("home")
        await person.until(lambda: whole(person) and rows(person)[0][:2] == ["0", "2.4219"])
        assert f"0 to {rows(person)[-1][0]} of 20000" in person.reads("sheet")
        await person.press("end")
        await person.until(lambda: chosen(person) == ["20000"])


async def test_of_batches_the_two_losses_stand_beside_each_other(opened: Any) -> None:
    async with opened("relu-net", "--batch-size", "5", "--validation", "0.2") as person:
        await person.press("S", until=lambda shown: shown.step == 10)
        await person.press("J")
        await person.until(lambda: whole(person))
        await person.sees("this batch", "all rows", "validation", "gradient norm", part="sheet")
        now, shown = rows(person)[-1], person.shown
        assert now[:4] == ["10", "now", "to", "come"]
        assert now[4:6] == [f"{shown.loss:.4f}", f"{shown.validation.loss:.4f}"]
        assert len(now) == len(rows(person)[0]) + 1  # without a gradient, with two words


async def test_while_it_runs_the_rows_come_as_the_steps_are_taken(opened: Any) -> None:
    async with opened("--epochs", "12", "--pace", "50") as person:
        await person.press("J")
        await person.until(lambda: whole(person) and len(rows(person)) == 1)
        person.app.link.ask(StartRunning())
        await person.until(lambda: whole(person) and len(rows(person)) == 13)
        assert rows(person)[12][:3] == ["12", "now", f"{person.shown.loss:.4f}"]
        assert chosen(person) == ["0"]


async def test_it_opens_by_its_name(opened: Any) -> None:
    async with opened() as person:
        await person.press("S", until=lambda shown: shown.step == 10)
        await person.press(":", *"table of steps", "enter")
        await person.until(lambda: isinstance(person.app.screen, StepsSheet))
        await person.until(lambda: whole(person) and len(rows(person)) == 11)


async def test_j_again_and_esc_lead_out(opened: Any) -> None:
    async with opened() as person:
        for key in ("J", "escape"):
            await person.press("J")
            await person.until(lambda: isinstance(person.app.screen, StepsSheet))
            await person.press(key)
            await person.until(lambda: not isinstance(person.app.screen, StepsSheet))


async def test_the_published_table_is_there_once_it_is_asked_for(opened: Any) -> None:
    """Its run stood at step 0, and its table had one row."""
    async with opened() as person:
        await person.press("s", "s", until=lambda shown: shown.step == 2)
        await person.press(":", *"published", "enter")
        await person.until(lambda: whole(person) and len(rows(person)) == 11)
        marked = [row[0] for row in rows(person) if row[-1] == "✓"]
        assert marked == [str(step) for step in range(1, 11)]
        await person.until(lambda: chosen(person) == ["10"])
        await person.press("escape", "b", until=lambda shown: shown.step == 9)
        assert not person.shown.begun.zero_gradients


async def test_no_row_of_another_run_is_said_to_be_published(opened: Any) -> None:
    """The first step is the same where gradients are zeroed."""
    async with opened() as person:
        await person.press("S", until=lambda shown: shown.step == 10)
        await person.press("J")
        await person.until(lambda: whole(person) and rows(person)[1][1] == "2.4010")
        assert "✓" not in person.reads("sheet")


async def test_before_the_first_step_it_says_which_key_takes_one(opened: Any) -> None:
    async with opened() as person:
        await person.press("J")
        await person.sees("No step is taken yet: s takes one, space runs.", part="sheet")
        await person.until(lambda: whole(person))
        await person.press("escape", "s", "J")
        await person.until(lambda: whole(person) and len(rows(person)) == 2)
        assert "No step is taken yet" not in person.reads("sheet")


async def test_the_keys_that_step_and_run_act_from_the_table(opened: Any) -> None:
    """It said "s takes one, space runs", and the words below "(space)"; neither did anything."""
    async with opened("--epochs", "12", "--pace", "max") as person:
        await person.press("J")
        await person.sees("No step is taken yet: s takes one, space runs.", part="sheet")
        await person.press("s", until=lambda shown: shown.step == 1)
        await person.until(lambda: whole(person) and chosen(person) == ["1"])
        await person.press("S", until=lambda shown: shown.step == 11)
        await person.press("b", "b", until=lambda shown: shown.step == 9)
        await person.until(lambda: whole(person) and chosen(person) == ["9"])
        await person.press("space", until=lambda shown: shown.step == 12 and not shown.running)
        await person.until(lambda: whole(person) and chosen(person) == ["12"])
        await person.press("up", until=lambda _: chosen(person) == ["11"])
        assert isinstance(person.app.screen, StepsSheet)


async def test_in_a_mode_that_asks_before_a_step_the_key_leaves_the_table(opened: Any) -> None:
    async with opened() as person:
        await person.press("P")
        await person.until(lambda: person.app.lesson is not None)
        await person.press("J")
        await person.until(lambda: isinstance(person.app.screen, StepsSheet))
        await person.press("s")
        await person.until(person.on_main)
        assert person.app.lesson.playing.stage == "asking"
