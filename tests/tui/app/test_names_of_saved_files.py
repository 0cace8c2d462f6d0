"""The name of a file to save: as it is typed, and the kind that is chosen beside it."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own to be in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("keys", "name", "what"),
    [
        ("foo", "foo.json", "session"),
        (("down", *"foo"), "foo.svg", "picture"),
        (("down", "down", "down", *"foo"), "foo.model.py", "model"),
        (("up", *"longer-than-offered"), "longer-than-offered.safetensors", "weights"),
        (("up", "up", *"run-0.5"), "run-0.5.py", "NumPy script"),
        (("up", "backspace", *"foo"), "foo.safetensors", "weights"),
        (("f", "o", "o", "up", "up", "up"), "foo.torch.py", "PyTorch script"),
        (("f", "o", "o", "up", *"bar"), "bar.safetensors", "weights"),
        (("down", *"foo.csv"), "foo.csv", "losses"),
        (("down", *"foo.csv", "up", *"bar"), "bar.svg", "picture"),
        (("down", *"foo.csv", *["backspace"] * 4), "foo.svg", "picture"),
        (("up", "end", *["backspace"] * 12, "2"), "quadratic2.safetensors", "weights"),
        ("old", "old.json", "session"),
    ],
)
async def test_a_name_that_is_typed_takes_the_place_of_the_one_offered_and_is_of_the_kind_chosen(
    keys: tuple[str, ...], name: str, what: str, folder: Path, opened: Any
) -> None:
    (folder / "old.json").write_text("old")
    async with opened() as person:
        await person.press("s", until=lambda shown: shown.step == 1)
        spelled = {".": "full_stop", "-": "minus"}
        await person.press("w", *(spelled.get(key, key) for key in keys))
        does = "replace" if name == "old.json" else "save"
        await person.sees(f" {does} the {what} ", part="asked")
        assert name.startswith(person.typed())
        assert (f" as {name} " in person.reads("asked")) == (person.typed() != name)
        await person.press("enter")
        saved = "a, b, c" if what == "weights" else f"the {what}"
        await person.sees(f"Saved as {name}: {saved}.", part="words")
        assert (folder / name).stat().st_size > 10


async def test_at_the_best_step_the_key_that_saves_it_offers_the_weights(opened: Any) -> None:
    options = "--validation 0.3 --epochs 60 --lr 0.01 --loss mae --pace max"
    async with opened("relu-net", *options.split()) as person:
        await person.press("space", until=lambda shown: shown.epoch == 60 and not shown.running)
        best, _ = person.shown.validation.least
        await person.press("j", *str(best), "enter", until=lambda shown: shown.step == best)
        await person.sees("w saves its weights", part="words")
        await person.press("w")
        await person.sees("save the weights", part="asked")
        assert person.typed() == "relu-net.safetensors"
        await person.press("escape", "s", until=lambda shown: shown.step == best + 1)
        await person.press("w")
        await person.sees("save the session", part="asked")
