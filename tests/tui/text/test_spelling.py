"""What is shown where a terminal has fewer characters than most."""

from collections.abc import Callable
from contextlib import suppress
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

import nn_core
import nn_tui
from nn_tui.__main__ import main
from nn_tui.text.spelling import to_ascii, to_console

FOLDERS = [Path(package.__file__ or "").parent for package in (nn_core, nn_tui)]
SOURCES = [path for folder in FOLDERS for path in folder.rglob("*.py")]
DRAWN_IN_PLOTS = {chr(code) for code in [*range(0x2800, 0x2900), *range(0x2580, 0x25A0)]}
HAT = "\u0302"  # stands over the letter before it
GRAPHICS = "☺☻♥♦♣♠•◘○◙♂♀♪♫☼►◄↕‼¶§▬↨↑↓→←∟↔▲▼⌂"  # of code page 437, where the codec has controls


def shown() -> set[str]:
    """Every character beyond ASCII that stands in the program."""
    texts = (path.read_text(encoding="utf-8") for path in SOURCES if path.stem != "spelling")
    return {each for text in texts for each in text if not each.isascii()}


@pytest.mark.parametrize("character", sorted(shown()))
def test_the_linux_console_has_every_character_that_is_shown(character: str) -> None:
    instead = to_console(character)
    assert len(instead) == (character != HAT)
    assert instead in GRAPHICS or instead.encode("cp437")


@pytest.mark.parametrize("character", sorted(shown() - DRAWN_IN_PLOTS))
def test_plain_characters_are_enough_for_all_that_is_shown(character: str) -> None:
    instead = to_ascii(character)
    assert instead.isascii()
    assert "?" not in instead


def test_bars_of_blocks_grow_in_plain_characters_too() -> None:
    assert to_ascii("▁▂▃▅▆▇█") == "___==##"
    assert to_ascii("Größe") == "Gr??e"


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "latin-1"])
@pytest.mark.parametrize("command", ["keys", "--help", "config"])
def test_output_in_an_encoding_that_lacks_characters_is_spelled(
    encoding: str, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows, where it goes to a file."""
    written = BytesIO()
    out = TextIOWrapper(written, encoding=encoding)
    monkeypatch.setattr("sys.stdout", out)
    with suppress(SystemExit):  # as --help ends
        main([command])
    out.flush()
    assert "nn-tui" in written.getvalue().decode(encoding)


@pytest.mark.parametrize("spell", [to_ascii, to_console])
def test_an_apostrophe_is_straight_where_there_is_no_other(spell: Callable[[str], str]) -> None:
    assert spell("it can’t be read") == "it can't be read"
