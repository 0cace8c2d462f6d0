"""The sheet of measures: by key, what it says, and out again."""

from typing import Any

import pytest

from nn_core import Timeline, Trainer
from nn_core.analysis import sweep
from nn_core.analysis.measures import ModelMeasures, search
from nn_core.config.experiments import EXPERIMENTS
from nn_core.training.measures import NumberMeasures
from nn_tui.dialogs.measures_sheet import MeasuresSheet, report


def report_of(name: str, width: int = 80, steps: int = 0, **settings: Any) -> list[str]:
    timeline = Timeline(Trainer.from_config(EXPERIMENTS[name].config.replace(**settings)))
    timeline.advance(steps)
    found = sweep.result(search(timeline.trainer))
    return ["".join(text for text, _ in line) for line in report(found, width).lines]


def test_each_class_has_its_precision_its_recall_and_what_it_is_taken_for() -> None:
    rows = report_of("penguins", steps=200)
    assert rows[0] == " 342 rows trained on"
    assert rows[1].startswith(" Right on 33")
    assert rows[1].endswith("always answering Adelie is right on 44.2 %.")
    [gentoo] = [row.split() for row in rows[4:8] if "Gentoo" in row]
    _, precision, _, recall, _, count = gentoo
    row = next(row.split() for row in rows[8:] if row.startswith(" Gentoo"))
    counted = [0 if text == "·" else int(text) for text in row[1:]]
    assert int(count) == sum(counted) == 123
    assert float(recall) == pytest.approx(100 * counted[2] / 123, abs=0.051)
    assert 90 < float(precision) <= 100


def test_rows_held_back_have_their_own_measures() -> None:
    text = "\n".join(report_of("digits"))
    assert text.index("359 rows held back") < text.index("1438 rows trained on")
    assert "No rows are held back" in "\n".join(report_of("xor"))


def test_of_a_regression_the_variance_and_the_error_in_the_units_of_the_file() -> None:
    text = "\n".join(report_of("stopping-distance", steps=200))
    assert " Explains 0.6" in text
    assert "of the variance; off by 1" in text
    assert "root mean squared error, in the units of" in text
    [loss] = [row for row in text.splitlines() if row.startswith(" loss ")]
    timeline = Timeline(Trainer.from_config(EXPERIMENTS["stopping-distance"].config))
    timeline.advance(200)
    trainer = timeline.trainer
    off = trainer.predict(trainer.data.raw_x) - trainer.data.raw_y
    assert float(loss.split()[1]) == pytest.approx(float((off**2).mean()), rel=1e-3)
    assert " of scaled targets" in loss


def test_an_error_in_thousands_is_written_as_prices_are() -> None:
    """It said 2.219e+04 in the sentence and 2.219e4 in the table."""
    found = NumberMeasures(rows=30, rmse=22190.4, explained=0.9, baseline=541234.0)
    assert found.sentence.endswith("off by 22190 (RMSE), the mean by 541200")


@pytest.mark.parametrize("width", [40, 60, 80])
def test_what_a_number_is_stands_whole_beside_it(width: int) -> None:
    said = " ".join(" ".join(report_of("stopping-distance", width)).split())
    assert "of scaled targets, as it is trained on" in said
    assert "RMSE of always answering the mean of training rows" in said


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("name", ["quadratic", "penguins", "digits"])
def test_it_fits_any_width(name: str, width: int) -> None:
    assert max(len(row) for row in report_of(name, width)) <= width


async def test_the_run_pauses_so_that_the_sheet_is_of_the_model_that_is_shown(opened: Any) -> None:
    """It said one accuracy, and the words below it another, of a model that had gone on."""
    async with opened("xor", "--pace", "500") as person:
        await person.press("space", until=lambda shown: shown.step > 5)
        await person.press("v", until=lambda shown: isinstance(shown.search, ModelMeasures))
        assert not person.shown.running
        assert person.shown.search.step == person.shown.step


def test_how_many_rows_a_regression_is_measured_on() -> None:
    rows = report_of("relu-net", validation=0.2)
    assert rows[0] == " 4 rows held back"
    assert " 16 rows trained on" in rows


def test_the_pairs_that_are_confused_most_are_named_first() -> None:
    timeline = Timeline(Trainer.from_config(EXPERIMENTS["digits"].config))
    timeline.advance(45)
    found = sweep.result(search(timeline.trainer))
    rows = ["".join(text for text, _ in line) for line in report(found, 80).lines]
    [_, said, why, told, *_] = rows
    assert said.startswith(" Right on ")
    assert "most frequent in training" in f"{said}{why}"  # where 9 is the most frequent
    counts = found.validation.confusion.copy()
    counts[range(10), range(10)] = 0
    is_, taken = divmod(int(counts.argmax()), 10)
    assert told.startswith(f" Most often {is_} is taken for {taken} ({counts.max()} row")
    assert len(told) <= 79


async def test_what_a_table_is_about_stays_in_sight_while_it_scrolls(opened: Any) -> None:
    async with opened("digits", "--epochs", "1") as person:
        await person.press("v", until=lambda shown: shown.search is not None)
        await person.sees("precision", part="sheet")
        await person.sees("esc out, then m shows the worst mistake", part="sheet")
        sheet = person.app.screen
        await person.press(*["down"] * 9)
        title, part, heading, first, *_ = person.rows("sheet")
        assert title.startswith(" ── measures")
        assert part.startswith(" 359 rows held back")
        assert heading.split() == ["class", "precision", "recall", "rows"]
        assert first.split()[0] == "5"
        await person.press("end")
        _, part, heading, *_, last, _ = person.rows("sheet")
        assert part.startswith(" 1438 rows trained on")
        assert heading.split()[0] in ("class", "0")
        assert last.split()[0] == "9"
        await person.press("home")
        assert person.rows("sheet")[2].startswith(" Right on")
        assert person.app.screen is sheet


async def test_the_key_opens_it_and_esc_leaves_all_as_it_was(opened: Any) -> None:
    async with opened("xor") as person:
        await person.press("v", until=lambda shown: shown.search is not None)
        await person.until(lambda: isinstance(person.app.screen, MeasuresSheet))
        assert person.shown.step == 0
        await person.press("escape", until=lambda shown: shown.search is None)
        assert not isinstance(person.app.screen, MeasuresSheet)
