"""A table that is written again while its run goes on: opened again it is read as it is then."""

from pathlib import Path
from typing import Any

from nn_tui.dialogs.palette import Palette

HEADER = "size,rooms,price\n"
GAP = HEADER + "1,1,2\n2,?,4\n" + "3,2,5\n4,1,7\n" * 4
WHOLE = HEADER + "1,1,2\n2,45,4\n" + "3,2,5\n4,1,7\n" * 4


async def _open(person: Any, text: str) -> None:
    await person.press("colon")
    await person.until(lambda: isinstance(person.app.screen, Palette))
    person.app.screen.query_one("Input").value = text
    await person.press("enter")


async def test_a_table_that_is_opened_again_is_read_again(opened: Any, csv_file: Any) -> None:
    """The mended cell stayed dropped: only what was in memory was looked at."""
    path = csv_file(GAP)
    async with opened() as person:
        await _open(person, path)
        await person.until(lambda: person.shown.config.data == path)
        assert person.shown.scene.rows == 9
        csv_file(WHOLE)
        await _open(person, f"data = {path}")
        await person.until(lambda: person.shown.scene.rows == 10)
        assert "dropped" not in person.reads("words")


async def test_kept_runs_on_a_table_as_it_was_are_not_compared_with_those_on_it_as_it_is(
    opened: Any, csv_file: Any
) -> None:
    path = csv_file(GAP)
    async with opened("--data", path) as person:
        await person.press("S", until=lambda shown: shown.step == 10)
        csv_file(WHOLE)
        await _open(person, path)
        await person.sees("The run before is saved", part="words")
        assert (person.shown.scene.rows, person.shown.kept) == (10, ())
        await _open(person, "last run")
        await person.until(lambda: person.shown.step == 10)
        assert person.shown.scene.rows == 9


async def test_one_that_is_as_it_was_begins_again_beside_the_curve_before(
    opened: Any, csv_file: Any
) -> None:
    path = csv_file(WHOLE)
    async with opened("--data", path) as person:
        await person.press("S", until=lambda shown: shown.step == 10)
        await _open(person, path)
        await person.until(lambda: person.shown.step == 0)
        assert len(person.shown.kept) == 1


async def test_a_restart_says_that_the_file_was_written_again(opened: Any, csv_file: Any) -> None:
    """`r` goes on with the rows that the run has, and said nothing of those in the file."""
    path = csv_file(GAP)
    said = "mine.csv was written again since it was read; : open a table reads it again."
    async with opened("--data", path) as person:
        await person.press("s", until=lambda shown: shown.step == 1)
        await person.press("r", until=lambda shown: shown.step == 0)
        assert "written again" not in person.reads("words")
        await person.press("s", until=lambda shown: shown.step == 1)
        csv_file(WHOLE)
        await person.press("r")
        await person.sees(said, part="words")
        assert person.shown.scene.rows == 9
        await person.press("s", until=lambda shown: shown.step == 1)
        Path(path).unlink()
        await person.press("r", until=lambda shown: shown.step == 0)
        assert "written again" not in person.reads("words")


async def test_dropped_rows_are_said_beside_the_advice_to_scale(opened: Any, csv_file: Any) -> None:
    """The advice took the line that they would have stood on."""
    path = csv_file(HEADER + "50,1,100\n250,?,900\n" + "120,3,400\n80,2,300\n" * 4, "homes.csv")
    offered = "press Z to scale them"
    async with opened() as person:
        await _open(person, path)
        await person.sees("homes.csv; 1 row with missing cells dropped (line 3).", part="words")
        await person.sees(offered, part="words")
    async with opened() as person:
        await person.press("s", until=lambda shown: shown.step == 1)
        await _open(person, path)
        await person.sees(
            "homes.csv; 1 row dropped (line 3). : resume goes to the run before.", part="words"
        )
        await person.sees(offered, part="words")
    async with opened("--data", path) as person:
        await person.sees("1 row with missing cells dropped (line 3)", offered, part="words")


async def test_a_column_left_out_is_said_beside_the_advice_to_scale(
    opened: Any, csv_file: Any
) -> None:
    """Nothing said so until the columns were scaled."""
    rows = "50,1,Graz,100\n" + "120,3,Linz,400\n80,2,Graz,300\n" * 4
    path = csv_file("size,rooms,town,price\n" + rows, "houses.csv")
    async with opened() as person:
        await _open(person, path)
        await person.sees("Data: houses.csv, with mlp; left out: town (text).", part="words")
        await person.sees("press Z to scale them", part="words")
    async with opened() as person:
        await person.press("s", until=lambda shown: shown.step == 1)
        await _open(person, path)
        await person.sees(
            "houses.csv; left out: town (text). : resume goes to the run before.", part="words"
        )


async def test_dropped_rows_are_said_beside_the_columns_that_are_left_out(
    opened: Any, csv_file: Any
) -> None:
    """Together they were too long for the line below the advice, and the rows went unsaid."""
    rows = (f"h{at},{50 + 7 * at},{'?' if at == 3 else at % 3},{100 + at}\n" for at in range(30))
    path = csv_file("id,size,rooms,price\n" + "".join(rows))
    async with opened("--data", path) as person:
        await person.sees(
            "press Z to scale them",
            "Left out: id (nearly every text another); 1 row dropped (line 5).",
            part="words",
        )
