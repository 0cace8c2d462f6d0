"""What the sheet of the command says beside it."""

from typing import Any

import pytest

from nn_tui.dialogs.command_sheet import notes

BY_FOLDER = "What it names without a folder is looked for where it is pasted."


@pytest.mark.parametrize("is_whole", [True, False])
async def test_where_files_are_looked_for_is_said_of_names_without_a_folder_alone(
    is_whole: bool, opened: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "mine.csv"
    path.write_text("x,y\n1,2\n2,4\n3,6\n")
    async with opened("--data", str(path) if is_whole else path.name) as person:
        assert (BY_FOLDER in notes(person.shown)) == (not is_whole)


async def test_of_data_of_the_program_nothing_is_said_of_files(opened: Any) -> None:
    async with opened("penguins") as person:
        assert BY_FOLDER not in notes(person.shown)
