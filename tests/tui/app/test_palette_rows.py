"""The rows of the palette: what stands in them at each width, and that there are more."""

from typing import Any

import pytest

from nn_core.config.experiments import EXPERIMENTS
from nn_tui.dialogs.palette import Palette


@pytest.mark.parametrize("experiment", EXPERIMENTS)
@pytest.mark.parametrize("batches", [(), ("--batch-size", "5", "--validation", "0.2")])
async def test_at_80_columns_no_title_or_description_is_cut(
    experiment: str, batches: tuple[str, ...], opened: Any
) -> None:
    """Most ended within a word; of one that is long whole clauses are shown, the rest below."""
    async with opened(experiment, *batches, size=(80, 400)) as person:
        entries = person.app.entries()
        await person.press("colon")
        await person.sees("type a word", part="sheet")
        for entry, row in zip(entries, person.rows("sheet")[1:], strict=False):
            key, text = entry.key, entry.about or entry.changes
            begins = f"   {key:<6} {entry.title}"
            assert row.startswith(begins), row
            said = row.removeprefix(begins).strip()
            assert bool(said) == bool(text), row
            assert text.startswith(said), row
            assert text[len(said) : len(said) + 2] in ("", ", ", "; ", ": ", ". "), row


@pytest.mark.parametrize("size", [(80, 24), (60, 20), (40, 20)])
async def test_a_list_says_how_many_entries_are_beyond_its_ends(
    size: tuple[int, int], opened: Any
) -> None:
    async with opened(size=size) as person:
        count = len(person.app.entries())
        await person.press("colon")
        await person.until(lambda: isinstance(person.app.screen, Palette))
        room = size[1] - 11
        await person.sees(f" ↓ {count - room} more", part="sheet")
        assert "↑" not in person.rows("sheet")[room + 1]
        await person.press("down", "pagedown", "pagedown", "pagedown")
        above = 31 - room
        await person.sees(f" ↓ {count - 31} more   ↑ {above} more", part="sheet")
        await person.press("ctrl+u", *"compare")
        await person.sees("The kept runs", part="sheet")
        assert "more" not in person.rows("sheet")[room + 1]
